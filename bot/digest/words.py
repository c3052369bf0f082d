"""Counting words, as a reader does, and cutting a text to so many. Pure."""

from __future__ import annotations

import re
from functools import cache

_WORD = re.compile(r"\S+")


@cache  # at first use: wide sets take 2 ms to compile
def _wide() -> re.Pattern[str]:
    return re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\u0e00-\u0eff]")  # written without spaces


def count(text: str) -> int:
    """How many words a text has; two characters of a script without spaces count as one."""
    wide = len(_wide().findall(text))
    return (wide + 1) // 2 + len(_WORD.findall(_wide().sub(" ", text) if wide else text))


def cut(text: str, words: int) -> str:
    """The text in at most so many words, with … where it was cut."""
    if count(text) <= words:
        return text
    low, high = 0, len(text)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count(text[:middle]) <= words else (low, middle - 1)
    head = text[:low]
    if low < len(text) and not text[low].isspace() and not _wide().match(text[low]) and " " in head:
        head = head.rpartition(" ")[0]
    return head.rstrip(" .,;:·。") + "…" if words > 0 else ""
