"""Changes as Atom (RFC 4287) and JSON Feed 1.1 (jsonfeed.org), dates ahead as iCalendar: one per filter."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from hashlib import sha256
from xml.etree import ElementTree as xml  # nosec B405  # writes only

from starlette.responses import Response

from bot.grammar import asked_words
from bot.messages import clean
from bot.web.access import Rule
from bot.web.door import Door, Visit
from bot.web.entries import Entry
from bot.web.search import found, question
from bot.web.shown import query

LIMIT = 50
ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 §2.2


def atom(visit: Visit) -> Response:
    entries, title = _entries(visit)
    feed = xml.Element("feed", {"xmlns": ATOM})
    _add(feed, "id", f"{visit.base}/feed.atom{_asked(visit)}")
    _add(feed, "title", title)
    _add(feed, "updated", _stamp(entries, visit))
    _link(feed, f"{visit.base}/feed.atom{_asked(visit)}", rel="self", kind="application/atom+xml")
    _link(feed, f"{visit.base}/search{_asked(visit)}")
    _add(xml.SubElement(feed, "author"), "name", "RegWatch")
    for one in entries:
        feed.append(_entry(one, visit))
    content = xml.tostring(feed, encoding="utf-8", xml_declaration=True)
    return _kept(Response(content, media_type="application/atom+xml"), visit)


def _entry(one: Entry, visit: Visit) -> xml.Element:
    entry = xml.Element("entry")
    _add(entry, "id", f"{visit.base}/change/{one.number}")
    _add(entry, "title", _title(one))
    _add(entry, "updated", f"{one.at:%Y-%m-%dT%H:%M:%SZ}")
    _link(entry, f"{visit.base}/change/{one.number}")
    for place in one.jurisdictions:
        xml.SubElement(entry, "category", {"term": place})
    _add(entry, "summary", _summary(one))
    return entry


def _add(parent: xml.Element, name: str, text: str) -> None:
    xml.SubElement(parent, name).text = _NOT_XML.sub("", clean(text))


def _link(parent: xml.Element, url: str, *, rel: str = "alternate", kind: str = "text/html") -> None:
    xml.SubElement(parent, "link", {"rel": rel, "type": kind, "href": url})


def json_feed(visit: Visit) -> Response:
    entries, title = _entries(visit)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": f"{visit.base}/search{_asked(visit)}",
        "feed_url": f"{visit.base}/feed.json{_asked(visit)}",
        "language": "en",
        "items": [_item(one, visit) for one in entries],
    }
    content = json.dumps(feed, ensure_ascii=False).encode("utf-8", "replace")
    return _kept(Response(content, media_type="application/feed+json"), visit)


def _item(one: Entry, visit: Visit) -> dict[str, object]:
    return {
        "id": f"{visit.base}/change/{one.number}",
        "url": f"{visit.base}/change/{one.number}",
        "title": _title(one),
        "content_text": _summary(one),
        "date_published": f"{one.at:%Y-%m-%dT%H:%M:%SZ}",
        "tags": [*one.jurisdictions, *filter(None, [one.level, one.stage])],
    }


def _entries(visit: Visit) -> tuple[list[Entry], str]:
    asked = question(visit)
    said = " ".join([*([asked.words] if asked.words else []), *asked_words(asked.filters)])
    entries = visit.lately.answer(("feed", *asked), lambda: found(visit, asked, before=0, limit=LIMIT))
    return entries, f"RegWatch: {said}" if said else "RegWatch"


def _asked(visit: Visit) -> str:
    """The filters, without the key that opened the feed: addresses in a feed are passed on."""
    return query(question(visit).pairs)


def _stamp(entries: Sequence[Entry], visit: Visit) -> str:
    newest = max((one.at for one in entries), default=visit.app.clock())
    return f"{newest:%Y-%m-%dT%H:%M:%SZ}"


def _title(one: Entry) -> str:
    return f"{one.publisher}: {one.headline}" if one.publisher else one.headline


def _summary(one: Entry) -> str:
    """The verdict in words; uncertain is said to be so."""
    facts = [one.level, one.verdict.replace("_", " "), one.stage.replace("_", " "), ", ".join(one.jurisdictions)]
    return " · ".join(filter(None, facts)) + ". A monitoring report, not legal advice."


def calendar(visit: Visit) -> Response:
    """Dates ahead, as a calendar to subscribe to."""
    filters = visit.filters()
    name = " ".join(["RegWatch", *asked_words(filters)])
    footprint = visit.asked("footprint")
    text = visit.lately.answer(
        ("calendar", filters, footprint),
        lambda: visit.app.calendar(filters=filters, footprint=footprint, name=name),
    )
    headers = {"Content-Disposition": 'inline; filename="regwatch.ics"'}
    return _kept(Response(text.encode(), media_type="text/calendar; charset=utf-8", headers=headers), visit)


def _kept(response: Response, visit: Visit) -> Response:
    """A client that has it already gets 304 (RFC 9110 §13.1.2)."""
    tag = f'"{sha256(bytes(response.body)).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, max-age=300"}
    if visit.request.headers.get("if-none-match", "").removeprefix("W/") == tag:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response


DOORS = (
    Door("/feed.atom", atom, Rule.FEED, plain=True),
    Door("/feed.json", json_feed, Rule.FEED, plain=True),
    Door("/calendar.ics", calendar, Rule.FEED, plain=True),
)
