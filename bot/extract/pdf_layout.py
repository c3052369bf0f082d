"""Where things stand on a printed page: running heads, columns, tables, and the lines in the order of reading. Pure.

Lengths are points (1/72 inch), heights grow upwards, as in ISO 32000-1 §8.3.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

_EDGE = 0.2  # of what is printed: running heads and feet stand no further from its edge
_EDGE_ROWS = 4
_APART = 1.5  # of the size: the least distance of a running head from the text
_SHORT = 40  # letters: a running head that is shorter may stand close to the text
_DRIFT = 8.0  # points by which a running head may stand higher or lower on another page
_GUTTER = 0.6  # of the size of the letters: the least width of a gap between columns
_PROSE_LINES, _PROSE_CHARS, _PROSE_FILL = 4, 16, 0.6
_CONTENTS = 5  # entries of a list of contents without leader dots
_RE_DIGITS = re.compile(r"\d+|\b[ivxlc]{1,7}\b", re.IGNORECASE)
_RE_LETTER = re.compile(r"[^\W\d_]")
_RE_NUMBER = re.compile(r"\d+")
_RE_LEADER = re.compile(r"(?:[.…·‥] ?){4,}\s*(?:[\divxlc]+)?$", re.IGNORECASE)
_RE_FOLIO = re.compile(r"[\divxlc]{1,5}$", re.IGNORECASE)


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


# ------------------------------------------------------------------------------------------------ running heads


Edge = list[tuple[list[Piece], float]]  # rows from the edge inwards, each with its distance to the next


def without_running(pages: Sequence[Page]) -> list[Page]:
    """The pages without what is repeated at their edges: heads, feet and page numbers."""
    edges = [_edges(page) for page in pages]
    running = _repeated(edges)
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
    rows = visual_rows(_upright(page)[0])
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


def _counts(places: Sequence[tuple[int, Piece]]) -> bool:
    """Whether mere numbers grow with the pages; Roman ones are believed."""
    offsets = Counter[int]()
    for number, piece in places:
        digits = _RE_NUMBER.findall(piece.text)
        offsets.update({int(digit[:9]) - number for digit in digits} or {0})
    return offsets.most_common(1)[0][1] * 2 >= len(places)


# ------------------------------------------------------------------------------------------------ rows and strips


def visual_rows(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Pieces on one base line together, from top to bottom, each row from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.base):
        if rows and min(rows[-1][0].top, piece.top) - rows[-1][0].base > 0.6 * min(rows[-1][0].size, piece.size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _strips(pieces: Sequence[Piece]) -> list[list[int]]:
    """Groups of pieces (by index) that overlap in height, from top to bottom; in the order of the file inside."""
    strips: list[list[int]] = []
    floor = 0.0
    for index in sorted(range(len(pieces)), key=lambda index: -pieces[index].top):
        piece = pieces[index]
        if strips and piece.top - floor > 0.25 * piece.size:
            strips[-1].append(index)
            floor = min(floor, piece.base)
        else:
            strips.append([index])
            floor = piece.base
    return [sorted(strip) for strip in strips]


Gaps = list[tuple[float, float]]


def _gaps(pieces: Iterable[Piece], left: float, right: float, least: float) -> Gaps:
    """The stretches between left and right that no piece covers."""
    found, edge = [], left
    for piece in sorted(pieces, key=lambda piece: piece.left):
        if piece.left - edge >= least:
            found.append((edge, piece.left))
        edge = max(edge, piece.right)
    if right - edge >= least:
        found.append((edge, right))
    return found


def _common(one: Gaps, two: Gaps, least: float) -> Gaps:
    pairs = [(max(a[0], b[0]), min(a[1], b[1])) for a in one for b in two]
    return [pair for pair in pairs if pair[1] - pair[0] >= least]


# ------------------------------------------------------------------------------------------------ order of reading


def lay(page: Page) -> list[Laid]:
    """The lines and table rows of a page in reading order; sideways text comes last."""
    upright, turned = _upright(page)
    laid = _lay(upright, page, depth=0)
    for angle in sorted({piece.angle for piece in turned}):
        laid += _lay([piece for piece in turned if piece.angle == angle], page, depth=3)
    return laid


def _upright(page: Page) -> tuple[list[Piece], list[Piece]]:
    """The pieces that run in the page's main direction, and the others."""
    angles = Counter(piece.angle for piece in page.pieces)
    main = angles.most_common(1)[0][0] if angles and angles[0] * 2 < len(page.pieces) else 0
    return [one for one in page.pieces if one.angle == main], [one for one in page.pieces if one.angle != main]


