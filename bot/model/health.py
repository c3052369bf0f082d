"""How sources stand, and what was seen of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How one source stands: when it was last looked at, when it last read well, and what fails since when."""

    source_id: str
    last_check: datetime | None = None
    last_good: datetime | None = None
    first_good: datetime | None = None
    last_change: datetime | None = None
    streak: int = 0  # failed looks in a row
    cause: str = ""
    failing_since: datetime | None = None
    not_before: datetime | None = None
    hurry: float = 1.0  # the interval is multiplied by this (shortened when items may have been missed)


@dataclass(frozen=True, slots=True)
class Host:
    """What the coordinator remembers of one host."""

    name: str
    not_before: datetime | None = None
    robots: str | None = None
    robots_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Announced:
    """A derived source that one list Change announced: its first Change (0: none yet), or why it could not be read."""

    source_id: str
    item_key: str
    change: int = 0
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer of a search."""

    change: int
    source_id: str
    at: datetime
    headline: str
    snippet: str
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well a set of sources is seen at a moment. Each entry names a source; promise 9 speaks from this."""

    at: datetime
    watched: tuple[str, ...] = ()  # enabled sources
    read: tuple[str, ...] = ()  # read well within their rhythm
    failing: tuple[Standing, ...] = ()
    blocked: tuple[Standing, ...] = ()
    stale: tuple[Standing, ...] = ()  # no good look within three intervals
    quiet: tuple[Standing, ...] = ()  # suspiciously: expect_change_every is over
    unproven: tuple[str, ...] = ()  # never read well yet
    off: tuple[tuple[str, str], ...] = ()  # (source, off_reason)
    blind: tuple[str, ...] = ()  # jurisdictions with an unreadable must-watch source


@dataclass(frozen=True, slots=True)
class Bulk:
    """Totals of the whole store, for summaries and health."""

    looks: int = 0
    versions: int = 0
    changes: int = 0
    findings: int = 0
    failures: int = 0
    noise: int = 0  # looks whose differences were all uncounted
    outbox: Mapping[str, int] = field(default_factory=dict)  # deliveries by state


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One look at one source, as the store remembers it."""

    source_id: str
    at: datetime
    outcome: str
    cause: str = ""
    status: int = 0
    elapsed_ms: int = 0
    detail: str = ""
