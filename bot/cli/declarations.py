"""sources: what is watched."""

from __future__ import annotations

from typing import Any

import click

from bot.cli.printing import json_option, line, opened, say, settings, warn, when
from bot.errors import OperatorError
from bot.model import CAUSES, Source, Standing


@click.group(invoke_without_command=True)
@click.pass_context
def sources(ctx: click.Context) -> None:
    """What is watched: list, show ID, validate, test ID, export."""
    if not ctx.invoked_subcommand:
        ctx.invoke(list_sources)


@sources.command("list")
@json_option
@click.pass_context
def list_sources(ctx: click.Context, as_json: bool = False) -> int:
    """All sources, declared and followed, with how they stand."""
    with opened(ctx) as app:
        known, standings = app.sources(), app.standings()
    for source in known.values():
        standing = standings.get(source.id) or Standing(source.id)
        if as_json:
            line(_row(source, standing))
        else:
            say(f"{source.jurisdiction:<4} {source.id:<34} {source.type:<8} {_state(source, standing):<24} "
                f"{source.title}")  # fmt: skip
    return 0


def _row(source: Source, standing: Standing) -> dict[str, Any]:
    return {
        "source": source.id,
        "title": source.title,
        "authority": source.authority,
        "url": source.url,
        "type": source.type,
        "jurisdiction": source.jurisdiction,
        "enabled": source.enabled,
        "off_reason": source.off_reason or None,
        "must_watch": source.must_watch,
        "parent": source.parent or None,
        "last_look": standing.last_check,
        "last_good": standing.last_good,
        "last_change": standing.last_change,
        "cause": standing.cause if standing.streak else None,
        "failing_since": standing.failing_since if standing.streak else None,
    }


def _state(source: Source, standing: Standing) -> str:
    if not source.enabled:
        return f"off: {source.off_reason}"
    return f"failing: {standing.cause}" if standing.streak else f"read {when(standing.last_good)}"


@sources.command("show")
@click.argument("source_id", metavar="ID")
@json_option
@click.pass_context
def show_source(ctx: click.Context, source_id: str, as_json: bool) -> int:
    """One source: its declaration, how it stands, which blocks were learned to be volatile."""
    from bot.sources import dump

    with opened(ctx) as app:
        source = app.source(source_id)
        standing = app.standings().get(source_id) or Standing(source_id)
        marks = app.store.memory(source, light=True).marks
    if as_json:
        learned = [{"block": key, "volatile": mark.marked, "streak": mark.streak, "since": mark.since}
                   for key, mark in marks.items()]  # fmt: skip
        line(_row(source, standing) | {"marks": learned})
        return 0
    say(dump([source]).strip() or f"{source.id}: an item of {source.parent} that is followed\n{source.url}")
    say(f"\nlast look {when(standing.last_check)}, last good {when(standing.last_good)}, "
        f"last change {when(standing.last_change)}")  # fmt: skip
    if standing.streak:
        say(f"failing since {when(standing.failing_since)}: {standing.cause}: {CAUSES.get(standing.cause, '')}")
    for key, mark in marks.items():
        state = "volatile" if mark.marked else f"differed in digits alone {mark.streak} times in a row"
        say(f"block {key}: {state} since {when(mark.since)}")
    return 0


@sources.command()
@json_option
@click.pass_context
def validate(ctx: click.Context, as_json: bool) -> int:
    """Check the declarations: keys, selectors, regexes, duplicates. Exit 2 with one line when something is wrong."""
    from bot.app import read_sources

    chosen = settings(ctx)
    declared = read_sources(chosen)
    on = sum(source.enabled for source in declared)
    places = len({source.jurisdiction for source in declared})
    if as_json:
        line({"file": str(chosen.sources), "sources": len(declared), "enabled": on, "jurisdictions": places})
    else:
        say(f"{chosen.sources}: {len(declared)} sources, {on} enabled, {places} jurisdictions")
    return 0


@sources.command()
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every enabled source.")
@json_option
@click.pass_context
def test(ctx: click.Context, ids: tuple[str, ...], everything: bool, as_json: bool) -> int:
    """Look live and show what would be read; stores nothing. Exit 1 when something could not be read."""
    if not ids and not everything:
        raise OperatorError("sources test: name an ID, or say --all")
    failed, left = 0, dict.fromkeys(ids)
    with opened(ctx) as app:
        for source, look, blocks in app.try_out(ids, everything=everything):
            failed += bool(look.cause)
            left.pop(source.id, None)
            if as_json:
                line({"source": source.id, "cause": look.cause or None, "detail": look.detail or None,
                      "status": look.status, "language": look.language, "charset": look.charset,
                      "blocks": len(blocks), "items": sum(bool(block.key) for block in blocks)})  # fmt: skip
                continue
            say(f"{source.id}: {_reading(source, look.cause, look.detail, len(blocks), look.charset, look.language)}")
            for block in blocks[: 3 if len(ids) != 1 else 15]:
                say(f"    {block.kind:<10} {(block.date + ' ') if block.date else ''}{block.text[:110]}")
    for source_id in left:
        warn(f"{source_id}: not looked at: the time of its host was over")
    return 1 if failed or left else 0


def _reading(source: Source, cause: str, detail: str, blocks: int, charset: str, language: str) -> str:
    if cause:
        return f"could not be read: {cause}. {detail or CAUSES.get(cause, '')}"
    return f"{source.type}, {blocks} blocks, {charset or 'charset unknown'}, language {language or 'unknown'}"


@sources.command()
@click.pass_context
def export(ctx: click.Context) -> int:
    """Print all declarations, those of sources.d included, as one sources.toml."""
    from bot.app import read_sources
    from bot.sources import dump

    say(dump(read_sources(settings(ctx))).rstrip())
    return 0
