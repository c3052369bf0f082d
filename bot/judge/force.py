"""What gained or lost force in an amended passage: binding words, negations, numbers, dates, places."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from bot.judge.bearing import differences
from bot.judge.folding import Folded, fold, is_ideographic, sentences
from bot.judge.listed import entered
from bot.judge.resumed import over
from bot.judge.rules import RuleSet
from bot.judge.stops import moves_data, stopped
from bot.judge.stretches import closely
from bot.judge.tokens import Span
from bot.model import Block, Edit, Force
from bot.text import label

_LIMIT = 8
_DUTIES = 3  # new or removed duties that are named
_AROUND = 2  # characters shown at either side of altered ones in a script without spaces
_WHOLE = 6  # characters of one side from which on nothing is added
_BREAKS = frozenset("。、，；：（）「」《》〈〉")
_EXEMPTS = re.compile(
    r"\b(?:exempt(?:s|ed|ing)?\b|exemptions? (?:from|for|appl|shall)|does not apply|do not apply|shall not apply"
    r"|is excluded|are excluded|ausgenommen|befreit|gilt nicht|gelten nicht|exonér|dispens"
    r"|ne s'appliqu|exent|exim|no se aplica|esent|esonerat|non si applica|isent"
    r"|não se aplica|vrijgesteld|uitgezonderd|zwoln|nie stosuje się|undantag|освобожд|не распространя|не применя"
    r"|muaf|uygulanmaz|miễn|không áp dụng|dikecualikan|tidak berlaku bagi)|(?:ي?عفى|معف|يستثنى|لا يسري)"
    r"|免除|免予|豁免|不适用|不適用|无需|無需|適用しない|適用除外|면제|적용하지 아니|적용되지|ยกเว้น"
)
_EXCEPTS = re.compile(  # how an exception or a condition begins
    r"(?:unless|except|save|other than|provided that|with the exception|subject to|es sei denn|außer|sofern|ausgenommen"
    r"|mit ausnahme|sauf|à moins|à l'exception|excepté|sous réserve|salvo|excepto|a menos que|con excepción|exceto"
    r"|a não ser|ressalvad|tranne|ad eccezione|a meno che|tenzij|behalve|met uitzondering|chyba że|z wyjątkiem"
    r"|за исключением|кроме|если только|trừ|kecuali|haricinde|dışında|såvida|utom)\b"
    r"|(?:إلا|باستثناء|但(?![书書])|除|ただし|但し|다만|단[,，])"
)
_MARKS = " ,;:，；、：("
_SHOWN = 200  # characters of a duty
_BINDING = frozenset({"duty", "prohibition"})
_LETTERS = 3  # of a code that may be that of a gazette
_SHORT = re.compile(r"\b[^\W\d_]{1,4}\.\s*$")
_NUMBERED = re.compile(r"\)?[ /]{0,2}(?:[0-9]|\Z)")
_REACH = 300  # characters in which the words at either side of a stretch stand
_FEW, _FEW_WIDE = 8, 16  # words, or characters of a script without spaces, of a stretch in which a place is a change
_NE = frozenset({"pas", "plus", "jamais", "point", "guère"})
_ORDER = (
    "ban", "modality", "negation", "number", "date", "country", "suspension", "exemption", "duty", "reference", "link"
)  # fmt: skip


def forces(
    edits: Sequence[Edit], *, before: Sequence[Block], after: Sequence[Block], rules: RuleSet, language: str = ""
) -> tuple[Force, ...]:
    """What the counted amendments of text did to the force of their passages, at most eight.

    First what stands in passages on data that leave, then the rest; of either the weightiest kind first.
    """
    found: dict[Force, bool] = {}
    for edit in closely(edits, before=before, after=after, language=language).edits:
        place = (after[edit.after] if edit.after >= 0 else before[edit.before]).place
        if place in ("body", "supplement"):
            old = before[edit.before] if edit.before >= 0 else None
            new = after[edit.after] if edit.after >= 0 else None
            told = [*_of_edit(edit, old, new, _Reader(rules, language)), *entered(edit, before, after, rules)]
            told = [one for one in told if place == "body" or _moves_a_day(one)]
            tells = bool(told) and _tells(new or old, rules)
            found.update((one, tells or found.get(one, False)) for one in told)
    ranked = sorted(found, key=lambda force: (not found[force], _ORDER.index(force.kind)))
    duties = [force for force in ranked if force.kind == "duty"][_DUTIES:]
    return tuple(force for force in ranked if force not in duties)[:_LIMIT]


def of_title(title: str, *, rules: RuleSet, language: str = "") -> tuple[Force, ...]:
    """What a new document does by its title: it ends a suspension or ban."""
    ended = over("", title, gone="", rules=rules, language=language)
    return (Force("suspension", "", _cut(ended[1])),) if ended else ()


def said_in(force: Sequence[Force], text: str) -> tuple[Force, ...]:
    """Those of which the words stand in a text: one of several items has no force but its own."""
    return tuple(one for one in force if (one.after or one.before).rstrip("…") in text)


def _tells(block: Block | None, rules: RuleSet) -> bool:
    """Whether a passage, or a heading above it, speaks of data that leave or of what lets them."""
    text = fold("\n".join((*block.path, block.text))) if block else fold("")
    return moves_data(text, 0, len(text.text), rules)


def _moves_a_day(force: Force) -> bool:
    """What counts in supplementary provisions, where acts say from when they apply."""
    return force.kind == "date" and bool(force.before and force.after)


class _Reader(NamedTuple):
    """What a passage is read with."""

    rules: RuleSet
    language: str


def _of_edit(edit: Edit, old: Block | None, new: Block | None, reader: _Reader) -> Iterator[Force]:
    if edit.kind == "replace" and old and new:
        yield from _of_passage(old, new, edit.spans, reader)
        if old.link != new.link and old.key == new.key:
            yield Force("link", old.link, new.link, _path(new))
    elif edit.kind in ("insert", "new") and new and new.kind != "heading":
        yield from _of_whole("", new, reader)
    elif edit.kind == "delete" and old and old.kind != "heading":
        yield from (Force(one.kind, one.after, "", one.path) for one in _of_whole(old.text, old, reader))


def _of_whole(gone: str, block: Block, reader: _Reader) -> Iterator[Force]:
    """What a passage brings that came as a whole (or takes, if it is `gone`): a duty, an exemption, a ban."""
    found = [] if block.key else list(_duty(block.text, reader))
    if not gone and not block.key and (begun := _begun("", block, block.text, reader)):
        found.insert(0, ("ban", begun))
    if not found and (ended := _over(gone, "" if gone else block.text, gone, reader)):
        found.append(("suspension", ended[0] or ended[1]))
    yield from (Force(kind, "", said, _path(block)) for kind, said in found)


def _over(old: str, new: str, gone: str, reader: _Reader) -> tuple[str, str] | None:
    ended = over(old, new, gone=gone, rules=reader.rules, language=reader.language)
    return (_cut(ended[0]), _cut(ended[1])) if ended else None


def _begun(old: str, new: Block, came: str, reader: _Reader) -> str:
    """The sentence that says that transfers are stopped, where none did before; "" for none.

    What a numbered provision rules (who may ask for a stop, what is prohibited) is a duty, and no such news.
    """
    if new.label or label(new.text)[0]:
        return ""
    rules, language = reader.rules, reader.language
    said = stopped(fold(new.text), rules=rules, language=language, fresh=fold(came))
    return _cut(said.quote) if said and not stopped(fold(old), rules=rules, language=language) else ""


def _duty(said: str, reader: _Reader) -> Iterator[tuple[str, str]]:
    """The first sentence of a passage that binds or forbids; else the first that exempts."""
    text = fold(said)
    hits = reader.rules.cues("modality", reader.language).find(text)
    hit = next((hit for hit in hits if hit.term.kind in _BINDING), None)
    exempt = None if hit else _EXEMPTS.search(text.text)
    if hit or exempt:
        at = hit.start if hit else exempt.start() if exempt else 0
        low, high = next((low, high) for low, high in unbroken(text.text) if low <= at < high)
        yield "duty" if hit else "exemption", _cut(text.quote(low, high).strip())


def _cut(said: str) -> str:
    return said if len(said) <= _SHOWN else said[: _SHOWN - 1].rstrip() + "…"


def _path(block: Block) -> tuple[str, ...]:
    return (*block.path, block.label) if block.label and block.label not in block.path[-1:] else block.path


def _of_passage(old: Block, new: Block, spans: Sequence[Span], reader: _Reader) -> Iterator[Force]:
    path, gaps = _path(new), _together(old.text, new.text, beside_label(old, new, spans))
    found = [one for span in gaps for one in _of_stretch(old, new, span, reader)]
    gone = "\n".join(old.text[span[0] : span[1]] for span in gaps)
    if gone.strip() and not any(kind in ("modality", "duty") for kind, _, _ in found):
        found += [("suspension", *ended)] if (ended := _over(old.text, new.text, gone, reader)) else []
    came = "\n".join(new.text[span[2] : span[3]] for span in gaps)
    if came.strip() and (begun := _begun(old.text, new, came, reader)):
        found.append(("ban", "", begun))
    yield from (Force(kind, was, now, path) for kind, was, now in found)


def _of_stretch(old: Block, new: Block, span: Span, reader: _Reader) -> Iterator[tuple[str, str, str]]:
    low, high, new_low, new_high = span
    yield from differences(old, new, span, rules=reader.rules, language=reader.language)
    came = [] if old.text[low:high].strip() else list(_clause(new.text, new_low, new_high, reader))
    went = [] if new.text[new_low:new_high].strip() else list(_clause(old.text, low, high, reader))
    yield from ((kind, "", said) for kind, said in came)
    yield from ((kind, said, "") for kind, said in went)
    left, right = _widened(old.text, low, high), _widened(new.text, new_low, new_high)
    listed = all(_is_list(fold(text), reader.rules) for text in (old.text[low:high], new.text[new_low:new_high]))
    if listed and not came and not went:  # in a duty or an exemption of its own a place is not one of a list
        yield from (("country", was, now) for was, now in _places_between(fold(left), fold(right), reader.rules))


def _is_list(text: Folded, rules: RuleSet) -> bool:
    """Whether a stretch is a few words, or has places for its greater part: no sentence that names one by the way."""
    named = sum(hit.end - hit.start for hit in rules.places.find(text) if hit.term.kind == "place")
    few = len(text.text) <= _FEW_WIDE if any(map(is_ideographic, text.text)) else len(text.text.split()) <= _FEW
    return few or named * 3 >= len(text.text)


def _clause(text: str, low: int, high: int, reader: _Reader) -> Iterator[tuple[str, str]]:
    """The duty or exemption that whole sentences bring, or the exception that a part of one is."""
    if found := whole(text, low, high):
        yield from _duty(found, reader)
    elif _EXCEPTS.match(text[low:high].lstrip(_MARKS).lower()):
        yield "exemption", _cut(text[low:high].strip(_MARKS))


@lru_cache(maxsize=32)
def unbroken(text: str) -> tuple[tuple[int, int], ...]:
    """The sentences of a text, none of which ends between brackets (外国（…をいう。）に) or at "vgl. Rn. 45"."""
    found: list[tuple[int, int]] = []
    opened = 0
    for low, high in sentences(text):
        if found and (opened > 0 or _is_abbreviated(text, low)):
            found[-1] = found[-1][0], high
        else:
            found.append((low, high))
            opened = 0
        opened += sum(text.count(char, low, high) for char in "（(")
        opened -= sum(text.count(char, low, high) for char in "）)")
    return tuple(found)


def _is_abbreviated(text: str, at: int) -> bool:
    """Whether what ends here is a short word with a full stop, and what follows does not begin a sentence."""
    after = text[at : at + 2].strip()[:1]
    goes_on = after.isdigit() or after.islower() and not text.islower()
    return goes_on and bool(_SHORT.search(text[max(0, at - 6) : at]))


def whole(text: str, low: int, high: int) -> str:
    """The whole sentences that a stretch of a text is made of; "" when it is less than one, or a part of another."""
    while low < high and text[low].isspace():
        low += 1
    bounds = unbroken(text)
    first = bisect_right(bounds, low, key=itemgetter(1))  # the first that ends behind the beginning
    bounds = bounds[first : bisect_left(bounds, high, lo=first, key=itemgetter(0))]
    inside = [(a, b) for a, b in bounds if low <= a + _blank(text[a:b]) and b - 1 < high]
    cut = any(a + _blank(text[a:b]) < low < b or a < high < b and text[a:high].strip() for a, b in bounds)
    return text[inside[0][0] : inside[-1][1]].strip() if inside and not cut else ""


def _blank(text: str) -> int:
    return len(text) - len(text.lstrip())


def beside_label(old: Block, new: Block, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans that are more than a new number of the passage itself."""
    ends = _label_end(old), _label_end(new)
    return tuple(span for span in spans if span[1] > ends[0] or span[3] > ends[1])


