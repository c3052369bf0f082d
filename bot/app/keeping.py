"""The verbs that keep, let go, copy and forget."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from bot.app.base import Base
from bot.errors import OperatorError


class Keeping(Base):
    """The part of App that keeps."""

    def backup(self, path: Path) -> int:
        """Copy the whole store into one new file while it is in use; returns its size in bytes."""
        return self.store.backup(path)

    def hold(self, why: str) -> int:
        """From now on nothing is let go; returns the hold's number."""
        return self.store.hold(why, now=self.clock())

    def lift(self, hold: int) -> None:
        """End a hold; raises OperatorError when there is none of this number."""
        if not self.store.lift(hold, now=self.clock()):
            raise OperatorError(f"there is no hold {hold}")

    def holds(self) -> tuple[tuple[int, datetime, str], ...]:
        """Number, since when and why, of each that stands."""
        return self.store.holds()

    def let_go(self) -> Iterator[tuple[str, int]]:
        """Let go of what was kept long enough: what, and how many rows (see docs/privacy.md)."""
        total: Counter[str] = Counter()
        for what, count in self.store.let_go(now=self.clock()):
            total[what] += count
        yield from total.items()

    def people(self) -> tuple[tuple[str, str], ...]:
        """Everybody who is known by name: name and address."""
        return self.store.people()

    def forget(self, name: str) -> None:
        """Erase a person's name, address and remarks; raises OperatorError when nobody is called so."""
        if not self.store.forget(name):
            raise OperatorError(f"nobody here is called {name!r}; `regwatch people list` names those we know")
