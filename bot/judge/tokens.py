"""Numbers, days and binding words in an altered stretch, each as it is printed and with its neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.judge.dates import find_dates, han_number
from bot.judge.folding import Folded, fold, is_ideographic
from bot.judge.rules import RuleSet
from bot.model import Block
from bot.text import label

Span = tuple[int, int, int, int]
"""Where an amendment stands: (before start, before end, after start, after end)."""

_REACH = 60  # characters read at either side of an altered stretch: longer than a date or a binding word
_FEW = 5  # words of a stretch in which one word simply takes the place of another
_SIGNS = 14  # the same in a script without spaces
_ENDS = re.compile(r"[。！？；!?;\n]|\.(?:\s|\Z)")
_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
_WORDS = {word: i for i, word in enumerate(_ONES)} | {word: 10 * i for i, word in enumerate(_TENS, 2)}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SPELLED = "|".join([*sorted(_WORDS, key=len, reverse=True), *_SCALES])
_SPANS = (  # stretches of time
    r"(?:day|week|month|year|hour)s?\b|(?:werk|arbeits|kalender)?tage?n?\b|wochen?\b|monate?n?\b|jahre?n?\b|stunden?\b"
    r"|jours?\b|semaines?\b|mois\b|ans?\b|heures?\b|d[ií]as?\b|mes(?:es)?\b|años?\b|anos?\b|horas?\b"
    r"|giorni\b|mesi\b|anni\b|dagen\b|weken\b|maanden\b|jaar\b|uur\b|dni\b|dagar\b|dní\b|дн(?:я|ей)\b|месяц\w*|лет\b"
    r"|год(?:а|ов)?\b|час(?:а|ов)?\b|iş günü\b|gün\b|ay\b|yıl\b|saat\b|ngày\b|tháng\b|năm\b|giờ\b|hari\b|bulan\b|"
    r"tahun\b"
    r"|jam\b|يوما?\b|أيام\b|أشهر\b|วัน|เดือน|ปี|工作日|日|天|小时|小時|時間|[週周]間?|[个個]?月|年|[일년]|개월|"
    r"시간|주일?"
)
_NUMBER = re.compile(
    rf"(?P<figure>\d{{1,3}}(?: \d{{3}})+(?!\d)|\d[\d.,]*\d|\d|\b(?:{_SPELLED})(?:(?:[ -]|\sand\s)(?:{_SPELLED}))*\b"
    r"|[一二三四五六七八九十百千]+(?=[万萬億亿年月日天人條条个個週周小時名件円圓元时]))"
    r"(?P<scale>\s?(?:hundred|thousand|million|billion|[万萬億亿만억])(?![a-z]))?"
    r"(?:\s?(?:(?:working|business|calendar|consecutive)\s|个工作|個工作)?"
    rf"(?P<unit>%|per ?cent\b|{_SPANS}|人|名|명|건|원|円|圓|euros?\b|eur\b|usd\b|dollars?\b|元))?"
)
_TIMES = re.compile(_SPANS)
_HAN = re.compile("[一二三四五六七八九十百]+")
_NEXT, _LAST = re.compile(r"\s*(\w+|\W)"), re.compile(r"(\w+|\W)\s*\Z")


class Token(NamedTuple):
    """A number, day or binding word; `value` is equal where two mean the same, `unit` where they can be compared."""

    kind: str  # number, date, negation, or a class of binding words
    said: str
    value: object
    unit: str
    start: int
    end: int
    ahead: str  # the word before
    behind: str  # the word after


class Side(NamedTuple):
    """One side of an altered stretch."""

    tokens: tuple[Token, ...]
    short: bool  # a few words within one sentence

    def of(self, kind: str) -> list[Token]:
        return [token for token in self.tokens if token.kind == kind]


def sides(old: Block, new: Block, span: Span, *, rules: RuleSet, language: str) -> tuple[Side, Side]:
    """What stands in an altered stretch before and after; a word that was altered in part is taken whole on both."""
    low, high, new_low, new_high = span
    left = _tokens(old, low, high, rules=rules, language=language)
    right = _tokens(new, new_low, new_high, rules=rules, language=language)
    met = [*((t, low, high) for t in left if _meets(t, low, high))]
    met += [(t, new_low, new_high) for t in right if _meets(t, new_low, new_high)]
    back = max((start - token.start for token, start, _ in met), default=0)
    on = max((token.end - end for token, _, end in met), default=0)
    back, on = max(0, back), max(0, on)
    return (
        _side(old.text, left, low - back, high + on, words=old.text[low:high]),
        _side(new.text, right, new_low - back, new_high + on, words=new.text[new_low:new_high]),
    )


def _meets(token: Token, low: int, high: int) -> bool:
    return token.start < high and token.end > low


def _side(text: str, tokens: Sequence[Token], low: int, high: int, *, words: str) -> Side:
    few = len(words) <= _SIGNS if any(map(is_ideographic, words)) else len(words.split()) <= _FEW
    return Side(tuple(t for t in tokens if _meets(t, low, high)), few and not _ENDS.search(words))


def _tokens(block: Block, low: int, high: int, *, rules: RuleSet, language: str) -> list[Token]:
    """Everything of these kinds in and around a stretch, in order; the passage's own number is none."""
    text = block.text
    named = len(block.label if block.label and text.startswith(block.label) else label(text)[0])
    begin = max(named, low - _REACH)
    part = fold(text[begin : max(begin, high + _REACH)])
    days = [_token("date", part, d.start, d.end, d.date.isoformat(), "") for d in find_dates(part, months=rules.months)]
    modals = rules.cues("modality", language).find(part)
    found = [_token(h.term.kind, part, h.start, h.end, h.term.kind, "") for h in modals]
    found = [t for t in (*found, *_numbers(part)) if not any(_meets(t, day.start, day.end) for day in days)] + days
    placed = (t._replace(start=t.start + begin, end=t.end + begin) for t in found)
    return sorted(placed, key=lambda token: (token.start, token.end))


