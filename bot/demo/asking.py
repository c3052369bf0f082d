"""What a reader asks on a Monday morning, and the answers: the digest, dates ahead, a jurisdiction, an alert on Slack.

Every line comes from the verbs of App; only what would run on for pages is cut, and says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from bot.app import App
from bot.messages.rendered import rendered
from bot.model import Ahead

SECTION = 5  # lines of each section of a digest that are shown
RECENT = 4  # changes of a state of play
AHEAD = 90  # days, as `regwatch upcoming` has them
WIDTH = 150  # characters of a headline in a list
KINDS = {"effective": "in force", "transition_end": "transition ends", "review_due": "review due"}
_LINK = re.compile(r"<[^|<>]*\|([^<>]*)>")  # docs.slack.dev, "Formatting message text"


def digest(app: App, subscription: int) -> Iterator[str]:
    """The last seven days as a mail's text: the beginning of each section, without addresses and the table of weeks."""
    lines = [line for line in app.digest_text(subscription).splitlines() if line.strip()]
    lines = [line for line in lines if not line.lstrip().startswith("http")]
    starts = [index - 1 for index, line in enumerate(lines) if set(line) == {"-"} and len(line) > 2]
    yield from lines[: starts[0] if starts else None]
    for start, end in pairwise([*starts, len(lines)]):
        heading, section = lines[start], lines[start + 2 : end]
        if not heading.startswith("CHANGES PER"):
            yield heading
            shown = section[: SECTION if len(section) > SECTION + 2 else None]
            yield from shown
            if more := len(section) - len(shown):
                yield f"  [… {more} more lines]"


def files(app: App, subscription: int, *, folder: Path) -> Iterator[str]:
    """The same digest as files, as `regwatch digest --out` writes them; where each one lies."""
    folder.mkdir(parents=True, exist_ok=True)
    for ending, content in app.digest_files(app.digest_mail(subscription)).items():
        path = folder / f"digest.{ending}"
        path.write_bytes(content)
        yield str(path)


def upcoming(app: App, *, footprint: str) -> Iterator[str]:
    """Dates ahead that touch a footprint, soonest first."""
    for one in app.upcoming(footprint=footprint, days=AHEAD):
        yield f"{_dated(one, app)}: {cut(one.headline)}"


def state(app: App, jurisdiction: str) -> Iterator[str]:
    """The state of play in a jurisdiction: texts, dates, news, and what cannot be seen."""
    found = app.state(jurisdiction)
    for one in found.instruments:
        yield f"watched: {one.title} ({one.source_id})"
    for ahead in found.ahead:
        yield f"ahead:   {_dated(ahead, app)} “{ahead.dated.quote}”"
    for change, finding in found.recent[:RECENT]:
        yield f"recent:  {change.at:%Y-%m-%d} change {change.id}: {cut(finding.headline)}"
    if len(found.recent) > RECENT:
        yield f"         … {len(found.recent) - RECENT} more"
    yield from (f"unseen:  {sentence}" for sentence in found.blind)
    yield found.sentence


def on_slack(app: App, change_id: int) -> Iterator[str]:
    """The alert of a Change as Slack shows it, in letters; of its links and times what a reader sees."""
    for line in rendered(json.loads(app.preview(change_id).rich)).splitlines():
        yield _LINK.sub(r"\1", line)


def _dated(one: Ahead, app: App) -> str:
    left = app.days_left(one)
    return f"{one.dated.date} (in {left} days) {KINDS.get(one.dated.kind, one.dated.kind)}"


def cut(headline: str) -> str:
    return headline if len(headline) <= WIDTH else headline[: WIDTH - 1] + "…"
