"""Which passages of one gap resemble which of the other, and the best choice that keeps the order. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

ALIKE = 0.45  # share of words two passages must have in common to be one passage, amended
CELLS = 40_000  # a gap with more pairs than this is searched by rare word pairs only
RARE = 6  # a word pair that occurs in more passages of a gap says nothing about which is which
CANDIDATES = 4
ENOUGH = 2_000  # words of either end by which very long passages are compared


def candidates(a: list[str], b: list[str]) -> Iterator[tuple[int, int, float]]:
    from rapidfuzz import process
    from rapidfuzz.distance import Indel

    if len(a) * len(b) <= CELLS:
        for at, text in enumerate(a):
            if text:
                found = process.extract(text, b, scorer=Indel.normalized_similarity, score_cutoff=ALIKE, limit=None)
                yield from ((at, bt, score) for _, score, bt in found)
        return
    for at, places in neighbours(a, b):
        for bt in places:
            score = Indel.normalized_similarity(a[at], b[bt], score_cutoff=ALIKE)
            if score:
                yield at, bt, score


def neighbours(a: list[str], b: list[str]) -> Iterator[tuple[int, list[int]]]:
    """For each passage of a large gap the few that share the most rare word pairs with it."""
    index: dict[str, list[int]] = defaultdict(list)
    for bt, text in enumerate(b):
        for gram in _grams(text):
            index[gram].append(bt)
    for at, text in enumerate(a):
        votes: Counter[int] = Counter()
        for gram in _grams(text):
            places = index.get(gram, ())
            if len(places) <= RARE:
                votes.update(places)
        ratio = at * len(b) // max(1, len(a))
        near = [bt for bt in (ratio - 1, ratio, ratio + 1) if 0 <= bt < len(b)]
        yield at, sorted({bt for bt, _ in votes.most_common(CANDIDATES)} | set(near))


def ends(coded: str) -> str:
    return coded if len(coded) <= 2 * ENOUGH else coded[:ENOUGH] + coded[-ENOUGH:]


def _grams(text: str) -> set[str]:
    return {text[k : k + 2] for k in range(max(1, len(text) - 1))}


def heaviest(scored: list[tuple[int, int, float]], width: int) -> list[tuple[int, int]]:
    """The heaviest ascending choice of candidates; weights are squared, so that one good pair beats two fair ones."""
    best: list[float] = [0.0] * (width + 1)  # Fenwick tree: best weight of a chain that ends at or before an index
    tip: list[int] = [-1] * (width + 1)
    back: list[int] = []
    order = sorted(scored, key=lambda c: (c[0], -c[1]))
    top, top_at = 0.0, -1
    for at, (_, bt, score) in enumerate(order):
        weight, previous = 0.0, -1
        k = bt
        while k > 0:
            if best[k] > weight:
                weight, previous = best[k], tip[k]
            k -= k & -k
        weight += score * score
        back.append(previous)
        k = bt + 1
        while k <= width:
            if weight > best[k]:
                best[k], tip[k] = weight, at
            k += k & -k
        if weight > top:
            top, top_at = weight, at
    chosen = []
    while top_at >= 0:
        chosen.append((order[top_at][0], order[top_at][1]))
        top_at = back[top_at]
    return chosen[::-1]
