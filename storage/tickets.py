"""Tickets: permissions that are used once, or until they expire. Only a hash of each secret is here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from bot.model import Ticket
from storage.packing import maybe_moment, moment, stamp
from storage.room import Room

VALID: Final = """SELECT kind, hash, expires, content, id, used FROM ticket
    WHERE kind = ? AND used IS NULL AND expires > ?"""
ISSUE: Final = "INSERT INTO ticket (kind, hash, expires, content) VALUES (?, ?, ?, ?) RETURNING id"
# the latest use is a moment that is surely over: nobody tells `issue` what time it is
STALE: Final = "DELETE FROM ticket WHERE used IS NOT NULL OR expires <= (SELECT max(used) FROM ticket)"


class Tickets(Room):
    """The store's part that knows who was permitted what."""

    def issue(self, ticket: Ticket) -> int:
        """Keep a ticket; returns its number. Used ones, and those that surely expired, are cleaned up."""
        row = (ticket.kind, ticket.hash, stamp(ticket.expires), ticket.content)
        with self._db.writing(durable=True) as db:
            db.execute(STALE)
            return int(db.execute(ISSUE, row).fetchone()[0])

    def redeem(self, kind: str, hash: bytes, *, now: datetime, once: bool = True) -> Ticket | None:
        """The ticket when it is there, unexpired and unused; with `once` it is used then, else nothing is written."""
        with self._db.reading() as db:
            row = db.execute(f"{VALID} AND hash = ?", (kind, stamp(now), hash)).fetchone()
            ticket = _as_ticket(row) if row else None  # whoever guesses makes us write nothing
        return ticket if ticket and (not once or self._use(ticket, now)) else None

    def _use(self, ticket: Ticket, now: datetime) -> bool:
        """Whether nobody was faster."""
        with self._db.writing(durable=True) as db:
            sql = "UPDATE ticket SET used = ? WHERE id = ? AND used IS NULL"
            return bool(db.execute(sql, (stamp(now), ticket.id)).rowcount)

    def tickets(self, kind: str, *, now: datetime) -> tuple[Ticket, ...]:
        """Unexpired and unused ones, oldest first."""
        with self._db.reading() as db:
            return tuple(map(_as_ticket, db.execute(f"{VALID} ORDER BY id", (kind, stamp(now)))))

    def revoke(self, ticket_id: int) -> None:
        """Whoever holds it can do nothing with it."""
        with self._db.writing(durable=True) as db:
            db.execute("DELETE FROM ticket WHERE id = ?", (ticket_id,))


def _as_ticket(row: Sequence[Any]) -> Ticket:
    kind, hash_, expires, content, number, used = row
    return Ticket(kind, hash_, moment(expires), content, number, maybe_moment(used))
