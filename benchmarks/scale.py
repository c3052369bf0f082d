"""A hundred thousand sources over five thousand hosts: what a tick, a look and a month cost, and what gives first.

    python -m benchmarks.scale [SOURCES [HOSTS]]

Pages are small (1.5 KB), so that planning and recording are measured rather than reading; what reading costs stands in
benchmarks.looks. Seeding makes the Looks in this process; everything after it goes over real HTTP, to a server on the
loopback device that answers on every 127.x.y.z. The clock is a value. Takes some minutes.
"""

from __future__ import annotations

import asyncio
import io
import resource
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.bench import table
from bot import pipeline
from bot.app import App, build
from bot.fetch import Response
from bot.look import read_response
from bot.model import Look, Source, Unit, UnitDone, Validators
from bot.ports import Plan
from bot.settings import Settings

START = datetime(2026, 11, 2, 8, tzinfo=UTC)
WIDTH = 32
SAMPLE = 10_000  # looks of a pass that is cut short
VCPU_HOUR, GB_MONTH = 0.04, 0.10  # US dollars, of a small rented machine


def page(path: str) -> bytes:
    words = " ".join(f"Measure {n} of {path} applies to operators that keep data." for n in range(20))
    return f"<html lang=en><main><h1>Rules of {path}</h1><p>{words}</p></main></html>".encode()


def url(n: int, hosts: int, port: int) -> str:
    host = n % hosts
    return f"http://127.{1 + host // 62_500}.{host // 250 % 250}.{1 + host % 250}:{port}/{n}"


# ------------------------------------------------------------------------------------------------ the origin


class Answers(asyncio.Protocol):
    """Just enough of HTTP/1.1: 304 to whoever brings the tag, else the page."""

    def connection_made(self, transport: Any) -> None:
        self.transport, self.held = transport, b""

    def data_received(self, data: bytes) -> None:
        *asked, self.held = (self.held + data).split(b"\r\n\r\n")
        for one in asked:
            path = one.split(b" ", 2)[1].decode()
            tag = b'ETag: "1"\r\n'
            if path == "/robots.txt":
                head, body = b"HTTP/1.1 404 Not Found\r\n", b""
            elif b"if-none-match" in one.lower():
                self.transport.write(b"HTTP/1.1 304 Not Modified\r\n" + tag + b"\r\n")
                continue
            else:
                head, body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n" + tag, page(path)
            self.transport.write(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)


