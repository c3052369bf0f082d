"""What the store can prove of one Change: its rows as they were sealed, and their stretch of the chain."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final

from bot.errors import OperatorError
from bot.model import Link, Proof, Sealed
from storage import bodies, ledger
from storage.facts import plain_edits
from storage.packing import to_json
from storage.phrases import lengthen
from storage.room import Room

LONGEST: Final = 200_000  # links that one proof carries: about 30 MB

# which rows speak of a Change, by kind
OF_CHANGE: Final = {
    ledger.SNAPSHOT: """SELECT snapshot FROM version WHERE id IN
        (SELECT before FROM change WHERE id = ?1 UNION SELECT after FROM change WHERE id = ?1)""",
    ledger.VERSION: """SELECT id FROM version WHERE id IN
        (SELECT before FROM change WHERE id = ?1 UNION SELECT after FROM change WHERE id = ?1)""",
    ledger.CHANGE: "SELECT id FROM change WHERE id = ?1",
    ledger.FINDING: "SELECT id FROM finding WHERE change = ?1",
    ledger.REVIEW: "SELECT id FROM review WHERE change = ?1",
    ledger.DELIVERY: "SELECT id FROM delivery WHERE subject = 'change:' || ?1 AND state = 2",
}
ENTRY: Final = "SELECT seq, content FROM ledger WHERE kind = ? AND row = ? ORDER BY seq"


class Proofs(Room):
    """The store's part that proves."""

    def proof(self, change_id: int) -> Proof:
        """What can be proved of this Change; raises OperatorError when there is none of this number."""
        with self._db.reading() as db:
            if not db.execute("SELECT 1 FROM change WHERE id = ?", (change_id,)).fetchone():
                raise OperatorError(f"there is no change {change_id}")
            rows = tuple(sorted(_rows(db, change_id)))
            chain = tuple(_chain(db, rows[0].seq)) if rows else ()
            last = db.execute("SELECT max(seq) FROM ledger").fetchone()[0]
            return Proof(
                change=change_id,
                rows=rows,
                chain=chain,
                before_chain=_previous(db, chain[0].seq) if chain else ledger.START,
                cut=bool(chain) and chain[-1].seq < last,
                files=dict(_files(db, rows)),
            )

    def head(self) -> tuple[int, bytes]:
        """The ledger's last entry and its hash; (0, 32 zero bytes) before the first."""
        with self._db.reading() as db:
            row = db.execute("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
        return (row[0], row[1]) if row else (0, ledger.START)


def _rows(db: sqlite3.Connection, change: int) -> Iterator[Sealed]:
    for kind, sql in OF_CHANGE.items():
        for (row,) in db.execute(sql, (change,)).fetchall():
            content = to_json(ledger.CONTENTS[kind](db, row, None))
            for seq, _ in db.execute(ENTRY, (kind, row)):
                yield Sealed(seq, ledger.NAMES[kind], row, content)


def _chain(db: sqlite3.Connection, first: int) -> Iterator[Link]:
    sql = "SELECT seq, kind, row, content, hash FROM ledger WHERE seq >= ? ORDER BY seq LIMIT ?"
    for seq, kind, row, content, hash_ in db.execute(sql, (first, LONGEST)):
        yield Link(seq, ledger.NAMES[kind], row, content, hash_)


def _previous(db: sqlite3.Connection, seq: int) -> bytes:
    row = db.execute("SELECT hash FROM ledger WHERE seq = ?", (seq - 1,)).fetchone()
    return row[0] if row else ledger.START


def _files(db: sqlite3.Connection, rows: tuple[Sealed, ...]) -> Iterator[tuple[str, bytes]]:
    """The contents whose hashes the rows hold."""
    for one in rows:
        if one.kind == "snapshot":
            (body,) = db.execute("SELECT body FROM snapshot WHERE id = ?", (one.row,)).fetchone()
            yield f"snapshot-{one.row}.body", bodies.load(db, body)
        elif one.kind == "version":
            (reading,) = db.execute("SELECT reading FROM version WHERE id = ?", (one.row,)).fetchone()
            yield f"version-{one.row}.json", bodies.load(db, reading)
        elif one.kind == "change":
            (edits,) = db.execute("SELECT edits FROM change WHERE id = ?", (one.row,)).fetchone()
            yield f"change-{one.row}.json", plain_edits(edits)
        elif one.kind == "finding":
            (content,) = db.execute("SELECT content FROM finding WHERE id = ?", (one.row,)).fetchone()
            yield f"finding-{one.row}.json", lengthen(content)
