"""health: who could be read, who could not and since when, how late we are, and what the owner was told of."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from bot.cli.printing import json_option, line, opened, say, when
from bot.model import CAUSES

if TYPE_CHECKING:
    from bot.app import App
    from bot.app.health import Seen
    from bot.lag import Lag, Lags

TROUBLED = ("failing", "blocked", "stale", "unproven", "quiet")


@click.command()
@click.option("--all", "everything", is_flag=True, help="Also the sources that are well.")
@json_option
@click.pass_context
def health(ctx: click.Context, everything: bool, as_json: bool) -> int:
    """Who could be read, who could not and since when; which jurisdictions are not clear. Exit 1 when some are not.

    Unproven are those that were never read well yet; lag is how long after the publisher's own date we saw an item.
    """
    with opened(ctx) as app:
        seen, lags = list(app.seen()), app.lag()
        if as_json:
            for one in seen:
                line(_facts(one, lags.by_source.get(one.source.id)))
            line(_summary(app, lags))
        else:
            _say(app, seen, lags, everything=everything)
    return 1 if any(one.standing.streak or one.state == "stale" for one in seen if one.state != "off") else 0


def _facts(one: Seen, lag: Lag | None) -> dict[str, Any]:
    standing = one.standing
    return {
        "state": one.state, "source": one.source.id, "cause": standing.cause or None, "since": standing.failing_since,
        "streak": standing.streak, "last_look": standing.last_check, "last_good": standing.last_good,
        "last_change": standing.last_change, "every_seconds": one.every.total_seconds(), "next_look": one.next,
        "lag_items": lag.items if lag else 0, "lag_median_days": lag.median if lag else None,
        "lag_worst_days": lag.worst if lag else None,
    }  # fmt: skip


def _summary(app: App, lags: Lags) -> dict[str, Any]:
    found, lag = app.coverage(), lags.overall
    return {
        "state": "summary", "watched": len(found.watched), "read": len(found.read), "unproven": list(found.unproven),
        "off": [list(pair) for pair in found.off], "not_clear": list(found.blind), "outbox": dict(app.totals().outbox),
        "lag_items": lag.items if lag else 0, "lag_median_days": lag.median if lag else None,
        "lag_worst_days": lag.worst if lag else None, "alarms": list(app.alarms()),
    }  # fmt: skip


def _say(app: App, seen: list[Seen], lags: Lags, *, everything: bool) -> None:
    for state in TROUBLED:
        for one in (one for one in seen if one.state == state):
            say(f"{state:<8} {one.source.id}: {_trouble(one)}")
    for one in seen:
        if one.state == "off":
            say(f"off      {one.source.id}: {one.source.off_reason}")
        elif one.state == "read" and everything:
            say(f"read     {one.source.id}: {_rhythm(one, lags.by_source.get(one.source.id))}")
    for name, number in app.unread_documents().items():
        say(f"followed {name}: {number} document{'s' * (number != 1)} could not be read lately")
    for subject, since in app.alarms().items():
        say(f"alarm    {subject}: told to the owner, since {when(since)}")
    if blind := app.coverage().blind:
        say(f"not clear: {', '.join(blind)} (a must-watch source there could not be read)")
    if lag := lags.sentence():
        say(f"{lag}.")
    say(app.coverage_sentence())


def _trouble(one: Seen) -> str:
    standing = one.standing
    if one.state == "quiet":
        return f"no change since {when(standing.last_change)}, one was expected by now"
    if one.state == "stale":
        return f"no good look since {when(standing.last_good)}, expected every {_period(one.every)}"
    if not standing.cause:
        return "never looked at yet"
    never = "; never read yet" if one.state == "unproven" else f"; last read {when(standing.last_good)}"
    looks = f"{standing.streak} look{'s' * (standing.streak != 1)} in a row"
    return f"{standing.cause}: {CAUSES.get(standing.cause, '')}, since {when(standing.failing_since)}, {looks}{never}"


def _rhythm(one: Seen, lag: Lag | None) -> str:
    late = f"; {lag.items} dated items, lag {lag.median:g} d, worst {lag.worst} d" if lag else ""
    changed = f"; last change {when(one.standing.last_change)}" if one.standing.last_change else ""
    then = f", next {when(one.next)}" if one.next else ""
    return f"last read {when(one.standing.last_good)}, every {_period(one.every)}{then}{changed}{late}"


def _period(time: timedelta) -> str:
    hours = time.total_seconds() / 3600
    return f"{hours / 24:g} d" if hours >= 48 else f"{hours:g} h" if hours >= 1 else f"{hours * 60:.0f} min"
