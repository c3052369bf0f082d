"""Coming in and going out: the token, links that open once, the end of a session."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bot.app.doors import SESSION_LASTS
from bot.errors import OperatorError
from bot.web.access import Rule, address_of, local_path
from bot.web.door import Door, Visit
from bot.web.shown import page, words


def login(visit: Visit) -> Response:
    if visit.reader.may_read:
        return RedirectResponse(local_path(visit.asked("next", "/")), 303)
    return _login(visit, after=visit.asked("next", "/"))


def _login(visit: Visit, *, after: str, trouble: str = "", status: int = 200) -> Response:
    access = visit.access
    return page(
        "login.html",
        visit,
        status=status,
        has_form=access.has_login,
        has_login=access.has_login,
        has_links=access.has_links,
        after=local_path(after),
        trouble=trouble,
    )


def logged_in(visit: Visit) -> Response:
    """A new session for whoever knows the token; ten wrong ones in ten minutes, then a pause."""
    after = visit.form.get("next", "/")
    if not visit.access.guesses.admits(f"login {address_of(visit.request)}"):
        raise HTTPException(429, headers={"Retry-After": "60"})
    try:
        secret = visit.app.log_in(visit.form.get("token", ""))
    except OperatorError:
        return _login(visit, after=after, trouble="That is not the token.", status=403)
    return _entered(visit, secret, after=local_path(after))


def link(visit: Visit) -> Response:
    """Asks first: a program that looks at links before people do must not use it up."""
    return page(
        "ask.html",
        visit,
        title="Open RegWatch",
        sentence="This link opens the pages once, in this browser, for twelve hours.",
        button="Open",
    )


def opened(visit: Visit) -> Response:
    if not visit.access.guesses.admits(f"open {address_of(visit.request)}"):
        raise HTTPException(429, headers={"Retry-After": "60"})
    try:
        secret = visit.app.open_link(visit.path("token"))
    except OperatorError as error:
        return words(403, title="This link opens nothing any more", sentence=f"{error}.".capitalize(), visit=visit)
    return _entered(visit, secret, after="/")


def _entered(visit: Visit, secret: str, *, after: str) -> Response:
    """The session that came with the request, if any, ends: nobody's old cookie becomes a new session."""
    if visit.reader.secret:
        visit.app.log_out(visit.reader.secret)
    response = RedirectResponse(after, 303)
    response.set_cookie(
        visit.access.cookie,
        secret,
        max_age=int(SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=visit.access.secure,
    )
    response.delete_cookie(visit.access.form_cookie, secure=visit.access.secure, httponly=True, samesite="strict")
    return response


def logged_out(visit: Visit) -> Response:
    if visit.reader.secret:
        visit.app.log_out(visit.reader.secret)
    response = words(200, title="Logged out", sentence="This session opens nothing any more.")
    response.delete_cookie(visit.access.cookie, secure=visit.access.secure, httponly=True, samesite="lax")
    return response


DOORS = (
    Door("/login", login, Rule.ANYBODY),
    Door("/login", logged_in, Rule.ANYBODY, ("POST",)),
    Door("/open/{token}", link, Rule.SECRET),
    Door("/open/{token}", opened, Rule.SECRET, ("POST",)),
    Door("/logout", logged_out, Rule.READER, ("POST",)),
)
