"""History that is brought in after what came later: Versions at their own times, before those that are there."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.model import Edit, Outcome
from storage import standing
from storage.packing import moment, stamp
from storage.record import Scribe
from storage.room import Room
from storage.standing import Line


class Past(Room):
    """The store's part that takes in old captures."""

    def record_past(self, outcomes: Sequence[Outcome], *, onward: Sequence[Edit] = ()) -> tuple[int, ...]:
        """Write captures of one source, oldest first, in one transaction; returns the Change of each.

        They lie between two neighbouring Versions, or before the first one, or after the last. `onward` are the edits
        from the last of them to the next Version; they become one more Change, at that Version's time. No look is
        noted and the source stands as it stood. Where no Version comes later, the last of these is the latest one.
        """
        with self._db.writing(durable=False) as db:
            scribe = PastScribe(db, outcomes)
            (line,) = scribe.lines.values()
            stood = replace(line)
            following = _following(db, line, outcomes[-1])
            line.version = _preceding(db, line, outcomes[0])
            made = [scribe.place(outcome, line) for outcome in outcomes]
            if following and onward:
                made.append(scribe.lead_on(outcomes[-1], line, following=following, edits=onward))
            if not following:
                standing.save(db, [_after(stood, line)])
        return tuple(made)


class PastScribe(Scribe):
    """Writes Versions that are older than the newest body: that one stays."""

    late = True

    def place(self, outcome: Outcome, line: Line) -> int:
        """One capture: Snapshot, Version and the Change that leads to it."""
        return self._new_version(outcome, line, outcome.look.reading)

    def lead_on(self, outcome: Outcome, line: Line, *, following: tuple[int, int], edits: Sequence[Edit]) -> int:
        """The Change from the last capture to the Version that follows it."""
        before, (line.version, at) = line.version, following
        then = replace(outcome, look=replace(outcome.look, at=moment(at)), missed=False)
        return self._change(then, line, cause="source", before=before, edits=edits)

    def _before(self, outcome: Outcome, line: Line) -> int:
        return line.version

    def _forget_newest(self, line: Line) -> None:
        pass


PRECEDING: Final = "SELECT id FROM version WHERE source = ? AND at < ? ORDER BY at DESC, id DESC LIMIT 1"
FOLLOWING: Final = "SELECT id, at FROM version WHERE source = ? AND at > ? ORDER BY at, id LIMIT 1"


def _preceding(db: sqlite3.Connection, line: Line, outcome: Outcome) -> int:
    row = db.execute(PRECEDING, (line.source, stamp(outcome.at))).fetchone()
    return int(row[0]) if row else 0


def _following(db: sqlite3.Connection, line: Line, outcome: Outcome) -> tuple[int, int] | None:
    row: tuple[int, int] | None = db.execute(FOLLOWING, (line.source, stamp(outcome.at))).fetchone()
    return row


def _after(stood: Line, written: Line) -> Line:
    """As it stood, with the latest Version and what the next bodies are packed against."""
    packed = replace(stood, head=written.head, body_key=written.body_key, reading_key=written.reading_key)
    return replace(packed, version=written.version)
