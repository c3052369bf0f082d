"""Why a Change was (not) told: the decision with every reason and its weight."""

from __future__ import annotations

from math import exp
from typing import Protocol

from bot.messages.clean import clean
from bot.model import Finding, Reason, Source


class Thresholds(Protocol):
    """What is asked of a rule set here."""

    @property
    def version(self) -> str: ...
    @property
    def relevant(self) -> int: ...
    @property
    def uncertain(self) -> int: ...


def why(finding: Finding, rules: Thresholds, source: Source, *, model: str = "") -> str:
    """Verdict, score, thresholds, rule set, and each reason with its weight, place and quote, in lines of text.

    `model` is what the language model of today adds to the rule set's version; what none was asked of needs none.
    """
    today = rules.version + (model if "+" in finding.ruleset else "")
    lines = [
        clean(finding.headline),
        f"verdict: {finding.verdict.replace('_', ' ')}",
        f"score: {_signed(finding.score)} hundredths of log-odds ({_chance(finding.score)}); "
        f"relevant from {_signed(rules.relevant)}, uncertain from {_signed(rules.uncertain)}",
        f"rules: {finding.ruleset}" + ("" if finding.ruleset == today else f" (now: {today})"),
        f"source: {clean(source.title or source.id)} ({source.id})",
        "reasons:",
        *(_reason(reason) for reason in finding.reasons),
    ]
    lines += [f"unread: {clean(one)}" for one in finding.unread]
    return "\n".join(lines)


def _reason(reason: Reason) -> str:
    where = f", in {_PLACES.get(reason.where, reason.where)}" if reason.where else ""
    quote = f": “{clean(reason.quote)}”" if reason.quote else ""
    return f"  {_signed(reason.weight):>5}  {clean(reason.what)}{where}{quote}"


_PLACES = {
    "title": "the title",
    "added": "the new words",
    "deleted": "the old words",
    "sentence": "the sentence that changed",
    "heading": "the headings",
    "context": "the passage around",
    "source": "the declaration",
}


def _signed(number: int) -> str:
    return f"{number:+d}"


def _chance(score: int) -> str:
    return f"{1 / (1 + exp(-max(-2000, min(2000, score)) / 100)):.0%}"
