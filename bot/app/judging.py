"""The verbs that judge: opinions on Changes, and what people say of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot import pipeline
from bot.app.telling import Telling
from bot.model import Finding, Handling, Subscription

Told = Sequence[tuple[Subscription, str]]


class Judging(Telling):
    """The part of App that forms opinions."""

    def judge_all(self, *, tell: bool = True) -> Iterator[tuple[pipeline.Case, Finding, Told]]:
        """Form an opinion on every Change that has none, and promise to tell those who want it."""
        return pipeline.judge_all(
            self.sources(),
            store=self.store,
            rules=self.rules,
            clock=self.clock,
            tell=tell,
            assistant=self.assistant,
        )

    def rejudge(self, *, since: datetime | None = None, tell: bool = False) -> Iterator[tuple[Finding | None, Finding]]:
        """Judge again; yields the old and the new Finding. Nobody is told without `tell`, and nobody twice."""
        sources = self.sources()
        for change in list(self.store.judged(since=since)):
            before = self.store.finding(change.id)
            _, finding, _ = pipeline.judge_one(
                change,
                sources,
                store=self.store,
                rules=self.rules,
                now=self.clock(),
                tell=tell,
                assistant=self.assistant,
            )
            self.correct(before, finding)
            yield before, finding

    def review(self, change_id: int, says: str, *, actor: str, remark: str = "") -> Handling:
        """Record what a person says of a Change, for all who read it."""
        return self.handle(change_id, says, actor=actor, remark=remark)
