"""The crew: whose turn it is, and what a worker that breaks down costs, in threads, processes and on a cluster."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

import storage
from bot.crew import crew
from bot.crew.waiting import Waiting
from bot.model import Known, Look, Source, Unit, UnitDone
from bot.ports import Plan
from bot.schedule import Plan as Planned
from tests.scenes import rule
from tests.site import Handler, Site

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[1]
PATIENCE = 60


def plan(host: str, *names: str, spacing: float = 2.0) -> Planned:
    return Planned(host, tuple(Source(name, f"http://{host}/{name}", spacing=spacing) for name in names))


def unit(planned: Plan) -> Unit:
    return Unit(planned.host, NOON, tuple(map(Known, planned.sources)), 0.0, planned.spacing, "")


# ------------------------------------------------------------------------------------------------ whose turn it is


def test_hosts_take_turns_and_none_has_two_units_out() -> None:
    first, second, other = plan("a", "1"), plan("a", "2"), plan("b", "3")
    waiting = Waiting([first, second, other])
    assert (waiting.take(), waiting.take(), waiting.take()) == (first, other, None)
    waiting.done(other)
    assert waiting.take() is None
    waiting.done(first)
    assert (waiting.take(), waiting.take()) == (second, None)


def test_units_of_a_host_without_spacing_may_be_out_together() -> None:
    plans = [plan("a", str(n), spacing=0) for n in range(3)]
    waiting = Waiting(plans)
    assert [waiting.take() for _ in plans] == plans
    for one in plans:
        waiting.done(one)
    assert waiting.take() is None


def test_ten_thousand_units_of_busy_hosts_are_handed_out_in_steps_that_cost_the_same() -> None:
    """Each step of the loop is looked at by count, not by time: a host that is busy is never looked at again."""
    waiting = Waiting([plan(f"h{n % 100}", str(n)) for n in range(10_000)])
    out = [waiting.take() for _ in range(100)]
    assert len({one.host for one in out if one}) == 100 and waiting.take() is None
    handed = 100
    while out:
        waiting.done(out.pop() or plan("", ""))
        if following := waiting.take():
            out.append(following)
            handed += 1
    assert handed == 10_000


# ------------------------------------------------------------------------------------------------ breakdowns


def look_or_die(unit: Unit, settings: str, **_: object) -> UnitDone:
    """Work whose process dies of one source, as of a page that kills its parser."""
    if any(known.source.id == settings for known in unit.known):
        os._exit(1)
    return UnitDone(unit.host, tuple(Look(known.source.id, unit.at) for known in unit.known))


def look_or_raise(unit: Unit, settings: str, **_: object) -> UnitDone:
    if any(known.source.id == settings for known in unit.known):
        raise ArithmeticError("of ours")
    return UnitDone(unit.host, tuple(Look(known.source.id, unit.at) for known in unit.known))


@pytest.mark.parametrize(
    ("kind", "work", "why"),
    [("processes", look_or_die, "broke down"), ("threads", look_or_raise, "our own error (ArithmeticError: of ours)")],
)
def test_a_page_that_kills_its_worker_is_failed_and_all_others_are_looked_at_once(
    kind: str, work: object, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    plans = [plan("a", "1", "bad", "2"), plan("b", "3", "4"), plan("a", "5"), plan("c", "6")]
    made = crew(kind, width=2, work=work, settings="bad")  # type: ignore[arg-type]
    try:
        done = list(made(plans, make=unit))
    finally:
        made.close()
    looks = Counter(look.source_id for one in done for look in one.looks)
    assert looks == Counter(["1", "2", "3", "4", "5", "6", "bad"])
    (failed,) = (look for one in done for look in one.looks if look.cause)
    assert (failed.source_id, failed.cause) == ("bad", "unreadable") and why in failed.detail
    assert all(one.not_before == 2.0 for one in done if not one.looks)  # the host was asked: the next try keeps apart


# ------------------------------------------------------------------------------------------------ by the front door


@dataclass
class Hosts:
    """Publishers on several loopback addresses, a home, and the command."""

    sites: Sequence[Site]
    folder: Path
    per_host: int
    spacing: float

    def __post_init__(self) -> None:
        tables = [f'[hosts."{site.host}:{site.port}"]\nspacing = {self.spacing}\n' for site in self.sites]
        for h, site in enumerate(self.sites):
            for n in range(self.per_host):
                site.publish(f"/{n}", rule(more=f"<p>Rule {h}-{n}.</p>"))
                tables.append(f'[s{h}-{n}]\nurl = "{site.url(f"/{n}")}"\nlanguage = "en"\n')
        (self.folder / "sources.toml").write_text("\n".join(tables), encoding="utf-8")

    @property
    def ids(self) -> Counter[str]:
        return Counter(f"s{h}-{n}" for h in range(len(self.sites)) for n in range(self.per_host))

    def check(self, executor: str, *words: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "REGWATCH_ALLOW_NETS": "127.0.0.0/8", "REGWATCH_EXECUTOR": executor}
        command = [sys.executable, "-m", "bot", "check", "--json", *words]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env={**environment, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def recorded(self) -> Counter[str]:
        """How many looks the store has of each source."""
        store = storage.open(self.folder / "var")
        try:
            return Counter({one: len(store.checks(one)) for one in self.ids})
        finally:
            store.close()


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[Hosts]:
    with ExitStack() as stack:
        sites = [stack.enter_context(Site(f"127.0.0.{n}")) for n in (1, 2, 3)]
        yield Hosts(sites, tmp_path, per_host=30, spacing=0.01)


def held(site: Site, path: str) -> tuple[threading.Event, threading.Event]:
    """A page that says when it is asked for the first time, and answers only when it may."""
    asked, may, answer = threading.Event(), threading.Event(), site.find(path)

    def hold(handler: Handler) -> None:
        asked.set()
        may.wait(PATIENCE)
        if not handler.server.site.closing.is_set():
            answer(handler)

    site.answer(path, hold)
    return asked, may


def most_at_once(site: Site, count: int) -> list[int]:
    """How many requests the pages of a site had in hand, request by request."""
    seen: list[int] = []
    lock, now = threading.Lock(), [0]
    for n in range(count):
        answer = site.find(f"/{n}")

        def counted(handler: Handler, answer: object = answer) -> None:
            with lock:
                now[0] += 1
                seen.append(now[0])
            try:
                answer(handler)  # type: ignore[operator]
            finally:
                with lock:
                    now[0] -= 1

        site.answer(f"/{n}", counted)
    return seen


def children(pid: int) -> list[int]:
    return [int(one) for task in Path(f"/proc/{pid}/task").iterdir() for one in (task / "children").read_text().split()]


def workers_of(pid: int) -> list[int]:
    """The processes that were forked from the forkserver of a command."""
    return [worker for child in children(pid) for worker in children(child)]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the workers in /proc")
def test_a_worker_process_that_is_killed_costs_no_look_and_none_is_recorded_twice(hosts: Hosts) -> None:
    asked, may = held(hosts.sites[0], "/7")
    with hosts.check("processes:2") as command:
        assert asked.wait(PATIENCE)
        os.kill(workers_of(command.pid)[0], signal.SIGKILL)
        may.set()
        out, err = command.communicate(timeout=PATIENCE)
    told = [json.loads(line) for line in out.splitlines()]
    assert Counter(line["source"] for line in told) == hosts.ids, err
    assert {line["outcome"] for line in told} == {"first"} and command.returncode == 0
    assert set(hosts.recorded().values()) == {1}


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the workers in /proc")
def test_worker_processes_end_with_a_coordinator_that_is_killed(hosts: Hosts) -> None:
    asked, may = held(hosts.sites[0], "/0")
    with hosts.check("processes:1") as command:
        assert asked.wait(PATIENCE)
        (worker,) = workers_of(command.pid)
        watch = os.pidfd_open(worker)
        command.kill()
        assert select.select([watch], [], [], PATIENCE)[0]
        os.close(watch)
        may.set()


# ------------------------------------------------------------------------------------------------ a cluster


def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text('[a]\nurl = "http://127.0.0.1:9/"\n')
    code = "import sys; sys.modules['distributed'] = None; from bot.cli import main; sys.exit(main(['check']))"
    said = _python(tmp_path, code, "dask:tcp://127.0.0.1:9")
    assert said.returncode == 2
    assert said.stderr.splitlines() == [
        "regwatch: REGWATCH_EXECUTOR: dask needs an extra: pip install 'regwatch[cluster]'"
    ]


def test_without_a_scheduler_one_line_says_where_none_answers(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    code = (
        "from bot.crew.cluster import Cluster\nfrom bot.errors import OperatorError\n"
        "try: Cluster('tcp://127.0.0.1:9', print, patience=0.3)\nexcept OperatorError as error: print(error)"
    )
    said = _python(tmp_path, code, "")
    assert said.stdout.splitlines() == ["REGWATCH_EXECUTOR: no Dask scheduler answers at tcp://127.0.0.1:9"]
    assert not said.stderr


def _python(folder: Path, code: str, executor: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "REGWATCH_EXECUTOR": executor, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE
    )


@dataclass
class Dask:
    """A scheduler and two workers of one thread each, all on loopback."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: Sequence[subprocess.Popen[bytes]]


