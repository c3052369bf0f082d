"""slack: what goes to Slack, looked at before it goes."""

from __future__ import annotations

import json

import click

from bot.cli.printing import json_option, line, number_argument, opened, say
from bot.errors import OperatorError
from bot.messages import clean
from bot.messages.rendered import rendered


@click.group()
def slack() -> None:
    """Alerts as Slack gets them."""


@slack.command()
@number_argument
@json_option
@click.pass_context
def preview(ctx: click.Context, number: int, as_json: bool) -> int:
    """Change N as its alert: the blocks as JSON, then as text. Nothing is sent, and no token is needed."""
    with opened(ctx) as app:
        message = app.preview(number)
    if not message.rich:
        raise OperatorError(f"change {number} has not been judged yet: there is no alert to show")
    arguments = json.loads(message.rich)
    if as_json:
        line(arguments)
        return 0
    say(json.dumps(arguments["blocks"], ensure_ascii=False, indent=1))
    say("")
    for one in rendered(arguments).splitlines():
        say(clean(one))
    return 0
