"""Dates that a text gives, in its own words, and what it says they are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from bot.judge.folding import Folded, fold, is_ideographic, sentences
from bot.judge.index import Hit
from bot.judge.relative import Formula, formulas
from bot.judge.rules import RuleSet
from bot.judge.undone import Moved, denied, moved, of_another, shifted_kind, supposed
from bot.model import DATE_KINDS, DatedQuote

# Eras count their first year as 1 (Japan: National Diet Library's table of eras; Taiwan: 1912 is 民國 1).
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "元": 1, "○": 0}
_HAN = "[0-9〇○零一二三四五六七八九十百元]"
_EASTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_RE_EASTERN = re.compile("[٠-٩۰-۹]")
_FAR, _FAR_HAN, _FAR_THAI = 70, 24, 40
_FAR_HAN_END = 45  # when the word ends its sentence
_QUOTE = 300
_DATES = 60  # dates of one text that are looked at
_TOUCHING = frozenset({"より", "まで", "까지", "以降"})

_BEFORE = frozenset({"前", "之前", "以前"})
_AT = ("于", "於", "在", "请", "請", "应", "應", "须", "須")
_THEN = (
    "反馈", "反饋", "提交", "完成", "报", "報", "送", "将", "將", "通过", "以", "向", "发", "發", "提出", "办理",
    "辦理", ",", "，", ")", "）", "。", ";", "；", "\n",
)  # fmt: skip
_TO = frozenset(
    {"至", "到", "-", "~", "〜", "から", "부터", "to", "until", "through", "bis", "au", "al", "a", "até", "до", "đến"}
)

_PREPOSITIONS = frozenset(
    {"by", "until", "before", "bis", "jusqu'au", "hasta", "até", "entro", "fino", "tot", "vóór", "до", "kadar",
     "hingga", "trước", "avant", "antes", "prima", "do", "senast", "före", "đến", "sampai", "قبل", "حتى", "前", "止",
     "bis zum", "tot en met", "avant le", "по", "не пізніше", "vanaf", "từ ngày", "kể từ ngày", "ab dem", "à partir du",
     "mulai tanggal", "itibaren", "met ingang van"}
)  # fmt: skip
_BEHIND = frozenset({"kadar", "itibaren"})
_ENDING = frozenset(
    {"ends on", "endet am", "se termine le", "finaliza el", "vence", "termina em", "encerra", "termina il", "まで",
     "까지", "kadar", "berakhir", "sona er", "au plus tard", "uiterlijk", "at the latest", "no later than",
     "spätestens", "a más tardar", "не позднее", "paling lambat", "fino al", "termina", "hasta el", "concluye el",
     "se cierra el", "cierra el"}
)  # fmt: skip
_OPENS = re.compile(
    r"(?:^|[,;:(\n]) ?(?:from|as (?:of|from)|starting(?: on| from)?|beginning(?: on)?|effective|with effect from"
    r"|ab(?: dem)?|mit wirkung (?:zum|vom)|à (?:partir|compter) du|a partir de(?:l)?|desde (?:el)?|dal(?:l')?"
    r"|a decorrere dal|vanaf|met ingang van|с|со|з|od(?: dnia)?|från(?: och med)?(?: den)?|(?:kể )?từ(?: ngày)?"
    r"|(?:ter)?mulai(?: tanggal)?|per|اعتبارا من|ابتداء من) ?(?:the )?$"
)
_BINDS = re.compile(
    r"\b(?:must|shall|may|will|is|are|appl|requir|need|prohibit|gilt|gelten|muss|müssen|dürfen|darf|doi|devr|est |sont "
    r"|peu|s'appliqu|deb|requier|exig|será|podrá|aplic|dev|pod|fica|richied|si applic|è |sono |può|moet|mag|geld"
    r"|verplicht|запре|обяз|действ|вводит|применя|долж|может|нельзя|phải|được|không|wajib|harus|dilarang|berlaku"
    r"|obowiąz|musi|wymag|ska |måste|gäller|يجب|يحظر|يلتزم|забор|має|діє)"
)
# "… are no longer permitted as of 1 June": the same at the end of a clause that bars something.
_AS_OF = re.compile(
    r"(?<!collected )(?<!received )(?<!obtained )(?<!recorded )(?<!dated )(?<!generated )\b(?:from|as (?:of|from)"
    r"|starting(?: on| from)?|with effect from|effective|ab(?: dem)?|mit wirkung (?:zum|vom)|à (?:partir|compter) du"
    r"|dès le|a partir del?|desde el|dal(?:l')?|a decorrere dal|a partire dal|vanaf|met ingang van|per|с|з|od(?: dnia)?"
    r"|från(?: och med)?(?: den)?|(?:kể )?từ(?: ngày)?|(?:ter)?mulai(?: tanggal)?|sejak|اعتبارا من|ابتداء من)"
    r" ?(?:the )?$"
)
_BARS = re.compile(
    r"\b(?:shall not|must not|may not|cannot|no longer|not (?:be )?(?:permitted|allowed)|prohibited|banned|forbidden"
    r"|suspended|unlawful|darf nicht|dürfen nicht|nicht mehr|verboten|untersagt|unzulässig|ausgesetzt"
    r"|ne p(?:eut|euvent|ourr)|ne doi|interdit|suspendu"
    r"|no podr|no puede|prohib|suspend|non pu|non poss|viet|sospes|não pod|proib|vedad"
    r"|suspens|mag niet|mogen niet|niet meer|verboden|opgeschort|nie mo|zakaz|zabron|zawiesz|får inte|förbj|запре"
    r"|не допуска|нельзя|не вправе|приостан|забор|không được|cấm|tạm dừng|đình chỉ|dilarang|tidak boleh|ditangguhkan)"
    r"|لا يجوز|يحظر|يمنع|تعليق"
)
_CLOSES = re.compile(r" ?(?:[.,;:)\n]|$|unless|except|to|by|in|nach|untersagt|verboten|nicht)")
_UNSPACED_FROM = re.compile(
    r"起[，,]?[^。；;]{0,40}?(?:不得|禁止|暂停|暫停|停止|中止|应当|應當|必须|必須)"
    r"|(?:から|より|以降)[^。]{0,60}?(?:禁止|停止|なければならない|できない|てはならない)"
    r"|부터[^.]{0,60}?(?:금지|중지|중단|하여야|해야|할 수 없|아니 ?된다|안 ?된다)"
)
_BEARING = 8  # a word of commencement speaks of the day after it: "the rule of 1 May took effect on 1 June"
_ONLY_AHEAD = frozenset({"in force", "in effect"})  # a state as well as a beginning: its day follows at once
_WEEKDAY = re.compile(r"\([月火水木金土日월화수목금토일·祝]{1,3}\)")
_REPORTED = re.compile("宣布|表示|会见|批准|会议|透露|指出|介绍|宣佈|举行|召开")
_ON_THAT_DAY = re.compile("(?:同日|当日|當日|即日).{0,30}?(?:生效|施行|实施|實施)")
_SAME_DAY = re.compile("同日|当日|當日|即日|之日起")
_YEAR = re.compile(r"(?:19|20|25)[0-9]{2}|[年년]")
_REACH = 40  # characters of a date at either side of its year

Span = tuple[int, int]

_HAN_DATE = re.compile(
    rf"(?:(令和|平成|昭和|民國|民国)\s?)?({_HAN}{{1,5}})\s?年\s?({_HAN}{{1,3}})\s?月\s?({_HAN}{{1,3}})\s?[日號号]"
)
_HANGUL_DATE = re.compile(r"(\d{4})\s?년\s?(\d{1,2})\s?월\s?(\d{1,2})\s?일")
_ISO_DATE = re.compile(r"\b(\d{4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,2})\b")
_POINT_DATE = re.compile(r"(?<![\d.])(\d{1,2})([./])(\d{1,2})\2(\d{4})\b(?!\.\d)")
_VIETNAMESE_DATE = re.compile(
    r"(?:ngày )?(\d{1,2}) tháng (\d{1,2}),? năm (\d{4})|(?:ngày )(\d{1,2})[/-](\d{1,2})[/-](\d{4})"
)
_DAY_FIRST = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|er|[oaª.º°])?(?: day)?(?: of| de| di)? ([^\W\d_]{3,12})\.?,?(?: de| del| of)? (\d{4})"
)
_THAI_MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม",
    "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
_THAI_DATE = re.compile(rf"(\d{{1,2}})\s*({'|'.join(_THAI_MONTHS)})\s*(?:พ\.ศ\.\s*|ค\.ศ\.\s*)?(\d{{4}})")
_BUDDHIST = 543  # years that the Thai calendar is ahead
_MONTH_FIRST = re.compile(r"\b([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")


class Found(NamedTuple):
    """A date and where it stands in the folded text."""

    start: int
    end: int
    date: date


def find_dates(folded: Folded, *, months: Mapping[str, int], language: str = "") -> list[Found]:
    """Every complete date of a text, in order; a date without its year is none."""
    text = folded.text.translate(_EASTERN) if _RE_EASTERN.search(folded.text) else folded.text
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
        number = han_number(year) + _ERAS.get(era or "", 0)
        yield from _made(match, number, han_number(month), han_number(day))
    for match in _HANGUL_DATE.finditer(text, *span):
        yield from _made(match, *map(int, match.groups()))


def _numbered(text: str, span: Span, language: str) -> Iterator[Found]:
    for match in _ISO_DATE.finditer(text, *span):
        yield from _made(match, int(match[1]), int(match[3]), int(match[4]))
    for match in _POINT_DATE.finditer(text, *span):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if first > 12 or match[2] == "." or language not in ("", "en"):  # 03/04/2025 in English may be either
            yield from _made(match, year, second, first)


def _vietnamese(text: str, span: Span) -> Iterator[Found]:
    for match in _VIETNAMESE_DATE.finditer(text, *span):
        day, month, year = (int(group) for group in match.groups() if group)
        yield from _made(match, year, month, day)


def _named(text: str, span: Span, months: Mapping[str, int]) -> Iterator[Found]:
    for match in _DAY_FIRST.finditer(text, *span):
        if number := _month(match[2], months):
            yield from _made(match, int(match[3]), number, int(match[1]))
    for match in _MONTH_FIRST.finditer(text, *span):
        if number := _month(match[1], months):
            yield from _made(match, int(match[3]), number, int(match[2]))


def _thai(text: str, span: Span) -> Iterator[Found]:
    for match in _THAI_DATE.finditer(text, *span):
        year = int(match[3])
        yield from _made(
            match, year - _BUDDHIST if year > 2400 else year, _THAI_MONTHS.index(match[2]) + 1, int(match[1])
        )


def _month(word: str, months: Mapping[str, int]) -> int:
    """The number of a month's name, also of an English one cut to three or four letters."""
    if word in months:
        return months[word]
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


