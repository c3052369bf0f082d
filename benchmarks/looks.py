"""CPU per page, peak memory, false alarms and misses of one pass, against a floor measured in the same run.

The floor fetches with a plain sync httpx client, decodes, walks the blocks, hashes bytes and text, compresses with
zstd -3 and commits once: what any watcher of this kind must at least do. It has no guard, no politeness, no diff.

    python -m benchmarks.looks [COUNT]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.bench import declare, look, origin, table
from benchmarks.meter import ProcMeter

PASSES = (
    ("first sight", "etag=1&noise=none", 0.0),
    ("same, 304", "etag=1&noise=none", 0.0),
    ("same bytes, no validators", "etag=0&noise=none", 0.0),
    ("10 % changed, no validators", "etag=0&noise=none", 0.10),
    ("noise: hidden tokens", "etag=0&noise=hidden", 0.0),
    ("noise: session ids in links", "etag=0&noise=link", 0.0),
    ("noise: visible counter, clock", "etag=0&noise=visible", 0.0),
)


def main(count: int = 1000) -> None:
    rows = []
    with origin(count) as site, tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        declare(site.urls, path=work / "sources.toml")
        (work / "urls.txt").write_text("\n".join(site.urls), encoding="utf-8")
        for number, (name, mode, fraction) in enumerate(PASSES):
            site.call(f"/mode?{mode}")
            changed = site.call(f"/change?fraction={fraction}&tag=p{number}")["changed"] if fraction else []
            truth = {f"page-{index:05}" for index, _ in changed}
            floor = ProcMeter(site.pid).run([sys.executable, "-m", "benchmarks.floor", str(work)])
            measured, said = look(work, origin_pid=site.pid)
            told = {source for source, outcome in said.items() if outcome == "changed"}
            rows.append(_row(name, count, measured, floor, said=said, told=told, truth=truth))
            print(".", end="", file=sys.stderr, flush=True)
        size = sum(path.stat().st_size for path in (work / "home").glob("regwatch.db*"))
    print(table(("pass", "CPU ms/page", "floor", "ratio", "MB", "false alarms", "missed", "not read"), rows))
    print(
        f"{count} pages, store {size / count / 1000:.1f} KB a page after all passes; floor = sync httpx + walk + commit"
    )


def _row(
    name: str, count: int, measured: object, floor: object, *, said: dict[str, str], told: set[str], truth: set[str]
) -> tuple[object, ...]:
    ours, least = measured.cpu_s * 1000 / count, floor.cpu_s * 1000 / count  # type: ignore[attr-defined]
    failed = sum(outcome == "failed" for outcome in said.values()) + count - len(said)
    memory = f"{measured.peak_rss / 1e6:.0f}"  # type: ignore[attr-defined]
    return (
        name,
        f"{ours:.2f}",
        f"{least:.2f}",
        f"{ours / least:.1f}x",
        memory,
        len(told - truth),
        len(truth - told),
        failed,
    )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
