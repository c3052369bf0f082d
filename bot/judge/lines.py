"""Texts from outside our store: judged alone, and findings as the lines of the `judge` command."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from math import exp
from typing import Any

from bot.judge import facts
from bot.judge.folding import fold
from bot.judge.opinion import read_text
from bot.judge.rules import RuleSet
from bot.judge.scoring import Passage, score
from bot.model import Finding

_WRAP = re.compile(r"(?<!\n)[ \t]*\r?\n[ \t]*(?!\r?\n)")  # one line break is where a line was full
_READ = 20_000  # characters in which facts and dates are looked for
_PARAGRAPH = re.compile(r"\s*\n\s*")


def judge_text(
    *,
    id: str,
    title: str,
    text: str,
    url: str = "",
    publisher: str = "",
    language: str = "",
    rules: RuleSet,
    now: datetime,
    published: str = "",
) -> Finding:
    """An opinion on a text as if all of it were new. `id` is the caller's own and comes back only in as_json.

    `published` is the ISO day on which it was; a day without its year in the text lies near that one.
    """
    text = _PARAGRAPH.sub("\n", _WRAP.sub(" ", text))
    tongue = language or _script(title + text)
    publishes = facts.speaker(url=url, names=(publisher, title), rules=rules, language=tongue)
    speaks = facts.regime([fold(title[:1000])], home=publishes, rules=rules)
    home = publishes if publishes == speaks else ""
    passages = [Passage(title, "title"), Passage(text, "added"), Passage(publisher, "speaker")]
    scored = score(passages, rules=rules, home=home)
    verdict = rules.judged(scored.score)
    finding = read_text(
        title,
        text[:_READ],
        scored.signs,
        home=publishes or speaks,
        rules=rules,
        verdict=verdict,
        now=now,
        language=language[:2],
        published=_day(published),
    )
    return replace(
        finding,
        score=scored.score,
        headline=f"{publisher}: {title}" if publisher else title,
        reasons=scored.reasons,
    )


def _day(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso[:10])
    except ValueError:
        return None


def _script(text: str) -> str:
    """The language of which a script is proof, where none is named."""
    return "th" if any("\u0e01" <= letter <= "\u0e5b" for letter in text[:2_000]) else ""


def as_json(id: str, finding: Finding) -> dict[str, Any]:
    """One line of the `judge` command: stable keys, score from 0 to 1, dates as YYYY-MM-DD."""
    return {
        "id": id,
        "verdict": finding.verdict,
        "score": probability(finding.score),
        "jurisdictions": list(finding.jurisdictions),
        "topics": list(finding.topics),
        "mechanisms": list(finding.mechanisms),
        "corridors": [{"from": start, "to": end} for start, end in finding.corridors],
        "bound": list(finding.bound),
        "data": list(finding.data),
        "sectors": list(finding.sectors),
        "stage": finding.stage,
        "dates": [{"kind": d.kind, "date": d.date.isoformat(), "quote": d.quote} for d in finding.dates],
        "reasons": [{"what": r.what, "weight": r.weight, "where": r.where, "quote": r.quote} for r in finding.reasons],
    }


def probability(score: int) -> float:
    """Hundredths of log-odds as a number from 0 to 1, three digits."""
    return round(1 / (1 + exp(-max(-2000, min(2000, score)) / 100)), 3)
