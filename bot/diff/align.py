"""Which block of the earlier Version is which block of the later one. Pure.

First what stayed the same (numbers aside), then, in the gaps, what resembles, then what stands elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.diff.alike import CANDIDATES, candidates, ends, heaviest, neighbours
from bot.diff.faces import Face, coded_words, masked
from bot.diff.lcs import Codes, Run, common_runs

ALIKE_ALONE = 0.25  # the same where nothing else stands between two unchanged neighbours
ALIKE_AFAR = 0.75  # the same for a passage that stands elsewhere
SHORT = 200  # characters up to which two passages may resemble letter by letter
START = 8  # characters by which the opening of a split passage is found
LONG = 16  # UTF-8 bytes from which the same text elsewhere is a move and no coincidence


class Pair(NamedTuple):
    before: int
    after: int


class Reflow(NamedTuple):
    """Blocks `before[a0:a1]` and `after[b0:b1]` say the same, split elsewhere."""

    a0: int
    a1: int
    b0: int
    b1: int


class Alignment(NamedTuple):
    """Pairs in order, pairs out of order with and without other words, re-flowed groups; every index at most once."""

    pairs: list[Pair]
    moves: list[Pair]
    amended_moves: list[Pair]
    reflows: list[Reflow]


class _Sheet:
    """Two lists of faces being paired; what is paired already is marked."""

    def __init__(self, before: Sequence[Face], after: Sequence[Face]) -> None:
        self.before, self.after = before, after
        self.to_after = [-1] * len(before)
        self.to_before = [-1] * len(after)
        self.taken_before = [False] * len(before)  # moved or re-flowed: out of the running
        self.taken_after = [False] * len(after)
        self.moves: list[Pair] = []
        self.amended_moves: list[Pair] = []
        self.reflows: list[Reflow] = []

    def pair(self, i: int, j: int) -> None:
        self.to_after[i], self.to_before[j] = j, i

    def part(self, i: int) -> None:
        self.to_before[self.to_after[i]] = -1
        self.to_after[i] = -1

    def move(self, i: int, j: int) -> None:
        self.moves.append(Pair(i, j))
        self.taken_before[i] = self.taken_after[j] = True

    def amend_elsewhere(self, i: int, j: int) -> None:
        self.amended_moves.append(Pair(i, j))
        self.taken_before[i] = self.taken_after[j] = True

    def reflow(self, group: Reflow) -> None:
        self.reflows.append(group)
        self.taken_before[group.a0 : group.a1] = [True] * (group.a1 - group.a0)
        self.taken_after[group.b0 : group.b1] = [True] * (group.b1 - group.b0)

    def free_before(self, i: int) -> bool:
        return self.to_after[i] < 0 and not self.taken_before[i]

    def free_after(self, j: int) -> bool:
        return self.to_before[j] < 0 and not self.taken_after[j]

    def pairs(self) -> list[Pair]:
        return [Pair(i, j) for i, j in enumerate(self.to_after) if j >= 0]

    def gaps(self) -> Iterator[tuple[list[int], list[int]]]:
        """The free indices between neighbouring pairs, where both sides have some."""
        ends = [*self.pairs(), Pair(len(self.before), len(self.after))]
        a, b = 0, 0
        for i, j in ends:
            if i > a and j > b:
                left = [k for k in range(a, i) if self.free_before(k)]
                right = [k for k in range(b, j) if self.free_after(k)]
                if left and right:
                    yield left, right
            a, b = i + 1, j + 1


def align(before: Sequence[Face], after: Sequence[Face]) -> Alignment:
    """Pair the blocks of two Versions: unchanged and renumbered ones, amended ones, moved ones, re-flowed ones."""
    sheet = _Sheet(before, after)
    _pair_equal(sheet)
    _slide(sheet)
    _join_numbers(sheet)
    _find_moves(sheet, only_beside=True, repeated=True)
    _find_reflows(sheet)
    _find_moves(sheet, least=LONG)
    for left, right in list(sheet.gaps()):
        _pair_alike(sheet, left, right)
    _attach_numbers(sheet)
    for left, right in list(sheet.gaps()):
        _pair_bare(sheet, left, right)
    _find_moves(sheet, least=LONG, repeated=True)
    _find_moves_nearby(sheet)
    _find_amended_moves(sheet)
    return Alignment(sheet.pairs(), sheet.moves, sheet.amended_moves, sheet.reflows)


# ------------------------------------------------------------------------------------------------ what stayed


def _pair_equal(sheet: _Sheet) -> None:
    """Bare numbers stay out: an inserted article would drag the neighbours' numbers along."""
    left = [i for i, face in enumerate(sheet.before) if not face.bare]
    right = [j for j, face in enumerate(sheet.after) if not face.bare]
    codes = Codes()
    a = "".join([codes[sheet.before[i].content] for i in left])
    b = "".join([codes[sheet.after[j].content] for j in right])
    for run in common_runs(a, b):
        for k in range(run.size):
            sheet.pair(left[run.a + k], right[run.b + k])


