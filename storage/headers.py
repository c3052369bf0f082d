"""Response headers, small: without cookie values, and as a difference to those of an earlier snapshot."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import msgspec

from storage.packing import squeeze, to_json, unsqueeze

# What servers commonly say, so that a first response costs little. Frozen: stored rows are decoded with it.
COMMON: Final = (
    b'["x-cache","MISS"],["x-cache","HIT"],["via","1.1 varnish"],["alt-svc","h3=\\":443\\"; ma=86400"],["cf-ray",""],'
    b'["cf-cache-status","DYNAMIC"],["server","cloudflare"],["server","Apache"],["server","nginx"],["x-powered-by",'
    b'"PHP/8.2"],["x-powered-by","ASP.NET"],["p3p","CP="],["link","<https://"],["pragma","no-cache"],["expires","Thu, '
    b'19 Nov 1981 08:52:00 GMT"],["permissions-policy","geolocation=()"],["content-security-policy","default-src '
    b"'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: "
    b'https:; frame-ancestors \'self\'"],["referrer-policy","strict-origin-when-cross-origin"],["x-frame-options",'
    b'"SAMEORIGIN"],["x-xss-protection","1; mode=block"],["x-content-type-options","nosniff"],'
    b'["strict-transport-security","max-age=31536000; includeSubDomains; preload"],["access-control-allow-origin","*"],'
    b'["cache-control","no-store, no-cache, must-revalidate"],["cache-control","public, max-age=3600"],["age","0"],'
    b'["accept-ranges","bytes"],["vary","Accept-Encoding, Cookie"],["content-language","en"],["content-encoding",'
    b'"gzip"],["transfer-encoding","chunked"],["set-cookie",""],["connection","keep-alive"],["content-length","1'
    b'"],["etag","W/\\""],["last-modified","Mon, 01 Jan 2026 00:00:00 GMT"],["content-type","text/html;charset=GBK"],'
    b'["date","Mon, 01 Jan 2026 00:00:00 GMT"],["content-type","text/html; charset=utf-8"]]'
)
SECRET: Final = frozenset({"set-cookie", "set-cookie2"})

Pairs = tuple[tuple[str, str], ...]


class Packed(NamedTuple):
    """Headers ready to be stored; `head` is the snapshot whose headers are needed to read them, None: none."""

    head: int | None
    frame: bytes


def pack(db: sqlite3.Connection, headers: Iterable[tuple[str, str]], *, head: int) -> Packed:
    """As a difference to the headers of snapshot `head` (0: none), where that is shorter by half."""
    plain = to_json([(name.lower(), "" if name.lower() in SECRET else value) for name, value in headers])
    alone = squeeze(plain, like=COMMON, level=9)
    if head:
        beside = squeeze(plain, like=COMMON + _plain(db, head), level=9)
        if len(beside) * 2 <= len(alone):
            return Packed(head, beside)
    return Packed(None, alone)


def unpack(db: sqlite3.Connection, packed: Packed) -> Mapping[str, str]:
    """By lower-case name; what came more than once is joined by a comma (RFC 9110 §5.3)."""
    joined: dict[str, str] = {}
    for name, value in msgspec.json.decode(_read(db, packed), type=Pairs):
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _plain(db: sqlite3.Connection, snapshot: int) -> bytes:
    head, frame = db.execute("SELECT head, headers FROM snapshot WHERE id = ?", (snapshot,)).fetchone()
    return _read(db, Packed(head, frame))


def _read(db: sqlite3.Connection, packed: Packed) -> bytes:
    return unsqueeze(packed.frame, like=COMMON + (_plain(db, packed.head) if packed.head else b""))
