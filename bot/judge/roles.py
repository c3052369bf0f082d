"""What the names of jurisdictions are beside the words of a sign: abroad, home, the end of a route, a state's own."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence, Set

from bot.judge.folding import Folded, is_ideographic
from bot.judge.index import Hit, Term, leftmost
from bot.judge.ways import JOINED, UNION, is_end, is_outside, is_start

LOOSE = "_loose"  # everyday words, that say little when they are all there is
_NEAR, _NEAR_UNSPACED = 64, 16  # characters between a place and the word that moves data there
_BEFORE, _BY, _WITH = 24, 9, 14  # characters between a place and the move that it names, or its authority, or data
_APART = re.compile(r"[:,;.、，。：；|]|'s\b")  # stands between words that do not belong together
_WITHIN = re.compile(r"\b(?:within|inside)(?: the)? $")
_ENDING = re.compile(r"'[yn]?[ae]\b")  # ABD'ye … aktarımı: the verb comes last
_FOREIGN = ("state", "service", "recipient", "reach")  # beside the name of another jurisdiction: its own
_ACCESS = re.compile(  # reach of one's own accord: neither requests nor orders
    r"ac+[eè]s|accéd|acced|aced|zugriff|zugang|zugreif|toegang|доступ|dostęp|tillgång|åtkomst|eriş|akses|truy cập|وصول"
    r"|view|read|see|访问|获取|查看|存取|取得|アクセス|閲覧|접근|열람|접속"
)


def by_name(folded: Folded, parts: Sequence[Hit], places: Sequence[Hit], *, home: str) -> list[Hit]:
    """What the names of jurisdictions are beside the words of a sign: abroad, home, the end of a route, a state's.

    Names of others count as abroad beside a word that moves or stores data, the one that speaks as home where data
    are stored; "outside" makes any name abroad.
    """
    if not places or not parts:
        return []
    of: dict[str, list[Hit]] = {}
    for part in parts:
        of.setdefault(part.term.kind, []).append(part)
    of["move"] = sorted([*of.get("move", ()), *of.get("move" + LOOSE, ())], key=lambda hit: hit.start)
    names = [h for h in leftmost(places) if h.term.kind == "place" and h.term.topic not in ("INT", "")]
    pairs = _paired(names, folded.text)
    two = ["one of two"] if _are_two({hit.term.topic for hit in names}) else []
    return [
        Hit(Term(hit.term.words, kind, hit.term.topic), hit.start, hit.end)
        for hit in names
        for kind in (*two, *_roles(hit, of, folded.text, foreign=hit.term.topic != home, paired=hit in pairs))
    ]


def _are_two(topics: Set[str]) -> bool:
    """Whether several jurisdictions are named that are not all of the Union."""
    return len(topics) > 1 and not topics <= UNION


def _roles(hit: Hit, of: Mapping[str, Sequence[Hit]], text: str, *, foreign: bool, paired: bool) -> Iterator[str]:
    """The parts of signs that a name makes."""
    moves = of.get("move", ())
    if is_outside(hit, text) or moves and _moved(hit, moves, text, foreign=foreign, paired=paired):
        yield "abroad"
    elif _follows(hit, of.get("store", ()), text):
        yield "abroad" if foreign else "home"
    elif foreign and _ahead(hit, _of_data(moves, of.get("data", ())), text):
        yield "abroad" if any(one.start > hit.end + _BEFORE for one in of.get("halted", ())) else "side"
    if foreign and "halted" in of and moves and (paired or is_end(hit, text)):
        yield "end"
    if foreign and ("adequate" in of or "protection" in of):
        yield "named"
    for kind in _FOREIGN if foreign else ():
        others = (one for one in of.get(kind, ()) if kind != "reach" or _ACCESS.match(one.term.words))
        if any(_adjacent(hit, other, text) for other in others):
            yield f"foreign {kind}"


def _moved(hit: Hit, moves: Sequence[Hit], text: str, *, foreign: bool, paired: bool) -> bool:
    """Whether something is moved to a place that is not the speaker's, or from any."""
    if foreign and paired and _near(hit, moves):
        return True
    return (foreign or is_start(hit, text)) and _beside(hit, moves, text)


def _of_data(moves: Sequence[Hit], data: Sequence[Hit]) -> list[Hit]:
    """Moves that stand beside the word for data: "data transfers", "transfers of personal data"."""
    strict = [move for move in moves if not move.term.kind.endswith(LOOSE)]
    return [m for m in strict if any(max(m.start - d.end, d.start - m.end) <= _WITH for d in data)]


def _ahead(hit: Hit, moves: Sequence[Hit], text: str) -> bool:
    """Whether a name stands before a move as its own: "China transfers of personal data", "US data transfers"."""
    return any(
        0 <= move.start - hit.end <= _BEFORE and not _APART.search(text, hit.end, move.start) for move in moves
    )


def _adjacent(hit: Hit, other: Hit, text: str) -> bool:
    """Whether two words belong together: "autorités américaines", 美国政府, "authorities of China"."""
    low, high = min(hit.end, other.end), max(hit.start, other.start)
    return high - low <= _BY and not _APART.search(text, low, high)


def _paired(names: Sequence[Hit], text: str) -> set[Hit]:
    """The ends of a pair written as one word: EU-US, UE/USA."""
    both = zip(names, names[1:], strict=False)
    return {hit for left, right in both if JOINED.fullmatch(text, left.end, right.start) for hit in (left, right)}


def _near(hit: Hit, others: Sequence[Hit]) -> bool:
    return any(max(hit.start - other.end, other.start - hit.end) <= _NEAR for other in others)


def _beside(hit: Hit, moves: Sequence[Hit], text: str) -> bool:
    """向美国传输, ABD'ye; "sending user data to China", but neither "China's export data" nor "within China"."""
    at = bisect_right([move.start for move in moves], hit.start)
    if is_ideographic(text[hit.start]):
        near = [m for m in moves[max(0, at - 1) : at + 1] if not m.term.kind.endswith(LOOSE) or is_end(hit, text)]
        return any(max(hit.start - move.end, move.start - hit.end) <= _NEAR_UNSPACED for move in near)
    if _ENDING.match(text, hit.end):
        return any(0 <= move.start - hit.end <= _NEAR for move in moves)
    within = _WITHIN.search(text[max(0, hit.start - 16) : hit.start])
    return at > 0 and hit.start - moves[at - 1].end <= _NEAR and not within


def _follows(hit: Hit, stores: Sequence[Hit], text: str) -> bool:
    """Whether something is kept in a place: "stored in India", "Indian servers", 存储在印度, インドに保存."""
    if is_ideographic(text[hit.start]):
        return any(0 <= hit.start - s.end <= 3 or 0 <= s.start - hit.end <= 4 for s in stores)
    return any(0 <= hit.start - s.end <= _NEAR or 0 <= s.start - hit.end <= 1 for s in stores)
