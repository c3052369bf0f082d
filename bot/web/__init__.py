"""The web pages behind the links: server-rendered, without scripts, readable by those who may read.

door.py     a route with its rule             access.py    who may read, forms that are ours, how much
guard.py    host names, headers, sizes        entrance.py  token, links that open once, leaving
pages.py    overview, state, dates, coverage  changes.py   one change: redline, provenance, decision
sources.py  histories, any two versions       search.py    words and filters
people.py   subscriptions, feed keys          feeds.py     Atom, JSON Feed, calendar
api.py      the same as JSON                  redlines.py  edits as HTML
entries.py  a change in a list                plot.py      changes per week
shown.py    templates, words, days            shelf.py     what never changes is made once
serving.py  the server's thread               lately.py    what changes seldom is not worked out for everybody
patience.py visitors who never finish asking

Scraped text reaches a page only through autoescaping templates and redlines.py; nothing stored is rendered as ours.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.app import App
from bot.errors import BotError, OperatorError, StoreError
from bot.slack import slack_routes
from bot.web import api, changes, entrance, feeds, metrics, pages, people, search, shown, sources
from bot.web.access import Access, Rule
from bot.web.door import Door, route
from bot.web.guard import HEADERS, Guard
from bot.web.lately import Lately
from bot.web.serving import Server
from bot.web.shelf import Shelf

__all__ = ["DOORS", "Door", "Rule", "Server", "site"]

DOORS = (
    *pages.DOORS, *changes.DOORS, *sources.DOORS, *search.DOORS, *people.DOORS, *entrance.DOORS, *feeds.DOORS,
    *api.DOORS, *metrics.DOORS,
)  # fmt: skip


def site(app: App, *, ready: Callable[[], bool] = lambda: True) -> Starlette:
    """The pages over one App, as its settings are now; `ready` says whether the service's drains are alive."""
    access, shelf, lately = Access(app), Shelf(), Lately(app)
    routes = [route(door, app=app, access=access, shelf=shelf, lately=lately, ready=ready) for door in DOORS]
    return Starlette(
        routes=[*routes, *slack_routes(app)],
        middleware=[Middleware(Guard, knows=access.knows, secure=access.secure)],
        exception_handlers={HTTPException: _refused, OperatorError: _not_here, BotError: _in_trouble, Exception: _bug},
    )


WORDS = {
    400: ("Not understood", "This request makes no sense to us."),
    401: ("Not open here", "Send the token: Authorization: Bearer …"),
    403: ("Not open here", "These pages answer on the machine itself only."),
    404: ("Not here", "There is nothing at this address."),
    405: ("Not done here", "This page can be read, nothing else."),
    413: ("Too large", "Nothing that belongs here is so large."),
    429: ("Too fast", "Please wait a little, then try again."),
    500: ("Our own error", "The service's own messages say more. Other pages may well work."),
    503: ("The store is in trouble", "It cannot be read at the moment; the service's own messages say more."),
}


def _refused(request: Request, error: Any) -> Response:
    own = error.detail if error.detail and not _is_usual(error) else ""
    response = _words(request, error.status_code, own)
    response.headers.update(error.headers or {})
    return response


def _is_usual(error: HTTPException) -> bool:
    """Whether the exception says nothing but its status's name."""
    return str(HTTPException(error.status_code).detail) == str(error.detail)


def _not_here(request: Request, error: Any) -> Response:
    return _words(request, 404, str(error))


def _in_trouble(request: Request, error: Any) -> Response:
    return _words(request, 503, "" if isinstance(error, StoreError) else str(error))


def _bug(request: Request, error: Exception) -> Response:
    """A bug keeps its traceback in the log. This answer is made outside of the guard, so it takes its headers along."""
    response = _words(request, 500)
    response.headers.update(HEADERS)
    return response


def _words(request: Request, status: int, sentence: str = "") -> Response:
    """Why there is no answer: a page for people, JSON for programs that ask the API, a line for feed readers."""
    title, usual = WORDS.get(status, ("Not possible", "This request cannot be answered."))
    said = sentence or usual
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": said}, status)
    if request.url.path.startswith(("/feed.", "/calendar.")):
        return PlainTextResponse(f"{title}. {said}\n", status)
    visit = getattr(request.state, "visit", None)
    return shown.words(status, title=title, sentence=shown.cap(said), visit=visit)
