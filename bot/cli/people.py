"""subscribe, unsubscribe, subscriptions, review, outbox: who is told what, and what waits to be told."""

from __future__ import annotations

import getpass
import os

import click

from bot.cli.printing import NUMBER, json_option, line, opened, say, warn, when
from bot.errors import OperatorError
from bot.grammar import MODES, describe, filters, unheard
from bot.model import Subscription


@click.command()
@click.argument("channel")
@click.argument("words", nargs=-1)
@click.pass_context
def subscribe(ctx: click.Context, channel: str, words: tuple[str, ...]) -> int:
    """Tell CHANNEL (console, or console:NAME) about changes.

    Narrow it with key:value words: in:SOURCE topic:adequacy mechanism:scc corridor:EU-US jurisdiction:CN min:plan
    words:cloud; mode:instant (default), mode:digest, or mode:every (every change of the text, relevant or not).
    """
    name, _, address = channel.partition(":")
    mode = next((word.removeprefix("mode:") for word in reversed(words) if word.startswith("mode:")), "instant")
    if mode not in MODES:
        raise OperatorError(f"mode:{mode}: say one of {', '.join(MODES)}")
    chosen = filters(words)
    with opened(ctx) as app:
        subscription = Subscription(0, name, address or "here", chosen, "digest" if mode == "digest" else "instant")
        number = app.subscribe(subscription)
        for sentence in unheard(chosen, app.sources().values()):
            warn(sentence)
        say(f"subscription {number}: {describe(Subscription(number, name, address or 'here', chosen, mode))}")
    return 0


@click.command()
@click.argument("number", metavar="N", type=NUMBER)
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
    for one in found:
        if as_json:
            line({"subscription": one.id, "channel": one.channel, "address": one.address, "mode": one.mode,
                  "asks": describe(one)})  # fmt: skip
        else:
            say(f"{one.id:>4}  {describe(one)}")
    if not found and not as_json:
        say("nobody; the first `regwatch run` or `check` speaks on the console")
    return 0


@click.command()
@click.argument("number", metavar="N", type=NUMBER)
@click.argument("says", type=click.Choice(["relevant", "not-relevant"]))
@click.argument("why", nargs=-1)
@click.pass_context
def review(ctx: click.Context, number: int, says: str, why: tuple[str, ...]) -> int:
    """Say that change NUMBER is relevant, or not, and why; kept beside the judge's opinion."""
    with opened(ctx) as app:
        app.review(number, says.replace("-", "_"), actor=_me(), remark=" ".join(why))
    say(f"change {number}: {says}, noted")
    return 0


def _me() -> str:
    """Who is at the keyboard; a container's user may have a number only."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # KeyError until Python 3.12
        return f"uid {os.getuid()}"


@click.group(invoke_without_command=True)
@click.option("--all", "everything", is_flag=True, help="Also what was delivered.")
@json_option
@click.pass_context
def outbox(ctx: click.Context, everything: bool, as_json: bool) -> int:
    """Messages that are waiting, doubtful or dead; `retry N` and `drop N` decide about one."""
    if ctx.invoked_subcommand:
        return 0
    states = ("queued", "sending", "uncertain", "dead") + (("done",) if everything else ())
    with opened(ctx) as app:
        found = app.outbox(states=states)
    for one in found:
        if as_json:
            line({"delivery": one.id, "state": one.state, "kind": one.kind, "subject": one.subject,
                  "subscription": one.subscription, "attempts": one.attempts, "due": one.due,
                  "detail": one.detail})  # fmt: skip
        else:
            say(f"{one.id:>5}  {one.state:<9} {one.kind} {one.subject} to subscription {one.subscription}, "
                f"{one.attempts} attempts, due {when(one.due)}  {one.detail}")  # fmt: skip
    if not found and not as_json:
        say("empty: nothing waits, nothing is doubtful")
    return 0


@outbox.command()
@click.argument("number", metavar="N", type=NUMBER)
@click.pass_context
def retry(ctx: click.Context, number: int) -> int:
    """Send delivery NUMBER again at the next drain."""
    with opened(ctx) as app:
        app.settle(number, "queued")
    say(f"delivery {number} is queued again")
    return 0


@outbox.command()
@click.argument("number", metavar="N", type=NUMBER)
@click.pass_context
def drop(ctx: click.Context, number: int) -> int:
    """Give delivery NUMBER up."""
    with opened(ctx) as app:
        app.settle(number, "dead")
    say(f"delivery {number} is given up")
    return 0
