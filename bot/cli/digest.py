"""digest: what a week came to, on the terminal, as files or by mail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bot.cli.printing import NUMBER, json_option, line, opened, say
from bot.digest import Contents
from bot.errors import OperatorError
from bot.grammar import filters


@click.command()
@click.argument("words", metavar="[KEY:VALUE]...", nargs=-1)
@click.option("--week", default="", metavar="2026-W47", help="A week from Monday to Monday (default: the last 7 days).")
@click.option("--subscription", "number", type=NUMBER, metavar="N", help="As this subscription asks for it.")
@click.option("--to", default="", metavar="ADDRESS", help="Send it there by mail, now.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write it as .eml, .html and .txt."
)
@json_option
@click.pass_context
def digest(
    ctx: click.Context, words: tuple[str, ...], week: str, number: int | None, to: str, out: Path | None, as_json: bool
) -> int:
    """What a week came to: what needs action, dates ahead, changes, and what could not be read.

    Narrow it with key:value words as in `subscribe`, or name a subscription. What subscribers get is sent by the
    service when it is due; this command changes nothing of that.
    """
    if number is not None and words:
        raise OperatorError("say filters or --subscription, not both")
    asked = filters(words) if number is None else number
    with opened(ctx) as app:
        if as_json:
            line(_counted(app.digest_contents(asked, week=week)))
            return 0
        if out is None and not to:
            say(app.digest_text(asked, week=week))
            return 0
        made = app.digest_mail(asked, week=week, to=to)
        if to:
            say(f"sent to {to}: {app.send_digest(made)}")
        if out is not None:
            _write(app.digest_files(made), out, name=f"digest-{week or 'last-7-days'}")
    return 0


def _counted(it: Contents) -> dict[str, Any]:
    act, plan, know, _ = it.counts
    return {"since": it.since, "until": it.until, "act": act, "plan": plan, "know": know, "review": it.review_count,
            "blind": it.proof.blind, "dates": len(it.dates) + it.dates_more, "coverage": it.proof.sentence}  # fmt: skip


def _write(files: dict[str, bytes], folder: Path, *, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for ending, content in files.items():
        path = folder / f"{name}.{ending}"
        path.write_bytes(content)
        say(str(path))