def _label_end(block: Block) -> int:
    return len(block.label if block.label and block.text.startswith(block.label) else label(block.text)[0])


def _together(old: str, new: str, spans: Sequence[Span]) -> list[Span]:
    """Spans with only a space between are one ("30" and "working" of "20 working days"), and those of "ne … pas"."""
    joined: list[Span] = []
    for span in sorted(spans):
        last = joined[-1] if joined else None
        between = old[last[1] : span[0]] if last else ""
        beside = last and span[2] >= last[3] and len(between) <= 1 and span[2] - last[3] <= 1
        if last and (beside or _are_one_negation(new[last[2] : last[3]], between, new[span[2] : span[3]])):
            joined[-1] = (last[0], span[1], last[2], span[3])
        else:
            joined.append(span)
    return joined


def _are_one_negation(first: str, between: str, second: str) -> bool:
    """French puts its verb between the two words of one negation."""
    return first.strip() in ("ne", "n'", "n’") and second.strip() in _NE and len(between.split()) <= 1


def altered(old: str, new: str, span: tuple[int, int, int, int]) -> tuple[str, str]:
    """The words that an amendment took away and put there: whole words, where words are spaced; else a little more."""
    low, high, new_low, new_high = span
    while low and new_low and old[low - 1] == new[new_low - 1] and (_in_word(old, low) or _in_word(new, new_low)):
        low, new_low = low - 1, new_low - 1
    while high < len(old) and new_high < len(new) and old[high] == new[new_high]:
        if not (_in_word(old, high) or _in_word(new, new_high)):
            break
        high, new_high = high + 1, new_high + 1
    ahead = _beside(old[max(0, low - _AROUND) : low][::-1], old[low:high] + new[new_low:new_high])
    behind = _beside(old[high : high + _AROUND], old[low:high] + new[new_low:new_high])
    low, new_low = max(0, low - ahead), max(0, new_low - ahead)
    return old[low : high + behind].strip(), new[new_low : new_high + behind].strip()


