"""Real histories of laws and policies, line by line: the laws of comparing hold, and it is quick."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from bot import diff
from bot.diff.faces import face
from bot.model import Block

HISTORIES = Path(__file__).parents[1] / "../shared/corpus/histories"
PAIRS = [
    pytest.param(before, after, id=f"{after.parent.name}/{after.stem}")
    for folder in sorted(HISTORIES.glob("*"))
    for before, after in pairwise(sorted(folder.glob("*.md")))
]

pytestmark = pytest.mark.skipif(not PAIRS, reason="the corpus of real captures is not beside this checkout")


def lines(path: Path) -> list[Block]:
    marks = str.maketrans("", "", "*#")
    texts = (line.translate(marks).strip(" -") for line in path.read_text(encoding="utf-8").splitlines())
    return [Block("paragraph", text) for text in texts if text]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_replaying_the_edits_of_a_real_amendment_gives_its_text(before: Path, after: Path) -> None:
    old, new = lines(before), lines(after)
    replayed = diff.replay(old, new, diff.edits(old, new))
    assert [face(Block("paragraph", text))[:2] for text in replayed] == [face(block)[:2] for block in new]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_a_real_amendment_reads_the_same_from_both_sides(before: Path, after: Path) -> None:
    old, new = lines(before), lines(after)
    there = sorted((e.kind, e.before, e.after) for e in diff.reversed_edits(diff.edits(old, new)))
    assert there == sorted((e.kind, e.before, e.after) for e in diff.edits(new, old))
