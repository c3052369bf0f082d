"""Bytes to text: which charset a body is really in. Pure."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from bot.errors import ReadError

# What pages mean when they say one of these (WHATWG Encoding Standard, "names and labels"), as Python names.
_MEANT = {
    "gb2312": "gb18030", "gb_2312-80": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030",
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252",
    "us-ascii": "cp1252", "ansi_x3.4-1968": "cp1252", "windows-1252": "cp1252", "iso-8859-9": "cp1254",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "ms_kanji": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ksc5601": "cp949", "korean": "cp949",
    "windows-949": "cp949", "uhc": "cp949", "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "x-x-big5": "big5hkscs",
    "cn-big5": "big5hkscs", "tis-620": "cp874", "iso-8859-11": "cp874", "windows-874": "cp874", "x-euc-jp": "euc_jp",
    "euc-jp": "euc_jp", "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8", "iso-8859-8-i": "iso-8859-8",
}  # fmt: skip
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7"})  # yet Python's codecs
_MULTIBYTE = frozenset({"gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "iso2022_jp"})
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_RE_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_RE_META = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_RE_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_HEAD = 4096  # where a declaration is looked for; browsers look at 1,024 bytes, some servers write later
_SAMPLE = 4_096  # bytes that the detector gets to see: 50 µs a KB, and more changed its mind in none of 428 bodies
_SPOILT = 0.005  # share of unreadable characters up to which a charset is still believed


def decode(body: bytes, *, content_type: str = "", declared: str = "") -> tuple[str, str]:
    """The body's text and the name of its charset.

    UTF-8 and UTF-16 by proof (strict decoding, byte order marks), then what is declared (by the source, the header,
    a meta element or the XML declaration) if it decodes and the detector agrees, or if the detector is unsure; then
    the detector. Raises ReadError("unreadable") for bodies that are no text.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _lenient(body[len(mark) :], name), name.removesuffix("-le").removesuffix("-be")
    if b"\0" in body:
        return _with_nuls(body)
    text = _utf8(body)
    if text is not None and b"\x1b$" not in body[:_HEAD]:
        return text, "utf-8"
    return _legacy(body, list(_declared(body, content_type, declared)))


def _with_nuls(body: bytes) -> tuple[str, str]:
    """UTF-16 without a mark has a NUL in every second byte of its markup; anything else with many NULs is no text."""
    for name, at in (("utf-16-le", 1), ("utf-16-be", 0)):
        half = body[at : 2 * _HEAD : 2]
        if half.count(0) > 0.4 * len(half) and body[1 - at : 2 * _HEAD : 2].count(0) < 0.05 * len(half):
            return _lenient(body, name), "utf-16"
    if body.count(0) > 0.001 * len(body) + 2:
        raise ReadError("unreadable", f"{body.count(0)} of {len(body)} bytes are NUL: this is no text")
    return decode(body.replace(b"\0", b""))


def _utf8(body: bytes) -> str | None:
    """Strict UTF-8; a cut through the last character and a few spoilt bytes in a clearly UTF-8 body are forgiven."""
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        start = error.start
    if start >= len(body) - 3:
        return body[:start].decode()
    if _spoilt(body[start : start + _SAMPLE].decode(errors="replace")) > 0.5:
        return None  # another charset: no need to go through all of it
    text = body.decode(errors="replace")
    return text if _spoilt(text) < 0.02 else None


def _spoilt(text: str) -> float:
    """The share of unreadable ones among the characters beyond ASCII."""
    return text.count("\ufffd") / max(1, len(text) - len(text.encode("ascii", "ignore")))


def _declared(body: bytes, content_type: str, declared: str) -> Iterator[str]:
    """Charsets that somebody names, most trusted first, as Python knows them."""
    head = body[:_HEAD]
    header, meta, xml = _RE_HEADER.search(content_type), _RE_META.search(head), _RE_XML.search(head)
    names = [declared, header[1] if header else "", meta[1].decode() if meta else "", xml[1].decode() if xml else ""]
    for name in filter(None, names):
        known = python_name(name)
        if known and not known.startswith("utf"):
            yield known


def python_name(label: str) -> str:
    """What Python calls a charset, as pages mean its label; "" if it is unknown."""
    label = label.strip().lower()
    label = _MEANT.get(label, label)
    try:
        known = codecs.lookup(label).name
        b" ".decode(label)  # Python does not look a codec up for no bytes
    except UnicodeError:
        return label if known.startswith("utf-") else ""  # a blank alone is no UTF-16
    except (LookupError, ValueError):  # unknown, or one of Python's codecs that are no charsets
        return ""
    return "" if known in _NO_CHARSETS else label


def _legacy(body: bytes, declared: list[str]) -> tuple[str, str]:
    guess, sure = _detect(body)
    for name in declared:
        text = _lenient(body, name)
        if _readable(text) and (name == guess or not sure or _compatible(name, guess, text)):
            return text, name
    return _lenient(body, guess), guess


def _compatible(name: str, guess: str, text: str) -> bool:
    """Whether a declared charset may stand beside another guess: both single-byte, and no control characters in it."""
    if name in _MULTIBYTE:
        return name == "iso2022_jp"
    return guess not in _MULTIBYTE and not re.search("[\x80-\x9f]", text)


def _readable(text: str) -> bool:
    return text.count("\ufffd") <= _SPOILT * max(1, len(text))


def _lenient(body: bytes, name: str) -> str:
    return body.decode(name, errors="replace")


def _detect(body: bytes) -> tuple[str, bool]:
    """The detector's guess as Python knows it, and whether it was sure (chardetng: scored above another candidate)."""
    from chardetng_py import EncodingDetector

    detector = EncodingDetector()
    telling = _telling(body)
    detector.feed(telling, last=len(telling) == len(body))  # a sample may end within a character
    guess, sure = detector.guess_assess(tld=None, allow_utf8=False)
    return python_name(guess) or "cp1252", bool(sure)


def _telling(body: bytes) -> bytes:
    """The first lines that are not plain ASCII: of a long page the detector needs no more."""
    if len(body) <= _SAMPLE:
        return body
    lines: list[bytes] = []
    size = 0
    for line in body.split(b"\n"):
        if line.isascii():
            continue
        lines.append(line[: _SAMPLE - size])
        size += len(lines[-1]) + 1
        if size >= _SAMPLE:
            break
    return b"\n".join(lines)
