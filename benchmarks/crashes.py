"""kill -9 at random moments of a life in which pages change, are judged and told; then: what was lost, what doubled?

    python -m benchmarks.crashes 50 [SEED]

A child process looks, judges and delivers without pause while a local publisher changes its pages at nearly every
visit. It is killed at a random moment and started again on the same home, many times; at last it is left alone until
nothing is owed. Judged are the file with the database, the screen (a file that all children append to), and the rows
that stood on *sending* at each kill: only these may be on the screen twice, and marked.
"""

from __future__ import annotations

import io
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from bot.app import App, build
from bot.model import Filters, Source, Subscription
from bot.settings import Settings
from tests.site import Handler, Site

ROOT = Path(__file__).parents[1]
HASTE = 20_000  # seconds that pass in a second
VISITS = 10  # most visits of a child to the publisher until its end: counted, for machines are fast and slow
LINGER = 0.2  # most seconds that it lives on after the last of them
SCREEN = 0.02  # seconds that the screen takes for a message: a kill often finds one on its way
MESSAGE = re.compile(r"^[●↳] (?P<headline>.*)\n(?:(?![●↳] ).*\n)*?.*  #(?P<subject>change:\d+):\d+:", re.MULTILINE)


@dataclass(slots=True)
class Toll:
    """What the kills came to. All but the first five must be nothing."""

    kills: int = 0
    looks: int = 0
    changes: int = 0
    messages: int = 0
    doubled: int = 0  # messages on the screen a second time, after a kill between printing and noting it down
    damaged: list[str] = field(default_factory=list)  # integrity checks and chains that did not hold
    lost: list[str] = field(default_factory=list)  # noted as told, but not on the screen
    owed: list[str] = field(default_factory=list)  # never told, never judged
    unmarked: list[str] = field(default_factory=list)  # on the screen again without "possibly repeated"
    unexplained: list[str] = field(default_factory=list)  # on the screen more often than kills found them on sending
    unseen: list[str] = field(default_factory=list)  # last words of the publisher that were not read

    @property
    def harm(self) -> dict[str, list[str]]:
        """What must not be."""
        named = {one.name: getattr(self, one.name) for one in fields(self)[5:]}
        return {name: found for name, found in named.items() if found}


# ------------------------------------------------------------------------------------------------ the publisher


class Press:
    """A page whose figure grows at every second visit, and a list with a new item at every third."""

    def __init__(self, site: Site) -> None:
        self.site, self.still = site, False
        self.figure, self.items = 10, 3
        self._visits = {"/law": count(1), "/list": count(1)}
        site.answer("/law", self._law)
        site.answer("/list", self._list)

    def _turn(self, path: str, every: int) -> bool:
        return next(self._visits[path]) % every == 0 and not self.still

    def _law(self, handler: Handler) -> None:
        self.figure += self._turn("/law", 2)
        _write(handler, f"<h1>Measures on the export of personal information</h1><h2>Article 1</h2><p>An operator that "
               f"transfers personal information of {self.figure} persons abroad shall file a security assessment.</p>"
               "<h2>Article 2</h2><p>Standard contracts are filed within ten working days.</p>")  # fmt: skip

    def _list(self, handler: Handler) -> None:
        if self._turn("/list", 3):
            self.items += 1
            number = self.items
            self.site.answer(f"/item/{number}", lambda other: _write(other, f"<h1>Notice {number}</h1><p>Transfers of "
                             f"personal data to recipients abroad under case {number} are suspended.</p>"))  # fmt: skip
        rows = "".join(
            f'<li><a href="/item/{n}">Notice {n} on the export of personal data</a></li>'
            for n in range(self.items, max(0, self.items - 15), -1)
        )
        _write(handler, f"<h1>Notices</h1><ul class=news>{rows}</ul>")


def _write(handler: Handler, body: str) -> None:
    page = f"<html><title>Ministry</title><body><main>{body}</main></body></html>".encode()
    handler.answer(200, {"Content-Type": "text/html; charset=utf-8"}, page)


# ------------------------------------------------------------------------------------------------ the child


def live(home: Path, base: str, began: float, *, passes: int) -> None:
    """Look, judge and tell, again and again (or `passes` times)."""
    with open_app(home, base, began) as app:
        if not app.subscriptions():
            app.subscribe(Subscription(0, "console", "here", Filters(every_change=True)))
        for number in count(1):
            app.run_once(everything=True)
            if number == passes:
                return


def open_app(home: Path, base: str, began: float) -> App:
    """The real App on this home; its time runs fast, on from where the last child left it."""
    zero = datetime.fromtimestamp(began, UTC)
    law = Source("law", f"{base}/law", title="Measures", authority="Ministry", jurisdiction="CN", spacing=0)
    news = Source("news", f"{base}/list", title="Notices", authority="Ministry", jurisdiction="CN",
                  type="list", items="ul.news li", follow=True, spacing=0)  # fmt: skip
    return build(
        Settings(home=home, allow_nets=("127.0.0.0/8",), executor="threads:2"),
        stream=SlowScreen(),
        sources=(law, news),
        clock=lambda: zero + timedelta(seconds=(time.time() - began) * HASTE),
        colour=False,
    )


class SlowScreen(io.StringIO):
    """Stdout, as slow as a terminal over a line."""

    def write(self, text: str) -> int:
        sys.stdout.write(text)
        return len(text)

    def flush(self) -> None:
        sys.stdout.flush()
        time.sleep(SCREEN)


