"""Days from which something binds, though no one word says that it commences: "From 1 July, companies must …"."""

from __future__ import annotations

import re

Span = tuple[int, int]

_OPENS = re.compile(
    r"(?:^|[,;:(\n]) ?(?:from|as (?:of|from)|starting(?: on| from)?|beginning(?: on)?|effective|with effect from"
    r"|ab(?: dem)?|mit wirkung (?:zum|vom)|à (?:partir|compter) du|a partir de(?:l)?|desde (?:el)?|dal(?:l')?"
    r"|a decorrere dal|vanaf|met ingang van|с|со|з|od(?: dnia)?|från(?: och med)?(?: den)?|(?:kể )?từ(?: ngày)?"
    r"|(?:ter)?mulai(?: tanggal)?|per|اعتبارا من|ابتداء من) ?(?:the )?$"
)
_BINDS = re.compile(
    r"\b(?:must|shall|may|can|will|is|are|appl|requir|need|prohibit|gilt|gelten|muss|müssen|dürfen|darf|doi|devr|est "
    r"|sont |peu|s'appliqu|deb|requier|exig|será|podrá|aplic|dev|pod|fica|richied|si applic|è |sono |può|moet|mag|geld"
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
    r"起[，,]?[^。；;]{0,40}?(?:不得|禁止|暂停|暫停|停止|中止|应当|應當|必须|必須|须|須|可以?|允许|允許|无需|無需|适用"
    r"|適用|不再|实行|實行|强制|強制|取消|放宽|放寬|纳入|納入|免除|采用|採用|需)|(?:から|より|以降)[^。]{0,60}?(?:禁止"
    r"|停止(?!した|して)|なければならない|できない|てはならない|できる|可能|義務|必要|不要|適用|対象と)"
    r"|\.? ?부터[^.]{0,60}?(?:금지|중지|중단(?!했|하였)|하여야|해야|할 수 (?:없|있)|아니 ?된다|안 ?된다|허용|가능|의무"
    r"|적용)"
)
_SINCE = re.compile(
    r"(?:^|[,;:(\n]) ?(?:since|seit(?: dem)?|depuis(?: le)?|desde(?: el)?|dal(?:l')?|sinds|со?|sejak(?: tanggal)?"
    r"|từ(?: ngày)?)"
    r" ?(?:the )?$"
)
_STANDS = re.compile(
    r"\b(?:appl(?:y|ies|ied|icable)|in force|enforceable|mandatory|obligatory|require|must|may|can |können|dürfen|darf"
    r"|pueden|podem|possono|kunnen|mogen|mag|kan|могут|dapat|được|anwendbar|gilt|gelten|in kraft|verpflicht|verbindlich"
    r"|s'appliqu|applicable|en vigueur|obligatoire|doivent|doit|requis|exig|interdit|soumis|peuvent|peut|aplica|rige"
    r"|vigor|obligatori|deben|obrigat|devem|si applica|vigore|obbligator|devono|van toepassing|van kracht|verplicht"
    r"|geldt|gelden|moeten|действ|обязан|примен|berlaku|wajib|áp dụng|phải)"
)
_HALVES = tuple(
    (re.compile(first + r"\b[^.;,]{0,60}(?<!vom )(?<!van )$"), re.compile(rf"[^.;,]{{0,40}}? (?:{second})(?!\w)"), kind)
    for first, second, kind in (
        (r"\bl(?:äuft|aufen|ief|iefen)", "(?:aus|ab)", "expires"),
        (r"\bloop(?:t|pen)", "af", "expires"),
        (r"\b(?:gaat|gaan|ging|gingen)", r"in(?= ?(?:[.,;:)]|$|en\b))", "effective"),
        (r"\b(?:gilt|gelten|galt|ist|sind|wird|werden)", "(?:anwendbar|verpflichtend|verbindlich|wirksam"
         r"|gültig)", "effective"),
        (r"\b(?:is|are|become|becomes|became)", "mandatory", "effective"),
        (r"\b(?:is|zijn|wordt|worden)", "(?:verplicht|van kracht)", "effective"),
    )
)
_ON_THAT_DAY = re.compile("(?:同日|当日|當日|即日).{0,30}?(?:生效|施行|实施|實施)")


