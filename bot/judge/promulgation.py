"""Days that only the day of publication gives: "on publication", "with immediate effect", "within 60 days of it"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.judge import occasions
from bot.judge.days import find_dates, western
from bot.judge.folding import Folded, fold, sentences
from bot.judge.index import Hit
from bot.judge.relative import NUMBER, Formula, Limit, counted_by, formulas, limits
from bot.judge.rules import RuleSet
from bot.judge.undone import postponed, supposed
from bot.model import DatedQuote
from bot.sieve import Sieved

Span = tuple[int, int]

_QUOTE = 600
_STAMPS = 4  # lines at either end of a text in which its own day stands

# "At once" and "today" with the verb that says what does; a text that is published today commences today.
_AT_ONCE = Sieved(
    r"\bimmediate effect|\beffective immediately|\b(?:tak(?:es?|ing)|took|com(?:es?|ing)|enter(?:s|ed|ing)?) "
    r"(?:into |in )?(?:effect|force) (?:immediately|today|at once|forthwith)|\b(?:immediately|today|forthwith) "
    r"(?:tak(?:es?|ing)|com(?:es?|ing)|enter(?:s|ing)?) (?:into )?(?:effect|force)|\beffective (?:as of |from )?today\b"
    r"|\bsofortiger wirkung|\b(?:tritt|treten) (?:ab )?(?:sofort|heute|umgehend|unverzüglich) in kraft"
    r"|\b(?:gilt|gelten) (?:ab )?sofort|\beffet immédiat|\bentr\w+ (?:immédiatement |aujourd'hui )?en vigueur "
    r"(?:immédiatement|dès aujourd'hui|aujourd'hui|ce jour)|\bentr\w+ (?:immédiatement|aujourd'hui) en vigueur"
    r"|\befectos? inmediatos?|\b(?:entr\w+ en vigor|vigente) (?:hoy|de inmediato|inmediatamente|a partir de hoy"
    r"|desde hoy)|\befeitos? imediatos?|\bentr\w+ em vigor (?:hoje|imediatamente|de imediato|nesta data)"
    r"|\beffetto immediato|\bentr\w+ in vigore (?:oggi|immediatamente|da oggi|da subito)|\bonmiddellijke ingang"
    r"|\b(?:treedt|treden|trad) (?:vandaag|onmiddellijk|per direct|direct) in werking|\b(?:geldt|gelden) per direct"
    r"|\bskutkiem natychmiastowym|\bnatychmiastową wykonalnoś|\bwch\w+ w życie (?:natychmiast|dziś|dzisiaj|od dziś)"
    r"|\bomedelbar verkan|\b(?:träder i kraft|gäller) (?:omedelbart|i dag|idag|genast)"
    r"|\b(?:вступ\w+|введ\w+) в (?:силу|действие) (?:немедленно|сегодня|с сегодняшнего дня|незамедлительно)"
    r"|\bнемедленно вступ\w+ в силу|\bнемедленного действия"
    r"|\bнабир\w+ чинності (?:негайно|сьогодні)|\bнегайно набир\w+ чинності|\b(?:bugün|hemen|derhal|bugünden itibaren)"
    r"(?: itibar\w+)? (?:yürürlüğe gir|geçerli|uygulanmaya)|\bberlaku (?:seketika|segera|langsung|mulai hari ini"
    r"|sejak hari ini)|\bhiệu lực (?:thi hành )?(?:ngay|từ hôm nay|kể từ hôm nay)|(?:بأثر|بمفعول) فوري"
    r"|(?:يسري|تسري|النفاذ|التنفيذ|به|بها) (?:فورا|فوراً|اليوم)|तत्काल प्रभाव|באופן מיידי|לאלתר"
    r"|प्रकाशन की (?:तारीख|तिथि) (?:से|को) (?:लागू|प्रवृत्त|प्रभावी)"
    r"|มีผล(?:ใช้)?(?:บังคับ)?(?:ใช้)?(?:ทันที|ตั้งแต่วันนี้)"
    r"|(?:ตั้งแต่|นับแต่)วัน(?:ที่)?ประกาศ(?:ในราชกิจจานุเบกษา)?เป็นต้นไป"
    r"|(?:即日|即时|即時|即刻|今日|本日|当日|當日)(?:起)?(?:生效|施行|实施|實施|执行|執行|適用|适用|発効|停止|暂停|暫停|废止|廢止)"
    r"|(?:自|从|由)(?:即日|今日|本日)起|(?:本日|今日)(?:から|より|付けで)(?:施行|適用|発効)"
    r"|(?:즉시|오늘부터|금일부터) ?(?:시행|발효|효력|적용)"
)
# The formulas by which an act commences with its own publication, promulgation or signature.
_WITH_IT = Sieved(
    r"(?:自|从)[^，。,;；\s]{0,10}?(?:公布|发布|發布|公佈|發佈|印发|颁布|頒布|公告|刊登|登載|刊憲)(?:之?日|日期|時|时|当日|當日)?"
    r"起?(?:正式)?(?:施行|生效|实施|實施|执行|執行|適用|适用|不再|停止|废止|廢止|失效)"
    r"|刊(?:登|憲)(?:當|之)日(?:起)?(?:生效|實施)|公布(?:の日|日|と同時)(?:から|より|に|で)?(?:施行|適用|発効)"
    r"|(?:公表|公示|告示|発出|制定)の?日(?:から|より|に)(?:施行|適用|発効)"
    r"|(?:공포|고시|발령|공고|공표|발표|게재)(?:한|된)? ?(?:날|일)(?:로)?부터 ?(?:시행|적용|효력|발효)"
    r"|\bz (?:dniem|datą) (?:jej |jego )?(?:ogłoszenia|publikacji|opublikowania|podpisania)"
    r"|\bsamma dag (?:som )?(?:den )?(?:publiceras|utfärdas|offentliggörs|kungörs)|\bop de dag van (?:de |haar |zijn )?"
    r"(?:publicatie|bekendmaking|ondertekening)|\bmet ingang van de da(?:g|tum) van (?:de |haar )?(?:publicatie"
    r"|bekendmaking)|\b(?:dal(?:la)?|alla|nella) (?:data|giorno) (?:di|della) (?:sua )?pubblicazione"
    r"|\b(?:a partir de|desde|en) (?:la fecha de )?su publicación|\ben la fecha de su publicación"
    r"|\b(?:no dia|a partir|a contar|na data) d[aeo] (?:data de )?(?:sua )?publicação"
    r"|\b(?:dès|à compter de|à la date de|au jour de|le jour de) (?:la date de )?(?:sa|leur|la) "
    r"(?:date de )?publication|\b(?:am tage?|mit dem tage?) (?:der|ihrer|seiner) (?:verkündung|veröffentlichung"
    r"|bekanntmachung|unterzeichnung)|\bсо дня (?:его |ее |их )?(?:официального )?(?:опубликования|подписания|принятия)"
    r"|\bз (?:дня|дати|моменту) (?:його |її |їх )?(?:офіційного )?(?:опублікування|підписання|прийняття)"
    r"|\byayım\w* tarih\w* (?:itibar\w+ )?yürürlüğe|\b(?:sejak|pada|mulai|terhitung sejak) tanggal (?:diundangkan"
    r"|ditetapkan|diterbitkan|diumumkan|pengundangan)|\b(?:kể )?từ ngày (?:ký|công bố|ban hành|đăng)(?! ?\d)"
    r"|من تاريخ (?:نشر|صدور|توقيع)|\bthe da(?:y|te) on which "
    r"(?:it is|they are|this \w+ is) (?:published|gazetted|made|signed)|ביום פרסומ|מיום פרסומ"
    r"|प्रकाशन की (?:तारीख|तिथि) (?:से|को)|(?:ตั้งแต่|นับแต่)วัน(?:ที่)?ประกาศ"
)
_NEXT_DAY = Sieved(
    r"(?:公布|发布|發布|公佈|發佈|公告|刊登)(?:公報|憲報)?(?:之)?(?:次日|翌日)起?(?:生效|施行|實施|实施|產生效力)"
    r"|(?:公布|公表)の?(?:日の)?翌日(?:から|に)?(?:施行|適用)"
    r"|(?:공포|고시|공고)(?:한)? ?(?:날|일)?(?:의)? ?다음 ?날부터"
    r"|\bz dniem następującym po dniu (?:ogłoszenia|publikacji)|\bw dniu następującym po dniu (?:ogłoszenia|publikacji)"
    r"|\bdagen efter (?:den dag |det datum )?(?:då |som )?(?:\w+ ){0,3}(?:publicer|offentliggör|kungör)"
    r"|\bнаступного дня (?:після|за днем) (?:його |її )?опублікування"
    r"|\bз дня, (?:що настає|наступного) за днем (?:його |її )?опублікування|\bсо дня, следующего за днем "
    r"(?:его |ее )?(?:официального )?опубликования|\bна следующий день после (?:его |ее )?"
    r"(?:официального )?опубликования|\byayım\w* tarihini (?:izleyen|takip eden) (?:ilk )?gün|ตั้งแต่วันถัดจากวันประกาศ"
    r"|\bde dag na (?:die van )?(?:de |haar )?(?:publicatie|bekendmaking|uitgifte)|من اليوم التالي ل(?:تاريخ )?نشر"
)
_AFTER_IT = (
    r" (?:after|following|from|nach|après|suivant|después|a partir|após|depois|de(?= su?a)|dopo|successiv[oi]"
    r"|dal(?:la)?|da|na|efter|setelah|sejak|sau)(?: [^\W\d]+'?){0,5}? ?(?:\w')?(?:publication|promulgation|gazettal"
    r"|verkündung"
    r"|veröffentlichung|bekanntmachung|publicación|promulgación|publicação|pubblicazione|publicatie|bekendmaking"
    r"|publicering|publicera"
    r"|offentliggör|kungör|diundangkan|pengundangan)"
)
_LATER = tuple(
    (rf"\b{NUMBER}(?:º|°|st|nd|rd|th)? (?:{units})(?: terhitung)?{_AFTER_IT}", unit)
    for unit, units in (
        ("days", "days?|tage?n?|jours?|días?|dias?|giorn[io]|dag(?:en|ar)?|hari"),
        ("months", "months?|monaten?|mois|mes(?:es)?|mes[ei]|maand(?:en)?|månader|bulan"),
        ("years", "years?|jahren?|ans?|años?|anos?|ann[oi]|jaar|år|tahun"),
    )
)
_LATER_TH = ((rf"เมื่อพ้น[^\d]{{0,10}}?{NUMBER} ?วัน ?นับ(?:แต่|จาก)วัน(?:ที่)?ประกาศ", "days"),)
_WAITS = re.compile(  # ahead of a formula: so many days or months from it, not that day itself
    r"(?:(?:\b(?:after|later than|upon expiry of|nach|après|después de|após|dopo|na|efter|po|setelah|sau|через|після"
    r"|после)\b|بعد|เมื่อพ้น|[日天月年]後|\b(?:days|months|tage|monate|jours|mois|días|meses|dias|giorni|mesi|dagen|maanden"
    r"|dni|miesięcy|дней|днів|месяц\w*|місяц\w*|hari|bulan|ngày|tháng|gün|ay)\b))[^,;，；.。]{0,30}$"
)
_SELF_SAID = frozenset({"at once"})
_ENDS = re.compile(
    r"不再|停止|废止|廢止|失效|廃止|폐지|\b(?:repeal|revok|ceas|no longer|aufgehoben|außer kraft|abrog|derog|revog"
    r"|утрат|отмен|yürürlükten kalk|dicabut|hết hiệu lực|bãi bỏ|uchyl|vervalt|ingetrokken)"
)
# Who only tells of an act cannot give the day of its gazette: a text that speaks of itself is published with its list.
_GAZETTE = re.compile(
    r"\b(?:gazette|federal register|official bulletin|bundesgesetzblatt|bundesanzeiger|amtsblatt|journal officiel"
    r"|boletín oficial|diario oficial|periódico oficial|diário oficial|gazzetta|staatsblad|staatscourant|dziennik"
    r"|resm[iî] gazete|lembaran negara|berita negara|công báo|svensk författningssamling|umm al-qura)"
    r"|官报|官報|公報|憲報|宪报|관보|الجريدة الرسمية|ราชกิจจา|राजपत्र"
)
_OF_THE_UNION = re.compile(
    r"\bofficial journal|\bjournal officiel de l'union|\bamtsblatt der europäischen"
    r"|\b(?:diario|diário|jornal) oficial d[ae] (?:la )?(?:unión|união)|\bgazzetta ufficiale dell'unione"
    r"|\bpublicatieblad|\bdziennik\w* urzędow\w* unii"
    r"|\beuropeiska unionens officiella"
)
_ITSELF = re.compile(
    r"\b(?:this|these|the present|(?:it|they) shall|dies(?:e[rs]?|en|em)?|ce(?:tte|s)?|le présent|la présente"
    r"|est[ea]s?|(?:el|la|o|a) presente|questo|questa|il presente|deze|dit|niniejsz\w+|denna|detta|настоящ\w+"
    r"|эт[аои]\w*|ця|цей|це|bu|ini|này|diesem)\b|本|この|[이본] ?(?:법|영|규칙|고시|공고|지침|훈령)"
    r"|هذ[اه]|ฉบับนี้|ประกาศนี้|นี้|यह|ये|इस"
)
_YET = Sieved(
    r"\b(?:will|shall|to|must|yet|soon) (?:soon |then |now |also )?be (?:officially )?(?:published|gazetted|promulgated"
    r"|posted)|\b(?:once|after|when|as soon as|until) (?:it|they) (?:is|are|has been|have been)? ?published"
    r"|\b(?:wird|werden)\b[^.;]{0,60}(?:veröffentlicht|verkündet|bekannt gemacht)|\bser(?:a|ont) (?:prochainement "
    r"|bientôt )?publié|\bser(?:á|án) publicad|\bse publicar(?:á|án)|\bser(?:á|ão) publicad|\bsar(?:à|anno) pubblicat"
    r"|\b(?:wordt|worden|zal|zullen)\b[^.;]{0,50}(?:gepubliceerd|bekendgemaakt)"
    r"|\bzostan(?:ie|ą) (?:opublikowan|ogłoszon)|\b(?:kommer att|ska) publiceras"
    r"|\bбуд(?:ет|ут) (?:официально )?опубликован|\bбуд(?:е|уть) опублікован"
    r"|\byayımlanacak|\byayımlandıktan sonra|\bakan (?:segera )?(?:diundangkan|diterbitkan)"
    r"|\bsẽ được (?:công bố|ban hành)|(?:سينشر|ستنشر|سيتم نشر)"
    r"|(?:将|將|拟|擬|待)(?:于|於|在)?[^，。,]{0,12}(?:公布|发布|發布|公佈|刊憲|刊登)"
    r"|(?:公布|公表|告示)(?:される)?予定|(?:공포|고시|공고)(?:할|될)? ?예정"
)
_OF_PERSONS = Sieved(
    r"\b(?:resign|steps? down|stepped down|appoint|retire|démission|nommé|dimit|dimission|nombrad|nomead|nominat"
    r"|ernannt|zurückgetreten|rücktritt|benoemd|afgetreden|mianowa|utsed|назначен|отставк|atand|istifa|bổ nhiệm)"
    r"|任命|任免|辞任|辭任|辞职|辭職|免职|免職|就任|退任|임명|사임|تعيين|استقال"
)
_DRAFTED = frozenset({"proposal", "consultation"})


def from_list(
    title: str, text: str, *, published: date | None, rules: RuleSet, language: str = "", known: frozenset[str]
) -> Iterator[DatedQuote]:
    """The days that a title and its text count from their publication, where its list or a stamp gives that day.

    `known` are the kinds of days that they say otherwise: those need no counting. A draft commences with nothing, and
    a report of an act that a gazette will bring is not published with it.
    """
    both = [_westernised(fold(one)) for one in (title, text)]
    found = [(one, folded) for folded in both for one in _counted(folded)] if "effective" not in known else []
    bounded = [(one, folded) for folded in both for one in limits(folded)] if "deadline" not in known else []
    base = published or (_stamp(text, rules, language) if found or bounded else None)
    if not base or not (found or bounded) or any(_YET.search(folded.text) for folded in both):
        return
    draft = _is_draft(title, text, rules, language)
    for one, folded in found:
        if not draft and (quote := _commencing(one, folded, rules, language)):
            kind = "expires" if _ends(one, folded) else "effective"
            yield DatedQuote(kind, one.after(base), quote)
            break
    for limit, folded in bounded:
        if limit.since == "published" and (quote := _bounding(limit, folded, draft=draft)):
            yield DatedQuote("deadline", limit.after(base), quote)
            break


def _westernised(folded: Folded) -> Folded:
    return Folded(western(folded.text), folded.original, folded.offsets)


def _counted(folded: Folded) -> list[Formula]:
    """The formulas of a text in order, those that name their verb among them."""
    text = folded.text
    own = [
        Formula(match.start(), match.end(), unit, 0)
        for pattern, unit in ((_NEXT_DAY, "next day"), (_AT_ONCE, "at once"), (_WITH_IT, "same day"))
        for match in pattern.finditer(text)
        if unit != "same day" or not _WAITS.search(text, max(0, match.start() - 40), match.start())
    ]
    found: list[Formula] = []
    for one in (*formulas(folded), *own, *counted_by((*_LATER, *_LATER_TH), folded)):
        if not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    return sorted(found)


def _commencing(one: Formula, folded: Folded, rules: RuleSet, language: str) -> str:
    """The sentence in which a formula says that something commences; "" where none does, or another act's."""
    low, high = sentence = _sentence(folded, one.start)
    said = folded.text[low:high]
    if one.unit not in _SELF_SAID and not _commences(folded, sentence, rules, language):
        return ""
    if _OF_PERSONS.search(said) or _drafted(said, rules, language) or not _is_its_own(said):
        return ""
    if folded.text.startswith("的", one.end) or supposed(folded, low, (one.start, one.end)):  # said of, not by, an act
        return ""
    return "" if postponed(said) and not _ends(one, folded) else folded.quote(low, high).strip()[:_QUOTE]


