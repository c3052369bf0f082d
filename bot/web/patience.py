"""Connections of visitors who never finish asking: they are few at a time, and end by themselves."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 100  # connections; one of those that ask for nothing makes room for the next
SECONDS = 10.0  # in which a request must have come, or be seen to have come at the next look


class Brief(H11Protocol):
    """A connection as uvicorn serves it, that is closed when nothing is asked on it for long, or when others need it.

    uvicorn itself waits for ever for the end of a request, and thousands of open sockets would leave none for looks.
    """

    def __init__(self, *given: Any, most: int = MOST, seconds: float = SECONDS, **named: Any) -> None:
        super().__init__(*given, **named)
        self._most, self._seconds = most, seconds
        self._since, self._waited = 0.0, False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._since = monotonic()
        self.loop.call_later(self._seconds, self._look)
        if len(self.connections) > self._most:
            others = [one for one in self.connections if isinstance(one, Brief) and one.is_waiting]
            min(others, key=lambda one: one._since, default=self)._leave()

    @property
    def is_waiting(self) -> bool:
        """Whether the visitor has yet to ask, or to end what they ask."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    def _look(self) -> None:
        """Twice in a row without a request is too long."""
        if self not in self.connections:
            return
        if self._waited and self.is_waiting:
            self._leave()
            return
        self._waited = self.is_waiting
        self.loop.call_later(self._seconds, self._look)

    def _leave(self) -> None:
        self.connections.discard(self)  # its end is noticed later; room is needed now
        self.transport.abort()