def _lay(pieces: Sequence[Piece], page: Page, *, depth: int) -> list[Laid]:
    if not pieces:
        return []
    left, right = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    strips = _strips(pieces)
    least = _GUTTER * median(piece.size for piece in pieces)
    laid: list[Laid] = []
    at = 0
    while at < len(strips):
        end, gaps = (at, []) if depth > 2 else _region(pieces, strips, at, left, right, least)
        region = [pieces[index] for strip in strips[at:end] for index in strip]
        if end > at and (columns := _columns(region, gaps)):
            made = _in_columns(pieces, strips[at:end], columns, page, depth=depth)
            if made:
                laid += made
                at = end
                continue
        laid += _strip_lines([pieces[index] for index in strips[at]], page, (left, right))
        at += 1
    return laid


def _region(
    pieces: Sequence[Piece], strips: Sequence[list[int]], at: int, left: float, right: float, least: float
) -> tuple[int, Gaps]:
    """How far gaps that run through all strips reach from here: (end, gaps); (at, []) for nowhere."""
    gaps: Gaps = []
    end = at
    for number in range(at, len(strips)):
        strip = [pieces[index] for index in strips[number]]
        free = _gaps(strip, left, right, least)
        inner = [gap for gap in free if gap[0] > left and gap[1] < right] if not gaps else free
        if not gaps and not inner:
            if number > at + 3:  # a column may begin a few lines above its neighbour, no more
                break
            free_here = [gap for gap in free if gap[1] - gap[0] > 0.25 * (right - left)]
            if not free_here:
                break
            continue
        narrowed = _common(gaps, free, least) if gaps else inner
        if not narrowed:
            break
        gaps, end = narrowed, number + 1
    return (end, gaps) if _beside(pieces, strips[at:end]) > 1 else (at, [])


