"""Finds many literal terms in one walk over a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bot.judge.folding import Folded, folded_word, is_ideographic


class Term(NamedTuple):
    """One phrase: what kind of sign it is, and of what. Capitals throughout mean a whole word in capitals."""

    words: str
    kind: str
    topic: str = ""

    @property
    def exact(self) -> bool:
        letters = [c for c in self.words if c.isalpha()]
        return 1 < len(letters) <= 8 and all(c.isupper() and c.isascii() for c in letters)


class Hit(NamedTuple):
    """A term and where it stands in the folded text."""

    term: Term
    start: int
    end: int


class _Entry(NamedTuple):
    folded: str
    term: Term
    inside: bool  # may start within a word (scripts without spaces)
    exact: bool


class Index:
    """Terms by their first two characters. Alphabetic terms match at the start of a word, so endings may vary."""

    def __init__(self, terms: Iterable[Term], *, whole: Iterable[str] = ()) -> None:
        self._heads: dict[str, list[_Entry]] = {}
        wholly = frozenset(whole)
        for term in terms:
            folded = folded_word(term.words)
            entry = _Entry(folded, term, is_ideographic(folded[0]), term.exact or term.kind in wholly)
            self._heads.setdefault(folded[:2], []).append(entry)
        for entries in self._heads.values():
            entries.sort(key=lambda e: (-len(e.folded), e.term))

    def find(self, folded: Folded) -> list[Hit]:
        """Leftmost longest hits that do not overlap."""
        hits: list[Hit] = []
        end = 0
        for hit in self.find_all(folded):
            if hit.start >= end:
                hits.append(hit)
                end = hit.end
        return hits

    def find_all(self, folded: Folded) -> Iterator[Hit]:
        """Every hit, by start, the longer ones first."""
        text, heads = folded.text, self._heads
        for start in range(len(text)):
            for entry in heads.get(text[start : start + 2], ()) or heads.get(text[start], ()):
                if text.startswith(entry.folded, start) and _stands(entry, folded, start):
                    yield Hit(entry.term, start, start + len(entry.folded))


def _stands(entry: _Entry, folded: Folded, start: int) -> bool:
    """Whether the word begins (and for acronyms ends, in capitals) where the term does."""
    text, end = folded.text, start + len(entry.folded)
    if not entry.inside and start and text[start - 1].isalnum() and not is_ideographic(text[start - 1]):
        return _arabic_prefix(text, start)
    if not entry.exact:
        return True
    if end < len(text) and text[end].isalnum() and not is_ideographic(text[end]):
        return False
    return not entry.term.exact or folded.quote(start, end) == entry.term.words


def _arabic_prefix(text: str, start: int) -> bool:
    """Arabic writes "and", "for", "in" and the article in front of the word itself."""
    if not "\u0620" <= text[start] <= "\u064a":
        return False
    begin = start
    while begin and "\u0620" <= text[begin - 1] <= "\u064a":
        begin -= 1
    return text[begin:start] in {"و", "ال", "ب", "ل", "وال", "بال", "لل", "ف", "ك"}
