"""The verbs that come back to what was told: reminders of dates, and one escalation of what nobody answered."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property

from bot import judge, reminders
from bot.app.base import SILENT
from bot.app.standing import StateOfPlay
from bot.app.telling import Telling
from bot.deliver import is_shared
from bot.errors import StoreError
from bot.jurisdictions import name_of
from bot.messages import clean
from bot.model import Ahead, Change, DatedQuote, Delivery, Filters, Finding, Message, Run, Source, Subscription
from bot.pipeline import TOLD

log = logging.getLogger(__name__)

SOON = reminders.MARKS[0]
ASKED = 1_000  # unanswered alerts that are looked at
HOUR = timedelta(hours=1)
_KINDS = {
    "effective": "comes into force", "deadline": "deadline", "transition_end": "the transition ends",
    "expires": "expires", "review_due": "review is due",
}  # fmt: skip


class Reminding(Telling, StateOfPlay):
    """The part of App that reminds."""

    def remind_all(self) -> Iterator[Delivery]:
        """Promise what is due: reminders of dates ahead, and escalations; each once. What has moved is called off."""
        self._call_off()
        ahead: dict[tuple[Filters, str], list[Ahead]] = {}  # many ask for the same
        for subscription in self.subscriptions():
            if subscription.mode not in ("instant", "digest") or self.is_paused(subscription):
                continue
            try:
                asked = (subscription.filters, subscription.footprint)
                if asked not in ahead:
                    ahead[asked] = self._near(*asked)
                due = [*self._reminders(subscription, ahead[asked]), *self._escalations(subscription)]
            except Exception as error:
                self.stumbled("reminders", subscription, error)
                continue
            for delivery in due:
                if self.store.promise([delivery]):
                    yield delivery

    def stumbled(self, what: str, subscription: Subscription, error: Exception) -> None:
        """What goes wrong for one reader stops nobody else (promise 7); said once, not at every drain."""
        if isinstance(error, StoreError):
            raise error
        said = (what, subscription.id, repr(error))
        if said not in self._stumbles:
            self._stumbles.add(said)
            log.error("%s of subscription %d: %s", what, subscription.id, error, exc_info=error)

    @cached_property
    def _stumbles(self) -> set[tuple[str, int, str]]:
        return set()

    def is_paused(self, subscription: Subscription) -> bool:
        return subscription.paused_until is not None and subscription.paused_until > self.clock()

    # ---- dates

    def _near(self, filters: Filters, footprint: str) -> list[Ahead]:
        found = self.upcoming(filters=filters, footprint=footprint, days=SOON)
        return [one for one in found if one.verdict == "relevant"]

    def _reminders(self, subscription: Subscription, near: Sequence[Ahead]) -> Iterator[Delivery]:
        """One for each date that has passed a mark since this reader began to be told."""
        begun = self._begun(subscription) if near else None
        sources = self.sources() if near else {}
        for one in near:
            source = sources.get(one.source_id) or Source(one.source_id, "")
            due = self._mark(one)
            if due is None or not is_for(subscription, source):
                continue
            if begun and one.dated.date - timedelta(days=due) < begun.date():
                continue
            subject = str(self._subject(one))
            rows = self.store.deliveries(subject=subject, subscription=subscription.id)
            said = any(row.revision <= due for row in rows) or self._said_already(one, due, subscription)
            if not said:
                yield Delivery(subscription.id, "remind", subject, due, due=self.clock())

    def _mark(self, one: Ahead) -> int | None:
        """Which reminder is due now."""
        left, window = self.days_left(one), (one.dated.date - one.seen.date()).days
        due = reminders.mark(left, window=window)
        if due == window and due not in reminders.MARKS:  # at once: not of what was there when we began to watch
            change = self.store.change(one.change)
            there = change is not None and change.cause in SILENT
            return reminders.mark(left, window=window, there=there)
        return due

    def _said_already(self, one: Ahead, due: int, subscription: Subscription) -> bool:
        """Whether the alert itself has just spoken of a date that is near."""
        if due != (one.dated.date - one.seen.date()).days:
            return False
        rows = self.store.deliveries(subject=f"change:{one.change}", subscription=subscription.id)
        return any(row.kind in TOLD for row in rows)

    def _begun(self, subscription: Subscription) -> datetime | None:
        """Since when this reader is told: what passed its mark before they came is no news to them."""
        return self.store.begun().get(subscription.id)

    def _subject(self, one: Ahead) -> reminders.Reminded:
        """The act's first Change stands for the act, whichever of its Changes states the date today."""
        return reminders.Reminded(self.first_of(one.change, event=one.event), one.dated.kind, one.dated.date)

    def first_of(self, change_id: int, *, event: int = 0) -> int:
        """The first Change that spoke of the same act."""
        found = self.store.event(event) if event else None
        return min(found.changes, default=change_id) if found else change_id

    def _call_off(self) -> None:
        """A reminder that still waits, of a date that has moved or is over, is not sent."""
        rows = [row for row in self.store.outbox(states=("queued",)) if row.kind == "remind"]
        if not rows:
            return
        stand = {str(self._subject(one)) for one in self.upcoming(days=2 * SOON)}
        for row in rows:
            if row.subject not in stand:
                self.store.settle(row, "dead", now=self.clock(), detail="the date moved, or is over")

    # ---- answers

    def _escalations(self, subscription: Subscription) -> Iterator[Delivery]:
        """One for each alert that nobody has answered in time."""
        if not subscription.answer_within:
            return
        late = self.clock() - subscription.answer_within * HOUR
        for row in self.store.open_items(subscription.id, now=self.clock(), limit=ASKED):
            if row.attempted is None or row.attempted > late or self._is_answered_here(row, subscription):
                continue
            rows = self.store.deliveries(subject=row.subject, subscription=subscription.id)
            if not any(one.kind == "escalate" for one in rows):
                yield Delivery(subscription.id, "escalate", row.subject, due=self.clock())

    def _is_answered_here(self, row: Delivery, subscription: Subscription) -> bool:
        """Whether a message that spoke for several subscriptions of a place was answered for another of them."""
        if not is_shared(row):
            return False
        here = {one.id for one in self.subscriptions_of(subscription.channel, subscription.address)}
        said = self.handling(int(row.subject.removeprefix("change:")))
        now = self.clock()
        return any(
            one.acknowledged_by or one.not_relevant or (one.snoozed_until is not None and one.snoozed_until > now)
            for number, one in said.items()
            if number in here
        )

    # ---- messages

    def compose_reminder(self, delivery: Delivery, subscription: Subscription) -> Message:
        """What comes back to an alert: a date that is near, or that nobody has answered."""
        made = self._reminder if delivery.kind == "remind" else self._escalation
        return made(delivery, subscription)

    def _reminder(self, delivery: Delivery, subscription: Subscription) -> Message:
        what = reminders.reminded(delivery.subject)
        spoken = self._spoken_of(what.change)
        change, finding, dated = _stating(spoken, what)
        source = self.sources().get(change.source_id) or Source(change.source_id, "")
        left = (what.day - self.today_at(change.source_id)).days
        level, rule = self.level(finding, subscription=subscription)
        lines = [
            (Run(f"{level.upper()}", "strong"), Run(f": {rule}{self._risen(finding, subscription, change)}")),
            (Run(f"“{clean(dated.quote)}”"),),
            *((Run(f"Moved: it was {day.isoformat()}.", "strong"),) for day in _before(spoken, what)),
            (Run(f"Days are counted where the authority is ({_where(source)}); the whole day counts.", "dim"),),
            *self._addresses(change, source),
        ]
        headline = f"{_in_days(left)}: {_KINDS.get(what.kind, what.kind)} {what.day.isoformat()}. {finding.headline}"
        return self._following(change, subscription, Message(clean(headline), tuple(lines), kind="remind"))

    def _risen(self, finding: Finding, subscription: Subscription, change: Change) -> str:
        """Said on the day from which on one must act."""
        footprint = self.footprints().get(subscription.footprint)
        is_today = judge.rises(finding, footprint=footprint) == self.today_at(change.source_id)
        return "; from today on this needs action" if is_today else ""

    def _escalation(self, delivery: Delivery, subscription: Subscription) -> Message:
        change_id = int(delivery.subject.removeprefix("change:"))
        made, finding = self.show(change_id)
        told = self._alert_of(change_id, subscription)
        hours = int((self.clock() - told.attempted) / HOUR) if told and told.attempted else subscription.answer_within
        headline = finding.headline if finding else made.source.title
        lines = [
            (Run(f"An answer was asked for within {subscription.answer_within} hours; nobody has acknowledged it."),),
            *self._addresses(made.change, made.source),
        ]
        said = Message(clean(f"Open for {hours} hours: {headline}"), tuple(lines), kind="escalate")
        return self._following(made.change, subscription, said)

    def _following(self, change: Change, subscription: Subscription, message: Message) -> Message:
        """In the thread of the alert that it comes back to, for all to see."""
        told = self._alert_of(change.id, subscription)
        return replace(message, thread=told.detail, broadcast=True) if told else message

    def _alert_of(self, change_id: int, subscription: Subscription) -> Delivery | None:
        return self._posted(change_id, subscription)

    def _spoken_of(self, change_id: int) -> list[tuple[Change, Finding]]:
        """The Changes that speak of the same act, oldest first; the one alone when it names none."""
        if event := self.event_of(change_id):
            return self.spoken(event)
        made, finding = self.show(change_id)
        return [(made.change, finding)] if finding else []

    def _addresses(self, change: Change, source: Source) -> Iterator[tuple[Run, ...]]:
        if self.settings.public_url:
            yield (Run(self.page_of(change.id), "link"),)
        if source.url.startswith(("https://", "http://")):
            yield (Run(clean(source.url), "link"),)

    def page_of(self, change_id: int) -> str:
        """Our page of a Change; "" when nobody can reach it."""
        return f"{self.settings.public_url.rstrip('/')}/change/{change_id}" if self.settings.public_url else ""


