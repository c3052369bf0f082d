"""A small PDF writer: letters of one width, so that the places of words are known; and a typesetter over it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

WIDTH, HEIGHT = 612.0, 792.0
LETTER = 0.6  # of the size: the width of every letter of Courier
LEFT, RIGHT, TOP, BOTTOM = 72.0, 540.0, 700.0, 90.0


_FIRST = 8  # the number of the first page's object
_CHINESE = (  # a font that readers know by name (ISO 32000-1 §9.7.5.2), so that none need be embedded
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering "
    b"(GB1) /Supplement 2 >> /FontDescriptor 7 0 R /DW 1000 >>",
    b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
    b"/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
)


class Text(NamedTuple):
    """A stretch of text at a place."""

    x: float
    y: float
    text: str
    size: float = 10.0
    bold: bool = False


class Rule(NamedTuple):
    """A horizontal line."""

    x: float
    y: float
    width: float


Thing = Text | Rule


def pdf(pages: Sequence[Sequence[Thing]], *, rotate: int = 0, title: str = "") -> bytes:
    """A PDF of these pages (ISO 32000-1 §7.5): Latin-1 in Courier, other letters in a square Chinese font."""
    bodies: list[bytes] = []
    kids = " ".join(f"{_FIRST + 2 * number} 0 R" for number in range(len(pages)))
    bodies.append(b"<< /Type /Catalog /Pages 2 0 R >>")
    bodies.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    for font in ("Courier", "Courier-Bold"):
        named = f"<< /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>"
        bodies.append(named.encode())
    bodies += _CHINESE
    for number, page in enumerate(pages):
        stream = zlib.compress(b"\n".join(map(_drawn, page)), 1)
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Rotate {rotate} /Resources << /Font "
            f"<< /F0 3 0 R /F1 4 0 R /F2 5 0 R >> >> /Contents {_FIRST + 1 + 2 * number} 0 R >>".encode()
        )
        bodies.append(f"<< /Length {len(stream)} /Filter /FlateDecode >>\nstream\n".encode() + stream + b"\nendstream")
    return written(bodies, title=title)


def written(bodies: Sequence[bytes], *, title: str = "", trailer: str = "") -> bytes:
    """Objects as a file with its table of offsets; the first one is the catalogue."""
    bodies = [*bodies, f"<< /Title ({title}) >>".encode("latin-1")]
    made, offsets = bytearray(b"%PDF-1.5\n"), []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    made += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    ends = f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R /Info {len(bodies)} 0 R {trailer} >>"
    made += f"{ends}\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(made)


def _drawn(thing: Thing) -> bytes:
    if isinstance(thing, Rule):
        return f"{thing.x} {thing.y} m {thing.x + thing.width} {thing.y} l S".encode()
    if any(letter > "\u2e80" for letter in thing.text):
        letters = thing.text.encode("utf-16-be").hex()
        return f"BT /F2 {thing.size} Tf {thing.x:.2f} {thing.y:.2f} Td <{letters}> Tj ET".encode()
    said = thing.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252")
    return f"BT /F{int(thing.bold)} {thing.size} Tf {thing.x:.2f} {thing.y:.2f} Td (".encode() + said + b") Tj ET"


def wrapped(text: str, letters: int, *, hyphens: bool = False) -> list[str]:
    """Lines of at most so many letters; with `hyphens` long words are divided at the ends of lines."""
    lines, open_ = [], ""
    for word in text.split():
        room = letters - len(open_) - bool(open_)
        if len(word) <= room:
            open_ = f"{open_} {word}" if open_ else word
            continue
        if hyphens and word.isalpha() and len(word) > 8 and room > 5:
            cut = min(room - 1, len(word) - 4)
            lines.append(f"{open_} {word[:cut]}-".strip())
            open_ = word[cut:]
        else:
            lines.append(open_)
            open_ = word
    return [*lines, open_]


@dataclass
class Press:
    """Sets headings and paragraphs page by page, with a running head and page numbers."""

    head: str = ""
    size: float = 10.0
    hyphens: bool = False
    pages: list[list[Thing]] = field(default_factory=list)
    y: float = 0.0

    def _page(self) -> list[Thing]:
        if not self.pages or self.y < BOTTOM:
            number = len(self.pages) + 1
            self.pages.append([Text(RIGHT - 60, 40, f"- {number} -", 9)])
            if self.head:
                self.pages[-1].append(Text(LEFT, 750, f"{self.head} | {number}", 9))
            self.y = TOP
        return self.pages[-1]

    def heading(self, text: str, size: float = 14.0) -> Press:
        self.y -= size
        self._page().append(Text(LEFT, self.y, text, size, True))
        self.y -= 2 * size
        return self

    def paragraph(self, text: str) -> Press:
        for line in wrapped(text, int((RIGHT - LEFT) / (LETTER * self.size)), hyphens=self.hyphens):
            self._page().append(Text(LEFT, self.y, line, self.size))
            self.y -= 1.2 * self.size
        self.y -= 0.6 * self.size
        return self

    def table(self, rows: Iterable[Sequence[str]], *, at: Sequence[float] = (LEFT, 220.0, 400.0)) -> Press:
        for row in rows:
            page = self._page()
            page += [Text(x, self.y, cell, self.size) for x, cell in zip(at, row, strict=False) if cell]
            self.y -= 1.5 * self.size
        self.y -= self.size
        return self

    def printed(self) -> bytes:
        return pdf(self.pages)
