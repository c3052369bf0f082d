"""The verbs for people: who is told what, where they are, and what they said of a Change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from bot import deliver, judge
from bot.app.base import Base
from bot.errors import OperatorError
from bot.model import (
    SAYINGS,
    SEVERITIES,
    Change,
    Delivery,
    Finding,
    Footprint,
    Handling,
    Review,
    Source,
    Subscription,
)

FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)
"""A pause that ends when somebody says so."""


class People(Base):
    """The part of App that knows who asked for what, and who said what."""

    # ---- subscriptions

    def subscriptions(self) -> tuple[Subscription, ...]:
        return self.store.subscriptions()

    def subscriptions_of(self, channel: str, address: str) -> tuple[Subscription, ...]:
        """Those of one place, oldest first."""
        return tuple(one for one in self.subscriptions() if (one.channel, one.address) == (channel, address))

    def subscription(self, subscription_id: int) -> Subscription:
        """One subscription; raises OperatorError when there is none of this number."""
        for one in self.subscriptions():
            if one.id == subscription_id:
                return one
        raise OperatorError(f"there is no subscription {subscription_id}")

    def subscribe(self, subscription: Subscription) -> int:
        """Adds a subscription; raises OperatorError for a source, footprint or channel that does not exist.

        The same channel, address and filters are the same subscription: what is muted or paused there stays so.
        """
        for source_id in subscription.filters.sources:
            self.source(source_id)
        if subscription.channel not in self.channels:
            raise OperatorError(self._no_channel(subscription.channel))
        if subscription.footprint:
            self.footprint(subscription.footprint)
        if not subscription.id:
            subscription = self._as_it_stood(subscription)
        return self.store.subscribe(subscription, now=self.clock())

    def _no_channel(self, name: str) -> str:
        if name == "slack":
            return "Slack is not set up; set SLACK_BOT_TOKEN (docs/slack.md)"
        return f"no channel {name!r}; there is: {', '.join(sorted(self.channels))}"

    def _as_it_stood(self, subscription: Subscription) -> Subscription:
        for one in self.subscriptions_of(subscription.channel, subscription.address):
            if one.filters == subscription.filters:
                return replace(subscription, muted=one.muted, paused_until=one.paused_until)
        return subscription

    def unsubscribe(self, subscription_id: int) -> None:
        if not self.store.unsubscribe(subscription_id, now=self.clock()):
            raise OperatorError(f"there is no subscription {subscription_id}")

    def speak_here(self) -> None:
        """With nobody subscribed, the console is: a first run needs no account."""
        if not self.subscriptions():
            self.store.subscribe(Subscription(0, "console", "here"), now=self.clock())

    def mute(self, subscription_id: int, source_id: str) -> str:
        """Tell this subscription no more of a source and what follows from it; returns the declared source muted."""
        standing = self.subscription(subscription_id)
        declared = self._declared(self.source(source_id))
        if declared.id not in standing.muted:
            self.store.mute(subscription_id, (*standing.muted, declared.id))
        return declared.id

    def unmute(self, subscription_id: int, source_id: str) -> str:
        """Tell this subscription of a source again; raises OperatorError when it is not muted there."""
        standing = self.subscription(subscription_id)
        known = self.sources().get(source_id)
        name = self._declared(known).id if known else source_id
        left = tuple(one for one in standing.muted if one not in (name, source_id))
        if left == standing.muted:
            raise OperatorError(f"{name} is not muted for subscription {subscription_id}")
        self.store.mute(subscription_id, left)
        return name

    def _declared(self, source: Source) -> Source:
        """The declared source from which this one follows, or itself."""
        known = self.sources()
        while source.parent in known:
            source = known[source.parent]
        return source

    def pause(self, subscription_id: int, *, until: datetime | None = None) -> None:
        """Tell this subscription nothing until then (None: until it is resumed). Raises OperatorError."""
        self.subscription(subscription_id)
        if until and until <= self.clock():
            raise OperatorError(f"{until:%Y-%m-%d %H:%M} UTC is over already")
        self.store.pause(subscription_id, until or FOR_EVER)

    def resume(self, subscription_id: int) -> None:
        """End a pause; what came meanwhile is not told afterwards. Raises OperatorError."""
        self.subscription(subscription_id)
        self.store.pause(subscription_id, None)

    # ---- footprints

    def footprints(self) -> Mapping[str, Footprint]:
        """By name."""
        return self.store.footprints()

    def footprint(self, name: str) -> Footprint:
        """One footprint; raises OperatorError that names those there are."""
        known = self.footprints()
        if name in known:
            return known[name]
        there = f"there is: {', '.join(sorted(known))}" if known else "there is none yet; see regwatch footprint set"
        raise OperatorError(f"no footprint is called {name!r}; {there}")

    def keep_footprint(self, footprint: Footprint) -> None:
        """Add or replace the footprint of this name; raises OperatorError for one that nothing can touch."""
        if not footprint.entities and not footprint.flows:
            raise OperatorError("a footprint needs entities or flows: without a place nothing can touch it")
        self.store.keep_footprint(footprint, now=self.clock())

    def free_name(self, name: str, *, channel: str, address: str) -> str:
        """This name for a footprint, or with a number the next one that is nobody else's.

        A footprint belongs to the places that go by it; one that nobody goes by yet is its maker's, and stays as it is.
        """
        known, subscriptions = self.footprints(), self.subscriptions()
        taken = [name, *(f"{name}-{number}" for number in range(2, len(known) + 3))]

        def is_ours(one: str) -> bool:
            places = {(user.channel, user.address) for user in subscriptions if user.footprint == one}
            return places == {(channel, address)}

        return next(one for one in taken if one not in known or is_ours(one))

    def drop_footprint(self, name: str) -> None:
        """Forget a footprint; raises OperatorError when there is none, or a subscription goes by it."""
        self.footprint(name)
        if users := [str(one.id) for one in self.subscriptions() if one.footprint == name]:
            raise OperatorError(f"footprint {name} is used by subscription {', '.join(users)}")
        self.store.drop_footprint(name)

    # ---- severity

    def level(self, finding: Finding, *, subscription: Subscription | None = None) -> tuple[str, str]:
        """What a reader must do today (act, plan or know), and the words of the rule that says so.

        By the subscription's footprint, if it has one; what a person decided stands.
        """
        decided = self._decided(finding, subscription)
        footprint = self.footprints().get(subscription.footprint) if subscription and subscription.footprint else None
        override = decided.severity if decided else ""
        level, rule = judge.ruled(finding, footprint=footprint, today=self.clock().date(), override=override)
        return level, f"{rule}: {decided.remark}" if decided and decided.remark else rule

    def _decided(self, finding: Finding, subscription: Subscription | None) -> Handling | None:
        """Where a person overrode the severity, for this subscription or for all; what was said last counts."""
        said = self.store.handling(finding.change)
        found = said.get(subscription.id if subscription else 0) or said.get(0)
        return found if found and found.severity else None

    # ---- what people say of a Change

    def handle(
        self, change_id: int, says: str, *, actor: str, subscription: int = 0, remark: str = "", value: str = ""
    ) -> Handling:
        """Record what a person says of a Change (one of model.SAYINGS) and have its alerts on Slack rewritten.

        `actor` is a name, kept apart from the record; `subscription` 0 speaks for all. `value`: the severity; until
        when it is snoozed, ISO; the name of whom it is assigned to. Raises OperatorError for what cannot be said, and
        for what was acknowledged already, naming who and when.
        """
        self._known(change_id)
        if subscription:
            self.subscription(subscription)
        self._fits(says, value)
        review = Review(change_id, actor, self.clock(), says, remark, subscription, value.strip())
        number, standing = self.store.handle(review, list(self._rewritten(change_id, subscription)))
        if not number:
            raise OperatorError(self._settled(standing))
        return standing

    def _known(self, change_id: int) -> Change:
        change = self.store.change(change_id)
        if change is None:
            raise OperatorError(f"there is no change {change_id}")
        return change

    def _fits(self, says: str, value: str) -> None:
        """Raises OperatorError for what cannot be said, and for a value that does not fit it."""
        if says not in SAYINGS:
            raise OperatorError(f"{says!r} cannot be said of a change; say one of {', '.join(SAYINGS)}")
        if says == "severity" and value not in SEVERITIES:
            raise OperatorError(f"{value!r} is no severity; say one of {', '.join(SEVERITIES)}")
        if says == "assigned" and not value.strip():
            raise OperatorError("say to whom it is assigned")
        if says == "snoozed" and _moment(value) <= self.clock():
            raise OperatorError(f"{value} is over already; it can be snoozed until a later time only")

    def _settled(self, standing: Handling) -> str:
        """Why nothing is left to say: who acknowledged it and when, or that nobody did."""
        by = standing.acknowledged_by
        if not by:
            return "it is not acknowledged: there is nothing to take back"
        who = self.store.names([by]).get(by, "somebody who is forgotten")
        return f"already acknowledged by {who} at {standing.acknowledged_at:%Y-%m-%d %H:%M} UTC"

    def _rewritten(self, change_id: int, subscription: int) -> Iterable[Delivery]:
        """A promise to rewrite the alert of a Change for each subscription on Slack that was told of it."""
        for one in self.subscriptions():
            if one.channel == "slack" and subscription in (0, one.id):
                yield Delivery(one.id, "update", f"change:{change_id}", due=self.clock())

    def handling(self, change_id: int) -> Mapping[int, Handling]:
        """How far each subscription has come with a Change, by subscription; 0 is what was said for all."""
        return self.store.handling(change_id)

    def open_items(self, subscription_id: int) -> tuple[Delivery, ...]:
        """Alerts that still wait for an answer, oldest first; one that spoke for several is the first's alone."""
        found = self.store.open_items(subscription_id, now=self.clock())
        return tuple(one for one in found if not deliver.is_shared(one))

    def reader_name(self, delivery: Delivery) -> str:
        """Whom a delivery is for, as `why` names them."""
        reader = next((one for one in self.subscriptions() if one.id == delivery.subscription), None)
        return f"{reader.channel} {reader.address}".strip() if reader else "a subscription that is no more"


def _moment(value: str) -> datetime:
    """An ISO moment or day, UTC; raises OperatorError."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise OperatorError(f"{value!r} is no date; write one like 2026-11-30") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
