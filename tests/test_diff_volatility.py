"""Counters and clocks that no dictionary names are learnt, and nothing that could be a rule is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from bot import diff
from bot.model import Block, Mark

DAY = timedelta(days=1)
START = datetime(2026, 11, 1, tzinfo=UTC)


def learnt(template: str, looks: int, *, step: timedelta = DAY, **more: object) -> Mapping[str, Mark]:
    """The marks after so many looks in which the number in a block was another."""
    marks: Mapping[str, Mark] = {}
    for n in range(looks):
        before = [Block(**{"kind": "paragraph", "text": template.format(n), **more})]
        after = [before[0]._replace(text=template.format(n + 1))]
        edits = diff.edits(before, after, marks=marks)
        marks = diff.learn(before, after, edits, marks=marks, at=START + n * step) or marks
    return marks


def is_marked(marks: Mapping[str, Mark]) -> bool:
    return any(mark.marked for mark in marks.values())


def test_a_counter_is_learnt_after_eight_looks() -> None:
    assert not is_marked(learnt("Seen {} times so far", 7))
    assert is_marked(learnt("Seen {} times so far", 8))


def test_eight_looks_within_two_days_are_not_enough() -> None:
    assert not is_marked(learnt("Seen {} times so far", 12, step=timedelta(hours=1)))


def test_one_quiet_look_ends_the_streak() -> None:
    assert diff.rest(learnt("Seen {} times so far", 7)) == {}
    assert diff.rest({}) is None


def test_a_mark_outlives_quiet_looks() -> None:
    marks = learnt("Seen {} times so far", 8)
    block = [Block("paragraph", "Seen 9 times so far")]
    assert diff.rest(marks) is None
    assert diff.learn(block, block, (), marks=marks, at=START) is None


def test_a_marked_block_is_volatile_and_says_why() -> None:
    marks = learnt("Seen {} times so far", 8)
    before, after = [Block("paragraph", "Seen 9 times so far")], [Block("paragraph", "Seen 1,234 times so far")]
    (edit,) = diff.edits(before, after, marks=marks)
    assert (edit.kind, edit.counted) == ("volatile", False)
    assert "8 looks" in edit.reason


def test_any_other_difference_counts_and_lifts_the_mark() -> None:
    marks = learnt("Seen {} times so far", 8)
    before, after = [Block("paragraph", "Seen 9 times so far")], [Block("paragraph", "Seen 9 times by users so far")]
    edits = diff.edits(before, after, marks=marks)
    assert [edit.kind for edit in edits] == ["replace"]
    assert diff.learn(before, after, edits, marks=marks, at=START) == {}


@pytest.mark.parametrize(
    "template",
    [
        "Data must be kept for {} months",
        "The fine is {} euros",
        "A share of {}% is enough",
        "See Article {} of the Act",
        "Article 5 holds {} words",
        "保存期限应当为{}日",
        "罚款{}元",
        "根据第{}条",
    ],
)
def test_what_could_be_a_rule_is_never_learnt(template: str) -> None:
    assert not learnt(template, 10)


@pytest.mark.parametrize(
    "more", [{"kind": "row"}, {"kind": "item"}, {"path": ("Chapter I", "第五条")}, {"label": "5."}]
)
def test_tables_lists_and_articles_are_never_learnt(more: dict[str, object]) -> None:
    assert not learnt("Seen {} times so far", 10, **more)
