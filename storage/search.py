"""Full-text search over what was judged: headlines, edited text and item titles, not whole documents."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from typing import Final

from bot.model import Filters, Hit
from storage import bodies
from storage.facets import decode
from storage.lookups import Condition, narrowed, saying, walk
from storage.packing import moment, squeeze, unsqueeze
from storage.room import Room
from storage.words import cut, exact, question

NEAR: Final = 20  # times as many Changes as are wanted are looked through first
DENSE: Final = 10  # times as many Changes as those looked through may lie between them
DOUBTFUL: Final = 60  # Changes whose texts are looked at one by one
AROUND: Final = 90  # characters on each side of the first word found
BETWEEN: Final = "SELECT rowid FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ?"
ADD: Final = "INSERT INTO passage (version, text, change) VALUES (?, ?, ?)"
HIT: Final = """SELECT name, change.at, content FROM change JOIN source ON source.id = change.source, finding
    WHERE change.id = ? AND finding.id = ?"""


class Search(Room):
    """The store's part that finds words."""

    def search(
        self, words: str, *, filters: Filters | None = None, before: int = 0, limit: int = 20
    ) -> tuple[Hit, ...]:
        """Changes whose judged text has all these words, newest first; `before`: those after this Change there.

        Of `filters`, severity (`min`, which depends on a footprint and a day) and `every_change` do not apply.
        """
        filters = filters or Filters()
        parts = [question(words), *([question(" ".join(filters.words))] if filters.words else [])]
        if not all(parts):  # nothing in them that a text could hold
            return ()
        asked = " AND ".join(parts)
        with self._db.reading() as db:
            others = narrowed(db, replace(filters, words=()), before=before)
            rows = _near(db, asked, others, limit=limit)
            if rows is None:
                rows = walk(db, [saying(asked), *others], limit=limit)
            return tuple(_hit(db, change, finding, words) for change, finding in rows)


def _near(
    db: sqlite3.Connection, asked: str, others: Sequence[Condition], *, limit: int
) -> Sequence[tuple[int, int]] | None:
    """The answer, when the newest Changes hold enough: a common word is not looked up in the whole index. Else None."""
    rows = walk(db, others, limit=NEAR * limit)
    changes = [change for change, _ in rows] or [0]
    first, last = min(changes), max(changes)
    if last - first < DENSE * len(rows) and (hits := _common(db, asked, rows, limit=limit)):
        return hits
    said = {change for (change,) in db.execute(BETWEEN, (asked, first, last))}
    hits = [row for row in rows if row[0] in said]
    return hits[:limit] if len(hits) >= limit or len(rows) < NEAR * limit else None


def _common(
    db: sqlite3.Connection, asked: str, rows: Sequence[tuple[int, int]], *, limit: int
) -> Sequence[tuple[int, int]]:
    """The answer where enough of these rows hold the very words that were typed; () where they do not.

    The index gathers all Changes with any ending of a word before it names the first; of the very word it walks along
    those asked for. So only the few that stand between those are asked for other endings, by their texts.
    """
    changes = [change for change, _ in rows]
    said = {change for (change,) in db.execute(BETWEEN, (exact(asked), min(changes), max(changes)))}
    sure = [number for number, change in enumerate(changes) if change in said][:limit]
    if len(sure) < limit:
        return ()
    near = rows[: sure[-1] + 1]
    doubtful = [change for change, _ in near if change not in said]
    if len(doubtful) > DOUBTFUL:
        return ()
    said |= _holding(db, asked, doubtful)
    return [row for row in near if row[0] in said][:limit]


def _holding(db: sqlite3.Connection, asked: str, changes: Sequence[int]) -> set[int]:
    """Which of these few Changes answer the question: their texts in an index like ours, in memory."""
    (index_of_ours,) = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'search'").fetchone()
    with closing(sqlite3.connect(":memory:")) as few:
        few.execute(index_of_ours)
        rows = ((change, cut(read_passage(db, change))) for change in changes)
        few.executemany("INSERT INTO search (rowid, text) VALUES (?, ?)", rows)
        return {change for (change,) in few.execute("SELECT rowid FROM search WHERE search MATCH ?", (asked,))}


def _hit(db: sqlite3.Connection, change: int, finding: int, words: str) -> Hit:
    name, at, content = db.execute(HIT, (change, finding)).fetchone()
    opinion = decode(content)
    snippet = around(read_passage(db, change), words)
    return Hit(change, name, moment(at), opinion.headline, snippet, opinion.verdict)


def around(text: str, words: str) -> str:
    """The text around the first of the words that is in it."""
    folded = _folded(text)
    places = [place for word in words.split() if (place := folded.find(_folded(word))) >= 0]
    start = max(min(places, default=0) - AROUND, 0)
    end = min(start + 2 * AROUND, len(text))
    return f"{'…' if start else ''}{' '.join(text[start:end].split())}{'…' if end < len(text) else ''}"


def _folded(text: str) -> str:
    """Without case and accents, every character in its place."""
    return text.translate(_PLAIN)


class _Plain(dict[int, str]):
    """Characters without case and accents, each worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = unicodedata.normalize("NFD", chr(code))[0].lower()[:1] or " "
        return self[code]


_PLAIN: Final = _Plain()


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
    frame = squeeze(text.encode(), like=_reading(db, like), level=9 if like else 3)
    # Not REPLACE: it opens a savepoint, at which FTS5 writes what it had gathered, a segment for every Change.
    write = "UPDATE passage SET version = ?, text = ? WHERE change = ?" if old else ADD
    db.execute(write, (like, frame, change))


def read_passage(db: sqlite3.Connection, change: int) -> str:
    """The text by which a Change is found; "" when there is none."""
    row = db.execute("SELECT version, text FROM passage WHERE change = ?", (change,)).fetchone()
    return unsqueeze(row[1], like=_reading(db, row[0])).decode() if row else ""


def _reading(db: sqlite3.Connection, version: int | None) -> bytes:
    """An edited text is mostly in the Version's reading already: a dictionary that costs nothing."""
    row = db.execute("SELECT reading FROM version WHERE id = ?", (version,)).fetchone()
    return bodies.load(db, row[0]) if row else b""
