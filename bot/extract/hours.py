"""Hours in which an answer is empty by design. Pure."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.model import Source


def is_resting(source: Source, at: datetime) -> bool:
    """Whether `at` lies in the hours in which a source is declared to show nothing (`expect_empty`, in its zone)."""
    if not source.expect_empty or source.parent:  # the documents of a list keep no hours
        return False
    start, _, end = source.expect_empty.partition("-")
    now = at.astimezone(ZoneInfo(source.timezone)).strftime("%H:%M")
    return start <= now < end if start <= end else now >= start or now < end
