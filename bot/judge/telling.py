"""Who gets a Finding, why, and what they must do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from bot.judge.folding import folded_word
from bot.judge.footprint import touched
from bot.judge.parts import alone, named
from bot.model import (
    SEVERITIES,
    Block,
    Change,
    DatedQuote,
    Edit,
    Filters,
    Finding,
    Footprint,
    Source,
    Subscription,
)
from bot.numbering import referred

Blocks = tuple[Sequence[Block], Sequence[Block]]
"""The blocks before and those after."""

SOON = timedelta(days=30)
_EVERYTHING = "you follow everything that is relevant"
_OUTSIDE, _NOTHING = "outside the footprint", "nothing to do by a date"
_BANS = frozenset({"annulled", "suspended"})
_ENDED = frozenset({"repealed", "withdrawn", "expired"})
_CARRIERS = frozenset({"adequacy", "scc", "bcr", "certification"})  # what carries a transfer
_KEEPERS = frozenset({"localisation", "bulk_data"})  # who ends these opens a way
_FORBIDS = re.compile(  # in the languages we read, as words begin
    r"\b(?:ban(?:s|ned|ning)?\b|prohib|forbid|forbad|outlaw|verbot|verbiet|untersag|interdi|prohíb|proíb|proib|veda\b|viet"
    r"|divieto|verbied|verbod|запре|заборон|zakaz|zabron|förbud|förbjud|yasa[kğ]|cấm|larang|dilarang|melarang|الحظر|[تي]?حظر)"
    r"|禁止|금지|ห้าม"
)
_PUTS_OFF = re.compile(
    r"\b(?:suspen|ausge?setz|aussetz|sospe|opgeschort|приостан|призупин|zawie|askıya|durdur|đình chỉ|menangguh|تعليق)"
    r"|暂停|暫停|中止|停止|중지|정지|ระงับ"
)
_AHEAD = _ENDED | {"proposal", "consultation", "adopted", "in_force", "negotiation", "agreement", "prepublication"}
_DUE = frozenset({"deadline", "transition_end", "expires"})
_FORCES = {  # a reference or a link that changed alone is no reason
    "modality": "a binding word changed", "number": "a number changed", "date": "a date changed",
    "negation": "a negation changed", "duty": "a duty changed", "country": "a jurisdiction changed",
    "ban": "a suspension or ban began", "exemption": "an exemption changed", "suspension": "a suspension or ban ended",
}  # fmt: skip
_NAMED = 3  # items that a reason names
_KINDS = {"effective": "in force", "transition_end": "end of transition", "review_due": "review due"}
_SPOKEN = frozenset({"insert", "delete", "replace", "new", "gone", "retitled", "back"})


def severity(finding: Finding, *, footprint: Footprint | None = None, today: date, override: str = "") -> str:
    """What a reader must do: act, plan or know. `override` is what a person decided, and stands.

    act: relevant, inside the footprint, and in force or due within 30 days (also in force for at most 30), or a
    route annulled, suspended or banned, or repealed or withdrawn with no later day. plan: inside the footprint, and
    adopted, in force or ending later, a rule repealed, a consultation or talks open, or a number, date, duty,
    exemption, jurisdiction or binding word changed, or a suspension or ban
    ended. know: the rest, also numbering and references. Uncertain is never act. Without a footprint everything lies
    inside it.
    """
    return ruled(finding, footprint=footprint, today=today, override=override)[0]


def ruled(finding: Finding, *, footprint: Footprint | None = None, today: date, override: str = "") -> tuple[str, str]:
    """The severity and the part of its rule that gave it, in words."""
    if override:
        return override, "a person decided so"
    if finding.verdict == "not_relevant":
        return "know", "not relevant"
    found = [(one, *_alone(one, footprint, today)) for one in alone(finding)]
    one, level, reason = max(found, key=lambda each: (SEVERITIES.index(each[1]), each[2] != _OUTSIDE))
    return level, reason if reason in (_OUTSIDE, _NOTHING) else named(one, reason)


def _alone(finding: Finding, footprint: Footprint | None, today: date) -> tuple[str, str]:
    """Severity and reason of what speaks alone."""
    if footprint and not touched(finding, footprint):
        return "know", _OUTSIDE
    if finding.verdict == "relevant" and (reason := _urgent(finding, today)):
        return "act", reason
    reason = _ahead(finding, today)
    return ("plan", reason) if reason else ("know", _NOTHING)


def rises(finding: Finding, *, footprint: Footprint | None = None) -> date | None:
    """The first day on which a Finding is to be acted on because of a date ahead; None when no date makes it so."""
    if finding.verdict != "relevant":
        return None
    ours = [one for one in alone(finding) if not footprint or touched(one, footprint)]
    days = [dated.date - SOON for one in ours for dated in one.dates if dated.kind in _DUE | {"effective"}]
    return min(days, default=None)


def _urgent(finding: Finding, today: date) -> str:
    """Why one must act now, or nothing."""
    if finding.stage in _BANS:
        return f"a route is {'banned' if _is_ban(finding) else finding.stage}"
    if _loses_route(finding, today):
        return f"a route is {finding.stage}"
    near = next((dated for dated in finding.dates if _near(dated, today)), None)
    return f"{_KINDS.get(near.kind, near.kind)} {near.date.isoformat()}" if near else ""


def _is_ban(finding: Finding) -> bool:
    """Whether the words by which a route is stopped forbid it and do not only put it off."""
    said = " ".join(one.quote.lower() for one in finding.stated if (one.kind, one.value) == ("stage", "suspended"))
    return bool(_FORBIDS.search(said)) and not _PUTS_OFF.search(said)


def _loses_route(finding: Finding, today: date) -> bool:
    """Whether what carries transfers ends: at once, within 30 days, or at most 30 days ago."""
    ways = set(finding.mechanisms)
    if finding.stage not in _ENDED or not ways & _CARRIERS or ways & _KEEPERS:
        return False
    days = [dated.date for dated in finding.dates if dated.kind in ("effective", "expires")]
    return not days or any(abs(day - today) <= SOON for day in days)


def _ahead(finding: Finding, today: date) -> str:
    """Why one should plan, or nothing."""
    if ahead := next((d for d in finding.dates if d.date > today and d.kind != "published"), None):
        return f"{_KINDS.get(ahead.kind, ahead.kind)} {ahead.date.isoformat()}"
    if changed := next((force for force in finding.force if force.kind in _FORCES), None):
        return _FORCES[changed.kind]
    if finding.stage == "consultation" and _is_closed(finding, today):
        return ""
    if finding.stage in _ENDED and _is_history(finding, today):
        return ""
    return f"stage: {finding.stage.replace('_', ' ')}" if finding.stage in _AHEAD else ""


def _is_history(finding: Finding, today: date) -> bool:
    """Whether what ended did so more than 30 days ago, by every day that is given."""
    days = [dated.date for dated in finding.dates if dated.kind in ("effective", "expires")]
    return bool(days) and max(days) < today - SOON


def _is_closed(finding: Finding, today: date) -> bool:
    """Whether every deadline that a consultation names is past."""
    ends = [dated.date for dated in finding.dates if dated.kind == "deadline"]
    return bool(ends) and max(ends) < today


def _near(dated: DatedQuote, today: date) -> bool:
    if dated.kind == "effective":
        return abs(dated.date - today) <= SOON
    return dated.kind in _DUE and timedelta(0) <= dated.date - today <= SOON


class Decision(NamedTuple):
    """Whether a subscription is told of a Finding at once, and why it is or is not, in words."""

    told: bool
    why: str


def wanted(
    subscription: Subscription,
    finding: Finding,
    source: Source,
    change: Change,
    *,
    edits: Sequence[Edit] | None = None,
    blocks: Blocks = ((), ()),
    footprint: Footprint | None = None,
) -> str:
    """Why this subscription gets this Finding at once, in words; "" when it does not. See decision."""
    decided = decision(subscription, finding, source, change, edits=edits, blocks=blocks, footprint=footprint)
    return decided.why if decided.told else ""


def decision(
    subscription: Subscription,
    finding: Finding,
    source: Source,
    change: Change,
    *,
    edits: Sequence[Edit] | None = None,
    blocks: Blocks = ((), ()),
    footprint: Footprint | None = None,
    override: str = "",
) -> Decision:
    """Whether this subscription gets this Finding at once, and why (not).

    Relevant ones that pass its filters and touch its footprint, if it has one (the others are for the digest); with
    `every_change` also the others, when a text of the body changed and not only its status, numbering, supplements or
    one word throughout. `blocks` are those before and after. What a vendor says of itself is for those alone who name
    the source. `override` is the severity that a person decided on.
    """
    filters = subscription.filters
    if source.class_ == "vendor" and not {source.id, source.parent} & set(filters.sources):
        return Decision(False, f"what an operator says of itself is told to those who ask for in:{source.id}")
    asked = [(one, _passed(filters, one, source, blocks)) for one in alone(finding)]
    passed = [(one, said) for one, said in asked if said.told]
    if not passed:
        return asked[0][1]
    if filters.every_change:
        spoken = finding.verdict == "relevant" or _text_changed(change.edits if edits is None else edits, blocks)
        name = source.title or source.id
        return Decision(spoken, f"you asked for every change of {name}" if spoken else "no text of the body changed")
    if finding.verdict != "relevant":
        return Decision(False, _VERDICTS.get(finding.verdict, finding.verdict))
    weighed = [(one, _weighed(filters, one, footprint, override=override, asked=said.why)) for one, said in passed]
    return _together(weighed, of=len(asked))


_VERDICTS = {"uncertain": "uncertain: for review, and in the digest", "not_relevant": "verdict: not relevant"}


def _together(weighed: Sequence[tuple[Finding, Decision]], *, of: int) -> Decision:
    """One decision for several items: told if one of them is; items are named where not all speak alike."""
    told = [(one, decision.why) for one, decision in weighed if decision.told]
    if not told:
        return weighed[0][1]
    whys = list(dict.fromkeys(why for _, why in told))
    if len(told) == of and len(whys) == 1:
        return Decision(True, whys[0])
    more = f"; and {len(told) - _NAMED} more items" if len(told) > _NAMED else ""
    return Decision(True, "; ".join(named(one, why) for one, why in told[:_NAMED]) + more)


def _weighed(
    filters: Filters, finding: Finding, footprint: Footprint | None, *, override: str, asked: str
) -> Decision:
    """What passed the filters is told when it touches the footprint and is severe enough."""
    touch = touched(finding, footprint) if footprint else ""
    if footprint and not touch:
        return Decision(False, f"outside the footprint {footprint.name}: for the digest".replace("  ", " "))
    level, rule = ruled(finding, footprint=footprint, today=finding.at.date(), override=override)
    if SEVERITIES.index(level) < SEVERITIES.index(filters.min):
        return Decision(False, f"severity {level} ({rule}), less than min:{filters.min}: for the digest")
    said = "" if touch and asked == _EVERYTHING else asked  # beside a footprint it says nothing
    return Decision(True, "; ".join(filter(None, (touch, said))))


def _passed(filters: Filters, finding: Finding, source: Source, blocks: Blocks) -> Decision:
    """Whether the filters let it through: every field that is set must hold one of what it asks for."""
    crossed = [c for c in filters.corridors if any(_crosses(c, own) for own in finding.corridors)]
    reasons = []
    for word, asked, shared in (
        ("source", filters.sources, _shared(filters.sources, (source.id, source.parent))),
        ("jurisdiction", filters.jurisdictions, _shared(filters.jurisdictions, _places(finding, source))),
        ("type", _said(filters.stages), _said(_shared(filters.stages, (finding.stage,)))),
        ("topic", filters.topics, _shared(filters.topics, (*finding.topics, *source.topics))),
        ("mechanism", filters.mechanisms, _shared(filters.mechanisms, finding.mechanisms)),
        ("corridor", _arrows(filters.corridors), _arrows(crossed)),
        ("words", filters.words, _words(filters.words, finding, blocks)),
    ):
        if asked and not shared:
            return Decision(False, f"it asks for {word} {', '.join(asked)}")
        reasons += [f"{word} {', '.join(shared)}"] if shared else []
    return Decision(True, "you follow " + "; ".join(reasons) if reasons else _EVERYTHING)


def _shared(asked: Sequence[str], given: Sequence[str]) -> list[str]:
    return [one for one in asked if one in given]


def _said(stages: Sequence[str]) -> list[str]:
    return [stage.replace("_", " ") for stage in stages]


def _places(finding: Finding, source: Source) -> tuple[str, ...]:
    return (*finding.jurisdictions, source.jurisdiction)


def _arrows(corridors: Sequence[tuple[str, str]]) -> list[str]:
    return [f"{start} → {end}" for start, end in corridors]


def _crosses(asked: tuple[str, str], own: tuple[str, str]) -> bool:
    return all(a == b or "*" in (a, b) for a, b in zip(asked, own, strict=True))


def _words(words: Sequence[str], finding: Finding, blocks: Blocks) -> list[str]:
    """Which of the words the headline, the quotes or the changed texts hold."""
    texts = [finding.headline, *(quote.text for quote in finding.quotes), *(r.quote for r in finding.reasons)]
    text = folded_word("\n".join(texts))
    return [word for word in words if folded_word(word) in text]


def _text_changed(edits: Sequence[Edit], blocks: Blocks) -> bool:
    """Whether a counted edit speaks: text of the body, and not the same replacement everywhere."""
    spoken = [edit for edit in edits if _speaks(edit) and _place(edit, blocks) == "body"]
    swept = {new for edit in edits if edit.reason.startswith("sweep") for _, new in _replaced(edit, blocks)}
    told = [edit for edit in spoken if not _follows(_replaced(edit, blocks), edit, swept, blocks)]
    return bool(told) and not _one_word_throughout(told, blocks)


def _follows(pairs: set[tuple[str, str]], edit: Edit, swept: set[str], blocks: Blocks) -> bool:
    """Whether an amendment only brings in a word that was swept in everywhere, or only moves a cross-reference."""
    if not pairs:
        return False
    if all(new in swept for _, new in pairs):
        return True
    after = blocks[1][edit.after].text
    return all(referred(after, start, end) for _, _, start, end in edit.spans)


def _speaks(edit: Edit) -> bool:
    return edit.counted and edit.kind in _SPOKEN and edit.worth == "text" and not edit.reason.startswith("sweep")


def _place(edit: Edit, blocks: Blocks) -> str:
    before, after = blocks
    if 0 <= edit.after < len(after):
        return after[edit.after].place
    return before[edit.before].place if 0 <= edit.before < len(before) else "body"


def _one_word_throughout(edits: Sequence[Edit], blocks: Blocks) -> bool:
    """A sweep: at least four amendments, all of them the same replacement."""
    before, after = blocks
    if len(edits) < 4 or any(e.kind != "replace" or e.before >= len(before) or e.after >= len(after) for e in edits):
        return False
    pairs = [_replaced(edit, blocks) for edit in edits]
    return bool(set.intersection(*pairs)) and len(set().union(*pairs)) <= 2


def _replaced(edit: Edit, blocks: Blocks) -> set[tuple[str, str]]:
    """What was replaced by what, in an amendment whose two passages are at hand."""
    before, after = blocks
    if edit.kind != "replace" or edit.before >= len(before) or edit.after >= len(after):
        return set()
    old, new = before[edit.before].text, after[edit.after].text
    return {(old[a:b].strip(), new[c:d].strip()) for a, b, c, d in edit.spans}
