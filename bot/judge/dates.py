"""Dates that a text gives, in its own words, and what it says they are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import groupby

from bot.judge import occasions
from bot.judge.days import Found, find_dates, han_number
from bot.judge.folding import Folded, fold, is_ideographic, sentences
from bot.judge.index import Hit
from bot.judge.openings import binds_from, said_around
from bot.judge.partial import UNKNOWN, find_days
from bot.judge.relative import Formula, Limit, formulas, limits
from bot.judge.rules import RuleSet
from bot.judge.undone import Moved, denied, extended, moved, of_another, shifted_kind, supposed
from bot.model import DATE_KINDS, DatedQuote

__all__ = ["dated_quotes", "dates_of", "find_dates", "han_number"]

Span = tuple[int, int]

_FAR, _FAR_HAN, _FAR_THAI = 70, 24, 40
_FAR_HAN_END = 45  # when the word ends its sentence
_QUOTE = 300
_DATES = 60  # dates of one text that are looked at
_TOUCHING = frozenset({"より", "まで", "까지", "以降", "以後"})

_BEFORE = frozenset({"前", "之前", "以前"})
_AT = ("于", "於", "在", "请", "請", "应", "應", "须", "須")
_THEN = (
    "反馈", "反饋", "提交", "完成", "报", "報", "送", "将", "將", "通过", "以", "向", "发", "發", "提出", "办理",
    "辦理", ",", "，", ")", "）", "。", ";", "；", "\n",
)  # fmt: skip
_TO = frozenset(
    {"至", "到", "-", "—", "――", "~", "〜", "から", "부터", "to", "until", "through", "bis", "au", "al", "a", "até",
     "до", "đến", "―", "đến hết", "hết", "sampai dengan", "sampai", "tot en met", "bis einschließlich", "jusqu'au",
     "hasta el", "fino al", "bis zum", "até ao", "tot", "hingga", "по"}
)
_AND = frozenset({"and", "und", "et", "y", "e", "en", "и", "và", "dan", "ve", "och", "i"})
_UNTIL = re.compile("(?:至|到|迄)(?:今年|本年|同年)?$")
_BETWEEN = re.compile(
    r"\b(?:between|zwischen|entre|tra|fra|tussen|между|giữa|antara|mellan|między)(?: the| dem| le| el| o| il| l'"
    r"| ngày)? ?$"
)

_PREPOSITIONS = frozenset(
    {"by", "until", "before", "bis", "jusqu'au", "hasta", "hasta el", "até", "até o dia", "entro", "entro il", "fino",
     "tot", "vóór", "до", "kadar", "hingga", "trước", "trước ngày", "avant", "antes", "antes de", "antes del", "prima",
     "do", "senast", "före", "đến", "đến ngày", "đến hết", "sampai", "sampai dengan", "قبل", "حتى", "لغاية", "إلى غاية",
     "حتى تاريخ", "حتى يوم", "前", "止", "bis zum", "bis spätestens", "bis einschließlich", "tot en met",
     "tot uiterlijk",
     "avant le", "d'ici au", "d'ici le", "по", "не пізніше", "до конца", "non oltre", "entro e non oltre", "fino alle",
     "vanaf", "từ ngày", "kể từ ngày", "ab dem", "à partir du", "a partire dal", "mulai tanggal", "itibaren",
     "itibarıyla", "itibariyle",
     "met ingang van", "dès le"}
)  # fmt: skip
_BEHIND = frozenset({"kadar", "itibaren", "itibarıyla", "itibariyle"})
_ENDING = frozenset(
    {"ends", "ends on", "ended on", "is due", "are due", "due on", "close on", "closed on", "endet", "endet am",
     "läuft bis", "se termine le", "se terminera le", "prend fin le", "prendra fin le", "s'achève le", "s'achèvera le",
     "échéance", "délai", "finaliza", "finaliza el", "finalizará el", "vence", "vencerá", "termina el", "terminará el",
     "concluirá el", "como máximo", "termina em", "terminará em", "encerra", "encerra-se", "vence em", "termina il",
     "terminerà il", "si conclude il", "eindigt op", "loopt tot", "まで", "までに", "期限", "까지", "이내", "kadar",
     "süresi",
     "berakhir", "sona er", "au plus tard", "uiterlijk", "at the latest", "no later than", "spätestens", "a más tardar",
     "не позднее", "не позже", "включительно", "завершится", "завершается", "paling lambat", "fino al", "termina",
     "concluye el", "se cierra el", "cierra el", "届满", "屆滿", "以前", "之前", "截止", "为止", "為止", "chậm nhất",
     "muộn nhất",
     "لا يتجاوز"}
)  # fmt: skip
_BEARING = 8  # a word of commencement speaks of the day after it: "the rule of 1 May took effect on 1 June"
_ADJECTIVES = frozenset({"effective", "efectiv", "efektif", "vigencia", "vigência"})  # of more than rules
_AFTER = re.compile(
    r"\b(?:after|following|nach|après|tras|después de|após|depois de|dopo|na|sau|setelah|после|بعد)(?: (?:the|a|an|its"
    r"|einer|der|une"
    r"|la|le|el|un|o|um|il|de|een|masa|periode|período|periodo|période))*(?: [^\W\d]+)? $"
)
_SIGNED = re.compile(
    r"\b(?:signed|concluded|adopted|passed|ratified|initialled|initialed|signé\w*|conclu\w*|adopté\w*|unterzeichnet\w*"
    r"|firmad[oa]s?"
    r"|suscrit[oa]s?"
    r"|aprobad[oa]s?|sancionad[oa]s?|assinad[oa]s?|aprovad[oa]s?|firmat[oaie]|sottoscritt[oaie]|adottat[oaie]"
    r"|ondertekend|getekend"
    r"|aangenomen|vastgesteld|ký|thông qua|disahkan|diundangkan|ditandatangani|подписан\w*|принят\w*|imzalanan"
    r"|kabul edilen)"
    r"(?: by \w+)?(?: (?:on|le|el|il|em|am|op|pada|tanggal|ngày))* ?$"
)
_SAME_DATE = re.compile(
    r"same d(?:ay|ate)|that d(?:ay|ate)|même jour|mismo día|stesso giorno|mesm[oa] d(?:ia|ata)|selben tag|gleichen tag"
    r"|dezelfde dag|hari yang sama|tanggal diundangkan|тот же день|aynı gün|cùng ngày"
)
_AS_OF = re.compile(r"\b(?:as of|wirkung vom|a partir del?|antes del?|desde) $")
_OF_AN_ACT = re.compile(r"\b(?:vom|of|du|del|dell'|van|от|[^\W\d_]*\d[./\d]*,? de) $")  # whose own day it is
_DATE_OF = re.compile(" dates?\\b")
_HOUR = re.compile(
    r"\(?(?:by |um |à |a las |às |alle |om |pukul |в |saat )?\b\d{1,2}(?:[:.h]\d{2})?(?: ?(?:h|hrs?|hours|uhr|heures"
    r"|horas"
    r"|uur|wib|giờ|ч|a\.?m\.?|p\.?m\.?|cet|cest|gmt|bst|est|edt|et)\b\.?)*\)?"
    r"|\b(?:close of business|midnight|mitternacht|minuit|medianoche|mezzanotte|middernacht|noon)\b"
)
_NO_LIMIT = re.compile(r"\d|\b[b-df-nq-x]\b|\b[^\W\d_]\.")  # between a preposition and its day: "a bis c G v. 6.5."
_SENTENCE_END = re.compile(r"(?:[ぁ-ん]{1,6}|[가-힣]{1,5})?(?:[。；;.\n]|$)|的")
_HAN_HOUR = re.compile("(?:午前|午後|上午|下午|오전|오후)? ?[0-9]{1,2}(?:時|时|点|點|시|:00|:59)(?:[0-9]{1,2}[分분])?")
_COMPOUND = re.compile(
    r"[令细細条條办辦方意计計指主机機官委局董情状狀效過过期]|规则|規則|规定|規定|령|규칙|세칙|계획|방안|대상|범위|除外"
    r"|範囲|対象|条件"
)
# Such words stand before their day.
_DUE = frozenset({"due on", "is due", "are due", "ends", "close on", "close at", "closed on", "ended on"})
_ONLY_AHEAD = frozenset({"in force", "in effect"})  # a state as well as a beginning: its day follows at once
_WEEKDAY = re.compile(r"\([月火水木金土日월화수목금토일·祝]{1,3}\)")
_REPORTED = re.compile("通过|通過|三讀|签署|簽署|审议|審議|宣布|表示|会见|批准|会议|透露|指出|介绍|宣佈|举行|召开")
_SAME_DAY = re.compile("同日|当日|當日|即日|之日起")
def dates_of(
    title: str, text: str, *, rules: RuleSet, language: str = "", published: date | None = None
) -> tuple[DatedQuote, ...]:
    """The dates that a title and its text give, in their order; `published` gives days without a year theirs."""
    return (
        *dated_quotes(title, rules=rules, language=language, published=published),
        *dated_quotes(text, rules=rules, language=language, published=published, about=title),
    )


def dated_quotes(
    text: str,
    *,
    rules: RuleSet,
    language: str = "",
    limit: int = 12,
    published: date | None = None,
    about: str = "",
) -> tuple[DatedQuote, ...]:
    """The dates that the text says something about (in force, deadline, …), each with its sentence.

    `published` is the day on which it was, where that is known from elsewhere; `about` is the title above the text.
    """
    folded = fold(text)
    days = find_days(folded, months=rules.months, language=language, published=published)
    if not days:
        return ()
    cues, bounds = rules.cues("dates", language), sentences(folded.text)
    starts = [low for low, _ in bounds]
    counted = formulas(folded)
    quotes: dict[tuple[str, date], DatedQuote] = {}
    for at, group in groupby(days[:_DATES], key=lambda found: bisect_right(starts, found.start) - 1):
        together = tuple(group)
        low, high = bounds[at][0], max(bounds[at][1], together[-1].end)
        spoken = [
            cue
            for cue in _outermost(cues.find_all(folded, low, high))
            if not _is_part(cue, folded.text) and not _is_over(cue, folded.text)
        ]
        later = [one for one in counted if low <= one.start < high and one.unit != "same day"]
        turned = moved(folded, low, high, [(one.start, one.end) for one in together])
        for found, begins in _periods(together, folded.text):
            own = [cue for cue in spoken if _nearest(cue, together, folded.text) in (found, begins)]
            if later and not _spelled_out(found, later):  # another day than the one on which it takes effect
                own = [cue for cue in own if cue.term.kind != "effective"]
            kind = _refined(found, begins, own, spoken, folded, (low, high), fold(about).text)
            kind = _upheld(found, kind, spoken, turned, folded, (low, high))
            if kind and found.date != UNKNOWN:
                quote = DatedQuote(kind, found.date, _shortened(folded, low, high, found))
                quotes.setdefault((kind, found.date), quote)
    _add_counted(quotes, counted, folded, bounds)
    _add_limits(quotes, limits(folded), folded, bounds)
    return tuple(quotes.values())[:limit]


def _spelled_out(found: Found, counted: Sequence[Formula]) -> bool:
    """Whether a day says what a formula before it comes to: "90 days after publication, i.e. 8 April"."""
    return any(one.end <= found.start <= one.end + _BEARING * 2 for one in counted)


def _refined(
    found: Found,
    begins: Found | None,
    own: list[Hit],
    spoken: Sequence[Hit],
    folded: Folded,
    sentence: Span,
    about: str,
) -> str:
    """What the words beside a day say of it, unless it binds nobody."""
    text, low = folded.text, sentence[0]
    cue = _kind(found, begins, own, folded)
    kind = cue.term.kind if cue else _unsaid(found, begins, own, text, sentence)
    if not kind or occasions.is_past(text, sentence, (found.start, found.end)):
        return ""
    if kind == "transition_end" and _OF_AN_ACT.search(text, low, found.start):
        return ""
    if kind == "expires" and occasions.is_term(text, sentence):
        kind = "deadline"
    if kind != "deadline":
        return "" if cue and occasions.begins_talks(cue.term.words, text, sentence) else kind
    if occasions.is_sign_up(text, sentence, about=about):
        return ""
    if not cue or _says_little(cue):
        if any(one.term.kind == "transition_end" and _gap(one, found) <= _FAR for one in spoken):
            return "transition_end"
        ends = extended(text, sentence) or any(one.term.kind == "expires" for one in own)
        if ends and not occasions.consults(text, sentence) and not occasions.is_term(text, sentence):
            return "expires"
        if occasions.is_review(text, sentence):
            return "review_due"
        if occasions.is_counted(text, sentence) or begins and not occasions.asks(text, sentence):
            return ""
    return kind


def _unsaid(found: Found, begins: Found | None, own: Sequence[Hit], text: str, sentence: Span) -> str:
    """What a day is of which no cue speaks: by its place in the sentence alone."""
    at = (found.start, found.end)
    if kind := said_around(text, sentence, at):
        return kind
    if occasions.is_counted(text, sentence):
        return ""
    lasting = next((cue.term.kind for cue in own if cue.term.kind in ("expires", "transition_end")), "")
    if lasting and _UNTIL.search(text, sentence[0], found.start):
        return lasting
    until = begins or _UNTIL.search(text, sentence[0], found.start)
    if found.edge == "limit" or until and occasions.consults(text, sentence):
        return "deadline"
    return "effective" if not begins and binds_from(text, sentence, at) else ""


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


def _add_limits(
    quotes: dict[tuple[str, date], DatedQuote], counted: Sequence[Limit], folded: Folded, bounds: Sequence[Span]
) -> None:
    """Limits counted from the one day of publication or effect that the text gives: "within 12 months"."""
    for one in counted:
        published, effective = ({day for kind, day in quotes if kind == said} for said in ("published", "effective"))
        days = published if one.since == "published" else effective or (set() if one.since else published)
        if len(days) == 1:
            low, high = next((low, high) for low, high in bounds if low <= one.start < high)
            day = one.after(min(days))
            quote = DatedQuote("deadline", day, folded.quote(low, high).strip()[: 2 * _QUOTE])
            quotes.setdefault(("deadline", day), quote)


def _upheld(found: Found, kind: str, cues: Sequence[Hit], turned: Moved, folded: Folded, sentence: Span) -> str:
    """The kind of a day that its sentence neither denies nor supposes, nor moves to another day."""
    (low, high), at = sentence, (found.start, found.end)
    if found.start in turned.gone or supposed(folded, low, at):
        return ""
    if found.start in turned.new:
        said = [cue.term.kind for cue in cues if not _says_little(cue)]
        return shifted_kind(said, default=_moved_kind(turned, folded.text, sentence)) or kind
    if refused := denied(folded, low, high, at):
        return "effective" if refused == "until" else ""
    return "" if kind == "effective" and of_another(folded, low, high, at) else kind


def _moved_kind(turned: Moved, text: str, sentence: Span) -> str:
    """What a moved day is of which nothing else is said: an extended time for views is one to act in."""
    if occasions.is_event(text, sentence):
        return ""
    asked = occasions.consults(text, sentence) or occasions.is_term(text, sentence)
    return "deadline" if asked and turned.kind == "expires" else turned.kind


def _periods(dates: Sequence[Found], text: str) -> list[tuple[Found, Found | None]]:
    """Each date with the one from which it runs ("from A to B"); the beginning of a period ends nothing."""
    paired: list[tuple[Found, Found | None]] = []
    for found in dates:
        between = _WEEKDAY.sub("", text[paired[-1][0].end : found.start]).strip(". ") if paired else ""
        pair = between in _TO or between in _AND and _BETWEEN.search(text[: paired[-1][0].start])
        begins = paired[-1][0] if paired and pair else None
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


def _nearest(cue: Hit, dates: Sequence[Found], text: str) -> Found:
    """A cue speaks of the date it stands nearest to."""
    return min(dates, key=lambda other: (_gap(cue, other) + _turned_back(cue, other, text), other.start))


def _turned_back(cue: Hit, found: Found, text: str) -> int:
    """A handicap for a day that stands before words of commencement, in scripts with spaces."""
    if is_ideographic(cue.term.words[0]) or found.end > cue.start:
        return 0
    if cue.term.words in _DUE:
        return _FAR
    if cue.term.kind != "effective":
        return 0
    apart = 3 if "," in text[found.end : cue.start] else 1
    return _FAR if _is_signature(cue, found, text) else _BEARING * apart


def _is_signature(cue: Hit, found: Found, text: str) -> bool:
    """Whether words of commencement stand behind the day of a signature: "signed on 7 May 2025, will enter into …"."""
    ahead = text[max(0, found.start - 40) : found.start]
    signed = _SIGNED.search(ahead) or _OF_AN_ACT.search(ahead) and not _AS_OF.search(ahead)
    return bool(signed) and not _SAME_DATE.search(text, cue.start, cue.end + 40)


def _shortened(folded: Folded, low: int, high: int, found: Found) -> str:
    start, end = max(low, found.start - _QUOTE // 2), min(high, found.end + _QUOTE // 2)
    return folded.whole(start, end, low=low, high=high)


def _kind(found: Found, begins: Found | None, cues: list[Hit], folded: Folded) -> Hit | None:
    """The nearest cue; of equally near ones the weightier kind. A period is named before its first date."""
    near = [cue for cue in cues if _reaches(cue, found, folded) or begins and _reaches(cue, begins, folded)]
    return min(near, key=lambda cue: _remoteness(cue, found), default=None)


def _remoteness(cue: Hit, found: Found) -> tuple[int, int]:
    """By distance; "by" and "until" stand back behind what they are said of, that it was published behind all."""
    behind = 60 if cue.term.kind == "published" else 40 if _says_little(cue) else 0
    return _gap(cue, found) + behind, DATE_KINDS.index(cue.term.kind)


def _is_preposition(cue: Hit) -> bool:
    return cue.term.words.lower() in _PREPOSITIONS


def _says_little(cue: Hit) -> bool:
    return _is_preposition(cue) or cue.term.words in _ENDING


def _is_part(cue: Hit, text: str) -> bool:
    """Whether a cue is only the beginning of another word: "до" of "документ", 施行 of 施行規則."""
    if is_ideographic(cue.term.words[0]):
        return bool(_COMPOUND.match(text, cue.end)) and cue.term.kind == "effective"
    return _is_preposition(cue) and cue.end < len(text) and text[cue.end].isalpha()


def _is_over(cue: Hit, text: str) -> bool:
    """Whether a transition is one that lies behind: "after a transition of two years"."""
    return cue.term.kind == "transition_end" and bool(_AFTER.search(text, max(0, cue.start - 30), cue.start))


def _gap(cue: Hit, found: Found) -> int:
    return max(found.start - cue.end, cue.start - found.end, 0)


def _reaches(cue: Hit, found: Found, folded: Folded) -> bool:
    """Short words speak of the date they touch, longer ones of any date of their clause."""
    gap = _gap(cue, found)
    between = _HAN_HOUR.sub("", _WEEKDAY.sub("", folded.text[min(cue.end, found.end) : max(cue.start, found.start)]))
    if "\u0e00" <= cue.term.words[0] <= "\u0e7f":
        return gap <= _FAR_THAI
    if is_ideographic(cue.term.words[0]):
        return _reaches_unspaced(cue, found, between, folded)
    if _is_preposition(cue):
        after = cue.start < found.start or cue.term.words in _BEHIND
        between = _HOUR.sub("", between)
        return after and len(between) <= 20 and not _NO_LIMIT.search(between)
    if cue.term.words in _ADJECTIVES and not _DATE_OF.match(folded.text, cue.end):
        return cue.end <= found.start and gap <= 3 * _BEARING
    if cue.term.kind == "effective" and found.end <= cue.start and _is_signature(cue, found, folded.text):
        return False
    if cue.term.words in _DUE:
        return cue.end <= found.start and gap <= _FAR
    if cue.term.words in _ONLY_AHEAD:
        return cue.end <= found.start and gap <= _BEARING
    return gap <= _FAR


def _reaches_unspaced(cue: Hit, found: Found, between: str, folded: Folded) -> bool:
    """In Chinese, Japanese and Korean the word follows its date; before it only as a heading ("生效日期：")."""
    if cue.end <= found.start:
        return len(between) <= 5 and len(cue.term.words) > 1 and not any(c.isdigit() for c in between)
    if cue.term.words in _BEFORE:
        return len(between) <= 1 and _sets_a_limit(cue, found, folded.text)
    if len(cue.term.words) <= 1 or cue.term.words in _TOUCHING:
        return len(between) <= 2
    if "," in between and _REPORTED.search(between) and not _SAME_DAY.search(between):
        return False  # on that day it was said
    ends = bool(_SENTENCE_END.match(folded.text, cue.end))
    return len(between) <= (_FAR_HAN_END if ends else _FAR_HAN) and (ends or not set(between) & set("，,、"))


def _sets_a_limit(cue: Hit, found: Found, text: str) -> bool:
    """Whether "before this day" is a limit (于…前提交) and not a time of the past (…前收集的数据)."""
    return (
        text[max(0, found.start - 2) : found.start].endswith(_AT)
        or text.startswith(_THEN, cue.end)
        or cue.end >= len(text)
    )
