"""What the tests of Slack's doors share: the real App behind the real routes or a real socket, and Slack's stand-in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from bot.slack import slack_routes
from bot.slack.socket import Socket
from bot.web.serving import Server
from tests.site import Site
from tests.slack_double import SlackDouble
from tests.slack_scenes import CHANNEL, SlackScene

ALICE, BOB = "U0ALICE001", "U0BOB00001"


class Listening(SlackDouble):
    """The stand-in, and patience for what is to arrive there."""

    def until(self, true: Callable[[], Any], *, seconds: float = 10) -> None:
        """Wait for something that arrives, looking again a hundred times a second."""
        patience = threading.Event()
        for _ in range(int(seconds * 100)):
            if true():
                return
            patience.wait(0.01)
        raise AssertionError("it never came")


class Door(SlackScene):
    """A SlackScene with the door open: `say` types a command and returns what came back."""

    double: Listening
    via: str

    def say(self, text: str, *, user: str = ALICE, channel: str = CHANNEL, command: str = "/reg") -> dict[str, Any]:
        """The one answer to a command, as it was posted to its response_url."""
        sent = self.double.command(command, text, user=user, channel=channel, via=self.via)
        assert sent.ok, sent.problems
        self.double.until(lambda: sent.replies)
        return sent.replies[0]

    def text(self, text: str, **where: Any) -> str:
        """The answer to a command, as a person reads it."""
        return read(self.say(text, **where))

    def press(self, action: str, **where: Any) -> Any:
        """Press a button that is on screen."""
        pressed = self.double.click(action, via=self.via, **where)
        assert pressed.ok, pressed.problems
        return pressed

    def pressed(self, action: str, **where: Any) -> dict[str, Any]:
        """Press a button and wait for the one answer it gets."""
        pressed = self.press(action, **where)
        self.double.until(lambda: pressed.replies)
        answer: dict[str, Any] = pressed.replies[0]
        return answer

    def form(self, action: str, **where: Any) -> dict[str, Any]:
        """Press a button and return the form that opens."""
        known = set(self.double.views)
        self.press(action, **where)
        self.double.until(lambda: set(self.double.views) - known)
        (name,) = set(self.double.views) - known
        view: dict[str, Any] = self.double.views[name]
        return view

    def submit(self, view: dict[str, Any], **fields: Any) -> Any:
        """Fill a form in and send it; a field is text, an option, several options, or a person."""
        values = {name: {name: _state(held)} for name, held in fields.items()}
        sent = self.double.submit(view["id"], values, via=self.via)
        assert sent.ok, sent.problems
        return sent

    def settled(self, change: int, subscription: int, true: Callable[[Any], Any]) -> None:
        """Wait until what was said of a change is so, and its alert is about to be rewritten."""
        self.double.until(lambda: true(self.app.handling(change).get(subscription)))
        subject, store = f"change:{change}", self.app.store
        reviews = len(store.reviews(change))
        self.double.until(
            lambda: sum(one.kind == "update" for one in store.deliveries(subject=subject)) >= reviews
        )


def _state(held: Any) -> dict[str, Any]:
    if isinstance(held, list):
        return {"type": "multi_static_select", "selected_options": [{"value": one} for one in held]}
    if held.startswith("U0"):
        return {"type": "users_select", "selected_user": held}
    option = {"selected_option": {"value": held}} if held.isalpha() and held.islower() else {}
    return {"type": "any", "value": held, **option}


def read(message: dict[str, Any]) -> str:
    """A message as a person reads it."""
    from tests.slack_double.blockkit_strict import render

    return render(message)


@contextmanager
def door(home: Path, site: Site, *, via: str, pages_: int = 1, **settings: Any) -> Iterator[Door]:
    """The App with its door open over HTTP or Socket Mode, alerts delivered to the channel."""
    with Listening(ack_deadline=3.0) as double:
        tokens = {"slack_signing_secret": "double-signing-secret", "slack_app_token": "xapp-double"}
        made = Door(home, site, double, pages=pages_, bind="127.0.0.1:0", **{**tokens, **settings})
        made.via = via
        with (_socket if via == "socket" else _served)(made):
            yield made
        made.app.close()


@contextmanager
def _served(made: Door) -> Iterator[None]:
    server = Server(Starlette(routes=slack_routes(made.app)), bind="127.0.0.1:0")
    server.start()
    made.double.app_url = f"{server.url}/slack/events"
    try:
        yield
    finally:
        server.stop()


@contextmanager
def _socket(made: Door) -> Iterator[None]:
    told: list[str] = []
    socket = Socket(made.app, say=told.append)
    socket.start()
    made.double.until(lambda: made.double.connections)
    try:
        yield
    finally:
        socket.stop()
