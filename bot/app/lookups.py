"""The verbs that look things up: changes, searches, histories, acts, and why somebody was (not) told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot import events, messages, pipeline
from bot.app.people import People
from bot.errors import OperatorError
from bot.judge import Decision
from bot.model import (
    SEVERITIES,
    Bulk,
    Change,
    CheckRow,
    Delivery,
    Event,
    Filters,
    Finding,
    Hit,
    Review,
    Run,
    Source,
    Subscription,
    Version,
)

STATES = ("queued", "sending", "done", "uncertain", "dead")
AKIN = timedelta(days=180)  # how far back a title that is alike is looked for
AMONG = 200  # … and among how many findings
_DRAFTS = frozenset({"proposal", "consultation", "negotiation", "prepublication"})
_ADVICE = frozenset({"guidance", "faq", "commentary", "review"})
_RULES = frozenset({"adopted", "in_force", "agreement", "suspended", "repealed", "expired", "annulled"})


class Lookups(People):
    """The part of App that answers questions."""

    def changes(
        self, *, since: datetime | None = None, source_id: str = "", relevant: bool = False, limit: int = 50
    ) -> list[tuple[Change, Finding | None]]:
        """Newest first, each with its latest Finding."""
        found = self.store.changes(since=since, source_id=source_id, relevant=relevant, limit=limit)
        opinions = self.store.findings([change.id for change in found])
        return [(change, opinions.get(change.id)) for change in found]

    def latest(
        self,
        *,
        filters: Filters | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        before: int = 0,
        limit: int = 20,
        verdicts: Sequence[str] = ("relevant", "uncertain"),
    ) -> list[tuple[Change, Finding]]:
        """Judged Changes of [since, until), newest first; `before`: those that come after this Change there.

        All of the filters apply but `every_change`; the severity (`min`) is today's, without a footprint.
        """
        asked = filters or Filters()
        found: list[tuple[Change, Finding]] = []
        while len(found) < limit:
            page = self.store.recent(
                filters=asked, verdicts=verdicts, since=since, until=until, before=before, limit=limit
            )
            found += [pair for pair in page if self._reaches(pair[1], asked.min)]
            if len(page) < limit:
                break
            before = page[-1][0].id
        return found[:limit]

    def _reaches(self, finding: Finding, least: str) -> bool:
        return least == "know" or SEVERITIES.index(self.level(finding)[0]) >= SEVERITIES.index(least)

    def show(self, change_id: int) -> tuple[pipeline.Case, Finding | None]:
        """One Change with its texts and the latest opinion; raises OperatorError when there is none."""
        change = self.store.change(change_id)
        if change is None:
            raise OperatorError(f"there is no change {change_id}")
        source = self.sources().get(change.source_id) or Source(change.source_id, "")
        return pipeline.case(change, source=source, store=self.store), self.store.finding(change_id)

    def redline(self, change_id: int) -> tuple[tuple[Run, ...], ...]:
        """Every edit of a Change, in lines."""
        made, _ = self.show(change_id)
        return messages.redline(made.edits, made.before, made.after)

    def why(self, change_id: int) -> str:
        """The decision with every reason and its weight (promise 8), and who was told."""
        made, finding = self.show(change_id)
        if finding is None and made.change.cause == "extractor":
            return "told: nobody. Our own edits: the stored bytes read differently since we changed how we read"
        if finding is None and not any(edit.counted for edit in made.edits):
            return f"told: nobody. Nothing that counts differs: {self._uncounted(made)}"
        if finding is None:
            return f"change {change_id} is recorded and has not been judged yet"
        level, rule = self.level(finding)
        lines = [f"severity: {level} ({rule})", *self._acts(change_id, finding)]
        lines += [f"told: {one}" for one in self.told(change_id)] or [f"told: nobody ({self._nobody(made, finding)})"]
        lines += self._untold(made, finding)
        lines += [self._spoke(one) for one in self.store.reviews(change_id)]
        return "\n".join([messages.why(finding, self.rules, made.source), *lines])

    def _acts(self, change_id: int, finding: Finding) -> list[str]:
        """The act it speaks of, and the others that speak of it."""
        lines = [f"act: {one.value}, by “{messages.clean(one.quote)}”" for one in finding.stated if one.kind == "act"]
        event = self.event_of(change_id)
        others = [str(one) for one in event.changes if one != change_id] if event else []
        if event and others:
            lines.append(f"event {event.id}: told with change {', '.join(others)}; {self.stages(event)}")
        return lines

    def _untold(self, made: pipeline.Case, finding: Finding) -> list[str]:
        """Each subscription that was not told, and why."""
        if pipeline.silent(made.change):
            return []
        told = {one.subscription for one in self._rows(made.change.id)}
        return [
            f"not told: {one.channel} {one.address} (subscription {one.id}): {decision.why}"
            for one, decision in self.audience(made, finding)
            if one.id not in told and not decision.told
        ]

    def audience(
        self, made: pipeline.Case, finding: Finding, *, subscriptions: Sequence[Subscription] | None = None
    ) -> list[tuple[Subscription, Decision]]:
        """Every subscription with the decision whether a Change is told to it at once, and why (not)."""
        asked = self.subscriptions() if subscriptions is None else subscriptions
        known = {"footprints": self.footprints, "said": self.handling}
        return pipeline.audience(made, finding, asked, now=self.clock(), **known)  # type: ignore[arg-type]

    @staticmethod
    def silence(change: Change) -> str:
        """Why nobody at all is told of a Change at once; "" when somebody may be."""
        return pipeline.silent(change)

    def because(self, made: pipeline.Case, finding: Finding, *, subscription: Subscription) -> str:
        """Why this subscription is told, for "for you because …"; "" when it would not be."""
        here = replace(subscription, paused_until=None, muted=(), mode="instant")
        ((_, decision),) = self.audience(made, finding, subscriptions=[here])
        return decision.why if decision.told else ""

    def _spoke(self, review: Review) -> str:
        """What a person said, in a line; names come from beside the record."""
        value = self.store.names([review.value]).get(review.value, review.value) if review.value else ""
        whose = f"for subscription {review.subscription}" if review.subscription else ""
        said = " ".join(filter(None, [review.says.replace("_", " "), value, whose]))
        return f"a person said: {said}" + (f" ({messages.clean(review.remark)})" if review.remark else "")

    @staticmethod
    def _uncounted(made: pipeline.Case) -> str:
        """Each kind of uncounted edit with its reason, and how often."""
        found = Counter(edit.kind + (f" ({edit.reason})" if edit.reason else "") for edit in made.edits)
        return ", ".join(f"{number} {what}" for what, number in found.items()) or "no edit at all"

    def told(self, change_id: int) -> list[str]:
        """Who was, or is to be, told of a Change, and how far that has got."""
        return [f"{self.reader_name(one)}: {one.state}" for one in self._rows(change_id)]

    def _rows(self, change_id: int) -> list[Delivery]:
        """The messages that tell of a Change, not those that rewrite them or remind of it."""
        rows = self.store.deliveries(subject=f"change:{change_id}")
        return [one for one in rows if one.kind in pipeline.TOLD]

    def _nobody(self, made: pipeline.Case, finding: Finding) -> str:
        return pipeline.silent(made.change) or f"no subscription asks for it; verdict: {finding.verdict}"

    def history(self, source_id: str, *, limit: int = 50) -> tuple[tuple[Version, ...], tuple[CheckRow, ...]]:
        """Versions and looks of one source, newest first."""
        self.remembered(source_id)
        return self.store.versions(source_id, limit=limit), self.store.checks(source_id, limit=limit)

    def search(
        self, words: str, *, filters: Filters | None = None, before: int = 0, limit: int = 20
    ) -> tuple[Hit, ...]:
        """Changes that hold all these words, newest first; `before`: those that come after this Change there."""
        least = filters.min if filters else "know"
        found: list[Hit] = []
        while len(found) < limit:
            page = self.store.search(words, filters=filters, before=before, limit=limit)
            opinions = self.store.findings([hit.change for hit in page]) if least != "know" else {}
            found += [hit for hit in page if least == "know" or self._reaches(opinions[hit.change], least)]
            if len(page) < limit:
                break
            before = page[-1].change
        return tuple(found[:limit])

    # ---- acts

    def event_of(self, change_id: int) -> Event | None:
        """The act that a Change speaks of, with all who speak of it; None when it names none."""
        return self.store.event_of(change_id)

    def event(self, event_id: int) -> Event:
        """One event; raises OperatorError when there is none of this number."""
        found = self.store.event(event_id)
        if found is None:
            raise OperatorError(f"there is no event {event_id}")
        return found

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
        if finding.verdict == "not_relevant" or self.event_of(change.id) is not None:
            return ""
        near = Filters(jurisdictions=finding.jurisdictions)
        others = self.store.recent(filters=near, since=change.at - AKIN, until=change.at, limit=AMONG)
        other = events.kin((change, finding), others)
        return f"may belong to change {other[0].id} of {other[0].at:%Y-%m-%d}: the titles are alike" if other else ""

    @staticmethod
    def binding(finding: Finding, source: Source) -> str:
        """How far it binds, from class and stage: draft, unofficial, guidance, operator notice …; "" when unknown."""
        if source.class_ == "vendor":
            return "operator notice, not a rule"
        if source.class_ == "tracker":
            return "unofficial"
        for stages, word in ((_DRAFTS, "draft"), (_ADVICE, "guidance"), (_RULES, "binding rule")):
            if finding.stage in stages:
                return word
        return ""

    def totals(self) -> Bulk:
        return self.store.totals()
