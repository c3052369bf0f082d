"""What the scenes share: a publisher, a clock that is just a value, and the real App over them."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App, build
from bot.errors import DeliveryError
from bot.model import Change, Filters, Finding, Message, Outcome, Source, Subscription
from bot.settings import Settings
from tests.site import Site

MONDAY = datetime(2026, 11, 2, 8, tzinfo=UTC)

RULE = (
    "<main><h1>Measures on the export of personal information</h1>"
    "<h2>Article 1</h2><p>These Measures apply to every operator that collects personal information.</p>"
    "<h2>Article 2</h2><p>An operator {modal} file a security assessment with the authority before personal "
    "information is transferred to a recipient outside the territory.</p>"
    "<h2>Article 3</h2><p>Standard contracts for cross-border transfers of personal information are filed within ten "
    "working days after they take effect.</p>{more}</main>"
)


def rule(modal: str = "may", more: str = "") -> str:
    """A page with one rule on cross-border data."""
    return RULE.format(modal=modal, more=more)


def followed_list(site: Site) -> Source:
    """A ministry's list, whose items are followed; its page is at /list."""
    return Source(
        "notices", site.url("/list"), title="Notices", authority="Ministry of Data", jurisdiction="CN", type="list",
        language="en", items="ul.news li", follow=True, spacing=0.0,
    )  # fmt: skip


def listing(*items: int | str) -> str:
    """The page of that list: items by number (their page is /item/N) or by the address to which they lead."""
    rows = ""
    for place, one in enumerate(items, start=1):
        number, link = (one, f"/item/{one}") if isinstance(one, int) else (place, one)
        title = f"Notice {number} on the export of personal data"
        rows += f'<li><a href="{link}">{title}</a> <span>2026-11-0{number}</span></li>'
    return f"<main><h1>Notices</h1><ul class=news>{rows}</ul></main>"


class Broken:
    """A channel that is dead."""

    blind = True

    def __init__(self) -> None:
        self.tried = 0

    def send(self, message: Message, *, address: str, marker: str) -> str:
        self.tried += 1
        raise DeliveryError("the channel is gone")


class Scene:
    """A world for one test: `site` publishes, `pass_time` moves the clock, `look` is one whole pass."""

    def __init__(self, home: Path, site: Site, *sources: Source, **settings: object) -> None:
        self.home, self.site, self.now = home, site, MONDAY
        self.screen = io.StringIO()
        self.sources = tuple(sources) or (self.page(),)
        self.settings = Settings(home=home, allow_nets=("127.0.0.0/8",), executor="threads:2", **settings)  # type: ignore[arg-type]
        self.app = self.open()

    def open(self) -> App:
        """Open the same home again, as after a restart."""
        return build(self.settings, stream=self.screen, sources=self.sources, clock=lambda: self.now, colour=False)

    def page(self, path: str = "/law", **fields: object) -> Source:
        source = Source(
            "law",
            self.site.url(path),
            title="Export measures",
            authority="Ministry of Data",
            jurisdiction="CN",
            language="en",
            topics=("transfer_general",),
            spacing=0.0,
        )
        return replace(source, **fields)  # type: ignore[arg-type]

    def pass_time(self, **time: float) -> None:
        self.now += timedelta(**time)

    def look(self, **time: float) -> list[Outcome]:
        """Let time pass (default: two days, so that everything is due), then look, judge and tell."""
        self.pass_time(**(time or {"days": 2}))
        return self.app.run_once()

    def kinds(self, **time: float) -> list[str]:
        return [outcome.kind for outcome in self.look(**time)]

    def subscribe(self, channel: str = "console", mode: str = "instant", **filters: object) -> int:
        return self.app.subscribe(Subscription(0, channel, "here", Filters(**filters), mode))  # type: ignore[arg-type]

    def changes(self, cause: str = "") -> list[tuple[Change, Finding | None]]:
        """Oldest first."""
        return [(c, f) for c, f in reversed(self.app.changes()) if not cause or c.cause == cause]

    def told(self) -> str:
        """What the console has shown so far; empties it."""
        text = self.screen.getvalue()
        self.screen.seek(0)
        self.screen.truncate()
        return text
