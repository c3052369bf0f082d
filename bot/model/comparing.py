"""What lies between two readings, what is remembered for that, and what a check came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from bot.model.looking import Look
from bot.model.reading import Block
from bot.model.sources import Source

TEASERS = "teasers rotated"  # the reason of an edit that is not counted, and judged all the same
COUNTED = frozenset({"insert", "delete", "replace", "renumber", "new", "gone", "retitled", "back"})


class Edit(NamedTuple):
    """One block-sized difference. Indices point into the two Versions; spans are character offsets, end excluded.

    `worth` is what the difference can be worth: *text*, or *aside* (only teasers, metadata, typography, links),
    or *noise* (kept for the record, never counted).
    """

    kind: str  # insert delete replace move renumber volatile | new gone retitled back
    before: int = -1  # index of the block in the earlier Version, -1: none
    after: int = -1  # index of the block in the later Version, -1: none
    spans: tuple[tuple[int, int, int, int], ...] = ()  # (before start, before end, after start, after end)
    worth: str = "text"
    reason: str = ""

    @property
    def counted(self) -> bool:
        """Whether this difference makes a Change that people can see."""
        return self.kind in COUNTED and self.worth != "noise"

    @property
    def judged(self) -> bool:
        """Whether the judge looks at it: all that counts, and teasers that came and went."""
        return self.counted or self.reason == TEASERS


class Mark(NamedTuple):
    """Learned volatility of one block: how many looks in a row its digits alone differed, and since when."""

    streak: int
    since: datetime
    marked: bool = False


class ItemMemory(NamedTuple):
    """What the store remembers of one list item, for ever."""

    key: str
    title: str
    listed: bool  # on the list when last looked


@dataclass(frozen=True, slots=True)
class Memory:
    """What `decide` needs to know of one source."""

    source: Source
    version: int = 0  # id of the latest Version, 0: never read
    blocks: tuple[Block, ...] = ()
    reading_hash: bytes = b""
    fingerprint: str = ""
    language: str = ""
    items: Mapping[str, ItemMemory] = field(default_factory=dict)  # every key ever seen
    marks: Mapping[str, Mark] = field(default_factory=dict)
    gone_looks: tuple[datetime, ...] = ()  # looks in a row that said 404 or 410
    host_well: bool = True  # another source of its host read well lately
    shrinks: int = 0  # looks in a row that brought the same text and were not believed
    failed_hash: bytes = b""  # reading hash of the last of them
    shrunk_since: datetime | None = None  # the first of them
    predecessor: int = 0  # Version of the source this one succeeds, while it has none of its own
    predecessor_blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a Check came to, with everything that must be written, in one transaction.

    kind: first, same, changed, failed, gone. `edits` lie between the latest Version (after `upgrade`, when there is
    one) and the look's reading; a *same* may carry uncounted ones. `upgrade` are the edits that our own new reader
    made on the stored bytes. cause: baseline, new, source, edition (for failed: why).
    """

    kind: Literal["first", "same", "changed", "failed", "gone"]
    look: Look
    cause: str = ""
    edits: tuple[Edit, ...] = ()
    upgrade: tuple[Edit, ...] | None = None
    missed: bool = False  # the whole window was new: items may have been missed
    items: tuple[ItemMemory, ...] = ()  # items to remember
    follow: tuple[Source, ...] = ()  # derived sources to start
    marks: Mapping[str, Mark] | None = None  # None: unchanged

    @property
    def source_id(self) -> str:
        return self.look.source_id

    @property
    def at(self) -> datetime:
        return self.look.at
