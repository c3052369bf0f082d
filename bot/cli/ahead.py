"""upcoming, state: what comes, and how things stand in a jurisdiction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from bot.cli.printing import json_option, line, opened, say, when
from bot.errors import OperatorError
from bot.grammar import FILTER_KEYS, asked_words, filters
from bot.model import Ahead, Filters

if TYPE_CHECKING:
    from bot.app import App
    from bot.app.standing import Instrument, State

KINDS = {"effective": "in force", "transition_end": "transition ends", "review_due": "review due"}
_SHOWN = 20  # recent changes of a state of play


@click.command()
@click.argument("words", nargs=-1)
@click.option("--days", default=90, show_default=True, type=click.IntRange(0, 36_500), help="How far ahead.")
@json_option
@click.pass_context
def upcoming(ctx: click.Context, words: tuple[str, ...], days: int, as_json: bool) -> int:
    """Dates ahead, soonest first: jurisdiction:CN topic:… corridor:… in:SOURCE footprint:NAME narrow it."""
    ours, rest = _footprint(words)
    asked = filters(rest)
    with opened(ctx) as app:
        found = app.upcoming(filters=asked, footprint=ours, days=days)
        left = _days(found, app)
        for one in found:
            line(_date(one, left[one])) if as_json else say(_dated(one, left[one]))
        if not as_json:
            if not found:
                say(_none(asked, ours, days=days))
            say(app.as_of(source_ids=asked.sources, jurisdictions=asked.jurisdictions))
    return 0


def _none(asked: Filters, ours: str, *, days: int) -> str:
    """That there is no date, and of what."""
    words = [*asked_words(asked), *([f"footprint:{ours}"] if ours else [])]
    beside = f" for {' '.join(words)}" if words else ""
    return f"no text that we read states a date in the next {days} days{beside}"


def _footprint(words: Sequence[str]) -> tuple[str, list[str]]:
    """The name in footprint:NAME, and the other words; raises OperatorError for words without a key."""
    for word in words:
        if word.partition(":")[0] not in (*FILTER_KEYS, "footprint") or ":" not in word:
            raise OperatorError(f"{word!r}: say key:value with one of {', '.join((*FILTER_KEYS, 'footprint'))}")
    named = [word.removeprefix("footprint:") for word in words if word.startswith("footprint:")]
    return (named or [""])[-1], [word for word in words if not word.startswith("footprint:")]


def _days(found: Sequence[Ahead], app: App) -> dict[Ahead, int]:
    """Days left, counted where each authority is."""
    sources = app.sources()
    return {one: app.days_left(one, sources=sources) for one in found}


def _date(one: Ahead, left: int) -> dict[str, Any]:
    return {
        "date": one.dated.date,
        "kind": one.dated.kind,
        "days": left,
        "quote": one.dated.quote,
        "change": one.change,
        "source": one.source_id,
        "headline": one.headline,
        "verdict": one.verdict,
        "jurisdictions": one.jurisdictions,
        "event": one.event or None,
    }


def _dated(one: Ahead, left: int) -> str:
    doubt = " (uncertain)" if one.verdict == "uncertain" else ""
    days = {0: "today", 1: "tomorrow"}.get(left, f"in {left} days")
    what = KINDS.get(one.dated.kind, one.dated.kind)
    told = f"{one.dated.date}  {days:<11}  {what:<15}  change {one.change}: {one.headline}{doubt}"
    return f"{told}\n{' ' * 27}“{one.dated.quote}”"


@click.command()
@click.argument("jurisdiction", nargs=-1, required=True)
@json_option
@click.pass_context
def state(ctx: click.Context, jurisdiction: tuple[str, ...], as_json: bool) -> int:
    """How things stand in JURISDICTION (a name or code: china, CN, 中国): texts, dates ahead, news, blind spots."""
    with opened(ctx) as app:
        found = app.state(" ".join(jurisdiction))
        if as_json:
            line(_state(found, app))
            return 0
        _print(found, app)
    return 0


def _state(found: State, app: App) -> dict[str, Any]:
    reviews = app.reviewed([change.id for change, _ in found.recent], within=None)
    said = {change: review.says for change, review in reviews.items()}
    return {
        "jurisdiction": found.jurisdiction,
        "name": found.name,
        "at": found.at,
        "instruments": [asdict(one) for one in found.instruments],
        "ahead": [
            {"date": one.dated.date, "kind": one.dated.kind, "quote": one.dated.quote, "change": one.change}
            for one in found.ahead
        ],
        "recent": [
            {
                "change": change.id,
                "at": change.at,
                "verdict": finding.verdict,
                "review": said.get(change.id),
                "headline": finding.headline,
            }
            for change, finding in found.recent
        ],
        "blind": list(found.blind),
        "sentence": found.sentence,
    }


def _print(found: State, app: App) -> None:
    say(f"{found.name} ({found.jurisdiction})")
    say(f"\nwatched: {len(found.instruments)}")
    for one in found.instruments:
        say(_instrument(one))
    say("\ndates ahead" + ("" if found.ahead else ": none that we read of"))
    left = _days(found.ahead, app)
    for date in found.ahead:
        say(_dated(date, left[date]))
    say("\nlast 90 days" + ("" if found.recent else ": no change that concerns data that cross borders"))
    reviews = app.reviewed([change.id for change, _ in found.recent[:_SHOWN]], within=None)
    for change, finding in found.recent[:_SHOWN]:
        marked = app.marked(reviews.get(change.id))
        say(f"{change.id:>5}  {when(change.at)}  {finding.verdict.replace('_', ' '):<12}  {finding.headline}{marked}")
    if more := len(found.recent) - _SHOWN:
        say(f"… {more} more: regwatch changes jurisdiction:{found.jurisdiction}") if more > 0 else None
    say("\nwhat we cannot see" + ("" if found.blind else ": nothing that is declared"))
    for sentence in found.blind:
        say(f"  {sentence}")
    say(f"\n{found.sentence}")


def _instrument(one: Instrument) -> str:
    stage = one.stage.replace("_", " ")
    news = f"change {one.change}" + (f", {stage}" if stage else "") if one.change else "nothing relevant yet"
    return (
        f"  {one.title} ({one.source_id})\n"
        f"    reads so since {when(one.version_at)}, last good look {when(one.last_good)}; {news}"
    )