# ------------------------------------------------------------------------------------------------ the trial


class Trial:
    """One home, one screen, many short lives."""

    def __init__(self, folder: Path, site: Site, *, seed: int) -> None:
        self.home, self.screen = folder / "home", folder / "screen"
        self.site, self.press, self.began = site, Press(site), time.time()
        self.chance, self.toll = random.Random(seed), Toll()
        self._sending: Counter[str] = Counter()  # how often a kill found a message on sending

    def run(self, kills: int) -> Toll:
        """Kill this often, then let it come to an end and count."""
        for _ in range(kills):
            self._kill()
        self.press.still = True
        left = self._start(passes=3).wait(timeout=120)
        if left:
            self.toll.damaged.append(f"the last life ended with {left}")
        self._count()
        return self.toll

    def _start(self, *, passes: int = 0) -> subprocess.Popen[bytes]:
        words = ["--live", str(self.home), self.site.url(""), str(self.began), str(passes)]
        with self.screen.open("ab") as screen:
            return subprocess.Popen(
                [sys.executable, "-m", "benchmarks.crashes", *words],
                cwd=ROOT, stdout=screen, env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            )  # fmt: skip

    def _kill(self) -> None:
        visits = len(self.site.requests) + self.chance.randint(1, VISITS)
        child = self._start()
        while child.poll() is None and len(self.site.requests) < visits:
            time.sleep(0.005)
        try:
            self.toll.damaged.append(f"a life ended by itself with {child.wait(self.chance.uniform(0, LINGER))}")
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        self.toll.kills += 1
        if (self.home / "regwatch.db").exists():
            self._after_a_kill()

    def _after_a_kill(self) -> None:
        for (found,) in self._ask("PRAGMA integrity_check"):
            if found != "ok":
                self.toll.damaged.append(f"after kill {self.toll.kills}: {found}")
        if self._ask("SELECT 1 FROM sqlite_schema WHERE name = 'delivery'"):
            self._sending.update(subject for (subject,) in self._ask("SELECT subject FROM delivery WHERE state = 1"))

    def _ask(self, question: str) -> list[tuple[str, ...]]:
        db = sqlite3.connect(self.home / "regwatch.db", timeout=30)
        try:
            return db.execute(question).fetchall()
        finally:
            db.close()

    def _count(self) -> None:
        toll = self.toll
        shown = [(match["subject"], match["headline"]) for match in MESSAGE.finditer(self.screen.read_text("utf-8"))]
        times = Counter(subject for subject, _ in shown)
        with open_app(self.home, self.site.url(""), self.began) as app:
            total = app.totals()
            toll.looks, toll.changes, toll.messages = total.looks, total.changes, len(times)
            if broken := app.store.verify():
                toll.damaged.append(broken)
            told = app.outbox(states=("queued", "sending", "done", "uncertain", "dead"))
            toll.owed += [f"{one.subject} is {one.state}" for one in told if one.state != "done"]
            toll.owed += [f"change:{c.id} has no opinion" for c, f in app.changes(limit=10_000) if f is None]
            toll.owed += [f"change:{c.id} was promised to nobody" for c, _ in app.changes(limit=10_000) if
                          c.cause in {"source", "new"} and c.source_id != "news"
                          and f"change:{c.id}" not in {one.subject for one in told}]  # fmt: skip
            toll.lost += [one.subject for one in told if one.state == "done" and not times[one.subject]]
            toll.unseen += self._unseen(app)
        toll.doubled = sum(times.values()) - len(times)
        toll.unexplained += [one for one, n in times.items() if n - 1 > self._sending[one]]
        toll.unmarked += list(_unmarked(shown))
        if self._ask("PRAGMA integrity_check") != [("ok",)]:
            toll.damaged.append("the file at the end")

    def _unseen(self, app: App) -> Iterator[str]:
        """Whether the last thing the publisher said was read."""
        texts = {name: " ".join(block.text for block in app.store.blocks(app.store.versions(name, limit=1)[0]))
                 for name in ("law", "news")}  # fmt: skip
        if f"of {self.press.figure} persons" not in texts["law"]:
            yield f"the figure {self.press.figure}"
        if f"Notice {self.press.items} " not in texts["news"]:
            yield f"notice {self.press.items}"


def _unmarked(shown: list[tuple[str, str]]) -> Iterator[str]:
    """Messages that came again and do not say so."""
    before: set[str] = set()
    for subject, headline in shown:
        if subject in before and not headline.startswith("(possibly repeated)"):
            yield subject
        before.add(subject)


def main(words: list[str]) -> int:
    if words[:1] == ["--live"]:
        home, base, began, passes = words[1:]
        live(Path(home), base, float(began), passes=int(passes))
        return 0
    kills, seed = int(words[0]) if words else 50, int(words[1]) if words[1:] else random.randrange(10**6)
    with tempfile.TemporaryDirectory(prefix="regwatch-crashes-") as folder, Site() as site:
        toll = Trial(Path(folder), site, seed=seed).run(kills)
    print(f"seed {seed}: {toll.kills} kills, {toll.looks} looks, {toll.changes} changes, {toll.messages} messages, "
          f"{toll.doubled} of them shown twice and marked")  # fmt: skip
    for what in fields(toll)[5:]:
        print(f"  {what.name:<12} {len(getattr(toll, what.name))}  {'; '.join(getattr(toll, what.name)[:5])}".rstrip())
    return 1 if toll.harm else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
