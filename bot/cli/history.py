"""import, backfill: what others kept."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.printing import json_option, line, opened, progress, say, since, warn
from bot.errors import OperatorError
from bot.model import CAUSES, PROVENANCES, Outcome

if TYPE_CHECKING:
    from bot.app import App


@click.command("import")
@click.argument("source_id", metavar="ID")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--seen-at", "seen_text", metavar="T", required=True, help="When it was saved: 2026-11-02T09:30+01:00.")
@json_option
@click.pass_context
def import_(ctx: click.Context, source_id: str, file: Path, seen_text: str, as_json: bool) -> int:
    """Take in a page or document that a person saved, of a source that a machine may not or cannot read.

    It goes the same way as a look: read, compared, judged, told. What is older than what is there becomes history,
    of which nobody is told. T without a zone is UTC.
    """
    with opened(ctx, stream=sys.stderr if as_json else None) as app, app.store.bulk("regwatch import"):
        app.speak_here()
        outcome, change = app.import_file(source_id, file, seen_at=_moment(seen_text))
        _print(outcome, change, as_json=as_json)
        return _told(app)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise OperatorError(f"--seen-at {text!r}: say a moment like 2026-11-02T09:30+01:00") from error


@click.command()
@click.argument("source_id", metavar="ID")
@click.option("--from-wayback", is_flag=True, help="From the Internet Archive's Wayback Machine.")
@click.option("--since", "since_text", metavar="WHEN", help="Captures since then only: 365d, or a date.")
@click.option("--archive", metavar="URL", help="Another archive that speaks CDX and raw replay.")
@json_option
@click.pass_context
def backfill(
    ctx: click.Context, source_id: str, from_wayback: bool, since_text: str | None, archive: str | None, as_json: bool
) -> int:
    """Bring in what an archive captured before we first read a source: Versions at their own times; tells nobody.

    Exit code 1 when the archive gave up on the way; what came before is kept, and the next run goes on.
    """
    from bot.wayback import ARCHIVE

    if not from_wayback and not archive:
        raise OperatorError("backfill: say where from: --from-wayback")
    told = sys.stderr if as_json else None
    with opened(ctx, stream=told) as app, app.store.bulk("regwatch backfill"), progress("captures") as step:
        outcomes = []
        for outcome, change in app.backfill(source_id, since=since(since_text), archive=archive or ARCHIVE):
            step()
            outcomes.append(outcome)
            _print(outcome, change, as_json=as_json)
        if not as_json:
            say(_summary(outcomes))
        return _told(app)


def _told(app: App) -> int:
    """Judge what came in and tell who wants to know: of a page that is news, never of old history."""
    for _ in app.judge_all():
        pass
    stuck = [delivery for delivery in app.deliver_all() if delivery.state != "done"]
    for delivery in stuck:
        warn(f"delivery {delivery.id} ({delivery.subject}): {delivery.state}: {delivery.detail}")
    return 1 if stuck else 0


def _print(outcome: Outcome, change: int, *, as_json: bool) -> None:
    look = outcome.look
    if as_json:
        line({"source": outcome.source_id, "at": outcome.at, "outcome": outcome.kind, "cause": look.cause or None,
              "change": change or None, "provenance": PROVENANCES[look.provenance]})  # fmt: skip
        return
    what = {"first": "read", "same": "reads as the one before", "changed": "differs from the one before"}
    cause = look.cause or outcome.cause
    said = what.get(outcome.kind) or f"left out: {cause}. {look.detail or CAUSES.get(cause, '')}"
    say(f"{outcome.source_id}: {outcome.at:%Y-%m-%d %H:%M}: {said}" + (f" (change {change})" if change else ""))


def _summary(outcomes: list[Outcome]) -> str:
    new = sum(outcome.kind in ("first", "changed") for outcome in outcomes)
    failed = sum(outcome.kind == "failed" for outcome in outcomes)
    rest = len(outcomes) - new - failed
    return f"{len(outcomes)} captures: {new} brought in, {rest} that read the same, {failed} left out; nobody is told"
