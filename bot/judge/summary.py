"""Two to five sentences on a Change, each around a quotation: nothing is said that the text does not say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from bot.judge.case import Case
from bot.judge.force import unbroken, whole
from bot.judge.scoring import Sign
from bot.model import DatedQuote, Force, Quote

_FEWEST, _LIMIT = 2, 5
_TERMS = 4  # that are glossed
_TOLD = 60  # weight from which a sign is named
_ENDS = frozenset(".!?。！？…;；")
_BESIDE = 60  # characters before a year that are quoted again
_WORD = 30  # characters within which a word border is looked for
_CURT = 12  # characters of a sentence that is told with the next
_LONG = 280  # characters of one quotation
_FORCES = {
    "modality": "The binding force changed", "negation": "The negation changed", "number": "A number changed",
    "date": "A date changed", "reference": "A reference changed",
}  # fmt: skip
_DATES = {
    "effective": "In force on {}", "deadline": "Deadline {}", "transition_end": "Transition ends {}",
    "expires": "Expires {}", "review_due": "Review due {}",
}  # fmt: skip
_EXACT = frozenset({"modality", "negation", "number", "date", "reference"})  # whose words stand in the text as given
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHOWN = 2  # passages, besides what changed in the first of them


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
    if len(told) < _FEWEST and (under := _under(quotes)):
        told = (*told, under)
    foreign = case.language != "en" and (case.language or not all(quote.text.isascii() for quote in quotes))
    glossed = _glosses(case, quotes, signs) if foreign or len(told) < _FEWEST else ""
    return (*told[: _LIMIT - 1], glossed) if glossed else told[:_LIMIT]


def _forces(force: Sequence[Force]) -> Iterator[str]:
    """What the first binding word, negation, number, month or reference was and is."""
    exact = [one for one in force if one.kind in _EXACT and (one.before or one.after) and not _is_day(one)]
    first = next((one for one in exact if one.path), exact[0] if exact else None)  # a title's number comes last
    if first and ", " not in first.before + first.after:
        where = f" in {first.path[-1]}" if first.path else ""
        if first.before and first.after:
            yield f"{_FORCES[first.kind]}{where}: “{first.before}” became “{first.after}”."
        else:
            came = "came in" if first.after else "was taken out"
            yield f"{_FORCES[first.kind]}{where}: “{first.before or first.after}” {came}."


def _is_day(force: Force) -> bool:
    """Whether it is told as a day in figures, which need not stand in the text so."""
    return force.kind == "date" and bool(_DAY.search(force.before + force.after))


def _passages(case: Case, quotes: Sequence[Quote]) -> Iterator[str]:
    """The sentences that matter: of an amendment as now and before, of the rest as new or gone."""
    for old, new in islice(_paired(case, quotes), _SHOWN):
        if old and new:
            yield _amended(case, old, new)
        elif new:
            yield _said("The text says" if case.document else "New", new, _telling(new))
        elif old:
            yield _said("No longer listed" if _is_listed(case, old) else "No longer says", old, _telling(old))


def _paired(case: Case, quotes: Sequence[Quote]) -> Iterator[tuple[Quote | None, Quote | None]]:
    """Both sides of each amendment together; what came or went as a whole alone."""
    pairs = {
        (case.before[edit.before].text, case.after[edit.after].text)
        for edit in case.edits
        if edit.kind in ("replace", "retitled") and edit.before >= 0
    }
    rest = list(quotes)
    while rest:
        one = rest.pop(0)
        if one.side == "before" and rest and (one.text, rest[0].text) in pairs:
            yield one, rest.pop(0)
        else:
            yield (one, None) if one.side == "before" else (None, one)


def _amended(case: Case, old: Quote, new: Quote) -> str:
    """An amendment: the sentence that came, the one that went, or what one says now and said before."""
    if old.spans and not new.spans and (went := whole(old.text, old.spans[0][0], old.spans[-1][1])):
        return _said("No longer says", old, _cut(went))
    if new.spans and not old.spans and (came := whole(new.text, new.spans[0][0], new.spans[-1][1])):
        return _said("Now also says", new, _cut(came))
    at = _parting(old.text, new.text)
    verb = "Now titled" if _is_retitled(case, old, new) else "Now says"
    return _ended(_said(verb, new, _telling(new, at=at)).removesuffix(".") + f"; before: “{_telling(old, at=at)}”")


def _said(verb: str, quote: Quote, words: str) -> str:
    where = f" in {quote.label}" if quote.label and not words.startswith(quote.label) else ""
    return _ended(f"{verb}{where}: “{words}”")


def _is_listed(case: Case, old: Quote) -> bool:
    return any(edit.kind == "gone" and case.before[edit.before].text == old.text for edit in case.edits)


def _is_retitled(case: Case, old: Quote, new: Quote) -> bool:
    return any(edit.kind == "retitled" and case.after[edit.after].text == new.text for edit in case.edits)


def _parting(old: str, new: str) -> int:
    """Where two texts begin to differ."""
    return next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)) - 1)


def _under(quotes: Sequence[Quote]) -> str:
    """The heading above the first passage."""
    heading = quotes[0].path[-1] if quotes and quotes[0].path else ""
    return _ended(f"It stands under “{_cut(heading)}”") if heading else ""


def _glosses(case: Case, quotes: Sequence[Quote], signs: Sequence[Sign]) -> str:
    """The recognised terms of the quoted passages, each with what it is about in English."""
    found: dict[str, str] = {}
    for sign in signs:
        quoted = sign.term and sign.weight >= _TOLD and any(sign.quote in quote.text for quote in quotes)
        if quoted and (gloss := case.rules.gloss(sign.term, sign.topic)):
            found.setdefault(sign.quote, gloss)
    told = ", ".join(f"“{words}” ({gloss})" for words, gloss in list(found.items())[:_TERMS])
    return f"Terms recognised: {told}." if told else ""


def _telling(quote: Quote, *, at: int = 0) -> str:
    """The sentence of a quote in which the first span stands (without any, that at a place), cut to what fits."""
    at = quote.spans[0][0] if quote.spans else min(at, len(quote.text) - 1)
    bounds = unbroken(quote.text)
    low, high = next(((low, high) for low, high in bounds if low <= at < high), bounds[-1] if bounds else (0, 0))
    if high - low < _CURT:  # "Yes." says nothing alone
        high = next((end for start, end in bounds if start == high), high)
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
