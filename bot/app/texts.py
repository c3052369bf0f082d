"""The verbs that hand out what was read: the versions of a source, their texts and bytes, and any two compared."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from threading import Lock

from bot import pipeline
from bot.app.base import Base
from bot.errors import OperatorError
from bot.model import Block, Change, CheckRow, Finding, ItemMemory, Source, Version

VERSIONS = 1_000  # of one source that are listed
REMEMBERED = 2_000  # snapshots whose hash is not computed again


@dataclass(frozen=True, slots=True)
class Original:
    """What was fetched, byte for byte: its size, SHA-256 (hex) and the response's headers by lower-case name."""

    version: Version
    size: int
    sha256: str
    headers: Mapping[str, str] = field(default_factory=dict)


def named(source_id: str, known: Mapping[str, Source]) -> Source:
    """A source among those that are known; see Texts.named."""
    if found := known.get(source_id):
        return found
    parent = known.get(source_id.partition("~")[0])
    if parent is None or parent.id == source_id:
        return Source(source_id, "")
    return Source(
        source_id,
        "",
        parent=parent.id,
        authority=parent.authority,
        jurisdiction=parent.jurisdiction,
        language=parent.language,
    )


class Texts(Base):
    """The part of App that hands out texts. Nothing here is ever changed, so what was computed once may be kept."""

    def change(self, change_id: int) -> tuple[Change, Source, Finding | None]:
        """One Change with its source and its latest Finding, without texts; raises OperatorError."""
        change = self.store.change(change_id)
        if change is None:
            raise OperatorError(f"there is no change {change_id}")
        return change, self.named(change.source_id), self.store.finding(change_id)

    def named(self, source_id: str) -> Source:
        """A source by its id; of a document that is no longer followed what its list says, of others the id alone."""
        return named(source_id, self.sources())

    def changes_of(self, source_id: str, *, limit: int = VERSIONS) -> tuple[Change, ...]:
        """The Changes of one source, newest first."""
        return self.store.changes(source_id=source_id, limit=limit)

    def looks(self, source_id: str, *, limit: int) -> tuple[CheckRow, ...]:
        """The last looks at a source, newest first."""
        return self.store.checks(source_id, limit=limit)

    def opinions(self, change_ids: list[int]) -> Mapping[int, Finding]:
        """The latest Finding of each of these Changes that has one."""
        return self.store.findings(change_ids)

    # ---- versions

    def versions(self, source_id: str) -> tuple[Version, ...]:
        """Newest first; raises OperatorError for a source that nobody knows."""
        found = self.store.versions(source_id, limit=VERSIONS)
        if not found and source_id not in self.store.standings() and source_id not in self.sources():
            raise OperatorError(f"no source is called {source_id!r}")
        return found

    def version(self, source_id: str, number: int) -> Version:
        """One version of a source; raises OperatorError."""
        for one in self.versions(source_id):
            if one.id == number:
                return one
        raise OperatorError(f"there is no version {number} of {source_id}")

    def version_on(self, source_id: str, day: date) -> Version | None:
        """What was on record at the end of this day (UTC); None before the first reading."""
        return next((one for one in self.versions(source_id) if one.at.date() <= day), None)

    def text(self, version: Version) -> tuple[Block, ...]:
        return self.store.blocks(version)

    def compared(self, before: Version, after: Version) -> pipeline.Case:
        """Any two versions of one source as if the one had followed the other; nothing is recorded."""
        from bot import diff

        old, new = self.store.blocks(before), self.store.blocks(after)
        source = self.named(after.source_id)
        if any(block.key for block in (*old, *new)):
            seen = {block.key: ItemMemory(block.key, block.text, True) for block in old if block.key}
            edits = diff.item_edits(old, new, seen=seen, window=source.window).edits
        else:
            edits = diff.edits(old, new)
        change = Change(0, after.source_id, after.at, "source", before, after, edits)
        return pipeline.Case(change, source, old, new, edits)

    # ---- bytes

    def original(self, version: Version) -> Original:
        """Size, hash and headers of what was fetched."""
        with self._guard:
            if version.snapshot in self._originals:
                self._originals.move_to_end(version.snapshot)
                return self._originals[version.snapshot]
        body, headers = self.store.body(version)
        made = Original(version, len(body), sha256(body).hexdigest(), headers)
        with self._guard:
            self._originals[version.snapshot] = made
            while len(self._originals) > REMEMBERED:
                self._originals.popitem(last=False)
        return made

    def original_bytes(self, version: Version) -> bytes:
        return self.store.body(version)[0]

    @cached_property
    def _originals(self) -> OrderedDict[int, Original]:
        return OrderedDict()

    @cached_property
    def _guard(self) -> Lock:
        return Lock()

    # ---- in figures

    def weekly(self, *, weeks: int) -> Mapping[str, Mapping[date, int]]:
        """Relevant Changes per jurisdiction and week (its Monday, UTC), of so many weeks up to now."""
        until = self.clock() + timedelta(seconds=1)  # what was seen just now counts
        monday = datetime.combine(until.date() - timedelta(days=until.weekday()), datetime.min.time(), until.tzinfo)
        return self.store.weekly(since=monday - timedelta(weeks=weeks - 1), until=until)
