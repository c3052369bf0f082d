"""What the owner must know: which troubles there are, which of them last long enough to be told, and in which words.

A trouble is told once when its patience is over, and once more when it is over (docs/decisions/0026). Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.coverage import SHUT_OUT, coverage
from bot.model import CAUSES, Coverage, Source, Standing

NAMED = 20  # troubles that one notice lists; `health` lists all
LINE = frozenset({"dns", "refused", "timeout", "tls", "protocol"})
"""Causes that may as well lie with our own line to the world."""
LEAST = 5  # sources of which most fail at once before it is called our own line
MOST = 0.8
JUMPED = timedelta(minutes=5)  # clocks are set right by less
WAITED = timedelta(minutes=30)  # what is due at once, and is not done after this, is stuck
ROOM = 500_000_000  # bytes that must be free; over twice as many the trouble is over
UNWANTED = 5  # changes a week, none of them wanted, that make a source noisy

_SOURCE, _QUIET, _NOISY, _DRAIN = "source:", "quiet:", "noisy:", "drain:"
_OURS = ("line", "disk", "clock", "outbox", "doubt", "dead", "judging", "ledger")


class Patience(NamedTuple):
    """How many looks in a row, and for how long, a source may fail before the owner hears of it."""

    looks: int
    time: timedelta


USUAL = Patience(3, timedelta(hours=6))
MUST = Patience(2, timedelta(hours=1))  # must-watch: its jurisdiction is not clear meanwhile
SHUT = Patience(2, timedelta(hours=3))  # a machine is kept out: that seldom passes by itself
NEVER = Patience(3, timedelta(hours=24))  # not proven yet: nobody relies on it


class Trouble(NamedTuple):
    """Something that is wrong now. `ripe`: its patience is over, the owner must know."""

    subject: str
    text: str
    advice: str = ""
    since: datetime | None = None
    ripe: bool = True


class Noise(NamedTuple):
    """A source of which no change was wanted: how many there were, and the rules that would help, () for none."""

    source_id: str
    changes: int
    rules: tuple[str, ...] = ()  # lines for sources.toml
    hushed: int = 0  # how many they would have hushed …
    tried: int = 0  # … of those that they were tried on


@dataclass(frozen=True, slots=True)
class Vitals:
    """How the bot itself does. What was not measured this time is None: such a trouble neither begins nor ends."""

    now: datetime
    free: int  # bytes on the home's disk
    last_look: datetime | None = None  # the newest that the store knows
    oldest_due: datetime | None = None  # the oldest delivery that is due and has not gone out
    doubtful: int = 0  # deliveries that wait for a person
    dead: int = 0  # deliveries that were given up lately
    oldest_unjudged: datetime | None = None
    late: Mapping[str, datetime] = field(default_factory=dict)  # drains that come to no end, since when
    ledger: str | None = None  # what is wrong with it, "" for nothing


# ------------------------------------------------------------------------------------------------ sources


def of_sources(
    sources: Iterable[Source], standings: Mapping[str, Standing], *, now: datetime, caught_up: bool = True
) -> Iterator[Trouble]:
    """Troubles of the watched sources: not read, read too rarely, suspiciously silent.

    Without `caught_up` (the first pass after a start is not over) none is told for want of looks.
    """
    known = {source.id: source for source in sources}
    seen = coverage(known.values(), standings, now=now)
    line = _line(seen, now=now)
    yield from [line] if line else []
    for one in (*seen.failing, *seen.blocked):
        yield _dark(known[one.source_id], one, now=now, ours=line is not None)
    for one in seen.stale:
        text = f"{_name(known[one.source_id])}: no good look since {_day(one.last_good)}, though none failed"
        advice = "Its host may have asked for a long pause, or the looks take too long: see `regwatch health --all`."
        yield Trouble(f"{_SOURCE}{one.source_id}", text, advice, one.last_good, caught_up)
    for one in seen.quiet:
        text = f"{_name(known[one.source_id])}: no change since {_day(one.last_change)}, one was expected by now"
        advice = f"Look yourself: {known[one.source_id].url} may have moved on to another address."
        yield Trouble(f"{_QUIET}{one.source_id}", text, advice, one.last_change)


def _line(seen: Coverage, *, now: datetime) -> Trouble | None:
    """When nearly all fail at once and in the same way, the trouble is ours, and no source is named for it."""
    cut = [one for one in seen.failing if one.cause in LINE]
    if len(seen.watched) < LEAST or len(cut) < MOST * len(seen.watched):
        return None
    since = sorted(one.failing_since or now for one in cut)[len(cut) // 2]
    text = f"{len(cut)} of {len(seen.watched)} sources cannot be reached since about {_day(since)}"
    advice = "That looks like our own line, DNS or proxy. They are looked at again by themselves; nothing is lost."
    return Trouble("line", text, advice, since, now - since >= WAITED)


def _dark(source: Source, standing: Standing, *, now: datetime, ours: bool) -> Trouble:
    since = standing.failing_since or now
    patience = _patience(source, standing)
    ripe = standing.streak >= patience.looks and now - since >= patience.time
    never = "" if standing.last_good else ", never read yet"
    why = f"{standing.cause}: {CAUSES.get(standing.cause, 'it could not be read')}"
    text = f"{_name(source)}: {why}, since {_day(since)}, {standing.streak} looks in a row{never}"
    held_back = ours and standing.cause in LINE
    return Trouble(f"{_SOURCE}{source.id}", text, _advice(source, standing.cause), since, ripe and not held_back)


def _patience(source: Source, standing: Standing) -> Patience:
    if standing.last_good is None:
        return NEVER
    if source.must_watch:
        return MUST
    return SHUT if standing.cause in SHUT_OUT else USUAL


def _advice(source: Source, cause: str) -> str:
    if cause in SHUT_OUT:
        return f"Save the page by hand and `regwatch import {source.id} FILE`, or declare another address."
    if cause in ("not found", "soft 404", "elsewhere", "redirects"):
        return "It has probably moved: find its new address and edit `url`; its history stays."
    if cause in ("no items", "empty", "sudden shrink", "wrong type", "wrong language"):
        return f"See what the page reads like now: `regwatch sources test {source.id}`."
    return f"Its looks: `regwatch history {source.id}`."


def of_noise(noises: Iterable[Noise], known: Mapping[str, Source]) -> Iterator[Trouble]:
    """Sources that changed often without anybody wanting it, each with the rule that would help."""
    for one in noises:
        text = f"{_name(known[one.source_id])}: {one.changes} changes within a week, none of them wanted"
        advice = f"`regwatch changes --source {one.source_id}` shows what they have in common; leave that out."
        if one.rules:
            lines = " and ".join(one.rules)
            advice = f"In sources.toml, {lines} would have hushed {one.hushed} of the last {one.tried}."
        yield Trouble(f"{_NOISY}{one.source_id}", text, advice, None, one.changes >= UNWANTED)


# ------------------------------------------------------------------------------------------------ the bot itself


def of_ourselves(vitals: Vitals) -> Iterator[Trouble]:
    """Troubles of the bot itself: disk, clock, what waits for too long, drains without end, the ledger."""
    if vitals.free < 2 * ROOM:
        text = f"Only {vitals.free / 1e6:,.0f} MB are free on the disk of the home"
        yield Trouble("disk", text, "Make room: without any, nothing can be recorded.", None, vitals.free < ROOM)
    if vitals.last_look and vitals.last_look - vitals.now > JUMPED:
        text = f"The clock was set back: it says {_day(vitals.now)}, but we looked already on {_day(vitals.last_look)}"
        yield Trouble("clock", text, "Set the machine's clock (NTP); until then sources are thought to be fresh.")
    yield from _waiting(vitals)
    for name, since in vitals.late.items():
        text = f"{_doing(name)} has come to no end since {_day(since)}"
        yield Trouble(f"{_DRAIN}{name}", text, "See the logs; starting the service again loses nothing.", since)
    if vitals.ledger:
        advice = "Keep the file as it is, and `regwatch restore` the last backup that verifies."
        yield Trouble("ledger", f"The record is not as it was written: {vitals.ledger}", advice)


def _waiting(vitals: Vitals) -> Iterator[Trouble]:
    now = vitals.now
    if vitals.oldest_due:
        text = f"Messages wait for delivery since {_day(vitals.oldest_due)}"
        yield Trouble("outbox", text, "`regwatch outbox` lists them, each with its reason.", vitals.oldest_due,
                      now - vitals.oldest_due >= WAITED)  # fmt: skip
    if vitals.doubtful:
        text = f"{vitals.doubtful} message{'s' * (vitals.doubtful != 1)} may or may not have arrived"
        yield Trouble("doubt", text, "A person must look: `regwatch outbox` lists them; retry or drop each.")
    if vitals.dead:
        text = f"{vitals.dead} message{'s were' if vitals.dead != 1 else ' was'} given up within a week"
        yield Trouble("dead", text, "`regwatch outbox` lists them, each with its reason: an address may be wrong.")
    if vitals.oldest_unjudged:
        text = f"Changes wait to be judged since {_day(vitals.oldest_unjudged)}"
        yield Trouble("judging", text, "See the logs; starting the service again loses nothing.",
                      vitals.oldest_unjudged, now - vitals.oldest_unjudged >= WAITED)  # fmt: skip


# ------------------------------------------------------------------------------------------------ telling


class Told(NamedTuple):
    """What is new to the owner: troubles that begin, and subjects (since when) that are over."""

    begun: tuple[Trouble, ...]
    over: tuple[tuple[str, datetime], ...]

    def __bool__(self) -> bool:
        return bool(self.begun or self.over)


def news(
    troubles: Iterable[Trouble], told: Mapping[str, datetime], *, unasked: Collection[str] = ()
) -> Told:
    """What has changed since the owner was last told; `told` is what he knows of (subject -> since).

    Subjects that are not ours (a channel's, an address's), or begin with one of `unasked`, stay as they are.
    """
    there = {one.subject: one for one in troubles}
    begun = tuple(one for one in there.values() if one.ripe and one.subject not in told)
    ours = (*_OURS, _SOURCE, _QUIET, _NOISY, _DRAIN)
    over = tuple(
        (subject, since)
        for subject, since in told.items()
        if subject not in there and subject.startswith(ours) and not subject.startswith(tuple(unasked))
    )
    return Told(begun, over)


def notice(told: Told, *, known: Mapping[str, Source]) -> str:
    """One notice for all that is new: its first line says what it is about; each trouble has its line and advice."""
    ends = [f"{_over(subject, known)} (in trouble since {_day(since)})" for subject, since in told.over]
    if len(told.begun) + len(ends) == 1:
        return "\n".join([_line_of(one) for one in told.begun] + ends).replace(" → ", "\n", 1)
    heads = [f"{len(told.begun)} things need a look"] if len(told.begun) > 1 else []
    heads += ["1 thing needs a look"] if len(told.begun) == 1 else []
    heads += [f"{len(ends)} {'are' if len(ends) > 1 else 'is'} over"] if ends else []
    lines = [*(f"• {_line_of(one)}" for one in told.begun), *(f"✓ {one}" for one in ends)]
    more = [f"and {len(lines) - NAMED} more: `regwatch health` lists all"] if len(lines) > NAMED + 1 else []
    return "\n".join([f"RegWatch: {', '.join(heads)}", *(lines[:NAMED] if more else lines), *more])


def _line_of(trouble: Trouble) -> str:
    return f"{trouble.text} → {trouble.advice}" if trouble.advice else trouble.text


_ENDS = {
    "line": "Most sources can be reached again",
    "disk": "There is room on the disk again",
    "clock": "The clock is right again",
    "outbox": "No message waits for too long any more",
    "doubt": "No message is in doubt any more",
    "dead": "No message was given up within a week",
    "judging": "Changes are judged at once again",
    "ledger": "The record verifies again",
}


_DOINGS = {
    "looks": "Looking", "judging": "Judging", "digests": "Making digests", "reminders": "Reminding",
    "alarms": "Telling you of troubles",
}  # fmt: skip


def _doing(drain: str) -> str:
    """What a drain does, as a sentence begins."""
    kind, _, channel = drain.partition(":")
    return _DOINGS.get(kind) or f"Delivering to {channel or 'people'}"


def _over(subject: str, known: Mapping[str, Source]) -> str:
    kind, _, name = subject.partition(":")
    if kind == "drain":
        return f"{_doing(name)} comes to its end again"
    source = known.get(name)
    if subject in _ENDS or source is None:
        return _ENDS.get(subject, f"{name} is no longer watched")
    ends = {"source": "is read again", "quiet": "changed again", "noisy": "is quiet again"}
    return f"{_name(source)} {ends[kind] if source.enabled else 'is no longer watched'}"


def _name(source: Source) -> str:
    return f"{source.id} ({source.title})" if source.title else source.id


def _day(when: datetime | None) -> str:
    return when.strftime("%Y-%m-%d %H:%M UTC") if when else "we watch it"
