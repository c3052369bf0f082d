"""The crew maps units over an executor: threads or processes here, a cluster later. It knows nothing of pages."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from functools import partial
from threading import Event
from typing import Any

from bot.model import Unit, UnitDone
from bot.ports import Plan


class Crew:
    """Runs `work` on units; never two units of one host at a time, at most two units per worker outstanding."""

    def __init__(
        self, executor: Executor, work: Callable[[Unit], UnitDone], *, width: int, stopping: Event | None = None
    ) -> None:
        self._executor, self._work, self._width = executor, work, width
        self.stopping = stopping or Event()

    def __call__(self, plans: Sequence[Plan], *, make: Callable[[Plan], Unit]) -> Iterator[UnitDone]:
        waiting = deque(plans)
        running: dict[Future[UnitDone], Plan] = {}
        while waiting or running:
            self._start(waiting, running, make)
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                running.pop(future)
                yield future.result()

    def _start(self, waiting: deque[Plan], running: dict[Future[UnitDone], Plan], make: Callable[[Plan], Unit]) -> None:
        """Give free workers the next units whose host is free; with spacing 0 a host is always free."""
        if self.stopping.is_set():
            waiting.clear()
        busy = {plan.host for plan in running.values() if plan.spacing > 0}
        for _ in range(len(waiting)):
            if len(running) >= 2 * self._width:
                return
            plan = waiting.popleft()
            if plan.host in busy:
                waiting.append(plan)
                continue
            running[self._executor.submit(self._work, make(plan))] = plan
            if plan.spacing > 0:
                busy.add(plan.host)

    def stop(self) -> None:
        """No new units, no more pauses; what is not recorded stays due."""
        self.stopping.set()

    def close(self) -> None:
        """Stop, and wait for the looks in flight (they end within their time-outs)."""
        self.stop()
        self._executor.shutdown(wait=True, cancel_futures=True)


def crew(kind: str, width: int, *, work: Callable[..., UnitDone], settings: Any) -> Crew:
    """A crew of `width` threads or processes that do `work(unit, settings)`."""
    if kind == "processes":
        return Crew(ProcessPoolExecutor(width), partial(work, settings=settings), width=width)
    _few_arenas()
    stopping = Event()
    unit = partial(work, settings=settings, pause=stopping.wait)  # a pause ends when the crew is told to stop
    return Crew(ThreadPoolExecutor(width), unit, width=width, stopping=stopping)


M_ARENA_MAX = -8  # mallopt(3)


def _few_arenas() -> None:
    """glibc gives every thread a malloc arena of its own, which 16 reading threads fill with 35 MB of leftovers."""
    import ctypes

    with contextlib.suppress(OSError, AttributeError):  # another C library: nothing to set
        ctypes.CDLL("libc.so.6").mallopt(M_ARENA_MAX, 2)