def _token(kind: str, text: Folded, start: int, end: int, value: object, unit: str) -> Token:
    low, high = text.at(start), text.at(end)
    ahead, behind = _LAST.search(text.text[max(0, start - 40) : start]), _NEXT.match(text.text, end, end + 40)
    around = [_neighbour(match[1] if match else "", at) for match, at in ((ahead, -1), (behind, 0))]
    return Token(kind, text.original[low:high], value, unit, low, high, around[0], around[1])


def _neighbour(word: str, at: int) -> str:
    """The word itself; of a script without spaces its nearest character."""
    return word[at] if word and is_ideographic(word[at]) else word


def _numbers(text: Folded) -> Iterator[Token]:
    for match in _NUMBER.finditer(text.text):
        unit = match["unit"] or ""
        kind = "time" if _TIMES.fullmatch(unit) else "%" if unit.startswith("per") else unit.rstrip("s")
        end = max(match.end(name) for name in ("figure", "scale", "unit"))
        counted = match.end("scale") if match["scale"] else match.end("figure")
        value = _value(match["figure"], (match["scale"] or "").strip()), text.text[counted:end].strip()
        yield _token("number", text, match.start(), end, value, kind)


def _value(figure: str, scale: str) -> object:
    """The number, where it is written in figures, in Han signs or in English words; else as it is written."""
    words = re.split(r"[ -]", figure.replace(" and ", " "))
    if all(word in _WORDS or word in _SCALES for word in words):
        number = float(_spelled(words))
    elif re.fullmatch(r"\d+(?:[, ]\d{3})*(?:\.\d+)?", figure):
        number = float(re.sub("[, ]", "", figure))
    elif _HAN.fullmatch(figure):
        number = float(han_number(figure))
    else:
        return figure + scale
    return number * _SCALES.get(scale, 1) if not scale or scale in _SCALES else f"{number} {scale}"


def _spelled(words: Sequence[str]) -> int:
    total = part = 0
    for word in words:
        if word in _WORDS:
            part += _WORDS[word]
        elif word == "hundred":
            part = (part or 1) * 100
        else:
            total, part = total + (part or 1) * _SCALES[word], 0
    return total + part
