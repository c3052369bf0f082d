"""One request, and the next one when the answer is a redirect."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import quote

import httpx

from bot.errors import FetchError
from bot.fetch.decode import ACCEPTED
from bot.model import Source, Validators

REDIRECTS = frozenset({301, 302, 303, 307, 308})
Headers = tuple[tuple[str, str], ...]

_ACCEPT = {
    "json": "application/json, */*;q=0.5",
    "feed": "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5",
    "xml": "application/xml, text/xml;q=0.9, */*;q=0.5",
    "sitemap": "application/xml, text/xml;q=0.9, */*;q=0.5",
    "csv": "text/csv, */*;q=0.5",
}
_ACCEPT_PAGE = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8"


@dataclass(frozen=True, slots=True)
class Hop:
    """One request. `key` is the API key that it carries somewhere, "" for none."""

    method: str
    url: httpx.URL
    headers: Headers
    body: bytes = b""
    key: str = ""

    @property
    def shown_url(self) -> str:
        """The address as it may be stored and shown: without fragment and without the key."""
        url = str(self.url.copy_with(fragment=None)) if self.url.fragment else str(self.url)
        return url.replace(quote(self.key, safe=""), "{key}") if self.key else url


def first(source: Source, *, validators: Validators, key: str, user_agent: str) -> Hop:
    """The request that asks for a source.

    The key goes where the declaration writes `{key}` (URL, header or body), else into X-Api-Key.
    """
    headers = _standing(source, user_agent) + _conditions(validators)
    url, body = source.url, source.body
    if key:
        if "{key}" not in url + body + "".join(value for _, value in headers):
            headers += (("X-Api-Key", key),)
        headers = tuple((name, value.replace("{key}", key)) for name, value in headers)
        url, body = url.replace("{key}", quote(key, safe="")), body.replace("{key}", key)
    return Hop(source.method.upper(), parse(url), headers, body.encode(), key)


@lru_cache(maxsize=1024)
def _standing(source: Source, user_agent: str) -> Headers:
    """The headers that are the same at every visit; the declaration's own come before ours."""
    ours = (
        ("User-Agent", user_agent),
        ("Accept", _ACCEPT.get(source.type, _ACCEPT_PAGE)),
        ("Accept-Encoding", ACCEPTED),
        ("Accept-Language", _languages(source.language)),
        ("Content-Type", _content_type(source.body)),
    )
    declared = {name.lower() for name, _ in source.headers}
    return source.headers + tuple((n, v) for n, v in ours if v and n.lower() not in declared)


def _languages(language: str) -> str:
    base = language.partition("-")[0]
    return f"{language}, {base};q=0.9, *;q=0.1" if base != language else language and f"{language}, *;q=0.1"


def _content_type(body: str) -> str:
    if not body:
        return ""
    return "application/json" if body.lstrip()[:1] in ("{", "[") else "application/x-www-form-urlencoded"


def _conditions(validators: Validators) -> Headers:
    """RFC 9110 §13.1: both, so that a server may use the one it understands; none that could not be sent back."""
    pairs = (("If-None-Match", validators.etag), ("If-Modified-Since", validators.last_modified))
    return tuple((name, value) for name, value in pairs if value.isascii() and value.isprintable() and value)


def parse(url: str) -> httpx.URL:
    """An address that we may ask: http or https, with a host, without credentials; raises FetchError."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise FetchError("protocol", f"not a URL: {url[:200]!r}") from error
    return _askable(parsed)


def _askable(url: httpx.URL) -> httpx.URL:
    if url.scheme not in ("http", "https") or not url.raw_host:
        raise FetchError("forbidden address", f"{str(url)[:200]!r} is not a web address")
    if url.userinfo:
        raise FetchError("forbidden address", "credentials in the address")
    return url


def onward(hop: Hop, *, status: int, location: str) -> Hop:
    """The hop that a redirect asks for, on the same host.

    `www.` or not and http or https count as one host; FetchError("elsewhere") names any other target. A key goes on
    only to the very host it was meant for and never from https to http.
    """
    try:
        url = _askable(hop.url.join(location))
    except httpx.InvalidURL as error:
        # httpx has no word for mailto: and the like, and none for a broken address
        raise FetchError("redirects", f"redirected to {location[:200]!r}, which is not a web address") from error
    if site(url) != site(hop.url):
        raise FetchError("elsewhere", str(url))
    if hop.key and not _safe_for_key(hop.url, url):
        raise FetchError("redirects", f"a redirect to {url.scheme}://{url.netloc.decode()} would give the key away")
    hop = replace(hop, url=url)
    # RFC 9110 §15.4: 303 always becomes GET; after 301 and 302 every browser does so for POST.
    if status == 303 or (status in (301, 302) and hop.method == "POST"):
        return replace(hop, method="GET", body=b"", headers=_without(hop.headers, "content-type"))
    return hop


def site(url: httpx.URL) -> str:
    """The host without a leading `www.`."""
    return url.raw_host.decode("ascii").rstrip(".").removeprefix("www.")


def _safe_for_key(here: httpx.URL, there: httpx.URL) -> bool:
    if here.raw_host != there.raw_host:
        return False
    return (here.scheme, here.port) == (there.scheme, there.port) or _upgraded(here, there)


def _upgraded(here: httpx.URL, there: httpx.URL) -> bool:
    return (here.scheme, there.scheme, here.port, there.port) == ("http", "https", None, None)


def _without(headers: Headers, name: str) -> Headers:
    return tuple((n, v) for n, v in headers if n.lower() != name)
