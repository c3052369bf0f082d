"""The store: one SQLite file in the home, assembled from its parts."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.errors import StoreError
from bot.model import Bulk
from storage import keeping
from storage.alarms import Alarms
from storage.connection import Connections
from storage.digests import Digests
from storage.events import Events
from storage.facts import Facts
from storage.handling import Reviews
from storage.keeping import Keeping
from storage.ledger import Ledger
from storage.lock import Lock
from storage.looks import FAILED, NOISE, Looks
from storage.lookups import Lookups
from storage.opinions import Opinions
from storage.outbox import STATES, Outbox
from storage.packing import coded, stamp
from storage.past import Past
from storage.people import People
from storage.proof import Proofs
from storage.record import Records
from storage.search import Search
from storage.sources import Sources
from storage.tickets import Tickets

FILE: Final = "regwatch.db"

TOTALS: Final = f"""SELECT count(*),
    (SELECT count(*) FROM version WHERE at >= ?1),
    (SELECT count(*) FROM change WHERE at >= ?1 AND counted),
    (SELECT count(*) FROM finding WHERE at >= ?1),
    count(*) FILTER (WHERE outcome = {FAILED}),
    count(*) FILTER (WHERE outcome = {NOISE}) FROM "check" WHERE at >= ?1"""


class SqliteStore(
    Sources, Looks, Records, Past, Facts, Opinions, Search, Lookups, Events, People, Reviews, Outbox, Digests, Tickets,
    Alarms, Ledger, Proofs, Keeping,
):  # fmt: skip
    """Everything that is remembered. Each method is one transaction; may be used from any thread."""

    def __init__(self, home: Path) -> None:
        super().__init__(Connections(home / FILE))
        self._lock = Lock(home)

    def bulk(self, who: str) -> AbstractContextManager[None]:
        """Hold the home's lock for bulk work, also twice in one store; raises LockedError that names the holder."""
        return self._lock.held(who)

    def close(self) -> None:
        """Close the connections of all threads."""
        self._db.close()

    def totals(self, *, since: datetime | None = None) -> Bulk:
        """Counts since then; the outbox as it stands now."""
        with self._db.reading() as db:
            row: tuple[int, ...] = db.execute(TOTALS, (stamp(since) if since else 0,)).fetchone()
            states = db.execute("SELECT state, count(*), min(id) FROM delivery GROUP BY state")
            outbox = {coded(STATES, state, "delivery", first): n for state, n, first in states}
        looks, versions, changes, findings, failures, noise = row
        return Bulk(looks, versions, changes, findings, failures, noise, outbox)


def open(home: Path, *, create: bool = True) -> SqliteStore:
    """The store in this home, made or brought up to date where needed.

    Raises StoreError for a home without one (unless `create`), a foreign or a newer database, and a disk in trouble.
    """
    if not create and not (home / FILE).exists():
        raise StoreError(f"{home}: nothing is remembered here yet")
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{home}: {error.strerror}") from error
    keeping.finish(home, name=FILE)
    store = SqliteStore(home)
    try:
        store._db.prepare()
    except BaseException:
        store.close()
        raise
    return store


def restore(home: Path, file: Path, *, aside: str) -> Path | None:
    """Put a backup into a home; a store that is there is set aside (see storage/keeping.py)."""
    return keeping.restore(home, file, name=FILE, aside=aside)
