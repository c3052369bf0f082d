"""Marks of who speaks that are no words: dates, citations, quotations; references, what only programs say. Pure."""

from __future__ import annotations

import re

from bot.sieve import Sieved

_YEAR = r"(?:1[89]|2[05])\d\d"
_DATE = Sieved(
    r"\d{2,4}\s?[年년]\s?\d{1,2}\s?[月월]|(?:令和|平成|昭和)\s?(?:\d+|元)\s?年"
    rf"|\b{_YEAR}-\d\d-\d\d\b|\b\d{{1,2}}[./]\d{{1,2}}[./]{_YEAR}\b|\b[^\W\d]{{3,9}}\s\d{{1,2}},\s{_YEAR}\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th|er|\.|º|ª)?\s(?:of\s|de\s|d')?[^\W\d]{{3,14}}\.?,?\s(?:de\s|del\s)?{_YEAR}\b"
)
# A time to the second, or in no place's time, is a machine's.
_CLOCK = re.compile(r"[\sT,]*\d\d?:\d\d(?::\d\d| ?(?:UTC|GMT|Z\b))")
_YEARS = re.compile(rf"(?<![\w©./#:-])(?<!©\s){_YEAR}(?![-.\dA-Za-z])")
_DAY = Sieved(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b"
    r"|\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lunes|martes|miércoles|jueves|viernes|sábado)\b"
    r"|\b\d{1,2}\.?º?(?:st|nd|rd|th|er)? (?:of |de )?(?:jan|feb|fév|mar|mär|apr|avr|abr|may|mai|jun|juin|jul|juil|aug"
    r"|août|ago|sep|set|oct|okt|out|nov|dec|déc|dez|dic|янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек|oca|şub|nis|haz"
    r"|tem|ağu|eyl|eki|kas|ara|sty|lut|kwi|maj|cze|lip|sie|wrz|paź|gru|gen|mag|giu|lug|ott)"
    r"[^\W\d]*|[月월]\s?\d{1,2}\s?[日일]", ignore_case=True,
)  # fmt: skip
# What is quoted is not said.
QUOTED = re.compile(r"“[^”\n]{2,60}”|„[^“”\n]{2,60}[“”]|«[^»\n]{2,60}»|「[^」\n]{1,30}」|『[^』\n]{1,30}』")
_CITED = Sieved(
    r"§\s?\d|\bart(?:\.|icles?|ikel|[ií]culo|igo|icolo|ykuł)?\s?\d|第\s?[\d〇一二三四五六七八九十百]+\s?[条條]|제\s?\d+\s?조"
    rf"|\b\d+/{_YEAR}\b|《[^》]+》|\bстать\w+ \d|\bст\. ?\d|\bmadde \d|\bđiều \d|\bpasal \d|المادة", ignore_case=True,
)  # fmt: skip
_REFERENCE = Sieved(
    r"\b\d{1,3}(?:\.\d{1,3}){3}\b|(?:\bid|\bref|code|c[oó]digo|\bk[oó]d|код|رقم|رمز|編號|编号|번호|番号|number|n[uú]mero"
    r"|nummer|numer|номер|numara|m[aã] s|nomor|αριθμ|κωδικ|מספר|incident|event|ticket|correlation|trace|support|serial)"
    r"[^\d\n]{0,18}?\b(?=[\w.-]*\d)\w+(?:[-.]\w+)*", ignore_case=True,
)  # fmt: skip
_QUESTION = re.compile(
    r"^(?:how |what |why |which |when |comment |que |pourquoi |wie |was |warum |cómo |qué |como |come |hoe |wat "
    r"|как |что |nasıl )(?!.*(?:here|this|happened))|\s\S+\s.*[?？؟]\s*$", re.I,
)  # fmt: skip
_HOST = re.compile(r"(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+$", re.I)
_PROGRAM = Sieved(
    r"mysqli?_|pdoexception|sqlstate|\bora-\d{4}|stack ?trace|traceback \(|fatal error|parse error|uncaught|/var/www"
    r"|/public_html|on line \d|nullpointer|system\.web|asp\.net|runtime error|customerrors|web\.config|apache tomcat"
    r"|nginx/|apache/\d|\bhttp (?:status )?[45]\d\d|exception(?: in|:| report)|upstream|back-?end|database connection"
    r"|bad gateway|connection refused|jdbc|servlet|varnish|guru meditation|\berr_[a-z]", ignore_case=True,
)  # fmt: skip


def names_day(piece: str) -> bool:
    """Whether a sentence names a day of a year, other than a machine that tells the time."""
    return any(not _CLOCK.match(piece, day.end()) for day in _DATE.finditer(piece))


def names_time(piece: str) -> bool:
    """Whether a sentence names a year, a day of a month, or a day of the week."""
    return bool(_YEARS.search(piece) or _DAY.search(piece))


def cites(piece: str) -> bool:
    """Whether a sentence names a section, an article, a number of a year, or a title in double angle marks."""
    return bool(_CITED.search(piece))


def refers(text: str) -> bool:
    """Whether a text gives a number of an incident, or a network address."""
    return bool(_REFERENCE.search(text))


def asks(heading: str) -> bool:
    """Whether a heading is a question that is answered below; "what happened here?" is a gatekeeper's."""
    return bool(_QUESTION.search(heading))


def is_host(heading: str) -> bool:
    """Whether a heading is the name of a host: of pages that stand for a site that is not there."""
    return bool(_HOST.match(heading))


def of_program(text: str) -> str:
    """What only a program says, "" for nothing."""
    found = _PROGRAM.search(text)
    return found[0] if found else ""
