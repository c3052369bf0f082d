"""One SQLite file, one connection per thread, short transactions, and the border where sqlite3's errors become ours.

No business logic here.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bot.errors import StoreError
from storage.packing import DAMAGE, Damaged

APPLICATION: Final = 0x52675761  # "RgWa", in the database header: a foreign database is refused
LATEST: Final = 6  # PRAGMA user_version after the last migration
PATIENCE: Final = 10_000  # milliseconds to wait for another writer
LONGEST_LOG: Final = 32 << 20  # bytes of write-ahead log that may stay on the disk

# https://sqlite.org/rescode.html; what is not here is a bug and keeps its traceback
TROUBLE: Final = {
    sqlite3.SQLITE_BUSY: "another process kept it locked for too long",
    sqlite3.SQLITE_LOCKED: "another process kept it locked for too long",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk could not be read or written",
    sqlite3.SQLITE_READONLY: "it may not be written by this user",
    sqlite3.SQLITE_PERM: "it may not be opened by this user",
    sqlite3.SQLITE_CANTOPEN: "it could not be opened",
    sqlite3.SQLITE_CORRUPT: "it is damaged; restore a backup",
    sqlite3.SQLITE_NOTADB: "it is not a SQLite database",
}

# Reading asks for rows that other rows name and takes numbers for what they stand for: where a number was damaged, what
# is asked for is not there, or not of its kind. What is being written came from us: there the same would be a bug.
MISREAD: Final = (*DAMAGE, LookupError, OverflowError, TypeError, ValueError)


@contextmanager
def as_store_errors(path: Path) -> Iterator[None]:
    """What an operator can act upon becomes a StoreError; bugs pass."""
    try:
        yield
    except sqlite3.Error as error:
        trouble = TROUBLE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if trouble is None:
            raise
        raise StoreError(f"{path}: {trouble}") from error
    except UnicodeDecodeError as error:  # sqlite3's own, of what it says about a schema that is damaged
        raise StoreError(f"{path}: {TROUBLE[sqlite3.SQLITE_CORRUPT]}") from error


@contextmanager
def as_damage(path: Path, kinds: tuple[type[Exception], ...]) -> Iterator[None]:
    """A row that is there and cannot be decoded, as exceptions of these kinds say, becomes a StoreError."""
    try:
        yield
    except kinds as error:
        which = f" ({error})" if isinstance(error, Damaged) else ""
        trouble = f"{TROUBLE[sqlite3.SQLITE_CORRUPT]}{which}; `regwatch doctor` and `regwatch verify` say more"
        raise StoreError(f"{path}: {trouble}") from error


class Connections:
    """The connections of one store, one per thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.readonly = path.exists() and not all(map(_may_write, (path, path.parent)))
        self._local = threading.local()
        self._all: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._guard = threading.Lock()
        self._listening: sqlite3.Connection | None = None

    @property
    def here(self) -> sqlite3.Connection:
        """This thread's connection, opened at its first use."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._open()
            with self._guard:
                self._close_left()
                self._all.append((threading.current_thread(), connection))
        return connection

    def _close_left(self) -> None:
        """Close the connections of threads that have ended."""
        for thread, connection in self._all:
            if not thread.is_alive():
                connection.close()
        self._all = [one for one in self._all if one[0].is_alive()]

    def _open(self) -> sqlite3.Connection:
        # closed by close() or by another thread's first use, once this thread has ended
        connection = sqlite3.connect(
            self._address(), uri=True, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        connection.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA journal_size_limit = {LONGEST_LOG}")
        return connection

    def _address(self) -> str:
        """As a URI (https://sqlite.org/uri.html).

        Where we may not write, a log beside the database means that somebody else has it open: then it is shared
        with them; without one, nobody does, and SQLite is told to look for neither log nor locks.
        """
        plain = self.path.absolute().as_uri()
        if not self.readonly:
            return plain
        beside = (self.path.with_name(self.path.name + end) for end in ("-wal", "-shm"))
        shared = any(file.exists() and file.stat().st_size for file in beside)
        return f"{plain}?mode=ro" if shared else f"{plain}?immutable=1"

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """All reads inside see the same moment; never waits for a writer."""
        with as_store_errors(self.path), as_damage(self.path, MISREAD):
            db = self.here
            if db.in_transaction:  # a method that uses another one
                yield db
                return
            db.execute("BEGIN")
            try:
                yield db
            finally:
                db.execute("COMMIT")

    @contextmanager
    def writing(self, *, durable: bool) -> Iterator[sqlite3.Connection]:
        """One short write transaction; `durable`: on the disk before it returns, for promises to people."""
        with as_store_errors(self.path), as_damage(self.path, DAMAGE):
            db = self.here
            if durable:  # cannot be changed inside a transaction
                db.execute("PRAGMA synchronous = FULL")
            try:
                db.execute("BEGIN IMMEDIATE")
                try:
                    yield db
                    db.execute("COMMIT")
                except BaseException:
                    if db.in_transaction:
                        db.execute("ROLLBACK")
                    raise
            finally:
                if durable:
                    db.execute("PRAGMA synchronous = NORMAL")

    def moment(self) -> int:
        """A number that is the same for as long as nobody commits anything, in whichever thread or process.

        SQLite tells it to a connection that never writes (https://sqlite.org/pragma.html#pragma_data_version).
        """
        with as_store_errors(self.path), self._guard:
            if self._listening is None:
                self._listening = self._open()
            return int(self._listening.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        with self._guard:
            for _, connection in self._all:
                connection.close()
            self._all.clear()
            if self._listening is not None:
                self._listening.close()
                self._listening = None
        self._local = threading.local()

    # -------------------------------------------------------------------------------------------- opening

    def prepare(self) -> None:
        """Refuse a foreign or newer database; bring an older or empty one up to date, if it may be written."""
        with as_store_errors(self.path):
            if self._age() < LATEST:
                if self.readonly:
                    raise StoreError(f"{self.path}: made by an older release, and it may not be written by this user")
                with _alone(self.path.parent):
                    self._migrate()

    def _age(self) -> int:
        """The schema's number; 0 for an empty file. Raises StoreError for what is not ours."""
        db = self.here
        (application,) = db.execute("PRAGMA application_id").fetchone()
        (age,) = db.execute("PRAGMA user_version").fetchone()
        (tables,) = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if application != APPLICATION and (application or age or tables):
            raise StoreError(f"{self.path}: this database belongs to another program")
        if age > LATEST:
            raise StoreError(
                f"{self.path}: written by a newer release (schema {age}, known {LATEST}); upgrade regwatch"
            )
        return int(age)

    def _migrate(self) -> None:
        if self._age() == LATEST:  # another process was faster
            return
        # imported late: they cost a tenth of a second, and an existing database rarely needs them
        from sqlite_utils import Database

        from storage import facets, ledger
        from storage.migrations import steps

        db = self.here
        db.execute(f"PRAGMA application_id = {APPLICATION}")
        db.execute("PRAGMA journal_mode = WAL")
        steps.apply(Database(db, recursive_triggers=False, execute_plugins=False))
        facets.fill(db)
        facets.fill_stated(db)
        ledger.fill(db)
        db.execute(f"PRAGMA user_version = {LATEST}")  # last: what was cut off before goes on at the next opening


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One process at a time makes or changes the tables; the home's own lock file is for bulk work."""
    folder = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
