"""Dates that a text gives, in its own words, and what it says they are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from bot.judge import occasions
from bot.judge.days import Found, find_dates, han_number
from bot.judge.folding import Folded, fold, sentences
from bot.judge.index import Hit, Index
from bot.judge.openings import binds_from, said_around
from bot.judge.partial import UNKNOWN, find_days
from bot.judge.promulgation import from_list
from bot.judge.reach import BEARING, FAR, OF_AN_ACT, WEEKDAY, distance, is_over, is_part, nearest, says_little, speaking
from bot.judge.relative import Formula, Limit, formulas, limits
from bot.judge.rules import RuleSet
from bot.judge.undone import Moved, denied, extended, moved, of_another, shifted_kind, supposed
from bot.model import DatedQuote

__all__ = ["dated_quotes", "dates_of", "find_dates", "han_number"]

Span = tuple[int, int]

_QUOTE = 300
_BESIDE = 12  # characters between words of commencement and their formula: "takes effect upon its publication"
_DATES = 60  # dates of one text that are looked at
_TO = frozenset(
    {"至", "到", "-", "—", "――", "~", "〜", "から", "부터", "to", "until", "through", "bis", "au", "al", "a", "até",
     "до", "đến", "―", "đến hết", "hết", "sampai dengan", "sampai", "tot en met", "bis einschließlich", "jusqu'au",
     "hasta el", "fino al", "bis zum", "até ao", "tot", "hingga", "по"}
)
_AND = frozenset({"and", "und", "et", "y", "e", "en", "и", "và", "dan", "ve", "och", "i"})
_UNTIL = re.compile("(?:至|到|迄)(?:今年|本年|同年)?$")
_ISSUED = re.compile("[公发發頒颁][布佈]|印发|公告|公表|공포|고시|공고")
_BETWEEN = re.compile(
    r"\b(?:between|zwischen|entre|tra|fra|tussen|между|giữa|antara|mellan|między)(?: the| dem| le| el| o| il| l'"
    r"| ngày)? ?$"
)


def dates_of(
    title: str, text: str, *, rules: RuleSet, language: str = "", published: date | None = None
) -> tuple[DatedQuote, ...]:
    """The dates that a title and its text give, in their order.

    `published` gives days without a year theirs, and what commences or ends on publication its day.
    """
    found = (
        *dated_quotes(title, rules=rules, language=language, published=published),
        *dated_quotes(text, rules=rules, language=language, published=published, about=title),
    )
    known = frozenset(one.kind for one in found)
    return (*found, *from_list(title, text, published=published, rules=rules, language=language, known=known))


def dated_quotes(
    text: str,
    *,
    rules: RuleSet,
    language: str = "",
    limit: int = 12,
    published: date | None = None,
    about: str = "",
) -> tuple[DatedQuote, ...]:
    """The dates that the text says something about (in force, deadline, …), each with its sentence.

    `published` is the day on which it was, where that is known from elsewhere; `about` is the title above the text.
    """
    folded = fold(text)
    days = find_days(folded, months=rules.months, language=language, published=published)
    if not days:
        return ()
    cues, bounds = rules.cues("dates", language), sentences(folded.text)
    starts = [low for low, _ in bounds]
    counted = formulas(folded)
    quotes: dict[tuple[str, date], DatedQuote] = {}
    for at, group in groupby(days[:_DATES], key=lambda found: bisect_right(starts, found.start) - 1):
        together = tuple(group)
        sentence = low, high = bounds[at][0], max(bounds[at][1], together[-1].end)
        spoken = _spoken(cues, folded, sentence)
        later = [one for one in counted if low <= one.start < high]
        for found, kind in _kinds(together, spoken, later, folded, sentence, fold(about).text):
            quotes.setdefault((kind, found.date), DatedQuote(kind, found.date, _shortened(folded, low, high, found)))
    _add_counted(quotes, counted, folded, bounds)
    _add_limits(quotes, limits(folded), folded, bounds)
    return tuple(quotes.values())[:limit]


def _spoken(cues: Index, folded: Folded, sentence: Span) -> list[Hit]:
    """The cues of a sentence that are words of their own and speak of what is not over."""
    found = _outermost(cues.find_all(folded, *sentence))
    return [cue for cue in found if not is_part(cue, folded.text) and not is_over(cue, folded.text)]


def _kinds(
    days: Sequence[Found],
    spoken: list[Hit],
    later: Sequence[Formula],
    folded: Folded,
    sentence: Span,
    about: str,
) -> Iterator[tuple[Found, str]]:
    """The known days of one sentence, each with what it says of them; `later` are formulas of another day of effect."""
    turned = moved(folded, *sentence, [(one.start, one.end) for one in days])
    for found, begins in _periods(days, folded.text):
        own = [cue for cue in spoken if nearest(cue, days, folded.text) in (found, begins)]
        if later and not _spelled_out(found, later):
            own = [cue for cue in own if not _is_of(cue, later, found, folded.text)]
        own = [cue for cue in own if not occasions.passed_before(folded.text, found.end, cue.start)]
        kind = _refined(found, begins, own, spoken, folded, sentence, about)
        kind = _upheld(found, kind, spoken, turned, folded, sentence)
        if kind and found.date != UNKNOWN:
            yield found, kind


def _spelled_out(found: Found, counted: Sequence[Formula]) -> bool:
    """Whether a day says what a formula before it comes to: "90 days after publication, i.e. 8 April"."""
    return any(one.end <= found.start <= one.end + BEARING * 2 for one in counted)


def _is_of(cue: Hit, counted: Sequence[Formula], found: Found, text: str) -> bool:
    """Whether a cue says what a formula counts from publication, and so nothing of a day but that of publication."""
    if cue.term.kind == "effective" and any(one.unit != "same day" for one in counted):
        return True
    if any(_ISSUED.search(text, found.end, one.start) for one in counted if found.end < one.start):
        return False
    reach = {"effective": _BESIDE, "published": -1}.get(cue.term.kind)
    return reach is not None and any(
        cue.start < one.end
        and one.start - cue.end <= reach
        and not any(char.isdigit() for char in text[cue.end : one.start])
        for one in counted
    )


def _refined(
    found: Found,
    begins: Found | None,
    own: list[Hit],
    spoken: Sequence[Hit],
    folded: Folded,
    sentence: Span,
    about: str,
) -> str:
    """What the words beside a day say of it, unless it binds nobody."""
    text, low = folded.text, sentence[0]
    cue = speaking(found, begins, own, folded)
    kind = cue.term.kind if cue else _unsaid(found, begins, own, text, sentence)
    if not kind or occasions.is_past(text, sentence, (found.start, found.end)):
        return ""
    if kind == "transition_end" and OF_AN_ACT.search(text, low, found.start):
        return ""
    if kind == "published" and cue and occasions.names_an_act(text, (cue.start, cue.end)):
        return ""
    if kind == "expires" and occasions.is_term(text, sentence):
        kind = "deadline"
    if kind != "deadline":
        return "" if cue and occasions.begins_talks(cue.term.words, text, sentence) else kind
    if occasions.is_sign_up(text, sentence, about=about):
        return ""
    if not cue or says_little(cue):
        if any(one.term.kind == "transition_end" and distance(one, found) <= FAR for one in spoken):
            return "transition_end"
        ends = extended(text, sentence) or any(one.term.kind == "expires" for one in own)
        if ends and not occasions.consults(text, sentence) and not occasions.is_term(text, sentence):
            return "expires"
        if occasions.is_review(text, sentence):
            return "review_due"
        if occasions.is_counted(text, sentence) or begins and not occasions.asks(text, sentence):
            return ""
    return kind


def _unsaid(found: Found, begins: Found | None, own: Sequence[Hit], text: str, sentence: Span) -> str:
    """What a day is of which no cue speaks: by its place in the sentence alone."""
    at = (found.start, found.end)
    if kind := said_around(text, sentence, at):
        return kind
    if occasions.is_counted(text, sentence):
        return ""
    lasting = next((cue.term.kind for cue in own if cue.term.kind in ("expires", "transition_end")), "")
    if lasting and _UNTIL.search(text, sentence[0], found.start):
        return lasting
    until = begins or _UNTIL.search(text, sentence[0], found.start)
    if found.edge == "limit" or until and occasions.consults(text, sentence):
        return "deadline"
    return "effective" if not begins and binds_from(text, sentence, at) else ""


def _add_counted(
    quotes: dict[tuple[str, date], DatedQuote], counted: Sequence[Formula], folded: Folded, bounds: Sequence[Span]
) -> None:
    """Days counted from publication, where the text gives one day of publication and no day of effect."""
    published = {day for kind, day in quotes if kind == "published"}
    if len(published) != 1 or any(kind == "effective" for kind, _ in quotes):
        return
    for one in counted[:1]:
        low, high = next((low, high) for low, high in bounds if low <= one.start < high)
        day = one.after(published.copy().pop())
        quotes["effective", day] = DatedQuote("effective", day, folded.quote(low, high).strip()[: 2 * _QUOTE])


def _add_limits(
    quotes: dict[tuple[str, date], DatedQuote], counted: Sequence[Limit], folded: Folded, bounds: Sequence[Span]
) -> None:
    """Limits counted from the one day of publication or effect that the text gives: "within 12 months"."""
    for one in counted:
        published, effective = ({day for kind, day in quotes if kind == said} for said in ("published", "effective"))
        days = published if one.since == "published" else effective or (set() if one.since else published)
        if len(days) == 1:
            low, high = next((low, high) for low, high in bounds if low <= one.start < high)
            day = one.after(min(days))
            quote = DatedQuote("deadline", day, folded.quote(low, high).strip()[: 2 * _QUOTE])
            quotes.setdefault(("deadline", day), quote)


def _upheld(found: Found, kind: str, cues: Sequence[Hit], turned: Moved, folded: Folded, sentence: Span) -> str:
    """The kind of a day that its sentence neither denies nor supposes, nor moves to another day."""
    (low, high), at = sentence, (found.start, found.end)
    if found.start in turned.gone or supposed(folded, low, at):
        return ""
    if found.start in turned.new:
        said = [cue.term.kind for cue in cues if not says_little(cue)]
        onto = shifted_kind(said, default=_moved_kind(turned, folded.text, sentence)) or kind
        return "deadline" if onto == "expires" and _is_asked(folded.text, sentence) else onto
    if refused := denied(folded, low, high, at):
        return "effective" if refused == "until" else ""
    return "" if kind == "effective" and of_another(folded, low, high, at) else kind


def _moved_kind(turned: Moved, text: str, sentence: Span) -> str:
    """What a moved day is of which nothing else is said: an extended time for views is one to act in."""
    if occasions.is_event(text, sentence):
        return ""
    if turned.kind == "expires":
        return "deadline" if _is_asked(text, sentence) else "expires"
    return "deadline" if occasions.is_term(text, sentence) else turned.kind


def _is_asked(text: str, sentence: Span) -> bool:
    """Whether what lasts longer is the time to act."""
    return occasions.consults(text, sentence) or occasions.is_term(text, sentence)


def _periods(dates: Sequence[Found], text: str) -> list[tuple[Found, Found | None]]:
    """Each date with the one from which it runs ("from A to B"); the beginning of a period ends nothing."""
    paired: list[tuple[Found, Found | None]] = []
    for found in dates:
        between = WEEKDAY.sub("", text[paired[-1][0].end : found.start]).strip(". ") if paired else ""
        pair = between in _TO or between in _AND and _BETWEEN.search(text[: paired[-1][0].start])
        begins = paired[-1][0] if paired and pair else None
        if begins:
            paired.pop()
        paired.append((found, begins))
    return paired


def _outermost(hits: Sequence[Hit]) -> list[Hit]:
    """The hits that stand in no longer one: "hết hiệu lực" (expires) holds "hiệu lực" (in force)."""
    return [
        hit
        for hit in hits
        if not any(o.start <= hit.start and hit.end <= o.end and o.end - o.start > hit.end - hit.start for o in hits)
    ]


def _shortened(folded: Folded, low: int, high: int, found: Found) -> str:
    start, end = max(low, found.start - _QUOTE // 2), min(high, found.end + _QUOTE // 2)
    return folded.whole(start, end, low=low, high=high)
