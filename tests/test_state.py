"""The state of play in a jurisdiction, dates ahead, and the foot of every answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.errors import OperatorError
from bot.jurisdictions import code_of, name_of, today_in
from bot.model import Filters, Flow, Footprint, Source, Subscription
from tests.scenes import Scene, rule
from tests.site import Site

SOON = "<h2>Article 9</h2><p>The standard contract for transfers of personal data abroad is in force from {day}.</p>"


@pytest.mark.parametrize(
    ("text", "code"),
    [("china", "CN"), ("CN", "CN"), ("mainland  China", "CN"), ("中国", "CN"), ("中國", "CN"), ("Hong Kong", "HK"),
     ("hong-kong sar", "HK"), ("Macau", "MO"), ("臺灣", "TW"), ("viet nam", "VN"), ("u.s.", "US"), ("uk", "GB"),
     ("Turkiye", "TR"), ("대한민국", "KR")],
)  # fmt: skip
def test_a_jurisdiction_is_known_by_its_names_and_its_code(text: str, code: str) -> None:
    assert code_of(text) == code


def test_the_four_chinese_jurisdictions_have_names_of_their_own() -> None:
    assert [name_of(code) for code in ("CN", "HK", "MO", "TW")] == [
        "mainland China", "Hong Kong SAR", "Macao SAR", "Taiwan",
    ]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), [("Chnia", "did you mean mainland China"), ("Atlantis", "say a name or")])
def test_a_name_that_nobody_bears_is_refused_with_the_nearest(text: str, words: str) -> None:
    with pytest.raises(OperatorError, match=words):
        code_of(text)


def test_a_day_ends_where_the_authority_is() -> None:
    evening = datetime(2026, 11, 2, 18, tzinfo=UTC)
    assert today_in("CN", now=evening) == date(2026, 11, 3)
    assert today_in("US", now=evening) == date(2026, 11, 2)
    assert today_in("US", now=evening, zone="Asia/Tokyo") == date(2026, 11, 3)
    assert today_in("XX", now=evening) == date(2026, 11, 2)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A Chinese law that is amended, a list there that cannot be read, and one that is off; a law of the EU."""
    with Site() as site:
        yield from played(tmp_path_factory.mktemp("state"), site)


@pytest.fixture
def china(world: Scene) -> Iterator[Scene]:
    """The world, which the scenes only look at; whoever turns its clock finds it turned back."""
    now = world.now
    yield world
    world.now = now


def played(folder: Path, site: Site) -> Iterator[Scene]:
    site.publish("/law", rule(more=SOON.format(day="1 December 2026")))
    site.publish("/eu", rule(more=SOON.format(day="1 January 2030")))
    scene = Scene(folder / "home", site)
    law = scene.page()
    made: list[Source] = [
        law,
        replace(law, id="lost", url=site.url("/lost"), title="Notices", type="list", must_watch=True),
        replace(law, id="off", url=site.url("/off"), title="Gazette", enabled=False, off_reason="js"),
        replace(law, id="eu", url=site.url("/eu"), title="Union law", jurisdiction="EU"),
    ]
    scene.app.close()
    scene.sources = tuple(made)
    scene.app = scene.open()
    scene.look()
    site.publish("/law", rule("shall", more=SOON.format(day="1 December 2026")))
    scene.look()
    yield scene
    scene.app.close()


def test_what_follows_from_a_list_has_the_clock_of_its_list(china: Scene) -> None:
    china.now = datetime(2026, 11, 9, 18, tzinfo=UTC)
    days = [china.app.today_at(name).day for name in ("law", "law~1f", "law~1f~2", "nobody")]
    assert days == [10, 10, 10, 9]


def test_the_state_of_play_names_what_is_watched_what_comes_and_what_we_cannot_see(china: Scene) -> None:
    state = china.app.state("China")
    assert (state.jurisdiction, state.name) == ("CN", "mainland China")
    law, notices = state.instruments
    amended = max(change.id for change, _ in china.changes("source"))
    assert (law.source_id, law.change) == ("law", amended)
    assert law.version_at and law.version_at.date() == china.now.date()
    assert (notices.source_id, notices.change, notices.last_good) == ("lost", 0, None)
    assert [change.id for change, _ in state.recent] == [amended]  # what was there already is no news
    assert [one.dated.date for one in state.ahead] == [date(2026, 12, 1)]
    assert state.blind == (
        "Notices (lost) could not be read: the server says the page does not exist, since 2026-11-04 08:00 UTC.",
        "Gazette (off) is not looked at: its text is filled in by scripts.",
        "mainland China is not clear: a source that must be watched could not be read.",
    )
    assert state.sentence.startswith("1 change seen in the 1 of 2 sources we could read between")
    assert "not clear: CN" in state.sentence


