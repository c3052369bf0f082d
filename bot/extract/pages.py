"""Answers that come in pages: where the next one lies, and how the bytes of all are kept as one body. Pure.

The pages of one look are one snapshot: each page's bytes as they came, with a record separator (U+001E, as in RFC 7464)
before each. The separator may stand in no JSON, XML or HTML, so the pages can always be taken apart again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from bot.errors import ReadError
from bot.extract.charset import decode
from bot.model import Source

MARK = b"\x1e"
NUMBER = "{n}"


def joined(bodies: Sequence[bytes]) -> bytes:
    """The bodies of all pages as one; a single page is left as it is."""
    return bodies[0] if len(bodies) == 1 else b"".join(MARK + body for body in bodies)


def pages_of(body: bytes) -> tuple[bytes, ...]:
    """The bodies that were joined; one that never was is its own only page."""
    return tuple(body[1:].split(MARK)) if body.startswith(MARK) else (body,)


def next_page(source: Source, bodies: Sequence[bytes], *, url: str) -> Source | None:
    """How to ask for the page after `bodies`; None after the last one, or when it lies on another host.

    `source.paging` is a path in a JSON answer to the next address, or a pattern with {n} for the number of the page; a
    site map's index leads to its parts, those that changed last first. Never more than `source.pages` in all.
    """
    if len(bodies) >= source.pages or not bodies[-1].strip():
        return None
    if source.type == "sitemap":
        return _part(source, bodies, url)
    if NUMBER in source.paging:
        return _numbered(source, len(bodies) + 1)
    return _linked(source, bodies[-1], url) if source.paging else None


def _linked(source: Source, body: bytes, url: str) -> Source | None:
    from bot.extract.answers import at, parse

    try:
        found = next(at(parse(decode(body, content_type="", declared=source.charset)[0]), source.paging), None)
    except ReadError:
        return None
    return _at(source, urljoin(url, found), url) if isinstance(found, str) and found.strip() else None


def _part(source: Source, bodies: Sequence[bytes], url: str) -> Source | None:
    from bot.extract.sitemap import parts

    try:
        found = parts(decode(bodies[0], content_type="", declared=source.charset)[0])
    except ReadError:
        return None
    places = [place for place in found if _at(source, place, url)]
    return _at(source, places[len(bodies) - 1], url) if len(bodies) <= len(places) else None


def _numbered(source: Source, number: int) -> Source:
    before, _, after = source.paging.partition(NUMBER)
    pattern = re.compile(re.escape(before) + r"\d+" + re.escape(after))
    asked = f"{before}{number}{after}"
    if pattern.search(source.body):
        return replace(source, body=pattern.sub(lambda _: asked, source.body, count=1))
    if pattern.search(source.url):
        return replace(source, url=pattern.sub(lambda _: asked, source.url, count=1))
    return replace(source, url=f"{source.url}{'&' if urlsplit(source.url).query else '?'}{asked}")


def _at(source: Source, place: str, url: str) -> Source | None:
    same = urlsplit(place).hostname == urlsplit(url).hostname and urlsplit(place).scheme in {"http", "https"}
    return replace(source, url=place) if same else None
