"""Dates ahead as iCalendar text (RFC 5545): whole days, stable identities, a sequence that grows. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

from bot.messages.clean import clean
from bot.model import Ahead, DatedQuote

PRODUCT = "-//RegWatch//Dates ahead//EN"
_KINDS = {
    "effective": "In force", "deadline": "Deadline", "transition_end": "Transition ends", "expires": "Expires",
    "review_due": "Review due",
}  # fmt: skip


def calendar(
    ahead: Sequence[Ahead],
    *,
    roots: Mapping[int, int],
    links: Mapping[int, str],
    sources: Mapping[int, str],
    stated: Mapping[int, Sequence[DatedQuote]] = MappingProxyType({}),
    name: str = "RegWatch",
) -> str:
    """One VEVENT for each date; lines end in CRLF.

    `roots`: the first Change of the act that a Change speaks of, `links`: where to read on, `sources`: the source's own
    address, `stated`: all dates that it states, those that are over as well; all by Change. What identifies an entry is
    the act, the kind of date and its rank among all of its kind, so that a client moves the entry when the date moves,
    and keeps it when an earlier one is over; the Change that states it is the sequence, and only grows.
    """
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", clean(name))
    made.add("refresh-interval;value=duration", "PT12H")
    days: defaultdict[tuple[int, str], set[date]] = defaultdict(set)
    for one in ahead:
        every = (one.dated, *stated.get(one.change, ()))
        days[roots.get(one.change, one.change), one.dated.kind] |= {d.date for d in every if d.kind == one.dated.kind}
    for one in sorted(ahead, key=lambda one: (one.dated.date, one.dated.kind, one.change)):
        root = roots.get(one.change, one.change)
        rank = 1 + sum(day < one.dated.date for day in days[root, one.dated.kind])
        made.add_component(_entry(one, root=root, rank=rank, links=links, sources=sources))
    return str(made.to_ical().decode("utf-8"))


def _entry(one: Ahead, *, root: int, rank: int, links: Mapping[int, str], sources: Mapping[int, str]):  # type: ignore[no-untyped-def]
    from icalendar import Event

    kind = _KINDS.get(one.dated.kind, one.dated.kind)
    place = f" ({', '.join(one.jurisdictions)})" if one.jurisdictions else ""
    unsure = "Not certain: " if one.verdict != "relevant" else ""
    made = Event()
    made.add("uid", f"change-{root}-{one.dated.kind}{f'-{rank}' if rank > 1 else ''}@regwatch")
    made.add("dtstamp", one.seen)
    made.add("last-modified", one.seen)
    made.add("sequence", one.change - root)
    made.add("dtstart", one.dated.date)
    made.add("dtend", one.dated.date + timedelta(days=1))  # the day after: the end is not included (§3.6.1)
    made.add("summary", clean(f"{unsure}{kind}: {one.headline}{place}"))
    made.add("description", "\n".join(_described(one, sources.get(one.change, ""))))
    made.add("transp", "TRANSPARENT")
    if link := links.get(one.change, ""):
        made.add("url", clean(link))
    return made


def _described(one: Ahead, source: str) -> list[str]:
    lines = [f"“{clean(one.dated.quote)}”" if one.dated.quote else ""]
    lines += [f"Source: {clean(source)}"] if source else []
    return [line for line in [*lines, "The whole day counts, where the authority is. Not legal advice."] if line]
