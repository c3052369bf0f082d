"""How each source stands: one row, kept up to date by every look, so that nobody has to add up checks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import zip_longest
from operator import attrgetter
from typing import Any, Final, NamedTuple

import msgspec

from bot.model import Look, Outcome, Standing
from storage.packing import maybe_moment, stamp, to_json
from storage.room import marks

GONE: Final = frozenset({404, 410})
REMEMBERED: Final = 12  # looks that said 404 or 410: the first ones and the newest


@dataclass(slots=True)
class Line:
    """A row of `standing` in the hands of one transaction; the fields are the columns."""

    source: int
    last_check: int | None = None
    last_good: int | None = None
    first_good: int | None = None
    last_change: int | None = None
    streak: int = 0
    cause: str = ""
    failing_since: int | None = None
    not_before: int | None = None
    hurry: float = 1.0
    etag: str = ""
    last_modified: str = ""
    body_hash: bytes = b""
    version: int = 0
    head: int = 0
    body_key: int = 0
    reading_key: int = 0
    gone_looks: str = "[]"
    gone: int = 0
    shrinks: int = 0
    failed_hash: bytes = b""
    shrunk_since: int | None = None

    def looked(self, look: Look) -> None:
        """What every look leaves, however it went; what a person brought is no look of ours."""
        if look.provenance:
            return
        at = stamp(look.at)
        self.last_check = at  # also when the clock was set back: what lies ahead would keep us from looking
        self.not_before = at + round(look.retry_after * 1000) if look.retry_after else None

    def read_well(self, look: Look) -> None:
        """The look could be read: whatever failed before is over."""
        at = stamp(look.at)
        self.last_good = max(at, self.last_good or at) if look.provenance else at
        self.first_good = min(at, self.first_good or at)
        if not look.provenance:  # that a person could read it does not mean that we can
            self.streak, self.cause, self.failing_since = 0, "", None
            self.gone_looks, self.gone, self.shrinks, self.failed_hash, self.shrunk_since = "[]", 0, 0, b"", None
        if any(look.validators) or not look.unchanged:  # a 304 need not repeat them (RFC 9110 §15.4.5)
            self.etag, self.last_modified = look.validators
        self.body_hash = look.body_hash or self.body_hash

    def read_badly(self, outcome: Outcome) -> None:
        """The look failed, or found nothing at the address."""
        self.streak += 1
        self.cause = failure(outcome)
        if self.failing_since is None:
            self.failing_since = stamp(outcome.at)
        if outcome.look.status:  # a look that got no answer says nothing of what is there
            self._count_gone(outcome.look)
            self._count_shrinks(outcome)

    def _count_gone(self, look: Look) -> None:
        earlier = msgspec.json.decode(self.gone_looks, type=list[int])
        looks = [*earlier, stamp(look.at)] if look.status in GONE else []
        self.gone_looks = to_json(looks[: REMEMBERED // 2] + looks[REMEMBERED // 2 :][-REMEMBERED // 2 :]).decode()

    def _count_shrinks(self, outcome: Outcome) -> None:
        look = outcome.look
        if self.cause not in DOUBTED or not look.reading_hash:
            self.shrinks, self.failed_hash, self.shrunk_since = 0, b"", None
        elif look.reading_hash == self.failed_hash:
            self.shrinks += 1
        else:
            self.shrinks, self.failed_hash, self.shrunk_since = 1, look.reading_hash, stamp(look.at)


def failure(outcome: Outcome) -> str:
    """Why a look failed, or found nothing at the address; "" when it read well."""
    if outcome.kind == "failed":
        return outcome.cause or outcome.look.cause
    return outcome.look.cause or "not found" if outcome.kind == "gone" else ""


DOUBTED: Final = frozenset({"sudden shrink", "wrong language", "no items", "truncated"})
"""Causes that are believed in the end, when the same text keeps coming."""
COLUMNS: Final = tuple(field.name for field in fields(Line))
_STREAK: Final = COLUMNS.index("streak")  # NULL only where a source has no row yet
_VALUES: Final = attrgetter(*COLUMNS)
_SAVE: Final = f"REPLACE INTO standing ({', '.join(COLUMNS)}) VALUES ({marks(COLUMNS)})"
_LOAD: Final = f"SELECT name, source.id, {', '.join(COLUMNS[1:])} FROM source LEFT JOIN standing ON source = source.id"


def load(db: sqlite3.Connection, names: Iterable[str]) -> dict[str, Line]:
    """The rows of these sources, by name; sources that the store has never heard of are left out."""
    wanted = tuple(dict.fromkeys(names))
    rows = db.execute(f"{_LOAD} WHERE name IN ({marks(wanted)})", wanted)
    return {name: Line(*columns) if columns[_STREAK] is not None else Line(columns[0]) for name, *columns in rows}


def save(db: sqlite3.Connection, lines: Iterable[Line]) -> None:
    db.executemany(_SAVE, map(_VALUES, lines))


class Standings(NamedTuple):
    """Every standing as it was read, and the rows that it was read from."""

    rows: Sequence[Sequence[Any]]
    found: Mapping[str, Standing]


def all_standings(db: sqlite3.Connection, *, before: Standings | None = None) -> Standings:
    """Every source, also those never looked at; what is the same as before is not made again."""
    rows = db.execute(ALL).fetchall()
    if before is None:
        return Standings(rows, {row[0]: _standing(row) for row in rows})
    if rows == before.rows:
        return before
    same = zip_longest(rows, before.rows[: len(rows)])  # sources are never deleted: a row stands where it stood
    return Standings(rows, {new[0]: before.found[new[0]] if new == old else _standing(new) for new, old in same})


ALL: Final = """SELECT name, last_check, last_good, last_change, coalesce(streak, 0), coalesce(cause, ''),
    failing_since, not_before, coalesce(hurry, 1.0), first_good FROM source LEFT JOIN standing ON source = source.id
    ORDER BY source.id"""


def _standing(row: Sequence[Any]) -> Standing:
    name, check, good, change, streak, cause, since, before, hurry, first = row
    return Standing(
        source_id=name,
        last_check=maybe_moment(check),
        last_good=maybe_moment(good),
        last_change=maybe_moment(change),
        streak=streak,
        cause=cause,
        failing_since=maybe_moment(since),
        not_before=maybe_moment(before),
        hurry=hurry,
        first_good=maybe_moment(first),
    )
