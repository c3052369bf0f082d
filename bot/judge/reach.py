"""How far words of a sentence reach, and of which of its days they speak."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.judge.days import Found
from bot.judge.folding import Folded, is_ideographic
from bot.judge.index import Hit
from bot.model import DATE_KINDS

FAR, _FAR_HAN, _FAR_THAI = 70, 24, 40
_FAR_HAN_END = 45  # when the word ends its sentence
_TOUCHING = frozenset({"より", "まで", "까지", "以降", "以後"})
_BEFORE = frozenset({"前", "之前", "以前"})
_AT = ("于", "於", "在", "请", "請", "应", "應", "须", "須")
_THEN = (
    "反馈", "反饋", "提交", "完成", "报", "報", "送", "将", "將", "通过", "以", "向", "发", "發", "提出", "办理",
    "辦理", ",", "，", ")", "）", "。", ";", "；", "\n",
)  # fmt: skip
_PREPOSITIONS = frozenset(
    {"by", "until", "before", "bis", "jusqu'au", "hasta", "hasta el", "até", "até o dia", "entro", "entro il", "fino",
     "tot", "vóór", "до", "kadar", "hingga", "trước", "trước ngày", "avant", "antes", "antes de", "antes del", "prima",
     "do", "senast", "före", "đến", "đến ngày", "đến hết", "sampai", "sampai dengan", "قبل", "حتى", "لغاية", "إلى غاية",
     "حتى تاريخ", "حتى يوم", "前", "止", "bis zum", "bis spätestens", "bis einschließlich", "tot en met",
     "tot uiterlijk", "avant le", "d'ici au", "d'ici le", "по", "не пізніше", "до конца", "non oltre",
     "entro e non oltre", "fino alle", "vanaf", "từ ngày", "kể từ ngày", "ab dem", "à partir du", "a partire dal",
     "mulai tanggal", "itibaren", "itibarıyla", "itibariyle", "met ingang van", "dès le"}
)  # fmt: skip
_BEHIND = frozenset({"kadar", "itibaren", "itibarıyla", "itibariyle"})
_ENDING = frozenset(
    {"ends", "ends on", "ended on", "is due", "are due", "due on", "close on", "closed on", "endet", "endet am",
     "läuft bis", "se termine le", "se terminera le", "prend fin le", "prendra fin le", "s'achève le", "s'achèvera le",
     "échéance", "délai", "finaliza", "finaliza el", "finalizará el", "vence", "vencerá", "termina el", "terminará el",
     "concluirá el", "como máximo", "termina em", "terminará em", "encerra", "encerra-se", "vence em", "termina il",
     "terminerà il", "si conclude il", "eindigt op", "loopt tot", "まで", "までに", "期限", "까지", "이내", "kadar",
     "süresi", "berakhir", "sona er", "au plus tard", "uiterlijk", "at the latest", "no later than", "spätestens",
     "a más tardar", "не позднее", "не позже", "включительно", "завершится", "завершается", "paling lambat", "fino al",
     "termina", "concluye el", "se cierra el", "cierra el", "届满", "屆滿", "以前", "之前", "截止", "为止", "為止",
     "chậm nhất", "muộn nhất", "لا يتجاوز"}
)  # fmt: skip
BEARING = 8  # a word of commencement speaks of the day after it: "the rule of 1 May took effect on 1 June"
_ADJECTIVES = frozenset({"effective", "efectiv", "efektif", "vigencia", "vigência"})  # of more than rules
_AFTER = re.compile(
    r"\b(?:after|following|nach|après|tras|después de|após|depois de|dopo|na|sau|setelah|после|بعد)(?: (?:the|a|an|its"
    r"|einer|der|une|la|le|el|un|o|um|il|de|een|masa|periode|período|periodo|période))*(?: [^\W\d]+)? $"
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
OF_AN_ACT = re.compile(r"\b(?:vom|of|du|del|dell'|van|от|[^\W\d_]*\d[./\d]*,? de) $")  # whose own day it is
_DATE_OF = re.compile(" dates?\\b")
_HOUR = re.compile(
    r"\(?(?:by |um |à |a las |às |alle |om |pukul |в |saat )?\b\d{1,2}(?:[:.h]\d{2})?(?: ?(?:h|hrs?|hours|uhr|heures"
    r"|horas|uur|wib|giờ|ч|a\.?m\.?|p\.?m\.?|cet|cest|gmt|bst|est|edt|et)\b\.?)*\)?|\b(?:close of business|midnight"
    r"|mitternacht|minuit|medianoche|mezzanotte|middernacht|noon)\b"
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
WEEKDAY = re.compile(r"\([月火水木金土日월화수목금토일·祝]{1,3}\)")
_REPORTED = re.compile("通过|通過|三讀|签署|簽署|审议|審議|宣布|表示|会见|批准|会议|透露|指出|介绍|宣佈|举行|召开")
_SAME_DAY = re.compile("同日|当日|當日|即日|之日起")


def nearest(cue: Hit, dates: Sequence[Found], text: str) -> Found:
    """A cue speaks of the date it stands nearest to."""
    return min(dates, key=lambda other: (distance(cue, other) + _turned_back(cue, other, text), other.start))


def _turned_back(cue: Hit, found: Found, text: str) -> int:
    """A handicap for a day that stands before words of commencement, in scripts with spaces."""
    if is_ideographic(cue.term.words[0]) or found.end > cue.start:
        return 0
    if cue.term.words in _DUE:
        return FAR
    if cue.term.kind != "effective":
        return 0
    apart = 3 if "," in text[found.end : cue.start] else 1
    return FAR if _is_signature(cue, found, text) else BEARING * apart


def _is_signature(cue: Hit, found: Found, text: str) -> bool:
    """Whether words of commencement stand behind the day of a signature: "signed on 7 May 2025, will enter into …"."""
    ahead = text[max(0, found.start - 40) : found.start]
    signed = _SIGNED.search(ahead) or OF_AN_ACT.search(ahead) and not _AS_OF.search(ahead)
    return bool(signed) and not _SAME_DATE.search(text, cue.start, cue.end + 40)


def speaking(found: Found, begins: Found | None, cues: list[Hit], folded: Folded) -> Hit | None:
    """The nearest cue; of equally near ones the weightier kind. A period is named before its first date."""
    near = [cue for cue in cues if _reaches(cue, found, folded) or begins and _reaches(cue, begins, folded)]
    return min(near, key=lambda cue: _remoteness(cue, found), default=None)


def _remoteness(cue: Hit, found: Found) -> tuple[int, int]:
    """By distance; "by" and "until" stand back behind what they are said of, that it was published behind all."""
    behind = 60 if cue.term.kind == "published" else 40 if says_little(cue) else 0
    return distance(cue, found) + behind, DATE_KINDS.index(cue.term.kind)


def _is_preposition(cue: Hit) -> bool:
    return cue.term.words.lower() in _PREPOSITIONS


def says_little(cue: Hit) -> bool:
    return _is_preposition(cue) or cue.term.words in _ENDING


def is_part(cue: Hit, text: str) -> bool:
    """Whether a cue is only the beginning of another word: "до" of "документ", 施行 of 施行規則."""
    if is_ideographic(cue.term.words[0]):
        return bool(_COMPOUND.match(text, cue.end)) and cue.term.kind == "effective"
    return _is_preposition(cue) and cue.end < len(text) and text[cue.end].isalpha()


def is_over(cue: Hit, text: str) -> bool:
    """Whether a transition is one that lies behind: "after a transition of two years"."""
    return cue.term.kind == "transition_end" and bool(_AFTER.search(text, max(0, cue.start - 30), cue.start))


def distance(cue: Hit, found: Found) -> int:
    return max(found.start - cue.end, cue.start - found.end, 0)


def _reaches(cue: Hit, found: Found, folded: Folded) -> bool:
    """Short words speak of the date they touch, longer ones of any date of their clause."""
    gap = distance(cue, found)
    between = _HAN_HOUR.sub("", WEEKDAY.sub("", folded.text[min(cue.end, found.end) : max(cue.start, found.start)]))
    if "\u0e00" <= cue.term.words[0] <= "\u0e7f":
        return gap <= _FAR_THAI
    if is_ideographic(cue.term.words[0]):
        return _reaches_unspaced(cue, found, between, folded)
    if _is_preposition(cue):
        after = cue.start < found.start or cue.term.words in _BEHIND
        between = _HOUR.sub("", between)
        return after and len(between) <= 20 and not _NO_LIMIT.search(between)
    if cue.term.words in _ADJECTIVES and not _DATE_OF.match(folded.text, cue.end):
        return cue.end <= found.start and gap <= 3 * BEARING
    if cue.term.kind == "effective" and found.end <= cue.start and _is_signature(cue, found, folded.text):
        return False
    if cue.term.words in _DUE:
        return cue.end <= found.start and gap <= FAR
    if cue.term.words in _ONLY_AHEAD:
        return cue.end <= found.start and gap <= BEARING
    return gap <= FAR


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
