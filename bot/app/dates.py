"""The verbs for dates ahead: what comes into force, what is due, folded by act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from bot import events, judge
from bot.app.lookups import Lookups
from bot.jurisdictions import today_in
from bot.model import Ahead, Filters, Finding, Source

ROOM = 2_000  # dates that are read at a time
DAY = timedelta(days=1)  # no clock on earth is further from UTC


class Dates(Lookups):
    """The part of App that looks ahead."""

    def upcoming(self, *, filters: Filters | None = None, footprint: str = "", days: int = 90) -> list[Ahead]:
        """Dates that texts state, from today on for so many days, soonest first, days as they are at the authority.

        Of an act that several Changes speak of, the dates of each kind are those that were stated last. With the name
        of a `footprint` only what touches it. Raises OperatorError for an unknown one.
        """
        asked = filters or Filters()
        ours = self.footprint(footprint) if footprint else None
        now = self.clock()
        day = now.date()
        found = self.store.ahead(since=day - DAY, until=day + days * DAY + DAY, filters=asked, limit=ROOM)
        sources = self.sources()
        near = [one for one in found if 0 <= self.days_left(one, sources=sources) <= days]
        opinions = self.store.findings([one.change for one in near])
        if ours:
            near = [one for one in near if judge.touched(opinions[one.change], ours)]
        near = [one for one in near if self._reaches(opinions[one.change], asked.min)]
        return list(self._folded(near))

    def days_left(self, ahead: Ahead, *, sources: Mapping[str, Source] | None = None) -> int:
        """Days until a date, counted where the authority is; negative when it is over there."""
        return (ahead.dated.date - self.today_at(ahead.source_id, sources=sources)).days

    def today_at(self, source_id: str, *, sources: Mapping[str, Source] | None = None) -> date:
        """Which day it is at the authority that a source belongs to."""
        known = self.sources() if sources is None else sources
        source = known.get(source_id) or Source(source_id, "")
        return today_in(source.jurisdiction, now=self.clock(), zone=source.timezone)

    def _folded(self, near: Sequence[Ahead]) -> Iterator[Ahead]:
        """One entry for each date of an act: what was stated last of a kind stands for what was said before."""
        last: dict[tuple[int, str], int] = {}
        for number in dict.fromkeys(one.event for one in near if one.event):
            event = self.store.event(number)
            last |= {(number, kind): change for kind, change in _stated_last(self.spoken(event) if event else ())}
        seen = set()
        for one in near:
            act = one.event or -one.change
            if last.get((one.event, one.dated.kind), one.change) != one.change:
                continue
            if (key := (act, one.dated.kind, one.dated.date)) not in seen:
                seen.add(key)
                yield one


def _stated_last(spoken: Sequence[events.Told]) -> Iterator[tuple[str, int]]:
    """Each kind of date with the newest Change that states it, of those that count; oldest first."""
    for change, finding in spoken:
        if finding.verdict != "not_relevant" and not change.late:
            yield from ((kind, change.id) for kind in _kinds(finding))


def _kinds(finding: Finding) -> set[str]:
    return {dated.kind for dated in finding.dates}
