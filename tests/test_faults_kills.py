"""kill -9 before and after every transaction of a round: looks, findings, digests, reminders, deliveries.

`python -m tests.test_faults_kills` kills at every one of them; the test at some, chosen anew each time.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import TextIO

import pytest

from bot.app import App, build
from bot.model import Filters, Source, Subscription
from bot.settings import Settings
from tests.scenes import MONDAY, rule
from tests.site import Site

ROOT = Path(__file__).parents[1]
SOME = 4  # kills of the test
CASE = "<p>The deadline for filing is {day:%d %B %Y}.</p>"


def opened(home: Path, base: str, *, now: datetime, screen: TextIO) -> App:
    """The real App with one page to watch."""
    law = Source("law", f"{base}/law", title="Measures", authority="Ministry", jurisdiction="CN", spacing=0)
    return build(
        Settings(home=home, allow_nets=("127.0.0.0/8",), executor="threads:1"),
        stream=screen, sources=(law,), clock=lambda: now, colour=False,
    )  # fmt: skip


def live(home: Path, base: str, *, now: datetime) -> App:
    """One round of the service: everything that its drains do. All lives of a home write on one screen, a file."""
    app = opened(home, base, now=now, screen=home.with_suffix(".screen").open("a", encoding="utf-8"))
    for drain in (app.check, app.judge_all, app.digest_all, app.remind_all, app.deliver_all):
        list(drain())
    return app


def dying(at: int) -> list[str]:
    """From now on the transactions of this process are counted; at number `at` (0: never) it kills itself."""
    begun: list[str] = []

    def count(statement: str) -> None:
        if statement != "BEGIN IMMEDIATE" and (statement != "COMMIT" or begun[-1:] != ["BEGIN IMMEDIATE"]):
            return
        begun.append(statement)
        if len(begun) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    real = sqlite3.connect

    def connect(*arguments: object, **named: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = real(*arguments, **named)  # type: ignore[call-overload]
        connection.set_trace_callback(count)
        return connection

    sqlite3.connect = connect  # type: ignore[assignment]  # of this child alone
    return begun


def forked(work: Callable[[], object]) -> object:
    """What a child came to; None when it was killed."""
    out, into = os.pipe()
    if not (child := os.fork()):
        os.close(out)
        with os.fdopen(into, "w") as stream:
            json.dump(work(), stream)
            stream.flush()
            os._exit(0)
    os.close(into)
    with os.fdopen(out) as stream:
        said = stream.read()
    _, status = os.waitpid(child, 0)
    return json.loads(said) if status == 0 else None


def harm(home: Path, base: str, *, now: datetime) -> list[str]:
    """What is wrong once the service was started again and had its round."""
    app = live(home, base, now=now)
    screen = home.with_suffix(".screen").read_text("utf-8")
    found = [f"{row.kind} {row.subject} is {row.state}" for row in app.store.deliveries() if row.state != "done"]
    kinds = {row.kind for row in app.store.deliveries()}
    found += [f"no {kind} was promised" for kind in {"post", "digest"} - kinds]
    found += [f"change {one.id} has no opinion" for one, finding in app.changes() if finding is None]
    for row in app.store.deliveries():
        copies = len(re.findall(rf"#{re.escape(row.subject)}:", screen))
        if not 1 <= copies <= 2 or copies == 2 and "(possibly repeated)" not in screen:
            found.append(f"{row.kind} {row.subject} is on the screen {copies} times")
    if len(app.history("law")[0]) != 2:
        found.append("a version is missing or double")
    return found + [trouble for trouble in (app.store.verify(),) if trouble]


def trial(template: Path, base: str, *, some: int) -> dict[str, object]:
    """Kill at `some` transactions (0: at all); how many there are, and what went wrong at which."""
    began, wrong = MONDAY + timedelta(days=8), {}

    def home(number: int) -> Path:
        return Path(shutil.copytree(template, template.parent / f"home{number}"))

    def rehearsal() -> int:
        begun = dying(0)
        live(home(0), base, now=began)
        return len(begun)

    def killed(number: int) -> None:
        dying(number)
        live(template.parent / f"home{number}", base, now=began)

    total = forked(rehearsal)
    assert isinstance(total, int)
    points = sorted(random.sample(range(1, total + 1), some)) if some else list(range(1, total + 1))
    for number in points:
        place = home(number)
        if forked(lambda at=number: killed(at)) is not None:
            wrong[number] = ["it was not killed"]
        found = forked(lambda place=place: harm(place, base, now=began + timedelta(hours=1)))
        if found != []:
            wrong[number] = found or ["it did not come back"]
    return {"points": total, "kills": len(points), "wrong": wrong}


def tried(folder: Path, *, some: int) -> dict[str, object]:
    """The trial, in a process that has no threads: only such a one may fork."""
    with Site() as site:
        site.publish("/law", rule())
        with opened(folder / "home", site.url(""), now=MONDAY, screen=StringIO()) as app:
            app.subscribe(Subscription(0, "console", "here", Filters(every_change=True)))
            app.subscribe(Subscription(0, "console", "weekly", mode="digest"))
            app.run_once()
        site.publish("/law", rule("shall", CASE.format(day=MONDAY + timedelta(days=9))))
        done = subprocess.run(
            [sys.executable, "-m", "tests.test_faults_kills", str(folder / "home"), site.url(""), str(some)],
            cwd=ROOT, capture_output=True, encoding="utf-8", timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))


@pytest.mark.slow  # a process that forks two children per kill
def test_killed_before_or_after_any_transaction_nothing_is_lost_and_a_repetition_is_marked(tmp_path: Path) -> None:
    toll = tried(tmp_path, some=SOME)
    assert toll["wrong"] == {}, toll
    assert toll["kills"] == SOME and int(str(toll["points"])) >= SOME


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(trial(Path(sys.argv[1]), sys.argv[2], some=int(sys.argv[3]))))
    else:
        with tempfile.TemporaryDirectory(prefix="regwatch-kills-") as folder:
            print(json.dumps(tried(Path(folder), some=0), indent=1))
