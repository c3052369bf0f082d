"""The words. Frozen values; times are aware UTC; collections are tuples. Imports nothing of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

import msgspec

# ------------------------------------------------------------------------------------------------ codes

TYPES = ("list", "page", "feed", "json", "xml", "text", "markdown", "pdf", "docx", "doc", "xlsx", "csv", "sitemap")
OFF_REASONS = ("js", "refused", "robots", "key", "manual", "format", "unproven")
CLASSES = ("official", "vendor", "tracker")

CAUSES: Mapping[str, str] = {
    # the way to the page
    "dns": "the host's name could not be resolved",
    "refused": "the connection was refused or reset",
    "timeout": "the server was too slow",
    "tls": "the TLS certificate could not be verified",
    "protocol": "the answer was not valid HTTP",
    "forbidden address": "the address is not a public one",
    "redirects": "too many or circular redirects",
    "elsewhere": "the address now leads to another host",
    "robots": "robots.txt forbids it",
    "too large": "the body is larger than the limit",
    "later": "the server asked for a pause",
    "http": "the server answered with an error status",
    "not found": "the server says the page does not exist",
    # what came back
    "blocked": "a challenge or a firewall page came instead",
    "login": "a login or consent wall came instead",
    "maintenance": "a maintenance page came instead",
    "soft 404": "a 'not found' page came with status 200",
    "empty": "nothing readable came back",
    "js shell": "the page is filled in by scripts only",
    "wrong type": "the body is not what was declared",
    "no items": "a list without any item, where there were some",
    "sudden shrink": "the page suddenly lost most of its text",
    "wrong language": "the page came in another language",
    "mojibake": "the text came garbled",
    "truncated": "the body ended too early",
    # our own limits
    "too deep": "the markup is nested too deeply",
    "too slow": "reading took longer than the limit",
    "no text layer": "a scan without text",
    "unreadable": "the body could not be parsed",
    "not yet read": "this kind of document is not read by this release",
}

PROVENANCES: Mapping[str, str] = {
    "": "looked",  # fetched from its own address, when it was seen
    "person": "brought by a person",
    "wayback": "Wayback",
}

VERDICTS = ("relevant", "uncertain", "not_relevant")
SEVERITIES = ("know", "plan", "act")
MECHANISMS = (
    "adequacy", "scc", "bcr", "certification", "security_assessment", "contract_filing", "localisation",
    "important_data", "bulk_data", "government_access", "digital_trade", "consent", "impact_assessment",
    "notification", "negative_list", "market_access",
)  # fmt: skip
STAGES = (
    "proposal", "consultation", "negotiation", "agreement", "prepublication", "adopted", "in_force", "review",
    "guidance", "faq", "enforcement", "court", "notice", "commentary", "suspended", "repealed", "expired",
    "annulled", "withdrawn",
)  # fmt: skip
DATE_KINDS = ("effective", "deadline", "transition_end", "expires", "review_due", "published")

# ------------------------------------------------------------------------------------------------ what is watched


@dataclass(frozen=True, slots=True)
class Paths:
    """Where a JSON answer keeps its items: dotted paths, `[*]` for every element, e.g. `results[*]`, `a.b`."""

    items: str = ""
    key: str = ""
    title: str = ""
    date: str = ""
    link: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A page, feed, API query or document we promised to watch. `id` is chosen by a person and outlives the URL."""

    id: str
    url: str
    title: str = ""
    authority: str = ""
    jurisdiction: str = ""
    type: str = "page"
    language: str = ""
    every: timedelta = timedelta(hours=24)
    select: tuple[str, ...] = ()  # CSS: read only these parts
    remove: tuple[str, ...] = ()  # CSS: without these parts
    ignore: tuple[str, ...] = ()  # RE2: text that never counts
    items: str = ""  # CSS selector of a list's items
    paths: Paths = Paths()  # JSON only
    follow: bool = False
    topics: tuple[str, ...] = ()
    note: str = ""
    must_watch: bool = False
    min_blocks: int = 1
    enabled: bool = True
    off_reason: str = ""
    stands_in_for: tuple[str, ...] = ()
    expect_change_every: timedelta | None = None
    expect_by: str = ""
    class_: str = "official"
    succeeds: str = ""
    method: str = "GET"
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    key: str = ""  # name of a REGWATCH_KEY_… setting
    paging: str = ""  # where the next page lies: a path in JSON, or a pattern with {n}
    pages: int = 1  # at most so many in one look
    charset: str = ""
    timezone: str = "UTC"
    window: int = 0  # how many items the list shows; 0 = unknown
    ipv4: bool = False
    render: bool = False
    spacing: float = 2.0  # seconds between two requests to its host
    concurrency: int = 1
    parent: str = ""  # a derived source names the list it came from
    since: datetime | None = None  # when a derived source was first announced
    item_key: str = ""  # the item of its list that a derived source follows
    expect_empty: str = ""  # hours in which it shows nothing, "HH:MM-HH:MM" in its time zone
    rewrite: tuple[tuple[str, str], ...] = ()  # parts of addresses that mean the same: (found, written) in item keys


