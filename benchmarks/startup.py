"""How long a command takes to begin, and what the service holds at rest: 200 sources, after one full pass.

python -m benchmarks.startup [SOURCES]
"""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.bench import COMMAND, declare, look, origin, table

TIMES = 9
BARE = "import apscheduler.schedulers.background, bs4, httpx, slack_sdk, sqlite_utils, starlette.applications, uvicorn"
QUIET = 8.0  # seconds of peace after the pass, before memory is read


def main(count: int = 200) -> None:
    with origin(count) as site, tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        declare(site.urls, path=work / "sources.toml")
        site.call("/mode?etag=1&noise=none")
        look(work, origin_pid=site.pid)
        site.call("/change?fraction=0.1&tag=s")
        look(work, origin_pid=site.pid)
        where = ["--home", str(work / "home"), "--sources", str(work / "sources.toml")]
        rows = [
            ("python -c pass", *_took([sys.executable, "-c", "pass"])),
            ("--help", *_took([*COMMAND, "--help"])),
            ("show 1", *_took([*COMMAND, *where, "show", "1"])),
            ("changes", *_took([*COMMAND, *where, "changes"])),
        ]
        print(table(("command", "CPU ms", "wall ms, least", "median"), rows))
        print()
        site.call("/mode?etag=0&noise=hidden")
        (work / "fresh").mkdir()
        fresh = ["--home", str(work / "fresh"), "--sources", str(work / "sources.toml")]
        print(table(("at rest", "MB"), [("bare imports", _bare()), (f"service, {count} sources", _service(fresh))]))


def _took(command: list[str]) -> tuple[str, str, str]:
    """Milliseconds: CPU, least and median wall; on a busy machine the CPU is what can be compared.

    Bytecode is compiled once, as by an installer, whatever the environment of whoever measures says of that.
    """
    times, used = [], []
    for _ in range(TIMES):
        before, began = _children(), time.perf_counter()
        subprocess.run(command, capture_output=True, check=True, env=os.environ | {"PYTHONDONTWRITEBYTECODE": ""})
        times.append((time.perf_counter() - began) * 1000)
        used.append((_children() - before) * 1000)
    return f"{min(used):.0f}", f"{min(times):.0f}", f"{statistics.median(times):.0f}"


def _children() -> float:
    spent = os.times()
    return spent.children_user + spent.children_system


def _bare() -> str:
    code = f"{BARE}; print(open('/proc/self/status').read())"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    return _resident(said)


def _service(where: list[str]) -> str:
    """Resident memory of `regwatch run` once it has looked at everything and said so."""
    environment = {**os.environ, "REGWATCH_ALLOW_NETS": "127.0.0.0/8", "REGWATCH_BIND": "127.0.0.1:0"}
    with subprocess.Popen([*COMMAND, *where, "run"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment,
                          text=True) as service:  # fmt: skip
        assert service.stderr
        for line in service.stderr:
            if "pages on" in line:
                break
        _settled(service.pid)
        held = _resident(Path(f"/proc/{service.pid}/status").read_text())
        service.send_signal(signal.SIGTERM)
        service.stderr.read()
    return held


def _settled(pid: int) -> None:
    """Wait until the process has used hardly any CPU for a while."""
    quiet = 0.0
    before = _ticks(pid)
    while quiet < QUIET:
        time.sleep(1.0)
        now = _ticks(pid)
        quiet = quiet + 1.0 if now - before < 10 else 0.0
        before = now


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def _resident(status: str) -> str:
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return f"{int(found[1]) / 1000:.0f}"


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
