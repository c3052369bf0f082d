"""What a local publisher serves: a Page, made for a Moment of the story, from prose in text files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import NamedTuple

HAN = "〇一二三四五六七八九"


class Moment(NamedTuple):
    """When a page is asked for."""

    day: int  # of the story, the first look is on day 0
    today: date
    asked: int  # requests to this publisher so far: drives visitor counters, clocks and nonces
    base: str  # address of the publisher without the closing slash

    def since(self, day: int) -> bool:
        """Whether a day of the story has come."""
        return self.day >= day

    def date_of(self, day: int) -> date:
        """The date of a day of the story; negative days lie before it."""
        return self.today + timedelta(days=day - self.day)

    @property
    def clock(self) -> str:
        """The publisher's own clock, a little later at every request."""
        return f"{9 + self.asked // 60 % 9:02}:{self.asked % 60:02}:{self.asked * 17 % 60:02}"

    @property
    def nonce(self) -> str:
        """A token that is never the same twice."""
        return hashlib.sha256(f"{self.base}{self.day}/{self.asked}".encode()).hexdigest()[:32]


class Page(NamedTuple):
    """One answer. A steady page has an ETag and may answer 304; others change a little at every request."""

    body: bytes
    type: str = "text/html; charset=utf-8"
    status: int = 200
    steady: bool = False


class Publisher(NamedTuple):
    """One site: its host name, its part of sources.toml (with {base}), and what it serves at a moment, by path."""

    host: str
    sources: str
    site: Callable[[Moment], Mapping[str, Page]]
    later: tuple[tuple[int, str], ...] = ()  # declarations that the operator adds on a day of the story

    def declared(self, day: int) -> str:
        """What sources.toml says of this publisher on a day of the story; it only grows."""
        return self.sources + "".join(added for since, added in self.later if day >= since)


@cache
def prose(name: str) -> tuple[str, ...]:
    """The lines of prose/NAME.txt; "# " opens a chapter heading."""
    return tuple(resources.files("bot.demo").joinpath("prose", f"{name}.txt").read_text("utf-8").splitlines())


def entries(name: str) -> tuple[list[str], ...]:
    """The lines of a list, cut at the bars."""
    return tuple(line.split("|") for line in prose(name))


def chapters(lines: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    """Headings with the paragraphs under them."""
    heading, under = "", list[str]()
    for line in lines:
        if line.startswith("# "):
            if under:
                yield heading, under
            heading, under = line.removeprefix("# "), []
        else:
            under.append(line)
    yield heading, under


def han(number: int) -> str:
    """A number below 100 in Han numerals: 24 is 二十四."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else HAN[tens] + "十") + (HAN[ones] if ones or not tens else "")


def chinese_date(day: date) -> str:
    """A date as ministries print it: 2025年9月8日."""
    return f"{day.year}年{day.month}月{day.day}日"
