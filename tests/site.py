"""A small local publisher over real HTTP(S), whose pages a test can edit.

    with Site() as site:
        site.publish("/law", "<p>A controller may …</p>")
        … site.url("/law") …
        site.publish("/law", "<p>A controller shall …</p>")

Listens on 127.0.0.1, or any 127.0.0.N, on a free port. `Site(name="ministry.example")` writes that name into its URLs;
`site.names` maps it to the address, for settings that replace DNS. `Site(tls=True)` has a certificate of `site.ca`.
"""

from __future__ import annotations

import contextlib
import hashlib
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

PATIENCE = 60  # seconds until a test gives up waiting: what happens in time ends the wait at once

Answer = Callable[["Handler"], None]


class Asked(NamedTuple):
    """One request as it came in; header names are lower-case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one write for head and body
    server: Server

    def do_GET(self) -> None:
        site = self.server.site
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        site.requests.append(Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        site.find(self.path)(self)
        self.wfile.flush()

    do_POST = do_HEAD = do_GET

    def answer(self, status: int, headers: Mapping[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304 and "Transfer-Encoding" not in headers and "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 304 and self.command != "HEAD":
            self.wfile.write(body)

    def pour(self, parts: Iterator[bytes], *, pause: float = 0.0) -> None:
        """Write until the parts end, the reader leaves or the site closes."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            for part in parts:
                self.wfile.write(part)
                self.wfile.flush()
                if self.server.site.closing.wait(pause):
                    return

    def log_message(self, format: str, *args: object) -> None:
        """Silence: the site keeps `requests`."""


