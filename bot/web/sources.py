"""One source: its history as a timeline, what it said on a day, any two versions compared, the bytes as fetched."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bot import coverage
from bot.errors import OperatorError
from bot.model import CAUSES, PROVENANCES, Change, Finding, Source, Standing, Version
from bot.web import redlines
from bot.web.access import Rule
from bot.web.changes import attachment
from bot.web.door import Door, Visit
from bot.web.entries import parted
from bot.web.lately import AGE
from bot.web.shown import page, query, unchanging

MOMENTS = 30  # of the timeline on one page
CHOICES = 200  # versions in the boxes from which two are chosen
LOOKS = 12
TEXT_ROOM = 60_000  # characters of HTML of a text on its page; the rest follows on the next
LARGEST = 40_000  # blocks that are compared while somebody waits
ENDINGS = {
    "text/html": "html", "application/xhtml+xml": "html", "application/pdf": "pdf", "application/json": "json",
    "application/xml": "xml", "text/xml": "xml", "application/rss+xml": "xml", "application/atom+xml": "xml",
    "text/plain": "txt", "text/csv": "csv", "application/zip": "zip", "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}  # fmt: skip


class Point(NamedTuple):
    """One moment of a source's history: a version, with the change that it made, if it made one."""

    version: Version
    provenance: str
    change: Change | None
    finding: Finding | None
    headline: str
    earlier: Version | None  # the version before it


def source(visit: Visit) -> Response:
    app, source_id = visit.app, visit.path("source")
    if said := visit.asked("at"):
        return _as_of(visit, source_id, said)
    versions = app.versions(source_id)
    shown = app.named(source_id)
    first = visit.asked_number("first")
    points = visit.lately.answer(
        ("points", source_id, first), lambda: timeline(visit, versions[: first + MOMENTS + 1])[first : first + MOMENTS]
    )
    standings = visit.lately.answer("standings", app.standings, seconds=AGE)
    return page(
        "source.html",
        visit,
        source=shown,
        source_id=source_id,
        is_declared=source_id in app.sources(),
        standing=standings.get(source_id) or Standing(source_id),
        causes_of=CAUSES,
        points=points,
        total=len(versions),
        first=first,
        step=MOMENTS,
        choices=versions[:CHOICES],
        checks=app.looks(source_id, limit=LOOKS),
        as_of=_as_it_stands(visit, shown, standings),
    )


def _as_it_stands(visit: Visit, source: Source, standings: Mapping[str, Standing]) -> str:
    """Promise 9's words for one declared source; "" for others."""
    if source.parent or not source.url:
        return ""
    seen = coverage.coverage([source], standings, now=visit.app.clock())
    return coverage.sentence(seen, changes=0, since=None)


def timeline(visit: Visit, versions: Sequence[Version]) -> list[Point]:
    """Versions, newest first, each with the change that led to it."""
    if not versions:
        return []
    app = visit.app
    changes = app.changes_of(versions[0].source_id, limit=len(versions) * 2)
    made = {one.after.id: one for one in reversed(changes) if one.after}
    opinions = app.opinions([one.id for one in made.values()])
    source = app.named(versions[0].source_id)
    points = []
    for number, version in enumerate(versions):
        change = made.get(version.id)
        finding = opinions.get(change.id) if change else None
        headline = parted(finding.headline, source)[1] if finding else ""
        earlier = versions[number + 1] if number + 1 < len(versions) else None
        provenance = PROVENANCES.get(version.provenance, "") if version.provenance else ""
        points.append(Point(version, provenance, change, finding, headline, earlier))
    return points


def _as_of(visit: Visit, source_id: str, said: str) -> Response:
    """To the text that was on record at the end of a day."""
    try:
        asked = date.fromisoformat(said)
    except ValueError as error:
        raise HTTPException(400, f"“{said[:40]}” is no date; write one like 2026-11-30.") from error
    version = visit.app.version_on(source_id, asked)
    if version is None:
        raise OperatorError(f"nothing of {source_id} was on record on {asked}")
    return RedirectResponse(f"/source/{quote(source_id)}/version/{version.id}{query({'on': asked.isoformat()})}", 303)


def version(visit: Visit) -> Response:
    """A text as we read it, at one of its versions."""
    app, source_id = visit.app, visit.path("source")
    found = app.version(source_id, visit.number("version"))
    shown = app.named(source_id)
    blocks = app.text(found)
    first = visit.asked_number("first")
    part = redlines.text(blocks[first:], language=found.language or shown.language, room=TEXT_ROOM)
    after = [one for one in app.versions(source_id) if one.at > found.at]
    return page(
        "version.html",
        visit,
        source=shown,
        source_id=source_id,
        version=found,
        original=app.original(found),
        provenance=PROVENANCES.get(found.provenance, "") if found.provenance else "",
        html=part.html,
        total=len(blocks),
        first=first,
        next=len(blocks) - part.left if part.left else 0,
        until=after[-1] if after else None,
        on=visit.asked("on")[:10],
    )


def original(visit: Visit) -> Response:
    """The bytes as they were fetched, to be saved."""
    source_id, number = visit.path("source"), visit.number("version")
    found = visit.app.version(source_id, number)
    content = visit.app.original_bytes(found)
    kind = visit.app.original(found).headers.get("content-type", "").partition(";")[0].strip().lower()
    name = re.sub(r"[^A-Za-z0-9-]+", "-", source_id)[:80] + f"-{number}.{ENDINGS.get(kind, 'bin')}"
    return attachment(content, name=name)


def compare(visit: Visit) -> Response:
    """Any two versions of a source, the earlier one first whichever way they were chosen."""
    app, source_id = visit.app, visit.path("source")
    view = visit.asked("view", "inline")
    view = view if view in redlines.VIEWS else "inline"
    chosen = [app.version(source_id, visit.asked_number(name)) for name in ("from", "to")]
    before, after = sorted(chosen, key=lambda one: (one.at, one.id))
    html = visit.shelf.text(("diff", before.id, after.id, view), lambda: _compared(visit, before, after, view=view))
    made = page(
        "diff.html",
        visit,
        source=app.named(source_id),
        source_id=source_id,
        before=before,
        after=after,
        view=view,
        html=html,
        choices=app.versions(source_id)[:CHOICES],
    )
    return unchanging(made, visit, seconds=300)


def _compared(visit: Visit, before: Version, after: Version, *, view: str) -> str:
    """The rows between two versions; "" when they read the same."""
    if before.id == after.id:
        return ""
    if max(len(visit.app.text(one)) for one in (before, after)) > LARGEST:
        raise OperatorError("these versions are too long to be compared while you wait; use regwatch diff")
    made = visit.app.compared(before, after)
    return redlines.amended_first(made, view=view)


DOORS = (  # a source that was met in a replay has an address in its name: hence `path`, and the longest first
    Door("/source/{source:path}/diff", compare, Rule.READER),
    Door("/source/{source:path}/version/{version}/original", original, Rule.READER),
    Door("/source/{source:path}/version/{version}", version, Rule.READER),
    Door("/source/{source:path}", source, Rule.READER),
)
