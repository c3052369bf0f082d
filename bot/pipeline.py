"""The order of work: check, reread, judge_all; deliver_all follows in bot/deliver.py. The database is the queue.

This room calls things in the right order. What a look means is decided in bot/decide.py, what a change means in
bot/judge/, what people read is built in bot/messages/.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from bot import events, judge, messages, schedule
from bot.model import (
    Announced,
    Block,
    Change,
    Delivery,
    Edit,
    Event,
    Finding,
    Footprint,
    Handling,
    Host,
    Look,
    Memory,
    Outcome,
    Reason,
    Source,
    Subscription,
    Unit,
    UnitDone,
    Validators,
)
from bot.ports import Assistant, Clock, Crew, Plan, Store
from bot.text import canonical_url

log = logging.getLogger(__name__)

DOCUMENT_WAIT = timedelta(hours=2)  # promise 12: how long a list's Change waits for the documents it announced
DOCUMENT_TRIES = 3
TOLD_WITH = "told with the documents themselves"
ROBOTS_KEPT = timedelta(hours=24)  # RFC 9309 §2.4
TOLD = frozenset({"post", "reply"})
"""Kinds of delivery that tell somebody of a Change."""

# ------------------------------------------------------------------------------------------------ looking


def check(sources: Sequence[Source], *, store: Store, crew: Crew, clock: Clock) -> Iterator[tuple[Outcome, int]]:
    """Look at these sources and record what each look came to; yields each outcome with its Change (0: none)."""
    from bot import extract  # the readers: not for those who look something up
    from bot.decide import is_light

    by_id = {source.id: source for source in sources}
    prints = {source.id: extract.fingerprint(source) for source in sources}
    hosts = store.hosts({schedule.host_of(source.url) for source in sources})
    plans = schedule.plans(sources, hosts, now=clock())

    def make(plan: Plan) -> Unit:
        now = clock()
        host = store.hosts([plan.host]).get(plan.host) or Host(plan.host)
        fresh = _is_fresh(host, now=now)
        rest = schedule.rests_until(host, now=now)
        wait = max(0.0, (rest - now).total_seconds()) if rest and plan.spacing > 0 else 0.0
        paused = wait > schedule.BUDGET.total_seconds()  # the unit before this one was asked to wait: nobody is asked
        known = () if paused else store.known(plan.sources, prints)
        return Unit(plan.host, now, known, 0.0 if paused else wait, plan.spacing, host.robots if fresh else None)

    for done in crew(plans, make=make):
        outcomes = [_decided(store.memory(by_id[look.source_id], light=is_light(look)), look) for look in done.looks]
        host = store.hosts([done.host]).get(done.host)  # as the unit before this one left it
        changes = store.record(outcomes, hosts=[_host(done, host, now=clock())])
        yield from zip(outcomes, changes, strict=True)


def _decided(memory: Memory, look: Look) -> Outcome:
    """A text that our own comparing trips over is Failed like any other; it stops nobody else (promise 7)."""
    from bot.decide import decide

    try:
        return decide(memory, look)
    except Exception as error:
        log.exception("%s: our own error while comparing", look.source_id)
        failed = replace(look, cause="unreadable", detail=ours(error), validators=Validators(), retry_after=0.0)
        return Outcome("failed", failed, "unreadable")


def ours(error: Exception) -> str:
    """An error of ours, in the words of a record that is kept."""
    return f"our own error ({type(error).__name__}: {error})"


def _is_fresh(host: Host, *, now: datetime) -> bool:
    """Whether the robots.txt we have may still be used."""
    if host.robots is None or host.robots_at is None:
        return False
    return now - host.robots_at < ROBOTS_KEPT


def _host(done: UnitDone, before: Host | None, *, now: datetime) -> Host:
    """What was learnt of a host: the longest pause that anybody was asked for, robots.txt where it answered for it."""
    host = before or Host(done.host)
    if done.robots is not None and not done.robots_silent:
        host = replace(host, robots=done.robots, robots_at=now)
    rest = schedule.rests_until(host, now=now)
    pauses = [now + timedelta(seconds=done.not_before), *([rest] if rest else [])]
    return replace(host, not_before=max(pauses) if max(pauses) > now else None)


def reread(
    sources: Sequence[Source], *, store: Store, read: Callable[..., Look], now: datetime
) -> Iterator[tuple[Outcome, int]]:
    """Read the stored bytes as we read today; differences are ours (cause *extractor*) and tell nobody (promise 5)."""
    from bot import extract
    from bot.decide import decide, is_light

    prints = {source.id: extract.fingerprint(source) for source in sources}
    for known in store.known(sources, prints):
        if not known.stored:
            continue
        look = read(known, at=now)
        outcome = decide(store.memory(known.source, light=is_light(look)), look)
        yield outcome, store.record([outcome])[0]


# ------------------------------------------------------------------------------------------------ judging


@dataclass(frozen=True, slots=True)
class Case:
    """A Change with the texts it lies between: what the judge and the messages read."""

    change: Change
    source: Source
    before: tuple[Block, ...]
    after: tuple[Block, ...]
    edits: tuple[Edit, ...]


def case(change: Change, *, source: Source, store: Store) -> Case:
    """Put a Change together with its texts; baselines and new documents are one insert for every block."""
    before, after = store.blocks(change.before), store.blocks(change.after)
    if change.edits or change.before is not None:
        return Case(change, source, before, after, change.edits)
    from bot import diff

    return Case(change, source, before, after, diff.of_new(after))


BATCH = 50  # baselines that are kept together: nobody waits for one of them
BATCH_BLOCKS = 4_000  # … and how many blocks of text they may hold meanwhile


class Opinion(NamedTuple):
    """A Finding on a case, whom it is told, what is promised to them, and the Event that the Change joins."""

    made: Case
    finding: Finding
    told: Sequence[tuple[Subscription, str]]
    deliveries: Sequence[Delivery]
    event: Event | None

    @property
    def text(self) -> str:
        """What full-text search finds."""
        made = self.made
        return messages.search_text(made.change, made.before, made.after, made.edits, made.source)


Judged = tuple[Case, Finding, Sequence[tuple[Subscription, str]]]


def judge_all(
    sources: Mapping[str, Source],
    *,
    store: Store,
    rules: judge.RuleSet,
    clock: Clock,
    tell: bool = True,
    assistant: Assistant | None = None,
) -> Iterator[Judged]:
    """Form an opinion on every Change that has none; a Finding and its deliveries are one transaction (promise 6).

    Baselines, of which nobody is told, are kept some at a time. `assistant` looks at news after the rules did.
    """
    while pending := store.unjudged(now=clock(), wait=DOCUMENT_WAIT, tries=DOCUMENT_TRIES):
        batch: list[Opinion] = []
        for change in sorted(pending, key=_depth, reverse=True):  # a document before the page that announces it
            alone = change.cause != "baseline"
            if alone:  # it may look at what the others came to
                yield from _kept(batch, store=store)
            made, finding = _formed(change, sources, store=store, rules=rules, now=clock(), assistant=assistant)
            if any(set(one.finding.acts) & set(finding.acts) for one in batch):
                yield from _kept(batch, store=store)
            batch.append(_addressed(made, finding, store=store, now=clock(), tell=tell))
            if alone or len(batch) >= BATCH or sum(len(one.made.after) for one in batch) >= BATCH_BLOCKS:
                yield from _kept(batch, store=store)
        yield from _kept(batch, store=store)


def _kept(batch: list[Opinion], *, store: Store) -> list[Judged]:
    """Commit a batch and empty it; what is handed on is durable."""
    done = list(batch)
    batch.clear()
    if done:
        store.add_findings([(one.finding, one.deliveries, one.text, one.event) for one in done])
    return [(one.made, one.finding, one.told) for one in done]


def _depth(change: Change) -> int:
    """How far a source is derived: its id grows by one ~ for every step."""
    return change.source_id.count("~")


def judge_one(
    change: Change,
    sources: Mapping[str, Source],
    *,
    store: Store,
    rules: judge.RuleSet,
    now: datetime,
    tell: bool,
    assistant: Assistant | None = None,
) -> Judged:
    """Judge one Change, promise to tell those who want it, and say whom."""
    made, finding = _formed(change, sources, store=store, rules=rules, now=now, assistant=assistant)
    return _kept([_addressed(made, finding, store=store, now=now, tell=tell)], store=store)[0]


def _formed(
    change: Change,
    sources: Mapping[str, Source],
    *,
    store: Store,
    rules: judge.RuleSet,
    now: datetime,
    assistant: Assistant | None = None,
) -> tuple[Case, Finding]:
    """The case as it is told, and the opinion on it."""
    made = case(change, source=sources.get(change.source_id) or Source(change.source_id, ""), store=store)
    announced = store.announced(change.id)
    made, unread = without_documents(made, announced)
    if announced and (not made.edits or _is_told_by_a_document(made, announced, store)):
        return made, _told_with_documents(made, announced, ruleset=rules.version, now=now)
    finding = _judged(made, rules=rules, now=now, unread=unread)
    if assistant and not silent(change):
        texts = {"before": made.before, "after": made.after, "edits": made.edits, "source": made.source}
        finding = assistant.improve(finding, now=now, **texts)  # type: ignore[arg-type]
    return made, finding


def _addressed(made: Case, finding: Finding, *, store: Store, now: datetime, tell: bool) -> Opinion:
    """Who is told of a Finding, in which thread, and the Event that the Change joins."""
    told = readers(made, finding, store.subscriptions(), now=now, footprints=store.footprints, said=store.handling)
    # judged again: what people merged and split stays so
    before = store.event_of(made.change.id) if told or finding.acts else None
    known = store.events_of(finding.acts) if finding.acts and not before else ()
    event = None if before else events.joined(finding, known=known, now=now)
    joins = before or (event if event and event.id else None)
    deliveries = promised(made.change, told, event=joins, store=store, now=now) if tell and told else ()
    return Opinion(made, finding, told, deliveries, event)


def promised(
    change: Change,
    told: Sequence[tuple[Subscription, str]],
    *,
    event: Event | None,
    store: Store,
    now: datetime,
) -> list[Delivery]:
    """A post for each reader; a reply to who was told of the same act before, whose first message is then rewritten."""
    subject = f"change:{change.id}"
    done = {one.subscription for one in store.deliveries(subject=subject) if one.kind in TOLD}
    following = _told_of(event, store=store) if event else frozenset()
    found = []
    for subscription, _ in told:
        if subscription.id in done:
            continue
        follows = event is not None and subscription.id in following
        found.append(Delivery(subscription.id, "reply" if follows else "post", subject, due=now))
        if event and follows and subscription.channel == "slack":
            found.append(Delivery(subscription.id, "update", f"event:{event.id}", change.id, due=now))
    return found


def _told_of(event: Event, *, store: Store) -> frozenset[int]:
    """The subscriptions that were told of an act, or are about to be."""
    rows = (one for change in event.changes for one in store.deliveries(subject=f"change:{change}"))
    return frozenset(one.subscription for one in rows if one.kind == "post" and one.state != "dead")


def _judged(made: Case, *, rules: judge.RuleSet, now: datetime, unread: tuple[str, ...]) -> Finding:
    """The judge's opinion; what it trips over is for a person to read, and stops nobody else (promises 7 and 8)."""
    texts = {"before": made.before, "after": made.after, "edits": made.edits, "source": made.source}
    try:
        finding = judge.judge(made.change, rules=rules, now=now, unread=unread, **texts)  # type: ignore[arg-type]
        return judge.with_acts(finding, made.change, after=made.after, edits=made.edits, source=made.source)
    except Exception as error:
        log.exception("change %d: our own error while judging", made.change.id)
        headline = f"{made.source.title or made.source.id}: changed, not judged"
        reason = Reason(f"{ours(error)}; `regwatch rejudge` after the next release", 0)
        return Finding(made.change.id, now, rules.version, "uncertain", 0, headline, reasons=(reason,), unread=unread)


