"""Slack over HTTP: /slack/events. Whatever is not signed by Slack, now and for the first time, is refused unread.

Facts: docs.slack.dev, "Verifying requests from Slack": v0=HMAC-SHA256(secret, "v0:{timestamp}:{body}"), five minutes.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections import OrderedDict
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from bot.app import App
    from bot.slack.listeners import Listeners

log = logging.getLogger(__name__)

PATH = "/slack/events"
BODY_LIMIT = 1_000_000  # bytes; a payload carries the message that was clicked
PATIENCE = 300  # seconds that a request may be old, or early
FIELDS = 1_000
REMEMBERED = 20_000  # signatures of the last minutes


def slack_routes(app: App) -> list[Route]:
    """The routes that Slack calls; none without a signing secret. Their own secret guards them, no session does."""
    if not app.settings.slack_signing_secret or not app.settings.slack_bot_token:
        return []
    return [Route(PATH, Door(app).answer, methods=["POST"])]


class Door:
    """Checks what comes in, then hands it to the listeners."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._listeners: Listeners | None = None
        self._lock = Lock()
        self._seen = Seen()

    def listeners(self) -> Listeners:
        """Made at the first request: a service that nobody asks pays nothing for it."""
        with self._lock:
            if self._listeners is None:
                from bot.slack.listeners import listeners

                self._listeners = listeners(self._app)
        return self._listeners

    async def answer(self, request: Request) -> Response:
        body = await _read(request)
        if body is None:
            return PlainTextResponse("too large\n", 413)
        if parse_ssl_check(body):
            return PlainTextResponse("")
        stamp, signature = (request.headers.get(f"x-slack-{name}", "") for name in ("request-timestamp", "signature"))
        secret, now = self._app.settings.slack_signing_secret, self._app.clock().timestamp()
        if not is_signed(body, secret=secret, stamp=stamp, signature=signature, now=now):
            return PlainTextResponse("not signed by Slack, or too late\n", 401)
        retry = {name: value for name, value in request.headers.items() if name.startswith("x-slack-retry-")}
        if not self._seen.is_new(signature, now=now):  # what Slack says it repeats was heard: it need not try again
            return PlainTextResponse("this request came before\n", 200 if retry else 401)
        try:
            payload = parsed(body, content_type=request.headers.get("content-type", ""))
        except ValueError:
            return PlainTextResponse("this is nothing that Slack sends\n", 400)
        return await asyncio.to_thread(self._dispatched, payload, retry)

    def _dispatched(self, payload: dict[str, Any], headers: dict[str, str]) -> Response:
        from slack_bolt import BoltRequest

        try:
            # Read here, not by Bolt: that takes any form with the word "payload" in it for the payload of a button.
            done = self.listeners().bolt.dispatch(BoltRequest(body=payload, headers=dict(headers), mode="socket_mode"))
        except (AttributeError, KeyError, TypeError, ValueError):  # signed, and yet of no shape that Bolt knows
            log.warning("slack: a signed request has no shape that is known")
            return PlainTextResponse("this is nothing that Slack sends\n", 400)
        if done.status >= 500:
            return PlainTextResponse("this cannot be answered\n", 400)
        kind = next(iter(done.headers.get("content-type", [])), "text/plain")
        return Response(done.body or "", done.status, media_type=kind)


async def _read(request: Request) -> bytes | None:
    """The body, None when it is larger than the limit."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    return bytes(body)


def is_signed(body: bytes, *, secret: str, stamp: str, signature: str, now: float) -> bool:
    """Whether Slack signed this body within the last five minutes; malformed headers are a no, never an error."""
    if not (secret and stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12 and signature.isascii()):
        return False
    if abs(now - int(stamp)) > PATIENCE:
        return False
    expected = "v0=" + hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, sha256).hexdigest()
    return hmac.compare_digest(expected, signature)


def parsed(body: bytes, *, content_type: str) -> dict[str, Any]:
    """What Slack says: a JSON event, a form, or a form whose one field is JSON. Raises ValueError."""
    text = body.decode("utf-8")
    if "json" in content_type or text.startswith("{"):
        found = json.loads(text)
    else:
        fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS, strict_parsing=bool(text)))
        found = json.loads(fields["payload"]) if "payload" in fields else fields
    if not isinstance(found, dict):
        raise ValueError("neither a form nor a JSON object")
    return found


def parse_ssl_check(body: bytes) -> bool:
    """Slack's look at our certificate; nothing is done about it, so it needs no signature."""
    return len(body) < 500 and (b"&" + body).find(b"&ssl_check=1") >= 0 and b"command=" not in body


class Seen:
    """Signatures that came lately: the same request does not count twice, whoever sends it again."""

    def __init__(self) -> None:
        self._at: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def is_new(self, signature: str, *, now: float) -> bool:
        with self._lock:
            while self._at and (next(iter(self._at.values())) < now - 2 * PATIENCE or len(self._at) >= REMEMBERED):
                self._at.popitem(last=False)
            if signature in self._at:
                return False
            self._at[signature] = now
        return True
