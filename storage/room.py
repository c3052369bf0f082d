"""What the store's parts have in common: the connections, and the names that repeat."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from storage.connection import Connections


class Room:
    """A part of the store; its methods are the store's."""

    def __init__(self, connections: Connections) -> None:
        self._db = connections


def word(db: sqlite3.Connection, text: str) -> int:
    """The number of a text that repeats."""
    found = db.execute("SELECT id FROM word WHERE text = ?", (text,)).fetchone()
    if found is None:
        made = db.execute("INSERT INTO word (text) VALUES (?)", (text,)).lastrowid
        assert made
        return made
    return int(found[0])


def spelled(db: sqlite3.Connection, number: int | None) -> str:
    """The inverse of word; "" for None."""
    return db.execute("SELECT text FROM word WHERE id = ?", (number,)).fetchone()[0] if number else ""


def marks(values: Iterable[object]) -> str:
    """Question marks for an IN list."""
    return ", ".join("?" for _ in values)
