"""A fictional trade representative: a press list with item pages, and a yearly report that is redesigned one day and
has a next edition."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from bot.demo.page import Moment, Page, Publisher, chapters, entries, prose
from bot.demo.story import PRESS, REDESIGN, REPORT

PLACES = {"china": "China", "hong_kong": "Hong Kong", "macau": "Macau", "taiwan": "Taiwan"}
CODES = {"china": "CN", "hong_kong": "HK", "macau": "MO", "taiwan": "TW"}
NEXT = ("china", "taiwan")  # the chapters that the next edition opens with

NEW = (
    (
        "Trade Representative requests talks on limits to cross-border data and cloud services",
        "The request concerns rules that require foreign cloud providers to work through a domestic partner and to "
        "store personal data locally. Firms shall send evidence of harm within 30 days.",
    ),
    (
        "Trade Representative welcomes final rule on bulk transfers to cloud facilities abroad (RIN 0105-AB77)",
        "The rule of the official register bars transfers of bulk sensitive personal data to data centers that covered "
        "persons operate abroad. Firms shall end running contracts by February 1, 2026.",
    ),
    ("Agreement on geographical names of cheese signed", "The agreement protects forty names of cheese and butter."),
)

LIST = """
[us-trade-press-demo]
title = "Press releases"
authority = "Office of the Trade Representative (fictional)"
jurisdiction = "US"
url = "{base}/press-office/press-releases"
type = "list"
language = "en"
every = "24h"
items = "li.press-item"
follow = true
"""

CHAPTER = """
[us-trade-barriers-{code}-demo]
title = "Report on barriers 2025: {name}"
authority = "Office of the Trade Representative (fictional)"
jurisdiction = "US"
url = "{base}/reports/2025/barriers/{slug}.html"
type = "page"
language = "en"
every = "24h"
must_watch = true
"""

SOURCES = LIST + "".join(
    CHAPTER.format(base="{base}", code=CODES[slug].lower(), name=name, slug=slug) for slug, name in PLACES.items()
)

EDITION = """
[us-trade-barriers-{code}-2026-demo]
title = "Report on barriers 2026: {name}"
authority = "Office of the Trade Representative (fictional)"
jurisdiction = "US"
url = "{base}/reports/2026/barriers/{slug}.html"
type = "page"
language = "en"
every = "24h"
must_watch = true
succeeds = "us-trade-barriers-{code}-demo"
"""

EDITIONS = "".join(
    EDITION.format(base="{base}", code=CODES[slug].lower(), name=PLACES[slug], slug=slug) for slug in NEXT
)

FRAME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title} | Trade Representative (fictional)</title>
<script nonce="{nonce}">window.dataLayer = [];</script></head>
<body><a class="skip-link" href="#main">Skip to main content</a>
<header><p>FICTIONAL PUBLISHER: written for a demonstration, not a website of any government.</p>
<nav><a href="/">Home</a> <a href="/press-office/press-releases">Press</a> <a href="/reports/">Reports</a></nav>
</header>
<main id="main">{content}</main>
<footer><p>Trade Representative (fictional)</p><a href="/privacy">Privacy</a></footer></body></html>
"""


def site(moment: Moment) -> Mapping[str, Page]:
    """The press list with its items, and the chapters of the report."""
    releases = tuple(press(moment))
    pages = {path: release(moment, title, text, when) for path, title, text, when in releases}
    reports = {f"/reports/{year}/barriers/{slug}.html": chapter(moment, slug, year=year) for year, slug in out(moment)}
    return pages | reports | {"/press-office/press-releases": press_list(moment, releases)}


def frame(moment: Moment, title: str, content: str) -> Page:
    return Page(FRAME.format(title=title, content=content, nonce=moment.nonce).encode())


# ------------------------------------------------------------------------------------------------ press


def press(moment: Moment) -> Iterator[tuple[str, str, str, date]]:
    """What the list shows, newest first: path, title, text, date."""
    for title, text in NEW if moment.since(PRESS) else ():
        yield address(title), title, text, moment.date_of(PRESS)
    for number, (title, text) in enumerate(entries("press")):
        yield address(title), title, text, moment.date_of(-3 - 4 * number)


def address(title: str) -> str:
    slug = "-".join("".join(letter if letter.isalnum() else " " for letter in title.lower()).split()[:8])
    return f"/press-office/press-releases/2025/{slug}"


def press_list(moment: Moment, releases: tuple[tuple[str, str, str, date], ...]) -> Page:
    rows = "\n".join(
        f'<li class="press-item"><time datetime="{when}">{day(when)}</time> <a href="{path}">{title}</a></li>'
        for path, title, _, when in releases
    )
    return frame(moment, "Press releases", f"<h1>Press releases</h1><ul>\n{rows}\n</ul>")


def day(when: date) -> str:
    return f"{when:%B} {when.day}, {when.year}"


def release(moment: Moment, title: str, text: str, when: date) -> Page:
    content = f'<h1>{title}</h1><p class="date">Published on {day(when)}</p><p>{text}</p>'
    return frame(moment, title, content)


# ------------------------------------------------------------------------------------------------ report


def out(moment: Moment) -> Iterator[tuple[int, str]]:
    """The year and the place of each chapter that is out; editions stay where they are."""
    yield from ((2025, slug) for slug in PLACES)
    yield from ((2026, slug) for slug in NEXT if moment.since(REPORT))


def chapter(moment: Moment, slug: str, *, year: int) -> Page:
    """One chapter: as tables and fonts before the redesign, as sections after it; the text is the same."""
    title = f"Report on barriers {year}: {PLACES[slug]}"
    name = f"report_{slug}" if year == 2025 else f"report_{slug}_{year}"
    draw: Callable[[str, list[str]], str] = modern if moment.since(REDESIGN) else old
    sections = "\n".join(draw(heading, lines) for heading, lines in chapters(prose(name)))
    if not moment.since(REDESIGN):
        return frame(moment, title, f"<table width=100%><tr><td><h1>{title}</h1>{sections}</td></tr></table>")
    return frame(moment, title, f'<article class="report"><h1 class="title">{title}</h1>{sections}</article>')


def old(heading: str, lines: list[str]) -> str:
    paragraphs = "".join(f"<p><font face=Georgia size=3>{line}</font></p>" for line in lines)
    return f"<h2><b>{heading}</b></h2>{paragraphs}"


def modern(heading: str, lines: list[str]) -> str:
    paragraphs = "\n".join(f'  <div class="text"><p>{line}</p></div>' for line in lines)
    return f'<section aria-label="part">\n<h2><span class="mark"></span>{heading}</h2>\n{paragraphs}\n</section>'


PUBLISHER = Publisher("trade-rep.fictional.example", SOURCES, site, later=((REPORT, EDITIONS),))