_IN_FORCE = re.compile(
    r"\b(?:appl(?:y|ies|ied|icable)|in force|in effect|mandatory|enforceable|permitted|allowed|available|zulässig"
    r"|verwendbar|utilisable|autorisé|utilizable|permitid|utilizzabil|consentit|ammess|toegestaan|anwendbar|gilt|gelten"
    r"|in kraft|verpflichtend|s'appliqu|applicable|en vigueur|obligatoire|aplica|rige|vigente|vigor|obligatori"
    r"|obrigatóri|si applica|vigore|obbligatori|van toepassing|van kracht|verplicht|geldt|gelden|berlaku)"
)
_SINCE_INSIDE = re.compile(
    r"\b(?:since|seit(?: dem)?|depuis(?: le)?|desde(?: el)?|dal(?:l')?|sinds|sejak(?: tanggal)?) ?$"
)
_OF_A_ROW = re.compile(  # "Brazil: full, from 10 December 2026", and nothing behind it
    r"[^\W\d_].*[,:;(|-] ?(?:from|as (?:of|from)|since|with effect from|effective|ab(?: dem)?|seit(?: dem)?"
    r"|à (?:partir|compter) du|depuis le|a partir del?|desde(?: el)?|dal(?:l')?|a decorrere dal|vanaf|met ingang van"
    r"|с|з|od(?: dnia)?|från(?: och med)?(?: den)?|(?:kể )?từ(?: ngày)?|(?:ter)?mulai(?: tanggal)?"
    r"|اعتبارا من|ابتداء من) ?(?:the )?$"
)
_ROW = 120  # characters of a row
_STANDS_BY = 40  # characters between a day since which and the word of what stands


_AT_ONCE = re.compile(
    r"\b(?:immediate effect|effective immediately|sofortiger wirkung|effet immédiat|efecto inmediato|effetto immediato"
    r"|efeito imediato|onmiddellijke ingang|berlaku seketika)|(?:即时|即時|即日|即刻)(?:起)?(?:生效|施行|实施|實施"
    r"|発効)|즉시 (?:발효|시행)"
)
_AT_ONCE_REACH = 80


def said_around(text: str, sentence: Span, found: Span) -> str:
    """The kind that a verb says whose halves stand on both sides of a day: "läuft am 27. Juni 2025 aus"."""
    ahead, behind = text[sentence[0] : found[0]], text[found[1] : sentence[1]]
    return next((kind for first, second, kind in _HALVES if first.search(ahead) and second.match(behind)), "")


def binds_from(text: str, sentence: Span, found: Span) -> bool:
    """Whether a clause opens or ends with the day from which it binds: "From 1 July, companies must …"."""
    low, high = sentence
    start, end = found
    if not text[low:start].strip() and _ON_THAT_DAY.search(text, end, high):
        return True
    ahead, behind = text[max(low, start - 30) : start], text[end:high]
    at_once = _AT_ONCE.search(text, end, min(high, end + _AT_ONCE_REACH))
    if at_once and not any(char.isdigit() for char in text[end : at_once.start()]):
        return True
    if _OPENS.search(ahead) and _BINDS.search(behind) or _SINCE.search(ahead) and _STANDS.search(behind):
        return True
    if high - low <= _ROW and not behind.strip(" .;)*|") and _OF_A_ROW.search(text, low, start):
        return True
    near = text[max(low, start - 2 * _STANDS_BY) : min(high, end + _STANDS_BY)]
    if _SINCE_INSIDE.search(ahead) and _IN_FORCE.search(near):
        return True
    if _AS_OF.search(ahead) and _BARS.search(text, low, start) and _CLOSES.match(behind):
        return True
    return bool(_UNSPACED_FROM.match(behind))
