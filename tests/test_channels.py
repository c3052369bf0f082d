"""The console: one message, one write, readable with and without colour. After a doubt: what a blind channel gets."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime

import pytest

from bot.channels.console import Console
from bot.errors import DeliveryError
from bot.model import Delivery, Message, Run
from tests.scenes import Scene, rule

MESSAGE = Message(
    "CAC: 个人信息出境",
    ((Run("可以", "del"), Run("应当", "ins"), Run(" 提供")), (Run("https://x.example", "link"), Run(" seen", "dim"))),
)


class Counting(io.StringIO):
    """A stream that counts its writes and flushes."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = self.flushes = 0

    def write(self, text: str) -> int:
        self.writes += 1
        return super().write(text)

    def flush(self) -> None:
        self.flushes += 1


class Broken(io.StringIO):
    """A pipe whose reader has gone."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(32, "Broken pipe")


def test_without_colour_amended_words_are_marked_by_brackets() -> None:
    stream = io.StringIO()
    Console(stream, colour=False).send(MESSAGE, address="here", marker="change:17")
    assert "[-可以-]{+应当+} 提供" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_with_colour_every_style_is_closed_again() -> None:
    stream = io.StringIO()
    Console(stream, colour=True).send(MESSAGE, address="here", marker="change:17")
    text = stream.getvalue()
    assert "\x1b[32m{+应当+}\x1b[0m" in text
    assert text.count("\x1b[0m") * 2 == text.count("\x1b[")


def test_a_severity_has_a_colour_of_its_own_and_without_colour_none() -> None:
    coloured, plain = io.StringIO(), io.StringIO()
    for stream in (coloured, plain):
        Console(stream, colour=stream is coloured).send(Message("ACT · CAC: measures"), address="here", marker="m")
    assert "● \x1b[1;31mACT\x1b[0m \x1b[1m· CAC: measures\x1b[0m" in coloured.getvalue()
    assert "● ACT · CAC: measures" in plain.getvalue()


def test_a_message_is_one_write_and_one_flush_and_carries_its_marker() -> None:
    stream = Counting()
    assert Console(stream, colour=False).send(MESSAGE, address="here", marker="change:17") == "change:17"
    assert (stream.writes, stream.flushes) == (1, 1)
    assert stream.getvalue().endswith("#change:17\n")


def test_a_message_that_may_be_a_repetition_says_so() -> None:
    stream = io.StringIO()
    Console(stream, colour=False).send(Message("h", again=True), address="", marker="m")
    assert "possibly repeated" in stream.getvalue()


def test_what_follows_in_the_thread_of_an_act_names_what_opened_it() -> None:
    stream = io.StringIO()
    Console(stream, colour=False).send(replace(MESSAGE, kind="reply", thread="change:9"), address="", marker="m")
    assert stream.getvalue().startswith("\n↳ CAC")
    assert "same act as #change:9" in stream.getvalue()


@pytest.mark.parametrize("stream", [Broken(), io.TextIOWrapper(io.BytesIO(), encoding="ascii")])
def test_a_stream_that_fails_is_a_doubtful_delivery(stream: io.TextIOBase) -> None:
    with pytest.raises(DeliveryError) as caught:
        Console(stream, colour=False).send(MESSAGE, address="", marker="m")  # type: ignore[arg-type]
    assert caught.value.doubtful


def test_the_console_cannot_be_read_back() -> None:
    assert Console.blind


class Post:
    """A channel that nobody can read back; what it is asked to send ends as it is told."""

    blind = True

    def __init__(self, *ends: DeliveryError | None, folds: bool) -> None:
        self.ends, self.folds, self.sent = list(ends), folds, []

    def send(self, message: Message, *, address: str, marker: str) -> str:
        self.sent.append((marker, message.again))
        end = self.ends.pop(0) if self.ends else None
        if end:
            raise end
        return f"<{marker}>"

    def find(self, *, address: str, marker: str, since: datetime, thread: str = "") -> str:
        raise DeliveryError("a mailbox cannot be read back")


DOUBT = DeliveryError("the line went dead after the last dot", doubtful=True)
BUSY = DeliveryError("try again")


@pytest.mark.parametrize(
    ("folds", "ends", "copies", "state"),
    [
        (True, [DOUBT], 2, "done"),  # one more copy, which readers fold with the first
        (True, [DOUBT, DOUBT], 2, "uncertain"),  # a second doubt is for a person
        (True, [BUSY, DOUBT], 3, "done"),  # what surely did not go out is no copy
        (True, [DOUBT, BUSY], 3, "done"),
        (False, [DOUBT], 1, "uncertain"),
    ],
)
def test_after_a_doubt_a_channel_that_folds_doubles_gets_one_more_copy_and_another_none(
    scene: Scene, folds: bool, ends: list[DeliveryError], copies: int, state: str
) -> None:
    post = Post(*ends, folds=folds)
    scene.app.channels["post"] = post
    number = scene.subscribe("post")
    scene.site.publish("/law", rule())
    scene.look()
    scene.app.store.promise([Delivery(number, "post", "change:1", due=scene.now)])
    for _ in range(40):
        list(scene.app.deliver_all())
        scene.pass_time(minutes=2)
    (row,) = scene.app.store.deliveries(subscription=number)
    assert (len(post.sent), row.state) == (copies, state)
    assert len({marker for marker, _ in post.sent}) == 1
    assert post.sent[-1][1] == (copies > 1)


def test_a_second_kind_of_message_about_one_change_has_a_marker_of_its_own(scene: Scene) -> None:
    post = Post(folds=True)
    scene.app.channels["post"] = post
    number = scene.subscribe("post")
    scene.site.publish("/law", rule())
    scene.look()
    kinds = ("post", "escalate")
    scene.app.store.promise([Delivery(number, kind, "change:1", due=scene.now) for kind in kinds])
    list(scene.app.deliver_all())
    assert len({marker for marker, _ in post.sent}) == 2
