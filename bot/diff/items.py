"""Lists: what is new, retitled, gone or back, by key, with all keys ever seen. Order alone is nothing. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.diff.blocks import edits
from bot.diff.words import spans
from bot.diff.worth import Vocabulary, worth
from bot.model import Block, Edit, ItemMemory, Mark
from bot.text import fold

FULL = 5  # items from which a list is taken for a full window when its size is not declared
TELLING = 12  # bytes of a title from which two items with it are taken for one whose address changed


class Items(NamedTuple):
    """How a list differs, whether items may have been missed, and the rows of memory that are new or different."""

    edits: tuple[Edit, ...]
    missed: bool
    items: tuple[ItemMemory, ...]


def item_edits(
    before: Sequence[Block],
    after: Sequence[Block],
    *,
    seen: Mapping[str, ItemMemory],
    window: int = 0,
    marks: Mapping[str, Mark] | None = None,
) -> Items:
    """Compare two readings of a list by item key, and what is no item block by block.

    `seen` holds every key ever seen, `window` how many items the list shows (0: unknown). Items that fall off the
    old end are no difference; an item that comes back is never new again.
    """
    old, new = _by_key(before), _by_key(after)
    comparison = _Lists(before, after, old, new, seen)
    told = comparison.edits()
    missed = bool(old) and len(new) >= (window or FULL) and comparison.is_all_new()
    rest = _of_the_rest(before, after, marks)
    return Items((*told, *rest), missed, comparison.memories())


def _by_key(blocks: Sequence[Block]) -> dict[str, int]:
    """The first place of every key: a teaser that repeats an item says nothing."""
    places: dict[str, int] = {}
    for at, block in enumerate(blocks):
        if block.key:
            places.setdefault(block.key, at)
    return places


def _of_the_rest(before: Sequence[Block], after: Sequence[Block], marks: Mapping[str, Mark] | None) -> list[Edit]:
    left = [i for i, block in enumerate(before) if not block.key]
    right = [j for j, block in enumerate(after) if not block.key]
    found = edits([before[i] for i in left], [after[j] for j in right], marks=marks)
    return [
        edit._replace(
            before=left[edit.before] if edit.before >= 0 else -1, after=right[edit.after] if edit.after >= 0 else -1
        )
        for edit in found
    ]


class _Lists:
    """Two readings of one list being compared."""

    def __init__(
        self,
        before: Sequence[Block],
        after: Sequence[Block],
        old: Mapping[str, int],
        new: Mapping[str, int],
        seen: Mapping[str, ItemMemory],
    ) -> None:
        self.before, self.after, self.old, self.new, self.seen = before, after, old, new, seen
        self.vocabulary = Vocabulary(before, after)
        self.readdressed = self._readdressed()  # new key -> old key
        self.kept = {**{key: key for key in new if key in old}, **self.readdressed}
        self.appended = self._is_appended()

    def edits(self) -> list[Edit]:
        """In the order of the new list; what is gone comes last."""
        told = [edit for key, j in self.new.items() if (edit := self._listed(key, j))]
        left = set(self.kept.values())
        return told + [Edit("gone", before=i) for key, i in self.old.items() if key not in left and self._is_gone(i)]

    def is_all_new(self) -> bool:
        return not self.kept and not any(key in self.seen for key in self.new)

    def memories(self) -> tuple[ItemMemory, ...]:
        rows = {key: ItemMemory(key, self.after[j].text, True) for key, j in self.new.items()}
        for key, i in self.old.items():
            if key not in self.new:
                rows[key] = ItemMemory(key, self.before[i].text, False)
        return tuple(row for key, row in rows.items() if self.seen.get(key) != row)

    # ---- what is listed now

    def _listed(self, key: str, j: int) -> Edit | None:
        if key in self.kept:
            return self._compared(self.old[self.kept[key]], j)
        known = self.seen.get(key)
        if known is None:
            return Edit("new", after=j)
        at_the_end = self._is_at_the_end(j)
        return Edit(
            "back",
            after=j,
            worth="noise" if at_the_end else "text",
            reason="listed again at the old end" if at_the_end else "",
        )

    def _compared(self, i: int, j: int) -> Edit | None:
        old, new = self.before[i], self.after[j]
        if fold(old.text) != fold(new.text) and not _is_cut(old.text, new.text):
            differences = spans(old.text, new.text)
            return Edit("retitled", i, j, differences, *worth(old, new, differences, self.vocabulary))
        if old.date and new.date and old.date[:10] != new.date[:10]:
            return Edit("replace", i, j, reason="date")
        if old.note and new.note and fold(old.note) != fold(new.note) and not _is_cut(old.note, new.note):
            return Edit("replace", i, j, reason="note")
        return None

    # ---- old and new end

    def _is_appended(self) -> bool:
        """Whether the list grows at its end: by its dates, else by where the items nobody saw before stand."""
        dates = [self.after[j].date for j in self.new.values() if self.after[j].date]
        rising = sum(a < b for a, b in zip(dates, dates[1:], strict=False))
        falling = sum(a > b for a, b in zip(dates, dates[1:], strict=False))
        if rising != falling:
            return rising > falling
        order = list(self.new)
        fresh = [at for at, key in enumerate(order) if key not in self.kept and key not in self.seen]
        return bool(fresh) and bool(self.kept) and fresh[0] == len(order) - len(fresh)

    def _is_older(self, candidate: Block, block: Block, candidate_at: int, at: int) -> bool:
        """Further towards the old end, and not dated later: a pinned old item on top tells nothing."""
        behind = candidate_at < at if self.appended else candidate_at > at
        return behind and not (candidate.date and block.date and candidate.date > block.date)

    def _is_gone(self, i: int) -> bool:
        """Something older is still there, so it did not fall off the end."""
        return any(
            self._is_older(self.before[k], self.before[i], k, i) for k in map(self.old.__getitem__, self.kept.values())
        )

    def _is_at_the_end(self, j: int) -> bool:
        return not any(self._is_older(self.after[k], self.after[j], k, j) for k in map(self.new.__getitem__, self.kept))

    # ---- addresses

    def _readdressed(self) -> dict[str, str]:
        """Items whose address alone changed: the same telling title and date, once on either side."""
        gone = {key: self._name(self.before[i]) for key, i in self.old.items() if key not in self.new}
        come = {
            key: self._name(self.after[j])
            for key, j in self.new.items()
            if key not in self.old and key not in self.seen
        }
        once_gone, once_come = Counter(gone.values()), Counter(come.values())
        by_name = {name: key for key, name in gone.items() if once_gone[name] == 1}
        return {
            key: by_name[name]
            for key, name in come.items()
            if name in by_name and once_come[name] == 1 and len(name[0].encode()) >= TELLING
        }

    @staticmethod
    def _name(block: Block) -> tuple[str, str]:
        return fold(block.text), block.date[:10]


def _is_cut(old: str, new: str) -> bool:
    """Whether one is the other, cut short with an ellipsis."""
    short, long = sorted((fold(old), fold(new)), key=len)
    stem = short.rstrip(".·")
    return len(short) - len(stem) >= 2 and len(stem) >= 8 and long.startswith(stem)
