"""What is wrong with the term lists: said twice, said for nothing, never found, or run together.

python -m bot.judge.lint
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.judge.folding import fold, folded_word, is_ideographic
from bot.judge.index import Index, Term
from bot.judge.rules import RuleSet, load_rules

_SECTIONS = (
    "terms", "anti", "event", "parts", "stage", "enacting", "modality", "dates", "stops", "mechanisms", "bound",
    "kinds", "sectors",
)  # fmt: skip
_WHOLE = ("modality.", "stops.perhaps")  # these match whole words, so no beginning covers a longer one
_SEPARATING = re.compile(r"[，、;；“”\n]|,(?! )|\"(?![\u05d0-\u05ea])")  # Hebrew abbreviates with a quotation mark


def lint(languages: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """One line per fault: language, list, words, and what is wrong; empty when all is well."""
    return tuple(line for name, sections in sorted(languages.items()) for line in _of_language(name, sections))


def _of_language(name: str, sections: Mapping[str, Any]) -> Iterator[str]:
    for place, words in _lists(sections):
        for fault in _faults(words, whole=place.startswith(_WHOLE)):
            yield f"{name} {place}: {fault}"
    strengths: dict[str, str] = {}
    for place, words in _lists({"terms": sections.get("terms", {}), "anti": sections.get("anti", {})}):
        for word in words:
            known = strengths.setdefault(folded_word(word), place)
            if known != place:
                yield f"{name} {place}: “{word}” stands in {known} too"


def _lists(sections: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Every list of words with its place ("terms.adequacy.strong"); months are in order and may repeat."""
    for section in _SECTIONS:
        for key, value in sections.get(section, {}).items():
            if isinstance(value, dict):
                yield from ((f"{section}.{key}.{inner}", words) for inner, words in value.items())
            elif key != "months":
                yield f"{section}.{key}", value


def _faults(words: list[str], *, whole: bool) -> Iterator[str]:
    seen: dict[str, str] = {}
    for word in words:
        folded = folded_word(word)
        if folded in seen:
            yield f"“{word}” stands twice"
        elif not whole and (pair := _one_too_many(word, seen)):
            yield "“{1}” is found by “{0}” anyway".format(*pair)
        if fault := _unfindable(word, folded):
            yield f"“{word}” {fault}"
        seen.setdefault(folded, word)
    yield from (f"“{word}” looks like two terms run together" for word in words if _merged(folded_word(word), seen))


def _one_too_many(word: str, seen: Mapping[str, str]) -> tuple[str, str] | None:
    """A pair with an earlier word, the shorter first, of which the longer is found anyway; acronyms cover nothing."""
    for folded, other in seen.items():
        for short, longer in ((folded, folded_word(word)), (folded_word(word), folded)):
            exact = Term(other if short == folded else word, "strong").exact
            if not exact and _covers(short, longer):
                return short, longer
    return None


def _covers(short: str, longer: str) -> bool:
    """Whether a term is found wherever the longer one stands, being its beginning."""
    return len(short) > 3 and longer != short and longer.startswith(short)


def _unfindable(word: str, folded: str) -> str:
    """Why no text could hold the words, or nothing."""
    if word != word.strip() or "  " in word:
        return "has spaces that no text has"
    if _SEPARATING.search(word):
        return "holds a mark that separates terms"
    scripts = {script for char in folded if (script := _script(char))}
    if len(scripts) > 1 and not any(is_ideographic(char) for char in folded):
        return "mixes letters of two scripts that look alike"
    found = Index([Term(word, "strong")]).find_all(fold(word))
    return "" if found else "is not found in itself"


def _script(char: str) -> str:
    if "a" <= char <= "z":
        return "latin"
    return "cyrillic" if "\u0400" <= char <= "\u04ff" else ""


def _merged(folded: str, seen: Mapping[str, str]) -> bool:
    """Whether a spaced script's term is two other terms of its list without a space between."""
    if is_ideographic(folded[0]):
        return False
    return any(folded != one and folded.startswith(one) and folded[len(one) :] in seen for one in seen)


def main(rules: RuleSet) -> int:
    """Print the faults; 1 when there are any."""
    faults = lint(rules.languages)
    print("\n".join(faults) or "no fault found")
    return int(bool(faults))


if __name__ == "__main__":
    raise SystemExit(main(load_rules()))
