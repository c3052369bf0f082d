"""Labelled histories of the corpus through the whole pipeline: what is counted, what is told, what is missed.

Every history is replayed into a fresh home with one subscription to every change (`mode:every`). Pairs labelled N for
white space, re-wrapping, time stamps, counters, order, footers, markup or capture artefacts should give no counted
edit; all other N should tell nobody; pairs labelled Y should give a change.

    python -m benchmarks.replaying [CORPUS] [-v]
"""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.bench import table
from bot.app import build
from bot.model import Filters, Subscription
from bot.settings import Settings

CORPUS = Path("../shared/corpus")
NOTHING = re.compile(
    r"whitespace|re-wrap|timestamp|counter|ordering|order flip|swap order|footer|markup|artefact|maintenance", re.I
)


def main(corpus: Path, *, verbose: bool) -> None:
    rows = _labels(corpus)
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row, record in _replayed(corpus, rows):
        group, well = _grade(row, record)
        found[group][0] += 1
        found[group][1] += well
        if verbose or not well:
            _print(row, record, group, well)
    print(table(("group", "pairs", "as wanted"), [(group, *counts) for group, counts in sorted(found.items())]))


def _labels(corpus: Path) -> list[dict[str, str]]:
    with (corpus / "MANIFEST.tsv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row for row in rows if row["path"].startswith("histories")]


def _replayed(corpus: Path, rows: list[dict[str, str]]) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """Each labelled capture with the record that replay gave for it; records come in the order of the archive."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(corpus / "make_warc.py"), f"{folder}/warc"]
        subprocess.run(command, check=True, capture_output=True)
        settings = Settings(home=Path(folder) / "home")
        with build(settings, stream=sys.stderr, sources=()) as app:
            app.subscribe(Subscription(0, "console", "all", Filters(every_change=True)))
            for path in sorted(Path(folder, "warc").glob("histories_*.warc.gz")):
                series = path.name.removesuffix(".warc.gz").replace("_", "/", 1)
                group = [row for row in rows if row["path"].rpartition("/")[0] == series]
                yield from zip(_in_order(group), app.replay(path), strict=True)


def _in_order(group: list[dict[str, str]]) -> list[dict[str, str]]:
    """Date order as make_warc dates them: captures without a day follow the one before."""
    dated, last = [], datetime(2000, 1, 1)
    for row in group:
        match = re.match(r"\d{4}-\d\d-\d\d", row["capture_date"] or "")
        last = datetime.fromisoformat(match[0]) if match else last.replace(day=last.day + 1)
        dated.append((last, row))
    return [row for _, row in sorted(dated, key=lambda pair: pair[0])]


def _grade(row: dict[str, str], record: dict[str, Any]) -> tuple[str, bool]:
    label = row["substantive"]
    if not row["prev_version"]:
        return "first of its series", record["outcome"] in {"first", "failed"}
    if label.startswith(("Y", "mixed")):
        return "Y: a change", bool(record["edits"])
    if not label.startswith("N"):
        return "minor: either", True
    if NOTHING.search(label) or NOTHING.search(row["what_changed"].split("[auto")[0]):
        return "N: no counted edit", not record["edits"]
    return "N: tells nobody", not record["told"]


def _print(row: dict[str, str], record: dict[str, Any], group: str, well: bool) -> None:
    print(f"{'ok ' if well else 'NOT'} {group}: {row['path']}: {row['substantive']}: {row['what_changed'][:150]}")
    print(f"    {record['outcome']} {record['cause'] or ''} {record['verdict']} {record['uncounted']} uncounted")
    for edit in record["edits"][:6]:
        print(f"    {edit['kind']} ({edit['worth']}) {str(edit['before'])[:110]!r} -> {str(edit['after'])[:110]!r}")


if __name__ == "__main__":
    paths = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    main(Path(paths[0]) if paths else CORPUS, verbose="-v" in sys.argv)
