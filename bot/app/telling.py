"""The verbs that tell: the outbox, and the message of each delivery."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot import deliver, messages, pipeline
from bot.app.lookups import Lookups
from bot.errors import OperatorError
from bot.model import Delivery, Message, Subscription


class Telling(Lookups):
    """The part of App that keeps promises."""

    def deliver_all(self) -> Iterator[Delivery]:
        """Keep the promises that are due."""
        return deliver.deliver_all(store=self.store, channels=self.channels, compose=self.compose, clock=self.clock)

    def compose(self, delivery: Delivery, subscription: Subscription) -> Message:
        """The message for one delivery, built from what the store knows now."""
        if delivery.kind == "notice":
            return messages.notice(delivery.subject, delivery.detail)
        made, finding = self.show(int(delivery.subject.removeprefix("change:")))
        if finding is None:
            return messages.notice(delivery.subject, "this change has not been judged yet")
        made, _ = pipeline.without_documents(made, self.store.announced(made.change.id))  # as it was judged
        told = dict((one.id, why) for one, why in pipeline.readers(made, finding, [subscription], now=self.clock()))
        return messages.alert(
            made.change,
            finding,
            before=made.before,
            after=made.after,
            edits=made.edits,
            source=made.source,
            why=told.get(subscription.id, ""),
            public_url=self.settings.public_url,
        )

    def alert(self, change_id: int) -> Message:
        """The message a reader of everything would get about this Change."""
        made, finding = self.show(change_id)
        if finding is None:
            return messages.notice(f"change {change_id}", "recorded, but not judged yet")
        parts = {"before": made.before, "after": made.after, "edits": made.edits, "source": made.source}
        return messages.alert(made.change, finding, why="", public_url=self.settings.public_url, **parts)  # type: ignore[arg-type]

    def outbox(self, *, states: Sequence[str] = ("queued", "sending", "uncertain", "dead")) -> tuple[Delivery, ...]:
        return self.store.outbox(states=states)

    def settle(self, delivery_id: int, state: str) -> None:
        """Put one delivery back to queued, or give it up; raises OperatorError for one that is not waiting."""
        rows = {one.id: one for one in self.outbox()}
        if delivery_id not in rows:
            raise OperatorError(f"delivery {delivery_id} is not waiting in the outbox")
        due = self.clock() if state == "queued" else None
        self.store.settle(rows[delivery_id], state, now=self.clock(), due=due, detail="by hand")
