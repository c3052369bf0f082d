"""People: who they are, what they asked for, where they are touched. Whatever names them can be erased."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from bot.model import Filters, Footprint, Rhythm, Subscription
from storage import letting
from storage.packing import maybe_moment, maybe_stamp, moment, sparse, stamp, to_json
from storage.room import Room, marks

SUBSCRIPTION: Final = """SELECT id, channel, address, filters, mode, footprint, muted, paused_until, rhythm,
    answer_within, team FROM subscription WHERE id > 0 AND ended IS NULL"""
ASKED: Final = ("channel", "address", "filters", "mode", "footprint", "muted", "paused_until", "rhythm",
                "answer_within", "team")  # fmt: skip
REPLACED: Final = ", ".join(f"{column} = excluded.{column}" for column in ASKED) + (
    ", since = CASE WHEN ended IS NULL THEN since ELSE excluded.since END, ended = NULL"
)
SUBSCRIBE: Final = f"""INSERT INTO subscription (id, {", ".join(ASKED)}, since) VALUES (?, {marks(ASKED)}, ?)
    ON CONFLICT (channel, address, filters) DO UPDATE SET {REPLACED}
    ON CONFLICT (id) DO UPDATE SET {REPLACED} RETURNING id"""
KEEP_FOOTPRINT: Final = """INSERT INTO footprint (name, since, content) VALUES (?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET since = excluded.since, content = excluded.content"""


class People(Room):
    """The store's part that knows people."""

    # -------------------------------------------------------------------------------------------- who they are

    def actor(self, name: str, *, address: str = "") -> str:
        """The random id of a person, made at the first meeting; `address`: where they are reached, erasable, too."""
        with self._db.reading() as db:
            known = db.execute("SELECT actor, coalesce(address, '') FROM person WHERE name = ?", (name,)).fetchone()
        if known and known[1] == (address or known[1]):  # nearly always: nothing to write
            return str(known[0])
        with self._db.writing(durable=True) as db:
            actor = actor_of(db, name)
            if address:
                db.execute("UPDATE person SET address = ? WHERE actor = ?", (address, actor))
        return actor

    def names(self, actors: Iterable[str]) -> Mapping[str, str]:
        """Names of those who are not forgotten, by actor id."""
        wanted = tuple(dict.fromkeys(actors))
        with self._db.reading() as db:
            sql = f"SELECT actor, name FROM person WHERE name IS NOT NULL AND actor IN ({marks(wanted)})"
            return dict(db.execute(sql, wanted).fetchall())

    def people(self) -> tuple[tuple[str, str], ...]:
        """Everybody who is known by name or address: those who said something, and those who are told by e-mail."""
        with self._db.reading() as db:
            rows = db.execute(
                """SELECT name, coalesce(address, '') FROM person WHERE name IS NOT NULL
                UNION SELECT address, address FROM subscription WHERE channel = 'email' AND ended IS NULL ORDER BY 1"""
            )
            return tuple(rows.fetchall())

    def forget(self, name: str) -> bool:
        """Erase a person's name, address and remarks, also from what was sent, and end what was sent there.

        False: nobody of this name or address. The evidence chain holds none of it and still verifies (promise 13).
        """
        self._db.here.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten, not only unlinked
        with self._db.writing(durable=True) as db:
            known = db.execute("SELECT name, address FROM person WHERE ? IN (name, address)", (name,)).fetchall()
            words = {name, *(word for row in known for word in row if word)}
            sets = f"({marks(words)})"
            erased = db.execute(
                f"""UPDATE review SET remark = NULL, salt = NULL
                WHERE actor IN (SELECT actor FROM person WHERE name IN {sets})""",
                (*words,),
            ).rowcount
            ended = db.execute(
                f"""UPDATE subscription SET address = 'forgotten ' || id, ended = coalesce(ended, since)
                WHERE id > 0 AND address IN {sets}""",
                (*words,),
            ).rowcount
            named = db.execute(
                f"UPDATE person SET name = NULL, address = NULL WHERE name IN {sets}", (*words,)
            ).rowcount
            sent = letting.words_go(db, words)
        self._db.here.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # and from the log as well
        return bool(erased or ended or named or sent)

    # -------------------------------------------------------------------------------------------- their footprints

    def footprints(self) -> Mapping[str, Footprint]:
        """By name, in the order of names."""
        with self._db.reading() as db:
            rows = db.execute("SELECT name, content FROM footprint ORDER BY name")
            return {name: msgspec.json.decode(content, type=Footprint) for name, content in rows}

    def keep_footprint(self, footprint: Footprint, *, now: datetime) -> None:
        """Keep it under its name, in place of an earlier one."""
        with self._db.writing(durable=True) as db:
            db.execute(KEEP_FOOTPRINT, (footprint.name, stamp(now), sparse(footprint)))

    def drop_footprint(self, name: str) -> bool:
        """Keep it no more; False when there was none."""
        with self._db.writing(durable=True) as db:
            return bool(db.execute("DELETE FROM footprint WHERE name = ?", (name,)).rowcount)

    # -------------------------------------------------------------------------------------------- what they asked for

    def subscriptions(self) -> tuple[Subscription, ...]:
        """Those that stand, oldest first."""
        with self._db.reading() as db:
            return tuple(map(_as_subscription, db.execute(f"{SUBSCRIPTION} ORDER BY id")))

    def begun(self) -> Mapping[int, datetime]:
        """Since when each subscription stands, by its number; one that ended and was asked for again: since then."""
        with self._db.reading() as db:
            rows = db.execute("SELECT id, since FROM subscription WHERE id > 0 AND ended IS NULL")
            return {number: moment(since) for number, since in rows}

    def subscribe(self, subscription: Subscription, *, now: datetime) -> int:
        """Adds (id 0) or replaces; the same channel, address and filters give the same id."""
        s = subscription
        row = (s.channel, s.address, sparse(s.filters).decode(), s.mode, s.footprint, to_json(s.muted).decode())
        when = (maybe_stamp(s.paused_until), to_json(s.rhythm).decode(), s.answer_within, s.team)
        with self._db.writing(durable=True) as db:
            return int(db.execute(SUBSCRIBE, (s.id or None, *row, *when, stamp(now))).fetchone()[0])

    def unsubscribe(self, subscription_id: int, *, now: datetime) -> bool:
        """End it; False when there was none. What was promised before is still kept."""
        sql = "UPDATE subscription SET ended = ? WHERE id = ? AND id > 0 AND ended IS NULL"
        with self._db.writing(durable=True) as db:
            return bool(db.execute(sql, (stamp(now), subscription_id)).rowcount)

    def mute(self, subscription_id: int, source_ids: Sequence[str]) -> None:
        """Replace the sources that are muted for this subscription."""
        muted = to_json(tuple(dict.fromkeys(source_ids))).decode()
        with self._db.writing(durable=True) as db:
            db.execute("UPDATE subscription SET muted = ? WHERE id = ? AND id > 0", (muted, subscription_id))

    def pause(self, subscription_id: int, until: datetime | None) -> None:
        """Tell this subscription nothing until then; None: go on at once."""
        with self._db.writing(durable=True) as db:
            sql = "UPDATE subscription SET paused_until = ? WHERE id = ? AND id > 0"
            db.execute(sql, (maybe_stamp(until), subscription_id))


def actor_of(db: sqlite3.Connection, name: str) -> str:
    """The random id of the person of this name; an actor id stands for itself. Inside the caller's transaction."""
    known = db.execute("SELECT actor FROM person WHERE name = ?1 OR actor = ?1", (name,)).fetchone()
    if known:
        return str(known[0])
    fresh = secrets.token_hex(8)
    db.execute("INSERT INTO person (actor, name) VALUES (?, ?)", (fresh, name))
    return fresh


def _as_subscription(row: Sequence[Any]) -> Subscription:
    number, channel, address, filters, mode, footprint, muted, paused, rhythm, answer_within, team = row
    return Subscription(
        id=number,
        channel=channel,
        address=address,
        filters=msgspec.json.decode(filters, type=Filters),
        mode=mode,
        footprint=footprint,
        muted=msgspec.json.decode(muted, type=tuple[str, ...]),
        paused_until=maybe_moment(paused),
        rhythm=msgspec.json.decode(rhythm, type=Rhythm),
        answer_within=answer_within,
        team=team,
    )
