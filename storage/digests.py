"""Digests as they were composed: one per subscription and period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.model import Delivery, Digest
from storage.outbox import queue
from storage.packing import moment, stamp
from storage.phrases import lengthen, shorten
from storage.room import Room

KEEP: Final = "INSERT OR IGNORE INTO digest (subscription, since, until, content) VALUES (?, ?, ?, ?)"
DIGESTS: Final = """SELECT subscription, since, until, content, id FROM digest WHERE subscription = ?
    ORDER BY until DESC, id DESC LIMIT ?"""


class Digests(Room):
    """The store's part that remembers digests."""

    def digests(self, subscription_id: int, *, limit: int = 10) -> tuple[Digest, ...]:
        """Newest first."""
        with self._db.reading() as db:
            return tuple(
                Digest(reader, moment(since), moment(until), lengthen(content) if content else b"", number)
                for reader, since, until, content, number in db.execute(DIGESTS, (subscription_id, limit))
            )

    def keep_digest(self, digest: Digest, deliveries: Sequence[Delivery]) -> bool:
        """Digest and its deliveries, one durable transaction; False when this period was kept before: then nothing."""
        row = (digest.subscription, stamp(digest.since), stamp(digest.until), shorten(digest.content))
        with self._db.writing(durable=True) as db:
            if not db.execute(KEEP, row).rowcount:
                return False
            queue(db, deliveries)
            return True
