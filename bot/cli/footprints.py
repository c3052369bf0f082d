"""footprint: where an organisation is, and which data it moves."""

from __future__ import annotations

from dataclasses import asdict

import click

from bot.cli.printing import json_option, line, listed, opened, say
from bot.grammar import describe, footprint_words
from bot.grammar import footprint as read_footprint


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
    return listed(
        [found[name] for name in sorted(found)], as_json=as_json, values=asdict,
        words=lambda one: f"{one.name}  {footprint_words(one)}",
        none="none; make one: regwatch footprint set us entities:US flows:CN-US,EU-US sectors:cloud",
    )  # fmt: skip


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
