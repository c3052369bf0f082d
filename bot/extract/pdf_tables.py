"""Tables on a printed page: which lines are one row, and what merely looks like a table. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from bot.extract.pdf_page import Laid, Page, Piece, Row, has_leader, join, line_of, visual_rows

_CONTENTS = 5  # entries of a list of contents without leader dots
_RE_LETTER = re.compile(r"[^\W\d_]")
_RE_FOLIO = re.compile(r"[\divxlc]{1,5}$", re.IGNORECASE)


def as_table(rows: Sequence[list[Piece]], columns: Sequence[list[Piece]], page: Page) -> list[Laid]:
    """The rows of a table, and the lines above and below it; [] when most rows hold one cell only."""
    full = [number for number, row in enumerate(rows) if len(row) > 1]
    if len(full) < 2 or len(full) * 2 < full[-1] - full[0] + 1:
        return []
    if sum(1 for row in rows if has_leader(" ".join(piece.text for piece in row))) * 2 > len(rows):
        return [line_of(row, page, _edges_of(rows)) for row in rows]  # a list of contents
    first, last = full[0], full[-1] + 1
    start = min(piece.left for piece in columns[0])
    while last < len(rows) and rows[last][0].left > start + 1 and _is_close(rows[last - 1], rows[last]):
        last += 1  # further lines of the last row's cells
    return [
        *(line_of(row, page, _edges_of(rows)) for row in rows[:first]),
        *_table(rows[first:last], columns, page),
        *(line_of(row, page, _edges_of(rows)) for row in rows[last:]),
    ]


def _is_close(above: Sequence[Piece], row: Sequence[Piece]) -> bool:
    return above[0].base - row[0].base < 1.5 * row[0].size


def _edges_of(rows: Sequence[list[Piece]]) -> tuple[float, float]:
    return min(row[0].left for row in rows), max(row[-1].right for row in rows)


def _table(rows: Sequence[list[Piece]], columns: Sequence[list[Piece]], page: Page) -> list[Laid]:
    """The rows of a table; of a list of contents, whose second column is page numbers, its first as lines."""
    belongs = {piece: number for number, column in enumerate(columns) for piece in column}
    if len(columns) == 2 and _is_contents(columns[0], columns[1]):
        return [line_of([row[0]], page, (row[0].left, row[0].right)) for row in rows if belongs[row[0]] == 0]
    found: list[Laid] = []
    for group in _grouped(rows, page, belongs):
        cells: dict[int, list[Piece]] = defaultdict(list)
        for piece in group:
            cells[belongs[piece]].append(piece)
        found.append(Row(tuple(_joined(cells[number]) for number in sorted(cells)), page.number))
    return found


def _is_contents(titles: Sequence[Piece], folios: Sequence[Piece]) -> bool:
    """Whether two columns are titles and the numbers of their pages: growing, and set to the right."""
    if len(folios) < _CONTENTS or not all(_RE_FOLIO.match(piece.text) for piece in folios):
        return False
    numbers = [int(piece.text) for piece in sorted(folios, key=lambda piece: -piece.base) if piece.text.isdigit()]
    aligned = max(piece.right for piece in folios) - min(piece.right for piece in folios) < 2
    return aligned and numbers == sorted(numbers) and all(_RE_LETTER.search(piece.text) for piece in titles)


def _grouped(rows: Sequence[list[Piece]], page: Page, belongs: dict[Piece, int]) -> list[list[Piece]]:
    """Lines of a table that are one row: between two rules, or until its first column is filled again."""
    drawn = dividers([piece for row in rows for piece in row], page)
    pitches = [one[0].base - two[0].base for one, two in zip(rows, rows[1:], strict=False)]
    tight = 1.35 * min(pitches, default=0.0)
    loose = bool(pitches) and max(pitches) > tight  # some lines stand closer together than others
    groups: list[list[Piece]] = []
    for number, row in enumerate(rows):
        if not number:
            groups.append(list(row))
            continue
        above = rows[number - 1][0]
        if len(drawn) > 2:
            low, high = row[0].base + row[0].size / 2, above.base + above.size / 2
            goes_on = not any(low < height < high for height in drawn)
        else:
            first = min(belongs[piece] for piece in row)
            goes_on = pitches[number - 1] <= tight and (first > 0 or loose)
        if goes_on:
            groups[-1].extend(row)
        else:
            groups.append(list(row))
    return groups


def dividers(pieces: Sequence[Piece], page: Page) -> list[float]:
    """The heights of the rules that run through most of the width of these pieces, or of their first column."""
    left, right = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    low, high = min(piece.base for piece in pieces), max(piece.top for piece in pieces)
    drawn: dict[int, float] = defaultdict(float)
    heights: dict[int, float] = {}
    for start, end, height in page.rules:
        if low - 4 < height < high + 4:
            drawn[round(height)] += max(0.0, min(end, right) - max(start, left))
            heights[round(height)] = height
    return [heights[key] for key in sorted(drawn) if drawn[key] > 0.8 * (right - left)]


def _joined(pieces: Sequence[Piece]) -> str:
    """The text of a cell: its lines from top to bottom."""
    text = ""
    for row in visual_rows(pieces):
        text = join(text, " ".join(piece.text for piece in row))
    return text
