"""A digest put in order: what needs action and the dates ahead first, then by corridor and place. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bot.digest.entries import BRIEF, PER_ENTRY, Dated, Entry, Shown, corrected, dated_line, rank, show, size
from bot.digest.periods import label, zone_of
from bot.digest.proof import Proof, Seen, proof
from bot.digest.words import count
from bot.model import SEVERITIES, Ahead

WEEKS = 12  # of the table of changes
OPENING = 360  # words of the act part and the dates ahead together; 400 with their headings and links
PER_SECTION = 10  # entries
CONTINUED = 40  # entries to act on for which the opening has no room
DATES_SHOWN = 8
ROWS = 15  # jurisdictions in the table


class Section(NamedTuple):
    """Entries under one title; `more` are not shown and lie behind the link, `below` stand further down."""

    title: str
    shown: tuple[Shown, ...] = ()
    more: int = 0
    below: int = 0


@dataclass(frozen=True, slots=True)
class Contents:
    """A digest in words, before it is put into the form of its channel."""

    since: datetime
    until: datetime
    zone: str
    levels: tuple[int, int, int]  # how many to act on, to plan for, to know
    act: Section
    dates: tuple[Dated, ...]
    dates_more: int
    sections: tuple[Section, ...]
    review: Section
    outside: Section
    there: Section
    corrections: tuple[Shown, ...]
    table: tuple[tuple[str, tuple[int, ...]], ...]
    proof: Proof
    more_link: str = ""

    @property
    def label(self) -> str:
        """What the period is called."""
        return label(self.since, self.until, zone=self.zone)

    @property
    def weeks(self) -> tuple[date, ...]:
        """The Mondays of the table's columns."""
        return _weeks(self.until)

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Act, plan, know, and jurisdictions that are not clear."""
        return (*self.levels, len(self.proof.blind))

    @property
    def review_count(self) -> int:
        return len(self.review.shown) + self.review.more

    @property
    def empty(self) -> bool:
        """Whether nothing happened that this reader asked for."""
        told = (self.act, *self.sections, self.review, self.outside)
        return not any(section.shown or section.more for section in told) and not self.corrections


class Room(NamedTuple):
    """How many entries a digest may hold in full, and how many at all beside those to act on."""

    full: int = 30
    all: int = 80


def contents(
    entries: Sequence[Entry],
    *,
    since: datetime,
    until: datetime,
    now: datetime,
    zone: str,
    ahead: Sequence[Ahead],
    seen: Seen,
    weekly: Mapping[str, Mapping[date, int]],
    names: Mapping[str, str],
    pages: Mapping[int, str],
    corrections: Sequence[Entry] = (),
    more_link: str = "",
    room: Room = Room(),
) -> Contents:
    """Put a period in order.

    `now` is when it is composed: days are counted from there. `names` are the places' names by code, `pages` where to
    read on about a Change; `corrections` come with their story as `rule`.
    """
    today = now.astimezone(zone_of(zone)).date()
    news = sorted((one for one in entries if not one.there), key=rank)
    sure = [one for one in news if one.verdict == "relevant" and one.inside]
    outside = [one for one in news if one.verdict == "relevant" and not one.inside]
    dates = tuple(Dated(dated_line(one, today, names), pages.get(one.change, "")) for one in ahead[:DATES_SHOWN])
    spent = sum(count(run.text) for one in dates for run in one.line) + len(dates)
    act = [one for one in sure if one.severity == "act"]
    opening = _opening(act, today, words=OPENING - spent)
    others = [one for one in sure if one.severity != "act"]
    return Contents(
        *(since, until, zone, _levels(sure)),
        act=opening,
        dates=dates,
        dates_more=max(0, len(ahead) - DATES_SHOWN),
        sections=(*_continued(act[len(opening.shown) :], today), *_sections(others, today, names=names, room=room)),
        review=_brief("For review: we are not certain", [one for one in news if one.verdict == "uncertain"], today),
        outside=_brief("Outside your footprint", outside, today),
        there=_brief("Already there when we began to watch", [one for one in entries if one.there], today),
        corrections=tuple(corrected(one) for one in corrections[:PER_SECTION]),
        table=_table(weekly, until, names),
        proof=proof(seen, names),
        more_link=more_link,
    )


def _levels(sure: Sequence[Entry]) -> tuple[int, int, int]:
    know, plan, act = (sum(one.severity == level for one in sure) for level in SEVERITIES)
    return act, plan, know


def _opening(act: Sequence[Entry], today: date, *, words: int) -> Section:
    """What needs action: in full while there is room, then the headlines, then how many stand below."""
    shown: list[Shown] = []
    for entry in act[:PER_SECTION]:
        whole = show(entry, today, words=PER_ENTRY)
        made = whole if size(whole) <= words else show(entry, today, words=BRIEF)
        if size(made) > words:
            break
        shown.append(made)
        words -= size(made)
    return Section("Needs action", tuple(shown), below=len(act) - len(shown))


def _continued(act: Sequence[Entry], today: date) -> tuple[Section, ...]:
    """What needs action and had no room at the top, each in a few words: nobody should miss one."""
    shown = tuple(show(one, today, words=BRIEF) for one in act[:CONTINUED])
    return (Section("Also needs action", shown, len(act) - len(shown)),) if act else ()


def _sections(entries: Sequence[Entry], today: date, *, names: Mapping[str, str], room: Room) -> tuple[Section, ...]:
    """By corridor, or by jurisdiction where the text names none; the fullest titles come as their first entry does."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(_place(entry, names), []).append(entry)
    found, full, left = [], room.full, room.all
    for title, group in groups.items():
        chosen = group[: min(PER_SECTION, left)]
        shown = [show(entry, today, words=PER_ENTRY if i < full else BRIEF) for i, entry in enumerate(chosen)]
        found.append(Section(title, tuple(shown), len(group) - len(shown)))
        full, left = max(0, full - len(shown)), left - len(shown)
    told = [section for section in found if section.shown]
    untold = sum(section.more for section in found if not section.shown)
    return (*told, Section("Elsewhere", (), untold)) if untold else tuple(told)


