"""What gained or lost force in an amended passage: binding words, negations, numbers, dates, places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.judge.dates import find_dates
from bot.judge.folding import Folded, fold, is_ideographic, sentences
from bot.judge.index import Hit
from bot.judge.rules import RuleSet
from bot.model import Block, Edit, Force

_NUMBER = re.compile(r"\d[\d.,]*\d|\d|[一二三四五六七八九十百千]+(?=[万萬億亿年月日天人條条])")
_UNIT = re.compile(
    r"\s?(%|percent|per cent|万|萬|億|亿|million|billion|days?|months?|years?|日|个月|年|人|euro|eur|usd)?"
)
_LIMIT = 8
_EDITS = 400  # edits of one Change that are looked at
_DUTIES = 3  # new or removed duties that are named
_SHOWN = 200  # characters of a duty
_BINDING = frozenset({"duty", "prohibition"})
_ORDER = ("modality", "negation", "number", "date", "country", "duty", "link")


def forces(
    edits: Sequence[Edit], *, before: Sequence[Block], after: Sequence[Block], rules: RuleSet, language: str = ""
) -> tuple[Force, ...]:
    """What the counted amendments of text did to the force of their passages, at most eight."""
    found: dict[Force, None] = {}
    for edit in edits[:_EDITS]:
        if (
            edit.counted
            and edit.worth == "text"
            and (after[edit.after] if edit.after >= 0 else before[edit.before]).place == "body"
        ):
            found.update(dict.fromkeys(_of_edit(edit, before, after, rules, language)))
    ranked = sorted(found, key=lambda force: _ORDER.index(force.kind))
    duties = [force for force in ranked if force.kind == "duty"][_DUTIES:]
    return tuple(force for force in ranked if force not in duties)[:_LIMIT]


def _of_edit(
    edit: Edit, before: Sequence[Block], after: Sequence[Block], rules: RuleSet, language: str
) -> Iterator[Force]:
    if edit.kind == "replace":
        old, new = before[edit.before], after[edit.after]
        yield from _of_passage(old, new, edit.spans, rules, language)
        if old.link != new.link and old.key == new.key:
            yield Force("link", old.link, new.link, _path(new))
    elif edit.kind == "insert" and after[edit.after].kind != "heading":
        yield from (
            Force("duty", "", duty, _path(after[edit.after])) for duty in _duty(after[edit.after], rules, language)
        )
    elif edit.kind == "delete" and before[edit.before].kind != "heading":
        old = before[edit.before]
        yield from (Force("duty", duty, "", _path(old)) for duty in _duty(old, rules, language))


def _duty(block: Block, rules: RuleSet, language: str) -> Iterator[str]:
    """The first sentence of a passage that binds or forbids."""
    text = fold(block.text)
    hit = next((hit for hit in rules.cues("modality", language).find(text) if hit.term.kind in _BINDING), None)
    if hit:
        low, high = next((low, high) for low, high in sentences(text.text) if low <= hit.start < high)
        said = text.quote(low, high).strip()
        yield said if len(said) <= _SHOWN else said[: _SHOWN - 1].rstrip() + "…"


def _path(block: Block) -> tuple[str, ...]:
    return (*block.path, block.label) if block.label and block.label not in block.path[-1:] else block.path


def _of_passage(
    old: Block, new: Block, spans: Sequence[tuple[int, int, int, int]], rules: RuleSet, language: str
) -> Iterator[Force]:
    path = _path(new)
    for low, high, new_low, new_high in spans:
        left, right = _widened(old.text, low, high), _widened(new.text, new_low, new_high)
        for kind, was, now in _differences(fold(left), fold(right), rules, language):
            yield Force(kind, was, now, path)


def altered(old: str, new: str, span: tuple[int, int, int, int]) -> tuple[str, str]:
    """The words that an amendment took away and put there, whole words where words are spaced."""
    low, high, new_low, new_high = span
    while low and new_low and old[low - 1] == new[new_low - 1] and (_in_word(old, low) or _in_word(new, new_low)):
        low, new_low = low - 1, new_low - 1
    while high < len(old) and new_high < len(new) and old[high] == new[new_high]:
        if not (_in_word(old, high) or _in_word(new, new_high)):
            break
        high, new_high = high + 1, new_high + 1
    return old[low:high].strip(), new[new_low:new_high].strip()


def _in_word(text: str, index: int) -> bool:
    """Whether the place between two characters lies inside a word of a script with spaces."""
    if not 0 < index < len(text):
        return False
    left, right = text[index - 1], text[index]
    return left.isalnum() and right.isalnum() and not is_ideographic(left) and not is_ideographic(right)


def _widened(text: str, low: int, high: int) -> str:
    """The changed stretch with the word (or two characters) at either side, so that "not" meets its verb."""
    reach = 2 if any(is_ideographic(c) for c in text[max(0, low - 1) : high + 1]) else 1
    if reach == 2:
        return text[max(0, low - 2) : high + 2]
    words = [m.span() for m in re.finditer(r"\S+", text)]
    touched = [i for i, (start, end) in enumerate(words) if start <= high and end >= low]
    if not touched:
        return text[low:high]
    first, last = max(0, touched[0] - 1), min(len(words) - 1, touched[-1] + 1)
    return text[words[first][0] : words[last][1]]


def _differences(old: Folded, new: Folded, rules: RuleSet, language: str) -> Iterator[tuple[str, str, str]]:
    modals = rules.cues("modality", language)
    was, now = modals.find(old), modals.find(new)
    yield from _modality(old, new, was, now)
    dates = _dates(old, rules), _dates(new, rules)
    if dates[0] != dates[1]:
        yield "date", ", ".join(dates[0]), ", ".join(dates[1])
    elif (left := _numbers(old.text)) != (right := _numbers(new.text)):
        yield "number", ", ".join(left), ", ".join(right)
    places = _places(old, rules), _places(new, rules)
    if places[0] != places[1]:
        gone, came = ([name for name in one if name not in other] for one, other in (places, places[::-1]))
        yield "country", ", ".join(gone), ", ".join(came)


def _modality(old: Folded, new: Folded, was: Sequence[Hit], now: Sequence[Hit]) -> Iterator[tuple[str, str, str]]:
    binding = [h for h in was if h.term.kind != "negation"], [h for h in now if h.term.kind != "negation"]
    if [h.term.kind for h in binding[0]] != [h.term.kind for h in binding[1]]:
        yield "modality", _words(old, binding[0]), _words(new, binding[1])
        return
    negated = [h for h in was if h.term.kind == "negation"], [h for h in now if h.term.kind == "negation"]
    if len(negated[0]) != len(negated[1]):
        yield "negation", _words(old, negated[0]), _words(new, negated[1])


def _words(text: Folded, hits: Sequence[Hit]) -> str:
    return ", ".join(text.quote(hit.start, hit.end) for hit in hits)


def _dates(text: Folded, rules: RuleSet) -> list[str]:
    return [found.date.isoformat() for found in find_dates(text, months=rules.months)]


def _numbers(text: str) -> list[str]:
    found = []
    for match in _NUMBER.finditer(text):
        unit = _UNIT.match(text, match.end())
        found.append(match[0] + (unit[1] or "" if unit else ""))
    return found


def _places(text: Folded, rules: RuleSet) -> list[str]:
    return sorted({rules.names[h.term.topic] for h in rules.places.find(text) if h.term.kind == "place"})
