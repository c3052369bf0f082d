"""Edits applied to the earlier text, and Edits seen from the other side. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.diff.words import rebuilt
from bot.model import Block, Edit

_OTHER_SIDE = {"insert": "delete", "delete": "insert", "new": "gone", "gone": "new"}


def replay(before: Sequence[Block], after: Sequence[Block], edits: Iterable[Edit]) -> tuple[str, ...]:
    """The later text, block by block, made of the earlier one and the Edits.

    Only what the Edits name is taken from `after`; blocks that no Edit names come from `before`, in order.
    """
    edits = tuple(edits)
    at = {edit.after: edit for edit in edits if edit.after >= 0}
    used = {edit.before for edit in edits}
    untouched = iter([block.text for i, block in enumerate(before) if i not in used])
    return tuple(_replayed(at[j], before, after) if j in at else next(untouched, "") for j in range(len(after)))


def _replayed(edit: Edit, before: Sequence[Block], after: Sequence[Block]) -> str:
    if edit.before < 0:
        return after[edit.after].text
    return rebuilt(before[edit.before].text, after[edit.after].text, edit.spans)


def reversed_edits(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The same differences with the sides swapped, in reading order of what is then the later side."""
    turned = [
        edit._replace(
            kind=_OTHER_SIDE.get(edit.kind, edit.kind),
            before=edit.after,
            after=edit.before,
            spans=tuple((c, d, a, b) for a, b, c, d in edit.spans),
        )
        for edit in edits
    ]
    return tuple(turned)
