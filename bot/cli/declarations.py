"""sources: what is watched."""

from __future__ import annotations

import click

from bot.cli.printing import json_option, line, opened, say, settings, when
from bot.model import CAUSES, Source


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
    """All declared sources with how they stand."""
    with opened(ctx) as app:
        standings = app.standings()
        for source in app.sources().values():
            standing = standings.get(source.id)
            good = standing.last_good if standing else None
            if as_json:
                line({"source": source.id, "title": source.title, "url": source.url, "type": source.type,
                      "jurisdiction": source.jurisdiction, "enabled": source.enabled,
                      "off_reason": source.off_reason or None, "parent": source.parent or None, "last_good": good,
                      "cause": standing.cause if standing and standing.streak else None})  # fmt: skip
                continue
            state = f"off: {source.off_reason}" if not source.enabled else f"read {when(good)}"
            if standing and standing.streak:
                state = f"failing: {standing.cause}"
            say(f"{source.jurisdiction:<4} {source.id:<34} {source.type:<8} {state:<24} {source.title}")
    return 0


@sources.command("show")
@click.argument("source_id", metavar="ID")
@click.pass_context
def show_source(ctx: click.Context, source_id: str) -> int:
    """One source: its declaration, how it stands, which blocks were learned to be volatile."""
    from bot.sources import dump

    with opened(ctx) as app:
        source = app.source(source_id)
        standing = app.standings().get(source_id)
        marks = app.store.memory(source).marks
    say(dump([source]).strip())
    if standing:
        say(f"\nlast look {when(standing.last_check)}, last good {when(standing.last_good)}, "
            f"last change {when(standing.last_change)}")  # fmt: skip
        if standing.streak:
            say(f"failing since {when(standing.failing_since)}: {standing.cause}: {CAUSES.get(standing.cause, '')}")
    for key, mark in marks.items():
        state = "volatile" if mark.marked else f"differed in digits alone {mark.streak} times in a row"
        say(f"block {key}: {state} since {when(mark.since)}")
    return 0


@sources.command()
@click.pass_context
def validate(ctx: click.Context) -> int:
    """Check the declarations: keys, selectors, regexes, duplicates. Exit 2 with one line when something is wrong."""
    from bot.app import read_sources

    chosen = settings(ctx)
    declared = read_sources(chosen)
    on = sum(source.enabled for source in declared)
    places = len({source.jurisdiction for source in declared})
    say(f"{chosen.sources}: {len(declared)} sources, {on} enabled, {places} jurisdictions")
    return 0


@sources.command()
@click.argument("ids", metavar="ID", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every enabled source.")
@json_option
@click.pass_context
def test(ctx: click.Context, ids: tuple[str, ...], everything: bool, as_json: bool) -> int:
    """Look live and show what would be read; stores nothing. Exit 1 when something could not be read."""
    failed = 0
    with opened(ctx) as app:
        for source, look, blocks in app.try_out(ids, everything=everything):
            failed += bool(look.cause)
            if as_json:
                line({"source": source.id, "cause": look.cause or None, "detail": look.detail or None,
                      "status": look.status, "language": look.language, "charset": look.charset,
                      "blocks": len(blocks), "items": sum(bool(block.key) for block in blocks)})  # fmt: skip
                continue
            say(f"{source.id}: {_reading(source, look.cause, look.detail, len(blocks), look.charset, look.language)}")
            for block in blocks[: 3 if len(ids) != 1 else 15]:
                say(f"    {block.kind:<10} {(block.date + ' ') if block.date else ''}{block.text[:110]}")
    return 1 if failed else 0


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
