"""The clock and the service: drains that never wait for one another, signals, and an end within seconds."""

from __future__ import annotations

import io
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType

import pytest

from bot.app import build, read_sources
from bot.app.pulse import Pulse
from bot.errors import DeliveryError, StoreError
from bot.model import Delivery
from bot.scheduler import Scheduler, limits
from bot.settings import Settings
from tests.scenes import MONDAY, Scene, rule
from tests.site import Site

ROOT = Path(__file__).parents[1]
PATIENCE = 120  # seconds until a test gives up waiting
SOON = 40  # seconds within which a service that was told to stop has ended, on a busy machine; a held look takes 120

ALL = set(limits(["console"]))

# ------------------------------------------------------------------------------------------------ in this process


@pytest.fixture(autouse=True)
def _signals_stay_as_they_were() -> Iterator[None]:
    kept = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    yield
    for one, handler in kept.items():
        signal.signal(one, handler)


class Drains:
    """An App of which only the drains are there; each does what it is told and says so."""

    def __init__(self, **drains: Callable[[], object]) -> None:
        self._drains = drains
        self.settings = Settings()
        self.crew, self.declared, self.channels = self, (), {"console": self}
        self.now = MONDAY
        self.pulse = Pulse(MONDAY)
        self.ran: dict[str, int] = {}

    def clock(self) -> datetime:
        return self.now

    def stop(self) -> None:
        """Of the crew."""

    def _drain(self, name: str) -> Iterator[object]:
        self.ran[name] = self.ran.get(name, 0) + 1
        yield self._drains.get(name, lambda: None)()

    def check(self) -> Iterator[object]:
        yield from (one for one in self._drain("check") if one)

    def judge_all(self) -> Iterator[object]:
        return self._drain("judge_all")

    def deliver_all(self, *, only: str) -> Iterator[object]:
        return self._drain("deliver_all")

    def digest_all(self) -> Iterator[object]:
        return self._drain("digest_all")

    def remind_all(self) -> Iterator[object]:
        return self._drain("remind_all")

    def alarm_all(self) -> Iterator[object]:
        return self._drain("alarm_all")

    def keep_all(self) -> Iterator[object]:
        return self._drain("keep_all")

    def beat(self) -> Iterator[object]:
        return self._drain("beat")


def raising(error: Exception) -> Callable[[], object]:
    def drain() -> object:
        raise error

    return drain


def run_until(scheduler: Scheduler, happened: Callable[[], bool]) -> bool:
    """Run until something happened; whether it did in time."""
    seen = threading.Event()

    def look() -> None:
        deadline = time.monotonic() + PATIENCE
        while not seen.is_set() and time.monotonic() < deadline:
            if happened():
                seen.set()
            seen.wait(0.02)
        scheduler.stop()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        scheduler.run()
    finally:
        thread.join()
    return seen.is_set()


def test_all_drains_run_at_once_when_the_service_starts() -> None:
    app = Drains()
    scheduler = Scheduler(app, say=print)  # type: ignore[arg-type]
    assert not scheduler.healthy()
    assert run_until(scheduler, lambda: set(scheduler.drained) == ALL)
    drains = {"check", "judge_all", "deliver_all", "digest_all", "remind_all", "alarm_all"}
    assert set(app.ran) - {"beat"} == drains and scheduler.healthy()


def test_a_drain_that_comes_to_no_end_makes_the_service_ill() -> None:
    app = Drains()
    scheduler = Scheduler(app, say=print)  # type: ignore[arg-type]
    run_until(scheduler, lambda: set(scheduler.drained) == ALL)
    app.now += timedelta(minutes=16)
    assert not scheduler.healthy()


@pytest.mark.parametrize(
    ("row", "level", "text"),
    [
        (
            Delivery(1, "remind", "date:2:deadline:2027-01-20", 7),
            "INFO",
            "a new delivery (remind of date:2:deadline:2027-01-20): queued",
        ),
        (
            Delivery(1, "post", "change:2", id=5, detail="timeout"),
            "WARNING",
            "delivery 5 (post of change:2): queued: timeout",
        ),
        (
            Delivery(1, "post", "change:2", id=5, state="done", detail="ts"),
            "INFO",
            "delivery 5 (post of change:2): done",
        ),
    ],
    ids=["promised", "tried in vain", "done"],
)
def test_the_service_warns_of_a_delivery_only_where_there_is_trouble_to_name(
    caplog: pytest.LogCaptureFixture, row: Delivery, level: str, text: str
) -> None:
    scheduler = Scheduler(Drains(remind_all=lambda: row), say=print)  # type: ignore[arg-type]
    with caplog.at_level("INFO", logger="bot"):
        assert run_until(scheduler, lambda: set(scheduler.drained) == ALL)
    said = {(one.levelname, one.text) for one in caplog.records if one.msg == "delivery"}  # type: ignore[attr-defined]
    assert said == {(level, text)}


