"""Printed lines to Blocks: paragraphs over line and page breaks, headings by size, weight and number. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.extract.outline import Outline, rank_of
from bot.extract.pdf_layout import lay
from bot.extract.pdf_page import Laid, Line, Page, Row, join
from bot.extract.pdf_running import without_running
from bot.model import Block
from bot.text import label, tidy

MAX_BLOCKS = 200_000
_LARGE = 1.12  # times the size of the body: letters of a heading
_HEADING = 200  # characters
_NOTE = 0.93  # of the size of the body: letters of a footnote
_OTHER = 0.105  # of the size: lines that differ more are not of one paragraph
_EM = 0.75  # of the size of the letters
_RAGGED = 0.6  # of the column: a line of running text reaches further
_RE_ENDS = re.compile(r"[.!?:;。！？：；…][\"”’»』」)）\]]*\d{0,3}$")
_RE_BULLET = re.compile(r"[•▪●○◦■□➢➤►▶–—*·\uf0b7\uf0a7\uf0d8-](?:\s|$)")
_RE_POINT = re.compile(r"\(?[^\W\d_]{1,2}\)(?=\s)|\(?\d{1,3}\)(?=\s)")
_HYPHENS = "-‐\u00ad−"
_RE_LAST = re.compile(r"\w+$")
_RE_FIRST = re.compile(r"[\w'’]+")
_RE_WORD = re.compile(r"[^\W\d_]{2,}(?:[-‐][^\W\d_]{2,})*")
_RE_NOTE = re.compile(r"(?:\d{1,3}|[*†‡]+|\(\d{1,3}\)|[¹²³⁰-⁹]+)(?=\s|[^\W\d])")
_RE_CAPITALS = re.compile(r"[^a-zß-ÿ]{4,100}$")


@dataclass(slots=True)
class Paragraph:
    """Lines that are one text."""

    lines: list[Line]
    cells: tuple[str, ...] = ()
    page: int = 0
    parts: list[str] = field(default_factory=list)

    @property
    def last(self) -> Line:
        return self.lines[-1]


def blocks_of(pages: Sequence[Page]) -> Iterator[Block]:
    """The Blocks of all pages in reading order, each with the page on which it begins."""
    laid = [lay(page) for page in without_running(pages)]
    style = Style(line for page in laid for line in page if isinstance(line, Line))
    paragraphs = list(_paragraphs(laid, style))
    words = Counter(word for one in paragraphs for line in one.lines for word in _whole_words(line.text))
    outline = Outline()
    for number, paragraph in enumerate(paragraphs):
        if number > MAX_BLOCKS:
            return
        if paragraph.cells:
            text = " | ".join(filter(None, paragraph.cells))
            yield Block("row", text, outline.path, place=outline.place, page=paragraph.page)
        elif text := tidy(_text(paragraph.lines, words)):
            yield _block(text, paragraph, style, outline)


def _whole_words(line: str) -> list[str]:
    """The words of a line but for its first and last, which may be parts of words."""
    return _RE_WORD.findall(line.casefold().partition(" ")[2].rpartition(" ")[0])


def _text(lines: Sequence[Line], words: Counter[str]) -> str:
    """The lines as one text; a hyphen at the end of a line is kept where the document writes the word with it."""
    text = lines[0].text
    for line in lines[1:]:
        broken, first = _broken(text), _RE_FIRST.match(line.text)
        if broken and first and first[0][0].islower():
            text = (text if _keeps(broken, first[0], words) else text[:-1]) + line.text
        elif broken and first and first[0][0].isalnum() and not broken.isdigit():
            text += line.text  # EU-Mexico, COVID-19
        else:
            text = join(text, line.text)
    return text


def _broken(text: str) -> str:
    """What stands before the hyphen at the end of a text, "" when it does not end with a word and a hyphen."""
    last = _RE_LAST.search(text, max(0, len(text) - 60), len(text) - 1) if text[-1:] in _HYPHENS else None
    return last[0] if last else ""


def _keeps(one: str, two: str, words: Counter[str]) -> bool:
    """Whether "cross-" and "border" are one word with a hyphen rather than a divided one."""
    one, two = one.casefold(), two.casefold()
    if words[one + two] != words[f"{one}-{two}"]:
        return words[one + two] < words[f"{one}-{two}"]
    return words[one] > 1 and words[two] > 0


# ------------------------------------------------------------------------------------------------ what is usual


class Style:
    """What is usual in this document: the size of its letters, the distance of its lines, the looks of its headings."""

    def __init__(self, lines: Iterable[Line]) -> None:
        sizes, looks = Counter[float](), Counter[tuple[float, bool]]()
        pitches: dict[float, Counter[float]] = {}
        before: Line | None = None
        for line in lines:
            size = _rounded(line.size)
            sizes[size] += len(line.text)
            looks[size, line.bold] += len(line.text)
            if before is not None and before.page == line.page and before.column == line.column:
                pitch = before.base - line.base
                if _rounded(before.size) == size and 0.5 * size < pitch < 3 * size:
                    pitches.setdefault(size, Counter())[round(pitch, 0)] += 1
            before = line
        self.body = sizes.most_common(1)[0][0] if sizes else 10.0
        self._pitch = {size: _smallest_usual(counted) for size, counted in pitches.items()}
        self.ranks = self._ranked(looks, sum(sizes.values()))

    def _ranked(self, looks: Counter[tuple[float, bool]], total: int) -> dict[tuple[float, bool], int]:
        """Large or bold looks that are not the looks of much of the text, the larger the higher."""
        found = [
            look
            for look, count in looks.items()
            if (look[0] >= _LARGE * self.body or look[1] and look[0] >= 0.95 * self.body) and count < 0.3 * total
        ]
        sizes = sorted({size for size, _ in found}, reverse=True)
        steps = [sizes[0]] if sizes else []
        for size in sizes:
            if size < 0.94 * steps[-1]:
                steps.append(size)
        return {look: min(1 + bisect_right([-step for step in steps], -look[0] * 0.999) - 1, 5) for look in found}

    def pitch(self, size: float) -> float:
        """The usual distance of two lines in letters of this size."""
        return self._pitch.get(_rounded(size), 1.2 * size)


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _smallest_usual(counted: Counter[float]) -> float:
    """The smallest distance that occurs often: lines inside a paragraph stand closer than paragraphs."""
    total = counted.total()
    return min(pitch for pitch, count in counted.items() if count >= 0.2 * total or count == max(counted.values()))


# ------------------------------------------------------------------------------------------------ paragraphs


def _paragraphs(laid: Sequence[Sequence[Laid]], style: Style) -> Iterator[Paragraph]:
    """Paragraphs and rows in reading order; footnotes come after the text of their page has come to an end."""
    open_: Paragraph | None = None
    held: list[Paragraph] = []
    for page in laid:
        body, notes = _notes_apart(page, style)
        for thing in body:
            if isinstance(thing, Line) and open_ is not None and _goes_on(open_, thing, style):
                open_.lines.append(thing)
                continue
            if open_ is not None:
                yield open_
                open_ = None
                yield from held
                held = []
            if isinstance(thing, Row):
                yield Paragraph([], thing.cells, thing.page)
            else:
                open_ = Paragraph([thing], (), thing.page)
        held += _note_paragraphs(notes)
    if open_ is not None:
        yield open_
    yield from held


def _notes_apart(page: Sequence[Laid], style: Style) -> tuple[Sequence[Laid], list[Line]]:
    """The page's footnotes: small lines at its end, of which the first bears a mark."""
    start = len(page)
    for index in range(len(page) - 1, -1, -1):
        line = page[index]
        if not isinstance(line, Line) or line.size > _NOTE * style.body:
            break
        if _RE_NOTE.match(line.text):
            start = index
    notes = [line for line in page[start:] if isinstance(line, Line)]
    return page[:start], notes


