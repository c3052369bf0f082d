"""The read API: the same answers as JSON under /api/v1/, described at /api/openapi.json (OpenAPI 3.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec
from starlette.responses import Response

from bot import __version__
from bot.errors import OperatorError
from bot.jurisdictions import name_of
from bot.model import Block, DatedQuote, Edit, Finding, Source, Standing
from bot.web.access import Rule
from bot.web.changes import decision
from bot.web.door import Door, Visit
from bot.web.entries import DateEntry, Entry, date_entries, entries
from bot.web.pages import DAYS, LONGEST
from bot.web.search import found, question

LIMIT, MOST = 25, 200
EDITS = 2_000  # of one change in one answer


class Item(msgspec.Struct, rename="camel"):
    """A change in a list. level: act, plan, know; "" when it is not relevant."""

    id: int
    at: datetime
    headline: str
    verdict: str
    level: str
    stage: str
    cause: str
    jurisdictions: tuple[str, ...]
    source: str
    url: str
    snippet: str = ""


class Answers(msgspec.Struct, rename="camel"):
    """A page of changes, newest first. next: the address of the next page, "" on the last."""

    items: list[Item]
    next: str
    as_of: str


class Passage(msgspec.Struct, rename="camel"):
    """An edit: what happened, where, and the passage before and after."""

    kind: str
    counted: bool
    path: tuple[str, ...]
    before: str
    after: str


class Dated(msgspec.Struct, rename="camel"):
    """A date that the text itself gives."""

    kind: str
    date: date
    quote: str


class Detail(msgspec.Struct, rename="camel"):
    """One change with its opinion and its edits; of a document read for the first time, its passages."""

    id: int
    at: datetime
    source: str
    source_url: str
    cause: str
    headline: str
    verdict: str
    level: str
    rule: str
    stage: str
    jurisdictions: tuple[str, ...]
    corridors: tuple[tuple[str, str], ...]
    topics: tuple[str, ...]
    mechanisms: tuple[str, ...]
    sentences: tuple[str, ...]
    dates: list[Dated]
    edits: list[Passage]
    edits_left_out: int
    why: list[str]
    url: str


class Coming(msgspec.Struct, rename="camel"):
    """A date ahead. days_left: counted where the authority is."""

    date: date
    days_left: int
    kind: str
    quote: str
    headline: str
    change: int
    source: str
    verdict: str
    jurisdictions: tuple[str, ...]
    url: str


class Dates(msgspec.Struct, rename="camel"):
    """Dates ahead, soonest first."""

    items: list[Coming]
    as_of: str


class Watched(msgspec.Struct, rename="camel"):
    """A declared source as it stands."""

    id: str
    title: str
    authority: str
    jurisdiction: str
    url: str
    type: str
    enabled: bool
    off_reason: str
    must_watch: bool
    last_check: datetime | None
    last_good: datetime | None
    last_change: datetime | None
    cause: str
    failing_since: datetime | None


class Sources(msgspec.Struct, rename="camel"):
    """What is watched."""

    items: list[Watched]


class Instrument(msgspec.Struct, rename="camel"):
    """A text or list that is watched in a jurisdiction."""

    source: str
    title: str
    url: str
    stage: str
    version_at: datetime | None
    last_good: datetime | None
    change: int
    headline: str


class Place(msgspec.Struct, rename="camel"):
    """The state of play in one jurisdiction."""

    jurisdiction: str
    name: str
    sentence: str
    instruments: list[Instrument]
    ahead: list[Coming]
    recent: list[Item]
    blind: tuple[str, ...]


class Seen(msgspec.Struct, rename="camel"):
    """How well the declared sources are seen, by id. blind: jurisdictions that are not clear."""

    at: datetime
    sentence: str
    watched: int
    read: tuple[str, ...]
    failing: tuple[str, ...]
    blocked: tuple[str, ...]
    stale: tuple[str, ...]
    quiet: tuple[str, ...]
    unproven: tuple[str, ...]
    off: tuple[str, ...]
    blind: tuple[str, ...]


class Trouble(msgspec.Struct, rename="camel"):
    """Why there is no answer, in a sentence."""

    error: str


def _json(value: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def _limit(visit: Visit) -> int:
    return min(max(visit.asked_number("limit") or LIMIT, 1), MOST)


def changes(visit: Visit) -> Response:
    asked, limit = question(visit), _limit(visit)
    answers = found(visit, asked, before=visit.asked_number("before"), limit=limit)
    return _json(
        Answers(
            [_item(one, visit) for one in answers],
            _next(visit, answers, limit),
            visit.app.as_of(source_ids=asked.filters.sources, jurisdictions=asked.filters.jurisdictions),
        )
    )


def _next(visit: Visit, answers: Sequence[Entry], limit: int) -> str:
    if len(answers) < limit:
        return ""
    return str(visit.request.url.include_query_params(before=answers[-1].number).replace(scheme="", netloc=""))


def _item(one: Entry, visit: Visit) -> Item:
    url = f"{visit.base}/change/{one.number}"
    return Item(one.number, one.at, one.headline, one.verdict, one.level, one.stage, one.cause, one.jurisdictions,
                one.source_id, url, one.snippet)  # fmt: skip


def search(visit: Visit) -> Response:
    if not question(visit).words:
        raise OperatorError("say what to search for: words=…")
    return changes(visit)


def change(visit: Visit) -> Response:
    app, number = visit.app, visit.number("number")
    made, finding = app.show(number)
    level, rule = app.level(finding) if finding and finding.verdict != "not_relevant" else ("", "")
    shown = finding or Finding(number, made.change.at, "", "", 0, "")
    edits = [
        Passage(edit.kind, edit.counted, *_sides(edit, made.before, made.after)) for edit in made.edits[:EDITS]
    ]
    why = [f"{said.weight} {said.text}".strip() for said in decision(app.why(number))]
    return _json(
        Detail(number, made.change.at, made.source.id, made.source.url, made.change.cause, shown.headline,
               shown.verdict, level, rule, shown.stage, shown.jurisdictions, shown.corridors, shown.topics,
               shown.mechanisms, shown.sentences, [_dated(one) for one in shown.dates], edits,
               max(0, len(made.edits) - EDITS), why, f"{visit.base}/change/{number}")
    )  # fmt: skip


def _dated(dated: DatedQuote) -> Dated:
    return Dated(dated.kind, dated.date, dated.quote)


def _sides(edit: Edit, before: Sequence[Block], after: Sequence[Block]) -> tuple[tuple[str, ...], str, str]:
    old = before[edit.before] if edit.before >= 0 else None
    new = after[edit.after] if edit.after >= 0 else None
    here = new or old
    return (here.path if here else ()), old.text if old else "", new.text if new else ""


def upcoming(visit: Visit) -> Response:
    filters = visit.filters()
    days = min(max(visit.asked_number("days") or DAYS, 1), LONGEST)
    ahead = visit.app.upcoming(filters=filters, footprint=visit.asked("footprint"), days=days)[:500]
    sentence = visit.app.as_of(source_ids=filters.sources, jurisdictions=filters.jurisdictions)
    return _json(Dates([_coming(one, visit) for one in date_entries(visit.app, ahead)], sentence))


def _coming(one: DateEntry, visit: Visit) -> Coming:
    return Coming(one.day, one.left, one.kind, one.quote, one.headline, one.number, one.source_id, one.verdict,
                  one.jurisdictions, f"{visit.base}/change/{one.number}")  # fmt: skip


def state(visit: Visit) -> Response:
    app = visit.app
    here = app.state(visit.path("jurisdiction"))
    instruments = [Instrument(one.source_id, one.title, one.url, one.stage, one.version_at, one.last_good, one.change,
                              one.headline) for one in here.instruments]  # fmt: skip
    ahead = [_coming(one, visit) for one in date_entries(app, here.ahead)]
    recent = [_item(one, visit) for one in entries(app, here.recent)]
    name = name_of(here.jurisdiction)
    return _json(Place(here.jurisdiction, name, here.sentence, instruments, ahead, recent, here.blind))


def sources(visit: Visit) -> Response:
    standings = visit.app.standings()
    return _json(Sources([_watched(one, standings.get(one.id) or Standing(one.id)) for one in visit.app.declared]))


def _watched(one: Source, how: Standing) -> Watched:
    return Watched(one.id, one.title, one.authority, one.jurisdiction, one.url, one.type, one.enabled, one.off_reason,
                   one.must_watch, how.last_check, how.last_good, how.last_change, how.cause,
                   how.failing_since)  # fmt: skip


def coverage(visit: Visit) -> Response:
    seen = visit.app.coverage()
    names = ("failing", "blocked", "stale", "quiet")
    never = set(seen.unproven)  # listed apart: what was never read well does not fail now
    dark = {name: tuple(one.source_id for one in getattr(seen, name) if one.source_id not in never) for name in names}
    off = tuple(name for name, _ in seen.off)
    return _json(
        Seen(seen.at, visit.app.coverage_sentence(), len(seen.watched), seen.read, dark["failing"], dark["blocked"],
             dark["stale"], dark["quiet"], seen.unproven, off, seen.blind)
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ the description

_FILTERS = {
    "jurisdiction": "code or name; several with commas", "topic": "as declared in sources.toml",
    "type": "draft, final, guidance, ended, or a stage; several with commas",
    "mechanism": "adequacy, scc, …", "corridor": "FROM-TO, e.g. EU-US or CN-*", "in": "id of a source",
    "min": "act, plan or know",
}  # fmt: skip
_RANGE = {"since": "a day, YYYY-MM-DD", "until": "a day, included", "verdict": "relevant, uncertain or all"}
_PAGES = {"before": "number of a change: those that come after it", "limit": f"at most {MOST}"}
_TABLE: Mapping[str, tuple[str, type, Mapping[str, str]]] = {
    "/api/v1/changes": ("Judged changes, newest first", Answers, {**_FILTERS, **_RANGE, **_PAGES}),
    "/api/v1/changes/{number}": ("One change with its edits and its reasons", Detail, {}),
    "/api/v1/search": ("Changes that hold all these words", Answers, {"words": "required", **_FILTERS, **_PAGES}),
    "/api/v1/upcoming": ("Dates ahead, soonest first", Dates,
                         {**_FILTERS, "days": f"so many days ahead; {DAYS}", "footprint": "name of a footprint"}),
    "/api/v1/state/{jurisdiction}": ("The state of play in one jurisdiction", Place, {}),
    "/api/v1/sources": ("What is watched, and how it stands", Sources, {}),
    "/api/v1/coverage": ("What could be read and what not", Seen, {}),
}  # fmt: skip


def openapi(visit: Visit) -> Response:
    """The description of this API; the shapes are those of the classes above."""
    types = [shape for _, shape, _ in _TABLE.values()] + [Trouble]
    _, components = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    return _json(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "RegWatch",
                "version": __version__,
                "description": "Changes in rules on cross-border data. A monitoring report, not legal advice.",
            },
            "servers": [{"url": visit.base}],
            "security": [{"token": []}, {"session": []}, {}],
            "paths": {path: {"get": _operation(path, *row)} for path, row in _TABLE.items()},
            "components": {
                "schemas": components,
                "securitySchemes": {
                    "token": {"type": "http", "scheme": "bearer"},
                    "session": {"type": "apiKey", "in": "cookie", "name": visit.access.cookie},
                },
            },
        }
    )


def _operation(path: str, summary: str, shape: type, asked: Mapping[str, str]) -> dict[str, object]:
    inside = [name for name in ("number", "jurisdiction") if f"{{{name}}}" in path]
    parameters = [_parameter(name, where="path", said="") for name in inside]
    parameters += [_parameter(name, where="query", said=said) for name, said in asked.items()]
    return {
        "summary": summary,
        "operationId": path.removeprefix("/api/v1/").partition("/")[0] + ("_one" if inside else ""),
        "parameters": parameters,
        "responses": {
            "200": {"description": "OK", "content": _content(shape)},
            "default": {"description": "Why there is no answer", "content": _content(Trouble)},
        },
    }


def _parameter(name: str, *, where: str, said: str) -> dict[str, object]:
    number = name in {"number", "before", "limit", "days"}
    return {
        "name": name,
        "in": where,
        "required": where == "path" or said == "required",
        "schema": {"type": "integer" if number else "string"},
        **({"description": said} if said else {}),
    }


def _content(shape: type) -> dict[str, object]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{shape.__name__}"}}}


_ANSWERS = {
    "/api/v1/changes": changes, "/api/v1/changes/{number}": change, "/api/v1/search": search,
    "/api/v1/upcoming": upcoming, "/api/v1/state/{jurisdiction}": state, "/api/v1/sources": sources,
    "/api/v1/coverage": coverage,
}  # fmt: skip

DOORS = (
    *(Door(path, answer, Rule.READER, plain=True) for path, answer in _ANSWERS.items()),
    Door("/api/openapi.json", openapi, Rule.READER, plain=True),
)
