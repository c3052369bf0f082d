"""The numbers by which acts are known, as official texts print them and addresses carry them, each to one identifier.

An identifier begins with its family ("celex:", "fr:", "cn:" …); an act has one of each. The forms are those of the
publishers themselves: https://eur-lex.europa.eu/content/help/eurlex-content/celex-number.html,
https://www.federalregister.gov/reader-aids, GB/T 9704-2012 (发文字号), and what official pages print.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

Build = Callable[[re.Match[str], str], str]
"""Makes the identifier from a match and what stands around it (a year, the name of a body). "": none after all."""


class Number(NamedTuple):
    """A printed form. `where`: t in a title, l as a line of its own at the head of a text."""

    pattern: re.Pattern[str]
    build: Build
    where: str = "tl"
    place: str = ""  # only where this jurisdiction speaks; "": anywhere


class Found(NamedTuple):
    """An identifier with the stretch of text that says it."""

    value: str
    start: int
    end: int


# full-width letters and digits, and those of Arabic, as ASCII: one character each, so that offsets hold
NARROW = (
    {0xFF01 + n: 0x21 + n for n in range(94)}
    | {0x3000: 0x20, 0xA0: 0x20, 0x202F: 0x20, 0x2010: 0x2D, 0x2011: 0x2D, 0x2012: 0x2D, 0x2013: 0x2D}
    | {0x660 + n: 0x30 + n for n in range(10)}
    | {0x6F0 + n: 0x30 + n for n in range(10)}
)

HERE = "@"  # in an identifier: the jurisdiction that speaks
_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "元": 1, "两": 2, "○": 0}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_CN = "[0-9〇零○元一二两三四五六七八九十百千]"
_NO = r"(?:[Nn](?:o|r|um)?\.?\s?[°ºo]?\.?|№|#|[Nn]úmero|Nomor|Number|số|sayılı)"


def number(text: str) -> int:
    """A number in figures or in Chinese numerals: 24, 二十四, 二〇二四, 百十; 元 (of an era) is 1."""
    if text.isascii():
        return int(text)
    if not set(text) & set(_POWERS):
        return int("".join(str(_DIGITS.get(c, c)) for c in text))
    total = one = 0
    for character in text:
        if character in _POWERS:
            total += (one or 1) * _POWERS[character]
            one = 0
        else:
            one = one * 10 + (_DIGITS[character] if character in _DIGITS else int(character))
    return total + one


def numbers(text: str, *, place: str, where: str, beside: str = "") -> Iterator[Found]:
    """Every number that stands in a text (made narrow), leftmost and longest first, without overlaps.

    `place`: the jurisdiction that speaks; `where`: t for a title, l for a line; `beside`: who publishes it, and where.
    """
    around = f"{text}\n{beside}"
    fit = (one for one in NUMBERS if where in one.where and one.place in ("", place))
    found = [hit for one in fit for hit in _hits(one, text, around, place=place)]
    end = 0
    for hit in sorted(found, key=lambda hit: (hit.start, -hit.end)):
        if hit.start >= end:
            end = hit.end
            yield hit


def _hits(one: Number, text: str, around: str, *, place: str) -> Iterator[Found]:
    """What is numbered alike everywhere says whose it is: without a place it says nothing."""
    for match in one.pattern.finditer(text):
        value = one.build(match, around)
        if value and (place or HERE not in value):
            yield Found(value.replace(HERE, place), match.start(), match.end())


def in_address(url: str) -> list[str]:
    """Every identifier that an address carries."""
    plain = url.replace("%3A", ":").replace("%3a", ":").replace("%2F", "/").replace("%28", "(").replace("%29", ")")
    return [value for pattern, build in ADDRESSES for m in pattern.finditer(plain) if (value := build(m, plain))]


# ------------------------------------------------------------------------------------------------ European Union

_LETTERS = {
    "regulation": "R", "règlement": "R", "verordnung": "R", "reglamento": "R", "regolamento": "R", "regulamento": "R",
    "verordening": "R", "rozporządzenie": "R", "förordning": "R", "条例": "R", "directive": "L", "richtlinie": "L",
    "directiva": "L", "direttiva": "L", "diretiva": "L", "richtlijn": "L", "dyrektywa": "L", "指令": "L",
    "decision": "D", "décision": "D", "beschluss": "D", "decisión": "D", "decisione": "D", "decisão": "D",
    "besluit": "D", "decyzja": "D", "决定": "D",
}  # fmt: skip
_NOUNS = "|".join(_LETTERS)
_OF_UNION = r"(?:EU|UE|EC|CE|EG|EEC|CEE|EWG|Euratom)"
_ELI = {"reg": "R", "dir": "L", "dec": "D"}


def _celex(letter: str, year: int, serial: int) -> str:
    year += 0 if year > 99 else 1900 if year > 50 else 2000
    return f"celex:3{year}{letter}{serial:04}" if 1952 <= year <= 2099 else ""


def _union(match: re.Match[str], text: str) -> str:
    """(EU) 2016/679 says the year first (since 2015), (EC) No 1049/2001 last."""
    first, second = int(match["a"]), int(match["b"])
    year_first = not match["no"] and 1952 <= first <= 2099
    year, serial = (first, second) if year_first else (second, first)
    return _celex(_LETTERS[match["noun"].casefold()], year, serial)


def _union_old(match: re.Match[str], text: str) -> str:
    """Directive 95/46/EC, Decision 2000/520/EC."""
    return _celex(_LETTERS[match["noun"].casefold()], int(match["a"]), int(match["b"]))


def _celex_number(match: re.Match[str], text: str) -> str:
    """32016R0679, also of its corrigenda; a consolidated text (sector 0) is amended by other acts and none itself."""
    sector, rest = match["sector"], match["rest"]
    if sector == "0":
        return ""
    if sector == "6" and (case := re.fullmatch(r"(\d{4})([CT])J(\d{4})", rest)):
        return _case(int(case[3]), case[1][2:], case[2])
    return f"celex:{sector}{rest}"


def _case(serial: int, year: str, court: str) -> str:
    return f"ecj:{court}-{serial}/{year}"


_EDPB = {
    "guidelines": "guidelines", "guideline": "guidelines", "lignes directrices": "guidelines",
    "leitlinien": "guidelines", "directrices": "guidelines", "linee guida": "guidelines", "richtsnoeren": "guidelines",
    "wytyczne": "guidelines", "diretrizes": "guidelines", "recommendations": "recommendations",
    "recommandations": "recommendations", "empfehlungen": "recommendations", "recomendaciones": "recommendations",
    "raccomandazioni": "recommendations", "joint opinion": "joint-opinion", "opinion": "opinion",
    "stellungnahme": "opinion", "avis": "opinion", "parere": "opinion", "dictamen": "opinion", "parecer": "opinion",
    "binding decision": "binding-decision", "urgent binding decision": "urgent-binding-decision",
}  # fmt: skip
_EDPB_NOUNS = "|".join(sorted(_EDPB, key=len, reverse=True))
_BOARD = re.compile(r"EDPB|European Data Protection Board|CEPD|EDSA\b|Europäischer Datenschutzausschuss|edpb\.europa")


def _edpb(match: re.Match[str], text: str) -> str:
    """Other bodies number guidelines as well: theirs counts only where the Board is named."""
    kind = _EDPB[" ".join(match["noun"].casefold().split())]
    return f"edpb:{kind}-{int(match['n'])}/{match['y']}" if _BOARD.search(text) else ""


_UNION = (
    Number(
        re.compile(
            rf"(?i)(?:(?:Commission|Council|European Parliament and(?: of the)? Council)\s+)?"
            rf"(?:(?:Implementing|Delegated)\s+)?\b(?P<noun>{_NOUNS})\s\(\s?{_OF_UNION}(?:,\s?Euratom)?\s?\)\s?"
            rf"(?P<no>{_NO}\s?)?(?P<a>\d{{1,4}})/(?P<b>\d{{1,4}})(?!\d|/\d)"
        ),
        _union,
        "t",
    ),
    Number(
        re.compile(rf"(?i)\b(?P<noun>{_NOUNS})\s(?P<a>\d{{2}}|\d{{4}})/(?P<b>\d{{1,4}})/{_OF_UNION}\b"), _union_old, "t"
    ),
    Number(
        re.compile(r"[(（](?:EU|欧盟)[)）]\s?第?(?P<no>)(?P<a>\d{4})/(?P<b>\d{1,4})\s?[号號]?\s?(?P<noun>条例|指令|决定)"),
        _union,
        "t",
    ),
    Number(re.compile(r"(?i)\bCELEX(?: number)?[:\s]{0,3}(?P<sector>[0356])"
                      r"(?P<rest>\d{4}[A-Z]{1,2}\d{4})"), _celex_number),
    Number(re.compile(r"\bCOM\s?\((?P<y>\d{4})\)\s?(?P<n>\d{1,4})\b"), lambda m, _: f"com:{m['y']}/{int(m['n'])}"),
    Number(
        re.compile(r"\b(?P<y>\d{4})/(?P<n>\d{4}[A-Z]?)\s?\(?(?P<k>COD|NLE|CNS|RSP)\)?(?!\w)"),
        lambda m, _: f"procedure:{m['y']}/{m['n']}({m['k']})",
    ),
    Number(
        re.compile(r"(?<![\w-])(?P<c>[CT])[-‑–](?P<n>\d{1,4})/(?P<y>\d{2})(?![\d/])(?:\s?P)?"),
        lambda m, _: _case(int(m["n"]), m["y"], m["c"]),
    ),
    Number(re.compile(r"\bECLI:(?P<e>[A-Z]{2}:[A-Z0-9.]{1,7}:\d{4}:[A-Z0-9.]{1,25})"), lambda m, _: f"ecli:{m['e']}"),
    Number(re.compile(rf"(?i)\b(?P<noun>{_EDPB_NOUNS})\s(?P<n>\d{{1,2}})/(?P<y>20\d{{2}})(?!\d)"), _edpb, "t"),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------ United States

_RULE = r"(?P<d>[A-Z][A-Z0-9]{1,7}(?:-[A-Z0-9]{1,6}){0,3}-(?:19|20)\d{2}-(?:[A-Z]{1,4}-)?\d{4,5})"

_STATES = (
    Number(re.compile(r"\bFR Doc(?:ument)?\.?(?: No\.?)?:? ?(?P<n>(?:[CRZ]\d?-)?(?:19|20)\d{2}-\d{4,5})\b"),
           lambda m, _: f"fr:{m['n']}"),
    Number(re.compile(r"\bRIN:? ?(?P<n>\d{4}-[A-Z]{2}\d{2})\b"), lambda m, _: f"rin:{m['n']}"),
    Number(re.compile(rf"\b(?:Docket(?: No\.?| ID| Number)?:? ?){_RULE}(?!\d)"), lambda m, _: f"docket:{m['d']}"),
    Number(re.compile(r"\b(?:Executive Order(?: No\.?)?|E\.?O\.?) ?(?P<n>1[0-9]{4})\b"), lambda m, _: f"eo:{m['n']}"),
    Number(re.compile(r"\b(?:Proclamation(?: No\.?)?) ?(?P<n>1?[0-9]{4})\b"), lambda m, _: f"us-proclamation:{m['n']}"),
    Number(re.compile(r"\b(?P<v>\d{2,3}) (?:FR|Fed\. ?Reg\.) (?P<p>\d{1,6})\b"),
           lambda m, _: f"fr-page:{m['v']}/{m['p']}", "t"),
    Number(re.compile(r"\b(?P<t>\d{1,2}) C\.?F\.?R\.? [Pp]art (?P<p>\d{1,4})\b"),
           lambda m, _: f"cfr:{m['t']}-{m['p']}", "t"),
    Number(re.compile(r"\b(?:Public Law|Pub\. ?L\.|P\.L\.)(?: No\.?)? (?P<c>\d{2,3})[-–](?P<n>\d{1,4})\b"),
           lambda m, _: f"us-law:{m['c']}-{m['n']}"),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------ China, Taiwan, Macao

_ISSUERS = {"国家网信办": "国家互联网信息办公室", "工信部": "工业和信息化部", "国家发改委": "国家发展和改革委员会"}
_STATE = re.compile(r"^(?:中华人民共和国|中华人民共和國)")


def _issuer(text: str) -> str:
    """The first of those who issued it, by the full name."""
    first = next(iter(re.split(r"[\s、,]+", text.strip())), "")
    plain = _STATE.sub("", first)
    return _ISSUERS.get(plain, plain)


def _order(match: re.Match[str], text: str) -> str:
    """Orders are numbered on by each issuer; notices anew every year, and the President's with every term."""
    issuer, kind, year = _issuer(match["who"]), match["kind"], match["y"] or match["y2"]
    if len(issuer) < 3 or issuer.endswith("主席") or (kind != "令" and not year):
        return ""
    return f"cn:{issuer}{kind}{year + '-' if year else ''}{number(match['n'])}"


