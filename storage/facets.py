"""What the latest Findings state, as rows by which their Changes are found: verdict, attributes, dates."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

import msgspec

from bot.model import VERDICTS, Filters, Finding
from storage.facts import CAUSES
from storage.phrases import lengthen
from storage.room import word

PAGE: Final = 500  # Findings for which rows are filled in at a time
SILENT: Final = CAUSES.index("extractor")  # what our own reader changed is nobody's news
REMEMBERED: Final = 2_000  # decoded Findings, as many as dates ahead are read from: some megabytes at most
ANY: Final = "*"
CROSSES: Final = "corridor:"  # states a corridor, whichever

MISSING: Final = f"""SELECT change.id, max(finding.id) FROM change JOIN finding ON finding.change = change.id
    WHERE change.id > ? AND cause != {SILENT} AND NOT EXISTS
    (SELECT 1 FROM judged WHERE judged.at = change.at AND judged.change = change.id)
    GROUP BY change.id ORDER BY change.id LIMIT {PAGE}"""

STATED: Final = f"""SELECT judged.at, judged.change, content FROM judged JOIN finding ON finding.id = judged.finding
    WHERE (judged.at, judged.change) > (?, ?) ORDER BY judged.at, judged.change LIMIT {PAGE}"""


def note(db: sqlite3.Connection, finding: Finding, *, number: int) -> None:
    """Let a Change be found by this Finding, in place of an earlier one. Inside the caller's transaction."""
    at, source, cause, late = db.execute(
        "SELECT at, source, cause, late FROM change WHERE id = ?", (finding.change,)
    ).fetchone()
    if cause == SILENT:
        return
    _forget(db, finding.change, at)
    verdict = VERDICTS.index(finding.verdict)
    db.execute("INSERT INTO judged VALUES (?, ?, ?, ?, ?)", (at, finding.change, verdict, source, number))
    rows = [(word(db, text), at, finding.change) for text in stated(finding)]
    db.executemany("INSERT INTO facet VALUES (?, ?, ?)", rows)
    if finding.verdict != "not_relevant" and not late:
        db.executemany("INSERT INTO dated VALUES (?, ?, ?)", _days(finding))


def _forget(db: sqlite3.Connection, change: int, at: int) -> None:
    row = db.execute(
        "SELECT content FROM finding WHERE id = (SELECT finding FROM judged WHERE at = ? AND change = ?)", (at, change)
    ).fetchone()
    if row is None:
        return
    before = decode(row[0])
    rows = [(word(db, text), at, change) for text in stated(before)]
    db.executemany("DELETE FROM facet WHERE word = ? AND at = ? AND change = ?", rows)
    db.executemany("DELETE FROM dated WHERE day = ? AND change = ? AND number = ?", _days(before))
    db.execute("DELETE FROM judged WHERE at = ? AND change = ?", (at, change))


def stated(finding: Finding) -> list[str]:
    """The words for all that a Finding states and people filter by, each once."""
    found = [f"jurisdiction:{place}" for place in finding.jurisdictions]
    found += [f"topic:{topic}" for topic in finding.topics]
    found += [f"mechanism:{mechanism}" for mechanism in finding.mechanisms]
    stages = dict.fromkeys([finding.stage, *(one.stage for one in finding.parts)])
    found += [f"stage:{stage}" for stage in stages if stage]
    found += [f"date:{dated.kind}" for dated in finding.dates if dated.kind != "published"]
    for start, end in finding.corridors:
        found += [CROSSES, f"corridor:{start}>{end}", f"from:{start}", f"to:{end}"]
    return list(dict.fromkeys(found))


def _days(finding: Finding) -> list[tuple[int, int, int]]:
    dates = enumerate(finding.dates)
    return [(one.date.toordinal(), finding.change, number) for number, one in dates if one.kind != "published"]


def asked(filters: Filters) -> Iterator[list[str]]:
    """For every filter on what Findings state: the words of which one at least must be there."""
    for name, values in (
        ("jurisdiction", filters.jurisdictions),
        ("topic", filters.topics),
        ("mechanism", filters.mechanisms),
        ("stage", filters.stages),
    ):
        if values:
            yield [f"{name}:{value}" for value in dict.fromkeys(values)]
    if filters.corridors:
        yield list(dict.fromkeys(text for corridor in filters.corridors for text in _crossing(*corridor)))


def _crossing(start: str, end: str) -> list[str]:
    """Whatever meets this corridor: * stands for any jurisdiction, in the question as in what is stated."""
    if start == ANY == end:
        return [CROSSES]
    if start == ANY:
        return [f"to:{end}", f"to:{ANY}"]
    if end == ANY:
        return [f"from:{start}", f"from:{ANY}"]
    return [f"corridor:{one}>{other}" for one in (start, ANY) for other in (end, ANY)]


@lru_cache(maxsize=REMEMBERED)
def decode(content: bytes) -> Finding:
    """A stored Finding, without its number. One that is asked for again at once, as pages do, is decoded once."""
    return msgspec.json.decode(lengthen(content), type=Finding)


# ------------------------------------------------------------------------------------------------ old stores


def fill(db: sqlite3.Connection) -> None:
    """Note what was judged before there were facets, a page per transaction; goes on where it was cut off."""
    last = 0
    while rows := db.execute(MISSING, (last,)).fetchall():
        db.execute("BEGIN IMMEDIATE")
        try:
            _fill_page(db, rows)
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")
        last = rows[-1][0]


def _fill_page(db: sqlite3.Connection, rows: Sequence[Sequence[Any]]) -> None:
    for _, number in rows:
        (content,) = db.execute("SELECT content FROM finding WHERE id = ?", (number,)).fetchone()
        note(db, decode(content), number=number)


def fill_stated(db: sqlite3.Connection) -> None:
    """Note what is stated in words that facets of old did not have; goes on where it was cut off."""
    last = (-(1 << 62), 0)
    while rows := db.execute(STATED, last).fetchall():
        db.execute("BEGIN IMMEDIATE")
        try:
            found = [(word(db, text), at, change) for at, change, content in rows for text in stated(decode(content))]
            db.executemany("INSERT OR IGNORE INTO facet VALUES (?, ?, ?)", found)
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")
        last = rows[-1][:2]
