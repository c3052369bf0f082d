"""The verbs that say how well we see, and what is not set up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from bot import coverage
from bot.app.base import SILENT, Base
from bot.model import Coverage, Subscription


class Health(Base):
    """The part of App that speaks of coverage."""

    def coverage(self, *, source_ids: Collection[str] = (), jurisdictions: Collection[str] = ()) -> Coverage:
        """How well the declared sources are seen: all of them, or those named and those of these jurisdictions."""
        asked = coverage.among(self.declared, ids=source_ids, jurisdictions=jurisdictions)
        return coverage.coverage(asked, self.standings(), now=self.clock())

    def coverage_sentence(self, *, since: datetime | None = None, subscription: Subscription | None = None) -> str:
        """Promise 9's words for now."""
        found = self.store.changes(since=since, limit=1000) if since else ()
        told = [change for change in found if change.cause not in SILENT and not change.late]
        seen = sum(change.at > since for change in told) if since else 0
        return coverage.sentence(self.coverage(), changes=seen, since=since, subscription=subscription)

    def as_of(
        self,
        *,
        source_ids: Collection[str] = (),
        jurisdictions: Collection[str] = (),
        subscription: Subscription | None = None,
    ) -> str:
        """The foot of any answer: as of when, which sources concerned could not be read, why and since when.

        Without ids and jurisdictions all declared sources are concerned. With a subscription also what is muted or
        paused there.
        """
        seen = self.coverage(source_ids=source_ids, jurisdictions=jurisdictions)
        return coverage.sentence(seen, changes=0, since=None, subscription=subscription)

    def unread_documents(self) -> dict[str, int]:
        """How many followed documents of each list fail now; their lists are counted as read all the same."""
        parents = {one.id: one.parent for one in self.store.derived()}
        failing = (standing.source_id for standing in self.standings().values() if standing.streak)
        return dict(Counter(parents[one] for one in failing if one in parents))

    def absent(self) -> list[str]:
        """One line for each setting that nothing listens to."""
        return [f"{name} is set, but there is no such setting" for name in self.settings.unknown]
