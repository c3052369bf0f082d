"""A printed page in pieces, lines and rows. Pure.

Lengths are points (1/72 inch), heights grow upwards, as in ISO 32000-1 §8.3.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_RE_LEADER = re.compile(r"(?:[.…·‥] ?){4,}\s*(?:[\divxlc]+)?$", re.IGNORECASE)


class Piece(NamedTuple):
    """A stretch of words on one line without a wide gap."""

    text: str
    left: float
    right: float
    base: float  # the line its letters stand on
    size: float  # of its letters
    bold: bool = False
    angle: int = 0  # quarter turns

    @property
    def top(self) -> float:
        return self.base + 0.9 * self.size


class Page(NamedTuple):
    """A page: its pieces in the order of the file, and the horizontal rules drawn on it (left, right, height)."""

    number: int
    pieces: tuple[Piece, ...]
    rules: tuple[tuple[float, float, float], ...]


class Line(NamedTuple):
    """A line of running text between the edges of its column."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    page: int
    column: tuple[float, float]


class Row(NamedTuple):
    """A row of a table."""

    cells: tuple[str, ...]
    page: int


Laid = Line | Row


def upright(page: Page) -> tuple[list[Piece], list[Piece]]:
    """The pieces that run in the page's main direction, and the others."""
    angles = Counter(piece.angle for piece in page.pieces)
    main = angles.most_common(1)[0][0] if angles and angles[0] * 2 < len(page.pieces) else 0
    return [one for one in page.pieces if one.angle == main], [one for one in page.pieces if one.angle != main]


def visual_rows(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Pieces on one base line together, from top to bottom, each row from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.base):
        if rows and min(rows[-1][0].top, piece.top) - rows[-1][0].base > 0.6 * min(rows[-1][0].size, piece.size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def join(text: str, line: str) -> str:
    """Two lines as one: scripts without spaces need none."""
    if not text or not line:
        return text or line
    return f"{text}{line}" if _is_wide(text[-1]) or _is_wide(line[0]) else f"{text} {line}"


def _is_wide(letter: str) -> bool:
    return "\u2e80" <= letter <= "\ua4cf" or "\uf900" <= letter <= "\ufaff" or "\uff00" <= letter <= "\uffef"


def has_leader(text: str) -> bool:
    """Whether a line of a list of contents leads to its page number with dots."""
    return any(dots in text for dots in ("...", ". .", "…", "··")) and bool(_RE_LEADER.search(text))


def line_of(pieces: Sequence[Piece], page: Page, column: tuple[float, float]) -> Line:
    """One line of running text, without the leader dots and page number of a list of contents."""
    text = " ".join(piece.text for piece in pieces)
    first, last = pieces[0], max(pieces, key=lambda piece: piece.right)
    largest = max(pieces, key=lambda piece: piece.size)
    if has_leader(text):
        text = _RE_LEADER.sub("", text).rstrip() or text
    bold = all(piece.bold for piece in pieces)
    return Line(text, first.left, last.right, largest.base, largest.size, bold, page.number, column)