def _slide(sheet: _Sheet) -> None:
    """Where equal neighbours make several placements possible, prefer the one that keeps the numbers."""
    _slide_side(sheet.before, sheet.after, sheet.to_after, sheet.to_before)
    _slide_side(sheet.after, sheet.before, sheet.to_before, sheet.to_after)


def _slide_side(mine: Sequence[Face], other: Sequence[Face], to: list[int], fro: list[int]) -> None:
    """A free block whose text equals its paired neighbour's takes the neighbour's place if its number fits better."""
    for step in (1, -1):
        order = range(len(mine)) if step < 0 else range(len(mine) - 1, -1, -1)
        for i in order:
            k = i + step
            if to[i] >= 0 or not 0 <= k < len(mine) or to[k] < 0:
                continue
            j = to[k]
            if mine[i].rest == mine[k].rest and mine[i].label == other[j].label != mine[k].label:
                to[i], fro[j], to[k] = j, i, -1


# ------------------------------------------------------------------------------------------------ split and joined


def _join_numbers(sheet: _Sheet) -> None:
    """A passage that lost its number to a block of its own right above it, or got it back from there, is re-flowed."""
    for i, j in sheet.pairs():
        before, after = sheet.before[i], sheet.after[j]
        if before.label and not after.label and j and _is_free_number(sheet.after[j - 1], before.label):
            sheet.part(i)
            sheet.reflow(Reflow(i, i + 1, j - 1, j + 1))
        elif after.label and not before.label and i and _is_free_number(sheet.before[i - 1], after.label):
            sheet.part(i)
            sheet.reflow(Reflow(i - 1, i + 1, j, j + 1))


def _is_free_number(face: Face, number: str) -> bool:
    return face.bare and face.label == number


def _find_reflows(sheet: _Sheet) -> None:
    """Runs of blocks in one gap that say the same when they are put together."""
    for gap in list(sheet.gaps()):
        left = [i for i in gap[0] if sheet.before[i].content]
        right = [j for j in gap[1] if sheet.after[j].content]
        if left and right and len(left) + len(right) > 2:
            _reflow_gap(sheet, left, right)


def _reflow_gap(sheet: _Sheet, left: list[int], right: list[int]) -> None:
    a = [sheet.before[i].whole.replace(" ", "") for i in left]
    b = [sheet.after[j].whole.replace(" ", "") for j in right]
    starts = _by_start(b)
    k, next_b = 0, 0
    while k < len(a):
        group = _first_reflow(a, b, k, _openings(starts, a[k], next_b))
        if group and _is_solid(left, group.a0, group.a1) and _is_solid(right, group.b0, group.b1):
            sheet.reflow(Reflow(left[group.a0], left[group.a1 - 1] + 1, right[group.b0], right[group.b1 - 1] + 1))
            k, next_b = group.a1, group.b1
        else:
            k += 1


def _by_start(texts: list[str]) -> dict[str, list[int]]:
    """Where the texts stand that open in a certain way: by their first one to START characters."""
    starts: dict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        for size in range(1, min(START, len(text)) + 1):
            starts[text[:size]].append(at)
    return starts


def _openings(starts: dict[str, list[int]], text: str, least: int) -> list[int]:
    """The first few texts from `least` on that open as this one does."""
    places = starts.get(text[:START], [])
    first = bisect_left(places, least)
    short = [at for size in range(1, min(START, len(text))) for at in starts.get(text[:size], ())[:CANDIDATES]]
    return places[first : first + CANDIDATES] + [at for at in short if at >= least]


