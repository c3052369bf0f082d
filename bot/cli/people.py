"""subscribe, pause, mute, footprint, review, severity, outbox: who is told what, and what waits to be told."""

from __future__ import annotations

import getpass
import os
from dataclasses import asdict

import click

from bot.cli.printing import NUMBER, json_option, line, opened, say, warn, when
from bot.grammar import describe, footprint_words, moment, subscription, unheard
from bot.grammar import footprint as read_footprint
from bot.model import SEVERITIES


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


@click.command()
@click.argument("number", metavar="N", type=NUMBER)
@click.argument("level", type=click.Choice(SEVERITIES))
@click.argument("why", nargs=-1, required=True)
@click.option("--for", "for_whom", metavar="SUBSCRIPTION", type=NUMBER, help="For this subscription only.")
@click.pass_context
def severity(ctx: click.Context, number: int, level: str, why: tuple[str, ...], for_whom: int | None) -> int:
    """Say what change N asks of its readers, against the rule, and WHY; stays when changes are judged again."""
    with opened(ctx) as app:
        app.handle(number, "severity", actor=_me(), subscription=for_whom or 0, remark=" ".join(why), value=level)
    say(f"change {number}: {level}{f' for subscription {for_whom}' if for_whom else ''}, noted with your reason")
    return 0


@click.command()
@click.argument("number", metavar="N", type=NUMBER)
@click.argument("until", nargs=-1)
@click.pass_context
def pause(ctx: click.Context, number: int, until: tuple[str, ...]) -> int:
    """Tell subscription N nothing for a while: 3d, 12h, until 2026-12-01, or (without a time) until it is resumed."""
    with opened(ctx) as app:
        app.pause(number, until=moment(" ".join(until), now=app.clock()) if until else None)
        say(f"subscription {number}: {describe(app.subscription(number))}")
    return 0


@click.command()
@click.argument("number", metavar="N", type=NUMBER)
@click.pass_context
def resume(ctx: click.Context, number: int) -> int:
    """Tell subscription N again; what came meanwhile is in `changes`."""
    with opened(ctx) as app:
        app.resume(number)
        say(f"subscription {number}: {describe(app.subscription(number))}")
    return 0


@click.command()
@click.argument("number", metavar="N", type=NUMBER)
@click.argument("source")
@click.pass_context
def mute(ctx: click.Context, number: int, source: str) -> int:
    """Tell subscription N nothing of SOURCE; others are told as before."""
    with opened(ctx) as app:
        name = app.mute(number, source)
    say(f"subscription {number}: {name} is muted")
    return 0


@click.command()
@click.argument("number", metavar="N", type=NUMBER)
@click.argument("source")
@click.pass_context
def unmute(ctx: click.Context, number: int, source: str) -> int:
    """Tell subscription N of SOURCE again."""
    with opened(ctx) as app:
        name = app.unmute(number, source)
    say(f"subscription {number}: {name} is told again")
    return 0


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def footprint(ctx: click.Context, as_json: bool) -> int:
    """Where an organisation is, and which data it moves: list, set, show, drop; for subscribe … footprint:NAME."""
    if ctx.invoked_subcommand:
        return 0
    return _footprints(ctx, as_json=as_json)


@footprint.command("list")
@json_option
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> int:
    """Every footprint."""
    return _footprints(ctx, as_json=as_json)


def _footprints(ctx: click.Context, *, as_json: bool) -> int:
    with opened(ctx) as app:
        found = app.footprints()
    for name, one in sorted(found.items()):
        line(asdict(one)) if as_json else say(f"{name}  {footprint_words(one)}")
    if not found and not as_json:
        say("none; make one: regwatch footprint set us entities:US flows:CN-US,EU-US sectors:cloud")
    return 0


@footprint.command("set")
@click.argument("name")
@click.argument("words", nargs=-1, required=True)
@click.pass_context
def set_(ctx: click.Context, name: str, words: tuple[str, ...]) -> int:
    """Make footprint NAME, or another in its place: entities:US,DE flows:CN-US,EU-US roles:controller sectors:cloud.

    A flow may name kinds of data, in quotes because of the brackets: 'flows:CN-US(health,financial),EU-US'.
    """
    ours = read_footprint(words, name=name)
    with opened(ctx) as app:
        app.keep_footprint(ours)
    say(f"footprint {name}: {footprint_words(ours)}")
    return 0


@footprint.command("show")
@click.argument("name")
@json_option
@click.pass_context
def show_(ctx: click.Context, name: str, as_json: bool) -> int:
    """One footprint, and who goes by it."""
    with opened(ctx) as app:
        ours = app.footprint(name)
        users = [one for one in app.subscriptions() if one.footprint == name]
    if as_json:
        line(asdict(ours) | {"subscriptions": [one.id for one in users]})
        return 0
    say(f"{name}  {footprint_words(ours)}")
    for one in users:
        say(f"  subscription {one.id}: {describe(one)}")
    return 0


@footprint.command("drop")
@click.argument("name")
@click.pass_context
def drop_(ctx: click.Context, name: str) -> int:
    """Forget footprint NAME; refused while a subscription goes by it."""
    with opened(ctx) as app:
        app.drop_footprint(name)
    say(f"footprint {name} is no more")
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
