"""A reader of the pages with a cookie jar, over real HTTP: what a browser without scripts would do."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from bot.web import Server
from bot.web import site as pages
from tests.scenes import Scene


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: str
    content: bytes

    @property
    def text(self) -> str:
        """What the page says, without its markup."""
        inside = self.body.partition("<main")[2] or self.body
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", inside)).split())


class WebReader:
    """Keeps cookies, sends forms with what they hide; follows a redirect when it is told to."""

    def __init__(self, port: int, *, host: str = "", headers: Mapping[str, str] | None = None) -> None:
        self.port, self.host = port, host or f"127.0.0.1:{port}"
        self.headers = dict(headers or {})
        self.cookies: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, b"", headers)

    def post(self, path: str, fields: Mapping[str, str] | None = None, **headers: str) -> Answer:
        sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return self._ask("POST", path, urlencode(fields or {}).encode(), sent)

    def fill(self, page: str, fields: Mapping[str, str], *, action: str = "") -> Answer:
        """Fill in the form on a page that goes to `action` (default: the page itself) and send it."""
        shown = self.get(page)
        wanted = action or page
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", shown.body, re.DOTALL):
            goes = re.search(r'action="([^"]*)"', form.partition(">")[0])
            if (unescape(goes[1]) if goes else page) == wanted:
                hidden = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form))
                return self.post(wanted, {**{name: unescape(value) for name, value in hidden.items()}, **fields})
        raise AssertionError(f"{page} has no form for {wanted}: {shown.status} {shown.text}")

    def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Host": self.host, **self.headers, **{name.replace("_", "-"): text for name, text in headers.items()}}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body=body or None, headers=sent)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        for line in response.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if not morsel.value or morsel["max-age"] == "0":
                    del self.cookies[name]
        return Answer(response.status, response.headers, content.decode("utf-8", "replace"), content)


@contextmanager
def serving(scene: Scene, *, bind: str = "127.0.0.1:0", **settings: object) -> Iterator[int]:
    """The pages of a scene; yields the port on loopback."""
    scene.app.settings = replace(scene.app.settings, bind=bind, **settings)  # type: ignore[arg-type]
    server = Server(pages(scene.app), bind=bind)
    server.start()
    try:
        yield urlsplit(server.url).port or 0
    finally:
        server.stop()
