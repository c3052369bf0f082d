"""What the names of jurisdictions are beside the words of a sign: abroad, home, the end of a route, a state's own."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from bot.judge.folding import Folded, is_ideographic
from bot.judge.index import Hit, Term, leftmost
from bot.judge.ways import JOINED, UNION, is_end, is_outside, is_start

LOOSE = "_loose"  # everyday words, that say little when they are all there is
_NEAR, _NEAR_UNSPACED = 64, 16  # characters between a place and the word that moves data there
_BEFORE, _BY, _WITH = 24, 9, 14  # characters between a place and the move that it names, or its authority, or data
_LONGEST, _FAR = 48, 160  # characters of a word of ours, and of what one sentence may hold
_APART = re.compile(r"[:,;.、，。：；|]|'s\b")  # stands between words that do not belong together
_WITHIN = re.compile(r"\b(?:within|inside|across|throughout)(?: the)? $")
_ENDING = re.compile(r"'[yn]?[ae]\b")  # ABD'ye … aktarımı: the verb comes last
_FOREIGN = ("state", "service", "recipient", "reach")  # beside the name of another jurisdiction: its own
_ACCESS = re.compile(  # reach of one's own accord: neither requests nor orders
    r"ac+[eè]s|accéd|acced|aced|zugriff|zugang|zugreif|toegang|доступ|dostęp|tillgång|åtkomst|eriş|akses|truy cập|وصول"
    r"|view|read|see|访问|获取|查看|存取|取得|アクセス|閲覧|접근|열람|접속"
)


class Row(NamedTuple):
    """The words of one kind in their order, found by where they start."""

    starts: Sequence[int]
    hits: Sequence[Hit]

    def between(self, low: int, high: int) -> Sequence[Hit]:
        return self.hits[bisect_left(self.starts, low) : bisect_right(self.starts, high)]

    def nearest(self, at: int) -> Hit:
        """The one that starts closest to a place; there must be one."""
        after = bisect_left(self.starts, at)
        beside = self.hits[max(0, after - 1) : after + 1]
        return min(beside, key=lambda hit: abs(hit.start - at))

    def around(self, hit: Hit, reach: int) -> Sequence[Hit]:
        return self.between(hit.start - reach - _LONGEST, hit.end + reach)


_NONE = Row((), ())
_Kinds = Mapping[str, Row]


def by_name(folded: Folded, parts: Sequence[Hit], places: Sequence[Hit], *, home: str) -> list[Hit]:
    """What the names of jurisdictions are beside the words of a sign: abroad, home, the end of a route, a state's.

    Names of others count as abroad beside a word that moves or stores data, the one that speaks as home where data
    are stored; "outside" makes any name abroad.
    """
    if not places or not parts:
        return []
    names = [h for h in leftmost(places) if h.term.kind == "place" and h.term.topic not in ("INT", "")]
    if not names:
        return []
    of, pairs = _kinds(parts), _paired(names, folded.text)
    two = ["one of two"] if _are_two({hit.term.topic for hit in names}) else []
    return [
        Hit(Term(hit.term.words, kind, hit.term.topic), hit.start, hit.end)
        for hit in names
        for kind in (*two, *_roles(hit, of, folded.text, foreign=hit.term.topic != home, paired=hit in pairs))
    ]


def _kinds(parts: Sequence[Hit]) -> _Kinds:
    """The parts by kind; "move" holds the loose ones too, "data move" those beside the word for data."""
    of: dict[str, list[Hit]] = {}
    for part in parts:
        of.setdefault(part.term.kind, []).append(part)
    found = {kind: in_a_row(hits) for kind, hits in of.items()}
    found["data move"] = in_a_row(_of_data(of.get("move", ()), found.get("data", _NONE)))
    found["move"] = in_a_row([*of.get("move", ()), *of.get("move" + LOOSE, ())])
    return found


def in_a_row(hits: Iterable[Hit]) -> Row:
    """Hits in the order of the text."""
    ordered = sorted(hits, key=lambda hit: hit.start)
    return Row([hit.start for hit in ordered], ordered)


def _are_two(topics: Set[str]) -> bool:
    """Whether several jurisdictions are named that are not all of the Union."""
    return len(topics) > 1 and not topics <= UNION


def _roles(hit: Hit, of: _Kinds, text: str, *, foreign: bool, paired: bool) -> Iterator[str]:
    """The parts of signs that a name makes."""
    moves = of["move"]
    if is_outside(hit, text) or _moved(hit, moves, text, foreign=foreign, paired=paired):
        yield "abroad"
    elif _follows(hit, of.get("store", _NONE), text):
        yield "abroad" if foreign else "home"
    elif foreign and _ahead(hit, of["data move"], text):
        yield "abroad" if of.get("halted", _NONE).between(hit.end + _BEFORE + 1, hit.end + _FAR) else "side"
    if foreign and "halted" in of and moves.hits and (paired or is_end(hit, text)):
        yield "end"
    if foreign and ("adequate" in of or "protection" in of):
        yield "named"
    for kind in _FOREIGN if foreign else ():
        others = of.get(kind, _NONE).around(hit, _BY)
        if any(_adjacent(hit, one, text) for one in others if kind != "reach" or _ACCESS.match(one.term.words)):
            yield f"foreign {kind}"


def _moved(hit: Hit, moves: Row, text: str, *, foreign: bool, paired: bool) -> bool:
    """Whether something is moved to a place that is not the speaker's, or from any."""
    if not moves.hits:
        return False
    if foreign and paired and any(_gap(hit, move) <= _NEAR for move in moves.around(hit, _NEAR)):
        return True
    return (foreign or is_start(hit, text)) and _beside(hit, moves, text)


