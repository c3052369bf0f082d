"""A change as it stands in a list: its headline, how much it asks of a reader, where it belongs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from bot.app import App
from bot.app.texts import named
from bot.model import Ahead, Change, Finding, Source


class Entry(NamedTuple):
    """One line of a list. level: act, plan, know; "" for what is not relevant."""

    number: int
    at: datetime
    headline: str
    publisher: str
    verdict: str
    level: str
    cause: str
    stage: str
    jurisdictions: tuple[str, ...]
    source_id: str
    snippet: str = ""


class DateEntry(NamedTuple):
    """A date ahead with what a reader needs: `left` days where the authority is."""

    day: date
    left: int
    kind: str
    quote: str
    headline: str
    number: int
    source_id: str
    verdict: str
    jurisdictions: tuple[str, ...]


def entries(app: App, found: Iterable[tuple[Change, Finding]]) -> list[Entry]:
    """Changes with their Findings as lines."""
    sources = app.sources()
    return [entry(app, change, finding, named(change.source_id, sources)) for change, finding in found]


def entry(app: App, change: Change, finding: Finding | None, source: Source | None) -> Entry:
    publisher, headline = parted(finding.headline if finding else change.source_id, source)
    return Entry(
        change.id,
        change.at,
        headline,
        publisher,
        finding.verdict if finding else "",
        app.level(finding)[0] if finding and finding.verdict != "not_relevant" else "",
        change.cause,
        finding.stage if finding else "",
        finding.jurisdictions if finding else (),
        change.source_id,
    )


def parted(headline: str, source: Source | None) -> tuple[str, str]:
    """Publisher and the rest of a headline: said apart, the eye finds what happened."""
    authority = source.authority if source else ""
    if authority and headline.startswith(f"{authority}: "):
        headline = headline.removeprefix(f"{authority}: ")
    return authority, headline[:1].upper() + headline[1:]


def date_entries(app: App, ahead: Iterable[Ahead]) -> list[DateEntry]:
    """Dates ahead as lines."""
    sources = app.sources()
    return [
        DateEntry(
            one.dated.date,
            app.days_left(one, sources=sources),
            one.dated.kind,
            one.dated.quote,
            parted(one.headline, named(one.source_id, sources))[1],
            one.change,
            one.source_id,
            one.verdict,
            one.jurisdictions,
        )
        for one in ahead
    ]
