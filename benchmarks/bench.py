"""What the benchmarks of looks share: the origin in its own process, the command under test, a table."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.meter import ProcMeter, Result

COMMAND = [sys.executable, "-m", "bot"]
HOSTS = 40


class Origin:
    """The local origin: pages on 127.0.0.1 … 127.0.0.40, edited and made noisy over a control port."""

    def __init__(self, count: int) -> None:
        command = [sys.executable, "-m", "benchmarks.origin.server", "--n", str(count), "--hosts", str(HOSTS)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._process.stdout
        told = json.loads(self._process.stdout.readline())
        self.pid, self._control = told["pid"], f"http://127.0.0.1:{told['ctl']}"
        paths = self.call("/urls")["paths"]
        self.urls = [f"http://127.0.0.{1 + n % HOSTS}:{told['port']}{path}" for n, path in enumerate(paths)]

    def call(self, path: str) -> Any:
        with urllib.request.urlopen(urllib.request.Request(self._control + path, method="POST"), timeout=120) as answer:
            return json.load(answer)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)


@contextmanager
def origin(count: int) -> Iterator[Origin]:
    started = Origin(count)
    try:
        yield started
    finally:
        started.stop()


def declare(urls: Sequence[str], *, path: Path) -> None:
    """A sources.toml with one page each, without politeness: these hosts are ours."""
    hosts = sorted({url.split("/")[2] for url in urls})
    tables = [f'[hosts."{host}"]\nspacing = 0\n' for host in hosts]
    tables += [f'[page-{n:05}]\nurl = "{url}"\ntype = "page"\ntitle = "page {n}"\n' for n, url in enumerate(urls)]
    path.write_text("\n".join(tables), encoding="utf-8")


def look(
    work: Path, *, origin_pid: int, executor: str = "threads:8", before: Sequence[str] = ()
) -> tuple[Result, dict[str, str]]:
    """One `regwatch check --all` as an operator would run it; what it said of each source. `before`: words in front."""
    out = work / "looks.jsonl"
    environment = {**os.environ, "REGWATCH_ALLOW_NETS": "127.0.0.0/8", "REGWATCH_EXECUTOR": executor}
    with out.open("wb") as stream:
        where = ["--home", str(work / "home"), "--sources", str(work / "sources.toml")]
        command = [*before, *COMMAND, *where, "check", "--all", "--json"]
        measured = ProcMeter(origin_pid).run(command, stdout=stream, env=environment)
    if measured["rc"] not in (0, 1):
        raise SystemExit(out.read_text("utf-8"))
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines() if line.startswith("{")]
    return measured, {line["source"]: line["outcome"] for line in lines}


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Plain columns, numbers to the right."""
    cells = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[n]) for row in cells) for n in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in cells
    )
