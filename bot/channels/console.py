"""The console: the first channel, which needs no account."""

from __future__ import annotations

from datetime import datetime
from typing import TextIO

from bot.errors import DeliveryError
from bot.model import Message, Run

_CODES = {"ins": "32", "del": "9;31", "strong": "1", "dim": "2", "link": "4;36"}  # ECMA-48, 8.3.117 SGR
_LEVELS = {"ACT": "1;31", "PLAN": "1;33", "KNOW": "1;36"}
_AGAIN = "(possibly repeated) "


class Console:
    """Prints messages to a stream, in colour where `colour` is set; amended words are marked either way."""

    blind = True

    def __init__(self, stream: TextIO, *, colour: bool) -> None:
        self._stream, self._colour = stream, colour

    def send(self, message: Message, *, address: str, marker: str) -> str:
        """Print the message in one write; `marker` stands on its last line, so that lost and doubled ones can be
        counted. Raises DeliveryError (doubtful: some of it may have been printed)."""
        try:
            self._stream.write(self._text(message, marker))
            self._stream.flush()
        except (OSError, ValueError) as error:  # ValueError: the stream is closed, or cannot encode the text
            raise DeliveryError(f"the console could not be written: {error}", doubtful=True) from error
        return marker

    def find(self, *, address: str, marker: str, since: datetime, thread: str = "") -> str:
        """A terminal cannot be read back: always DeliveryError."""
        raise DeliveryError("the console cannot be read back")

    def _text(self, message: Message, marker: str) -> str:
        headline = (self._run(Run(_AGAIN, "strong")) if message.again else "") + self._headline(message.headline)
        bullet = "↳" if message.kind == "reply" else "●"  # what follows in the thread of an act
        above = [f"  same act as #{message.thread}"] if message.kind == "reply" and message.thread else []
        lines = [*above, *("  " + "".join(self._run(run) for run in line) for line in message.lines)]
        last = f"{lines.pop() if lines else ''}  " + self._run(Run(f"#{marker}", "dim"))
        return "\n".join(["", f"{bullet} {headline}", *lines, last, ""])

    def _headline(self, text: str) -> str:
        """Strong, with the severity it begins with in a colour of its own."""
        level, _, rest = text.partition(" ")
        if not self._colour or level not in _LEVELS:
            return self._run(Run(text, "strong"))
        return f"\x1b[{_LEVELS[level]}m{level}\x1b[0m " + self._run(Run(rest, "strong"))

    def _run(self, run: Run) -> str:
        text = {"ins": f"{{+{run.text}+}}", "del": f"[-{run.text}-]"}.get(run.style, run.text)
        if not self._colour or run.style not in _CODES or not text:
            return text
        return f"\x1b[{_CODES[run.style]}m{text}\x1b[0m"
