"""Two Versions in, Edits out: every difference once, classified by kind and worth. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.diff.align import Alignment, Pair, Reflow, align
from bot.diff.faces import ASIDES, Face, faces, masked
from bot.diff.volatility import mark_key
from bot.diff.words import spans
from bot.diff.worth import Vocabulary, follows_renumbering, is_editorial, numbering, with_sweeps, worth
from bot.model import TEASERS, Block, Edit, Mark
from bot.text import fold

REFLOW = "re-flow"


def edits(
    before: Sequence[Block], after: Sequence[Block], *, marks: Mapping[str, Mark] | None = None
) -> tuple[Edit, ...]:
    """Every difference between two Versions once, in reading order of the later one; () when nothing counts.

    Swapping the sides gives the same differences with insert and delete swapped. White space, quote styles, soft
    hyphens and the order of asides are no differences at all. `marks` are those of learned volatility, by mark_key.
    """
    if before == after:
        return ()
    swapped = _is_later(before, after)
    first, second = (after, before) if swapped else (before, after)
    old, new = faces(first, second)
    alignment, seen = align(old, new), (old, new)
    if swapped:
        seen, alignment = (seen[1], seen[0]), _mirrored(alignment)
    found = _Comparison(before, after, seen, marks or {}).edits(alignment)
    return tuple(with_sweeps(_in_reading_order(found, alignment, len(after)), before, after))


def of_new(after: Sequence[Block]) -> tuple[Edit, ...]:
    """The Edits of a document that was not there before: one insert per block, one new per list item."""
    return tuple(
        Edit("new" if block.key else "insert", -1, j, (), "aside" if block.place in ASIDES else "text")
        for j, block in enumerate(after)
    )


def _is_later(before: Sequence[Block], after: Sequence[Block]) -> bool:
    """A direction that belongs to the pair, not to the caller, so that both directions pair the same blocks."""
    return [block.text for block in before] > [block.text for block in after]


def _mirrored(alignment: Alignment) -> Alignment:
    return Alignment(
        [Pair(pair.after, pair.before) for pair in alignment.pairs],
        [Pair(move.after, move.before) for move in alignment.moves],
        [Pair(move.after, move.before) for move in alignment.amended_moves],
        [Reflow(group.b0, group.b1, group.a0, group.a1) for group in alignment.reflows],
    )


class _Comparison:
    """Two Versions whose blocks are paired, being told as Edits."""

    def __init__(
        self,
        before: Sequence[Block],
        after: Sequence[Block],
        seen: tuple[Sequence[Face], Sequence[Face]],
        marks: Mapping[str, Mark],
    ) -> None:
        self.before, self.after, self.marks = before, after, marks
        self.old_faces, self.new_faces = seen
        self.vocabulary = Vocabulary(before, after)

    def edits(self, alignment: Alignment) -> list[Edit]:
        differing = [pair for pair in alignment.pairs if not self._is_same(*pair)]
        self.numbers = numbering(
            (self.old_faces[i].label, self.new_faces[j].label) for i, j in [*differing, *alignment.moves]
        )
        told = [self._pair(*pair) for pair in differing]
        told += [self._pair(*pair)._replace(reason="moved") for pair in alignment.amended_moves]
        told += [move for pair in alignment.moves if (move := self._move(*pair))]
        for group in alignment.reflows:
            told += self._reflow(group)
        return self._rotated(told + self._single(told, alignment))

    def _rotated(self, found: list[Edit]) -> list[Edit]:
        """Of a box that shows the newest few of other pages, one in and one out is no change of this page."""
        teasers = [edit for edit in found if edit.worth == "aside" and self._is_teaser(edit)]
        if sum(edit.before < 0 for edit in teasers) != sum(edit.after < 0 for edit in teasers):
            return found
        beside = set(teasers)
        return [edit._replace(worth="noise", reason=TEASERS) if edit in beside else edit for edit in found]

    def _is_teaser(self, edit: Edit) -> bool:
        sides = ((self.before, edit.before), (self.after, edit.after))
        return edit.kind != "move" and all(side[at].place == "aside" for side, at in sides if at >= 0)

    def _is_same(self, i: int, j: int) -> bool:
        old, new = self.before[i].text, self.after[j].text
        return old == new or self.old_faces[i][:2] == self.new_faces[j][:2] or fold(old) == fold(new)

    def _pair(self, i: int, j: int) -> Edit:
        old, new = self.before[i], self.after[j]
        differences = spans(old.text, new.text)
        place = _place_worth(old, new)
        volatile = self._volatile(old, new)
        if volatile:
            return Edit("volatile", i, j, differences, place, volatile)
        if self.old_faces[i].rest == self.new_faces[j].rest:
            return Edit("renumber", i, j, differences, place)
        if self.numbers and follows_renumbering(old.text, new.text, differences, self.numbers):
            return Edit("renumber", i, j, differences, place, "cross-references")
        if place == "aside":
            return Edit("replace", i, j, differences, place)
        return Edit("replace", i, j, differences, *worth(old, new, differences, self.vocabulary))

    def _volatile(self, old: Block, new: Block) -> str:
        mark = self.marks.get(mark_key(old)) if self.marks else None
        if not mark or not mark.marked or masked(old.text) != masked(new.text):
            return ""
        return f"only digits differ, as in {mark.streak} looks since {mark.since.date()}"

    def _move(self, i: int, j: int) -> Edit | None:
        old, new = self.before[i], self.after[j]
        if _place_worth(old, new) == "aside" and self._is_same(i, j):
            return None
        differences = () if self._is_same(i, j) else spans(old.text, new.text)
        return Edit("move", i, j, differences, _place_worth(old, new))

    def _reflow(self, group: Reflow) -> list[Edit]:
        """Kept for the record, so that the later text can be rebuilt; never counted."""
        i, j = group.a0, group.b0
        first = Edit("replace", i, j, spans(self.before[i].text, self.after[j].text), "noise", REFLOW)
        gone = [Edit("delete", before=k, worth="noise", reason=REFLOW) for k in range(i + 1, group.a1)]
        come = [Edit("insert", after=k, worth="noise", reason=REFLOW) for k in range(j + 1, group.b1)]
        return [first, *gone, *come]

    def _single(self, told: Iterable[Edit], alignment: Alignment) -> list[Edit]:
        paired = [*alignment.pairs, *alignment.moves]
        used_before = {i for i, _ in paired} | {edit.before for edit in told}
        used_after = {j for _, j in paired} | {edit.after for edit in told}
        gone = [i for i in range(len(self.before)) if i not in used_before]
        come = [j for j in range(len(self.after)) if j not in used_after]
        return [
            *(Edit("delete", before=i, worth=_single_worth(self.before[i])) for i in gone),
            *(Edit("insert", after=j, worth=_single_worth(self.after[j])) for j in come),
        ]


def _place_worth(*blocks: Block) -> str:
    return "aside" if all(block.place in ASIDES for block in blocks) else "text"


def _single_worth(block: Block) -> str:
    return "aside" if is_editorial(block.text) else _place_worth(block)


def _in_reading_order(found: Iterable[Edit], alignment: Alignment, length: int) -> list[Edit]:
    """Deletions stand before the first later block that was behind them."""
    position: dict[int, int] = {}
    behind = length
    to_after = dict(alignment.pairs)
    top = max((edit.before for edit in found), default=-1)
    for i in range(max(top, max(to_after, default=-1)), -1, -1):
        behind = to_after.get(i, behind)
        position[i] = behind
    return sorted(found, key=lambda e: (e.after, 1) if e.after >= 0 else (position.get(e.before, length), 0))
