"""Pages that only scripts fill: a browser runs them in a process of its own, and its every request goes through us.

The page itself is fetched like any other (guard, robots.txt, our name); then `python -m bot.fetch.rendering` opens the
system's Chromium on what came, answers its further requests with a guarded Fetcher, and gives back the DOM. The browser
has no way out of its own. It is killed at the deadline, by process id.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bot.errors import FetchError
from bot.fetch.response import Response
from bot.fetch.settings import FetchSettings
from bot.model import Validators

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 40.0  # for a browser that starts, a page that fills and a DOM that is written
RENDERED = "x-regwatch-rendered"  # the header that a Snapshot of a rendered page bears
OURS = frozenset({"content-length", "content-encoding", "transfer-encoding", "content-type", "etag", "last-modified"})


class Order(msgspec.Struct):
    """What is asked of the process that renders."""

    page: Response
    settings: FetchSettings
    browser: str
    robots: str = ""
    ipv4: bool = False


class Answer(msgspec.Struct):
    """What comes back: the DOM as UTF-8 markup with a note on how it was made, or why there is none."""

    body: bytes = b""
    note: str = ""
    cause: str = ""
    detail: str = ""


def browser() -> str:
    """The path of the system's browser; raises FetchError with what to install, before anybody is asked anything."""
    found = next(filter(None, map(shutil.which, NAMES)), "")
    missing = [] if find_spec("playwright") else ["pip install 'regwatch[render]'"]
    missing += [] if found else ["install Chromium (Debian: apt install chromium)"]
    if missing:
        raise FetchError("js shell", f"this page needs a browser (`render`), which is not there: {'; '.join(missing)}")
    return found


def render(
    page: Response, settings: FetchSettings, *, robots: str = "", ipv4: bool = False, seconds: float = SECONDS
) -> Response:
    """The page as it stands after its scripts have run; `page` is what a Fetcher brought, of status 200.

    The body is the DOM without scripts, UTF-8, and a header says that it was rendered. Without validators: that the
    shell is unchanged says nothing of what fills it. Raises FetchError: "js shell" without a browser, "too slow",
    "too large", "unreadable" when the browser breaks down.
    """
    order = Order(page, settings, browser(), robots, ipv4)
    answer = _answered(msgspec.msgpack.encode(order), seconds=seconds)
    if answer.cause:
        raise FetchError(answer.cause, answer.detail)
    kept = tuple((name, value) for name, value in page.headers if name not in OURS)
    headers = (*kept, ("content-type", "text/html; charset=utf-8"), (RENDERED, answer.note))
    return replace(page, headers=headers, body=answer.body, validators=Validators())


def _answered(order: bytes, *, seconds: float) -> Answer:
    with TemporaryDirectory(prefix="regwatch-browser-", ignore_cleanup_errors=True) as folder, _child(folder) as child:
        try:
            said, _ = child.communicate(order, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            _kill(child.pid)
            raise FetchError("too slow", f"the page was not rendered within {seconds:.0f} seconds") from error
    try:
        return msgspec.msgpack.decode(said, type=Answer)
    except msgspec.DecodeError as error:
        raise FetchError("unreadable", f"the process that renders broke down (exit {child.returncode})") from error


def _child(folder: str) -> subprocess.Popen[bytes]:
    """The process that renders; what it and its browser write goes into `folder`."""
    command = ["/usr/bin/env", f"TMPDIR={folder}", sys.executable, "-m", "bot.fetch.rendering"]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere)  # nosec B603  # our own words


def _kill(pid: int) -> None:
    """End a process and all that it started, each by its id: a browser leaves its parent's process group."""
    for one in [*_below(pid), pid]:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


def _below(pid: int) -> list[int]:
    """The processes that a process started, and theirs (Linux, proc(5): /proc/PID/task/TID/children)."""
    found: list[int] = []
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for one in map(int, listing.read_text().split()):
                found += [*_below(one), one]
    return found
