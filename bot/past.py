"""History that somebody else kept: pages that a person saved, captures of an archive. Same reading, same deciding.

What is newer than everything we have is a look like any other. What is older becomes Versions at its own times, whose
Changes are *late*: they keep the cause *source*, are judged and found, and alert nobody. See docs/decisions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from itertools import pairwise

from bot import diff, extract
from bot.decide import decide
from bot.errors import FetchError, OperatorError
from bot.fetch import Response
from bot.look import read_response
from bot.model import CAUSES, Edit, ItemMemory, Known, Memory, Outcome, Source, Version, unpack
from bot.ports import Store
from bot.squeeze import expand
from bot.wayback import Capture, Wayback

AT_ONCE = 32  # captures of one transaction
ALL = 1_000_000
_CONTENT_TYPES = {
    "page": "text/html", "list": "text/html", "pdf": "application/pdf", "json": "application/json",
    "feed": "application/xml", "xml": "application/xml",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Brought:
    """A body that we did not fetch from its own address when it was seen."""

    at: datetime
    response: Response
    provenance: str


def saved(body: bytes, *, source: Source, now: datetime) -> Response:
    """A saved file as the answer of its source's address; `date` says when it was brought."""
    kind = extract.guess_type(content_type="", body=body, url=source.url)
    told = _CONTENT_TYPES.get(kind, "")
    headers = (("content-type", told),) if told else ()
    return Response(200, source.url, (*headers, ("date", format_datetime(now, usegmt=True))), body)


def bring(one: Brought, source: Source, *, store: Store) -> tuple[Outcome, int]:
    """Take in a page that a person saved; returns what it came to and its Change (0: none).

    Raises OperatorError when it cannot be read, or when there is a Version of that very moment.
    """
    versions = store.versions(source.id, limit=ALL)
    if any(version.at == one.at for version in versions):
        raise OperatorError(f"{source.id}: there is a version of {one.at:%Y-%m-%d %H:%M:%S} UTC already")
    if any(version.at > one.at and not _archived(version) for version in versions):
        ((outcome, change),) = place([one], _as_saved(source, one), store=store)  # one comes in, one comes out
    else:
        outcome, change = _newest(one, source, store=store)
    if outcome.kind == "failed":
        raise OperatorError(f"{source.id}: it cannot be taken: {_why(outcome)}")
    return outcome, change


def _newest(one: Brought, source: Source, *, store: Store) -> tuple[Outcome, int]:
    """As if it had just been fetched; what cannot be read is not recorded: no look of ours has failed."""
    saved_as = _as_saved(source, one)
    prints = {source.id: extract.fingerprint(source)} if saved_as == source else {}  # {}: nothing is read again
    known = store.known([saved_as], prints)[0]
    look = replace(read_response(known, one.response, at=one.at), provenance=one.provenance)
    outcome = decide(store.memory(source), look)
    if outcome.kind in ("failed", "gone"):
        return replace(outcome, kind="failed"), 0
    if not source.enabled:
        outcome = replace(outcome, follow=())  # what may not be looked at has no items that may
    change = store.record([outcome])[0]
    connect(source, store=store)
    return outcome, change


def _as_saved(source: Source, one: Brought) -> Source:
    """The source as it is to be read this time: a browser may have printed its page into a PDF."""
    kind = extract.document_type(one.response.body)
    return replace(source, type=kind, items="", select=(), remove=()) if kind and source.type == "page" else source


def _why(outcome: Outcome) -> str:
    cause = outcome.look.cause or outcome.cause
    return f"{cause}. {outcome.look.detail or CAUSES.get(cause, '')}".strip()


# ------------------------------------------------------------------------------------------------ from an archive


def backfill(
    source: Source, *, wayback: Wayback, store: Store, since: datetime | None = None
) -> Iterator[tuple[Outcome, int]]:
    """Bring in what an archive captured before we first read this source; yields each capture with its Change.

    Raises OperatorError when there is nothing to bring in, FetchError when the archive does not answer.
    """
    if source.method != "GET" or source.key:
        raise OperatorError(f"{source.id}: an archive has no answers to a POST or to a query with a key")
    connect(source, store=store)  # what a run that was killed left open
    versions = store.versions(source.id, limit=ALL)
    own = [version.at for version in versions if not _archived(version)]
    there = {version.at for version in versions}
    until = min(own, default=None)
    captures = [one for one in wayback.captures(source.url, since=since, until=until) if one.at not in there]
    captures = one_a_day(one for one in captures if until is None or one.at < until)
    if not captures:
        raise OperatorError(f"{source.id}: no capture of {source.url} {_bounds(since, until)}".rstrip())
    return place(_captured(captures, wayback=wayback, until=until), source, store=store)


def one_a_day(captures: Iterable[Capture]) -> list[Capture]:
    """The first capture of each day: an archive may hold hundreds of a page with a counter on it."""
    return list({capture.at.date(): capture for capture in reversed(list(captures))}.values())[::-1]


def _captured(captures: Sequence[Capture], *, wayback: Wayback, until: datetime | None) -> Iterator[Brought]:
    """The captures one after another; a neighbour that the archive sent instead is taken once."""
    last: datetime | None = None
    for capture in captures:
        at, response = wayback.response(capture)
        if (last is None or at > last) and (until is None or at < until):
            last = at
            yield Brought(at, response, "wayback")


def _bounds(since: datetime | None, until: datetime | None) -> str:
    after = f"since {since:%Y-%m-%d} " if since else ""
    return after + (f"before {until:%Y-%m-%d %H:%M} UTC, when it was first read" if until else "")


