"""Answers that are given again for as long as nobody writes."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from storage.connection import Connections

T = TypeVar("T")


class Kept(Generic[T]):
    """One answer, read again only after somebody committed something. Threads may share it."""

    def __init__(self, connections: Connections) -> None:
        self._db = connections
        self._lock = Lock()
        self._known: tuple[int, T] | None = None

    def answer(self, read: Callable[[T | None], T]) -> T:
        """The answer; `read` is given the one before, and returns that when it still holds."""
        now = self._db.moment()  # before the rows are read: what is committed meanwhile is read at the next question
        with self._lock:
            known = self._known
        if known is None or known[0] != now:
            known = (now, read(known[1] if known else None))
            with self._lock:
                self._known = known
        return known[1]
