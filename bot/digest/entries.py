"""What is said of one Change, or of one act, in so many words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from bot.digest.words import count, cut
from bot.model import SEVERITIES, Ahead, DatedQuote, Force, Run

Line = tuple[Run, ...]

PER_ENTRY = 60  # words
BRIEF = 20  # words of an entry for which there is no room
HEADLINE = 18  # words of it at most
NAMING = 2  # words that name a Change: "Change 12"
_DATE_KINDS = {
    "effective": "in force", "deadline": "deadline", "transition_end": "end of transition", "expires": "expires",
    "review_due": "review due",
}  # fmt: skip
_FORCES = {
    "modality": "Binding word", "number": "Number", "date": "Date", "negation": "Negation", "country": "Jurisdiction",
    "duty": "Duty", "link": "Link", "exemption": "Exemption", "reference": "Reference",
    "suspension": "Suspension or ban ended", "ban": "Suspended or banned",
}  # fmt: skip


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
    published: str = ""  # the day that the list which announced it gave, ISO


class Shown(NamedTuple):
    """One entry as it is shown, in at most so many words."""

    headline: str
    page: str
    lines: tuple[Line, ...] = ()
    links: tuple[tuple[str, str], ...] = ()  # (what, address)
    change: int = 0  # what a reader types who has no page to open; 0 where there is one


class Dated(NamedTuple):
    """A date ahead in a line, and where to read on."""

    line: Line
    page: str = ""


def rank(entry: Entry) -> tuple[int, date, float]:
    """What is more urgent comes first, then what is due sooner, then what is newer.

    What needs action without a date, as a route that is struck down, is due at once.
    """
    soonest = min((one.date for one in entry.dates), default=date.min if entry.severity == "act" else date.max)
    return -SEVERITIES.index(entry.severity), soonest, -entry.at.timestamp()


def folded(entries: Iterable[Entry], events: Mapping[int, int]) -> list[Entry]:
    """One entry per act: what several sources say of it is one entry, with the others named. `events` by Change."""
    found: dict[int, Entry] = {}
    for entry in sorted(entries, key=rank):
        key = -events[entry.change] if events.get(entry.change) else entry.change
        first = found.get(key)
        if first is None:
            found[key] = entry
        elif entry.source not in (first.source, *first.also):
            found[key] = replace(first, also=(*first.also, entry.source))
    return list(found.values())


def show(entry: Entry, today: date, *, words: int = PER_ENTRY) -> Shown:
    """An entry in at most so many words: the headline, what to do, what gained or lost force, then its own words."""
    links, brief = _links(entry), words <= BRIEF
    words -= sum(count(what) + 1 for what, _ in links) + (1 if entry.page else NAMING)
    headline = cut(entry.headline, min(HEADLINE, words))
    left = words - count(headline)
    lines: list[Line] = []
    for line in _lines(entry, today, brief=brief):
        if left < (8 if line[0].text == "“" else 3):  # a few words of a quotation say nothing
            break
        fitting = _fitted(line, left)
        lines.append(fitting)
        left -= sum(count(run.text) for run in fitting)
    return Shown(headline, entry.page, tuple(lines), links, _number(entry))


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
    if entry.published:
        yield (Run(f"Published {entry.published} (by the list)", "dim"),)
    for force in entry.force[:1]:
        yield tuple(_was_and_now(force))
    if entry.also:
        yield (Run("Also at: " + ", ".join(entry.also[:2]), "dim"),)
    if entry.quote and entry.quote not in entry.headline:
        yield (Run("“"), Run(entry.quote), Run("”"))


def _links(entry: Entry) -> tuple[tuple[str, str], ...]:
    """The way to the source, by its title where the headline does not say that."""
    name = "Source" if entry.source in entry.headline else f"Source: {cut(entry.source, 6)}"
    return ((name, entry.url),) if entry.url.startswith(("https://", "http://")) else ()


def dated_line(one: Ahead, today: date, names: Mapping[str, str]) -> Line:
    """One date ahead in a line: when, what, how soon, of which act and where."""
    where = f" ({names.get(one.jurisdictions[0], one.jurisdictions[0])})" if one.jurisdictions else ""
    unsure = ", not certain" if one.verdict != "relevant" else ""
    what = f"{_DATE_KINDS.get(one.dated.kind, one.dated.kind)}{_days(one.dated.date, today)}{unsure}: "
    return Run(f"{one.dated.date.isoformat()} ", "strong"), Run(what), Run(cut(one.headline, 12) + where)


def _was_and_now(force: Force) -> Iterator[Run]:
    """What gained or lost force, in words that need no colour; what only came or only went is said so."""
    yield Run(f"{_FORCES.get(force.kind, 'Words')}. ")
    was, now = cut(force.before, 8), cut(force.after, 8)
    if was:
        yield from (Run("Was: ", "strong"), Run(was, "del"), Run(". "))
    yield Run("Now: " if was and now else "New: " if now else "No longer says that", "strong")
    if now:
        yield Run(now, "ins")


def _days(day: date, today: date) -> str:
    left = (day - today).days
    if left < 0:
        return ""
    return " (today)" if not left else f" (in {left} day{'s' * (left != 1)})"


def corrected(entry: Entry) -> Shown:
    return Shown(cut(entry.headline, 18), entry.page, ((Run(entry.rule),),), _links(entry), _number(entry))


def _number(entry: Entry) -> int:
    """The Change's number where no page bears it."""
    return 0 if entry.page else entry.change


def _fitted(line: Line, words: int) -> Line:
    """A line in at most so many words: its longest run is cut."""
    over = sum(count(run.text) for run in line) - words
    if over <= 0:
        return line
    longest = max(range(len(line)), key=lambda i: count(line[i].text))
    kept = max(0, count(line[longest].text) - over)
    return tuple(run._replace(text=cut(run.text, kept)) if i == longest else run for i, run in enumerate(line))


def size(shown: Shown) -> int:
    """Words of an entry as it is printed: an address is a word."""
    own = count(shown.headline) + (1 if shown.page else NAMING if shown.change else 0)
    lines = sum(count(run.text) for line in shown.lines for run in line)
    return own + lines + sum(count(what) + 1 for what, _ in shown.links)
