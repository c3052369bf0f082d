"""Days that a text gives in part: a day without its year, a month at its beginning or end, the end of a year."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain

from bot.judge.days import Found, find_dates, han_number, han_year, month_number, western
from bot.judge.folding import Folded

UNKNOWN = date.min
"""Stands for a day that a text names and that cannot be known."""

_NEAR = timedelta(days=150)  # from publication to a day without its year; of a later one the year would be said
_ANCHOR = 200  # characters before a day without its year in which the year is said
_EDGE = 45  # characters before a month in which its edge is named
_HAN = "[0-9〇○零一二三四五六七八九十百元]"
_ERA = "(?:(令和|平成|昭和|民國|民国) ?)?"

_BARE_HAN = re.compile(
    r"(?<![0-9年])(?:(同年|当年|當年|次年|翌年|今年|本年|明年|来年|來年) ?)?([0-9]{1,2}"
    r"|[一二三四五六七八九十]{1,3}) ?月 ?"
    r"([0-9]{1,2}|[一二三四五六七八九十]{1,3}) ?[日號号]"
)
_BARE_HANGUL = re.compile(r"(?<![0-9년])(?:(같은 해|올해|내년|이듬해) ?)?([0-9]{1,2})월 ?([0-9]{1,2})일")
_NUMBER = re.compile(r"(?<![\w.,/§-])[0-9]{1,2}(?![0-9])(?![.,:/%-][0-9])")
_MONTH_AHEAD = re.compile(
    r"(?:st|nd|rd|th|er|[oaª.º°])?(?: day)?(?: of| de| di)? ([^\W\d_]{3,12})\b(?!\.?,?(?: de| del| of)? [0-9]{4})"
)
_MONTH_BEHIND = re.compile(r"\b([a-z]{3,9})\.? $")
_NO_YEAR = re.compile(r"(?:st|nd|rd|th)?\b(?!,? [0-9]{4})")
_AS_A_NAME = frozenset({"may", "march", "mars", "august", "mart", "mei", "maj", "mai", "mayo", "jan", "dec"})
_NUMBERED = re.compile(r"(?:article|artikel|art\.?|section|regulation|rule|chapter|part|annex|no\.?|nº|n°|nr\.?|§) ?$")
_NEXT = frozenset({"次年", "翌年", "明年", "来年", "來年", "내년", "이듬해"})
_RELATIVE = frozenset({"今年", "本年", "明年", "来年", "來年", "올해", "내년"})  # to the day on which it is said

_MONTH_HAN = re.compile(rf"{_ERA}({_HAN}{{1,5}}) ?年 ?({_HAN}{{1,3}}) ?月(?! ?{_HAN}{{1,3}} ?[日號号])")
_MONTH_HANGUL = re.compile(r"(\d{4})년 ?(\d{1,2})월(?! ?\d{1,2} ?일)")
_MONTH_VIETNAMESE = re.compile(r"(?<!\d )tháng (\d{1,2})(?:/| năm |-)(\d{4})")
_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b(?![./-][0-9])")
_MONTH_NAMED = re.compile(r"(?<![0-9.°º] )\b([^\W\d_]{3,12})(?: de| del| of)? $")
_YEAR_HAN = re.compile(rf"{_ERA}({_HAN}{{1,5}}) ?年 ?(?=[底末])")
_YEAR_HANGUL = re.compile(r"(\d{4})년(?= ?말)")

_END = (
    r"(?:the end of(?: the year)?|end[- ]of|end|ende(?: des (?:jahres|monats))?|(?:la )?fin(?: du mois"
    r"| de l'année)?(?: de| d')?|fin(?:es|ales)? de(?:l (?:mes|año))?(?: de)?|final de|(?:final|fim) d[eo](?: (?:mês"
    r"|ano)(?: de)?)?|(?:la )?fine(?: del mese| dell'anno)?(?: di| del)?|(?:het )?eind(?:e)?(?: van)?(?: het jaar)?"
    r"|akhir(?: bulan| tahun)?|конца|cuối(?: năm| tháng)?|hết(?: năm| tháng)?|końca|slutet av|نهاية(?: شهر| عام)?)"
)
_LIMIT = (
    r"(?:by|until|till|before|through|no later than|at the latest by|bis(?: zum| spätestens)?|spätestens(?: bis)?"
    r"|d'ici(?: à| au)?|jusqu'(?:à|en|au)|avant|au plus tard (?:à|en)|hasta|antes del?|a más tardar (?:a|en)|até(?: o"
    r"| ao)?|entro(?: la)?|fino alla?|tot(?: en met)?|uiterlijk|voor|hingga|sampai(?: dengan)?|paling lambat|до"
    r"|не позднее|đến|trước|chậm nhất|do|senast|قبل|حتى|(?:deadline|frist|délai|date limite|plazo|prazo|scadenza"
    r"|termine|срок|hạn)(?: is| ist|:)?)"
)
_THROUGH = (  # up to a month and with it
    r"(?:until|till|through|bis|bis einschließlich|jusqu'en|hasta|até(?: o mês de)?|entro(?: il mese di)?|fino ad?|t/m"
    r"|tot en met|hingga|sampai(?: dengan)?|đến hết)"
)
_FROM = (
    r"(?:from|as (?:of|from)|since|starting(?: in| from)?|beginning(?: in)?|with effect from|effective|ab(?: dem)?"
    r"|mit wirkung ab|seit|à (?:partir|compter) (?:de |d')|dès|depuis|a partir de|desde|da|dal|a (?:decorrere"
    r"|partire) da|vanaf|met ingang van|sinds|с|со|od|från(?: och med)?|(?:kể )?từ|(?:ter)?mulai(?: bulan)?|sejak"
    r"|اعتبارا من|ابتداء من)"
)
_IN_LIMIT_END = re.compile(rf"\b{_LIMIT} {_END} ?$")
_IN_THROUGH = re.compile(rf"\b{_THROUGH} ?$")
_PERIOD = re.compile(  # what runs from a month or a day
    r"(?:\d|\b(?:jan|ene|gen|fe[bv]|fév|mar|mär|apr|abr|avr|ma[iy]|mag|jun|giu|jui|jul|lug|aug|ago|aoû|set|sep|o[ck]t"
    r"|ott|out|nov|d[ei][czk]|déc|янв|фев|мар|апр|ма[яй]|июн|июл|авг|сен|окт|ноя|дек)[^\W\d]*) ?$"
)
_IN_FROM = re.compile(rf"\b{_FROM} ?$")
_END_BEHIND = re.compile(
    r" ?(?:[底末](?:日)?(?:之前|以前|前|止|まで|截止)|말(?:일)?\s?까지|(?:sonu|ayı sonu)n?a kadar)"
)
_END_OF_LIMIT = re.compile(r"(?:截止|截至|至|期限|締切|まで|기한)[^。\d]{0,6}$")
_END_NAMED_BEHIND = re.compile(r" ?(?:月?[底末]|말)")
_THROUGH_BEHIND = re.compile(r" ?(?:中?まで|까지)")
_FROM_BEHIND = re.compile(r" ?(?:起|から|より|以降|부터|'?(?:dan|den|tan|ten) itibaren|ayından itibaren)")
_SAID_ON = re.compile(
    r"(?:^|\n) ?(?:date|data|fecha|tanggal|日期|日付) ?[:：] ?$|(?:发布日期|發布日期|发布时间|發布時間|公布日期"
    r"|公佈日期|成文日期|掲載日|公表日|更新日|게시일|등록일|작성일|배포일|보도일|보도일자|published(?: on)?"
    r"|posted(?: on)?|veröffentlicht(?: am)?|publié le|mis en ligne le|publicado(?: em| el)?|fecha de publicación"
    r"|data (?:di pubblicazione|de publicação)|pubblicato il|gepubliceerd(?: op)?|ngày (?:đăng|ban hành)|опубликовано"
    r"|дата публикации|yayım(?:lanma)? tarihi|تاريخ النشر) ?[:：]? ?$"
)

_OPEN, _DASH = re.compile(r"[(\[]"), re.compile(r" ?[-—]")
_SHUT = re.compile(r"\.? ?(?:배포|게시|보도|공개|発表|公開|掲載|讯|发布|發布)?[)\]]")
_PLACE = re.compile(r"(?:[^\W\d_]+[ .]?){1,3}, ?(?:le |den |el |il )?")


def find_days(
    folded: Folded, *, months: Mapping[str, int], language: str = "", published: date | None = None
) -> list[Found]:
    """Every day of a text, whole or in part, in order; UNKNOWN where its year or its day is not said.

    A day without its year takes that of the last whole date before it, or the one nearest to publication. A month is
    its first day behind "from", its last one behind "by the end of" or "until".
    """
    text = western(folded.text)
    whole = find_dates(folded, months=months, language=language)
    said = published or _said_on(text, whole)
    edges = [one for one in _months_and_years(text, months) if not _taken(one, whole)]
    bare = [one for one in _bare(folded, text, months, said, whole) if not _taken(one, (*whole, *edges))]
    return sorted((*whole, *edges, *bare))


def _taken(one: Found, others: Sequence[Found]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)


def _said_on(text: str, whole: Sequence[Found]) -> date | None:
    """The day on which a text says it was published, by a heading of its own."""
    days = {one.date for one in whole if _SAID_ON.search(text, max(0, one.start - 20), one.start) or _stamps(one, text)}
    return days.pop() if len(days) == 1 else None


def _stamps(day: Found, text: str) -> bool:
    """Whether a day stands alone in brackets, or behind a place at the beginning of a line ("Bern, 14.08.2024 -")."""
    line = text.rfind("\n", 0, day.start) + 1
    alone = bool(_OPEN.match(text[day.start - 1 : day.start]) and _SHUT.match(text, day.end))
    return alone or bool(_PLACE.fullmatch(text, line, day.start) and _DASH.match(text, day.end))


# ------------------------------------------------------------------------------------------- without a year


def _bare(
    folded: Folded, text: str, months: Mapping[str, int], said: date | None, whole: Sequence[Found]
) -> Iterator[Found]:
    if not whole and not said:
        return
    for start, end, word, month, day in chain(_bare_unspaced(text), _bare_named(folded, text, months)):
        before = [one for one in whole if start - _ANCHOR <= one.end <= start]
        anchor = before[-1].date if before else None
        yield Found(start, end, _completed(month, day, word=word, anchor=anchor, said=said))


def _bare_unspaced(text: str) -> Iterator[tuple[int, int, str, int, int]]:
    pattern = _BARE_HAN if "月" in text else _BARE_HANGUL if "월" in text else None
    for match in pattern.finditer(text) if pattern else ():
        yield match.start(), match.end(), match[1] or "", han_number(match[2]), han_number(match[3])


def _bare_named(folded: Folded, text: str, months: Mapping[str, int]) -> Iterator[tuple[int, int, str, int, int]]:
    for match in _NUMBER.finditer(text):
        low, high = match.span()
        ahead = _MONTH_AHEAD.match(text, high)
        behind = None if ahead else _MONTH_BEHIND.search(text, max(0, low - 12), low)
        month = ahead or (behind if _NO_YEAR.match(text, high) else None)
        if not month or _NUMBERED.search(text, max(0, low - 12), low):
            continue
        if number := _named(folded, text, month.span(1), months):
            yield min(low, month.start()), max(high, month.end()), "", number, int(match[0])


def _named(folded: Folded, text: str, name: tuple[int, int], months: Mapping[str, int]) -> int:
    """The month that a word names; a small "may" or "march" is none."""
    word = text[slice(*name)]
    number = month_number(word, months) if len(word) > 3 or word in months else 0
    return 0 if word in _AS_A_NAME and text.isascii() and not folded.quote(*name)[:1].isupper() else number


def _completed(month: int, day: int, *, word: str, anchor: date | None, said: date | None) -> date:
    """The day with its year: as its own word says, after the last whole date, or near the day of publication."""
    start = said if word in _RELATIVE else anchor
    if word and start:
        return _made(start.year + (word in _NEXT), month, day)
    if word:
        return UNKNOWN
    if anchor and anchor != said:
        found = _made(anchor.year, month, day)
        return found if found >= anchor else UNKNOWN
    if not said:
        return UNKNOWN
    nearest = min((_made(said.year + step, month, day) for step in (-1, 0, 1)), key=lambda one: abs(one - said))
    return nearest if abs(nearest - said) <= _NEAR else UNKNOWN


def _made(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        return UNKNOWN


# ------------------------------------------------------------------------------------------- months and years


def _months_and_years(text: str, months: Mapping[str, int]) -> Iterator[Found]:
    """Months, and the ends of years that are named as limits; a year alone is no day."""
    for match in _YEAR.finditer(text):
        start, end = match.span()
        name = _MONTH_NAMED.search(text, max(0, start - 20), start)
        if name and (number := months.get(name[1])):
            yield from _edge(text, (name.start(), end), int(match[0]), number)
        elif _IN_LIMIT_END.search(text, max(0, start - _EDGE), start):
            yield Found(start, end, date(int(match[0]), 12, 31), "limit")
    if "年" in text:
        yield from _in_han(text)
    if "년" in text:
        yield from _in_hangul(text)
    if "tháng" in text:
        for match in _MONTH_VIETNAMESE.finditer(text):
            yield from _edge(text, match.span(), int(match[2]), int(match[1]))


def _in_han(text: str) -> Iterator[Found]:
    for match in _MONTH_HAN.finditer(text):
        yield from _edge(text, match.span(), han_year(match[1], match[2]), han_number(match[3]))
    for match in _YEAR_HAN.finditer(text):
        yield from _last_day(text, match.span(), han_year(match[1], match[2]))


def _in_hangul(text: str) -> Iterator[Found]:
    for match in _MONTH_HANGUL.finditer(text):
        yield from _edge(text, match.span(), int(match[1]), int(match[2]))
    for match in _YEAR_HANGUL.finditer(text):
        yield from _last_day(text, match.span(), int(match[1]))


def _last_day(text: str, span: tuple[int, int], year: int) -> Iterator[Found]:
    if 1900 <= year <= 2100 and _at_its_end(text, max(0, span[0] - _EDGE), *span):
        yield Found(*span, date(year, 12, 31), "limit")


def _edge(text: str, span: tuple[int, int], year: int, month: int) -> Iterator[Found]:
    """A month at the edge that the words beside it name; UNKNOWN where they name none."""
    if not (1900 <= year <= 2100 and 1 <= month <= 12):
        return
    start, end = span
    last = date(year, month, monthrange(year, month)[1])
    low = max(0, start - _EDGE)
    through = _IN_THROUGH.search(text, low, start)
    if through and _PERIOD.search(text, low, through.start()):  # "April through June 2020" is a time, no limit
        yield Found(start, end, UNKNOWN)
    elif _at_its_end(text, low, start, end) or through or _THROUGH_BEHIND.match(text, end):
        yield Found(start, end, last, "limit")
    elif _IN_FROM.search(text, low, start) or _FROM_BEHIND.match(text, end):
        yield Found(start, end, last.replace(day=1), "start")
    else:
        yield Found(start, end, UNKNOWN)


def _at_its_end(text: str, low: int, start: int, end: int) -> bool:
    """Whether a month or year is named as a limit that lies at its end."""
    if _IN_LIMIT_END.search(text, low, start) or _END_BEHIND.match(text, end):
        return True
    return bool(_END_NAMED_BEHIND.match(text, end) and _END_OF_LIMIT.search(text, low, start))

