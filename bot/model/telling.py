"""Who is told what, where and how, and what people say to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot.model.opinions import DatedQuote


@dataclass(frozen=True, slots=True)
class Filters:
    """What a subscription asks for; an empty field asks for everything."""

    sources: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    corridors: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()
    min: str = "know"
    every_change: bool = False  # also what the judge calls not relevant, as long as the text itself changed
    stages: tuple[str, ...] = ()  # of STAGES


class Flow(NamedTuple):
    """Data that go from one jurisdiction to another; without kinds of data: all kinds."""

    start: str
    end: str
    data: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Footprint:
    """An organisation as far as rules can touch it. Mainland China, Hong Kong, Macao and Taiwan are four places."""

    name: str = ""
    entities: tuple[str, ...] = ()  # jurisdictions in which it is established
    flows: tuple[Flow, ...] = ()
    roles: tuple[str, ...] = ()  # controller, processor, exporter, … as in findings
    sectors: tuple[str, ...] = ()


class Rhythm(NamedTuple):
    """When a digest is due: at this hour of this weekday (mon … sun) in this time zone; `empty`: also empty ones."""

    day: str = "mon"
    hour: int = 8
    zone: str = "UTC"
    empty: bool = True


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who wants what, where, how often. channel: console, slack, email. mode: instant or digest."""

    id: int
    channel: str
    address: str
    filters: Filters = Filters()
    mode: str = "instant"
    footprint: str = ""
    muted: tuple[str, ...] = ()  # sources muted here
    paused_until: datetime | None = None
    rhythm: Rhythm = Rhythm()
    answer_within: int = 0  # hours in which an alert is to be acknowledged before it escalates once; 0: never
    team: str = ""  # Slack's team (or enterprise) id of the address


@dataclass(frozen=True, slots=True)
class Delivery:
    """A promise to do one thing for one Subscription. state: queued, sending, done, uncertain, dead.

    kind: post, reply, update, remind, escalate, digest, notice. (subscription, kind, subject, revision) is unique,
    and `subject` names a Change ("change:17") or an Event, never a Finding: judging again tells nobody twice.
    """

    subscription: int
    kind: str
    subject: str
    revision: int = 0
    id: int = 0
    state: str = "queued"
    attempts: int = 0
    due: datetime | None = None
    attempted: datetime | None = None
    payload: bytes = b""
    detail: str = ""


class Run(NamedTuple):
    """A stretch of text in one style: "" plain, ins, del, strong, dim, link."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel shows: lines of styled runs, built once, frozen in the outbox at the first attempt."""

    headline: str
    lines: tuple[tuple[Run, ...], ...] = ()
    again: bool = False  # possibly repeated
    kind: str = "post"  # the Delivery's
    rich: bytes = b""  # as its own channel shows it, JSON: Slack's arguments; a mail's subject, parts and headers
    thread: str = ""  # the channel's name of the message that a reply belongs to, or that an update rewrites
    broadcast: bool = False  # a reply that the whole channel is to see


SAYINGS = ("relevant", "not_relevant", "acknowledged", "unacknowledged", "assigned", "snoozed", "severity")


@dataclass(frozen=True, slots=True)
class Review:
    """What a person said of a Finding: one of SAYINGS. With a subscription it speaks for that one only."""

    change: int
    actor: str
    at: datetime
    says: str
    remark: str = ""  # erasable
    subscription: int = 0
    value: str = ""  # severity: the level; snoozed: until when, ISO; assigned: to whom (an actor)


@dataclass(frozen=True, slots=True)
class Handling:
    """How far one subscription has come with one Change: the sum of its reviews."""

    change: int
    subscription: int
    acknowledged_by: str = ""  # an actor
    acknowledged_at: datetime | None = None
    assigned_to: str = ""
    snoozed_until: datetime | None = None
    not_relevant: bool = False
    severity: str = ""  # a person's override
    remark: str = ""  # why the severity was overridden, or why it is not relevant


@dataclass(frozen=True, slots=True)
class Event:
    """One act that several Changes from several sources speak of."""

    id: int
    at: datetime
    title: str
    acts: tuple[str, ...] = ()  # identifiers, as in Finding.acts
    changes: tuple[int, ...] = ()  # in the order in which they joined


class Ahead(NamedTuple):
    """A date that a Finding states, with what a reader needs to place it."""

    dated: DatedQuote
    change: int
    source_id: str
    seen: datetime
    headline: str
    verdict: str
    jurisdictions: tuple[str, ...] = ()
    corridors: tuple[tuple[str, str], ...] = ()
    event: int = 0


@dataclass(frozen=True, slots=True)
class Digest:
    """A period of Findings for one Subscription, as it was composed: `content` is its Message, JSON."""

    subscription: int
    since: datetime
    until: datetime
    content: bytes = b""
    id: int = 0
