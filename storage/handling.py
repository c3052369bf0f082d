"""What people said of Changes, and how far each subscription has come with them. Remarks can be erased."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from bot.model import Delivery, Handling, Review
from storage import ledger
from storage.outbox import DELIVERY, DONE, SENDING, as_delivery, queue
from storage.packing import moment, stamp
from storage.people import actor_of
from storage.room import Room, marks

FOR_ALL: Final = 0  # the subscription of what was said for everybody
ADD_REVIEW: Final = """INSERT INTO review (change, actor, at, says, commitment, salt, remark, subscription, value)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"""
SAID_OF: Final = """SELECT change, coalesce(name, actor), at, says, coalesce(remark, ''), subscription, value, actor
    FROM review JOIN person USING (actor) WHERE change IN ({}) ORDER BY review.id"""
REVIEWS: Final = SAID_OF.format("?")
# most are acknowledged in the end, and must not cost much; what was said for all gives way to a word of one's own
ACKNOWLEDGED: Final = f"""(SELECT says FROM review WHERE change = CAST(substr(subject, {len("change:") + 1}) AS INTEGER)
    AND review.subscription IN ({FOR_ALL}, delivery.subscription) AND says IN ('acknowledged', 'unacknowledged')
    ORDER BY review.subscription = {FOR_ALL} AND says = 'acknowledged', review.id DESC LIMIT 1)"""
REACHED: Final = f"""SELECT DISTINCT subscription FROM delivery
    WHERE subject = ? AND kind IN ('post', 'reply') AND state IN ({SENDING}, {DONE})"""
ABOUT: Final = {"unacknowledged": "acknowledged", "not_relevant": "relevant"}  # what is said of one thing
REOPENS: Final = frozenset({"unacknowledged", "relevant"})
TOLD: Final = f"""{DELIVERY} WHERE subscription = ? AND state = {DONE} AND kind IN ('post', 'reply')
    AND subject LIKE 'change:%' AND {ACKNOWLEDGED} IS NOT 'acknowledged' ORDER BY id"""


class Reviews(Room):
    """The store's part that knows what people said."""

    def add_review(self, review: Review) -> int:
        """What a person said of a Change. Into the chain go a random actor id and a salted commitment to the remark.

        Whom it is assigned to may be given by name or actor id; the actor id is kept. A snooze lasts until an ISO
        date or time, UTC unless it says otherwise; raises ValueError for what is none.
        """
        with self._db.writing(durable=True) as db:
            return _add(db, review)

    def handle(self, review: Review, rewritten: Sequence[Delivery] = ()) -> tuple[int, Handling]:
        """Record a review as add_review does, and with it the promises to rewrite alerts: one transaction.

        Of `rewritten` those are kept whose subscription was told of the Change; the review's number is their revision.
        Returns that number, and how far the subscription has come. Number 0: nothing was written, because somebody
        acknowledged it before, or there is no acknowledgement to take back.
        """
        with self._db.writing(durable=True) as db:
            before = _handling(db, review.change, review.subscription)
            if _is_said(review.says, before):
                return 0, before
            number = _add(db, review)
            told = {row[0] for row in db.execute(REACHED, (f"change:{review.change}",))}
            queue(db, [replace(one, revision=number) for one in rewritten if one.subscription in told])
            return number, _handling(db, review.change, review.subscription)

    def reviews(self, change_id: int) -> tuple[Review, ...]:
        """Oldest first; of a person who was forgotten, the actor id stands in place of the name."""
        with self._db.reading() as db:
            return tuple(review for _, review in _reviews(db, change_id))

    def handling(self, change_id: int) -> Mapping[int, Handling]:
        """How far each subscription has come with a Change, by subscription; 0: what was said for all.

        What was said for all counts for every subscription, as far as it said nothing of its own about it; one that
        said nothing at all stands as 0 does. Whoever takes back for all what was said reopens it for each.
        """
        with self._db.reading() as db:
            return handled(change_id, _reviews(db, change_id))

    def handlings(self, change_ids: Sequence[int]) -> Mapping[int, Mapping[int, Handling]]:
        """The same of several Changes at once; those of which nobody said anything are left out."""
        found: dict[int, list[tuple[str, Review]]] = {}
        with self._db.reading() as db:
            for start in range(0, len(change_ids), 500):  # SQLite takes at least 999 parameters
                part = change_ids[start : start + 500]
                for actor, review in _read(db, SAID_OF.format(marks(part)), part):
                    found.setdefault(review.change, []).append((actor, review))
        return {change: handled(change, said) for change, said in found.items()}

    def open_items(self, subscription_id: int, *, now: datetime, limit: int = 50) -> tuple[Delivery, ...]:
        """Alerts that were delivered and are neither acknowledged, nor not relevant, nor snoozed; oldest first."""
        found: list[Delivery] = []
        with self._db.reading() as db:
            for row in db.execute(TOLD, (subscription_id,)):
                if len(found) >= limit:
                    break
                if _is_open(db, change_of(row[2]), subscription_id, now=now):
                    found.append(as_delivery(row))
        return tuple(found)


