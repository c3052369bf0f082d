"""Days as they are written: in calendars, numerals and orders of many languages, whole or in part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain
from typing import NamedTuple

from bot.judge.folding import Folded

# Eras count their first year as 1 (Japan: National Diet Library's table of eras; Taiwan: 1912 is 民國 1).
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "元": 1, "○": 0}
_HAN = "[0-9〇○零一二三四五六七八九十百元]"
_EASTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_RE_EASTERN = re.compile("[٠-٩۰-۹]")
_YEAR = re.compile(r"(?:19|20|25)[0-9]{2}|[年년]|'[0-9]{2}\\.")
_REACH = 40  # characters of a date at either side of its year

Span = tuple[int, int]

_HAN_DATE = re.compile(
    rf"(?:(令和|平成|昭和|民國|民国)\s?)?({_HAN}{{1,5}})\s?年\s?({_HAN}{{1,3}})\s?月\s?({_HAN}{{1,3}})\s?[日號号]"
)
_HANGUL_DATE = re.compile(r"(\d{4})\s?년\s?(\d{1,2})\s?월\s?(\d{1,2})\s?일")
_ISO_DATE = re.compile(r"\b(\d{4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,2})\b")
_POINT_DATE = re.compile(r"(?<![\d./-])(\d{1,2})([./-]) ?(\d{1,2})\2 ?(\d{4})\b(?![./-]\d)")
_SHORT_YEAR = re.compile(r"'(\d{2})\. ?(\d{1,2})\. ?(\d{1,2})\b")  # Korean press releases: '26. 3. 15.
_VIETNAMESE_DATE = re.compile(
    r"(?:ngày )?(\d{1,2}) tháng (\d{1,2}),? năm (\d{4})|(?:ngày )(\d{1,2})[/-](\d{1,2})[/-](\d{4})"
)
_DAY_FIRST = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|er|[oaª.º°])?(?: day)?(?: of| de| di)? ([^\W\d_]{2,12})\.?,?(?: de| del| of)? (\d{4})"
)
_HYPHENED = re.compile(r"\b(\d{1,2})-([^\W\d_]{3,10})\.?-(\d{4})")
_THAI_MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม",
    "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
_THAI_DATE = re.compile(rf"(\d{{1,2}})\s*({'|'.join(_THAI_MONTHS)})\s*(?:พ\.ศ\.\s*|ค\.ศ\.\s*)?(\d{{4}})")
_OTHER_NAMES = {
    "setiembre": 9, "nopember": 11, "pebruari": 2, "jänner": 1, "feber": 2, "شباط": 2, "آذار": 3, "نيسان": 4,
    "ene": 1, "gen": 1, "janv": 1, "jän": 1, "févr": 2, "fév": 2, "fev": 2, "mrz": 3, "abr": 4, "avr": 4, "mag": 5,
    "giu": 6, "juil": 7, "lug": 7, "ago": 8, "agt": 8, "set": 9, "out": 10, "ott": 10, "okt": 10, "dez": 12, "dic": 12,
    "déc": 12, "des": 12, "янв": 1, "фев": 2, "апр": 4, "авг": 8, "сент": 9, "окт": 10, "нояб": 11, "дек": 12,
    "أيار": 5, "حزيران": 6, "تموز": 7, "آب": 8, "أيلول": 9, "ابريل": 4, "اغسطس": 8,
}  # fmt: skip
_BUDDHIST = 543  # years that the Thai calendar is ahead
_MONTH_FIRST = re.compile(r"\b([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")


class Found(NamedTuple):
    """A date and where it stands in the folded text."""

    start: int
    end: int
    date: date
    edge: str = ""  # of a month or year: "limit" where its end is one, "start" where something begins with it


def find_dates(folded: Folded, *, months: Mapping[str, int], language: str = "") -> list[Found]:
    """Every complete date of a text, in order; a date without its year is none."""
    text = western(folded.text)
    spans = _around_years(text)
    found = [
        one
        for span in spans
        for one in (
            *_numbered(text, span, language),
            *_named(text, span, months),
            *(() if text.isascii() else (*_han(text, span), *_vietnamese(text, span), *_thai(text, span))),
        )
    ]
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: (f.start, -f.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def western(text: str) -> str:
    """The text with the digits of Arabic and Persian as ours, each in its place."""
    return text.translate(_EASTERN) if _RE_EASTERN.search(text) else text


def _around_years(text: str) -> list[Span]:
    """The stretches in which a date can stand: around each year, as most texts hold few."""
    spans: list[Span] = []
    for match in _YEAR.finditer(text):
        low, high = max(0, match.start() - _REACH), min(len(text), match.end() + _REACH)
        if spans and low <= spans[-1][1]:
            low = spans.pop()[0]
        spans.append((low, high))
    return spans


def _han(text: str, span: Span) -> Iterator[Found]:
    for match in _HAN_DATE.finditer(text, *span):
        era, year, month, day = match.groups()
        yield from _made(match, han_year(era, year), han_number(month), han_number(day))
    for match in _HANGUL_DATE.finditer(text, *span):
        yield from _made(match, *map(int, match.groups()))


def han_year(era: str | None, year: str) -> int:
    """令和8 -> 2026, 2026 -> 2026; a bare number of three digits counts from 1912 (Taiwan)."""
    number = han_number(year)
    return number + _ERAS.get(era or "", _ERAS["民國"] if 100 <= number < 200 else 0)


def _numbered(text: str, span: Span, language: str) -> Iterator[Found]:
    for match in _ISO_DATE.finditer(text, *span):
        yield from _made(match, int(match[1]), int(match[3]), int(match[4]))
    for match in _POINT_DATE.finditer(text, *span):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if first > 12 or match[2] == "." or language not in ("", "en"):  # 03/04/2025 in English may be either
            yield from _made(match, year, second, first)
    for match in _SHORT_YEAR.finditer(text, *span):
        yield from _made(match, 2000 + int(match[1]), int(match[2]), int(match[3]))


def _vietnamese(text: str, span: Span) -> Iterator[Found]:
    for match in _VIETNAMESE_DATE.finditer(text, *span):
        day, month, year = (int(group) for group in match.groups() if group)
        yield from _made(match, year, month, day)


def _named(text: str, span: Span, months: Mapping[str, int]) -> Iterator[Found]:
    for match in chain(_DAY_FIRST.finditer(text, *span), _HYPHENED.finditer(text, *span)):
        if number := month_number(match[2], months):
            yield from _made(match, int(match[3]), number, int(match[1]))
    for match in _MONTH_FIRST.finditer(text, *span):
        if number := month_number(match[1], months):
            yield from _made(match, int(match[3]), number, int(match[2]))


def _thai(text: str, span: Span) -> Iterator[Found]:
    for match in _THAI_DATE.finditer(text, *span):
        year = int(match[3])
        yield from _made(
            match, year - _BUDDHIST if year > 2400 else year, _THAI_MONTHS.index(match[2]) + 1, int(match[1])
        )


def month_number(word: str, months: Mapping[str, int]) -> int:
    """The number of a month's name, also of an English one cut to three or four letters."""
    if found := months.get(word) or _OTHER_NAMES.get(word):
        return found
    if len(word) not in (3, 4) or not word.isascii():
        return 0
    return next((n for name, n in months.items() if n and name.startswith(word[:3]) and name.isascii()), 0)


def _made(match: re.Match[str], year: int, month: int, day: int) -> Iterator[Found]:
    if 1900 <= year <= 2100:
        try:
            yield Found(match.start(), match.end(), date(year, month, day))
        except ValueError:
            return


def han_number(han: str) -> int:
    """一百一十三 -> 113, 二〇二四 -> 2024, 元 -> 1, 12 -> 12."""
    if han.isascii() and han.isdigit():
        return int(han)
    if not {"十", "百"} & set(han):
        return int("".join(str(_DIGITS.get(c, c)) for c in han))
    total = digit = 0
    for char in han:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS.get(char, 0) if not char.isascii() else int(char)
    return total + digit