def test_a_clock_that_was_set_back_holds_nothing_up() -> None:
    app = Drains()
    scheduler = Scheduler(app, say=print)  # type: ignore[arg-type]
    far = datetime.now(UTC) + timedelta(days=2)
    for job in scheduler._clock.get_jobs():  # as the jobs stand once the clock was set back by two days
        job.modify(next_run_time=far)
    waited = iter([False])

    def drained() -> bool:
        if next(waited, True) is False:
            scheduler.wake()
        return set(scheduler.drained) == ALL

    assert run_until(scheduler, drained)


def test_a_slow_look_does_not_delay_a_delivery(scene: Scene) -> None:
    scene.site.publish("/law", rule())
    scene.look()
    scene.site.publish("/law", rule("shall"))
    scene.pass_time(days=2)
    list(scene.app.check())  # seen, not yet judged and told
    wake = scene.site.slow("/law", PATIENCE)
    scene.pass_time(days=2)
    scheduler = Scheduler(scene.app, say=print)
    asked = len(scene.site.asked("/law"))

    def told_while_held() -> bool:
        if "#change:2" in scene.screen.getvalue() and len(scene.site.asked("/law")) > asked:
            held.append(not wake.is_set())
            wake.set()
        return bool(held)

    held: list[bool] = []
    assert run_until(scheduler, told_while_held) and held == [True]


def test_trouble_is_said_once_and_stops_no_other_drain() -> None:
    said: list[str] = []
    app = Drains(deliver_all=raising(DeliveryError("the channel is gone")), check=raising(ZeroDivisionError("ours")))
    scheduler = Scheduler(app, say=said.append)  # type: ignore[arg-type]
    others = {"judging", "digests", "reminders", "alarms"}
    assert run_until(scheduler, lambda: app.ran.get("deliver_all", 0) >= 2 and others <= set(scheduler.drained))
    assert said == ["delivering:console: the channel is gone"]
    assert set(scheduler.drained) == others
    assert "beat" not in app.ran, "who listens for the heartbeat must miss it now"


def test_a_store_in_trouble_ends_the_service_with_its_own_exit_code() -> None:
    app = Drains(judge_all=raising(StoreError("the disk is full")))
    scheduler = Scheduler(app, say=lambda text: None)  # type: ignore[arg-type]
    with pytest.raises(StoreError, match="the disk is full") as ended:
        scheduler.run()
    assert ended.value.exit_code == 3


# ------------------------------------------------------------------------------------------------ a process of its own


