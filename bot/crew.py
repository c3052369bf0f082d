"""The crew maps units over an executor: threads or processes here, a cluster later. It knows nothing of pages."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    InvalidStateError,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from contextlib import suppress
from functools import partial
from threading import Event
from typing import Any

from bot.model import Unit, UnitDone
from bot.ports import Plan

SPARE = 2  # units that wait for a free worker: their looks, and those not yet recorded, are what memory is used for
GRACE = 5.0  # seconds that looks in flight are waited for after `stop`; a supervisor commonly kills after ten


class Crew:
    """Runs `work` on units; never two units of one host at a time, SPARE more than workers outstanding."""

    def __init__(
        self,
        executor: Executor,
        work: Callable[[Unit], UnitDone],
        *,
        width: int,
        stopping: Event | None = None,
        grace: float = GRACE,
    ) -> None:
        self._executor, self._work, self._width, self._grace = executor, work, width, grace
        self.stopping = stopping or Event()
        self._stopped: Future[None] = Future()  # done as soon as `stop` is called: it can be waited for beside units
        self._until = 0.0
        self._running: dict[Future[UnitDone], Plan] = {}

    def __call__(self, plans: Sequence[Plan], *, make: Callable[[Plan], Unit]) -> Iterator[UnitDone]:
        waiting = deque(plans)
        running: dict[Future[UnitDone], Plan] = {}
        self._running = running
        while waiting or running:
            self._start(waiting, running, make)
            done = self._finished(running)
            if not done:
                return
            for future in done:
                running.pop(future)
                yield future.result()

    def _start(self, waiting: deque[Plan], running: dict[Future[UnitDone], Plan], make: Callable[[Plan], Unit]) -> None:
        """Give free workers the next units whose host is free; with spacing 0 a host is always free."""
        if self.stopping.is_set():
            waiting.clear()
        busy = {plan.host for plan in running.values() if plan.spacing > 0}
        for _ in range(len(waiting)):
            if len(running) >= self._width + SPARE:
                return
            plan = waiting.popleft()
            if plan.host in busy:
                waiting.append(plan)
                continue
            running[self._executor.submit(self._work, make(plan))] = plan
            if plan.spacing > 0:
                busy.add(plan.host)

    def _finished(self, running: dict[Future[UnitDone], Plan]) -> set[Future[UnitDone]]:
        """The units that are done; none when nothing runs, or when the grace after `stop` is over."""
        if running and not self._stopped.done():
            either: list[Future[Any]] = [*running, self._stopped]
            wait(either, return_when=FIRST_COMPLETED)
        left = max(0.0, self._until - time.monotonic()) if self._stopped.done() else 0.0
        return wait(running, timeout=left, return_when=FIRST_COMPLETED).done

    def stop(self) -> None:
        """No new units, no more pauses, a short grace for looks in flight; what is not recorded stays due."""
        if not self.stopping.is_set():
            self._until = time.monotonic() + self._grace
        self.stopping.set()
        with suppress(InvalidStateError):  # it was told before
            self._stopped.set_result(None)

    def close(self) -> None:
        """Stop; looks still in flight (a held server, an impatient operator) are abandoned, they stay due."""
        self.stop()
        abandoned = bool(wait(self._running, timeout=0).not_done)
        self._executor.shutdown(wait=not abandoned, cancel_futures=True)
        if abandoned and isinstance(self._executor, ProcessPoolExecutor):
            for child in multiprocessing.active_children():
                child.terminate()


def crew(kind: str, width: int, *, work: Callable[..., UnitDone], settings: Any) -> Crew:
    """A crew of `width` threads or processes that do `work(unit, settings)`."""
    if kind == "processes":
        # spawned, not forked: a fork of a process with threads may inherit a lock that nobody will ever release
        pool = ProcessPoolExecutor(width, multiprocessing.get_context("spawn"), initializer=_ignore_interrupts)
        return Crew(pool, partial(work, settings=settings), width=width)
    _few_arenas()
    stopping = Event()
    unit = partial(work, settings=settings, pause=stopping.wait)  # a pause ends when the crew is told to stop
    return Crew(ThreadPoolExecutor(width), unit, width=width, stopping=stopping)


M_ARENA_MAX = -8  # mallopt(3)


def _few_arenas() -> None:
    """glibc gives every thread a malloc arena of its own; reading threads fill each with megabytes of leftovers."""
    import ctypes

    with suppress(OSError, AttributeError):  # another C library: nothing to set
        ctypes.CDLL("libc.so.6").mallopt(M_ARENA_MAX, 1)


def _ignore_interrupts() -> None:
    """Ctrl-C is for the parent, which then ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
