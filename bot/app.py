"""The wiring: the only room that knows every real part. The doors call the verbs of App and nothing below them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TextIO

import storage
from bot import __version__, coverage, editions, messages, past, pipeline, replay, schedule
from bot import settings as settings_room
from bot import sources as sources_room
from bot.archive import BODY_LIMIT
from bot.channels.console import Console
from bot.crew import crew
from bot.errors import OperatorError, SourcesError
from bot.fetch import Fetcher, FetchSettings
from bot.judge import RuleSet, load_rules
from bot.look import LookSettings, look, reread, sleep
from bot.model import (
    Block,
    Bulk,
    Change,
    CheckRow,
    Coverage,
    Delivery,
    Filters,
    Finding,
    Hit,
    Host,
    Known,
    Look,
    Message,
    Outcome,
    Review,
    Run,
    Source,
    Standing,
    Subscription,
    Unit,
    Version,
    unpack,
)
from bot.ports import Channel, Clock, Crew, Plan, Store
from bot.settings import Settings
from bot.squeeze import expand
from bot.wayback import ARCHIVE, Wayback

FOLLOW_ROUNDS = 3  # list -> item -> attachment, and one to spare

Told = Sequence[tuple[Subscription, str]]


def now() -> datetime:
    """The present moment; the one place that asks."""
    return datetime.now(UTC)


class App:
    """The verbs of the product over the real parts. Use as a context manager, or close it."""

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
        self.look_settings = LookSettings(_fetch_settings(settings, names), settings.keys)

    def __enter__(self) -> App:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the crew, then the store."""
        if "crew" in self.__dict__:
            self.crew.close()
        self.store.close()

    @cached_property
    def crew(self) -> Crew:
        kind, width = settings_room.workers(self.settings.executor)
        return crew(kind, width, work=look, settings=self.look_settings)

    @cached_property
    def rules(self) -> RuleSet:
        return load_rules()

    # -------------------------------------------------------------------------------------------- sources

    def sources(self) -> dict[str, Source]:
        """Declared and derived sources by id; derived ones are as polite as their list."""
        parents = {source.id: source for source in self.declared}
        derived = (
            replace(source, spacing=parents[source.parent].spacing)
            for source in self.store.derived()
            if source.parent in parents
        )
        return parents | {source.id: source for source in derived}

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

    # -------------------------------------------------------------------------------------------- the main job

    def due(self) -> list[Source]:
        """Sources whose time has come."""
        return schedule.due(self.sources().values(), self.standings(), now=self.clock())

    def check(self, source_ids: Sequence[str] = (), *, everything: bool = False) -> Iterator[tuple[Outcome, int]]:
        """Look at these sources (default: what is due), then at the pages of new items and at their attachments.

        Yields each outcome with its Change (0: none). Raises OperatorError for an unknown or switched-off id.
        """
        wanted = self._wanted(source_ids, everything=everything)
        past.compare_editions(self.declared, store=self.store)
        self.store.declare(self.declared, now=self.clock())  # here, not on opening: who only reads never writes
        self.store.retire(schedule.retired(self.store.derived(), self.standings(), now=self.clock()), now=self.clock())
        for _ in range(1 + FOLLOW_ROUNDS):
            followed: list[Source] = []
            by_id = {source.id: source for source in wanted}
            for outcome, change in pipeline.check(wanted, store=self.store, crew=self.crew, clock=self.clock):
                followed += outcome.follow
                if outcome.kind == "first":
                    past.connect(by_id[outcome.source_id], store=self.store)
                yield outcome, change
            if not followed:
                return
            wanted = followed

    def _wanted(self, source_ids: Sequence[str], *, everything: bool) -> list[Source]:
        if everything:
            return [source for source in self.sources().values() if source.enabled]
        if not source_ids:
            return self.due()
        wanted = [self.source(source_id) for source_id in dict.fromkeys(source_ids)]
        if off := [source for source in wanted if not source.enabled]:
            raise OperatorError(f"{off[0].id} is switched off in the declarations ({off[0].off_reason})")
        return wanted

    def postponed(
        self, source_ids: Sequence[str], outcomes: Iterable[Outcome], *, everything: bool = False
    ) -> list[tuple[str, str]]:
        """Which of the sources asked for were not reached in a pass, and why; each stays due."""
        reached = {outcome.source_id for outcome in outcomes}
        left = [one for one in self._wanted(source_ids, everything=everything) if one.id not in reached]
        hosts = self.store.hosts({schedule.host_of(one.url) for one in left})
        return [(one.id, _pause(hosts.get(schedule.host_of(one.url)))) for one in left]

    def judge_all(self, *, tell: bool = True) -> Iterator[tuple[pipeline.Case, Finding, Told]]:
        """Form an opinion on every Change that has none, and promise to tell those who want it."""
        return pipeline.judge_all(self.sources(), store=self.store, rules=self.rules, clock=self.clock, tell=tell)

    def deliver_all(self) -> Iterator[Delivery]:
        """Keep the promises that are due."""
        return pipeline.deliver_all(store=self.store, channels=self.channels, compose=self.compose, clock=self.clock)

    def run_once(self, source_ids: Sequence[str] = (), *, everything: bool = False) -> list[Outcome]:
        """One whole pass: look, judge, tell."""
        outcomes = [outcome for outcome, _ in self.check(source_ids, everything=everything)]
        for drain in (self.judge_all(), self.deliver_all()):
            for _ in drain:
                pass
        return outcomes

    def compose(self, delivery: Delivery, subscription: Subscription) -> Message:
        """The message for one delivery, built from what the store knows now."""
        if delivery.kind == "notice":
            return messages.notice(delivery.subject, delivery.detail)
        made, finding = self.show(int(delivery.subject.removeprefix("change:")))
        if finding is None:
            return messages.notice(delivery.subject, "this change has not been judged yet")
        made, _ = pipeline.without_documents(made, self.store.announced(made.change.id))  # as it was judged
        told = dict((one.id, why) for one, why in pipeline.readers(made, finding, [subscription], now=self.clock()))
        return messages.alert(
            made.change,
            finding,
            before=made.before,
            after=made.after,
            edits=made.edits,
            source=made.source,
            why=told.get(subscription.id, ""),
            public_url=self.settings.public_url,
        )

    def try_out(
        self, source_ids: Sequence[str] = (), *, everything: bool = False
    ) -> Iterator[tuple[Source, Look, tuple[Block, ...]]]:
        """Look live and say what would be read; nothing is stored."""
        wanted = self._wanted(source_ids, everything=everything or not source_ids)

        def make(plan: Plan) -> Unit:
            fresh = tuple(Known(source) for source in plan.sources)
            return Unit(plan.host, self.clock(), fresh, 0.0, plan.spacing)

        by_id = {source.id: source for source in wanted}
        for done in self.crew(schedule.plans(wanted, {}, now=self.clock()), make=make):
            for one in done.looks:
                yield by_id[one.source_id], one, unpack(expand(one.reading)) if one.reading else ()

    def replay(self, path: Path) -> Iterator[dict[str, Any]]:
        """Run one WARC file through the same pipeline at its recorded times; tells nobody."""
        return replay.replay(path, declared=self.declared, store=self.store, rules=self.rules)

    def editions(self) -> Iterator[editions.Proposal]:
        """Documents that look like the next edition of another, declared or followed; a person confirms."""
        known = self.sources()
        first = {one: versions[-1].at for one in known if (versions := self.store.versions(one, limit=past.ALL))}

        def read(source: Source) -> tuple[Block, ...]:
            return self.store.blocks(self.store.versions(source.id, limit=1)[0])

        return editions.propose(known.values(), seen=first, read=read)

    # -------------------------------------------------------------------------------------------- what others kept

    def import_file(self, source_id: str, path: Path, *, seen_at: datetime) -> tuple[Outcome, int]:
        """Take in a page or document that a person saved; returns what it came to and its Change (0: none).

        Raises OperatorError for a file that cannot be read and a moment that is still to come.
        """
        source = self.source(source_id)
        if seen_at > self.clock():
            raise OperatorError(f"--seen-at {seen_at:%Y-%m-%d %H:%M} UTC is still to come")
        self.store.declare(self.declared, now=self.clock())
        response = past.saved(_bytes(path), source=source, now=self.clock())
        return past.bring(past.Brought(seen_at, response, "person"), source, store=self.store)

    def backfill(
        self, source_id: str, *, since: datetime | None = None, archive: str = ARCHIVE
    ) -> Iterator[tuple[Outcome, int]]:
        """Bring in what an archive captured before we first read a source; its Changes alert nobody.

        Yields each capture with its Change (0: none), as polite to the archive as to the source. Raises OperatorError
        when there is nothing to bring in, FetchError when the archive does not answer.
        """
        source = self.source(source_id)
        self.store.declare(self.declared, now=self.clock())
        with Fetcher(self.look_settings.fetch) as fetcher:
            wayback = Wayback(fetcher, pause=sleep, address=archive, spacing=source.spacing)
            yield from past.backfill(source, wayback=wayback, store=self.store, since=since)

    def absent(self) -> list[str]:
        """One line for each part that is set but that this release does not have."""
        later = [name for name, field in settings_room.NAMES.items() if field in settings_room.LATER]
        chosen = [name for name in later if getattr(self.settings, settings_room.NAMES[name])]
        silent = [f"{name} is set, but this release speaks on the console and the web only" for name in chosen]
        return silent + [f"{name} is set, but there is no such setting" for name in self.settings.unknown]

    # -------------------------------------------------------------------------------------------- our own changes

    def reread(self, source_ids: Sequence[str] = ()) -> Iterator[tuple[Outcome, int]]:
        """Read the stored bytes as we read today; recorded as *extractor*, told to nobody."""
        wanted = [self.source(one) for one in source_ids] if source_ids else list(self.sources().values())
        return pipeline.reread(wanted, store=self.store, read=reread, now=self.clock())

    def rejudge(self, *, since: datetime | None = None, tell: bool = False) -> Iterator[tuple[Finding | None, Finding]]:
        """Judge again; yields the old and the new Finding. Nobody is told without `tell`, and nobody twice."""
        sources = self.sources()
        for change in list(self.store.judged(since=since)):
            before = self.store.finding(change.id)
            _, finding, _ = pipeline.judge_one(
                change, sources, store=self.store, rules=self.rules, now=self.clock(), tell=tell
            )
            yield before, finding

    # -------------------------------------------------------------------------------------------- looking up

    def changes(
        self, *, since: datetime | None = None, source_id: str = "", relevant: bool = False, limit: int = 50
    ) -> list[tuple[Change, Finding | None]]:
        """Newest first, each with its latest Finding."""
        found = self.store.changes(since=since, source_id=source_id, relevant=relevant, limit=limit)
        opinions = self.store.findings([change.id for change in found])
        return [(change, opinions.get(change.id)) for change in found]

    def show(self, change_id: int) -> tuple[pipeline.Case, Finding | None]:
        """One Change with its texts and the latest opinion; raises OperatorError when there is none."""
        change = self.store.change(change_id)
        if change is None:
            raise OperatorError(f"there is no change {change_id}")
        source = self.sources().get(change.source_id) or Source(change.source_id, "")
        return pipeline.case(change, source=source, store=self.store), self.store.finding(change_id)

    def alert(self, change_id: int) -> Message:
        """The message a reader of everything would get about this Change."""
        made, finding = self.show(change_id)
        if finding is None:
            return messages.notice(f"change {change_id}", "recorded, but not judged yet")
        parts = {"before": made.before, "after": made.after, "edits": made.edits, "source": made.source}
        return messages.alert(made.change, finding, why="", public_url=self.settings.public_url, **parts)  # type: ignore[arg-type]

    def redline(self, change_id: int) -> tuple[tuple[Run, ...], ...]:
        """Every edit of a Change, in lines."""
        made, _ = self.show(change_id)
        return messages.redline(made.edits, made.before, made.after)

    def why(self, change_id: int) -> str:
        """The decision with every reason and its weight (promise 8), and who was told."""
        made, finding = self.show(change_id)
        if finding is None and made.change.cause == "extractor":
            return "told: nobody. Our own edits: the stored bytes read differently since we changed how we read"
        if finding is None and not any(edit.counted for edit in made.edits):
            return f"told: nobody. Nothing that counts differs: {self._uncounted(made)}"
        if finding is None:
            return f"change {change_id} is recorded and has not been judged yet"
        lines = [f"told: {one}" for one in self.told(change_id)] or [f"told: nobody ({self._nobody(made, finding)})"]
        lines += [f"a person said: {one.says.replace('_', ' ')}" for one in self.store.reviews(change_id)]
        return "\n".join([messages.why(finding, self.rules, made.source), *lines])

    @staticmethod
    def _uncounted(made: pipeline.Case) -> str:
        """Each kind of uncounted edit with its reason, and how often."""
        found = Counter(edit.kind + (f" ({edit.reason})" if edit.reason else "") for edit in made.edits)
        return ", ".join(f"{number} {what}" for what, number in found.items()) or "no edit at all"

    def told(self, change_id: int) -> list[str]:
        """Who was, or is to be, told of a Change, and how far that has got."""
        return [self._whom(one) for one in self.store.outbox(states=STATES) if one.subject == f"change:{change_id}"]

    def _whom(self, delivery: Delivery) -> str:
        known = {one.id: one for one in self.store.subscriptions()}
        reader = known.get(delivery.subscription)
        name = f"{reader.channel} {reader.address}".strip() if reader else "a subscription that is no more"
        return f"{name}: {delivery.state}"

    def _nobody(self, made: pipeline.Case, finding: Finding) -> str:
        if made.change.late:
            return "history that was brought in after what came later"
        if made.change.cause in SILENT:
            return f"cause: {made.change.cause}"
        return f"no subscription asks for it; verdict: {finding.verdict}"

    def history(self, source_id: str, *, limit: int = 50) -> tuple[tuple[Version, ...], tuple[CheckRow, ...]]:
        """Versions and looks of one source, newest first."""
        self.remembered(source_id)
        return self.store.versions(source_id, limit=limit), self.store.checks(source_id, limit=limit)

    def remembered(self, source_id: str) -> None:
        """Raises OperatorError for a source that is neither declared nor has a history (of a replay, of old days)."""
        if source_id not in self.standings():
            self.source(source_id)

    def search(self, words: str, *, filters: Filters | None = None, limit: int = 20) -> tuple[Hit, ...]:
        return self.store.search(words, filters=filters, limit=limit)

    def coverage(self) -> Coverage:
        return coverage.coverage(self.declared, self.standings(), now=self.clock())

    def unread_documents(self) -> dict[str, int]:
        """How many followed documents of each list fail now; their lists are counted as read all the same."""
        parents = {one.id: one.parent for one in self.store.derived()}
        failing = (standing.source_id for standing in self.standings().values() if standing.streak)
        return dict(Counter(parents[one] for one in failing if one in parents))

    def coverage_sentence(self, *, since: datetime | None = None) -> str:
        """Promise 9's words for now."""
        found = self.store.changes(since=since, limit=1000) if since else ()
        told = [change for change in found if change.cause not in SILENT and not change.late]
        seen = sum(change.at > since for change in told) if since else 0
        return coverage.sentence(self.coverage(), changes=seen, since=since)

    def totals(self) -> Bulk:
        return self.store.totals()

    # -------------------------------------------------------------------------------------------- people

    def subscriptions(self) -> tuple[Subscription, ...]:
        return self.store.subscriptions()

    def subscribe(self, subscription: Subscription) -> int:
        """Adds a subscription; raises OperatorError for a source or channel that does not exist."""
        for source_id in subscription.filters.sources:
            self.source(source_id)
        if subscription.channel not in self.channels:
            raise OperatorError(f"no channel {subscription.channel!r}; there is: {', '.join(sorted(self.channels))}")
        return self.store.subscribe(subscription, now=self.clock())

    def unsubscribe(self, subscription_id: int) -> None:
        if not self.store.unsubscribe(subscription_id, now=self.clock()):
            raise OperatorError(f"there is no subscription {subscription_id}")

    def speak_here(self) -> None:
        """With nobody subscribed, the console is: a first run needs no account."""
        if not self.subscriptions():
            self.store.subscribe(Subscription(0, "console", "here"), now=self.clock())

    def review(self, change_id: int, says: str, *, actor: str, remark: str = "") -> int:
        """Record what a person says of a Change."""
        self.show(change_id)
        return self.store.add_review(Review(change_id, actor, self.clock(), says, remark))

    def outbox(self, *, states: Sequence[str] = ("queued", "sending", "uncertain", "dead")) -> tuple[Delivery, ...]:
        return self.store.outbox(states=states)

    def settle(self, delivery_id: int, state: str) -> None:
        """Put one delivery back to queued, or give it up; raises OperatorError for one that is not waiting."""
        rows = {one.id: one for one in self.outbox()}
        if delivery_id not in rows:
            raise OperatorError(f"delivery {delivery_id} is not waiting in the outbox")
        due = self.clock() if state == "queued" else None
        self.store.settle(rows[delivery_id], state, now=self.clock(), due=due, detail="by hand")


