"""Outermost: which requests are answered at all, and the headers of every answer."""

from __future__ import annotations

import ipaddress
from base64 import b64encode
from collections.abc import Awaitable, Callable
from hashlib import sha256
from importlib.resources import files
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT = 1_100_000  # bytes of any request; forms are held to less, Slack's door to a little less
ADDRESS_LIMIT = 8_000  # characters of path and query

# The one stylesheet stands inside the page; its hash lets it in and nothing else (CSP 3, §6.6.3.1).
STYLE = (files("bot.web") / "templates" / "style.css").read_text(encoding="utf-8")
_DIGEST = b64encode(sha256(STYLE.encode()).digest()).decode()

# Referrer-Policy: with no-referrer a browser would send `Origin: null` with our own forms (Fetch, "serialize a request
# origin"), and a form's origin is looked at.
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_DIGEST}'; img-src data:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "private, no-store",
}


class Guard:
    """Refuses requests that name another host or are too large, and puts our headers on whatever is answered."""

    def __init__(self, app: ASGIApp, *, knows: Callable[[str], bool], secure: bool = False) -> None:
        self._app, self._knows = app, knows
        self._headers = {**HEADERS, **({"Strict-Transport-Security": "max-age=31536000"} if secure else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        app = self._refusal(scope) or self._app
        await app(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        headers = Headers(scope=scope)
        if not self._knows(host_of(headers)):
            return PlainTextResponse("this service does not answer to that name\n", 421)
        if len(scope.get("raw_path", b"")) + len(scope["query_string"]) > ADDRESS_LIMIT:
            return PlainTextResponse("this address is too long\n", 414)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:12]) > BODY_LIMIT:
            return PlainTextResponse("too large\n", 413)
        return None


def host_of(headers: Headers) -> str:
    """The name in the Host header, lower-case, without its port; "" for none or nonsense."""
    named = headers.getlist("host")
    if len(named) != 1 or "@" in named[0]:
        return ""
    try:
        return urlsplit(f"//{named[0]}").hostname or ""
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Whether an address or name can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def body_of(receive: Callable[[], Awaitable[Message]], *, limit: int) -> bytes | None:
    """The whole body of a request; None when it is larger than the limit."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > limit:
            return None
        if not message.get("more_body"):
            return bytes(body)
