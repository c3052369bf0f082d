"""The verbs that look things up: changes, searches, histories, and why somebody was (not) told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot import messages, pipeline
from bot.app.events import Events
from bot.deliver import is_shared
from bot.errors import OperatorError
from bot.judge import Decision
from bot.model import (
    SEVERITIES,
    Bulk,
    Change,
    CheckRow,
    Delivery,
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
_DRAFTS = frozenset({"proposal", "consultation", "negotiation", "prepublication"})
_ADVICE = frozenset({"guidance", "faq", "commentary", "review"})
_RULES = frozenset({"adopted", "in_force", "agreement", "suspended", "repealed", "expired", "annulled"})


class Lookups(Events):
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

    def reviewed(self, change_ids: Sequence[int], *, within: Collection[int] | None = ()) -> dict[int, Review]:
        """What a person last said of each Change, that it is relevant or is not; without those that nobody judged so.

        `within`: as for `why`.
        """
        found = {}
        for change in self.store.handlings(change_ids):  # those of which somebody said anything
            said = [one for one in self.store.reviews(change) if one.says in ("relevant", "not_relevant")]
            shown = [one for one in said if within is None or not one.subscription or one.subscription in within]
            if shown:
                found[change] = shown[-1]
        return found

    @staticmethod
    def marked(review: Review | None) -> str:
        """A person's verdict as it stands behind a headline: " (marked not relevant)"; "" when there is none."""
        if review is None:
            return ""
        whose = f" for subscription {review.subscription}" if review.subscription else ""
        return f" (marked {review.says.replace('_', ' ')}{whose})"

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

    def why(self, change_id: int, *, within: Collection[int] | None = ()) -> str:
        """The decision with every reason and its weight (promise 8), and who was told.

        What people said is shown where it was said for all or for a subscription of `within` (None: for any), and
        counted where it was said elsewhere: a remark is for those who read the place it was made in.
        """
        made, finding = self._judged_on(change_id)
        if finding is None and made.change.cause == "extractor":
            return "told: nobody. Our own edits: the stored bytes read differently since we changed how we read"
        if finding is None and not any(edit.counted for edit in made.edits):
            return f"told: nobody. Nothing that counts differs: {self._uncounted(made)}"
        if finding is None:
            return f"change {change_id} is recorded and has not been judged yet"
        level, rule = self.level(finding)
        lines = [f"severity: {level} ({rule})", *self._acts(change_id, finding)]
        lines += self._each(made, finding, within=within) or [f"told: nobody ({self._nobody(made, finding)})"]
        lines += self._words(change_id, within=within)
        return "\n".join([self.reasoning(finding, made.source), *lines])

    def reasoning(self, finding: Finding, source: Source) -> str:
        """Verdict and reasons, without who was told."""
        return messages.why(finding, self.rules, source, model=self.assistant.version if self.assistant else "")

    def _judged_on(self, change_id: int) -> tuple[pipeline.Case, Finding | None]:
        """As `show`, without the texts where nobody's decision asks for them: a law has thousands of passages."""
        change, finding = self.store.change(change_id), self.store.finding(change_id)
        reads = any(one.filters.words or one.filters.every_change for one in self.subscriptions())
        if change is None or finding is None or reads:
            return self.show(change_id)
        source = self.sources().get(change.source_id) or Source(change.source_id, "")
        return pipeline.Case(change, source, (), (), change.edits), finding

    def _acts(self, change_id: int, finding: Finding) -> list[str]:
        """The act it speaks of, and the others that speak of it."""
        lines = [f"act: {one.value}, by “{messages.clean(one.quote)}”" for one in finding.stated if one.kind == "act"]
        event = self.event_of(change_id)
        others = [str(one) for one in event.changes if one != change_id] if event else []
        if event and others:
            lines.append(f"event {event.id}: told with change {', '.join(others)}; {self.stages(event)}")
        return lines

    def _each(self, made: pipeline.Case, finding: Finding, *, within: Collection[int] | None) -> list[str]:
        """A line for each message that tells of a Change, then one for each subscription that was not told."""
        audience = [] if pipeline.silent(made.change) else self.audience(made, finding)
        decided = {one.id: (one, decision) for one, decision in audience}
        rows = self._rows(made.change.id)
        told = [
            f"told: {self.reader_name(row)}: {row.state}{self._reason(row, finding, decided, within=within)}"
            for row in rows
        ]
        reached = {row.subscription for row in rows}
        untold = [
            f"not told: {one.channel} {one.address} (subscription {one.id}): {decision.why}"
            for one, decision in decided.values()
            if one.id not in reached and not decision.told
        ]
        nobody = [f"told: nobody ({self._nobody(made, finding)})"] if untold and not told else []
        return [*told, *nobody, *untold]

    def _reason(
        self,
        row: Delivery,
        finding: Finding,
        decided: Mapping[int, tuple[Subscription, Decision]],
        *,
        within: Collection[int] | None,
    ) -> str:
        """Why somebody is told, as it would be decided today, and how severe it is there; why a person decided so
        is said within their own place alone."""
        if is_shared(row) or row.state == "dead":
            return f" ({row.detail})"
        if row.subscription not in decided:
            return ""
        reader, decision = decided[row.subscription]
        level, rule = self.level(finding, subscription=reader)
        said = self._decided(finding, reader)
        if said and said.remark and within is not None and said.subscription not in (0, *within):
            rule = rule.removesuffix(f": {said.remark}")
        return (f" because {decision.why}" if decision.told else "") + f"; severity there: {level} ({rule})"

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

    def _words(self, change_id: int, *, within: Collection[int] | None) -> list[str]:
        """What people said, and how much was said elsewhere."""
        said = self.store.reviews(change_id)
        shown = [one for one in said if within is None or not one.subscription or one.subscription in within]
        elsewhere = len(said) - len(shown)
        counted = [f"{elsewhere} more word{'s' * (elsewhere != 1)} elsewhere"] if elsewhere else []
        return [*(self._spoke(one) for one in shown), *counted]

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
