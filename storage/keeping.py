"""How long things are kept, and copies of the whole store.

Snapshots, versions, changes and findings are kept for ever. Payloads of deliveries and remarks of reviews are let go
after 24 months (their rows stay), rows of looks after a year (then one row per source, day and outcome). What was let
go is a row of the ledger. While somebody holds the store nothing is let go.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.errors import OperatorError, StoreError
from storage import ledger, letting
from storage.connection import APPLICATION, LATEST, Connections, as_store_errors
from storage.lock import Lock
from storage.packing import moment, stamp
from storage.room import Room

WORDS_KEPT: Final = timedelta(days=731)  # payloads, remarks, digests
LOOKS_KEPT: Final = timedelta(days=366)
ENDS: Final = ("", "-wal", "-shm")  # the database, and what SQLite keeps beside it


class Keeping(Room):
    """The store's part that lets go, holds and copies."""

    def hold(self, why: str, *, now: datetime) -> int:
        """From now on nothing is let go, until every hold is lifted; returns its number."""
        with self._db.writing(durable=True) as db:
            row = db.execute("INSERT INTO hold (since, why) VALUES (?, ?) RETURNING id", (stamp(now), why)).fetchone()
            return int(row[0])

    def lift(self, hold: int, *, now: datetime) -> bool:
        """End a hold; False when there was none of this number."""
        with self._db.writing(durable=True) as db:
            sql = "UPDATE hold SET ended = ? WHERE id = ? AND ended IS NULL"
            return bool(db.execute(sql, (stamp(now), hold)).rowcount)

    def holds(self) -> tuple[tuple[int, datetime, str], ...]:
        """Number, since when and why, of each that stands."""
        with self._db.reading() as db:
            rows = db.execute("SELECT id, since, why FROM hold WHERE ended IS NULL ORDER BY id")
            return tuple((number, moment(since), why) for number, since, why in rows)

    def let_go(self, *, now: datetime) -> Iterator[tuple[str, int]]:
        """Let go of what has been kept long enough, in small transactions; yields what and how many rows.

        Does nothing while there is a hold. Each step leaves a row in the ledger.
        """
        for what in letting.STEPS:
            while count := self._page(what, now=now):
                yield what, count

    def _page(self, what: str, *, now: datetime) -> int:
        until = stamp(now - (LOOKS_KEPT if what == "looks" else WORDS_KEPT))
        with self._db.writing(durable=True) as db:
            if db.execute("SELECT 1 FROM hold WHERE ended IS NULL").fetchone():
                return 0
            count = letting.STEPS[what](db, until)
            if count:
                row = (stamp(now), what, count, until)
                made = db.execute("INSERT INTO letting_go (at, what, rows, until) VALUES (?, ?, ?, ?)", row)
                assert made.lastrowid
                ledger.append(db, ledger.KEEPING, made.lastrowid)
        return count

    def damage(self) -> str:
        """What is wrong with the file itself, "" for nothing; walks all of it, which takes a second per 100 MB."""
        with self._db.reading() as db:
            (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
        return "" if found == "ok" else f"the file is damaged ({' '.join(found.split())})"

    def backup(self, path: Path) -> int:
        """Copy the whole store into one new file while it is in use; returns its size. The copy is checked.

        Uses SQLite's backup interface (https://sqlite.org/backup.html). Raises OperatorError for a file that is there,
        StoreError when no whole copy could be made; then no file is left that could be taken for one.
        """
        if path.exists():
            raise OperatorError(f"{path} is there already; a backup never overwrites")
        try:
            with as_store_errors(path), closing(sqlite3.connect(path)) as copy:
                self._db.here.backup(copy, pages=2_000)
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, whole in itself
            check(path)
        except StoreError:
            path.unlink(missing_ok=True)
            raise
        return path.stat().st_size


def check(path: Path) -> None:
    """Raises StoreError unless this file is a whole store of ours, of this release or an older one."""
    if not path.is_file():
        raise StoreError(f"{path}: there is no such file")
    with as_store_errors(path), closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        (application,) = db.execute("PRAGMA application_id").fetchone()
        (age,) = db.execute("PRAGMA user_version").fetchone()
        if application != APPLICATION:
            raise StoreError(f"{path}: this is not a store of ours")
        if age > LATEST:
            raise StoreError(f"{path}: written by a newer release (schema {age}, known {LATEST}); upgrade regwatch")
        (whole,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if whole != "ok":
            raise StoreError(f"{path}: it is damaged ({whole})")


def restore(home: Path, file: Path, *, name: str, aside: str) -> Path | None:
    """Put a backup into a home as `name`; a store that is there is set aside under its name and `aside`, unharmed.

    Returns where the old one lies now. Raises StoreError for a file that is no whole store or whose ledger does not
    hold, LockedError while a service uses the home.
    """
    check(file)
    try:
        home.mkdir(parents=True, exist_ok=True)
        with Lock(home).held("restore"):
            fresh = _copied(file, home / f"{name}.restoring", trial=home / f"{name}.trial")
            old = _set_aside(home / name, aside)  # only now: a full disk must not cost the store that is there
            fresh.replace(home / name)
    except OSError as error:
        raise StoreError(f"{home}: {error.strerror or type(error).__name__}") from error
    return old


def finish(home: Path, *, name: str) -> None:
    """Put in place what a restore that was cut off had copied whole; a store that is there stays."""
    fresh = home / f"{name}.restoring"
    if fresh.exists() and not (home / name).exists():  # the old one is set aside only after the copy is whole
        fresh.replace(home / name)


def _copied(file: Path, fresh: Path, *, trial: Path) -> Path:
    """A whole copy on the disk whose ledger holds, or none; it has its name only once all that is known."""
    _remove(trial)  # of a restore that was cut off; its log must not be taken for ours
    try:
        shutil.copyfile(file, trial)
        check(trial)
        if wrong := _fault(trial):
            by_hand = "take an older backup, or copy the file into the home by hand"
            raise StoreError(f"{file}: its ledger does not hold ({wrong}); nothing was replaced: {by_hand}")
        with trial.open("rb+") as stream:
            os.fsync(stream.fileno())
        return trial.replace(fresh)
    finally:
        _remove(trial)


def _fault(store: Path) -> str:
    """What is wrong with its ledger, "" for nothing; a store of an older release is brought up to date before."""
    connections = Connections(store)
    try:
        connections.prepare()
        return ledger.Ledger(connections).verify()
    finally:
        connections.close()


def _remove(store: Path) -> None:
    for end in ENDS:
        store.with_name(store.name + end).unlink(missing_ok=True)


def _set_aside(store: Path, aside: str) -> Path | None:
    """Rename a store with its write-ahead log, which belongs to it."""
    if not store.exists():
        return None
    target = _free(store.with_name(f"{store.name}.{aside}"))
    for end in ENDS:
        part = store.with_name(store.name + end)
        if part.exists():
            part.replace(target.with_name(target.name + end))
    return target


def _free(target: Path) -> Path:
    """This name, or the next like it under which nothing lies yet: two restores may fall into one second."""
    tried, number = target, 1
    while any(tried.with_name(tried.name + end).exists() for end in ENDS):
        number += 1
        tried = target.with_name(f"{target.name}-{number}")
    return tried
