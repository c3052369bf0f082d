"""Running heads, feet and page numbers: what is repeated at the edges of pages. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import median

from bot.extract.pdf_page import Page, Piece, upright, visual_rows

_EDGE = 0.2  # of what is printed: running heads and feet stand no further from its edge
_EDGE_ROWS = 4
_APART = 1.5  # of the size: the least distance of a running head from the text
_SHORT = 40  # letters: a running head that is shorter may stand close to the text
_DRIFT = 8.0  # points by which a running head may stand higher or lower on another page
_RE_DIGITS = re.compile(r"\d+|\b[ivxlc]{1,7}\b", re.IGNORECASE)
_RE_FIRST_NUMBER, _RE_LAST_NUMBER = re.compile(r"\W*(\d{1,5})\b(?![.)])"), re.compile(r"(?<![\d.,])(\d{1,5})\W*$")
_LONG = 150  # letters: the longest running head
_NUMBERED = 0.4  # of the pages: as many must bear the numbers of their pages
_RE_LETTER = re.compile(r"[^\W\d_]")
_RE_NUMBER = re.compile(r"\d+")


Edge = list[tuple[list[Piece], float]]  # rows from the edge inwards, each with its distance to the next


def without_running(pages: Sequence[Page]) -> list[Page]:
    """The pages without what is repeated at their edges: heads, feet and page numbers."""
    edges = [_edges(page) for page in pages]
    running = _repeated(edges) | _numbered(edges)
    kept = []
    for number, (page, sides) in enumerate(zip(pages, edges, strict=True)):
        gone = {piece for side in sides for piece in _running(side, number, running)}
        kept.append(page._replace(pieces=tuple(piece for piece in page.pieces if piece not in gone)))
    return kept


def _running(side: Edge, page: int, running: set[tuple[int, Piece]]) -> list[Piece]:
    """The pieces of the outermost rows that are repeated, if they stand apart from the text or are short."""
    found: list[Piece] = []
    waiting: list[Piece] = []
    for row, distance in side:
        if not all((page, piece) in running for piece in row):
            break
        waiting += row
        if distance > _APART * row[0].size or sum(len(piece.text) for piece in row) < _SHORT:
            found += waiting
            waiting = []
    return found


def _edges(page: Page) -> tuple[Edge, Edge]:
    """The outermost rows at the top and at the bottom of a page."""
    rows = visual_rows(upright(page)[0])
    if not rows:
        return [], []
    low, high = rows[-1][0].base, rows[0][0].top
    pitches = [one[0].base - two[0].base for one, two in zip(rows, rows[1:], strict=False)] + [high - low]
    rows_down = [(row, pitch) for row, pitch in zip(rows, pitches, strict=True)]
    rows_up = [(row, pitch) for row, pitch in zip(reversed(rows), [*reversed(pitches[:-1]), high - low], strict=True)]
    upper, lower = high - _EDGE * (high - low), low + _EDGE * (high - low)
    top = [(row, pitch) for row, pitch in rows_down[:_EDGE_ROWS] if row[0].top > upper]
    return top, [(row, pitch) for row, pitch in rows_up[:_EDGE_ROWS] if row[0].base < lower]


def _repeated(edges: Sequence[tuple[Edge, Edge]]) -> set[tuple[int, Piece]]:
    """Pieces at the edges that say the same on enough pages at the same height, digits aside."""
    found: dict[tuple[int, str], list[tuple[int, Piece]]] = defaultdict(list)
    for number, sides in enumerate(edges):
        for side, rows in enumerate(sides):
            for row, _ in rows:
                for piece in row:
                    found[side, _RE_DIGITS.sub("#", piece.text)].append((number, piece))
    least = 3 if len(edges) > 4 else 2
    running: set[tuple[int, Piece]] = set()
    for (_, masked), places in found.items():
        height = median(piece.base for _, piece in places)
        level = [place for place in places if abs(place[1].base - height) < _DRIFT]
        if len({number for number, _ in level}) >= least and (_RE_LETTER.search(masked) or _counts(level)):
            running.update(level)
    return running


def _numbered(edges: Sequence[tuple[Edge, Edge]]) -> set[tuple[int, Piece]]:
    """The outermost rows that begin or end with the number of their page, whatever else they say ("CHINA | 23")."""
    running: set[tuple[int, Piece]] = set()
    for side in (0, 1):
        rows = {number: sides[side][0][0] for number, sides in enumerate(edges) if sides[side]}
        offsets = {number: {folio - number for folio in _folios(row)} for number, row in rows.items()}
        usual = Counter(offset for found in offsets.values() for offset in found).most_common(1)
        if usual and usual[0][1] >= max(3, len(edges) * _NUMBERED):
            held = [number for number, found in offsets.items() if usual[0][0] in found]
            running.update((number, piece) for number in held for piece in rows[number])
    return running


def _folios(row: Sequence[Piece]) -> set[int]:
    """The numbers at the ends of a row that is short enough to be a running head."""
    text = " ".join(piece.text for piece in row)
    if len(text) > _LONG:
        return set()
    found = (_RE_FIRST_NUMBER.match(text), _RE_LAST_NUMBER.search(text))
    return {int(number[1]) for number in found if number}


def _counts(places: Sequence[tuple[int, Piece]]) -> bool:
    """Whether mere numbers grow with the pages; Roman ones are believed."""
    offsets = Counter[int]()
    for number, piece in places:
        digits = _RE_NUMBER.findall(piece.text)
        offsets.update({int(digit[:9]) - number for digit in digits} or {0})
    return offsets.most_common(1)[0][1] * 2 >= len(places)
