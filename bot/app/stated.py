"""Which dates still stand: a page that was amended may give them no more."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from bot.app.lookups import Lookups
from bot.model import Ahead, Block, Version

ENTRIES = frozenset({"list", "feed", "json", "xml", "csv", "sitemap"})
"""Types whose entries leave them in time, and mean what they meant."""


class Stated(Lookups):
    """The part of App that holds a date against what its source says today."""

    def still_stated(self, ahead: Iterable[Ahead]) -> list[Ahead]:
        """Those that the latest text of their page still gives, in any words, each once; entries of lists stand."""
        pages = {one.id for one in self.declared if one.type not in ENTRIES}
        latest = cache(lambda source_id: next(iter(self.store.versions(source_id, limit=1)), None))
        found: dict[tuple[object, ...], Ahead] = {}
        for one in ahead:
            if one.source_id not in pages and "~" not in one.source_id:
                found[one.change, one.dated] = one
            elif self._stands(one, latest(one.source_id)):
                found[one.source_id, one.dated.kind, one.dated.date] = one  # as it was stated last
        return list(found.values())

    def _stands(self, one: Ahead, latest: Version | None) -> bool:
        """Whether the sentence is still there, or an amended one gives the same day; what cannot be told stands."""
        if latest is None or latest.at <= one.seen:
            return True
        change = self.store.change(one.change)
        if change is None or change.after is None:
            return True
        old, new = (self.store.blocks(version) for version in (change.after, latest))
        if not _says(old, one.dated.quote) or _says(new, one.dated.quote):
            return True
        said = {block.text for block in old}
        return self._gives([block.text for block in new if block.text not in said], one, language=latest.language)

    def _gives(self, texts: Iterable[str], one: Ahead, *, language: str) -> bool:
        from bot.judge.dates import dated_quotes

        found = (dated_quotes(text, rules=self.rules, language=language) for text in texts)
        return any((it.kind, it.date) == (one.dated.kind, one.dated.date) for dates in found for it in dates)


def _says(blocks: Iterable[Block], quote: str) -> bool:
    return any(quote in block.text for block in blocks)
