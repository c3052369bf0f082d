"""The verbs that look: what is due, a pass, a trial, our own re-reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from bot import pipeline, schedule
from bot.app.base import Base
from bot.errors import OperatorError
from bot.model import Block, Host, Known, Look, Outcome, Source, Ticket, Unit, unpack
from bot.ports import Plan
from bot.squeeze import expand

if TYPE_CHECKING:
    from bot import editions

FOLLOW_ROUNDS = 3  # list -> item -> attachment, and one to spare
ROUND = "round"  # the kind of ticket that says that the daily round was made; it expires with its day


class Looking(Base):
    """The part of App that looks."""

    def due(self) -> list[Source]:
        """Sources whose time has come."""
        return self._agenda.due(self.sources(), self.standings(), now=self.clock())

    @cached_property
    def _agenda(self) -> schedule.Agenda:
        return schedule.Agenda()

    def check(self, source_ids: Sequence[str] = (), *, everything: bool = False) -> Iterator[tuple[Outcome, int]]:
        """Look at these sources (default: what is due), then at the pages of new items and at their attachments.

        Yields each outcome with its Change (0: none). Raises OperatorError for an unknown or switched-off id.
        """
        from bot import past

        wanted = self._wanted(source_ids, everything=everything)
        past.compare_editions(self.declared, store=self.store)
        self.store.declare(self.declared, now=self.clock())  # here, not on opening: who only reads never writes
        if old := schedule.retired(self.store.derived(), self.standings(), now=self.clock()):
            self.store.retire(old, now=self.clock())
        for _ in range(1 + FOLLOW_ROUNDS):
            followed: list[Source] = []
            by_id = {source.id: source for source in wanted}
            for outcome, change in pipeline.check(wanted, store=self.store, crew=self.crew, clock=self.clock):
                followed += outcome.follow
                if outcome.kind == "first":
                    past.connect(by_id[outcome.source_id], store=self.store)
                yield outcome, change
            if not followed:
                return
            wanted = followed

    def _wanted(self, source_ids: Sequence[str], *, everything: bool) -> list[Source]:
        if everything:
            return [source for source in self.sources().values() if source.enabled]
        if not source_ids:
            return self.due()
        wanted = [self.source(source_id) for source_id in dict.fromkeys(source_ids)]
        if off := [source for source in wanted if not source.enabled]:
            raise OperatorError(f"{off[0].id} is switched off in the declarations ({off[0].off_reason})")
        return wanted

    def postponed(
        self, source_ids: Sequence[str], outcomes: Iterable[Outcome], *, everything: bool = False
    ) -> list[tuple[str, str]]:
        """Which of the sources asked for were not reached in a pass, and why; each stays due."""
        reached = {outcome.source_id for outcome in outcomes}
        left = [one for one in self._wanted(source_ids, everything=everything) if one.id not in reached]
        hosts = self.store.hosts({schedule.host_of(one.url) for one in left})
        return [(one.id, _pause(hosts.get(schedule.host_of(one.url)))) for one in left]

    def is_round_due(self) -> bool:
        """Whether nobody made the daily round of keeping yet today (UTC), by the store's own record."""
        return not self.store.tickets(ROUND, now=self.clock())

    def note_round(self) -> None:
        """The daily round was made; the record of it expires with the day (UTC)."""
        now = self.clock()
        end = datetime.combine(now + timedelta(days=1), time(), now.tzinfo)
        self.store.issue(Ticket(ROUND, now.isoformat().encode(), end))

    def try_out(
        self, source_ids: Sequence[str] = (), *, everything: bool = False
    ) -> Iterator[tuple[Source, Look, tuple[Block, ...]]]:
        """Look live and say what would be read; nothing is stored."""
        wanted = self._wanted(source_ids, everything=everything or not source_ids)

        def make(plan: Plan) -> Unit:
            fresh = tuple(Known(source) for source in plan.sources)
            return Unit(plan.host, self.clock(), fresh, 0.0, plan.spacing)

        by_id = {source.id: source for source in wanted}
        for done in self.crew(schedule.plans(wanted, {}, now=self.clock()), make=make):
            for one in done.looks:
                yield by_id[one.source_id], one, unpack(expand(one.reading)) if one.reading else ()

    def reread(self, source_ids: Sequence[str] = ()) -> Iterator[tuple[Outcome, int]]:
        """Read the stored bytes as we read today; recorded as *extractor*, told to nobody."""
        from bot.look import reread

        wanted = [self.source(one) for one in source_ids] if source_ids else list(self.sources().values())
        return pipeline.reread(wanted, store=self.store, read=reread, now=self.clock())

    def editions(self) -> Iterator[editions.Proposal]:
        """Documents that look like the next edition of another, declared or followed; a person confirms."""
        from bot import editions, past

        known = self.sources()
        first = {one: versions[-1].at for one in known if (versions := self.store.versions(one, limit=past.ALL))}

        def read(source: Source) -> tuple[Block, ...]:
            return self.store.blocks(self.store.versions(source.id, limit=1)[0])

        return editions.propose(known.values(), seen=first, read=read)


def _pause(host: Host | None) -> str:
    if host and host.not_before:
        return f"its host asked for a pause until {host.not_before:%Y-%m-%d %H:%M} UTC"
    return "the time of its host was over; it stays due"
