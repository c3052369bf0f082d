"""The small web pages behind the links: health, what was found lately, one change with its redline.

On loopback everything is open; bound elsewhere only /healthz answers (who may read the pages from outside is a later
part). Scraped text reaches a page only through autoescaping templates; nothing stored is ever rendered as ours.
"""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Callable
from urllib.parse import urlsplit

import uvicorn
from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot import settings as settings_room
from bot.app import App
from bot.errors import OperatorError

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "private, no-cache",
}

_pages = Environment(loader=PackageLoader("bot.web"), autoescape=select_autoescape(default=True))


def site(app: App, *, ready: Callable[[], bool] = lambda: True) -> Starlette:
    """The pages over one App; `ready` says whether the service's drains are alive."""
    open_here = is_loopback(settings_room.address(app.settings.bind)[0])

    def healthz(request: Request) -> Response:
        well = ready()
        totals = app.totals()
        body = {"live": True, "ready": well, "looks": totals.looks, "outbox": dict(totals.outbox)}
        return JSONResponse(body, 200 if well else 503, headers=HEADERS)

    def overview(request: Request) -> Response:
        found = [(one, finding) for one, finding in app.changes(limit=50)]
        return _page("overview.html", coverage=app.coverage(), sentence=app.coverage_sentence(), changes=found)

    def change(request: Request) -> Response:
        made, finding = app.show(request.path_params["number"])
        redline = app.redline(made.change.id)
        return _page("change.html", case=made, finding=finding, redline=redline, why=app.why(made.change.id))

    def guarded(page: Callable[[Request], Response]) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            if not open_here:
                return PlainTextResponse("the pages are open on loopback only\n", 403, headers=HEADERS)
            try:
                return page(request)
            except OperatorError as error:
                return PlainTextResponse(f"{error}\n", 404, headers=HEADERS)

        return answer

    routes = [
        Route("/", guarded(overview)),
        Route("/change/{number:int}", guarded(change)),
        Route("/healthz", healthz),
        Route("/robots.txt", lambda request: PlainTextResponse("User-agent: *\nDisallow: /\n")),
    ]
    return Starlette(
        routes=routes, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(app, open_here))]
    )


def _hosts(app: App, open_here: bool) -> list[str]:
    """On loopback only our own names are answered: a foreign page must not reach us by DNS rebinding."""
    if not open_here:
        return ["*"]
    public = urlsplit(app.settings.public_url).hostname
    return ["127.0.0.1", "localhost", "[::1]", *([public] if public else [])]


def is_loopback(host: str) -> bool:
    """Whether an address to bind to can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _page(name: str, **values: object) -> Response:
    return HTMLResponse(_pages.get_template(name).render(**values), headers=HEADERS)


class Server:
    """The pages in a thread of their own; `start` returns when they answer, or raises OperatorError."""

    def __init__(self, site: Starlette, *, bind: str) -> None:
        host, port = settings_room.address(bind)
        self._server = uvicorn.Server(uvicorn.Config(site, host=host, port=port, log_level="warning", lifespan="off"))
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)
        self._ended = threading.Event()
        self.bind = bind

    def _run(self) -> None:
        try:
            self._server.run()
        except SystemExit:  # uvicorn leaves that way when the address is taken
            pass
        finally:
            self._ended.set()

    def start(self) -> None:
        self._thread.start()
        while not self._server.started:
            if self._ended.wait(0.02):
                raise OperatorError(f"REGWATCH_BIND: {self.bind} cannot be bound; is another service running there?")

    @property
    def port(self) -> int:
        """The port that was bound (useful with port 0)."""
        port: int = self._server.servers[0].sockets[0].getsockname()[1]
        return port

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=5)
