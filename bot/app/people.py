"""The verbs for people: who is told what."""

from __future__ import annotations

from bot.app.base import Base
from bot.errors import OperatorError
from bot.model import Subscription


class People(Base):
    """The part of App that knows who asked for what."""

    def subscriptions(self) -> tuple[Subscription, ...]:
        return self.store.subscriptions()

    def subscribe(self, subscription: Subscription) -> int:
        """Adds a subscription; raises OperatorError for a source or channel that does not exist."""
        for source_id in subscription.filters.sources:
            self.source(source_id)
        if subscription.channel not in self.channels:
            raise OperatorError(f"no channel {subscription.channel!r}; there is: {', '.join(sorted(self.channels))}")
        return self.store.subscribe(subscription, now=self.clock())

    def unsubscribe(self, subscription_id: int) -> None:
        if not self.store.unsubscribe(subscription_id, now=self.clock()):
            raise OperatorError(f"there is no subscription {subscription_id}")

    def speak_here(self) -> None:
        """With nobody subscribed, the console is: a first run needs no account."""
        if not self.subscriptions():
            self.store.subscribe(Subscription(0, "console", "here"), now=self.clock())
