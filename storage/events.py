"""Events: acts that several Changes speak of, and what people merged and split."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from bot.errors import OperatorError
from bot.model import Event
from storage import ledger
from storage.facets import decode
from storage.packing import moment, stamp
from storage.room import Room, marks

JOIN: Final = """INSERT INTO event_change (event, change, joined)
    VALUES (?1, ?2, 1 + coalesce((SELECT max(joined) FROM event_change WHERE event = ?1), 0))"""


class Events(Room):
    """The store's part that knows which Changes speak of one act."""

    def event(self, event_id: int) -> Event | None:
        """One Event; None when there is none of this number, or it was merged into another."""
        with self._db.reading() as db:
            return read_event(db, event_id)

    def became(self, event_id: int) -> int:
        """The number of what an Event is part of by now, its own when it still stands; 0 when there never was one."""
        with self._db.reading() as db:
            return _present(db, event_id)

    def event_of(self, change_id: int) -> Event | None:
        """The Event that a Change belongs to."""
        with self._db.reading() as db:
            number = _number_of(db, change_id)
            return read_event(db, number) if number else None

    def events_of(self, acts: Sequence[str]) -> tuple[Event, ...]:
        """Events that share an act's identifier with these, oldest first."""
        with self._db.reading() as db:
            sql = f"SELECT DISTINCT event FROM event_act WHERE act IN ({marks(acts)}) ORDER BY event"
            numbers = [number for (number,) in db.execute(sql, tuple(acts))]
            return tuple(event for number in numbers if (event := read_event(db, number)))

    def merge(self, event_id: int, *, into: int, now: datetime) -> None:
        """Every Change of the first event joins the second; the first is no more.

        Raises OperatorError when one of them is not there, or both are the same.
        """
        with self._db.writing(durable=True) as db:
            for number in (event_id, into):
                if read_event(db, number) is None:
                    raise OperatorError(f"there is no event {number}")
            if event_id == into:
                raise OperatorError(f"event {into} cannot be merged into itself")
            db.execute("UPDATE OR IGNORE event_act SET event = ? WHERE event = ?", (into, event_id))
            for change in _changes(db, event_id):
                join(db, change, event=into)
            _step(db, now, event_id, into, None)

    def split(self, change_id: int, *, now: datetime) -> int:
        """The Change leaves its event and has one of its own; returns that.

        It takes along the acts that it alone speaks of. One that is alone already stays where it is. Raises
        OperatorError for a Change that nobody judged.
        """
        with self._db.writing(durable=True) as db:
            row = db.execute("SELECT content FROM finding WHERE change = ? ORDER BY id DESC", (change_id,)).fetchone()
            if row is None:
                raise OperatorError(f"there is no change {change_id} that was judged")
            left, finding = _number_of(db, change_id), decode(row[0])
            if left and _changes(db, left) == [change_id]:
                return left
            own = set(finding.acts) - (_acts_beside(db, left, change_id) if left else set())
            made = enter(db, Event(0, now, finding.headline, tuple(sorted(own))), change=change_id)
            gone = [(act, left) for act in own]
            db.executemany("DELETE FROM event_act WHERE act = ? AND event = ?", gone)
            _step(db, now, left or None, made, change_id)
        return made


def enter(db: sqlite3.Connection, event: Event, *, change: int) -> int:
    """Let a Change join this Event (id 0: a new one), with the acts that it has then; returns the Event's number.

    What was merged meanwhile is joined where it went. Inside the caller's transaction.
    """
    number = _present(db, event.id) if event.id else 0
    if not number:
        sql = "INSERT INTO event (at, title) VALUES (?, ?) RETURNING id"
        number = int(db.execute(sql, (stamp(event.at), event.title)).fetchone()[0])
    elif number == event.id and event.title:
        db.execute("UPDATE event SET title = ?1 WHERE id = ?2 AND title != ?1", (event.title, number))
    acts = [(act, number) for act in event.acts]
    db.executemany("INSERT OR IGNORE INTO event_act (act, event) VALUES (?, ?)", acts)
    if _number_of(db, change) != number:
        join(db, change, event=number)
    return number


def join(db: sqlite3.Connection, change: int, *, event: int) -> None:
    """A Change belongs to one Event: it leaves the one it belonged to, which is no more once nothing belongs to it."""
    left = _number_of(db, change)
    db.execute("DELETE FROM event_change WHERE change = ?", (change,))
    db.execute(JOIN, (event, change))
    if left and not db.execute("SELECT 1 FROM event_change WHERE event = ? LIMIT 1", (left,)).fetchone():
        db.execute("DELETE FROM event_act WHERE event = ?", (left,))
        db.execute("UPDATE event SET merged_into = ? WHERE id = ?", (event, left))


def read_event(db: sqlite3.Connection, number: int) -> Event | None:
    row = db.execute("SELECT at, title FROM event WHERE id = ? AND merged_into IS NULL", (number,)).fetchone()
    if row is None:
        return None
    acts = db.execute("SELECT act FROM event_act WHERE event = ? ORDER BY act", (number,))
    return Event(number, moment(row[0]), row[1], tuple(act for (act,) in acts), tuple(_changes(db, number)))


def _changes(db: sqlite3.Connection, event: int) -> list[int]:
    rows = db.execute("SELECT change FROM event_change WHERE event = ? ORDER BY joined, change", (event,))
    return [change for (change,) in rows]


def _number_of(db: sqlite3.Connection, change: int) -> int:
    row = db.execute("SELECT event FROM event_change WHERE change = ?", (change,)).fetchone()
    return int(row[0]) if row else 0


def _present(db: sqlite3.Connection, number: int) -> int:
    """Where an Event went, if people merged it; 0 when there never was one."""
    row = db.execute("SELECT merged_into FROM event WHERE id = ?", (number,)).fetchone()
    while row and row[0]:
        number = row[0]
        row = db.execute("SELECT merged_into FROM event WHERE id = ?", (number,)).fetchone()
    return number if row else 0


def _acts_beside(db: sqlite3.Connection, event: int, change: int) -> set[str]:
    """The acts that the other Changes of an Event speak of."""
    others: Iterable[int] = (one for one in _changes(db, event) if one != change)
    found: set[str] = set()
    for other in others:
        row = db.execute("SELECT content FROM finding WHERE change = ? ORDER BY id DESC", (other,)).fetchone()
        found.update(decode(row[0]).acts if row else ())
    return found


def _step(db: sqlite3.Connection, now: datetime, event: int | None, into: int, change: int | None) -> None:
    row = (stamp(now), event, into, change)
    sql = "INSERT INTO event_step (at, event, into_event, change) VALUES (?, ?, ?, ?) RETURNING id"
    ledger.append(db, ledger.EVENT, int(db.execute(sql, row).fetchone()[0]))
