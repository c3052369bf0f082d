"""How many bytes the store takes, table by table: for benchmarks and for `doctor`."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from bot.errors import StoreError
from storage.connection import as_store_errors

FACTS: Final = ("body", "sqlite_autoindex_body_1", "snapshot", "version", "version_source")


class Growth(NamedTuple):
    """Bytes that each later version cost: bodies and versions alone, and everything in the file."""

    facts: float
    everything: float


def sizes(path: Path) -> Mapping[str, int]:
    """Bytes of each table and index of a database file, what is still in its log included.

    Raises StoreError where SQLite was built without dbstat (https://sqlite.org/dbstat.html).
    """
    with as_store_errors(path):
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            if not db.execute("SELECT sqlite_compileoption_used('ENABLE_DBSTAT_VTAB')").fetchone()[0]:
                raise StoreError("this SQLite cannot tell the size of tables")
            return dict(db.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
        finally:
            db.close()


def growth(before: Mapping[str, int], after: Mapping[str, int], *, versions: int) -> Growth:
    """What lies between two measurements, for each of the versions recorded between them."""
    grown = {name: size - before.get(name, 0) for name, size in after.items()}
    return Growth(sum(grown.get(name, 0) for name in FACTS) / versions, sum(grown.values()) / versions)
