"""The Wayback Machine: which captures of an address there are, and their bytes as they were captured.

Reads the CDX server and raw replay of web.archive.org, and of other archives that speak the same.
Facts: https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server (README): output=json answers with an
array of rows, the first of which names the columns; `[]` when there is nothing; collapse=digest leaves out neighbours
with the same bytes; from/to take 1 to 14 digits. `id_` behind a capture's timestamp asks for the bytes without the
archive's banner; the headers of the time come back as X-Archive-Orig-….
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import msgspec

from bot.errors import FetchError, OperatorError
from bot.fetch import Fetcher, Response, allows, unreachable
from bot.model import Source

ARCHIVE = "https://web.archive.org"
ROWS = 5_000  # rows of the index that are asked for
SPACING = 2.0  # seconds between two requests
PATIENCE = 60.0  # the longest pause that is waited for
_STAMP = re.compile(r"/web/(\d{14})id_/")
_ORIGINAL = "x-archive-orig-"
_KEPT = ("memento-datetime", "date")


@dataclass(frozen=True, slots=True)
class Capture:
    """One capture in the index: when it was taken, of which address."""

    at: datetime
    url: str

    @property
    def stamp(self) -> str:
        return f"{self.at:%Y%m%d%H%M%S}"


class Wayback:
    """One archive, asked politely: robots.txt, a pause before each request, a second try after `Retry-After`."""

    def __init__(
        self, fetcher: Fetcher, *, pause: Callable[[float], bool], address: str = ARCHIVE, spacing: float = SPACING
    ) -> None:
        self._fetcher, self._pause, self._spacing = fetcher, pause, spacing
        self.address = address.rstrip("/")
        self._robots: str | None = None

    def captures(self, url: str, *, since: datetime | None = None, until: datetime | None = None) -> list[Capture]:
        """Captures of a page that came with status 200, oldest first, neighbours of equal bytes once.

        `since` and `until` are inclusive. Raises FetchError, and OperatorError for an answer that is no index.
        """
        asked = {"url": url, "output": "json", "fl": "timestamp,original", "filter": "statuscode:200",
                 "collapse": "digest", "limit": str(ROWS)}  # fmt: skip
        bounds = {"from": since, "to": until}
        asked |= {name: f"{at:%Y%m%d%H%M%S}" for name, at in bounds.items() if at}
        answer = self._ask(f"{self.address}/cdx/search/cdx?{urlencode(asked)}", type_="json")
        if answer.status != 200:
            raise FetchError("http", f"{self.address}: the index of captures answered with status {answer.status}")
        return sorted(_rows(answer.body), key=lambda one: one.at)

    def response(self, capture: Capture) -> tuple[datetime, Response]:
        """The capture as its server sent it, and when: an archive may answer with a neighbour of what was asked.

        Whatever status it answers with is the capture's own trouble. Raises FetchError.
        """
        place = f"{self.address}/web/{capture.stamp}id_/{capture.url}"
        answer = self._ask(place)
        found = _STAMP.search(answer.final_url)
        at = _moment(found[1]) if found else capture.at
        headers = (*_headers(answer), ("content-location", answer.final_url))
        return at, replace(answer, final_url=capture.url, headers=headers, retry_after=0.0)

    # ---- asking

    def _ask(self, url: str, *, type_: str = "page") -> Response:
        source = Source("wayback", url, type=type_)
        answer = self._fetcher.get(source, allowed=self._allowed(url))
        for _ in range(2):
            if answer.status not in (429, 503) or answer.retry_after > PATIENCE:
                break
            self._pause(answer.retry_after or self._spacing)
            answer = self._fetcher.get(source, allowed=self._allowed(url))
        if answer.status == 429:
            raise FetchError("later", "the archive asked for a pause", retry_after=answer.retry_after)
        return answer

    def _allowed(self, url: str) -> Callable[[str], bool]:
        if self._robots is None:
            self._robots = self._fetcher.robots(url)
            if error := unreachable(self._robots):
                raise error
        if self._spacing > 0:
            self._pause(self._spacing)
        rules, agent = self._robots, self._fetcher.settings.user_agent
        return lambda one: not rules.strip() or allows(rules, one, agent)


def _rows(body: bytes) -> Iterator[Capture]:
    try:
        table = msgspec.json.decode(body.strip() or b"[]", type=list[list[str]])
    except msgspec.MsgspecError as error:
        raise OperatorError("the archive's index of captures is not the JSON that was asked for") from error
    columns = table[0] if table else []
    if table and not {"timestamp", "original"} <= set(columns):
        raise OperatorError("the archive's index of captures has other columns than were asked for")
    for row in table[1:]:
        values = dict(zip(columns, row, strict=False))
        if re.fullmatch(r"\d{14}", values.get("timestamp", ""), re.ASCII) and "original" in values:
            yield Capture(_moment(values["timestamp"]), values["original"])


def _moment(stamp: str) -> datetime:
    """A capture's 14 digits, UTC; a few old ones name a 60th second or a 0th day."""
    year, month, day, hour, minute, second = (int(stamp[i:j]) for i, j in _PARTS)
    start = datetime(max(year, 1), min(max(month, 1), 12), 1, tzinfo=UTC)
    return start + timedelta(days=max(day, 1) - 1, hours=hour, minutes=minute, seconds=second)


_PARTS = ((0, 4), (4, 6), (6, 8), (8, 10), (10, 12), (12, 14))


def _headers(answer: Response) -> tuple[tuple[str, str], ...]:
    """The headers of the time, under their own names; those that the archive sent of itself, but for two, go."""
    original = tuple((name[len(_ORIGINAL) :], value) for name, value in answer.headers if name.startswith(_ORIGINAL))
    packed = {"content-encoding", "transfer-encoding", "content-length"}  # the body came unpacked
    headers = tuple(pair for pair in original if pair[0] not in {*packed, *_KEPT})
    if not any(name == "content-type" for name, _ in headers):
        headers += tuple(pair for pair in answer.headers if pair[0] == "content-type")
    return headers + tuple(pair for pair in answer.headers if pair[0] in _KEPT)
