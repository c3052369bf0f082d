"""Look-ups over what was judged: newest first, dates ahead, changes per week, searches in pages."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import storage
from bot.model import VERDICTS, DatedQuote, Delivery, Event, Filters, Finding, Outcome, Source, Subscription
from storage import SqliteStore
from tests.test_store import LAW, NOON, OTHER, changed, day, finding, first, look

EU_US, CN_ANY, ANY_CN = ("EU", "US"), ("CN", "*"), ("*", "CN")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = storage.open(tmp_path)
    made.declare([LAW, OTHER], now=NOON)
    yield made
    made.close()


def recorded(store: SqliteStore, *opinions: Finding) -> None:
    """A Change for each Finding, a day apart, on sources of their own; Findings are about Changes 1, 2, …"""
    for number, opinion in enumerate(opinions, start=1):
        store.record([first("text", source=f"s{number}", at=day(number))])
        store.add_finding(opinion, [], text="transfer")


def numbers(store: SqliteStore, filters: Filters | None = None, **asked: object) -> list[int]:
    return [change.id for change, _ in store.recent(filters=filters, **asked)]  # type: ignore[arg-type]


def dated(kind: str, on: date) -> DatedQuote:
    return DatedQuote(kind, on, f"{kind} on {on}")


# ------------------------------------------------------------------------------------------------ recent


def test_the_newest_come_first_with_their_latest_opinion(store: SqliteStore) -> None:
    recorded(store, finding(1, verdict="uncertain"), finding(2), finding(3, verdict="not_relevant"))
    again = store.add_finding(finding(1, headline="On second thought"), [], text="transfer")
    assert [(change.id, said.headline, said.id) for change, said in store.recent()] == [
        (2, "A rule moved", 2),
        (1, "On second thought", again),
    ]
    assert numbers(store, verdicts=("relevant", "uncertain", "not_relevant")) == [3, 2, 1]
    assert numbers(store, verdicts=("not_relevant",)) == [3]


def test_history_that_is_brought_in_later_stands_where_it_happened(store: SqliteStore) -> None:
    store.record([first("new", at=day(9))])
    (old,) = store.record_past([Outcome("first", look("old", at=day(-9)), "baseline")])
    store.add_finding(finding(1), [], text="")
    store.add_finding(finding(old), [], text="")
    assert numbers(store) == [1, old]


def test_pages_follow_one_another_without_a_gap_also_in_one_moment(store: SqliteStore) -> None:
    for number in range(1, 8):
        store.record([first("text", source=f"s{number}", at=day(number // 3))])
        store.add_finding(finding(number), [], text="transfer")
    for read in (numbers, lambda store, **asked: [hit.change for hit in store.search("transfer", **asked)]):
        pages, last = [], 0
        while page := read(store, before=last, limit=3):
            pages.append(page)
            last = page[-1]
        assert pages == [[7, 6, 5], [4, 3, 2], [1]]


def test_a_period_holds_its_beginning_and_not_its_end(store: SqliteStore) -> None:
    recorded(store, finding(1), finding(2), finding(3))
    assert numbers(store, since=day(1), until=day(3)) == [2, 1]


def test_our_own_readers_changes_are_nobodys_news(store: SqliteStore) -> None:
    store.record([first("one")])
    reread = replace(look("two", at=day(1)), fingerprint="html/2")
    mine = Outcome("same", replace(reread, reread=reread.reading, reread_hash=reread.reading_hash), upgrade=())
    store.record([replace(mine, upgrade=changed("two", at=day(1)).edits)])
    (own,) = [change.id for change in store.changes(counted=False) if change.cause == "extractor"]
    store.add_finding(finding(own), [], text="")
    assert numbers(store) == [] and store.verify() == ""


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(jurisdictions=("CN",)), [1]),
        (Filters(jurisdictions=("CN", "EU")), [2, 1]),
        (Filters(topics=("cloud",)), [3, 1]),
        (Filters(mechanisms=("scc",)), [2]),
        (Filters(topics=("cloud",), mechanisms=("scc",)), []),
        (Filters(stages=("adopted",)), [1]),
        (Filters(stages=("adopted", "court"), topics=("cloud",)), [3, 1]),
        (Filters(corridors=(EU_US,)), [2]),
        (Filters(corridors=(("CN", "US"),)), [1]),  # CN -> anywhere meets it
        (Filters(corridors=(("EU", "*"),)), [3, 2]),  # from anywhere is from the EU, too
        (Filters(corridors=(("*", "US"),)), [2, 1]),
        (Filters(corridors=(("*", "CN"),)), [3, 1]),  # CN -> anywhere, and anywhere -> CN
        (Filters(corridors=(("*", "*"),)), [3, 2, 1]),
        (Filters(corridors=(("US", "EU"),)), []),
        (Filters(corridors=(("JP", "CN"), EU_US)), [3, 2]),
        (Filters(sources=("s2",)), [2]),
        (Filters(sources=("s2", "s3"), topics=("cloud",)), [3]),
        (Filters(words=("transfer",), jurisdictions=("EU",)), [2]),
        (Filters(words=("transfer", "nowhere")), []),
        (Filters(words=("?!",)), []),
        (Filters(topics=("never heard",)), []),
        (Filters(min="act", every_change=True), [3, 2, 1]),  # what depends on a reader does not apply
    ],
)  # fmt: skip
def test_filters_ask_every_look_up_the_same(store: SqliteStore, filters: Filters, found: list[int]) -> None:
    on = (dated("deadline", date(2027, 1, 1)),)
    recorded(
        store,
        finding(1, jurisdictions=("CN",), topics=("cloud", "ai"), corridors=(CN_ANY,), dates=on, stage="adopted"),
        finding(2, jurisdictions=("EU",), mechanisms=("scc", "bcr"), corridors=(EU_US,), dates=on),
        finding(3, topics=("cloud",), corridors=(ANY_CN,), dates=on, stage="court"),
    )
    assert numbers(store, filters) == found
    assert [one.change for one in store.ahead(since=NOON.date(), filters=filters)] == sorted(found)
    assert [hit.change for hit in store.search("transfer", filters=filters)] == found


def test_a_source_stands_for_what_is_derived_from_it(store: SqliteStore) -> None:
    child = Source("law~1", "https://a.example/1", parent="law", item_key="k1")
    store.record([replace(first("list"), follow=(child,))])
    store.record([Outcome("first", look("document", source="law~1", at=day(1)), "new"), first("x", source="other")])
    for change in (1, 2, 3):
        store.add_finding(finding(change), [], text="")
    assert numbers(store, Filters(sources=("law",))) == [2, 1]
    assert numbers(store, Filters(sources=("law~1",))) == [2]


def test_what_an_earlier_opinion_stated_finds_nothing_any_more(store: SqliteStore) -> None:
    thought = finding(1, topics=("cloud",), corridors=(EU_US,), dates=(dated("deadline", date(2027, 1, 1)),))
    recorded(store, thought)
    store.add_finding(finding(1, topics=("ai",), dates=(dated("effective", date(2028, 1, 1)),)), [], text="transfer")
    assert numbers(store, Filters(topics=("cloud",))) == numbers(store, Filters(corridors=(("*", "*"),))) == []
    assert numbers(store, Filters(topics=("ai",))) == [1]
    assert [one.dated.date.year for one in store.ahead(since=NOON.date())] == [2028]
    rows = store._db.here.execute("SELECT (SELECT count(*) FROM facet), (SELECT count(*) FROM judged)").fetchone()
    assert rows == (2, 1)  # a topic, and that there is a deadline


def test_look_ups_find_what_reading_every_finding_would_find(store: SqliteStore) -> None:
    """Eighty Changes with all that a Finding may state, half of them judged again, against sixty questions."""
    chance = random.Random(20)
    store.record([first("text", source=f"s{n}", at=day(chance.randrange(40))) for n in range(1, 81)])
    opinions = {}
    for number in (*range(1, 81), *range(1, 81, 2)):
        opinions[number] = finding(number, verdict=chance.choice(VERDICTS), **stated(chance))
        store.add_finding(opinions[number], [], text="transfer")
    places = {change.id: (change.at, change.id) for change in store.changes(limit=100)}
    newest_first = sorted(opinions, key=places.__getitem__, reverse=True)
    for _ in range(60):
        sources = tuple(f"s{number}" for number in chance.sample(range(1, 81), 30)) if chance.random() < 0.3 else ()
        asked = {name: kept for name, kept in stated(chance).items() if chance.random() < 0.5}
        filters = Filters(sources=sources, **asked)
        found = [number for number in newest_first if meets(filters, opinions[number])]
        assert [hit.change for hit in store.search("transfer", filters=filters, limit=100)] == found
        told = [number for number in found if opinions[number].verdict != "not_relevant"]
        assert numbers(store, filters, limit=100) == told
        middle = newest_first[40]
        after = [number for number in told if places[number] < places[middle]]
        assert numbers(store, filters, before=middle, limit=5) == after[:5]


def stated(chance: random.Random) -> dict[str, Any]:
    some = lambda *values: tuple(chance.sample(values, chance.randrange(3)))  # noqa: E731
    ends = ("CN", "EU", "US", "*")
    return {
        "jurisdictions": some("CN", "EU", "US"),
        "topics": some("cloud", "ai", "scc"),
        "mechanisms": some("scc", "bcr", "consent"),
        "corridors": tuple((chance.choice(ends), chance.choice(ends)) for _ in range(chance.randrange(3))),
    }


def meets(filters: Filters, opinion: Finding) -> bool:
    """What is asked for, said as plainly as possible."""
    if filters.sources and f"s{opinion.change}" not in filters.sources:
        return False
    for name in ("jurisdictions", "topics", "mechanisms"):
        asked = getattr(filters, name)
        if asked and not set(asked) & set(getattr(opinion, name)):
            return False
    ways = [(a, b) for a in filters.corridors for b in opinion.corridors]
    alike = (all(x == y or "*" in (x, y) for x, y in zip(a, b, strict=True)) for a, b in ways)
    return not filters.corridors or any(alike)


# ------------------------------------------------------------------------------------------------ dates ahead


def test_dates_come_soonest_first_and_say_what_a_reader_needs(store: SqliteStore) -> None:
    late, soon = dated("effective", date(2027, 6, 1)), dated("deadline", date(2026, 4, 1))
    store.record([first("one")])
    opinion = finding(1, headline="Measures", dates=(late, soon), jurisdictions=("CN",), corridors=(CN_ANY,))
    store.add_finding(opinion, [], text="", event=Event(0, NOON, "Measures"))
    found = store.ahead(since=NOON.date())
    assert [one.dated for one in found] == [soon, late]
    one = found[0]
    assert (one.change, one.source_id, one.seen, one.headline, one.verdict) == (1, "law", NOON, "Measures", "relevant")
    assert (one.jurisdictions, one.corridors, one.event) == (("CN",), (CN_ANY,), 1)


def test_of_one_act_a_kind_of_date_counts_as_it_was_stated_last(store: SqliteStore) -> None:
    soon, far, start = date(2026, 4, 1), date(2027, 4, 1), date(2026, 6, 1)
    told = [
        finding(1, dates=(dated("deadline", soon), dated("effective", start))),
        finding(2, dates=(dated("deadline", far),)),  # put off until after the days that are asked for
        finding(3, dates=(dated("effective", soon),), verdict="not_relevant"),
        finding(4, dates=(dated("deadline", soon),)),  # another act
    ]
    recorded(store, *told)
    act = Event(0, NOON, "Measures")
    for opinion in told[:3]:
        store.add_finding(opinion, [], text="", event=act)
        act = store.event_of(1) or act
        act = replace(act, changes=(*act.changes, opinion.change + 1))
    near = store.ahead(since=NOON.date(), until=date(2026, 12, 31))
    assert [(one.change, one.dated.kind, one.dated.date) for one in near] == [
        (4, "deadline", soon), (1, "effective", start),
    ]  # fmt: skip


def test_both_ends_of_the_days_asked_for_count(store: SqliteStore) -> None:
    days = [date(2026, 4, number) for number in (1, 2, 3, 4)]
    recorded(store, finding(1, dates=tuple(dated("deadline", one) for one in days)))
    found = store.ahead(since=days[1], until=days[2])
    assert [one.dated.date for one in found] == days[1:3]
    assert [one.dated.date for one in store.ahead(since=days[0], limit=1)] == days[:1]


def test_only_what_lies_ahead_for_a_reader_is_a_date_ahead(store: SqliteStore) -> None:
    on = date(2027, 1, 1)
    recorded(
        store,
        finding(1, verdict="not_relevant", dates=(dated("deadline", on),)),
        finding(2, verdict="uncertain", dates=(dated("deadline", on),)),
        finding(3, dates=(dated("published", on),)),
    )
    (old,) = store.record_past([Outcome("first", look("old", at=day(-9), source="s9"), "baseline")])
    store.add_finding(finding(old, dates=(dated("deadline", on),)), [], text="")
    assert [one.change for one in store.ahead(since=NOON.date())] == [2]


# ------------------------------------------------------------------------------------------------ per week


def test_weeks_begin_on_monday_and_count_relevant_news_for_each_jurisdiction(store: SqliteStore) -> None:
    sunday = datetime(2026, 3, 8, 23, 59, tzinfo=UTC)
    store.record([first("one", at=sunday - timedelta(days=3))])
    for text, at in (("two", sunday), ("three", sunday + timedelta(minutes=2)), ("four", sunday + timedelta(days=2))):
        store.record([changed(text, at=at)])
    store.add_finding(finding(1, jurisdictions=("CN",)), [], text="")  # a baseline is no news
    store.add_finding(finding(2, jurisdictions=("CN", "HK")), [], text="")
    store.add_finding(finding(3, jurisdictions=("CN",)), [], text="")
    store.add_finding(finding(4, jurisdictions=("CN",), verdict="uncertain"), [], text="")
    found = store.weekly(since=NOON, until=day(30))
    assert found == {"CN": {date(2026, 3, 2): 1, date(2026, 3, 9): 1}, "HK": {date(2026, 3, 2): 1}}
    assert store.weekly(since=NOON, until=sunday) == {}


# ------------------------------------------------------------------------------------------------ searching at scale


def test_a_common_word_a_rare_one_and_a_narrow_filter_are_found_alike(store: SqliteStore) -> None:
    """More Changes than a search looks through first, so that both of its ways are taken."""
    many = 120
    store.record([first("text", source=f"s{n}", at=day(-n)) for n in range(1, many + 1)])
    for number in range(1, many + 1):
        topic = ("rare",) if number in (3, 118) else ()
        text = "everywhere" + (" seldom" if number in (50, 119) else "")
        store.add_finding(finding(number, topics=topic), [], text=text)
    found = {words: [hit.change for hit in store.search(words, limit=2)] for words in ("everywhere", "seldom", "never")}
    assert found == {"everywhere": [1, 2], "seldom": [50, 119], "never": []}
    assert [hit.change for hit in store.search("everywhere", filters=Filters(topics=("rare",)), limit=2)] == [3, 118]
    assert [hit.change for hit in store.search("seldom", before=50, limit=2)] == [119]
    names = ("s120", "s1")
    oldest, newest = (steps(store, lambda n=n: store.recent(filters=Filters(sources=(n,)), limit=1)) for n in names)
    assert oldest < newest + 5, "a quiet source is not sought among all that was judged since"


def test_other_endings_of_a_common_word_stand_where_they_belong_among_its_own(store: SqliteStore) -> None:
    words = {1: "transfers", 2: "transfer", 3: "nothing", 4: "TRANSFERRED", 5: "transfer", 6: "transfèr", 7: "transfer"}
    store.record([first("text", source=f"s{n}", at=day(-n)) for n in words])
    for number, text in words.items():
        store.add_finding(finding(number), [], text=f"the {text} of data")
    assert [hit.change for hit in store.search("transfer", limit=3)] == [1, 2, 4]
    assert [hit.change for hit in store.search("transfer data", limit=9)] == [1, 2, 4, 5, 6, 7]
    assert [hit.change for hit in store.search("transf dat", limit=2)] == [1, 2]
    assert [hit.change for hit in store.search("transfer", before=2, limit=2)] == [4, 5]


def test_a_word_among_dates_is_sought_once_not_for_every_date(store: SqliteStore) -> None:
    dates = tuple(dated("effective", date(2026, 5, n)) for n in range(1, 9))
    recorded(store, *(finding(number, dates=dates) for number in range(1, 61)))
    store._db.here.execute("ANALYZE")  # whoever did so must not wait for it: SQLite plans otherwise then
    plain = steps(store, lambda: dates_of(store, Filters()))
    assert steps(store, lambda: dates_of(store, Filters(words=("transfer",)))) < 2 * plain


def dates_of(store: SqliteStore, filters: Filters) -> None:
    assert len(store.ahead(since=date(2026, 5, 1), filters=filters, limit=1_000)) == 480


def steps(store: SqliteStore, ask: Callable[[], object]) -> int:
    """How much SQLite had to do for an answer, in tens of its steps."""
    counted: list[None] = []
    store._db.here.set_progress_handler(lambda: counted.append(None), 10)
    ask()
    store._db.here.set_progress_handler(None, 0)
    return len(counted)


# ------------------------------------------------------------------------------------------------ several at once


def test_several_findings_are_one_transaction_and_come_to_what_one_by_one_comes_to(store: SqliteStore) -> None:
    store.record([first("one"), first("two", source="other")])
    reader = store.subscribe(Subscription(0, "console", "here"), now=NOON)
    told = [Delivery(reader, "post", f"change:{number}") for number in (1, 2)]
    nobody = Delivery(77, "post", "change:2")
    with pytest.raises(Exception, match="FOREIGN KEY"):
        store.add_findings([(finding(1), [told[0]], "one", None), (finding(2), [nobody], "two", None)])
    assert (store.findings([1, 2]), store.outbox(), store.search("one"), numbers(store)) == ({}, (), (), [])
    act = Event(0, NOON, "Act")
    both = store.add_findings([(finding(1), [told[0]], "one", act), (finding(2), [told[1]], "two", None)])
    assert {number: said.id for number, said in store.findings([1, 2]).items()} == dict(zip((1, 2), both, strict=True))
    assert [row.subject for row in store.outbox()] == ["change:1", "change:2"]
    assert [hit.change for hit in store.search("two")] == [2]
    assert store.event_of(1) is not None and store.event_of(2) is None
    assert store.unjudged(now=day(9), wait=timedelta(0), tries=3) == () and store.verify() == ""
    assert store.add_findings([]) == ()
