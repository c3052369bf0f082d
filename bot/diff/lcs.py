"""The longest common subsequence of two coded texts, in bounded memory. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import NamedTuple

# rapidfuzz keeps one bit per cell: 64 million cells are 8 MB. Larger tasks are cut into pieces first.
CELLS = 64_000_000
_FIRST_CODE = 0xE000  # above the surrogates, so that every code is a character by itself
_CODES = 0x110000 - _FIRST_CODE


class Run(NamedTuple):
    """`size` elements from `a` on equal those from `b` on."""

    a: int
    b: int
    size: int


class Codes(dict[str, str]):
    """One character for every different word or text, so that sequences can be compared as strings."""

    def __missing__(self, text: str) -> str:
        code = chr(_FIRST_CODE + len(self) % _CODES)
        self[text] = code
        return code


def common_runs(a: str, b: str) -> list[Run]:
    """Runs that two coded texts share in the same order, ascending, adjacent ones joined.

    The longest such sequence up to CELLS cells; beyond, the text is cut at elements that occur once on either side
    (or, without any, in halves), and the pieces are exact.
    """
    found: list[Run] = []
    todo = [(0, len(a), 0, len(b))]
    while todo:
        a0, a1, b0, b1 = todo.pop()
        head = _head(a, b, a0, a1, b0, b1)
        if head:
            found.append(Run(a0, b0, head))
            a0, b0 = a0 + head, b0 + head
        tail = _tail(a, b, a0, a1, b0, b1)
        if tail:
            a1, b1 = a1 - tail, b1 - tail
            found.append(Run(a1, b1, tail))
        if a0 == a1 or b0 == b1:
            continue
        if (a1 - a0) * (b1 - b0) <= CELLS:
            found += _exact(a, b, a0, a1, b0, b1)
        else:
            todo += _pieces(a, b, a0, a1, b0, b1)
    return _joined(sorted(found))


def _head(a: str, b: str, a0: int, a1: int, b0: int, b1: int) -> int:
    """Doubling steps: comparing slices is far quicker than comparing characters one by one."""
    most, size, step = min(a1 - a0, b1 - b0), 0, 1
    while step and size < most:
        step = min(step, most - size)
        if a[a0 + size : a0 + size + step] == b[b0 + size : b0 + size + step]:
            size, step = size + step, step * 2
        else:
            step //= 2
    return size


def _tail(a: str, b: str, a0: int, a1: int, b0: int, b1: int) -> int:
    most, size, step = min(a1 - a0, b1 - b0), 0, 1
    while step and size < most:
        step = min(step, most - size)
        if a[a1 - size - step : a1 - size] == b[b1 - size - step : b1 - size]:
            size, step = size + step, step * 2
        else:
            step //= 2
    return size


def _exact(a: str, b: str, a0: int, a1: int, b0: int, b1: int) -> list[Run]:
    from rapidfuzz.distance import Indel

    blocks = Indel.opcodes(a[a0:a1], b[b0:b1]).as_matching_blocks()
    return [Run(a0 + block.a, b0 + block.b, block.size) for block in blocks if block.size]


def _pieces(a: str, b: str, a0: int, a1: int, b0: int, b1: int) -> list[tuple[int, int, int, int]]:
    anchors = _anchors(a[a0:a1], b[b0:b1])
    if not anchors:
        middle_a, middle_b = (a0 + a1) // 2, (b0 + b1) // 2
        return [(a0, middle_a, b0, middle_b), (middle_a, a1, middle_b, b1)]
    cuts = [(a0, b0), *((a0 + i, b0 + j) for i, j in anchors), (a1, b1)]
    return [(*_cross(left, right),) for left, right in zip(cuts, cuts[1:], strict=False)]


def _cross(left: tuple[int, int], right: tuple[int, int]) -> tuple[int, int, int, int]:
    return left[0], right[0], left[1], right[1]


def _anchors(a: str, b: str) -> list[tuple[int, int]]:
    """Elements that occur exactly once on both sides, the longest ascending choice of them."""
    once_a, once_b = _once(a), _once(b)
    return ascending([(i, once_b[code]) for code, i in once_a.items() if code in once_b])


def _once(text: str) -> dict[str, int]:
    counts = Counter(text)
    return {code: i for i, code in enumerate(text) if counts[code] == 1}


def ascending(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest choice of pairs, given in ascending first element, whose second elements ascend too."""
    ends: list[int] = []
    last: list[int] = []
    back: list[int] = []
    for at, (_, j) in enumerate(pairs):
        place = bisect_left(ends, j)
        back.append(last[place - 1] if place else -1)
        ends[place : place + 1] = [j]
        last[place : place + 1] = [at]
    chosen, at = [], last[-1] if last else -1
    while at >= 0:
        chosen.append(pairs[at])
        at = back[at]
    return chosen[::-1]


def _joined(runs: list[Run]) -> list[Run]:
    joined: list[Run] = []
    for run in runs:
        if joined and (joined[-1].a + joined[-1].size, joined[-1].b + joined[-1].size) == (run.a, run.b):
            joined[-1] = Run(joined[-1].a, joined[-1].b, joined[-1].size + run.size)
        else:
            joined.append(run)
    return joined
