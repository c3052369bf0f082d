"""Site maps to Blocks: one keyed item per address, dated by its last modification. Pure.

The protocol: https://www.sitemaps.org/protocol.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from bot.errors import ReadError
from bot.extract.dates import iso_date
from bot.model import Block
from bot.text import canonical_url, tidy

MAX_URLS = 50_000  # the protocol's own limit


def read_sitemap(text: str) -> list[Block]:
    """One entry for each address (or, of an index, for each part), in order; raises ReadError if there is none."""
    root = _root(text)
    blocks: dict[str, Block] = {}
    for place, changed, title in _entries(root):
        key = canonical_url(place)
        if key:
            blocks.setdefault(key, Block("entry", title or _named(place), key=key, link=place, date=iso_date(changed)))
        if len(blocks) > MAX_URLS:
            raise ReadError("too large", f"more than {MAX_URLS} addresses")
    if not blocks:
        raise ReadError("no items", "the site map names no address")
    return list(blocks.values())


def parts(text: str) -> list[str]:
    """The addresses of an index's parts, those that changed last first; [] for a map that is no index."""
    root = _root(text)
    if _name(root) != "sitemapindex":
        return []
    dated = [(changed[:19], place) for place, changed, _ in _entries(root)]
    return [place for _, place in sorted(dated, key=lambda pair: pair[0], reverse=True)]


def _root(text: str) -> Any:
    from bot.extract.lawxml import parse

    root = parse(text)
    if _name(root) not in {"urlset", "sitemapindex"}:
        raise ReadError("wrong type", f"the body is no site map: its root is <{_name(root)[:40]}>")
    return root


def _entries(root: Any) -> Iterator[tuple[str, str, str]]:
    """Address, last modification and (Google's news extension) title."""
    for entry in root:
        said: dict[str, str] = {}
        for part in entry.iter():
            said.setdefault(_name(part), tidy(part.text or ""))
        yield said.get("loc", ""), said.get("lastmod") or said.get("publication_date", ""), said.get("title", "")


def _named(place: str) -> str:
    """What an address says of its page: the last words of its path."""
    parts = urlsplit(place)
    tail = unquote(parts.path.rstrip("/").rpartition("/")[2])
    words = tidy(re.sub(r"[-_+]+", " ", re.sub(r"\.(?:html?|aspx?|php|pdf|xml)$", "", tail)))
    return words or (parts.hostname or place)


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
