"""run, check, reread, replay, demo: whatever looks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.printing import json_option, line, opened, progress, say, settings, warn
from bot.model import CAUSES, Look, Outcome

if TYPE_CHECKING:
    from bot.app import App


@click.command()
@click.option("--once", is_flag=True, help="One pass over what is due, then leave.")
@click.pass_context
def run(ctx: click.Context, once: bool) -> int:
    """The service: looks, judges, tells, with its pages on 127.0.0.1:8080. Ends on SIGTERM; SIGHUP re-reads sources."""
    with opened(ctx) as app, app.store.bulk("regwatch run"):
        app.speak_here()
        if not once:
            return _serve(app)
        also = (app.digest_all, app.remind_all, lambda: _round(app), app.alarm_all)
        return _once(app, (), everything=False, as_json=False, also=also)


def _round(app: App) -> Iterator[object]:
    """The daily round, by the first pass of a day: it walks the whole ledger. Cut off, the next pass makes it again."""
    if app.is_round_due():
        yield from app.keep_all()
        app.note_round()


def _serve(app: App) -> int:
    from bot import logs
    from bot.scheduler import Scheduler
    from bot.slack import Service
    from bot.web import Server, site

    logs.set_up(sys.stderr, secrets=logs.secrets_of(app.settings), plain=sys.stderr.isatty())
    warn = logs.say
    scheduler = Scheduler(app, say=warn)
    scheduler.listen()
    for sentence in app.absent():
        warn(sentence)
    server = Server(site(app, ready=scheduler.healthy), bind=app.settings.bind)
    server.start()
    enabled = sum(source.enabled for source in app.declared)
    warn(f"watching {enabled} of {len(app.declared)} declared sources; pages on {server.url}/")
    slack = Service(app, say=warn)
    slack.start()
    try:
        scheduler.run()
    finally:
        slack.stop()
        server.stop()
    return 0


@click.command()
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every enabled source, due or not.")
@json_option
@click.pass_context
def check(ctx: click.Context, ids: tuple[str, ...], everything: bool, as_json: bool) -> int:
    """Look now (default: at what is due), judge what changed and tell those who want to know.

    Exit code 1 when some source could not be read; each is named.
    """
    with opened(ctx, stream=sys.stderr if as_json else None) as app, app.store.bulk("regwatch check"):
        app.speak_here()
        return _once(app, ids, everything=everything, as_json=as_json)


def _once(
    app: App,
    ids: tuple[str, ...],
    *,
    everything: bool,
    as_json: bool,
    also: Sequence[Callable[[], Iterable[object]]] = (),
) -> int:
    """Look, judge, do what else is due, tell."""
    outcomes: list[Outcome] = []
    with progress("looking") as step:
        for outcome, change in app.check(ids, everything=everything):
            outcomes.append(replace(outcome, look=Look(outcome.source_id, outcome.at)))  # without the bodies
            step()
            _outcome(outcome, change, as_json=as_json)
    unreached = app.postponed(ids, outcomes, everything=everything)
    for source_id, reason in unreached:
        warn(f"{source_id}: not looked at: {reason}")
    for drain in (app.judge_all, *also):
        for _ in drain():
            pass
    stuck = [delivery for delivery in app.deliver_all() if delivery.state != "done"]
    for delivery in stuck:
        warn(f"delivery {delivery.id} ({delivery.subject}): {delivery.state}: {delivery.detail}")
    if not as_json:
        say(_summary(outcomes))
    return 1 if stuck or unreached or any(outcome.kind == "failed" for outcome in outcomes) else 0


def _outcome(outcome: Outcome, change: int, *, as_json: bool) -> None:
    """One line per look: all of them as JSON, otherwise what is not as it was."""
    look = outcome.look
    if as_json:
        line(
            {
                "source": outcome.source_id,
                "at": outcome.at,
                "outcome": outcome.kind,
                "cause": look.cause or None,
                "detail": look.detail or None,
                "hint": look.hint or None,
                "change": change or None,
                "url": look.final_url or None,
                "status": look.status or None,
                "ms": look.elapsed_ms,
            }
        )
    elif outcome.kind == "failed":
        say(f"{outcome.source_id}: could not be read: {look.cause}. {_why(look)}")
    elif outcome.kind != "same":
        say(f"{outcome.source_id}: {_kinds(outcome)}" + (f" (change {change})" if change else ""))


def _why(look: Look) -> str:
    """What went wrong, and what to do about it where we know, as one sentence."""
    parts = [look.detail or CAUSES[look.cause], look.hint]
    return "; ".join(part.rstrip(".") for part in parts if part) + "."


def _kinds(outcome: Outcome) -> str:
    if outcome.kind == "first":
        return {"baseline": "first look, taken as the baseline"}.get(outcome.cause, f"first reading ({outcome.cause})")
    if outcome.kind == "gone":
        return "no longer at its address"
    return "changed" + ("; the whole window was new, items may have been missed" if outcome.missed else "")


def _summary(outcomes: list[Outcome]) -> str:
    count: dict[str, int] = {}
    for outcome in outcomes:
        count[outcome.kind] = count.get(outcome.kind, 0) + 1
    if not outcomes:
        return "no source was due"
    words = {"first": "first looks", "same": "unchanged", "changed": "changed", "failed": "not read", "gone": "gone"}
    return f"{len(outcomes)} looks: " + ", ".join(
        f"{count[kind]} {word}" for kind, word in words.items() if kind in count
    )


@click.command()
@click.argument("ids", metavar="[ID]...", nargs=-1)
@json_option
@click.pass_context
def reread(ctx: click.Context, ids: tuple[str, ...], as_json: bool) -> int:
    """Read the stored bytes as we read today, after an edit of a selector or an upgrade; tells nobody."""
    read = changed = 0
    with opened(ctx) as app, app.store.bulk("regwatch reread"), progress("re-reading") as step:
        for outcome, _ in app.reread(ids):
            step()
            read += 1
            changed += bool(outcome.upgrade)
            if as_json:
                line({"source": outcome.source_id, "edits": len(outcome.upgrade or ())})
            elif outcome.upgrade:
                say(f"{outcome.source_id}: reads differently now ({len(outcome.upgrade)} edits, recorded as extractor)")
    if not as_json:
        say(f"{read} sources re-read, {changed} read differently")
    return 0


@click.command()
@click.argument(
    "files", metavar="WARC...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@json_option
@click.pass_context
def replay(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> int:
    """Run recorded captures through the same pipeline, as if fetched then. Tells nobody; says who would be told.

    Each WARC file is its own history, its records in date order. A URL that is declared uses its declaration.
    """
    failed = 0
    with opened(ctx, stream=sys.stderr) as app, app.store.bulk("regwatch replay"):
        app.speak_here()
        for path in files:
            with progress(path.name) as step:
                for record in app.replay(path):
                    step()
                    failed += record["outcome"] == "failed"
                    _record(record, as_json=as_json)
    return 1 if failed else 0


def _record(record: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        line(record)
        return
    counted = f", {len(record['edits'])} edits" if record["edits"] else ""
    verdict = f", {record['verdict'].replace('_', ' ')}" if record["verdict"] else ""
    cause = f" ({record['cause']})" if record["cause"] else ""
    say(f"{record['at'][:10]} {record['source']}: {record['outcome']}{cause}{counted}{verdict}")


@click.command()
@click.option("--fast", is_flag=True, help="Without pauses between the scenes.")
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), help="Keep the data here, to look around in.")
@click.pass_context
def demo(ctx: click.Context, fast: bool, keep: Path | None) -> int:
    """A small world of fictional publishers over real HTTP goes through some weeks; only the clock is not real."""
    from bot.demo import play

    settings(ctx)  # a broken environment is said here too
    return play(stream=sys.stdout, fast=fast, home=keep)
