"""`python -m bot.extract`: reads one body in a process of its own, which its parent limits and may kill.

In: one line of JSON {"source": Source, "content_type": "…", "url": "…"}, then the body until end of file.
Out: JSON, {"reading": Reading} or {"cause": "…", "detail": "…"}. The only file of the room that touches a stream.
"""

from __future__ import annotations

import sys

import msgspec

from bot.errors import ReadError
from bot.extract.reading import read
from bot.model import Reading, Source


class Order(msgspec.Struct):
    """What is asked for."""

    source: Source
    content_type: str = ""
    url: str = ""


class Answer(msgspec.Struct, omit_defaults=True):
    """What comes back: a reading, or why there is none."""

    reading: Reading | None = None
    cause: str = ""
    detail: str = ""


def answer(order: bytes, body: bytes) -> Answer:
    """Read one body as ordered."""
    asked = msgspec.json.decode(order, type=Order)
    try:
        return Answer(read(body, source=asked.source, content_type=asked.content_type, url=asked.url))
    except ReadError as error:
        return Answer(cause=error.cause, detail=error.detail)


def main() -> None:
    order = sys.stdin.buffer.readline()
    sys.stdout.buffer.write(msgspec.json.encode(answer(order, sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
