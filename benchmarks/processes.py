"""What more cores and more workers give: a pass that reads every page, and one that waits for slow servers.

    python -m benchmarks.processes [COUNT [WAITING]]

COUNT pages with hidden noise over 40 loopback hosts, so that each is read anew; then WAITING pages behind 200 ms
of latency. "One core" is the same command, pinned; the origin needs a part of the other one. Dask rows need the extra
[cluster].
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.bench import Origin, declare, look, origin, table

ONE_CORE = (
    sys.executable,
    "-c",
    "import os, sys; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))]); os.execv(sys.argv[1], sys.argv[1:])",
)


@contextmanager
def cluster(folder: Path, *, workers: int, threads: int) -> Iterator[str]:
    """A Dask scheduler and its workers on loopback; yields the executor that uses them."""
    file = folder / f"scheduler-{workers}-{threads}.json"
    started = [_dask(folder, "scheduler", "--port", "0", "--scheduler-file", str(file))]
    while not file.exists() or not file.read_text():
        time.sleep(0.1)
    for number in range(workers):
        place = str(folder / f"worker-{number}")
        words = ("worker", "--scheduler-file", str(file), "--nthreads", str(threads), "--no-nanny")
        started.append(_dask(folder, *words, "--local-directory", place))
    time.sleep(4)  # all have joined: a pass would begin with the first one
    try:
        yield f"dask:{json.loads(file.read_text())['address']}"
    finally:
        for one in reversed(started):
            one.terminate()
            one.wait(20)


def _dask(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "dask", *words, "--host", "127.0.0.1", "--no-dashboard"]
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    with (folder / "dask.log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, env=environment)


def seconds(site: Origin, work: Path, executor: str, *, pinned: bool = False) -> float:
    """Wall time of one pass; all pages must have been looked at."""
    before = ONE_CORE if pinned else ()
    measured, said = look(work, origin_pid=site.pid, executor=executor, before=before)
    assert set(said.values()) == {"same"}, said
    print(".", end="", file=sys.stderr, flush=True)
    return float(measured.wall_s)


def reading(folder: Path, count: int) -> list[tuple[str, float]]:
    with origin(count) as site:
        work = _known(site, folder / "reading")
        site.call("/mode?etag=0&noise=hidden")
        rows = [
            ("processes:2, one core", seconds(site, work, "processes:2", pinned=True)),
            ("processes:2, two cores", seconds(site, work, "processes:2")),
            ("threads:8", seconds(site, work, "threads:8")),
        ]
        with cluster(folder, workers=2, threads=8) as executor:
            rows.append(("dask, 2 workers of 8 threads", seconds(site, work, executor)))
    return rows


def waiting(folder: Path, count: int) -> list[tuple[str, float]]:
    with origin(count) as site:
        work = _known(site, folder / "waiting")
        site.call("/mode?etag=1&noise=none&delay_ms=200")
        rows = []
        for workers in (1, 2):
            with cluster(folder, workers=workers, threads=1) as executor:
                rows.append((f"dask, {workers} x 1 thread", seconds(site, work, executor)))
    return rows


def _known(site: Origin, work: Path) -> Path:
    """A home in which every page was seen once."""
    work.mkdir()
    declare(site.urls, path=work / "sources.toml")
    site.call("/mode?etag=1&noise=none")
    look(work, origin_pid=site.pid)
    return work


def main(count: int = 2000, waits: int = 100) -> None:
    with tempfile.TemporaryDirectory() as name:
        for what, rows in (
            (f"{count} pages read", reading(Path(name), count)),
            (f"{waits} pages behind 200 ms", waiting(Path(name), waits)),
        ):
            first = rows[0][1]
            print(f"\n{what}")
            print(table(("", "s", "times"), [(one, f"{s:.1f}", f"{first / s:.2f}x") for one, s in rows]))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
