"""What is watched: a source, as it is declared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Paths:
    """Where a JSON answer keeps its items: dotted paths, `[*]` for every element, e.g. `results[*]`, `a.b`."""

    items: str = ""
    key: str = ""
    title: str = ""
    date: str = ""
    link: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A page, feed, API query or document we promised to watch. `id` is chosen by a person and outlives the URL."""

    id: str
    url: str
    title: str = ""
    authority: str = ""
    jurisdiction: str = ""
    type: str = "page"
    language: str = ""
    every: timedelta = timedelta(hours=24)
    select: tuple[str, ...] = ()  # CSS: read only these parts
    remove: tuple[str, ...] = ()  # CSS: without these parts
    ignore: tuple[str, ...] = ()  # RE2: text that never counts
    items: str = ""  # CSS selector of a list's items
    paths: Paths = Paths()  # JSON only
    follow: bool = False
    topics: tuple[str, ...] = ()
    note: str = ""
    must_watch: bool = False
    min_blocks: int = 1
    enabled: bool = True
    off_reason: str = ""
    stands_in_for: tuple[str, ...] = ()
    expect_change_every: timedelta | None = None
    expect_by: str = ""
    class_: str = "official"
    succeeds: str = ""
    method: str = "GET"
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    key: str = ""  # name of a REGWATCH_KEY_… setting
    paging: str = ""  # where the next page lies: a path in JSON, or a pattern with {n}
    pages: int = 1  # at most so many in one look
    charset: str = ""
    timezone: str = "UTC"
    window: int = 0  # how many items the list shows; 0 = unknown
    ipv4: bool = False
    render: bool = False
    spacing: float = 2.0  # seconds between two requests to its host
    concurrency: int = 1
    parent: str = ""  # a derived source names the list it came from
    since: datetime | None = None  # when a derived source was first announced
    item_key: str = ""  # the item of its list that a derived source follows
    dated: str = ""  # the day that its list gives that item, ISO
    expect_empty: str = ""  # hours in which it shows nothing, "HH:MM-HH:MM" in its time zone
    rewrite: tuple[tuple[str, str], ...] = ()  # parts of addresses that mean the same: (found, written) in item keys


class Validators(NamedTuple):
    """ETag and Last-Modified of the last good response (RFC 9110 §8.8)."""

    etag: str = ""
    last_modified: str = ""
