"""What the words beside a jurisdiction make of it: where data come from, where they go, or whose rules these are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.judge.folding import is_ideographic
from bot.judge.index import Hit, Term

UNION = frozenset(
    {"EU", "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
     "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"}
)  # fmt: skip
JOINED = re.compile(r"\s?(?:[-–—/→⇒⇄↔]|[-=]>)\s?")  # two names as one: EU-US, UE/USA
_AHEAD = 32  # characters before a name that are read
_CLAUSE = 60  # characters in which a word for rules is looked for
_ARTICLE = r"(?:the |die |das |den |der |dem |de |het |la |le |les |l'|el |los |las |o |os |as |gli |i |lo )?"
_TO_BEFORE = re.compile(
    r"(?:\b(?:to|into|for|with|towards?|vers|à|aux?|à destination d[eu]s?|nach|zur?|zum|in(?= die | das )|gen|hacia"
    rf"|al?|para|aos?|às|verso|alla|alle|agli|allo|negli|naar|till?|do|ke|kepada|sang|tới|đến|в|во|إلى|الى) {_ARTICLE}"
    r"|\ball'|(?:→|⇒|[-=]>) ?|[向至到对對往与與和])$"
)
_MOVED_IN = re.compile(  # Italian and French say "in" of where something goes, too
    r"\b(?:trasferi\w+|invi(?:o|are|ano|at[oaie])|esporta\w+|trasm(?:ess|iss|ett)\w+)\b[^.;:]*\bin $"
    r"|\b(?:transf(?:ert|ér|èr)\w*|envo(?:i|y)\w*|export(?:er|ation)\w*)\b[^.;:]*\ben $"
)
_TO_BEHIND = re.compile(r"(?:へ|に(?![おつ関よ])|向け|(?:으로|로)(?!부터)|에게|에 (?:제공|이전)|'[yn]?[ae]\b)")
_FROM_BEFORE = re.compile(
    r"(?:\b(?:from|out of|aus|depuis|en provenance d[eu]s?|desde|a partir d[eao]s?|dal|dalla|dalle|dagli|dai|из|dari|từ"
    rf"|från|fra|vanuit|uit|ze?|من) {_ARTICLE}|\bdall'|[从從由自])$"
)
_FROM_BEHIND = re.compile(r"(?:から|에서|(?:으로|로)부터|'?n?[dt][ae]n\b)")
# "of" makes a start only where the sentence also says where to: data of China to the US
_OF = re.compile(rf"\b(?:of|d[eu]s?|del|della|degli|dei|d[ao]s?|von|van) {_ARTICLE}$")
_POSSESSIVE = re.compile(r"\w*(?:'s\b|s' )|的|の|의 ")
_RULES = re.compile(
    r"\b(?:rules?|laws?|acts?|decrees?|regulations?|measures|règles?|lois?|décrets?|normas?|reglas?|leyes|ley|leis?"
    r"|decretos?|legge|leggi|regolament\w*|norme|gesetz\w*|regeln|verordnung\w*|wet|regels|regler|правил\w*|закон\w*)\b"
    r"|规则|規則|规定|規定|办法|辦法|条例|條例|规范|規範|法律|法案|法令|制度|規制|ガイドライン|규정|규칙|법률|고시|제도"
)
_OPENS = re.compile(r"(?:^|[\n.:;。；：、《「(|]|\. |: |; |[-—–] | in )$")
_TITLED = re.compile(r"(?: ?[:：]|[(（]| [-—–|]) ?$")
_LOCATIVE = re.compile(r"\bin $")
# 中国の事業者への提供: the possessed is where data go
_LEADS_ON = re.compile(r"の[^\s。、の]{1,10}(?:へ|に)|의 [^\s.]{1,10}(?:에게|(?:으로|로)(?!부터))")
_COMPOUND = re.compile(r"\w*-(?!based)\w")  # USA-Datentransfer: where to
_WITH = re.compile(rf"(?:\b(?:with|for|mit|avec|con|com|met|med|z|с|із|dengan|với|ile) {_ARTICLE}|[与與和对對])$")
_BETWEEN = re.compile(  # what two jurisdictions have together: data go both ways
    r"\b(?:(?<!processing )(?<!transfer )(?<!service )(?<!services )(?<!licence )(?<!license )(?<!sharing )agreements?"
    r"|(?<!d')accords?|treat(?:y|ies)|pacts?|memorandum|memoranda|dialogue|joint statement"
    r"|agree[sd]? (?:on|to)|(?:reciprocal|mutual)(?:ly)? (?:adequacy|recogni\w+)|data (?:corridor|partnership)"
    r"|abkommens?|vereinbar(?:en|t|te|ung|ungen)|absichtserklärung|traité (?:de|entre|sur)|mémorandum|(?<!de )acuerdos?"
    r"|tratados?|convenios?|memorando|(?<!de )acordos?|(?<!d')accordo|trattato|verdrag|akkoord|overeenkomst(?:en)?"
    r"|porozumieni[ae]|umow[aęy] (?:handlow\w+|międzynarodow\w+|między|o|z)|överenskommelse|avtal|соглашени[еяюй]\w*"
    r"|меморандум\w*|угод[аиу]|anlaşma\w*|mutabakat\w*|hiệp định|thỏa thuận|biên bản ghi nhớ|perjanjian"
    r"|kesepakatan|nota kesepahaman)\b|समझौत|הסכם|מזכר הבנות|اتفاق|مذكرة|معاهدة|协定|協定|議定書|议定书|의정서"
    r"|(?<![a-z])(?:fta|epa|cepa|mou)(?![a-z])"
    r"|(?<!处理)(?<!传输)(?<!服务)(?<!用户)(?<!保密)协议|(?<!處理)(?<!傳輸)(?<!服務)協議|备忘录|備忘錄|覚書|条约|條約|条約"
    r"|交流机制|合作机制|对话|對話|대화|相互认证|相互認證|互认|互認|大湾区|大灣區|협정|협약|양해각서|상호 인정"
    r"|ข้อตกลง|ความตกลง|บันทึกความเข้าใจ"
)
_ONE_SIGN = {  # jurisdictions by one sign, beside another: 中欧, 日米, 한미
    **dict.fromkeys("中중", "CN"), **dict.fromkeys("美米미", "US"), **dict.fromkeys("欧歐", "EU"),
    **dict.fromkeys("德独", "DE"), **dict.fromkeys("英영", "GB"), **dict.fromkeys("法仏", "FR"),
    **dict.fromkeys("日일", "JP"), **dict.fromkeys("韩韓한", "KR"), "俄": "RU", "印": "IN", "越": "VN", "澳": "AU",
    "加": "CA", "新": "SG", "瑞": "CH", "泰": "TH",
}  # fmt: skip
_SIGNED = "".join(_ONE_SIGN)
_TWO_SIGNS = re.compile(
    rf"(?<![其集当當之在空粤粵])(?<![가-힣])([{_SIGNED}])[・·‧-]?(?:([{_SIGNED}])(?![国國文语語以式货貨元])(?!어|문|간지)|(eu))"
)
_OUTSIDE = (
    "outside", "outside of", "out of", "beyond", "leave", "leaves", "leaving", "non", "hors", "hors de", "hors de l'",
    "hors du", "en dehors de", "en dehors de l'", "à l'extérieur du", "à l'extérieur de", "außerhalb", "ausserhalb",
    "außerhalb der", "außerhalb von", "fuera de", "fora da", "fora de", "fora do", "al di fuori dell'",
    "al di fuori di", "fuori dall'", "buiten", "за пределы", "за пределами", "за межі", "за межами", "ngoài",
    "di luar", "poza", "utanför", "خارج",
)  # fmt: skip
_BEYOND = (
    "以外", "之外", "域外", "境外", "外に", "外へ", "国外", "國外", "역외", "외 ", " 외", " 밖", " dışı",
    " sınırları dışı",
)  # fmt: skip
_ENTITLED = re.compile(r"\s*(?:[:：,\-—–|]|$)")


def is_end(hit: Hit, text: str) -> bool:
    """Whether something leads to a place: "to China", 向美国, 미국으로, ABD'ye, trasferire in Cina."""
    led = _TO_BEFORE.search(_before(hit, text)) or _TO_BEHIND.match(text, hit.end)
    return bool(led or _MOVED_IN.search(text[max(0, hit.start - _CLAUSE - 20) : hit.start]))


