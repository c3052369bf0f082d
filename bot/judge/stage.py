"""Where an act stands, as its title or its own words say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from bot.judge.folding import Folded, sentences
from bot.judge.rules import RuleSet
from bot.model import DatedQuote
from bot.text import label

# What a title says first decides; a consultation on a draft is a consultation.
_ORDER = (
    "consultation", "faq", "annulled", "repealed", "withdrawn", "expired", "court", "enforcement", "suspended",
    "proposal", "in_force", "negotiation", "agreement", "review", "guidance", "adopted", "prepublication", "notice",
    "commentary",
)  # fmt: skip
_LEAD = 3  # sentences in which a report says what happened
_LEAD_LENGTH = 500  # characters
_LINES = 60  # lines by which an act is known
_PROVISIONS = 2  # numbered provisions that make an act


def stage(
    title: Folded,
    text: Folded,
    *,
    dates: Sequence[DatedQuote],
    today: date,
    rules: RuleSet,
    language: str = "",
    amended: bool = False,
) -> str:
    """Where the act stands; "" when neither its title nor its own words say.

    A title is taken at its word. The words of provisions are not: penalties, notices and consultations in them are
    what the act rules, so of an act (and of an amendment, which has no title) only formulas of enactment and
    commencement count. Of a report the first sentences count.
    """
    cues = rules.cues("stage", language)
    if kind := _first(hit.term.kind for hit in cues.find_all(title)):
        return (_commenced(dates, today) or kind) if kind == "adopted" else kind
    if amended or _is_act(text.original):
        return _enacted(text, dates, today, rules, language)
    low, high = 0, min(_LEAD_LENGTH, ([0, *(end for _, end in sentences(text.text[:_LEAD_LENGTH])[:_LEAD])])[-1])
    return _first(hit.term.kind for hit in cues.find_all(text, low, high))


def _first(kinds: Iterable[str]) -> str:
    found = set(kinds)
    return next((kind for kind in _ORDER if kind in found), "")


def _is_act(text: str) -> bool:
    """Whether a text consists of numbered provisions."""
    return sum(bool(label(line)[0]) for line in text.split("\n")[:_LINES]) >= _PROVISIONS


def _enacted(text: Folded, dates: Sequence[DatedQuote], today: date, rules: RuleSet, language: str) -> str:
    """Adopted or in force, by the text's own date of commencement, else by its formulas."""
    commenced = _commenced(dates, today)
    return commenced or _first(hit.term.kind for hit in rules.cues("enacting", language).find_all(text))


def _commenced(dates: Sequence[DatedQuote], today: date) -> str:
    """In force from its first day of effect on, adopted before; "" when the text names no day."""
    starts = [dated.date for dated in dates if dated.kind == "effective"]
    if not starts:
        return ""
    return "in_force" if min(starts) <= today else "adopted"
