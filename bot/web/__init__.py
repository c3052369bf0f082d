"""The small web pages behind the links: health, what was found lately, one change with its redline.

On loopback everything is open; bound elsewhere only /healthz answers (who may read the pages from outside is a later
part). Scraped text reaches a page only through autoescaping templates; nothing stored is ever rendered as ours.

guard.py   which requests are answered at all, and the headers of every answer       serving.py   the server's thread
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot import settings as settings_room
from bot.app import App
from bot.coverage import gaps
from bot.errors import OperatorError, StoreError
from bot.messages import redline
from bot.slack import slack_routes
from bot.web.guard import STYLE, Guard, is_loopback
from bot.web.serving import Server

__all__ = ["Server", "site"]

FOLDED = frozenset({"renumber", "move"})  # a reader looks for what was amended first
LATEST = 50  # changes on the first page
DIGITS = 15  # of a change's number; more than a store will ever hold

Page = Callable[[Request], Response]

_pages = Environment(loader=PackageLoader("bot.web"), autoescape=select_autoescape(default=True), trim_blocks=True)
_pages.globals["style"] = Markup(STYLE)  # ours, and its hash is in the policy
_pages.tests["web_address"] = lambda url: urlsplit(url).scheme in {"http", "https"}


def site(app: App, *, ready: Callable[[], bool] = lambda: True) -> Starlette:
    """The pages over one App; `ready` says whether the service's drains are alive."""
    open_here = is_loopback(settings_room.address(app.settings.bind)[0])

    def healthz(request: Request) -> Response:
        well = ready()
        totals = app.totals()
        body = {"live": True, "ready": well, "looks": totals.looks, "outbox": dict(totals.outbox)}
        return JSONResponse(body, 200 if well else 503)

    def overview(request: Request) -> Response:
        seen = app.coverage()
        return _page("overview.html", coverage=seen, gaps=gaps(seen), changes=app.changes(limit=LATEST))

    def change(request: Request) -> Response:
        number: str = request.path_params["number"]
        if not (number.isascii() and number.isdecimal() and len(number) <= DIGITS):
            raise HTTPException(404)
        made, finding = app.show(int(number))
        minor = [edit for edit in made.edits if edit.kind in FOLDED or not edit.counted]
        major = [edit for edit in made.edits if edit not in minor]
        return _page(
            "change.html",
            case=made,
            finding=finding,
            major=redline(major, made.before, made.after),
            minor=redline(minor, made.before, made.after),
            why=app.why(made.change.id),
        )

    routes = [
        Route("/", _threaded(overview, open_here=open_here)),
        Route("/change/{number}", _threaded(change, open_here=open_here)),
        Route("/healthz", _threaded(healthz, open_here=True)),
        *slack_routes(app),
        Route("/robots.txt", lambda request: PlainTextResponse("User-agent: *\nDisallow: /\n")),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, hosts=_hosts(app) if open_here else None)],
        exception_handlers={HTTPException: _refused, OperatorError: _not_here, StoreError: _in_trouble},
    )


def _threaded(page: Page, *, open_here: bool) -> Callable[[Request], Awaitable[Response]]:
    """Run a page in the loop's own threads: they are few and they stay, and so do their database connections."""

    async def answer(request: Request) -> Response:
        if not open_here:
            raise HTTPException(403)
        return await asyncio.to_thread(page, request)

    return answer


def _hosts(app: App) -> frozenset[str]:
    """On loopback only our own names are answered: a foreign page must not reach us by DNS rebinding."""
    public = urlsplit(app.settings.public_url).hostname
    return frozenset({"127.0.0.1", "localhost", "::1", *([public] if public else [])})


WORDS = {
    403: ("Not open here", "These pages answer on the machine itself only."),
    404: ("Not here", "There is nothing at this address."),
    405: ("Not done here", "These pages can be read, nothing else."),
    503: ("The store is in trouble", "It cannot be read at the moment; the service's own messages say more."),
}


def _refused(request: Request, error: Any) -> Response:
    return _words(error.status_code)


def _not_here(request: Request, error: Any) -> Response:
    return _words(404, str(error))


def _in_trouble(request: Request, error: Any) -> Response:
    return _words(503)


def _words(status: int, sentence: str = "") -> Response:
    title, usual = WORDS.get(status, ("Not possible", "This request cannot be answered."))
    return _page("words.html", status=status, title=title, sentence=sentence or usual)


def _page(name: str, *, status: int = 200, **values: object) -> Response:
    return HTMLResponse(_pages.get_template(name).render(status=status, **values), status)
