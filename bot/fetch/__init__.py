"""Fetching: one polite, guarded visit to one official address. The only room that knows HTTP.

settings  what a Fetcher is told          guard    which addresses may be dialled
response  what a visit brings back        dial     resolve, check, connect, keep the deadline
fetcher   the visit itself                hop      one request, and the next one of a redirect
client    httpx over guarded connections  decode   bodies, with a limit on what comes out
robots    what robots.txt allows          faults   foreign errors become FetchError
browser   pages that scripts fill          rendering  the process in which they do
"""
# ruff: noqa: E402 - what must stand before the first import of httpx

import sys

# httpx imports its own command line with itself (click, rich, pygments), which takes as long as all the rest of it.
# None stops that import (Python reference, 5.3.1), as it does for whoever did not install the extra of httpx.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

from bot.fetch.browser import browser, render
from bot.fetch.fetcher import Fetcher
from bot.fetch.guard import check, resolve
from bot.fetch.response import Response
from bot.fetch.robots import allows, crawl_delay, unreachable
from bot.fetch.settings import FetchSettings

__all__ = [
    "FetchSettings", "Fetcher", "Response", "allows", "browser", "check", "crawl_delay", "render", "resolve",
    "unreachable",
]  # fmt: skip
