"""Forms opinions: is a Change about data that crosses borders, and what does it state? Pure.

terms/*.toml     the words, one file per language          places.toml   jurisdictions and authorities
weights.toml     what a sign is worth, and the thresholds  rules.py      all of these as one value
scoring.py       signs and their sum    opinion.py   a Finding on a Change    telling.py  severity, who gets it
facts.py dates.py force.py              what the text states                  headline.py quotes.py
"""

from bot.judge.lines import as_json, judge_text, probability
from bot.judge.opinion import judge
from bot.judge.rules import RuleSet, load_rules
from bot.judge.telling import severity, wanted

__all__ = ["RuleSet", "as_json", "judge", "judge_text", "load_rules", "probability", "severity", "wanted"]
