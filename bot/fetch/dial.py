"""Connecting: resolve once, check every address, dial a checked one, and never work past the deadline."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from time import monotonic
from typing import Any

import httpcore

from bot.errors import FetchError
from bot.fetch.guard import resolve
from bot.fetch.settings import FetchSettings


class Budget:
    """What one visit may still use up: seconds and bytes on the wire."""

    def __init__(self) -> None:
        self.until = 0.0
        self.room = 0

    def start(self, *, seconds: float, room: int) -> None:
        self.until, self.room = monotonic() + seconds, room

    def left(self, timeout: float | None) -> float:
        """The seconds that the next step may take; raises when there are none."""
        left = self.until - monotonic()
        if left <= 0:
            raise FetchError("timeout", "the visit as a whole took too long")
        return left if timeout is None else min(left, timeout)

    def spend(self, size: int) -> None:
        self.room -= size
        if self.room < 0:
            raise FetchError("too large", "the server keeps sending")


class BudgetStream(httpcore.NetworkStream):
    """A connection whose reads and writes end at the visit's deadline, however slowly the bytes drip."""

    def __init__(self, inner: httpcore.NetworkStream, budget: Budget) -> None:
        self._inner, self._budget = inner, budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        received = self._inner.read(max_bytes, self._budget.left(timeout))
        self._budget.spend(len(received))
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._budget.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._budget.left(timeout))
        return BudgetStream(inner, self._budget)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """httpcore's way to the network, with the guard in front; TLS still verifies the *name*.

    Belongs to one Fetcher and so to one thread: `budget` and `ipv4` are those of the visit under way.
    """

    def __init__(self, settings: FetchSettings, *, proxy: tuple[str, int] | None = None) -> None:
        self._settings, self._proxy = settings, proxy
        self._inner = httpcore.SyncBackend()
        self.budget = Budget()
        self.ipv4 = False
        self.dialled = 0  # connections ever opened: tells a fresh connection from a reused one

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        self.dialled += 1
        addresses = self._addresses(host, port, self.budget.left(timeout))
        for address in addresses[:-1]:
            try:
                return self._dial(address, port, timeout)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue  # its other addresses may answer
        return self._dial(addresses[-1], port, timeout)

    def _addresses(self, host: str, port: int, timeout: float) -> tuple[str, ...]:
        if (host, port) == self._proxy:  # the operator named it
            return (host,)
        return resolve(host, port, self._settings, ipv4=self.ipv4, timeout=timeout)

    def _dial(self, address: str, port: int, timeout: float | None) -> httpcore.NetworkStream:
        return BudgetStream(self._inner.connect_tcp(address, port, self.budget.left(timeout)), self.budget)