def _add(db: sqlite3.Connection, review: Review) -> int:
    salt = secrets.token_bytes(16)
    said = (review.change, actor_of(db, review.actor), stamp(review.at), review.says)
    remark = (commitment(salt, review.remark), salt, review.remark)
    row = (*said, *remark, review.subscription, _value(db, review))
    number = int(db.execute(ADD_REVIEW, row).fetchone()[0])
    ledger.append(db, ledger.REVIEW, number)
    return number


def _value(db: sqlite3.Connection, review: Review) -> str:
    """What a review says beside its word; of anything else nothing is kept: it might name somebody."""
    if review.says == "assigned" and review.value:
        return actor_of(db, review.value)
    if review.says == "snoozed" and review.value:
        until = datetime.fromisoformat(review.value)
        return (until if until.tzinfo else until.replace(tzinfo=UTC)).isoformat()
    return review.value if review.says == "severity" else ""


def commitment(salt: bytes, remark: str) -> bytes:
    """SHA-256 of salt and remark: proves a remark that is still there, betrays nothing of one that was erased."""
    return sha256(salt + remark.encode()).digest()


def change_of(subject: str) -> int:
    """The Change that a delivery's subject names."""
    return int(subject.partition(":")[2])


def _reviews(db: sqlite3.Connection, change_id: int) -> Iterator[tuple[str, Review]]:
    """With the actor's id."""
    return _read(db, REVIEWS, (change_id,))


def _read(db: sqlite3.Connection, query: str, values: Sequence[int]) -> Iterator[tuple[str, Review]]:
    for change, name, at, says, remark, subscription, value, actor in db.execute(query, values):
        yield actor, Review(change, name, moment(at), says, remark, subscription, value)


def _handling(db: sqlite3.Connection, change: int, subscription: int) -> Handling:
    """How far a subscription has come, also one of which nothing was said."""
    said = handled(change, _reviews(db, change))
    return said.get(subscription) or said.get(FOR_ALL) or Handling(change, subscription)


def _is_said(says: str, standing: Handling) -> bool:
    """Whether it was acknowledged already, or there is no acknowledgement to take back."""
    if says not in ("acknowledged", "unacknowledged"):
        return False
    return bool(standing.acknowledged_by) == (says == "acknowledged")


def _is_open(db: sqlite3.Connection, change: int, subscription: int, *, now: datetime) -> bool:
    one = _handling(db, change, subscription)
    snoozed = one.snoozed_until is not None and one.snoozed_until > now
    return not (one.acknowledged_at or one.not_relevant or snoozed)


# ------------------------------------------------------------------------------------------------ adding up


def handled(change: int, reviews: Iterable[tuple[str, Review]]) -> dict[int, Handling]:
    """The sum of reviews, oldest first, each with its actor's id: by subscription, 0 for all."""
    said = list(reviews)
    return {number: _sum(Handling(change, number), said) for number in {review.subscription for _, review in said}}


def _sum(standing: Handling, said: Iterable[tuple[str, Review]]) -> Handling:
    """What a subscription said of its own goes before what is said for all, but for what reopens it."""
    own: set[str] = set()
    for actor, review in said:
        about = ABOUT.get(review.says, review.says)
        if review.subscription == standing.subscription:
            own.add(about)
        elif review.subscription != FOR_ALL or about in own and review.says not in REOPENS:
            continue
        standing = _after(standing, review, actor=actor)
    return standing


def _after(before: Handling, review: Review, *, actor: str) -> Handling:
    match review.says:
        case "acknowledged":
            return replace(before, acknowledged_by=actor, acknowledged_at=review.at)
        case "unacknowledged":
            return replace(before, acknowledged_by="", acknowledged_at=None)
        case "assigned":
            return replace(before, assigned_to=review.value)
        case "snoozed":
            return replace(before, snoozed_until=datetime.fromisoformat(review.value) if review.value else None)
        case "severity":
            return replace(before, severity=review.value, remark=review.remark)
        case "not_relevant":
            return replace(before, not_relevant=True, remark=review.remark)
        case "relevant":
            return replace(before, not_relevant=False)
    return before
