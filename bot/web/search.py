"""Changes found by words and filters, newest first, in pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.app.texts import named
from bot.grammar import ACT_TYPES, unheard
from bot.jurisdictions import name_of
from bot.model import MECHANISMS, VERDICTS, Change, Filters, Hit
from bot.web.access import Rule
from bot.web.door import Door, Visit
from bot.web.entries import Entry, entries, entry
from bot.web.shown import page, pairs_of

LIMIT = 20
TYPES = ("draft", "consultation", "final", "guidance", "enforcement", "court", "notice", "ended")
LONGEST = 200  # characters of what is searched for
_VERDICTS = {"": ("relevant", "uncertain"), "relevant": ("relevant",), "uncertain": ("uncertain",), "all": VERDICTS}


class Question(NamedTuple):
    """What was asked for, as it can be asked again."""

    words: str
    filters: Filters
    since: str
    until: str
    verdict: str

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """As the query of an address."""
        rest = (("words", self.words), ("since", self.since), ("until", self.until), ("verdict", self.verdict))
        return [*pairs_of(self.filters), *((key, value) for key, value in rest if value)]


def question(visit: Visit) -> Question:
    """The question in a query; raises HTTPException 400."""
    words = visit.asked("words")[:LONGEST] or visit.asked("q")[:LONGEST]
    verdict = visit.asked("verdict")
    return Question(words, visit.filters(), visit.asked("since"), visit.asked("until"), verdict)


def found(visit: Visit, asked: Question, *, before: int, limit: int) -> list[Entry]:
    """What answers the question, newest first; `before`: what comes after this Change there."""
    app = visit.app
    verdicts = _VERDICTS.get(asked.verdict)
    if verdicts is None:
        raise HTTPException(400, "Say verdict=relevant, uncertain or all.")
    since, until = _moment(asked.since), _moment(asked.until, end=True)
    if not asked.words:
        pairs = app.latest(
            filters=asked.filters, since=since, until=until, before=before, limit=limit, verdicts=verdicts
        )
        return entries(app, pairs)
    if since or until or asked.verdict:
        filters = replace(asked.filters, words=(asked.words,))
        return entries(
            app,
            app.latest(filters=filters, since=since, until=until, before=before, limit=limit, verdicts=verdicts),
        )
    return _hits(visit, app.search(asked.words, filters=asked.filters, before=before, limit=limit))


def _hits(visit: Visit, hits: Sequence[Hit]) -> list[Entry]:
    app, sources = visit.app, visit.app.sources()
    opinions = app.opinions([hit.change for hit in hits])
    made = []
    for hit in hits:
        finding = opinions.get(hit.change)
        change = Change(hit.change, hit.source_id, hit.at, "", None, None, ())  # as much as a line shows
        made.append(entry(app, change, finding, named(hit.source_id, sources))._replace(snippet=hit.snippet))
    return made


def _moment(text: str, *, end: bool = False) -> datetime | None:
    """The beginning of a day, or its end."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1 if end else 0)
    except (ValueError, OverflowError) as error:
        raise HTTPException(400, f"“{text[:40]}” is no date; write one like 2026-11-30.") from error


def search(visit: Visit) -> Response:
    app, asked = visit.app, question(visit)
    before = visit.asked_number("before")
    key = ("search", *asked, before)
    answers = visit.lately.answer(key, lambda: found(visit, asked, before=before, limit=LIMIT))
    return page(
        "search.html",
        visit,
        asked=asked,
        answers=answers,
        before=before,
        more=answers[-1].number if len(answers) == LIMIT else 0,
        hints=list(unheard(asked.filters, app.declared)),
        choices=visit.lately.answer("choices", lambda: choices(visit)),
        as_of=visit.as_of(asked.filters),
        verdicts=("relevant", "uncertain", "all"),
        type=type_of(asked.filters.stages),
    )


def type_of(stages: Sequence[str]) -> str:
    """The type whose stages these are, as a query says it; several types stand beside one another."""
    found = (name for name in TYPES if set(ACT_TYPES.get(name, (name,))) == set(stages))
    return next(found, ",".join(stages))


class Choices(NamedTuple):
    """What the boxes of a form hold."""

    jurisdictions: tuple[tuple[str, str], ...]
    topics: tuple[str, ...]
    mechanisms: tuple[str, ...] = MECHANISMS
    types: tuple[str, ...] = TYPES


def choices(visit: Visit) -> Choices:
    declared = visit.app.declared
    codes = sorted({source.jurisdiction for source in declared if source.jurisdiction}, key=name_of)
    topics = sorted({topic for source in declared for topic in source.topics})
    return Choices(tuple((code, name_of(code)) for code in codes), tuple(topics))


DOORS = (Door("/search", search, Rule.READER),)
