"""Two to five sentences on a Change, each around a quotation: nothing is said that the text does not say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.judge.case import Case
from bot.judge.folding import sentences
from bot.model import DatedQuote, Force, Quote

_LIMIT = 5
_LONG = 280  # characters of one quotation
_FORCES = {
    "modality": "The binding force changed", "negation": "The negation changed", "number": "A number changed",
    "date": "A date changed", "country": "A jurisdiction came or went",
}  # fmt: skip
_DATES = {
    "effective": "In force on {}", "deadline": "Deadline {}", "transition_end": "Transition ends {}",
    "expires": "Expires {}", "review_due": "Review due {}",
}  # fmt: skip
_EXACT = frozenset({"modality", "negation", "number"})  # forces whose words stand in the text as they are given


def summary(
    case: Case, *, quotes: Sequence[Quote], force: Sequence[Force], dates: Sequence[DatedQuote]
) -> tuple[str, ...]:
    """At most five sentences; every “quotation” in them stands in the old or the new text, up to “…” at its ends."""
    told = [*_forces(force), *_passages(case, quotes), *_dates(dates)]
    return tuple(dict.fromkeys(told))[:_LIMIT]


def _forces(force: Sequence[Force]) -> Iterator[str]:
    """What the first binding word, negation or number was and is."""
    first = next((one for one in force if one.kind in _EXACT and one.before and one.after), None)
    if first and ", " not in first.before + first.after:
        where = f" in {first.path[-1]}" if first.path else ""
        yield f"{_FORCES[first.kind]}{where}: “{first.before}” became “{first.after}”."


def _passages(case: Case, quotes: Sequence[Quote]) -> Iterator[str]:
    """The sentences that matter, old and new."""
    whole = case.document
    for quote in quotes[:3]:
        where = f" in {quote.label}" if quote.label else ""
        verb = "The text says" if whole else "It said" if quote.side == "before" else "It says now"
        yield f"{verb}{where}: “{_telling(quote)}”."


def _telling(quote: Quote) -> str:
    """The sentence of a quote in which the first span stands, cut to what fits."""
    at = quote.spans[0][0] if quote.spans else 0
    bounds = sentences(quote.text)
    low, high = next(((low, high) for low, high in bounds if low <= at < high), bounds[-1] if bounds else (0, 0))
    said = quote.text[low:high].strip()
    if len(said) <= _LONG:
        return said
    start = max(0, min(at - low - _LONG // 2, len(said) - _LONG))
    return f"{'…' if start else ''}{said[start : start + _LONG].strip()}{'…' if start + _LONG < len(said) else ''}"


def _dates(dates: Sequence[DatedQuote]) -> Iterator[str]:
    for dated in dates:
        if dated.kind in _DATES:
            yield f"{_DATES[dated.kind].format(dated.date.isoformat())}: “{_cut(dated.quote)}”."


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else text[:_LONG].rstrip() + "…"
