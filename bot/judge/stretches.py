"""How much of one Change is read closely: a blob of letters, or fifty thousand amended numbers, holds nobody up.

Bounds are counts, so that the same Change is always read the same way; what they leave out is said, never hidden.
The most that a real amendment of a law was seen to have is 250 stretches in all, 32 in one passage, 330 characters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.judge.tokens import Span, figures
from bot.model import Block, Edit

PASSAGE = 120  # amended stretches of one passage that are told apart
_EDITS = 400  # edits of one Change that are looked at
_CHARACTERS = 60_000  # of amended stretches of one Change, both sides together
_WHOLE = 400_000  # characters of passages of one Change that came or went as a whole
_FIGURES = 600  # numbers in those stretches: each is held against many forms of numbers that mean nothing
_SOUGHT = 200_000  # characters in which numbers are counted, to know whether there are too many
_LEAST = 2  # numbers that a stretch counts for: what stands around it is read as well


class Close(NamedTuple):
    """The edits that are read closely, each with the stretches of it that are; and in how many something is left."""

    edits: Sequence[Edit]
    left: int
    of: int


def bounded(edits: Sequence[Edit]) -> Sequence[Edit]:
    """The same edits; of a passage with very many stretches all from the last that is told apart on are one."""
    if all(len(edit.spans) <= PASSAGE for edit in edits):
        return edits
    return [edit if len(edit.spans) <= PASSAGE else edit._replace(spans=_merged(edit.spans)) for edit in edits]


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    ordered = sorted(spans)
    first, last = ordered[PASSAGE - 1], ordered[-1]
    return (*ordered[: PASSAGE - 1], (first[0], max(last[1], first[1]), first[2], max(last[3], first[3])))


def closely(edits: Sequence[Edit], *, before: Sequence[Block], after: Sequence[Block], language: str) -> Close:
    """What is read closely of the counted amendments of text: first the passages with the fewest stretches."""
    told = [i for i, edit in enumerate(edits) if edit.counted and edit.worth == "text"]
    kept = dict(_kept([i for i in told if i < _EDITS], edits, before, after, language))
    whole = sum(1 for i in told if i in kept and kept[i] == edits[i])
    return Close([kept[i] for i in sorted(kept)], len(told) - whole, len(told))


def _kept(
    told: Sequence[int], edits: Sequence[Edit], before: Sequence[Block], after: Sequence[Block], language: str
) -> Iterator[tuple[int, Edit]]:
    room, numbers, whole, sought = _CHARACTERS, _FIGURES, _WHOLE, _SOUGHT
    for i in sorted(told, key=lambda i: len(edits[i].spans)):
        edit = edits[i]
        if edit.kind != "replace":
            length = len((after[edit.after] if edit.after >= 0 else before[edit.before]).text)
            if length <= whole:
                whole -= length
                yield i, edit
            continue
        spans = []
        for span in edit.spans:
            length = span[1] - span[0] + span[3] - span[2]
            if length > min(room, sought):
                continue
            sought -= length
            counted = _counted(span, before[edit.before].text, after[edit.after].text, language, most=numbers)
            if counted <= numbers:
                room, numbers = room - length, numbers - counted
                spans.append(span)
        yield i, edit if len(spans) == len(edit.spans) else edit._replace(spans=tuple(spans))


def _counted(span: Span, old: str, new: str, language: str, *, most: int) -> int:
    """How many numbers a stretch holds, on both sides together; of more than `most` no more than one."""
    low, high, new_low, new_high = span
    sides = (old[low:high], new[new_low:new_high])
    return max(_LEAST, sum(figures(side, language=language, most=most + 1) for side in sides))


def left_unread(
    edits: Sequence[Edit], *, before: Sequence[Block], after: Sequence[Block], language: str
) -> tuple[str, ...]:
    """What is not read closely, in words; () when all is."""
    close = closely(edits, before=before, after=after, language=language)
    if not close.left:
        return ()
    return (f"{close.left} of {close.of} differences, for numbers, days and duties: too much at once",)
