"""subscribe, unsubscribe, subscriptions, pause, resume, mute, unmute: who is told what."""

from __future__ import annotations

from typing import Any

import click

from bot.cli.printing import json_option, listed, number_argument, opened, say, warn
from bot.grammar import describe, moment, subscription, unheard
from bot.model import Subscription


@click.command()
@click.argument("channel")
@click.argument("words", nargs=-1)
@click.pass_context
def subscribe(ctx: click.Context, channel: str, words: tuple[str, ...]) -> int:
    """Tell CHANNEL (console, console:NAME, slack:C0123, email:ADDRESS) about changes.

    Narrow it with key:value words: in:SOURCE type:draft topic:adequacy mechanism:scc corridor:EU-US jurisdiction:CN
    min:plan words:cloud footprint:NAME; mode:instant (default), mode:digest (with day:mon hour:8 zone:Europe/Berlin
    empty:no), or mode:every (every change of the text, relevant or not); answer:24h has alerts escalated once that
    nobody acknowledged by then.
    """
    name, _, address = channel.partition(":")
    chosen = subscription(words, channel=name, address=address or "here")
    with opened(ctx) as app:
        number = app.subscribe(chosen)
        for sentence in unheard(chosen.filters, app.sources().values()):
            warn(sentence)
        standing = app.subscription(number)
        if standing.paused_until:
            warn(f"subscription {number} is still paused: nothing is told there; regwatch resume {number} ends it")
        say(f"subscription {number}: {describe(standing)}")
    return 0


@click.command()
@number_argument
@click.pass_context
def unsubscribe(ctx: click.Context, number: int) -> int:
    """End a subscription; what was told stays on record."""
    with opened(ctx) as app:
        app.unsubscribe(number)
    say(f"subscription {number} ended")
    return 0


@click.command()
@json_option
@click.pass_context
def subscriptions(ctx: click.Context, as_json: bool) -> int:
    """Who is told what."""
    with opened(ctx) as app:
        found = app.subscriptions()
    return listed(
        found, as_json=as_json, values=_values, words=lambda one: f"{one.id:>4}  {describe(one)}",
        none="nobody; the first `regwatch run` or `check` speaks on the console",
    )  # fmt: skip


def _values(one: Subscription) -> dict[str, Any]:
    return {"subscription": one.id, "channel": one.channel, "address": one.address, "mode": one.mode,
            "asks": describe(one)}  # fmt: skip


@click.command()
@number_argument
@click.argument("until", nargs=-1)
@click.pass_context
def pause(ctx: click.Context, number: int, until: tuple[str, ...]) -> int:
    """Tell subscription N nothing for a while: 3d, 12h, until 2026-12-01, or (without a time) until it is resumed."""
    with opened(ctx) as app:
        app.pause(number, until=moment(" ".join(until), now=app.clock()) if until else None)
        say(f"subscription {number}: {describe(app.subscription(number))}")
    return 0


@click.command()
@number_argument
@click.pass_context
def resume(ctx: click.Context, number: int) -> int:
    """Tell subscription N again; what came meanwhile is in `changes`."""
    with opened(ctx) as app:
        app.resume(number)
        say(f"subscription {number}: {describe(app.subscription(number))}")
    return 0


@click.command()
@number_argument
@click.argument("source")
@click.pass_context
def mute(ctx: click.Context, number: int, source: str) -> int:
    """Tell subscription N nothing of SOURCE; others are told as before."""
    with opened(ctx) as app:
        name = app.mute(number, source)
    say(f"subscription {number}: {name} is muted")
    return 0


@click.command()
@number_argument
@click.argument("source")
@click.pass_context
def unmute(ctx: click.Context, number: int, source: str) -> int:
    """Tell subscription N of SOURCE again."""
    with opened(ctx) as app:
        name = app.unmute(number, source)
    say(f"subscription {number}: {name} is told again")
    return 0
