"""Documents that a page links to: the rule itself, where the page is only its wrapper. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.model import Block
from bot.text import canonical_url

READ = frozenset({"pdf", "docx", "doc", "xlsx"})  # those that become derived sources
_SUFFIXES = READ | {"xls", "ppt", "pptx", "odt", "ods", "rtf", "zip", "wps", "ofd", "hwp", "hwpx"}
_ENDS = tuple(f".{suffix}" for suffix in sorted(_SUFFIXES))
_RE_NAMED = re.compile(r"\.(pdf|docx|doc|xlsx)\W*(?:\([^()]*\)|（[^（）]*）)?$", re.IGNORECASE)  # "Annex 1.pdf (2 MB)"


class Linked(NamedTuple):
    """A stretch of text that leads somewhere: where it begins and ends in the text around it."""

    start: int
    end: int
    link: str


def is_document(link: str) -> bool:
    """Whether an address ends like a document's."""
    return link.lower().partition("?")[0].endswith(_ENDS)


def attachment_type(block: Block) -> str:
    """pdf, docx, doc or xlsx by the address a block leads to or, where that says nothing, by the file it names."""
    suffix = block.link.lower().partition("?")[0].rpartition(".")[2]
    if suffix in _SUFFIXES:
        return suffix if suffix in READ else ""
    named = _RE_NAMED.search(block.text) if block.link else None
    return named[1].lower() if named else ""


def attachments(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks of the main text that lead to documents we can read, each document once."""
    found: dict[str, Block] = {}
    for block in blocks:
        if block.link and not block.key and block.place == "body" and attachment_type(block):
            found.setdefault(canonical_url(block.link), block)
    found.pop("", None)
    return tuple(found.values())


def borders(text: str, documents: Sequence[Linked], line_break: str) -> list[int]:
    """Where a text that lists several documents is cut, so that each stands by itself."""
    cuts = []
    for one, two in zip(documents, documents[1:], strict=False):
        between = text[one.end : two.start]
        if line_break in between or not any(map(str.isalpha, between)):
            cuts.append(one.end)
    return cuts