def dated_quotes(text: str, *, rules: RuleSet, language: str = "", limit: int = 12) -> tuple[DatedQuote, ...]:
    """The dates that the text says something about (in force, deadline, …), each with its sentence."""
    folded = fold(text)
    dates = find_dates(folded, months=rules.months, language=language)
    if not dates:
        return ()
    cues, bounds = rules.cues("dates", language), sentences(folded.text)
    starts = [low for low, _ in bounds]
    counted = formulas(folded)
    quotes: dict[tuple[str, date], DatedQuote] = {}
    for at, group in groupby(dates[:_DATES], key=lambda found: bisect_right(starts, found.start) - 1):
        together = tuple(group)
        low, high = bounds[at][0], max(bounds[at][1], together[-1].end)
        spoken = _outermost(cues.find_all(folded, low, high))
        later = any(low <= one.start < high and one.unit != "same day" for one in counted)
        turned = moved(folded, low, high, [(one.start, one.end) for one in together])
        for found, begins in _periods(together, folded.text):
            own = [cue for cue in spoken if _nearest(cue, together) in (found, begins)]
            if later:  # the day that the sentence names is not the one on which it takes effect
                own = [cue for cue in own if cue.term.kind != "effective"]
            kind = _kind(found, begins, own, folded) or _from_then_on(found, begins, folded, low, high)
            if kind := _upheld(found, kind, spoken, turned, folded, (low, high)):
                quote = DatedQuote(kind, found.date, _shortened(folded, low, high, found))
                quotes.setdefault((kind, found.date), quote)
    _add_counted(quotes, counted, folded, bounds)
    return tuple(quotes.values())[:limit]


