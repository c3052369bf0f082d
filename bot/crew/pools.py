"""Workers of this machine: threads, or processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from multiprocessing.connection import wait
from threading import Event, Thread
from typing import Any

from bot.crew.mapping import Crew, LostError
from bot.model import Unit, UnitDone

READERS = ("bot.look", "bot.extract.html", "bot.extract.blocks", "bot.extract.lists", "httpx", "selectolax.lexbor")
"""What every worker process needs: imported once, in the process that the workers are forked from."""


def crew(kind: str, *, width: int = 0, address: str = "", work: Callable[..., UnitDone], settings: Any) -> Crew:
    """A crew of `width` threads or processes, or of the Dask workers at `address`, that do `work(unit, settings)`.

    Raises OperatorError when the cluster cannot be used.
    """
    if kind == "dask":
        from bot.crew.cluster import Cluster

        return Crew(Cluster(address, partial(work, settings=settings)))
    if kind == "processes":
        return Crew(Processes(partial(work, settings=settings), width=width))
    stopping = Event()
    # a pause ends when the crew is told to stop
    unit = partial(work, settings=settings, pause=stopping.wait)
    return Crew(Threads(unit, width=width), stopping=stopping)


class Threads:
    """Threads of this process: looks mostly wait for servers."""

    patience: float | None = None

    def __init__(self, work: Callable[[Unit], UnitDone], *, width: int) -> None:
        _few_arenas()
        self._work, self._width = work, width
        self._pool = ThreadPoolExecutor(width)

    def width(self) -> int:
        return self._width

    def submit(self, unit: Unit) -> Future[UnitDone]:
        return self._pool.submit(self._work, unit)

    def result(self, future: Future[UnitDone]) -> UnitDone:
        return future.result()

    def check(self) -> None:
        """A thread does not break down by itself."""

    def close(self, *, abandoned: bool) -> None:
        self._pool.shutdown(wait=not abandoned, cancel_futures=True)


class Processes:
    """Processes of this machine: reading is pure Python, and threads share one core for it."""

    patience: float | None = None

    def __init__(self, work: Callable[[Unit], UnitDone], *, width: int) -> None:
        self._work, self._width = work, width
        self._pool = self._made()

    def _made(self) -> ProcessPoolExecutor:
        # Forked from a server without threads: a fork of this process could inherit a lock that nobody ever releases.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(READERS))
        return ProcessPoolExecutor(self._width, context, initializer=_begin)

    def width(self) -> int:
        return self._width

    def submit(self, unit: Unit) -> Future[UnitDone]:
        try:
            return self._pool.submit(self._work, unit)
        except BrokenProcessPool:  # one of them died: its pool takes no more
            self._pool.shutdown(wait=False)
            self._pool = self._made()
            return self._pool.submit(self._work, unit)

    def result(self, future: Future[UnitDone]) -> UnitDone:
        try:
            return future.result()
        except BrokenProcessPool as error:
            raise LostError("the process that looked at it broke down") from error

    def check(self) -> None:
        """One that dies is noticed by the pool."""

    def close(self, *, abandoned: bool) -> None:
        self._pool.shutdown(wait=not abandoned, cancel_futures=True)
        if abandoned:
            for child in multiprocessing.active_children():
                child.terminate()


M_ARENA_MAX = -8  # mallopt(3)


def _few_arenas() -> None:
    """glibc gives every thread a malloc arena of its own; reading threads fill each with megabytes of leftovers."""
    import ctypes

    with suppress(OSError, AttributeError):  # another C library: nothing to set
        ctypes.CDLL("libc.so.6").mallopt(M_ARENA_MAX, 1)


def _begin() -> None:
    """Ctrl-C is for the coordinator, which then ends its workers; when it is killed, they end by themselves."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_the_coordinator, daemon=True).start()


def _end_with_the_coordinator() -> None:
    coordinator = multiprocessing.parent_process()
    if coordinator is not None:
        wait([coordinator.sentinel])
        os._exit(1)
