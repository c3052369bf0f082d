"""What is known of a source before a look and between looks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from bot.model import CheckRow, ItemMemory, Known, Mark, Memory, Source, Validators
from storage import bodies, headers
from storage.facts import read_blocks
from storage.packing import coded, maybe_moment, moment, squeeze, stamp
from storage.room import Room, marks
from storage.sources import host_of
from storage.standing import Line, load

FIRST, SAME, CHANGED, FAILED, LOST, NOISE = range(6)
OUTCOMES: Final = ("first", "same", "changed", "failed", "gone", "same")  # NOISE: same, though the bytes differed
NOT_MODIFIED: Final = 304


class Latest(NamedTuple):
    """The latest Version of a source, as far as a look needs it."""

    id: int
    snapshot: int
    reading: int
    hash: bytes
    fingerprint: str
    language: str
    digest: bytes


NEVER: Final = Latest(0, 0, 0, b"", "", "", b"")
LATEST: Final = """SELECT version.id, snapshot, reading, version.hash, made.text, tongue.text, said.hash FROM version
    JOIN word AS made ON made.id = fingerprint JOIN word AS tongue ON tongue.id = language
    JOIN body AS said ON said.id = reading"""


class Looks(Room):
    """The store's part that prepares looks."""

    def known(self, sources: Sequence[Source], fingerprints: Mapping[str, str]) -> tuple[Known, ...]:
        """What workers must know, in the given order. `stored` is filled where the stored fingerprint differs."""
        with self._db.reading() as db:
            lines = load(db, [source.id for source in sources])
            versions = read_latest(db, lines.values())
            return tuple(_known(db, source, lines.get(source.id), versions, fingerprints) for source in sources)

    def memory(self, source: Source, *, light: bool = False) -> Memory:
        """What decide needs. `light`: without blocks and items (the look read nothing new)."""
        with self._db.reading() as db:
            line = load(db, [source.id]).get(source.id) or Line(0)
            latest = read_latest(db, [line]).get(line.version, NEVER)
            predecessor = 0 if latest.id else latest_of(db, source.succeeds)
            return Memory(
                source=source,
                version=latest.id,
                blocks=() if light else read_blocks(db, latest.id),
                reading_hash=latest.hash,
                fingerprint=latest.fingerprint,
                language=latest.language,
                items={} if light else _items(db, line.source),
                marks=_marks(db, line.source),
                gone_looks=tuple(map(moment, msgspec.json.decode(line.gone_looks))),
                host_well=_host_well(db, source, line),
                shrinks=line.shrinks,
                failed_hash=line.failed_hash,
                shrunk_since=maybe_moment(line.shrunk_since),
                predecessor=predecessor,
                predecessor_blocks=() if light else read_blocks(db, predecessor),
            )

    def checks(self, source_id: str, *, limit: int = 50) -> tuple[CheckRow, ...]:
        """Newest first."""
        with self._db.reading() as db:
            rows = db.execute(
                """SELECT at, outcome, coalesce(text, ''), coalesce(status, 304), elapsed, coalesce(detail, '')
                FROM "check" LEFT JOIN word ON word.id = cause
                WHERE source = (SELECT id FROM source WHERE name = ?) ORDER BY at DESC LIMIT ?""",
                (source_id, limit),
            )
            return tuple(CheckRow(source_id, moment(at), _outcome(code, source_id), *rest) for at, code, *rest in rows)

    def looks_between(self, *, since: datetime, until: datetime) -> Mapping[str, tuple[CheckRow, ...]]:
        """The looks of [since, until] by source id, oldest first; before them the last good one and what failed since.

        Of days whose rows are gone only outcomes are known: they stand at noon, and a failure has no cause.
        """
        found: dict[str, list[CheckRow]] = {}
        with self._db.reading() as db:
            for name, at, outcome, cause, number in db.execute(BETWEEN, (stamp(since), stamp(until))):
                row = CheckRow(name, moment(at), _outcome(outcome, name), cause)
                found.setdefault(name, []).extend([row] * number)
        return {name: tuple(rows) for name, rows in found.items()}