def _pause(host: Host | None) -> str:
    if host and host.not_before:
        return f"its host asked for a pause until {host.not_before:%Y-%m-%d %H:%M} UTC"
    return "the time of its host was over; it stays due"


SILENT = frozenset({"baseline", "extractor"})  # causes of which nobody is told
STATES = ("queued", "sending", "done", "uncertain", "dead")

# ------------------------------------------------------------------------------------------------ building


def read_sources(settings: Settings) -> tuple[Source, ...]:
    """sources.toml with sources.d/*.toml of the home merged in. Raises SourcesError, OperatorError."""
    main = sources_room.load(_text(settings.sources), name=str(settings.sources))
    names = str(settings.sources)
    for path in sorted((settings.home / "sources.d").glob("*.toml")):
        more = sources_room.load(_text(path), name=str(path), beside=main)
        main = sources_room.merge(main, more, names=(names, str(path)))
    return main


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise OperatorError(f"{path} is not there; name it with --sources or REGWATCH_SOURCES") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SourcesError(f"{path}: {error}") from error


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > BODY_LIMIT:
            raise OperatorError(f"{path}: larger than {BODY_LIMIT // 1_000_000} MB")
        return path.read_bytes()
    except OSError as error:
        raise OperatorError(f"{path}: {error.strerror or type(error).__name__}") from error


def _fetch_settings(settings: Settings, names: Mapping[str, Sequence[str]] | None) -> FetchSettings:
    """`names` maps hosts to addresses; with it DNS is never asked (tests, demo)."""
    contact = settings.contact or "contact not set; see REGWATCH_CONTACT"
    return FetchSettings(
        user_agent=f"RegWatch/{__version__} ({contact})",
        allow_nets=settings.allow_nets,
        names=tuple((host, tuple(addresses)) for host, addresses in (names or {}).items()),
        proxy=settings.proxy,
    )


def build(
    settings: Settings,
    *,
    stream: TextIO,
    sources: Iterable[Source] | None = None,
    clock: Clock = now,
    names: Mapping[str, Sequence[str]] | None = None,
    colour: bool | None = None,
) -> App:
    """The real App: SQLite in the home, console on `stream`. Raises OperatorError, StoreError."""
    declared = tuple(sources) if sources is not None else read_sources(settings)
    console = Console(stream, colour=stream.isatty() if colour is None else colour)
    store = storage.open(settings.home)
    return App(settings, store=store, sources=declared, channels={"console": console}, clock=clock, names=names)
