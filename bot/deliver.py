"""Keeping promises: the outbox, one row at a time.

A row goes queued -> sending -> done, uncertain or dead; what is sent is frozen before the first attempt.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from bot.errors import DeliveryError
from bot.model import Delivery, Message, Subscription
from bot.ports import Channel, Clock, Store

log = logging.getLogger(__name__)

RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))


def deliver_all(
    *,
    store: Store,
    channels: Mapping[str, Channel],
    compose: Callable[[Delivery, Subscription], Message],
    clock: Clock,
) -> Iterator[Delivery]:
    """Keep the promises that are due, one row at a time; a channel that fails stops nobody else (promise 7)."""
    subscriptions = {subscription.id: subscription for subscription in store.subscriptions()}
    stuck: dict[tuple[str, str], bool] = defaultdict(bool)
    due = {delivery.id for delivery in store.outbox(now=clock())}
    for delivery in store.outbox(states=("queued", "sending")):
        subscription = subscriptions.get(delivery.subscription)
        if subscription and delivery.id not in due:  # waits for its retry, and those behind it with it
            stuck[subscription.channel, subscription.address] = True
            continue
        if subscription is None:
            store.settle(delivery, "dead", now=clock(), detail="the subscription is no more")
            continue
        place = (subscription.channel, subscription.address)
        channel = channels.get(subscription.channel)
        if channel is None or stuck[place]:  # order is kept: what failed first goes out first
            continue
        sent = deliver_one(delivery, subscription, store=store, channel=channel, compose=compose, clock=clock)
        stuck[place] = sent.state == "queued"
        yield sent


def deliver_one(
    delivery: Delivery,
    subscription: Subscription,
    *,
    store: Store,
    channel: Channel,
    compose: Callable[[Delivery, Subscription], Message],
    clock: Clock,
) -> Delivery:
    """queued -> sending -> done; a row found on *sending* was cut off by a crash and is marked as possibly repeated."""
    try:
        message = _message(delivery, subscription, compose)
    except Exception as error:  # composing is ours: later may be after an upgrade
        log.exception("delivery %d: our own error while composing", delivery.id)
        return _failed(delivery, DeliveryError(_ours(error)), store=store, now=clock())
    if delivery.state == "sending":
        message = replace(message, again=True)
    try:
        store.claim(delivery, msgspec.json.encode(message), now=clock())
    except DeliveryError as error:  # somebody dropped it meanwhile
        return replace(delivery, state="dead", detail=error.reason)
    try:
        name = channel.send(message, address=subscription.address, marker=marker(delivery))
    except DeliveryError as error:
        return _failed(delivery, error, store=store, now=clock())
    store.settle(delivery, "done", now=clock(), detail=name)
    return replace(delivery, state="done", detail=name)


def _message(delivery: Delivery, subscription: Subscription, compose: Callable[..., Message]) -> Message:
    """Frozen at the first attempt, built before it."""
    return msgspec.json.decode(delivery.payload, type=Message) if delivery.payload else compose(delivery, subscription)


def marker(delivery: Delivery) -> str:
    """What identifies a delivery in its channel; opaque, without names."""
    return f"{delivery.subject}:{delivery.subscription}:{delivery.revision}"


def _failed(delivery: Delivery, error: DeliveryError, *, store: Store, now: datetime) -> Delivery:
    """Final failures are dead, doubtful ones uncertain, all others are tried again with growing pauses."""
    state = "dead" if error.final else "uncertain" if error.doubtful else "queued"
    due = now + RETRIES[min(delivery.attempts, len(RETRIES) - 1)] if state == "queued" else None
    store.settle(delivery, state, now=now, due=due, detail=error.reason)
    return replace(delivery, state=state, due=due, detail=error.reason)


def _ours(error: Exception) -> str:
    return f"our own error ({type(error).__name__}: {error})"