def _add_counted(
    quotes: dict[tuple[str, date], DatedQuote], counted: Sequence[Formula], folded: Folded, bounds: Sequence[Span]
) -> None:
    """Days counted from publication, where the text gives one day of publication and no day of effect."""
    published = {day for kind, day in quotes if kind == "published"}
    if len(published) != 1 or any(kind == "effective" for kind, _ in quotes):
        return
    for one in counted[:1]:
        low, high = next((low, high) for low, high in bounds if low <= one.start < high)
        day = one.after(published.copy().pop())
        quotes["effective", day] = DatedQuote("effective", day, folded.quote(low, high).strip()[: 2 * _QUOTE])


def _upheld(found: Found, kind: str, cues: Sequence[Hit], turned: Moved, folded: Folded, sentence: Span) -> str:
    """The kind of a day that its sentence neither denies nor supposes, nor moves to another day."""
    (low, high), at = sentence, (found.start, found.end)
    if found.start in turned.gone or supposed(folded, low, at):
        return ""
    if found.start in turned.new:
        return shifted_kind([cue.term.kind for cue in cues if not _says_little(cue)], default=turned.kind) or kind
    if refused := denied(folded, low, high, at):
        return "effective" if refused == "until" else ""
    return "" if kind == "effective" and of_another(folded, low, high, at) else kind


