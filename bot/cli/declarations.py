"""sources: what is watched."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from bot.cli.printing import json_option, line, listed, opened, say, settings, warn, when
from bot.errors import OperatorError
from bot.model import CAUSES, Block, Look, Source, Standing

if TYPE_CHECKING:
    from bot.app import App
    from bot.editions import Proposal
    from bot.extract.volatile import Restless


@click.group(invoke_without_command=True)
@click.pass_context
def sources(ctx: click.Context) -> None:
    """What is watched: list, show ID, validate, test ID, editions, export."""
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
    """Look live and show what would be read; stores nothing. Exit 1 when something could not be read.

    Looks twice and shows what differs, with a rule that would leave it out.

    With --all a table, one line for each source: what an operator runs on the first day.
    """
    if not ids and not everything:
        raise OperatorError("sources test: name an ID, or say --all")
    if everything and not as_json:
        say(f"{'source':<36} {'kind':<8} {'blocks':>6} {'items':>5} {'charset':<12} {'language':<8} {'time':>9}  says")
    failed, looked, left = 0, 0, dict.fromkeys(ids)
    with opened(ctx) as app:
        for source, look, blocks in app.try_out(ids, everything=everything):
            failed += bool(look.cause)
            looked += 1
            left.pop(source.id, None)
            again = None if everything or look.cause else _restless(app, source, blocks)
            if as_json:
                line(_tried(source, look, blocks) | {"volatile": _volatile(again)})
            elif everything:
                say(_row_of_table(source, look, blocks))
            else:
                _show(source, look, blocks, most=3 if len(ids) != 1 else 15)
                if not look.cause:
                    _show_restless(again)
    for source_id in left:
        warn(f"{source_id}: not looked at: the time of its host was over")
    if everything and not as_json:
        say(f"\n{looked} sources looked at, {looked - failed} could be read, {failed} could not")
    return 1 if failed or left else 0


def _tried(source: Source, look: Look, blocks: Sequence[Block]) -> dict[str, Any]:
    return {
        "source": source.id,
        "cause": look.cause or None,
        "detail": look.detail or None,
        "hint": look.hint or None,
        "status": look.status,
        "language": look.language,
        "charset": look.charset,
        "blocks": len(blocks),
        "items": sum(bool(block.key) for block in blocks),
    }


def _show(source: Source, look: Look, blocks: Sequence[Block], *, most: int) -> None:
    """What one look read, or why nothing."""
    say(f"{source.id}: {_reading(source, look.cause, look.detail, len(blocks), look.charset, look.language)}")
    if look.hint:
        say(f"    {look.hint}")
    for block in blocks[:most]:
        say(f"    {block.kind:<10} {(block.date + ' ') if block.date else ''}{block.text[:110]}")


def _restless(app: App, source: Source, blocks: Sequence[Block]) -> list[Restless] | None:
    """What differs at a second look, after the pause that its host is owed; None: there was none."""
    from bot.extract import restless
    from bot.squeeze import expand

    time.sleep(source.spacing)
    for _, look, again in app.try_out([source.id]):
        if not look.cause:
            return restless(blocks, again, body=expand(look.body) if source.type in ("page", "list") else b"")
    return None


def _volatile(found: Sequence[Restless] | None) -> list[dict[str, str]] | None:
    return None if found is None else [one._asdict() for one in found]


def _show_restless(found: Sequence[Restless] | None) -> None:
    if found is None:
        say("    a second look failed: what is volatile is not known")
        return
    if found:
        say(f"    volatile: {len(found)} blocks differ between two looks in a row")
    for one in found[:10]:
        say(f"    - {one.before[:110] or '(not there)'}")
        say(f"    + {one.after[:110] or '(not there)'}")
        say(f"      leave it out with: {one.rule}" if one.rule else "      no rule comes to mind: see `select`")


def _row_of_table(source: Source, look: Look, blocks: Sequence[Block]) -> str:
    """id, kind, blocks, items, charset, language, milliseconds, and the first words or why there are none."""
    if look.cause:
        said = _reading(source, look.cause, look.detail, 0, "", "")
        return f"{source.id:<36} {source.type:<8} {said}"
    items, said = sum(bool(block.key) for block in blocks), blocks[0].text if blocks else ""
    figures = f"{len(blocks):>6} {items:>5} {look.charset or '-':<12} {look.language or '-':<8} {look.elapsed_ms:>6} ms"
    return f"{source.id:<36} {source.type:<8} {figures}  {said[:60]}"


def _reading(source: Source, cause: str, detail: str, blocks: int, charset: str, language: str) -> str:
    if cause:
        return f"could not be read: {cause}. {detail or CAUSES.get(cause, '')}"
    return f"{source.type}, {blocks} blocks, {charset or 'charset unknown'}, language {language or 'unknown'}"


@sources.command()
@json_option
@click.pass_context
def editions(ctx: click.Context, as_json: bool) -> int:
    """Documents that look like the next edition of another, as lines to paste into sources.toml when it is so."""
    with opened(ctx) as app:
        found = list(app.editions())
    none = "nothing looks like the next edition of another document"
    return listed(found, as_json=as_json, values=_proposed, words=_said, none=none)


def _proposed(one: Proposal) -> dict[str, Any]:
    return {"source": one.newer.id, "succeeds": one.older.id, "share": round(one.share, 2), "toml": _edition(one)}


def _said(one: Proposal) -> str:
    text = f"# “{one.newer.title}” shares {one.share:.0%} of its passages with “{one.older.title}”"
    return f"{text}\n{_edition(one)}\n"


def _edition(proposal: Proposal) -> str:
    """A key for the declared one; whole tables for documents that were followed and are in no file yet."""
    from bot.sources import dump

    older, newer = declared_as(proposal.older), declared_as(proposal.newer)
    tables = [dump([older])] if proposal.older.parent else []
    if not proposal.newer.parent:
        return "\n".join([*tables, f'# in [{newer.id}]:\nsucceeds = "{older.id}"']).rstrip()
    return "\n".join([*tables, dump([replace(newer, succeeds=older.id)])]).rstrip()


def declared_as(source: Source) -> Source:
    """A followed document as one that stands in the file; a declared one as it is."""
    if not source.parent:
        return source
    name = f"{source.parent}-{source.id.rpartition('~')[2]}"
    return replace(source, id=name, parent="", since=None, item_key="", dated="", spacing=2.0, concurrency=1)


@sources.command()
@click.pass_context
def export(ctx: click.Context) -> int:
    """Print all declarations, those of sources.d included, as one sources.toml."""
    from bot.app import read_sources
    from bot.sources import dump

    say(dump(read_sources(settings(ctx))).rstrip())
    return 0
