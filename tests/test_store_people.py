"""Subscriptions, reviews, forgetting, and the outbox."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import storage
from bot.errors import DeliveryError
from bot.model import Delivery, Filters, Review, Subscription
from storage import SqliteStore
from tests.test_store import NOON, day, finding, first

CONSOLE = Subscription(0, "console", "here", Filters(topics=("transfer",)))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = storage.open(tmp_path)
    made.record([first("one")])
    made.add_finding(finding(1), [], text="one")
    yield made
    made.close()


# ------------------------------------------------------------------------------------------------ subscriptions


def test_a_subscription_comes_back_whole(store: SqliteStore) -> None:
    asked = Subscription(
        0, "slack", "C1", Filters(corridors=(("CN", "*"),), min="plan"), "digest", "acme", ("law",), day(3)
    )
    number = store.subscribe(asked, now=NOON)
    assert store.subscriptions() == (replace(asked, id=number),)


def test_the_same_wish_is_the_same_subscription_also_after_it_was_ended(store: SqliteStore) -> None:
    number = store.subscribe(CONSOLE, now=NOON)
    assert store.subscribe(replace(CONSOLE, mode="digest"), now=NOON) == number
    assert store.unsubscribe(number, now=NOON)
    assert store.subscribe(CONSOLE, now=day(1)) == number
    assert [one.mode for one in store.subscriptions()] == ["instant"]


def test_another_filter_is_another_subscription(store: SqliteStore) -> None:
    assert store.subscribe(CONSOLE, now=NOON) != store.subscribe(replace(CONSOLE, filters=Filters()), now=NOON)


def test_a_subscription_is_replaced_by_its_number(store: SqliteStore) -> None:
    number = store.subscribe(CONSOLE, now=NOON)
    muted = replace(CONSOLE, id=number, muted=("law",), filters=Filters())
    assert store.subscribe(muted, now=NOON) == number
    assert store.subscriptions() == (muted,)


def test_what_was_ended_or_never_was_cannot_be_ended(store: SqliteStore) -> None:
    number = store.subscribe(CONSOLE, now=NOON)
    assert store.unsubscribe(number, now=NOON)
    assert not store.unsubscribe(number, now=NOON)
    assert not store.unsubscribe(99, now=NOON)
    assert store.subscriptions() == ()


# ------------------------------------------------------------------------------------------------ reviews


def test_reviews_come_back_in_order(store: SqliteStore) -> None:
    said = [Review(1, "ann", NOON, "relevant", "Concerns our Shanghai hub."), Review(1, "bo", day(1), "acknowledged")]
    for review in said:
        store.add_review(review)
    assert list(store.reviews(1)) == said


def test_the_chain_holds_no_person_and_verifies_after_one_was_forgotten(store: SqliteStore, tmp_path: Path) -> None:
    store.add_review(Review(1, "ann", NOON, "relevant", "A remark."))
    store.subscribe(Subscription(0, "email", "ann"), now=NOON)
    assert store.forget("ann")
    assert store.verify() == ""
    (review,) = store.reviews(1)
    assert review.says == "relevant" and review.remark == "" and review.actor != "ann"
    assert store.subscriptions() == ()
    db = sqlite3.connect(tmp_path / "regwatch.db")
    left = [row for table in ("person", "review", "subscription") for row in db.execute(f"SELECT * FROM {table}")]
    db.close()
    assert not any(value in ("ann", "A remark.") for row in left for value in row)
    assert not store.forget("ann")


# ------------------------------------------------------------------------------------------------ outbox


@pytest.fixture
def promised(store: SqliteStore) -> Delivery:
    """One delivery that is queued and due at noon."""
    reader = store.subscribe(CONSOLE, now=NOON)
    store.promise([Delivery(reader, "post", "change:1", due=NOON)])
    return store.outbox()[0]


def test_a_promise_is_made_once(store: SqliteStore, promised: Delivery) -> None:
    reader = promised.subscription
    more = [Delivery(reader, "post", "change:1"), Delivery(reader, "post", "change:1", revision=1)]
    assert store.promise(more) == 1
    assert store.promise([]) == 0
    assert [one.revision for one in store.outbox()] == [0, 1]


def test_the_owner_can_be_told_without_a_subscription(store: SqliteStore) -> None:
    assert store.promise([Delivery(0, "notice", "source:law")]) == 1
    assert store.subscriptions() == ()


def test_only_what_is_due_is_sent(store: SqliteStore, promised: Delivery) -> None:
    assert store.outbox(now=NOON - timedelta(seconds=1)) == ()
    assert store.outbox(now=NOON) == (promised,)


def test_the_payload_is_frozen_at_the_first_attempt(store: SqliteStore, promised: Delivery) -> None:
    store.claim(promised, b"first", now=NOON)
    store.settle(promised, "queued", now=NOON, due=day(1), detail="busy")
    assert store.outbox(now=NOON) == ()
    store.claim(store.outbox(now=day(1))[0], b"second", now=day(1))
    (row,) = store.outbox(states=["sending"])
    assert (row.payload, row.attempts, row.attempted, row.detail) == (b"first", 2, day(1), "busy")


def test_what_a_crash_left_on_sending_is_due_again(store: SqliteStore, promised: Delivery) -> None:
    store.claim(promised, b"text", now=NOON)
    assert [one.state for one in store.outbox(now=NOON)] == ["sending"]


def test_what_is_done_stays_done_and_stands_in_the_ledger(store: SqliteStore, promised: Delivery) -> None:
    store.claim(promised, b"text", now=NOON)
    store.settle(promised, "done", now=NOON, detail="ts-1")
    store.settle(promised, "queued", now=NOON)
    assert [(one.state, one.detail) for one in store.outbox()] == [("done", "ts-1")]
    assert (store.outbox(now=day(9)), store.verify(), store.totals().outbox) == ((), "", {"done": 1})


def test_what_was_dropped_meanwhile_is_not_sent(store: SqliteStore, promised: Delivery) -> None:
    store.settle(promised, "dead", now=NOON, detail="by hand")
    with pytest.raises(DeliveryError):
        store.claim(promised, b"text", now=NOON)
    store.settle(promised, "queued", now=NOON)
    store.claim(promised, b"text", now=NOON)


def test_a_doubtful_delivery_waits_for_somebody_to_claim_it(store: SqliteStore, promised: Delivery) -> None:
    store.claim(promised, b"text", now=NOON)
    store.settle(promised, "uncertain", now=NOON)
    assert store.outbox(now=day(9)) == ()
    store.claim(promised, b"text", now=NOON)
    assert store.outbox(states=["sending", "uncertain"])[0].attempts == 2
