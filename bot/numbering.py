"""Numbers that count nothing: those of provisions, of pages, notes, figures and editions, and when a page was touched.

What counts (a threshold, an amount, a stretch of time, the day of a duty) is the judge's to say. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

NUMERAL = "0-9０-９٠-٩۰-۹๐-๙〇零一二三四五六七八九十百千两"
_WITHIN = r"[第제]\s?[0-9〇零一二三四五六七八九十百千]+\s?[条條조](?:之|の|ノ|의)\s?"  # 第二十八条の二
_COUNTERS = "条條款項项章节節编編部号號目附조항호목장절관편"
_AHEAD = 80  # characters before a number in which the word stands that it belongs to
_PROVISIONS = (
    "ss?|art(?:icle|icles|s|ículos?|igos?|icolo|icoli|ikel|ikels|ykuł|ykule)?|sec(?:tion|tions|s)?|clauses?|chapters?|parts?|"
    "titles?|para(?:graph|graphs|s)?|points?|items?|rules?|recitals?|annex(?:es)?|appendix|appendices|schedules?|abs(?:atz)?|"
    "abschnitt[es]?|kapitel[s]?|anlagen?|anhangs?|nummer|nr|satz|erwägungsgrund|alinéas?|considérants?|annexes?|chapitres?|"
    "numeral(?:es)?|inciso|considerandos?|cap[íi]tulos?|sección|seção|anexos?|comma|capo|allegat[oi]|lid|bijlage|bilaga|"
    "pasal|ayat|lampiran|điều|khoản|chương|phụ lục|madde|fıkra|стать(?:я|и|ей|е|ёй)|ст|пункт(?:а|ом|е|ы)?|част(?:ь|и)|"
    "глав(?:а|ы|е|ой)|приложени(?:е|я|ю|ем)|مادة|المادة|ข้อ|มาตรา|C\\.?F\\.?R|U\\.?S\\.?C"
)
_SIGNS = (
    r"§{1,2}|第|제|附件|附表|附录|附錄|別表第?|別紙|別記様式第?|様式第?|별표|별지|№|\b[Nn]o\.|\bNo(?=\s)|\bn[°º]|"
    r"¶"  # of a thing, whole
)
_MANY = (
    "articles|arts|sections|clauses|chapters|paragraphs|paras|points|items|rules|annexes|artículos|artigos|articoli|"
    "artikeln?|absätze|alinéas|numerales|стать(?:и|ей|ями|ях)|пункт(?:ы|ов|ами)"
)
_PRINTED = (
    r"(?i:\b(?:pages?|pp?|seiten?|p[áa]g(?:ina|inas|s)?|pagina|стр(?:аниц\w*)?|sayfa|halaman|trang|foot-?notes?|"
    r"fn|notes?|rn|rz|rdnr|randnummern?|"
    r"fu(?:ß|ss)noten?|note de bas de page|nota(?: (?:al?|de) (?:pie|rodap[ée])(?: de página)?)?|сноск\w*|dipnot|"
    r"tables?|"
    r"tabellen?|tableaux?|tablas?|tabelas?|tabell[ae]|таблиц\w*|fig(?:ure|ures|s|ura|uras)?|abbildung(?:en)?|abb|"
    r"рис\w*|"
    r"box(?:es)?|cuadros?|quadros?|gr[áa]ficos?|charts?|exhibits?|diagrams?|schaubild|kasten|encadrés?|"
    r"illustrations?|slides?|steps?|questions?|fragen?|preguntas?|perguntas?|вопрос\w*|soru|câu|"
    r"q))\.?[\s(:]*(?:n[°ºo]\.?\s?)?"
    r"|\bS\.\s?|(?:页|頁|ページ|脚注|腳註|脚註|注释|注|註|각주|图|圖|図|그림|(?<![附别別])表|問|问|问题|問題|질문|"
    r"문)[\s:：第]*"
    r"|\[\^?"
)
_PRINTED_BEHIND = r"^\s?(?:页|頁|ページ|쪽|페이지)"
_EDITION = (
    r"(?i:\b(?:version(?:en|s|e)?|versi[óo]n|versão|v|ver|редакц\w*|edition|édition|edici[óo]n|edição|edizione|auflage|"
    r"rev(?:ision)?|release|issue|vol(?:ume)?)\.?[\s(:]*(?:n[°ºo]\.?\s?)?|(?:版本|バージョン|버전)[\s:：第]*)$"
)
_EDITION_BEHIND = (
    r"(?i)^(?:st|nd|rd|th|\.|[ªº])?\s?"
    r"(?:版(?!权|權)|期(?![限间間])|판\b|次改定|次改訂|(?:edition|edición|edição|auflage|édition)\b)"
)
_PAGE_OF = (
    r"(?i:\b(?:page|seite|página|pagina|стр(?:аница)?|halaman|trang|sayfa)\s?\d+\s?(?:of|/|von|sur|de|di|van|из|"
    r"dari)\s?)$"
)
_FIRST = r"^[\s(\[（【]*(?:(?i:question|frage|pregunta|pergunta|вопрос|q|step)[\s.]?|[问問])?$"
_SUPERSCRIPT = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")
_NUMBER = rf"[{NUMERAL}⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:\.[{NUMERAL}]+)*"
_UNITS = (
    r"(?i)\s?(?:%|[€$£¥]|(?:per ?cent|days?|weeks?|months?|years?|hours?|euros?|tage?n?|monate?n?|jahre?n?|jours?|mois|"
    r"ans?|persons?|people|individuals|employees|users)\b)"
)
_TOUCHED = (  # when a page was looked over, not when anything applies
    r"(?:\b(?:last|most recently|recently) (?:updated|modified|reviewed|revised|changed|checked|edited)|"
    r"\bupdated(?: on|:|\s\d)"
    r"|\breviewed(?: on|:|\s\d)|\bpage (?:was )?(?:updated|reviewed|modified)|\bdate of (?:last )?(?:update|review)|"
    r"\b(?:accessed|retrieved|"
    r"visited) on|\bzuletzt (?:aktualisiert|geprüft|bearbeitet)|\baktualisiert am|\bletzte (?:aktualisierung|"
    r"bearbeitung)"
    r"|\babgerufen am|\bmise? à jour|\bdernière (?:mise à jour|modification)|\bconsultée? le|\b(?:actualizad|"
    r"atualizad|aggiornat)"
    r"[oa]\b|\b[uú]ltima (?:actualización|atualização|modificación|modificação|revisión|revisão)|"
    r"\bultim[oa] (?:aggiornamento"
    r"|modifica)|\b(?:laatst )?bijgewerkt|\buppdatera|\baktualizac|\bобновлен|\bоновлен|\bgüncelle|\bdiperbarui|"
    r"\bcập nhật"
    r"|更新|最后修改|最後修改|修改日期|수정일|최종 ?수정|업데이트|갱신|تحديث|ปรับปรุงล่าสุด|अद्यतन)"
)
_ISSUED = (  # which text this is
    r"|\bas (?:of|at) |\bversion|\bedition|\bcurrent (?:as|to)\b|\bin the version of|\bstand\b|\bfassung vom|"
    r"\bversion (?:du|en)\b"
    r"|\bedici[óo]n|\bedição|\bversi[óo]n|\bversão|版本|修订|改訂|改定|時点|現在|기준|\bредакц|©|\bcopyright|"
    r"\blast amended"
)
_HISTORY = (  # an editor's note on an amendment
    r"\b(?:fassung gem|eingefügt durch|aufgehoben durch|berichtigt durch|geändert durch|(?:inserted|substituted|"
    r"repealed|amended|"
    r"added|omitted|revoked|renumbered) (?:\([0-9.]+\) )?by\b|(?:ins|subs|rep|am)\. by|words (?:in|inserted|"
    r"substituted)|"
    r"(?:modifié|créé|abrogé|inséré|remplacé)e?s? par|(?:modificad|añadid|derogad|introducid|incluíd|alterad|"
    r"revogad|acrescid)[oa]s? "
    r"(?:por|pel[ao])|redação dada|(?:modificat|inserit|abrogat|sostituit)[oa] d|(?:в|у) ред(?:\.|акции)|изм(?:\.|"
    r"енен) )"
    r"|(?:本条新設|追加|一部改正|全部改正|本条改正|修正公布)[〕\])）]|[<〈\[［(](?:본조신설|개정|신설|전문개정)"
)
_GAZETTE = (  # where a text is published: AS 2007 4983, BGBl. I S. 1234, OJ L 119, 4.5.2016, p. 1
    r"\b(?:AS|BBl|SR|RS|RO|FF|BGBl|RGBl|GVBl|ABl|OJ|JO|GU|DOU|DOUE|BOE|Stat|Fed\. ?Reg|S\.?I|SOR|G\.?N)\.?"
    r"(?:[\s,/]+(?:[LCIVX]+|Nr?\.?|No\.?|S\.?|p\.?|n[°º]|\d[\d.]*)){0,6}[\s,/]+$"
)
_CLOSE = frozenset(")]）］〕>〉")
_BINDS = (  # a sentence that binds or sets a limit is a rule, whatever it tells beside that
    r"(?i:\b(?:shall|must|may not|will be|requir|no later|until|before|by \d|muss|müssen|soll|darf|dürfen|"
    r"spätestens|bis zum|doi|"
    r"devr|avant|au plus tard|deb|antes|hasta|dev|até|entro|moet|uiterlijk|wajib|paling lambat|phải|trước|долж|"
    r"обяз|до \d))"
    r"|[应應须須]|必须|之前|日前|なければならない|まで|하여야|해야|까지|يجب"
)
_MONTHS = (
    r"\b(?:janv?|febr?|févr?|fév|mars?|mär|marz|mart|apr|avr|abr|mai|may|maj|maio|mag|juin|jun|giu|juil|jul|lug|"
    r"aug|août|ago|"
    r"sept?|set|oct|okt|ott|out|nov|dec|dez|déc|dic|ene|gen|янв|фев|мар|апр|мая|май|июн|июл|авг|сен|окт|ноя|"
    r"дек)[^\W\d_]*\b"
)
_FIRST_BEHIND = rf"(?i)^\s?(?:[.．](?!\s?(?:\d|{_MONTHS}))|[:：、)）\]】°º])"
_DATED = (  # figures, the words of a date, and what stands between them
    r"(?i)(?:[\d\W]|[一二三四五六七八九十〇]|年|月|日|号|년|월|일|令和|平成|昭和|民國|民国|元|"
    rf"{_MONTHS}|"
    r"\b(?:de|of|d|th|st|nd|rd|ngày|tháng|năm)\b)+"
)
_RE_SENTENCE = re.compile(r"[。！？；;\n]|[.!?](?=\s+[^\W\d_a-zа-я])")


@cache
def numeral() -> re.Pattern[str]:
    """One number as provisions bear them: 5, 4a, 二十四."""
    return re.compile(rf"[{NUMERAL}]+[a-z]?(?![a-z])")


@cache
def _direct() -> re.Pattern[str]:
    """A number that follows the word for a provision, perhaps after a larger provision's number: "Article 5(3)"."""
    return re.compile(rf"(?:(?i:\b(?:{_PROVISIONS}))\.?|{_SIGNS})[\s(.]*(?:[{NUMERAL}]+[a-z]?[)(]+)*$|{_WITHIN}$")


