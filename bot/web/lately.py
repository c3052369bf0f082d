"""Answers that cost much and change seldom: kept until something is recorded, or some minutes are over.

During a pass something is recorded all the time; then an answer is at most ten seconds old.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from bot.app import App

KEPT = 500  # answers
AGE = 10  # seconds that an answer may be old though something was recorded
QUARTER = 900  # seconds: clocks of the world differ by whole quarters of an hour, and then a day ends somewhere

T = TypeVar("T")


class Lately:
    """What was asked lately. An answer holds while ledger, declarations and quarter of an hour are the same.

    Of those who ask for the same at the same time one works it out, the others wait for it.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._answers: OrderedDict[Hashable, _Answer] = OrderedDict()
        self._lock = Lock()

    def answer(self, key: Hashable, make: Callable[[], T], *, seconds: int = QUARTER) -> T:
        """The answer to this question, worked out when it is not known; it holds for at most so many seconds."""
        entry, _ = self._app.head()
        now = self._app.clock().timestamp()
        with self._lock:
            known = self._answers.setdefault(key, _Answer())
            self._answers.move_to_end(key)
            while len(self._answers) > KEPT:
                self._answers.popitem(last=False)
        with known.lock:
            if known.declared is not self._app.declared or not known.holds(entry, now=now, seconds=seconds):
                known.value, known.entry, known.at, known.declared = make(), entry, now, self._app.declared
            value: T = known.value
            return value


class _Answer:
    """One answer, as of when it was worked out."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.entry, self.at = 0, 0.0
        self.declared: object = None
        self.value: Any = None

    def holds(self, entry: int, *, now: float, seconds: int) -> bool:
        """Whether the answer is still good: nothing was recorded since, or a moment ago, in the same span of time."""
        return now // seconds == self.at // seconds and (entry == self.entry or 0 <= now - self.at < AGE)
