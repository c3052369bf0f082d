"""The verbs that tell: the outbox, and the message of each delivery."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property

import msgspec

from bot import deliver, judge, messages, pipeline
from bot.app.lookups import Lookups
from bot.errors import OperatorError
from bot.messages import blocks, posts
from bot.messages.told import Later, Told
from bot.model import SEVERITIES, Delivery, Event, Finding, Handling, Message, Source, Subscription

EVERYBODY = Subscription(0, "slack", "")
"""A reader of everything, for previews."""

_LANGUAGES = {
    "zh": "Chinese", "zh-Hant": "traditional Chinese", "ja": "Japanese", "ko": "Korean", "de": "German", "fr": "French",
    "es": "Spanish", "it": "Italian", "pt": "Portuguese", "nl": "Dutch", "pl": "Polish", "sv": "Swedish",
    "ru": "Russian", "uk": "Ukrainian", "tr": "Turkish", "ar": "Arabic", "hi": "Hindi", "th": "Thai",
    "vi": "Vietnamese", "id": "Indonesian", "ms": "Malay", "he": "Hebrew",
}  # fmt: skip


class Telling(Lookups):
    """The part of App that keeps promises."""

    def deliver_all(self, *, only: str = "") -> Iterator[Delivery]:
        """Keep the promises that are due; waits where a channel wants a second between two messages.

        `only` those of one channel.
        """
        return deliver.deliver_all(
            store=self.store,
            channels=self.channels,
            compose=self.compose,
            clock=self.clock,
            withdrawn=self.withdrawn,
            owner=self.owner,
            rests=self._rests,
            wait=time.sleep,
            only=only,
        )

    @cached_property
    def _rests(self) -> dict[str, datetime]:
        """Until when a channel in trouble is left alone."""
        return {}

    @cached_property
    def owner(self) -> Subscription:
        """Where notices go: REGWATCH_OWNER ("slack:C0123", "email:me@example.org"), else the console."""
        channel, _, address = self.settings.owner.partition(":")
        return Subscription(0, channel, address) if channel and address else Subscription(0, "console", "here")

    # ---- what stands

    def withdrawn(self, delivery: Delivery, subscription: Subscription) -> str:
        """Why what was promised is not told any more: paused, muted or judged otherwise meanwhile; "" when it is.

        What waited when a pause began is not told afterwards either: `changes` and the digests have it.
        """
        if delivery.subject.startswith("burst:"):
            waiting = self._waiting(delivery)
            return "" if any(not self.withdrawn(row, subscription) for row in waiting) else "nothing of it is left"
        if delivery.kind not in ("post", "reply", "remind", "escalate"):
            return ""
        made, finding = self.show(_number(delivery.subject))
        if finding is None:
            return ""
        if delivery.kind in ("remind", "escalate"):
            said = self.handling(made.change.id).get(subscription.id)
            answered = delivery.kind == "escalate" and said is not None and bool(said.acknowledged_by)
            return "answered meanwhile" if answered else self._set_aside(made.source, subscription)
        if delivery.subject.startswith("correction:"):
            return ""
        ((_, decision),) = self.audience(made, finding, subscriptions=[subscription])
        return "" if decision.told else decision.why

    def _set_aside(self, source: Source, subscription: Subscription) -> str:
        """Whether a reader wants to hear nothing now, or nothing of this source."""
        if subscription.paused_until and subscription.paused_until > self.clock():
            return "paused"
        muted = {source.id, source.parent} & set(subscription.muted)
        return f"{', '.join(sorted(muted))} is muted here" if muted else ""

    # ---- composing

    def compose(self, delivery: Delivery, subscription: Subscription) -> Message:
        """The message for one delivery, built from what the store knows now."""
        if delivery.kind == "notice":
            return self._notice(delivery)
        if delivery.kind == "digest":
            return self.compose_digest(delivery, subscription)
        if delivery.kind in ("remind", "escalate"):
            return self.compose_reminder(delivery, subscription)
        if delivery.subject.startswith("burst:"):
            return self._burst(delivery, subscription)
        if delivery.kind == "update":
            return self._update(delivery, subscription)
        change_id = _number(delivery.subject)
        if delivery.subject.startswith("correction:"):
            return self._correction(change_id, subscription)
        thread = self._root(change_id, subscription) if delivery.kind == "reply" else ""
        return self._alert(change_id, subscription, kind=delivery.kind if thread else "post", thread=thread)

    def compose_digest(self, delivery: Delivery, subscription: Subscription) -> Message:
        """A digest as it was kept."""
        kept = self.store.digests(subscription.id, limit=100)
        found = next((one for one in kept if one.id == _number(delivery.subject)), None)
        if found is None:
            raise OperatorError(f"there is no {delivery.subject} for subscription {subscription.id}")
        return replace(msgspec.json.decode(found.content, type=Message), kind="digest")

    def compose_reminder(self, delivery: Delivery, subscription: Subscription) -> Message:
        """What is to be remembered of a Change, in the thread of its alert where there is one."""
        change_id = _number(delivery.subject)
        made, finding = self.show(change_id)
        said = "nobody has acknowledged this yet" if delivery.kind == "escalate" else "reminder"
        headline = finding.headline if finding else made.source.title
        message = messages.notice(f"{said}: {headline}", delivery.detail)
        return replace(message, kind=delivery.kind, thread=self._name(change_id, subscription), broadcast=True)

    @staticmethod
    def _notice(delivery: Delivery) -> Message:
        """For the owner: the first line of what was noted is what it is about."""
        first, _, rest = delivery.detail.partition("\n")
        spoken = delivery.subject.startswith(("channel:", "address:", "delivery:", "alarms")) and first
        said = messages.notice(first, rest) if spoken else messages.notice(delivery.subject, delivery.detail)
        return replace(said, kind="notice")

    def _alert(self, change_id: int, subscription: Subscription, *, kind: str = "post", thread: str = "") -> Message:
        told = self._telling(change_id, subscription)
        if told is None:
            return messages.notice(f"change {change_id}", "recorded, but not judged yet")
        if subscription.channel == "slack":
            broadcast = bool(thread) and kind == "reply" and self._is_broadcast(told, subscription)
            return blocks.alert_message(told, kind=kind, thread=thread, broadcast=broadcast)
        return replace(blocks.as_lines(told), kind=kind, thread=thread)

    def _is_broadcast(self, told: Told, subscription: Subscription) -> bool:
        """A reply is shown to the whole channel when it says something new, and something to act on (or what `min:`
        asks for)."""
        least = "act" if subscription.filters.min == "know" else subscription.filters.min
        urgent = SEVERITIES.index(told.level[0]) >= SEVERITIES.index(least)
        return urgent and self.is_broadcast(told.change, subscription)

    def _telling(self, change_id: int, subscription: Subscription) -> Told | None:
        """Everything that the alert of one Change for one reader is built from; None before it is judged."""
        made, finding = self.show(change_id)
        if finding is None:
            return None
        made, _ = pipeline.without_documents(made, self.store.announced(change_id))  # as it was judged
        given, posted = self.handling(change_id), self._posted(change_id, subscription)
        told_at = (posted.attempted if posted else None) or self.clock()
        within = timedelta(hours=subscription.answer_within)
        return Told(
            made.change, finding, made.before, made.after, made.edits, made.source, self.clock(),
            subscription=subscription.id,
            why=self._reasons(made, finding, subscription) if subscription.id else "",
            level=self.level(finding, subscription=subscription if subscription.id else None),
            binding=self.binding(finding, made.source),
            language_note=_language(made.source.language),
            names=judge.place_names(),
            public_url=self.settings.public_url,
            handling=self._named(given.get(subscription.id) or given.get(0)),
            elsewhere=any(one.acknowledged_by for number, one in given.items() if number != subscription.id),
            later=self._later(change_id),
            akin=self.may_belong(made.change, finding),
            corrected="" if posted is None or subscription.filters.every_change else _corrected(finding),
            told_at=told_at,
            answer_by=told_at + within if within else None,
        )  # fmt: skip

    def _reasons(self, made: pipeline.Case, finding: Finding, subscription: Subscription) -> str:
        """Why this place is told: a message there speaks for all of its subscriptions that are promised it."""
        place = (subscription.channel, subscription.address)
        promised = {
            row.subscription
            for row in self.store.deliveries(subject=f"change:{made.change.id}")
            if row.kind in pipeline.TOLD and row.state != "dead"
        }
        others = [one for one in self.subscriptions_of(*place) if one.id in promised and one.id != subscription.id]
        said = [self.because(made, finding, subscription=one) for one in (subscription, *others)]
        return "; and ".join(dict.fromkeys(filter(None, said)))

    def _named(self, one: Handling | None) -> Handling | None:
        """With names in the place of actors; who is forgotten is somebody."""
        if one is None:
            return None
        names = self.store.names(filter(None, (one.acknowledged_by, one.assigned_to)))

        def name(actor: str) -> str:
            return names.get(actor, "somebody") if actor else ""

        return replace(one, acknowledged_by=name(one.acknowledged_by), assigned_to=name(one.assigned_to))

    def _later(self, change_id: int) -> tuple[Later, ...]:
        """What followed in the same act, oldest first."""
        event = self.event_of(change_id)
        if event is None or len(event.changes) < 2:
            return ()
        spoken = [pair for pair in self.spoken(event) if pair[1].verdict != "not_relevant"]
        at = next((index for index, (change, _) in enumerate(spoken) if change.id == change_id), len(spoken))
        return tuple(Later(change.at, finding.headline) for change, finding in spoken[at + 1 :])

    # ---- corrections

    def correct(self, before: Finding | None, after: Finding) -> int:
        """Where a Change was told on Slack and is judged otherwise now, rewrite its alert and say so in the thread.

        Returns how many subscriptions that concerns. E-mail has it in the next digest.
        """
        if before is None or before.verdict == after.verdict:
            return 0
        now, change_id = self.clock(), after.change
        revision = int(now.timestamp())
        readers = [one for one in self.subscriptions() if one.channel == "slack" and self._name(change_id, one)]
        for one in readers:
            note = Delivery(one.id, "reply", f"correction:{change_id}", revision, due=now)
            self.store.promise([Delivery(one.id, "update", f"change:{change_id}", revision, due=now), note])
        return len(readers)

    def _correction(self, change_id: int, subscription: Subscription) -> Message:
        """What we said of a Change, and what we say now."""
        finding = self.store.finding(change_id)
        headline = f"Correction: {finding.headline}" if finding else f"Correction of change {change_id}"
        said = messages.notice(headline, _corrected(finding) or "Judged again, it is relevant after all.")
        return replace(said, kind="reply", thread=self._name(change_id, subscription))

    # ---- threads

    def _update(self, delivery: Delivery, subscription: Subscription) -> Message:
        """An alert as it stands now: of a Change, or of the first that told of an Event. Without a thread there is
        nothing to rewrite."""
        change_id = _number(delivery.subject)
        if delivery.subject.startswith("event:"):
            change_id, name = self._opening(self.store.event(change_id), subscription)
        else:
            name = self._name(change_id, subscription)
        posted = self._posted(change_id, subscription)
        reader = self.subscription(posted.subscription) if posted else subscription
        return self._alert(change_id, reader, kind="update", thread=name) if name else Message("", kind="update")

    def _root(self, change_id: int, subscription: Subscription) -> str:
        """What the channel calls the first message to this subscription on the act that a Change speaks of."""
        return self._opening(self.event_of(change_id), subscription)[1]

    def _opening(self, event: Event | None, subscription: Subscription) -> tuple[int, str]:
        """The Change whose post opened the thread of an Event, and that post's name; (0, "") when none is there."""
        posts = [
            (row.id, change_id, row.detail)
            for change_id in (event.changes if event else ())
            for row in self._told_here(change_id, subscription)
            if row.kind == "post"
        ]
        return min(posts)[1:] if posts else (0, "")

    def _name(self, change_id: int, subscription: Subscription) -> str:
        """What the channel calls the alert of a Change; "" when it was not posted there."""
        posted = self._posted(change_id, subscription)
        return posted.detail if posted else ""

    def _posted(self, change_id: int, subscription: Subscription) -> Delivery | None:
        """The delivery that told a subscription of a Change, once it has: its own, or another's at the same place."""
        rows = self._told_here(change_id, subscription) if subscription.id else []
        own = [row for row in rows if row.subscription == subscription.id]
        return next(iter(own or rows), None)

    def _told_here(self, change_id: int, subscription: Subscription) -> list[Delivery]:
        """The messages that told a subscription's place of a Change, oldest first; empty when it was not told."""
        rows = [
            row
            for row in self.store.deliveries(subject=f"change:{change_id}")
            if row.kind in pipeline.TOLD and row.state == "done"
        ]
        if not any(row.subscription == subscription.id for row in rows):
            return []
        here = {one.id for one in self.subscriptions_of(subscription.channel, subscription.address)} | {subscription.id}
        return [row for row in rows if row.subscription in here and not deliver.is_shared(row)]

    def _burst(self, delivery: Delivery, subscription: Subscription) -> Message:
        """One post for the many that wait for it."""
        waiting = [row for row in self._waiting(delivery) if not self.withdrawn(row, subscription)]
        opinions = self.store.findings([_number(row.subject) for row in waiting])
        told = [(self.level(one, subscription=subscription)[0], one.headline) for one in opinions.values()]
        return posts.burst_message(told, now=self.clock())

    def _waiting(self, delivery: Delivery) -> list[Delivery]:
        """The posts of a burst, of which this delivery opens the thread."""
        return [row for row in self.store.outbox(states=("queued",)) if row.detail == delivery.subject]

    # ---- looking at messages

    def alert(self, change_id: int) -> Message:
        """The message a reader of everything would get about this Change, on the console."""
        return self._alert(change_id, replace(EVERYBODY, channel="console"))

    def preview(self, change_id: int) -> Message:
        """The message a reader of everything would get about this Change, on Slack."""
        return self._alert(change_id, EVERYBODY)

    def outbox(self, *, states: Sequence[str] = ("queued", "sending", "uncertain", "dead")) -> tuple[Delivery, ...]:
        return self.store.outbox(states=states)

    def settle(self, delivery_id: int, state: str) -> None:
        """Put one delivery back to queued, or give it up; raises OperatorError for one that is not waiting."""
        rows = {one.id: one for one in self.outbox()}
        if delivery_id not in rows:
            raise OperatorError(f"delivery {delivery_id} is not waiting in the outbox")
        due = self.clock() if state == "queued" else None
        self.store.settle(rows[delivery_id], state, now=self.clock(), due=due, detail="by hand")


def _number(subject: str) -> int:
    """17 of "change:17", "digest:17", "date:17:deadline:2027-01-01"."""
    return int(subject.split(":")[1])


def _corrected(finding: Finding | None) -> str:
    if finding is None or finding.verdict == "relevant":
        return ""
    now = "not relevant" if finding.verdict == "not_relevant" else "perhaps not relevant"
    return f"We told you this as relevant. Judged again, it is {now}; see /reg why {finding.change}."


def _language(code: str) -> str:
    """A sentence on a text that is not English."""
    name = _LANGUAGES.get(code) or _LANGUAGES.get(code.partition("-")[0], "")
    if not name:
        return ""
    return f"The text is in {name}: what stands in quotation marks is the publisher's, the words around it are ours."