def _from_then_on(found: Found, begins: Found | None, folded: Folded, low: int, high: int) -> str:
    """ "From 1 July, companies must …": a clause that opens with the day from which it binds."""
    if not folded.text[low : found.start].strip() and _ON_THAT_DAY.search(folded.text, found.end, high):
        return "effective"
    ahead, behind = folded.text[max(low, found.start - 30) : found.start], folded.text[found.end : high]
    if begins:
        return ""
    if _OPENS.search(ahead) and _BINDS.search(behind):
        return "effective"
    if _AS_OF.search(ahead) and _BARS.search(folded.text, low, found.start) and _CLOSES.match(behind):
        return "effective"
    return "effective" if _UNSPACED_FROM.match(behind) else ""


def _periods(dates: Sequence[Found], text: str) -> list[tuple[Found, Found | None]]:
    """Each date with the one from which it runs ("from A to B"); the beginning of a period ends nothing."""
    paired: list[tuple[Found, Found | None]] = []
    for found in dates:
        between = _WEEKDAY.sub("", text[paired[-1][0].end : found.start]).strip() if paired else ""
        begins = paired[-1][0] if paired and between in _TO else None
        if begins:
            paired.pop()
        paired.append((found, begins))
    return paired


def _outermost(hits: Sequence[Hit]) -> list[Hit]:
    """The hits that stand in no longer one: "hết hiệu lực" (expires) holds "hiệu lực" (in force)."""
    return [
        hit
        for hit in hits
        if not any(o.start <= hit.start and hit.end <= o.end and o.end - o.start > hit.end - hit.start for o in hits)
    ]


