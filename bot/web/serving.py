"""The pages in a thread of their own, beside the scheduler."""

from __future__ import annotations

import socket
import threading
from functools import partial

import uvicorn
from starlette.types import ASGIApp

from bot import settings as settings_room
from bot.errors import OperatorError
from bot.web.patience import SECONDS, Brief

PATIENCE = 3  # seconds for requests in hand at the end
BACKLOG = 64  # connections that wait to be taken in


class Server:
    """Answers at `bind`; `start` returns when it does, or raises OperatorError."""

    def __init__(self, site: ASGIApp, *, bind: str, seconds: float = SECONDS) -> None:
        self.bind = bind
        config = uvicorn.Config(
            site,
            http=partial(Brief, seconds=seconds),  # type: ignore[arg-type]  # is called as the class would be
            log_level="warning",
            log_config=None,  # its records go where ours go
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=PATIENCE,
            ws="none",
            backlog=BACKLOG,  # so many are taken in before anybody else is served; uvicorn's own choice is 2,048
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)
        self._ended = threading.Event()

    def start(self) -> None:
        self._socket = _bound(self.bind)
        self._thread.start()
        while not self._server.started:
            if self._ended.wait(0.02):
                raise OperatorError(f"REGWATCH_BIND: the pages could not be served at {self.bind}")

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._ended.set()

    @property
    def url(self) -> str:
        """Where the pages are, with the port that was bound."""
        host, port = self._socket.getsockname()[:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    def stop(self) -> None:
        """Requests in hand are finished, within a few seconds."""
        self._server.should_exit = True
        self._thread.join(timeout=PATIENCE + 2)
        self._socket.close()


def _bound(bind: str) -> socket.socket:
    """Bound here rather than in uvicorn, which ends the process when the address is taken."""
    host, port = settings_room.address(bind)
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.create_server(address, family=family, backlog=BACKLOG)
        # Head and body leave as two writes; without this the second waits for the reader's delayed acknowledgement,
        # some 40 ms. asyncio sets it only on sockets whose protocol is named, and those of create_server have none.
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made
    except OSError as error:
        raise OperatorError(
            f"REGWATCH_BIND: {bind} cannot be bound ({error.strerror}); is another service running there?"
        ) from error
