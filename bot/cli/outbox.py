"""outbox: what waits to be told, and what becomes of it."""

from __future__ import annotations

from typing import Any

import click

from bot.cli.printing import json_option, listed, number_argument, opened, say, when
from bot.model import Delivery


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
    none = "empty: nothing waits, nothing is doubtful"
    return listed(found, as_json=as_json, values=_values, words=_words, none=none)


def _values(one: Delivery) -> dict[str, Any]:
    return {"delivery": one.id, "state": one.state, "kind": one.kind, "subject": one.subject,
            "subscription": one.subscription, "attempts": one.attempts, "due": one.due,
            "detail": one.detail}  # fmt: skip


def _words(one: Delivery) -> str:
    """Where it goes and how it stands; what is settled is due no more."""
    attempts = f"{one.attempts} attempt{'s' * (one.attempts != 1)}"
    due = f", due {when(one.due)}" if one.due and one.state not in ("done", "dead") else ""
    place = f"to subscription {one.subscription}" if one.subscription else "to the owner"
    return f"{one.id:>5}  {one.state:<9} {one.kind} {one.subject} {place}, {attempts}{due}  {one.detail}"


@outbox.command()
@number_argument
@click.pass_context
def retry(ctx: click.Context, number: int) -> int:
    """Send delivery NUMBER again at the next drain."""
    with opened(ctx) as app:
        app.settle(number, "queued")
    say(f"delivery {number} is queued again")
    return 0


@outbox.command()
@number_argument
@click.pass_context
def drop(ctx: click.Context, number: int) -> int:
    """Give delivery NUMBER up."""
    with opened(ctx) as app:
        app.settle(number, "dead")
    say(f"delivery {number} is given up")
    return 0
