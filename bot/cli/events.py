"""event: one act and all that speak of it; people correct what was joined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bot.cli.printing import NUMBER, json_option, line, number_argument, opened, say, when
from bot.model import Event

if TYPE_CHECKING:
    from bot.app import App


@click.group()
def event() -> None:
    """One act (a measure, a consultation, a decision) and all changes that speak of it."""


@event.command()
@number_argument
@json_option
@click.pass_context
def show(ctx: click.Context, number: int, as_json: bool) -> int:
    """Event N: its act, its stages, and who spoke of it; of a merged one, what it became."""
    with opened(ctx) as app:
        found = app.became(number)
        if as_json:
            line(_event(found, app))
            return 0
        if found.id != number:
            say(f"event {number} was merged into event {found.id}")
        _print(found, app)
    return 0


def _event(found: Event, app: App) -> dict[str, Any]:
    return {
        "event": found.id,
        "at": found.at,
        "title": found.title,
        "acts": found.acts,
        "stages": app.stages(found),
        "changes": [
            {"change": change.id, "source": change.source_id, "at": change.at, "stage": finding.stage,
             "headline": finding.headline}
            for change, finding in app.spoken(found)
        ],
    }  # fmt: skip


def _print(found: Event, app: App) -> None:
    say(f"event {found.id}: {found.title}")
    for act in found.acts:
        say(f"  act: {act}")
    say(f"  stages: {app.stages(found) or 'no text states one'}")
    spoken = app.spoken(found)
    for change, finding in spoken:
        say(f"{change.id:>5}  {when(change.at)}  {finding.stage.replace('_', ' '):<12}  {finding.headline}")
    say(app.as_of(source_ids=[change.source_id for change, _ in spoken]))


@event.command()
@click.argument("number", metavar="A", type=NUMBER)
@click.argument("into", metavar="B", type=NUMBER)
@click.pass_context
def merge(ctx: click.Context, number: int, into: int) -> int:
    """Events A and B are one act: the changes of A join B, and A is no more."""
    with opened(ctx) as app:
        found = app.merge_events(number, into=into)
    say(f"event {number} is part of event {into} now, with change {', '.join(map(str, found.changes))}")
    return 0


@event.command()
@click.argument("change", metavar="CHANGE", type=NUMBER)
@click.pass_context
def split(ctx: click.Context, change: int) -> int:
    """CHANGE speaks of another act: it leaves its event and has one of its own."""
    with opened(ctx) as app:
        number = app.split_event(change)
    say(f"change {change} is event {number} now")
    return 0
