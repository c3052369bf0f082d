"""Where an act stands, as its title or its own words say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.judge.folding import Folded, sentences
from bot.judge.index import Hit
from bot.judge.rules import RuleSet
from bot.model import DatedQuote, Stated
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
) -> Stated | None:
    """Where the act stands, with the words that say so; nothing when neither its title nor its own words say.

    A title is taken at its word. The words of provisions are not: penalties, notices and consultations in them are
    what the act rules, so of an act (and of an amendment, which has no title) only formulas of enactment and
    commencement count. Of a report the first sentences count.
    """
    cues = rules.cues("stage", language)
    named = _first(cues.find_all(title), title)
    lead = min(_LEAD_LENGTH, ([0, *(end for _, end in sentences(text.text[:_LEAD_LENGTH])[:_LEAD])])[-1])
    told = None if amended or _is_act(text.original) else _first(cues.find_all(text, 0, lead), text)
    if not named:
        return told or _enacted(text, dates, today, rules, language, formulas=amended or _is_act(text.original))
    if named.value == "adopted":
        return _commenced(dates, today) or _in_force(text, rules, language) or named
    if named.value == "proposal" and told and told.value == "consultation":
        return told
    return named


def _first(hits: Sequence[Hit], text: Folded) -> Stated | None:
    """The weightiest stage among cues, with the sentence of its first cue."""
    if not hits:
        return None
    hit = min(hits, key=lambda hit: (_ORDER.index(hit.term.kind), hit.start))
    return Stated("stage", hit.term.kind, text.around(hit.start, hit.end))


def _is_act(text: str) -> bool:
    """Whether a text consists of numbered provisions."""
    return sum(bool(label(line)[0]) for line in text.split("\n")[:_LINES]) >= _PROVISIONS


def _enacted(
    text: Folded, dates: Sequence[DatedQuote], today: date, rules: RuleSet, language: str, *, formulas: bool
) -> Stated | None:
    """Adopted or in force, by the text's own date of commencement, else (of an act) by its formulas."""
    found = rules.cues("enacting", language).find_all(text) if formulas else ()
    return _commenced(dates, today) or _first(found, text)


def _in_force(text: Folded, rules: RuleSet, language: str) -> Stated | None:
    """In force from its publication on, as its own formula says."""
    hits = [hit for hit in rules.cues("enacting", language).find_all(text) if hit.term.kind == "in_force"]
    return _first(hits, text)


def _commenced(dates: Sequence[DatedQuote], today: date) -> Stated | None:
    """In force from its first day of effect on, adopted before; nothing when the text names no day."""
    starts = [dated for dated in dates if dated.kind == "effective"]
    if not starts:
        return None
    first = min(starts, key=lambda dated: dated.date)
    return Stated("stage", "in_force" if first.date <= today else "adopted", first.quote)
