"""How much of a text is left in another: enough to notice that quite another page came. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from bot.honesty.phrases import weight
from bot.model import Block

RUN = 3  # words in a row that two texts share by chance only seldom
TITLE = 20  # Latin letters: a shorter heading ("Contact") stands on any page
# Scripts without spaces: each character is a word (Thai and Lao, kana, Han, Hangul).
_WIDE = r"\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"


@cache  # at first use: wide sets take 2 ms to compile
def _word() -> re.Pattern[str]:
    return re.compile(rf"[{_WIDE}]|[^\W_{_WIDE}]+")


def share_kept(before: Sequence[Block], after: Sequence[Block]) -> float:
    """The share (0 to 1) of the earlier runs of three words that the later text still holds; 1 for too few words."""
    old = _runs(before)
    return len(old & _runs(after)) / len(old) if old else 1.0


def keeps_title(before: Sequence[Block], after: Sequence[Block]) -> bool:
    """Whether the first heading of some length stands in the later text, in whatever order its words are."""
    said = (block.text for block in before if block.kind == "heading" and weight(block.text) >= TITLE)
    wanted = _words(next(said, ""))
    return bool(wanted) and any(set(wanted) <= set(_words(block.text)) for block in after)


def _runs(blocks: Sequence[Block]) -> set[tuple[str, ...]]:
    words = [word for block in blocks for word in _words(block.text)]
    return set(zip(*(words[start:] for start in range(RUN)), strict=False))


def _words(text: str) -> list[str]:
    return _word().findall(text.lower())