class Validators(NamedTuple):
    """ETag and Last-Modified of the last good response (RFC 9110 §8.8)."""

    etag: str = ""
    last_modified: str = ""


# ------------------------------------------------------------------------------------------------ what a page says


class Block(NamedTuple):
    """The smallest thing a reader would quote. (A NamedTuple because a look makes hundreds of them.)

    `place` says what a difference here is worth: *body*; *aside* (teasers, related news, page furniture that is
    still text); *about* (metadata of a law: status lines, editorial notes); *supplement* (supplementary provisions).
    """

    kind: str  # heading, paragraph, item, row, entry
    text: str
    path: tuple[str, ...] = ()  # the headings above it, outermost first
    label: str = ""  # its number as printed: "Article 5", "§ 4b", "第二十四条", "(3)"
    key: str = ""  # items only: canonical URL or id
    link: str = ""  # items only: where the item leads
    date: str = ""  # items only: ISO date, "" when the list gives none
    note: str = ""  # items only: summary or abstract
    place: str = "body"
    page: int = 0  # PDF page, from 1


@dataclass(frozen=True, slots=True)
class Reading:
    """What a body says, as read by one extractor."""

    blocks: tuple[Block, ...]
    title: str = ""
    language: str = ""
    charset: str = ""


# ------------------------------------------------------------------------------------------------ looking


