"""Full-text search over what was judged: headlines, edited text and item titles, not whole documents."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from typing import Final

import msgspec

from bot.model import Filters, Finding, Hit
from storage import bodies
from storage.packing import moment, squeeze, unsqueeze
from storage.phrases import lengthen
from storage.room import Room
from storage.words import cut, question

AROUND: Final = 90  # characters on each side of the first word found
FOUND: Final = """SELECT change.id, source.name, change.at, finding.content
    FROM search JOIN change ON change.id = search.rowid JOIN source ON source.id = change.source
    JOIN finding ON finding.id = (SELECT max(id) FROM finding WHERE change = change.id)
    WHERE search MATCH ? ORDER BY change.at DESC, change.id DESC"""


class Search(Room):
    """The store's part that finds words."""

    def search(self, words: str, *, filters: Filters | None = None, limit: int = 20) -> tuple[Hit, ...]:
        """Changes whose judged text has all these words, newest first.

        Of `filters`, severity (`min`, which depends on a footprint and a day) and `every_change` do not apply.
        """
        filters = filters or Filters()
        asked = question(" ".join((words, *filters.words)))
        if not asked:
            return ()
        with self._db.reading() as db:
            return tuple(_hits(db, asked, words, filters, limit))


def _hits(db: sqlite3.Connection, asked: str, words: str, filters: Filters, limit: int) -> Iterator[Hit]:
    for change, name, at, content in db.execute(FOUND, (asked,)):
        finding = msgspec.json.decode(lengthen(content), type=Finding)
        if not passes(filters, name, finding):
            continue
        snippet = around(read_passage(db, change), words)
        yield Hit(change, name, moment(at), finding.headline, snippet, finding.verdict)
        limit -= 1
        if limit <= 0:
            return


def passes(filters: Filters, source: str, finding: Finding) -> bool:
    """Whether a Finding is what the filters ask for; an empty filter asks for everything."""
    wanted = (
        (filters.sources, (source,)),
        (filters.jurisdictions, finding.jurisdictions),
        (filters.topics, finding.topics),
        (filters.mechanisms, finding.mechanisms),
    )
    named = all(not asked or set(asked) & set(there) for asked, there in wanted)
    return named and (not filters.corridors or any(_meet(a, b) for a in filters.corridors for b in finding.corridors))


def _meet(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return all("*" in (a, b) or a == b for a, b in zip(one, other, strict=True))


def around(text: str, words: str) -> str:
    """The text around the first of the words that is in it."""
    folded = _folded(text)
    places = [place for word in words.split() if (place := folded.find(_folded(word))) >= 0]
    start = max(min(places, default=0) - AROUND, 0)
    end = min(start + 2 * AROUND, len(text))
    return f"{'…' if start else ''}{' '.join(text[start:end].split())}{'…' if end < len(text) else ''}"


def _folded(text: str) -> str:
    """Without case and accents, every character in its place."""
    return "".join((unicodedata.normalize("NFD", character)[0]).lower()[:1] or " " for character in text)


# ------------------------------------------------------------------------------------------------ the index


def index(db: sqlite3.Connection, change: int, text: str) -> None:
    """Make a Change findable by this text, in place of an earlier one. Inside the caller's transaction."""
    old = db.execute("SELECT 1 FROM passage WHERE change = ?", (change,)).fetchone()
    if old:
        before = read_passage(db, change)
        if before == text:
            return
        # the index keeps no texts: it must be told what to forget (https://sqlite.org/fts5.html, section 4.4.2)
        db.execute("INSERT INTO search (search, rowid, text) VALUES ('delete', ?, ?)", (change, cut(before)))
    db.execute("INSERT INTO search (rowid, text) VALUES (?, ?)", (change, cut(text)))
    # Of a first reading only the headings are kept: not worth the time to load all of it as a dictionary.
    (like,) = db.execute("SELECT coalesce(after, before) * (before > 0) FROM change WHERE id = ?", (change,)).fetchone()
    frame = squeeze(text.encode(), like=_reading(db, like), level=9)
    db.execute("REPLACE INTO passage (change, version, text) VALUES (?, ?, ?)", (change, like, frame))


def read_passage(db: sqlite3.Connection, change: int) -> str:
    """The text by which a Change is found; "" when there is none."""
    row = db.execute("SELECT version, text FROM passage WHERE change = ?", (change,)).fetchone()
    return unsqueeze(row[1], like=_reading(db, row[0])).decode() if row else ""


def _reading(db: sqlite3.Connection, version: int | None) -> bytes:
    """An edited text is mostly in the Version's reading already: a dictionary that costs nothing."""
    row = db.execute("SELECT reading FROM version WHERE id = ?", (version,)).fetchone()
    return bodies.load(db, row[0]) if row else b""