def _brief(title: str, entries: Sequence[Entry], today: date) -> Section:
    shown = tuple(show(entry, today, words=BRIEF) for entry in entries[:PER_SECTION])
    return Section(title, shown, len(entries) - len(shown))


def _place(entry: Entry, names: Mapping[str, str]) -> str:
    if entry.corridors:
        start, end = ("anywhere" if code == "*" else names.get(code, code) for code in entry.corridors[0])
        return f"{start} → {end}"
    if entry.jurisdictions:
        return names.get(entry.jurisdictions[0], entry.jurisdictions[0])
    return "No jurisdiction named"


def _weeks(until: datetime) -> tuple[date, ...]:
    """The Mondays of the last weeks, oldest first; the last is the week in which most of the period lies."""
    last = (until - timedelta(days=3, hours=12)).date()
    monday = last - timedelta(days=last.weekday())
    return tuple(monday - timedelta(weeks=back) for back in reversed(range(WEEKS)))


def _table(
    weekly: Mapping[str, Mapping[date, int]], until: datetime, names: Mapping[str, str]
) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Changes per jurisdiction and week, those with most first; of many the others in one row."""
    weeks = _weeks(until)
    rows = [(names.get(place, place), tuple(of.get(monday, 0) for monday in weeks)) for place, of in weekly.items()]
    rows = sorted((row for row in rows if any(row[1])), key=lambda row: (-sum(row[1]), row[0]))
    others = [row for _, row in rows[ROWS:]]
    summed = tuple(map(sum, zip(*others, strict=True)))
    return (*rows[:ROWS], (f"{len(others)} others", summed)) if others else tuple(rows)
