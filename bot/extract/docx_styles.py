"""The styles of a Word document: which paragraphs are headings, and which numbers a style brings. Pure."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from bot.extract.wordml import child, children, number, value

_RE_HEADING = re.compile(
    r"(?:heading|überschrift|titre|título|titolo|rubrik|kop|标题|標題|見出し|제목) ?([1-9])$", re.IGNORECASE
)
_MAX_CHAIN = 20
_TEXT_LEVEL = 9  # outline levels 0 to 8 are headings, 9 is text (ECMA-376 part 1 §17.3.1.20)


class Style(NamedTuple):
    """What a paragraph's style says of it."""

    rank: int = 0  # 1 to 6 for a heading
    list_id: str = ""
    level: int = 0


class Styles:
    """Styles by id, each with what it inherits."""

    def __init__(self, root: Any) -> None:
        self._elements: dict[str, Any] = {}
        for style in children(root, "style"):
            self._elements.setdefault(value(style, "styleId"), style)
        self._known: dict[str, Style] = {}

    def of(self, paragraph: Any) -> Style:
        """The style of a paragraph with what the paragraph itself says."""
        own = child(paragraph, "pPr")
        if own is None:
            return Style()
        return _with(self._named(value(child(own, "pStyle"))), own)

    def _named(self, name: str) -> Style:
        if name not in self._known:
            self._known[name] = self._inherited(name)
        return self._known[name]

    def _inherited(self, name: str) -> Style:
        chain: list[Any] = []
        while name in self._elements and len(chain) < _MAX_CHAIN:
            chain.append(self._elements[name])
            name = value(child(chain[-1], "basedOn"))
        style = Style()
        for element in reversed(chain):
            title = value(child(element, "name"))
            if heading := _RE_HEADING.match(title):
                style = style._replace(rank=min(int(heading[1]), 6))
            elif title.lower() == "title":
                style = style._replace(rank=1)
            own = child(element, "pPr")
            style = style if own is None else _with(style, own)
        return style


def _with(style: Style, properties: Any) -> Style:
    """A style with what paragraph properties add."""
    outline, numbered = child(properties, "outlineLvl"), child(properties, "numPr")
    if outline is not None:
        level = number(outline, default=_TEXT_LEVEL)
        style = style._replace(rank=min(level + 1, 6) if level < _TEXT_LEVEL else 0)
    if child(numbered, "numId") is not None:
        style = style._replace(list_id=value(child(numbered, "numId")))
    if child(numbered, "ilvl") is not None:
        style = style._replace(level=number(child(numbered, "ilvl")))
    return style
