"""Dates as lists print them, in the languages we read, as ISO dates. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

# Beginnings of month names, January first; longer beginnings only where two months would look the same.
_MONTHS = (
    "jan янв січ gen ene oca sty ιαν يناير كانون_الثاني ม.ค. มกราคม जनवरी janv janu tammi led sij",
    "feb фев лют fév fev şub lut φεβ فبراير شباط ก.พ. กุมภาพันธ์ फ़रवरी फरवरी febr helmi úno vel",
    "mar март бер mär mrt mart maa μαρ مارس آذار มี.ค. มีนาคม मार्च mär maalis břez ožu mars марта",
    "apr апр кві abr avr nis kwi απρ أبريل نيسان เม.ย. เมษายน अप्रैल huhti dub tra",
    "may май мая тра mai mag mei maj μαΐ μαϊ مايو أيار พ.ค. พฤษภาคม मई touko kvě svi mayıs máj maio mayo",
    "jun июн чер juin giu haz cze ιουν يونيو حزيران มิ.ย. มิถุนายน जून kesä červen lip juni junho junio",
    "jul июл лип juil lug tem lipc ιουλ يوليو تموز ก.ค. กรกฎาคม जुलाई heinä červenc srp juli julho julio",
    "aug авг сер aoû aou ago ağu sie αυγ أغسطس آب ส.ค. สิงหาคม अगस्त elo srpna kol agu",
    "sep сен вер set eyl wrz σεπ سبتمبر أيلول ก.ย. กันยายน सितंबर सितम्बर syys zář ruj sept",
    "oct окт жов okt out ott eki paź οκτ أكتوبر ต.ค. ตุลาคม अक्टूबर loka říj",
    "nov ноя лис kas lis νοε نوفمبر พ.ย. พฤศจิกายน नवंबर marras listop stu",
    "dec дек гру dez dic déc ara gru δεκ ديسمبر ธ.ค. ธันวาคม दिसंबर joulu pros",
)
_MONTH_OF = {word.replace("_", " "): at for at, words in enumerate(_MONTHS, 1) for word in words.split()}
_LONGEST = max(map(len, _MONTH_OF))
_NAME = r"[^\W\d_][^\W\d_]{2,12}\.?|[ก-๙]\.[ก-๙]\."
_SEP = r"\s?[-/.．]\s?"
_RE_NUMERIC = re.compile(
    rf"(?<!\d)(?P<y>(?:19|20|25)\d\d){_SEP}(?P<m>\d{{1,2}}){_SEP}(?P<d>\d{{1,2}})(?!\d)"
    rf"|(?<!\d)(?P<a>\d{{1,2}}){_SEP}(?P<b>\d{{1,2}}){_SEP}(?P<y2>(?:19|20|25)\d\d)(?!\d)"
    r"|(?<!\d)(?P<y3>(?:19|20)\d\d)\s?[年년]\s?(?P<m3>\d{1,2})\s?[月월]\s?(?P<d3>\d{1,2})\s?[日일]"
    r"|(?P<era>令和|平成|昭和|民國|民国)\s?(?P<y4>\d{1,3}|元)\s?年\s?(?P<m4>\d{1,2})\s?月\s?(?P<d4>\d{1,2})\s?日"
    rf"|(?<![\d.])(?P<y5>1[0-2]\d){_SEP}(?P<m5>[01]\d){_SEP}(?P<d5>[0-3]\d)(?!\d)"
    r"|(?P<y6>[一二][〇○零九一二三四五六七八]{3})年(?P<m6>[一二三四五六七八九十]{1,2})月(?P<d6>[一二三四五六七八九十]{1,3})日"
    r"|(?<!\d)(?P<y7>(?:19|20)\d\d)(?P<m7>0[1-9]|1[0-2])(?P<d7>0[1-9]|[12]\d|3[01])(?!\d)"
)
_RE_NAMED = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|er|\.|º|°|ª)?\s?(?:de |del |of )?"
    rf"(?P<m>{_NAME}),?\s(?:de |del |of )?(?P<y>(?:19|20|25)\d\d)"
    rf"|(?P<m2>{_NAME})\s(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y2>(?:19|20)\d\d)"
    rf"|(?P<y3>(?:19|20)\d\d)\.?\s(?P<m3>{_NAME})\s(?P<d3>\d{{1,2}})"
    r"|(?P<d4>\d{1,2}) tháng (?P<m4>\d{1,2}),? năm (?P<y4>\d{4})",
    re.IGNORECASE,
)
_RE_YEAR = re.compile(rf"(?:19|20|25)\d\d|年|năm \d|1[0-2]\d{_SEP}[01]\d")
_BEFORE_YEAR = 48  # characters: no date begins further before its year
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_HAN = {char: str(at) for at, char in enumerate("〇一二三四五六七八九")} | {"○": "0", "零": "0"}
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


def iso_date(text: str, *, order: str = "dmy") -> str:
    """The first date in a text as YYYY-MM-DD, "" if there is none. `order` settles 03/04/2026: "dmy" or "mdy".

    Reads month names in some thirty languages, 年月日 and 년월일, Japanese eras, years of the Republic of China and of
    the Buddhist era.
    """
    text = _from_year(text if text.isascii() else text.translate(_FULL_WIDTH))
    found = min(_dates(text, order), default=None) if text else None
    return found[1] if found else ""


def _from_year(text: str) -> str:
    """The text from shortly before its first year on, "" without a year: most of a title is no date, and costs most."""
    year = _RE_YEAR.search(text)
    if not year:
        return ""
    start = max(0, year.start() - _BEFORE_YEAR)
    while start and text[start - 1].isdigit():
        start -= 1
    return text[start:]


def remove_dates(text: str) -> tuple[str, int]:
    """The text without its dates, and how many they were."""
    text = text.translate(_FULL_WIDTH)
    text, numeric = _RE_NUMERIC.subn(lambda match: " " if _numeric(match, "dmy") else match[0], text)
    text, named = _RE_NAMED.subn(lambda match: " " if _named(match) else match[0], text)
    return text, numeric + named


def _dates(text: str, order: str) -> Iterator[tuple[int, str]]:
    end = len(text)
    for match in _RE_NUMERIC.finditer(text):
        iso = _numeric(match, order)
        if iso:
            yield match.start(), iso
            end = match.start() + 2 * _BEFORE_YEAR  # only an earlier one is of interest
            break
    for match in _RE_NAMED.finditer(text, 0, end):
        iso = _named(match)
        if iso:
            yield match.start(), iso
            break


def _numeric(match: re.Match[str], order: str) -> str:
    part = match.groupdict()
    if part["a"]:
        day, month = (part["b"], part["a"]) if order == "mdy" else (part["a"], part["b"])
        return _iso(part["y2"], month, day) or _iso(part["y2"], day, month)
    if part["era"]:
        year = 1 if part["y4"] == "元" else int(part["y4"])
        return _iso(year + _ERAS[part["era"]], part["m4"], part["d4"])
    if part["y5"]:
        return _iso(int(part["y5"]) + 1911, part["m5"], part["d5"])
    if part["y6"]:
        return _iso("".join(map(_HAN.__getitem__, part["y6"])), _han(part["m6"]), _han(part["d6"]))
    for tail in ("", "3", "7"):
        if part["y" + tail]:
            return _iso(part["y" + tail], part["m" + tail], part["d" + tail])
    return ""


def _named(match: re.Match[str]) -> str:
    part = match.groupdict()
    tail = next(tail for tail in ("", "2", "3", "4") if part["y" + tail])
    month = int(part["m4"]) if tail == "4" else _month(part["m" + tail])
    return _iso(part["y" + tail], month, part["d" + tail])


def _month(name: str) -> int:
    name = name.casefold()
    for size in range(min(len(name), _LONGEST), 2, -1):
        if name[:size] in _MONTH_OF:
            return _MONTH_OF[name[:size]]
    return 0


def _han(number: str) -> int:
    tens, found, ones = number.rpartition("十")
    if not found:
        return int(_HAN[number])
    return int(_HAN.get(tens, "1")) * 10 + (int(_HAN[ones]) if ones else 0)


def _iso(year: str | int, month: str | int, day: str | int) -> str:
    full = int(year) - 543 if int(year) >= 2500 else int(year)  # Thailand counts from 543 BC
    try:
        return date(full, int(month), int(day)).isoformat()
    except ValueError:
        return ""
