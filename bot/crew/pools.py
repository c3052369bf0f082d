"""Which workers there are, and the plainest of them: threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Event
from typing import Any

from bot.crew.mapping import Crew
from bot.model import Unit, UnitDone


def crew(kind: str, *, width: int = 0, address: str = "", work: Callable[..., UnitDone], settings: Any) -> Crew:
    """A crew of `width` threads or processes, or of the Dask workers at `address`, that do `work(unit, settings)`.

    Raises OperatorError when the cluster cannot be used.
    """
    if kind == "dask":
        from bot.crew.cluster import Cluster

        return Crew(Cluster(address, partial(work, settings=settings)))
    if kind == "processes":
        from bot.crew.processes import Processes

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


M_ARENA_MAX = -8  # mallopt(3)


def _few_arenas() -> None:
    """glibc gives every thread a malloc arena of its own; reading threads fill each with megabytes of leftovers."""
    import ctypes

    with suppress(OSError, AttributeError):  # another C library: nothing to set
        ctypes.CDLL("libc.so.6").mallopt(M_ARENA_MAX, 1)
