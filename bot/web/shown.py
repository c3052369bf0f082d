"""Pages from templates: scraped text is cleaned and escaped, words and days read the same everywhere."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from bot.grammar import asked_words
from bot.jurisdictions import name_of
from bot.messages import clean
from bot.model import Filters
from bot.web.access import NOBODY
from bot.web.door import Visit
from bot.web.guard import STYLE

PAGES = (
    ("/", "Overview"), ("/search", "Changes"), ("/state", "State of play"), ("/upcoming", "Dates ahead"),
    ("/health", "Coverage"), ("/subscriptions", "Subscriptions"),
)  # fmt: skip
_SECTIONS = {"change": "/search", "source": "/health"}


def _finalized(value: object) -> object:
    """Whatever a template prints: text without controls and direction overrides; autoescaping comes after.

    All that is cleaned away is unprintable (Unicode categories Cc, Cf, Cs, Zl, Zp), and most text is not.
    """
    if type(value) is str:
        return value if value.isprintable() else clean(value)
    return "" if value is None else value


_pages = Environment(
    loader=PackageLoader("bot.web"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=_finalized,
    auto_reload=False,  # packaged with the code: nobody edits them while they are served
)


def page(name: str, visit: Visit | None = None, *, status: int = 200, **values: object) -> Response:
    """A page of ours; with a visit, its forms carry what shows that they are ours."""
    cookie = ""
    if visit is not None:
        visit_name = visit.request.cookies.get(visit.access.form_cookie, "")
        if not visit.reader.secret and not visit_name and values.get("has_form"):
            cookie = visit_name = secrets.token_urlsafe(18)
        values |= {"visit": visit, "form_token": visit.access.form_token(visit.reader, visit_name)}
    path = visit.request.url.path if visit else ""
    html = _pages.get_template(name).render(status=status, here=_here(path), **values)
    response = HTMLResponse(html, status)
    if cookie and visit is not None:
        response.set_cookie(
            visit.access.form_cookie, cookie, httponly=True, samesite="strict", secure=visit.access.secure
        )
    return response


def unchanging(response: Response, visit: Visit, *, seconds: int = 3600) -> Response:
    """A page whose subject never changes: the reader's browser may keep it, and asks with its ETag afterwards."""
    tag = f'"{sha256(bytes(response.body)).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": f"private, max-age={seconds}", "Vary": "Cookie"}
    asked = visit.request.headers.get("if-none-match", "")
    if tag in {one.strip().removeprefix("W/") for one in asked.split(",")}:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response


def words(status: int, *, title: str, sentence: str, visit: Visit | None = None) -> Response:
    """A page that says one thing."""
    return page("words.html", visit, status=status, title=title, sentence=sentence)


def _here(path: str) -> str:
    """Which of the pages in the header this one belongs to."""
    first = path.split("/")[1] if path.count("/") else ""
    return _SECTIONS.get(first, f"/{first}")


# ------------------------------------------------------------------------------------------------ words and days


_MONTHS = ["", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def day(when: date | datetime | None) -> Markup:
    """22 Nov 2026."""
    if when is None:
        return Markup('<span class="dim">never</span>')
    plain = when.date() if isinstance(when, datetime) else when
    return Markup(f'<time datetime="{plain.isoformat()}">{plain.day} {_MONTHS[plain.month]} {plain.year}</time>')  # nosec B704  # our own digits


def moment(when: datetime | None) -> Markup:
    """22 Nov 2026, 09:00 UTC."""
    if when is None:
        return Markup('<span class="dim">never</span>')
    text = f"{when.day} {_MONTHS[when.month]} {when.year}, {when.hour:02}:{when.minute:02} UTC"
    return Markup(f'<time datetime="{when.isoformat(timespec="seconds")}">{text}</time>')  # nosec B704  # our own digits


def in_days(number: int) -> str:
    """How far a day is from today, in words."""
    usual = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if number in usual:
        return usual[number]
    return f"in {number} days" if number > 0 else f"{-number} days ago"


def size(number: int) -> str:
    """Bytes as people read them."""
    if number < 10_000:
        return f"{number:,} bytes"
    return f"{number / 1_000:,.0f} KB" if number < 1_000_000 else f"{number / 1_000_000:,.1f} MB"


def corridor(pair: Sequence[str]) -> str:
    """China → anywhere."""
    return " → ".join("anywhere" if end == "*" else name_of(end) for end in pair)


def pairs_of(filters: Filters) -> list[tuple[str, str]]:
    """Filters as the pairs of a query."""
    return [(key, value) for key, _, value in (word.partition(":") for word in asked_words(filters))]


def query(pairs: Sequence[tuple[str, object]] | Mapping[str, object]) -> str:
    """The query of an address, without empty values."""
    given = pairs.items() if isinstance(pairs, Mapping) else pairs
    kept = [(key, str(value)) for key, value in given if value not in ("", None, 0)]
    return f"?{urlencode(kept)}" if kept else ""


def plain(code: str) -> str:
    """in_force -> in force."""
    return code.replace("_", " ")


def cap(text: str) -> str:
    """The same with a capital in front."""
    return text[:1].upper() + text[1:]


_CAUSES = {
    "baseline": "already there at the first look", "source": "amended at its source", "new": "a new document",
    "edition": "the next edition", "extractor": "read anew by us", "gone": "no longer at its address",
}  # fmt: skip
_KINDS = {
    "effective": "In force", "deadline": "Deadline", "transition_end": "Transition ends", "expires": "Expires",
    "review_due": "Review due", "published": "Published",
}  # fmt: skip


def _globals() -> dict[str, Any]:
    return {
        "style": Markup(STYLE),  # nosec B704  # ours, and its hash is in the policy
        "pages": PAGES,
        "name_of": name_of,
        "day": day,
        "moment": moment,
        "in_days": in_days,
        "corridor": corridor,
        "causes": _CAUSES,
        "kinds": _KINDS,
        "nobody": NOBODY,
        "query": query,
    }


_pages.globals.update(_globals())
_pages.filters.update({"cap": cap, "plain": plain, "size": size})
_pages.tests["web_address"] = lambda url: urlsplit(url).scheme in {"http", "https"}


def fragment(name: str, **values: object) -> str:
    """A part of a page that may be kept."""
    return Markup(_pages.get_template(name).render(**values))  # nosec B704  # autoescaped