def _of_data(moves: Sequence[Hit], data: Row) -> list[Hit]:
    """Moves that stand beside the word for data: "data transfers", "transfers of personal data"."""
    return [move for move in moves if any(_gap(move, one) <= _WITH for one in data.around(move, _WITH))]


def _ahead(hit: Hit, moves: Row, text: str) -> bool:
    """Whether a name stands before a move as its own: "China transfers of personal data", "US data transfers"."""
    after = moves.between(hit.end, hit.end + _BEFORE)
    return any(not _APART.search(text, hit.end, move.start) for move in after)


def _adjacent(hit: Hit, other: Hit, text: str) -> bool:
    """Whether two words belong together: "autorités américaines", 美国政府, "authorities of China"."""
    low, high = min(hit.end, other.end), max(hit.start, other.start)
    return high - low <= _BY and not _APART.search(text, low, high)


def _paired(names: Sequence[Hit], text: str) -> set[Hit]:
    """The ends of a pair written as one word: EU-US, UE/USA."""
    both = zip(names, names[1:], strict=False)
    return {hit for left, right in both if JOINED.fullmatch(text, left.end, right.start) for hit in (left, right)}


def _gap(hit: Hit, other: Hit) -> int:
    """Characters between two words, whichever comes first."""
    return max(hit.start - other.end, other.start - hit.end)


def _beside(hit: Hit, moves: Row, text: str) -> bool:
    """向美国传输, ABD'ye; "sending user data to China", but neither "China's export data" nor "within China"."""
    at = bisect_right(moves.starts, hit.start)
    if is_ideographic(text[hit.start]):
        near = [m for m in moves.hits[max(0, at - 1) : at + 1] if not m.term.kind.endswith(LOOSE) or is_end(hit, text)]
        return any(_gap(hit, move) <= _NEAR_UNSPACED for move in near)
    if _ENDING.match(text, hit.end):
        return bool(moves.between(hit.end, hit.end + _NEAR))
    within = _WITHIN.search(text[max(0, hit.start - 16) : hit.start])
    return at > 0 and hit.start - moves.hits[at - 1].end <= _NEAR and not within


def _follows(hit: Hit, stores: Row, text: str) -> bool:
    """Whether something is kept in a place: "stored in India", "Indian servers", 存储在印度, インドに保存."""
    if is_ideographic(text[hit.start]):
        return any(0 <= hit.start - s.end <= 3 or 0 <= s.start - hit.end <= 4 for s in stores.around(hit, 4))
    return any(
        0 <= hit.start - s.end <= _NEAR or 0 <= s.start - hit.end <= 1
        for s in stores.between(hit.start - _NEAR - _LONGEST, hit.end + 1)
    )
