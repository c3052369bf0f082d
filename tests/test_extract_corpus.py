"""Lessons: surprises from real pages, made small in tests/corpus/NAME, and the captures beside this repository."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.errors import ReadError
from bot.extract import guess_type, read, reading_hash
from bot.model import CAUSES, Block, Reading, Source
from bot.text import fold

LESSONS = sorted(path.parent for path in (Path(__file__).parent / "corpus").glob("*/expected.toml"))
CAPTURES = Path(__file__).parents[2] / "shared" / "corpus"


def reading_of(path: Path, url: str = "https://authority.example/page") -> Reading:
    body = path.read_bytes()
    content_type = "text/markdown" if path.suffix == ".md" else ""
    kind = guess_type(content_type=content_type, body=body, url=f"{url}{path.suffix}")
    return read(body, source=Source("lesson", url, type=kind), content_type=content_type, url=url)


def difference(before: Reading, after: Reading) -> list[Block]:
    old = Counter((block.place, fold(block.text)) for block in before.blocks)
    new = Counter((block.place, fold(block.text)) for block in after.blocks)
    changed = (old - new) + (new - old)
    return [block for block in (*before.blocks, *after.blocks) if (block.place, fold(block.text)) in changed]


@pytest.mark.parametrize("folder", LESSONS, ids=lambda folder: folder.name)
def test_a_lesson_is_read_as_its_expectation_says(folder: Path) -> None:
    expected: dict[str, Any] = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    before, after = (reading_of(next(folder.glob(f"{name}.*"))) for name in ("before", "after"))
    assert (reading_hash(before.blocks) == reading_hash(after.blocks)) is expected["same"], expected["why"]
    changed = difference(before, after)
    assert set(expected.get("after", ())) <= {block.text for block in changed}, expected["why"]
    if "places" in expected:
        assert {block.place for block in changed} == set(expected["places"]), expected["why"]


def captures(*folders: str) -> Iterator[dict[str, str]]:
    if not (CAPTURES / "MANIFEST.tsv").exists():
        pytest.skip(f"the captures are not at {CAPTURES}")
    with (CAPTURES / "MANIFEST.tsv").open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        yield from (row for row in rows if row["path"].startswith(folders) and not row["path"].endswith(".gz"))


def test_every_capture_reads_or_fails_with_a_cause() -> None:
    for row in captures("single", "feeds", "json", "xml", "legacy-charset", "blocked", "pdf", "doc", "docx"):
        try:
            reading = reading_of(CAPTURES / row["path"])
        except ReadError as error:
            assert error.cause in CAUSES, row["path"]
        else:
            assert reading.blocks, row["path"]
            assert not any("\ufffd" in block.text for block in reading.blocks[:200]), row["path"]


def test_captures_that_differ_in_nothing_that_counts_read_the_same() -> None:
    quiet = ("whitespace)", "timestamp", "counter", "markup", "version count", "nav")
    paths = 0
    for row in captures("histories"):
        label, said = row["substantive"], row["what_changed"]
        # Some pairs labelled for white space also swap a teaser, which is a difference, if an idle one.
        if not row["prev_version"] or not label.startswith("N (") or not any(word in label for word in quiet):
            continue
        before, after = (reading_of(CAPTURES / path) for path in (row["prev_version"], row["path"]))
        changed = difference(before, after)
        assert all(block.place in {"aside", "about"} for block in changed), (row["path"], said)
        paths += 1
    assert paths > 10


def test_captures_that_were_amended_differ() -> None:
    for row in captures("histories"):
        if row["prev_version"] and row["substantive"].startswith("Y"):
            before, after = (reading_of(CAPTURES / path) for path in (row["prev_version"], row["path"]))
            assert reading_hash(before.blocks) != reading_hash(after.blocks), row["path"]
