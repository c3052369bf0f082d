"""python -m benchmarks: the benchmarks of this repository, one command each; `make bench` runs the quick ones."""

from __future__ import annotations

import subprocess
import sys

ROOMS = {
    "looks": "CPU, memory and false alarms of a pass over 1,000 local pages, beside a bare fetch-and-walk floor",
    "growth": "what a later version costs in the store: 50 passes over 200 pages, 5 % changed",
    "diffing": "comparing two versions: laws, 20,000 paragraphs, shuffles",
    "relevance": "precision and recall of the judge on labelled items (needs the labelled file)",
    "honesty": "precision and recall of the honesty room on the corpus (needs the corpus)",
    "reading": "every capture of the corpus: blocks, language, charset, time (needs the corpus)",
    "slack_faults": "Slack goes wrong and we are killed: is each alert there exactly once, in order?",
    "replaying": "labelled histories of the corpus through the whole pipeline (needs the corpus)",
}
QUICK = ("looks", "growth", "diffing")


def main() -> int:
    wanted = sys.argv[1:] or QUICK
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
