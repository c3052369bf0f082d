"""The headings above a block: real ones, and those that a law's text implies (第五条, Article 5, § 4b). Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.extract.furniture import by_heading

# Ranks of implied headings; real ones have 1 to 6 and end all implied ones.
ANNEX, PART, CHAPTER, SECTION, ARTICLE = 10, 11, 12, 13, 14
_RANKS = (
    (
        ARTICLE,
        r"[\d. a-z]*§|第.*[条條]|제.*조|art|čl|člen|člán|madde|geçici|ek|pasal|điều|стат|ст\b|чл|[άα]ρθρο|مادة|المادة"
        r"|มาตรา|ข้อ|धारा|cikk|rule|regulation|recital",
    ),
    (CHAPTER, r"第.*章|제.*장|chap|chương|kap|cap|hoofd|bab|глав|розділ|rozdzia|bölüm|หมวด|فصل|الفصل|κεφ|अध्याय"),
    (SECTION, r"第.*[节節款]|제.*[절관]|sec|sect|abschnitt|seç|sez|mục|bagian|afdel|oddzia|ส่วนที่|clause"),
    (PART, r"第.*[编編部]|제.*편|part|teil|tit|tít|phần|разд|часть|hlava|část|kısım|باب|الباب"),
    (ANNEX, r"annex|appendix|schedule|anhang|anlage|anexo|alleg|bijl|bilaga|phụ|lampiran|прил|załącz|παράρτ"),
)
_RE_RANKS = tuple((rank, re.compile(pattern, re.IGNORECASE)) for rank, pattern in _RANKS)
_RE_SENTENCE = re.compile(r"[.;。；:：！!？?,，]\s*$")
_HOLDS_ONE = re.compile(r"。(?=.)|[^\W\d_]{4,}\. .*[0-9]{4}$")  # "… from 1 July.  Done at Bern, 18 November 2026"
_TITLE = 120  # characters: a longer line after a number is text


@lru_cache(maxsize=4096)
def rank_of(number: str) -> int:
    """How a number label ranks among implied headings; 0 for mere enumeration such as "(3)" or "1."."""
    for rank, pattern in _RE_RANKS:
        if pattern.match(number):
            return rank
    return 0


class Outline:
    """Where a walk stands among the headings."""

    __slots__ = ("_bare", "_open", "path", "place")

    def __init__(self) -> None:
        self._open: list[tuple[int, str, str]] = []  # rank, text, place
        self._bare = ""  # a provision's number that stood alone and waits for its title
        self.path: tuple[str, ...] = ()
        self.place = "body"

    def opens(self, number: str, rest: str) -> bool:
        """Whether a numbered line is a heading of its own rather than the first sentence of a provision."""
        if not rank_of(number) or len(rest) > _TITLE:
            return False
        return not _RE_SENTENCE.search(rest) and not _HOLDS_ONE.search(rest)

    def above(self, number: str, kind: str) -> tuple[str, ...]:
        """The path of a block that bears a number: what stands above its rank."""
        rank = rank_of(number) if number else 0
        if not rank:
            return self.path
        return tuple(text for open_rank, text, _ in self._open if open_rank < rank)

    def enter(self, number: str, text: str) -> None:
        """Following blocks stand under this number, if it is one of a provision."""
        rank = rank_of(number)
        if rank:
            self.under(rank, text, place=by_heading(text) if text != number else "body")

    def entitles(self, text: str) -> bool:
        """Whether a line is the title of the provision whose bare number was the line before; it joins the path."""
        number, self._bare = self._bare, ""
        if not number or len(text) > _TITLE or _RE_SENTENCE.search(text):
            return False
        self.under(rank_of(number), f"{number} {text}", place=by_heading(text))
        return True

    def awaits_title(self, number: str) -> None:
        """The next line may be the title of this provision."""
        self._bare = number

    def under(self, rank: int, text: str, *, place: str) -> tuple[str, ...]:
        """Following blocks stand under this heading; returns the path above it."""
        while self._open and self._open[-1][0] >= rank:
            self._open.pop()
        path = tuple(open_text for _, open_text, _ in self._open)
        self._open.append((rank, text, place))
        self.path = (*path, text)
        self.place = next((place for _, _, place in reversed(self._open) if place != "body"), "body")
        return path
