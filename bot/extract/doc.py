"""Word's old binary format to Blocks, as text through its piece table ([MS-DOC] §2.4.1). Pure.

Styles and tracked changes are not read: numbers and capitals make the headings, and deleted text is still there.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from bot.errors import ReadError
from bot.extract.ole import Container
from bot.extract.outline import Outline
from bot.extract.placed import placed
from bot.model import Block, Reading
from bot.text import label, tidy

_MAGIC = 0xA5EC
_OLDEST = 0x00C1  # Word 97
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_CLX = 0x01A2  # where the FIB names the piece table
_FIELD = re.compile("\x13[^\x13\x14\x15]*\x14?([^\x13\x14\x15]*)\x15")
_RE_ROW_END = re.compile("\x07(?:\x07|$)")
_RE_NO_TEXT = re.compile("[\x00-\x06\x08\x0e-\x1c\x1f]")
_HEADING = 120  # characters


def read_doc(body: bytes) -> Reading:
    """The Blocks of a Word 97-2003 document; raises ReadError("unreadable") for older and for encrypted ones."""
    container = Container(body)
    if "EncryptedPackage" in container.names:
        raise ReadError("unreadable", "the document is encrypted and asks for a password")
    if "WordDocument" not in container.names:
        raise ReadError("unreadable", "an old Office file that is no Word document")
    try:
        text = _text(container)
    except (struct.error, IndexError) as error:
        raise ReadError("unreadable", "the Word document is damaged") from error
    return Reading(tuple(_blocks(text)))


def _text(container: Container) -> str:
    """The main text and the footnotes, with Word's control characters."""
    main = container.stream("WordDocument")
    magic, version = struct.unpack_from("<HH", main)
    (flags,) = struct.unpack_from("<H", main, 0x0A)
    if magic != _MAGIC or version < _OLDEST:
        raise ReadError("unreadable", "a Word document older than Word 97")
    if flags & _ENCRYPTED:
        raise ReadError("unreadable", "the document is encrypted and asks for a password")
    length, notes = struct.unpack_from("<ii", main, 0x4C)
    table = container.stream("1Table" if flags & _TABLE_1 else "0Table")
    start, size = struct.unpack_from("<II", main, _CLX)
    wanted = max(0, length) + max(0, notes)
    return "".join(_pieces(main, table[start : start + size]))[:wanted]


def _pieces(main: bytes, clx: bytes) -> Iterator[str]:
    """The text piece by piece ([MS-DOC] §2.8.35, PlcPcd; §2.9.73, FcCompressed)."""
    at = 0
    while clx[at] == 1:  # formatting that a fast save left behind
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    (size,) = struct.unpack_from("<I", clx, at + 1)
    table = clx[at + 5 : at + 5 + size]
    count = (len(table) - 4) // 12
    borders = struct.unpack_from(f"<{count + 1}I", table)
    for number in range(count):
        letters = min(borders[number + 1] - borders[number], len(main))
        (where,) = struct.unpack_from("<I", table, 4 * (count + 1) + 8 * number + 2)
        if letters <= 0:
            continue
        start = where & 0x3FFF_FFFF
        if where & 0x4000_0000:
            yield main[start // 2 : start // 2 + letters].decode("cp1252", "replace")
        else:
            yield main[start : start + 2 * letters].decode("utf-16-le", "replace")


def _blocks(text: str) -> Iterator[Block]:
    before = None
    while before != text:  # fields may hold fields
        before, text = text, _FIELD.sub(r"\1", text)
    text = _RE_NO_TEXT.sub("", text.replace("\x1e", "-").replace("\x0b", " "))
    outline = Outline()
    for part in _RE_ROW_END.split(text):
        above, *cells = part.split("\x07")
        lines = [tidy(line) for line in re.split("[\r\x0c]", above)]
        if cells:  # the last line of what stands above a row is its first cell
            cells = [lines.pop(), *(tidy(cell.replace("\r", " ")) for cell in cells)]
        for line in filter(None, lines):
            yield placed(outline, line, rank=6 if _is_heading(line) else 0)
        if row := " | ".join(filter(None, cells)):
            yield Block("row", row, outline.path, place=outline.place)


def _is_heading(line: str) -> bool:
    """A short line in capitals."""
    return len(line) <= _HEADING and line.isupper() and not label(line)[0] and line[-1] not in ".;,:" and len(line) > 3
