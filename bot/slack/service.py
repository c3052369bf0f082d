"""What runs beside the scheduler when Slack is set up: the socket, and the greeting of the first hour."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.errors import BotError

if TYPE_CHECKING:
    from bot.app import App
    from bot.slack.socket import Socket

log = logging.getLogger(__name__)

LOOK = 2.0  # seconds between two looks whether the first pass is over


class Service:
    """Starts what the settings allow; `say` gets one line for whatever an operator should know."""

    def __init__(self, app: App, *, say: Callable[[str], None]) -> None:
        self._app, self._say = app, say
        self._ending = threading.Event()
        self._socket: Socket | None = None
        self._greeter = threading.Thread(target=self._greet, name="slack-hello", daemon=True)

    def start(self) -> None:
        """Return at once. Without a bot token nothing is started, and nothing of Slack's libraries is loaded."""
        settings = self._app.settings
        if not settings.slack_bot_token:
            return
        if settings.slack_app_token:
            from bot.slack.socket import Socket

            self._socket = Socket(self._app, say=self._say)
            self._socket.start()
        elif not settings.slack_signing_secret:
            self._say("Slack: alerts only; set SLACK_APP_TOKEN or SLACK_SIGNING_SECRET for commands and buttons")
        self._greeter.start()

    def stop(self) -> None:
        self._ending.set()
        if self._socket:
            self._socket.stop()
        if self._greeter.is_alive():
            self._greeter.join(timeout=LOOK)

    def _greet(self) -> None:
        """Until the owner was told once that all is set up."""
        from bot.slack.hello import hello

        since = self._app.clock()
        while not self._ending.is_set():
            try:
                if hello(self._app, since=since):
                    return
            except BotError as error:
                log.warning("slack: %s", error)
            except Exception:  # a bug of ours: the greeting is not worth the service
                log.exception("slack: our own error while greeting")
                return
            self._ending.wait(LOOK)
