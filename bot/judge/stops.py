"""Whether a text says that a transfer is suspended or banned: what no rule with a date can say sooner."""

from __future__ import annotations

from bot.judge.folding import Folded, sentences
from bot.judge.rules import RuleSet
from bot.model import Stated

_ROUTES = frozenset({"transfer_general", "adequacy", "contracts", "bcr", "certification"})
_MOVING = frozenset({"data", "move"})  # together in one sentence they are a transfer
_NEAR = 20  # characters between a negation and what it denies
_ASKED = frozenset("?？")


def stopped(text: Folded, *, rules: RuleSet, language: str, fresh: Folded | None = None) -> Stated | None:
    """The first sentence that says so of transfers, as a fact: neither supposed, drafted, asked for nor over.

    With `fresh` only words of a stop that stand in this new text count, so that an old ban is none.
    """
    cues = rules.cues("stops", language)
    for low, high in sentences(text.text) if text.text else ():
        said = cues.find_all(text, low, high)
        if not said or is_open(text, low, high, rules=rules, language=language):
            continue
        new = fresh is None or any(text.text[hit.start : hit.end] in fresh.text for hit in said)
        if new and moves_data(text, low, high, rules):
            return Stated("stage", "suspended", text.around(low, high))
    return None


def is_open(text: Folded, low: int, high: int, *, rules: RuleSet, language: str) -> bool:
    """Whether a sentence only asks for a stop, supposes it, or says that it is over."""
    said = rules.cues("stops", language).find_all(text, low, high)
    words = rules.cues("modality", language).find_all(text, low, high)
    denied = [word.end for word in words if word.term.kind == "negation"]
    if any(_denies(text.text[end : hit.start]) for hit in said for end in denied if end <= hit.start):
        return True
    return text.text[low:high].rstrip()[-1:] in _ASKED or any(hit.term.kind != "halted" for hit in said)


def _denies(between: str) -> bool:
    """Whether so little stands between a negation and a stop that it is denied: "not expressly prohibited"."""
    return len(between) <= _NEAR and not set(between) & set(",;:，、；")


def moves_data(text: Folded, low: int, high: int, rules: RuleSet) -> bool:
    """Whether a sentence speaks of data that leave, or of what lets them leave."""
    signs = [hit.term for hit in rules.signs.find_all(text, low, high)]
    parts = {term.kind.removesuffix("_loose") for term in signs if term.section == "parts"}
    return parts >= _MOVING or any(term.topic in _ROUTES and term.section == "terms" for term in signs)