class Service:
    """`regwatch run` over a directory, as an operator starts it."""

    def __init__(self, folder: Path, **settings: str) -> None:
        environment = {**os.environ, "REGWATCH_ALLOW_NETS": "127.0.0.0/8", "REGWATCH_BIND": "127.0.0.1:0", **settings}
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=folder,
            env={**environment, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self.said: dict[str, list[str]] = {"stdout": [], "stderr": []}
        self._lines: queue.Queue[None] = queue.Queue()
        self._threads = [threading.Thread(target=self._pump, args=(name,)) for name in self.said]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Service:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for thread in self._threads:
            thread.join()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()

    def _pump(self, name: str) -> None:
        for line in getattr(self.process, name):
            self.said[name].append(json.loads(line)["text"] if line.startswith("{") else line)
            self._lines.put(None)
        self._lines.put(None)

    def hear(self, words: str, stream: str = "stderr") -> str:
        """Wait for a line with these words."""
        deadline = time.monotonic() + PATIENCE
        while True:
            for line in self.said[stream]:
                if words in line:
                    return line
            assert time.monotonic() < deadline, f"never said: {words}; but: {self.said}"
            self._lines.get(timeout=PATIENCE)

    def ask(self, path: str) -> tuple[int, str]:
        base = self.hear("pages on ").split()[-1].rstrip("/")
        try:
            with urllib.request.urlopen(base + path, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    def ready(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while self.ask("/healthz")[0] != 200:
            assert time.monotonic() < deadline
            threading.Event().wait(0.1)

    def end(self, order: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to stop; it must within seconds."""
        self.process.send_signal(order)
        return self.process.wait(timeout=SOON)


def declare(folder: Path, site: Site, *ids: str, more: str = "") -> None:
    tables = [f'[hosts."127.0.0.1:{site.port}"]\nspacing = 0\n']
    for one in ids:
        tables.append(
            f'[{one}]\ntitle = "Export measures"\nauthority = "Ministry of Data"\njurisdiction = "CN"\n'
            f'url = "{site.url(f"/{one}")}"\ntype = "page"\nlanguage = "en"\nevery = "6h"\n{more}'
        )
    (folder / "sources.toml").write_text("\n".join(tables), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, site: Site) -> Path:
    """A directory whose one source was read two days ago and has been amended since."""
    declare(tmp_path, site, "law")
    settings = Settings(home=tmp_path / "var", sources=tmp_path / "sources.toml", allow_nets=("127.0.0.0/8",))
    site.publish("/law", rule())
    before = datetime.now(UTC) - timedelta(days=2)
    with build(settings, stream=io.StringIO(), sources=read_sources(settings), clock=lambda: before) as app:
        app.run_once()
    site.publish("/law", rule("shall"))
    return tmp_path


def stored(folder: Path) -> list[tuple[str, str]]:
    settings = Settings(home=folder / "var", sources=folder / "sources.toml")
    with build(settings, stream=io.StringIO()) as app:
        return [(one.subject, one.state) for one in app.outbox(states=("queued", "sending", "done", "dead"))]


def test_the_service_looks_tells_shows_and_ends_in_peace(folder: Path) -> None:
    with Service(folder) as service:
        service.hear("#change:2", "stdout")
        assert any("{+shall+}" in line for line in service.said["stdout"])
        service.ready()
        status, page = service.ask("/change/2")
        assert status == 200 and "<ins>shall</ins>" in page
        health = json.loads(service.ask("/healthz")[1])
        assert (health["live"], health["ready"], health["looks"]) == (True, True, 2)
        assert service.end() == 0
    assert service.said["stderr"][0].startswith("watching 1 of 1 declared sources; pages on http://127.0.0.1:")
    assert stored(folder) == [("change:2", "done")]


@pytest.mark.parametrize("executor", ["threads:1", "processes:1"])
def test_the_service_ends_soon_though_a_server_holds_a_look_and_the_look_stays_due(
    folder: Path, site: Site, executor: str
) -> None:
    held = site.slow("/law", 120)
    with Service(folder, REGWATCH_EXECUTOR=executor) as service:
        site.wait_for("/law", times=2, by=service.process)
        assert service.end() == 0
        assert service.said["stdout"] == []
    held.set()
    with Service(folder) as service:
        service.hear("#change:2", "stdout")
        assert service.end(signal.SIGINT) == 0


def test_sighup_reads_the_declarations_again_and_keeps_the_old_ones_when_they_are_broken(
    folder: Path, site: Site
) -> None:
    with Service(folder) as service:
        service.ready()
        (folder / "sources.toml").write_text("[law\n")
        service.process.send_signal(signal.SIGHUP)
        assert "sources.toml:1" in service.hear("the old ones stay")
        assert service.ask("/")[0] == 200
        declare(folder, site, "law", "more")
        service.process.send_signal(signal.SIGHUP)
        service.hear("sources re-read: 2 declared")
        assert "0 of 2" in service.ask("/")[1] or "1 of 2" in service.ask("/")[1]
        assert service.end() == 0


def test_the_service_runs_with_nothing_to_watch(tmp_path: Path, site: Site) -> None:
    declare(tmp_path, site, "law", more='enabled = false\noff_reason = "manual"\n')
    with Service(tmp_path) as service:
        service.hear("watching 0 of 1 declared sources")
        service.ready()
        assert service.end() == 0
    assert not site.requests


def test_a_second_service_ends_with_2_and_says_who_runs(folder: Path) -> None:
    with Service(folder) as first:
        first.hear("pages on")
        with Service(folder) as second:
            assert second.process.wait(timeout=PATIENCE) == 2
            assert f"held by regwatch run, pid {first.process.pid}" in second.hear("held by")
        assert first.end() == 0


def test_a_service_that_cannot_have_its_address_ends_with_2(folder: Path, site: Site) -> None:
    with Service(folder, REGWATCH_BIND=f"127.0.0.1:{site.port}") as service:
        assert service.process.wait(timeout=PATIENCE) == 2
        service.hear("cannot be bound")
    assert len(service.said["stderr"]) == 1


def test_settings_that_nothing_listens_to_are_said_at_the_start(folder: Path) -> None:
    with Service(folder, REGWATCH_SMTP_URL="smtp://127.0.0.1:25", REGWATCH_OWNR="x") as service:
        service.hear("REGWATCH_SMTP_URL is set, but not REGWATCH_MAIL_FROM: no mail is sent")
        service.hear("REGWATCH_OWNR is set, but there is no such setting")
        assert service.end() == 0
