"""The append-only, hash-chained record of all that counts: what was seen, thought, said, promised, joined, let go."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

from storage import bodies, headers
from storage.facts import CAUSES, plain_edits
from storage.packing import to_json
from storage.phrases import lengthen
from storage.room import Room

SNAPSHOT, VERSION, FINDING, REVIEW, DELIVERY, EVENT, KEEPING, CHANGE = KINDS = range(8)
NAMES: Final = ("snapshot", "version", "finding", "review", "delivery", "event", "keeping", "change")
START: Final = bytes(32)


def append(db: sqlite3.Connection, kind: int, row: int, *, body: bytes | None = None) -> None:
    """Seal a row that was just written, in the same transaction; `body`: its bytes, where they are at hand."""
    last = db.execute("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
    seq, previous = (last[0] + 1, last[1]) if last else (1, START)
    content = seal(db, kind, row, body=body)
    db.execute(
        "INSERT INTO ledger VALUES (?, ?, ?, ?, ?)", (seq, kind, row, content, link(previous, seq, kind, row, content))
    )


def link(previous: bytes, seq: int, kind: int, row: int, content: bytes) -> bytes:
    """The chain's next hash: SHA-256 over the previous one and `[seq,"kind",row,"content in hex"]`."""
    return sha256(previous + to_json([seq, NAMES[kind], row, content.hex()])).digest()


def seal(db: sqlite3.Connection, kind: int, row: int, *, body: bytes | None = None) -> bytes:
    """SHA-256 of a row's canonical content; raises LookupError when the row is not there."""
    return sha256(to_json(CONTENTS[kind](db, row, body))).digest()


# ------------------------------------------------------------------------------------------------ canonical contents
# JSON arrays of plain values, so that a stranger can compute them from an export. People appear as `actor` only.


def _snapshot(db: sqlite3.Connection, row: int, body: bytes | None) -> list[Any]:
    source, at, status, url, stored, head, frame, provenance = _one(
        db,
        """SELECT source.name, at, status, word.text, body, head, headers, coalesce(whence.text, '') FROM snapshot
        JOIN source ON source.id = snapshot.source JOIN word ON word.id = url
        LEFT JOIN word AS whence ON whence.id = provenance WHERE snapshot.id = ?""",
        row,
    )
    sent = headers.unpack(db, headers.Packed(head, frame))
    digest = sha256(bodies.load(db, stored) if body is None else body).hexdigest()
    return [source, at, status, url, sent, digest, provenance]


def _version(db: sqlite3.Connection, row: int, body: bytes | None) -> list[Any]:
    # without the fingerprint: it is renewed when a newer reader reads the same
    source, at, snapshot, reading = _one(
        db,
        """SELECT source.name, at, snapshot, reading FROM version
        JOIN source ON source.id = version.source WHERE version.id = ?""",
        row,
    )
    return [source, at, snapshot, sha256(bodies.load(db, reading) if body is None else body).hexdigest()]


def _finding(db: sqlite3.Connection, row: int, body: bytes | None) -> list[Any]:
    change, at, content = _one(db, "SELECT change, at, content FROM finding WHERE id = ?", row)
    return [change, at, sha256(lengthen(content) if body is None else body).hexdigest()]


def _review(db: sqlite3.Connection, row: int, body: bytes | None) -> list[Any]:
    change, actor, at, says, commitment, subscription, value = _one(
        db, "SELECT change, actor, at, says, commitment, subscription, value FROM review WHERE id = ?", row
    )
    said = [change, actor, at, says, commitment.hex()]
    return [*said, subscription, value] if subscription or value else said  # as rows were sealed before they had these


def _delivery(db: sqlite3.Connection, row: int, body: bytes | None) -> list[Any]:
    *key, at, payload, gone = _one(
        db,
        "SELECT subscription, kind, subject, revision, attempted, payload, payload_hash FROM delivery WHERE id = ?",
        row,
    )
    return [*key, at, (gone or sha256(lengthen(payload) if payload else b"").digest()).hex()]


def _event(db: sqlite3.Connection, row: int, body: bytes | None) -> list[Any]:
    return list(_one(db, "SELECT at, event, into_event, change FROM event_step WHERE id = ?", row))


def _keeping(db: sqlite3.Connection, row: int, body: bytes | None) -> list[Any]:
    return list(_one(db, "SELECT at, what, rows, until FROM letting_go WHERE id = ?", row))


