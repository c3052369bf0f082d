"""How long /reg takes to answer at 200,000 judged changes: the whole command, from what was typed to the blocks sent.

python -m benchmarks.commands [COUNT [HOME]]       HOME: the store is kept there, and used again
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import quantiles

import storage
from benchmarks.bench import table
from benchmarks.lookups import END, LIMIT_MS, PLACES, SOURCES, build
from bot.app import App
from bot.app import build as open_app
from bot.model import Filters, Source, Subscription
from bot.settings import Settings
from bot.slack.asker import Asker
from bot.slack.commands import OURS, command

TURNS = 25
COMMANDS = (
    "", "search transfer security", "search everywhere jurisdiction:CN", "search 数据出境", "search nowhere-at-all",
    "show {n}", "diff {n}", "why {n}", "corridor EU US", "corridor EU *", "corridor * *", "jurisdiction CN",
    "latest topic:cloud mechanism:scc", "latest min:act", "upcoming 90d", "upcoming jurisdiction:EU", "state CN",
    "status", "sources", "list",
)  # fmt: skip
HERE = Asker("U0BENCH001", "bench", "T0BENCH001", "C0BENCH001")


def main(count: int = 200_000, home: str = "") -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(home or folder)
        with closing(storage.open(place)) as store:
            if store.totals().findings < count:
                build(store, count)
        with opened(place) as app:
            rows = [measured(app, text, count) for text in COMMANDS]
    print(table(("/reg", "characters", "p50 ms", "p95 ms", "worst ms"), rows))
    slow = [row[0] for row in rows if float(row[3]) > LIMIT_MS]
    print(f"p95 over {LIMIT_MS} ms: {', '.join(slow) or 'none'}")


def opened(home: Path) -> App:
    """The App over the synthetic store, its sources declared, one channel subscribed."""
    sources = [
        Source(f"source-{n}", f"https://source-{n}.example/", f"Source {n}", "Authority", PLACES[n % len(PLACES)],
               topics=("transfer_general", "cloud"))
        for n in range(SOURCES)
    ]  # fmt: skip
    app = open_app(Settings(home=home, slack_bot_token="xoxb-bench"), stream=io.StringIO(), sources=sources,
                   clock=lambda: END)  # fmt: skip
    app.subscribe(Subscription(0, "slack", HERE.channel, Filters(jurisdictions=("CN",))))
    return app


def measured(app: App, text: str, count: int) -> tuple[str, ...]:
    times, size = [], 0
    for turn in range(TURNS):
        said = text.format(n=1 + (turn * 7919) % (count - 1))
        began = time.perf_counter()
        answer = command(app, said, HERE).arguments()
        times.append((time.perf_counter() - began) * 1000)
        size = len(str(answer))
        assert OURS not in answer["text"], said
    cuts = quantiles(times, n=20)
    return (text or "(glance)", str(size), f"{cuts[9]:.1f}", f"{cuts[18]:.1f}", f"{max(times):.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *sys.argv[2:3])