def _nearest(cue: Hit, dates: Sequence[Found]) -> Found:
    """A cue speaks of the date it stands nearest to."""
    return min(dates, key=lambda other: (_gap(cue, other) + _turned_back(cue, other), other.start))


def _turned_back(cue: Hit, found: Found) -> int:
    """A handicap for a day that stands before words of commencement, in scripts with spaces."""
    spaced = not is_ideographic(cue.term.words[0])
    return _BEARING if spaced and cue.term.kind == "effective" and found.end <= cue.start else 0


def _shortened(folded: Folded, low: int, high: int, found: Found) -> str:
    start, end = max(low, found.start - _QUOTE // 2), min(high, found.end + _QUOTE // 2)
    return folded.whole(start, end, low=low, high=high)


def _kind(found: Found, begins: Found | None, cues: list[Hit], folded: Folded) -> str:
    """What the nearest cue says; of equally near ones the weightier kind. A period is named before its first date."""
    near = [cue for cue in cues if _reaches(cue, found, folded) or begins and _reaches(cue, begins, folded)]
    return min(near, key=lambda cue: _remoteness(cue, found)).term.kind if near else ""


def _remoteness(cue: Hit, found: Found) -> tuple[int, int]:
    """By distance; "by" and "until" stand back behind what they are said of, that it was published behind all."""
    behind = 60 if cue.term.kind == "published" else 40 if _says_little(cue) else 0
    return _gap(cue, found) + behind, DATE_KINDS.index(cue.term.kind)


def _is_preposition(cue: Hit) -> bool:
    return cue.term.words.lower() in _PREPOSITIONS


def _says_little(cue: Hit) -> bool:
    return _is_preposition(cue) or cue.term.words in _ENDING


def _gap(cue: Hit, found: Found) -> int:
    return max(found.start - cue.end, cue.start - found.end, 0)


def _reaches(cue: Hit, found: Found, folded: Folded) -> bool:
    """Short words speak of the date they touch, longer ones of any date of their clause."""
    gap = _gap(cue, found)
    between = folded.text[min(cue.end, found.end) : max(cue.start, found.start)]
    if "\u0e00" <= cue.term.words[0] <= "\u0e7f":
        return gap <= _FAR_THAI
    if is_ideographic(cue.term.words[0]):
        return _reaches_unspaced(cue, found, between, folded)
    if _is_preposition(cue):
        after = cue.end <= found.start or cue.term.words in _BEHIND
        return after and gap <= 14 and not any(c.isdigit() for c in between)
    if cue.term.words in _ONLY_AHEAD:
        return cue.end <= found.start and gap <= _BEARING
    return gap <= _FAR


def _reaches_unspaced(cue: Hit, found: Found, between: str, folded: Folded) -> bool:
    """In Chinese, Japanese and Korean the word follows its date; before it only as a heading ("生效日期：")."""
    if cue.end <= found.start:
        return len(between) <= 5 and len(cue.term.words) > 1
    if cue.term.words in _BEFORE:
        return len(between) <= 1 and _sets_a_limit(cue, found, folded.text)
    if len(cue.term.words) <= 1 or cue.term.words in _TOUCHING:
        return len(between) <= 2
    if between[:1] in ",，" and _REPORTED.search(between) and not _SAME_DAY.search(between):
        return False  # on that day it was said
    ends = cue.end >= len(folded.text) or folded.text[cue.end] in "。；;.\n" or folded.text[cue.end :].startswith("的")
    return len(between) <= (_FAR_HAN_END if ends else _FAR_HAN) and (ends or not set(between) & set("，,、"))


def _sets_a_limit(cue: Hit, found: Found, text: str) -> bool:
    """Whether "before this day" is a limit (于…前提交) and not a time of the past (…前收集的数据)."""
    return (
        text[max(0, found.start - 2) : found.start].endswith(_AT)
        or text.startswith(_THEN, cue.end)
        or cue.end >= len(text)
    )
