"""What a digest says: which findings of a period, in which order, in how many words, with the proof of coverage. Pure.

A digest is read in two minutes: counts, what needs action and the dates ahead come first and stay under 400 words
however much happened; an entry has at most 60 words; of a long section the first ten are shown, the others linked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.errors import OperatorError
from bot.model import CAUSES, SEVERITIES, Ahead, Coverage, DatedQuote, Force, Rhythm, Run, Source, Standing

Line = tuple[Run, ...]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKS = 12  # of the table of changes
OPENING = 360  # words of the act part and the dates ahead together; 400 with their headings and links
PER_ENTRY = 60  # words
PER_SECTION = 10  # entries
BRIEF = 20  # words of an entry for which there is no room
DATES_SHOWN = 8
ROWS = 15  # jurisdictions in the table
_WORD = re.compile(r"\S+")
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\u0e00-\u0eff]")  # written without spaces
_DATE_KINDS = {
    "effective": "in force", "deadline": "deadline", "transition_end": "end of transition", "expires": "expires",
    "review_due": "review due",
}  # fmt: skip
_FORCES = {
    "modality": "Binding word", "number": "Number", "date": "Date", "negation": "Negation", "country": "Jurisdiction",
    "duty": "Duty", "link": "Link",
}  # fmt: skip

# ------------------------------------------------------------------------------------------------ periods


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


# ------------------------------------------------------------------------------------------------ what it is made of


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one Change, or of one act that several Changes speak of."""

    change: int
    at: datetime
    headline: str
    verdict: str
    severity: str
    rule: str  # which part of the rule gave the severity
    source: str  # title of the source
    url: str = ""  # the source's own address
    page: str = ""  # our page of it
    jurisdictions: tuple[str, ...] = ()
    corridors: tuple[tuple[str, str], ...] = ()
    stage: str = ""
    binding: str = ""
    force: tuple[Force, ...] = ()
    quote: str = ""
    dates: tuple[DatedQuote, ...] = ()
    status: str = ""  # who has acknowledged it, or for how long it is open
    also: tuple[str, ...] = ()  # other sources that speak of the same act
    inside: bool = True  # the footprint
    there: bool = False  # was there when we began to watch


class Shown(NamedTuple):
    """One entry as it is shown, in at most so many words."""

    headline: str
    page: str
    lines: tuple[Line, ...] = ()
    links: tuple[tuple[str, str], ...] = ()  # (what, address)


class Dated(NamedTuple):
    """A date ahead in a line, and where to read on."""

    line: Line
    page: str = ""


class Section(NamedTuple):
    """Entries under one title; `more` are not shown and lie behind the link."""

    title: str
    shown: tuple[Shown, ...] = ()
    more: int = 0


