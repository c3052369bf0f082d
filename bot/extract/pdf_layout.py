"""The order of reading on a printed page: columns one after the other, tables row by row. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import median

from bot.extract.pdf_page import Laid, Page, Piece, line_of, upright, visual_rows
from bot.extract.pdf_tables import as_table, dividers

_DEEPEST = 2  # columns in columns in columns
_CROWDED = 4_000  # pieces: more are no page for people, and are read from top to bottom
_MOST = 30  # gaps beside one another: the widest are kept
_GUTTER = 0.6  # of the size of the letters: the least width of a gap between columns
_PROSE_LINES, _PROSE_CHARS, _PROSE_FILL = 4, 16, 0.6


def lay(page: Page) -> list[Laid]:
    """The lines and table rows of a page in reading order; sideways text comes last."""
    straight, turned = upright(page)
    laid = _lay(straight, page, depth=0 if len(straight) < _CROWDED else _DEEPEST + 1)
    for angle in sorted({piece.angle for piece in turned}):
        laid += _lay([piece for piece in turned if piece.angle == angle], page, depth=_DEEPEST + 1)
    return laid


def _lay(pieces: Sequence[Piece], page: Page, *, depth: int) -> list[Laid]:
    if not pieces:
        return []
    left, right = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    strips = _strips(pieces)
    least = _GUTTER * median(piece.size for piece in pieces)
    laid: list[Laid] = []
    at = 0
    while at < len(strips):
        end, gaps = (at, []) if depth > _DEEPEST else _region(pieces, strips, at, left, right, least)
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
        columns[bisect_left(borders, (piece.left + piece.right) / 2)].append(piece)
    return [columns[key] for key in sorted(columns)] if len(columns) > 1 else []


def _in_columns(
    pieces: Sequence[Piece], strips: Sequence[list[int]], columns: Sequence[list[Piece]], page: Page, *, depth: int
) -> list[Laid]:
    """A region as columns of prose or as a table; [] when it is neither."""
    if _is_prose(columns) and not _is_ruled(columns, page) and not _begin_together(columns):
        return [line for column in columns for line in _lay(column, page, depth=depth + 1)]
    return as_table(visual_rows(pieces[index] for strip in strips for index in strip), columns, page)


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
    return len(dividers(pieces, page)) > 2


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
    return found if len(found) <= _MOST else sorted(sorted(found, key=lambda gap: gap[0] - gap[1])[:_MOST])


def _common(one: Gaps, two: Gaps, least: float) -> Gaps:
    pairs = [(max(a[0], b[0]), min(a[1], b[1])) for a in one for b in two]
    return [pair for pair in pairs if pair[1] - pair[0] >= least]


def _strip_lines(strip: Sequence[Piece], page: Page, column: tuple[float, float]) -> list[Laid]:
    """The lines of pieces that overlap in height: a single row reads across, others in the order of the file."""
    rows = visual_rows(strip)
    if len(rows) == 1:
        return [line_of(rows[0], page, column)]
    return [line_of([piece], page, column) for piece in strip]
