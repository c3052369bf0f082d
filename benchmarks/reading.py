"""How captures read: a line per file (type, blocks, language, charset, cause, ms), and what history pairs differ in.

python -m benchmarks.reading [../shared/corpus] [--pairs] [--only PART_OF_PATH]
"""

from __future__ import annotations

import argparse
import csv
import gzip
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.errors import ReadError
from bot.extract import guess_type, read, reading_hash
from bot.model import Block, Reading, Source
from bot.text import fold

TYPES = {"html": "text/html", "xhtml": "application/xhtml+xml", "htm": "text/html", "md": "text/markdown"}


def captures(root: Path) -> Iterator[Mapping[str, str]]:
    """The rows of a manifest, or a row for every file where there is none."""
    manifest = root / "MANIFEST.tsv"
    if manifest.exists():
        with manifest.open(encoding="utf-8") as lines:
            yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    else:
        yield from (
            {"path": str(path.relative_to(root)), "url": ""} for path in sorted(root.rglob("*")) if path.is_file()
        )


def body_of(path: Path) -> bytes:
    body = path.read_bytes()
    return gzip.decompress(body) if path.suffix == ".gz" else body


def read_capture(root: Path, row: Mapping[str, str]) -> tuple[str, Reading | ReadError, float]:
    body = body_of(root / row["path"])
    name = row["path"].removesuffix(".gz")
    content_type = TYPES.get(name.rpartition(".")[2], "")
    url = row["url"] if row["url"].startswith("http") else f"http://capture.invalid/{name}"
    kind = guess_type(content_type=content_type, body=body, url=url)
    source = Source("capture", url, type=kind)
    started = time.perf_counter()
    try:
        made: Reading | ReadError = read(body, source=source, content_type=content_type, url=url)
    except ReadError as error:
        made = error
    return kind, made, (time.perf_counter() - started) * 1000


def table(root: Path, only: str) -> None:
    times, kinds = [], Counter[str]()
    for row in captures(root):
        if only not in row["path"]:
            continue
        kind, made, ms = read_capture(root, row)
        times.append(ms)
        if isinstance(made, ReadError):
            kinds[made.cause] += 1
            print(f"{row['path'][-70:]:70} {kind:8} {'-':>5} {'':8} {'':9} {made.cause}: {made.detail[:60]}")
            continue
        kinds["read"] += 1
        places = Counter(block.place for block in made.blocks)
        beside = " ".join(f"{place}={count}" for place, count in places.items() if place != "body")
        size = sum(len(block.text) for block in made.blocks)
        told = f"{made.language:8} {made.charset:9} {ms:7.1f} ms {size:8} {beside}"
        print(f"{row['path'][-70:]:70} {kind:8} {len(made.blocks):5} {told}")
    print(f"{len(times)} captures, median {statistics.median(times):.1f} ms, {dict(kinds)}")


def pairs(root: Path, only: str) -> None:
    """For each labelled pair: are the hashes equal, and which texts came and went, by place."""
    for row in captures(root):
        if not row.get("prev_version") or only not in row["path"]:
            continue
        before, after = (read_capture(root, one)[1] for one in ({**row, "path": row["prev_version"]}, row))
        print(f"{row['substantive'][:14]:14} {row['path']}: {row['what_changed'][:110]}")
        if isinstance(before, ReadError) or isinstance(after, ReadError):
            print(f"      {before if isinstance(before, ReadError) else after}")
            continue
        same = reading_hash(before.blocks) == reading_hash(after.blocks)
        print(f"      {'same' if same else 'DIFFERENT'} {_gone(before, after)}")


def _gone(before: Reading, after: Reading) -> str:
    old, new = _counted(before), _counted(after)
    lines = [f"-{(old - new).total()} +{(new - old).total()}"]
    for sign, texts in (("-", old - new), ("+", new - old)):
        lines += [f"        {sign} [{place}] {text[:160]}" for (place, text) in list(texts)[:4]]
    return "\n".join(lines)


def _counted(reading: Reading) -> Counter[tuple[str, str]]:
    return Counter((block.place, fold(_shown(block))) for block in reading.blocks)


def _shown(block: Block) -> str:
    return " ".join(filter(None, (block.text, block.date, block.note))) if block.key else block.text


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("root", nargs="?", type=Path, default=Path("../shared/corpus"))
    options.add_argument("--pairs", action="store_true")
    options.add_argument("--only", default="")
    given = options.parse_args()
    (pairs if given.pairs else table)(given.root, given.only)


if __name__ == "__main__":
    main()
