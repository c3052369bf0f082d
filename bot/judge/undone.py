"""What a sentence says against its own days: denied, moved to another day, supposed, or said of another act."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.judge.folding import Folded
from bot.model import DATE_KINDS
from bot.sieve import Sieved

Span = tuple[int, int]

# A verb of commencement with its negation, in the order of words of each language; a day may stand between.
_DENIED = Sieved(
    r"(?:\b(?:not|never|no longer)|n't) (?:yet |now |then |be |been |have |also |automatically |actually )*"
    r"(?:tak\w+ effect|took effect|com\w+ in|came in|enter|go(?:ne)? in|be brought|brought in|apply|applies|applicable"
    r"|effective|commence|start to apply|begin to apply|in force|into force|in effect|into operation)"
    r"|\bfail(?:s|ed)? to (?:take effect|enter|come into)"
    r"|\b(?:was|were|had been|should have|would have|is no longer|are no longer) "
    r"(?:originally |initially |first |previously )?"
    r"(?:due to|set to|scheduled (?:to|for)|supposed to|expected to|planned (?:to|for)|meant to|to "
    r"|taken effect|entered into force|come into force)"
    r"|\b(?:tritt|treten|trat|wird|werden|gilt|gelten|ist|sind)\b[^,;:]{0,50}? (?:nicht|noch nicht|nie)\b"
    r"(?!\w* nur)[^,;:]{0,40}?\b(?:in kraft|wirksam|anwendbar|anzuwenden)|\b(?:gilt|gelten) (?:noch )?nicht\b"
    r"|\bn[e']\W?\w*(?: \w+)? (?:pas|plus|jamais) (?:encore )?(?:en vigueur|effet|applicable|entr\w+ en vigueur)"
    r"|\bne s'appliqu\w+ (?:pas|plus)"
    r"|\bno (?:ha |han |habrá )?(?:entr\w+ en vig|surt\w+ efecto|será\w* aplicable|se aplica)"
    r"|\bnon (?:è |sono |sarà )?(?:ancora )?(?:entr\w+ in vigore|in vigore|si applica|avrà effetto|ha effetto)"
    r"|\bnão (?:entr\w+ em vigor|vigora|produz\w* efeito|se aplica|passa\w* a valer)"
    r"|\b(?:treedt|treden|trad|zal|gaat|geldt|gelden)\b[^,;:.]{0,40}? (?:niet|nog niet)\b[^,;:.]{0,40}?"
    r"\b(?:in werking|van kracht|in\b)|\bis niet van toepassing"
    r"|\bnie (?:wchodz\w+|wejdzie|wejdą|wszed\w*|wesz\w*|obowiązuj\w*|stosuje)"
    r"|\b(?:träder|trädde|kommer|tillämpas|gäller)\b[^,;:.]{0,30}? (?:inte|ej)\b[^,;:.]{0,30}?"
    r"(?:i kraft|träda|från|tillämpas)"
    r"|\bне (?:вступ\w+|вводит\w*|применя\w+|действу\w+|начн\w+ действ|набира\w+|набуде|набер\w+|набув\w*)"
    r"|yürürlüğe girme(?!si)|yürürlüğe girmez|\buygulanmayacak|\bgeçerli değil"
    r"|\b(?:không|chưa|sẽ không) (?:còn )?(?:có hiệu lực|được áp dụng|áp dụng)"
    r"|\b(?:tidak|belum) (?:akan )?(?:mulai )?(?:berlaku|diberlakukan|efektif)"
    r"|(?:^|\W)(?:لن|لا|لم) (?:يدخل|تدخل|يسري|تسري|يبدأ|يعمل|يطبق|تطبق)"
    r"|ไม่มีผล(?:ใช้)?บังคับ|ยังไม่มีผล"
    r"|(?:施行|適用|発効)(?:は|を|も)?(?:されない|しない|されません|しません|見送)"
    r"|(?:시행|적용|발효)(?:은|는|을|를|이|가)?\s?(?:되지|하지) (?:않|아니|못)"
    r"|\b(?:could|might) (?:only |then )?(?:take effect|come into force|enter into force|apply)"
    r"|\b(?:aurai(?:t|ent) dû|devai(?:t|ent)(?: initialement| d'abord)?) (?:entrer(?: en \w+)?|s'appliquer"
    r"|prendre effet)"
    r"|\b(?:preveían?|debían?|ib(?:a|an) a|habría|hubiera)(?: \w+){0,2} (?:entrada en|entrar en|entrado en|aplicar)"
    r"|\b(?:previa|deveria|iria|teria)(?: \w+){0,2} (?:entrada em|entrar em|entrado em|em) vigor"
    r"|\b(?:sarebbe dovut\w+|avrebbe dovuto|doveva|prevedeva)(?: \w+){0,2} (?:entrare in|entrata in|applicarsi)"
    r"|\b(?:hätten?|sollten?)\b[^,;:.]{0,50}?\b(?:in kraft treten|gelten|wirksam werden)"
    r"|\bzou(?:den)?\b[^,;:.]{0,50}?\b(?:in werking|ingaan|gelden)|\bmiał\w* wejść"
    r"|\b(?:долж\w+ был\w*|планировал\w+) (?:вступ|нача|ввести)"
    r"|yürürlüğe (?:girecekti(?!r)|girmesi (?:planlan|beklen|öngörül)\w+)|\b(?:semula|seharusnya)\b"
    r"|\b(?:lẽ ra|đáng lẽ|ban đầu dự kiến)|كان من (?:المقرر|المفترض)"
    r"|(?:施行|適用|発効)(?:される|する)?予定(?:だった|であった|でした)|(?:시행|적용|발효)(?:될|할)? ?예정이(?:던|었)"
    r"|당초"
    r"|原(?:定|訂|计划|計劃|拟|擬|本)|本应|本應|当初"
    r"|(?:不|未|不再|不会|不會|尚未|没有|沒有|并未|並未)(?:再|予|予以|正式|会|會|能|如期)?(?:施行|生效|实施|實施|适用"
    r"|適用|执行|執行)"
)
_LIMIT = re.compile(
    r"(?:\b(?:until|till|before|bevor|vor(?: dem)?|bis(?: zum)?|erst|avant(?: le| la)?|jusqu'au|hasta(?: el)?"
    r"|antes del?|prima del(?:l')?|fino al|até|antes de|tot|vóór|voor|przed|do|dniem|före|förrän(?: den)?|до|ранее"
    r"|раньше|раніше|trước(?: ngày)?|cho đến(?: ngày)?|sebelum(?: tanggal)?|hingga(?: tanggal)?|sampai)|قبل|حتى"
    r"|ก่อนวันที่|ก่อน) ?(?:the |den |dem |den |dnia )?$"
)
_LIMIT_BEHIND = re.compile(r" ?(?:tarihinden önce|tarihine kadar|'\w+ kadar|より前|まで|以前|之前|前|까지|이전|전)")

_MOVED = Sieved(
    r"\b(?:postpon|deferred|defers|delayed|delays|delaying|pushed back|put off|put back|rescheduled|brought forward"
    r"|moved (?:back )?(?:from|to)|verschoben|verschieb|aufgeschoben|hinausgeschoben|vertagt|report[ée]+s?\b|reporte\b"
    r"|différ[ée]|repouss|ajourn|décal|aplaz|pospon|pospuest|posterg|retras|diferid|rinvi(?:at|a l)|posticip|differit"
    r"|slitta|adiad|adia\b|adiament|uitgesteld|opgeschoven|uitstel|odroczon|przesunięt|przełożon|skjuts upp|skjutits"
    r"|uppskjut|senarelägg|senarelagt|flyttas|отлож|откладыва|перенесен|переносится|перенесл\w+ (?:срок|дат|вступлен)"
    r"|перенос (?:срок|дат|вступлен)|отсроч|відклад|відстроч|ertelen"
    r"|hoãn|lùi|dời|ditunda|menunda|penundaan|diundur)|\b[وب]?(?:ال)?(?:تأجيل|تأجل|أجل|أرجئ|إرجاء)"
    r"|延期|先送り|繰り延べ|연기|미뤄|미루|늦춰|推迟|推遲|暂缓|暫緩|延后|延後|顺延|順延|押后|押後|延至|(?<!整)改期|เลื่อน"
)
_EXTENDED = Sieved(
    r"\b(?:extend|prolong|verläng|prorog|prolong|prorrog|amplí|ampliad|extiend|extendid|estend|verlengd|przedłuż"
    r"|förläng|продл|продовж|uzatıl|gia hạn|diperpanjang)|(?:تمديد|مدد)|延长|延長|연장|ขยาย"
)
_ONTO = re.compile(
    r"(?:\b(?:to|until|till|auf(?: den)?|bis(?: zum)?|zum|au|jusqu'au|à|al|a|hasta(?: el)?|para(?: el| o)?|até(?: o)?"
    r"|op|naar|tot(?: en met)?|na(?: dzień)?|do(?: dnia)?|till(?: den)?|til|до|на|đến(?: ngày)?|sang(?: ngày)?"
    r"|tới(?: ngày)?|ke|hingga|sampai|menjadi(?: tanggal)?)|إلى|حتى|ถึง(?:วันที่)?|เป็น(?:วันที่)?|ไป"
    r"|至|到|为|為) ?(?:the |dia |monday |tuesday |wednesday |thursday |friday )?$"
)
_ONTO_BEHIND = re.compile(
    r" ?(?:に|へ|まで|로|으로|까지|tarihine(?: kadar)?|'\w{1,3}(?: kadar)?)[^\d。.、,]{0,8}$"
)

_SUPPOSED = re.compile(
    r"^\W*(?:for (?:example|instance)|e\.g\.|by way of example|zum beispiel|z\.b\.|z\. b\.|par exemple|por ejemplo"
    r"|ad esempio|per esempio|por exemplo|bijvoorbeeld|na przykład|till exempel|например|наприклад|ví dụ|misalnya"
    r"|örneğin|مثلا|على سبيل المثال|例如|比如|たとえば|例えば|예를 들어|예컨대|ตัวอย่างเช่น)"
)
_CONDITION = re.compile(
    r"\b(?:if|suppose|supposing|assuming|falls|wenn ein\w*|angenommen|si (?:une?|el|la|un)|supposons|se (?:una?|il|la)"
    r"|indien een|jeśli|om en|если|якщо|nếu|jika|apabila)\b[^,;.]{0,60}$"
    r"|(?:如果|假如|假设|假設|もし|만약|만일)[^，,。]{0,30}$"
)

# "… those that took effect in 2010", "2010年…起施行的《…》同时废止": the day of an act that goes
_ANOTHERS = re.compile(
    r"\b(?:replac|supersed|repeal|revok|abolish|in place of|instead of|ersetz|löst|aufgehoben|hebt|remplac|abrog"
    r"|sustituy|derog|sostitui|substitu|revog|vervang|intrek|zastęp|uchyl|ersätt|upphäv|замен|отменя|thay thế|bãi bỏ"
    r"|menggantikan|mencabut)\w*\b[^;.]{0,80}?(?:\b(?:that|which|who|took|came|entered|getreten\w*|entré\w*|que"
    r"|quell\w+"
    r"|entrat\w+|die|dat|które\w*|som|вступ\w+|có hiệu lực|yang)\b)[^;.]{0,30}$"
    r"|(?:代替|替代|取代|废止|廢止)[^，,。]{0,12}$"
)
_ANOTHERS_BEHIND = re.compile(
    r" ?(?:起)?(?:施行|实施|實施|生效|发布|發布|公布|印发)(?:的[^。;]{0,60}?|《[^》]{0,60}》[^。;,]{0,12}?)"
    r"(?:同时|同時|即行|予以)?(?:废止|廢止|失效)"
    r"|[^.;]{0,40}?\b(?:in kraft getretene?\w*|in werking getreden)\b[^.;]{0,60}"
    r"(?:aufgehoben|außer kraft|ersetzt|ingetrokken|vervangen)"
    r"|[^。]{0,20}?(?:施行|公布)(?:された|した|の)[^。]{0,40}(?:廃止|に代わ)"
    r"|[^.]{0,20}?(?:시행된|시행한)[^.]{0,40}(?:폐지|대체)"
)
_MOVABLE = frozenset({"effective", "deadline", "transition_end", "expires", "review_due"})
_ELSEWHERE = re.compile(
    r"[;:。、]|,(?!\d)| (?:and|but|und|sondern|et|mais|y|sino|e|ma|mas|en|maar|och|i|ale|и|но|ve|và|dan) "
)
_REACH = 60  # characters of a sentence before a day in which it may be denied


def supposed(folded: Folded, low: int, found: Span) -> bool:
    """Whether a sentence only gives an example, or its day stands in a condition."""
    ahead = folded.text[low : found[0]]
    return bool(_SUPPOSED.match(ahead) or _CONDITION.search(ahead))


def of_another(folded: Folded, low: int, high: int, found: Span) -> bool:
    """Whether a day is that of an act which this one replaces or ends."""
    text = folded.text
    return bool(_ANOTHERS.search(text[low : found[0]]) or _ANOTHERS_BEHIND.match(text[found[1] : high]))


def denied(folded: Folded, low: int, high: int, found: Span) -> str:
    """What denies the words of commencement beside a day: "denied", "until" (not before that day), or nothing."""
    text = folded.text
    for match in _DENIED.finditer(text, low, high):
        between = text[min(match.end(), found[1]) : max(match.start(), found[0])]
        inside = match.start() < found[0] and found[1] < match.end()
        if not inside and (len(between) > _REACH or _ELSEWHERE.search(between)):
            continue
        ahead = text[low : found[0]]
        return "until" if _LIMIT.search(ahead) or _LIMIT_BEHIND.match(text[found[1] : high]) else "denied"
    return ""


class Moved(NamedTuple):
    """The days of a sentence that moves one, by where they stand: those that are new, those that are gone."""

    new: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()
    kind: str = ""  # what the new day is, where the sentence says nothing else of it


def moved(folded: Folded, low: int, high: int, found: Sequence[Span]) -> Moved:
    """Which days a sentence moves or extends: "from the old day to the new one"."""
    text = folded.text
    strong = _MOVED.search(text, low, high)
    verb = strong or _EXTENDED.search(text, low, high)
    if not verb:
        return Moved()
    onto = [one for one in found if _is_onto(text, low, high, one, verb)]
    new = {start for start, _ in [one for one in onto if one[0] > verb.start()] or onto[-1:]}
    if not new and not strong:
        return Moved()
    apart = {start for start, _ in found if not new and _apart(text[verb.end() : start])}
    gone = {start for start, _ in found} - new - apart
    return Moved(frozenset(new), frozenset(gone), "effective" if strong else "expires")


def extended(text: str, sentence: Span) -> bool:
    """Whether a sentence says that something is made to last longer."""
    return bool(_EXTENDED.search(text, *sentence))


def _is_onto(text: str, low: int, high: int, found: Span, verb: re.Match[str]) -> bool:
    if _ONTO.search(text[low : found[0]]):
        return True
    return found[1] <= verb.start() < high and bool(_ONTO_BEHIND.match(text[found[1] : verb.start()]))


def _apart(between: str) -> bool:
    """Whether a clause of its own begins after the verb and before the day."""
    return bool(set(between) & set(",:(;，：（"))


def shifted_kind(kinds: Sequence[str], *, default: str) -> str:
    """What a moved day is: the weightiest thing that the sentence says of its days."""
    return min((kind for kind in kinds if kind in _MOVABLE), key=DATE_KINDS.index, default=default)


def postponed(text: str) -> bool:
    """Whether a folded sentence says that something is put off or will not begin."""
    return bool(_MOVED.search(text) or _DENIED.search(text))
