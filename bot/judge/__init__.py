"""Forms opinions: is a Change about data that crosses borders, and what does it state? Pure.

terms/*.toml     the words, one file per language          places.toml   jurisdictions and authorities
weights.toml     what a sign is worth, and the thresholds  rules.py      all of these as one value
index.py         terms found in one walk      folding.py    text as it is compared
excerpt.py       what of a long text is read  case.py       what of a Change is read
scoring.py       signs and their sum          opinion.py    a Finding on a Change
glosses.toml     what terms are about, in English     relative.py   days counted from publication
promulgation.py  … that only a list gives
facts.py corridors.py stage.py dates.py       what the text states         force.py   what gained or lost force
bearing.py       which numbers and days count resumed.py       suspensions and bans that are over
headline.py quotes.py summary.py              in which words we say it
acts.py numbers.py  which act it is about     footprint.py whom it touches      telling.py  severity, who gets it
places.py        names of places              parts.py         the several items of one Change
ways.py          from, to, whose: the words beside a place
stretches.py     how much of a Change is read closely
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.judge.acts import with_acts
    from bot.judge.footprint import touched
    from bot.judge.lines import as_json, judge_text, probability
    from bot.judge.opinion import judge
    from bot.judge.places import place_names
    from bot.judge.rules import RuleSet, load_rules
    from bot.judge.telling import Decision, decision, rises, ruled, severity, wanted

__all__ = [
    "Decision", "RuleSet", "as_json", "decision", "judge", "judge_text", "load_rules", "place_names", "probability",
    "rises", "ruled", "severity", "touched", "wanted", "with_acts",
]  # fmt: skip

_ROOMS = {
    "with_acts": "acts", "touched": "footprint", "as_json": "lines", "judge_text": "lines", "probability": "lines",
    "judge": "opinion", "RuleSet": "rules", "load_rules": "rules", "place_names": "places", "Decision": "telling",
    "decision": "telling", "rises": "telling", "ruled": "telling", "severity": "telling", "wanted": "telling",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Imported when first asked for (PEP 562): who looks something up forms no opinion, and must not wait for that."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
    return found