def _first_reflow(a: list[str], b: list[str], k: int, openings: list[int]) -> Reflow | None:
    """Of the possible groups the first; one block that equals one block is no re-flow."""
    groups = (_same_when_joined(a, b, k, at) for at in openings)
    return next((group for group in groups if group and group.a1 + group.b1 - group.a0 - group.b0 > 2), None)


def _is_solid(indices: list[int], start: int, end: int) -> bool:
    return indices[end - 1] - indices[start] == end - 1 - start


def _same_when_joined(a: list[str], b: list[str], i: int, j: int) -> Reflow | None:
    """The shortest runs from a[i] and b[j] on whose joined texts are equal; None when they part before."""
    left, right, a1, b1 = a[i], b[j], i + 1, j + 1
    while left != right:
        if len(left) < len(right) and right.startswith(left) and a1 < len(a):
            left, a1 = left + a[a1], a1 + 1
        elif len(right) < len(left) and left.startswith(right) and b1 < len(b):
            right, b1 = right + b[b1], b1 + 1
        else:
            return None
    return Reflow(i, a1, j, b1) if left else None


# ------------------------------------------------------------------------------------------------ what resembles


def _pair_alike(sheet: _Sheet, left: list[int], right: list[int]) -> None:
    """The best pairing of a gap that keeps the order, then lonely pairs that hold by their place."""
    left = [i for i in left if not sheet.before[i].bare]
    right = [j for j in right if not sheet.after[j].bare]
    codes = Codes()
    a = [ends(coded_words(sheet.before[i].rest, codes)) for i in left]
    b = [ends(coded_words(sheet.after[j].rest, codes)) for j in right]
    scored = [
        (at, bt, score + _bonus(sheet.before[left[at]], sheet.after[right[bt]])) for at, bt, score in candidates(a, b)
    ]
    for at, bt in heaviest(scored, len(b)):
        sheet.pair(left[at], right[bt])
    _pair_lonely(sheet, left, right, a, b)


def _bonus(before: Face, after: Face) -> float:
    """Number, kind and place decide between passages that resemble equally; they never make two unlike ones alike."""
    same_label = before.label and before.label == after.label
    return (0.1 if same_label else 0.0) + (0.05 if before.kind == after.kind else 0.0)


def _pair_lonely(sheet: _Sheet, left: list[int], right: list[int], a: list[str], b: list[str]) -> None:
    """One block against one block between the same neighbours: less likeness is enough."""
    from rapidfuzz.distance import Indel

    words = {**{("a", i): text for i, text in zip(left, a, strict=True)}}
    words |= {("b", j): text for j, text in zip(right, b, strict=True)}
    for lefts, rights in list(_subgaps(sheet, left, right)):
        if len(lefts) != 1 or len(rights) != 1:
            continue
        before, after = sheet.before[lefts[0]], sheet.after[rights[0]]
        alike = Indel.normalized_similarity(words["a", lefts[0]], words["b", rights[0]]) >= ALIKE_ALONE
        short = max(len(before.rest), len(after.rest)) <= SHORT
        letters = short and Indel.normalized_similarity(before.rest, after.rest) >= 0.6
        if alike or letters or masked(before.rest) == masked(after.rest) or _same_article(before, after):
            sheet.pair(lefts[0], rights[0])


def _same_article(before: Face, after: Face) -> bool:
    return bool(before.label) and before.label == after.label


def _subgaps(sheet: _Sheet, left: list[int], right: list[int]) -> Iterator[tuple[list[int], list[int]]]:
    """What is still free of one gap, cut at the pairs made since."""
    cuts = [(i, sheet.to_after[i]) for i in left if sheet.to_after[i] >= 0]
    a, b = 0, 0
    for i, j in [*cuts, (left[-1] + 1 if left else 0, right[-1] + 1 if right else 0)]:
        to_a, to_b = _until(left, a, i), _until(right, b, j)
        lefts = [k for k in left[a:to_a] if sheet.free_before(k)]
        rights = [k for k in right[b:to_b] if sheet.free_after(k)]
        yield lefts, rights
        a, b = to_a, to_b


def _until(indices: list[int], start: int, end: int) -> int:
    return max(start, bisect_right(indices, end - 1))


