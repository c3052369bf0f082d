"""Severity and footprint: a printed rule each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.judge import decision, rises, ruled, severity, touched, wanted
from bot.model import Change, DatedQuote, Edit, Filters, Finding, Flow, Footprint, Force, Source, Subscription

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
FINDING = Finding(
    1, NOW, "r", "relevant", 200, "h", jurisdictions=("CN",), corridors=(("CN", "*"),), data=("personal",)
)
OURS = Footprint("us", entities=("US",), flows=(Flow("CN", "US"),), roles=("controller",), sectors=("cloud",))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "your flow CN → US"),
        ({"corridors": (("CN", "US"),), "bound": ("controller",)}, "your flow CN → US, as controller"),
        ({"corridors": (("CN", "HK"),)}, ""),
        ({"corridors": (("EU", "*"),), "jurisdictions": ("EU",)}, ""),
        ({"corridors": (), "jurisdictions": ("US",), "mechanisms": ("government_access",)}, "your flow CN → US"),
        ({"corridors": (), "jurisdictions": ("US",)}, "you are established in US"),
        ({"corridors": (("TW", "*"),), "jurisdictions": ("TW",)}, ""),
        ({"sectors": ("automotive",)}, ""),
        ({"sectors": ("automotive", "cloud")}, "your flow CN → US"),
    ],
)
def test_a_finding_touches_a_footprint_by_its_corridor_or_by_its_place_and_says_how(
    fields: dict[str, tuple[object, ...]], why: str
) -> None:
    assert touched(replace(FINDING, **fields), OURS) == why  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stated", "moved", "why"),
    [
        (("personal",), ("map", "vehicle"), ""),
        (("health",), ("financial",), ""),
        (("vehicle",), ("map", "vehicle"), "your flow CN → US (map, vehicle)"),
        (("personal",), ("health",), "your flow CN → US (health)"),  # health data are personal data
        (("health",), ("personal",), "your flow CN → US (personal)"),
        (("sensitive",), ("biometric",), "your flow CN → US (biometric)"),
        ((), ("map",), "your flow CN → US (map)"),  # the text names no kind
    ],
)
def test_a_flow_of_other_kinds_of_data_is_not_touched(
    stated: tuple[str, ...], moved: tuple[str, ...], why: str
) -> None:
    assert touched(replace(FINDING, data=stated), Footprint(flows=(Flow("CN", "US", moved),))) == why


def test_whoever_asks_for_a_type_is_told_of_those_stages_alone() -> None:
    change = Change(1, "s", NOW, "source", None, None, (Edit("insert", after=0),))
    source = Source("s", "https://s.example/")
    asked = Subscription(1, "console", "", Filters(stages=("consultation", "in_force")))
    assert wanted(asked, replace(FINDING, stage="in_force"), source, change) == "you follow type in force"
    for stage in ("guidance", ""):
        refused = decision(asked, replace(FINDING, stage=stage), source, change)
        assert not refused.told and refused.why.startswith("it asks for type consultation, in force")


def test_the_four_chinese_jurisdictions_are_not_one() -> None:
    for place in ("HK", "MO", "TW"):
        assert touched(FINDING, Footprint(flows=(Flow(place, "US"),))) == ""


def test_a_finding_outside_the_footprint_is_for_the_digest_only() -> None:
    change = Change(1, "s", NOW, "source", None, None, (Edit("insert", after=0),))
    asked, source = Subscription(1, "console", ""), Source("s", "https://s.example/")
    assert wanted(asked, FINDING, source, change, footprint=OURS) == "your flow CN → US"
    assert wanted(asked, FINDING, source, change, footprint=Footprint(flows=(Flow("JP", "US"),))) == ""


@pytest.mark.parametrize(
    ("fields", "level", "why"),
    [
        ({"dates": (DatedQuote("effective", TODAY + timedelta(days=30), "q"),)}, "act", "in force 2026-12-22"),
        ({"dates": (DatedQuote("effective", TODAY + timedelta(days=31), "q"),)}, "plan", "in force 2026-12-23"),
        ({"dates": (DatedQuote("deadline", TODAY - timedelta(days=1), "q"),)}, "know", "nothing to do by a date"),
        ({"stage": "suspended"}, "act", "a route is suspended"),
        ({"stage": "suspended", "verdict": "uncertain"}, "know", "nothing to do by a date"),
        ({"stage": "consultation"}, "plan", "stage: consultation"),
        ({"force": (Force("modality", "may", "shall"),)}, "plan", "a binding word changed"),
        ({"stage": "adopted", "verdict": "not_relevant"}, "know", "not relevant"),
        ({"stage": "annulled", "corridors": (("JP", "*"),), "jurisdictions": ("JP",)}, "know", "outside the footprint"),
    ],
)
def test_severity_names_the_part_of_its_rule_that_gave_it(fields: dict[str, object], level: str, why: str) -> None:
    assert ruled(replace(FINDING, **fields), footprint=OURS, today=TODAY) == (level, why)  # type: ignore[arg-type]


def test_what_a_person_decided_stands() -> None:
    assert severity(FINDING, today=TODAY, override="act") == "act"


def test_a_date_ahead_says_on_which_day_it_is_to_be_acted_on() -> None:
    later = replace(FINDING, dates=(DatedQuote("effective", date(2027, 6, 1), "q"),))
    assert rises(later) == date(2027, 5, 2)
    assert severity(later, today=date(2027, 5, 1)) == "plan"
    assert severity(later, today=date(2027, 5, 2)) == "act"
    assert rises(replace(later, verdict="uncertain")) is None
