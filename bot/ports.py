"""The sockets. A real part is plugged into each in bot/app/; a test may plug in something simpler."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot.model import (
    Ahead,
    Announced,
    Block,
    Bulk,
    Change,
    CheckRow,
    Delivery,
    Digest,
    Edit,
    Event,
    Filters,
    Finding,
    Footprint,
    Handling,
    Hit,
    Host,
    Known,
    Memory,
    Message,
    Outcome,
    Proof,
    Review,
    Source,
    Standing,
    Subscription,
    Ticket,
    Unit,
    UnitDone,
    Version,
)

Clock = Callable[[], datetime]
"""The present moment, aware UTC. Only doors and app hold one; everything below is passed `now`."""


class Crew(Protocol):
    """Maps units over workers and hands back each as it is done; at most one unit per host in flight.

    `make` turns a plan into its Unit only when a worker is free, so that it carries the newest state of its host.
    """

    def __call__(self, plans: Sequence[Plan], *, make: Callable[[Plan], Unit]) -> Iterator[UnitDone]: ...

    def stop(self) -> None: ...
    def close(self) -> None: ...


class Plan(Protocol):
    """Sources of one host that will make one Unit (bot.schedule.Plan)."""

    @property
    def host(self) -> str: ...
    @property
    def sources(self) -> tuple[Source, ...]: ...
    @property
    def spacing(self) -> float: ...


class Channel(Protocol):
    """A way to reach people. Raises DeliveryError; a channel that cannot be read back is `blind`."""

    blind: bool

    def send(self, message: Message, *, address: str, marker: str) -> str:
        """Deliver; returns what the channel calls the message (a timestamp, a Message-ID)."""
        ...

    def find(self, *, address: str, marker: str, since: datetime, thread: str = "") -> str:
        """What the channel calls the message with this marker, "" when it is surely not there.

        Raises DeliveryError when the channel cannot be read now; a blind channel always does.
        """
        ...


class Assistant(Protocol):
    """Looks at a Finding after the rules did; never raises for what it could not do, and says so in the Finding."""

    @property
    def version(self) -> str:
        """What the rule-set version of its Findings ends with."""
        ...

    def improve(
        self,
        finding: Finding,
        *,
        before: Sequence[Block],
        after: Sequence[Block],
        edits: Sequence[Edit],
        source: Source,
        now: datetime,
    ) -> Finding: ...


class Store(Protocol):
    """Everything that is remembered. Each method is one transaction; all raise StoreError."""

    # ---- the home
    def bulk(self, who: str) -> AbstractContextManager[None]:
        """Hold the home's lock for bulk work; raises LockedError that names the holder."""
        ...

    def close(self) -> None: ...
    def totals(self, *, since: datetime | None = None) -> Bulk: ...

    # ---- sources
    def declare(self, sources: Sequence[Source], *, now: datetime) -> None:
        """Make the declared sources known (rows, not their fields); keeps the history of those no longer declared."""
        ...

    def derived(self) -> tuple[Source, ...]:
        """Active derived sources, as they were recorded."""
        ...

    def recorded(self, source_id: str) -> Source | None:
        """A derived source as it was recorded, whether it is still followed or not; for look-ups, never for looking."""
        ...

    def retire(self, source_ids: Iterable[str], *, now: datetime) -> None: ...
    def standings(self) -> Mapping[str, Standing]:
        """By source id; sources never looked at are there, with everything empty."""
        ...

    # ---- looking
    def known(self, sources: Sequence[Source], fingerprints: Mapping[str, str]) -> tuple[Known, ...]:
        """What workers must know, in the given order. `stored` is filled where the stored fingerprint differs."""
        ...

    def hosts(self, names: Iterable[str]) -> Mapping[str, Host]: ...
    def keep_host(self, host: Host) -> None: ...
    def memory(self, source: Source, *, light: bool = False) -> Memory:
        """What decide needs. `light`: without blocks and items (the look read nothing new)."""
        ...

    def record(self, outcomes: Sequence[Outcome], *, hosts: Sequence[Host] = ()) -> tuple[int, ...]:
        """Write the outcomes of one unit in one transaction; returns the Change id of each, 0 for none.

        Rows: a Check each; a Snapshot and Version for first/changed and for uncounted differences; Changes; items,
        marks, derived sources (announced by the Change just made); validators only after a good reading; the ledger.
        """
        ...

    def record_past(self, outcomes: Sequence[Outcome]) -> tuple[int, ...]:
        """Write old captures of one source, oldest first, in one transaction; returns the Change of each.

        The latest Version stays the one that looks are compared with, and the source stands as it stood.
        """
        ...

    def connect(self, before: Version, after: Version, edits: Sequence[Edit], *, cause: str = "source") -> int:
        """Write a Change between two Versions that are there already; returns its id.

        Cause *source*: neighbours of one source, late. *edition*: of two documents, once somebody said that one
        succeeds the other; that is news.
        """
        ...

    def checks(self, source_id: str, *, limit: int = 50) -> tuple[CheckRow, ...]: ...
    def looks_between(self, *, since: datetime, until: datetime) -> Mapping[str, tuple[CheckRow, ...]]:
        """The looks of [since, until] by source id, oldest first; before them the last good one and what failed since.

        Of days whose rows are gone only outcomes are known: they stand at noon, and a failure has no cause.
        """
        ...


    # ---- facts
    def change(self, change_id: int) -> Change | None: ...
    def changes(
        self,
        *,
        since: datetime | None = None,
        source_id: str = "",
        relevant: bool = False,
        counted: bool = True,
        limit: int = 100,
    ) -> tuple[Change, ...]:
        """Newest first. Edits are included. `counted` leaves out Changes that hold only uncounted edits."""
        ...

    def versions(self, source_id: str, *, limit: int = 100) -> tuple[Version, ...]: ...
    def blocks(self, version: Version | None) -> tuple[Block, ...]:
        """The Blocks of a Version; () for None."""
        ...

    def body(self, version: Version) -> tuple[bytes, Mapping[str, str]]:
        """The bytes as fetched, and the response's headers."""
        ...

    def announced(self, change_id: int) -> tuple[Announced, ...]: ...

    # ---- judging
    def unjudged(self, *, now: datetime, wait: timedelta, tries: int, limit: int = 200) -> tuple[Change, ...]:
        """Oldest first: Changes without a Finding, but for those that still wait for an announced document.

        A Change waits while one of its derived sources has no Version, fewer than `tries` failed looks, and the
        Change is younger than `wait`.
        """
        ...

    def judged(self, *, since: datetime | None = None) -> Iterator[Change]: ...
    def finding(self, change_id: int) -> Finding | None:
        """The latest Finding on a Change."""
        ...

    def findings(self, change_ids: Sequence[int]) -> Mapping[int, Finding]: ...
    def add_finding(
        self, finding: Finding, deliveries: Sequence[Delivery], *, text: str, event: Event | None = None
    ) -> int:
        """Finding, deliveries (those whose unique key is there already are left alone), search row, ledger: one
        transaction. `text` is what full-text search finds (edited text and item titles). Returns the Finding's id.

        `event`: the Event that the Change joins, with the acts it has then; id 0: a new one; None: as it was.
        """
        ...

    def add_findings(
        self, rows: Sequence[tuple[Finding, Sequence[Delivery], str, Event | None]]
    ) -> tuple[int, ...]:
        """Several Findings, each with its deliveries, text and Event as in add_finding, in one transaction."""
        ...

    def search(
        self, words: str, *, filters: Filters | None = None, before: int = 0, limit: int = 20
    ) -> tuple[Hit, ...]:
        """Newest first; `before`: those that come after this Change there."""
        ...

    # ---- lookups
    def recent(
        self,
        *,
        filters: Filters | None = None,
        verdicts: Sequence[str] = ("relevant", "uncertain"),
        since: datetime | None = None,
        until: datetime | None = None,
        before: int = 0,
        limit: int = 20,
    ) -> tuple[tuple[Change, Finding], ...]:
        """Judged Changes with their latest Findings, newest first; `before`: those that come after this Change there.

        Of `filters`, severity (`min`) and `every_change` do not apply. Extractor Changes are left out.
        """
        ...

    def ahead(
        self, *, since: date, until: date | None = None, filters: Filters | None = None, limit: int = 200
    ) -> tuple[Ahead, ...]:
        """Dates that the latest Findings (relevant or uncertain, not late) state, soonest first; no *published*.

        Of an act that several Changes speak of, those of each kind that were stated last.
        """
        ...

    def weekly(self, *, since: datetime, until: datetime) -> Mapping[str, Mapping[date, int]]:
        """Relevant Changes per jurisdiction and week (its Monday)."""
        ...

    # ---- events
    def event(self, event_id: int) -> Event | None: ...
    def became(self, event_id: int) -> int:
        """The number of what an Event is part of by now, its own when it still stands; 0 when there never was one."""
        ...

    def event_of(self, change_id: int) -> Event | None: ...
    def events_of(self, acts: Sequence[str]) -> tuple[Event, ...]:
        """Events that share an act's identifier with these."""
        ...

    def merge(self, event_id: int, *, into: int, now: datetime) -> None:
        """Every Change of the first event joins the second; the first is no more."""
        ...

    def split(self, change_id: int, *, now: datetime) -> int:
        """The Change leaves its event and has one of its own; returns that."""
        ...

    # ---- people
    def footprints(self) -> Mapping[str, Footprint]: ...
    def keep_footprint(self, footprint: Footprint, *, now: datetime) -> None: ...
    def drop_footprint(self, name: str) -> bool: ...
    def actor(self, name: str, *, address: str = "") -> str:
        """The random id of a person, made at the first meeting."""
        ...

    def names(self, actors: Iterable[str]) -> Mapping[str, str]:
        """Names of those who are not forgotten."""
        ...

    def handling(self, change_id: int) -> Mapping[int, Handling]:
        """How far each subscription has come with a Change, by subscription."""
        ...

    def handlings(self, change_ids: Sequence[int]) -> Mapping[int, Mapping[int, Handling]]:
        """The same of several Changes at once; those of which nobody said anything are left out."""
        ...

    def open_items(self, subscription_id: int, *, now: datetime, limit: int = 50) -> tuple[Delivery, ...]:
        """Alerts that were delivered and are neither acknowledged, nor not relevant, nor snoozed; oldest first."""
        ...

    def mute(self, subscription_id: int, source_ids: Sequence[str]) -> None:
        """Replace the sources that are muted for this subscription."""
        ...

    def pause(self, subscription_id: int, until: datetime | None) -> None: ...
    def subscriptions(self) -> tuple[Subscription, ...]: ...
    def begun(self) -> Mapping[int, datetime]:
        """Since when each subscription stands, by its number."""
        ...

    def subscribe(self, subscription: Subscription, *, now: datetime) -> int:
        """Adds (id 0) or replaces; the same channel, address and filters give the same id."""
        ...

    def unsubscribe(self, subscription_id: int, *, now: datetime) -> bool: ...
    def add_review(self, review: Review) -> int: ...
    def handle(self, review: Review, rewritten: Sequence[Delivery] = ()) -> tuple[int, Handling]:
        """The review and promises to rewrite alerts (revision: its number; only where it was told), one transaction.

        Number 0: nothing was written; somebody acknowledged it before, or there is no acknowledgement to take back.
        """
        ...

    def reviews(self, change_id: int) -> tuple[Review, ...]: ...

    # ---- outbox
    def promise(self, deliveries: Sequence[Delivery]) -> int:
        """Queue deliveries; unique keys already there are left alone. Returns how many were new."""
        ...

    def outbox(self, *, now: datetime | None = None, states: Sequence[str] = ()) -> tuple[Delivery, ...]:
        """In order of promise. With `now`: only what is due (queued and due, or left on sending by a crash)."""
        ...

    def claim(self, delivery: Delivery, payload: bytes, *, now: datetime) -> None:
        """queued -> sending, payload frozen, attempt counted; durable (synchronous FULL) before it returns."""
        ...

    def settle(
        self, delivery: Delivery, state: str, *, now: datetime, due: datetime | None = None, detail: str = ""
    ) -> None:
        """sending -> done, queued (again, at `due`), uncertain or dead; durable; done also leaves a ledger row."""
        ...

    def deliveries(self, *, subject: str = "", subscription: int | None = None) -> tuple[Delivery, ...]:
        """Of this subject, of this subscription, in every state, in order of promise."""
        ...

    # ---- digests, tickets, alarms
    def digests(self, subscription_id: int, *, limit: int = 10) -> tuple[Digest, ...]:
        """Newest first."""
        ...

    def keep_digest(self, digest: Digest, deliveries: Sequence[Delivery]) -> bool:
        """Digest and its deliveries, one transaction; False when this period was kept before."""
        ...

    def issue(self, ticket: Ticket) -> int: ...
    def redeem(self, kind: str, hash: bytes, *, now: datetime, once: bool = True) -> Ticket | None:
        """The ticket when it is there, unexpired and (with `once`) unused; then it is used."""
        ...

    def tickets(self, kind: str, *, now: datetime) -> tuple[Ticket, ...]:
        """Unexpired and unused ones, oldest first."""
        ...

    def revoke(self, ticket_id: int) -> None: ...
    def alarms(self) -> Mapping[str, datetime]:
        """What the owner was told of and is not over: subject -> since when."""
        ...

    def keep_alarm(self, subject: str, since: datetime | None, deliveries: Sequence[Delivery] = ()) -> None:
        """Raise (or, with None, clear) an alarm, with what is to be told of it, in one transaction."""
        ...

    def keep_alarms(self, since: Mapping[str, datetime | None], deliveries: Sequence[Delivery] = ()) -> None:
        """The same for several alarms, by subject, in one transaction."""
        ...

    def proof(self, change_id: int) -> Proof:
        """What can be proved of this Change: snapshots, versions, findings, reviews, deliveries, and their chain."""
        ...

    def head(self) -> tuple[int, bytes]:
        """The ledger's last entry and its hash; (0, 32 zero bytes) before the first."""
        ...

    # ---- keeping
    def damage(self) -> str:
        """What is wrong with the file itself, "" for nothing; walks all of it, which takes a second per 100 MB."""
        ...

    def people(self) -> tuple[tuple[str, str], ...]:
        """Everybody who is known by name: name and address."""
        ...

    def forget(self, name: str) -> bool:
        """Erase a person's name, address and remarks, also from what was sent; False: nobody of this name."""
        ...

    def hold(self, why: str, *, now: datetime) -> int:
        """From now on nothing is let go, until every hold is lifted; returns its number."""
        ...

    def lift(self, hold: int, *, now: datetime) -> bool: ...
    def holds(self) -> tuple[tuple[int, datetime, str], ...]:
        """Number, since when and why, of each that stands."""
        ...

    def let_go(self, *, now: datetime) -> Iterator[tuple[str, int]]:
        """Let go of what has been kept long enough; yields what and how many rows. Nothing while there is a hold."""
        ...

    def backup(self, path: Path) -> int:
        """Copy the whole store into one new file while it is in use; returns its size."""
        ...

    def verify(self) -> str:
        """Walk the ledger's chain; "" when it holds, else what is wrong where."""
        ...
