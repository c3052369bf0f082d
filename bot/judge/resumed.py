"""Whether a suspension or ban of transfers is over: as a text says, or because the words that said it went."""

from __future__ import annotations

from bot.judge.folding import Folded, fold, sentences
from bot.judge.rules import RuleSet
from bot.judge.stops import moves_data, resumes, stopped


def over(old: str, new: str, *, gone: str, rules: RuleSet, language: str) -> tuple[str, str] | None:
    """The sentence that stopped transfers, and the one that says that this ended ("" for none); None: nothing ended.

    `gone` are the words of the old text that are there no longer; "" of a text that is new as a whole.
    """
    was = stopped(fold(old), rules=rules, language=language, fresh=fold(gone)) if gone else None
    now = resumed(fold(new), rules=rules, language=language)
    if not was and (not now or old):
        return None
    if not now and stopped(fold(new), rules=rules, language=language):
        return None
    return was.quote if was else "", now


def resumed(text: Folded, *, rules: RuleSet, language: str) -> str:
    """The first sentence that says, as a fact, that transfers are no longer stopped; "" for none."""
    for low, high in sentences(text.text):
        if resumes(text, low, high, rules=rules, language=language) and moves_data(text, low, high, rules):
            return text.around(low, high)
    return ""
