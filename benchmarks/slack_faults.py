"""Slack goes wrong, and we are killed: is each change in the channel exactly once, in order?

    python -m benchmarks.slack_faults [ALERTS [KILLS [SEED]]]

First every fault of the stand-in for Slack, before and after the write, on a post and on a rewrite. Then ALERTS alerts
are promised, a few at a time, while a child process that delivers them is killed with SIGKILL at random moments and
Slack drops answers at random; at last a child is left alone until nothing is owed.
"""

from __future__ import annotations

import io
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App, build
from bot.channels.slack import Slack
from bot.model import Delivery
from bot.settings import Settings
from tests.site import Site
from tests.slack_double import SlackDouble
from tests.slack_scenes import CHANNEL, SlackScene, slack_scene

ROOT = Path(__file__).parents[1]
HASTE = 60  # seconds that pass in a second: what is looked for after a minute is looked for after a second
LATEST = 0.4  # seconds at most from a child's first request to its end
STARTED = 10  # seconds that a child may take to its first request
BEFORE = ("http_429", "http_500", "http_503", "html_502", "drop", "reset", "bad_json", "timeout")
AFTER = tuple(f"{kind}_after" for kind in ("drop", "reset", "timeout", "http_500", "bad_json", "fatal_error"))


@dataclass(slots=True)
class Toll:
    """What a trial came to; the last three must be nothing."""

    alerts: int = 0
    kills: int = 0
    faults: int = 0
    sendings: int = 0  # times a kill found a row on sending
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)

    @property
    def harm(self) -> dict[str, list[str]]:
        given = {"lost": self.lost, "doubled": self.doubled, "disordered": self.disordered}
        return {name: found for name, found in given.items() if found}


# ------------------------------------------------------------------------------------------------ the child


def live(home: Path, api_url: str, began: float) -> None:
    """Deliver, again and again, until the file `last` is there and nothing is owed."""
    with open_app(home, api_url, began) as app:
        while app.outbox(states=("queued", "sending", "uncertain")) or not (home / "last").exists():
            for _ in app.deliver_all():
                pass
            time.sleep(0.05)


def open_app(home: Path, api_url: str, began: float) -> App:
    """The real App on this home; its time runs fast."""
    settings = Settings(home=home, slack_bot_token="xoxb-double", slack_api_url=api_url)
    app = build(settings, stream=io.StringIO(), sources=(), clock=lambda: hurried(began), colour=False)
    slack = app.channels["slack"]
    assert isinstance(slack, Slack)
    slack.spacing = 0.0
    slack.client.timeout = 1
    return app


def hurried(began: float) -> datetime:
    return datetime.fromtimestamp(began, UTC) + timedelta(seconds=(time.time() - began) * HASTE)


# ------------------------------------------------------------------------------------------------ the trial


