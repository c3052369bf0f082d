"""The verbs for dates ahead: what comes into force, what is due, folded by act."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache

from bot import judge
from bot.app.stated import Stated
from bot.judge import parts
from bot.jurisdictions import today_in
from bot.model import SEVERITIES, Ahead, DatedQuote, Filters, Finding, Footprint, Source

ROOM = 2_000  # dates that are read
DAY = timedelta(days=1)  # no clock on earth is further from UTC


class Dates(Stated):
    """The part of App that looks ahead."""

    def upcoming(
        self, *, filters: Filters | None = None, footprint: str = "", days: int = 90, limit: int = ROOM
    ) -> list[Ahead]:
        """Dates that texts state, from today on for so many days, soonest first, days as they are at the authority.

        Of an act that several Changes speak of, the dates of each kind are those that were stated last; what its page
        no longer gives is left out. With the name of a `footprint` only what touches it. At most the nearest `limit`.
        Raises OperatorError for an unknown one.
        """
        asked = filters or Filters()
        ours = self.footprint(footprint) if footprint else None
        day = self.clock().date()
        found = self.store.ahead(since=day - DAY, until=day + days * DAY + DAY, filters=asked, limit=limit)
        today = cache(self.today_at)
        near = [one for one in found if 0 <= (one.dated.date - today(one.source_id)).days <= days]
        if ours or asked.min != "know":  # only then is a whole Finding asked
            changes = [*dict.fromkeys(one.change for one in near)]
            opinions = self._severe(self.store.findings(changes), least=asked.min)
            near = [one for one in near if one.change in opinions and _concerns(opinions[one.change], one.dated, ours)]
        return list(self._folded(self.still_stated(near)))

    def _severe(self, opinions: Mapping[int, Finding], *, least: str) -> Mapping[int, Finding]:
        """Those that are at least so severe, by the rule or by what a person decided for all."""
        if least == "know":
            return opinions
        said, today = self.store.handlings([*opinions]), self.clock().date()
        decided = {change: found[0].severity for change, found in said.items() if 0 in found}

        def level(finding: Finding) -> int:
            override = decided.get(finding.change, "")
            return SEVERITIES.index(judge.severity(finding, today=today, override=override))

        return {change: one for change, one in opinions.items() if level(one) >= SEVERITIES.index(least)}

    def days_left(self, ahead: Ahead, *, sources: Mapping[str, Source] | None = None) -> int:
        """Days until a date, counted where the authority is; negative when it is over there."""
        return (ahead.dated.date - self.today_at(ahead.source_id, sources=sources)).days

    def today_at(self, source_id: str, *, sources: Mapping[str, Source] | None = None) -> date:
        """Which day it is at the authority that a source belongs to; what follows from a list has its list's clock."""
        known = {one.id: one for one in self.declared} if sources is None else sources
        source = known.get(source_id) or known.get(source_id.partition("~")[0]) or Source(source_id, "")
        return today_in(source.jurisdiction, now=self.clock(), zone=source.timezone)

    @staticmethod
    def _folded(near: Iterable[Ahead]) -> Iterator[Ahead]:
        """One entry for each date of an act."""
        seen = set()
        for one in near:
            act = one.event or -one.change
            if (key := (act, one.dated.kind, one.dated.date)) not in seen:
                seen.add(key)
                yield one


def _concerns(finding: Finding, dated: DatedQuote, ours: Footprint | None) -> bool:
    """Whether the item that states this date touches us; a date of one item says nothing of another."""
    stating = [one for one in parts.alone(finding) if dated in one.dates] or [finding]
    return ours is None or any(judge.touched(one, ours) for one in stating)
