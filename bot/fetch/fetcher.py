"""The visit: one source asked for, redirects followed one by one, the answer brought back whole or not at all."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TYPE_CHECKING

from bot.errors import FetchError
from bot.fetch import robots as rules
from bot.fetch.decode import body as decoded
from bot.fetch.guard import vet
from bot.fetch.response import Response
from bot.fetch.settings import FetchSettings
from bot.model import Source, Validators

if TYPE_CHECKING:
    import httpx

    from bot.fetch.client import Client
    from bot.fetch.hop import Hop

_WIRE_SLACK = 1_000_000  # headers, chunk sizes: what the wire carries beside the body
_WHOLE = frozenset({"robots", "elsewhere", "redirects", "http"})  # causes after which every answer was read whole
_LONGEST_PAUSE = 7 * 86_400.0


def _any(url: str) -> bool:
    return True


class Fetcher:
    """Visits sources, over connections that are kept between visits. One Fetcher for each thread.

    Every method raises FetchError and nothing else for what the world does to us.
    """

    def __init__(self, settings: FetchSettings) -> None:
        self._client: Client | None = None
        self.settings = settings

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __del__(self) -> None:
        if not sys.is_finalizing():  # at the end of all the system closes what is left
            self.close()  # a worker thread ends without a word; its sockets shall not

    def close(self) -> None:
        """Close the kept connections; the next visit opens new ones."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def get(
        self,
        source: Source,
        *,
        validators: Validators = Validators(),
        api_key: str = "",
        allowed: Callable[[str], bool] = _any,
    ) -> Response:
        """Visit a source; `allowed` says of each address on the way whether robots.txt lets us ask for it.

        Error statuses come back as a Response: what they mean is not decided here. Raises FetchError with the causes
        dns, refused, timeout, tls, protocol, truncated, forbidden address, redirects, robots, too large, and
        elsewhere, whose `detail` is the address on another host that the source now leads to.
        """
        from bot.fetch.hop import first

        hop = first(source, validators=validators, key=api_key, user_agent=self.settings.user_agent)
        with self._visit(ipv4=source.ipv4):
            return self._follow(hop, allowed=allowed, validators=validators)

    def robots(self, url: str, *, ipv4: bool = False) -> str:
        """The robots.txt that governs `url`, "" when there is none; see `robots.unreachable` for a host that is down.

        RFC 9309 §2.3.1: 4xx means no rules; errors and 5xx mean that nothing may be fetched; redirects lead anywhere.
        """
        from bot.fetch.hop import first, parse

        try:
            target = str(parse(url).copy_with(raw_path=b"/robots.txt", fragment=None))
            source = Source(id="robots.txt", url=target, type="text")
            hop = first(source, validators=Validators(), key="", user_agent=self.settings.user_agent)
            with self._visit(ipv4=ipv4):
                return self._robots(hop)
        except FetchError as error:
            return rules.closed(error)

    # ---- on the way

    def _visit(self, *, ipv4: bool) -> contextlib.AbstractContextManager[None]:
        """Start the clock of one visit; errors leave as FetchError."""
        client = self._connected()
        client.backend.ipv4 = ipv4
        client.backend.budget.start(seconds=self.settings.total_timeout, room=2 * self.settings.max_bytes + _WIRE_SLACK)
        client.forget_cookies()  # they live for one visit: a visit must not depend on the ones before it
        return _Visit(self)

    def _connected(self) -> Client:
        if self._client is None:
            from bot.fetch.client import Client  # httpx takes a seventh of a second to import

            self._client = Client(self.settings)
        return self._client

    def _follow(self, hop: Hop, *, allowed: Callable[[str], bool], validators: Validators) -> Response:
        from bot.fetch.hop import REDIRECTS, onward

        started, client = monotonic(), self._connected()
        seen = set()
        for _ in range(self.settings.max_redirects + 1):
            if (hop.url, client.cookies) in seen:
                raise FetchError("redirects", f"in a circle, back to {hop.shown_url}")
            if not allowed(str(hop.url)):
                raise FetchError("robots", hop.shown_url)
            seen.add((hop.url, client.cookies))
            answer = self._ask(hop, limit=self.settings.max_bytes)
            location = answer.header("location")
            if answer.status not in REDIRECTS or not location:
                return _complete(answer, validators=validators, elapsed=monotonic() - started)
            hop = onward(hop, status=answer.status, location=location)
        raise FetchError("redirects", f"more than {self.settings.max_redirects}")

    def _robots(self, hop: Hop) -> str:
        from bot.fetch.hop import REDIRECTS, parse

        for _ in range(rules.MAX_REDIRECTS + 1):
            answer = self._ask(hop, limit=rules.MAX_BYTES, whole=False)
            location = answer.header("location")
            if answer.status in REDIRECTS and location:
                hop = replace(hop, url=parse(str(hop.url.join(location))))
            elif answer.status >= 500 or answer.status == 429:
                raise FetchError("http", f"robots.txt was answered with status {answer.status}")
            else:
                return answer.body.decode("utf-8-sig", "replace") if 200 <= answer.status < 300 else ""
        return ""  # RFC 9309 §2.3.1.2: as if there were none

    def _ask(self, hop: Hop, *, limit: int, whole: bool = True) -> Response:
        """One request and its answer; asked once more when a kept connection turned out to be closed."""
        from bot.fetch.faults import DROPPED

        client = self._connected()
        if self.settings.proxy:
            vet(hop.url.raw_host.decode(), _port(hop.url), self.settings)
        before = client.backend.dialled
        try:
            answer = client.send(hop)
        except DROPPED:
            if client.backend.dialled != before or hop.method != "GET":
                raise
            answer = client.send(hop)
        with contextlib.closing(answer):
            empty = Response(answer.status_code, hop.shown_url, _pairs(answer.headers.raw))
            body = self._read(answer, empty.header("content-encoding"), limit=limit, whole=whole)
            return replace(empty, body=body)

    def _read(self, answer: httpx.Response, encoding: str, *, limit: int, whole: bool) -> bytes:
        from bot.fetch.faults import DROPPED

        try:
            body, complete = decoded(answer.iter_raw(), encoding=encoding, limit=limit)
        except DROPPED as error:
            raise FetchError("truncated", "the connection broke off within the body") from error
        if whole and not complete:
            raise FetchError("too large", f"more than {limit} bytes")
        return body


