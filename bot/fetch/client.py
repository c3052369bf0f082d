"""httpx over guarded connections.

Of httpx this takes Request, Response, Cookies and the transport between them, but not `httpx.Client.send`: it works out
the next request of every redirect, also of one that it must not follow, stumbles over targets that are no web
addresses, keeps cookies for ever, and costs a fifth of a visit to an unchanged page.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator
from functools import lru_cache
from threading import Lock
from typing import cast

import httpcore
import httpx

from bot.fetch.dial import GuardedBackend
from bot.fetch.hop import REDIRECTS, Hop
from bot.fetch.settings import FetchSettings

_LOCK = Lock()


class Client:
    """Sends requests over connections of which every one went through the guard; for one thread."""

    def __init__(self, settings: FetchSettings) -> None:
        proxy = httpx.URL(settings.proxy) if settings.proxy else None
        self.backend = GuardedBackend(settings, proxy=_end(proxy) if proxy else None)
        self._transport = Transport(_pool(settings, self.backend, proxy))
        self._cookies = httpx.Cookies()
        read, connect = settings.read_timeout, settings.connect_timeout
        self._extensions = {"timeout": {"connect": connect, "read": read, "write": read, "pool": connect}}

    def send(self, hop: Hop) -> httpx.Response:
        """The answer to one hop, its body not yet read; cookies set by earlier answers go with it."""
        headers = [(name.encode(), value.encode()) for name, value in hop.headers]
        content = hop.body or None
        request = httpx.Request(hop.method, hop.url, headers=headers, content=content, extensions=self._extensions)
        if self._cookies:
            self._cookies.set_cookie_header(request)
        answer = self._transport.handle_request(request)
        if answer.status_code in REDIRECTS and "set-cookie" in answer.headers:  # no other answer is followed by one
            answer.request = request
            self._cookies.extract_cookies(answer)
        return answer

    @property
    def cookies(self) -> tuple[tuple[str, str], ...]:
        return tuple(sorted((cookie.name, cookie.value or "") for cookie in self._cookies.jar))

    def forget_cookies(self) -> None:
        if self._cookies:
            self._cookies.clear()

    def close(self) -> None:
        self._transport.close()


class Transport(httpx.BaseTransport):
    """httpx's socket over an httpcore pool (httpx's own transport takes no network backend)."""

    def __init__(self, pool: httpcore.ConnectionPool) -> None:
        self._pool = pool

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=cast(Iterable[bytes], request.stream),
                extensions=request.extensions,
            )
        )
        stream = Stream(cast(Iterable[bytes], answer.stream), answer)
        return httpx.Response(answer.status, headers=answer.headers, stream=stream, extensions=answer.extensions)

    def close(self) -> None:
        self._pool.close()


class Stream(httpx.SyncByteStream):
    """A body as it comes in."""

    def __init__(self, chunks: Iterable[bytes], answer: httpcore.Response) -> None:
        self._chunks, self._answer = chunks, answer

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._chunks)

    def close(self) -> None:
        self._answer.close()


def _pool(settings: FetchSettings, backend: GuardedBackend, proxy: httpx.URL | None) -> httpcore.ConnectionPool:
    # One thread asks one host after the other: a few kept connections serve hosts that take turns.
    tls = tls_context(settings.verify, http2=settings.http2)
    if proxy is None:
        return httpcore.ConnectionPool(
            tls,
            max_connections=8,
            max_keepalive_connections=4,
            keepalive_expiry=30.0,
            http2=settings.http2,
            network_backend=backend,
        )
    return httpcore.HTTPProxy(
        httpcore.URL(str(proxy.copy_with(userinfo=b""))),
        proxy_auth=(proxy.username.encode(), proxy.password.encode()) if proxy.userinfo else None,
        ssl_context=tls,
        max_connections=8,
        max_keepalive_connections=4,
        keepalive_expiry=30.0,
        http2=settings.http2,
        network_backend=backend,
    )


def _end(proxy: httpx.URL) -> tuple[str, int]:
    return proxy.raw_host.decode(), proxy.port or (443 if proxy.scheme == "https" else 80)


def tls_context(verify: str, *, http2: bool) -> ssl.SSLContext:
    """The process's one TLS context (loading the authorities takes ~20 ms and a megabyte)."""
    with _LOCK:
        return _tls_context(verify, http2)


@lru_cache(maxsize=4)
def _tls_context(verify: str, http2: bool) -> ssl.SSLContext:  # `http2`: httpcore writes its ALPN list into it
    return ssl.create_default_context(cafile=verify) if verify else httpx.create_ssl_context()