def _note_paragraphs(notes: Sequence[Line]) -> list[Paragraph]:
    found: list[Paragraph] = []
    for line in notes:
        if found and not _RE_NOTE.match(line.text):
            found[-1].lines.append(line)
        else:
            found.append(Paragraph([line], (), line.page))
    return found


def _goes_on(paragraph: Paragraph, line: Line, style: Style) -> bool:
    """Whether a line continues the open paragraph."""
    last = paragraph.last
    if abs(last.size - line.size) > _OTHER * max(last.size, line.size) or last.bold != line.bold:
        return False
    if last.page != line.page or last.column != line.column or line.base > last.base:
        return _goes_on_elsewhere(paragraph, line)
    if last.base - line.base > 1.3 * style.pitch(line.size) + 1:
        return False
    if _begins(line.text) and (_RE_ENDS.search(last.text) or not _is_full(last, line) or line.left != last.left):
        return False
    if _is_centred(last) and _is_centred(line) or _is_title(last, style):
        return True
    if _broken(last.text) and line.text[:1].islower():
        return True
    return _is_in_place(paragraph, line) and (_is_full(last, line) or _is_ragged(last, line))


def _goes_on_elsewhere(paragraph: Paragraph, line: Line) -> bool:
    """Over a column or a page: an unfinished sentence in a full line goes on with a line that begins nothing."""
    last = paragraph.last
    if _RE_ENDS.search(last.text) or _begins(line.text) or _broken(last.text) and not line.text[:1].islower():
        return False
    first = line.text[:1]
    return _is_full(last, line) and (not first.isupper() or len(last.text) > 30 and not _is_centred(line))


