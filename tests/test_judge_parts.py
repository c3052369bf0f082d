"""Several items in one look: each reader is told of the one that concerns them, and of no other's day or stage."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from bot.judge import decision, judge, load_rules, rises, ruled, touched
from bot.messages import alert, plain
from bot.model import Block, Change, Edit, Filters, Finding, Flow, Footprint, Source, Subscription, Version
from tests.scenes import Scene
from tests.site import Site

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
RULES = load_rules()
SOURCE = Source("s", "https://s.example/", title="Tracker", jurisdiction="INT")
OLD, NEW = Version(1, "s", NOW, 1, "f"), Version(2, "s", NOW, 2, "f")
BAN = "Korea suspends transfers of personal data to China"
DECREE = "Vietnam: decree on cross-border transfer of personal data takes effect on 20 November 2026"
REPORT = "Study on transfers of personal data from the EU to the US"
KOREAN = Footprint("kr", ("KR",), (Flow("KR", "CN"),))
VIETNAMESE = Footprint("vn", ("VN",), (Flow("VN", "*"),))
EUROPEAN = Footprint("eu", ("DE",), (Flow("EU", "US"),))


def of_items(*titles: str, gone: tuple[str, ...] = ()) -> Finding:
    before = tuple(Block("item", title, key=title) for title in gone)
    after = tuple(Block("item", title, key=title) for title in titles)
    edits = (*(Edit("new", after=i) for i in range(len(after))), *(Edit("gone", before=i) for i in range(len(before))))
    change = Change(1, "s", NOW, "source", OLD, NEW, edits)
    return judge(change, before=before, after=after, edits=edits, source=SOURCE, rules=RULES, now=NOW)


@pytest.mark.parametrize("titles", [(BAN, DECREE, REPORT), (REPORT, BAN, DECREE), (DECREE, REPORT, "Vacancies", BAN)])
def test_each_reader_is_told_of_the_item_that_touches_them_whatever_stands_beside_it(titles: tuple[str, ...]) -> None:
    finding = of_items(*titles)
    assert set(finding.corridors) == {("KR", "CN"), ("VN", "*"), ("EU", "US")}
    assert touched(finding, KOREAN) == f"item “{BAN}”: your flow KR → CN"
    levels = [ruled(finding, footprint=one, today=NOW.date()) for one in (KOREAN, VIETNAMESE, EUROPEAN)]
    assert levels == [
        ("act", f"item “{BAN}”: a route is suspended"),
        ("act", f"item “{DECREE}”: in force 2026-11-20"),
        ("know", "nothing to do by a date"),
    ]
    assert rises(finding, footprint=VIETNAMESE) == date(2026, 11, 20) - timedelta(days=30)
    assert rises(finding, footprint=EUROPEAN) is None


@pytest.mark.parametrize("titles", [(BAN, DECREE, REPORT), (REPORT, BAN, DECREE)])
def test_beside_a_headline_stands_the_corridor_of_the_item_that_it_names(titles: tuple[str, ...]) -> None:
    finding = of_items(*titles)
    after = tuple(Block("item", title, key=title) for title in titles)
    edits = tuple(Edit("new", after=i) for i in range(len(after)))
    change = Change(1, "s", NOW, "source", OLD, NEW, edits)
    told = alert(change, finding, before=(), after=after, edits=edits, source=SOURCE)
    ways = {BAN: "KR → CN", DECREE: "VN → anywhere", REPORT: "EU → US"}
    (named,) = [title for title in titles if title in told.headline]
    assert f"corridor: {ways[named]} and 2 more" in plain(told)
    assert not any(way in plain(told) for title, way in ways.items() if title != named)


def test_a_filter_is_never_met_by_two_items_together() -> None:
    finding, change = of_items(BAN, REPORT), Change(1, "s", NOW, "source", OLD, NEW, ())

    def why(**filters: tuple[object, ...]) -> str:
        asked = Subscription(1, "console", "here", Filters(**filters))  # type: ignore[arg-type]
        decided = decision(asked, finding, SOURCE, change)
        return decided.why if decided.told else ""

    assert f"item “{BAN}”: you follow type suspended" in why(stages=("suspended",))
    assert why(stages=("suspended",), corridors=(("EU", "US"),)) == ""
    assert why(jurisdictions=("KR",), corridors=(("EU", "US"),)) == ""
    assert why() == "you follow everything that is relevant"


def test_what_other_items_of_a_list_say_is_not_said_of_the_only_one_that_speaks() -> None:
    finding = of_items(REPORT, "The new dog tax takes effect on 20 November 2026", "Sale of the old ferry suspended")
    assert (finding.parts, finding.dates, finding.corridors) == ((), (), (("EU", "US"),))
    assert ruled(finding, today=NOW.date())[0] == "know"


def test_an_item_that_left_its_list_is_due_no_longer_beside_one_that_came() -> None:
    finding = of_items(REPORT, gone=(DECREE,))
    assert {part.title: (part.stage, part.dates) for part in finding.parts}[DECREE] == ("", ())


def test_a_finding_stored_before_there_were_parts_is_read_as_one_that_speaks_of_one_thing() -> None:
    finding = of_items(BAN)
    stored = msgspec.to_builtins(finding)
    del stored["parts"]
    assert msgspec.convert(stored, Finding) == finding
    whole = of_items(BAN, DECREE)
    assert msgspec.json.decode(msgspec.json.encode(whole), type=Finding) == whole


def test_an_alert_names_the_item_for_whose_sake_it_came(tmp_path: Path) -> None:
    def listed(*titles: str) -> str:
        rows = (f'<li><a href="/{title[:5]}">{title}</a></li>' for title in titles)
        return f"<main><h1>News</h1><ul>{''.join(rows)}</ul></main>"

    known = ("Annual report", "Vacancies", "Board meeting")
    with Site() as site:
        scene = Scene(tmp_path, site)
        page = scene.page("/list", id="list", title="Tracker", jurisdiction="INT", type="list", topics=())
        scene.app.declare([page])
        scene.app.keep_footprint(KOREAN)
        scene.app.subscribe(Subscription(0, "console", "here", Filters(), footprint="kr"))
        site.publish("/list", listed(*known))
        scene.look()
        site.publish("/list", listed(REPORT, BAN, *known))
        scene.look()
        assert f"for you because item “{BAN}”: your flow KR → CN" in scene.told()
        scene.app.close()


def test_of_several_items_the_one_that_ends_a_route_is_named() -> None:
    titles = (
        "Guidelines on transfers of personal data to third countries",
        "Court annuls the adequacy decision for transfers of personal data to the United States",
    )
    for order in (titles, titles[::-1]):
        assert titles[1] in of_items(*order).headline
