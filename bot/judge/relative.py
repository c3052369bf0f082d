"""Days that a text counts from its own publication: "on the twentieth day following that of its publication"."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

from bot.judge.days import han_number
from bot.judge.folding import Folded
from bot.sieve import Sieved, sieve

_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fifth": 5, "seventh": 7, "tenth": 10, "fifteenth": 15, "twentieth": 20,
    "thirtieth": 30, "sixtieth": 60, "ninetieth": 90, "zwanzigsten": 20, "vierzehnten": 14, "vingtième": 20,
    "vigésimo": 20, "ventesimo": 20, "twintigste": 20, "dwudziestego": 20,
    "десяти": 10, "тридцати": 30, "девяноста": 90,
}  # fmt: skip
_COUNTS = {
    "one": 1, "two": 2, "three": 3, "six": 6, "nine": 9, "twelve": 12, "eighteen": 18, "sechs": 6, "zwölf": 12,
    "seis": 6, "doce": 12, "doze": 12, "sei": 6, "dodici": 12, "zes": 6, "twaalf": 12,
    "four": 4, "five": 5, "eight": 8, "ten": 10, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60,
    "ninety": 90, "drei": 3, "trois": 3, "douze": 12, "tres": 3, "três": 3, "tre": 3,
    "drie": 3,
    "altı": 6, "üç": 3, "sześciu": 6, "trzech": 3, "czternastu": 14, "trzydziestu": 30, "שלושים": 30, "שישים": 60,
    "quindicesimo": 15, "trentesimo": 30, "décimo": 10, "trigésimo": 30, "dreißig": 30, "sechzig": 60, "zehn": 10,
    "trente": 30, "soixante": 60, "quinze": 15, "dix": 10, "treinta": 30, "sesenta": 60, "noventa": 90, "quince": 15,
    "trinta": 30, "sessenta": 60, "trenta": 30, "sessanta": 60, "novanta": 90, "quindici": 15, "dieci": 10,
    "dertig": 30, "zestig": 60, "tien": 10, "trettio": 30, "fyra": 4, "tiga": 3, "enam": 6, "diez": 10, "dez": 10,
    "quatro": 4, "cuatro": 4, "quattro": 4, "vier": 4, "quatre": 4, "cinco": 5, "fünf": 5, "cinq": 5,
    "шесть": 6, "шість": 6, "три": 3, "десять": 10, "สามสิบ": 30, "หกสิบ": 60, "เก้าสิบ": 90, "หนึ่งร้อยยี่สิบ": 120,
    "หนึ่งร้อยแปดสิบ": 180,
    "tolv": 12, "sex": 6, "трьох": 3,
    "шести": 6, "двенадцати": 12, "трех": 3, "zwei": 2, "deux": 2, "dos": 2, "dois": 2, "due": 2, "twee": 2,
}  # fmt: skip
_HAN = "[0-9一二三四五六七八九十]"
NUMBER = r"(?P<n>\d{1,3}|" + "|".join(sorted({*_ORDINALS, *_COUNTS}, reverse=True)) + ")"
_ITS = r"(?:of )?(?:its|their|the|this \w+'s)? ?(?:official )?"
_MADE = r"(?:publication|promulgation|gazettal)"
_STARTS = (  # verbs of commencement before "the day after", where publication is named elsewhere
    r"(?:enter\w* into force|bec\w+ (?:effective|applicable)|comes? into force|came into force|takes? effect"
    r"|entr\w+ en vigueur|entr\w+ en vigor|comenzará a regir|empezará a regir|entr\w+ em vigor|entra\w* in vigore|tritt"
    r"|treten|trat|rige|regirá|treedt|treden|trad|wchodzi w życie|träder i kraft)"
)
_LATER = r"(?:later|after(?:wards)?|thereafter|después|depois|dopo|plus tard|après|später|danach|later|daarna)\b"
_FORMULAS = (
    (rf"first day of the (?:\w+ )?month (?:following|after) (?:that of )?{_ITS}{_MADE}", "month start"),
    (rf"{NUMBER}(?:st|nd|rd|th)? day (?:following|after) (?:that of |the da(?:y|te) of )?{_ITS}{_MADE}", "days"),
    (rf"{NUMBER} (?:calendar )?days (?:following|after|from) (?:the (?:day|date) of )?{_ITS}{_MADE}", "days"),
    (rf"{NUMBER} months (?:following|after|from) (?:the (?:day|date) of )?{_ITS}{_MADE}", "months"),
    (rf"the day (?:following|after) (?:that of |the day of )?{_ITS}{_MADE}", "next day"),
    (rf"(?:up)?on (?:the (?:day|date) of )?{_ITS}{_MADE}", "same day"),
    (r"am tage? nach (?:der|ihrer|seiner) (?:verkündung|veröffentlichung)", "next day"),
    (rf"am {NUMBER} tage? nach (?:der|ihrer|seiner) (?:verkündung|veröffentlichung)", "days"),
    (rf"{NUMBER} monate nach (?:der|ihrer|seiner) (?:verkündung|veröffentlichung)", "months"),
    (r"le lendemain de (?:sa|leur|la) publication", "next day"),
    (rf"le {NUMBER} jour suivant celui de sa publication", "days"),
    (rf"{NUMBER} mois après (?:sa|la|leur) (?:publication|promulgation)", "months"),
    (r"(?:al|el) día siguiente (?:al )?de su publicación", "next day"),
    (rf"a los {NUMBER} (?:días|dias) de su publicación", "days"),
    (rf"{NUMBER} meses después de su (?:publicación|promulgación)", "months"),
    (r"il giorno successivo (?:a quello della|alla) (?:sua )?pubblicazione", "next day"),
    (r"no dia seguinte ao da sua publicação", "next day"),
    (r"na data d[ea] sua publicação", "same day"),
    (rf"{NUMBER} (?:meses) após a (?:sua )?publicação", "months"),
    (r"met ingang van de dag na (?:die van )?(?:de |haar )(?:datum van )?(?:publicatie|bekendmaking|uitgifte)",
     "next day"),
    (r"自(?:公布|发布|印发|發布|公佈)之日起(?:施行|实施|實施|生效|执行)", "same day"),
    (rf"(?:公布|发布|發布|公佈)(?:之日起)?(?P<n>{_HAN}{{1,3}})[日天][后後]", "days"),
    (rf"(?:公布|发布|發布|公佈)(?:之日起)?(?P<n>{_HAN}{{1,3}})[个個]月[后後]", "months"),
    (rf"{_STARTS} (?:on )?(?:the (?:following|next) day|le lendemain|(?:al|el) día siguiente|no dia seguinte"
     r"|il giorno (?:successivo|dopo)|am (?:tag darauf|folgetag|nächsten tag)|de dag erna)", "next day"),
    (rf"{_STARTS} {NUMBER} (?:months|mois|meses|mesi|monate|maanden) {_LATER}", "months"),
    (rf"{_STARTS} {NUMBER} (?:days|jours|días|dias|giorni|tage|dagen) {_LATER}", "days"),
    (rf"{_STARTS} {NUMBER} (?:years?|ans?|años?|anos?|ann[io]|jahre?|jaar) {_LATER}", "years"),
    (r"(?:am tag der|mit der|mit ihrer) (?:verkündung|veröffentlichung)|le jour de sa publication"
     r"|el (?:mismo )?día de su publicación|il giorno (?:stesso )?della (?:sua )?pubblicazione"
     r"|(?:na|com a) (?:sua )?publicação", "same day"),
    (r"в силу (?:со дня|с даты|с момента) (?:его |ее |их )?(?:официального )?опубликования", "same day"),
    (rf"по истечении {NUMBER} (?:календарных )?дней (?:со дня|после(?: дня)?|с даты) (?:его |ее |их )?"
     r"(?:официального )?опубликования", "days"),
    (rf"через {NUMBER} месяц\w* (?:со дня|после(?: дня)?|с даты) (?:его |ее |их )?(?:официального )?опубликования",
     "months"),
    (r"yayım\w* tarihinde yürürlüğe gir", "same day"),
    (rf"yayım\w* tarihinden(?: itibaren)? {NUMBER} ay sonra", "months"),
    (r"mulai berlaku (?:pada|sejak) tanggal (?:diundangkan|ditetapkan)", "same day"),
    (r"hiệu lực (?:thi hành )?(?:kể )?từ ngày (?:ký|công bố|ban hành)(?! ?\d)", "same day"),
    (rf"sau {NUMBER} ngày(?:,)? kể từ ngày (?:ký|công bố|ban hành)", "days"),
    (rf"sau {NUMBER} tháng(?:,)? kể từ ngày (?:ký|công bố|ban hành)", "months"),
    (r"(?:اعتبارا|ابتداء)\w* من تاريخ نشر", "same day"),
    (r"من اليوم التالي لتاريخ (?:نشر|صدور)", "next day"),
    (r"自(?:本?(?:办法|辦法|规定|規定)?)?(?:公布|发布|發布|公佈|發佈)(?:日|之日)(?:起)?(?:施行|生效|實施"
     r"|实施)", "same day"),
    (r"自(?:公布|发布|發布|公佈|刊登公報)之?次日起(?:施行|生效|實施|实施)", "next day"),
    (r"公布の日から起算して(?P<n>\d{1,2})(?:月|か月|箇月|ヶ月)を経過した日から", "months"),
    (r"公布の日から施行", "same day"),
    (r"공포한 날부터 시행", "same day"),
    (r"(?:공포|고시) 후 (?P<n>\d{1,2})개월이 (?:경과|지)", "months"),
    (r"(?:공포|고시) 후 (?P<n>\d)년이 (?:경과|지)", "years"),
    (r"(?:공포|고시|발령|공고) 후 (?P<n>\d{1,3})일이 (?:경과|지)", "days"),
    (rf"po upływie {NUMBER} dni od dnia (?:ogłoszenia|publikacji|opublikowania)", "days"),
    (rf"po upływie {NUMBER} miesięcy od dnia (?:ogłoszenia|publikacji|opublikowania)", "months"),
    (rf"через {NUMBER} (?:календарних )?днів (?:з дня|після) (?:його |її )?(?:офіційного )?опублікування", "days"),
    (rf"через {NUMBER} місяц\w* (?:з дня|після) (?:його |її )?(?:офіційного )?опублікування", "months"),
    (rf"{NUMBER} (?:days|dias|días|giorni|dagen|jours) (?:after|following|após|después de|dopo|dalla|na|suivant) "
     r"(?:(?:the |a |la |da |de |sa |su )?(?:date of |data de |data di |fecha de )?(?:its |sua |su |sua |de )?)"
     r"(?:publication|publicação|publicación|pubblicazione|publicatie)", "days"),
    (rf"بعد (?:مضي |مرور |انقضاء )?{NUMBER} يوم\w* من تاريخ (?:نشر|صدور)", "days"),
    (rf"{NUMBER} ימים מיום (?:פרסומ|פרסום)", "days"),
    (rf"yayım\w* tarihinden(?: itibaren)? {NUMBER} gün sonra", "days"),
    (rf"公布の日から起算して(?P<n>{_HAN}{{1,3}})(?:月|か月|箇月|ヶ月)を経過した日から", "months"),
    (rf"公布の日から起算して(?P<n>{_HAN}{{1,3}})日を経過した日から", "days"),
)

_NOUNS = (
    r"publication|promulgation|gazettal|verkündung|veröffentlichung|publicación|promulgación|publicação|pubblicazione"
    r"|publicatie|bekendmaking|uitgifte|[公发發][布佈]|印发|공포|опубликовани|yayım|diundangkan|ditetapkan"
    r"|ngày (?:ký|công bố|ban hành)|نشر|صدور|刊登公報|고시|발령|공고|ogłoszenia|publikacji|опублікування|פרסו[מם]"
    r"|later|after|después|depois|dopo|plus tard|après|später|danach|daarna|following day|next day|lendemain|siguiente"
    r"|seguinte|successivo|tag darauf|folgetag|dag erna"
)
_AHEAD, _BEHIND = 100, 30  # characters around such a word in which a formula stands


# "within N months", with the day from which it counts; bare, of what has to be brought into line
_UNIT = (
    r"(?P<unit>days?|weeks?|months?|years?|tage?n?|wochen?|monate?n?|jahre?n?|jours?|semaines?|mois|ans?|días?|semanas?"
    r"|mes(?:es)?|años?|dias?|anos?|giorni|settimane|mes[ei]|anni|dagen|weken|maand(?:en)?|jaar|дней|месяц\w*|лет"
    r"|год\w*|ngày|tháng|năm|hari|bulan|tahun|gün|ay|yıl|个工作日|日|天|个月|個月|か月|箇月|ヶ月|カ月|月|年|일|개월|년)"
)
_WITHIN = (
    rf"(?:within(?: a (?:period|term) of)?|innerhalb (?:von|einer frist von)|binnen|dans (?:un délai de|les)|en (?:el"
    rf"|un) plazo de|dentro de(?:l plazo de)?|(?:em|no prazo de|dentro de)(?: até)?|entro(?: il termine di)?"
    rf"|trong (?:thời hạn|vòng)|dalam (?:jangka )?waktu(?: paling lama)?|в течение) {NUMBER}(?: \(\w+\))? {_UNIT}\b"
)
_OF_EFFECT = (
    r"(?:entry into force|commencement|effective date|coming into force|inkrafttreten|entrée en vigueur"
    r"|entrada en vig\w+|entrada em vigor|entrata in vigore|inwerkingtreding|вступления|có hiệu lực|berlaku)"
)
_OF_PUBLICATION = (
    r"(?:publication|promulgation|gazettal|veröffentlichung|verkündung|publicación|publicação|pubblicazione|publicatie"
    r"|bekendmaking|опубликования|ban hành|công bố|diundangkan)"
)
_LIMITS = (
    (rf"{_WITHIN}(?: [^\W\d]+){{0,5}}? (?:\w+'){{0,1}}{_OF_EFFECT}", "effective"),
    (rf"{_WITHIN}(?: [^\W\d]+){{0,5}}? (?:\w+'){{0,1}}{_OF_PUBLICATION}", "published"),
    (rf"自[^，。,]{{0,12}}(?:施行|生效|实施|實施)(?:之日|日)?起?(?P<n>{_HAN}{{1,3}}){_UNIT}[内內]", "effective"),
    (rf"自[^，。,]{{0,12}}(?:公布|发布|印发|發布)(?:之日|日)?起?(?P<n>{_HAN}{{1,3}}){_UNIT}[内內]", "published"),
    (rf"(?:自|於|于|从)?[^，。,]{{0,14}}?(?:公布|发布|發布|公佈|公告|预告|預告|刊登(?:公報|憲報)?)之?[次翌]?日起?"
     rf"(?P<n>{_HAN}{{1,3}}){_UNIT}[内內]", "published"),
    (rf"(?:公示|公表|公告)(?:の日)?(?:から(?:起算して)?|後)(?P<n>{_HAN}{{1,3}}){_UNIT}以内", "published"),
    (rf"(?:공고|예고|게시|공포|고시)(?:일|한 날)(?:로)?부터 ?(?P<n>{_HAN}{{1,3}}){_UNIT} ?(?:이내|안|간|동안)",
     "published"),
    (rf"yayım\w* tarihinden itibaren {NUMBER} {_UNIT} içinde", "published"),
    (rf"(?:施行)(?:の日)?(?:から(?:起算して)?|後)(?P<n>{_HAN}{{1,3}}){_UNIT}以内", "effective"),
    (rf"(?:公布)(?:の日)?(?:から(?:起算して)?|後)(?P<n>{_HAN}{{1,3}}){_UNIT}以内", "published"),
    (rf"시행(?:일| 후|한 날)(?:부터)? ?(?P<n>{_HAN}{{1,3}}){_UNIT} ?(?:이내|안)", "effective"),
    (rf"yürürlü\w+ (?:girdiği |giriş )?tarihinden itibaren {NUMBER} {_UNIT} içinde", "effective"),
    (_WITHIN, ""),
)
_INTO_LINE = re.compile(
    r"\b(?:adapt|adequ|adecu|incorpor|align|into (?:line|conformity|compliance)|comply|conform|anpass|umstell"
    r"|umgestellt|angepasst|ajust|adegu|aanpass|aangepast|привести|приведен|phải (?:điều chỉnh|hoàn thành)|menyesuaikan"
    r"|uyum)"
)
_OF_A_CASE = re.compile(
    r"\b(?:request|breach|notification|receipt|incident|submission|application|receiving|antrag|eingang|demande"
    r"|réception|notificación|solicitud|recebimento|solicitação|richiesta|ricezione|verzoek|ontvangst|hồ sơ|запрос"
    r"|получения)"
)
_ANY_LIMIT = re.compile(
    r"within|innerhalb|binnen|dans (?:un délai|les)|plazo de|dentro de|em até|no prazo|entro|trong (?:thời|vòng)|dalam"
    r"|в течение|[内內]|以内|이내|안에|일간|동안|içinde"
)
_PER = {"days": 1, "weeks": 7}
_MEASURES = (
    ("months", re.compile(r"mon|mois|mes|maand|месяц|tháng|bulan|ay$|个月|個月|か月|箇月|ヶ月|カ月|月|개월")),
    ("years", re.compile(r"y[ei]|jahr|an|año|jaar|лет|год|năm|tahun|年|년")),
    ("weeks", re.compile(r"we|woch|sem|sett")),
)


class Limit(NamedTuple):
    """A limit counted from a day of the text, and where it stands in the folded text."""

    start: int
    end: int
    since: str  # "published", "effective", or "" where the text does not say from when
    unit: str  # days, weeks, months or years
    number: int

    def after(self, day: date) -> date:
        """The last day itself."""
        if self.unit in _PER:
            return day + timedelta(days=self.number * _PER[self.unit])
        return _months_later(day, self.number * (12 if self.unit == "years" else 1))


def limits(folded: Folded) -> list[Limit]:
    """The limits that a text counts from its publication or commencement, in order.

    One that does not say from when counts only where something has to be brought into line.
    """
    text, found = folded.text, list[Limit]()
    for pattern, since in _compiled(_LIMITS) if _ANY_LIMIT.search(text) and _sieve(_LIMITS).search(text) else ():
        for match in pattern.finditer(text):
            near = text[max(0, match.start() - _AHEAD) : match.end() + _AHEAD]
            if "工作日" in match["unit"] or not since and (not _INTO_LINE.search(near) or _OF_A_CASE.search(near)):
                continue
            if not any(one.start < match.end() and match.start() < one.end for one in found):
                found.append(Limit(*match.span(), since, _measure(match["unit"]), _number(match["n"])))
    return sorted(found)


@cache
def _holding(word: str) -> tuple[tuple[str, str], ...]:
    """The formulas that may hold a word."""
    return tuple((pattern, unit) for pattern, unit in _FORMULAS if word in pattern)


@cache
def _sieve(patterns: tuple[tuple[str, str], ...]) -> Any:
    """Whether any of them may occur: one question in place of many."""
    return sieve(*(pattern for pattern, _ in patterns))


@cache
def _compiled(patterns: tuple[tuple[str, str], ...]) -> tuple[tuple[Sieved, str], ...]:
    """Compiled when a text first holds such words: most runs meet none."""
    return tuple((Sieved(pattern), what) for pattern, what in patterns)


def _measure(unit: str) -> str:
    return next((name for name, words in _MEASURES if words.match(unit)), "days")


class Formula(NamedTuple):
    """A day counted from publication, and where it stands in the folded text."""

    start: int
    end: int
    unit: str
    number: int

    def after(self, published: date) -> date:
        """The day itself."""
        if self.unit == "days":
            return published + timedelta(days=self.number)
        if self.unit == "months":
            return _months_later(published, self.number)
        if self.unit == "years":
            return _months_later(published, 12 * self.number)
        if self.unit == "month start":
            return _months_later(published.replace(day=1), 1)
        return published + timedelta(days=self.unit == "next day")


def formulas(folded: Folded) -> list[Formula]:
    """The formulas of a text, in order; the more exact one where two stand at one place."""
    found: list[Formula] = []
    for one in sorted(_all(folded.text), key=lambda f: (f.start, -f.end)):
        if not found or one.start >= found[-1].end:
            found.append(one)
    return found


@cache
def _nouns() -> Any:
    """In RE2, which finds one of many words in a twentieth of the time."""
    import re2

    return re2.compile(_NOUNS)


def _all(text: str) -> Iterator[Formula]:
    for noun in _nouns().finditer(text):
        low, high = max(0, noun.start() - _AHEAD), noun.end() + _BEHIND
        held = _holding(noun[0].rpartition(" ")[2])
        for pattern, unit in _compiled(held) if held and _sieve(held).search(text[low:high]) else ():
            for match in pattern.finditer(text, low, high):
                yield Formula(match.start(), match.end(), unit, _number(match.groupdict().get("n") or "0"))


def counted_by(patterns: tuple[tuple[str, str], ...], folded: Folded) -> Iterator[Formula]:
    """What patterns find, each with the unit that it counts in; a group `n` holds how many."""
    for pattern, unit in _compiled(patterns):
        for match in pattern.finditer(folded.text):
            yield Formula(match.start(), match.end(), unit, _number(match["n"]))


def _number(said: str) -> int:
    return _ORDINALS.get(said) or _COUNTS.get(said) or han_number(said)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
