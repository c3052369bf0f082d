"""The bounded part of a long text that is read closely: its beginning and end, and the passages that hold a sign."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from bot.judge.index import Marks

WHOLE = 8_000  # bytes up to which a text is read whole
AMPLE, SCANT = 4_000, 2_500  # bytes of a longer text that are read; of what was there before us less
_PASSAGES = 16
_SEGMENT = 500  # characters; longer passages are read in pieces
_LIMIT = 400_000  # characters of a text that are walked through at all
_RANKS = {
    "strong": 4, "authority": 3, "home": 3, "effective": 3, "deadline": 2, "medium": 2, "plain": 2, "slight": 1,
    "abroad": 1,
}  # fmt: skip


class Segment(NamedTuple):
    """A stretch of one of the texts."""

    text: int  # which
    start: int
    end: int


def excerpt(texts: Sequence[str], anchors: Marks, *, room: int = AMPLE) -> list[Segment]:
    """The segments to read, in their order, up to so many bytes; all of them when the texts are short together."""
    joined = "\n".join(texts)
    sizes = list(map(len, texts if joined.isascii() else map(_encoded, texts)))
    if sum(sizes) <= WHOLE:
        return [Segment(i, 0, len(text)) for i, text in enumerate(texts)]
    if max(map(len, texts)) <= 2 * _SEGMENT:  # no text is read in pieces
        return [Segment(i, 0, len(texts[i])) for i in sorted(_chosen(texts, joined, sizes, anchors, room))]
    segments = [segment for i, text in enumerate(texts) for segment in _segments(i, text)]
    parts = [texts[s.text][s.start : s.end] for s in segments]
    sizes = list(map(len, parts if joined.isascii() else map(_encoded, parts)))
    return [segments[i] for i in sorted(_chosen(parts, "\n".join(parts), sizes, anchors, room))]


def _encoded(text: str) -> bytes:
    """What there is to read, in bytes of UTF-8: a Chinese character says about as much as three Latin ones."""
    return text.encode("utf-8", "surrogatepass")


def _segments(index: int, text: str) -> Iterator[Segment]:
    """A text in pieces of some hundred characters, cut behind sentences where one ends."""
    start = 0
    while len(text) - start > 2 * _SEGMENT:
        stop = start + _SEGMENT
        cut = max(
            text.find("。", stop, stop + 200), text.find(". ", stop, stop + 200), text.find("\n", stop, stop + 200)
        )
        end = cut + 1 if cut > 0 else stop
        yield Segment(index, start, end)
        start = end
    yield Segment(index, start, len(text))


def _chosen(parts: Sequence[str], joined: str, sizes: Sequence[int], anchors: Marks, room: int) -> set[int]:
    """A third of the room for the beginning, a tenth for the end, the rest for passages around signs."""
    chosen = _up_to(range(len(parts)), sizes, room * 3 // 10)
    chosen |= _up_to(range(len(parts) - 1, -1, -1), sizes, room // 10)
    ranks = _ranks(parts, joined, anchors)
    ranked = [i for i in sorted(ranks, key=lambda i: (-ranks[i], i)) if i not in chosen]
    return chosen | _up_to(ranked[:_PASSAGES], sizes, room * 6 // 10)


def _up_to(indices: Sequence[int], sizes: Sequence[int], room: int) -> set[int]:
    """As many of the segments, in the order given, as there is room for."""
    taken: set[int] = set()
    for i in indices:
        if room <= 0:
            break
        taken.add(i)
        room -= sizes[i]
    return taken


def _ranks(parts: Sequence[str], joined: str, anchors: Marks) -> dict[int, int]:
    """How telling each part is: the sum of its distinct kinds of anchors."""
    # Lower case letter for letter is enough here, and much cheaper than folding a whole text.
    lowered = joined.lower()
    text = lowered if len(lowered) == len(joined) else joined
    starts = [0, *accumulate(len(part) + 1 for part in parts)]
    kinds: dict[int, set[str]] = {}
    for kind, start in anchors.find(text[:_LIMIT]):
        kinds.setdefault(bisect_right(starts, start) - 1, set()).add(kind)
    return {i: sum(_RANKS[kind] for kind in found) for i, found in kinds.items()}


def anchoring(kind: str) -> bool:
    """Whether terms of this kind show that a passage must be read."""
    return kind in _RANKS
