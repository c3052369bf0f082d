"""Plain text to Blocks: paragraphs by blank lines and by numbered lines; hard wraps vanish. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.extract.outline import Outline, rank_of
from bot.model import Block
from bot.text import label, tidy

_RE_RULE = re.compile(r"[-=_*~.#\s]{3,}$")


def read_text(text: str) -> list[Block]:
    """The Blocks of a plain text."""
    outline = Outline()
    return [numbered(outline, "paragraph", line) for line in paragraphs(text)]


def paragraphs(text: str) -> Iterator[str]:
    """Tidy paragraphs: a blank line or a line with a number label begins a new one, other lines continue it."""
    open_: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").split("\n"):
        bare = line.strip()
        blank = not bare or bool(_RE_RULE.match(bare))
        if (blank or _begins(bare)) and open_:
            yield from filter(None, [tidy("\n".join(open_))])
            open_ = []
        if not blank:
            open_.append(line)
    yield from filter(None, [tidy("\n".join(open_))])


def _begins(line: str) -> bool:
    """Whether a line must begin a paragraph: it bears a number, or it is indented as Chinese and Japanese texts do."""
    return bool(label(tidy(line))[0])


def numbered(outline: Outline, kind: str, text: str, *, place: str = "") -> Block:
    """A Block at its place in the outline; a numbered line that is a heading becomes one."""
    number, rest = label(text)
    if number and kind == "paragraph" and rank_of(number) and outline.opens(number, rest):
        kind = "heading"
    block = Block(kind, text, outline.above(number, kind), number, place=place or outline.place)
    if number:
        outline.enter(number, text if kind == "heading" else number)
    return block
