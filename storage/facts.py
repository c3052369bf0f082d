"""Facts: Snapshots, Versions and Changes, as they are read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from bot.model import Announced, Block, Change, Edit, Version, unpack
from storage import bodies, headers
from storage.packing import Damaged, coded, moment, squeeze, stamp, to_json, unsqueeze
from storage.room import Room, marks

CAUSES: Final = ("source", "baseline", "new", "edition", "extractor", "gone")
MANY: Final = 200  # bytes of edits from which compressing them pays

VERSION: Final = """SELECT version.id, source.name, version.at, snapshot, made.text, tongue.text, title.text,
    (SELECT text FROM snapshot AS taken JOIN word ON word.id = provenance WHERE taken.id = snapshot)
    FROM version JOIN source ON source.id = version.source JOIN word AS made ON made.id = fingerprint
    JOIN word AS tongue ON tongue.id = language JOIN word AS title ON title.id = version.title"""
CHANGE: Final = """SELECT change.id, source.name, change.at, cause, before, after, missed, late, edits,
    CASE WHEN cause = 2 THEN coalesce(announced_by, 0) ELSE 0 END FROM change JOIN source ON source.id = source"""
LATEST_FIRST: Final = "WHERE source.name = ? ORDER BY version.at DESC, version.id DESC LIMIT ?"
NEWEST_FIRST: Final = "ORDER BY change.at DESC, change.id DESC LIMIT ?"
# as the latest Finding says; a Change without one is not there
RELEVANT: Final = "(SELECT verdict FROM finding WHERE change = change.id ORDER BY finding.id DESC LIMIT 1) = 0"


class Facts(Room):
    """The store's part that tells what happened."""

    def change(self, change_id: int) -> Change | None:
        """One Change with its edits; None when there is none of this number."""
        with self._db.reading() as db:
            found = read_changes(db, "WHERE change.id = ?", (change_id,))
        return found[0] if found else None

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
        asked: list[tuple[str, tuple[Any, ...]]] = []
        if since:
            asked.append(("change.at >= ?", (stamp(since),)))
        if source_id:
            asked.append(("source = (SELECT id FROM source WHERE name = ?)", (source_id,)))
        if relevant:
            asked.append((RELEVANT, ()))
        if counted:
            asked.append(("counted", ()))
        where = "WHERE " + " AND ".join(sql for sql, _ in asked) if asked else ""
        values = [value for _, values in asked for value in values]
        with self._db.reading() as db:
            return read_changes(db, f"{where} {NEWEST_FIRST}", (*values, limit))

    def versions(self, source_id: str, *, limit: int = 100) -> tuple[Version, ...]:
        """Newest first."""
        with self._db.reading() as db:
            rows = db.execute(f"{VERSION} {LATEST_FIRST}", (source_id, limit))
            return tuple(map(as_version, rows))

    def blocks(self, version: Version | None) -> tuple[Block, ...]:
        """The Blocks of a Version; () for None."""
        if version is None:
            return ()
        with self._db.reading() as db:
            return read_blocks(db, version.id)

    def body(self, version: Version) -> tuple[bytes, Mapping[str, str]]:
        """The bytes as fetched, uncompressed, and the response's headers by lower-case name."""
        with self._db.reading() as db:
            row = db.execute("SELECT body, head, headers FROM snapshot WHERE id = ?", (version.snapshot,)).fetchone()
            return bodies.load(db, row[0]), headers.unpack(db, headers.Packed(row[1], row[2]))

    def announced(self, change_id: int) -> tuple[Announced, ...]:
        """The derived sources that a list's Change announced, in the order of the list."""
        with self._db.reading() as db:
            rows = db.execute(
                """SELECT name, item_key, coalesce((SELECT min(id) FROM change WHERE source = source.id), 0),
                coalesce(cause, '') FROM source LEFT JOIN standing ON source = source.id
                WHERE announced_by = ? ORDER BY source.id""",
                (change_id,),
            )
            return tuple(Announced(*row) for row in rows)


def read_changes(db: sqlite3.Connection, rest: str, values: Sequence[Any]) -> tuple[Change, ...]:
    """The Changes that `rest` (WHERE, ORDER BY, LIMIT) selects, with their Versions."""
    rows = db.execute(f"{CHANGE} {rest}", values).fetchall()
    versions = read_versions(db, {number for row in rows for number in row[4:6] if number})
    return tuple(
        Change(
            id=number,
            source_id=name,
            at=moment(at),
            cause=coded(CAUSES, cause, "change", number),
            before=_version(versions, before, change=number),
            after=_version(versions, after, change=number),
            edits=unpack_edits(edits),
            missed=bool(missed),
            announced_by=announced_by,
            late=bool(late),
        )
        for number, name, at, cause, before, after, missed, late, edits, announced_by in rows
    )


def _version(versions: Mapping[int, Version], number: int | None, *, change: int) -> Version | None:
    if number and number not in versions:
        raise Damaged(f"change {change} names version {number}, which is not there whole")
    return versions[number] if number else None


def read_versions(db: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, Version]:
    """By id."""
    wanted = sorted(numbers)
    found = {}
    for start in range(0, len(wanted), 500):  # SQLite takes at least 999 parameters
        part = wanted[start : start + 500]
        for row in db.execute(f"{VERSION} WHERE version.id IN ({marks(part)})", part):
            found[row[0]] = as_version(row)
    return found


def as_version(row: Sequence[Any]) -> Version:
    number, name, at, snapshot, fingerprint, language, title, provenance = row
    return Version(number, name, moment(at), snapshot, fingerprint, language, title, provenance or "")


def read_blocks(db: sqlite3.Connection, version: int) -> tuple[Block, ...]:
    """The Blocks of the Version of this number; () when there is none."""
    row = db.execute("SELECT reading FROM version WHERE id = ?", (version,)).fetchone()
    return unpack(bodies.load(db, row[0])) if row else ()


# ------------------------------------------------------------------------------------------------ edits as bytes

_EDITS: Final = msgspec.json.Decoder(tuple[Edit, ...])
_BARE: Final = tuple(Edit._field_defaults.values())


def pack_edits(edits: Iterable[Edit]) -> bytes:
    """JSON arrays without what stands at its default at their end; zstd when they are many."""
    plain = to_json([_trimmed(edit) for edit in edits])
    return squeeze(plain, level=9) if len(plain) > MANY else plain


def unpack_edits(stored: bytes) -> tuple[Edit, ...]:
    """The inverse of pack_edits."""
    return _EDITS.decode(plain_edits(stored))


def plain_edits(stored: bytes) -> bytes:
    """The JSON that pack_edits made; it begins with a bracket and zstd never does."""
    return stored if stored.startswith(b"[") else unsqueeze(stored)


def _trimmed(edit: Edit) -> Sequence[Any]:
    end = len(edit)
    while end > 1 and edit[end - 1] == _BARE[end - 2]:
        end -= 1
    return edit[:end]
