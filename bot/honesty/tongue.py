"""Which script and language a text is in, roughly: enough to notice that a whole page flipped. Pure."""

from __future__ import annotations

from collections import Counter

RANGES = (
    (0x0041, 0x024F, "Latn"), (0x0370, 0x03FF, "Grek"), (0x0400, 0x052F, "Cyrl"), (0x0530, 0x058F, "Armn"),
    (0x0590, 0x05FF, "Hebr"), (0x0600, 0x06FF, "Arab"), (0x0900, 0x097F, "Deva"), (0x0E00, 0x0E7F, "Thai"),
    (0x10A0, 0x10FF, "Geor"), (0x1100, 0x11FF, "Hang"), (0x1E00, 0x1EFF, "Latn"), (0x3040, 0x30FF, "Kana"),
    (0x3400, 0x9FFF, "Hani"), (0xAC00, 0xD7AF, "Hang"),
)  # fmt: skip
SIMPLIFIED = frozenset(
    "个们务产会关进数据规护实对发国业单应开战时东车书长门问间见觉认让说语课调"
    "该详证评设许论访译试诚误请读谁购贸费资质账贯达运过还这远连选适邮释钱银错"
    "键镇长际险陆随难项顺须顾领频题颜风飞饭馆驻验龙办动区华协卫厅压参变号吗听"
    "员响团图场块坏"
)
TRADITIONAL = frozenset(
    "個們務產會關進數據規護實對發國業單應開戰時東車書長門問間見覺認讓說語課調"
    "該詳證評設許論訪譯試誠誤請讀誰購貿費資質賬貫達運過還這遠連選適郵釋錢銀錯"
    "鍵鎮際險陸隨難項順須顧領頻題顏風飛飯館駐驗龍辦動區華協衛廳壓參變號嗎聽員"
    "響團圖場塊壞"
)
ONLY_SIMPLIFIED, ONLY_TRADITIONAL = SIMPLIFIED - TRADITIONAL, TRADITIONAL - SIMPLIFIED
COMMON = {
    "en": "the of and to in that is for shall with by on this which are be",
    "fr": "le la les des et du une dans pour que est par sur aux au ou",
    "de": "der die das und den von zu mit des ist für im dem nicht eine oder",
    "es": "el la los las de y en que del se por para una con al es",
    "pt": "o a os as de e em que do da para uma com não dos ao",
    "it": "il la di che e gli del della per una con sono dei nel le è",
    "nl": "de het een van en in dat op te voor met zijn is aan niet wordt",
    "sv": "och att det som en på är av för med den till inte har om ska",
    "da": "og at det er en til på af for med den der ikke har om skal",
    "fi": "ja on ei että se joka tai sekä ovat myös kuin jos voi mukaan olla sen",
    "pl": "i w na z do się nie o jest oraz przez dla od że lub po",
    "cs": "a v na se je že z o s do pro nebo podle které jako byl",
    "hu": "a az és hogy nem is egy vagy ha meg el kell szerint azt ezt van",
    "ro": "și de în la cu pe a din care nu pentru prin sau este se ale",
    "tr": "ve bir bu ile için olarak da de veya olan gibi en daha ise göre kadar",
    "vi": "và của các có trong được cho là với theo này không những về người khi",
    "id": "dan yang di dari untuk dengan pada dalam ini atau oleh tidak adalah sebagai akan tersebut",
    "et": "ja on ei et või see kui mis seaduse käesoleva ning korral kohta isiku tuleb selle",
}
WORDS = {language: frozenset(words.split()) for language, words in COMMON.items()}


def script(text: str) -> str:
    """The script most of the letters are in, "" for a text of few letters. Han with some kana is Japanese."""
    counts = Counter(_script_of(ord(letter)) for letter in text if letter.isalpha())
    del counts[""]
    total = counts.total()
    if total < 40:
        return ""
    if counts["Kana"] * 12 > total:
        return "Jpan"
    if counts["Hang"] * 4 > total:
        return "Kore"
    name, most = counts.most_common(1)[0]
    return _han(text) if name == "Hani" else name if most * 2 > total else ""


def _script_of(point: int) -> str:
    return next((name for low, high, name in RANGES if low <= point <= high), "")


def _han(text: str) -> str:
    plain, full = sum(c in ONLY_SIMPLIFIED for c in text), sum(c in ONLY_TRADITIONAL for c in text)
    if plain + full < 8:
        return "Hani"
    return "Hans" if plain > 4 * full else "Hant" if full > 4 * plain else "Hani"


def tongue(text: str) -> str:
    """The language of a text in Latin letters by its commonest words, "" when unsure."""
    words = [word.strip(".,;:()\"'«»“”").lower() for word in text.split()]
    if len(words) < 60:
        return ""
    counts = Counter({code: sum(word in known for word in words) for code, known in WORDS.items()})
    (best, most), (_, second) = counts.most_common(2)
    return best if most * 10 > len(words) and most * 3 > second * 4 else ""
