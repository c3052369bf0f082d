"""Forms opinions: is a Change about data that crosses borders, and what does it state? Pure.

terms/*.toml     the words, one file per language          places.toml   jurisdictions and authorities
weights.toml     what a sign is worth, and the thresholds  rules.py      all of these as one value
index.py         terms found in one walk      folding.py    text as it is compared
excerpt.py       what of a long text is read  case.py       what of a Change is read
scoring.py       signs and their sum          opinion.py    a Finding on a Change
glosses.toml     what terms are about, in English     relative.py   days counted from publication
facts.py corridors.py stage.py dates.py       what the text states         force.py   what gained or lost force
headline.py quotes.py summary.py              in which words we say it
acts.py numbers.py  which act it is about     footprint.py whom it touches      telling.py  severity, who gets it
"""

from bot.judge.acts import with_acts
from bot.judge.footprint import touched
from bot.judge.lines import as_json, judge_text, probability
from bot.judge.opinion import judge
from bot.judge.rules import RuleSet, load_rules
from bot.judge.telling import Decision, decision, rises, ruled, severity, wanted

__all__ = [
    "Decision", "RuleSet", "as_json", "decision", "judge", "judge_text", "load_rules", "probability", "rises", "ruled",
    "severity", "touched", "wanted", "with_acts",
]  # fmt: skip