def _beside(pieces: Sequence[Piece], strips: Sequence[list[int]]) -> int:
    """How many lines have something beside them."""
    return sum(len(strip) // 2 for strip in strips if len(strip) > 1)


def _columns(region: Sequence[Piece], gaps: Gaps) -> list[list[Piece]]:
    """The pieces between the gaps, in the order of the file; [] when all stand on one side."""
    borders = sorted((low + high) / 2 for low, high in gaps)
    columns: dict[int, list[Piece]] = defaultdict(list)
    for piece in region:
        columns[sum(1 for border in borders if border < (piece.left + piece.right) / 2)].append(piece)
    return [columns[key] for key in sorted(columns)] if len(columns) > 1 else []


def _in_columns(
    pieces: Sequence[Piece], strips: Sequence[list[int]], columns: Sequence[list[Piece]], page: Page, *, depth: int
) -> list[Laid]:
    """A region as columns of prose or as a table; [] when it is neither."""
    if _is_prose(columns) and not _is_ruled(columns, page) and not _begin_together(columns):
        return [line for column in columns for line in _lay(column, page, depth=depth + 1)]
    return _as_table(visual_rows(pieces[index] for strip in strips for index in strip), columns, page)


def _is_prose(columns: Sequence[list[Piece]]) -> bool:
    """Whether columns are read one after the other: each holds enough lines that fill it."""
    if len(columns) > 4:
        return False
    for column in columns:
        left, right = min(piece.left for piece in column), max(piece.right for piece in column)
        rows = visual_rows(column)
        full = [row for row in rows if row[-1].right - row[0].left > _PROSE_FILL * (right - left) and _is_long(row)]
        if len(full) < max(_PROSE_LINES, 0.3 * len(rows)):
            return False
    return True


def _is_long(row: Sequence[Piece]) -> bool:
    """Whether a row holds as many letters as a line of prose; Han letters say more than Latin ones."""
    letters = sum(len(piece.text) for piece in row)
    return letters >= (_PROSE_CHARS // 2 if any(letter > "\u2e80" for letter in row[0].text[:6]) else _PROSE_CHARS)


def _is_ruled(columns: Sequence[list[Piece]], page: Page) -> bool:
    """Whether several lines are drawn through all columns."""
    pieces = [piece for column in columns for piece in column]
    return len(_dividers(pieces, page)) > 2


def _begin_together(columns: Sequence[list[Piece]]) -> bool:
    """Whether columns mostly go on at the same heights after gaps: the mark of a table with long cells."""
    starts = [_starts(column) for column in columns]
    fewest = min(starts, key=len)
    shared = [height for height in fewest if all(any(abs(height - at) < 1.5 for at in one) for one in starts)]
    return len(shared) > 1 and len(shared) * 2 > max(map(len, starts))


def _starts(column: Sequence[Piece]) -> list[float]:
    """The heights at which a column goes on after a gap."""
    rows = visual_rows(column)
    pairs = list(zip(rows, rows[1:], strict=False))
    pitch = median([one[0].base - two[0].base for one, two in pairs] or [0.0])
    return [two[0].base for one, two in pairs if one[0].base - two[0].base > 1.25 * pitch]


# ------------------------------------------------------------------------------------------------ tables


def _as_table(rows: Sequence[list[Piece]], columns: Sequence[list[Piece]], page: Page) -> list[Laid]:
    """The rows of a table, and the lines above and below it; [] when most rows hold one cell only."""
    full = [number for number, row in enumerate(rows) if len(row) > 1]
    if len(full) < 2 or len(full) * 2 < full[-1] - full[0] + 1:
        return []
    first, last = full[0], full[-1] + 1
    start = min(piece.left for piece in columns[0])
    while last < len(rows) and rows[last][0].left > start + 1 and _is_close(rows[last - 1], rows[last]):
        last += 1  # further lines of the last row's cells
    return [
        *(_line(row, page, _edges_of(rows)) for row in rows[:first]),
        *_table(rows[first:last], columns, page),
        *(_line(row, page, _edges_of(rows)) for row in rows[last:]),
    ]


def _is_close(above: Sequence[Piece], row: Sequence[Piece]) -> bool:
    return above[0].base - row[0].base < 1.5 * row[0].size


def _edges_of(rows: Sequence[list[Piece]]) -> tuple[float, float]:
    return min(row[0].left for row in rows), max(row[-1].right for row in rows)


def _table(rows: Sequence[list[Piece]], columns: Sequence[list[Piece]], page: Page) -> list[Laid]:
    """The rows of a table; of a list of contents, whose second column is page numbers, its first as lines."""
    belongs = {piece: number for number, column in enumerate(columns) for piece in column}
    if len(columns) == 2 and _is_contents(columns[0], columns[1]):
        return [_line([row[0]], page, (row[0].left, row[0].right)) for row in rows if belongs[row[0]] == 0]
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
    dividers = _dividers([piece for row in rows for piece in row], page)
    pitches = [one[0].base - two[0].base for one, two in zip(rows, rows[1:], strict=False)]
    tight = 1.35 * min(pitches, default=0.0)
    loose = bool(pitches) and max(pitches) > tight  # some lines stand closer together than others
    groups: list[list[Piece]] = []
    for number, row in enumerate(rows):
        if not number:
            groups.append(list(row))
            continue
        above = rows[number - 1][0]
        if len(dividers) > 2:
            low, high = row[0].base + row[0].size / 2, above.base + above.size / 2
            goes_on = not any(low < height < high for height in dividers)
        else:
            first = min(belongs[piece] for piece in row)
            goes_on = pitches[number - 1] <= tight and (first > 0 or loose)
        if goes_on:
            groups[-1].extend(row)
        else:
            groups.append(list(row))
    return groups


def _dividers(pieces: Sequence[Piece], page: Page) -> list[float]:
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


def join(text: str, line: str) -> str:
    """Two lines as one: scripts without spaces need none."""
    if not text or not line:
        return text or line
    return f"{text}{line}" if _is_wide(text[-1]) and _is_wide(line[0]) else f"{text} {line}"


def _is_wide(letter: str) -> bool:
    return "\u2e80" <= letter <= "\ua4cf" or "\uf900" <= letter <= "\ufaff" or "\uff00" <= letter <= "\uffef"


# ------------------------------------------------------------------------------------------------ lines


def _strip_lines(strip: Sequence[Piece], page: Page, column: tuple[float, float]) -> list[Laid]:
    """The lines of pieces that overlap in height: a single row reads across, others in the order of the file."""
    rows = visual_rows(strip)
    if len(rows) == 1:
        return [_line(rows[0], page, column)]
    return [_line([piece], page, column) for piece in strip]


def _line(pieces: Sequence[Piece], page: Page, column: tuple[float, float]) -> Line:
    """One line of running text, without the leader dots and page number of a list of contents."""
    text = " ".join(piece.text for piece in pieces)
    first, last = pieces[0], max(pieces, key=lambda piece: piece.right)
    largest = max(pieces, key=lambda piece: piece.size)
    if "..." in text or ". ." in text or "…" in text or "··" in text:
        text = _RE_LEADER.sub("", text).rstrip() or text
    bold = all(piece.bold for piece in pieces)
    return Line(text, first.left, last.right, largest.base, largest.size, bold, page.number, column)
