"""review, severity: what the person at the keyboard says of a change."""

from __future__ import annotations

import getpass
import os

import click

from bot.cli.printing import NUMBER, number_argument, opened, say
from bot.model import SEVERITIES


@click.command()
@number_argument
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
@number_argument
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


def _me() -> str:
    """Who is at the keyboard; a container's user may have a number only."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # KeyError until Python 3.12
        return f"uid {os.getuid()}"
