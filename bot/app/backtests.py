"""The verb that tries rules out on stored history; it writes nothing and tells nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot import judge, pipeline
from bot.app.base import SILENT, Base
from bot.model import Change, Finding, Source

SAID = frozenset({"relevant", "not_relevant"})


@dataclass(frozen=True, slots=True)
class Tried:
    """One stored Change under two rule sets. `review`: what a person last said of it, "" when nobody did."""

    change: Change
    before: Finding
    after: Finding
    review: str = ""

    @property
    def outcome(self) -> str:
        """What becomes of the alert that a reader of everything gets: gained, lost, kept, or "" when there is none."""
        if self.change.cause in SILENT or self.change.late:
            return ""
        was, will = (one.verdict == "relevant" for one in (self.before, self.after))
        return {(True, True): "kept", (True, False): "lost", (False, True): "gained"}.get((was, will), "")


class Backtests(Base):
    """The part of App that tries rules out."""

    def backtest(self, amendments: str = "", *, name: str = "rules", since: datetime | None = None) -> Iterator[Tried]:
        """Judge every stored Change again with today's rules and these amendments (see bot/judge/amending.py).

        Nothing is stored and nobody is told. Raises OperatorError for amendments that cannot be used.
        """
        rules = judge.load_rules(amendments, name=name)
        sources = self.sources()
        for change in self.store.judged(since=since):
            before = self.store.finding(change.id)
            if before is None or _is_told_elsewhere(before):
                continue
            source = sources.get(change.source_id) or Source(change.source_id, "")
            made = pipeline.case(change, source=source, store=self.store)
            made, unread = pipeline.without_documents(made, self.store.announced(change.id))
            texts = {"before": made.before, "after": made.after, "edits": made.edits, "source": made.source}
            after = judge.judge(change, rules=rules, now=before.at, unread=unread, **texts)  # type: ignore[arg-type]
            yield Tried(change, before, after, self._said(change.id))

    def _said(self, change_id: int) -> str:
        said = [one.says for one in self.store.reviews(change_id) if one.says in SAID]
        return said[-1] if said else ""


def _is_told_elsewhere(finding: Finding) -> bool:
    """A list's announcement that is told with its documents is not the rules' business."""
    return any(reason.what.startswith(pipeline.TOLD_WITH) for reason in finding.reasons)
