"""What the commands share: opening the App, JSON Lines, styled lines, progress."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from bot.errors import OperatorError
from bot.messages.clean import clean
from bot.model import Run

if TYPE_CHECKING:
    from bot.app import App
    from bot.settings import Settings

Row = TypeVar("Row")

STYLES = {"ins": "1;32", "del": "9;31", "strong": "1", "dim": "2", "link": "4"}
MARKS = {"ins": ("{+", "+}"), "del": ("[-", "-]")}



class Whole(click.IntRange):
    """A whole number within bounds; whatever else is typed is answered in plain words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text, least, most = str(value), int(self.min or 0), int(self.max or 0)
        number = int(text) if re.fullmatch(r"[0-9]{1,19}", text) else -1
        if not least <= number <= most:
            self.fail(f"{text!r}: say a whole number from {least} to {most}", param, ctx)
        return number


LIMIT = Whole(1, 10_000)
NUMBER = Whole(1, 2**62)  # what the store numbers its rows with
BEFORE = Whole(0, 2**62)

number_argument = click.argument("number", metavar="N", type=NUMBER)
json_option = click.option("--json", "as_json", is_flag=True, help="JSON Lines with stable keys.")


def settings(ctx: click.Context) -> Settings:
    """The settings, with --home and --sources on top. Raises OperatorError."""
    from bot import settings as settings_room

    chosen = settings_room.load(home=ctx.obj["home"], sources=ctx.obj["sources"])
    if chosen.home.is_file():
        raise OperatorError(f"{chosen.home} is a file; the home is a folder (--home or REGWATCH_HOME)")
    return chosen


@contextmanager
def opened(ctx: click.Context, *, stream: TextIO | None = None) -> Iterator[App]:
    """The real App; messages of the console channel go to `stream` (default: stdout)."""
    from bot.app import build

    with build(settings(ctx), stream=stream or sys.stdout) as app:
        yield app


def line(values: dict[str, Any]) -> None:
    """One JSON line, flushed, so that a pipe sees it at once; pure ASCII where stdout is not UTF-8."""
    _print(json.dumps(values, ensure_ascii=not _is_utf8(sys.stdout), default=_plain))


def _is_utf8(stream: TextIO) -> bool:
    return (getattr(stream, "encoding", None) or "").lower().replace("-", "") == "utf8"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} in a JSON line")


def say(text: str = "") -> None:
    """Text on stdout, flushed; whatever was scraped into it cannot act on the terminal."""
    _print("\n".join(clean(part) for part in text.split("\n")))


def listed(
    rows: Collection[Row], *, as_json: bool, values: Callable[[Row], dict[str, Any]], words: Callable[[Row], str],
    none: str,
) -> int:  # fmt: skip
    """Each row as JSON or in words, and `none` where there is none; the exit code."""
    for row in rows:
        line(values(row)) if as_json else say(words(row))
    if not rows and not as_json:
        say(none)
    return 0


def say_runs(runs: Iterable[Run]) -> None:
    """One line of styled runs on stdout, in colour on a terminal."""
    _print(styled(runs, colour=sys.stdout.isatty()))


def _print(text: str) -> None:
    """Raises OperatorError when stdout cannot be written; when nobody reads on, the work is done without words."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        return
    except OSError as error:
        raise OperatorError(f"stdout cannot be written: {error.strerror}") from error


def warn(text: str) -> None:
    """One line on stderr; when nobody can read it, that is no reason to stop."""
    with suppress(OSError, ValueError):
        print(f"regwatch: {clean(text)}", file=sys.stderr, flush=True)


def styled(runs: Iterable[Run], *, colour: bool) -> str:
    """A line of runs for a terminal; without colour, amended words keep their marks."""
    return "".join(_styled(run, colour=colour) for run in runs)


def _styled(run: Run, *, colour: bool) -> str:
    before, after = MARKS.get(run.style, ("", ""))
    text = f"{before}{clean(run.text)}{after}"
    return f"\x1b[{STYLES[run.style]}m{text}\x1b[0m" if colour and run.style in STYLES else text


def when(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M") if at else "never"


def since(text: str | None) -> datetime | None:
    """A moment from "7d", "12h", "30m" or an ISO date; raises OperatorError."""
    if not text:
        return None
    try:
        if match := re.fullmatch(r"(\d{1,6})([dhm])", text, re.ASCII):
            unit = {"d": "days", "h": "hours", "m": "minutes"}[match[2]]
            return datetime.now(UTC) - timedelta(**{unit: int(match[1])})
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise OperatorError(f"--since {text!r}: say 7d, 12h or a date like 2026-11-01") from error


@contextmanager
def progress(what: str, *, total: int | None = None) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, nothing otherwise: results are printed as they come."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)
