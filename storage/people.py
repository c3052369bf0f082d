"""People: what they asked for and what they said. Whatever names them can be erased; the chain still verifies."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import msgspec

from bot.model import Filters, Review, Subscription
from storage import ledger
from storage.packing import maybe_moment, maybe_stamp, moment, sparse, stamp, to_json
from storage.room import Room

SUBSCRIPTION: Final = """SELECT id, channel, address, filters, mode, footprint, muted, paused_until FROM subscription
    WHERE id > 0 AND ended IS NULL"""
REPLACED: Final = """channel = excluded.channel, address = excluded.address, filters = excluded.filters,
    mode = excluded.mode, footprint = excluded.footprint, muted = excluded.muted, paused_until = excluded.paused_until,
    ended = NULL"""
SUBSCRIBE: Final = f"""INSERT INTO subscription
    (id, channel, address, filters, mode, footprint, muted, paused_until, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (channel, address, filters) DO UPDATE SET {REPLACED}
    ON CONFLICT (id) DO UPDATE SET {REPLACED} RETURNING id"""


class People(Room):
    """The store's part that knows people."""

    def subscriptions(self) -> tuple[Subscription, ...]:
        """Those that stand, oldest first."""
        with self._db.reading() as db:
            return tuple(map(_as_subscription, db.execute(f"{SUBSCRIPTION} ORDER BY id")))

    def subscribe(self, subscription: Subscription, *, now: datetime) -> int:
        """Adds (id 0) or replaces; the same channel, address and filters give the same id."""
        s = subscription
        row = (s.channel, s.address, sparse(s.filters).decode(), s.mode, s.footprint, to_json(s.muted).decode())
        values = (s.id or None, *row, maybe_stamp(s.paused_until), stamp(now))
        with self._db.writing(durable=True) as db:
            return int(db.execute(SUBSCRIBE, values).fetchone()[0])

    def unsubscribe(self, subscription_id: int, *, now: datetime) -> bool:
        """End it; False when there was none. What was promised before is still kept."""
        sql = "UPDATE subscription SET ended = ? WHERE id = ? AND id > 0 AND ended IS NULL"
        with self._db.writing(durable=True) as db:
            return bool(db.execute(sql, (stamp(now), subscription_id)).rowcount)

    def add_review(self, review: Review) -> int:
        """What a person said of a Change. Into the chain go a random actor id and a salted commitment to the remark."""
        salt = secrets.token_bytes(16)
        with self._db.writing(durable=True) as db:
            row = (review.change, _actor(db, review.actor), stamp(review.at), review.says)
            values = (*row, commitment(salt, review.remark), salt, review.remark)
            number = int(db.execute(ADD_REVIEW, values).fetchone()[0])
            ledger.append(db, ledger.REVIEW, number)
        return number

    def reviews(self, change_id: int) -> tuple[Review, ...]:
        """Oldest first; of a person who was forgotten, the actor id stands in place of the name."""
        with self._db.reading() as db:
            rows = db.execute(
                """SELECT change, coalesce(name, actor), at, says, coalesce(remark, '')
                FROM review JOIN person USING (actor) WHERE change = ? ORDER BY id""",
                (change_id,),
            )
            return tuple(Review(change, actor, moment(at), says, remark) for change, actor, at, says, remark in rows)

    def forget(self, name: str) -> bool:
        """Erase a person's name, address and remarks, and end what was sent there; False: nobody of this name.

        The evidence chain holds none of it and still verifies (promise 13).
        """
        with self._db.writing(durable=True) as db:
            erased = db.execute(
                """UPDATE review SET remark = NULL, salt = NULL
                WHERE actor = (SELECT actor FROM person WHERE name = ?)""",
                (name,),
            ).rowcount
            ended = db.execute(
                """UPDATE subscription SET address = 'forgotten ' || id, ended = coalesce(ended, since)
                WHERE id > 0 AND address IN (?, (SELECT address FROM person WHERE name = ?))""",
                (name, name),
            ).rowcount
            named = db.execute("UPDATE person SET name = NULL, address = NULL WHERE name = ?", (name,)).rowcount
        return bool(erased or ended or named)


ADD_REVIEW: Final = """INSERT INTO review (change, actor, at, says, commitment, salt, remark)
    VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id"""


def commitment(salt: bytes, remark: str) -> bytes:
    """SHA-256 of salt and remark: proves a remark that is still there, betrays nothing of one that was erased."""
    return sha256(salt + remark.encode()).digest()


def _actor(db: sqlite3.Connection, name: str) -> str:
    """The random id of the person of this name; an actor id stands for itself."""
    known = db.execute("SELECT actor FROM person WHERE name = ?1 OR actor = ?1", (name,)).fetchone()
    if known:
        return str(known[0])
    fresh = secrets.token_hex(8)
    db.execute("INSERT INTO person (actor, name) VALUES (?, ?)", (fresh, name))
    return fresh


def _as_subscription(row: Sequence[Any]) -> Subscription:
    number, channel, address, filters, mode, footprint, muted, paused = row
    return Subscription(
        id=number,
        channel=channel,
        address=address,
        filters=msgspec.json.decode(filters, type=Filters),
        mode=mode,
        footprint=footprint,
        muted=msgspec.json.decode(muted, type=tuple[str, ...]),
        paused_until=maybe_moment(paused),
    )
