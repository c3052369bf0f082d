"""What differs between two looks at one page a few seconds apart, and the declaration that would leave it out. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from bot.extract.charset import decode
from bot.extract.html import parse
from bot.model import Block
from bot.text import tidy

_LEAST = 6  # letters before the first difference that make a pattern
_RE_NAME = re.compile(r"[A-Za-z][A-Za-z_-]{2,40}")  # names with digits are often made anew at each visit
_RE_DIGITS = re.compile(r"[0-9]+")


class Restless(NamedTuple):
    """A block that differed, and a line for sources.toml that would leave it out ("" when none comes to mind)."""

    before: str  # "" when it was not there
    after: str
    rule: str


def restless(before: Sequence[Block], after: Sequence[Block], *, body: bytes) -> list[Restless]:
    """What two readings of one page differ in, in reading order; `body` is the HTML of the second."""
    gone, come = _only(before, after), _only(after, before)
    pairs = [(gone[at] if at < len(gone) else "", come[at] if at < len(come) else "") for at in _to(gone, come)]
    return [Restless(one, two, _rule(one, two, body)) for one, two in pairs]


def _to(*lists: Sequence[str]) -> range:
    return range(max(map(len, lists)))


def _only(these: Sequence[Block], those: Sequence[Block]) -> list[str]:
    """The texts of the one reading that the other lacks, in order."""
    left = Counter(block.text for block in those)
    found = []
    for block in these:
        if left[block.text]:
            left[block.text] -= 1
        else:
            found.append(block.text)
    return found


def _rule(before: str, after: str, body: bytes) -> str:
    if before and after and _RE_DIGITS.sub("0", before) == _RE_DIGITS.sub("0", after):
        return f"ignore = ['{_pattern(after)}']"
    if css := _selector(after, body):
        return f'remove = ["{css}"]'
    same = _common(before, after)
    return f"ignore = ['{re.escape(same)}.*']" if len(same) >= _LEAST and "'" not in same else ""


def _pattern(text: str) -> str:
    """RE2 for the text with any digits; a quote, which TOML's literal strings cannot hold, is any character."""
    return r"\d+".join(re.escape(part) for part in _RE_DIGITS.split(text)).replace("'", ".")


def _common(one: str, two: str) -> str:
    size = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    return one[:size].rstrip()


def _selector(text: str, body: bytes) -> str:
    """A CSS selector for the smallest element with a steady name that says just this text, "" for none."""
    if not text:
        return ""
    for node in reversed(parse(decode(body)[0]).css("[id], [class]")):
        if tidy(node.text(separator=" ")) == text:
            attributes = node.attributes
            if _RE_NAME.fullmatch(attributes.get("id") or ""):
                return f"#{attributes['id']}"
            names = [name for name in (attributes.get("class") or "").split() if _RE_NAME.fullmatch(name)]
            if names:
                return f"{node.tag}.{'.'.join(names[:2])}"
    return ""
