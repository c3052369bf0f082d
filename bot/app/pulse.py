"""How the service's drains do: when each last came to its end, and how long that took. Kept in memory only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta


class Pulse:
    """The service writes it, health reads it; without a service (one command) it knows nothing and nothing is late."""

    def __init__(self, started: datetime) -> None:
        self.started = started
        self.limits: Mapping[str, timedelta] = {}  # by drain: how long it may take to come to its end
        self.drained: dict[str, datetime] = {}
        self.took: dict[str, float] = {}  # seconds, of the last drain that had something to do
        self.beaten: datetime | None = None  # when the heartbeat address was last asked
        self.noise_sought: datetime | None = None
        self.ledger: str | None = None  # what was wrong when it was last walked, "" for nothing
        self._noticed: dict[tuple[str, int], datetime] = {}

    @property
    def caught_up(self) -> bool:
        """Whether the first pass of looks is over; one command has nothing to catch up with."""
        return not self.limits or "looks" in self.drained

    def late(self, *, now: datetime) -> dict[str, datetime]:
        """Drains that came to no end within their limit: since when."""
        ended = {name: self.drained.get(name, self.started) for name in self.limits}
        return {name: at for name, at in ended.items() if now - at > self.limits[name]}

    def noticed(self, kind: str, numbers: Iterable[int], *, now: datetime) -> datetime | None:
        """When the first of these, which all wait now, was noticed to wait; what waits no more is forgotten."""
        waiting = {(kind, number) for number in numbers}
        others = {key: at for key, at in self._noticed.items() if key[0] != kind}
        here = {key: self._noticed.get(key, now) for key in waiting}
        self._noticed = {**others, **here}
        return min(here.values(), default=None)
