"""The state of play in a jurisdiction: what is watched there, how it stands, what comes, and what we cannot see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import coverage
from bot.app.base import SILENT
from bot.app.dates import Dates
from bot.app.health import Health
from bot.jurisdictions import code_of, name_of
from bot.model import CAUSES, Ahead, Change, Coverage, Filters, Finding, Source, Standing

RECENT = timedelta(days=90)
AHEAD = 365  # days
LISTED = 50  # recent changes
DATED = 500  # dates ahead, the nearest
_LISTS = frozenset({"list", "feed", "json", "csv", "sitemap", "xlsx"})
_OFF = {
    "js": "its text is filled in by scripts", "refused": "its host refuses us", "robots": "robots.txt forbids it",
    "key": "it wants a key", "manual": "a person has to bring it", "format": "its format is not read",
    "unproven": "nobody has seen it read yet",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Instrument:
    """One text or list that is watched, and the last that was found in it that matters."""

    source_id: str
    title: str
    url: str
    stage: str = ""
    version_at: datetime | None = None  # since when it reads as it does
    last_good: datetime | None = None
    change: int = 0  # 0: nothing relevant found yet
    headline: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """The state of play in one jurisdiction. `blind`: what we cannot see there, a sentence each."""

    jurisdiction: str
    name: str
    at: datetime
    instruments: tuple[Instrument, ...]
    ahead: tuple[Ahead, ...]
    recent: tuple[tuple[Change, Finding], ...]
    blind: tuple[str, ...]
    sentence: str


class StateOfPlay(Dates, Health):
    """The part of App that sums up a jurisdiction."""

    def jurisdiction(self, text: str) -> str:
        """The code for a name or code as a person types it; raises OperatorError that names the nearest one."""
        return code_of(text, known={source.jurisdiction for source in self.declared if source.jurisdiction})

    def state(self, jurisdiction: str) -> State:
        """How things stand in a jurisdiction, by name or code. Raises OperatorError for one that nobody knows."""
        code = self.jurisdiction(jurisdiction)
        there = Filters(jurisdictions=(code,))
        since = self.clock() - RECENT
        sources = [source for source in self.declared if source.jurisdiction == code]
        seen = coverage.coverage(sources, self.standings(), now=self.clock())
        recent = [
            (change, finding)
            for change, finding in self.latest(filters=there, since=since, limit=LISTED)
            if change.cause not in SILENT and not change.late
        ]
        return State(
            jurisdiction=code,
            name=name_of(code),
            at=self.clock(),
            instruments=tuple(self._instruments(sources)),
            ahead=tuple(self.upcoming(filters=there, days=AHEAD, limit=DATED)),
            recent=tuple(recent),
            blind=tuple(_blind(sources, seen, name=name_of(code))),
            sentence=_sentence(sources, seen, changes=_own(recent, sources), since=since, name=name_of(code)),
        )

    def _instruments(self, sources: Iterable[Source]) -> Iterable[Instrument]:
        """Texts first, then lists; what is switched off is a blind spot and stands there."""
        standings = self.standings()
        watched = [source for source in sources if source.enabled]
        for source in sorted(watched, key=lambda one: one.type in _LISTS):
            yield self._instrument(source, standings.get(source.id) or Standing(source.id))

    def _instrument(self, source: Source, standing: Standing) -> Instrument:
        versions = self.store.versions(source.id, limit=1)
        found = self.store.recent(filters=Filters(sources=(source.id,)), limit=1)
        change, finding = found[0] if found else (None, None)
        return Instrument(
            source.id,
            source.title or source.id,
            source.url,
            stage=finding.stage if finding else "",
            version_at=versions[0].at if versions else None,
            last_good=standing.last_good,
            change=change.id if change else 0,
            headline=finding.headline if finding else "",
        )


def _own(recent: Iterable[tuple[Change, Finding]], sources: Iterable[Source]) -> int:
    """How many changes come from the sources of a jurisdiction itself; others speak of it, too."""
    ids = {source.id for source in sources}
    return sum(change.source_id.partition("~")[0] in ids for change, _ in recent)


def _blind(sources: Iterable[Source], seen: Coverage, *, name: str) -> Iterable[str]:
    """What we cannot see, and what is strange about what we see, a sentence each."""
    by_id = {source.id: source for source in sources}
    if not by_id:
        yield f"No source is declared for {name}: what happens there is not seen."
    dark = {one.source_id: one for one in (*seen.failing, *seen.blocked, *seen.stale)}
    for one in dark.values():
        why = CAUSES.get(one.cause) or "no look in time"
        yield f"{_titled(by_id[one.source_id])} could not be read: {why}, {_since(one)}."
    for source_id in seen.unproven:
        if source_id not in dark:
            yield f"{_titled(by_id[source_id])} was never read yet."
    for one in seen.quiet:
        yield f"{_titled(by_id[one.source_id])} is suspiciously quiet: {_changed(one)}."
    for source_id, reason in seen.off:
        yield f"{_titled(by_id[source_id])} is not looked at: {_OFF.get(reason, reason)}."
    if seen.blind:
        yield f"{name} is not clear: a source that must be watched could not be read."


def _titled(source: Source) -> str:
    return f"{source.title or source.id} ({source.id})"


def _since(standing: Standing) -> str:
    when = standing.failing_since or standing.last_good
    return f"since {when:%Y-%m-%d %H:%M} UTC" if when else "never read"


def _changed(standing: Standing) -> str:
    return f"no change since {standing.last_change:%Y-%m-%d}" if standing.last_change else "no change seen so far"


def _sentence(sources: list[Source], seen: Coverage, *, changes: int, since: datetime, name: str) -> str:
    if not sources:
        return f"no source is declared for {name}: nothing can be said of it."
    return coverage.sentence(seen, changes=changes, since=since)