@dataclass(frozen=True, slots=True)
class Known:
    """What a worker must know of one source before it looks. `stored` travels only when the fingerprint is old."""

    source: Source
    validators: Validators = Validators()
    body_hash: bytes = b""
    reading_hash: bytes = b""
    fingerprint: str = ""  # how the stored Version was read
    stored: bytes = b""  # zstd body to re-read, or b""
    stored_type: str = ""  # its Content-Type
    stored_url: str = ""
    reading_digest: bytes = b""  # blake2b, 16 bytes, of the stored Version's packed Blocks


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of work that crosses the executor: up to 25 due sources of one host. Pure data."""

    host: str
    at: datetime  # the coordinator's time when the unit was made; looks are dated from it
    known: tuple[Known, ...]
    wait: float = 0.0  # seconds until the host may be asked
    spacing: float = 2.0
    robots: str | None = None  # text of robots.txt, None: to be fetched


@dataclass(frozen=True, slots=True)
class Look:
    """What a worker brings back from one visit: bytes, not objects.

    Exactly one of three: `cause` (could not be read), `unchanged` (304, or the same bytes), or a new `body` with its
    `reading`. `reread` is today's reading of the *stored* body, when the fingerprint had changed (promise 5).
    """

    source_id: str
    at: datetime
    elapsed_ms: int = 0
    status: int = 0
    final_url: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    validators: Validators = Validators()
    unchanged: bool = False
    size: int = 0
    body_hash: bytes = b""
    body: bytes = b""  # zstd
    reading: bytes = b""  # zstd of the encoded blocks; b"" when its hash equals the known one
    reading_hash: bytes = b""
    fingerprint: str = ""
    title: str = ""
    language: str = ""
    charset: str = ""
    reread: bytes = b""
    reread_hash: bytes = b""
    cut: bool = False  # an HTML page without its end
    cause: str = ""
    detail: str = ""
    hint: str = ""
    retry_after: float = 0.0
    provenance: str = ""  # one of PROVENANCES


@dataclass(frozen=True, slots=True)
class UnitDone:
    """What a unit comes back with: its looks, and what was learnt of the host."""

    host: str
    looks: tuple[Look, ...]
    robots: str | None = None  # newly fetched robots.txt, None: none fetched
    robots_silent: bool = False  # the host did not answer for it: ask again soon
    not_before: float = 0.0  # seconds after the last look until the host may be asked again


# ------------------------------------------------------------------------------------------------ comparing

TEASERS = "teasers rotated"  # the reason of an edit that is not counted, and judged all the same
COUNTED = frozenset({"insert", "delete", "replace", "renumber", "new", "gone", "retitled", "back"})


class Edit(NamedTuple):
    """One block-sized difference. Indices point into the two Versions; spans are character offsets, end excluded.

    `worth` is what the difference can be worth: *text*, or *aside* (only teasers, metadata, typography, links),
    or *noise* (kept for the record, never counted).
    """

    kind: str  # insert delete replace move renumber volatile | new gone retitled back
    before: int = -1  # index of the block in the earlier Version, -1: none
    after: int = -1  # index of the block in the later Version, -1: none
    spans: tuple[tuple[int, int, int, int], ...] = ()  # (before start, before end, after start, after end)
    worth: str = "text"
    reason: str = ""

    @property
    def counted(self) -> bool:
        """Whether this difference makes a Change that people can see."""
        return self.kind in COUNTED and self.worth != "noise"

    @property
    def judged(self) -> bool:
        """Whether the judge looks at it: all that counts, and teasers that came and went."""
        return self.counted or self.reason == TEASERS


class Mark(NamedTuple):
    """Learned volatility of one block: how many looks in a row its digits alone differed, and since when."""

    streak: int
    since: datetime
    marked: bool = False


class ItemMemory(NamedTuple):
    """What the store remembers of one list item, for ever."""

    key: str
    title: str
    listed: bool  # on the list when last looked


@dataclass(frozen=True, slots=True)
class Memory:
    """What `decide` needs to know of one source."""

    source: Source
    version: int = 0  # id of the latest Version, 0: never read
    blocks: tuple[Block, ...] = ()
    reading_hash: bytes = b""
    fingerprint: str = ""
    language: str = ""
    items: Mapping[str, ItemMemory] = field(default_factory=dict)  # every key ever seen
    marks: Mapping[str, Mark] = field(default_factory=dict)
    gone_looks: tuple[datetime, ...] = ()  # looks in a row that said 404 or 410
    host_well: bool = True  # another source of its host read well lately
    shrinks: int = 0  # looks in a row that brought the same text and were not believed
    failed_hash: bytes = b""  # reading hash of the last of them
    shrunk_since: datetime | None = None  # the first of them
    predecessor: int = 0  # Version of the source this one succeeds, while it has none of its own
    predecessor_blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a Check came to, with everything that must be written, in one transaction.

    kind: first, same, changed, failed, gone. `edits` lie between the latest Version (after `upgrade`, when there is
    one) and the look's reading; a *same* may carry uncounted ones. `upgrade` are the edits that our own new reader
    made on the stored bytes. cause: baseline, new, source, edition (for failed: why).
    """

    kind: Literal["first", "same", "changed", "failed", "gone"]
    look: Look
    cause: str = ""
    edits: tuple[Edit, ...] = ()
    upgrade: tuple[Edit, ...] | None = None
    missed: bool = False  # the whole window was new: items may have been missed
    items: tuple[ItemMemory, ...] = ()  # items to remember
    follow: tuple[Source, ...] = ()  # derived sources to start
    marks: Mapping[str, Mark] | None = None  # None: unchanged

    @property
    def source_id(self) -> str:
        return self.look.source_id

    @property
    def at(self) -> datetime:
        return self.look.at


# ------------------------------------------------------------------------------------------------ facts and opinions


@dataclass(frozen=True, slots=True)
class Version:
    """What a snapshot says. `before` and `after` of a Change are Versions."""

    id: int
    source_id: str
    at: datetime
    snapshot: int
    fingerprint: str
    language: str = ""
    title: str = ""
    provenance: str = ""  # one of PROVENANCES


