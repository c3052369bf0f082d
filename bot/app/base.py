"""What every part of App stands on: settings, store, clock, channels, the declared sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bot import __version__
from bot import settings as settings_room
from bot.errors import OperatorError
from bot.model import Source, Standing
from bot.ports import Assistant, Channel, Clock, Crew, Store
from bot.settings import Settings

if TYPE_CHECKING:  # what looks and judges is imported by whoever does so: a look-up must not wait for it
    from bot.fetch import FetchSettings
    from bot.judge import RuleSet
    from bot.look import LookSettings

SILENT = frozenset({"baseline", "extractor"})
"""Causes of which nobody is told."""


def now() -> datetime:
    """The present moment; the one place that asks."""
    return datetime.now(UTC)


class Sources(Mapping[str, Source]):
    """The sources that are looked at, by id. `get` also knows documents that are followed no more.

    What was said of a document keeps its title, language and link; whoever goes through the sources never meets it.
    """

    def __init__(self, active: Mapping[str, Source], *, recorded: Callable[[str], Source | None]) -> None:
        self._active, self._recorded = active, recorded

    def __getitem__(self, source_id: str) -> Source:
        return self._active[source_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._active)

    def __len__(self) -> int:
        return len(self._active)

    def get(self, source_id: str, default: Any = None) -> Any:
        """The source of this id, looked at still or once."""
        return self._active.get(source_id) or self._recorded(source_id) or default


class Base:
    """The real parts, held together. The other parts of App are built on it."""

    def __init__(
        self,
        settings: Settings,
        *,
        store: Store,
        sources: Sequence[Source],
        channels: Mapping[str, Channel],
        clock: Clock = now,
        names: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.settings, self.store, self.clock = settings, store, clock
        self.channels = dict(channels)
        self.declared = tuple(sources)
        self._names = names

    def close(self) -> None:
        """End the crew, then the store."""
        if "crew" in self.__dict__:
            self.crew.close()
        self.store.close()

    @cached_property
    def look_settings(self) -> LookSettings:
        """What a worker must be told."""
        from bot.look import LookSettings

        return LookSettings(_fetch_settings(self.settings, self._names), self.settings.keys)

    @cached_property
    def crew(self) -> Crew:
        from bot.crew import crew
        from bot.look import look

        kind, width, address = settings_room.workers(self.settings.executor)
        return crew(kind, width=width, address=address, work=look, settings=self.look_settings)

    @cached_property
    def assistant(self) -> Assistant | None:
        """The language model that the operator set up; None without one."""
        settings = self.settings
        if not (settings.llm_url and settings.llm_model):
            return None
        from bot.fetch.plain import ask
        from bot.llm import Budget, Model

        def post(url: str, body: bytes, headers: dict[str, str]) -> bytes:
            return ask(url, content=body, headers=headers)

        return Model(settings.llm_url, settings.llm_model, post, Budget(settings.llm_budget), settings.llm_key)

    @cached_property
    def rules(self) -> RuleSet:
        from bot.judge import load_rules

        return load_rules()

    def sources(self) -> Sources:
        """Declared and derived sources by id; derived ones are as polite as their list. The same while none is new."""
        declared, derived = self.declared, self.store.derived()
        if self._gathered is None or self._gathered[0] is not declared or self._gathered[1] is not derived:
            self._gathered = (declared, derived, self._all(declared, derived))
        return self._gathered[2]

    _gathered: tuple[tuple[Source, ...], tuple[Source, ...], Sources] | None = None

    def _all(self, declared: Sequence[Source], derived: Sequence[Source]) -> Sources:
        found = {source.id: source for source in declared}
        polite = [replace(one, spacing=found[one.parent].spacing) for one in derived if one.parent in found]
        found.update((source.id, source) for source in polite)
        return Sources(found, recorded=self.store.recorded)

    def source(self, source_id: str) -> Source:
        """One source; raises OperatorError that names the nearest known id."""
        known = self.sources()
        if source_id in known:
            return known[source_id]
        from difflib import get_close_matches

        near = get_close_matches(source_id, known, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise OperatorError(f"no source is called {source_id!r}{hint}")

    def declare(self, sources: Sequence[Source]) -> None:
        """Take over a new set of declarations (SIGHUP); history of those no longer declared stays."""
        self.store.declare(sources, now=self.clock())
        self.declared = tuple(sources)

    def standings(self) -> Mapping[str, Standing]:
        return self.store.standings()

    def remembered(self, source_id: str) -> None:
        """Raises OperatorError for a source that is neither declared nor has a history (of a replay, of old days)."""
        if source_id not in self.standings():
            self.source(source_id)


def _fetch_settings(settings: Settings, names: Mapping[str, Sequence[str]] | None) -> FetchSettings:
    """`names` maps hosts to addresses; with it DNS is never asked (tests, demo)."""
    from bot.fetch import FetchSettings

    contact = settings.contact or "contact not set; see REGWATCH_CONTACT"
    return FetchSettings(
        user_agent=f"RegWatch/{__version__} ({contact})",
        allow_nets=settings.allow_nets,
        names=tuple((host, tuple(addresses)) for host, addresses in (names or {}).items()),
        proxy=settings.proxy,
    )