def is_for(subscription: Subscription, source: Source) -> bool:
    """Not what is muted; what a vendor says of itself only for those who name it."""
    names = {source.id, source.parent}
    if names & set(subscription.muted):
        return False
    return source.class_ != "vendor" or bool(names & set(subscription.filters.sources))


def _stating(spoken: Sequence[tuple[Change, Finding]], what: reminders.Reminded) -> tuple[Change, Finding, DatedQuote]:
    """The newest Change that states a date."""
    for change, finding in reversed(spoken):
        for dated in finding.dates:
            if (dated.kind, dated.date) == (what.kind, what.day):
                return change, finding, dated
    change, finding = spoken[-1]
    return change, finding, DatedQuote(what.kind, what.day, "")


def _before(spoken: Sequence[tuple[Change, Finding]], what: reminders.Reminded) -> list[date]:
    """The day that was stated for the same before, when it is no longer; the last of them."""
    stated = [{one.date for one in finding.dates if one.kind == what.kind} for _, finding in spoken]
    stated = [days for days in stated if days]
    return [max(days) for days in stated[:-1] if what.day not in days][-1:]


def _in_days(left: int) -> str:
    return "Today" if left == 0 else f"In {left} day{'s' * (left != 1)}"


def _where(source: Source) -> str:
    return name_of(source.jurisdiction) if source.jurisdiction else source.timezone
