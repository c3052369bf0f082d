"""What a body looks like from outside, before it is read: title, visible text, furniture. Pure and cheap."""

from __future__ import annotations

import codecs
import html
import re
from functools import cached_property

from bot.honesty.phrases import weight

HEAD = 16_384  # where the title is sought
SMALL = 32_000  # up to here the whole body is stripped to its text at once; larger ones only on suspicion
LIMIT = 400_000

UNSEEN = re.compile(rb"<(script|style|svg|template|noscript|title|object)\b[^>]*>.*?</\1\s*>|<!--.*?-->", re.I | re.S)
LINE = re.compile(
    rb"</?(?:p|div|h[1-6]|li|ul|ol|td|th|tr|br|main|nav|section|article|header|footer|dd|dt|center|form|option|button|label)"
    rb"\b[^>]*>", re.I,
)  # fmt: skip
TAG = re.compile(rb"<[^>]*>")
NOSCRIPT = re.compile(rb"<noscript\b[^>]*>(.*?)</noscript", re.I | re.S)
META = re.compile(rb"<meta\b[^>]*>", re.I)
CONTENT = re.compile(rb"""content\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.I)
REFRESH = re.compile(r"^\s*(\d+)(?:\.\d+)?\s*[;,]?\s*(?:url\s*=\s*)?['\"]?([^'\"\s]*)", re.I)
CHARSET = re.compile(rb"""charset\s*=\s*["']?([A-Za-z0-9_:.-]+)""", re.I)
NO_PAGE = (b"{", b"[", b"%pdf", b"pk\x03\x04", b"<rss", b"<feed", b"<rdf", b"<urlset", b"<sitemapindex")
PAGE = (b"<html", b"<head", b"<body", b"<title")
HEADING = re.compile(rb"<h[12]\b[^>]*>(.*?)</h[12]", re.I | re.S)
NO_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"})
LEGACY = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "iso-8859-1": "cp1252",
    "shift_jis": "cp932",
}


class Face:
    """One body, looked at as little as possible: every property is computed at its first use."""

    def __init__(self, body: bytes, content_type: str) -> None:
        self.body, self.content_type = body, content_type.lower()
        self.start = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n\0")

    @cached_property
    def head(self) -> bytes:
        """The first bytes in lower case."""
        return self.body[:HEAD].lower()

    @cached_property
    def is_html(self) -> bool:
        """Whether a browser would show it as a page, whatever it is called."""
        start = self.start.lower()
        if start.startswith((b"<!doctype html", b"<!doctypehtml", b"<html")):
            return True
        if start.startswith(NO_PAGE) or b"<" not in start:
            return False
        if start.startswith(b"<?xml") or "xml" in self.content_type.replace("xhtml", ""):
            return b"<html" in self.head[:2048]
        return "html" in self.content_type or any(tag in self.head[:4096] for tag in PAGE)

    @cached_property
    def charset(self) -> str:
        """The first charset it claims (header, then body) that decodes its beginning; UTF-8 when none does."""
        claims = (CHARSET.search(self.content_type.encode("ascii", "replace")), CHARSET.search(self.body, 0, 2048))
        names = [claim[1].decode("ascii").lower() for claim in claims if claim] + ["utf-8"]
        return next((name for name in (LEGACY.get(name, name) for name in names) if self._decodes(name)), "utf-8")

    def _decodes(self, name: str) -> bool:
        try:
            if codecs.lookup(name).name in NO_CHARSETS:
                return False
            b" ".decode(name, "replace")  # a LookupError for codecs that give no text
            codecs.getincrementaldecoder(name)().decode(self.body[:4096])  # incremental: a letter may be cut at the end
        except (LookupError, ValueError):
            return False
        return True

    def decode(self, piece: bytes) -> str:
        return html.unescape(piece.decode(self.charset, "replace"))

    @cached_property
    def title(self) -> str:
        """What the page calls itself."""
        start = self.head.find(b"<title")
        end = self.head.find(b"</title", start) if start >= 0 else -1
        opened = self.head.find(b">", start) if start >= 0 else -1
        return self.decode(self.body[opened + 1 : end])[:300].strip() if 0 < opened < end else ""

    @cached_property
    def small(self) -> bool:
        return len(self.body) <= SMALL

    @cached_property
    def shown(self) -> bytes:
        """The markup without what a browser does not show."""
        return UNSEEN.sub(b" ", self.body[:LIMIT])

    @cached_property
    def text(self) -> str:
        """What a reader sees, without title and without what only a browser without scripts would show."""
        return " ".join(self.decode(TAG.sub(b" ", self.shown)).split())

    @cached_property
    def lines(self) -> list[str]:
        """The same text as the lines in which it stands."""
        lines = self.decode(TAG.sub(b" ", LINE.sub(b"\0", self.shown))).split("\0")
        return [line for line in (" ".join(line.split()) for line in lines) if line]

    @cached_property
    def weight(self) -> int:
        """How much it says to a reader, in Latin letters."""
        return weight(self.text)

    @cached_property
    def noscript(self) -> str:
        """What it says to a reader without scripts only."""
        return self.decode(TAG.sub(b" ", b" ".join(NOSCRIPT.findall(self.body[:LIMIT]))))

    @cached_property
    def headings(self) -> str:
        """Its first large headings."""
        return self.decode(TAG.sub(b" ", b" | ".join(HEADING.findall(self.body[:LIMIT])[:3])))

    @cached_property
    def description(self) -> str:
        """What it says of itself to search engines."""
        return next((said for meta, said in self._metas if b"description" in meta), "")

    @cached_property
    def refresh(self) -> str | None:
        """Where it sends a browser by itself within ten seconds; "" is the page itself; None: nowhere."""
        for meta, said in self._metas:
            if b"refresh" in meta and (found := REFRESH.match(said)) and int(found[1][:6]) <= 10:
                return found[2]
        return None

    @cached_property
    def _metas(self) -> list[tuple[bytes, str]]:
        found = ((meta.lower(), CONTENT.search(meta)) for meta in META.findall(self.body[:HEAD]))
        return [(meta, self.decode(next(filter(None, said.groups()), b""))) for meta, said in found if said]

    @cached_property
    def lower(self) -> bytes:
        """The bytes that may carry a vendor's mark, in lower case."""
        return self.body[:LIMIT].lower()

    def has(self, *marks: bytes) -> bool:
        return any(mark in self.lower for mark in marks)
