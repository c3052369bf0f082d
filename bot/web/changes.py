"""One change: what happened, its redline, where it comes from, why it was (not) told."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup
from starlette.responses import Response

from bot.app.texts import Original
from bot.model import PROVENANCES, Change, Finding, Quote, Source, Version
from bot.web import redlines
from bot.web.access import Rule
from bot.web.door import Door, Visit
from bot.web.entries import parted
from bot.web.shown import fragment, page, unchanging

ROOM = 40_000  # characters of HTML that a redline may take on the page of its change
SMALL = 15_000  # … and what was only moved or renumbered
SHORT = 12  # characters; a shorter quote is a word, and a sentence that holds it says more
NEW = frozenset({"baseline", "new"})  # nothing stood there before
HEADERS = ("content-type", "last-modified", "etag", "date", "content-language")


class Side(NamedTuple):
    """One of the two versions, with what was fetched."""

    name: str
    version: Version
    original: Original
    headers: tuple[tuple[str, str], ...]
    provenance: str


def change(visit: Visit) -> Response:
    app, number = visit.app, visit.number("number")
    found, source, finding = app.change(number)
    publisher, headline = parted(finding.headline if finding else f"Change {number}", source)
    event = app.event_of(number)
    return page(
        "change.html",
        visit,
        change=found,
        source=source,
        finding=finding,
        publisher=publisher,
        headline=headline,
        level=app.level(finding) if finding and finding.verdict != "not_relevant" else ("", ""),
        binding=app.binding(finding, source) if finding else "",
        sentences=gloss(finding) if finding else [],
        quotes=[_quote(one, is_new=found.cause in NEW) for one in finding.quotes] if finding else [],
        event=event,
        stages=app.stages(event) if event else "",
        redline=visit.shelf.text(("change", number), lambda: _summary(visit, found, source)),
        sides=list(_sides(visit, found)),
        why=list(decision(app.why(number))),
        is_new=found.cause in NEW,
    )


def _quote(quote: Quote, *, is_new: bool) -> tuple[Quote, Markup]:
    """A quote with what differs marked, as old or new words; of a new document, with what matters marked."""
    tag = "mark" if is_new else "del" if quote.side == "before" else "ins"
    return quote, redlines.quoted(quote.text, quote.spans, tag)


def gloss(finding: Finding) -> list[str]:
    """The summary without the sentences that only repeat a quote: the quotes stand beside it, in full."""
    texts = [quote.text for quote in finding.quotes if len(quote.text) > SHORT]
    return [one for one in finding.sentences if not any(text in one for text in texts)]


def _summary(visit: Visit, change: Change, source: Source) -> str:
    """The redline as far as there is room for it here."""
    made, _ = visit.app.show(change.id)
    if change.cause in NEW:
        part = redlines.text(made.after, language=source.language, room=ROOM)
        return fragment("text.html", part=part, change=change, total=len(made.after))
    major, minor = redlines.split(made.edits)
    return fragment(
        "redline.html",
        change=change,
        counts=list(redlines.steps(made.edits)),
        major=redlines.rows(made, major, view="inline", room=ROOM),
        minor=redlines.rows(made, minor, view="inline", room=SMALL),
        majors=len(major),
        minors=len(minor),
    )


def redline(visit: Visit) -> Response:
    """Every passage of a change; it never changes."""
    number, view = visit.number("number"), visit.asked("view", "inline")
    view = view if view in redlines.VIEWS else "inline"
    found, source, finding = visit.app.change(number)
    publisher, headline = parted(finding.headline if finding else f"Change {number}", source)
    html = visit.shelf.text(("redline", number, view), lambda: _whole(visit, found, source, view=view))
    made = page(
        "redline_page.html",
        visit,
        view=view,
        is_new=found.cause in NEW,
        change=found,
        source=source,
        publisher=publisher,
        headline=headline,
        html=html,
    )
    return unchanging(made, visit)


def _whole(visit: Visit, change: Change, source: Source, *, view: str) -> str:
    made, _ = visit.app.show(change.id)
    if change.cause in NEW:
        return redlines.text(made.after, language=source.language).html
    return redlines.amended_first(made, view=view)


# ------------------------------------------------------------------------------------------------ provenance


def _sides(visit: Visit, change: Change) -> Iterator[Side]:
    for name, version in (("Before", change.before), ("After", change.after)):
        if version:
            original = visit.app.original(version)
            shown = tuple((one, original.headers[one]) for one in HEADERS if one in original.headers)
            yield Side(name, version, original, shown, PROVENANCES.get(version.provenance, version.provenance))


def evidence(visit: Visit) -> Response:
    """Everything that proves a change, as a ZIP; people are left out."""
    number = visit.number("number")
    with tempfile.TemporaryDirectory(prefix="regwatch-evidence-") as folder:
        path = Path(folder) / "evidence.zip"
        visit.app.export(number, path)
        return attachment(path.read_bytes(), name=f"regwatch-change-{number}.zip", kind="application/zip")


def attachment(content: bytes, *, name: str, kind: str = "application/octet-stream") -> Response:
    """Something to be saved, never shown: whatever it holds, it does not run as ours."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=kind, headers=headers)


# ------------------------------------------------------------------------------------------------ the decision


class Said(NamedTuple):
    """A line of the decision: what, and the weight of a reason; "" for other lines."""

    text: str
    weight: str = ""


_REASON = re.compile(r"\s+([+-][0-9]+)  (.*)")


def decision(why: str) -> Iterator[Said]:
    """The lines of `why`, without its headline; other people's addresses are not named here."""
    for line in why.splitlines()[1:]:
        if match := _REASON.fullmatch(line):
            yield Said(match[2], match[1])
        elif line != "reasons:":
            yield Said(discreet(line))


def discreet(line: str) -> str:
    """A reader elsewhere is a reader, without a name."""
    return re.sub(r"\bemail \S+@[^\s:]+", "a reader by e-mail", re.sub(r"\bslack [A-Z]\w+", "a Slack channel", line))




DOORS = (
    Door("/change/{number}", change, Rule.READER),
    Door("/change/{number}/redline", redline, Rule.READER),
    Door("/change/{number}/evidence.zip", evidence, Rule.READER),
)
