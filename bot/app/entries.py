"""What of a period a reader is told, as entries of a digest."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from bot import digest, judge
from bot.app.base import SILENT
from bot.app.consent import Consent
from bot.app.reminding import is_for
from bot.app.stated import ENTRIES
from bot.messages import mail
from bot.model import Ahead, Change, Finding, Footprint, Handling, Source, Subscription
from bot.pipeline import TOLD

AT_A_TIME = 1_000  # findings that are read at a time
PAGES = 10  # … and how often; what was there in a store of years is no news to a new reader
_WORDS = {"relevant": "relevant", "uncertain": "uncertain", "not_relevant": "not relevant"}


class Past(NamedTuple):
    """What a reader was told before: the verdict of each Change. `first`: nothing yet, so what was there is told."""

    told: Mapping[int, str] = MappingProxyType({})
    back: timedelta = timedelta(0)  # how far before the period something untold may lie
    first: bool = False


BY_HAND = Past()


class Entries(Consent):
    """The part of App that knows what is news to one reader."""

    def _found(
        self, subscription: Subscription, past: Past, *, since: datetime, until: datetime
    ) -> list[tuple[Change, Finding, str]]:
        """What is news to this reader, with the verdict that counts; in the first digest also what was there before."""
        found = []
        for change, finding in self._recent(subscription, since=None if past.first else since - past.back, until=until):
            there = change.cause in SILENT
            early = change.at < since and (there != past.first)  # untold news are told late, what was there is not
            if change.id in past.told or change.late or early:
                continue
            verdict = self._verdict(finding, subscription)
            if verdict != "not_relevant" and is_for(subscription, self._source_of(change.source_id)):
                found.append((change, finding, verdict))
        return found

    def _recent(
        self, subscription: Subscription, *, since: datetime | None, until: datetime
    ) -> Iterator[tuple[Change, Finding]]:
        before = 0
        for _ in range(PAGES):
            page = self.store.recent(
                filters=subscription.filters, since=since, until=until, before=before, limit=AT_A_TIME
            )
            yield from page
            if len(page) < AT_A_TIME:
                return
            before = page[-1][0].id

    def _verdict(self, finding: Finding, subscription: Subscription) -> str:
        """The judge's, or what a person said last, for all or for this subscription."""
        said = [one for one in self.store.reviews(finding.change) if one.subscription in (0, subscription.id)]
        spoken = [one.says for one in said if one.says in ("relevant", "not_relevant")]
        return spoken[-1] if spoken else finding.verdict

    def _entries(
        self, found: Sequence[tuple[Change, Finding, str]], subscription: Subscription, *, until: datetime
    ) -> list[digest.Entry]:
        footprint = self.footprints().get(subscription.footprint)
        return [self._entry(*one, subscription, until=until, footprint=footprint) for one in found]

    def _entry(
        self,
        change: Change,
        finding: Finding,
        verdict: str,
        subscription: Subscription,
        *,
        until: datetime,
        footprint: Footprint | None,
    ) -> digest.Entry:
        source = self._source_of(change.source_id)
        level, rule = self.level(finding, subscription=subscription)
        quote = next((one.text for one in finding.quotes if one.side == "after"), "")
        return digest.Entry(
            change=change.id,
            at=change.at,
            headline=finding.headline,
            verdict=verdict,
            severity=level,
            rule=rule,
            source=source.title or source.id,
            url=self._item_of(change, source),
            page=self.page_of(change.id),
            jurisdictions=finding.jurisdictions or ((source.jurisdiction,) if source.jurisdiction else ()),
            corridors=finding.corridors,
            stage=finding.stage,
            binding=self.binding(finding, source),
            force=finding.force,
            quote=quote or next((one.text for one in finding.quotes), ""),
            dates=finding.dates,
            status=self._status(change, subscription, until=until),
            inside=footprint is None or bool(judge.touched(finding, footprint)),
            there=change.cause in SILENT,
            published=source.dated if change.cause == "new" else "",
        )

    def _source_of(self, source_id: str) -> Source:
        """One source, from a table that is made once for a digest."""
        return self._known_sources.get(source_id) or Source(source_id, "")

    _known_sources: Mapping[str, Source] = {}

    def _status(self, change: Change, subscription: Subscription, *, until: datetime) -> str:
        """How far those who were alerted have come: acknowledged, by whom if it was here, or open for how long."""
        handled = self.handling(change.id)
        if done := [number for number, one in handled.items() if one.acknowledged_at]:
            here = self._of_one_place(subscription)
            return self._acknowledged({number: handled[number] for number in done}, here=here)
        rows = self.store.deliveries(subject=f"change:{change.id}")
        alerted = [row.attempted for row in rows if row.kind in TOLD and row.state == "done" and row.attempted]
        if not alerted:
            return ""
        days = max(0, (until - min(alerted)).days)
        return f"alerted {min(alerted):%Y-%m-%d}, open {days} day{'s' * (days != 1)}"

    def _of_one_place(self, subscription: Subscription) -> set[int]:
        """This subscription and the others of the same place: those who read along there know one another."""
        place = subscription.channel, subscription.address, subscription.team
        found = {one.id for one in self.subscriptions() if (one.channel, one.address, one.team) == place}
        return found | {subscription.id} - {0}

    def _acknowledged(self, done: Mapping[int, Handling], *, here: Collection[int]) -> str:
        """That it was acknowledged, and when; by name only where it was done in the reader's own place."""
        ours = next((one for number, one in done.items() if number in here), None)
        one = ours or next(iter(done.values()))
        day = f", {one.acknowledged_at:%Y-%m-%d}"
        if ours is None:
            return ("acknowledged" if 0 in done else "acknowledged elsewhere") + day
        # whoever came by the form is not of the house: no names
        known = {} if self.settings.web_subscribe else self.store.names([one.acknowledged_by])
        by = f" by {known[one.acknowledged_by]}" if one.acknowledged_by in known else ""
        return f"acknowledged{by}{day}"

    def _item_of(self, change: Change, source: Source) -> str:
        """The address of what is new: of a list the item's own, else the source's."""
        if source.type not in ENTRIES or source.parent:
            return source.url
        after = self.store.blocks(change.after)
        links = (after[edit.after].link for edit in change.edits if edit.kind == "new" and edit.after < len(after))
        return next(filter(mail.is_web_address, links), source.url)

    def _ahead(self, subscription: Subscription) -> list[Ahead]:
        """Dates ahead for this reader; of each act what it is called, for a line has no room for its publisher."""
        found = self.upcoming(filters=subscription.filters, footprint=subscription.footprint)
        asked = [(one, self._source_of(one.source_id)) for one in found]
        return [
            one._replace(headline=one.headline.removeprefix(f"{source.authority}: "))
            for one, source in asked
            if is_for(subscription, source)
        ]

    def _where(self, change_id: int, source_id: str) -> str:
        """Where to read on: our page, or the source's."""
        change = None if self.settings.public_url else self.store.change(change_id)
        source = self._source_of(source_id)
        return self.page_of(change_id) or (self._item_of(change, source) if change else source.url)

    def _more(self, since: datetime) -> str:
        public = self.settings.public_url.rstrip("/")
        return f"{public}/search?since={since:%Y-%m-%d}" if public else ""

    def _corrections(self, subscription: Subscription, told: Mapping[int, str]) -> Iterator[digest.Entry]:
        """What was told in an earlier digest, and is judged differently now."""
        opinions = self.store.findings(list(told))
        for change_id, before in told.items():
            finding = opinions.get(change_id)
            verdict = self._verdict(finding, subscription) if finding else before
            change = self.store.change(change_id) if finding and verdict != before else None
            if finding and change:
                made = self._entry(change, finding, verdict, subscription, until=self.clock(), footprint=None)
                person = verdict != finding.verdict
                who = "a person said so" if person else "judged again with the rules of today"
                story = f"We told it as {_WORDS[before]}; it is {_WORDS[verdict]} ({who})."
                yield replace(made, rule=story)
