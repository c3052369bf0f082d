"""When a digest is due, of which week it speaks, and how that is called. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.errors import OperatorError
from bot.model import Rhythm

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def period(rhythm: Rhythm, *, now: datetime) -> tuple[datetime, datetime]:
    """The last week that is over in this rhythm: from its hour on its weekday to the same a week later, aware UTC.

    Computed from the calendar of its zone, so that there is one period a week whatever the clocks do: an hour that
    comes twice counts the first time, one that is skipped counts as the hour after it (PEP 495, fold 0).
    """
    zone = zone_of(rhythm.zone)
    day = now.astimezone(zone).date()
    day -= timedelta(days=(day.weekday() - DAYS.index(rhythm.day)) % 7)
    if _moment(day, rhythm.hour, zone) > now:
        day -= timedelta(days=7)
    return _moment(day - timedelta(days=7), rhythm.hour, zone), _moment(day, rhythm.hour, zone)


def week(text: str, *, zone: str = "UTC") -> tuple[datetime, datetime]:
    """Monday to Monday of a week such as 2026-W47 (ISO 8601), in a time zone; raises OperatorError."""
    named = re.fullmatch(r"(\d{4})-W(\d{2})", text, re.ASCII)
    try:
        monday = date.fromisocalendar(int(named[1]), int(named[2]), 1) if named else None
        if monday:
            return _moment(monday, 0, zone_of(zone)), _moment(monday + timedelta(days=7), 0, zone_of(zone))
    except (ValueError, OverflowError):
        pass
    raise OperatorError(f"{text!r} is not a week; say it like 2026-W47")


def zone_of(name: str) -> ZoneInfo:
    """The time zone of this name (IANA); raises OperatorError."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:  # KeyError: ZoneInfoNotFoundError; OSError: a folder's name
        raise OperatorError(f"{name!r} is no time zone; say one like Europe/Berlin") from error


def label(since: datetime, until: datetime, *, zone: str = "UTC") -> str:
    """The name of a period: "week 47" of about a week, else its days."""
    first, last = (moment.astimezone(zone_of(zone)).date() for moment in (since, until - timedelta(seconds=1)))
    if timedelta(days=6) <= until - since <= timedelta(days=8):
        return f"week {(first + timedelta(days=3)).isocalendar().week}"
    return f"{first.isoformat()} to {last.isoformat()}"


def _moment(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC)
