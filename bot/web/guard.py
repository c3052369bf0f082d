"""Which requests are answered at all, and the headers of every answer."""

from __future__ import annotations

import ipaddress
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The one stylesheet stands inside the page; its hash lets it in and nothing else (CSP 3, §6.6.3.1).
STYLE = (files("bot.web") / "templates" / "style.css").read_text(encoding="utf-8")
_DIGEST = b64encode(sha256(STYLE.encode()).digest()).decode()

HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "private, no-store",
}


class Guard:
    """Outermost: refuses requests that name another host, and puts our headers on whatever is answered."""

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str] | None) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        known = self._hosts is None or scope["type"] != "http" or host_of(Headers(scope=scope)) in self._hosts
        app = self._app if known else PlainTextResponse("this service does not answer to that name\n", 421)
        await app(scope, receive, with_headers)


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
    """Whether an address to bind to can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
