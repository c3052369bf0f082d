"""python -m benchmarks: the benchmarks of this repository, one command each; `make bench` runs the quick ones."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version

ROOMS = {
    "looks": "CPU, memory and false alarms of a pass over 1,000 local pages, beside a bare fetch-and-walk floor",
    "growth": "what a later version costs in the store: 50 passes over 200 pages, 5 % changed",
    "startup": "how soon a command begins, and what the service holds at rest",
    "processes": "what a second core, processes and a Dask cluster give",
    "scale": "100,000 sources over 5,000 hosts: ticks, looks, growth, memory (some minutes)",
    "diffing": "comparing two versions: laws, 20,000 paragraphs, shuffles",
    "relevance": "precision and recall of the judge on labelled items (needs the labelled file)",
    "events": "which findings join one event, and how many falsely (needs the labelled files)",
    "honesty": "precision and recall of the honesty room on the corpus (needs the corpus)",
    "reading": "every capture of the corpus: blocks, language, charset, time (needs the corpus)",
    "commands": "how long /reg takes to answer over 200,000 judged changes",
    "slack_faults": "Slack goes wrong and we are killed: is each alert there exactly once, in order?",
    "mail": "digests to 500 recipients, SMTP faults before and after DATA, kill -9: lost, doubled, listed?",
    "mutations": "takes the guards away, one at a time: does the test of each notice? (ten minutes)",
    "crashes": "kill -9 at random while pages change and are told: lost, doubled, damaged?",
    "flips": "flips bits of an export: does the program that lies in it notice each?",
    "replaying": "labelled histories of the corpus through the whole pipeline (needs the corpus)",
}
QUICK = ("startup", "looks", "growth", "diffing")
PARTS = ("httpx", "selectolax", "lxml", "pypdfium2", "rapidfuzz", "msgspec", "sqlite-utils")


def machine() -> str:
    """Where the figures were seen: one line."""
    with open("/proc/cpuinfo") as lines:
        cpu = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    parts = ", ".join(f"{name} {version(name)}" for name in PARTS)
    where = f"{os.cpu_count()} cores ({cpu}), Linux {platform.release()}, Python {platform.python_version()}"
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {where}; {parts}; load {os.getloadavg()[0]:.1f}"


def main() -> int:
    wanted = sys.argv[1:] or QUICK
    print(machine(), flush=True)
    for name in wanted:
        if name not in ROOMS:
            print("\n".join(f"{room:<10} {what}" for room, what in ROOMS.items()))
            return 2
        print(f"\n== {name}: {ROOMS[name]}", flush=True)
        if code := subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
