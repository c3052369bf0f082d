"""The verbs that look things up: changes, searches, histories, and why somebody was (not) told."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from bot import messages, pipeline
from bot.app.base import SILENT, Base
from bot.errors import OperatorError
from bot.model import Bulk, Change, CheckRow, Delivery, Filters, Finding, Hit, Run, Source, Version

STATES = ("queued", "sending", "done", "uncertain", "dead")


class Lookups(Base):
    """The part of App that answers questions."""

    def changes(
        self, *, since: datetime | None = None, source_id: str = "", relevant: bool = False, limit: int = 50
    ) -> list[tuple[Change, Finding | None]]:
        """Newest first, each with its latest Finding."""
        found = self.store.changes(since=since, source_id=source_id, relevant=relevant, limit=limit)
        opinions = self.store.findings([change.id for change in found])
        return [(change, opinions.get(change.id)) for change in found]

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
        lines = [f"told: {one}" for one in self.told(change_id)] or [f"told: nobody ({self._nobody(made, finding)})"]
        lines += [f"a person said: {one.says.replace('_', ' ')}" for one in self.store.reviews(change_id)]
        return "\n".join([messages.why(finding, self.rules, made.source), *lines])

    @staticmethod
    def _uncounted(made: pipeline.Case) -> str:
        """Each kind of uncounted edit with its reason, and how often."""
        found = Counter(edit.kind + (f" ({edit.reason})" if edit.reason else "") for edit in made.edits)
        return ", ".join(f"{number} {what}" for what, number in found.items()) or "no edit at all"

    def told(self, change_id: int) -> list[str]:
        """Who was, or is to be, told of a Change, and how far that has got."""
        return [self._whom(one) for one in self.store.outbox(states=STATES) if one.subject == f"change:{change_id}"]

    def _whom(self, delivery: Delivery) -> str:
        known = {one.id: one for one in self.store.subscriptions()}
        reader = known.get(delivery.subscription)
        name = f"{reader.channel} {reader.address}".strip() if reader else "a subscription that is no more"
        return f"{name}: {delivery.state}"

    def _nobody(self, made: pipeline.Case, finding: Finding) -> str:
        if made.change.late:
            return "history that was brought in after what came later"
        if made.change.cause in SILENT:
            return f"cause: {made.change.cause}"
        return f"no subscription asks for it; verdict: {finding.verdict}"

    def history(self, source_id: str, *, limit: int = 50) -> tuple[tuple[Version, ...], tuple[CheckRow, ...]]:
        """Versions and looks of one source, newest first."""
        self.remembered(source_id)
        return self.store.versions(source_id, limit=limit), self.store.checks(source_id, limit=limit)

    def search(self, words: str, *, filters: Filters | None = None, limit: int = 20) -> tuple[Hit, ...]:
        return self.store.search(words, filters=filters, limit=limit)

    def totals(self) -> Bulk:
        return self.store.totals()
