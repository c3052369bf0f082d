"""XML to Blocks: law texts of known schemas by structure (law/), others by what their elements are called. Pure.

The reader here takes any schema: leaf text, number labels, headings by name.
"""

from __future__ import annotations

import re
from typing import Any

from bot.errors import ReadError
from bot.extract.feeds import refuse_entities
from bot.extract.furniture import by_heading, furniture
from bot.extract.law import read_law, vocabulary_of
from bot.extract.law.walk import pieces
from bot.extract.outline import Outline, rank_of
from bot.model import Block
from bot.text import label, tidy

MAX_DEPTH = 400
_RE_TITLE = re.compile(
    r"title|titel|heading|caption|rubri|pealkiri|otsikko|überschrift|naslov|tytul|nadpis|名稱|名称|longtitle", re.I
)
_RE_NUMBER = re.compile(r"num|nr|^no$|^dt$|enbez|itemtitle|条号|條號|label|kuvatavtekst|^marker$", re.I)
_RE_BARE_NUMBER = re.compile(
    r"[〇一二三四五六七八九十百]{1,5}$|[ア-ン]$|[0-9０-９]{1,4}[.)]?[a-zA-Z]{0,3}[.)]?$|[a-zA-Z]{1,2}[.)]?$|[IVXLivxl]{1,6}[.)]?$"
)
_INLINE_NAMES = """
    b i u em strong sup sub span a ref rref mref sentence ruby rt rb line citation citationsubref acronym abbr emphasis
    intref extref alink date def term addition substitution repeal small strike q authorialnote noteref inline smallcaps
    underline superscript inferior br affectedarticle docnumber doctype docdate kaetext viide"""
_INLINE = frozenset(_INLINE_NAMES.split())


def read_xml(text: str) -> list[Block]:
    """The Blocks of an XML text; raises ReadError for XML that is cut, malformed, too deep or declares entities."""
    root = parse(text)
    vocabulary = vocabulary_of(root)
    blocks = read_law(root, vocabulary) if vocabulary else []
    if any(block.place != "about" for block in blocks):
        return blocks
    reader = _Reader()
    reader.over(root)
    return reader.blocks


def parse(text: str) -> Any:
    """The root element, parsed without DTDs, entities and network."""
    from lxml import etree

    body = re.sub(r"^\ufeff?\s*<\?xml[^>]*\?>", "", text).strip().encode()
    refuse_entities(body)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        cut = not body.endswith(b">")
        raise ReadError("truncated" if cut else "unreadable", f"not well-formed XML: {error}") from error


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


class _Reader:
    """One pass over the elements; text inside mixed content is collected until a part begins or ends."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._outline = Outline()
        self._text: list[str] = []
        self._number = ""  # a number that stands in an element of its own, waiting for its text
        self._about = 0
        self._seen: set[str] = set()
        self._leaf = ""  # name of the element whose text is collected

    def over(self, root: Any) -> None:
        open_: list[tuple[Any, bool, bool]] = [(root, False, False)]
        while open_:
            element, leaving, inline = open_.pop()
            if leaving:
                self._leave(element, inline=inline)
                continue
            name = _name(element)
            inline = len(open_) > 0 and (name in _INLINE or name.startswith("inline"))
            self._enter(element, name, inline=inline)
            if len(open_) > 200_000 or len(self.blocks) > 200_000:
                raise ReadError("too large", "the XML falls into too many parts")
            open_.append((element, True, inline))
            open_ += [(child, False, False) for child in reversed(element)]

    def _enter(self, element: Any, name: str, *, inline: bool) -> None:
        if not inline:
            self._flush()
            self._leaf = name
            self._about += _is_about(name)
        if name == "rt":  # the reading of a Ruby annotation repeats the word
            return
        self._text.append(element.text or "")

    def _leave(self, element: Any, *, inline: bool) -> None:
        if not inline:
            self._flush()
            self._about -= _is_about(_name(element))
            parent = element.getparent()
            self._leaf = _name(parent) if parent is not None else ""
        self._text.append(element.tail or "")

    def _flush(self) -> None:
        raw = "".join(self._text)
        self._text.clear()
        if raw and not raw.isspace():
            for piece in pieces(raw):
                self._add(tidy(piece))

    def _add(self, text: str) -> None:
        if not text:
            return
        if self.blocks and not any(map(str.isalnum, text)):  # the full stop after a quoted amendment
            self.blocks[-1] = self.blocks[-1]._replace(text=f"{self.blocks[-1].text}{text}")
            return
        number, rest = label(text)
        if self._is_number(text, number, rest):
            self._number = f"{self._number} {text}".strip()
            joined = label(self._number)
            if rank_of(joined[0]) and not joined[1]:
                self._heading(joined[0], "")
            return
        if self._titled(text):
            return
        if self._about:
            self._said_about(f"{self._leaf}: {text}")
            return
        self._paragraph(text)

    def _said_about(self, text: str) -> None:
        """Metadata once: some schemas repeat them at every article."""
        if text not in self._seen:
            self._seen.add(text)
            self.blocks.append(Block("paragraph", text, place="about"))

    def _is_number(self, text: str, number: str, rest: str) -> bool:
        """Whether a text is the number of what follows, by itself or by its element's name."""
        if len(text) > 40:
            return False
        if number and not rest and (not self._about or rank_of(number)):
            return True
        if self._about or not _RE_NUMBER.search(self._leaf):
            return False
        return bool(_RE_BARE_NUMBER.match(text)) or text.isalpha() and len(text) <= 12 and "label" in self._leaf

    def _titled(self, text: str) -> bool:
        """Take a title: it completes the numbered heading just made, or is a heading of its own."""
        if not _RE_TITLE.search(self._leaf) or len(text) > 400:
            return False
        last = self.blocks[-1] if self.blocks else None
        if last and last.kind == "heading" and last.label == last.text and not self._number:
            self.blocks[-1] = last._replace(text=f"{last.text} {text}")
            self._outline.enter(last.label, self.blocks[-1].text)
            return True
        if self._about:
            return False
        if self._number:
            number, self._number = self._number, ""
            self._heading(number, text)
        else:
            number, rest = label(text)
            self._heading(number, rest) if rank_of(number) else self._untitled(text)
        return True

    def _untitled(self, text: str) -> None:
        path = self._outline.under(9, text, place=by_heading(text))
        self.blocks.append(Block("heading", text, path, place=self._outline.place))

    def _heading(self, number: str, rest: str) -> None:
        self._number = ""
        text = f"{number} {rest}".strip()
        path = self._outline.above(number, "heading")
        self._outline.enter(number, text)
        self.blocks.append(Block("heading", text, path, number, place=self._outline.place))

    def _paragraph(self, text: str) -> None:
        number, self._number = self._number, ""
        text = f"{number} {text}" if number else text
        found, rest = label(text)
        number = found or number
        outline = self._outline
        if rank_of(number) and outline.opens(number, rest):
            self._heading(number, rest)
            return
        self.blocks.append(Block("paragraph", text, outline.above(number, "paragraph"), number, place=outline.place))
        if number:
            outline.enter(number, number)


def _is_about(name: str) -> bool:
    return name.replace("-", "").replace("_", "").startswith(furniture().about)