def _beside(text: str, words: str) -> int:
    """How many characters beside altered ones of an unspaced script are shown with them: the word may be longer."""
    if not any(map(is_ideographic, words)) or len(words) > 2 * _WHOLE:
        return 0
    return next((i for i, char in enumerate(text) if not is_ideographic(char) or char in _BREAKS), len(text))


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
    start = max(0, low - _REACH)
    words = [(start + m.start(), start + m.end()) for m in re.finditer(r"\S+", text[start : high + _REACH])]
    touched = [i for i, (start, end) in enumerate(words) if start <= high and end >= low]
    if not touched:
        return text[low:high]
    first, last = max(0, touched[0] - 1), min(len(words) - 1, touched[-1] + 1)
    return text[words[first][0] : words[last][1]]


def _places_between(old: Folded, new: Folded, rules: RuleSet) -> Iterator[tuple[str, str]]:
    places = _places(old, rules), _places(new, rules)
    if places[0] != places[1]:
        gone, came = ([name for name in one if name not in other] for one, other in (places, places[::-1]))
        yield ", ".join(gone), ", ".join(came)


def _places(text: Folded, rules: RuleSet) -> list[str]:
    """The places named; letters before a number are none: (EU) 2016/679, GB 35273, AS 2007 4983."""
    hits = [hit for hit in rules.places.find(text) if hit.term.kind == "place"]
    named = [hit for hit in hits if hit.end - hit.start > _LETTERS or not _NUMBERED.match(text.text, hit.end)]
    return sorted({rules.names[hit.term.topic] for hit in named})
