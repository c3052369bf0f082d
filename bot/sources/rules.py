"""What must hold within one Source, beyond the form of each value. Pure."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from bot.model import Paths, Source

# A pattern that takes all of these away would make its source silent for ever.
MOST_PAGES = 20  # of one look; a source that needs more is asked a narrower question
ANY_TEXTS = ("a", "Article 5(3) applies.", "第五条")


class Fault(NamedTuple):
    """What is wrong, and at which key."""

    key: str
    what: str


def check_source(source: Source) -> Fault | None:
    """The first rule that this Source breaks."""
    return next((fault for rule in RULES for fault in rule(source)), None)


def wrong_id(id: str) -> str:
    """Why `id` cannot be an id, with the slug that it may have meant."""
    slug = re.sub(r"[^a-z0-9]+", "-", id.casefold()).strip("-")
    return "bad id: small letters, digits and single hyphens only" + (f"; did you mean '{slug}'?" if slug else "")


def _url(source: Source) -> Iterator[Fault]:
    try:
        parts = urlsplit(source.url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        yield Fault("url", f"bad url: {error}")
        return
    if parts.scheme not in ("http", "https"):
        yield Fault("url", f"bad url scheme '{parts.scheme[:20]}': only http and https are looked at")
    elif not host or re.search(r"[\s\x00-\x1f\x7f]", source.url):
        yield Fault("url", "bad url: no host" if not host else "bad url: it holds a space or a control character")
    elif parts.username is not None:
        yield Fault("url", "bad url: no names or passwords in addresses; name a REGWATCH_KEY_ setting in 'key'")


def _off(source: Source) -> Iterator[Fault]:
    if source.enabled and source.off_reason:
        yield Fault("off_reason", "'off_reason' without 'enabled = false'")
    elif not source.enabled and not source.off_reason:
        yield Fault("enabled", "'enabled = false' needs an 'off_reason'")


def _asking(source: Source) -> Iterator[Fault]:
    if source.body and source.method != "POST":
        yield Fault("body", "'body' needs method = \"POST\"")
    if source.paths.items and source.type != "json":
        yield Fault("paths", "'paths' needs type = \"json\"")
    elif source.paths != Paths() and source.type not in ("json", "csv"):
        yield Fault("paths", "'paths' needs type = \"json\" or \"csv\"")


def _paging(source: Source) -> Iterator[Fault]:
    if source.paging and source.pages < 2:
        yield Fault("paging", "'paging' needs 'pages', the number of pages that are read at most")
    elif source.pages > MOST_PAGES:
        yield Fault("pages", f"'pages' is more than {MOST_PAGES}")
    elif source.pages > 1 and not source.paging and source.type != "sitemap":
        yield Fault("pages", "'pages' needs 'paging', which says where the next page lies")
    elif source.paging and "{n}" not in source.paging and source.type != "json":
        yield Fault("paging", "'paging' with a path needs type = \"json\"; others take a pattern such as page={n}")
    elif source.paging and source.type not in ("json", "list"):
        yield Fault("paging", "'paging' needs type = \"json\" or \"list\"")


def _rendering(source: Source) -> Iterator[Fault]:
    if source.render and source.type not in ("page", "list"):
        yield Fault("render", "'render' needs type = \"page\" or \"list\"")
    elif source.render and (source.method != "GET" or source.key):
        yield Fault("render", "'render' is for pages that anybody may GET: without 'method' and 'key'")


def _zone(source: Source) -> Iterator[Fault]:
    if not _known_zone(source.timezone):
        yield Fault("timezone", f"unknown time zone '{source.timezone[:60]}'")


@lru_cache(maxsize=256)
def _known_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return False
    return True


def _patterns(source: Source) -> Iterator[Fault]:
    for pattern in source.ignore:
        if reason := _bad_pattern(pattern):
            yield Fault("ignore", f"bad pattern '{pattern[:60]}': {reason} (RE2 syntax)")


@lru_cache(maxsize=1024)
def _bad_pattern(pattern: str) -> str:
    if not pattern:
        return "it is empty"
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0] if error.args else "not understood"
        return reason.decode() if isinstance(reason, bytes) else str(reason)
    return "it swallows every text" if all(compiled.fullmatch(text) for text in ANY_TEXTS) else ""


def _selectors(source: Source) -> Iterator[Fault]:
    selectors = [("items", source.items)] if source.items else []
    selectors += [("select", css) for css in source.select] + [("remove", css) for css in source.remove]
    for key, css in selectors:
        if reason := _bad_selector(css):
            yield Fault(key, f"'{key}': {reason}")


@lru_cache(maxsize=1024)
def _bad_selector(css: str) -> str:
    from bot.extract import check_selector

    try:
        check_selector(css)
    except ValueError as error:
        return " ".join(str(error).split())[:120] or "not understood"
    return ""


RULES: tuple[Callable[[Source], Iterator[Fault]], ...] = (
    _url, _off, _asking, _paging, _rendering, _zone, _patterns, _selectors,
)  # fmt: skip