@cache
def _listed() -> re.Pattern[str]:
    """A further number of a list that such a word opens: "Article 5 or 6"."""
    joints = rf"(?:[\s{NUMERAL}().,;、–—-]|and|or|to|und|bis|oder|et|ou|à|y|e|o|a|i|и|или|及び?|和|或|至|및|또는)"
    return re.compile(rf"(?:(?P<many>(?i:\b(?:{_MANY}))|§§)|(?i:\b(?:{_PROVISIONS}))\.?|§|第|제){joints}{{0,40}}$")


@cache
def _no_unit() -> re.Pattern[str]:
    """What may follow such a further number, so that "Article 5, 30 days" is no list."""
    words = "of|and|or|to|der|des|und|bis|oder|du|de|et|ou|del|della|y|e|o|и|или"
    return re.compile(rf"\)?(?:$|[.,;:()]|\s(?:{words})\b|[{_COUNTERS}])")


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def is_reference(ahead: str, behind: str) -> bool:
    """Whether a number between these two texts is that of a provision."""
    if _direct().search(ahead):
        return True
    listed = _listed().search(ahead)
    if listed is None:
        return False
    return bool(listed["many"] and not _pattern(_UNITS).match(behind)) or bool(_no_unit().match(behind))


def referred(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where a reference with its number at these places stands, word and all: "Article 46", "第三十五条"; or None."""
    ahead, behind = text[max(0, start - _AHEAD) : start], text[end : end + 20]
    if not is_reference(ahead, behind) or _pattern(_UNITS).match(behind):
        return None
    word = _direct().search(ahead) or _listed().search(ahead)
    low = start - len(ahead) + word.start() if word else start
    if text[low : low + 1] not in ("第", "제") or _pattern(_WITHIN).fullmatch(text, low, start):
        return low, end
    counted = _pattern(rf"\s?[{_COUNTERS}]").match(behind)
    return (low, end + counted.end()) if counted else None


def is_printed(text: str, start: int, end: int) -> bool:
    """Whether the number at these places is a page's, a note's, a table's, or the passage's own."""
    ahead, behind = text[max(0, start - _AHEAD) : start], text[end : end + 20]
    if _SUPERSCRIPT.issuperset(text[start:end]) or _pattern(_PAGE_OF).search(ahead) or _pattern(_GAZETTE).search(ahead):
        return True
    if _pattern(_FIRST).match(text[:start]) and _pattern(_FIRST_BEHIND).match(behind):
        return True
    if _pattern(_UNITS).match(behind):
        return False
    return bool(_pattern(f"(?:{_PRINTED})$").search(ahead) or _pattern(_PRINTED_BEHIND).match(behind))


def is_edition(text: str, start: int, end: int) -> bool:
    """Whether the number at these places is that of a version or edition."""
    ahead, behind = text[max(0, start - _AHEAD) : start], text[end : end + 20]
    return bool(_pattern(_EDITION).search(ahead) or _pattern(_EDITION_BEHIND).match(behind))


def sentence(text: str, start: int, end: int) -> str:
    """The sentence around these places."""
    low = max((match.end() for match in _RE_SENTENCE.finditer(text, 0, start)), default=0)
    found = _RE_SENTENCE.search(text, end)
    return text[low : found.end() if found else len(text)]


def is_noted(text: str, start: int) -> bool:
    """Whether a number stands in an editor's note on how a text came to read so: "Fassung gemäss", "inserted by"."""
    ahead = text[max(0, start - 2 * _AHEAD) : start]
    return any(not set(ahead[note.end() :]) & _CLOSE for note in _pattern(f"(?i){_HISTORY}").finditer(ahead))


def is_touched(said: str) -> bool:
    """Whether a sentence tells when its page was last looked over."""
    return bool(_pattern(f"(?i){_TOUCHED}").search(said))


def is_issued(said: str) -> bool:
    """Whether a sentence tells which text this is: when it was looked over, its version or edition."""
    return bool(_pattern(f"(?i){_TOUCHED}{_ISSUED}").search(said))


_SLIGHT = 100  # stretches of a passage that may all be slight


def slight(old: str, new: str, spans: Sequence[tuple[int, int, int, int]]) -> str:
    """ "numbering" where two passages differ in printed numbers alone, "date of update" where in that; else "".

    `spans` are where they differ: before start, before end, after start, after end.
    """
    if not spans or len(spans) > _SLIGHT:
        return ""
    first = _slight(old, new, spans[0])  # one that is more than that settles it
    return first if first and all(_slight(old, new, span) for span in spans[1:]) else ""


def _slight(old: str, new: str, span: tuple[int, int, int, int]) -> str:
    sides = (old, *_figures(old, *span[:2])), (new, *_figures(new, *span[2:]))
    words = [text[low:high].strip() for text, low, high in sides]
    if _masked(*words) and all(is_printed(text, *at) for text, low, high in sides for at in _numbers(text, low, high)):
        return "numbering"
    said = [sentence(*side) for side in sides] if all(_pattern(_DATED).fullmatch(word) for word in words) else [""]
    return "date of update" if all(is_touched(one) and not _pattern(_BINDS).search(one) for one in said) else ""


def _masked(old: str, new: str) -> bool:
    """Whether two stretches are alike but for their numbers, and have some."""
    bare = [_pattern(_NUMBER).sub("0", text) for text in (old, new)]
    return bare[0] == bare[1] and "0" in bare[0]


def _numbers(text: str, low: int, high: int) -> list[tuple[int, int]]:
    return [match.span() for match in _pattern(_NUMBER).finditer(text, low, high)]


def _figures(text: str, low: int, high: int) -> tuple[int, int]:
    """The stretch widened to the whole numbers that it cuts into."""
    figure = _pattern(rf"[{NUMERAL}]")
    while low > 0 and figure.match(text, low - 1):
        low -= 1
    while high < len(text) and figure.match(text, high):
        high += 1
    return low, high