def test_a_jurisdiction_without_a_source_is_never_clear(china: Scene) -> None:
    state = china.app.state("Brazil")
    assert state.instruments == () and state.recent == ()
    assert state.blind == ("No source is declared for Brazil: what happens there is not seen.",)
    assert state.sentence == "no source is declared for Brazil: nothing can be said of it."


def test_dates_ahead_go_by_days_filters_and_footprint(china: Scene) -> None:
    app = china.app
    assert [one.dated.date for one in app.upcoming()] == [date(2026, 12, 1)]
    assert [one.dated.date.year for one in app.upcoming(days=2000)] == [2026, 2030]
    assert app.upcoming(filters=Filters(jurisdictions=("EU",))) == []
    app.keep_footprint(Footprint("eu", ("EU",), (Flow("EU", "US"),)))
    assert [one.source_id for one in app.upcoming(footprint="eu", days=2000)] == ["eu"]
    asked = app.upcoming(filters=Filters(min="act"), days=2000)
    assert [one.dated.date.year for one in asked] == [2026]  # the other is far
    (far,) = [one for one in app.upcoming(days=2000) if one.dated.date.year == 2030]
    app.handle(far.change, "severity", actor="Jo", value="act", remark="we build for it")
    assert app.upcoming(filters=Filters(min="act"), days=2000) == app.upcoming(days=2000)
    assert "“The standard contract for transfers" in f"“{app.upcoming()[0].dated.quote}”"


def test_a_date_is_ahead_to_the_end_of_its_day_where_the_authority_is(china: Scene) -> None:
    china.now = datetime(2026, 12, 1, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    assert [china.app.days_left(one) for one in china.app.upcoming()] == [0]
    china.now = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
    assert china.app.upcoming() == []


def test_the_foot_of_an_answer_speaks_of_the_sources_concerned(china: Scene) -> None:
    app = china.app
    assert app.as_of(source_ids=["law"]) == "as of 2026-11-06 08:00 UTC, 1 of 1 sources could be read."
    assert app.as_of(jurisdictions=["EU"]) == "as of 2026-11-06 08:00 UTC, 1 of 1 sources could be read."
    everywhere = app.as_of()
    assert "2 of 3 sources could be read" in everywhere and "not read: lost (" in everywhere
    assert "off: off (js)" in everywhere


def test_what_a_subscription_mutes_and_pauses_stands_in_its_answers(china: Scene) -> None:
    app = china.app
    number = app.subscribe(Subscription(0, "console", "here"))
    assert "muted" not in app.as_of(subscription=app.subscription(number))
    app.mute(number, "law")
    app.pause(number)
    said = app.as_of(source_ids=["law"], subscription=app.subscription(number))
    assert said.endswith("; muted here: law; paused here: until resumed.")
    app.pause(number, until=datetime(2026, 12, 1, tzinfo=UTC))
    assert "paused here: until 2026-12-01 00:00 UTC" in app.coverage_sentence(subscription=app.subscription(number))
    app.unsubscribe(number)


def test_look_ups_page_on_where_the_last_answer_ended(china: Scene) -> None:
    app = china.app
    everything = [change.id for change, _ in app.latest()]
    paged, before = [], 0
    while page := app.latest(before=before, limit=1):
        paged.append(page[0][0].id)
        before = page[0][0].id
    assert paged == everything and len(everything) == 3
    assert [hit.change for hit in app.search("assessment", before=everything[0])] == everything[1:]
    severe = app.latest(filters=Filters(min="act"), limit=1)
    assert [app.level(finding)[0] for _, finding in severe] == ["act"]


def test_how_far_a_text_binds_follows_from_its_stage_and_its_class(china: Scene) -> None:
    _, finding = china.app.show(1)
    source = china.sources[0]
    assert finding
    for stage, word in (("consultation", "draft"), ("guidance", "guidance"), ("in_force", "binding rule"), ("", "")):
        assert china.app.binding(replace(finding, stage=stage), source) == word
    assert china.app.binding(finding, replace(source, class_="vendor")) == "operator notice, not a rule"
    assert china.app.binding(finding, replace(source, class_="tracker")) == "unofficial"
