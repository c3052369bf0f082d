"""Opinions: Findings on Changes, and which Changes still wait for one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from bot.model import VERDICTS, Change, Delivery, Event, Finding
from storage import events, facets, ledger
from storage.facts import read_changes
from storage.outbox import queue
from storage.packing import sparse, stamp
from storage.phrases import shorten
from storage.room import Room, marks
from storage.search import index

PAGE: Final = 200  # Changes read at a time
# a derived source that was announced, has never read, and has not failed too often
AWAITED: Final = """EXISTS (SELECT 1 FROM source AS child LEFT JOIN standing ON standing.source = child.id
    WHERE child.announced_by = change.id AND child.retired IS NULL
    AND coalesce(standing.version, 0) = 0 AND coalesce(standing.streak, 0) < ?)"""
WAITING: Final = f"""WHERE change.id IN (SELECT change FROM unjudged)
    AND NOT (change.at > ? AND {AWAITED}) ORDER BY change.at, change.id LIMIT ?"""
JUDGED: Final = """WHERE change.id > ? AND change.at >= ? AND EXISTS (SELECT 1 FROM finding WHERE change = change.id)
    ORDER BY change.id LIMIT ?"""
LATEST: Final = "SELECT max(id), content FROM finding WHERE change"


class Opinions(Room):
    """The store's part that keeps what the judge said."""

    def unjudged(self, *, now: datetime, wait: timedelta, tries: int, limit: int = 200) -> tuple[Change, ...]:
        """Oldest first: Changes without a Finding, but for those that still wait for an announced document.

        A Change waits while one of its derived sources has no Version, fewer than `tries` failed looks, and the
        Change is younger than `wait`. Our own reader's Changes and those without an edit to judge never show up.
        """
        with self._db.reading() as db:
            return read_changes(db, WAITING, (stamp(now - wait), tries, limit))

    def judged(self, *, since: datetime | None = None) -> Iterator[Change]:
        """Changes with a Finding, in the order in which they were recorded; since: of that moment or later."""
        last, start = 0, stamp(since) if since else 0
        while page := self._judged_after(last, start):
            yield from page
            last = page[-1].id

    def _judged_after(self, last: int, start: int) -> tuple[Change, ...]:
        # page by page, so that no reader holds the write-ahead log while its caller thinks
        with self._db.reading() as db:
            return read_changes(db, JUDGED, (last, start, PAGE))

    def finding(self, change_id: int) -> Finding | None:
        """The latest Finding on a Change."""
        return self.findings([change_id]).get(change_id)

    def findings(self, change_ids: Sequence[int]) -> Mapping[int, Finding]:
        """The latest Finding of each of these Changes that has one."""
        found: dict[int, Finding] = {}
        with self._db.reading() as db:
            for start in range(0, len(change_ids), 500):  # SQLite takes at least 999 parameters
                part = change_ids[start : start + 500]
                rows = db.execute(f"{LATEST} IN ({marks(part)}) GROUP BY change", part)
                found.update((finding.change, finding) for finding in map(_as_finding, rows))
        return found

    def add_finding(
        self, finding: Finding, deliveries: Sequence[Delivery], *, text: str, event: Event | None = None
    ) -> int:
        """Finding, deliveries, facets, search row and ledger, in one durable transaction; returns the Finding's id.

        Deliveries whose unique key is there already are left alone. `text` is what full-text search finds (edited text
        and item titles), beside the headline. `event`: the Event that the Change joins, with the acts it has then;
        id 0: a new one; None: as it was.
        """
        return self.add_findings([(finding, deliveries, text, event)])[0]

    def add_findings(self, rows: Sequence[Opinion]) -> tuple[int, ...]:
        """Several Findings, each with its deliveries, text and Event as in add_finding, in one durable transaction."""
        with self._db.writing(durable=True) as db:
            return tuple(_add(db, *row) for row in rows)


Opinion = tuple[Finding, Sequence[Delivery], str, Event | None]


def _add(
    db: sqlite3.Connection, finding: Finding, deliveries: Sequence[Delivery], text: str, event: Event | None
) -> int:
    plain = sparse(replace(finding, id=0))
    number = _insert(db, finding, plain)
    db.execute("DELETE FROM unjudged WHERE change = ?", (finding.change,))
    index(db, finding.change, f"{finding.headline}\n{text}")
    facets.note(db, finding, number=number)
    if event:
        events.enter(db, event, change=finding.change)
    queue(db, deliveries)
    ledger.append(db, ledger.FINDING, number, body=plain)
    return number


def _insert(db: sqlite3.Connection, finding: Finding, plain: bytes) -> int:
    row = (finding.change, stamp(finding.at), VERDICTS.index(finding.verdict), shorten(plain))
    # No RETURNING: it opens a savepoint, at which FTS5 writes what it had gathered, a segment for every Change.
    number = db.execute("INSERT INTO finding (change, at, verdict, content) VALUES (?, ?, ?, ?)", row).lastrowid
    assert number
    return number


def _as_finding(row: Sequence[Any]) -> Finding:
    number, content = row
    return replace(facets.decode(content), id=number)