def starts(places: Sequence[Hit], text: str) -> set[str]:
    """The jurisdictions from which data come, as the words beside them say."""
    found = {hit.term.topic for hit in places if is_start(hit, text)}
    if found:
        return found
    weak = {hit.term.topic for hit in places if _OF.search(text[max(0, hit.start - _AHEAD) : hit.start])}
    rest = [hit for hit in places if hit.term.topic not in weak]
    return weak if any(is_end(hit, text) for hit in rest) else set()


def is_owner(hit: Hit, text: str, *, home: str) -> bool:
    """Whether a place is named as the one whose rules these are: "China's rules", "Vietnam: decree", 越南数据规则.

    Beside a `home` that is known, a name that opens a clause in a script without spaces needs a word for rules.
    """
    ahead, behind = text[max(0, hit.start - _CLAUSE) : hit.start], text[hit.end : hit.end + _CLAUSE]
    if is_end(hit, text) or is_start(hit, text) or _LEADS_ON.match(text, hit.end):
        return False
    if _POSSESSIVE.match(behind):
        return True
    if _OF.search(ahead):
        return bool(_RULES.search(ahead))
    if hit.start and _TITLED.search(ahead) and not behind.strip(" .)"):  # "International data transfers: USA"
        return False
    if not hit.start or _OPENS.search(ahead) or _LOCATIVE.search(ahead):
        unknown = home in ("", "INT", hit.term.topic)
        plain = not is_ideographic(text[hit.start]) and not _COMPOUND.match(behind)
        return unknown or plain or bool(_ENTITLED.match(behind) or _RULES.search(behind.partition("\n")[0]))
    return False


