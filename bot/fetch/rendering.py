"""`python -m bot.fetch.rendering`: one page in a browser whose every request is answered here.

In: an Order (MessagePack). Out: an Answer. No stealth: the browser bears our own name, and challenges are not solved.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

import msgspec

from bot.errors import FetchError
from bot.fetch.browser import Answer, Order
from bot.fetch.fetcher import Fetcher
from bot.fetch.robots import allows
from bot.fetch.settings import FetchSettings
from bot.model import Source

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, Route

LOADING = 15.0  # seconds for the page and its scripts
IDLE = 8.0  # seconds for what the scripts then ask for; after that the page is read as it stands
MOST_REQUESTS = 80
METHODS = frozenset({"GET", "POST"})
FETCHED = frozenset({"script", "xhr", "fetch"})  # what fills a page; a reader of texts needs no pictures, no fonts
EMPTY = {"stylesheet": "text/css"}  # scripts may wait for these, nobody looks at them
DROPPED = frozenset({"host", "user-agent", "cookie", "connection", "content-length", "accept-encoding"})
UNPACKED = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"})
# A page that gets around our answers (WebRTC, prefetching, the browser's own errands) finds a closed door.
NOWHERE = "http://127.0.0.1:9"  # discard, RFC 863
SWITCHES = (
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--dns-prefetch-disable",
    "--no-pings",
)
DOM = """() => {
    for (const one of document.querySelectorAll('script, noscript, template')) one.remove();
    return '<!doctype html>\\n' + document.documentElement.outerHTML;
}"""


class Gate:
    """Answers what the page asks for, from our side of the guard, and counts."""

    def __init__(self, order: Order, fetcher: Fetcher) -> None:
        self._order, self._fetcher = order, fetcher
        self._room = order.settings.max_bytes
        self.opened, self.asked, self.refused = False, 0, 0

    def __call__(self, route: Route) -> None:
        request = route.request
        if request.is_navigation_request():
            self._open(route)
        elif request.resource_type in EMPTY:
            route.fulfill(status=200, body="", content_type=EMPTY[request.resource_type])
        elif request.resource_type in FETCHED:
            self._fetch(route, request)
        else:
            route.abort()

    def _open(self, route: Route) -> None:
        """The page itself, once: frames and pages that the scripts would move on to are not what was declared."""
        if self.opened:
            route.abort()
            return
        self.opened, page = True, self._order.page
        headers = {name: value for name, value in page.headers if name not in UNPACKED}
        route.fulfill(status=page.status, headers=headers, body=page.body)

    def _fetch(self, route: Route, request: Request) -> None:
        try:
            if self.asked >= MOST_REQUESTS or request.method not in METHODS or self._room <= 0:
                raise FetchError("too large", "the page asks for too much")
            self.asked += 1
            answer = self._fetcher.get(_source(request, ipv4=self._order.ipv4), allowed=self._allowed)
        except FetchError:
            self.refused += 1
            route.abort()
            return
        self._room -= len(answer.body)
        headers = {name: value for name, value in answer.headers if name not in UNPACKED}
        route.fulfill(status=answer.status, headers=headers, body=answer.body)

    def _allowed(self, url: str) -> bool:
        """What the page's own host forbids robots, its scripts may not fetch for us either."""
        same = _origin(url) == _origin(self._order.page.final_url)
        return not same or allows(self._order.robots, url, self._order.settings.user_agent)


def _origin(url: str) -> str:
    return "/".join(url.split("/", 3)[:3]).lower()


def _source(request: Request, *, ipv4: bool) -> Source:
    """A request of the page as one of ours: its own headers, our name, no cookies."""
    kept = (
        (name, value)
        for name, value in request.headers.items()
        if name not in DROPPED and not name.startswith(("sec-", ":")) and value.isprintable() and value.isascii()
    )
    body = request.post_data or "" if request.method == "POST" else ""
    return Source("request", request.url, method=request.method, headers=tuple(kept), body=body, ipv4=ipv4)


def rendered(order: Order) -> Answer:
    """The DOM of the page once it is quiet, or why there is none."""
    from playwright.sync_api import Error, sync_playwright

    try:
        with Fetcher(order.settings) as fetcher, sync_playwright() as playwright:
            chromium = _launched(playwright, order.browser, order.settings)
            try:
                return _read(chromium, order, Gate(order, fetcher))
            finally:
                chromium.close()
    except Error as error:
        return Answer(cause="unreadable", detail=f"the browser broke down: {str(error).splitlines()[0][:200]}")


def _launched(playwright: Playwright, path: str, settings: FetchSettings) -> Browser:
    return playwright.chromium.launch(
        executable_path=path,
        args=list(SWITCHES),
        proxy={"server": NOWHERE},
        chromium_sandbox=os.geteuid() != 0,  # Chromium has no sandbox for root
        timeout=LOADING * 1000,
    )


def _read(chromium: Browser, order: Order, gate: Gate) -> Answer:
    context = chromium.new_context(
        user_agent=order.settings.user_agent, service_workers="block", accept_downloads=False, locale="en"
    )
    page = _page(context, gate)
    _settle(page, order.page.final_url)
    body = str(page.evaluate(DOM)).encode("utf-8", "replace")
    if len(body) > order.settings.max_bytes:
        return Answer(cause="too large", detail=f"the rendered page has more than {order.settings.max_bytes} bytes")
    note = f"Chromium {chromium.version}; {gate.asked} requests, {gate.refused} refused"
    return Answer(body, note)


def _page(context: BrowserContext, gate: Callable[[Route], None]) -> Page:
    page = context.new_page()
    context.route("**/*", gate)
    context.route_web_socket("**/*", lambda socket: socket.close())
    context.on("page", _close)  # pop-ups
    return page


def _close(page: Any) -> None:
    page.close()


def _settle(page: Page, url: str) -> None:
    """Wait until nothing more comes; a page that is never quiet is read as it stands."""
    from playwright.sync_api import TimeoutError as Late

    until = monotonic() + LOADING + IDLE
    for state, seconds in (("load", LOADING), ("networkidle", IDLE)):
        try:
            left = min(seconds, until - monotonic()) * 1000
            if state == "load":
                page.goto(url, timeout=left, wait_until="load")
            else:
                page.wait_for_load_state("networkidle", timeout=left)
        except Late:
            continue


def main() -> None:
    order = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Order)
    sys.stdout.buffer.write(msgspec.msgpack.encode(rendered(order)))


if __name__ == "__main__":
    main()
