"""RSS, Atom and RDF feeds to Blocks. Pure."""

from __future__ import annotations

import re
from typing import Any

from bot.errors import ReadError
from bot.extract.dates import iso_date
from bot.model import Block
from bot.text import canonical_url, tidy

_RE_DANGER = re.compile(rb"<!(?:ENTITY|ATTLIST|ELEMENT|NOTATION)\b|<!DOCTYPE[^>\[]*\[", re.IGNORECASE)
# What feedparser's second parser, for markup that is no XML, stumbles into.
_FRAIL = (ValueError, AssertionError, LookupError, AttributeError, TypeError)
_NOTE = 2_000  # characters of a summary that are kept


def refuse_entities(body: bytes) -> None:
    """Raises ReadError for XML that declares entities: parsers expand them (billion laughs)."""
    if _RE_DANGER.search(body):
        raise ReadError("unreadable", "the XML declares entities of its own, which are refused")


def read_feed(text: str, *, url: str) -> tuple[list[Block], str]:
    """One keyed Block per entry, in the feed's order, and the feed's title. Raises ReadError if it is no feed."""
    import feedparser

    # feedparser wants bytes; what it would read in the XML declaration is no longer true.
    body = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode()
    refuse_entities(body)
    try:
        feed = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    except _FRAIL as error:
        raise ReadError("unreadable", f"the feed is too damaged ({type(error).__name__})") from error
    if not feed.get("version") and not feed.get("entries"):
        raise ReadError("wrong type", "the body is no RSS, Atom or RDF feed")
    if not feed.entries:
        raise ReadError("no items", "the feed has no entries")
    links = [canonical_url(entry.get("link") or "", url) for entry in feed.entries]
    by_id = len(set(links)) < len(links)  # some feeds link every entry to one page
    blocks = [_entry(entry, link, by_id=by_id, url=url) for entry, link in zip(feed.entries, links, strict=True)]
    return _once(blocks), plain(feed.feed.get("title") or "")


def _entry(entry: Any, link: str, *, by_id: bool, url: str) -> Block:
    from bot.extract.blocks import absolute

    given = tidy(entry.get("id") or "")
    key = (canonical_url(given) or given) if by_id and given else link or given
    title = plain(entry.get("title") or "") or plain(entry.get("summary") or "")[:200] or link
    note = plain(entry.get("summary") or "")[:_NOTE]
    return Block(
        "entry",
        title,
        key=key or title,
        link=absolute(entry.get("link") or "", url),
        date=_date(entry),
        note="" if note == title else note,
    )


def _date(entry: Any) -> str:
    # dict.get, because feedparser's own `get` answers for "updated" with "published", and warns.
    for name in ("published", "updated", "created"):
        parsed = dict.get(entry, f"{name}_parsed")
        if parsed:
            return f"{parsed.tm_year:04}-{parsed.tm_mon:02}-{parsed.tm_mday:02}"
    return iso_date(dict.get(entry, "published") or dict.get(entry, "updated") or "")


def plain(markup: str) -> str:
    """The text of a scrap of HTML, on one line."""
    if "<" not in markup and "&" not in markup:
        return tidy(markup)
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(markup).body
    return tidy(body.text(separator=" ")) if body is not None else ""


def _once(blocks: list[Block]) -> list[Block]:
    seen: dict[str, Block] = {}
    for block in blocks:
        seen.setdefault(block.key, block)
    return list(seen.values())
