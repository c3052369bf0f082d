"""Which edits of a Change a message shows, in which order, and how many it leaves out. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.messages.passages import Line, is_number
from bot.model import Block, Edit, Finding, Run

ITEMS = frozenset({"new", "gone", "retitled", "back"})
_SHOWN = 4  # edits shown in an alert


def titles_of_editions(edits: Sequence[Edit], before: Sequence[Block], after: Sequence[Block]) -> tuple[Edit, ...]:
    """The edits between the titles of two editions: they always differ, and the headline names both."""
    first = [next((i for i, block in enumerate(side) if block.kind == "heading"), -2) for side in (before, after)]
    return tuple(e for e in edits if all(at in (own, -1) for at, own in zip((e.before, e.after), first, strict=True)))


def chosen_edits(
    edits: Sequence[Edit],
    finding: Finding,
    before: Sequence[Block],
    after: Sequence[Block],
    *,
    last: Sequence[Edit] = (),
) -> list[Edit]:
    """The edits to show: those that the Finding quotes first, then the others that speak, then asides, then `last`."""
    quoted = {quote.text: rank for rank, quote in reversed(list(enumerate(finding.quotes)))}
    counted = [(index, edit) for index, edit in enumerate(edits) if edit.counted]
    counted = [pair for pair in counted if not is_number(pair[1], before, after)] or counted

    def rank(pair: tuple[int, Edit]) -> tuple[int, int, int]:
        if pair[1] in last:
            return 100, 1, pair[0]
        blocks = [side[at] for side, at in ((before, pair[1].before), (after, pair[1].after)) if at >= 0]
        little = pair[1].worth != "text" or blocks[0].kind == "heading"
        return min(quoted.get(block.text, 99) for block in blocks), int(little), pair[0]

    ranked = sorted(counted, key=rank)
    told = [pair for pair in ranked if pair[1].kind not in ITEMS or rank(pair)[0] < 99]
    return [edit for _, edit in (told or ranked)[:_SHOWN]]


def telling(
    chosen: Sequence[Edit], finding: Finding, before: Sequence[Block], after: Sequence[Block], *, least: int
) -> list[Edit]:
    """Of more edits than are shown, those that the Finding quotes, where they are enough: `least`."""
    quoted = {quote.text for quote in finding.quotes}
    told = [edit for edit in chosen if any(block.text in quoted for block in _blocks(edit, before, after))]
    return told if len(told) >= least else list(chosen)


def _blocks(edit: Edit, before: Sequence[Block], after: Sequence[Block]) -> list[Block]:
    return [side[at] for side, at in ((before, edit.before), (after, edit.after)) if at >= 0]


def left_out(
    edits: Sequence[Edit], chosen: Sequence[Edit], before: Sequence[Block], after: Sequence[Block]
) -> Iterator[Line]:
    """How many edits are not shown; those of numbers alone are counted apart."""
    left = [edit for edit in edits if edit.counted and edit not in chosen]
    shown = any(is_number(edit, before, after) for edit in chosen)  # then there is nothing else
    numbers = 0 if shown else sum(is_number(edit, before, after) for edit in left)
    if others := len(left) - numbers:
        what = "item" if all(edit.kind in ITEMS for edit in left) else "edit"
        yield (Run(f"… {others} more {what}{'s' if others > 1 else ''}", "dim"),)
    if numbers:
        yield (Run(f"… {numbers} passage{'s' if numbers > 1 else ''} renumbered", "dim"),)
