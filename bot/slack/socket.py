"""Slack over Socket Mode: no public address is needed. Comes back at once after a cut, and for ever after an outage."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bot.slack.listeners import Listeners, listeners

if TYPE_CHECKING:
    from slack_sdk.socket_mode.websocket_client import SocketModeClient

    from bot.app import App

log = logging.getLogger(__name__)

PING = 5.0  # seconds between two pings; also between two tries to come back
PONG = 3.0  # seconds in which a ping must be answered: a line can die without a word
PAUSES = (2.0, 10.0, 60.0, 300.0)  # seconds until Slack is asked for a connection again
RESTS = (1.0, 2.0, 5.0, 15.0, 30.0)  # seconds before a line that was cut is asked for again, as long as it is refused
FATAL = {
    "invalid_auth": "SLACK_APP_TOKEN is not a valid token",
    "not_allowed_token_type": "SLACK_APP_TOKEN must be an app-level token (xapp-…) with connections:write",
    "missing_scope": "SLACK_APP_TOKEN lacks the scope connections:write",
    "account_inactive": "the Slack app was removed or switched off",
    "token_revoked": "SLACK_APP_TOKEN was revoked",
}


class Socket:
    """Answers Slack in threads of its own, from `start` to `stop`; trouble is said once, in a line."""

    def __init__(self, app: App, *, say: Callable[[str], None]) -> None:
        self.app, self._say = app, say
        self._ending = threading.Event()
        self._listeners: Listeners | None = None
        self._client: SocketModeClient | None = None
        self._said = ""
        self._thread = threading.Thread(target=self._run, name="slack-socket", daemon=True)

    def start(self) -> None:
        """Return at once; Slack may be away, and the service runs all the same."""
        self._thread.start()

    def stop(self) -> None:
        """Hang up; answers in hand are finished."""
        self._ending.set()
        self._thread.join(timeout=15)

    def _run(self) -> None:
        tries = 0
        while not self._ending.is_set():
            try:
                self._connect()
            except Exception as error:
                self._tell(_reason(error))
                if self._ending.wait(PAUSES[min(tries, len(PAUSES) - 1)]):
                    break
                tries += 1
            else:
                self._tell("")
                break
        self._ending.wait()
        self._close()

    def _connect(self) -> None:
        if self._listeners is None:
            self._listeners = listeners(self.app)
        if self._client is None:
            self._client = _client(self._ending)(
                app_token=self.app.settings.slack_app_token,
                web_client=self._listeners.slack.client,
                logger=_quiet(),
                ping_interval=PING,
                **_proxy(self.app.settings.proxy),
            )
            self._client.socket_mode_request_listeners.append(self._on_request)
        self._client.connect()
        self._listeners.slack.workspace()  # known before the first form has to be opened

    def _on_request(self, client: Any, request: Any) -> None:
        """One envelope: dispatched, then acknowledged with what the listeners say."""
        from time import time

        from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response

        if self._listeners is None:
            return
        began = time()
        send_response(client, request, run_bolt_app(self._listeners.bolt, request), began)

    def _close(self) -> None:
        if self._client is not None:
            self._client.closed = True
            self._client.auto_reconnect_enabled = False
            self._client.message_queue.put(None)  # wakes the thread that sorts messages
            if self._client.current_session is not None:
                _let_go(self._client.current_session)
            self._client.close()
        if self._listeners is not None:
            self._listeners.close()

    def _tell(self, trouble: str) -> None:
        if trouble and trouble != self._said:
            self._say(f"Slack: {trouble}")
        if not trouble and self._said:
            self._say("Slack: connected")
        self._said = trouble


def _client(ending: threading.Event) -> type[SocketModeClient]:
    """The library's client, which also notices a line that died without a word, and asks an absent Slack less often."""
    from slack_sdk.socket_mode.websocket_client import SocketModeClient

    class Client(SocketModeClient):
        refused = 0  # times in a row that no connection was to be had

        def issue_new_wss_url(self) -> str:
            if self.refused:
                ending.wait(RESTS[min(self.refused, len(RESTS)) - 1])
            self.refused += 1
            url = super().issue_new_wss_url()
            self.refused = 0
            return url

        def connect(self) -> None:
            old: Any = self.current_session
            if old is not None and old.sock is not None:  # asked to move on
                self.auto_reconnect_enabled = False
                _let_go(old)
            super().connect()

        def _run_current_session(self) -> None:
            session = self.current_session
            if session is None or self.closed:
                return
            try:
                session.run_forever(ping_interval=PING, ping_timeout=PONG, **_proxy_of(self))
            except Exception as error:
                log.warning("slack: the socket ended: %s", type(error).__name__)
                session.close()

    return Client


def _let_go(session: Any) -> None:
    """Wake the thread that listens on an old line, and let it leave before the line is closed under it."""
    with suppress(OSError, AttributeError):  # the thread may have left meanwhile
        session.sock.abort()
    patience = threading.Event()
    for _ in range(100):
        if session.sock is None:
            return
        patience.wait(0.01)


def _proxy_of(client: SocketModeClient) -> dict[str, Any]:
    names = ("http_proxy_host", "http_proxy_port", "http_proxy_auth", "proxy_type")
    return {name: getattr(client, name) for name in names if getattr(client, name)}


def _reason(error: Exception) -> str:
    """What an operator can do about it."""
    response = getattr(error, "response", None)
    code = str(response.get("error")) if response is not None and hasattr(response, "get") else ""
    known = FATAL.get(code)
    return known or f"no connection yet ({code or type(error).__name__}); commands and buttons wait, alerts do not"


def _quiet() -> logging.Logger:
    """The library tells of every reconnection; only what we say ourselves is for operators."""
    quiet = logging.getLogger(f"{__name__}.sdk")
    quiet.setLevel(logging.CRITICAL)
    logging.getLogger("websocket").setLevel(logging.CRITICAL)
    return quiet


def _proxy(url: str) -> dict[str, Any]:
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    if not url or not parts.hostname:
        return {}
    auth = (parts.username, parts.password or "") if parts.username else None
    place = {"http_proxy_host": parts.hostname, "http_proxy_port": parts.port}
    return {**place, "http_proxy_auth": auth, "proxy_type": "http"}
