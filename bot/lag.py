"""How long after the publisher's own date we first saw what was published. Pure.

Publishers date their items by the day, so lag is counted in days, where the authority is: 0 is the same day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import NamedTuple


class Sight(NamedTuple):
    """One new item: the day that its publisher gives, and the day there when we first saw it."""

    source_id: str
    change: int
    published: date
    seen: date

    @property
    def days(self) -> int:
        return (self.seen - self.published).days


class Lag(NamedTuple):
    """Of so many items: the median and the worst, in days, and the Change that was the worst."""

    items: int
    median: float
    worst: int
    change: int


@dataclass(frozen=True, slots=True)
class Lags:
    """Over all sources (None: nothing dated was seen), and by source."""

    overall: Lag | None = None
    by_source: Mapping[str, Lag] = field(default_factory=dict)

    def sentence(self) -> str:
        """The words for a status or a digest; "" without any dated item."""
        if self.overall is None:
            return ""
        items, middle, worst, change = self.overall
        late = f"{_days(middle)} in the median, {_days(worst)} at worst (change {change})"
        return f"{items} dated item{'s' * (items != 1)} seen after the publisher's own date by {late}"


def lags(sights: Iterable[Sight]) -> Lags:
    """What is dated after we saw it is no date of publication, and is left out."""
    by_source: dict[str, list[Sight]] = defaultdict(list)
    for sight in sights:
        if sight.days >= 0:
            by_source[sight.source_id].append(sight)
    everything = [sight for group in by_source.values() for sight in group]
    return Lags(_lag(everything) if everything else None, {name: _lag(group) for name, group in by_source.items()})


def _lag(sights: list[Sight]) -> Lag:
    worst = max(sights, key=lambda sight: sight.days)
    return Lag(len(sights), median(sight.days for sight in sights), worst.days, worst.change)


def _days(number: float) -> str:
    return f"{number:g} day{'s' * (number != 1)}"
