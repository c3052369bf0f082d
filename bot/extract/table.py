"""CSV tables to Blocks: a row is a row, or an item where the declaration names columns. Pure. RFC 4180, leniently."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from bot.errors import ReadError
from bot.extract.dates import iso_date
from bot.model import Block, Paths
from bot.text import canonical_url, tidy

MAX_ROWS = 100_000
_DELIMITERS = ",;\t|"
_SAMPLE = 20  # lines that show which delimiter is used


def read_table(text: str, *, paths: Paths, url: str) -> list[Block]:
    """The rows below the first, which names the columns: "name: cell | …", or entries where `paths` names columns.

    Raises ReadError for a text without rows, or when a named column is missing.
    """
    rows = [cells for row in _rows(text) if any(cells := [tidy(cell) for cell in row])]
    if not rows:
        raise ReadError("empty", "the table is empty")
    names, rest = rows[0], rows[1:]
    if not rest:
        raise ReadError("no items", "the table has no row below its heading")
    if not (paths.title or paths.key):
        return [Block("row", _said(names, row)) for row in rest]
    _check(names, paths)
    items = {
        item.key: item for item in (_item(dict(zip(names, row, strict=False)), paths, url) for row in reversed(rest))
    }
    return list(reversed(items.values()))


def _rows(text: str) -> list[list[str]]:
    head = [line for line in text.splitlines()[:_SAMPLE] if line.strip()]
    delimiter = max(_DELIMITERS, key=lambda mark: (min((line.count(mark) for line in head), default=0), mark == ","))
    try:
        rows = []
        for row in csv.reader(io.StringIO(text.lstrip("\ufeff").replace("\0", "")), delimiter=delimiter):
            rows.append(row)
            if len(rows) > MAX_ROWS:
                raise ReadError("too large", f"more than {MAX_ROWS} rows")
        return rows
    except csv.Error as error:
        raise ReadError("unreadable", f"not a table of comma-separated values: {error}") from error


def _said(names: Sequence[str], row: Sequence[str]) -> str:
    named = zip((*names, *[""] * len(row)), row, strict=False)
    return " | ".join(f"{name}: {cell}" if name else cell for name, cell in named if cell)


def _check(names: Sequence[str], paths: Paths) -> None:
    wanted = [part for path in (paths.key, paths.title, paths.date, paths.link, paths.text) for part in path.split("+")]
    missing = [name for name in wanted if name and name not in names]
    if missing:
        raise ReadError("no items", f"the table has no column '{missing[0]}'")


def _item(row: dict[str, str], paths: Paths, url: str) -> Block:
    from bot.extract.blocks import absolute

    key, title, date, link, note = (
        " ".join(filter(None, (row.get(name, "") for name in path.split("+"))))
        for path in (paths.key, paths.title, paths.date, paths.link, paths.text)
    )
    title, whole = title or key, absolute(link, url) if link else ""
    key = (canonical_url(key) or key) or canonical_url(whole) or title
    return Block("entry", title, key=key, link=whole, date=iso_date(date), note=note)