def is_between(text: str) -> bool:
    """Whether a sentence speaks of what two jurisdictions have together: an agreement, a mutual recognition."""
    return bool(_BETWEEN.search(text))


def is_led_to(hit: Hit, text: str) -> bool:
    """Whether something leads to a place and not only joins it: "to China", but not "with China"."""
    return is_end(hit, text) and not _WITH.search(_before(hit, text))


def compounds(text: str, start: int, end: int) -> list[Hit]:
    """Two jurisdictions named by one sign each: 中欧, 日EU, 한미."""
    found = []
    for match in _TWO_SIGNS.finditer(text, start, end):
        for group in (1, 2 if match[2] else 3):
            term = Term(match[group], "place", _ONE_SIGN.get(match[group], "EU"), "places")
            found.append(Hit(term, *match.span(group)))
    return found


def is_outside(hit: Hit, text: str) -> bool:
    """Whether a place is one that something lies beyond: "outside the EU", 香港以外."""
    ahead = text[max(0, hit.start - 20) : hit.start].removesuffix("the ").removesuffix("l'").rstrip(" -")
    return ahead.endswith(_OUTSIDE) or text.startswith(_BEYOND, hit.end)


def is_start(hit: Hit, text: str) -> bool:
    """Whether something comes from a place: "from the EU", 中国から."""
    return bool(_FROM_BEFORE.search(_before(hit, text)) or _FROM_BEHIND.match(text, hit.end))


def _before(hit: Hit, text: str) -> str:
    """What stands before a name; of a name that holds its preposition, with it ("do Chin")."""
    inner = hit.term.words.rfind(" ") + 1 if hit.term.words[:2] in ("do", "z ") else 0
    return text[max(0, hit.start - _AHEAD) : hit.start + inner]
