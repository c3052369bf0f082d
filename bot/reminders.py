"""When a date ahead is spoken of again: 30, 7 and 1 days before it; of a shorter time at once, at half and on the eve.

Pure. Days are counted where the authority is; whoever calls has done so.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

MARKS = (30, 7, 1)
"""Days before a date."""


class Reminded(NamedTuple):
    """What a reminder is about: the first Change of its act, the kind of date, the day; the delivery's subject."""

    change: int
    kind: str
    day: date

    def __str__(self) -> str:
        return f"date:{self.change}:{self.kind}:{self.day.isoformat()}"


def reminded(subject: str) -> Reminded:
    """The inverse of str(Reminded)."""
    _, change, kind, day = subject.split(":")
    return Reminded(int(change), kind, date.fromisoformat(day))


def mark(left: int, *, window: int, there: bool = False) -> int | None:
    """Which reminder is due with so many days left, named by its days before the date; None: none yet.

    `window` is how many days lay between the first sight of the date and the date. `there`: the date was there when we
    began to watch, which is no news and is not said at once.
    """
    passed = [days for days in _marks(window, there=there) if days >= left >= 0]
    return min(passed, default=None)


def _marks(window: int, *, there: bool) -> tuple[int, ...]:
    if there:
        return tuple(days for days in MARKS if days < window)
    if window >= MARKS[0]:
        return MARKS
    return tuple({window, *(days for days in (window // 2, 1) if 0 < days < window)})
