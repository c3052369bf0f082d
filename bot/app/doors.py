"""The verbs that let readers in: links that open once, sessions, keys for feed readers."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

from bot.app.base import Base
from bot.errors import OperatorError
from bot.model import Ticket

LINK_LASTS = timedelta(minutes=10)
SESSION_LASTS = timedelta(hours=12)
KEY_LASTS = timedelta(days=400)  # calendars and feed readers are set up once
KEYS = 200  # feed keys that may be there at a time
SECRET = 512  # characters; nothing that we made is longer


class Doors(Base):
    """The part of App that knows who may read the pages. Only hashes of secrets are kept."""

    def web_link(self, actor: str) -> str:
        """An address that opens the pages once, within ten minutes, for whoever follows it first.

        `actor` is a name, kept apart from the record. Raises OperatorError without REGWATCH_PUBLIC_URL.
        """
        base = self.settings.public_url.rstrip("/")
        if not base:
            raise OperatorError("REGWATCH_PUBLIC_URL is not set: nobody could follow the link")
        who = self.store.actor(actor)
        return f"{base}/open/{self._admit('link', {'actor': who}, lasts=LINK_LASTS)}"

    def open_link(self, token: str) -> str:
        """The secret of a new session; raises OperatorError for a link that was used or is too old."""
        ticket = self._valid("link", token, once=True)
        if ticket is None:
            raise OperatorError("this link was used already or is too old; ask for a new one with /reg web")
        return self._open_session({**_content(ticket), "by": "link"})

    def log_in(self, token: str) -> str:
        """The secret of a new session for whoever knows REGWATCH_WEB_TOKEN; raises OperatorError."""
        if not self.is_web_token(token):
            raise OperatorError("that is not the token")
        return self._open_session({"by": "token"})

    def is_web_token(self, token: str) -> bool:
        """Whether this is REGWATCH_WEB_TOKEN; takes as long for a near miss as for any other."""
        known = self.settings.web_token
        return bool(known) and hmac.compare_digest(_hash(token), _hash(known))

    def session(self, secret: str) -> str:
        """How the session with this secret began: "link" or "token"; "" when there is none, or it is over.

        It is over, too, when REGWATCH_WEB_TOKEN is no longer the one that was in force when it began.
        """
        ticket = self._valid("session", secret, once=False)
        if ticket is None:
            return ""
        content = _content(ticket)
        is_in_force = hmac.compare_digest(str(content.get("token", "")), self._token_in(secret))
        return str(content.get("by", "")) if is_in_force else ""

    def log_out(self, secret: str) -> None:
        """From now on this session opens nothing."""
        self._valid("session", secret, once=True)

    # ---- for clients that have no cookies

    def feed_key(self, remark: str = "") -> str:
        """The secret of a new key that opens feeds and calendars, and nothing else; raises OperatorError."""
        if len(self.feed_keys()) >= KEYS:
            raise OperatorError(f"there are {KEYS} feed keys already; revoke one first")
        return self._admit("feed", {"remark": remark[:80]}, lasts=KEY_LASTS)

    def feed_keys(self) -> list[tuple[int, str]]:
        """Number and remark of each key that works, oldest first."""
        tickets = self.store.tickets("feed", now=self.clock())
        return [(ticket.id, str(_content(ticket).get("remark", ""))) for ticket in tickets]

    def is_feed_key(self, secret: str) -> bool:
        return self._valid("feed", secret, once=False) is not None

    def drop_feed_key(self, number: int) -> None:
        """From now on this key opens nothing; raises OperatorError when there is none of this number."""
        if number not in dict(self.feed_keys()):
            raise OperatorError(f"there is no feed key {number}")
        self.store.revoke(number)

    # ---- tickets

    def _open_session(self, content: Mapping[str, object]) -> str:
        """The secret of a new session, bound to the token in force."""
        secret = secrets.token_urlsafe(32)
        return self._admit("session", {**content, "token": self._token_in(secret)}, lasts=SESSION_LASTS, secret=secret)

    def _token_in(self, secret: str) -> str:
        """A hash of the token in force, keyed by the session's secret: the store alone lets nobody try tokens out."""
        key, token = secret.encode("utf-8", "replace"), self.settings.web_token.encode("utf-8", "replace")
        return hmac.new(key, token, sha256).hexdigest()

    def _admit(self, kind: str, content: Mapping[str, object], *, lasts: timedelta, secret: str = "") -> str:
        secret = secret or secrets.token_urlsafe(32)
        self.store.issue(Ticket(kind, _hash(secret), self.clock() + lasts, json.dumps(content).encode()))
        return secret

    def _valid(self, kind: str, secret: str, *, once: bool) -> Ticket | None:
        if not secret or len(secret) > SECRET:
            return None
        return self.store.redeem(kind, _hash(secret), now=self.clock(), once=once)


def _hash(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "replace")).digest()


def _content(ticket: Ticket) -> dict[str, Any]:
    return dict(json.loads(ticket.content or b"{}"))