def _change(db: sqlite3.Connection, row: int, body: bytes | None) -> list[Any]:
    source, at, cause, *versions, counted, missed, late, edits = _one(
        db,
        """SELECT source.name, at, cause, before, after, counted, missed, late, edits FROM change
        JOIN source ON source.id = change.source WHERE change.id = ?""",
        row,
    )
    said = [source, at, CAUSES[cause], *versions, counted, missed, late]
    return [*said, sha256(plain_edits(edits) if body is None else body).hexdigest()]


CONTENTS: Final[tuple[Callable[[sqlite3.Connection, int, bytes | None], list[Any]], ...]] = (
    _snapshot, _version, _finding, _review, _delivery, _event, _keeping, _change,
)  # fmt: skip


def _one(db: sqlite3.Connection, sql: str, row: int) -> tuple[Any, ...]:
    found: tuple[Any, ...] | None = db.execute(sql, (row,)).fetchone()
    if found is None:
        raise LookupError
    return found


# ------------------------------------------------------------------------------------------------ verifying

# rows that must stand in the ledger; of deliveries, the done ones
SEALED: Final[Mapping[int, str]] = {
    SNAPSHOT: "SELECT id FROM snapshot",
    VERSION: "SELECT id FROM version",
    FINDING: "SELECT id FROM finding",
    REVIEW: "SELECT id FROM review",
    DELIVERY: "SELECT id FROM delivery WHERE state = 2",
    EVENT: "SELECT id FROM event_step",
    KEEPING: "SELECT id FROM letting_go",
    CHANGE: "SELECT id FROM change",
}
# what was told is never to be told again
UNDONE: Final = """SELECT seq, row FROM ledger JOIN delivery ON delivery.id = row
    WHERE ledger.kind = ? AND state != 2 ORDER BY seq LIMIT 1"""
UNSEALED: Final = "SELECT id FROM change EXCEPT SELECT row FROM ledger WHERE kind = ? ORDER BY id LIMIT 1000"


class Ledger(Room):
    """The store's part that proves what it remembers."""

    def verify(self) -> str:
        """Walk the ledger's chain; "" when it holds, else one sentence: what is wrong where."""
        with self._db.reading() as db:
            return next(_faults(db), "")


def fill(db: sqlite3.Connection) -> None:
    """Seal the Changes of a store that was made before these were sealed; goes on where it was cut off."""
    while rows := db.execute(UNSEALED, (CHANGE,)).fetchall():
        db.execute("BEGIN IMMEDIATE")
        try:
            for (row,) in rows:
                append(db, CHANGE, row)
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")


def _faults(db: sqlite3.Connection) -> Iterator[str]:
    previous, expected = START, 1
    for seq, kind, row, content, hash_ in db.execute("SELECT seq, kind, row, content, hash FROM ledger ORDER BY seq"):
        if seq != expected or link(previous, seq, kind, row, content) != hash_:
            yield f"ledger entry {expected}: the chain is broken"
            return
        if not _intact(db, kind, row, content):
            yield f"ledger entry {seq}: {NAMES[kind]} {row} is not what was recorded"
        previous, expected = hash_, seq + 1
    for kind, rows in SEALED.items():
        if stray := db.execute(f"{rows} EXCEPT SELECT row FROM ledger WHERE kind = ? LIMIT 1", (kind,)).fetchone():
            yield f"{NAMES[kind]} {stray[0]} is missing from the ledger"
    for seq, row in db.execute(UNDONE, (DELIVERY,)):
        yield f"ledger entry {seq}: delivery {row} was told, and no longer stands as done"


def _intact(db: sqlite3.Connection, kind: int, row: int, content: bytes) -> bool:
    try:
        return seal(db, kind, row) == content and (kind != REVIEW or _keeps_its_remark(db, row))
    except Exception:  # a damaged row fails in as many ways as there are decoders; all mean the same here
        return False


def _keeps_its_remark(db: sqlite3.Connection, row: int) -> bool:
    """Whether a review's remark is the one that was committed to, or was erased together with its salt."""
    from storage.handling import commitment  # which stands on this room

    committed, salt, remark = _one(db, "SELECT commitment, salt, remark FROM review WHERE id = ?", row)
    if salt is None or remark is None:
        return salt is None and remark is None
    return bool(commitment(salt, remark) == committed)
