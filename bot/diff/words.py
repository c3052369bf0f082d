"""What differs inside two versions of one passage: words, or characters where a script has no spaces. Pure."""

from __future__ import annotations

import re
from functools import cache
from itertools import accumulate

from bot.diff.lcs import Codes, common_runs
from bot.text import fold

Span = tuple[int, int, int, int]  # before start, before end, after start, after end

# Scripts without spaces between words are compared character by character; Hangul has spaces.
_HAN_KANA = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u30ff\u3100-\u312f\u3190-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
_SEA = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_SEA_MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b4-\u17d3"
_INDIC = "\u0900-\u0dff"
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
_LETTER = rf"(?:[^\W\d_{_HAN_KANA}{_SEA}{_INDIC}][{_MARKS}]*)"
_HAN_NUMBER = "[〇零一二三四五六七八九十百千]{2,}"  # one number, however many characters
_FIGURE = r"[0-9]+(?:[.,'’][0-9]+)*"  # 1,000 and 3.5 are one word each
_ASCII = rf"{_FIGURE}|[A-Za-z]+(?:'[A-Za-z]+)*|\s+|."
_WORD = rf"{_LETTER}+(?:['’]{_LETTER}+)*"
_WIDE = rf"{_FIGURE}|\d+|{_HAN_NUMBER}|[{_HAN_KANA}]|[{_SEA}][{_SEA_MARKS}]*|[{_INDIC}]+|{_WORD}|\s+|."

SHORT = 2  # characters: an equal run this short between two differences belongs to them


@cache
def _token(kind: str) -> re.Pattern[str]:
    return re.compile(_ASCII if kind == "ascii" else _WIDE, re.DOTALL)


def tokens(text: str) -> list[str]:
    """The words, numbers, single Han, kana or Thai characters, spaces and marks that a text is made of, in order."""
    return _token("ascii" if text.isascii() else "wide").findall(text)


def is_unspaced(text: str) -> bool:
    """Whether a text holds characters of a script that is written without spaces between words."""
    return bool(_unspaced().search(text))


@cache
def _unspaced() -> re.Pattern[str]:
    return re.compile(f"[{_HAN_KANA}{_SEA}]")


def spans(before: str, after: str) -> tuple[Span, ...]:
    """Where two texts differ, ascending, as character offsets (end excluded); differences of typography are left out.

    Spans begin and end at word borders, or between characters in scripts without spaces.
    """
    left, right = tokens(before), tokens(after)
    found = _differences(left, right)
    told = [span for span in found if not _is_typography(before, after, span)]
    if len(told) < len(found) and fold(rebuilt(before, after, told)) != fold(after):
        told = found
    return tuple(_merged(told, before))


def rebuilt(before: str, after: str, differences: list[Span] | tuple[Span, ...]) -> str:
    """The later text, made of the earlier one and the later one's spans."""
    pieces, at = [], 0
    for start, end, after_start, after_end in differences:
        pieces += [before[at:start], after[after_start:after_end]]
        at = end
    return "".join([*pieces, before[at:]])


def _differences(left: list[str], right: list[str]) -> list[Span]:
    codes = Codes()
    runs = common_runs("".join([codes[t] for t in left]), "".join([codes[t] for t in right]))
    ends_a, ends_b = [0, *accumulate(map(len, left))], [0, *accumulate(map(len, right))]
    found, a, b = [], 0, 0
    for run in [*runs, None]:
        to_a, to_b = (run.a, run.b) if run else (len(left), len(right))
        if (a, b) != (to_a, to_b):
            found.append((ends_a[a], ends_a[to_a], ends_b[b], ends_b[to_b]))
        if run:
            a, b = run.a + run.size, run.b + run.size
    return found


def _is_typography(before: str, after: str, span: Span) -> bool:
    """The neighbours belong to the question: a space counts between two words and not beside a Han character."""
    start, end, after_start, after_end = span
    return fold(before[max(0, start - 1) : end + 1]) == fold(after[max(0, after_start - 1) : after_end + 1])


def _merged(found: list[Span], before: str) -> list[Span]:
    """Differences with next to nothing between them are one: nobody reads three marks in four words."""
    merged: list[Span] = []
    for span in found:
        if merged and _belongs(before[merged[-1][1] : span[0]], merged[-1], span):
            last = merged.pop()
            span = (last[0], span[1], last[2], span[3])
        merged.append(span)
    return merged


def _belongs(between: str, left: Span, right: Span) -> bool:
    if len(between.strip()) <= SHORT and (not between.strip() or is_unspaced(between) or len(between) <= SHORT):
        return True
    return len(between) <= min(_size(left), _size(right)) and len(between.split()) <= SHORT and len(between) <= 12


def _size(span: Span) -> int:
    return max(span[1] - span[0], span[3] - span[2])
