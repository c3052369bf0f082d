"""The proof of coverage as a digest prints it: how well we saw what a reader asks for (promise 9). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot.coverage import reasons
from bot.model import CAUSES, Coverage, Source, Standing


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
    left_out: str = ""  # what the reader asked to leave out, in words
    unknown: str = ""  # why nothing can be known of the period, in words: it lies before the first look, or ahead


class Gap(NamedTuple):
    """How well one jurisdiction is seen."""

    place: str
    read: int
    watched: int
    clear: bool
    unread: str = ""  # which of its sources were not read, and why


class Proof(NamedTuple):
    """How well the period was seen, in words."""

    sentence: str  # promise 9's words
    looks: str = ""
    well: str = ""  # in a sentence for an empty digest
    gaps: tuple[Gap, ...] = ()
    whole: tuple[str, ...] = ()  # jurisdictions of which every source was read
    strange: tuple[str, ...] = ()  # read well, and suspiciously quiet
    beside: int = 0  # changes of the period that were judged not relevant
    put_aside: int = 0  # … and those that a person marked so
    left_out: str = ""
    unknown: str = ""  # why nothing can be known of it; then no source is named, for none failed

    @property
    def blind(self) -> tuple[str, ...]:
        """The jurisdictions that are not clear."""
        return tuple(gap.place for gap in self.gaps if not gap.clear)


def proof(seen: Seen, names: Mapping[str, str]) -> Proof:
    """`names` are the places' names by code."""
    gaps, whole = _gaps(seen, names)
    return Proof(
        seen.sentence,
        looks=_looks(seen),
        well=_well(seen, gaps),
        gaps=gaps,
        whole=whole,
        strange=tuple(f"{one.source_id} (no change since {_day(one.last_change)})" for one in seen.coverage.quiet),
        beside=seen.beside,
        put_aside=seen.put_aside,
        left_out=seen.left_out,
        unknown=seen.unknown,
    )


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
        unread = reasons({one: dark[one] for one in own if one in dark})
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
