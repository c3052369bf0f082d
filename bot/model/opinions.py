"""A change is a fact; a finding is an opinion on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from bot.model.comparing import Edit


@dataclass(frozen=True, slots=True)
class Version:
    """What a snapshot says. `before` and `after` of a Change are Versions."""

    id: int
    source_id: str
    at: datetime
    snapshot: int
    fingerprint: str
    language: str = ""
    title: str = ""
    provenance: str = ""  # one of PROVENANCES


@dataclass(frozen=True, slots=True)
class Change:
    """A fact: these Edits lie between two Versions. `before` is None for a baseline or a new document.

    cause: source, baseline, new, edition, extractor, gone. Edits of a baseline or a new document are not stored:
    they are one insert (or new) for every block.
    """

    id: int
    source_id: str
    at: datetime
    cause: str
    before: Version | None
    after: Version | None
    edits: tuple[Edit, ...]
    missed: bool = False
    announced_by: int = 0  # the list Change that announced this document
    late: bool = False  # history that was brought in after later Versions: nobody is alerted


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage of the old or the new text, with the spans that matter. `side`: before or after."""

    side: str
    text: str
    spans: tuple[tuple[int, int], ...] = ()
    path: tuple[str, ...] = ()
    label: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class DatedQuote:
    """A date the text itself gives. kind: one of DATE_KINDS."""

    kind: str
    date: date
    quote: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the judge leaned one way: a matched span with its weight in hundredths of log-odds."""

    what: str
    weight: int
    where: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Force:
    """What gained or lost force: kind is ban (a stop that begins), suspension (one that ends), modality, number, date,
    negation, country, exemption, duty, reference or link.
    """

    kind: str
    before: str
    after: str
    path: tuple[str, ...] = ()


class Stated(NamedTuple):
    """An attribute with the words that state it. kind: bound, data, sector, stage, corridor or act."""

    kind: str
    value: str
    quote: str


@dataclass(frozen=True, slots=True)
class Part:
    """What one of several items of a Change states alone: its title, and attributes as in a Finding."""

    title: str
    topics: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    corridors: tuple[tuple[str, str], ...] = ()
    bound: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    stage: str = ""
    dates: tuple[DatedQuote, ...] = ()
    force: tuple[Force, ...] = ()
    reporter: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """An opinion on a Change. An attribute that the text does not state is empty, never guessed."""

    change: int
    at: datetime
    ruleset: str
    verdict: str
    score: int  # log-odds in hundredths
    headline: str
    sentences: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    quotes: tuple[Quote, ...] = ()
    force: tuple[Force, ...] = ()
    topics: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    corridors: tuple[tuple[str, str], ...] = ()
    bound: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    stage: str = ""
    dates: tuple[DatedQuote, ...] = ()
    unread: tuple[str, ...] = ()  # what could not be read, in words
    id: int = 0
    stated: tuple[Stated, ...] = ()  # the quotes behind bound, data, sectors, stage, corridors and acts
    acts: tuple[str, ...] = ()  # identifiers of the acts it speaks of: "celex:32016R0679", "fr:2024-31486", …
    reporter: str = ""  # the jurisdiction whose authority only reports on the rules of others
    parts: tuple[Part, ...] = ()  # each of several items that speak, the telling ones first; of one alone: none
