"""What the scenes on Slack share: the App over the stand-in for Slack, with one clock for both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.channels.slack import Slack
from bot.model import Delivery, Filters, Subscription
from tests.scenes import Scene, rule
from tests.site import Site
from tests.slack_double import SlackDouble

CHANNEL = "C0REG00001"
OTHER = "C0GENERAL1"


class SlackScene(Scene):
    """A Scene whose alerts go to Slack, without the second between two of them."""

    def __init__(self, home: Path, site: Site, double: SlackDouble, *, pages: int = 1, **settings: object) -> None:
        self.double = double
        given = {"slack_bot_token": "xoxb-double", "slack_api_url": double.base_url, **settings}
        super().__init__(home, site, **given)
        double.clock = lambda: self.now.timestamp()
        self.slack = self.hasten()
        self.app.declare([self.page(f"/law{n}", id=f"law{n}", title=f"Measures {n}") for n in range(pages)])
        self.pages = pages

    def hasten(self) -> Slack:
        """The channel of the App that is open, without its second between two messages."""
        slack = self.app.channels["slack"]
        assert isinstance(slack, Slack)
        slack.spacing = 0.0
        return slack

    def follow(self, address: str = CHANNEL, **filters: object) -> int:
        return self.app.subscribe(Subscription(0, "slack", address, Filters(**filters)))  # type: ignore[arg-type]

    def start(self) -> None:
        """The first look: what is already there."""
        self.publish("may")
        self.look()

    def publish(self, modal: str, *, number: int = 0) -> None:
        """All pages say something else."""
        for n in range(self.pages):
            self.site.publish(f"/law{n}", rule(modal, more=f"<p>Case {n}, version {number}.</p>"))

    def news(self, modal: str = "shall", *, number: int = 1) -> None:
        """Every page changes and is judged; nothing is told yet."""
        self.publish(modal, number=number)
        self.pass_time(days=2)
        list(self.app.check())
        list(self.app.judge_all())

    def drain(self, **time: float) -> list[Delivery]:
        """Let time pass, then tell what is due."""
        self.pass_time(**time)
        return list(self.app.deliver_all())

    def posts(self, channel: str = CHANNEL) -> list[dict[str, Any]]:
        """What stands in a channel, oldest first."""
        return self.double.messages(channel)

    def keys(self, channel: str = CHANNEL) -> list[str]:
        """The marker of each message of ours in a channel."""
        return [one["metadata"]["event_payload"]["key"] for one in self.posts(channel) if "metadata" in one]

    def calls(self, method: str = "chat.postMessage") -> int:
        return sum(call.method == method for call in self.double.calls)

    def faultless(self) -> None:
        """Slack has refused nothing for its form, and a reader would find nothing wrong."""
        assert [call.issues for call in self.double.calls if call.issues] == []
        assert self.double.lints == []


@contextmanager
def slack_scene(home: Path, site: Site, *, pages: int = 1, **settings: object) -> Iterator[SlackScene]:
    with SlackDouble() as double:
        made = SlackScene(home, site, double, pages=pages, **settings)
        try:
            yield made
        finally:
            made.app.close()