NO_CAUSE: Final = "the cause is no longer on record"
DAY: Final = 86_400_000  # milliseconds
NOON: Final = DAY // 2
BETWEEN: Final = f"""WITH good AS (
    SELECT id, name, max(
        coalesce((SELECT at FROM "check" WHERE source = source.id AND at < ?1 AND outcome NOT IN ({FAILED}, {LOST})
            ORDER BY at DESC LIMIT 1), 0),
        coalesce((SELECT day * {DAY} FROM check_day WHERE source = source.id AND day * {DAY} + {NOON} < ?1
            AND outcome NOT IN ({FAILED}, {LOST}) ORDER BY day DESC LIMIT 1), 0)) AS at FROM source)
    SELECT name, seen.at AS at, outcome, coalesce(text, ''), 1 FROM good
        JOIN "check" AS seen ON seen.source = good.id AND seen.at BETWEEN good.at AND ?2
        LEFT JOIN word ON word.id = cause
    UNION ALL
    SELECT name, day * {DAY} + {NOON} AS at, outcome, iif(outcome IN ({FAILED}, {LOST}), '{NO_CAUSE}', ''), looks
        FROM good JOIN check_day ON check_day.source = good.id AND day >= good.at / {DAY}
        WHERE day * {DAY} + {NOON} <= ?2
    ORDER BY name, at"""


def latest_of(db: sqlite3.Connection, name: str) -> int:
    """The latest Version of the source of this name, 0: none."""
    if not name:
        return 0
    line = load(db, [name]).get(name)
    return line.version if line else 0


def read_latest(db: sqlite3.Connection, lines: Iterable[Line]) -> dict[int, Latest]:
    """The latest Versions of these sources, by their ids."""
    numbers = [line.version for line in lines if line.version]
    rows = db.execute(f"{LATEST} WHERE version.id IN ({marks(numbers)})", numbers)
    return {row[0]: Latest(*row) for row in rows}


def _known(
    db: sqlite3.Connection,
    source: Source,
    line: Line | None,
    versions: Mapping[int, Latest],
    fingerprints: Mapping[str, str],
) -> Known:
    latest = versions.get(line.version) if line else None
    if line is None or latest is None:
        return Known(source)
    aged = fingerprints.get(source.id, latest.fingerprint) != latest.fingerprint
    stored = read_stored(db, line, latest) if aged else Stored()
    validators = Validators(line.etag, line.last_modified)
    return Known(source, validators, line.body_hash, latest.hash, latest.fingerprint, *stored, latest.digest)


class Stored(NamedTuple):
    """The newest bytes that read as the latest Version does: zstd, Content-Type, final address."""

    body: bytes = b""
    type: str = ""
    url: str = ""


def read_stored(db: sqlite3.Connection, line: Line, latest: Latest) -> Stored:
    """What is to be re-read: the newest body, so that a difference is ours and not the publisher's."""
    newest = db.execute(NEWEST, (line.source,)).fetchone()
    if newest:
        base, frame, head, sent, url = newest
        body = squeeze(bodies.expand(db, base, frame)) if base else frame
    else:
        number, head, sent, url = db.execute(SNAPSHOT, (latest.snapshot,)).fetchone()
        body = bodies.load_frame(db, number)
    return Stored(body, headers.unpack(db, headers.Packed(head, sent)).get("content-type", ""), url)


NEWEST: Final = """SELECT base, frame, head, headers, text FROM newest_body
    JOIN same_body USING (source, at) JOIN word ON word.id = url WHERE source = ?"""
SNAPSHOT: Final = "SELECT body, head, headers, text FROM snapshot JOIN word ON word.id = url WHERE snapshot.id = ?"


def _items(db: sqlite3.Connection, source: int) -> Mapping[str, ItemMemory]:
    rows = db.execute("SELECT key, title, listed FROM item WHERE source = ?", (source,))
    return {key: ItemMemory(key, title, bool(listed)) for key, title, listed in rows}


def _outcome(code: int, source: str) -> str:
    return coded(OUTCOMES, code, "a look at", source)


def _marks(db: sqlite3.Connection, source: int) -> Mapping[str, Mark]:
    rows = db.execute("SELECT key, streak, since, marked FROM mark WHERE source = ?", (source,))
    return {key: Mark(streak, moment(since), bool(marked)) for key, streak, since, marked in rows}


def _host_well(db: sqlite3.Connection, source: Source, line: Line) -> bool:
    """Whether another source of its host read well since this one fails; a host with no other source counts as well."""
    if line.failing_since is None:
        return True
    others, good = db.execute(
        """SELECT count(*), max(last_good) FROM source JOIN standing ON source = source.id
        WHERE host = ? AND source.id != ? AND last_check >= ?""",
        (host_of(source), line.source, line.failing_since),
    ).fetchone()
    return not others or (good or 0) >= line.failing_since
