"""Promises to people: what is to be told to whom, and how far that has got."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from bot.errors import DeliveryError
from bot.model import Delivery
from storage import ledger
from storage.packing import coded, maybe_moment, maybe_stamp, stamp
from storage.phrases import lengthen, shorten
from storage.room import Room, marks

STATES: Final = ("queued", "sending", "done", "uncertain", "dead")
QUEUED, SENDING, DONE, UNCERTAIN, _DEAD = range(5)

PROMISE: Final = """INSERT OR IGNORE INTO delivery (subscription, kind, subject, revision, state, due, payload, detail)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
DELIVERY: Final = """SELECT subscription, kind, subject, revision, id, state, attempts, due, attempted, payload, detail
    FROM delivery"""
WAITING: Final = frozenset({"queued", "sending", "uncertain"})
OPEN: Final = "state IN (0, 1, 3)"
DUE: Final = "(state = 0 AND (due IS NULL OR due <= ?) OR state = 1)"


class Outbox(Room):
    """The store's part that keeps promises."""

    def promise(self, deliveries: Sequence[Delivery]) -> int:
        """Queue deliveries; unique keys already there are left alone. Returns how many were new."""
        with self._db.writing(durable=True) as db:
            return queue(db, deliveries)

    def outbox(self, *, now: datetime | None = None, states: Sequence[str] = ()) -> tuple[Delivery, ...]:
        """In order of promise. With `now`: only what is due (queued and due, or left on sending by a crash)."""
        asked: list[str] = []
        values: list[int] = []
        if now is not None:
            asked, values = [OPEN, DUE], [stamp(now)]
        elif states and set(states) <= WAITING:
            asked = [OPEN]  # as the index says it: SQLite takes a partial index only for its very words
        if states:
            asked.append(f"state IN ({marks(states)})")
            values += map(STATES.index, states)
        where = f"WHERE {' AND '.join(asked)}" if asked else ""
        with self._db.reading() as db:
            return tuple(map(as_delivery, db.execute(f"{DELIVERY} {where} ORDER BY id", values)))

    def claim(self, delivery: Delivery, payload: bytes, *, now: datetime) -> None:
        """queued -> sending, payload frozen, attempt counted; durable (synchronous FULL) before it returns.

        What is on sending (after a crash) or uncertain is claimed again, with the payload of its first attempt. Raises
        DeliveryError when somebody dropped or finished it meanwhile.
        """
        with self._db.writing(durable=True) as db:
            claimed = db.execute(
                """UPDATE delivery SET state = ?, attempts = attempts + 1, attempted = ?, payload = coalesce(payload, ?)
                WHERE id = ? AND state IN (?, ?, ?)""",
                (SENDING, stamp(now), shorten(payload) if payload else None, delivery.id, QUEUED, SENDING, UNCERTAIN),
            )
            if not claimed.rowcount:
                raise DeliveryError(f"delivery {delivery.id} is no longer to be sent", final=True)

    def settle(
        self, delivery: Delivery, state: str, *, now: datetime, due: datetime | None = None, detail: str = ""
    ) -> None:
        """sending -> done, queued (again, at `due`), uncertain or dead; durable; done also leaves a ledger row.

        Also for an operator who retries or drops what is not being sent; what is done stays done.
        """
        with self._db.writing(durable=True) as db:
            settled = db.execute(
                "UPDATE delivery SET state = ?, due = ?, detail = ? WHERE id = ? AND state != ?",
                (STATES.index(state), maybe_stamp(due), detail, delivery.id, DONE),
            )
            if settled.rowcount and state == "done":
                db.execute(
                    "UPDATE delivery SET attempted = coalesce(attempted, ?) WHERE id = ?", (stamp(now), delivery.id)
                )
                ledger.append(db, ledger.DELIVERY, delivery.id)

    def deliveries(self, *, subject: str = "", subscription: int | None = None) -> tuple[Delivery, ...]:
        """Of this subject, of this subscription, in every state, in order of promise."""
        asked: dict[str, str | int] = {"subject = ?": subject} if subject else {}
        if subscription is not None:
            asked["subscription = ?"] = subscription
        where = f"WHERE {' AND '.join(asked)}" if asked else ""
        with self._db.reading() as db:
            rows = db.execute(f"{DELIVERY} {where} ORDER BY id", tuple(asked.values()))
            return tuple(map(as_delivery, rows))


def queue(db: sqlite3.Connection, deliveries: Iterable[Delivery]) -> int:
    """Inside the caller's transaction; returns how many were new."""
    rows = [(d.subscription, d.kind, d.subject, d.revision, *_state(d)) for d in deliveries]
    return db.executemany(PROMISE, rows).rowcount if rows else 0


def _state(delivery: Delivery) -> tuple[Any, ...]:
    payload = shorten(delivery.payload) if delivery.payload else None
    return STATES.index(delivery.state), maybe_stamp(delivery.due), payload, delivery.detail


def as_delivery(row: Sequence[Any]) -> Delivery:
    subscription, kind, subject, revision, number, state, attempts, due, attempted, payload, detail = row
    return Delivery(
        subscription=subscription,
        kind=kind,
        subject=subject,
        revision=revision,
        id=number,
        state=coded(STATES, state, "delivery", number),
        attempts=attempts,
        due=maybe_moment(due),
        attempted=maybe_moment(attempted),
        payload=lengthen(payload) if payload else b"",
        detail=detail,
    )
