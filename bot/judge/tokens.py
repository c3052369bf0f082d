"""Numbers, days and binding words in an altered stretch, each as it is printed and with its neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from bot.judge.dates import find_dates, han_number
from bot.judge.folding import Folded, fold, is_ideographic
from bot.judge.rules import RuleSet
from bot.judge.spelled import spelled
from bot.model import Block
from bot.text import label

Span = tuple[int, int, int, int]
"""Where an amendment stands: (before start, before end, after start, after end)."""

_REACH = 60  # characters read at either side of an altered stretch: longer than a date or a binding word
_FEW = 5  # words of a stretch in which one word simply takes the place of another
_SIGNS = 14  # the same in a script without spaces
_ENDS = re.compile(r"[。！？；!?;\n]|\.(?:\s|\Z)")
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SPANS = (  # stretches of time
    r"(?:day|week|month|year|hour)s?\b|(?:werk|arbeits|kalender|geschäfts|bankarbeits)?tage?n?s?\b|wochen?\b"
    r"|monate?n?s?\b|jahre?n?s?\b|stunden?\b|jours?\b|semaines?\b|mois\b|années?\b|ans?\b|heures?\b|d[ií]as?\b"
    r"|m[eê]s(?:es)?\b|semanas?\b|años?\b|anos?\b|horas?\b|giorn[io]\b|settiman[ae]\b|mes[ei]\b|ann[io]\b|or[ae]\b"
    r"|(?:werk|kalender)?dag(?:en)?\b|we(?:ek|ken)\b|maand(?:en)?\b|jaar\b|jaren\b|uur\b|uren\b|dni(?:ach)?\b|dnia\b"
    r"|dzień\b|tygodni\w*|miesi[ąę]c\w*|lat[a]?\b|roku?\b|godzin\w*|(?:arbets|var|kalender)?dag(?:ar)?(?:na)?\b"
    r"|veck(?:a|or)\b|månad(?:er)?\b|år\b|timm(?:e|ar)\b|dní\b|дн(?:я|ей|і|ів)\b|день\b|сут(?:ок|ки)\b|недел\w+"
    r"|месяц\w*|лет\b|год(?:а|ов|у)?\b|час(?:а|ов)?\b|тижн\w+|місяц\w*|рок(?:и|у|ів)\b|годин\w*|iş günü\w*|günü?\b"
    r"|hafta\b|ay[ı]?\b|yıl[ı]?\b|saat\b|ngày\b|tuần\b|tháng\b|năm\b|giờ\b|hari\b|minggu\b|bulan\b|tahun\b|jam\b"
    r"|ي(?:وما?|وم[اً]*)\b|[أا]يام\b|[أا]شهر\b|شهور\b|شهرا?\b|[أا]سابيع\b|[أا]سبوعا?\b|سن(?:ة|وات)\b|ساع(?:ة|ات)\b"
    r"|ימי(?:ם| עבודה| עסקים)|שעות|שעה|שבועות|שבוע|חודשים|חודש|שנים|שנה"
    r"|(?:कार्य ?)?(?:दिवसों|दिवस|दिनों|दिन)|महीनों|महीने|माह|वर्षों|वर्ष|घंटों|घंटे|घण्टे|सप्ताह|วัน|เดือน|ปี|สัปดาห์|ชั่วโมง"
    r"|工作日|工作天|営業日|日|天|小时|小時|時間|[週周]間?|星期|[个個かヶカヵ箇]?月|年|(?:영업|근무)?일|개월|달|년|시간|주일?"
)
_ADJECTIVES = r"(?:working|business|calendar|consecutive|рабочих|календарных|робочих|календарних)\s|个工作|個工作"
_BEHIND = re.compile(  # what follows a number: its scale, and what it counts; "30 (thirty) days" repeats it in between
    r"(?P<scale>\s?(?:hundred|thousand|million|billion|[万萬億亿만억])(?![a-z]))?"
    rf"(?:(?P<again>\s?\((?:[^\W\d_][^()]{{1,30}}|\d{{1,4}})\))?\s?(?P<how>{_ADJECTIVES})?"
    rf"(?P<unit>%|per ?cent\b|{_SPANS}|人|名|명|건|원|円|圓|euros?\b|eur\b|usd\b|dollars?\b|元))?"
)
_HANS = "一二三四五六七八九十百千两兩"
_FIGURE = re.compile(
    r"\d{1,3}(?: \d{3})+(?!\d)|\d[\d.,]*\d|\d"
    rf"|(?<![{_HANS}])半(?=[年月日天])|[{_HANS}]+(?=[万萬億亿年月日天人條条个個かヶカヵ箇週周小時名件円圓元时工営星])"
)
_TIMES = re.compile(_SPANS)
_HAN = re.compile("[一二三四五六七八九十百两兩]+")
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


def figures(text: str, *, language: str, most: int) -> int:
    """How many numbers a text holds, in figures and in words; counted up to so many."""
    return sum(1 for _ in islice(_numbers(fold(text), language), most))


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
    found += _numbers(part, language)
    found = [t for t in found if not any(_meets(t, day.start, day.end) for day in days)] + days
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


def _numbers(text: Folded, language: str) -> Iterator[Token]:
    """Numbers in figures and in words, each with what it counts."""
    figures = [(match.start(), match.end(), None) for match in _FIGURE.finditer(text.text)]
    words = [one for one in spelled(text.text, language=language) if one.sure or has_unit(text.text, one.end)]
    yield from (_token("number", text, one.start, one.end, (float(one.value), ""), "time") for one in words if one.time)
    found = [*figures, *((one.start, one.end, float(one.value)) for one in words if not one.time)]
    end = 0
    for low, high, value in sorted(found, key=lambda one: one[:2]):
        if low >= end:
            token = _counted(text, low, high, _value(text.text[low:high]) if value is None else value)
            end = token.end
            yield token._replace(start=text.at(low), end=text.at(token.end))


def has_unit(text: str, end: int) -> bool:
    """Whether a unit stands behind a number that ends here: some words are numbers only so ("sei mesi", "on gün")."""
    behind = _BEHIND.match(text, end)
    return bool(behind and behind["unit"])


def _counted(text: Folded, low: int, high: int, value: float | str) -> Token:
    """A number with its scale and unit; its end still in the folded text."""
    behind = _BEHIND.match(text.text, high)
    assert behind is not None  # every part of it may be missing
    unit = behind["unit"] or ""
    kind = "time" if _TIMES.fullmatch(unit) else "%" if unit.startswith("per") else unit.rstrip("s")
    end = max(high, *(behind.end(name) for name in ("scale", "unit")))
    said = _scaled(value, (behind["scale"] or "").strip()), f"{behind['how'] or ''}{unit}".strip()
    return _token("number", text, low, end, said, kind)._replace(end=end)


def _value(figure: str) -> float | str:
    """The number, where it is written in figures or in Han signs; else as it is written."""
    if figure == "半":
        return 0.5
    if re.fullmatch(r"\d+(?:[, ]\d{3})*(?:\.\d+)?", figure):
        return float(re.sub("[, ]", "", figure))
    return float(han_number(re.sub("[两兩]", "二", figure))) if _HAN.fullmatch(figure) else figure


def _scaled(value: float | str, scale: str) -> object:
    if isinstance(value, str):
        return value + scale
    return value * _SCALES.get(scale, 1) if not scale or scale in _SCALES else f"{value} {scale}"
