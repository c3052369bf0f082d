"""The verbs for acts: who else speaks of one, how far it has come, and what people correct."""

from __future__ import annotations

from datetime import timedelta

from bot import events, pipeline
from bot.app.people import People
from bot.errors import OperatorError
from bot.model import Change, Delivery, Event, Filters, Finding, Subscription

AKIN = timedelta(days=180)  # how far back a title that is alike is looked for
AMONG = 200  # … and among how many findings


class Events(People):
    """The part of App that knows which Changes speak of one act."""

    def event_of(self, change_id: int) -> Event | None:
        """The act that a Change speaks of, with all who speak of it; None when it names none."""
        return self.store.event_of(change_id)

    def event(self, event_id: int) -> Event:
        """One event; raises OperatorError when there is none of this number."""
        found = self.store.event(event_id)
        if found is None:
            raise OperatorError(f"there is no event {event_id}")
        return found

    def became(self, event_id: int) -> Event:
        """The event of this number, or the one that it was merged into; raises OperatorError when there is neither."""
        return self.event(self.store.became(event_id) or event_id)

    def merge_events(self, event_id: int, *, into: int) -> Event:
        """Two events are one act: the Changes of the first join the second. Raises OperatorError."""
        for number in (event_id, into):
            self.event(number)
        if event_id == into:
            raise OperatorError(f"event {event_id} is the same as itself")
        self.store.merge(event_id, into=into, now=self.clock())
        return self.event(into)

    def split_event(self, change_id: int) -> int:
        """A Change speaks of another act: it leaves its event for its own; returns that. Raises OperatorError."""
        self._known(change_id)
        if self.event_of(change_id) is None:
            raise OperatorError(f"change {change_id} belongs to no event")
        return self.store.split(change_id, now=self.clock())

    def spoken(self, event: Event) -> list[tuple[Change, Finding]]:
        """The Changes of an event with their latest Findings, oldest first."""
        opinions = self.store.findings(event.changes)
        changes = filter(None, map(self.store.change, opinions))
        return sorted(((change, opinions[change.id]) for change in changes), key=lambda pair: (pair[0].at, pair[0].id))

    def stages(self, event: Event) -> str:
        """The stage line: proposal (day) → consultation (day) → …; "" when no text states a stage."""
        return events.stage_line(self.spoken(event))

    def is_broadcast(self, change: Change, subscription: Subscription) -> bool:
        """Whether the whole channel is to see what follows in an act's thread: only what is new about it."""
        event = self.event_of(change.id)
        finding = self.store.finding(change.id)
        if event is None or finding is None:
            return True
        spoken = [pair for pair in self.spoken(event) if (pair[0].at, pair[0].id) < (change.at, change.id)]
        earlier = [pair for pair in spoken if subscription.id in {one.subscription for one in self._rows(pair[0].id)}]
        levels = [self.level(opinion, subscription=subscription)[0] for _, opinion in earlier]
        level, _ = self.level(finding, subscription=subscription)
        return events.is_news((change, finding), earlier, level=level, levels=levels)

    def may_belong(self, change: Change, finding: Finding) -> str:
        """A sentence on an earlier Change whose title is alike, and which may speak of the same act; "" for none."""
        event = self.event_of(change.id)
        if finding.verdict == "not_relevant" or event and len(event.changes) > 1:
            return ""
        near = Filters(jurisdictions=finding.jurisdictions)
        others = self.store.recent(filters=near, since=change.at - AKIN, until=change.at, limit=AMONG)
        other = events.kin((change, finding), others)
        return f"may belong to change {other[0].id} of {other[0].at:%Y-%m-%d}: the titles are alike" if other else ""

    def _rows(self, change_id: int) -> list[Delivery]:
        """The messages that tell of a Change, not those that rewrite them or remind of it."""
        rows = self.store.deliveries(subject=f"change:{change_id}")
        return [one for one in rows if one.kind in pipeline.TOLD]