# ------------------------------------------------------------------------------------------------ what is older


def place(brought: Iterable[Brought], source: Source, *, store: Store) -> Iterator[tuple[Outcome, int]]:
    """Take in captures that are older than what is there, oldest first; yields each with its Change (0: none).

    What reads as the Version before it, or cannot be read, is not stored. A FetchError of `brought` is raised again
    when everything that came before it is written.
    """
    versions = store.versions(source.id, limit=ALL)
    done: list[Outcome] = []
    memory = Memory(source)
    previous: datetime | None = None
    trouble = None
    for one in _until_trouble(brought):
        if isinstance(one, BaseException):
            trouble = one
            break
        memory = _memory(memory, versions, since=previous, until=one.at, store=store)
        look = replace(read_response(Known(source), one.response, at=one.at), provenance=one.provenance)
        outcome = replace(decide(memory, look), follow=(), marks=None)
        memory, previous = _learnt(memory, outcome), one.at
        done.append(outcome)
        if len(done) >= AT_ONCE:
            yield from _written(done, store=store)
            done = []
    yield from _written(done, store=store)
    connect(source, store=store)
    if trouble:
        raise trouble


def _until_trouble(brought: Iterable[Brought]) -> Iterator[Brought | FetchError | KeyboardInterrupt]:
    """What comes before an archive, or the operator, gives up is kept."""
    try:
        yield from brought
    except (FetchError, KeyboardInterrupt) as error:
        yield error


def _memory(
    memory: Memory, versions: Sequence[Version], *, since: datetime | None, until: datetime, store: Store
) -> Memory:
    """What was known at a moment: the Version before it, unless the last capture is nearer."""
    before = next((one for one in versions if one.at < until), None)  # newest first
    if before is None or since and before.at <= since:
        return memory
    blocks = store.blocks(before)
    items = {block.key: ItemMemory(block.key, block.text, True) for block in blocks if block.key}
    return Memory(
        memory.source,
        version=before.id,
        blocks=blocks,
        reading_hash=extract.reading_hash(blocks),
        fingerprint=before.fingerprint,
        language=before.language,
        items={**memory.items, **items},
    )


def _learnt(memory: Memory, outcome: Outcome) -> Memory:
    """What is known after a capture; a text that came back shrunk is believed at the same count of looks as ever."""
    look = outcome.look
    if outcome.kind == "failed":
        if outcome.cause != "sudden shrink":
            return memory
        again = look.reading_hash == memory.failed_hash
        return replace(memory, shrinks=memory.shrinks + 1 if again else 1, failed_hash=look.reading_hash)
    if not is_new(outcome):
        return replace(memory, shrinks=0, failed_hash=b"")
    items: Mapping[str, ItemMemory] = {**memory.items, **{item.key: item for item in outcome.items}}
    return Memory(
        memory.source,
        version=-1,  # not numbered yet
        blocks=unpack(expand(look.reading)),
        reading_hash=look.reading_hash,
        fingerprint=look.fingerprint,
        language=look.language,
        items=items,
    )


def is_new(outcome: Outcome) -> bool:
    """Whether a capture says something that the Version before it does not."""
    return outcome.kind in ("first", "changed") or outcome.kind == "same" and bool(outcome.edits)


def _written(done: Sequence[Outcome], *, store: Store) -> Iterator[tuple[Outcome, int]]:
    new = [outcome for outcome in done if is_new(outcome)]
    changes = dict(zip(map(id, new), store.record_past(new) if new else (), strict=True))
    for outcome in done:
        yield outcome, changes.get(id(outcome), 0)


def connect(source: Source, *, store: Store) -> list[int]:
    """Write the late Changes that are missing between old captures and the Versions that follow them."""
    versions = store.versions(source.id, limit=ALL)[::-1]
    if not any(version.provenance for version in versions):
        return []
    changes = store.changes(source_id=source.id, counted=False, limit=ALL)
    known = {(one.before.id, one.after.id) for one in changes if one.before and one.after}
    missing = [pair for pair in pairwise(versions) if (pair[0].id, pair[1].id) not in known]
    return [store.connect(*pair, edits) for pair in missing if (edits := _between(*pair, source=source, store=store))]


def compare_editions(sources: Iterable[Source], *, store: Store) -> list[int]:
    """Compare documents that were read before somebody said that one succeeds the other; once for each pair."""
    return [change for source in sources if source.succeeds and (change := _edition(source, store=store))]


def _edition(source: Source, *, store: Store) -> int:
    older, newer = store.versions(source.succeeds, limit=1), store.versions(source.id, limit=ALL)
    if not older or not newer:
        return 0
    changes = store.changes(source_id=source.id, counted=False, limit=ALL)
    if any(change.cause == "edition" for change in changes):
        return 0
    edits = diff.edits(store.blocks(older[0]), store.blocks(newer[0]))
    return store.connect(older[0], newer[0], edits, cause="edition")


def _between(before: Version, after: Version, *, source: Source, store: Store) -> tuple[Edit, ...]:
    old, new = store.blocks(before), store.blocks(after)
    if extract.reading_hash(old) == extract.reading_hash(new):
        return ()
    if any(block.key for block in (*old, *new)):
        seen = {block.key: ItemMemory(block.key, block.text, True) for block in old if block.key}
        return diff.item_edits(old, new, seen=seen, window=source.window).edits
    return diff.edits(old, new)


def _archived(version: Version) -> bool:
    return version.provenance == "wayback"