class Server(ThreadingHTTPServer):
    daemon_threads = False  # joined at the end: no test leaves a thread or a socket behind
    request_queue_size = 128
    site: Site

    def __init__(self, address: tuple[str, int], tls: ssl.SSLContext | None) -> None:
        super().__init__(address, Handler)
        self.tls, self.open, self.accepted = tls, set[socket.socket](), 0

    def finish_request(self, request: socket.socket, client_address: object) -> None:  # in the connection's own thread
        if self.tls is not None:
            request = self.tls.wrap_socket(request, server_side=True)
        self.open.add(request)
        self.accepted += 1
        try:
            super().finish_request(request, client_address)
        finally:
            self.open.discard(request)
            request.close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Readers that hang up, or mistrust our certificate, are part of the tests."""

    def hang_up(self) -> None:
        for connection in list(self.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Site:
    """A publisher. Paths are matched with their query; an unknown one answers 404."""

    def __init__(self, host: str = "127.0.0.1", *, name: str = "", tls: bool = False, port: int = 0) -> None:
        self.requests: list[Asked] = []
        self.closing = threading.Event()
        self._host, self._name, self._port, self._tls = host, name, port, tls
        self._pages: dict[str, Answer] = {}
        self._waits: list[threading.Event] = []

    def __enter__(self) -> Site:
        context = server_tls(self._host, self._name) if self._tls else None
        self._server = Server((self._host, self._port), context)
        self._server.site = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.closing.set()
        for wait in self._waits:
            wait.set()
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()

    # ---- where it is

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def host(self) -> str:
        return self._name or self._host

    @property
    def names(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return ((self._name, (self._host,)),) if self._name else ()

    @property
    def ca(self) -> str:
        """The file with the authority that signed the certificate."""
        return ca_file()

    @property
    def connections(self) -> int:
        """How many connections were opened so far."""
        return self._server.accepted

    def url(self, path: str = "/") -> str:
        return f"{'https' if self._tls else 'http'}://{self.host}:{self.port}{path}"

    def asked(self, path: str) -> list[Asked]:
        return [asked for asked in self.requests if asked.path == path]

    def wait_for(self, path: str, *, times: int = 1, by: subprocess.Popen[str] | None = None) -> None:
        """Wait until a path was asked for so many times; fails if nobody does, or as soon as `by` has ended."""
        until = time.monotonic() + PATIENCE
        while len(self.asked(path)) < times:
            assert by is None or by.poll() is None, f"ended with {by.returncode} before it asked for {path}"
            assert time.monotonic() < until, f"{path} was asked for {len(self.asked(path))} times, not {times}"
            self.closing.wait(0.01)

    # ---- what it says

    def find(self, path: str) -> Answer:
        return self._pages.get(path, lambda handler: handler.answer(404, {"Content-Type": "text/plain"}, b"not found"))

    def publish(
        self,
        path: str,
        body: str | bytes = b"",
        *,
        type: str = "text/html; charset=utf-8",
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        etag: bool = True,
    ) -> None:
        """Put a page up, or another in its place; with `etag` a reader who has it already gets 304."""
        content = body.encode() if isinstance(body, str) else body
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        head = {"Content-Type": type, **({"ETag": tag} if etag and status == 200 else {}), **(headers or {})}

        def answer(handler: Handler) -> None:
            if "ETag" in head and handler.headers.get("If-None-Match") == head["ETag"]:
                handler.answer(304, {"ETag": head["ETag"]})
            else:
                handler.answer(status, head, content)

        self._pages[path] = answer

    def remove(self, path: str) -> None:
        """Take a page down: 404 from now on."""
        self._pages.pop(path, None)

    def redirect(self, path: str, to: str, *, status: int = 302, headers: Mapping[str, str] | None = None) -> None:
        self._pages[path] = lambda handler: handler.answer(status, {"Location": to, **(headers or {})})

    def answer(self, path: str, answer: Answer) -> None:
        """Let a function answer; for everything that has no name here."""
        self._pages[path] = answer

    # ---- how it misbehaves

    def slow(self, path: str, seconds: float) -> threading.Event:
        """Answer only after `seconds`, or as soon as the returned event is set; then with what was there before."""
        before, wake = self.find(path), threading.Event()

        def answer(handler: Handler) -> None:
            wake.wait(seconds)
            with contextlib.suppress(OSError):
                before(handler)

        self._pages[path] = answer
        self._waits.append(wake)
        return wake

    def drop(self, path: str, *, after: bytes = b"") -> None:
        """Hang up instead of answering, or after these raw bytes."""

        def answer(handler: Handler) -> None:
            handler.pour(iter([after] if after else []))

        self._pages[path] = answer

    def drip(self, path: str, *, pause: float = 0.02) -> None:
        """A body that comes one byte at a time and never ends."""
        self._pages[path] = lambda handler: (
            handler.answer(200, {"Content-Length": "1000000"}),
            handler.pour(iter(lambda: b".", b""), pause=pause),
        )[0]

    def drip_headers(self, path: str, *, pause: float = 0.02) -> None:
        """A header that comes one byte at a time and never ends."""
        self._pages[path] = lambda handler: handler.pour(_after(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"), pause=pause)

    def endless(self, path: str) -> None:
        """A body that never ends, as fast as it is read."""
        self._pages[path] = lambda handler: (
            handler.answer(200, {"Content-Type": "text/html", "Connection": "close", "Content-Length": "1" + "0" * 12}),
            handler.pour(iter(lambda: b"x" * 65536, b"")),
        )[0]

    def endless_headers(self, path: str) -> None:
        """Header lines that never end, as fast as they are read."""
        self._pages[path] = lambda handler: handler.pour(_after(b"HTTP/1.1 200 OK\r\n", b"X-More: more\r\n" * 1000))

    def gzip_bomb(self, path: str, *, megabytes: int = 100) -> None:
        """A few hundred KB that unpack to `megabytes`."""
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        packed = b"".join([packer.compress(bytes(1_000_000)) for _ in range(megabytes)] + [packer.flush()])
        self.publish(path, packed, headers={"Content-Encoding": "gzip"}, etag=False)


def _after(first: bytes, then: bytes) -> Iterator[bytes]:
    yield first
    while True:
        yield then


# ---------------------------------------------------------------------------------------------- certificates


@lru_cache(maxsize=1)
def _authority() -> object:
    import trustme

    return trustme.CA()


@lru_cache(maxsize=1)
def ca_file() -> str:
    """The test authority, as a file that settings can name."""
    path = Path(tempfile.mkdtemp(prefix="regwatch-ca-")) / "ca.pem"
    _authority().cert_pem.write_to_path(str(path))  # type: ignore[attr-defined]
    return str(path)


def server_tls(*names: str) -> ssl.SSLContext:
    """A server's context with a certificate for these names and addresses."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _authority().issue_cert(*filter(None, names)).configure_cert(context)  # type: ignore[attr-defined]
    return context
