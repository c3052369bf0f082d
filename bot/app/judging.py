"""The verbs that judge: opinions on Changes, and what people say of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from bot import pipeline
from bot.app.telling import Telling
from bot.model import Change, Delivery, Finding, Handling, Subscription

Told = Sequence[tuple[Subscription, str]]


class Judging(Telling):
    """The part of App that forms opinions."""

    def judge_all(self, *, tell: bool = True) -> Iterator[tuple[pipeline.Case, Finding, Told]]:
        """Form an opinion on every Change that has none, and promise to tell those who want it."""
        wait, tries = pipeline.DOCUMENT_WAIT, pipeline.DOCUMENT_TRIES
        if not self.store.unjudged(now=self.clock(), wait=wait, tries=tries, limit=1):
            return  # most passes: the rules need not even be read
        yield from pipeline.judge_all(
            self.sources(),
            store=self.store,
            rules=self.rules,
            clock=self.clock,
            tell=tell,
            assistant=self.assistant,
        )

    def rejudge(
        self,
        *,
        since: datetime | None = None,
        tell: bool = False,
        counted: Callable[[int], None] = lambda count: None,
    ) -> Iterator[tuple[Finding | None, Finding]]:
        """Judge again; yields the old and the new Finding. Nobody is told without `tell`, and nobody twice.

        Who is told hears of what came since the subscription began and stood in none of its digests; `counted` gets
        the number of messages before the first is promised.
        """
        sources, wanted = self.sources(), []
        for change in list(self.store.judged(since=since)):
            before = self.store.finding(change.id)
            _, finding, told = pipeline.judge_one(
                change,
                sources,
                store=self.store,
                rules=self.rules,
                now=self.clock(),
                tell=False,
                assistant=self.assistant,
            )
            self.correct(before, finding)
            if told:
                wanted.append((change, told))
            yield before, finding
        if tell:
            self._tell_late(wanted, counted=counted)

    def _tell_late(self, wanted: Sequence[tuple[Change, Told]], *, counted: Callable[[int], None]) -> None:
        """Promise what is news to those who are told now."""
        known, now = self._known_since(), self.clock()
        late = [(change, [one for one in told if known.get(one[0].id, now) <= change.at]) for change, told in wanted]
        rows = [row for change, told in late for row in self._promised(change, told)]
        counted(sum(row.kind in pipeline.TOLD for row in rows))
        for change, told in late:  # one by one: what follows in an act is a reply to what was just promised
            self.store.promise(self._promised(change, told))

    def _promised(self, change: Change, told: Told) -> list[Delivery]:
        event = self.event_of(change.id)
        return pipeline.promised(change, told, event=event, store=self.store, now=self.clock())

    def _known_since(self) -> dict[int, datetime]:
        """From when on a Change is news to each subscription: it began then, or its last digest ended then."""
        begun = dict(self.store.begun())
        for number in begun:
            for last in self.store.digests(number, limit=1):
                begun[number] = max(begun[number], last.until)
        return begun

    def review(self, change_id: int, says: str, *, actor: str, remark: str = "") -> Handling:
        """Record what a person says of a Change, for all who read it."""
        return self.handle(change_id, says, actor=actor, remark=remark)