class Gap(NamedTuple):
    """How well one jurisdiction is seen."""

    place: str
    read: int
    watched: int
    clear: bool
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """A digest in words, before it is put into the form of its channel."""

    since: datetime
    until: datetime
    zone: str
    label: str
    counts: tuple[int, int, int, int]  # act, plan, know, blind
    review_count: int
    act: Section
    dates: tuple[Dated, ...]
    dates_more: int
    sections: tuple[Section, ...]
    review: Section
    outside: Section
    there: Section
    corrections: tuple[Shown, ...]
    table: tuple[tuple[str, tuple[int, ...]], ...]
    weeks: tuple[date, ...]
    sentence: str  # promise 9's words
    looks: str
    well: str  # how well all was seen, in a sentence for an empty digest
    gaps: tuple[Gap, ...]
    whole: tuple[str, ...]  # jurisdictions of which every source was read
    strange: tuple[str, ...]  # read well, and suspiciously quiet
    beside: int = 0  # changes of the period that were judged not relevant
    put_aside: int = 0  # … and those that a person marked so
    left_out: str = ""
    more_link: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing happened that this reader asked for."""
        told = (self.act, *self.sections, self.review, self.outside)
        return not any(section.shown or section.more for section in told) and not self.corrections

    @property
    def blind(self) -> tuple[str, ...]:
        return tuple(gap.place for gap in self.gaps if not gap.clear)


@dataclass(frozen=True, slots=True)
class Seen:
    """How well we saw what a reader asks for: the proof that silence is silence (promise 9)."""

    coverage: Coverage
    sources: tuple[Source, ...]  # that are concerned, also those that are off
    sentence: str
    looks: int = 0
    failures: int = 0
    beside: int = 0  # changes that were judged not relevant
    put_aside: int = 0  # changes that a person marked not relevant
    muted: tuple[str, ...] = ()
    lag: str = ""  # how long after the publisher's date we saw what was dated, in words
    holes: tuple[tuple[str, str], ...] = ()  # (source, why and from when to when) that was read again by the end
    resting: tuple[str, ...] = ()  # sources without a look in the period, which were read before and not long ago
    chain: str = ""  # the ledger's last entry and its hash: what an export can be held against later


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
    left_out: str = "",
    more_link: str = "",
    room: Room = Room(),
) -> Contents:
    """Put a period in order.

    `now` is when it is composed: days are counted from there. `names` are the places' names by code, `pages` where to
    read on about a Change; `corrections` come with their story as `rule`.
    """
    today = now.astimezone(zone_of(zone)).date()
    news = sorted((one for one in entries if not one.there), key=_rank)
    sure = [one for one in news if one.verdict == "relevant" and one.inside]
    act = [one for one in sure if one.severity == "act"]
    dates = tuple(Dated(_dated(one, today, names), pages.get(one.change, "")) for one in ahead[:DATES_SHOWN])
    spent = sum(count(run.text) for one in dates for run in one.line) + len(dates)
    opening = _opening(act, today, words=OPENING - spent)
    sections = _sections([one for one in sure if one.severity != "act"], today, names=names, room=room)
    gaps, whole = _gaps(seen, names)
    counts = [sum(one.severity == level for one in sure) for level in reversed(SEVERITIES)]
    return Contents(
        since=since,
        until=until,
        zone=zone,
        label=label(since, until, zone=zone),
        counts=(counts[0], counts[1], counts[2], sum(not gap.clear for gap in gaps)),
        review_count=sum(one.verdict == "uncertain" for one in news),
        act=opening,
        dates=dates,
        dates_more=max(0, len(ahead) - DATES_SHOWN),
        sections=sections,
        review=_brief("For review: we are not certain", [one for one in news if one.verdict == "uncertain"], today),
        outside=_brief("Outside your footprint", [e for e in news if e.verdict == "relevant" and not e.inside], today),
        there=_brief("Already there when we began to watch", [one for one in entries if one.there], today),
        corrections=tuple(_corrected(one) for one in corrections[:PER_SECTION]),
        table=_table(weekly, until, names),
        weeks=_weeks(until),
        sentence=seen.sentence,
        looks=_looks(seen),
        well=_well(seen, gaps),
        gaps=gaps,
        whole=whole,
        strange=tuple(f"{one.source_id} (no change since {_day(one.last_change)})" for one in seen.coverage.quiet),
        beside=seen.beside,
        put_aside=seen.put_aside,
        left_out=left_out,
        more_link=more_link,
    )


def _rank(entry: Entry) -> tuple[int, date, float]:
    """What is more urgent comes first, then what is due sooner, then what is newer."""
    soonest = min((one.date for one in entry.dates), default=date.max)
    return -SEVERITIES.index(entry.severity), soonest, -entry.at.timestamp()


# ------------------------------------------------------------------------------------------------ sections


def _opening(act: Sequence[Entry], today: date, *, words: int) -> Section:
    """What needs action: in full while there is room, then the headlines, then how many more."""
    shown: list[Shown] = []
    for entry in act[:PER_SECTION]:
        whole = show(entry, today, words=PER_ENTRY)
        made = whole if _size(whole) <= words else show(entry, today, words=BRIEF)
        if _size(made) > words:
            break
        shown.append(made)
        words -= _size(made)
    return Section("Needs action", tuple(shown), len(act) - len(shown))


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


# ------------------------------------------------------------------------------------------------ entries


def show(entry: Entry, today: date, *, words: int = PER_ENTRY) -> Shown:
    """An entry in at most so many words: the headline, what to do, what gained or lost force, then its own words."""
    links = _links(entry)
    headline = cut(entry.headline, min(18, words // 2 + 4))
    left = words - count(headline) - sum(count(what) + 1 for what, _ in links) - (1 if entry.page else 0)
    lines: list[Line] = []
    for line in _lines(entry, today, brief=words <= BRIEF):
        if left < (8 if line[0].text == "“" else 3):  # a few words of a quotation say nothing
            break
        fitting = _fitted(line, left)
        lines.append(fitting)
        left -= sum(count(run.text) for run in fitting)
    return Shown(headline, entry.page, tuple(lines), links)


def _lines(entry: Entry, today: date, *, brief: bool) -> Iterator[Line]:
    """What can be said of it, the more important first."""
    level = entry.severity if entry.verdict == "relevant" else "for review"
    facts = [entry.rule] if entry.rule and entry.verdict == "relevant" else []
    if entry.stage and entry.stage not in entry.rule:
        facts.append(entry.stage.replace("_", " "))
    if entry.binding:
        facts.append(entry.binding)
    yield (Run(level.upper(), "strong"), Run(": " + " · ".join(facts) if facts else ""))
    if entry.status:
        yield (Run(entry.status, "dim"),)
    if brief:
        return
    for dated in [one for one in entry.dates if one.kind in _DATE_KINDS and one.date.isoformat() not in entry.rule][:2]:
        yield (Run(f"{_DATE_KINDS[dated.kind]}: {dated.date.isoformat()}{_days(dated.date, today)}"),)
    for force in entry.force[:1]:
        yield tuple(_was_and_now(force))
    if entry.also:
        yield (Run("Also at: " + ", ".join(entry.also[:2]), "dim"),)
    if entry.quote:
        yield (Run("“"), Run(entry.quote), Run("”"))


def _links(entry: Entry) -> tuple[tuple[str, str], ...]:
    name = cut(entry.source, 6) or "the source"
    return ((f"Source: {name}", entry.url),) if entry.url.startswith(("https://", "http://")) else ()


def _dated(one: Ahead, today: date, names: Mapping[str, str]) -> Line:
    """One date ahead in a line: when, what, how soon, of which act and where."""
    where = f" ({names.get(one.jurisdictions[0], one.jurisdictions[0])})" if one.jurisdictions else ""
    unsure = ", not certain" if one.verdict != "relevant" else ""
    what = f"{_DATE_KINDS.get(one.dated.kind, one.dated.kind)}{_days(one.dated.date, today)}{unsure}: "
    return Run(f"{one.dated.date.isoformat()} ", "strong"), Run(what), Run(cut(one.headline, 9) + where)


def _was_and_now(force: Force) -> Iterator[Run]:
    """What gained or lost force, in words that need no colour; what only came or only went is said so."""
    yield Run(f"{_FORCES.get(force.kind, 'Words')}. ")
    was, now = cut(force.before, 8), cut(force.after, 8)
    if was:
        yield from (Run("Was: ", "strong"), Run(was, "del"), Run(". "))
    yield Run("Now: " if was and now else "New: " if now else "No longer there", "strong")
    if now:
        yield Run(now, "ins")


def _days(day: date, today: date) -> str:
    left = (day - today).days
    if left < 0:
        return ""
    return " (today)" if not left else f" (in {left} day{'s' * (left != 1)})"


def _corrected(entry: Entry) -> Shown:
    return Shown(cut(entry.headline, 18), entry.page, ((Run(entry.rule),),), _links(entry))


# ------------------------------------------------------------------------------------------------ counting words


def count(text: str) -> int:
    """How many words a text has; two characters of a script without spaces count as one."""
    wide = len(_WIDE.findall(text))
    return (wide + 1) // 2 + len(_WORD.findall(_WIDE.sub(" ", text) if wide else text))


def cut(text: str, words: int) -> str:
    """The text in at most so many words, with … where it was cut."""
    if count(text) <= words:
        return text
    low, high = 0, len(text)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count(text[:middle]) <= words else (low, middle - 1)
    head = text[:low]
    if low < len(text) and not text[low].isspace() and not _WIDE.match(text[low]) and " " in head:
        head = head.rpartition(" ")[0]
    return head.rstrip(" ,;:·") + "…" if words > 0 else ""


def _fitted(line: Line, words: int) -> Line:
    """A line in at most so many words: its longest run is cut."""
    over = sum(count(run.text) for run in line) - words
    if over <= 0:
        return line
    longest = max(range(len(line)), key=lambda i: count(line[i].text))
    kept = max(0, count(line[longest].text) - over)
    return tuple(run._replace(text=cut(run.text, kept)) if i == longest else run for i, run in enumerate(line))


def _size(shown: Shown) -> int:
    """Words of an entry as it is printed: an address is a word."""
    own = count(shown.headline) + (1 if shown.page else 0)
    lines = sum(count(run.text) for line in shown.lines for run in line)
    return own + lines + sum(count(what) + 1 for what, _ in shown.links)


# ------------------------------------------------------------------------------------------------ the proof


def _looks(seen: Seen) -> str:
    failed = f", of which {seen.failures} could not be read" if seen.failures else ", all of which could be read"
    lag = f" In the last 30 days {seen.lag}." if seen.lag else ""
    muted = f" Muted by you: {', '.join(seen.muted)}." if seen.muted else ""
    chain = f" {seen.chain}." if seen.chain else ""
    looks = f"{seen.looks} look{'s' * (seen.looks != 1)} in this period{failed if seen.looks else ''}."
    return f"{looks}{lag}{muted}{chain}"


def _well(seen: Seen, gaps: Sequence[Gap]) -> str:
    """How well the period was seen; that all was read is said only where no look failed and none was left out."""
    if gaps:
        return "Where sources could not be read, this says nothing; they are named below."
    if not seen.looks:
        return "Nothing was looked at in this period."
    if seen.failures:
        return f"{seen.failures} of {seen.looks} looks could not be read; no source was unread for long."
    if seen.resting:
        return "Some sources had no look in this period; they are named below."
    return "Every source could be read."


def _gaps(seen: Seen, names: Mapping[str, str]) -> tuple[tuple[Gap, ...], tuple[str, ...]]:
    """Jurisdictions that are not wholly seen, those that are not clear first; and the names of the others."""
    dark = {one.source_id: _dark(one) for one in (*seen.coverage.failing, *seen.coverage.blocked, *seen.coverage.stale)}
    dark |= {one: "never read yet" for one in seen.coverage.unproven if one not in dark}
    dark |= {one: f"off: {reason}" for one, reason in seen.coverage.off}
    dark |= {one: f"for a time: {why}" for one, why in seen.holes if one not in dark}
    dark |= {one: "muted by you" for one in seen.muted if one not in dark}
    read, watched = set(seen.coverage.read), set(seen.coverage.watched)
    found = []
    for place in sorted({source.jurisdiction for source in seen.sources}):
        own = [source.id for source in seen.sources if source.jurisdiction == place]
        unread = tuple(f"{one} ({dark[one]})" for one in own if one in dark)
        clear = place not in seen.coverage.blind
        numbers = sum(one in read for one in own), sum(one in watched for one in own)
        found.append(Gap(names.get(place, place) or "No jurisdiction", *numbers, clear, unread))
    resting = {names.get(one.jurisdiction, one.jurisdiction) for one in seen.sources if one.id in seen.resting}
    whole = tuple(gap.place for gap in found if gap.clear and not gap.unread and gap.place not in resting)
    return tuple(sorted((gap for gap in found if gap.unread or not gap.clear), key=lambda gap: gap.clear)), whole


def _dark(standing: Standing) -> str:
    why = CAUSES.get(standing.cause) or standing.cause or "no look in time"
    when = standing.failing_since or standing.last_good
    return f"{why}, {f'since {_day(when)}' if when else 'never read'}"


def _day(when: datetime | None) -> str:
    return f"{when:%Y-%m-%d}" if when else "the beginning"


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


def folded(entries: Iterable[Entry], events: Mapping[int, int]) -> list[Entry]:
    """One entry per act: what several sources say of it is one entry, with the others named. `events` by Change."""
    found: dict[int, Entry] = {}
    for entry in sorted(entries, key=_rank):
        key = -events[entry.change] if events.get(entry.change) else entry.change
        first = found.get(key)
        if first is None:
            found[key] = entry
        elif entry.source not in (first.source, *first.also):
            found[key] = replace(first, also=(*first.also, entry.source))
    return list(found.values())
