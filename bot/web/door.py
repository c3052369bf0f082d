"""A door is a route with its rule; what stands behind it is called only when the rule lets somebody in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qsl, quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.app import App
from bot.errors import OperatorError
from bot.grammar import FILTER_KEYS, filters
from bot.model import Filters
from bot.web.access import Access, Reader, Rule
from bot.web.guard import body_of
from bot.web.lately import AGE, Lately
from bot.web.shelf import Shelf

FORM_LIMIT = 32_000  # bytes
FIELDS = 60
DIGITS = 15  # of a number in an address; more than a store will ever hold


@dataclass(frozen=True)
class Visit:
    """One request with who asks; what a page is made from."""

    app: App
    access: Access
    shelf: Shelf
    lately: Lately
    request: Request
    reader: Reader
    form: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] = lambda: True

    def path(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params[name])

    def asked(self, name: str, default: str = "") -> str:
        """A value of the query, cut to what anybody would type."""
        return self.request.query_params.get(name, default)[:500].strip()

    def number(self, name: str) -> int:
        """A number in the address; whatever else stands there is no page of ours."""
        return as_number(self.path(name))

    def asked_number(self, name: str) -> int:
        """A number in the query, 0 when there is none."""
        return as_number(self.asked(name)) if self.asked(name) else 0

    def filters(self) -> Filters:
        """The filters that the query asks for, by the keys of the grammar; raises HTTPException 400."""
        words = [
            f"{key}:{value[:200]}"
            for key, value in self.request.query_params.multi_items()
            if key in FILTER_KEYS and key != "words" and value.strip()
        ]
        try:
            return filters(words)
        except OperatorError as error:
            raise HTTPException(400, str(error)) from error

    def as_of(self, filters: Filters) -> str:
        """The sentence at the foot of an answer; what it says of the last looks may be some seconds old."""
        ids, places = filters.sources, filters.jurisdictions
        return self.lately.answer(
            ("as of", ids, places), lambda: self.app.as_of(source_ids=ids, jurisdictions=places), seconds=AGE
        )

    @property
    def base(self) -> str:
        """Where readers reach us, without a closing slash."""
        public = self.app.settings.public_url.rstrip("/")
        return public or f"{self.request.url.scheme}://{self.request.url.netloc}"


Answer = Callable[[Visit], Response]


class Door(NamedTuple):
    """A route: its path, what answers, and its rule, which has no default. `foreign`: forms of others may come here."""

    path: str
    answer: Answer
    rule: Rule
    methods: tuple[str, ...] = ("GET",)
    foreign: bool = False
    plain: bool = False  # for programs: refusals are no pages


def as_number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS):
        raise HTTPException(404)
    return int(text)


def route(
    door: Door, *, app: App, access: Access, shelf: Shelf, lately: Lately, ready: Callable[[], bool]
) -> Route:
    """The route of a door; whoever comes is looked at first."""

    async def answer(request: Request) -> Response:
        form = await _form(request) if request.method == "POST" else {}
        return await asyncio.to_thread(admitted, request, form)

    def admitted(request: Request, form: Mapping[str, str]) -> Response:
        visit = Visit(app, access, shelf, lately, request, access.reader(request), form, ready)
        request.state.visit = visit  # for the pages that say why there is no answer
        _check(visit, door)
        return door.answer(visit) if access.is_admitted(visit.reader, door.rule, request) else _refusal(visit, door)

    answer.rule = door.rule  # type: ignore[attr-defined]  # what the test that walks the router looks for
    return Route(door.path, answer, methods=list(door.methods))


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form; the first of each name."""
    body = await body_of(request.receive, limit=FORM_LIMIT)
    if body is None:
        raise HTTPException(413)
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=FIELDS)
    except ValueError as error:  # no UTF-8, too many fields
        raise HTTPException(400, "This is no form of ours.") from error
    return dict(reversed(pairs))


def _check(visit: Visit, door: Door) -> None:
    """Raises HTTPException for what comes too fast, and for forms that are not ours."""
    if not door.foreign and visit.access.is_too_much(visit.request, visit.reader):
        raise HTTPException(429, headers={"Retry-After": "10"})
    if visit.request.method != "POST" or door.foreign:
        return
    if not visit.access.is_from_here(visit.request):
        raise HTTPException(403, "This form was sent from another site.")
    if door.rule is not Rule.SECRET and not visit.access.is_ours(
        visit.request, visit.reader, visit.form.get("form", "")
    ):
        raise HTTPException(403, "This form is too old, or your browser keeps no cookies. Please load the page again.")


def _refusal(visit: Visit, door: Door) -> Response:
    """How to come in, for those who are not."""
    if door.plain:
        raise HTTPException(401, headers={"WWW-Authenticate": 'Bearer realm="RegWatch"'})
    if visit.reader.may_read:
        raise HTTPException(403, "A link from Slack opens the pages for reading; this needs the token.")
    if not visit.access.has_login or visit.request.method not in ("GET", "HEAD"):
        raise HTTPException(403, _WAYS_IN[visit.access.has_links])
    here = visit.request.url.path + (f"?{visit.request.url.query}" if visit.request.url.query else "")
    return RedirectResponse(f"/login?next={quote(here, safe='/')}", 303)


_WAYS_IN = {
    False: "These pages answer on the machine itself only, or to those who know REGWATCH_WEB_TOKEN, which is not set.",
    True: "Ask for a link with /reg web in Slack; it opens these pages for twelve hours.",
}
