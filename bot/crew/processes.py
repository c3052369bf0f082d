"""Processes of this machine, for its other cores."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from threading import Thread

from bot.crew.mapping import LostError
from bot.model import Unit, UnitDone

READERS = ("bot.look", "bot.extract.html", "bot.extract.blocks", "bot.extract.lists", "httpx", "selectolax.lexbor")
"""What every worker process needs: imported once, in the process that the workers are forked from."""


class Processes:
    """Reading is pure Python, and threads share one core for it."""

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


def _begin() -> None:
    """Ctrl-C is for the coordinator, which then ends its workers; when it is killed, they end by themselves."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_the_coordinator, daemon=True).start()


def _end_with_the_coordinator() -> None:
    coordinator = multiprocessing.parent_process()
    if coordinator is not None:
        wait([coordinator.sentinel])
        os._exit(1)