def without_documents(made: Case, announced: Sequence[Announced]) -> tuple[Case, tuple[str, ...]]:
    """Items whose document was read are told with the document; of the others say that it could not be read."""
    read = {one.item_key for one in announced if one.change}
    titles = {block.key: block.text for block in made.after}
    unread = tuple(
        f"the document behind “{titles.get(one.item_key, one.item_key)}” could not be read: {one.cause or 'not yet'}"
        for one in announced
        if not one.change
    )
    linked, astray = _surplus(made, announced)
    for number, why in ((linked, "too many at once"), (astray, "their links lead to no page")):
        if number:
            what = "page of 1 further new item was" if number == 1 else f"pages of {number} further new items were"
            unread += (f"the {what} not asked for: {why}",)
    if not read:
        return made, unread
    left = tuple(edit for edit in made.edits if edit.after < 0 or made.after[edit.after].key not in read)
    return replace(made, edits=left), unread


def _surplus(made: Case, announced: Sequence[Announced]) -> tuple[int, int]:
    """How many new items of a followed list were not followed: because there were too many, because of their links."""
    if not announced or made.change.cause != "source" or not made.source.follow:
        return 0, 0
    keys = {one.item_key for one in announced}
    fresh = [made.after[edit.after] for edit in made.edits if edit.kind == "new"]
    left = [block for block in fresh if block.key not in keys]
    linked = sum(bool(canonical_url(block.link)) for block in left)
    return linked, len(left) - linked


