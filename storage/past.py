"""History that is brought in after what came later: Versions at their own times, beside those that are there."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from bot.model import Edit, Outcome, Version
from storage import ledger
from storage.facts import CAUSES, pack_edits
from storage.packing import stamp
from storage.record import ADD_CHANGE, Scribe
from storage.room import Room
from storage.standing import Line


class Past(Room):
    """The store's part that takes in old captures."""

    def record_past(self, outcomes: Sequence[Outcome]) -> tuple[int, ...]:
        """Write old captures of one source, oldest first, in one transaction; returns the Change of each.

        Each becomes a Version at its own time, and the Change from the Version before it. The latest Version stays the
        one that looks are compared with, and the source stands as it stood: no look is noted.
        """
        with self._db.writing(durable=False) as db:
            scribe = PastScribe(db, outcomes)
            return tuple(scribe.place(outcome) for outcome in outcomes)

    def connect(self, before: Version, after: Version, edits: Sequence[Edit], *, cause: str = "source") -> int:
        """Write a Change between two Versions that are there already; returns its id.

        Cause *source*: neighbours of one source, late. *edition*: of two documents, once somebody said that one
        succeeds the other; that is news.
        """
        counted = any(edit.counted for edit in edits)
        with self._db.writing(durable=False) as db:
            source = db.execute("SELECT source FROM version WHERE id = ?", (after.id,)).fetchone()[0]
            facts = (source, stamp(after.at), CAUSES.index(cause), before.id, after.id, counted)
            number = db.execute(ADD_CHANGE, (*facts, False, cause == "source", pack_edits(edits))).lastrowid
            assert number
            ledger.append(db, ledger.CHANGE, number)
            if counted:
                db.execute("INSERT INTO unjudged VALUES (?)", (number,))
        return number


class PastScribe(Scribe):
    """Writes Versions that are older than the newest body: that one stays, and so does how the source stands."""

    late = True

    def place(self, outcome: Outcome) -> int:
        """One capture: Snapshot, Version and the Change that leads to it."""
        line = self.lines[outcome.source_id]
        change = self._new_version(outcome, line, outcome.look.reading)
        rows = [(line.source, item.key, item.title) for item in outcome.items]
        self._db.executemany("INSERT OR IGNORE INTO item (source, key, title, listed) VALUES (?, ?, ?, 0)", rows)
        return change

    def _before(self, outcome: Outcome, line: Line) -> int:
        return _preceding(self._db, line, outcome)

    def _forget_newest(self, line: Line) -> None:
        pass


PRECEDING: Final = "SELECT id FROM version WHERE source = ? AND at < ? ORDER BY at DESC, id DESC LIMIT 1"


def _preceding(db: sqlite3.Connection, line: Line, outcome: Outcome) -> int:
    row = db.execute(PRECEDING, (line.source, stamp(outcome.at))).fetchone()
    return int(row[0]) if row else 0