def _commences(folded: Folded, sentence: Span, rules: RuleSet, language: str) -> bool:
    found: list[Hit] = rules.cues("dates", language).find_all(folded, *sentence)
    return any(hit.term.kind in ("effective", "expires") for hit in found) or bool(_ENDS.search(folded.text, *sentence))


def _ends(one: Formula, folded: Folded) -> bool:
    """Whether what a formula dates is an end, by its own words and the ones that follow at once."""
    return bool(_ENDS.search(folded.text, one.start, one.end + 10))


def _bounding(one: Limit, folded: Folded, *, draft: bool) -> str:
    """The sentence of a limit that counts from publication: of a draft only the time for views."""
    low, high = sentence = _sentence(folded, one.start)
    if draft and not occasions.asks(folded.text, sentence) or not _is_its_own(folded.text[low:high]):
        return ""
    return folded.quote(low, high).strip()[:_QUOTE]


def _is_its_own(said: str) -> bool:
    """Whether a sentence speaks of the publication of the text it stands in, not of a gazette that others bring."""
    return not _OF_THE_UNION.search(said) and (not _GAZETTE.search(said) or bool(_ITSELF.search(said)))


def _is_draft(title: str, text: str, rules: RuleSet, language: str) -> bool:
    """Whether a title calls its text a draft, or the text (without a title) begins so."""
    return _drafted(title or text[:200], rules, language)


def _drafted(said: str, rules: RuleSet, language: str) -> bool:
    return any(hit.term.kind in _DRAFTED for hit in rules.cues("stage", language).find_all(fold(said)))


def _stamp(text: str, rules: RuleSet, language: str) -> date | None:
    """The one day that stands alone on a line at the beginning or the end of a text."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    ends = "\n".join(dict.fromkeys((*lines[:_STAMPS], *lines[-_STAMPS:])))
    folded = fold(ends)
    days = {one.date for one in find_dates(folded, months=rules.months, language=language) if _alone(one[:2], folded)}
    return days.pop() if len(days) == 1 else None


def _alone(found: Span, folded: Folded) -> bool:
    text = folded.text
    return text[: found[0]].rpartition("\n")[2].strip(" (") == text[found[1] :].partition("\n")[0].strip(" ).") == ""


def _sentence(folded: Folded, at: int) -> Span:
    return next((low, high) for low, high in sentences(folded.text) if low <= at < high)
