"""XLSX to Blocks: a heading for each visible sheet, a Block for each row (ECMA-376 part 1 §18). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from bot.errors import ReadError
from bot.extract.parts import Parts
from bot.extract.wordml import child, children, local
from bot.model import Block, Reading
from bot.text import tidy

MAX_ROWS = 200_000
_RELATION = re.compile(r"\{.*relationships\}id$")
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})  # §18.8.30
_RE_DATE_FORMAT = re.compile(r"[ymdhs年月日]", re.IGNORECASE)
_RE_LITERAL = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_EPOCH = datetime(1899, 12, 30)  # day 0; days before 1 March 1900 are off by one (§18.17.4.1)
_EPOCH_1904 = datetime(1904, 1, 1)


def read_xlsx(body: bytes) -> Reading:
    """The rows of a workbook's visible sheets under the sheets' names; raises ReadError."""
    parts = Parts(body)
    main = parts.main("xl/workbook.xml")
    root = parts.tree(main)
    if root is None:
        raise ReadError("unreadable", "the file holds no workbook")
    return Reading(tuple(Book(parts, main, root).blocks()))


class Book:
    """A workbook with its shared texts and the formats that are dates."""

    def __init__(self, parts: Parts, main: str, root: Any) -> None:
        self._parts, self._root = parts, root
        self._places = {name: at for _, name, at in parts.relations(main)}
        kinds = {kind.rpartition("/")[2]: at for kind, _, at in parts.relations(main)}
        texts = parts.tree(kinds.get("sharedStrings", "xl/sharedStrings.xml"))
        self._texts = [_plain(one) for one in children(texts, "si")]
        self._dates = _date_styles(parts.tree(kinds.get("styles", "xl/styles.xml")))
        since_1904 = (child(root, "workbookPr").get("date1904") if child(root, "workbookPr") is not None else "") or ""
        self._epoch = _EPOCH_1904 if since_1904 in ("1", "true") else _EPOCH

    def blocks(self) -> Iterator[Block]:
        """Sheet by sheet. Raises ReadError("too large")."""
        count = 0
        for sheet in children(child(self._root, "sheets"), "sheet"):
            if sheet.get("state", "visible") != "visible":
                continue
            name = tidy(sheet.get("name", ""))
            place = next((self._places.get(at, "") for key, at in sheet.items() if _RELATION.match(key)), "")
            rows = [row for row in self._rows(self._parts.tree(place)) if row]
            count += len(rows)
            if count > MAX_ROWS:
                raise ReadError("too large", f"more than {MAX_ROWS} rows")
            if rows:
                yield Block("heading", name)
                yield from (Block("row", row, (name,)) for row in rows)

    def _rows(self, sheet: Any) -> Iterator[str]:
        for row in children(child(sheet, "sheetData"), "row"):
            yield " | ".join(filter(None, (tidy(self._said(cell)) for cell in children(row, "c"))))

    def _said(self, cell: Any) -> str:
        kind, raw = cell.get("t", "n"), child(cell, "v")
        text = (raw.text or "") if raw is not None else ""
        if kind == "s":
            return self._texts[int(text)] if text.isdigit() and int(text) < len(self._texts) else ""
        if kind == "inlineStr":
            return _plain(child(cell, "is"))
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(text, text)
        return self._number(text, cell.get("s", "")) if kind == "n" else text

    def _number(self, text: str, style: str) -> str:
        """A number as people write it; dates as ISO dates."""
        try:
            worth = float(text)
        except ValueError:
            return text
        if style in self._dates and 0 < worth < 2_958_466:  # up to the year 9999
            at = self._epoch + timedelta(days=worth)
            return at.date().isoformat() if worth == int(worth) else at.isoformat(sep=" ", timespec="minutes")
        return f"{worth:.15g}" if abs(worth) < 1e15 else text


def _plain(element: Any) -> str:
    """The text of a string with its runs, without phonetic guides."""
    if element is None:
        return ""
    said = []
    for one in element:
        if local(one) == "t":
            said.append(one.text or "")
        elif local(one) == "r":
            said += [part.text or "" for part in children(one, "t")]
    return "".join(said)


def _date_styles(styles: Any) -> set[str]:
    """The numbers of the cell styles that show dates."""
    own = {
        one.get("numFmtId"): bool(_RE_DATE_FORMAT.search(_RE_LITERAL.sub("", one.get("formatCode", ""))))
        for one in children(child(styles, "numFmts"), "numFmt")
    }
    found = set()
    for at, style in enumerate(children(child(styles, "cellXfs"), "xf")):
        form = style.get("numFmtId", "0")
        if own.get(form, form.isdigit() and int(form) in _DATE_FORMATS):
            found.add(str(at))
    return found
