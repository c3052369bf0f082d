"""How well the sources were seen in a period, from the looks at them: the proof of coverage speaks of then, not of now.

Pure: looks in, words and figures out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from bot import coverage
from bot.model import CAUSES, CheckRow, Coverage, Source, Standing

GOOD = frozenset({"first", "same", "changed"})
Looks = Mapping[str, Sequence[CheckRow]]


class Looked(NamedTuple):
    """What the looks of a period come to. `coverage` is as it was at the period's end."""

    coverage: Coverage
    looks: int
    failures: int
    holes: tuple[tuple[str, str], ...]  # (source, why and from when to when) that was unread for long, and read again
    resting: tuple[str, ...]  # sources without a look, which were read before and not too long ago


def begun(standings: Mapping[str, Standing], sources: Iterable[Source]) -> datetime | None:
    """When the first of these sources was looked at."""
    known = [standings[source.id] for source in sources if source.id in standings]
    return min((at for one in known for at in (one.first_good, one.failing_since) if at), default=None)


def end(standings: Mapping[str, Standing], *, until: datetime, now: datetime) -> datetime:
    """When a period ends of which we can speak; one that lasts until now holds the look that has just come back."""
    return until if until < now else max([now, *(one.last_check for one in standings.values() if one.last_check)])


def looked(
    rows: Looks,
    sources: Sequence[Source],
    *,
    standings: Mapping[str, Standing],
    since: datetime,
    until: datetime,
    first: datetime | None,
) -> Looked:
    """Sum up the looks at declared sources, and at what follows from them, of [since, until].

    `rows` are led by the last good look before the period and what failed since; `first` is when our looks began.
    """
    then = {one.id: _stood(rows.get(one.id, ()), standings.get(one.id), one.id, until) for one in sources}
    seen = coverage.coverage(sources, then, now=until)
    asked = {source.id for source in sources}
    own = [row for name, of in rows.items() if name.partition("~")[0] in asked for row in of if row.at >= since]
    good = {row.source_id for row in own if row.outcome in GOOD}
    start = max(since, first) if first else since
    resting = tuple(name for name in seen.read if name not in good)
    holes = ((source.id, _hole(rows.get(source.id, ()), source, start=start)) for source in sources if source.enabled)
    return Looked(
        replace(seen, read=tuple(name for name in seen.read if name in good)),
        len(own),
        sum(row.outcome not in GOOD for row in own),
        tuple((name, why) for name, why in holes if why),
        resting,
    )


def _stood(rows: Sequence[CheckRow], now: Standing | None, source_id: str, until: datetime) -> Standing:
    """How a source stood when its last look of a period was over."""
    last_good = max((row.at for row in rows if row.outcome in GOOD), default=None)
    failed = [row for row in rows if row.outcome not in GOOD and (last_good is None or row.at > last_good)]
    is_quiet_known = now is not None and (now.last_change or now.first_good or until) < until
    return Standing(
        source_id,
        last_check=rows[-1].at if rows else None,
        last_good=last_good,
        first_good=now.first_good if now and is_quiet_known else None,
        last_change=now.last_change if now and is_quiet_known else None,
        streak=len(failed),
        cause=failed[-1].cause if failed else "",
        failing_since=failed[0].at if failed else None,
    )


def _hole(rows: Sequence[CheckRow], source: Source, *, start: datetime) -> str:
    """The longest time without a good look that ended, when it is over three intervals; "" otherwise."""
    good = [row.at for row in rows if row.outcome in GOOD]
    edges = good if good and good[0] < start else [start, *good]
    from_, to = max(pairwise(edges), key=lambda pair: pair[1] - pair[0], default=(start, start))
    if to - from_ <= source.every * coverage.STALE_AFTER:
        return ""
    causes = [row.cause for row in rows if row.outcome not in GOOD and from_ < row.at < to]
    why = (CAUSES.get(causes[-1]) or causes[-1] or "the cause is not known") if causes else "no look in time"
    return f"{why}, {_minute(from_)} to {_minute(to)} UTC"


def sentence(
    it: Looked, said: str, *, since: datetime, until: datetime, now: datetime, first: datetime | None
) -> str:
    """Promise 9's words, as `said` of the end of the period, with what they leave out of the time before it."""
    if since >= now:
        return "This period has not begun: nothing is known of it."
    if first is None or first > until:
        when = f"; the first look was on {_minute(first)} UTC" if first else ""
        return f"Nothing was looked at between {_minute(since)} and {_minute(until)} UTC{when}."
    return " ".join([said, *_besides(it, since=since, first=first)])


def _besides(it: Looked, *, since: datetime, first: datetime) -> Iterator[str]:
    if it.holes:
        yield f"Not read for a time: {coverage.reasons(dict(it.holes))}."
    if it.resting:
        yield f"Without a look in this period, and read before it: {coverage.names(it.resting)}."
    if first > since:
        yield f"Before {_minute(first)} UTC nothing was looked at."


def _minute(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M}"
