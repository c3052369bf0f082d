"""What one alert is built from, before it has the form of a channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from bot.model import Block, Change, Edit, Finding, Handling, Source


class Later(NamedTuple):
    """A later Change of the same act."""

    at: datetime
    headline: str


@dataclass(frozen=True, slots=True)
class Told:
    """What one alert is built from. Names of people in `handling` are names or Slack ids, not actors."""

    change: Change
    finding: Finding
    before: Sequence[Block]
    after: Sequence[Block]
    edits: Sequence[Edit]
    source: Source
    now: datetime
    subscription: int = 0
    why: str = ""  # why this reader gets it
    level: tuple[str, str] = ("know", "")  # severity, and the part of its rule that gave it
    binding: str = ""
    language_note: str = ""
    names: Mapping[str, str] = field(default_factory=dict)  # of jurisdictions
    public_url: str = ""
    handling: Handling | None = None
    elsewhere: bool = False  # acknowledged for another subscription
    later: tuple[Later, ...] = ()
    corrected: str = ""  # what we had told wrongly, in a sentence
    akin: str = ""  # which earlier Change may speak of the same act
    told_at: datetime | None = None  # when it was posted, of an alert that is rewritten
    answer_by: datetime | None = None  # until when somebody is to acknowledge it

    @property
    def value(self) -> str:
        return f"{self.change.id}:{self.subscription}"
