"""Finds many literal terms in one walk over a text (Aho-Corasick)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from bot.judge.folding import Folded, folded_word, is_ideographic

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick, Implementation


_OFTEN = 2_000_000  # characters of ASCII after which a full table has paid for itself


class Term(NamedTuple):
    """One phrase: what kind of sign it is, and of what. Capitals throughout mean a whole word in capitals."""

    words: str
    kind: str
    topic: str = ""
    section: str = "terms"

    @property
    def exact(self) -> bool:
        if not self.words[:1].isupper() and self.words[:1].isalpha():  # most of them
            return False
        letters = [c for c in self.words if c.isalpha()]
        return 1 < len(letters) <= 8 and all(c.isupper() and c.isascii() for c in letters)


class Hit(NamedTuple):
    """A term and where it stands in the folded text."""

    term: Term
    start: int
    end: int


class _Entry(NamedTuple):
    term: Term
    inside: bool  # may start within a word (scripts without spaces)
    exact: bool


class Index:
    """Terms, found in one walk. Alphabetic terms match at the start of a word, so endings may vary.

    The automaton is made on first use: some 3 ms for all our terms.
    """

    def __init__(self, terms: Iterable[Term], *, whole: Iterable[str] = ()) -> None:
        self.terms, self._wholly = tuple(terms), frozenset(whole)

    @cached_property
    def _entries(self) -> tuple[tuple[_Entry, ...], ...]:
        return tuple(tuple(entries) for entries in self._by_words.values())

    @cached_property
    def _by_words(self) -> dict[str, list[_Entry]]:
        found: dict[str, list[_Entry]] = {}
        for term in sorted(self.terms):
            folded = folded_word(term.words)
            entry = _Entry(term, is_ideographic(folded[0]), term.exact or term.kind in self._wholly)
            entries = found.setdefault(folded, [])
            if entry not in entries:
                entries.append(entry)
        return found

    @cached_property
    def _automaton(self) -> AhoCorasick:
        from ahocorasick_rs import AhoCorasick, Implementation

        # A full table would walk a third faster and take ten times as long to make.
        return AhoCorasick(self._by_words, implementation=Implementation.ContiguousNFA, store_patterns=False)

    def find(self, folded: Folded) -> list[Hit]:
        """Leftmost longest hits that do not overlap."""
        return leftmost(self.find_all(folded))

    def find_all(self, folded: Folded, low: int = 0, high: int | None = None) -> list[Hit]:
        """Every hit between two places of a text, by start, the longer ones first."""
        if not self.terms:
            return []
        if low or high is not None:
            hits = self.find_all(folded.part(low, high))
            return [Hit(hit.term, hit.start + low, hit.end + low) for hit in hits]
        text = folded.text
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        if len(found) > 1:
            found.sort(key=_by_start)
        entries, plain = self._entries, text.isascii()  # a letter before a place in ASCII: no word begins
        return [
            Hit(entry.term, start, end)
            for number, start, end in found
            for entry in entries[number]
            if (entry.inside or not start or not text[start - 1].isalnum() or not plain and _begins(text, start))
            and (not entry.exact or _ends(entry.term, folded, start, end))
        ]


class Marks:
    """Terms of which only the kind and the place matter: a quick walk over a whole document, longest terms first."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._kinds = {folded_word(term.words): term.kind for term in sorted(terms) if len(term.words) > 1}
        self._listed = tuple(self._kinds.values())
        self._in_ascii = {words: kind for words, kind in self._kinds.items() if words.isascii()}
        self._listed_in_ascii = tuple(self._in_ascii.values())
        self._walked = 0  # characters of ASCII

    @cached_property
    def _automaton(self) -> AhoCorasick:
        from ahocorasick_rs import Implementation

        return _longest(self._kinds, Implementation.ContiguousNFA)

    @cached_property
    def _table(self) -> AhoCorasick:
        """The terms in ASCII as a full table: 5 MB and 20 ms to make, then twice as quick."""
        from ahocorasick_rs import Implementation

        return _longest(self._in_ascii, Implementation.DFA)

    def find(self, text: str) -> list[tuple[str, int]]:
        """Kind and start of each mark in a text of small letters; those inside a longer one are left out."""
        plain = text.isascii()  # a letter before a place in ASCII: no word begins
        self._walked += len(text) * plain
        often = plain and self._walked > _OFTEN
        listed = self._listed_in_ascii if often else self._listed
        return [
            (listed[number], start)
            for number, start, _ in (self._table if often else self._automaton).find_matches_as_indexes(text)
            if not start or not text[start - 1].isalnum() or not plain and _begins(text, start)
        ]


def _longest(words: Iterable[str], implementation: Implementation) -> AhoCorasick:
    from ahocorasick_rs import AhoCorasick, MatchKind

    return AhoCorasick(
        words, matchkind=MatchKind.LeftmostLongest, implementation=implementation, store_patterns=False
    )


def leftmost(hits: Iterable[Hit]) -> list[Hit]:
    """Of hits in their order those that do not overlap an earlier one."""
    kept: list[Hit] = []
    end = 0
    for hit in hits:
        if hit.start >= end:
            kept.append(hit)
            end = hit.end
    return kept


def within(hits: Sequence[Hit], section: str) -> list[Hit]:
    """The hits of one section of the terms."""
    return [hit for hit in hits if hit.term.section == section]


def _by_start(match: tuple[int, int, int]) -> tuple[int, int]:
    return match[1], -match[2]


def _begins(text: str, start: int) -> bool:
    """Whether a word begins here although a letter or digit stands before it."""
    return is_ideographic(text[start - 1]) or _arabic_prefix(text, start) or _hebrew_prefix(text, start)


def _ends(term: Term, folded: Folded, start: int, end: int) -> bool:
    """Whether the word ends where the term does, and an acronym stands in capitals."""
    text = folded.text
    if end < len(text) and text[end].isalnum() and not is_ideographic(text[end]) and not is_ideographic(text[end - 1]):
        return False
    return not term.exact or folded.quote(start, end) == term.words


def _arabic_prefix(text: str, start: int) -> bool:
    """Arabic writes "and", "for", "in" and the article in front of the word itself."""
    if not "\u0620" <= text[start] <= "\u064a":
        return False
    begin = start
    while begin and start - begin < 4 and "\u0620" <= text[begin - 1] <= "\u064a":  # the longest has three letters
        begin -= 1
    return text[begin:start] in {"و", "ال", "ب", "ل", "وال", "بال", "لل", "ف", "ك"}


def _hebrew_prefix(text: str, start: int) -> bool:
    """Hebrew writes "and", "the", "in", "to", "from", "that" and "as" in front of the word itself."""
    if not "\u05d0" <= text[start] <= "\u05ea":
        return False
    begin = start
    while begin and start - begin < 3 and "\u05d0" <= text[begin - 1] <= "\u05ea":
        begin -= 1
    return start - begin < 3 and set(text[begin:start]) <= set("והבלמשכ")
