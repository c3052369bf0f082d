"""Who may read: rules for routes, sessions, forms that come from our own pages, and how much anybody may ask.

Open means: bound to loopback, and REGWATCH_PUBLIC_URL names no other host. A service behind a proxy is bound to
loopback as well, and its visitors come from everywhere; so with a public name everybody needs a token or a link.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from threading import Lock
from urllib.parse import urlsplit

from starlette.requests import Request

from bot import settings as settings_room
from bot.app import App
from bot.web.guard import is_loopback


class Rule(Enum):
    """What a route asks of whoever comes. Every route has one; a test walks the router."""

    ANYBODY = "anybody"
    READER = "a session, the token, or a machine on which the pages are open"
    FEED = "as a reader, or a feed key in the query"
    OPERATOR = "the token, or a machine on which the pages are open; not a link that was passed on"
    SECRET = "a secret of the route's own, in its path or its signature"


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever asks. how: home, token, link, bearer, feed; "" for nobody that we know."""

    how: str = ""
    secret: str = ""  # of the session

    @property
    def may_read(self) -> bool:
        return self.how in {"home", "token", "link", "bearer"}

    @property
    def is_operator(self) -> bool:
        return self.how in {"home", "token", "bearer"}


NOBODY = Reader()


class Access:
    """The rules for one App, as its settings are."""

    def __init__(self, app: App) -> None:
        self._app = app
        public = urlsplit(app.settings.public_url)
        self.public_host = public.hostname or ""
        self.secure = public.scheme == "https"
        bound = settings_room.address(app.settings.bind)[0]
        self.is_open = is_loopback(bound) and (not self.public_host or is_loopback(self.public_host))
        self.has_login = bool(app.settings.web_token)
        self.has_links = bool(app.settings.slack_bot_token and app.settings.public_url)
        self._is_here = is_loopback(bound)
        self.cookie = "__Host-regwatch" if self.secure else "regwatch"
        self.form_cookie = "__Host-regwatch-form" if self.secure else "regwatch-form"
        self._key = secrets.token_bytes(32)  # forms of an earlier run are sent once more by whoever fills them in
        self.strangers = Rate(per_second=10, at_once=200)
        self.readers = Rate(per_second=40, at_once=400)
        self.guesses = Rate(per_second=10 / 600, at_once=10)

    def knows(self, host: str) -> bool:
        """Whether we answer to a name: a foreign page must not reach us by DNS rebinding (no name of it is ours)."""
        if host and host in {"localhost", "127.0.0.1", "::1", self.public_host}:
            return True
        if self._is_here:
            return False
        return not self.public_host or is_address(host)  # health checks ask by address

    # ---- who it is

    def reader(self, request: Request) -> Reader:
        """Who asks: by the machine, the Authorization header, or a session's cookie."""
        if self.is_open:
            return Reader("home")
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return Reader("bearer") if self._app.is_web_token(token.strip()) else NOBODY
        secret = request.cookies.get(self.cookie, "")
        how = self._app.session(secret) if secret else ""
        return Reader(how, secret) if how else NOBODY

    def is_admitted(self, reader: Reader, rule: Rule, request: Request) -> bool:
        """Whether the rule lets this reader in."""
        if rule in (Rule.ANYBODY, Rule.SECRET):
            return True
        if rule is Rule.OPERATOR:
            return reader.is_operator
        return reader.may_read or rule is Rule.FEED and self._app.is_feed_key(request.query_params.get("key", ""))

    # ---- forms

    def form_token(self, reader: Reader, visit: str) -> str:
        """What a form carries to show that it is ours: bound to the session, else to a cookie that the form set."""
        bound = f"session {reader.secret}" if reader.secret else f"visit {visit}"
        return hmac.new(self._key, bound.encode("utf-8", "replace"), sha256).hexdigest()

    def is_ours(self, request: Request, reader: Reader, token: str) -> bool:
        """Whether a form was filled in on our own page."""
        visit = request.cookies.get(self.form_cookie, "")
        if reader.how == "bearer":
            return True  # no browser sends this header by itself
        known = bool(reader.secret or visit)
        return known and hmac.compare_digest(self.form_token(reader, visit).encode(), token.encode("utf-8", "replace"))

    def is_from_here(self, request: Request) -> bool:
        """Whether the Origin header, which browsers send with every form, names us; no browser, no header."""
        origin = request.headers.get("origin")
        if origin is None:
            return request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
        try:
            host = urlsplit(origin).netloc.lower()
        except ValueError:
            return False
        public = urlsplit(self._app.settings.public_url).netloc.lower()
        return bool(host) and host in {request.headers.get("host", "").lower(), *filter(None, [public])}

    # ---- how much

    def is_too_much(self, request: Request, reader: Reader) -> bool:
        """Whether this one asks faster than anybody reads; on the machine itself nobody is counted."""
        if reader.how == "home":
            return False
        if reader.may_read:
            return not self.readers.admits(reader.secret or address_of(request))
        where = address_of(request)
        if "authorization" in request.headers and not self.guesses.admits(f"login {where}"):
            return True
        return not self.strangers.admits(where)


class Rate:
    """So many at once, so many per second after that, for each name; the names least seen are forgotten."""

    NAMES = 4_096

    def __init__(self, *, per_second: float, at_once: int) -> None:
        self._per_second, self._at_once = per_second, at_once
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def admits(self, name: str, *, now: float | None = None) -> bool:
        """Whether one more is admitted; counts it."""
        import time

        at = time.monotonic() if now is None else now
        with self._lock:
            left, since = self._left.pop(name, (float(self._at_once), at))
            left = min(self._at_once, left + (at - since) * self._per_second)
            admitted = left >= 1
            self._left[name] = (left - 1 if admitted else left, at)
            if len(self._left) > self.NAMES:
                self._left.popitem(last=False)
        return admitted


def address_of(request: Request) -> str:
    """Where somebody comes from; of IPv6 the network, for one machine has the whole of it (RFC 6177)."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host


def is_address(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def local_path(text: str) -> str:
    """Where to go on after logging in: a path of ours, else the first page."""
    safe = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable() and "\\" not in text
    return text if safe and len(text) < 1_000 else "/"

