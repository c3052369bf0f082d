"""From where to where data move, as far as a sentence about moving data says so."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from bot.judge.folding import Folded, folded_word, is_ideographic, sentences
from bot.judge.index import Hit, leftmost
from bot.judge.rules import RuleSet
from bot.judge.scoring import Sign
from bot.judge.ways import JOINED, UNION, compounds, is_between, is_led_to, is_outside, is_owner, starts
from bot.model import Force

# Rules under these topics speak of data that leave; the others speak of access or of trade in general.
_LEAVING = frozenset(
    {"transfer_general", "adequacy", "contracts", "bcr", "certification", "security_assessment", "tia",
     "important_data", "bulk_data_security", "sector_data", "nonpersonal_data"}
)  # fmt: skip
_TRADE = frozenset({"digital_trade", "localization", "dfft"})  # of these only agreements name corridors
_TELLING = 60  # weight from which on a sign can name the ends of a corridor, beside a strong one that states it
_SAID = frozenset({"title", "added", "deleted", "sentence"})  # the changed words and their sentence
_GRANTING = frozenset({"EU", "GB", "CH"})  # whose law knows adequacy: what it grants is the way out of there
_NEAR, _NEAR_UNSPACED = 40, 16  # characters between a place and the sign that moves data there
_FAR = 3  # times as far
_LIMIT = 4
_SIGNS, _SENTENCES = 5, 4  # that are looked at

Corridor = tuple[str, str]


def corridors(
    texts: Sequence[Folded], *, signs: Sequence[Sign], home: str, rules: RuleSet
) -> tuple[tuple[Corridor, str], ...]:
    """The corridors that the texts themselves state, each with its sentence; `home` is whose rules are spoken of.

    A jurisdiction counts only beside words that speak of data that leave; without any, the way leads from home to
    anywhere ("*"). Nothing when no sentence speaks of data that leave.
    """
    leaving = [s for s in signs if s.where in _SAID and s.topic in _LEAVING and (s.strong or s.weight >= _TELLING)]
    if not any(sign.strong or sign.kind == "medium" and sign.where == "title" for sign in leaving):
        trade = [s for s in signs if s.where in _SAID and s.topic in _TRADE and s.weight >= _TELLING]
        return tuple(_stated(texts, trade, home, rules, agreed=True).items())[:_LIMIT]
    found = _stated(texts, leaving, home, rules)
    if found and ("", "") not in found:
        return tuple(found.items())[:_LIMIT]
    return (((home, "*"), found["", ""]),) if found and home and home != "INT" else ()


def _stated(
    texts: Sequence[Folded], signs: Sequence[Sign], home: str, rules: RuleSet, *, agreed: bool = False
) -> dict[Corridor, str]:
    """The corridors of the sentences in which the signs stand; ("", "") with the first of these if they name none.

    With `agreed` only those of an agreement.
    """
    found: dict[Corridor, str] = {}
    first = ""
    for quote, far in {folded_word(sign.quote): sign.topic == "adequacy" for sign in signs[:_SIGNS]}.items():
        for text, low, high in _sentences(texts, quote):
            at = text.text.index(quote, low, high)
            said = text.around(at, at + len(quote))
            first = first or said
            named = _named(text, low, high, rules)
            pairs = list(_both_ways(named, text.text[low:high], text.text, home))
            if not pairs and not agreed:
                near = _beside(named, text.text, at, at + len(quote), far=far)
                pairs = list(_to_home(named, text.text, home) or _pairs(near, text.text, home, at))
            for pair in pairs:
                found.setdefault(pair, said)
    return found or ({("", ""): first} if first and not agreed else {})


def of_places(
    force: Sequence[Force], *, home: str, texts: Sequence[Folded], rules: RuleSet
) -> tuple[tuple[Corridor, str], ...]:
    """The corridors from home to the places that came into the texts or left them, each with its sentence."""
    codes = {name: code for code, name in rules.names.items()}
    moved = [codes[name] for one in force for said in (one.after, one.before) for name in _names(said, codes)]
    said: dict[str, str] = {}
    for text in texts:
        for hit in leftmost(hit for hit in rules.places.find_all(text) if hit.term.kind == "place"):
            said.setdefault(hit.term.topic, text.around(hit.start, hit.end))
    ends = [code for code in dict.fromkeys(moved) if code in said] if home not in ("", "INT") else []
    return tuple((pair, said[end]) for end in ends for pair in _known(home, end))


def _names(said: str, codes: Mapping[str, str]) -> list[str]:
    """The names in a list of them; a name may hold a comma itself."""
    return [said] if said in codes else [name for name in said.split(", ") if name in codes]


def _sentences(texts: Sequence[Folded], quote: str) -> Iterator[tuple[Folded, int, int]]:
    """The first sentences that hold a quote."""
    for text in texts:
        bounds, at = sentences(text.text), 0
        for _ in range(_SENTENCES):
            at = text.text.find(quote, at)
            if at < 0:
                break
            low, high = bounds[bisect_right(bounds, (at, len(text.text))) - 1]
            yield text, low, max(high, at + len(quote))
            at = max(high, at + 1)


def _named(text: Folded, low: int, high: int, rules: RuleSet) -> list[Hit]:
    """The jurisdictions that a sentence names, except those that data stay in or leave by "outside …"."""
    hits = [hit for hit in rules.places.find_all(text, low, high) if hit.term.kind == "place"]
    both = leftmost(sorted((*hits, *compounds(text.text, low, high)), key=lambda hit: (hit.start, -hit.end)))
    return [hit for hit in both if not is_outside(hit, text.text)]


def _beside(places: Sequence[Hit], text: str, start: int, end: int, *, far: bool) -> list[Hit]:
    """Those that stand beside a quote; of a finding of adequacy those a little further away, too."""
    near = _NEAR_UNSPACED if is_ideographic(text[start]) else _NEAR
    near *= _FAR if far else 1
    return [hit for hit in places if start - near <= hit.end and hit.start <= end + near]


def _both_ways(places: Sequence[Hit], said: str, text: str, home: str) -> Iterator[Corridor]:
    """Between the two that an agreement joins; of one that names but one other, between that and home."""
    topics = dict.fromkeys(hit.term.topic for hit in places if hit.term.topic != "INT")
    if len(topics) == 1 and home not in ("", "INT", *topics):
        topics[home] = None
    if len(topics) != 2 or not is_between(said) or any(is_led_to(hit, text) for hit in places) or starts(places, text):
        return
    first, second = topics
    yield from _known(first, second)
    yield from _known(second, first)


def _to_home(places: Sequence[Hit], text: str, home: str) -> list[Corridor]:
    """From the others that a sentence names to home, where data are said to come there and not from where."""
    led = any(hit.term.topic == home and is_led_to(hit, text) for hit in places)
    others = dict.fromkeys(hit.term.topic for hit in places if hit.term.topic != home and not is_led_to(hit, text))
    if not led or starts(places, text):
        return []
    return [(other, home) for other in others if other != "INT" and not {other, home} <= UNION]


def _pairs(places: Sequence[Hit], text: str, home: str, sign: int) -> Iterator[Corridor]:
    """From the places named as a start, else from the one whose rules these are, else from home, to the others."""
    for left, right in zip(places, places[1:], strict=False):
        joined = JOINED.fullmatch(text, left.end, right.start) or left.end == right.start
        if joined and left.term.topic != right.term.topic:  # the EU-US framework, 欧美
            yield from _known(left.term.topic, right.term.topic)
            return
    came = starts(places, text)
    owners = {hit.term.topic for hit in places if _owns(hit, text, home, sign)} if home not in _GRANTING else set()
    begin = sorted(came or owners) or ([home] if home else [])
    ends = dict.fromkeys(hit.term.topic for hit in places if hit.term.topic not in begin)
    for start in begin:
        for end in ends or (("*",) if owners and not came else ()):
            yield from _known(start, end)


def _owns(hit: Hit, text: str, home: str, sign: int) -> bool:
    """Whether a place before the sign is named as the one whose rules these are."""
    return hit.end <= sign and is_owner(hit, text, home=home)


def _known(start: str, end: str) -> Iterator[Corridor]:
    """A pair of two different jurisdictions, adequacy's direction kept: it is granted for the way out."""
    if "INT" in (start, end) or start == end or {start, end} <= UNION:
        return
    yield (end, start) if start == "US" and end in _GRANTING else (start, end)
