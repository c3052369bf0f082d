"""Text as the eye sees it: what counts as a difference, what is a number label, which URLs are one URL. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from urllib.parse import parse_qsl, quote, urljoin, urlsplit, urlunsplit

__all__ = ["bare", "canonical_url", "fold", "label", "superscript", "tidy"]

# ------------------------------------------------------------------------------------------------ characters

_INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb"
    "\x00-\x08\x0e-\x1b\x7f"
)
# Scripts that are written without spaces, so that a line break inside a sentence stands for nothing.
_CJK = (
    "\u2e80-\u2fdf\u2ff0-\u30ff\u3100-\u312f\u3190-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    "\U00020000-\U0003ffff"
)

_RE_INVISIBLE = re.compile(f"[{_INVISIBLE}]")
_RE_ODD = re.compile(f"[{_INVISIBLE}\\t-\\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


@cache  # the wide sets take 2 ms each to compile, and most runs read nothing
def _wrapped() -> re.Pattern[str]:
    return re.compile(f"(?<=[{_CJK}])[ \\t\\u3000]*[\\r\\n]\\s*(?=[{_CJK}])")


def tidy(text: str) -> str:
    """Text on one line: runs of white space become one space, invisible characters and hard wraps inside CJK vanish."""
    if (text.isascii() and text.isprintable()) or not _RE_ODD.search(text):
        return text.strip(" ") if "  " not in text else " ".join(text.split())
    text = _RE_INVISIBLE.sub("", text)
    if not text.isascii() and ("\n" in text or "\r" in text):
        text = _wrapped().sub("", text)
    return " ".join(text.split())


def _same_glyphs() -> dict[str, str]:
    """Characters that differ in style only: full-width and half-width forms, radicals, ligatures, Roman numerals."""
    styled = [*range(0xFF01, 0xFFEF), *range(0x2F00, 0x2FD6), *range(0xFB00, 0xFB07), *range(0x2160, 0x2180)]
    table = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in styled}
    table |= dict.fromkeys("‘’‚‛′´ʹʼ`‹›＇", "'")
    table |= dict.fromkeys("“”„‟″«»「」『』〝〞〟＂﹁﹂﹃﹄", '"')
    table |= dict.fromkeys("‐‑‒–—―−﹘﹣－─", "-")
    table |= dict.fromkeys("・‧•∙●▪◦", "·")
    table |= {"…": "...", "º": "°", "˚": "°", "⁄": "/", "∕": "/", "\u3000": " ", "\u00a0": " ", "\u202f": " "}
    return {old: new for old, new in table.items() if old != new}


_GLYPHS = _same_glyphs()
_RE_GLYPH = re.compile("[" + re.escape("".join(_GLYPHS)) + "]")
# Thai, Lao, Khmer, Burmese and Hangul too: where they break or space a line is a matter of typography.
_LOOSE = _CJK + "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\ua960-\ua97f\uac00-\ud7ff"
_RE_PUNCTUATED = re.compile(r" (?=[^\w\s])|(?<=[^\w\s]) ", re.ASCII)
_RE_PUNCTUATED_WIDE = re.compile(r" (?=[^\w\s])|(?<=[^\w\s]) ")


@cache
def _spaced() -> re.Pattern[str]:
    return re.compile(f" (?=[{_LOOSE}])|(?<=[{_LOOSE}]) ")


def _glyph(match: re.Match[str]) -> str:
    return _GLYPHS[match[0]]


def fold(text: str) -> str:
    """What is left of a text when everything that never counts is gone; for hashes and comparing, not for showing.

    Two texts that differ in white space, quote style, dashes, full or half width, soft hyphens, or spacing around
    punctuation and in scripts without spaces, fold to the same string. Case, digits and words are kept.
    """
    text = tidy(text)
    if text.isascii():
        return _RE_PUNCTUATED.sub("", text.replace("`", "'").replace("''", '"'))
    text = unicodedata.normalize("NFC", _RE_GLYPH.sub(_glyph, text)).replace("''", '"')
    return _RE_PUNCTUATED_WIDE.sub("", _spaced().sub("", text))


def bare(text: str) -> str:
    """A text for hashing: folded, and without any white space, so that no spacing and no re-wrap can matter."""
    text = text if text.isprintable() else tidy(text)  # nearly all of it is tidy already
    if text.isascii():
        text = text.encode().translate(None, b" ").decode()  # half the time of `replace`
        return text.replace("`", "'").replace("''", '"')
    text = _RE_GLYPH.sub(_glyph, text.replace(" ", ""))
    text = unicodedata.normalize("NFC", text).replace("''", '"')
    return text.replace(" ", "") if " " in text else text


_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def superscript(digits: str) -> str:
    """Raised digits as they are seen: a foot-note mark must not read as part of the number before it."""
    return digits.translate(_SUPERSCRIPT)


# ------------------------------------------------------------------------------------------------ number labels

_HAN = "〇零一二三四五六七八九十百千两兩壹贰叁肆伍陆柒捌玖拾"
_ANY_DIGIT = "0-9０-９٠-٩۰-۹๐-๙०-९"
_ROMAN = (
    "(?=[IVXLCivxlc])(?:[Xx]{0,4}(?:[Ii][XxVv]|[Vv]?[Ii]{0,4})|[Xx]?[Ll][Xx]{0,3}(?:[Ii][XxVv]|[Vv]?[Ii]{0,4})|"
    "[Cc]{1,3})(?![A-Za-z])"
)
_WORDS = (
    "Article|Arts?|Artículo|Articulo|Artigo|Articolo|Artikel|Artykuł|Artikkel|Artikla|Articol(?:ul)?|Članak|Člen|Článek|"
    "Čl|Section|Sect?|Clause|Chapter|Part|Title|Annex|Appendix|Schedule|Recital|Regulation|Rule|Paragraph|Para|Principle|"
    "Standard|Abschnitt|Anlage|Anhang|Kapitel|Teil|Titel|Absatz|Hoofdstuk|Afdeling|Bijlage|Kap|Bilaga|"
    "Chapitre|Titre|Annexe|Capítulo|Capitulo|Título|Titulo|Sección|Seção|Anexo|Regla|Considerando|Cláusula|"
    "Capo|Capitolo|Titolo|Allegato|Sezione|Rozdział|Rozdzial|Załącznik|Oddział|Hlava|Část|Fejezet|Cikk|"
    "Madde|Geçici Madde|Ek Madde|Bölüm|Kısım|Ek|Pasal|Bab|Bagian|Lampiran|Điều|Chương|Mục|Phần|Phụ lục|Khoản|Điểm|"
    "Статья|Ст|Глава|Раздел|Пункт|Часть|Приложение|Стаття|Розділ|Член|Чл|Άρθρο|Αρθρο|Κεφάλαιο|Παράρτημα|"
    "(?:ال)?مادة|(?:ال)?فصل|(?:ال)?باب|סעיף|פרק|ข้อ|มาตรา|หมวด|ส่วนที่|धारा|अनुच्छेद|अध्याय"
)
_ARABIC_ORDINAL = (
    "(?:الأولى|الاولى|الثانية|الثالثة|الرابعة|الخامسة|السادسة|السابعة|الثامنة|التاسعة|العاشرة|الحادية|العشرون|الثلاثون|الأربعون)"
    "(?: عشرة?| و(?:العشرون|الثلاثون|الأربعون))?"
)
_SUBNUMBER = r"(?:\((?:[0-9]{1,3}[a-z]{0,2}|[a-z]{1,2}|[ivx]{1,5})\))*"
_BY_WORD = (
    rf"(?:(?i:{_WORDS})\.?|§{{1,2}}|¶)\s{{0,2}}"
    rf"(?:\(?[{_ANY_DIGIT}]+(?:[.\-/][{_ANY_DIGIT}]+)*\)?"
    r"(?:[\s-]?(?:bis|ter|quater|quinquies|sexies|septies|octies)\b|-?[a-zA-Zα-ωа-я]{1,2}\b|\.?[ºª°o](?!\w))?"
    rf"|{_ROMAN}|[A-Z](?!\w)|{_ARABIC_ORDINAL}){_SUBNUMBER}"
)
_BY_HAN = (
    rf"(?:第\s?[{_HAN}{_ANY_DIGIT}]+(?:-[{_ANY_DIGIT}]+)?\s?(?:部分|[编編章节節款条條目项項部])(?:[のノ之][{_HAN}{_ANY_DIGIT}]+)*"
    rf"|제\s?[{_ANY_DIGIT}]+\s?[편장절관조항](?:의[{_ANY_DIGIT}]+)?)"
)
_DATE = rf"[{_ANY_DIGIT}]{{1,2}}[./][{_ANY_DIGIT}]{{1,2}}[./][{_ANY_DIGIT}]{{2}}"
_BARE = (
    rf"[(（](?:[{_HAN}]{{1,4}}|[{_ANY_DIGIT}]{{1,3}}[a-z]?|[a-zA-Zα-ωа-я]|([a-zα-ω])\1|{_ROMAN}|[ア-ン])[)）]"
    rf"|[{_ANY_DIGIT}]{{1,4}}\.?(?:\s?[a-z])?\.?\s?§(?=\s|$)"
    rf"|[{_HAN}]{{1,4}}[、．.]"
    rf"|(?!{_DATE})[{_ANY_DIGIT}]{{1,3}}(?:[.．][{_ANY_DIGIT}]{{1,3}})*(?:[.．、](?![{_ANY_DIGIT}])|[)）]|[a-z][.)](?=\s))"
    rf"|(?!{_DATE})[{_ANY_DIGIT}]{{1,3}}(?:\.[{_ANY_DIGIT}]{{1,3}})+(?=\s+[A-Z\u00c0-\u00de\u0400-\u042f\u3400-\u9fff])"
    rf"|(?:[{_ANY_DIGIT}]{{1,3}}|[{_HAN}]{{1,3}})(?=\s[\u3040-\u30ff\u3400-\u9fff])"
    rf"|(?:{_ROMAN}|[a-z])[.)](?=\s)|(?:[A-Zа-я]|[α-ω]{{1,2}})\)(?=\s)|[가나다라마바사아자차카타파하][.)](?=\s)"
    rf"|(?-i:[IVXL]{{1,6}})(?=\s?[-–—]\s)"
    r"|[⁰¹²³⁴-⁹]{1,3}(?=\s)|[①-⓿㉑-㉟㊱-㊿⑴-⒇⒈-⒛㈠-㈩]"
)


@cache  # at first use: 7 ms together
def _numbered(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


# Most texts bear no number; these sets find that out without trying every pattern.
_BARE_FIRST = frozenset(
    f"0123456789０１２３４５６７８９٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹๐๑๒๓๔๕๖๗๘๙०१२३४५६७८९(（αβγδεζηθικλμνξοπρστυφχψω⁰¹²³⁴⁵⁶⁷⁸⁹IVXLCivxlc{_HAN}"
    + "".join(
        map(chr, [*range(0x2460, 0x2500), *range(0x3220, 0x322A), *range(0x3251, 0x3260), *range(0x32B1, 0x32C0)])
    )
)
_BARE_SECOND = frozenset(".)）")
_RE_FIRST_WORD = re.compile(r"§|¶|[^\W\d_][^\W\d_\u0300-\u036f]*[\u0e00-\u0e7f\u0900-\u097f]*")
_FIRST_WORDS = frozenset(
    {"§", "¶", "articol", "articolul", "art", "arts", "sec", "sect"}
    | {word.split()[0].casefold() for word in re.sub(r"\(\?:ال\)\?", "", _WORDS).split("|")}
    | {"ال" + word for word in ("مادة", "فصل", "باب")}
)
# What follows a number when the text speaks *of* a provision instead of being it.
_RE_REFERENCE = re.compile(r"[ ,](?:[a-zß-ÿа-яα-ω]|[0-9])|[^\W\d_]|[,;/%]")
_RE_HAN_REFERENCE = re.compile("[第的所に及和与與至から中をで、，,에의을를或]|规定|規定|又は|부터|내지")
_SKIP = " .:：．-–—―－、"


def label(text: str) -> tuple[str, str]:
    """The number label that a text starts with, as printed, and the rest; ("", text) when there is none.

    Knows "Article 5(3)", "Art. 33º", "§ 4b", "第二十四条", "第3条の2", "제28조", "Điều 25", "مادة 5", "Статья 12",
    "Madde 9", "Pasal 5", "ข้อ ๕", "(3)", "1.", "a)", "一、", "①". A reference that merely opens a sentence
    ("Article 5 applies …") is no label.
    """
    first = text[:1]
    if first in "第제":
        match = _numbered(_BY_HAN).match(text)
        if match:
            return ("", text) if _RE_HAN_REFERENCE.match(text, match.end()) else _split(text, match.end())
    elif first in _BARE_FIRST or text[1:2] in _BARE_SECOND:
        match = _numbered(_BARE).match(text)
        if match:
            return _split(text, match.end())
    word = _RE_FIRST_WORD.match(text)
    if word and word[0].casefold() in _FIRST_WORDS:
        match = _numbered(_BY_WORD).match(text)
        if match and not _RE_REFERENCE.match(text, match.end()):
            return _split(text, match.end())
    return "", text


def _split(text: str, end: int) -> tuple[str, str]:
    return text[:end].rstrip(), text[end:].lstrip(_SKIP)


# ------------------------------------------------------------------------------------------------ addresses

_TRACKING = re.compile(
    r"(?:utm_.*|pk_.*|piwik_.*|mtm_.*|matomo_.*|hsa_.*|_hs.*|at_(?:medium|campaign|custom.*)|wt[._]mc.*|mc_[ce]id|[gdw]?clid|"
    r"fbclid|gclid|gclsrc|dclid|msclkid|yclid|twclid|igshid|_ga|_gl|mkt_tok|trk|trkinfo|cmpid|spm|ref_src|ref_url|vero_id|"
    r"phpsessid|jsessionid|aspsessionid.*|asp\.net_sessionid|session_?id|cfid|cftoken|oscsid|zenid|sessid|"
    r"_|nocache|no_cache|cachebust(?:er)?|cache_buster)$",
    re.IGNORECASE,
)
_BUSTER = re.compile(r"(?:_?t|ts|time|timestamp|rnd|rand|random|r|cb|v|ver|dt)$", re.IGNORECASE)
_RE_STAMP = re.compile(r"(?:0?\.)?[0-9]{10,20}$")  # seconds or milliseconds since 1970, or Math.random()
_RE_SESSION_VALUE = re.compile(r"(?=.*[0-9])[0-9A-Za-z_-]{16,}$")
_RE_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?]*|/\([SAF]\([^)/]*\)\)(?=/|$)", re.IGNORECASE)
_RE_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ASCII = "".join(map(chr, range(33, 127)))
_SCHEMES = frozenset({"http", "https"})


@lru_cache(maxsize=8192)
def canonical_url(url: str, base: str = "") -> str:
    """One spelling for all addresses that lead to the same document, for keys and comparing; "" if not http(s).

    http and https are one (written https), default ports, fragments (but "#!…"), trailing slashes, session ids,
    tracking parameters and cache busters vanish; the host is lower case and parameters are sorted.
    """
    try:
        return _canonical(url, base)
    except ValueError:  # urllib.parse: bad IPv6 literal or port
        return ""


def without_session(url: str) -> str:
    """The address as it is to be asked: as given, but for session ids, tracking parameters and cache busters."""
    parts = urlsplit(url)
    pairs = [pair for pair in parts.query.split("&") if not _passing(*pair.partition("=")[::2])]
    return urlunsplit(parts._replace(path=_RE_PATH_SESSION.sub("", parts.path), query="&".join(pairs)))


def _canonical(url: str, base: str) -> str:
    url = re.sub(r"[\t\r\n]", "", url.strip()).replace("\\", "/")
    if base:
        url = urljoin(base, url)
    elif url.startswith("//"):
        url = "https:" + url
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme.lower() not in _SCHEMES or not host:
        return ""
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    query = _query(parts.query)
    mark = f"#{parts.fragment}" if parts.fragment.startswith("!") else ""
    return f"https://{host}{port}{_path(parts.path)}{'?' + query if query else ''}{mark}"


def _path(path: str) -> str:
    path = _RE_PATH_SESSION.sub("", path)
    if "/." in path:
        path = urlsplit(urljoin("http://h/", path)).path
    path = quote(_RE_ESCAPE.sub(_escape, path), safe="/%:@!$&'()*+,;=~-._")
    return path.rstrip("/") or "/"


def _escape(match: re.Match[str]) -> str:
    char = chr(int(match[0][1:], 16))
    return char if char in _UNRESERVED else match[0].upper()


def _query(query: str) -> str:
    if not query:
        return ""
    # Latin-1 keeps every byte: values are not always UTF-8, and two titles in GBK must not become one key.
    given = parse_qsl(quote(query, safe=_ASCII), keep_blank_values=True, encoding="latin-1")
    pairs = sorted(pair for pair in given if not _passing(*pair))
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)


def _quoted(text: str) -> str:
    return quote(text, safe="", encoding="latin-1")


def _passing(name: str, value: str) -> bool:
    """Whether a parameter names the visit and not the document."""
    if _TRACKING.match(name):
        return True
    if name.lower() == "sid":
        return bool(_RE_SESSION_VALUE.match(value))
    return bool(_BUSTER.match(name) and _RE_STAMP.match(value))
