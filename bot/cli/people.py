"""subscribe, unsubscribe, subscriptions, review, outbox: who is told what, and what waits to be told."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

import click

from bot.cli.printing import NUMBER, json_option, line, opened, say, warn, when
from bot.errors import OperatorError
from bot.model import MECHANISMS, SEVERITIES, Filters, Source, Subscription

KEYS = ("in", "topic", "mechanism", "corridor", "jurisdiction", "min", "words", "mode")
MODES = ("instant", "digest", "every")


def filters(words: Sequence[str]) -> Filters:
    """Filters from key:value words with the keys of KEYS; raises OperatorError."""
    values: dict[str, list[str]] = {key: [] for key in KEYS}
    for word in words:
        key, colon, value = word.partition(":")
        if not colon or key not in KEYS or not value:
            raise OperatorError(f"{word!r}: say key:value with one of {', '.join(KEYS)}")
        values[key] += [value] if key in {"in", "words"} else value.split(",")
    least = (values["min"] or ["know"])[-1]
    if least not in SEVERITIES:
        raise OperatorError(f"min:{least}: say one of {', '.join(SEVERITIES)}")
    for name in values["mechanism"]:
        if name not in MECHANISMS:
            raise OperatorError(f"mechanism:{name}: {_near(name, MECHANISMS)}say one of {', '.join(MECHANISMS)}")
    return Filters(
        sources=tuple(values["in"]),
        jurisdictions=tuple(value.upper() for value in values["jurisdiction"]),
        topics=tuple(values["topic"]),
        mechanisms=tuple(values["mechanism"]),
        corridors=tuple(_corridor(value) for value in values["corridor"]),
        words=tuple(values["words"]),
        min=least,
        every_change="every" in values["mode"],
    )


def _near(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, known, n=1)
    return f"did you mean {close[0]}? " if close else ""


def _unheard(asked: Filters, sources: Iterable[Source]) -> Iterator[str]:
    """What no declared source is about: it may be meant, or misspelt. Whoever asks should not wait in vain."""
    known = {
        "topic": (asked.topics, {topic for source in sources for topic in source.topics}),
        "jurisdiction": (asked.jurisdictions, {source.jurisdiction for source in sources}),
    }
    for key, (words, heard) in known.items():
        for word in words:
            if word not in heard:
                yield f"no source is declared for {key}:{word}; {_near(word, heard)}".rstrip("; ")


def _corridor(text: str) -> tuple[str, str]:
    start, arrow, end = text.upper().replace(">", "-").partition("-")
    if not arrow or not start or not end:
        raise OperatorError(f"corridor:{text}: say FROM-TO, e.g. corridor:EU-US or corridor:CN-*")
    return start, end


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
        for sentence in _unheard(chosen, app.sources().values()):
            warn(sentence)
        say(f"subscription {number}: {describe(Subscription(number, name, address or 'here', chosen, mode))}")
    return 0


def describe(subscription: Subscription) -> str:
    """One subscription in words."""
    asked = subscription.filters
    parts = [f"in:{value}" for value in asked.sources]
    parts += [f"jurisdiction:{value}" for value in asked.jurisdictions]
    parts += [f"topic:{value}" for value in asked.topics]
    parts += [f"mechanism:{value}" for value in asked.mechanisms]
    parts += [f"corridor:{start}-{end}" for start, end in asked.corridors]
    parts += [f"words:{value}" for value in asked.words]
    parts += [f"min:{asked.min}"] if asked.min != "know" else []
    parts += ["mode:every" if asked.every_change else f"mode:{subscription.mode}"]
    return " ".join([subscription.channel, subscription.address, *parts])


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
