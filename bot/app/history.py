"""The verbs that bring in what others kept: saved files, archives, recorded captures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.app.base import Base
from bot.errors import OperatorError
from bot.model import Outcome


class History(Base):
    """The part of App that brings in the past."""

    def replay(self, path: Path) -> Iterator[dict[str, Any]]:
        """Run one WARC file through the same pipeline at its recorded times; tells nobody."""
        from bot import replay

        return replay.replay(path, declared=self.declared, store=self.store, rules=self.rules)

    def import_file(self, source_id: str, path: Path, *, seen_at: datetime) -> tuple[Outcome, int]:
        """Take in a page or document that a person saved; returns what it came to and its Change (0: none).

        Raises OperatorError for a file that cannot be read and a moment that is still to come.
        """
        from bot import past

        source = self.source(source_id)
        if seen_at > self.clock():
            raise OperatorError(f"--seen-at {seen_at:%Y-%m-%d %H:%M} UTC is still to come")
        self.store.declare(self.declared, now=self.clock())
        response = past.saved(_bytes(path), source=source, now=self.clock())
        return past.bring(past.Brought(seen_at, response, "person"), source, store=self.store)

    def backfill(
        self, source_id: str, *, since: datetime | None = None, archive: str = ""
    ) -> Iterator[tuple[Outcome, int]]:
        """Bring in what an archive captured before we first read a source; its Changes alert nobody.

        Yields each capture with its Change (0: none), as polite to the archive as to the source. Raises OperatorError
        when there is nothing to bring in, FetchError when the archive does not answer.
        """
        from bot import past
        from bot.fetch import Fetcher
        from bot.look import sleep
        from bot.wayback import ARCHIVE, Wayback

        source = self.source(source_id)
        self.store.declare(self.declared, now=self.clock())
        with Fetcher(self.look_settings.fetch) as fetcher:
            wayback = Wayback(fetcher, pause=sleep, address=archive or ARCHIVE, spacing=source.spacing)
            yield from past.backfill(source, wayback=wayback, store=self.store, since=since)


def _bytes(path: Path) -> bytes:
    from bot.archive import BODY_LIMIT

    try:
        if path.stat().st_size > BODY_LIMIT:
            raise OperatorError(f"{path}: larger than {BODY_LIMIT // 1_000_000} MB")
        return path.read_bytes()
    except OSError as error:
        raise OperatorError(f"{path}: {error.strerror or type(error).__name__}") from error