@dataclass(frozen=True, slots=True)
class Change:
    """A fact: these Edits lie between two Versions. `before` is None for a baseline or a new document.

    cause: source, baseline, new, edition, extractor, gone. Edits of a baseline or a new document are not stored:
    they are one insert (or new) for every block.
    """

    id: int
    source_id: str
    at: datetime
    cause: str
    before: Version | None
    after: Version | None
    edits: tuple[Edit, ...]
    missed: bool = False
    announced_by: int = 0  # the list Change that announced this document
    late: bool = False  # history that was brought in after later Versions: nobody is alerted


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage of the old or the new text, with the spans that matter. `side`: before or after."""

    side: str
    text: str
    spans: tuple[tuple[int, int], ...] = ()
    path: tuple[str, ...] = ()
    label: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class DatedQuote:
    """A date the text itself gives. kind: one of DATE_KINDS."""

    kind: str
    date: date
    quote: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the judge leaned one way: a matched span with its weight in hundredths of log-odds."""

    what: str
    weight: int
    where: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Force:
    """What gained or lost force: kind is modality, number, date, negation, country, exemption, duty or link."""

    kind: str
    before: str
    after: str
    path: tuple[str, ...] = ()


class Stated(NamedTuple):
    """An attribute with the words that state it. kind: bound, data, sector, stage, corridor or act."""

    kind: str
    value: str
    quote: str


@dataclass(frozen=True, slots=True)
class Part:
    """What one of several items of a Change states alone: its title, and attributes as in a Finding."""

    title: str
    topics: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    corridors: tuple[tuple[str, str], ...] = ()
    bound: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    stage: str = ""
    dates: tuple[DatedQuote, ...] = ()
    force: tuple[Force, ...] = ()
    reporter: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """An opinion on a Change. An attribute that the text does not state is empty, never guessed."""

    change: int
    at: datetime
    ruleset: str
    verdict: str
    score: int  # log-odds in hundredths
    headline: str
    sentences: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    quotes: tuple[Quote, ...] = ()
    force: tuple[Force, ...] = ()
    topics: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    corridors: tuple[tuple[str, str], ...] = ()
    bound: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    stage: str = ""
    dates: tuple[DatedQuote, ...] = ()
    unread: tuple[str, ...] = ()  # what could not be read, in words
    id: int = 0
    stated: tuple[Stated, ...] = ()  # the quotes behind bound, data, sectors, stage, corridors and acts
    acts: tuple[str, ...] = ()  # identifiers of the acts it speaks of: "celex:32016R0679", "fr:2024-31486", …
    reporter: str = ""  # the jurisdiction whose authority only reports on the rules of others
    parts: tuple[Part, ...] = ()  # each of several items that speak, the telling ones first; of one alone: none


# ------------------------------------------------------------------------------------------------ telling


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


class Sealed(NamedTuple):
    """A row of the store as the ledger seals it: SHA-256 of `content` is what the chain holds."""

    seq: int
    kind: str  # snapshot, version, finding, review, delivery, …
    row: int
    content: bytes  # canonical JSON


class Link(NamedTuple):
    """An entry of the ledger: hash = SHA-256(previous hash + [seq,"kind",row,"content in hex"])."""

    seq: int
    kind: str
    row: int
    content: bytes  # 32 bytes
    hash: bytes  # 32 bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """What the store can prove of one Change: its rows, and the chain from the first of them on."""

    change: int
    rows: tuple[Sealed, ...]
    chain: tuple[Link, ...]
    before_chain: bytes  # the hash that the first link stands on
    cut: bool = False  # the chain goes on beyond its last link here
    files: Mapping[str, bytes] = field(default_factory=dict)  # bodies, readings and Findings, by name


@dataclass(frozen=True, slots=True)
class Ticket:
    """A permission that is used once, or until it expires: a web link, a session, a confirmation, a proposal.

    Only a hash of its secret is stored. `content` is JSON, of the kind's own shape.
    """

    kind: str  # link, session, confirm, unsubscribe, proposal
    hash: bytes
    expires: datetime
    content: bytes = b""
    id: int = 0
    used: datetime | None = None


# ------------------------------------------------------------------------------------------------ health


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


# ------------------------------------------------------------------------------------------------ blocks as bytes

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(tuple[Block, ...])


def pack(blocks: Sequence[Block]) -> bytes:
    """Blocks as JSON arrays, UTF-8: the form in which they cross the executor and are stored."""
    return _ENCODER.encode(blocks)


def unpack(data: bytes) -> tuple[Block, ...]:
    """The inverse of pack."""
    return _DECODER.decode(data)