def _is_told_by_a_document(made: Case, announced: Sequence[Announced], store: Store) -> bool:
    """Whether a new page only wraps a document that is relevant itself: one act, one message."""
    documents = store.findings([one.change for one in announced if one.change])
    return made.change.cause == "new" and any(finding.verdict == "relevant" for finding in documents.values())


def _told_with_documents(made: Case, announced: Sequence[Announced], *, ruleset: str, now: datetime) -> Finding:
    """The part of a list or page whose announcement is told with what it announces (promise 12)."""
    name = made.source.authority or made.source.title or made.source.id
    documents = ", ".join(str(one.change) for one in announced if one.change)
    what = "document" if made.change.cause == "new" else "new item"
    items = f"{len(announced)} {what}{'s' * (len(announced) != 1)}"
    reason = Reason(f"{TOLD_WITH}: change {documents}", 0)
    headline = f"{name}: {items}, told with the documents"
    return Finding(made.change.id, now, ruleset, "not_relevant", 0, headline, reasons=(reason,))


def readers(
    made: Case,
    finding: Finding,
    subscriptions: Iterable[Subscription],
    *,
    now: datetime,
    footprints: Callable[[], Mapping[str, Footprint]] = dict,
    said: Callable[[int], Mapping[int, Handling]] = lambda change: {},
) -> list[tuple[Subscription, str]]:
    """Who is told at once, and why; nobody of baselines, of our own changes (promises 5 and 12) and of old history."""
    if silent(made.change):
        return []
    decided = audience(made, finding, subscriptions, now=now, footprints=footprints, said=said)
    return [(subscription, decision.why) for subscription, decision in decided if decision.told]


