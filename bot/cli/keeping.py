"""backup, restore, hold, people: copies of the store, what is kept, and who can be forgotten."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli.printing import json_option, listed, number_argument, opened, say, settings, when


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def backup(ctx: click.Context, path: Path) -> int:
    """Copy the whole store into FILE, also while the service runs; declarations in sources.d are files of their own."""
    with opened(ctx) as app:
        size = app.backup(path)
    say(f"{path}: {size / 1_000_000:.1f} MB, checked; `regwatch restore {path}` puts it back")
    return 0


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.pass_context
def restore(ctx: click.Context, path: Path) -> int:
    """Put a backup into the home. A store that is there is set aside, not overwritten. Stop the service first.

    A backup that is damaged, or whose ledger does not hold (see `verify`), is refused, and nothing is replaced.
    """
    from bot.app import restore as put_back

    old = put_back(settings(ctx), path, now=datetime.now(UTC))
    say(f"{path} is the store now" + (f"; the one before lies at {old}" if old else ""))
    return 0


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def hold(ctx: click.Context, as_json: bool) -> int:
    """Stop every deletion, e.g. because of a lawsuit: `hold on WHY`, `hold off N`; without a word: what is held."""
    if ctx.invoked_subcommand:
        return 0
    with opened(ctx) as app:
        found = app.holds()
    return listed(
        found, as_json=as_json,
        values=lambda one: dict(zip(("hold", "since", "why"), one, strict=True)),
        words=lambda one: f"hold {one[0]} since {when(one[1])}: {one[2]}",
        none="nothing is held: words are let go after 24 months, rows of looks after a year (docs/privacy.md)",
    )  # fmt: skip


@hold.command(name="on")
@click.argument("why", nargs=-1, required=True)
@click.pass_context
def hold_on(ctx: click.Context, why: tuple[str, ...]) -> int:
    """Let nothing go from now on; WHY is kept."""
    with opened(ctx) as app:
        number = app.hold(" ".join(why))
    say(f"hold {number}: nothing is let go until `regwatch hold off {number}`")
    return 0


@hold.command(name="off")
@number_argument
@click.pass_context
def hold_off(ctx: click.Context, number: int) -> int:
    """End hold N."""
    with opened(ctx) as app:
        app.lift(number)
    say(f"hold {number} ended")
    return 0


@click.group()
def people() -> None:
    """Who is known by name, and forgetting them."""


@people.command(name="list")
@json_option
@click.pass_context
def list_people(ctx: click.Context, as_json: bool) -> int:
    """Everybody who is known by name or address."""
    with opened(ctx) as app:
        found = app.people()
    return listed(
        found, as_json=as_json,
        values=lambda one: dict(zip(("name", "address"), one, strict=True)),
        words=lambda one: "  ".join(dict.fromkeys(filter(None, one))),
        none="nobody is known by name",
    )  # fmt: skip


@people.command()
@click.argument("name")
@click.pass_context
def forget(ctx: click.Context, name: str) -> int:
    """Erase NAME (or an address), remarks and what was sent there; subscriptions of that address end.

    What the person decided stays, under a random number; the evidence chain holds no name and still verifies.
    """
    with opened(ctx) as app:
        app.forget(name)
    say(f"{name} is forgotten; copies in backups, mailboxes and Slack are not ours to erase")
    return 0
