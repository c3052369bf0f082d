"""Everything about remembering: the only code that knows SQL."""

from storage.store import SqliteStore, open, restore

__all__ = ["SqliteStore", "open", "restore"]
