"""Letting go of words and looks: what each step erases, inside the caller's transaction. Hashes stay."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Final

from storage.outbox import DONE
from storage.phrases import lengthen

PAGE: Final = 5_000  # rows let go in one transaction: nobody else waits long
DAY: Final = 86_400_000  # milliseconds


def _payloads(db: sqlite3.Connection, until: int) -> int:
    """What was sent, or given up, long ago: its hash stays, so that the chain holds."""
    sql = """SELECT id, payload FROM delivery WHERE payload IS NOT NULL AND state IN (?, 4) AND attempted < ?
        ORDER BY id LIMIT ?"""
    rows = db.execute(sql, (DONE, until, PAGE)).fetchall()
    hashes = [(sha256(lengthen(payload)).digest(), number) for number, payload in rows]
    db.executemany("UPDATE delivery SET payload = NULL, payload_hash = ? WHERE id = ?", hashes)
    return len(rows)


def _remarks(db: sqlite3.Connection, until: int) -> int:
    sql = """UPDATE review SET remark = NULL, salt = NULL WHERE id IN
        (SELECT id FROM review WHERE salt IS NOT NULL AND at < ? ORDER BY id LIMIT ?)"""
    return db.execute(sql, (until, PAGE)).rowcount


def _digests(db: sqlite3.Connection, until: int) -> int:
    sql = """UPDATE digest SET content = x'' WHERE id IN
        (SELECT id FROM digest WHERE length(content) > 0 AND until < ? ORDER BY id LIMIT ?)"""
    return db.execute(sql, (until, PAGE)).rowcount


def _looks(db: sqlite3.Connection, until: int) -> int:
    """Rows of looks become one row per source, day and outcome; only whole days."""
    until -= until % DAY
    rows = db.execute('SELECT source, at, outcome FROM "check" WHERE at < ? LIMIT ?', (until, PAGE)).fetchall()
    for source, at, outcome in rows:
        db.execute(
            """INSERT INTO check_day VALUES (?, ?, ?, 1)
            ON CONFLICT (source, day, outcome) DO UPDATE SET looks = looks + 1""",
            (source, at // DAY, outcome),
        )
    db.executemany('DELETE FROM "check" WHERE source = ? AND at = ?', [row[:2] for row in rows])
    # hash, size and headers of bodies that read the same go with the looks that brought them, but for the newest
    db.executemany(
        """DELETE FROM same_body WHERE source = ?1 AND at = ?2
        AND NOT EXISTS (SELECT 1 FROM newest_body WHERE source = ?1 AND at = ?2)""",
        [row[:2] for row in rows],
    )
    return len(rows)


STEPS: Final[dict[str, Callable[[sqlite3.Connection, int], int]]] = {
    "payloads": _payloads, "remarks": _remarks, "digests": _digests, "looks": _looks,
}  # fmt: skip


def words_go(db: sqlite3.Connection, words: Iterable[str]) -> int:
    """Erase what was sent, composed or permitted with one of these words in it; returns how many rows."""
    found = [word.encode() for word in words]
    hashes = [(sha256(plain).digest(), number) for number, plain in _plain(db, "delivery", "payload", found)]
    db.executemany(WORDS_GO, hashes)
    digests = [(number,) for number, _ in _plain(db, "digest", "content", found)]
    db.executemany("UPDATE digest SET content = x'' WHERE id = ?", digests)
    sql = "SELECT id, content FROM ticket"
    tickets = [(number,) for number, content in db.execute(sql).fetchall() if _holds(content, found)]
    db.executemany("DELETE FROM ticket WHERE id = ?", tickets)
    return len(hashes) + len(digests) + len(tickets)


# what is still to be sent is composed again, without the words
WORDS_GO: Final = "UPDATE delivery SET payload = NULL, payload_hash = CASE WHEN state IN (2, 4) THEN ? END WHERE id = ?"


def _plain(db: sqlite3.Connection, table: str, column: str, words: Sequence[bytes]) -> list[tuple[int, bytes]]:
    """Number and plain content of each row that holds one of the words."""
    sql = f"SELECT id, {column} FROM {table} WHERE length({column}) > 0"
    rows = ((number, lengthen(packed)) for number, packed in db.execute(sql).fetchall())
    return [(number, plain) for number, plain in rows if _holds(plain, words)]


def _holds(content: bytes, words: Iterable[bytes]) -> bool:
    return any(word in content for word in words)