def start(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    with (folder / f"{words[0]}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *words, "--host", "127.0.0.1", "--no-dashboard"],
            cwd=folder, env=environment, stdout=log, stderr=log,
        )  # fmt: skip


def listening(command: subprocess.Popen[bytes], file: Path) -> str:
    """The address that a scheduler wrote down once it listens."""
    while True:
        try:
            return str(json.loads(file.read_text())["address"])
        except (OSError, ValueError):
            assert command.poll() is None, "the scheduler did not start"
            threading.Event().wait(0.05)


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Dask]:
    pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    file = tmp_path / "scheduler.json"
    started = [start(tmp_path, "scheduler", "--port", "0", "--scheduler-file", str(file))]
    started += [
        start(tmp_path, "worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", "--name", name,
              "--local-directory", str(tmp_path / name))
        for name in ("one", "two")
    ]  # fmt: skip
    try:
        yield Dask(listening(started[0], file), started[0], started[1:])
    finally:
        for one in reversed(started):
            one.kill()
            one.wait(PATIENCE)


@pytest.mark.slow
def test_a_cluster_worker_that_is_killed_costs_no_look_and_hosts_are_asked_politely(hosts: Hosts, dask: Dask) -> None:
    quiet = most_at_once(hosts.sites[2], hosts.per_host)
    waits = [held(site, "/3") for site in hosts.sites[:2]]
    with hosts.check(f"dask:{dask.address}") as command:
        assert all(asked.wait(PATIENCE) for asked, _ in waits)  # both workers are in the middle of a unit
        dask.workers[0].kill()
        for _, may in waits:
            may.set()
        out, err = command.communicate(timeout=PATIENCE)
    told = [json.loads(line) for line in out.splitlines()]
    assert Counter(line["source"] for line in told) == hosts.ids, err
    assert {line["outcome"] for line in told} == {"first"} and (command.returncode, err) == (0, "")
    assert set(hosts.recorded().values()) == {1}
    assert len(quiet) == hosts.per_host and max(quiet) == 1  # its two units never ran side by side


@pytest.mark.slow
def test_a_scheduler_that_goes_away_ends_the_pass_with_one_line_and_what_is_left_stays_due(
    hosts: Hosts, dask: Dask
) -> None:
    waits = [held(site, "/3") for site in hosts.sites[:2]]
    with hosts.check(f"dask:{dask.address}") as command:
        assert all(asked.wait(PATIENCE) for asked, _ in waits)
        dask.scheduler.kill()
        out, err = command.communicate(timeout=PATIENCE)
        for _, may in waits:
            may.set()
    assert command.returncode == 2 and out == ""
    (line,) = err.splitlines()
    assert line.startswith(f"regwatch: REGWATCH_EXECUTOR: {dask.address}: ") and "stays due" in line
    with hosts.check("threads:4") as again:
        told = again.communicate(timeout=PATIENCE)[0].splitlines()
    assert Counter(json.loads(line)["source"] for line in told) == hosts.ids
    assert set(hosts.recorded().values()) == {1}