class Trial:
    """One home with alerts to promise, one channel, many short lives."""

    def __init__(self, folder: Path, site: Site, double: SlackDouble, *, alerts: int, seed: int) -> None:
        self.home, self.double, self.chance = folder / "home", double, random.Random(seed)
        pages = min(alerts, 40)
        with_room = SlackScene(self.home, site, double, pages=pages)
        with_room.follow()
        with_room.start()
        for number in range(1, -(-alerts // pages) + 1):
            with_room.publish("shall" if number % 2 else "must", number=number)
            with_room.pass_time(days=2)
            list(with_room.app.check())
        list(with_room.app.judge_all(tell=False))
        found = with_room.app.changes(limit=10_000)
        self.left = [change.id for change, _ in found if change.cause == "source"][:alerts]
        with_room.app.close()
        self.toll = Toll(alerts=len(self.left))

    def run(self, kills: int) -> Toll:
        """Promise, deliver and kill; then let it come to an end and count."""
        began = time.time()
        self.double.clock = lambda: hurried(began).timestamp()
        self.double.inject("chat.postMessage", "slow", times=-1, seconds=0.04)
        with open_app(self.home, self.double.base_url, began) as app:
            each = max(1, -(-len(self.left) // max(1, kills)))
            for _ in range(kills):
                self._promise(app, each, began)
                self._kill(app, began)
            self._promise(app, len(self.left), began)
            (self.home / "last").touch()
            self._start(began).wait(timeout=600)
            self._count(app)
        return self.toll

    def _promise(self, app: App, number: int, began: float) -> None:
        now = hurried(began)
        taken, self.left = self.left[:number], self.left[number:]
        app.store.promise([Delivery(1, "post", f"change:{one}", due=now) for one in taken])

    def _start(self, began: float) -> subprocess.Popen[bytes]:
        words = ["--live", str(self.home), self.double.base_url, str(began)]
        return subprocess.Popen([sys.executable, "-m", "benchmarks.slack_faults", *words], cwd=ROOT)

    def _kill(self, app: App, began: float) -> None:
        if self.chance.random() < 0.5:
            kind = self.chance.choice([*BEFORE, *AFTER])
            self.double.inject("chat.postMessage", kind, skip=self.chance.randrange(4), seconds=0.05)
            self.double.faults.insert(0, self.double.faults.pop())
            self.toll.faults += 1
        asked = len(self.double.calls)
        child = self._start(began)
        until = time.monotonic() + STARTED
        while len(self.double.calls) == asked and time.monotonic() < until and not _ends(child, 0.01):
            pass
        if not _ends(child, self.chance.uniform(0, LATEST)):
            child.kill()
            child.wait()
        self.toll.kills += 1
        self.toll.sendings += len(app.outbox(states=("sending",)))

    def _count(self, app: App) -> None:
        ours = [one for one in self.double.messages(CHANNEL) if "metadata" in one]
        keys = Counter(one["metadata"]["event_payload"]["key"] for one in ours)
        self.toll.doubled += [key for key, times in keys.items() if times > 1]
        told = list(told_of(ours))
        promised = [one.subject for one in app.store.deliveries(subscription=1) if one.subject.startswith("change:")]
        self.toll.lost += sorted(set(promised) - set(told))
        self.toll.lost += [f"{one.subject} is {one.state}" for one in app.outbox()]
        if told != promised:
            self.toll.disordered += [a for a, b in zip(told, promised, strict=False) if a != b][:5]


def _ends(child: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether a child comes to its end by itself within so many seconds."""
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def told_of(messages: list[dict[str, object]]) -> Iterator[str]:
    """The Changes that alerts tell of, as they stand in the channel."""
    for message in messages:
        for block in message.get("blocks", []):  # type: ignore[attr-defined]
            if block["type"] == "actions":
                yield f"change:{block['block_id'].split(':')[1]}"


# ------------------------------------------------------------------------------------------------ the matrix


def matrix(folder: Path, site: Site) -> Iterator[tuple[str, str, int, int, int]]:
    """For each method and fault: copies in the channel, requests that it took, minutes until nothing was owed."""
    with slack_scene(folder / "matrix", site) as scene:
        scene.follow()
        scene.start()
        scene.hasten().client.timeout = 0.2  # type: ignore[assignment]
        for number, kind in enumerate([*BEFORE, *AFTER]):
            scene.news("shall" if number % 2 else "must", number=number + 1)
            yield "chat.postMessage", kind, *_one(scene, "chat.postMessage", kind, key=-1)
        for number, kind in enumerate([*BEFORE, *AFTER]):
            change = int(next(told_of(scene.posts()[:1])).removeprefix("change:"))
            scene.app.handle(change, "snoozed", actor="Ann", subscription=1, value=f"2030-01-{number + 1:02}")
            yield "chat.update", kind, *_one(scene, "chat.update", kind, key=0)


def _one(scene: SlackScene, method: str, kind: str, *, key: int) -> tuple[int, int, int]:
    """(copies, requests, minutes)"""
    before = scene.calls(method)
    scene.double.inject(method, kind, seconds=0.4)
    list(scene.app.deliver_all())
    minutes = 0
    while scene.app.outbox() and minutes < 120:
        minutes += 1
        scene.drain(minutes=1)
    wanted = scene.keys()[key]
    return scene.keys().count(wanted), scene.calls(method) - before, minutes


def main(words: list[str]) -> int:
    if words[:1] == ["--live"]:
        live(Path(words[1]), words[2], float(words[3]))
        return 0
    alerts, kills = (int(words[0]) if words else 200), (int(words[1]) if words[1:] else 25)
    seed = int(words[2]) if words[2:] else random.randrange(10**6)
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="regwatch-slack-") as folder, Site() as site:
        print(f"{'method':<18}{'fault':<19}{'copies':>7}{'requests':>10}{'minutes':>9}")
        for method, kind, copies, requests, minutes in matrix(Path(folder), site):
            print(f"{method:<18}{kind:<19}{copies:>7}{requests:>10}{minutes:>9}")
            wrong += copies != 1
        with SlackDouble() as double:
            toll = Trial(Path(folder) / "trial", site, double, alerts=alerts, seed=seed).run(kills)
    print(f"seed {seed}: {toll.alerts} alerts, {toll.kills} kills ({toll.sendings} of them while one was on its way), "
          f"{toll.faults} faults: {len(toll.lost)} lost, {len(toll.doubled)} doubled, "
          f"{len(toll.disordered)} out of order")  # fmt: skip
    for name, found in toll.harm.items():
        print(f"  {name}: {'; '.join(found[:5])}")
    return 1 if toll.harm or wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
