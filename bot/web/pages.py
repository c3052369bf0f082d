"""Where things stand: the overview, the state of play, dates ahead, coverage."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.app import App
from bot.coverage import gaps
from bot.jurisdictions import name_of
from bot.model import CAUSES, Coverage, Filters, Source, Standing
from bot.web.access import Rule
from bot.web.door import Door, Visit
from bot.web.entries import Entry, date_entries, entries
from bot.web.lately import AGE
from bot.web.plot import plot
from bot.web.shown import page, pairs_of

LATEST = 15  # findings on the first page
AMONG = 80  # … of so many that are looked at, for baselines are no news
SOON = 8  # dates on the first page
DAYS = 90
LONGEST = 1_100  # days ahead
DATES = 60  # on one page
SILENT = frozenset({"baseline", "extractor"})


class Place(NamedTuple):
    """One jurisdiction of the coverage strip: how many of its sources stand how."""

    code: str
    name: str
    read: int
    dark: int  # failing, blocked, stale, never read
    off: int
    is_blind: bool

    @property
    def watched(self) -> int:
        return self.read + self.dark


def overview(visit: Visit) -> Response:
    app = visit.app
    seen = visit.lately.answer("coverage", app.coverage, seconds=AGE)
    news, there = visit.lately.answer("news", lambda: _news(app))
    return page(
        "overview.html",
        visit,
        coverage=seen,
        gaps=gaps(seen),
        places=places(seen, app.declared),
        news=news,
        there=there,
        ahead=date_entries(app, visit.lately.answer("soon", lambda: app.upcoming(days=DAYS)[:SOON])),
        plot=visit.lately.answer("weekly", lambda: plot(_named(app.weekly(weeks=26)), now=app.clock())),
    )


def _news(app: App) -> tuple[list[Entry], list[Entry]]:
    """The latest findings; as long as there are none, what was already there."""
    latest = app.latest(limit=AMONG)
    news = [pair for pair in latest if pair[0].cause not in SILENT and not pair[0].late]
    there = [pair for pair in latest if pair[0].cause == "baseline"] if not news else []
    return entries(app, news[:LATEST]), entries(app, there[:LATEST])


def _named(weekly: Mapping[str, Mapping[date, int]]) -> dict[str, Mapping[date, int]]:
    return {name_of(code): weeks for code, weeks in weekly.items()}


def places(seen: Coverage, declared: tuple[Source, ...]) -> list[Place]:
    """The coverage by jurisdiction, in alphabetical order of their names."""
    read = set(seen.read)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for source in declared:
        counts[source.jurisdiction]["read" if source.id in read else "dark" if source.enabled else "off"] += 1
    found = [
        Place(code, name_of(code) or "no jurisdiction", how["read"], how["dark"], how["off"], code in seen.blind)
        for code, how in counts.items()
    ]
    return sorted(found, key=lambda place: place.name.casefold())


def states(visit: Visit) -> Response:
    """The jurisdictions that are watched."""
    seen = visit.app.coverage()
    return page("states.html", visit, places=places(seen, visit.app.declared), as_of=visit.as_of(Filters()))


def state(visit: Visit) -> Response:
    app = visit.app
    code = app.jurisdiction(visit.path("jurisdiction"))
    found = visit.lately.answer(("state", code), lambda: app.state(code), seconds=60)
    return page(
        "state.html",
        visit,
        state=found,
        ahead=date_entries(app, found.ahead[:DATES]),
        more=len(found.ahead) > DATES,
        recent=entries(app, found.recent),
    )


def upcoming(visit: Visit) -> Response:
    app, filters = visit.app, visit.filters()
    days = min(max(visit.asked_number("days") or DAYS, 1), LONGEST)
    first = visit.asked_number("first")
    footprint = visit.asked("footprint")
    key = ("upcoming", filters, footprint, days)
    found = visit.lately.answer(key, lambda: app.upcoming(filters=filters, footprint=footprint, days=days))
    asked = [*pairs_of(filters), *([("footprint", footprint)] if footprint else [])]
    return page(
        "upcoming.html",
        visit,
        dates=date_entries(app, found[first : first + DATES]),
        total=len(found),
        first=first,
        step=DATES,
        days=days,
        asked=asked,
        as_of=visit.as_of(filters),
    )


class Row(NamedTuple):
    """One source as it stands. how: a word; why: what is wrong, "" when nothing is."""

    source: Source
    standing: Standing
    how: str
    why: str


def health(visit: Visit) -> Response:
    app = visit.app
    seen, standings = app.coverage(), app.standings()
    hows = _hows(seen)
    rows = [
        _row(source, standings.get(source.id) or Standing(source.id), hows.get(source.id, ""))
        for source in app.declared
    ]
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[name_of(row.source.jurisdiction) or "no jurisdiction"].append(row)
    return page(
        "health.html",
        visit,
        coverage=seen,
        totals=visit.lately.answer("totals", app.totals, seconds=20),
        well=visit.ready(),
        groups=sorted(groups.items(), key=lambda pair: pair[0].casefold()),
        counts=Counter(row.how for row in rows),
        sentence=app.coverage_sentence(),
        unread=app.unread_documents(),
    )


_HOW = ("failing", "blocked", "stale", "quiet")


def _hows(seen: Coverage) -> dict[str, str]:
    """How each source stands, in a word: what was never read well is unproven, else the gravest goes before."""
    found: dict[str, str] = {}
    for how in reversed(_HOW):
        found |= {one.source_id: how for one in getattr(seen, how)}
    return found | dict.fromkeys(seen.unproven, "unproven")


def _row(source: Source, standing: Standing, how: str) -> Row:
    if not source.enabled:
        return Row(source, standing, "off", source.off_reason)
    why = CAUSES.get(standing.cause, "") if how in ("unproven", *_HOW[:2]) else ""
    return Row(source, standing, how or "read", why)


def healthz(visit: Visit) -> Response:
    well = visit.ready()
    totals = visit.lately.answer("totals", visit.app.totals, seconds=20)  # anybody may ask, and it counts every look
    body = {"live": True, "ready": well, "looks": totals.looks, "outbox": dict(totals.outbox)}
    return JSONResponse(body, 200 if well else 503)


def robots(visit: Visit) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /\n")


DOORS = (
    Door("/", overview, Rule.READER),
    Door("/state", states, Rule.READER),
    Door("/state/{jurisdiction}", state, Rule.READER),
    Door("/upcoming", upcoming, Rule.READER),
    Door("/health", health, Rule.READER),
    Door("/healthz", healthz, Rule.ANYBODY),
    Door("/robots.txt", robots, Rule.ANYBODY),
)
