"""What kind of document a body is, for captures that nobody declared. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_OFFICE = (
    (b"word/document", "docx"),
    (b"xl/workbook", "xlsx"),
    (b"word/", "docx"),
    (b"xl/", "xlsx"),
)
_BY_TYPE = (
    ("pdf", "pdf"), ("wordprocessingml", "docx"), ("spreadsheetml", "xlsx"), ("msword", "doc"), ("ms-excel", "xlsx"),
    ("rss", "feed"), ("atom", "feed"), ("rdf+xml", "feed"), ("xhtml", "page"), ("json", "json"),
    ("markdown", "markdown"),
    ("csv", "csv"), ("xml", "xml"), ("html", "page"),
)  # fmt: skip
_BY_SUFFIX = {
    "md": "markdown", "markdown": "markdown", "json": "json", "xml": "xml", "rss": "feed", "atom": "feed",
    "rdf": "feed",
    "pdf": "pdf", "docx": "docx", "doc": "doc", "xlsx": "xlsx", "csv": "csv", "html": "page", "htm": "page",
    "xhtml": "page",
}  # fmt: skip
_RE_HTML = re.compile(
    rb"<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>]|div[\s>]|p>|table[\s>]|meta\s)", re.IGNORECASE
)
_RE_FEED = re.compile(rb"<(?:rss[\s>]|feed[\s>][^>]*atom|rdf:rdf[\s>][^>]*rss|channel[\s>])", re.IGNORECASE)
_RE_SITEMAP = re.compile(rb"<(?:urlset|sitemapindex)[\s>]", re.IGNORECASE)
_RE_DOCTYPE = re.compile(rb"<!doctype\s+html", re.IGNORECASE)
_RE_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_HTML_ROOTS = frozenset(b"html head body div table p meta title link script center font br span main article".split())
_RE_ROOT = re.compile(rb"<(?![?!])([^\s/>]+)")
_LIST_LINKS, _LIST_SHARE, _DATED = 8, 0.6, 0.8


def guess_type(*, content_type: str, body: bytes, url: str) -> str:
    """One of model.TYPES. The body's first bytes are believed before the Content-Type, and that before the URL.

    An HTML page is called a list only when most of its text is links of one shape.
    """
    head = body[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    return _by_magic(body, head) or _by_markup(head, content_type, url, body)


def document_type(body: bytes) -> str:
    """pdf, docx, xlsx or doc by the body's first bytes, "" for everything else. A %PDF may follow some rubbish."""
    if body.startswith(b"%PDF-") or body.find(b"%PDF-", 0, 1024) >= 0 and not body.lstrip().startswith(b"<"):
        return "pdf"
    if body.startswith(b"\xd0\xcf\x11\xe0"):
        return "doc"
    if body.startswith(b"PK\x03\x04"):
        # The names of a ZIP's parts stand uncompressed in its directory.
        return next((kind for part, kind in _OFFICE if part in body), "")
    return ""


def _by_magic(body: bytes, head: bytes) -> str:
    return document_type(body) or ("xml" if head.startswith(b"PK\x03\x04") else "")


def _by_markup(head: bytes, content_type: str, url: str, body: bytes) -> str:
    plain = head.replace(b"\0", b"")
    said = next((kind for part, kind in _BY_TYPE if part in content_type.lower()), "")
    suffix = urlsplit(url).path.rpartition(".")[2].lower()
    markdown = "markdown" in (said, _BY_SUFFIX.get(suffix)) and not _RE_DOCTYPE.search(plain)
    if plain.startswith(b"<") and not markdown:
        return _by_tag(plain, body)
    if plain[:1] in (b"{", b"[") and said in {"", "json", "page"} and suffix not in {"md", "markdown"}:
        return "json"
    if said == "page" and not _RE_HTML.search(plain):
        said = ""
    return said or _BY_SUFFIX.get(suffix, "page" if _RE_HTML.search(plain) else "text")


def _by_tag(head: bytes, body: bytes) -> str:
    if _RE_FEED.search(head):
        return "feed"
    if _RE_SITEMAP.search(head):
        return "sitemap"
    root = _RE_ROOT.search(_RE_COMMENT.sub(b"", head))
    if root and root[1].lower() not in _HTML_ROOTS and not _RE_DOCTYPE.search(head):
        return "xml"
    return "list" if _is_list(body) else "page"


def _is_list(body: bytes) -> bool:
    """Whether most of what a page says, apart from its furniture, is the dated titles of one list of links."""
    from bot.errors import ReadError
    from bot.extract.blocks import blocks_of
    from bot.extract.charset import decode
    from bot.extract.html import scope
    from bot.extract.lists import read_list
    from bot.model import Source

    try:
        page = scope(decode(body)[0], source=Source("", ""), url="https://page.invalid/")
        items = read_list(page, source=Source("", ""))
        said = sum(len(block.text) for block in blocks_of(page) if block.place == "body")
    except ReadError:
        return False
    listed = sum(len(item.text) + len(item.note) for item in items)
    dated = sum(1 for item in items if item.date)
    return len(items) >= _LIST_LINKS and dated >= _DATED * len(items) and listed >= _LIST_SHARE * said
