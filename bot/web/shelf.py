"""What was made once and never changes: kept up to so many bytes, the least read goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

ROOM = 24 << 20  # bytes of text
WEIGHT = 2  # bytes that a character takes in memory, roughly


class Shelf:
    """A cache of texts by key, bounded by their size. Threads may use it; two may make the same text at a time."""

    def __init__(self, *, room: int = ROOM) -> None:
        self._room, self._taken = room, 0
        self._texts: OrderedDict[Hashable, str] = OrderedDict()
        self._lock = Lock()

    def text(self, key: Hashable, make: Callable[[], str]) -> str:
        """The text of this key, made when it is not there."""
        with self._lock:
            if key in self._texts:
                self._texts.move_to_end(key)
                return self._texts[key]
        made = make()
        with self._lock:
            if key not in self._texts and len(made) * WEIGHT <= self._room // 2:
                self._texts[key] = made
                self._taken += len(made) * WEIGHT
            while self._taken > self._room:
                self._taken -= len(self._texts.popitem(last=False)[1]) * WEIGHT
        return made

    @property
    def taken(self) -> int:
        """Bytes that are taken now."""
        return self._taken
