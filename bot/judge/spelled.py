"""Numbers in words, from one to some hundreds, in the languages of our sources: fünf, vingt-quatre, سبعة أيام, 열흘."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple


class Spelled(NamedTuple):
    """A number in words. `sure`: it can be nothing else; `time`: the word names a stretch of time, too (열흘)."""

    start: int
    end: int
    value: int
    sure: bool
    time: bool = False


# Each language: words of 1, 2, 3 … in their order ("/" between forms), then 20, 30 … 90, 100. Of those that build one
# word of two parts (vierundzwanzig) the rest is made below. Cardinals only: what is first or third is an ordinal.
_ONES = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
          "eighteen nineteen",
    "de": "ein/eins/eine/einen/einem/einer/eines zwei/zweier drei/dreier vier fünf sechs sieben acht neun zehn elf "
          "zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
    "fr": "un/une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    "es": "un/uno/una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
          "diecisiete dieciocho diecinueve",
    "it": "un/uno/una due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici "
          "sedici diciassette diciotto diciannove",
    "pt": "um/uma dois/duas três quatro cinco seis sete oito nove dez onze doze treze quatorze/catorze quinze "
          "dezesseis/dezasseis dezessete/dezassete dezoito dezenove/dezanove",
    "nl": "één/een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien "
          "zeventien achttien negentien",
    "pl": "jeden/jedna/jednego/jednej dwa/dwie/dwóch/dwu trzy/trzech cztery/czterech pięć/pięciu sześć/sześciu "
          "siedem/siedmiu osiem/ośmiu dziewięć/dziewięciu dziesięć/dziesięciu jedenaście/jedenastu dwanaście/dwunastu "
          "trzynaście/trzynastu czternaście/czternastu piętnaście/piętnastu szesnaście/szesnastu "
          "siedemnaście/siedemnastu osiemnaście/osiemnastu dziewiętnaście/dziewiętnastu",
    "sv": "en/ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton",
    "ru": "один/одна/одного/одной/одну два/две/двух/двум три/трех/трем четыре/четырех пять/пяти шесть/шести семь/семи "
          "восемь/восьми девять/девяти десять/десяти одиннадцать/одиннадцати двенадцать/двенадцати "
          "тринадцать/тринадцати четырнадцать/четырнадцати пятнадцать/пятнадцати шестнадцать/шестнадцати "
          "семнадцать/семнадцати восемнадцать/восемнадцати девятнадцать/девятнадцати",
    "uk": "один/одна/одного/однієї два/дві/двох три/трьох чотири/чотирьох п'ять/п'яти шість/шести сім/семи "
          "вісім/восьми дев'ять/дев'яти десять/десяти одинадцять/одинадцяти дванадцять/дванадцяти "
          "тринадцять/тринадцяти чотирнадцять/чотирнадцяти п'ятнадцять/п'ятнадцяти шістнадцять/шістнадцяти "
          "сімнадцять/сімнадцяти вісімнадцять/вісімнадцяти дев'ятнадцять/дев'ятнадцяти",
    "tr": "bir iki üç dört beş altı yedi sekiz dokuz on",
    "vi": "một/mốt hai ba bốn/tư năm/lăm sáu bảy/bẩy tám chín mười",
    "id": "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas",
    "ms": "satu dua tiga empat lima enam tujuh lapan/delapan sembilan sepuluh sebelas",
    "he": "אחד/אחת/אחת שניים/שני/שתיים/שתי שלושה/שלוש/שלושת ארבעה/ארבע/ארבעת חמישה/חמש/חמשת שישה/שש/ששת "
          "שבעה/שבע/שבעת שמונה/שמונת תשעה/תשע/תשעת עשרה/עשר/עשרת",
    "hi": "एक दो तीन चार पांच/पाँच छह/छः/छे सात आठ नौ दस ग्यारह बारह तेरह चौदह पंद्रह/पन्द्रह सोलह सत्रह अठारह उन्नीस बीस "
          "इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस उनतीस तीस इकतीस बत्तीस तैंतीस चौंतीस पैंतीस छत्तीस सैंतीस "
          "अड़तीस उनतालीस चालीस इकतालीस बयालीस तैंतालीस चौवालीस पैंतालीस छियालीस सैंतालीस अड़तालीस उनचास पचास इक्यावन "
          "बावन तिरपन चौवन पचपन छप्पन सत्तावन अट्ठावन उनसठ साठ इकसठ बासठ तिरसठ चौंसठ पैंसठ छियासठ सड़सठ अड़सठ उनहत्तर "
          "सत्तर इकहत्तर बहत्तर तिहत्तर चौहत्तर पचहत्तर छिहत्तर सतहत्तर अठहत्तर उन्यासी अस्सी इक्यासी बयासी तिरासी "
          "चौरासी पचासी छियासी सत्तासी अट्ठासी नवासी नब्बे इक्यानवे बानवे तिरानवे चौरानवे पचानवे छियानवे सत्तानवे "
          "अट्ठानवे निन्यानवे सौ",
    "ar": "واحد/واحدة اثنان/اثنين/اثنتين/اثنتان/اثنا/اثني/اثنتا/اثنتي ثلاثة/ثلاث أربعة/أربع/اربعة/اربع خمسة/خمس "
          "ستة/ست سبعة/سبع ثمانية/ثماني/ثمان تسعة/تسع عشرة/عشر",
}  # fmt: skip
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety hundred",
    "de": "zwanzig dreißig/dreissig vierzig fünfzig sechzig siebzig achtzig neunzig hundert/einhundert",
    "fr": "vingt/vingts trente quarante cinquante soixante septante huitante/octante nonante cent/cents",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien/ciento",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta cento",
    "pt": "vinte trinta quarenta/quarenta cinquenta/cinqüenta sessenta setenta oitenta noventa cem/cento",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig honderd",
    "pl": "dwadzieścia/dwudziestu trzydzieści/trzydziestu czterdzieści/czterdziestu pięćdziesiąt/pięćdziesięciu "
          "sześćdziesiąt/sześćdziesięciu siedemdziesiąt/siedemdziesięciu osiemdziesiąt/osiemdziesięciu "
          "dziewięćdziesiąt/dziewięćdziesięciu sto/stu",
    "sv": "tjugo trettio fyrtio femtio sextio sjuttio åttio nittio hundra/etthundra",
    "ru": "двадцать/двадцати тридцать/тридцати сорок/сорока пятьдесят/пятидесяти шестьдесят/шестидесяти "
          "семьдесят/семидесяти восемьдесят/восьмидесяти девяносто/девяноста сто/ста",
    "uk": "двадцять/двадцяти тридцять/тридцяти сорок/сорока п'ятдесят/п'ятдесяти шістдесят/шістдесяти "
          "сімдесят/сімдесяти вісімдесят/вісімдесяти дев'яносто/дев'яноста сто/ста",
    "tr": "yirmi otuz kırk elli altmış yetmiş seksen doksan yüz",
    "ar": "عشرين/عشرون ثلاثين/ثلاثون أربعين/أربعون/اربعين خمسين/خمسون ستين/ستون سبعين/سبعون ثمانين/ثمانون "
          "تسعين/تسعون مائة/مئة",
    "he": "עשרים שלושים ארבעים חמישים שישים שבעים שמונים תשעים מאה",
}  # fmt: skip
_TIMES = {
    "id": {"puluh": 10, "ratus": 100}, "ms": {"puluh": 10, "ratus": 100},
    "vi": {"mươi": 10, "trăm": 100}, "fr": {"vingt": 20, "vingts": 20},
}  # fmt: skip
_PLUS = {"id": {"belas": 10}, "ms": {"belas": 10}}
_MORE = {"id": {"seratus": 100}, "ms": {"seratus": 100}}
_AND = {"ar": "و", "he": "ו"}  # stands before its word without a space
_JOINTS = {
    "en": ("and",), "fr": ("et",), "es": ("y",), "pt": ("e",), "ar": ("و",), "vi": ("linh", "lẻ"), "sv": ("och",),
    "de": ("und",),
}  # fmt: skip
# These words mean other things as well (an article, "new", "on", "whether", "year"): a unit must stand behind them.
_DOUBTFUL = {
    "de": {"acht", "elf"}, "fr": {"neuf", "cent"}, "it": {"sei", "cento"}, "nl": {"acht"}, "sv": {"sex"}, "ar": {"ست"},
    "tr": {"on", "yüz", "yedi", "kırk", "elli", "bir"}, "id": {"dua"}, "ms": {"dua"},
    "he": {"שני", "שתי", "שש"}, "hi": {"दो", "सात", "सौ", "नौ"}, "pl": {"sto"},
    "pt": {"cem"}, "es": {"cien"}, "ru": {"сорок"}, "uk": {"сорок"},
}  # fmt: skip
_ALL_DOUBTFUL = frozenset({"vi"})
_WORD = re.compile(r"[^\s0-9,.;:!?()\[\]{}/\"«»„“”،؛।|–-]+")
_GAP = re.compile(r" ?-? ?")
_LONGEST = 8  # words of one number

_KOREAN = {
    "하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "여드레": 8, "아흐레": 9,
    "열흘": 10, "보름": 15,
}  # fmt: skip
_NATIVE = {
    **{word: n for n, word in enumerate("한 두 세 네 다섯 여섯 일곱 여덟 아홉 열 열한 열두".split(), 1)},  # noqa: SIM905
    "석": 3, "넉": 4, "스무": 20, "스물": 20, "스물네": 24, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "아흔": 90,
}  # fmt: skip
_NATIVES = "|".join(sorted(_NATIVE, key=len, reverse=True))
_DIGIT = "[일이삼사오육칠팔구]"
_HANGUL = re.compile(
    rf"(?<![가-힣])(?:(?P<days>{'|'.join(_KOREAN)})(?!날)"
    rf"|(?P<native>{_NATIVES})(?=\s?(?:달|시간|명|번|해|주|개월))"
    rf"|(?P<sino>(?:{_DIGIT}?백)?{_DIGIT}?십{_DIGIT}?|{_DIGIT}?백)(?=\s?(?:일|개월|달|년|주|시간|영업일|근무일|명|회|퍼센트))"
    rf"|(?P<one>{_DIGIT})(?=\s?(?:개월|년 이|년간|영업일|근무일|주일|주간|시간|일 ?(?:이내|간|전|까지|안에|내))))"
)
_THAI_DIGITS = {
    "หนึ่ง": 1, "สอง": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6, "เจ็ด": 7, "แปด": 8, "เก้า": 9, "เอ็ด": 1, "ยี่": 2,
}  # fmt: skip
_THAI_DIGIT = "|".join(sorted(_THAI_DIGITS, key=len, reverse=True))
_THAI = re.compile(
    rf"(?:(?P<hundreds>{_THAI_DIGIT})?ร้อย)?(?:(?P<tens>{_THAI_DIGIT})?(?P<ten>สิบ))?(?P<ones>{_THAI_DIGIT})?"
    r"(?=\s?(?:วัน|เดือน|ปี|สัปดาห์|ชั่วโมง|คน|ราย))"
)
_HANGUL_DIGITS = {char: n for n, char in enumerate("일이삼사오육칠팔구", 1)}
_OTHER_SCRIPTS = ("en", "ru", "ar", "he", "hi", "th", "ko")  # read where the language is not known


def spelled(text: str, *, language: str) -> Iterator[Spelled]:
    """The numbers in words of a folded text, in order; without a language in English and in scripts of their own."""
    for name in (language[:2],) if language else _OTHER_SCRIPTS:
        if name == "ko":
            yield from map(_korean, _HANGUL.finditer(text))
        elif name == "th":
            yield from (_thai(match) for match in _THAI.finditer(text) if match[0])
        elif name in _ONES:
            yield from _spaced(text, name)


def _spaced(text: str, language: str) -> Iterator[Spelled]:
    """Numbers of languages that put spaces between words: as many words as belong to one number."""
    found = list(_WORD.finditer(text))
    at = 0
    while at < len(found):
        if run := _run(found[at : at + _LONGEST], text, language):
            said = [match[0] for match in run if match[0] in _words(language)]
            yield Spelled(run[0].start(), run[-1].end(), _sum(said, language), _is_sure(said, language))
        at += len(run) or 1


def _run(found: Sequence[re.Match[str]], text: str, language: str) -> Sequence[re.Match[str]]:
    """The first words of a text that make one number, with what joins them; none if it begins with another word."""
    words, joints = _words(language), _JOINTS.get(language, ())
    last, size = "", 0
    for n, match in enumerate(found):
        if n and not _GAP.fullmatch(text, found[n - 1].end(), match.start()):
            break
        if match[0] in joints and last and size == n:
            continue
        if match[0] not in words or not _goes_on(last, match[0], language):
            break
        last, size = match[0], n + 1
    return found[:size]


def _goes_on(last: str, word: str, language: str) -> bool:
    """Whether a word continues a number: twenty-four, three hundred, dua puluh; but not "two three"."""
    words = _words(language)
    value, ahead = words[word], words.get(last, 0)
    if not last:
        return value > 0
    if word in _TIMES.get(language, ()) and (value != 20 or ahead == 4):
        return ahead < 10
    if word == "năm":  # a year, behind another number
        return False
    if value == 100 or value == 0:
        return 0 < ahead < 10
    if ahead < 10:
        return ahead == 0 or language in _AND and value % 10 == 0
    tens = ahead >= 20 or language in ("tr", "vi")
    return value < 10 and tens or ahead == 100 or language == "fr" and ahead in (20, 60) and value < 20


def _sum(said: Sequence[str], language: str) -> int:
    words, times, plus = _words(language), _TIMES.get(language, {}), _PLUS.get(language, {})
    total = part = 0
    for word in said:
        if word in plus:
            part += plus[word]
        elif words[word] == 100 or times.get(word) == 100:
            total, part = total + (part or 1) * 100, 0
        elif word in times and 0 < part < 10:
            part *= times[word]
        else:
            part += words[word] or times[word]
    return total + part


def _is_sure(said: Sequence[str], language: str) -> bool:
    one = _words(language)[said[0]] == 1 and language != "en"
    doubtful = one or said[0] in _DOUBTFUL.get(language, ())
    return language not in _ALL_DOUBTFUL and not (len(said) == 1 and doubtful)


@cache
def _words(language: str) -> Mapping[str, int]:
    """Every number word of a language; 0 and less: what multiplies or adds to the one before."""
    ones, tens = _table(_ONES[language], 1, 1), _table(_TENS.get(language, ""), 20, 10)
    marks = {word: 0 for word in (*_TIMES.get(language, ()), *_PLUS.get(language, ())) if word not in tens}
    made = dict(_made(language, ones, tens))
    sign = _AND.get(language, "")
    glued = {f"{sign}{word}": value for word, value in (ones | tens).items()} if sign else {}
    return made | glued | ones | tens | marks | _MORE.get(language, {})


def _table(words: str, start: int, step: int) -> dict[str, int]:
    listed = enumerate(words.split())
    return {form: start + step * n for n, forms in listed for form in forms.split("/")}


def _made(language: str, ones: Mapping[str, int], tens: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Words that are made of a ten and a one: vierundzwanzig, eenentwintig, ventuno, tjugofyra, veinticuatro."""
    for ten, high in tens.items():
        for one, low in ones.items():
            if low < 10 and high < 100:
                yield from ((word, high + low) for word in _joined(language, one, ten))
    if language == "es":
        yield from (("veintiún", 21), ("veintidós", 22), ("veintitrés", 23), ("veintiséis", 26))
        yield from ((f"veinti{one}", 20 + low) for one, low in ones.items() if low < 10)
    if language == "tr":
        yield from ((f"on{one}", 10 + low) for one, low in ones.items() if low < 10)


