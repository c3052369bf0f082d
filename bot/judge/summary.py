"""Two to five sentences on a Change, each around a quotation: nothing is said that the text does not say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.judge.case import Case
from bot.judge.folding import sentences
from bot.judge.scoring import Sign
from bot.model import DatedQuote, Force, Quote

_FEWEST, _LIMIT = 2, 5
_TERMS = 4  # that are glossed
_TOLD = 60  # weight from which a sign is named
_ENDS = frozenset(".!?。！？…;；")
_BESIDE = 60  # characters before a year that are quoted again
_WORD = 30  # characters within which a word border is looked for
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
    case: Case,
    *,
    quotes: Sequence[Quote],
    force: Sequence[Force],
    dates: Sequence[DatedQuote],
    signs: Sequence[Sign] = (),
) -> tuple[str, ...]:
    """At most five sentences; every “quotation” in them stands in the old or the new text, up to “…” at its ends."""
    passages = [*_forces(force), *_passages(case, quotes)]
    told = tuple(dict.fromkeys([*passages, *_dates(dates, told=passages)]))
    foreign = case.language != "en" and (case.language or not all(quote.text.isascii() for quote in quotes))
    glossed = _glosses(case, quotes, signs) if foreign or len(told) < _FEWEST else ""
    return (*told[: _LIMIT - 1], glossed) if glossed else told[:_LIMIT]


def _forces(force: Sequence[Force]) -> Iterator[str]:
    """What the first binding word, negation or number was and is."""
    exact = [one for one in force if one.kind in _EXACT and (one.before or one.after)]
    first = next((one for one in exact if one.path), exact[0] if exact else None)  # a title's number comes last
    if first and ", " not in first.before + first.after:
        where = f" in {first.path[-1]}" if first.path else ""
        if first.before and first.after:
            yield f"{_FORCES[first.kind]}{where}: “{first.before}” became “{first.after}”."
        else:
            came = "came in" if first.after else "was taken out"
            yield f"{_FORCES[first.kind]}{where}: “{first.before or first.after}” {came}."


def _passages(case: Case, quotes: Sequence[Quote]) -> Iterator[str]:
    """The sentences that matter, old and new."""
    for at, quote in enumerate(quotes[:3]):
        said = _telling(quote)
        where = f" in {quote.label}" if quote.label and not said.startswith(quote.label) else ""
        yield _ended(f"{_verb(case, quotes, at)}{where}: “{said}”")


def _verb(case: Case, quotes: Sequence[Quote], at: int) -> str:
    """How a passage is introduced: both sides of an amendment as then and now, a lone side as new or gone."""
    if case.document:
        return "The text says"
    quote, ahead, behind = quotes[at], quotes[at - 1] if at else None, quotes[at + 1] if at + 1 < len(quotes) else None
    if quote.side == "before":
        return "It said" if behind and behind.side == "after" and behind.path == quote.path else "No longer there"
    return "It says now" if ahead and ahead.side == "before" and ahead.path == quote.path else "New"


def _glosses(case: Case, quotes: Sequence[Quote], signs: Sequence[Sign]) -> str:
    """The recognised terms of the quoted passages, each with what it is about in English."""
    found: dict[str, str] = {}
    for sign in signs:
        quoted = sign.term and sign.weight >= _TOLD and any(sign.quote in quote.text for quote in quotes)
        if quoted and (gloss := case.rules.gloss(sign.term, sign.topic)):
            found.setdefault(sign.quote, gloss)
    told = ", ".join(f"“{words}” ({gloss})" for words, gloss in list(found.items())[:_TERMS])
    return f"Terms recognised: {told}." if told else ""


def _telling(quote: Quote) -> str:
    """The sentence of a quote in which the first span stands, cut to what fits."""
    at = quote.spans[0][0] if quote.spans else 0
    bounds = sentences(quote.text)
    low, high = next(((low, high) for low, high in bounds if low <= at < high), bounds[-1] if bounds else (0, 0))
    said = quote.text[low:high].strip()
    if len(said) <= _LONG:
        return said
    start = max(0, min(at - low - _LONG // 2, len(said) - _LONG))
    return _stretch(said, start, start + _LONG)


def _stretch(text: str, low: int, high: int) -> str:
    """A part of a text between word borders, with … where it was cut."""
    if low > 0:
        low = text.find(" ", low, low + _WORD) + 1 or low
    if high < len(text):
        space = text.rfind(" ", max(0, high - _WORD), high)
        high = space if space > low else high
    return f"{'…' if low > 0 else ''}{text[max(0, low) : high].strip()}{'…' if high < len(text) else ''}"


def _dates(dates: Sequence[DatedQuote], *, told: Sequence[str]) -> Iterator[str]:
    """Each day with its words; of a sentence that was quoted before only those around the day."""
    for dated in dates:
        if dated.kind in _DATES:
            again = any(dated.quote[:_BESIDE] in sentence for sentence in told)
            said = _around(dated) if again else _cut(dated.quote)
            yield _ended(f"{_DATES[dated.kind].format(dated.date.isoformat())}: “{said}”")


def _around(dated: DatedQuote) -> str:
    """The words around the year of a day, where it is written in plain figures; else all of them."""
    text, at = dated.quote, dated.quote.find(str(dated.date.year))
    if at < 0 or len(text) <= 2 * _BESIDE:
        return _cut(text)
    return _stretch(text, at - _BESIDE, at + _BESIDE // 2)


def _ended(sentence: str) -> str:
    """With one mark at its end: that of the quotation, where it has one."""
    return sentence if sentence[-2:-1] in _ENDS else f"{sentence}."


def _cut(text: str) -> str:
    return _stretch(text, 0, _LONG)