# ------------------------------------------------------------------------------------------------ bare numbers


def _attach_numbers(sheet: _Sheet) -> None:
    """A number that stands alone goes where the passage under it went."""
    for i in range(len(sheet.before) - 1, 0, -1):
        j = sheet.to_after[i]
        if j <= 0 or sheet.before[i - 1].beside:
            continue
        bare = sheet.before[i - 1].bare and sheet.after[j - 1].bare
        if bare and sheet.free_before(i - 1) and sheet.free_after(j - 1):
            sheet.pair(i - 1, j - 1)


def _pair_bare(sheet: _Sheet, left: list[int], right: list[int]) -> None:
    """The bare numbers that are left keep each other company when they are the same number."""
    bare_a = [i for i in left if sheet.before[i].bare]
    bare_b = [j for j in right if sheet.after[j].bare]
    codes = Codes()
    a = "".join([codes[sheet.before[i].label] for i in bare_a])
    b = "".join([codes[sheet.after[j].label] for j in bare_b])
    for run in common_runs(a, b) if a and b else list[Run]():
        for k in range(run.size):
            sheet.pair(bare_a[run.a + k], bare_b[run.b + k])


# ------------------------------------------------------------------------------------------------ elsewhere


def _find_moves(sheet: _Sheet, *, least: int = 0, only_beside: bool = False, repeated: bool = False) -> None:
    """The same text elsewhere, at least that long; unless `repeated`, only texts that are free once on either side."""
    left = [i for i, face in enumerate(sheet.before) if sheet.free_before(i) and (face.beside or not only_beside)]
    places: dict[str, list[int]] = defaultdict(list)
    for j, face in enumerate(sheet.after):
        if sheet.free_after(j) and _weight(face) >= least:
            places[face.content].append(j)
    counts = Counter(sheet.before[i].content for i in left)
    for i in left:
        content = sheet.before[i].content
        found = places.get(content)
        if found and (repeated or (len(found) == 1 and counts[content] == 1)):
            sheet.move(i, found.pop(0))


def _find_moves_nearby(sheet: _Sheet) -> None:
    """A short list item that stands once on either side, under the same headings, was only put elsewhere.

    Not so a short paragraph or a repeated one: "Prohibited" beside another name is another rule.
    """
    places: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for j, face in enumerate(sheet.after):
        places[face.content, face.path].append(j)
    counts = Counter((face.content, face.path) for face in sheet.before)
    for i, face in enumerate(sheet.before):
        if not _is_listed(sheet.before, i) or not sheet.free_before(i) or counts[face.content, face.path] > 1:
            continue
        found = places.get((face.content, face.path), [])
        if len(found) == 1 and sheet.free_after(found[0]) and _is_listed(sheet.after, found[0]):
            sheet.move(i, found[0])


def _is_listed(faces: Sequence[Face], at: int) -> bool:
    """An item beside an item; what stands alone under a term defines that term."""
    around = [*faces[max(0, at - 1) : at], *faces[at + 1 : at + 2]]
    return faces[at].kind == "item" and any(face.kind == "item" for face in around)


def _find_amended_moves(sheet: _Sheet) -> None:
    """Long passages that stand elsewhere and were amended on the way: the most alike first."""
    from rapidfuzz.distance import Indel

    left = [i for i, face in enumerate(sheet.before) if sheet.free_before(i) and _weight(face) >= 2 * LONG]
    right = [j for j, face in enumerate(sheet.after) if sheet.free_after(j) and _weight(face) >= 2 * LONG]
    if not left or not right:
        return
    codes = Codes()
    a = [ends(coded_words(sheet.before[i].rest, codes)) for i in left]
    b = [ends(coded_words(sheet.after[j].rest, codes)) for j in right]
    scored = sorted(
        (-score, at, bt)
        for at, places in neighbours(a, b)
        for bt in places
        if (score := Indel.normalized_similarity(a[at], b[bt], score_cutoff=ALIKE_AFAR))
    )
    for _, at, bt in scored:
        if sheet.free_before(left[at]) and sheet.free_after(right[bt]):
            sheet.amend_elsewhere(left[at], right[bt])


def _weight(face: Face) -> int:
    return len(face.rest.encode())
