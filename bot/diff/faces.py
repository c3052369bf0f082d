"""What of a block counts when it is compared: its number label and the rest, both folded. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from bot.diff.lcs import Codes
from bot.diff.words import tokens
from bot.model import Block
from bot.text import fold, label, tidy

ASIDES = frozenset({"aside", "about"})


class Face(NamedTuple):
    """A block as the comparison sees it."""

    label: str  # folded; "" when the block has no number
    rest: str  # folded text without the label
    kind: str
    place: str
    path: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        return f"{self.label} {self.rest}" if self.label and self.rest else self.label or self.rest

    @property
    def bare(self) -> bool:
        """A number that stands alone: it belongs to what follows."""
        return bool(self.label) and not self.rest

    @property
    def beside(self) -> bool:
        """Not the text itself: teasers, metadata. Their order says nothing."""
        return self.place in ASIDES

    @property
    def content(self) -> str:
        """What must be equal for two blocks to be the same one; the number belongs to it only beside the text."""
        return self.whole if self.beside else self.rest or self.label


def face(block: Block) -> Face:
    """The face of one block; its label is the one the reader found, or the one its text starts with."""
    text = tidy(block.text)
    if block.label and text.startswith(block.label):
        found, rest = block.label, text[len(block.label) :].lstrip(" .:：．、")
    else:
        found, rest = label(text)
        found = found or block.label
    return Face(fold(found), fold(rest.lstrip("| ") if found else rest), block.kind, block.place, block.path)


def faces(*texts: Sequence[Block]) -> tuple[list[Face], ...]:
    """The faces of several texts, those of equal blocks made once: most of two Versions is the same."""
    known = {block: face(block) for block in {block for blocks in texts for block in blocks}}
    return tuple([known[block] for block in blocks] for blocks in texts)


@cache
def _digits() -> re.Pattern[str]:
    return re.compile(r"\d+(?:[.,'\u00a0\u202f ]\d+)*")


def masked(text: str) -> str:
    """A folded text with every number replaced by 0; two texts that differ in digits alone are masked the same."""
    return _digits().sub("0", fold(text))


def coded_words(rest: str, codes: Codes) -> str:
    """A text as one character per word, without spaces and marks; numbers count half, so that 10 resembles 12."""
    coded: list[str] = []
    for token in tokens(rest.lower()):
        if token[0].isdigit():
            coded.append(codes["0"])
        if token[0].isalnum():
            coded.append(codes[token])
    return "".join(coded)
