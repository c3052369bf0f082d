"""How long the pages take at 200,000 judged changes: one process serves, readers in another ask over real HTTP.

python -m benchmarks.pages [COUNT [HOME]]       with HOME the store is kept there, and used again

First 50 readers with 0.5-1.5 s between clicks, then the same while a pass over 1,000 pages runs beside them, then 8
without pauses, then one redline of 2,000 passages.
"""

from __future__ import annotations

import asyncio
import io
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

from benchmarks.bench import COMMAND, declare, origin, table
from benchmarks.lookups import END, PLACES, SOURCES, VERSIONS, WORDS, build

READERS, PAUSE, SECONDS = 50, (0.5, 1.5), 30
BUSY, BUSY_SECONDS = 8, 10
LIMITS = {"change": 100, "source": 100, "search": 200}
PASSAGES = 2_000
PAGES = 1_000


def main(count: int = 200_000, home: str = "") -> None:
    import storage

    with tempfile.TemporaryDirectory() as folder, origin(PAGES) as publishers:
        place = Path(home or folder)
        store = storage.open(place)
        if store.totals().findings < count:
            build(store, count)
        store.close()
        declarations = Path(folder) / "sources.toml"
        declare(publishers.urls, path=declarations)
        with served(place) as service:
            asyncio.run(_measure(service, count, beside=(place, declarations)))
    print(f"\na redline of {PASSAGES:,} passages: {redline():.2f} s")


async def _measure(service: Service, count: int, *, beside: tuple[Path, Path]) -> None:
    port = service.port
    calm = await _round(port, count, readers=READERS, seconds=SECONDS, pause=PAUSE)
    _say(f"{READERS} readers, {PAUSE[0]}-{PAUSE[1]} s between clicks, {SECONDS} s", calm)
    slow = [kind for kind, limit in LIMITS.items() if p95(calm[kind]) > limit]
    print(f"over the limit ({', '.join(f'{kind} {limit} ms' for kind, limit in LIMITS.items())}): {slow or 'none'}")
    with _pass(*beside):
        _say("\nthe same beside a pass", await _round(port, count, readers=READERS, seconds=SECONDS, pause=PAUSE))
    spent = service.cpu()
    busy = await _round(port, count, readers=BUSY, seconds=BUSY_SECONDS, pause=None)
    spent = service.cpu() - spent
    _say(f"\n{BUSY} readers without pauses, {BUSY_SECONDS} s", busy)
    asked = sum(map(len, busy.values()))
    print(f"requests per second: {asked / BUSY_SECONDS:.0f}; CPU of the service: {spent * 1000 / asked:.2f} ms each")


