"""What people said, what is still open for them, and what they are permitted: per subscription."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

import storage
from bot.model import (
    Delivery,
    Digest,
    Filters,
    Flow,
    Footprint,
    Handling,
    Review,
    Rhythm,
    Subscription,
    Ticket,
)
from storage import SqliteStore
from tests.test_store import NOON, day, finding, first


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """Three judged Changes, and two subscriptions that were told of each."""
    made = storage.open(tmp_path)
    made.record([first("text", source=f"s{n}", at=day(n)) for n in range(1, 4)])
    readers = [made.subscribe(Subscription(0, "console", name), now=NOON) for name in ("one", "two")]
    for change in (1, 2, 3):
        promised = [Delivery(reader, "post", f"change:{change}") for reader in readers]
        made.add_finding(finding(change), promised, text="")
    for row in made.outbox():
        made.claim(row, b"text", now=NOON)
        made.settle(row, "done", now=NOON)
    yield made
    made.close()


def say(store: SqliteStore, says: str, *, change: int = 1, subscription: int = 1, **rest: Any) -> None:
    rest = {"actor": "ann", "at": NOON, **rest}
    store.add_review(Review(change=change, says=says, subscription=subscription, **rest))


def open_for(store: SqliteStore, subscription: int, *, now: Any = NOON, limit: int = 50) -> list[str]:
    return [one.subject for one in store.open_items(subscription, now=now, limit=limit)]


# ------------------------------------------------------------------------------------------------ handling


def test_handling_is_the_sum_of_what_was_said_and_the_last_word_counts(store: SqliteStore) -> None:
    ann, bo = store.actor("ann"), store.actor("bo")
    say(store, "acknowledged")
    say(store, "unacknowledged")
    say(store, "acknowledged", actor="bo", at=day(1))
    say(store, "assigned", value="ann")
    say(store, "snoozed", value=day(3).isoformat())
    say(store, "severity", value="act", remark="We move data there.")
    assert store.handling(1) == {
        1: Handling(1, 1, bo, day(1), ann, day(3), False, "act", "We move data there."),
    }


def test_one_subscription_speaks_for_itself_alone_and_what_is_said_for_all_counts_for_each(store: SqliteStore) -> None:
    say(store, "not_relevant", subscription=1, remark="Not our sector.")
    say(store, "severity", subscription=0, value="plan")
    found = store.handling(1)
    assert {number: (one.not_relevant, one.severity) for number, one in found.items()} == {
        0: (False, "plan"),
        1: (True, "plan"),
    }
    say(store, "relevant", subscription=1)
    assert not store.handling(1)[1].not_relevant
    assert store.handling(2) == {}


def test_a_word_of_its_own_outlasts_a_later_word_for_all_but_what_reopens_it(store: SqliteStore) -> None:
    say(store, "relevant", subscription=1)
    say(store, "severity", subscription=1, value="act")
    say(store, "unacknowledged", subscription=1)
    for says, value in (("not_relevant", ""), ("severity", "know"), ("acknowledged", "")):
        say(store, says, subscription=0, value=value)
    own, rest = store.handling(1)[1], store.handling(1)[0]
    assert (own.not_relevant, own.severity, own.acknowledged_by) == (False, "act", "")
    assert (rest.not_relevant, rest.severity, rest.acknowledged_by) == (True, "know", store.actor("ann"))
    assert "change:1" in open_for(store, 1) and "change:1" not in open_for(store, 2)
    say(store, "not_relevant", subscription=1)
    say(store, "acknowledged", subscription=1)
    assert "change:1" not in open_for(store, 1)
    say(store, "relevant", subscription=0)  # a correction of what was said for all
    say(store, "unacknowledged", subscription=0)
    assert not store.handling(1)[1].not_relevant and "change:1" in open_for(store, 1)


def test_of_many_who_acknowledge_at_once_one_is_first_and_each_other_hears_who(tmp_path: Path) -> None:
    stores = [storage.open(tmp_path) for _ in range(2)]
    stores[0].record([first("text")])
    reader = stores[0].subscribe(Subscription(0, "slack", "C1"), now=NOON)
    stores[0].add_finding(finding(1), [Delivery(reader, "post", "change:1")], text="")
    for row in stores[0].outbox():
        stores[0].claim(row, b"text", now=NOON)
        stores[0].settle(row, "done", now=NOON)
    ready, update = Barrier(6), Delivery(reader, "update", "change:1")

    def acknowledge(name: str) -> tuple[str, int, Handling]:
        review = Review(1, name, NOON, "acknowledged", subscription=reader)
        ready.wait()
        return name, *stores[int(name) % 2].handle(review, [update, replace(update, subscription=0)])

    with ThreadPoolExecutor(6) as people:
        answers = list(people.map(acknowledge, map(str, range(6))))
    ((winner, number, _),) = [answer for answer in answers if answer[1]]
    actor = stores[0].actor(winner)
    assert [one.acknowledged_by for _, _, one in answers] == [actor] * 6
    assert [(one.actor, one.says) for one in stores[0].reviews(1)] == [(winner, "acknowledged")]
    promised = [one for one in stores[0].deliveries(subject="change:1") if one.kind == "update"]
    assert [(one.subscription, one.revision) for one in promised] == [(reader, number)]  # who was never told is not
    assert stores[0].verify() == ""
    for store in stores:
        store.close()


def test_a_review_whose_promises_cannot_be_written_is_not_written_either(store: SqliteStore) -> None:
    promised = [Delivery(1, "update", "change:1"), Delivery(1, ("no text",), "change:1")]  # type: ignore[arg-type]
    with pytest.raises(sqlite3.ProgrammingError):
        store.handle(Review(1, "ann", NOON, "acknowledged", subscription=1), promised)
    assert [one.kind for one in store.deliveries(subject="change:1")] == ["post", "post"]
    assert store.reviews(1) == () and store.handling(1) == {} and store.verify() == ""


def test_a_snooze_and_an_override_can_be_taken_back(store: SqliteStore) -> None:
    for says, value in (("snoozed", day(1).isoformat()), ("severity", "act"), ("snoozed", ""), ("severity", "")):
        say(store, says, value=value)
    (one,) = store.handling(1).values()
    assert (one.snoozed_until, one.severity) == (None, "")


def test_a_snooze_until_a_day_ends_as_that_day_begins_and_nonsense_is_not_kept(store: SqliteStore) -> None:
    say(store, "snoozed", value="2026-03-04")
    assert store.handling(1)[1].snoozed_until == day(2).replace(hour=0)
    with pytest.raises(ValueError, match="next week"):
        say(store, "snoozed", value="next week")
    assert len(store.reviews(1)) == 1 and store.verify() == ""


def test_whom_it_is_assigned_to_is_kept_as_a_random_id_and_reviews_come_back_with_it(store: SqliteStore) -> None:
    say(store, "assigned", value="bo", remark="Please look.")
    bo = store.actor("bo")
    assert store.reviews(1) == (Review(1, "ann", NOON, "assigned", "Please look.", 1, bo),)
    say(store, "acknowledged", value="a name typed by mistake")
    assert store.reviews(1)[1].value == ""


def test_whoever_is_forgotten_is_nowhere_and_the_chain_still_verifies(store: SqliteStore, tmp_path: Path) -> None:
    store.actor("bo", address="bo@a.example")
    store.subscribe(Subscription(0, "email", "bo@a.example"), now=NOON)
    say(store, "acknowledged", actor="bo", remark="A secret remark.")
    say(store, "assigned", value="bo", change=2)
    bo = store.actor("bo")
    assert store.names([bo, "nobody"]) == {bo: "bo"}
    assert store.forget("bo")
    assert store.names([bo]) == {} and store.verify() == ""
    assert [row.address for row in store.subscriptions()] == ["one", "two"]
    assert store.handling(1)[1].acknowledged_by == bo
    db = sqlite3.connect(tmp_path / "regwatch.db")
    left = [str(row) for table in ("person", "review", "subscription") for row in db.execute(f"SELECT * FROM {table}")]
    db.close()
    assert not any(word in row for row in left for word in ("'bo'", "bo@", "secret"))


def test_what_is_said_for_a_subscription_is_sealed_with_it(store: SqliteStore, tmp_path: Path) -> None:
    say(store, "severity", value="act")
    assert store.verify() == ""
    db = sqlite3.connect(tmp_path / "regwatch.db")
    with db:
        db.execute("UPDATE review SET value = 'know'")
    db.close()
    assert "review 1 is not what was recorded" in store.verify()


# ------------------------------------------------------------------------------------------------ open items


def test_what_was_delivered_is_open_until_this_subscription_has_dealt_with_it(store: SqliteStore) -> None:
    assert open_for(store, 1) == ["change:1", "change:2", "change:3"]
    say(store, "acknowledged", change=1)
    say(store, "not_relevant", change=2)
    say(store, "snoozed", change=3, value=day(2).isoformat())
    assert open_for(store, 1) == [] and len(open_for(store, 2)) == 3
    assert open_for(store, 1, now=day(2)) == ["change:3"]
    say(store, "unacknowledged", change=1)
    say(store, "relevant", change=2)
    assert open_for(store, 1, now=day(2), limit=2) == ["change:1", "change:2"]


def test_only_alerts_that_went_out_are_open(store: SqliteStore) -> None:
    rest = [Delivery(2, "reply", "change:1"), Delivery(2, "update", "change:2"), Delivery(2, "post", "event:9")]
    store.promise([*rest, Delivery(2, "post", "change:3", revision=1)])
    for row in store.outbox(states=["queued"])[:3]:
        store.settle(row, "done", now=NOON)
    assert open_for(store, 2) == ["change:1", "change:2", "change:3", "change:1"]


def test_what_somebody_said_for_all_is_open_for_nobody(store: SqliteStore) -> None:
    say(store, "not_relevant", subscription=0)
    assert "change:1" not in open_for(store, 1) + open_for(store, 2)


def test_deliveries_are_found_by_subject_and_by_subscription(store: SqliteStore) -> None:
    store.promise([Delivery(2, "remind", "change:1")])
    assert [(one.subscription, one.kind, one.state) for one in store.deliveries(subject="change:1")] == [
        (1, "post", "done"), (2, "post", "done"), (2, "remind", "queued"),
    ]  # fmt: skip
    assert [one.subject for one in store.deliveries(subscription=1)] == ["change:1", "change:2", "change:3"]
    assert len(store.deliveries(subject="change:1", subscription=2)) == 2
    assert store.deliveries(subject="change:9") == store.deliveries(subscription=0) == ()
    assert len(store.deliveries()) == 7


# ------------------------------------------------------------------------------------------------ wishes


def test_a_subscription_keeps_its_rhythm_its_patience_and_its_team(store: SqliteStore) -> None:
    rhythm = Rhythm("fri", 17, "Asia/Hong_Kong", False)
    asked = Subscription(0, "slack", "C1", Filters(min="act"), rhythm=rhythm, answer_within=24, team="T1")
    number = store.subscribe(asked, now=NOON)
    assert store.subscriptions()[-1] == replace(asked, id=number)
    assert store.subscribe(replace(asked, answer_within=0), now=NOON) == number
    assert store.subscriptions()[-1].answer_within == 0


def test_muting_and_pausing_act_on_one_subscription_and_can_be_undone(store: SqliteStore) -> None:
    store.mute(1, ["s1", "s2", "s1"])
    store.pause(1, day(7))
    assert [(one.muted, one.paused_until) for one in store.subscriptions()] == [(("s1", "s2"), day(7)), ((), None)]
    store.mute(1, [])
    store.pause(1, None)
    assert [(one.muted, one.paused_until) for one in store.subscriptions()] == [((), None), ((), None)]


def test_footprints_are_kept_by_name(store: SqliteStore) -> None:
    acme = Footprint("acme", ("US", "CN"), (Flow("CN", "US", ("hr",)), Flow("EU", "*")), ("exporter",), ("cloud",))
    store.keep_footprint(acme, now=NOON)
    store.keep_footprint(Footprint("a"), now=NOON)
    assert store.footprints() == {"a": Footprint("a"), "acme": acme}
    store.keep_footprint(replace(acme, roles=()), now=day(1))
    assert store.footprints()["acme"].roles == ()
    assert store.drop_footprint("acme") and not store.drop_footprint("acme")
    assert list(store.footprints()) == ["a"]


def test_a_person_has_one_random_id_and_one_address(store: SqliteStore) -> None:
    ann = store.actor("ann")
    assert store.actor("ann", address="U1") == store.actor("ann") == ann
    assert store.actor("bo") != ann and "ann" not in ann
    kept = "SELECT address FROM person WHERE actor = ?"
    assert store._db.here.execute(kept, (ann,)).fetchone() == ("U1",)


# ------------------------------------------------------------------------------------------------ digests


def test_a_digest_is_kept_once_for_its_period_together_with_its_deliveries(store: SqliteStore) -> None:
    week = Digest(1, day(0), day(7), b'{"headline":"A week"}')
    told = [Delivery(1, "digest", "digest:2026-03-02")]
    assert store.keep_digest(week, told)
    assert not store.keep_digest(replace(week, content=b"{}"), [Delivery(1, "digest", "digest:again")])
    assert store.keep_digest(replace(week, since=day(7), until=day(14)), [])
    assert [(one.since, one.until) for one in store.digests(1)] == [(day(7), day(14)), (day(0), day(7))]
    assert store.digests(1)[1] == replace(week, id=1)
    assert len(store.digests(1, limit=1)) == 1 and store.digests(2) == ()
    assert [row.subject for row in store.outbox(states=["queued"])] == ["digest:2026-03-02"]


def test_a_digest_that_cannot_be_promised_is_not_kept(store: SqliteStore) -> None:
    with pytest.raises(Exception, match="FOREIGN KEY"):
        store.keep_digest(Digest(1, day(0), day(7)), [Delivery(77, "digest", "digest:x")])
    assert store.digests(1) == ()


# ------------------------------------------------------------------------------------------------ tickets


def test_a_ticket_is_good_for_one_use_of_its_kind_until_it_expires(store: SqliteStore) -> None:
    link = Ticket("link", b"\x01" * 32, day(1), b'{"page":"/"}')
    number = store.issue(link)
    assert store.redeem("session", link.hash, now=NOON) is None
    assert store.redeem("link", b"\x02" * 32, now=NOON) is None
    assert store.redeem("link", link.hash, now=day(1)) is None
    assert store.redeem("link", link.hash, now=NOON) == replace(link, id=number)
    assert store.redeem("link", link.hash, now=NOON) is None


def test_a_session_is_good_until_it_expires_or_is_revoked(store: SqliteStore) -> None:
    session = Ticket("session", b"\x01" * 32, day(1))
    number = store.issue(session)
    for _ in range(2):
        assert store.redeem("session", session.hash, now=NOON, once=False) == replace(session, id=number)
    assert store.redeem("session", session.hash, now=day(1), once=False) is None
    store.revoke(number)
    assert store.redeem("session", session.hash, now=NOON, once=False) is None


def test_open_tickets_are_listed_oldest_first_and_dead_ones_are_swept_away(store: SqliteStore) -> None:
    proposals = [Ticket("proposal", bytes([n]) * 32, day(n)) for n in (3, 1, 2)]
    numbers = [store.issue(one) for one in proposals]
    store.issue(Ticket("link", b"\x09" * 32, day(9)))
    assert [one.id for one in store.tickets("proposal", now=NOON)] == numbers
    assert [one.id for one in store.tickets("proposal", now=day(2))] == numbers[:1]
    store.redeem("link", b"\x09" * 32, now=day(2))
    store.issue(Ticket("session", b"\x08" * 32, day(9)))
    kept = store._db.here.execute("SELECT kind FROM ticket ORDER BY id").fetchall()
    assert kept == [("proposal",), ("session",)]  # used, or over when the link was used: gone


# ------------------------------------------------------------------------------------------------ alarms


def test_an_alarm_stands_until_it_is_cleared_and_what_is_told_of_it_comes_with_it(store: SqliteStore) -> None:
    store.keep_alarm("source:s1", NOON, [Delivery(0, "notice", "source:s1")])
    store.keep_alarm("disk", day(1))
    assert store.alarms() == {"source:s1": NOON, "disk": day(1)}
    with pytest.raises(Exception, match="FOREIGN KEY"):
        store.keep_alarm("source:s1", None, [Delivery(77, "notice", "source:s1")])
    assert "source:s1" in store.alarms()
    store.keep_alarm("source:s1", None, [Delivery(0, "notice", "source:s1", revision=1)])
    assert store.alarms() == {"disk": day(1)}
    told = [(row.subject, row.revision) for row in store.outbox(states=["queued"])]
    assert told == [("source:s1", 0), ("source:s1", 1)]


def test_several_alarms_stand_and_fall_together_with_the_notice_of_them(store: SqliteStore) -> None:
    store.keep_alarm("disk", NOON)
    changed = {"source:s1": NOON, "source:s2": day(1), "disk": None}
    with pytest.raises(Exception, match="FOREIGN KEY"):
        store.keep_alarms(changed, [Delivery(77, "notice", "alarms")])
    assert store.alarms() == {"disk": NOON}
    store.keep_alarms(changed, [Delivery(0, "notice", "alarms")])
    assert store.alarms() == {"source:s1": NOON, "source:s2": day(1)}
    assert [row.subject for row in store.outbox(states=["queued"])] == ["alarms"]
