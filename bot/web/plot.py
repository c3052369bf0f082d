"""Changes per week as bars: an SVG that says in words what it shows, and the same as a table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

WEEKS = 26
WIDTH, HEIGHT, BASE = 520, 96, 78  # the drawing's own units
PLACES = 8  # jurisdictions that have a row of their own


class Bar(NamedTuple):
    """One week: where it stands in the drawing, and what it says."""

    monday: date
    number: int
    x: float
    y: float
    width: float
    height: float


class Plot(NamedTuple):
    """Bars, the words for them, and the table: a row for each jurisdiction with its numbers, oldest week first."""

    bars: tuple[Bar, ...]
    top: int
    title: str
    sentence: str
    mondays: tuple[date, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]


def plot(weekly: Mapping[str, Mapping[date, int]], *, now: datetime, weeks: int = WEEKS) -> Plot:
    """The last weeks, this one included. A change that concerns two jurisdictions counts in both."""
    this = now.date() - timedelta(days=now.weekday())
    mondays = tuple(this - timedelta(weeks=back) for back in range(weeks - 1, -1, -1))
    rows = [(place, tuple(found.get(monday, 0) for monday in mondays)) for place, found in weekly.items()]
    rows.sort(key=lambda row: (-sum(row[1]), row[0]))
    totals = [sum(numbers) for numbers in zip(*(row[1] for row in rows), strict=True)] or [0] * weeks
    return Plot(
        bars=tuple(_bars(mondays, totals)),
        top=max(totals),
        title=f"Relevant changes per week, {weeks} weeks",
        sentence=_sentence(mondays, totals, rows),
        mondays=mondays,
        rows=tuple(_few(rows)),
    )


def _bars(mondays: tuple[date, ...], totals: list[int]) -> list[Bar]:
    step = WIDTH / len(mondays)
    top = max(*totals, 1)
    return [
        Bar(monday, count, round(n * step + 2, 1), round(BASE - 62 * count / top, 1), round(step - 4, 1),
            round(62 * count / top, 1))
        for n, (monday, count) in enumerate(zip(mondays, totals, strict=True))
    ]  # fmt: skip


def _sentence(mondays: tuple[date, ...], totals: list[int], rows: list[tuple[str, tuple[int, ...]]]) -> str:
    if not sum(totals):
        return f"No relevant change in the {len(mondays)} weeks since {mondays[0]}."
    most = max(range(len(totals)), key=lambda n: totals[n])
    return (
        f"{sum(totals)} in {len(mondays)} weeks; {totals[-1]} this week; the most, {totals[most]}, in the week of "
        f"{mondays[most]}. Most of them concern {rows[0][0]}."
    )


def _few(rows: list[tuple[str, tuple[int, ...]]]) -> list[tuple[str, tuple[int, ...]]]:
    """The largest jurisdictions, and the others together."""
    rest = rows[PLACES:]
    if len(rest) < 2:
        return rows
    return [*rows[:PLACES], ("others", tuple(sum(numbers) for numbers in zip(*(row[1] for row in rest), strict=True)))]
