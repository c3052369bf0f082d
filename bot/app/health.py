"""The verbs that say how well we see, how late, and how we do ourselves."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from bot import coverage, pipeline
from bot.app.base import SILENT, Base
from bot.app.proposals import INSTALLED
from bot.app.pulse import Pulse
from bot.jurisdictions import today_in
from bot.lag import Lags, Sight, lags
from bot.model import Bulk, Change, Coverage, Source, Standing, Subscription
from bot.schedule import interval, next_look

LAG_OVER = timedelta(days=30)
LAG_AMONG = 400  # changes that lag is computed from, at most
FRESH = timedelta(seconds=15)  # figures that are not older are given again: asking often costs nothing
STATES = ("read", "failing", "blocked", "stale", "quiet", "unproven", "off")


class Seen(NamedTuple):
    """How one declared source stands. state: one of STATES; unproven goes before failing, failing before quiet."""

    source: Source
    state: str
    standing: Standing
    every: timedelta
    next: datetime | None


@dataclass(frozen=True, slots=True)
class Figures:
    """How the whole does, in numbers; ages in seconds, None where there is nothing of the kind."""

    totals: Bulk
    states: Mapping[str, int]
    last_good: Mapping[str, datetime]
    undelivered: float | None  # age of the oldest delivery that has not gone out
    unjudged: float | None  # age of the oldest Change without an opinion
    lags: Lags
    alarms: int
    ledger: int  # entries
    free: int  # bytes on the disk
    size: int  # bytes of the store
    drained: Mapping[str, float] = field(default_factory=dict)  # seconds since each drain came to its end
    took: Mapping[str, float] = field(default_factory=dict)  # seconds that it took, when it last had something to do


class Health(Base):
    """The part of App that speaks of coverage."""

    @cached_property
    def pulse(self) -> Pulse:
        """How the service's drains do; whoever runs them writes it."""
        return Pulse(self.clock())

    def coverage(self, *, source_ids: Collection[str] = (), jurisdictions: Collection[str] = ()) -> Coverage:
        """How well the declared sources are seen: all of them, or those named and those of these jurisdictions."""
        asked = coverage.among(self.declared, ids=source_ids, jurisdictions=jurisdictions)
        return coverage.coverage(asked, self.standings(), now=self.clock())

    def coverage_sentence(self, *, since: datetime | None = None, subscription: Subscription | None = None) -> str:
        """Promise 9's words for now."""
        found = self.store.changes(since=since, limit=1000) if since else ()
        told = [change for change in found if change.cause not in SILENT and not change.late]
        seen = sum(change.at > since for change in told) if since else 0
        return coverage.sentence(self.coverage(), changes=seen, since=since, subscription=subscription)

    def as_of(
        self,
        *,
        source_ids: Collection[str] = (),
        jurisdictions: Collection[str] = (),
        subscription: Subscription | None = None,
    ) -> str:
        """The foot of any answer: as of when, which sources concerned could not be read, why and since when.

        Without ids and jurisdictions all declared sources are concerned. With a subscription also what is muted or
        paused there.
        """
        seen = self.coverage(source_ids=source_ids, jurisdictions=jurisdictions)
        return coverage.sentence(seen, changes=0, since=None, subscription=subscription)

    def unread_documents(self) -> dict[str, int]:
        """How many followed documents of each list fail now; their lists are counted as read all the same."""
        parents = {one.id: one.parent for one in self.store.derived()}
        failing = (standing.source_id for standing in self.standings().values() if standing.streak)
        return dict(Counter(parents[one] for one in failing if one in parents))

    def absent(self) -> list[str]:
        """One line for each setting that nothing listens to."""
        return [f"{name} is set, but there is no such setting" for name in self.settings.unknown]

    def seen(self) -> Iterator[Seen]:
        """Each declared source with how it stands, in the order of the declarations."""
        now, found, standings = self.clock(), self.coverage(), self.standings()
        states = {name: state for state, names in _by_state(found) for name in names}
        for source in self.declared:
            standing = standings.get(source.id) or Standing(source.id)
            then = None
            if source.enabled and standing.last_check:  # no look is due before the last one, whatever the clock says
                then = max(next_look(source, standing, now=now), min(standing.last_check, now))
            yield Seen(source, states[source.id], standing, interval(source, standing, now=now), then)

    def alarms(self) -> Mapping[str, datetime]:
        """What the owner was told of and is not over: subject -> since when."""
        return {subject: since for subject, since in self.store.alarms().items() if subject != INSTALLED}

    # ---- lag

    def lag(self, *, since: datetime | None = None) -> Lags:
        """How many days after the publisher's own date dated items were first seen, of the last 30 days or `since`.

        What is dated before its source was first read well could not have been seen earlier, and is left out.
        """
        began = since or self.clock() - LAG_OVER
        changes = [one for one in self.store.changes(since=began, limit=LAG_AMONG) if _brings_items(one)]
        known, standings = self.sources(), self.standings()
        return lags(
            sight
            for change in changes
            if change.source_id in known
            for sight in self._sights(change, known[change.source_id], standings.get(change.source_id))
        )

    def _sights(self, change: Change, source: Source, standing: Standing | None) -> Iterator[Sight]:
        blocks = self.store.blocks(change.after)
        seen = today_in(source.jurisdiction, now=change.at, zone=source.timezone)
        begun = standing.first_good.date() if standing and standing.first_good else date.min
        for edit in change.edits:
            if edit.kind == "new" and (published := _day(blocks[edit.after].date)) and published >= begun:
                yield Sight(source.id, change.id, published, seen)

    # ---- figures

    def figures(self) -> Figures:
        """The numbers behind health and metrics, at most 15 seconds old."""
        now = self.clock()
        if self._figures is None or abs(now - self._figures[0]) > FRESH:
            self._figures = (now, self._measured(now=now))
        return self._figures[1]

    _figures: tuple[datetime, Figures] | None = None

    def _measured(self, *, now: datetime) -> Figures:
        seen = list(self.seen())
        open_rows = self.store.outbox(states=("queued", "sending"))
        wait, tries = pipeline.DOCUMENT_WAIT, pipeline.DOCUMENT_TRIES
        unjudged = [one.at for one in self.store.unjudged(now=now, wait=wait, tries=tries, limit=20) if not one.late]
        pulse = self.pulse
        return Figures(
            totals=self.store.totals(),
            states=dict.fromkeys(STATES, 0) | Counter(one.state for one in seen),
            last_good={one.source.id: one.standing.last_good for one in seen if one.standing.last_good},
            undelivered=_age([row.due for row in open_rows if row.due], now=now),
            unjudged=_age(unjudged, now=now),
            lags=self._lags(now=now),
            alarms=len(self.alarms()),
            ledger=self.store.head()[0],
            free=shutil.disk_usage(self.settings.home).free,
            size=sum(file.stat().st_size for file in self.settings.home.glob("regwatch.db*")),
            drained={name: (now - at).total_seconds() for name, at in pulse.drained.items()},
            took=dict(pulse.took),
        )

    _lagged: tuple[tuple[int, date], Lags] | None = None

    def _lags(self, *, now: datetime) -> Lags:
        """Computed again when there is a newer Change, or a new day."""
        newest = self.store.changes(limit=1, counted=False)
        key = (newest[0].id if newest else 0, now.date())
        if self._lagged is None or self._lagged[0] != key:
            self._lagged = (key, self.lag())
        return self._lagged[1]


def _by_state(found: Coverage) -> Iterator[tuple[str, Collection[str]]]:
    """Later ones go before earlier ones."""
    yield "read", found.read
    for state, group in (("quiet", found.quiet), ("stale", found.stale), ("failing", found.failing)):
        yield state, [one.source_id for one in group]
    yield "blocked", [one.source_id for one in found.blocked]
    yield "unproven", found.unproven
    yield "off", [name for name, _ in found.off]


def _brings_items(change: Change) -> bool:
    return change.cause == "source" and not change.late and any(edit.kind == "new" for edit in change.edits)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _age(moments: Collection[datetime], *, now: datetime) -> float | None:
    return max(0.0, (now - min(moments)).total_seconds()) if moments else None
