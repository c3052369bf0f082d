"""How much a passage is about data that crosses borders: an ordered sum of integer weights, each with its reason."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.judge.folding import Folded, fold, sentences
from bot.judge.index import Hit, Term, leftmost, within
from bot.judge.roles import LOOSE, Row, by_name, in_a_row
from bot.judge.rules import RuleSet
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
    "a place's transfers": ("transfer_general", ("data", "move", "side")),
    "transfers to a place stopped": ("transfer_general", ("move", "halted", "end")),
    "a named authority's access": ("gov_access", ("data", "reach", "foreign state")),
    "adequacy of a place": ("adequacy", ("data", "adequate", "named")),
    "adequacy of countries": ("adequacy", ("adequate", "country", "country")),
    "data in a foreign cloud": ("transfer_general", ("data", "foreign service", "foreign service")),
    "data for a foreign recipient": ("transfer_general", ("data", "move", "foreign recipient")),
    "a foreign reader of data": ("transfer_general", ("data", "reach", "foreign recipient")),
    "a cloud or data centre abroad": ("localization", ("service", "abroad", "abroad")),
    "foreign access": ("gov_access", ("data", "foreign reach", "foreign reach")),
    "protection in a place": ("adequacy", ("protection", "named", "named")),
    "transfers under a privacy law": ("transfer_general", ("privacy law", "move", "move")),
    "data of two jurisdictions": ("transfer_general", ("data", "one of two", "one of two")),
    "a cloud that leaves a place or a partner": ("market_access", ("cloud brand", "parting", "ground")),
    "cloud services that end in a place": ("market_access", ("cloud", "parting", "ground")),
    "an authority on privacy speaks of transfers": ("transfer_general", ("transfers", "voice", "voice")),
    "an authority on privacy finds a place adequate": ("adequacy", ("adequate", "voice", "named")),
}
_BARE, _TWO = "data abroad", "data of two jurisdictions"
_TITULAR = frozenset(  # say so in a title only
    {_BARE, _TWO, "a place's transfers", "transfers to a place stopped", "adequacy of a place",
     "adequacy of countries", "data in a foreign cloud", "a cloud or data centre abroad", "foreign access",
     "protection in a place", "transfers under a privacy law", "cloud services that end in a place",
     "an authority on privacy speaks of transfers", "an authority on privacy finds a place adequate"}
)  # fmt: skip
_LESSER = {  # says nothing beside the other
    "a place's transfers": "transfer",
    "transfers to a place stopped": "transfer",
    "data in a foreign cloud": "transfer",
    "data for a foreign recipient": "transfer",
    "a foreign reader of data": "data for a foreign recipient",
    "a named authority's access": "access",
    "foreign access": "a named authority's access",
    "adequacy of a place": "adequacy",
    "adequacy of countries": "adequacy",
    "transfers under a privacy law": "transfer",
    "an authority on privacy speaks of transfers": "transfer",
    "an authority on privacy finds a place adequate": "adequacy of a place",
    "cloud services that end in a place": "a cloud that leaves a place or a partner",
}
_IDLE = (_BARE, _TWO, "data in a foreign cloud", "foreign access")  # nor do these in everyday words
_TOGETHER = {"adequacy of countries": 40}
_DECISIVE = frozenset(
    {"abroad", "home", "authority", "foreigner", "side", "end", "foreign state", "named", "country", "foreign service",
     "foreign recipient", "foreign reach", "one of two", "privacy law", "ground", "voice"}
)
_VOICE = Term("", "voice", "", "parts")
_SPEAKER = "speaker"  # a passage that names who speaks
_AGAINST = ("anti", "event")
_OCCASIONS = frozenset({"occasion", "post", "tender", "prize", "records", "intrusion"})  # on the subject, but no rule
_HEARD = "heard"  # speaks for an occasion: there rules are made
_DOUBTFUL = frozenset({"plain", "slight", "weak"})  # words that speak of other things too
_SPREAD = 160  # characters within which the parts of a sign must stand


class Passage(NamedTuple):
    """A stretch of text to score. With `spans`, only these (start, end) offsets are new; the rest is around them."""

    text: str
    where: str  # title, added, deleted, heading, commenced, context; speaker: only says who speaks
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
    voice = _is_privacy_authority(passages, rules)
    read = [passage for passage in passages if passage.where != _SPEAKER]
    signs = _distinct(sign for passage in read for sign in _signs(passage, rules, home, voice=voice))
    good = [sign for sign in signs if sign.weight > 0]
    reasons = [Reason("where we start", int(rules.weights["base"]))]
    reasons += [Reason(s.what, s.weight, s.where, s.quote) for s in _faded(good, rules)]
    reasons += [Reason(s.what, s.weight, s.where, s.quote) for s in signs if s.weight < 0]
    reasons += _dilution(passages, good, rules)
    reasons += priors if good else ()
    reasons += _bounded(signs, sum(reason.weight for reason in reasons), rules)
    return Scored(sum(reason.weight for reason in reasons), tuple(good), tuple(reasons))


def _is_privacy_authority(passages: Sequence[Passage], rules: RuleSet) -> bool:
    """Whether an authority on privacy speaks, or a title names one: whose transfers are meant need not be said."""
    spoken = (fold(passage.text) for passage in passages if passage.where in (_SPEAKER, "title"))
    return any(hit.term.kind == "privacy authority" for text in spoken for hit in rules.signs.find_all(text))


def _bounded(signs: Sequence[Sign], found: int, rules: RuleSet) -> list[Reason]:
    """What an occasion about the subject costs beyond its weight: a person should look, no more."""
    over = found - (rules.relevant - 1)
    if over <= 0 or not any(sign.topic in _OCCASIONS for sign in signs):
        return []
    return [Reason("such a title announces no rule", -over)]


def _distinct(signs: Iterable[Sign]) -> list[Sign]:
    """Each sign once, where it weighs most."""
    best: dict[str, Sign] = {}
    for sign in signs:
        known = best.get(sign.what)
        if known is None or abs(sign.weight) > abs(known.weight):
            best[sign.what] = sign
    told = (sign._replace(where="heading") if sign.where == "commenced" else sign for sign in best.values())
    return sorted(told, key=lambda s: (-s.weight, s.what))


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


def _signs(passage: Passage, rules: RuleSet, home: str, *, voice: bool = False) -> list[Sign]:
    folded = fold(passage.text[:LIMIT])
    found = rules.signs.find_all(folded)
    if not found:
        return []
    bounds = sentences(folded.text)
    hits = _counted(leftmost(within(found, "terms")), passage)
    false = [hit for hit in hits if hit.term.kind in _AGAINST]
    told = hits if passage.spans else {hit.term: hit for hit in reversed(hits)}.values()
    signs = [_sign(hit, passage, folded, bounds, rules) for hit in told]
    return signs + _combined(passage, folded, bounds, found, false, rules=rules, home=home, voice=voice)


def _counted(hits: Sequence[Hit], passage: Passage) -> list[Hit]:
    """The terms that speak here: breaches and occasions in a title alone, as rules on transfers mention them too."""
    left = {"breach", *_OCCASIONS} if passage.where != "title" else set()
    if any(hit.term.topic == _HEARD for hit in hits):
        left |= _OCCASIONS
    return [hit for hit in hits if hit.term.kind not in _AGAINST or hit.term.topic not in left | {_HEARD}]


def _sign(hit: Hit, passage: Passage, folded: Folded, bounds: Sequence[tuple[int, int]], rules: RuleSet) -> Sign:
    where = _place(hit.start, hit.end, passage, folded, bounds)
    quote = folded.quote_words(hit.start, hit.end)
    if hit.term.kind in _AGAINST:
        meaning = hit.term.topic.replace("_", " ")
        topic = hit.term.topic if hit.term.topic in _OCCASIONS else ""
        kind = topic if topic == "occasion" else hit.term.kind
        return Sign(f"“{hit.term.words}”: {meaning}", topic, rules.weight(kind, where), where, quote)
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
    at = bisect_right(bounds, start, key=lambda bound: folded.at(bound[1]))
    if at == len(bounds):
        return "context"
    low, high = (folded.at(place) for place in bounds[at])
    return "sentence" if any(s <= high and low <= e for s, e in passage.spans) else "context"


def _combined(
    passage: Passage,
    folded: Folded,
    bounds: Sequence[tuple[int, int]],
    found: Sequence[Hit],
    false: Sequence[Hit],
    *,
    rules: RuleSet,
    home: str,
    voice: bool,
) -> list[Sign]:
    """Signs that no single phrase gives: three kinds of words in one sentence."""
    parts = [hit for hit in found if hit.term.section == "parts" or hit.term.kind == "halted"]
    if false:
        parts = [hit for hit in parts if not _overlaps(hit, false)]
    buildings = {hit.start for hit in parts if hit.term.kind == "service"}
    parts = [_everyday(hit) if hit.start in buildings else hit for hit in parts]
    places = within(found, "places")
    parts += [*by_name(folded, parts, places, home=home), *_grounds(parts, places)]
    parts += [Hit(_VOICE, start, start) for start, _ in bounds] if voice and passage.where == "title" else []
    trios = [trio for inside in _by_sentence(parts, bounds) for trio in _trios(inside)]
    trios = [trio for trio in trios if trio[0] not in _TITULAR or passage.where == "title"]
    told = trios if passage.spans else {kind: (kind, hits) for kind, hits in reversed(trios)}.values()
    return [_as_sign(kind, hits, passage, folded, bounds, rules) for kind, hits in told]


def _grounds(parts: Sequence[Hit], places: Sequence[Hit]) -> list[Hit]:
    """The places that a cloud is named with; most clouds are at home in the United States, which says nothing."""
    if not any(hit.term.kind.startswith("cloud") for hit in parts):
        return []
    named = [hit for hit in leftmost(places) if hit.term.kind == "place" and hit.term.topic not in ("US", "INT", "")]
    return [hit._replace(term=hit.term._replace(kind="ground")) for hit in named]


def _overlaps(hit: Hit, others: Sequence[Hit]) -> bool:
    """Whether a hit shares letters with one of others, which are in order and do not overlap themselves."""
    at = bisect_left(others, hit.end, key=lambda other: other.start)
    return at > 0 and others[at - 1].end > hit.start


def _everyday(hit: Hit) -> Hit:
    """A "data centre" is a building: that it moves is no data transfer yet."""
    if hit.term.kind != "data":
        return hit
    return hit._replace(term=hit.term._replace(kind="data" + LOOSE))


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
        kinds.setdefault(hit.term.kind.removesuffix(LOOSE), []).append(hit)
    rows = {kind: in_a_row(found) for kind, found in kinds.items()}
    closest = (
        (sign, _closest(rows[one], rows[two], kinds[three], within=_TOGETHER.get(sign, _SPREAD)))
        for sign, (_, (one, two, three)) in _SIGNS.items()
        if {one, two, three} <= rows.keys()
    )
    found = {sign: trio for sign, trio in closest if trio}
    for sign in _IDLE:  # say nothing in everyday words
        if any(hit.term.kind.endswith(LOOSE) for hit in found.get(sign, ())):
            del found[sign]
    for sign in (_BARE, _TWO):
        if len(found) > 1:
            found.pop(sign, None)  # says nothing beside more
    return [(sign, trio) for sign, trio in found.items() if _LESSER.get(sign) not in found]


def _closest(firsts: Row, middles: Row, lasts: Sequence[Hit], *, within: int) -> list[Hit] | None:
    """One hit of each kind, near to each other and not all the same word; of the last kind words come before names."""
    for last in lasts[:12]:
        first, middle = firsts.nearest(last.start), middles.nearest(last.start)
        spread = max(first.end, middle.end, last.end) - min(first.start, middle.start, last.start)
        if spread <= within and (middle.start, middle.end) != (first.start, first.end):
            return [first, middle, last]
    return None


def _as_sign(
    kind: str, hits: Sequence[Hit], passage: Passage, folded: Folded, bounds: Sequence[tuple[int, int]], rules: RuleSet
) -> Sign:
    start, end = min(h.start for h in hits), max(h.end for h in hits)
    where = _place(start, end, passage, folded, bounds)
    loose = sum(h.term.kind.endswith(LOOSE) for h in hits) > 1
    words = " + ".join(dict.fromkeys(h.term.words for h in sorted(hits, key=lambda h: h.start) if h.term.words))
    return Sign(
        f"{kind} named in one sentence",
        _SIGNS[kind][0],
        rules.weight("everyday" if loose else kind, where),
        where,
        folded.quote_words(start, end) if end - start <= 200 else words,
        not loose,
    )
