"""Text as the judge compares it, and the way back to the printed characters."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

# A line break stays: it ends a sentence.
_ALIKE = str.maketrans({"’": "'", "‘": "'", "‑": "-", "‐": "-", "–": "-", "\u00a0": " ", "\t": " ", "ё": "е"})
_UNSPACED = ((0x2E80, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0x0E00, 0x0E7F), (0x20000, 0x323AF))
_ENDS = frozenset("。！？；!?;\n")
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

    def at(self, index: int) -> int:
        """The offset in the printed text."""
        return index if self.offsets is None else self.offsets[index]


def fold(text: str) -> Folded:
    """Fold a text; offsets are kept only where folding changed its length."""
    folded = unicodedata.normalize("NFKC", text).lower().translate(_ALIKE)
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
    return unicodedata.normalize("NFKC", word).lower().translate(_ALIKE)


def is_ideographic(char: str) -> bool:
    """Whether words of this script are written without spaces (Han, kana, Thai) or take particles (Hangul)."""
    code = ord(char)
    return any(low <= code <= high for low, high in _UNSPACED)


def sentences(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a text lie: (start, end) offsets, together covering all of it."""
    found: list[tuple[int, int]] = []
    start = 0
    for index, char in enumerate(text):
        if char in _ENDS or (char == "." and _ends_here(text, index)):
            found.append((start, index + 1))
            start = index + 1
    if start < len(text):
        found.append((start, len(text)))
    return found


def _ends_here(text: str, index: int) -> bool:
    """A full stop before a space ends a sentence, unless it abbreviates or numbers."""
    if index + 1 < len(text) and not text[index + 1].isspace():
        return False
    word = text[max(0, index - 6) : index].rsplit(" ", 1)[-1].lower().lstrip("(")
    return not (len(word) <= 1 or word.isdigit() or word in _OPAQUE)