_CHINA = (
    Number(re.compile(r"(?P<who>[\u4e00-\u9fff]{2,10}?)\s?[〔\[(【﹝](?P<y>(?:19|20)\d{2})[〕\])】﹞]\s?第?\s?(?P<n>\d{1,4})"
                      r"\s?号"),
           lambda m, _: f"cn:{m['who']}〔{m['y']}〕{int(m['n'])}"),
    Number(
        re.compile(
            rf"(?P<who>[\u4e00-\u9fff]{{3,24}}(?:[\s、][\u4e00-\u9fff]{{3,20}}){{0,6}}?)\s?(?P<kind>令|公告|通告)\s?[(]?"
            rf"(?:(?P<y>(?:19|20)\d{{2}})\s?年)?[)]?\s?第\s?(?P<n>{_CN}{{1,7}})\s?号(?:\s?[(](?P<y2>(?:19|20)\d{{2}})"
            rf"年?[)])?"
        ),
        _order,
    ),
    Number(re.compile(r"\bGB(?:/[TZ])?\s?(?P<n>\d{3,6}(?:\.\d{1,3})?)\s?[-—–](?P<y>(?:19|20)\d{2})(?!\d)"),
           lambda m, _: f"gb:{m['n']}-{m['y']}"),
    Number(re.compile(r"\bTC260[-–](?P<n>PG[-–]\d{4,6}[A-Z]?)\b"), lambda m, _: f"tc260:{m['n'].upper()}"),
    Number(re.compile(r"(?P<w>[\u4e00-\u9fff]{2,6})字第\s?(?P<n>\d{8,12})[A-Z]?\s?號"),
           lambda m, _: f"tw:{m['w']}{m['n']}"),
    Number(re.compile(r"第\s?(?P<n>\d{1,3})/(?P<y>(?:19|20)\d{2})\s?號\s?(?P<k>法律|行政法規|行政長官批示|行政命令|經濟財政司司長批示)"),
           lambda m, _: f"mo:{m['k']}-{int(m['n'])}/{m['y']}", "tl"),
    Number(re.compile(r"\bL\.?N\.? (?P<n>\d{1,3}) of (?P<y>20\d{2})\b"),
           lambda m, _: f"hk-ln:{m['n']}/{m['y']}", "tl", "HK"),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------ Japan, Korea

_JAPAN = (
    Number(
        re.compile(
            rf"(?P<era>明治|大正|昭和|平成|令和)\s?(?P<y>{_CN}{{1,3}})\s?年\s?(?:{_CN}{{1,3}}\s?月{_CN}{{1,3}}\s?日\s?)?"
            rf"(?P<k>[\u4e00-\u9fff・]{{0,20}}?(?:法律|政令|省令|規則|告示|府令|条約|訓令))"
            rf"\s?第\s?(?P<n>{_CN}{{1,6}})\s?号"
        ),
        lambda m, _: f"jp:{m['era']}{number(m['y'])}{m['k']}{number(m['n'])}",
    ),
)  # fmt: skip
_KOREA = (
    Number(
        re.compile(
            r"(?P<k>법률|대통령령|총리령|[가-힣]{2,14}부령|[가-힣]{2,20}\s?(?:고시|공고|훈령|예규|규칙))\s?제\s?(?P<n>\d{1,6}(?:-\d{1,4})?)\s?호"
        ),
        lambda m, _: f"kr:{m['k'].replace(' ', '')}{m['n']}",
    ),
)

# ------------------------------------------------------------------------------------------------ Asia and the Pacific

_VIET = (
    r"(?P<n>\d{1,4})/(?P<y>(?:19|20)\d{2})"
    r"/(?P<k>(?:NĐ|ND|TT|TTLT|QĐ|QD|QH\d{1,2}|NQ|CT|UBTVQH\d{0,2}|L-CTN|PL)(?:-[A-ZĐ]{2,12})*)"
)


def _viet(match: re.Match[str], text: str) -> str:
    return f"vn:{int(match['n'])}/{match['y']}/{match['k'].replace('Đ', 'D')}"


_INDONESIAN = {
    "undang-undang": "uu", "uu": "uu", "peraturan pemerintah": "pp", "pp": "pp", "peraturan presiden": "perpres"
}  # fmt: skip


def _gazette(match: re.Match[str], text: str) -> str:
    """S.O. and G.S.R. numbers begin anew every year: without one beside they say little."""
    years = set(re.findall(r"\b20\d{2}\b", text))
    kind = match["k"].replace(".", "").casefold()
    return f"in:{kind}-{match['n']}(e)/{years.pop()}" if len(years) == 1 else ""


_PACIFIC = (
    Number(re.compile(rf"(?:(?:Nghị định|Luật|Thông tư|Quyết định|Nghị quyết|Decree|Law|Circular|Decision|Resolution)"
                      rf"\s)?(?:{_NO}:?\s?)?(?<![\d/]){_VIET}"),
           _viet),
    Number(re.compile(r"(?i)\b(?P<k>Undang-Undang|UU|Peraturan Pemerintah|PP|Peraturan Presiden)"
                      r"\s(?:Republik Indonesia\s|RI\s)?(?:Nomor|No\.?)\s?(?P<n>\d{1,3})\s?(?:Tahun|/)"
                      r"\s?(?P<y>(?:19|20)\d{2})"),
           lambda m, _: f"id:{_INDONESIAN[m['k'].casefold()]}-{m['n']}/{m['y']}"),
    Number(re.compile(r"\b(?P<k>S\.?O\.?|G\.?S\.?R\.?)\s?(?P<n>\d{1,5})\s?\(E\)"), _gazette, "tl"),
    Number(re.compile(r"\b(?P<n>[CF](?:19|20)\d{2}[A-Z]\d{5})\b"), lambda m, _: f"au:{m['n']}"),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------ Europe, the Americas

_EUROPE = (
    Number(re.compile(r"\b(?:S\.?I\.?|Statutory Instruments?)[,:]? (?:No\. ?)?(?P<y>(?:19|20)\d{2})/(?P<n>\d{1,4})\b"),
           lambda m, _: f"uksi:{m['y']}/{m['n']}"),
    Number(re.compile(r"^(?P<y>(?:19|20)\d{2}) No\. ?(?P<n>\d{1,4})$"),
           lambda m, _: f"uksi:{m['y']}/{m['n']}", "l", "GB"),
    Number(re.compile(r"\b(?:SR|RS) (?P<n>\d{3}(?:\.\d{1,4}){1,3})\b"), lambda m, _: f"ch-sr:{m['n']}", "tl", "CH"),
    Number(re.compile(r"\b(?:AS|RO|RU) (?P<y>20\d{2}) (?P<n>\d{1,4})\b"),
           lambda m, _: f"ch-as:{m['y']}/{m['n']}", "tl", "CH"),
    Number(re.compile(r"\bBGBl\.? (?P<y>20\d{2}) (?P<p>I{1,2}) Nr\. ?(?P<n>\d{1,4})\b"),
           lambda m, _: f"bgbl:{m['y']}/{m['p']}/{m['n']}"),
    Number(re.compile(r"\b(?P<k>Loi|Décret|Ordonnance|Délibération)\s(?:n[°º]\s?)(?P<n>\d{2,4}-\d{1,5})\b"),
           lambda m, _: f"fr-law:{m['k'].casefold()}-{m['n']}"),
    Number(re.compile(r"\bBOE-(?P<n>[ABC]-(?:19|20)\d{2}-\d{1,6})\b"), lambda m, _: f"boe:{m['n']}"),
    Number(re.compile(r"\b(?P<k>Ley Orgánica|Real Decreto-ley|Real Decreto|Ley)\s(?P<n>\d{1,4})/(?P<y>(?:19|20)\d{2})"
                      r"\b"),
           lambda m, _: f"es:{m['k'].casefold().replace(' ', '-')}-{m['n']}/{m['y']}", "tl", "ES"),
    Number(re.compile(r"(?i)\bdoc\.? ?web n\. ?(?P<n>\d{6,8})\b"), lambda m, _: f"it-doc:{m['n']}"),
    Number(re.compile(r"(?i)(?:Федеральн\w+ закон\w*|Закон\w*)\s(?:РФ\s)?от\s\d{1,2}[.\s]\w+[.\s](?P<y>(?:19|20)"
                      r"\d{2})\s?(?:г\.?|года)?\s?[N№]\s?(?P<n>\d{1,4})-ФЗ"),
           lambda m, _: f"ru:{m['n']}-fz/{m['y']}"),
    Number(re.compile(r"(?i)Постановлени\w+ Правительства(?: РФ| Российской Федерации)? от "
                      r"\d{1,2}[.\s]\w+[.\s](?P<y>20\d{2})\s?(?:г\.?|года)?\s?[N№]\s?(?P<n>\d{1,4})"),
           lambda m, _: f"ru:pp-{m['n']}/{m['y']}"),
    Number(re.compile(r"\b(?P<n>\d{3,5}) sayılı (?:[\wçğıöşüÇĞİÖŞÜ]+ ){0,8}Kanun"),
           lambda m, _: f"tr:kanun-{m['n']}", "t", "TR"),
    Number(re.compile(r"\b(?P<n>20\d{2}/\d{1,5}) sayılı (?:Kurul )?Karar"),
           lambda m, _: f"tr:karar-{m['n']}", "t", "TR"),
    Number(re.compile(r"(?i)\bResolução\s(?P<w>(?:CD/)?[A-Z]{2,10})\sn[º°o.]*\s?(?P<n>\d{1,4})(?:/(?P<y>20\d{2})|"
                      r",?\sde\s\d{1,2}º?\sde\s\w+\sde\s(?P<y2>20\d{2}))"),
           lambda m, _: f"br:resolucao-{m['w'].casefold()}-{int(m['n'])}/{m['y'] or m['y2']}"),
    Number(re.compile(r"(?i)\bResolution\s(?P<w>CD/ANPD)\s(?:No\.?\s)?(?P<n>\d{1,4})/(?P<y>20\d{2})\b"),
           lambda m, _: f"br:resolucao-{m['w'].casefold()}-{int(m['n'])}/{m['y']}"),
    Number(re.compile(r"(?i)\b(?P<k>Lei|Lei Complementar|Medida Provisória|Decreto)\sn[º°o.]*\s?(?P<n>\d{1,2}\.\d{3})"
                      r"(?!\.?\d)"),
           lambda m, _: f"br:{m['k'].casefold().replace(' ', '-')}-{m['n'].replace('.', '')}"),
    Number(re.compile(r"(?i)\bLey\s(?:N[°ºo.]*\s?)?(?P<n>\d{1,2}\.\d{3})\b"),
           lambda m, _: f"cl:ley-{m['n'].replace('.', '')}", "tl", "CL"),
    Number(re.compile(r"(?i)\bLey\s(?:N[°ºo.]*\s?)?(?P<n>\d{1,2}\.\d{3})\b"),
           lambda m, _: f"ar:ley-{m['n'].replace('.', '')}", "tl", "AR"),
    Number(re.compile(r"(?i)\bLey\s(?P<n>\d{3,4})\sde\s(?P<y>(?:19|20)\d{2})\b"),
           lambda m, _: f"co:ley-{m['n']}/{m['y']}", "tl", "CO"),
    Number(re.compile(r"\bSOR/(?P<n>\d{2,4}-\d{1,4})\b"), lambda m, _: f"ca-sor:{m['n']}"),
)  # fmt: skip

_ANYWHERE = (
    Number(
        re.compile(
            r"(?i)\b(?P<k>Federal Decree[- ]Law|Decree[- ]Law|Royal Decree|Presidential Decree|Decree|Federal Law|Law|"
            r"Act|Proclamation)\s(?:No\.?|Number)\s?\(?(?P<n>\d{1,4})\)?\s(?:of|/)\s?(?P<y>(?:19|20)\d{2})\b"
        ),
        lambda m, _: f"law:{HERE}:{'-'.join(re.split(r'[- ]', m['k'].casefold()))}-{int(m['n'])}/{m['y']}",
    ),
)

NUMBERS = (*_UNION, *_STATES, *_CHINA, *_JAPAN, *_KOREA, *_PACIFIC, *_EUROPE, *_ANYWHERE)

# ------------------------------------------------------------------------------------------------ addresses


def _eli(match: re.Match[str], url: str) -> str:
    return _celex(_ELI[match["k"][:3]], int(match["y"]), int(match["n"]))


def _same(family: str) -> Build:
    return lambda match, url: f"{family}:{match['n']}"


ADDRESSES: tuple[tuple[re.Pattern[str], Build], ...] = (
    (re.compile(r"(?i)CELEX:(?P<sector>[0356])(?P<rest>\d{4}[A-Z]{1,2}\d{4})"), _celex_number),
    (re.compile(r"/eli/(?P<k>reg|dir|dec)(?:_impl|_del)?/(?P<y>\d{4})/(?P<n>\d{1,4})(?:/|$)"), _eli),
    (re.compile(r"federalregister\.gov/(?:documents/\d{4}/\d{2}/\d{2}|d|citation)/(?P<n>(?:[CRZ]\d?-)?\d{4}-\d{4,5})"
                r"(?:/|$|\?)"), _same("fr")),
    (re.compile(r"govinfo\.gov/\S*/FR-\d{4}-\d{2}-\d{2}/(?:pdf/)?(?P<n>\d{4}-\d{4,5})"), _same("fr")),
    (re.compile(rf"regulations\.gov/(?:docket|document)/{_RULE}"), lambda m, _: f"docket:{m['d']}"),
    (re.compile(r"congress\.gov/bill/(?P<c>\d{2,3})\w{2}-congress/(?P<k>house|senate)[a-z-]*/(?P<n>\d{1,5})"),
     lambda m, _: f"us-bill:{m['c']}/{m['k'][0]}{m['n']}"),
    (re.compile(r"legislation\.gov\.uk/(?:id/)?(?P<k>uksi|ukpga|ssi|ukdsi|asp|wsi|nisr)/(?P<y>\d{4})/(?P<n>\d{1,5})"
                r"(?:/|$)"),
     lambda m, _: f"{m['k']}:{m['y']}/{m['n']}"),
    (re.compile(r"legislation\.gov\.au/(?:Details/|Series/|Latest/)?(?P<n>[CF](?:19|20)\d{2}[A-Z]\d{5})(?:/|$)"),
     _same("au")),
    (re.compile(r"boe\.es/\S*[?&]id=BOE-(?P<n>[ABC]-\d{4}-\d{1,6})\b"), _same("boe")),
    (re.compile(r"legifrance\.gouv\.fr/\S*/(?P<n>JORFTEXT\d{12})(?:/|$)"), _same("legifrance")),
    (re.compile(r"publication\.pravo\.gov\.ru/(?:[Dd]ocument/(?:[Vv]iew/)?)(?P<n>\d{16})"), _same("ru-publication")),
    (re.compile(r"curia\.europa\.eu/\S*[?&]num=(?P<c>[CT])-(?P<n>\d{1,4})/(?P<y>\d{2})\b"),
     lambda m, _: _case(int(m["n"]), m["y"], m["c"])),
)  # fmt: skip


def family(value: str) -> str:
    return value.partition(":")[0]

