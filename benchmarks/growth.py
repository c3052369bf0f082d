"""What a later version costs in the store: PASSES over COUNT pages, 5 % changed in each.

python -m benchmarks.growth [COUNT [PASSES]]
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from pathlib import Path

from benchmarks.bench import declare, look, origin, table


def main(count: int = 200, passes: int = 50) -> None:
    with origin(count) as site, tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        declare(site.urls, path=work / "sources.toml")
        site.call("/mode?etag=1&noise=none")
        look(work, origin_pid=site.pid)
        before = _tables(work)
        versions = 0
        for number in range(passes):
            versions += len(site.call(f"/change?fraction=0.05&tag=g{number}")["changed"])
            _, said = look(work, origin_pid=site.pid)
            assert sum(outcome == "changed" for outcome in said.values()) == count // 20, "a change was missed"
            print(".", end="", file=sys.stderr, flush=True)
        after = _tables(work)
    rows = [
        (name, f"{before.get(name, 0) / count / 1000:.2f}", f"{(size - before.get(name, 0)) / versions / 1000:.2f}")
        for name, size in sorted(after.items(), key=lambda pair: -pair[1])
        if size > before.get(name, 0) or size > 20_000
    ]
    print(table(("table or index", "KB a page, first version", "KB a later version"), rows))
    print(f"{versions} later versions over {passes} passes of {count} pages")


def _tables(work: Path) -> dict[str, int]:
    """Bytes of each table and index, and of all, by SQLite's own account where dbstat is there."""
    with sqlite3.connect(work / "home" / "regwatch.db") as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        try:
            sizes = dict(db.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
        except sqlite3.OperationalError:
            sizes = {}
        (pages,), (size,) = db.execute("PRAGMA page_count").fetchone(), db.execute("PRAGMA page_size").fetchone()
    return {**sizes, "everything": pages * size}


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