def _joined(language: str, one: str, ten: str) -> Iterator[str]:
    if language == "de":
        yield f"{one}und{ten}"
    elif language == "nl":
        yield f"{one.replace('één', 'een')}{'ën' if one.endswith('e') else 'en'}{ten}"
    elif language == "it":
        yield f"{ten[:-1] if one[0] in 'uo' else ten}{'tré' if one == 'tre' else one}"
    elif language in ("sv", "tr"):
        yield ten + one


def _korean(match: re.Match[str]) -> Spelled:
    if match["days"]:
        return Spelled(*match.span(), _KOREAN[match["days"]], True, True)
    if match["native"]:
        return Spelled(*match.span(), _NATIVE[match["native"]], False)
    total = part = 0
    for char in match[0]:
        if char in "백십":
            total, part = total + (part or 1) * (100 if char == "백" else 10), 0
        else:
            part = _HANGUL_DIGITS[char]
    return Spelled(*match.span(), total + part, False)


def _thai(match: re.Match[str]) -> Spelled:
    hundreds = _THAI_DIGITS[match["hundreds"]] * 100 if match["hundreds"] else 100 if "ร้อย" in match[0] else 0
    tens = (_THAI_DIGITS[match["tens"]] if match["tens"] else 1) * 10 if match["ten"] else 0
    return Spelled(*match.span(), hundreds + tens + (_THAI_DIGITS[match["ones"]] if match["ones"] else 0), False)
