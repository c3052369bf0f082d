"""Which sources are due, and in which units they are looked at. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit
from zlib import crc32

from bot.model import Host, Source, Standing

UNIT = 25  # sources at most
BUDGET = timedelta(seconds=60)  # of work at most
PASS = timedelta(minutes=10)  # of one host's time at most in one pass: nobody waits for the slowest host
LONGEST_PAUSE = timedelta(days=8)  # more than any host is granted: the clock was set back meanwhile
LOOK = 1.0  # seconds that a look is taken to last, beside its host's spacing
FIRST_RETRY = timedelta(minutes=30)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)

# How often a derived source is looked at again, by its age; past the last one it retires.
DECAY = ((timedelta(days=2), timedelta(hours=8)), (timedelta(days=14), timedelta(days=1)),
         (timedelta(days=90), timedelta(days=7)))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """Sources of one host that will make one Unit."""

    host: str
    sources: tuple[Source, ...]

    @property
    def spacing(self) -> float:
        return max(source.spacing for source in self.sources)


def host_of(url: str) -> str:
    """The host (with its port) that must be treated politely."""
    return urlsplit(url).netloc.lower().rpartition("@")[2]


def interval(source: Source, standing: Standing, *, now: datetime) -> timedelta:
    """How long to wait after a good look."""
    every = source.every
    if source.parent and source.since:
        every = next((pause for age, pause in DECAY if now - source.since < age), DECAY[-1][1])
    return max(every * standing.hurry, timedelta(minutes=5))


def next_look(source: Source, standing: Standing, *, now: datetime) -> datetime:
    """When this source is to be looked at next.

    Each source has its own phase within the interval, from a hash of its id, so that 200 sources that were first
    looked at together are not due together for ever after. Failures come back sooner, with a growing pause.
    A look that lies ahead was taken before the clock was set back: it and its pauses keep nobody from looking.
    """
    last = standing.last_check
    if last is None or last > now:
        return EPOCH
    every = interval(source, standing, now=now)
    share: float = crc32(source.id.encode()) / 2**32
    due: datetime
    if standing.streak:
        pause = min(every, FIRST_RETRY * 2 ** min(standing.streak - 1, 10))
        due = last + pause * (0.75 + share / 2)  # what failed together (the line was down) does not return together
    else:
        due = _slot(last, every, every * share)
    return max(due, standing.not_before) if standing.not_before else due


def _slot(last: datetime, every: timedelta, phase: timedelta) -> datetime:
    """The first moment EPOCH + phase + n * every after a look; one that follows at once is skipped."""
    past: int = (last - EPOCH - phase) // every
    due: datetime = EPOCH + phase + every * (past + 1)
    return due if due - last >= every / 10 else due + every


def due(sources: Iterable[Source], standings: Mapping[str, Standing], *, now: datetime) -> list[Source]:
    """The enabled sources whose time has come, those waiting longest first; of one host what fits into a pass.

    The others of a host stay due for the next pass; those without spacing all fit.
    """
    waiting = [
        (when, source.id, source)
        for source in sources
        if source.enabled and (when := next_look(source, _standing(source, standings), now=now)) <= now
    ]
    taken: dict[str, float] = defaultdict(float)
    return [source for _, _, source in sorted(waiting) if _fits(source, taken)]


def reconsidered(source: Source, standing: Standing, *, now: datetime) -> datetime:
    """Until when nothing but a look, or a clock that is set back, can make this source due."""
    if not source.enabled:
        return NEVER
    then = next_look(source, standing, now=now)
    if source.parent and source.since:  # its pauses change with its age
        return min([then, *(source.since + age for age, _ in DECAY if source.since + age > now)])
    return then


class Agenda:
    """When each source is to be considered again, so that asking what is due costs what is due, not what there is.

    Threads may ask it: what it remembers is replaced as a whole.
    """

    def __init__(self) -> None:
        self._known = _Remembered({}, {}, EPOCH, {})

    def due(
        self, sources: Mapping[str, Source], standings: Mapping[str, Standing], *, now: datetime
    ) -> list[Source]:
        """As `due` of all these sources. Quick where both mappings are those of the last time."""
        self._known = known = self._renewed(sources, standings, now=now)
        return due([sources[name] for name, then in known.then.items() if then <= now], standings, now=now)

    def _renewed(
        self, sources: Mapping[str, Source], standings: Mapping[str, Standing], *, now: datetime
    ) -> _Remembered:
        known = self._known
        if now < known.at:  # the clock was set back
            known = _Remembered({}, {}, EPOCH, {})
        stale = known.stale(sources, standings)
        then = known.then
        if sources is not known.sources:
            then = {name: when for name, when in then.items() if name in sources}
        there = [sources[name] for name in stale if name in sources]
        fresh = {one.id: reconsidered(one, _standing(one, standings), now=now) for one in there}
        return _Remembered(sources, standings, now, {**then, **fresh} if fresh else then)


class _Remembered(NamedTuple):
    """What was asked last, when, and what came of it."""

    sources: Mapping[str, Source]
    standings: Mapping[str, Standing]
    at: datetime
    then: Mapping[str, datetime]

    def stale(self, sources: Mapping[str, Source], standings: Mapping[str, Standing]) -> set[str]:
        """The names of sources of which nothing is remembered, or of which either is another one now."""
        found: set[str] = set()
        if standings is not self.standings:
            known = self.standings.get
            found.update(name for name, standing in standings.items() if known(name) is not standing)
            found.update(self.standings.keys() - standings.keys())
        if sources is not self.sources:
            found.update(
                name for name, source in sources.items() if name not in self.then or self.sources[name] is not source
            )
        return found


def _standing(source: Source, standings: Mapping[str, Standing]) -> Standing:
    return standings.get(source.id) or Standing(source.id)


def _fits(source: Source, taken: dict[str, float]) -> bool:
    """Whether there is time for this source in its host's share of a pass; takes the time, if so."""
    if source.spacing <= 0:
        return True
    host = host_of(source.url)
    fits = taken[host] < PASS.total_seconds()
    taken[host] += source.spacing + LOOK
    return fits


def retired(sources: Iterable[Source], standings: Mapping[str, Standing], *, now: datetime) -> list[str]:
    """Derived sources that have been looked at long enough."""
    oldest = DECAY[-1][0]
    return [
        source.id
        for source in sources
        if source.parent and source.since and now - _alive(source.since, standings.get(source.id)) > oldest
    ]


def _alive(since: datetime, standing: Standing | None) -> datetime:
    """A document that still changes is still alive."""
    return max(since, (standing and standing.last_change) or since)


def plans(sources: Sequence[Source], hosts: Mapping[str, Host], *, now: datetime) -> list[Plan]:
    """Units of at most 25 sources of one host and 60 s of work; hosts that asked for a longer pause are left out."""
    by_host: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        by_host[host_of(source.url)].append(source)
    made = []
    for name, group in by_host.items():
        host = hosts.get(name)
        until = host and rests_until(host, now=now)
        if until and until - now > BUDGET:
            continue
        size = _size(group)
        made += [Plan(name, tuple(group[i : i + size])) for i in range(0, len(group), size)]
    return made


def rests_until(host: Host, *, now: datetime) -> datetime | None:
    """The moment before which nobody asks this host; None for a pause that only a clock set back can have made."""
    until = host.not_before
    return until if until and until - now <= LONGEST_PAUSE else None


def _size(group: Sequence[Source]) -> int:
    spacing = max(source.spacing for source in group)
    return UNIT if spacing <= 0 else max(1, min(UNIT, int(BUDGET.total_seconds() / (spacing + LOOK))))
