"""A fictional board of data protection authorities: a news list, an Atom feed and a guidelines page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from html import escape

from bot.demo.page import Moment, Page, Publisher, chapters, entries, prose
from bot.demo.story import CONSULTATION, FINAL

WEEKS = 6  # a consultation is open for so long

SOURCES = """
[eu-board-news-demo]
title = "News"
authority = "European Board of Authorities (fictional)"
jurisdiction = "EU"
url = "{base}/news/news_en"
type = "list"
language = "en"
every = "24h"
items = "div.node--news"

[eu-board-feed-demo]
title = "Publications"
authority = "European Board of Authorities (fictional)"
jurisdiction = "EU"
url = "{base}/feed/publications.atom"
type = "feed"
language = "en"
every = "24h"
must_watch = true

[eu-board-guidelines-demo]
title = "Draft guidelines on transfers"
authority = "European Board of Authorities (fictional)"
jurisdiction = "EU"
url = "{base}/guidelines/transfers_en"
type = "page"
language = "en"
every = "24h"
"""

ADOPTED = """
[eu-board-guidelines-final-demo]
title = "Guidelines on transfers, final text"
authority = "European Board of Authorities (fictional)"
jurisdiction = "EU"
url = "{base}/guidelines/transfers-final_en"
type = "page"
language = "en"
every = "24h"
succeeds = "eu-board-guidelines-demo"
"""

FRAME = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title} | Board of Authorities (fictional)</title>
<meta name="form-build-id" content="form-{nonce}"></head><body>
<header><div>FICTIONAL: this site was written for a demonstration.</div>
<nav><a href="/">Home</a> <a href="/news/news_en">News</a></nav></header>
<main><h1>{title}</h1>
{content}
</main><footer><a href="/legal">Legal notice</a></footer></body></html>
"""


def site(moment: Moment) -> Mapping[str, Page]:
    """News, feed and guidelines; all but the news are steady and answer 304."""
    draft = guidelines("eu_guidelines", title="Draft guidelines on transfers: version for public consultation")
    final = guidelines("eu_guidelines_final", title="Guidelines on transfers: final version after public consultation")
    return {
        "/news/news_en": news(moment),
        "/feed/publications.atom": Page(feed(moment).encode(), "application/atom+xml; charset=utf-8", steady=True),
        "/guidelines/transfers_en": draft,
        **({"/guidelines/transfers-final_en": final} if moment.since(FINAL) else {}),
    }


def news(moment: Moment) -> Page:
    rows = []
    for number, (title, text) in enumerate(entries("eu_news")):
        when = moment.date_of(-2 - 9 * number)
        rows.append(
            f'<div class="node--news"><span class="date">{when.day} {when:%B %Y}</span>'
            f'<h2><a href="/news/2025/item-{40 - number}_en">{title}</a></h2><p>{text}</p></div>'
        )
    return Page(FRAME.format(title="News", content="\n".join(rows), nonce=moment.nonce).encode())


def guidelines(name: str, *, title: str) -> Page:
    """One edition of the guidelines: nothing in it moves, so it is steady."""
    number, parts = 0, list[str]()
    for heading, lines in chapters(prose(name)):
        parts.append(f"<h2>{heading}</h2>")
        for line in lines:
            number += 1
            parts.append(f"<p>{number}. {line}</p>")
    text = FRAME.format(title=title, content="\n".join(parts), nonce="steady")
    return Page(text.encode(), steady=True)


# ------------------------------------------------------------------------------------------------ feed


def publications(moment: Moment) -> Iterator[tuple[str, str, str, date]]:
    """What the feed announces, newest first: id, title, summary, date."""
    if moment.since(CONSULTATION):
        opened, closes = moment.date_of(CONSULTATION), moment.date_of(CONSULTATION + 7 * WEEKS)
        yield (
            "consultation-7",
            "Public consultation: guidelines on transfers of personal data to cloud providers in third countries",
            "The Board invites comments on draft guidelines. Controllers shall verify where cloud providers store and "
            f"access personal data. Comments may be sent until {closes.day} {closes:%B %Y}.",
            opened,
        )
    for number, (title, text) in enumerate(entries("eu_news")):
        yield f"publication-{60 - number}", title, text, moment.date_of(-2 - 9 * number)


def feed(moment: Moment) -> str:
    """An Atom feed (RFC 4287)."""
    found = tuple(publications(moment))
    items = "\n".join(
        f"<entry><id>urn:fictional:{name}</id><title>{escape(title)}</title><updated>{when}T09:00:00Z</updated>"
        f'<link href="{moment.base}/publications/{name}"/><summary>{escape(text)}</summary></entry>'
        for name, title, text, when in found
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>Publications (fictional)</title><id>{moment.base}/</id><updated>{found[0][3]}T09:00:00Z</updated>\n"
        f"{items}\n</feed>\n"
    )


PUBLISHER = Publisher("eu-board.fictional.example", SOURCES, site, later=((FINAL, ADOPTED),))
