"""Whether a text says that a route is stopped or struck down: who does what to what, and whether as a fact.

Everything here is read within one sentence. A word that stops or annuls says so where it is not denied, supposed,
asked for, refused or over, and where what it governs is a route: no talks, no fine, no rule that keeps data at home.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.judge.folding import Folded, sentences
from bot.judge.index import Hit
from bot.judge.rules import RuleSet
from bot.model import Stated

Span = tuple[int, int]

_ROUTES = frozenset({"transfer_general", "adequacy", "contracts", "bcr", "certification"})
_MOVING = frozenset({"data", "move"})  # together in one sentence they are a transfer
_OPEN = frozenset({"supposed", "perhaps"})
_NO_ROUTE = frozenset({"homes", "talks", "fines"})
_NEAR = 20  # characters between a negation and what it denies
_LINKED = 60  # between a word that ends and the stop that it ends
_REACH = 90  # in which what is stopped is named
_ASKED = frozenset("?？")
_CLAUSE = re.compile(r"[,;，；、]")
_APART = re.compile(
    r"[,;:，；：、()]| (?:and|or|und|oder|et|ou|y|o|e|en|och|eller|i|lub|и|или|та|ve|veya|và|dan|atau) "
)
_COORDINATE = re.compile(
    r"(?:[,;，；、]|\b(?:and|und|et|y|e|en|och|i|oraz|и|та|ve|và|dan)|并|並|且|し|하고|며)"
    r"(?: (?:therefore|thus|instead|has|declares|the))* ?$"
)
_DECLARES = re.compile(
    r"\b(?:and|und|et|y|e|en|och|i) (?:declar|held|hold|find|rul|erklär|déclar|dichiar|verklaar|förklar|stwierdz)"
)
_AFTERWARDS = re.compile(
    r"\b(?:after|following|since|because of|despite|trotz|malgré|pese a|a pesar de|nonostante|apesar d[aeo]|ondanks"
    r"|trots|несмотря на|meskipun|mặc dù|رغم|nach(?= (?:de[rm] )?$)|seit|après|suite à|depuis|tras|después de"
    r"|desde|dopo|após|depois da?|sinds|po|efter|sedan|после|після|sau|setelah|pasca|بعد)(?: [^\W\d]+'?)? ?$"
)
_AFTERWARDS_BEHIND = re.compile(r"[^,，、。;]{0,6}?(?:之后|以后|后|後|を受け|に伴|以来|이후|후\b|에 따른|sonras)")
_WHICH = re.compile(r"\b(?:which|that|having|by which|qui|que l[ea]|che) (?:\w+ )?$")
_PARTED = re.compile(
    r"\b(?P<verb>setz(?:t|en|te|ten)|(?P<ends>h)(?:ebt|eben|ob|oben))\b[^.;:]{1,160}? (?P<aside>aus|auf)"
    r"(?=\W*$|[.,;:!)]| und )"
)
_OBJECT_FIRST = ("ja", "ko", "tr", "hi")  # what is stopped stands before the word that stops it


class Act(NamedTuple):
    """A word that stops, ends or annuls, in its sentence."""

    start: int
    end: int
    kind: str


def stopped(text: Folded, *, rules: RuleSet, language: str, fresh: Folded | None = None) -> Stated | None:
    """The first sentence that says so of transfers, as a fact: neither supposed, drafted, asked for nor over.

    With `fresh` only words of a stop that stand in this new text count, so that an old ban is none.
    """
    for low, high in sentences(text.text) if text.text else ():
        acts = stops(text, low, high, rules=rules, language=language)
        new = fresh is None or any(text.text[act.start : act.end] in fresh.text for act in acts)
        if acts and new and moves_data(text, low, high, rules):
            return Stated("stage", "suspended", text.around(low, high))
    return None


def stops(text: Folded, low: int, high: int, *, rules: RuleSet, language: str) -> list[Act]:
    """The words of a sentence that stop a route, as a fact."""
    said = rules.cues("stops", language).find_all(text, low, high)
    halts = halted(text, low, high, said)
    if not halts or any(hit.term.kind in _OPEN | {"resumed"} for hit in said):
        return []
    reader = Reader(text, low, high, said, rules, language)
    if reader.ends(halts) or any(reader.misses(act) for act in halts):
        return []
    return [act for act in halts if reader.is_fact(act)]


def resumes(text: Folded, low: int, high: int, *, rules: RuleSet, language: str) -> bool:
    """Whether a sentence says, as a fact, that a stop is over: it goes on, or what is ended is the stop."""
    said = rules.cues("stops", language).find_all(text, low, high)
    halts = halted(text, low, high, said)
    if not halts or any(hit.term.kind in _OPEN for hit in said):
        return False
    reader = Reader(text, low, high, said, rules, language)
    over = any(hit.term.kind == "resumed" for hit in said) or reader.ends(halts)
    return over and any(reader.is_fact(act) for act in halts)


def halted(text: Folded, low: int, high: int, said: Sequence[Hit]) -> list[Act]:
    """The words of a stop in a sentence, parted verbs among them: "setzt … aus"."""
    found = [Act(hit.start, hit.end, "halted") for hit in said if hit.term.kind == "halted"]
    return found + [act for act in _parted(text.text, low, high) if act.kind == "halted"]


def _parted(text: str, low: int, high: int) -> Iterator[Act]:
    for match in _PARTED.finditer(text, low, high):
        if (match["ends"] is None) == (match["aside"] == "aus"):
            yield Act(match.start(), match.end("verb"), "ends" if match["ends"] else "halted")


def is_done(hit: Hit, text: Folded, *, rules: RuleSet, language: str) -> bool:
    """Whether a word of a stage that ends or annuls something says so as a fact, and not of what is no route.

    Who ends a stop, a fine or talks ends no route.
    """
    low, high = sentence_of(hit, text)
    said = rules.cues("stops", language).find_all(text, low, high)
    reader = Reader(text, low, high, said, rules, language)
    act, stands = Act(hit.start, hit.end, hit.term.kind), halted(text, low, high, said)
    if resumes(text, low, high, rules=rules, language=language):
        return False
    if act.kind == "suspended":
        over = any(hit.term.kind in _OPEN | {"resumed"} for hit in said) or reader.ends([act])
        return not over and reader.is_fact(act) and not reader.misses(act)
    if act.kind == "enforcement":  # a ban of what is no route breaks no rule either
        bans = any(not _are_apart(act, one) for one in stands)
        return not bans or reader.is_fact(act) and not any(map(reader.misses, stands)) and not reader.ends([act])
    if not reader.is_fact(act) or reader.supposes(act):
        return False
    stands = [one for one in stands if _are_apart(act, one)]
    if stands and not moves_data(text, low, high, rules) or any(reader.linked(act, one) for one in stands):
        return False
    return not reader.misses(act, but={"homes"} if act.kind in ("repealed", "withdrawn") else set())


def sentence_of(hit: Hit, text: Folded) -> Span:
    """The sentence in which a word stands."""
    return next(((a, b) for a, b in sentences(text.text) if a <= hit.start < b), (hit.start, hit.end))


class Reader(NamedTuple):
    """A sentence with the words that bear on whether something is stopped in it."""

    text: Folded
    low: int
    high: int
    said: Sequence[Hit]
    rules: RuleSet
    language: str

    def is_fact(self, act: Act) -> bool:
        """Whether it is neither asked for, refused, denied nor told as what went before."""
        text = self.text.text
        if text[self.low : self.high].rstrip()[-1:] in _ASKED or self._denied(act):
            return False
        if any(hit.term.kind == "asked" and self._asks(hit, act) for hit in self.said):
            return False
        if any(hit.term.kind == "refused" and not self._goes_on(hit, act) for hit in self.said):
            return False
        ahead = text[self.low : act.start]
        before = _AFTERWARDS.search(ahead) or _WHICH.search(ahead)
        return not before and not _AFTERWARDS_BEHIND.match(text[act.end : self.high])

    def supposes(self, act: Act) -> bool:
        """Whether it is supposed: before it, or in its clause."""
        return any(hit.term.kind in _OPEN and self._asks(hit, act) for hit in self.said)

    def ends(self, halts: Sequence[Act]) -> bool:
        """Whether a stop is what is ended."""
        found = [Act(hit.start, hit.end, "ends") for hit in self.said if hit.term.kind == "ends"]
        found += [act for act in _parted(self.text.text, self.low, self.high) if act.kind == "ends"]
        return any(self.linked(end, halt) for end in found for halt in halts if _are_apart(end, halt))

    def linked(self, one: Act, other: Act) -> bool:
        """Whether nothing but what belongs together stands between two words."""
        between = self.text.text[min(one.end, other.end) : max(one.start, other.start)]
        return len(between) <= _LINKED and not _APART.search(between)

    def misses(self, act: Act, *, but: set[str] | None = None) -> bool:
        """Whether what it governs is no route: the nearest that is named, behind it or (in some languages) before."""
        wrong = [hit for hit in self.said if hit.term.kind in _NO_ROUTE - (but or set())]
        if not wrong:
            return False
        if self.language[:2] == "zh" and any(self._is_head(hit, act) for hit in wrong):
            return True
        routes = [hit for hit in self.rules.signs.find_all(self.text, self.low, self.high) if _is_route(hit)]
        if any(act.start <= hit.start < act.end for hit in routes):  # "stop transfers"
            return False
        behind = self._nearest(wrong, routes, act, behind=True)
        before = self._nearest(wrong, routes, act, behind=False)
        found = (before or behind) if self.language[:2] in _OBJECT_FIRST else (behind or before)
        return found == "wrong"

    def _is_head(self, hit: Hit, act: Act) -> bool:
        """Whether talks close the clause in which they are stopped: 暂停与某国的充分性认定谈判."""
        text = self.text.text
        if hit.term.kind != "talks" or hit.start < act.end or _CLAUSE.search(text, act.end, hit.start):
            return False
        return hit.end >= self.high or not text[hit.end].isalnum()

    def _nearest(self, wrong: Sequence[Hit], routes: Sequence[Hit], act: Act, *, behind: bool) -> str:
        gaps = []
        for name, hits in (("wrong", wrong), ("route", routes)):
            for hit in hits:
                if hit.start < act.end and act.start < hit.end:
                    continue
                between = self.text.text[act.end : hit.start] if behind else self.text.text[hit.end : act.start]
                right_side = hit.start >= act.end if behind else hit.end <= act.start
                if right_side and len(between) <= _REACH and not _CLAUSE.search(between):
                    gaps.append((len(between), name))
        return min(gaps)[1] if gaps else ""

    def _asks(self, hit: Hit, act: Act) -> bool:
        between = self.text.text[min(hit.end, act.end) : max(hit.start, act.start)]
        return not _CLAUSE.search(between) and (hit.start < act.end or ":" not in between)

    def _goes_on(self, hit: Hit, act: Act) -> bool:
        """Whether after a refusal another verb follows: "rejects the arguments and bans …"."""
        between = self.text.text[hit.end : act.start]
        return hit.end <= act.start and bool(_COORDINATE.search(between) or _DECLARES.search(between))

    def _denied(self, act: Act) -> bool:
        words = self.rules.cues("modality", self.language).find_all(self.text, self.low, self.high)
        ends = [word.end for word in words if word.term.kind == "negation" and word.end <= act.start]
        return any(_denies(self.text.text[end : act.start]) for end in ends)


def _are_apart(one: Act, other: Act) -> bool:
    return one.end <= other.start or other.end <= one.start


def _denies(between: str) -> bool:
    """Whether so little stands between a negation and a stop that it is denied: "not expressly prohibited"."""
    return len(between) <= _NEAR and not set(between) & set(",;:，、；")


def _is_route(hit: Hit) -> bool:
    """Whether a sign names a transfer, or what lets data leave."""
    term = hit.term
    return term.section == "terms" and term.topic in _ROUTES or term.section == "parts" and term.kind == "move"


def moves_data(text: Folded, low: int, high: int, rules: RuleSet) -> bool:
    """Whether a sentence speaks of data that leave, or of what lets them leave."""
    signs = [hit.term for hit in rules.signs.find_all(text, low, high)]
    parts = {term.kind.removesuffix("_loose") for term in signs if term.section == "parts"}
    return parts >= _MOVING or any(term.topic in _ROUTES and term.section == "terms" for term in signs)
