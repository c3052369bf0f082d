"""Text as the judge compares it, and the way back to the printed characters."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# A line break stays: it ends a sentence.
_ALIKE = str.maketrans({"’": "'", "‘": "'", "‑": "-", "‐": "-", "–": "-", "\u00a0": " ", "\t": " ", "ё": "е"})
_UNSPACED = ((0x2E80, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0x0E00, 0x0E7F), (0x20000, 0x323AF))
_RE_ALIKE = re.compile("[’‘‑‐–\u00a0\tё]")
# No end: <!channel>, <!--, ?page=2. One set of characters first: it is searched for quickly.
_RE_END = re.compile(
    r"[。！？；;\n!?.](?:(?<=[。！？；;\n])|(?<=\.)(?=\s|\Z)|(?<=[!?])(?<!<[!?])(?![0-9A-Za-z]))"
)
_WIDE = tuple((chr(ord(mark) + 0xFEE0), mark) for mark in ",():;?!%") + (("\u3000", " "), ("\u00a0", " "))
_WORD = 40  # characters of the longest word
_OPAQUE = frozenset("art no nr abs sec para cf vs dr mr mrs inc u.s st núm num".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Folded:
    """A text folded for comparison (NFKC, lower case, straight quotes), with the way back to its own offsets."""

    text: str
    original: str
    offsets: tuple[int, ...] | None  # None: the same offsets

    def quote(self, start: int, end: int) -> str:
        """The printed characters behind a stretch of the folded text."""
        return self.original[self.at(start) : self.at(end)]

    def quote_words(self, start: int, end: int) -> str:
        """The same, to the end of the last word (terms match beginnings of words)."""
        text = self.text
        while 0 < end < len(text) and text[end].isalnum() and text[end - 1].isalnum() and not is_ideographic(text[end]):
            end += 1
        return self.quote(start, end)

    def around(self, start: int, end: int, *, reach: int = 240) -> str:
        """The sentence in which a stretch stands, as printed; of a long one what is nearest to it."""
        low, high = next(((low, high) for low, high in sentences(self.text) if low <= start < high), (start, end))
        return self.whole(max(low, start - reach // 2), min(max(high, end), end + reach // 2), low=low, high=high)

    def whole(self, start: int, end: int, *, low: int, high: int) -> str:
        """What is printed between two places, without the halves of words at its ends; `low`, `high`: no cut there."""
        text = self.text
        if low < start and _splits(text, start) and (space := text.find(" ", start, start + _WORD)) > 0:
            start = space
        if end < high and _splits(text, end) and (space := text.rfind(" ", max(0, end - _WORD), end)) > start:
            end = space
        return self.quote(start, end).strip()

    def part(self, low: int, high: int | None) -> Folded:
        """A stretch of the folded text as a text of its own."""
        if self.offsets is None:
            return Folded(self.text[low:high], self.original[low:high], None)
        offsets = self.offsets[low : None if high is None else high + 1]
        return Folded(self.text[low:high], self.original, offsets)

    def at(self, index: int) -> int:
        """The offset in the printed text."""
        return index if self.offsets is None else self.offsets[index]


@lru_cache(maxsize=32)
def fold(text: str) -> Folded:
    """Fold a text; offsets are kept only where folding changed its length."""
    if text.isascii():
        return Folded(text.lower().replace("\t", " "), text, None)
    folded = folded_word(text)
    if len(folded) == len(text):
        return Folded(folded, text, None)
    return _fold_by_cluster(text)


def _fold_by_cluster(text: str) -> Folded:
    parts: list[str] = []
    offsets: list[int] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and unicodedata.combining(text[end]):
            continue
        part = unicodedata.normalize("NFKC", text[start:end]).lower().translate(_ALIKE)
        parts.append(part)
        offsets.extend([start] * len(part))
        start = end
    return Folded("".join(parts), text, (*offsets, len(text)))


def folded_word(word: str) -> str:
    """A term as it is looked for."""
    if word.isascii():
        return word.lower().replace("\t", " ")
    folded = _compatible(word).lower()
    return folded.translate(_ALIKE) if _RE_ALIKE.search(folded) else folded


def _compatible(text: str) -> str:
    """NFKC (Unicode TR 15), by the shortest way: full-width marks are common, all else that it changes is rare."""
    for wide, plain in _WIDE:
        text = text.replace(wide, plain)
    if unicodedata.is_normalized("NFKC", text):
        return text
    return "\n".join(unicodedata.normalize("NFKC", line) for line in text.split("\n"))


def is_ideographic(char: str) -> bool:
    """Whether words of this script are written without spaces (Han, kana, Thai) or take particles (Hangul)."""
    if char < "\u0e00":
        return False
    code = ord(char)
    return any(low <= code <= high for low, high in _UNSPACED)


def _splits(text: str, index: int) -> bool:
    """Whether a place lies inside a word."""
    inside = 0 < index < len(text) and text[index - 1].isalnum() and text[index].isalnum()
    return inside and not is_ideographic(text[index])


@lru_cache(maxsize=32)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Where the sentences of a text lie: (start, end) offsets, together covering all of it."""
    found: list[tuple[int, int]] = []
    start = 0
    for match in _RE_END.finditer(text):
        if text[match.start()] != "." or _ends_here(text, match.start()):
            found.append((start, match.end()))
            start = match.end()
    if start < len(text):
        found.append((start, len(text)))
    return tuple(found)


def _ends_here(text: str, index: int) -> bool:
    """A full stop before a space ends a sentence, unless it abbreviates or numbers."""
    word = text[max(0, index - 6) : index].rsplit(" ", 1)[-1].lower().lstrip("(")
    initials = word[-2:-1] == "." and word[-1:].isalpha()  # EU-U.S., e.g.
    follows = text[index + 1 : index + 3].strip()[:1]
    goes_on = len(word.rpartition(".")[2]) < 4 or follows.isdigit()  # "12. x", "2026. 3. 15."; but "2027." ends
    counts = goes_on and word.replace(".", "").isdigit()
    return not (len(word) <= 1 or initials or counts or word in _OPAQUE)
