"""Which sources there are, declared and derived, and what is remembered of their hosts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

from bot.model import Host, Source, Standing
from storage.connection import Connections
from storage.kept import Kept
from storage.packing import maybe_moment, maybe_stamp, sparse, stamp
from storage.room import Room, marks
from storage.standing import Standings, all_standings


class Sources(Room):
    """The store's part that knows the sources."""

    def __init__(self, connections: Connections) -> None:
        super().__init__(connections)
        self._standings: Kept[Standings] = Kept(connections)
        self._derived: Kept[Derived] = Kept(connections)
        self._declared: tuple[tuple[Source, ...], Mark] | None = None

    def declare(self, sources: Sequence[Source], *, now: datetime) -> None:
        """Make the declared sources known (rows, not their fields); keeps the history of those no longer declared.

        A store that may only be read stays as it is: reading verbs work all the same. The same declarations as the
        last time cost next to nothing, unless another process declared others meanwhile.
        """
        with self._db.reading() as db:
            if self._declared is not None and self._declared == (tuple(sources), _mark(db, declared=True)):
                return
            there = {name: tuple(rest) for name, *rest in db.execute(DECLARED)}
        wanted = {source.id: (host_of(source), source.succeeds) for source in sources}
        if there != wanted and not self._db.readonly:  # most starts: nothing to write
            with self._db.writing(durable=False) as db:
                db.executemany(DECLARE, [(name, *rest) for name, rest in wanted.items() if there.get(name) != rest])
                dropped = [(stamp(now), name) for name in there if name not in wanted]
                db.executemany("UPDATE source SET retired = ? WHERE name = ?", dropped)
        with self._db.reading() as db:
            self._declared = (tuple(sources), _mark(db, declared=True))

    def derived(self) -> tuple[Source, ...]:
        """Active derived sources, as they were recorded; the same tuple for as long as they are the same."""
        return self._derived.answer(self._read_derived).sources

    def _read_derived(self, before: Derived | None) -> Derived:
        with self._db.reading() as db:
            mark = _mark(db, declared=False)
            if before is not None and before.mark == mark:
                return before
            rows = db.execute(f"SELECT spec FROM source WHERE {FOLLOWED} ORDER BY id")
            return Derived(mark, tuple(msgspec.json.decode(spec, type=Source) for (spec,) in rows))

    def recorded(self, source_id: str) -> Source | None:
        """A derived source as it was recorded, whether it is still followed or not; for look-ups."""
        with self._db.reading() as db:
            row = db.execute("SELECT spec FROM source WHERE NOT declared AND name = ?", (source_id,)).fetchone()
            return msgspec.json.decode(row[0], type=Source) if row and row[0] else None

    def retire(self, source_ids: Iterable[str], *, now: datetime) -> None:
        """Look at these no more; their history stays."""
        with self._db.writing(durable=False) as db:
            retired = [(stamp(now), name) for name in source_ids]
            db.executemany("UPDATE source SET retired = ? WHERE name = ? AND retired IS NULL", retired)

    def standings(self) -> Mapping[str, Standing]:
        """By source id, retired ones too; sources never looked at are there, with everything empty.

        The same mapping for as long as nobody looks; of sources that nobody looked at meanwhile, the same Standing.
        """
        return self._standings.answer(self._read_standings).found

    def _read_standings(self, before: Standings | None) -> Standings:
        with self._db.reading() as db:
            return all_standings(db, before=before)

    # -------------------------------------------------------------------------------------------- hosts

    def hosts(self, names: Iterable[str]) -> Mapping[str, Host]:
        """By name; a host never asked is there, with everything empty."""
        wanted = tuple(dict.fromkeys(names))
        with self._db.reading() as db:
            rows = db.execute(f"SELECT * FROM host WHERE name IN ({marks(wanted)})", wanted)
            there = {name: Host(name, maybe_moment(at), robots, maybe_moment(seen)) for name, at, robots, seen in rows}
        return {name: there.get(name) or Host(name) for name in wanted}

    def keep_host(self, host: Host) -> None:
        """Remember a host as it is given, in place of what was known."""
        with self._db.writing(durable=False) as db:
            keep_hosts(db, [host])


Mark = tuple[int, int, int]
"""How many sources there are of a kind, the newest of them, and the sum of their numbers: another set has another."""


class Derived(NamedTuple):
    """The derived sources as they were read."""

    mark: Mark
    sources: tuple[Source, ...]


def _mark(db: sqlite3.Connection, *, declared: bool) -> Mark:
    sql = f"{MARK} {'declared AND retired IS NULL' if declared else FOLLOWED}"
    row: Mark = db.execute(sql).fetchone()
    return row


FOLLOWED = "parent IS NOT NULL AND NOT declared AND retired IS NULL"
MARK = "SELECT count(*), coalesce(max(id), 0), coalesce(sum(id), 0) FROM source WHERE"
DECLARED = "SELECT name, host, succeeds FROM source WHERE declared AND retired IS NULL"
DECLARE = """INSERT INTO source (name, host, succeeds, declared) VALUES (?, ?, ?, 1)
    ON CONFLICT (name) DO UPDATE SET host = excluded.host, succeeds = excluded.succeeds, declared = 1, retired = NULL"""


def host_of(source: Source) -> str:
    """The host that a source's address names, with its port."""
    return urlsplit(source.url).netloc.lower()


def keep_hosts(db: sqlite3.Connection, hosts: Iterable[Host]) -> None:
    rows = [(host.name, maybe_stamp(host.not_before), host.robots, maybe_stamp(host.robots_at)) for host in hosts]
    db.executemany("REPLACE INTO host (name, not_before, robots, robots_at) VALUES (?, ?, ?, ?)", rows)


def derive(db: sqlite3.Connection, source: Source, *, parent: int, change: int, key: str, at: datetime) -> None:
    """Start a derived source, announced by this Change; one that is there already is left as it is."""
    db.execute(
        """INSERT OR IGNORE INTO source (name, host, declared, parent, announced_by, item_key, since, spec)
        VALUES (?, ?, 0, ?, ?, ?, ?, ?)""",
        (source.id, host_of(source), parent, change or None, key, stamp(source.since or at), sparse(source)),
    )
