"""Bodies and readings as they lie in the database: each content once, most as a difference to a keyframe."""

from __future__ import annotations

import sqlite3
from typing import Final, NamedTuple

from storage.packing import digest, squeeze, unsqueeze

QUICK: Final = 3  # level of differences that nobody may ever ask for; keyframes come compressed by the worker
SMALL: Final = 9  # level of the others: a fifth smaller on real histories, four times slower
FEW: Final = 512  # bytes; below this a difference is never worth a keyframe


class Kept(NamedTuple):
    """Where a content lies, and the keyframe for the next content of its kind and source."""

    id: int
    key: int


def keep(
    db: sqlite3.Connection, content: bytes, *, frame: bytes, key: int, level: int = SMALL, address: bytes = b""
) -> Kept:
    """Store a content that came as this zstd frame, as a difference to `key` (0: none) where that is small.

    `address`: its digest, where that is known.

    A difference over a fifth of the whole makes a new keyframe: measured on real page histories, this stores less
    than a chain and reads any version with one other row.
    """
    address = address or digest(content)
    there = db.execute("SELECT id, coalesce(base, id) FROM body WHERE hash = ?", (address,)).fetchone()
    if there:
        return Kept(there[0], key or there[1])
    if key:
        shorter = squeeze(content, like=load(db, key), level=level)
        if small(shorter, frame):
            return Kept(_insert(db, address, key, shorter), key)
    fresh = _insert(db, address, None, frame)
    return Kept(fresh, fresh)


def small(difference: bytes, whole: bytes) -> bool:
    """Whether a difference is worth keeping as one."""
    return len(difference) < len(whole) and len(difference) <= max(len(whole) // 5, FEW)


def load(db: sqlite3.Connection, body_id: int) -> bytes:
    """The content, uncompressed."""
    base, frame = db.execute("SELECT base, frame FROM body WHERE id = ?", (body_id,)).fetchone()
    return expand(db, base, frame)


def expand(db: sqlite3.Connection, base: int | None, frame: bytes) -> bytes:
    """A frame's content, given the keyframe it is a difference to (None: to nothing)."""
    return unsqueeze(frame, like=load(db, base) if base else b"")


def load_frame(db: sqlite3.Connection, body_id: int) -> bytes:
    """The content as one zstd frame that needs nothing else."""
    base, frame = db.execute("SELECT base, frame FROM body WHERE id = ?", (body_id,)).fetchone()
    return frame if base is None else squeeze(expand(db, base, frame))


def _insert(db: sqlite3.Connection, address: bytes, base: int | None, frame: bytes) -> int:
    row = db.execute("INSERT INTO body (hash, base, frame) VALUES (?, ?, ?)", (address, base, frame))
    assert row.lastrowid
    return row.lastrowid
