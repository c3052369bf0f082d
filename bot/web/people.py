"""Who is told what: subscriptions, the form to subscribe, confirming and leaving; keys for feed readers."""

from __future__ import annotations

from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bot import grammar
from bot.errors import OperatorError
from bot.model import Subscription
from bot.web.access import Rule, address_of
from bot.web.door import Door, Visit
from bot.web.search import choices
from bot.web.shown import page, words

MODES = (("instant", "at once"), ("digest", "once a week"), ("every", "at once, also what is not relevant"))
_KEYS = ("jurisdiction", "type", "topic", "mechanism", "corridor", "min")


class Line(NamedTuple):
    """A subscription as the list shows it."""

    number: int
    where: str
    what: str
    mode: str


def subscriptions(visit: Visit) -> Response:
    return _listed(visit)


def _listed(visit: Visit, *, said: str = "", key: str = "", status: int = 200) -> Response:
    app = visit.app
    return page(
        "subscriptions.html",
        visit,
        status=status,
        has_form=True,
        lines=[_line(one, named=visit.reader.is_operator) for one in app.subscriptions()],
        keys=app.feed_keys() if visit.reader.is_operator else [],
        key=key,
        said=said,
        may_subscribe=_may_subscribe(visit),
    )


def _line(one: Subscription, *, named: bool) -> Line:
    """With addresses for those who run the service, without for others."""
    where = f"{one.channel} {one.address}" if named or one.channel == "console" else _veiled(one)
    said = grammar.describe(one).removeprefix(f"{one.channel} {one.address}").strip()
    return Line(one.id, where, said, "waits for its confirmation" if one.mode == "asked" else one.mode)


def _veiled(one: Subscription) -> str:
    return {"email": "a reader by e-mail", "slack": "a Slack channel"}.get(one.channel, one.channel)


def end(visit: Visit) -> Response:
    """End a subscription."""
    visit.app.unsubscribe(visit.number("number"))
    return RedirectResponse("/subscriptions", 303)


# ------------------------------------------------------------------------------------------------ subscribing


def _may_subscribe(visit: Visit) -> bool:
    return visit.app.settings.web_subscribe or visit.reader.is_operator


def form(visit: Visit) -> Response:
    """The form; for visitors only where the operator allows it."""
    if not _may_subscribe(visit):
        raise HTTPException(403, "Subscribing by this form is switched off.")
    return _form(visit)


def _form(visit: Visit, *, trouble: str = "", status: int = 200) -> Response:
    return page(
        "subscribe.html",
        visit,
        status=status,
        has_form=True,
        trouble=trouble,
        choices=choices(visit),
        channels=sorted(visit.app.channels) if visit.reader.is_operator else [],
        modes=MODES,
        filled=visit.form,
    )


def subscribe(visit: Visit) -> Response:
    """Those who run the service subscribe any channel; visitors get a mail to confirm."""
    if not _may_subscribe(visit):
        raise HTTPException(403, "Subscribing by this form is switched off.")
    try:
        return _direct(visit) if visit.reader.is_operator and visit.form.get("channel") else _by_mail(visit)
    except OperatorError as error:
        return _form(visit, trouble=str(error), status=400)


def _direct(visit: Visit) -> Response:
    given = [f"{key}:{visit.form[key].strip()}" for key in (*_KEYS, "mode") if visit.form.get(key, "").strip()]
    given += visit.form.get("more", "").split()
    address = visit.form.get("address", "").strip()
    if not address:
        raise OperatorError("say the address: a channel's id, a mail address, or any name for the console")
    made = grammar.subscription(given, channel=visit.form.get("channel", ""), address=address)
    visit.app.subscribe(made)
    return RedirectResponse("/subscriptions", 303)


def _by_mail(visit: Visit) -> Response:
    if not visit.access.guesses.admits(f"subscribe {address_of(visit.request)}"):
        raise HTTPException(429)
    given = [f"{key}:{visit.form[key].strip()}" for key in _KEYS if visit.form.get(key, "").strip()]
    visit.app.ask_subscription(visit.form.get("address", "").strip(), grammar.filters(given))
    sentence = "If this address can be written to, a mail is on its way. The digest begins when its link is followed."
    return words(200, title="Please look into your mail", sentence=sentence, visit=visit)


def confirm(visit: Visit) -> Response:
    """Asks first: what a mail scanner follows must confirm nothing."""
    return page(
        "ask.html",
        visit,
        title="Confirm the weekly digest",
        sentence="It begins with the coming week, and every mail says how to end it.",
        button="Yes, send it",
    )


def confirmed(visit: Visit) -> Response:
    visit.app.confirm_subscription(visit.path("token"))
    return words(200, title="Confirmed", sentence="The first digest comes when the coming week is over.", visit=visit)


def leave(visit: Visit) -> Response:
    """Asks first; only a POST ends anything (RFC 8058 §3.1)."""
    found = visit.app.leaving(visit.path("token"))
    what = " ".join(grammar.asked_words(found.filters)) or "everything that is relevant"
    return page(
        "ask.html",
        visit,
        title="End this subscription?",
        sentence=f"It is for {what}. Nothing else of yours is touched.",
        button="End it",
    )


def left(visit: Visit) -> Response:
    """One click is enough, from a mail program as from our page: the secret is in the address."""
    visit.app.unsubscribe_by(visit.path("token"))
    return words(200, title="You are unsubscribed", sentence="No further mail of it will be sent.", visit=visit)


# ------------------------------------------------------------------------------------------------ keys


def new_key(visit: Visit) -> Response:
    """Shown once: only its hash is kept."""
    secret = visit.app.feed_key(visit.form.get("remark", "").strip())
    return _listed(visit, key=secret)


def drop_key(visit: Visit) -> Response:
    visit.app.drop_feed_key(visit.number("number"))
    return RedirectResponse("/subscriptions", 303)


DOORS = (
    Door("/subscriptions", subscriptions, Rule.READER),
    Door("/subscriptions/{number}/end", end, Rule.OPERATOR, ("POST",)),
    Door("/subscribe", form, Rule.ANYBODY),
    Door("/subscribe", subscribe, Rule.ANYBODY, ("POST",)),
    Door("/confirm/{token}", confirm, Rule.SECRET),
    Door("/confirm/{token}", confirmed, Rule.SECRET, ("POST",)),
    Door("/unsubscribe/{token}", leave, Rule.SECRET),
    Door("/unsubscribe/{token}", left, Rule.SECRET, ("POST",), foreign=True),
    Door("/keys", new_key, Rule.OPERATOR, ("POST",)),
    Door("/keys/{number}/revoke", drop_key, Rule.OPERATOR, ("POST",)),
)
