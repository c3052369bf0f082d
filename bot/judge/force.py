"""What gained or lost force in an amended passage: binding words, negations, numbers, dates, places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.judge.folding import Folded, fold, is_ideographic, sentences
from bot.judge.rules import RuleSet
from bot.judge.tokens import Side, Span, Token, sides
from bot.model import Block, Edit, Force
from bot.text import label

_LIMIT = 8
_EDITS = 400  # edits of one Change that are looked at
_DUTIES = 3  # new or removed duties that are named
_AROUND = 2  # characters shown at either side of altered ones in a script without spaces
_WHOLE = 6  # characters of one side from which on nothing is added
_BREAKS = frozenset("。、，；：（）「」《》〈〉")
_EXEMPTS = re.compile(
    r"\b(?:exempt|does not apply|do not apply|shall not apply|is excluded|are excluded|ausgenommen|befreit|gilt nicht"
    r"|gelten nicht|exonér|dispens|ne s'appliqu|exent|exim|no se aplica|esent|esonerat|non si applica|isent"
    r"|não se aplica|vrijgesteld|uitgezonderd|zwoln|nie stosuje się|undantag|освобожд|не распространя|не применя"
    r"|muaf|uygulanmaz|miễn|không áp dụng|dikecualikan|tidak berlaku bagi)|(?:ي?عفى|معف|يستثنى|لا يسري)"
    r"|免除|免予|豁免|不适用|不適用|无需|無需|適用しない|適用除外|면제|적용하지 아니|적용되지|ยกเว้น"
)
_SHOWN = 200  # characters of a duty
_BINDING = frozenset({"duty", "prohibition"})
_OTHER = frozenset({"negation", "number", "date"})
_ORDER = ("modality", "negation", "number", "date", "country", "exemption", "duty", "link")


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
        new = after[edit.after]
        yield from (Force(kind, "", said, _path(new)) for kind, said in _duty(new, rules, language))
    elif edit.kind == "delete" and before[edit.before].kind != "heading":
        old = before[edit.before]
        yield from (Force(kind, said, "", _path(old)) for kind, said in _duty(old, rules, language))


def _duty(block: Block, rules: RuleSet, language: str) -> Iterator[tuple[str, str]]:
    """The first sentence of a passage that binds or forbids; else the first that exempts."""
    text = fold(block.text)
    hit = next((hit for hit in rules.cues("modality", language).find(text) if hit.term.kind in _BINDING), None)
    exempt = None if hit else _EXEMPTS.search(text.text)
    if hit or exempt:
        at = hit.start if hit else exempt.start() if exempt else 0
        low, high = next((low, high) for low, high in sentences(text.text) if low <= at < high)
        said = text.quote(low, high).strip()
        yield "duty" if hit else "exemption", said if len(said) <= _SHOWN else said[: _SHOWN - 1].rstrip() + "…"


def _path(block: Block) -> tuple[str, ...]:
    return (*block.path, block.label) if block.label and block.label not in block.path[-1:] else block.path


def _of_passage(old: Block, new: Block, spans: Sequence[Span], rules: RuleSet, language: str) -> Iterator[Force]:
    path, gaps = _path(new), _together(old.text, beside_label(old, new, spans))
    for span in gaps:
        left, right = _widened(old.text, span[0], span[1]), _widened(new.text, span[2], span[3])
        for kind, was, now in _differences(*sides(old, new, span, rules=rules, language=language), rules=rules):
            yield Force(kind, was, now, path)
        for was, now in _places_between(fold(left), fold(right), rules):
            yield Force("country", was, now, path)


def beside_label(old: Block, new: Block, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans that are more than a new number of the passage itself."""
    ends = _label_end(old), _label_end(new)
    return tuple(span for span in spans if span[1] > ends[0] or span[3] > ends[1])


def _label_end(block: Block) -> int:
    return len(block.label if block.label and block.text.startswith(block.label) else label(block.text)[0])


def _together(old: str, spans: Sequence[Span]) -> list[Span]:
    """Spans with only a space between them are one: "30" and "working" of "20 working days"."""
    joined: list[Span] = []
    for span in sorted(spans):
        last = joined[-1] if joined else None
        if last and span[2] >= last[3] and len(old[last[1] : span[0]]) <= 1 and span[2] - last[3] <= 1:
            joined[-1] = (last[0], span[1], last[2], span[3])
        else:
            joined.append(span)
    return joined


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
    words = [m.span() for m in re.finditer(r"\S+", text)]
    touched = [i for i, (start, end) in enumerate(words) if start <= high and end >= low]
    if not touched:
        return text[low:high]
    first, last = max(0, touched[0] - 1), min(len(words) - 1, touched[-1] + 1)
    return text[words[first][0] : words[last][1]]


def _differences(left: Side, right: Side, *, rules: RuleSet) -> Iterator[tuple[str, str, str]]:
    """What was and what is, in the printed words; numbers and binding words only where one took the other's place."""
    short = left.short and right.short
    modals = [[t for t in side.tokens if t.kind not in _OTHER] for side in (left, right)]
    found = [("modality", was, now) for was, now in _paired(*modals, short=short, alone=short)]
    if not found and [t.kind for t in modals[0]] == [t.kind for t in modals[1]]:
        negated = [side.of("negation") for side in (left, right)]
        found += [("negation", was, now) for was, now in _paired(*negated, short=short, alone=short)]
    yield from found
    days = [dict.fromkeys(str(t.value) for t in side.of("date")) for side in (left, right)]
    if list(days[0]) != list(days[1]):
        yield "date", ", ".join(days[0]), ", ".join(days[1])
    yield from (("number", was, now) for was, now in _paired(left.of("number"), right.of("number"), short=short))


def _paired(
    left: Sequence[Token], right: Sequence[Token], *, short: bool, alone: bool = False
) -> Iterator[tuple[str, str]]:
    """Words that differ at the same place; of one side only where nothing but they came or went."""
    if alone and bool(left) != bool(right) and len(left) + len(right) == 1:
        yield (left[0].said, "") if left else ("", right[0].said)
    elif len(left) == len(right):
        for was, now in zip(left, right, strict=True):
            alike = was.value == now.value
            if not alike and was.unit == now.unit and (short or was.ahead == now.ahead or was.behind == now.behind):
                yield was.said, now.said


def _places_between(old: Folded, new: Folded, rules: RuleSet) -> Iterator[tuple[str, str]]:
    places = _places(old, rules), _places(new, rules)
    if places[0] != places[1]:
        gone, came = ([name for name in one if name not in other] for one, other in (places, places[::-1]))
        yield ", ".join(gone), ", ".join(came)


def _places(text: Folded, rules: RuleSet) -> list[str]:
    return sorted({rules.names[h.term.topic] for h in rules.places.find(text) if h.term.kind == "place"})
