"""The console: one message, one write, readable with and without colour."""

from __future__ import annotations

import io

import pytest

from bot.channels.console import Console
from bot.errors import DeliveryError
from bot.model import Message, Run

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


def test_a_message_is_one_write_and_one_flush_and_carries_its_marker() -> None:
    stream = Counting()
    assert Console(stream, colour=False).send(MESSAGE, address="here", marker="change:17") == "change:17"
    assert (stream.writes, stream.flushes) == (1, 1)
    assert stream.getvalue().endswith("#change:17\n")


def test_a_message_that_may_be_a_repetition_says_so() -> None:
    stream = io.StringIO()
    Console(stream, colour=False).send(Message("h", again=True), address="", marker="m")
    assert "possibly repeated" in stream.getvalue()


@pytest.mark.parametrize("stream", [Broken(), io.TextIOWrapper(io.BytesIO(), encoding="ascii")])
def test_a_stream_that_fails_is_a_doubtful_delivery(stream: io.TextIOBase) -> None:
    with pytest.raises(DeliveryError) as caught:
        Console(stream, colour=False).send(MESSAGE, address="", marker="m")  # type: ignore[arg-type]
    assert caught.value.doubtful


def test_the_console_cannot_be_read_back() -> None:
    assert Console.blind
