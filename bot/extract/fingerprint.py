"""How a source is read, as a short string: when it changes, stored bytes are read again (promise 5). Pure."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from bot.model import Source

REVISION = 5
"""Raised by hand whenever the same bytes may give other Blocks."""

_PARSERS = {
    "page": "selectolax", "list": "selectolax", "feed": "feedparser", "xml": "lxml", "sitemap": "lxml",
    "pdf": "pypdfium2", "docx": "lxml", "xlsx": "lxml",
}  # fmt: skip


@lru_cache(maxsize=4096)
def fingerprint(source: Source) -> str:
    """Revision, parser version and a hash of the keys that change a reading, e.g. "1 selectolax-1.0 5f3a…"."""
    keys: tuple[object, ...] = (source.type, source.select, source.remove, source.ignore, source.items)
    keys += (source.paths, source.charset, source.language, source.jurisdiction)
    keys += (source.rewrite,) if source.rewrite else ()
    told = blake2b(repr(keys).encode(), digest_size=6).hexdigest()
    return f"{REVISION} {_parser(_PARSERS.get(source.type, ''))} {told}"


@lru_cache(maxsize=8)
def _parser(distribution: str) -> str:
    """Name and minor version of a parser: patch releases do not make every stored page be read again."""
    if not distribution:
        return "own"
    from importlib.metadata import version

    return f"{distribution}-{'.'.join(version(distribution).split('.')[:2])}"
