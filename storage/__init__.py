"""Everything about remembering: the only code that knows SQL."""

from storage.store import SqliteStore, open

__all__ = ["SqliteStore", "open"]