class _Visit(contextlib.AbstractContextManager[None]):
    """The border: foreign errors leave as FetchError, and no half-read connection is used again."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            return
        from bot.fetch.faults import FOREIGN, fault

        if not (isinstance(error, FetchError) and error.cause in _WHOLE):
            self._fetcher.close()
        if isinstance(error, FOREIGN):
            raise fault(error) from error


def _complete(answer: Response, *, validators: Validators, elapsed: float) -> Response:
    etag, modified = answer.header("etag"), answer.header("last-modified")
    if answer.status == 304:  # RFC 9110 §15.4.5: it may bring newer ones, and may leave them out
        etag, modified = etag or validators.etag, modified or validators.last_modified
    pause = _pause(answer) if answer.status in (429, 503) else 0.0
    ms = round(elapsed * 1000)
    return replace(answer, validators=Validators(etag, modified), elapsed_ms=ms, retry_after=pause)


def _pairs(raw: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("ascii", "replace").lower(), _text(value)) for name, value in raw)


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _pause(answer: Response) -> float:
    """Retry-After in seconds (RFC 9110 §10.2.3); a date is measured against the server's own clock."""
    value = answer.header("retry-after").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), _LONGEST_PAUSE)
    until, now = _date(value), _date(answer.header("date"))
    return min(max((until - now).total_seconds(), 0.0), _LONGEST_PAUSE) if until and now else 0.0


def _date(value: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
