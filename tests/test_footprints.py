"""Footprints, severity and what people say, through App: who is told, why, and why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli import main
from bot.errors import OperatorError
from bot.grammar import (
    ACT_TYPES,
    DATA,
    asked_words,
    describe,
    filters,
    footprint,
    footprint_words,
    moment,
    subscription,
)
from bot.judge import load_rules, touched
from bot.model import MECHANISMS, SEVERITIES, STAGES, Delivery, Filters, Finding, Flow, Footprint, Rhythm, Subscription
from tests.scenes import Scene, rule
from tests.site import Site

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
OURS = Footprint("us", entities=("US",), flows=(Flow("CN", "US"),))
THEIRS = Footprint("jp", entities=("JP",), flows=(Flow("JP", "KR"),))


@pytest.fixture
def told(tmp_path: Path, site: Site) -> Iterator[Scene]:
    """A Chinese rule that is amended; five subscriptions, of which two are told."""
    site.publish("/law", rule())
    scene = Scene(tmp_path / "home", site)
    app = scene.app
    app.keep_footprint(OURS)
    app.keep_footprint(THEIRS)
    app.subscribe(Subscription(0, "console", "ours", footprint="us"))
    app.subscribe(Subscription(0, "console", "theirs", footprint="jp"))
    app.subscribe(replace(subscription(("min:act",), channel="console", address="severe")))
    muted = app.subscribe(Subscription(0, "console", "muted"))
    app.mute(muted, "law")
    paused = app.subscribe(Subscription(0, "console", "paused"))
    app.pause(paused)
    app.subscribe(Subscription(0, "console", "weekly", mode="digest"))
    scene.look()
    site.publish("/law", rule("shall"))
    scene.look()
    yield scene
    app.close()


def rows(scene: Scene) -> list[Delivery]:
    return list(scene.app.store.deliveries(subject="change:2"))


def test_those_are_told_whom_it_touches_and_why_says_of_each_other_why_not(told: Scene) -> None:
    by_id = {one.id: one.address for one in told.app.subscriptions()}
    assert [by_id[row.subscription] for row in rows(told)] == ["ours"]
    assert "for you because your flow CN → US" in told.told()
    why = told.app.why(2)
    for name, reason in (
        ("theirs", "outside the footprint jp: for the digest"),
        ("severe", "severity plan (a binding word changed), less than min:act: for the digest"),
        ("muted", "law is muted here"),
        ("paused", "paused"),
        ("weekly", "mode:digest: told with others, not at once"),
    ):
        assert f"not told: console {name} " in why and f": {reason}" in why
    assert "severity: plan (a binding word changed)" in why
    assert "told: console ours: done because your flow CN → US" in why


def test_what_lies_outside_a_footprint_is_looked_up_all_the_same(told: Scene) -> None:
    assert [change.id for change, _ in told.app.latest()] == [2, 1]
    assert [hit.change for hit in told.app.search("assessment")] == [2, 1]


def test_a_severity_of_one_subscription_is_its_own(told: Scene) -> None:
    app = told.app
    finding = app.show(2)[1]
    assert finding
    one, other = app.subscriptions()[0], app.subscriptions()[2]
    app.handle(2, "severity", actor="Ann", subscription=other.id, remark="we file", value="act")
    assert app.level(finding, subscription=other) == ("act", "a person decided so: we file")
    assert app.level(finding, subscription=one) == app.level(finding) == ("plan", "a binding word changed")
    app.handle(2, "severity", actor="Ann", remark="old news", value="know")
    assert app.level(finding, subscription=one) == ("know", "a person decided so: old news")
    assert app.level(finding, subscription=other)[0] == "act"  # its own word stands, whatever is said for all
    assert f"subscription {other.id}" in app.why(2, within=None)
    list(app.rejudge(tell=True))
    assert {row.subscription for row in rows(told)} == {one.id, other.id}  # told now, by what a person decided
    assert [row.kind for row in rows(told)] == ["post", "post"]


def test_what_a_person_calls_not_relevant_is_not_told_afterwards(told: Scene) -> None:
    app = told.app
    paused = next(one for one in app.subscriptions() if one.address == "paused")
    app.resume(paused.id)
    app.handle(2, "not_relevant", actor="Ann", subscription=paused.id, remark="no entity there")
    list(app.rejudge(tell=True))
    assert paused.id not in {row.subscription for row in rows(told)}
    assert "a person said that it is not relevant" in app.why(2)


def test_an_acknowledgement_names_to_the_second_who_and_when(told: Scene) -> None:
    app = told.app
    (row,) = rows(told)
    assert [one.subject for one in app.open_items(row.subscription)] == ["change:2"]
    handled = app.handle(2, "acknowledged", actor="Ann Example", subscription=row.subscription)
    assert app.store.names([handled.acknowledged_by]) == {handled.acknowledged_by: "Ann Example"}
    assert app.open_items(row.subscription) == ()
    with pytest.raises(OperatorError, match="already acknowledged by Ann Example at 2026-11-06 08:00 UTC"):
        app.handle(2, "acknowledged", actor="Bob", subscription=row.subscription)
    other = app.subscriptions()[1].id
    assert app.handle(2, "acknowledged", actor="Bob", subscription=other).acknowledged_by  # each for itself
    undone = app.handle(2, "unacknowledged", actor="Bob", subscription=row.subscription)
    assert undone.acknowledged_by == ""


@pytest.mark.parametrize(
    ("says", "value", "words"),
    [
        ("liked", "", "cannot be said of a change"),
        ("severity", "huge", "is no severity"),
        ("assigned", " ", "to whom"),
        ("snoozed", "soon", "is no date"),
        ("snoozed", "2020-01-01", "is over already"),
        ("unacknowledged", "", "nothing to take back"),
    ],
)
def test_what_cannot_be_said_is_refused_in_a_sentence(told: Scene, says: str, value: str, words: str) -> None:
    with pytest.raises(OperatorError, match=words):
        told.app.handle(2, says, actor="Ann", value=value)
    assert told.app.store.reviews(2) == ()


def test_of_two_who_ask_for_other_types_of_act_one_is_told(
    tmp_path: Path, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    items = '<li><a href="/a">Annual report on data protection</a></li><li><a href="/b">Board meeting</a></li>'
    site.publish("/list", f"<main><ul>{items}</ul></main>")
    scene = Scene(tmp_path / "home", site)
    scene.app.declare([replace(scene.page("/list"), id="list", type="list", items="li")])
    for address, words in (("early", ["type:draft"]), ("done", ["type:final,court"])):
        scene.app.subscribe(subscription(words, channel="console", address=address))
    scene.look()
    title = "Public consultation on standard contractual clauses for transfers of personal data to third countries"
    site.publish("/list", f'<main><ul><li><a href="/c">{title}</a></li>{items}</ul></main>')
    scene.look()
    assert [scene.app.reader_name(row) for row in rows(scene)] == ["console early"]
    assert "you follow type consultation" in scene.told()
    assert "not told: console done (subscription 2): it asks for type agreement, adopted, in force" in scene.app.why(2)
    scene.app.close()
    home = ["--home", str(scene.home)]
    found = {}
    for command in (["changes", "type:consultation"], ["changes", "type:final"], ["search", "clauses", "type:draft"]):
        assert main([*home, *command]) == 0
        found[" ".join(command)] = title in capsys.readouterr().out
    assert found == {"changes type:consultation": True, "changes type:final": False, "search clauses type:draft": True}
    assert main([*home, "changes", "type:drfat"]) == 2
    assert "did you mean draft? say one of draft, final" in capsys.readouterr().err


def test_muting_a_document_mutes_the_list_that_it_follows_from(tmp_path: Path, site: Site) -> None:
    items = '<li><a href="/a">Older notice</a></li><li><a href="/b">Old notice</a></li>'
    site.publish("/list", f"<main><ul>{items}</ul></main>")
    site.publish("/doc", rule())
    scene = Scene(tmp_path / "home", site)
    listed = replace(scene.page("/list"), id="list", type="list", items="li", follow=True)
    scene.app.declare([listed])
    number = scene.subscribe()
    scene.look()
    site.publish("/list", f'<main><ul><li><a href="/doc">Export measures</a></li>{items}</ul></main>')
    scene.look()
    document = next(change for change, _ in scene.changes("new"))
    assert "~" in document.source_id
    assert scene.app.mute(number, document.source_id) == "list"
    assert scene.app.subscription(number).muted == ("list",)
    scene.app.close()


# ------------------------------------------------------------------------------------------------ the grammar


def test_a_footprint_reads_back_as_it_was_written() -> None:
    words = "entities:US,DE flows:CN-US(health,financial),EU-*,CN-JP(map) roles:controller sectors:cloud"
    made = footprint(words.split(), name="us")
    flows = (Flow("CN", "US", ("health", "financial")), Flow("EU", "*"), Flow("CN", "JP", ("map",)))
    assert made == Footprint("us", ("US", "DE"), flows, ("controller",), ("cloud",))
    assert footprint_words(made) == words


def test_the_kinds_of_data_are_those_that_the_judge_finds() -> None:
    cues = [sections.get("kinds", {}) for sections in load_rules().languages.values()]
    assert set(DATA) == {kind for kinds in cues for kind in kinds}


@pytest.mark.parametrize(
    ("words", "stages", "described"),
    [
        ("type:draft", ("proposal", "consultation", "negotiation", "prepublication"), ["type:draft"]),
        ("type:Court,In-Force", ("in_force", "court"), ["type:in_force", "type:court"]),
        ("type:final,guidance,adopted", ("agreement", "adopted", "in_force", "guidance", "faq"),
         ["type:final", "type:guidance"]),
        ("type:consultation", ("consultation",), ["type:consultation"]),
    ],
)  # fmt: skip
def test_a_type_stands_for_stages_and_is_described_as_it_was_said(
    words: str, stages: tuple[str, ...], described: list[str]
) -> None:
    assert filters([words]) == Filters(stages=stages)
    assert asked_words(Filters(stages=stages)) == described
    assert filters(described) == Filters(stages=stages)


def test_a_subscription_says_its_digest_and_its_answer() -> None:
    words = ("mode:digest", "day:Friday", "hour:7", "zone:Asia/Tokyo", "empty:no", "answer:2d", "jurisdiction:中国")
    made = subscription(words, channel="email", address="me@example.org")
    assert (made.rhythm, made.answer_within, made.mode) == (Rhythm("fri", 7, "Asia/Tokyo", False), 48, "digest")
    assert describe(made) == (
        "email me@example.org jurisdiction:CN mode:digest day:fri hour:7 zone:Asia/Tokyo empty:no answer:48h"
    )


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("3d", "2026-11-05T08:00"),
        ("12h", "2026-11-02T20:00"),
        ("2 weeks", "2026-11-16T08:00"),
        ("until 2026-12-01", "2026-12-01T00:00"),
        ("2026-12-01T09:00+01:00", "2026-12-01T08:00"),
    ],
)
def test_a_moment_is_a_span_or_a_date(text: str, when: str) -> None:
    assert moment(text, now=NOW) == datetime.fromisoformat(when).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["tomorrow", "3 moons", "", "2026-13-01", "999999w"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(OperatorError, match="say 3d, 12h or a date"):
        moment(text, now=NOW)


def filters_of(types: list[str]) -> Filters:
    return filters([f"type:{','.join(types)}"] if types else [])


@given(
    st.builds(
        Filters,
        sources=st.lists(st.from_regex(r"[a-z]{1,8}(-[a-z]{1,8})?", fullmatch=True), max_size=2).map(tuple),
        jurisdictions=st.lists(st.sampled_from(["CN", "HK", "MO", "TW", "EU", "XX"]), max_size=3).map(tuple),
        topics=st.lists(st.sampled_from(["scc", "adequacy"]), max_size=2).map(tuple),
        mechanisms=st.lists(st.sampled_from(MECHANISMS), max_size=2).map(tuple),
        corridors=st.lists(st.tuples(st.sampled_from(["CN", "EU", "*"]), st.sampled_from(["US", "*"]))).map(tuple),
        words=st.lists(st.from_regex(r"\w[\w, ]{0,8}\w", fullmatch=True), max_size=2).map(tuple),
        min=st.sampled_from(SEVERITIES),
        stages=st.lists(st.sampled_from([*ACT_TYPES, *STAGES]), max_size=3).map(lambda types: filters_of(types).stages),
    )
)
def test_filters_read_back_as_they_are_described(asked: Filters) -> None:
    assert filters(asked_words(asked)) == asked


@pytest.mark.parametrize(
    ("words", "fields", "why"),
    [
        ("entities:DE flows:DE-US", {"corridors": (("EU", "*"),), "jurisdictions": ("EU",)}, "your flow DE → US"),
        ("entities:DE", {"jurisdictions": ("EU",)}, "you are established in DE"),
        ("flows:EU-US", {"corridors": (("FR", "US"),), "jurisdictions": ("FR",)}, "your flow EU → US"),
        ("flows:GB-US", {"corridors": (("EU", "US"),), "jurisdictions": ("EU",)}, ""),
        ("flows:DE-US", {"corridors": (("FR", "US"),), "jurisdictions": ("FR",)}, ""),
        ("flows:CN-US", {"mechanisms": ("localisation",), "jurisdictions": ("CN",)}, "your flow CN → US"),
        ("flows:US-CN", {"mechanisms": ("localisation",), "jurisdictions": ("CN",)}, "your flow US → CN"),
        ("flows:US-CN", {"jurisdictions": ("CN",)}, ""),
        ("flows:*-CN", {"corridors": (("US", "CN"),), "jurisdictions": ("US",)}, "your flow * → CN"),
        ("flows:HK-US", {"corridors": (("CN", "*"),), "jurisdictions": ("CN",)}, ""),
    ],
)
def test_the_union_meets_its_members_and_a_rule_of_either_end_its_flows(
    words: str, fields: dict[str, object], why: str
) -> None:
    finding = replace(Finding(1, NOW, "r", "relevant", 200, "h"), **fields)  # type: ignore[arg-type]
    assert touched(finding, footprint(words.split(), name="x")) == why
