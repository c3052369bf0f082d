"""Letting go of words and looks: what each step erases, inside the caller's transaction. Hashes stay."""

from __future__ import annotations

import json
import re
import sqlite3
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from hashlib import sha256
from html import escape
from typing import Any, Final

from storage.outbox import DONE
from storage.packing import to_json
from storage.phrases import lengthen, shorten

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
    """Erase what was sent or permitted with one of these words in it, and the words from what is still to be sent.

    Returns how many rows held one.
    """
    named = Named(words)
    sent = "SELECT id, payload, state IN (2, 4) FROM delivery WHERE payload IS NOT NULL"
    found = [(number, plain, over) for number, plain, over in _rows(db, sent) if named.stands_in(plain)]
    done = [(sha256(plain).digest(), number) for number, plain, over in found if over]
    db.executemany("UPDATE delivery SET payload = NULL, payload_hash = ? WHERE id = ?", done)
    waiting = [(shorten(named.out_of(plain)), number) for number, plain, over in found if not over]
    db.executemany("UPDATE delivery SET payload = ? WHERE id = ?", waiting)
    kept = "SELECT id, content, 0 FROM digest WHERE length(content) > 0"
    digests = [(shorten(named.out_of(plain)), number) for number, plain, _ in _rows(db, kept) if named.stands_in(plain)]
    db.executemany("UPDATE digest SET content = ? WHERE id = ?", digests)
    tickets = db.execute("SELECT id, content FROM ticket").fetchall()
    gone = [(number,) for number, content in tickets if named.stands_in(content)]
    db.executemany("DELETE FROM ticket WHERE id = ?", gone)
    return len(found) + len(digests) + len(gone)


def _rows(db: sqlite3.Connection, sql: str) -> list[tuple[int, bytes, int]]:
    return [(number, lengthen(packed), over) for number, packed, over in db.execute(sql).fetchall()]


class Named:
    """Words that name somebody, as they stand in JSON, in HTML and over a line's end; also in a message's `rich`."""

    SOMEBODY: Final = "somebody"

    def __init__(self, words: Iterable[str]) -> None:
        forms = {form for word in words if word.strip() for form in (word, escape(word))}
        parts = (r"\s+".join(map(re.escape, form.split())) for form in sorted(forms, key=len, reverse=True))
        self._words = re.compile("|".join(parts) or "(?!)")

    def stands_in(self, content: bytes) -> bool:
        return self.out_of(content) != content

    def out_of(self, content: bytes) -> bytes:
        """The same content with the words taken out; the very bytes when none stands in it."""
        try:
            value = json.loads(content)
        except ValueError:
            plain = self._words.sub(self.SOMEBODY, text := content.decode("utf-8", "replace"))
            return content if plain == text else plain.encode()
        cleaned = self._value(value)
        return content if cleaned == value else to_json(cleaned)

    def _value(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: self._value(one, name) for name, one in value.items()}
        if isinstance(value, list):
            return [self._value(one) for one in value]
        if not isinstance(value, str):
            return value
        return self._rich(value) if key == "rich" else self._words.sub(self.SOMEBODY, value)

    def _rich(self, value: str) -> str:
        """What a channel shows is JSON again, as base64 (msgspec's form of bytes)."""
        try:
            plain = b64decode(value, validate=True)
        except ValueError:
            return self._words.sub(self.SOMEBODY, value)
        cleaned = self.out_of(plain)
        return value if cleaned == plain else b64encode(cleaned).decode()
