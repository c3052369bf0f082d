"""The numbers that Word writes before paragraphs and keeps out of their text (ECMA-376 part 1 §17.9). Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any, NamedTuple

from bot.extract.docx_styles import Style
from bot.extract.wordml import child, children, number, value

_RE_PLACE = re.compile(r"%([1-9])")
_HAN = "〇一二三四五六七八九"
_HAN_UNITS = ("", "十", "百", "千")
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
          (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
_SERIES = {
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸", "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
    "ganada": "가나다라마바사아자차카타파하", "chosung": "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ",
    "aiueo": "アイウエオカキクケコサシスセソタチツテト", "iroha": "イロハニホヘトチリヌルヲワカヨタレソ",
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", "russianLower": "абвгдежзиклмнопрстуфхцчшщэюя",
    "russianUpper": "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ", "arabicAlpha": "أبتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "thaiLetters": "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ", "hebrew1": "אבגדהוזחטי",
}  # fmt: skip
_DIGITS = {"thaiNumbers": "๐๑๒๓๔๕๖๗๘๙", "hindiNumbers": "०१२३४५६७८९", "decimalFullWidth": "０１２３４５６７８９"}
_BY_HAN = re.compile("chinese|japanese|taiwanese|ideographDigital|korean(?:Digital2|Counting)")


class Level(NamedTuple):
    """How one level of a list is numbered."""

    form: str
    text: str
    start: int


class Numbers:
    """The counters of all lists of a document."""

    def __init__(self, root: Any) -> None:
        abstract = {value(one, "abstractNumId"): _levels(one) for one in children(root, "abstractNum")}
        self._kind: dict[str, str] = {}  # by list: whose counters it shares
        self._levels: dict[str, dict[int, Level]] = {}
        for one in children(root, "num"):
            kind = value(child(one, "abstractNumId"))
            name = value(one, "numId")
            overridden = _overridden(one, abstract.get(kind, {}))
            restarted = any(child(over, "startOverride") is not None for over in children(one, "lvlOverride"))
            self._kind[name] = f"{kind}/{name}" if restarted else kind
            self._levels[name] = overridden
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)

    def next(self, style: Style) -> tuple[str, bool]:
        """The number of the next paragraph with this style ("" for none), and whether it is a bullet instead."""
        levels = self._levels.get(style.list_id)
        if not levels or style.level not in levels:
            return "", False
        level = levels[style.level]
        if level.form == "bullet":
            return "", True
        counts = self._counts[self._kind[style.list_id]]
        for deeper in [one for one in counts if one > style.level]:
            del counts[deeper]
        counts[style.level] = counts.get(style.level, level.start - 1) + 1
        return _RE_PLACE.sub(lambda place: self._said(int(place[1]) - 1, levels, counts), level.text).strip(), False

    def _said(self, at: int, levels: dict[int, Level], counts: dict[int, int]) -> str:
        level = levels.get(at)
        return in_words(counts.get(at, level.start), level.form) if level else ""


def _levels(abstract: Any) -> dict[int, Level]:
    return {number(one, "ilvl"): _level(one) for one in children(abstract, "lvl")}


def _level(element: Any) -> Level:
    form = value(child(element, "numFmt")) or "decimal"
    return Level(form, value(child(element, "lvlText")), number(child(element, "start"), default=1))


def _overridden(element: Any, levels: dict[int, Level]) -> dict[int, Level]:
    made = dict(levels)
    for over in children(element, "lvlOverride"):
        at, whole = number(over, "ilvl"), child(over, "lvl")
        if whole is not None:
            made[at] = _level(whole)
        start = child(over, "startOverride")
        if start is not None and at in made:
            made[at] = made[at]._replace(start=number(start, default=1))
    return made


def in_words(count: int, form: str) -> str:
    """A count as its form writes it (ECMA-376 part 1 §17.18.59, ST_NumberFormat); unknown forms are decimal."""
    if form == "none":
        return ""
    if form in ("lowerLetter", "upperLetter") and count > 0:
        letters = chr(97 + (count - 1) % 26) * min((count - 1) // 26 + 1, 5)
        return letters if form == "lowerLetter" else letters.upper()
    if form in ("lowerRoman", "upperRoman") and 0 < count < 5000:
        return _roman(count).lower() if form == "lowerRoman" else _roman(count)
    if form in _SERIES and 0 < count <= len(_SERIES[form]):
        return _SERIES[form][count - 1]
    if form in _DIGITS:
        return str(count).translate({48 + at: digit for at, digit in enumerate(_DIGITS[form])})
    if _BY_HAN.match(form) and 0 < count < 10_000:
        return _han(count)
    return f"{count:02d}" if form == "decimalZero" else str(count)


def _roman(count: int) -> str:
    said = ""
    for worth, letters in _ROMAN:
        said += letters * (count // worth)
        count %= worth
    return said


def _han(count: int) -> str:
    """11 is 十一, 20 二十, 105 一百零五."""
    said, zero = "", False
    for place in range(3, -1, -1):
        digit = count // 10**place % 10
        if digit:
            said += ("零" if zero else "") + ("" if digit == 1 and place == 1 and not said else _HAN[digit])
            said += _HAN_UNITS[place]
        zero = not digit and bool(said)
    return said
