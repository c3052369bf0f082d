"""Alarms: what the owner was told of and is not over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.model import Delivery
from storage.outbox import queue
from storage.packing import moment, stamp
from storage.room import Room

RAISE: Final = "INSERT INTO alarm VALUES (?, ?) ON CONFLICT (subject) DO UPDATE SET since = excluded.since"


class Alarms(Room):
    """The store's part that keeps the owner from being told twice."""

    def alarms(self) -> Mapping[str, datetime]:
        """What the owner was told of and is not over: subject -> since when."""
        with self._db.reading() as db:
            return {subject: moment(since) for subject, since in db.execute("SELECT * FROM alarm ORDER BY since")}

    def keep_alarm(self, subject: str, since: datetime | None, deliveries: Sequence[Delivery] = ()) -> None:
        """Raise (or, with None, clear) an alarm, with what is to be told of it, in one durable transaction."""
        self.keep_alarms({subject: since}, deliveries)

    def keep_alarms(self, since: Mapping[str, datetime | None], deliveries: Sequence[Delivery] = ()) -> None:
        """The same for several alarms, by subject, in one durable transaction."""
        begun = [(subject, stamp(at)) for subject, at in since.items() if at is not None]
        over = [(subject,) for subject, at in since.items() if at is None]
        with self._db.writing(durable=True) as db:
            db.executemany(RAISE, begun)
            db.executemany("DELETE FROM alarm WHERE subject = ?", over)
            queue(db, deliveries)
