"""Judging costs what a Change is long, whatever stands in it: no blob, table or endless sentence holds it up."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from bot.judge import judge, load_rules
from bot.judge.stretches import PASSAGE, bounded, closely
from bot.messages import alert, plain
from bot.model import Block, Change, Edit, Finding, Source, Version

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RULES = load_rules()
OLD, NEW = Version(1, "s", NOW, 1, "f"), Version(2, "s", NOW, 2, "f")
SOURCE = Source("s", "https://agency.example/", title="Act on transfers of personal data", jurisdiction="EU")
RULE = "Personal data must be transferred to a third country within {} days."


def hexadecimal(size: int, seed: str) -> str:
    digests = (hashlib.sha256(f"{seed}{n}".encode()).hexdigest() for n in range(size // 64 + 1))
    return "".join(digests)[:size]


def pieces(old: str, new: str, *, every: int) -> Edit:
    """Every stretch of so many characters differs, but for one between."""
    size = min(len(old), len(new))
    return Edit("replace", 0, 0, tuple((at, at + every - 1, at, at + every - 1) for at in range(0, size, every)))


def whole(old: str, new: str) -> Edit:
    return Edit("replace", 0, 0, ((0, len(old), 0, len(new)),))


def opinion(before: Sequence[str], after: Sequence[str], edits: Sequence[Edit], *, language: str = "en") -> Finding:
    old, new = ([Block("paragraph", text) for text in side] for side in (before, after))
    source = Source("s", SOURCE.url, title=SOURCE.title, jurisdiction="EU", language=language)
    change = Change(1, "s", NOW, "source", OLD, NEW, tuple(edits))
    return judge(change, before=old, after=new, edits=edits, source=source, rules=RULES, now=NOW)


def spent(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def blob(size: int) -> Finding:
    old, new = hexadecimal(size, "a"), hexadecimal(size, "b")
    return opinion([old], [new], [pieces(old, new, every=7)])


def table(size: int) -> Finding:
    old, new = ("".join(f"{n * step % 9973} " for n in range(size // 5)) for step in (7, 11))
    return opinion([old], [new], [pieces(old, new, every=9)])


def endless(size: int) -> Finding:
    line = "向境外提供个人信息应当在三十个工作日内申报，"
    old = line * (size // 3 // len(line))
    new = old.replace("三十", "六十")
    return opinion([old], [new], [pieces(old, new, every=len(line))], language="zh")


def unspaced(size: int) -> Finding:
    line = "ต้องส่งหรือโอนข้อมูลส่วนบุคคลไปยังต่างประเทศภายในสามสิบวัน"
    old = line * (size // 3 // len(line))
    return opinion([old], [old.replace("สาม", "หก")], [whole(old, old)], language="th")


def addresses(size: int) -> Finding:
    said = "Tel. +49 30 {}, Raum {} "
    old, new = ("".join(said.format(n * step % 9000 + 1000, n) for n in range(size // 26)) for step in (3, 7))
    return opinion([old], [new], [pieces(old, new, every=13)], language="de")


def modals(size: int) -> Finding:
    old, new = "data must not leave, " * (size // 21), "data may not leave, " * (size // 20)
    return opinion([old], [new], [pieces(old, new, every=20)])


def numbered(size: int) -> Finding:
    before, after = ([RULE.format(n % 97 + more) for n in range(size // 70)] for more in (2, 3))
    edits = [Edit("replace", n, n, ((61, 63, 61, 63),)) for n in range(len(before))]
    return opinion(before, after, edits)


@pytest.mark.parametrize(
    "hostile", [blob, table, endless, unspaced, addresses, modals, numbered], ids=lambda one: one.__name__
)
def test_four_times_as_much_of_a_hostile_text_costs_four_times_as_much(hostile: Callable[[int], Finding]) -> None:
    hostile(2_000)  # whatever is made once
    small = spent(lambda: hostile(30_000))
    large = spent(lambda: hostile(120_000))
    assert large < 8 * small + 0.3  # in proportion 4; where each word met each other it was 16, and seconds


def test_what_is_not_read_closely_of_too_many_amendments_is_said_to_the_reader() -> None:
    before, after = ([RULE.format(n) for n in range(low, low + 1_000)] for low in (2_000, 4_000))
    edits = [Edit("replace", n, n, ((61, 65, 61, 65),)) for n in range(1_000)]
    found = opinion(before, after, edits)
    old, new = ([Block("paragraph", text) for text in side] for side in (before, after))
    change = Change(1, "s", NOW, "source", OLD, NEW, tuple(edits))
    told = plain(alert(change, found, before=old, after=new, edits=edits, source=SOURCE))
    assert len(found.force) == 8 and "differences, for numbers, days and duties: too much at once" in told


def test_a_blob_ahead_of_an_amended_rule_does_not_hide_it() -> None:
    old, new = hexadecimal(80_000, "a"), hexadecimal(80_000, "b")
    before, after = [old, RULE.format(30)], [new, RULE.format(60)]
    low = RULE.index("{")
    edits = [pieces(old, new, every=7), Edit("replace", 1, 1, ((low, low + 2, low, low + 2),))]
    found = opinion(before, after, edits)
    assert ("number", "30 days", "60 days") in [(one.kind, one.before, one.after) for one in found.force]
    assert found.unread == ("1 of 2 differences, for numbers, days and duties: too much at once",)


def test_an_ordinary_amendment_is_read_closely_as_a_whole() -> None:
    low = RULE.index("{")
    edits = [Edit("replace", n, n, ((low, low + 2, low, low + 2),)) for n in range(200)]
    before, after = ([RULE.format(limit)] * 200 for limit in (30, 60))
    assert opinion(before, after, edits).unread == ()


def test_of_a_passage_with_very_many_stretches_the_rest_is_one_and_nothing_is_dropped() -> None:
    edit = Edit("replace", 0, 0, tuple((n * 4, n * 4 + 2, n * 5, n * 5 + 3) for n in range(1_000)))
    (read,) = bounded([edit])
    assert len(read.spans) == PASSAGE and read.spans[:-1] == edit.spans[: PASSAGE - 1]
    first, last = edit.spans[PASSAGE - 1], edit.spans[-1]
    assert read.spans[-1] == (first[0], last[1], first[2], last[3])


def test_the_passages_with_the_fewest_stretches_are_read_first() -> None:
    texts = [Block("paragraph", "12 " * 400), Block("paragraph", "within 30 days")]
    crowded = Edit("replace", 0, 0, tuple((n * 3, n * 3 + 2, n * 3, n * 3 + 2) for n in range(400)))
    single = Edit("replace", 1, 1, ((7, 9, 7, 9),))
    close = closely([crowded, single], before=texts, after=texts, language="en")
    assert close.edits[1] == single and (close.left, close.of) == (1, 2)
    assert len(close.edits[0].spans) < 400