def _begins(text: str) -> bool:
    """Whether a line bears a number or a bullet."""
    return bool(_RE_BULLET.match(text) or _RE_POINT.match(text) or label(text)[0])


def _is_full(last: Line, line: Line) -> bool:
    """Whether the next line's first word would have had no room in this line."""
    word = line.text.split(" ", 1)[0][:30]
    width = (line.right - line.left) / max(len(line.text), 1) * (len(word) + 1)
    return last.right + width + 0.3 * line.size > last.column[1]


def _is_ragged(last: Line, line: Line) -> bool:
    """Whether a line that ends early is merely set with a ragged edge: its sentence goes on in small letters."""
    short = last.right - last.column[0] < _RAGGED * (last.column[1] - last.column[0])
    hangs = line.left > last.left + _EM * line.size  # under the text of a numbered point
    return (not short or hangs) and not _RE_ENDS.search(last.text) and line.text[:1].islower()


def _is_in_place(paragraph: Paragraph, line: Line) -> bool:
    """Whether a line begins where the lines of its paragraph do; its first line may be indented, or outdented."""
    last = paragraph.last
    step = line.left - last.left
    if abs(step) <= _EM * line.size:
        return True
    return len(paragraph.lines) == 1 and (step < 0 or _begins(last.text))


def _is_centred(line: Line) -> bool:
    left, right = line.left - line.column[0], line.column[1] - line.right
    return left > 2 * line.size and abs(left - right) < 1.5 * line.size


def _is_title(line: Line, style: Style) -> bool:
    return line.size >= _LARGE * style.body


# ------------------------------------------------------------------------------------------------ blocks


def _block(text: str, paragraph: Paragraph, style: Style, outline: Outline) -> Block:
    """A Block at its place under the headings."""
    first, page = paragraph.lines[0], paragraph.page
    number, rest = label(text)
    rank = _heading_rank(text, first, style)
    implied = rank_of(number) if number else 0
    if rank and not implied and not outline.entitles(text):
        path = outline.under(rank, text, place="body")
        return Block("heading", text, path, number, page=page)
    if rank and not implied:
        return Block("heading", text, outline.path[:-1], number, page=page)
    kind = "item" if _RE_BULLET.match(text) else "paragraph"
    if implied and (rank or outline.opens(number, rest)) or not number and outline.entitles(text):
        kind = "heading"
    path = outline.above(number, kind) if number else outline.path if kind != "heading" else outline.path[:-1]
    if number:
        outline.enter(number, text if kind == "heading" else number)
        outline.awaits_title("" if rest else number)
    return Block(kind, text, path, number, place=outline.place, page=page)


def _heading_rank(text: str, line: Line, style: Style) -> int:
    """1 to 5 by the looks of a heading, 6 for one that is merely written in capitals, 0 for text."""
    if len(text) > _HEADING or not any(map(str.isalpha, text)):
        return 0
    rank = style.ranks.get((_rounded(line.size), line.bold), 0)
    if rank:
        return rank if line.size >= _LARGE * style.body or text[-1] not in ".;,:。；，" else 0
    if line.size < 0.95 * style.body or not _RE_CAPITALS.match(text) or not text.isupper():
        return 0
    return 6 if sum(map(str.isalpha, text)) > 3 and text[-1] not in ".;,:" else 0
