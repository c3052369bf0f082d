"""How much a passage is about data that crosses borders: an ordered sum of integer weights, each with its reason."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from bot.judge.folding import Folded, fold, is_ideographic, sentences
from bot.judge.index import Hit, Term, leftmost, within
from bot.judge.rules import RuleSet
from bot.judge.ways import JOINED, UNION, is_end, is_outside, is_start
from bot.model import Reason

LIMIT = 120_000  # characters of one passage that are read
_SIGNS = {
    "transfer": ("transfer_general", ("data", "move", "abroad")),
    "keep": ("localization", ("data", "store", "home")),
    "stored abroad": ("transfer_general", ("data", "store", "abroad")),
    "access": ("gov_access", ("data", "reach", "authority")),
    "reached from abroad": ("transfer_general", ("data", "reach", "abroad")),
    "adequacy": ("adequacy", ("data", "adequate", "country")),
    "data abroad": ("transfer_general", ("data", "abroad", "abroad")),
    "market": ("market_access", ("service", "entry", "foreigner")),
    "route": ("transfer_general", ("data", "move", "side")),
    "route stopped": ("transfer_general", ("move", "halted", "end")),
    "named authority": ("gov_access", ("data", "reach", "foreign state")),
    "adequate place": ("adequacy", ("data", "adequate", "named")),
    "adequate country": ("adequacy", ("adequate", "country", "country")),
    "foreign service": ("transfer_general", ("data", "foreign service", "foreign service")),
    "foreign recipient": ("transfer_general", ("data", "move", "foreign recipient")),
    "foreign reader": ("transfer_general", ("data", "reach", "foreign recipient")),
    "sited abroad": ("localization", ("service", "abroad", "abroad")),
    "foreign access": ("gov_access", ("data", "foreign reach", "foreign reach")),
    "data between two": ("dfft", ("data", "one of two", "one of two")),
}
_BARE = "data abroad"
_TITULAR = frozenset(  # say so in a title only
    {_BARE, "route", "route stopped", "adequate place", "adequate country", "foreign service", "sited abroad",
     "foreign access", "data between two"}
)
_LESSER = {  # says nothing beside the other
    "route": "transfer", "route stopped": "transfer", "named authority": "access", "adequate place": "adequacy",
    "adequate country": "adequacy", "foreign service": "transfer", "foreign recipient": "transfer",
    "foreign reader": "foreign recipient", "foreign access": "named authority",
}  # fmt: skip
_FOREIGN = ("state", "service", "recipient", "reach")  # beside the name of another jurisdiction: its own
_ACCESS = re.compile(  # reach of one's own accord: neither requests nor orders
    r"ac+[eè]s|accéd|acced|aced|zugriff|zugang|zugreif|toegang|доступ|dostęp|tillgång|åtkomst|eriş|akses|truy cập|وصول"
    r"|view|read|see|访问|获取|查看|存取|取得|アクセス|閲覧|접근|열람|접속"
)
_IDLE = (_BARE, "foreign service", "foreign access", "data between two")
_TOGETHER = {"adequate country": 40}
_LOOSE = "_loose"  # everyday words, that say little when they are all there is
_DECISIVE = frozenset(
    {"abroad", "home", "authority", "foreigner", "side", "end", "foreign state", "named", "country", "foreign service",
     "foreign recipient", "foreign reach", "one of two"}
)
_AGAINST = ("anti", "event")
_DOUBTFUL = frozenset({"plain", "slight", "weak"})  # words that speak of other things too
_NEAR, _NEAR_UNSPACED = 64, 16  # characters between a place and the word that moves data there
_WITHIN = re.compile(r"\b(?:within|inside)(?: the)? $")
_ENDING = re.compile(r"'[yn]?[ae]\b")  # ABD'ye … aktarımı: the verb comes last
_APART = re.compile(r"[:,;.、，。：；|]|'s\b")  # stands between words that do not belong together
_BEFORE, _BY, _WITH = 24, 9, 14  # characters between a place and the move that it names, or its authority, or data
_SPREAD = 160  # characters within which the parts of a sign must stand


class Passage(NamedTuple):
    """A stretch of text to score. With `spans`, only these (start, end) offsets are new; the rest is around them."""

    text: str
    where: str  # title, added, deleted, heading, context
    spans: tuple[tuple[int, int], ...] = ()


class Sign(NamedTuple):
    """One weighted sign."""

    what: str
    topic: str
    weight: int
    where: str
    quote: str
    strong: bool = False
    term: str = ""  # the listed words, where one term alone makes the sign
    kind: str = ""  # and how strong they are


class Scored(NamedTuple):
    """A sum with its signs, the strongest first."""

    score: int
    signs: tuple[Sign, ...]
    reasons: tuple[Reason, ...]


def score(passages: Sequence[Passage], *, rules: RuleSet, home: str = "", priors: Sequence[Reason] = ()) -> Scored:
    """Add up what the passages say; `home` is the jurisdiction that speaks (its own name is not abroad)."""
    signs = _distinct(sign for passage in passages for sign in _signs(passage, rules, home))
    good = [sign for sign in signs if sign.weight > 0]
    reasons = [Reason("where we start", int(rules.weights["base"]))]
    reasons += [Reason(s.what, s.weight, s.where, s.quote) for s in _faded(good, rules)]
    reasons += [Reason(s.what, s.weight, s.where, s.quote) for s in signs if s.weight < 0]
    reasons += _dilution(passages, good, rules)
    reasons += priors if good else ()
    return Scored(sum(reason.weight for reason in reasons), tuple(good), tuple(reasons))


def _distinct(signs: Iterable[Sign]) -> list[Sign]:
    """Each sign once, where it weighs most."""
    best: dict[str, Sign] = {}
    for sign in signs:
        known = best.get(sign.what)
        if known is None or abs(sign.weight) > abs(known.weight):
            best[sign.what] = sign
    return sorted(best.values(), key=lambda s: (-s.weight, s.what))


def _faded(signs: Sequence[Sign], rules: RuleSet) -> list[Sign]:
    """The second sign says less than the first; a second ambiguous word of one topic next to nothing."""
    ranks = rules.weights["fade"]["ranks"]
    doubtful: set[str] = set()
    faded = []
    for i, sign in enumerate(signs):
        again = sign.kind in _DOUBTFUL and sign.topic in doubtful
        faded.append(sign._replace(weight=sign.weight * (ranks[-1] if again else ranks[min(i, len(ranks) - 1)]) // 100))
        doubtful |= {sign.topic} if sign.kind in _DOUBTFUL else set()
    return faded


def _dilution(passages: Sequence[Passage], signs: Sequence[Sign], rules: RuleSet) -> list[Reason]:
    fade = rules.weights["fade"]
    size = sum(len(passage.text) for passage in passages)
    if not signs or len(signs) > 2 or size < fade["long"] or any(sign.where == "title" for sign in signs):
        return []
    return [Reason("a lone sign in a long text", int(fade["diluted"]))]


def _signs(passage: Passage, rules: RuleSet, home: str) -> list[Sign]:
    folded = fold(passage.text[:LIMIT])
    found = rules.signs.find_all(folded)
    if not found:
        return []
    bounds = sentences(folded.text)
    hits = leftmost(within(found, "terms"))
    false = [hit for hit in hits if hit.term.kind in _AGAINST]
    told = hits if passage.spans else {hit.term: hit for hit in reversed(hits)}.values()
    signs = [_sign(hit, passage, folded, bounds, rules) for hit in told]
    return signs + _combined(passage, folded, bounds, found, false, rules=rules, home=home)


def _sign(hit: Hit, passage: Passage, folded: Folded, bounds: Sequence[tuple[int, int]], rules: RuleSet) -> Sign:
    where = _place(hit.start, hit.end, passage, folded, bounds)
    quote = folded.quote_words(hit.start, hit.end)
    if hit.term.kind in _AGAINST:
        meaning = hit.term.topic.replace("_", " ")
        return Sign(f"“{hit.term.words}”: {meaning}", "", rules.weight(hit.term.kind, where), where, quote)
    what = f"“{hit.term.words}” ({hit.term.kind}, {hit.term.topic})"
    weight = rules.weight(hit.term.kind, where)
    return Sign(what, hit.term.topic, weight, where, quote, hit.term.kind == "strong", *hit.term[:2])


def _place(start: int, end: int, passage: Passage, folded: Folded, bounds: Sequence[tuple[int, int]]) -> str:
    """Where a stretch stands, seen from what changed."""
    if not passage.spans:
        return passage.where
    start, end = folded.at(start), folded.at(end)
    if any(s <= end and start <= e and (s < end or s == e) for s, e in passage.spans):
        return passage.where
    for low, high in bounds:
        low, high = folded.at(low), folded.at(high)
        if low <= start < high:
            return "sentence" if any(s <= high and low <= e for s, e in passage.spans) else "context"
    return "context"


def _combined(
    passage: Passage,
    folded: Folded,
    bounds: Sequence[tuple[int, int]],
    found: Sequence[Hit],
    false: Sequence[Hit],
    *,
    rules: RuleSet,
    home: str,
) -> list[Sign]:
    """Signs that no single phrase gives: three kinds of words in one sentence."""
    parts = [hit for hit in found if hit.term.section == "parts" or hit.term.kind == "halted"]
    if false:
        parts = [h for h in parts if not any(f.start < h.end and h.start < f.end for f in false)]
    parts = [_everyday(hit, parts) for hit in parts]
    parts += _by_name(folded, parts, within(found, "places"), home)
    trios = [trio for inside in _by_sentence(parts, bounds) for trio in _trios(inside)]
    trios = [trio for trio in trios if trio[0] not in _TITULAR or passage.where == "title"]
    told = trios if passage.spans else {kind: (kind, hits) for kind, hits in reversed(trios)}.values()
    return [_as_sign(kind, hits, passage, folded, bounds, rules) for kind, hits in told]


def _everyday(hit: Hit, parts: Sequence[Hit]) -> Hit:
    """A "data centre" is a building: that it moves is no data transfer yet."""
    if hit.term.kind != "data" or not any(h.term.kind == "service" and h.start == hit.start for h in parts):
        return hit
    return hit._replace(term=hit.term._replace(kind="data" + _LOOSE))


def _by_sentence(parts: Sequence[Hit], bounds: Sequence[tuple[int, int]]) -> list[list[Hit]]:
    """The parts of signs, sentence by sentence, of sentences that could hold a sign."""
    starts = [start for start, _ in bounds]
    groups: dict[int, list[Hit]] = {}
    for hit in parts:
        groups.setdefault(bisect_right(starts, hit.start), []).append(hit)
    return [groups[i] for i in sorted(groups) if any(hit.term.kind in _DECISIVE for hit in groups[i])]


def _trios(hits: Sequence[Hit]) -> list[tuple[str, list[Hit]]]:
    """Which signs a sentence holds, with the three words of each."""
    kinds: dict[str, list[Hit]] = {}
    for hit in hits:
        kinds.setdefault(hit.term.kind.removesuffix(_LOOSE), []).append(hit)
    closest = (
        (sign, _closest([kinds.get(kind, ()) for kind in wanted], within=_TOGETHER.get(sign, _SPREAD)))
        for sign, (_, wanted) in _SIGNS.items()
    )
    found = {sign: trio for sign, trio in closest if trio}
    for sign in _IDLE:  # say nothing in everyday words
        if any(hit.term.kind.endswith(_LOOSE) for hit in found.get(sign, ())):
            del found[sign]
    for sign in (_BARE, "data between two"):
        if len(found) > 1:
            found.pop(sign, None)  # says nothing beside more
    return [(sign, trio) for sign, trio in found.items() if _LESSER.get(sign) not in found]


def _closest(choices: Sequence[Sequence[Hit]], *, within: int) -> list[Hit] | None:
    """One hit of each kind, near enough to each other and not all the same word."""
    if not all(choices):
        return None
    for last in choices[2][:12]:
        first = min(choices[0], key=lambda h: abs(h.start - last.start))
        middle = min(choices[1], key=lambda h: abs(h.start - last.start))
        spread = max(first.end, middle.end, last.end) - min(first.start, middle.start, last.start)
        if spread <= within and (middle.start, middle.end) != (first.start, first.end):
            return [first, middle, last]
    return None


def _as_sign(
    kind: str, hits: Sequence[Hit], passage: Passage, folded: Folded, bounds: Sequence[tuple[int, int]], rules: RuleSet
) -> Sign:
    start, end = min(h.start for h in hits), max(h.end for h in hits)
    where = _place(start, end, passage, folded, bounds)
    loose = sum(h.term.kind.endswith(_LOOSE) for h in hits) > 1
    words = " + ".join(dict.fromkeys(h.term.words for h in sorted(hits, key=lambda h: h.start)))
    return Sign(
        f"{kind} named in one sentence",
        _SIGNS[kind][0],
        rules.weight("everyday" if loose else kind, where),
        where,
        folded.quote_words(start, end) if end - start <= 200 else words,
        not loose,
    )


def _by_name(folded: Folded, parts: Sequence[Hit], places: Sequence[Hit], home: str) -> list[Hit]:
    """What the names of jurisdictions are beside the words of a sign: abroad, home, the end of a route, a state's.

    Names of others count as abroad beside a word that moves or stores data, the one that speaks as home where data
    are stored; "outside" makes any name abroad.
    """
    if not places or not parts:
        return []
    of: dict[str, list[Hit]] = {}
    for part in parts:
        of.setdefault(part.term.kind, []).append(part)
    of["move"] = sorted([*of.get("move", ()), *of.get("move" + _LOOSE, ())], key=lambda hit: hit.start)
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
    if foreign and "adequate" in of:
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
    strict = [move for move in moves if not move.term.kind.endswith(_LOOSE)]
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
        near = [m for m in moves[max(0, at - 1) : at + 1] if not m.term.kind.endswith(_LOOSE) or is_end(hit, text)]
        return any(max(hit.start - move.end, move.start - hit.end) <= _NEAR_UNSPACED for move in near)
    if _ENDING.match(text, hit.end):
        return any(0 <= move.start - hit.end <= _NEAR for move in moves)
    return at > 0 and hit.start - moves[at - 1].end <= _NEAR and not _WITHIN.search(text[: hit.start][-16:])


def _follows(hit: Hit, stores: Sequence[Hit], text: str) -> bool:
    """Whether something is kept in a place: "stored in India", 存储在印度, インドに保存."""
    if is_ideographic(text[hit.start]):
        return any(0 <= hit.start - s.end <= 3 or 0 <= s.start - hit.end <= 4 for s in stores)
    return any(0 <= hit.start - store.end <= _NEAR for store in stores)
