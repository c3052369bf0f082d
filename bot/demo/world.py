"""The fictional world: local publishers over real HTTP, living through the days of the story.

One server on 127.0.0.1 answers for every publisher by its Host header, because macOS has no other loopback address
by default; `names` is what a resolver needs to find them.
"""

from __future__ import annotations

import hashlib
import socketserver
import threading
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from bot.demo.page import Moment, Page, Publisher
from bot.demo.publishers import PUBLISHERS
from bot.demo.story import STORY, Step

__all__ = ["FIRST", "STORY", "Step", "World"]

ADDRESS = "127.0.0.1"
FIRST = date(2025, 9, 8)  # day 0, a Monday; all of it lies in the past, for a home that is kept lives by the real clock
ROBOTS = Page(b"User-agent: *\nDisallow: /admin/\n", "text/plain", steady=True)
LOST = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page not found</title></head>
<body><h1>Page not found</h1><p>FICTIONAL PUBLISHER: there is nothing at this address.</p></body></html>"""


class World:
    """All publishers on one day of the story. A context manager; `day` turns the page for everyone."""

    def __init__(self, *, first: date = FIRST) -> None:
        self.first, self.today_is = first, 0
        self.requests: Counter[str] = Counter()
        self._sites = {publisher.host: publisher for publisher in PUBLISHERS}
        self._lock = threading.Lock()
        self._server = _Server((ADDRESS, 0), _Visit)
        self._server.world = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="demo-world", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    # ------------------------------------------------------------------------------------------------ time

    def day(self, number: int) -> None:
        """From now on it is this day of the story."""
        self.today_is = number

    def at(self, number: int) -> datetime:
        """The moment (UTC) at which one looks on a day of the story."""
        return datetime.combine(self.first + timedelta(days=number), time(9), tzinfo=UTC)

    # ------------------------------------------------------------------------------------------------ addresses

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def names(self) -> Mapping[str, str]:
        """Host name -> loopback address; nobody asks DNS."""
        return dict.fromkeys(self._sites, ADDRESS)

    def sources_toml(self, day: int = 0) -> str:
        """The declarations of this world's sources on a day of the story, as sources.toml has them."""
        hosts = "".join(f'[hosts."{host}"]\nspacing = 0\nconcurrency = 4\n\n' for host in self._sites)
        return hosts + "".join(
            publisher.declared(day).format(base=self._base(host)) for host, publisher in self._sites.items()
        )

    def _base(self, host: str) -> str:
        return f"http://{host}:{self.port}"

    # ------------------------------------------------------------------------------------------------ answers

    def answer(self, host: str, target: str) -> Page:
        """What a publisher says to a request; hosts and addresses nobody has are lost."""
        publisher = self._sites.get(host)
        if publisher is None:
            return Page(LOST.encode(), status=404)
        if target == "/robots.txt":
            return ROBOTS
        return publisher.site(self._moment(publisher)).get(_tidy(target), Page(LOST.encode(), status=404))

    def _moment(self, publisher: Publisher) -> Moment:
        with self._lock:
            self.requests[publisher.host] += 1
            asked = self.requests[publisher.host]
        return Moment(self.today_is, self.first + timedelta(days=self.today_is), asked, self._base(publisher.host))


def _tidy(target: str) -> str:
    """A request's target without the session id that publishers put into their links."""
    parts = urlsplit(target)
    path = parts.path.partition(";jsessionid=")[0]
    return f"{path}?{parts.query}" if parts.query else path


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    world: World

    def server_bind(self) -> None:
        """As the parent does, without asking DNS for the name of the address."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = ADDRESS, int(self.server_address[1])


class _Visit(BaseHTTPRequestHandler):
    """One connection of a reader: HTTP/1.1, kept alive, 304 where a page is steady (RFC 9110 §13)."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes: the second must not wait for an acknowledgement
    server: _Server
    timeout = 30

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
        page = self.server.world.answer(host, self.path)
        tag = f'"{hashlib.sha256(page.body).hexdigest()[:16]}"' if page.steady else ""
        if tag and self.headers.get("If-None-Match", "") == tag:
            self._say(HTTPStatus.NOT_MODIFIED, page._replace(body=b""), tag)
        else:
            self._say(page.status, page, tag)

    do_HEAD = do_GET

    def _say(self, status: int, page: Page, tag: str) -> None:
        self.send_response(status)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", page.type)
            self.send_header("Content-Length", str(len(page.body)))
        if tag:
            self.send_header("ETag", tag)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page.body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header: publishers live on the day of the story."""
        world = self.server.world
        return super().date_time_string(timestamp or world.at(world.today_is).timestamp())

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the demo prints what a reader would see, not who asked."""
