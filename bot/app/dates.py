"""The verbs for dates ahead: what comes into force, what is due, folded by act."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache

from bot import judge
from bot.app.lookups import Lookups
from bot.jurisdictions import today_in
from bot.model import Ahead, Filters, Finding, Footprint, Source

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
        day = self.clock().date()
        found = self.store.ahead(since=day - DAY, until=day + days * DAY + DAY, filters=asked, limit=ROOM)
        today = cache(self.today_at)
        near = [one for one in found if 0 <= (one.dated.date - today(one.source_id)).days <= days]
        if ours or asked.min != "know":  # only then is a whole Finding asked
            opinions = self.store.findings([one.change for one in near])
            near = [one for one in near if self._concerns(opinions[one.change], ours, least=asked.min)]
        return list(self._folded(near))

    def _concerns(self, finding: Finding, ours: Footprint | None, *, least: str) -> bool:
        return (ours is None or bool(judge.touched(finding, ours))) and self._reaches(finding, least)

    def days_left(self, ahead: Ahead, *, sources: Mapping[str, Source] | None = None) -> int:
        """Days until a date, counted where the authority is; negative when it is over there."""
        return (ahead.dated.date - self.today_at(ahead.source_id, sources=sources)).days

    def today_at(self, source_id: str, *, sources: Mapping[str, Source] | None = None) -> date:
        """Which day it is at the authority that a source belongs to; what follows from a list has its list's clock."""
        known = {one.id: one for one in self.declared} if sources is None else sources
        source = known.get(source_id) or known.get(source_id.partition("~")[0]) or Source(source_id, "")
        return today_in(source.jurisdiction, now=self.clock(), zone=source.timezone)

    def _folded(self, near: Sequence[Ahead]) -> Iterator[Ahead]:
        """One entry for each date of an act: what was stated last of a kind stands for what was said before."""
        last = self._said_last(dict.fromkeys(one.event for one in near if one.event))
        seen = set()
        for one in near:
            act = one.event or -one.change
            if last.get((one.event, one.dated.kind), one.change) != one.change:
                continue
            if (key := (act, one.dated.kind, one.dated.date)) not in seen:
                seen.add(key)
                yield one

    def _said_last(self, numbers: Iterable[int]) -> dict[tuple[int, str], int]:
        """Of events that several Changes speak of: the newest Change that states a date of a kind."""
        acts = [event for event in filter(None, map(self.store.event, numbers)) if len(event.changes) > 1]
        opinions = self.store.findings([change for event in acts for change in event.changes])
        stating = {number: finding for number, finding in opinions.items() if finding.verdict != "not_relevant"}
        found: dict[tuple[int, str], int] = {}
        for event in acts:
            spoken = filter(None, (self.store.change(change) for change in event.changes if change in stating))
            for change in sorted(spoken, key=lambda one: (one.at, one.id)):
                kinds = _kinds(stating[change.id]) if not change.late else ()
                found |= {(event.id, kind): change.id for kind in kinds}
        return found


def _kinds(finding: Finding) -> set[str]:
    return {dated.kind for dated in finding.dates}