async def serve() -> None:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")  # all of 127/8, and nothing from outside
    listener.bind(("0.0.0.0", 0))
    server = await asyncio.get_running_loop().create_server(Answers, sock=listener, backlog=4096)
    print(listener.getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def origin() -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.scale", "serve"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(10)


# ------------------------------------------------------------------------------------------------ the measured parts


class Made:
    """A crew that asks nobody: what a first look would bring, or a 304."""

    def __init__(self, look: Callable[[Any, datetime], Look]) -> None:
        self._look = look
        self.seconds = 0.0  # of CPU that a worker would have spent

    def __call__(self, plans: Sequence[Plan], *, make: Callable[[Plan], Unit]) -> Iterator[UnitDone]:
        for plan in plans:
            unit = make(plan)
            began = time.thread_time()
            looks = tuple(self._look(known, unit.at) for known in unit.known)
            self.seconds += time.thread_time() - began
            yield UnitDone(plan.host, looks, robots="")

    def stop(self) -> None: ...
    def close(self) -> None: ...


def first(known: Any, at: datetime) -> Look:
    path = "/" + known.source.url.rpartition("/")[2]
    headers = (("content-type", "text/html; charset=utf-8"), ("etag", '"1"'))
    response = Response(200, known.source.url, headers, page(path), Validators('"1"'), 1)
    return read_response(known, response, at=at)


def same(known: Any, at: datetime) -> Look:
    return Look(known.source.id, at, 1, 304, known.source.url, unchanged=True, fingerprint=known.fingerprint)


class Bench:
    """One home, reopened for every phase; rows for the table."""

    def __init__(self, home: Path, sources: Sequence[Source]) -> None:
        self.home, self.sources, self.now = home, sources, START
        self.rows: list[tuple[str, ...]] = []

    @contextmanager
    def app(self, crew: Made | None = None) -> Iterator[App]:
        settings = Settings(home=self.home, allow_nets=("127.0.0.0/8",), executor=f"threads:{WIDTH}")
        with build(settings, stream=io.StringIO(), sources=self.sources, clock=lambda: self.now) as app:
            if crew is not None:
                app.__dict__["crew"] = crew
            yield app

    @contextmanager
    def phase(self, name: str) -> Iterator[list[int]]:
        """Times what happens inside; whoever is inside puts into the list how many were done."""
        before, wall, cpu = self.size(), time.perf_counter(), _cpu()
        done = [0]
        yield done
        wall, cpu, count = time.perf_counter() - wall, _cpu() - cpu, max(done[0], 1)
        rate = f"{done[0] / wall:,.0f}" if done[0] else ""
        grown = f"{(self.size() - before) / count:,.0f}" if done[0] else ""
        each = f"{cpu * 1000 / count:.2f}" if done[0] else ""
        self.add(name, f"{done[0]:,}" if done[0] else "", f"{wall:.1f}", rate, each, grown, _peak())

    def tick(self, name: str, app: App) -> None:
        """Times a tick that finds nothing to do; the size of the store is left alone, for asking moves its log."""
        wall, cpu = time.perf_counter(), _cpu()
        assert not list(app.check())
        wall, cpu = time.perf_counter() - wall, _cpu() - cpu
        self.add(name, "", f"{wall:.2f}", "", f"{cpu * 1000:.0f} in all", "", _peak())

    def add(self, *row: str) -> None:
        self.rows.append(row)
        print(*row, sep="  ", file=sys.stderr, flush=True)

    def size(self) -> int:
        with closing(sqlite3.connect(self.home / "regwatch.db")) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return sum(path.stat().st_size for path in self.home.glob("regwatch.db*"))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f}"


def main(count: int = 100_000, hosts: int = 5_000) -> None:
    with origin() as port, tempfile.TemporaryDirectory() as folder:
        every = timedelta(hours=24)
        sources = tuple(Source(f"s{n:06}", url(n, hosts, port), every=every, spacing=0.0) for n in range(count))
        bench = Bench(Path(folder), sources)
        measure(bench, count)
    head = ("phase", "looks", "s", "looks/s", "CPU ms each", "bytes each", "peak MB")
    print(table(head, bench.rows))


def measure(bench: Bench, count: int) -> None:
    made = Made(first)
    with bench.app(made) as app, bench.phase("first sight, recording only") as done:
        done[0] = sum(1 for _ in app.check(everything=True))
    bench.add("  of it a worker's reading", "", f"{made.seconds:.1f}", "", "", "", "")
    with bench.app() as app:
        bench.tick("the first tick, nothing due", app)
        bench.size()  # puts the log away, which reads as if somebody had written
        bench.tick("a tick after somebody wrote", app)
        bench.tick("a tick with nothing due", app)
    bench.now = START + timedelta(hours=3)  # nobody is asked again within a tenth of a day
    with bench.app() as app, bench.phase("the first ones due, over HTTP, 304") as done:
        done[0] = sum(outcome.kind == "same" for outcome, _ in app.check())
    bench.now = START + timedelta(days=7)
    with bench.app() as app:
        with bench.phase("after a week: what is due") as done:
            due = app.due()
            done[0] = len(due)
        wanted, rest = due[:SAMPLE], due[SAMPLE:][:SAMPLE]
        with bench.phase(f"after a week: {len(wanted):,} over HTTP, 304") as done:
            done[0] = sum(outcome.kind == "same" for outcome, _ in _check(wanted, app))
    with bench.app(Made(same)) as app, bench.phase(f"{len(rest):,} more, recording only") as done:
        done[0] = sum(1 for _ in _check(rest, app))


def _check(sources: Sequence[Source], app: App) -> Iterator[tuple[Any, int]]:
    """The part of a pass that looks and records, for a share of what is due."""
    return pipeline.check(sources, store=app.store, crew=app.crew, clock=app.clock)


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        asyncio.run(serve())
    else:
        main(*(int(argument) for argument in sys.argv[1:3]))
