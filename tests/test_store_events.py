"""Events: Changes from several sources that speak of one act, and what people merge and split."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

import storage
from bot.errors import OperatorError
from bot.model import Event
from storage import SqliteStore
from tests.test_store import NOON, day, finding, first

GDPR, DORA = "celex:32016R0679", "celex:32022R2554"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """Four Changes that nobody has judged."""
    made = storage.open(tmp_path)
    made.record([first("text", source=f"s{n}", at=day(n)) for n in range(1, 5)])
    yield made
    made.close()


def judged(store: SqliteStore, change: int, *acts: str, event: Event | None = None) -> int:
    """The number of the Event that a Change belongs to once it is judged; 0: none."""
    store.add_finding(finding(change, headline=f"Change {change}", acts=acts), [], text="", event=event)
    joined = store.event_of(change)
    return joined.id if joined else 0


def opened(store: SqliteStore, change: int, *acts: str) -> int:
    return judged(store, change, *acts, event=Event(0, NOON, f"Act of {change}", acts))


def events(store: SqliteStore, *numbers: int) -> list[tuple[tuple[str, ...], tuple[int, ...]] | None]:
    found = [store.event(number) for number in numbers]
    return [(one.acts, one.changes) if one else None for one in found]


def test_a_change_opens_an_event_and_others_join_it_in_their_order(store: SqliteStore) -> None:
    number = opened(store, 3, GDPR)
    assert judged(store, 1, DORA, event=Event(number, NOON, "Act of 3", (GDPR, DORA))) == number
    assert judged(store, 2, event=store.event(number)) == number
    assert store.event(number) == Event(number, NOON, "Act of 3", (GDPR, DORA), (3, 1, 2))
    assert store.event_of(1) == store.event(number)


def test_judging_again_without_an_event_leaves_the_change_where_it_was(store: SqliteStore) -> None:
    number = opened(store, 1, GDPR)
    assert judged(store, 1) == number
    assert judged(store, 1, event=store.event(number)) == number
    assert events(store, number) == [((GDPR,), (1,))]


def test_a_change_belongs_to_one_event_and_an_event_without_changes_is_no_more(store: SqliteStore) -> None:
    one, other = opened(store, 1, GDPR), opened(store, 2, DORA)
    judged(store, 3, event=store.event(one))
    assert judged(store, 1, event=store.event(other)) == other
    assert events(store, one, other) == [((GDPR,), (3,)), ((DORA,), (2, 1))]
    judged(store, 3, event=store.event(other))
    assert events(store, one, other) == [None, ((DORA,), (2, 1, 3))]
    assert store.events_of([GDPR]) == ()


def test_events_are_found_by_the_acts_they_speak_of(store: SqliteStore) -> None:
    one, other = opened(store, 1, GDPR), opened(store, 2, GDPR, DORA)
    assert [event.id for event in store.events_of([DORA])] == [other]
    assert [event.id for event in store.events_of([GDPR, DORA])] == [one, other]
    assert store.events_of(["fr:1"]) == store.events_of([]) == ()


def test_what_was_never_there_is_none(store: SqliteStore) -> None:
    assert store.event(7) is None and store.event_of(1) is None


def test_merging_moves_every_change_and_act_and_the_first_is_no_more(store: SqliteStore) -> None:
    one, other = opened(store, 1, GDPR), opened(store, 2, GDPR, DORA)
    judged(store, 3, event=store.event(one))
    store.merge(one, into=other, now=day(9))
    assert events(store, one, other) == [None, ((GDPR, DORA), (2, 1, 3))]
    assert [event.id for event in store.events_of([GDPR])] == [other]


def test_who_still_means_a_merged_event_joins_what_it_became(store: SqliteStore) -> None:
    one, other, third = opened(store, 1, GDPR), opened(store, 2, DORA), opened(store, 3)
    before = store.event(one)
    store.merge(one, into=other, now=day(9))
    store.merge(other, into=third, now=day(9))
    assert judged(store, 4, event=before) == third
    final = store.event(third)
    assert final is not None and (final.title, final.changes) == ("Act of 3", (3, 2, 1, 4))


@pytest.mark.parametrize(("event", "into"), [(1, 1), (1, 9), (9, 1)])
def test_what_cannot_be_merged_is_refused_and_nothing_moves(store: SqliteStore, event: int, into: int) -> None:
    opened(store, 1, GDPR)
    with pytest.raises(OperatorError):
        store.merge(event, into=into, now=day(9))
    assert events(store, 1) == [((GDPR,), (1,))] and store.verify() == ""


def test_a_change_that_is_split_off_takes_along_the_acts_that_it_alone_speaks_of(store: SqliteStore) -> None:
    number = opened(store, 1, GDPR)
    judged(store, 2, GDPR, DORA, event=Event(number, NOON, "Act of 1", (GDPR, DORA)))
    fresh = store.split(2, now=day(9))
    assert events(store, number, fresh) == [((GDPR,), (1,)), ((DORA,), (2,))]
    made = store.event(fresh)
    assert made is not None and (made.title, made.at) == ("Change 2", day(9))


def test_a_change_without_an_event_gets_one_and_one_that_is_alone_keeps_its_own(store: SqliteStore) -> None:
    judged(store, 1, GDPR)
    fresh = store.split(1, now=day(9))
    assert events(store, fresh) == [((GDPR,), (1,))]
    assert store.split(1, now=day(9)) == fresh


def test_a_change_that_nobody_judged_cannot_be_split_off(store: SqliteStore) -> None:
    with pytest.raises(OperatorError, match="no change 4"):
        store.split(4, now=day(9))


def test_what_people_did_to_events_stands_in_the_ledger(store: SqliteStore, tmp_path: Path) -> None:
    one, other = opened(store, 1, GDPR), opened(store, 2, DORA)
    store.merge(one, into=other, now=day(9))
    store.split(1, now=day(9))
    assert store.verify() == ""
    db = sqlite3.connect(tmp_path / "regwatch.db")
    with db:
        db.execute("UPDATE event_step SET change = 2 WHERE change = 1")
    assert "event 2 is not what was recorded" in store.verify()
    with db:
        db.execute("UPDATE event_step SET change = 1 WHERE change = 2")
        db.execute("INSERT INTO event_step SELECT 3, at, event, into_event, change FROM event_step WHERE id = 1")
    db.close()
    assert "event 3 is missing" in store.verify()
