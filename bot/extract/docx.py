"""DOCX to Blocks: the text as amended, with headings, numbers, tables and footnotes (ECMA-376 part 1). Pure.

Tracked insertions are text, tracked deletions are not; docs/decisions says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.errors import ReadError
from bot.extract.docx_numbers import Numbers
from bot.extract.docx_styles import Styles
from bot.extract.outline import Outline
from bot.extract.parts import Parts
from bot.extract.placed import placed
from bot.extract.wordml import child, local, value
from bot.model import Block, Reading
from bot.text import superscript, tidy

MAX_BLOCKS = 200_000
_MAX_BOXES = 5  # text boxes in text boxes
_GONE = frozenset({"del", "moveFrom", "delText", "instrText", "pPr", "rPr", "Fallback", "tblPr", "sectPr", "rt"})
_WRAPS = frozenset(
    {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "AlternateContent", "Choice", "body"}
)
_LETTERS = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-", "ptab": " "}


def read_docx(body: bytes) -> Reading:
    """The Blocks of a Word document and the title it declares; raises ReadError."""
    parts = Parts(body)
    main = parts.main("word/document.xml")
    root = parts.tree(main)
    if root is None:
        raise ReadError("unreadable", "the file holds no Word document")
    document = Document(parts, main)
    blocks = tuple(document.blocks(root))
    return Reading(blocks, _title(parts))


def _title(parts: Parts) -> str:
    properties = parts.tree("docProps/core.xml")
    found = None if properties is None else properties.find("{http://purl.org/dc/elements/1.1/}title")
    return tidy(found.text or "") if found is not None else ""


class Document:
    """One pass over a document: counters of numbers, headings above, footnotes that wait for their paragraph's end."""

    def __init__(self, parts: Parts, main: str) -> None:
        found = {kind.rpartition("/")[2]: name for kind, _, name in parts.relations(main)}
        self._styles = Styles(parts.tree(found.get("styles", "word/styles.xml")))
        self._numbers = Numbers(parts.tree(found.get("numbering", "word/numbering.xml")))
        self._notes = {
            kind: _notes(parts.tree(found.get(f"{kind}s", f"word/{kind}s.xml"))) for kind in ("footnote", "endnote")
        }
        self._outline = Outline()
        self._pending: list[tuple[str, Any]] = []
        self._noted = 0
        self._boxes: list[Any] = []  # text boxes that stand beside the paragraph

    def blocks(self, root: Any) -> Iterator[Block]:
        """Every Block in order. Raises ReadError("too large")."""
        for count, block in enumerate(self._walk(root)):
            if count > MAX_BLOCKS:
                raise ReadError("too large", f"more than {MAX_BLOCKS} paragraphs")
            yield block

    def _walk(self, root: Any, *, depth: int = 0) -> Iterator[Block]:
        before = ""  # the text of a paragraph whose end was deleted
        for element in _parts_of(root):
            if local(element) == "tbl":
                yield from (row for row in map(self._row, self._rows(element)) if row.text)
            else:
                before = tidy(f"{before} {self._text(element)}")
                if _is_joined(element):
                    continue
                if before:
                    yield self._paragraph(element, before)
                before = ""
            yield from self._footnotes()
            boxes, self._boxes = self._boxes, []
            for box in boxes if depth < _MAX_BOXES else ():
                yield from self._walk(box, depth=depth + 1)

    def _paragraph(self, element: Any, text: str) -> Block:
        style = self._styles.of(element)
        number, is_bullet = self._numbers.next(style)
        kind = "item" if is_bullet else "paragraph"
        return placed(self._outline, f"{number} {text}" if number else text, rank=style.rank, kind=kind, styled=True)

    def _text(self, element: Any) -> str:
        """What a paragraph says as amended, with the numbers of its footnotes raised."""
        said: list[str] = []
        open_ = [iter(element)]
        while open_:
            one = next(open_[-1], None)
            if one is None:
                open_.pop()
                continue
            name = local(one)
            if name in _GONE or not name:
                continue
            if name == "t":
                said.append(one.text or "")
            elif name in _LETTERS:
                said.append(_LETTERS[name])
            elif name in ("footnoteReference", "endnoteReference"):
                said.append(self._refer(name.removesuffix("Reference"), one))
            elif name == "txbxContent":
                self._boxes.append(one)
            elif name == "p":  # of a cell
                said.append(" ")
                open_.append(iter(one))
            else:
                open_.append(iter(one))
        return "".join(said)

    def _refer(self, kind: str, reference: Any) -> str:
        note = self._notes[kind].get(value(reference, "id"))
        if note is None:
            return ""
        self._noted += 1
        number = superscript(str(self._noted))
        self._pending.append((number, note))
        return number

    def _footnotes(self) -> Iterator[Block]:
        while self._pending:
            number, note = self._pending.pop(0)
            text = tidy(self._text(note))
            if text:
                yield Block("paragraph", f"{number} {text}", self._outline.path, place=self._outline.place)

    def _rows(self, table: Any) -> Iterator[Any]:
        """The rows of a table as amended."""
        for row in _parts_of(table, "tr"):
            if child(row, "trPr", "del") is None:
                yield row

    def _row(self, row: Any) -> Block:
        cells = [tidy(" ".join(map(self._text, _parts_of(cell, "p", "tbl")))) for cell in _parts_of(row, "tc")]
        return Block("row", " | ".join(filter(None, cells)), self._outline.path, place=self._outline.place)


def _parts_of(element: Any, *names: str) -> Iterator[Any]:
    """The nearest elements of these names (paragraphs and tables) below one, through wrappers that mean nothing."""
    wanted = names or ("p", "tbl")
    open_ = [iter(element)]
    while open_:
        one = next(open_[-1], None)
        if one is None:
            open_.pop()
        elif local(one) in wanted:
            yield one
        elif local(one) in _WRAPS:
            open_.append(iter(one))


def _is_joined(paragraph: Any) -> bool:
    """Whether the end of a paragraph was deleted, so that it goes on with the next."""
    return child(paragraph, "pPr", "rPr", "del") is not None


def _notes(root: Any) -> dict[str, Any]:
    """Notes by id, but for the lines that separate them."""
    return {value(note, "id"): note for note in (root if root is not None else ()) if not value(note, "type")}