@contextmanager
def _pass(home: Path, declarations: Path) -> Iterator[None]:
    """A pass over all pages of the local publishers, by another process on the same store."""
    command = [*COMMAND, "--home", str(home), "--sources", str(declarations), "check", "--all"]
    environment = {**os.environ, "REGWATCH_ALLOW_NETS": "127.0.0.0/8"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
        print(f"the pass {'was over by then' if process.poll() is not None else 'still ran then'}")
    finally:
        process.terminate()
        process.wait(20)


def _say(title: str, times: dict[str, list[float]]) -> None:
    rows = [
        (kind, len(found), f"{p50(found):.0f}", f"{p95(found):.0f}", f"{max(found):.0f}")
        for kind, found in sorted(times.items())
    ]
    print(title)
    print(table(("page", "asked", "p50 ms", "p95 ms", "worst ms"), rows))


def p50(times: list[float]) -> float:
    return quantiles(times, n=20)[9]


def p95(times: list[float]) -> float:
    return quantiles(times, n=20)[18]


# ------------------------------------------------------------------------------------------------ readers


async def _round(
    port: int, count: int, *, readers: int, seconds: float, pause: tuple[float, float] | None
) -> dict[str, list[float]]:
    """What each kind of page took, in milliseconds, by so many readers at the same time."""
    times: dict[str, list[float]] = defaultdict(list)
    until = time.monotonic() + seconds
    await asyncio.gather(*(_reader(port, count, n, times, until=until, pause=pause) for n in range(readers)))
    return times


async def _reader(
    port: int,
    count: int,
    number: int,
    times: dict[str, list[float]],
    *,
    until: float,
    pause: tuple[float, float] | None,
) -> None:
    """One reader, who keeps a connection as browsers do, and opens another when it was closed for idling."""
    chance = random.Random(f"{until} {number}")  # in every round other pages than in the one before
    stream, sink = await asyncio.open_connection("127.0.0.1", port)
    if pause:
        await asyncio.sleep(chance.uniform(0, pause[1]))
    while time.monotonic() < until:
        kind, path = _click(chance, count)
        began = time.perf_counter()
        try:
            await _ask(stream, sink, path)
        except (asyncio.IncompleteReadError, ConnectionError):
            stream, sink = await asyncio.open_connection("127.0.0.1", port)
            await _ask(stream, sink, path)
        times[kind].append((time.perf_counter() - began) * 1000)
        if pause:
            await asyncio.sleep(chance.uniform(*pause))
    sink.close()


def _click(chance: random.Random, count: int) -> tuple[str, str]:
    """Mostly changes, among them few that everybody reads; some sources, searches and lists."""
    first = SOURCES * VERSIONS + 1
    hot = first + count - 1 - chance.randrange(40)
    number = hot if chance.random() < 0.5 else chance.randrange(first, first + count)
    return chance.choices(
        [
            ("change", f"/change/{number}"),
            ("redline", f"/change/{number}/redline?view={chance.choice(('inline', 'side'))}"),
            ("source", f"/source/source-{chance.randrange(SOURCES)}"),
            ("search", f"/search?words={chance.choice(WORDS)}+{chance.choice(WORDS)}"),
            ("list", f"/search?jurisdiction={chance.choice(PLACES)}"),
            ("overview", "/"),
            ("dates", f"/upcoming?jurisdiction={chance.choice(PLACES)}"),
        ],
        (40, 12, 18, 14, 6, 6, 4),
    )[0]


async def _ask(stream: asyncio.StreamReader, sink: asyncio.StreamWriter, path: str) -> None:
    sink.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    await sink.drain()
    head = await stream.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise SystemExit(f"{path}: {head.splitlines()[0]!r}")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await stream.readexactly(int(length.partition(b":")[2]))


# ------------------------------------------------------------------------------------------------ the service


class Service(NamedTuple):
    """The pages in a process of their own."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Seconds of CPU that it used so far: on a busy machine they say more than the clock on the wall."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(home: Path) -> Iterator[Service]:
    """The pages of a home in a process of their own, as the last day of its history."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.pages", "--serve", str(home)], stdout=subprocess.PIPE)
    assert process.stdout
    try:
        yield Service(int(process.stdout.readline()), process.pid)
    finally:
        process.terminate()
        process.wait(10)


def serve(home: Path) -> None:
    from bot.app import build as build_app
    from bot.model import Source
    from bot.settings import Settings
    from bot.web import Server, site

    sources = [
        Source(f"source-{n}", f"https://source-{n}.example/", title=f"Source {n}", jurisdiction=PLACES[n % len(PLACES)])
        for n in range(SOURCES)
    ]
    settings = Settings(home=home, bind="127.0.0.1:0")
    began = time.monotonic()
    hour = END + timedelta(hours=1)

    def clock() -> datetime:
        return hour + timedelta(seconds=time.monotonic() - began)

    app = build_app(settings, stream=io.StringIO(), sources=sources, clock=clock)
    server = Server(site(app), bind=settings.bind)
    server.start()
    print(server.url.rpartition(":")[2], flush=True)
    while True:
        time.sleep(60)


def redline() -> float:
    """Seconds to compare two texts of 2,000 passages that all differ and to render it side by side."""
    from datetime import UTC, datetime

    from bot import diff
    from bot.model import Block, Change, Source
    from bot.pipeline import Case
    from bot.web.redlines import rows

    chance = random.Random(3)
    old = [Block("paragraph", " ".join(chance.choices(WORDS, k=50)), (f"Part {n // 50}",)) for n in range(PASSAGES)]
    new = [block._replace(text=block.text.replace(" may ", " shall ") + " hereby") for block in old]
    began = time.perf_counter()
    edits = diff.edits(old, new)
    change = Change(1, "law", datetime(2026, 11, 22, tzinfo=UTC), "source", None, None, edits)
    made = rows(Case(change, Source("law", ""), tuple(old), tuple(new), edits), edits, view="side")
    assert made.html.count("<ins>") >= PASSAGES
    return time.perf_counter() - began


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000, *sys.argv[2:3])