def silent(change: Change) -> str:
    """Why nobody at all is told of a Change; "" when somebody may be."""
    if change.late:
        return "history that was brought in after what came later"
    return f"cause: {change.cause}" if change.cause in {"baseline", "extractor"} else ""


def audience(
    made: Case,
    finding: Finding,
    subscriptions: Iterable[Subscription],
    *,
    now: datetime,
    footprints: Callable[[], Mapping[str, Footprint]] = dict,
    said: Callable[[int], Mapping[int, Handling]] = lambda change: {},
) -> list[tuple[Subscription, judge.Decision]]:
    """Every subscription with the decision whether it is told at once, and why (not).

    `footprints` and `said` (what people said of a Change) are asked only when there is somebody to tell.
    """
    asked = list(subscriptions)
    known = footprints() if any(one.footprint for one in asked) else {}
    handled = said(made.change.id) if asked else {}
    return [
        (one, _decision(one, made, finding, now=now, footprint=known.get(one.footprint), handled=handled))
        for one in asked
    ]


def _decision(
    subscription: Subscription,
    made: Case,
    finding: Finding,
    *,
    now: datetime,
    footprint: Footprint | None,
    handled: Mapping[int, Handling],
) -> judge.Decision:
    """What stands in the way of telling is said first: mode, pause, mute; then what filters and footprint say."""
    own = handled.get(subscription.id) or handled.get(0) or Handling(made.change.id, subscription.id)
    if subscription.mode != "instant":
        return judge.Decision(False, f"mode:{subscription.mode}: told with others, not at once")
    if subscription.paused_until and subscription.paused_until > now:
        return judge.Decision(False, "paused")
    if muted := {made.source.id, made.source.parent} & set(subscription.muted):
        return judge.Decision(False, f"{', '.join(sorted(muted))} is muted here")
    if own.not_relevant:
        return judge.Decision(False, "a person said that it is not relevant")
    return judge.decision(
        subscription,
        finding,
        made.source,
        made.change,
        edits=made.edits,
        blocks=_both(made),
        footprint=footprint,
        override=own.severity,
    )


def _both(made: Case) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    return made.before, made.after
