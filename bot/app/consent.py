"""The verbs by which people without an account come and go: a form confirmed by mail, and one click to leave."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import msgspec

from bot.app.reminding import Reminding
from bot.errors import OperatorError
from bot.model import Delivery, Digest, Filters, Message, Run, Subscription, Ticket

ASKED = "asked"
"""The mode of a subscription that nobody has confirmed yet: it is told nothing."""
CONFIRMED_WITHIN = timedelta(days=2)
LEAVES_FOR = timedelta(days=400)  # how long the link in a mail works
WAITING = 50  # confirmations that may be under way at a time: the form is no way to send mail to strangers


class Consent(Reminding):
    """The part of App that lets people subscribe and leave by mail."""

    def subscribe(self, subscription: Subscription) -> int:
        """Adds a subscription, which is told of what comes from now on; raises OperatorError."""
        if subscription.channel == "email":
            subscription = replace(subscription, address=self._mail_address(subscription.address))
        before = {one.id: one.mode for one in self.subscriptions()}
        number = super().subscribe(subscription)
        if before.get(number) != subscription.mode:
            self._begin(number)
        return number

    def _mail_address(self, text: str) -> str:
        from bot.channels.email import address

        if "email" not in self.channels:
            raise OperatorError("e-mail is not set up; set REGWATCH_SMTP_URL and REGWATCH_MAIL_FROM")
        return address(text)

    def _begin(self, number: int) -> None:
        """Remember since when: a digest without content, from which the next one goes on."""
        self.store.keep_digest(Digest(number, self.clock(), self.clock()), ())

    # ---- coming

    def ask_subscription(self, address: str, filters: Filters | None = None) -> None:
        """Have a weekly digest confirmed by whoever reads this address; nothing else is sent there before.

        Says nothing of who is subscribed already. Raises OperatorError for what is no address, and when the operator
        does not allow it or too many wait for their answer.
        """
        if not self.settings.web_subscribe:
            raise OperatorError("subscribing by the form is switched off; see REGWATCH_WEB_SUBSCRIBE")
        if not self.settings.public_url:
            raise OperatorError("subscribing by the form needs REGWATCH_PUBLIC_URL: the mail links there")
        asked = Subscription(0, "email", self._mail_address(address), filters or Filters(), mode=ASKED)
        self._let_go()
        there = self.subscriptions_of("email", asked.address)
        if any(one.filters == asked.filters or one.mode == ASKED for one in there):
            return  # one unanswered mail is enough
        if len(self.store.tickets("confirm", now=self.clock())) >= WAITING:
            raise OperatorError("too many wait for their confirmation already; try again tomorrow")
        number = Reminding.subscribe(self, asked)
        token = self._issue("confirm", {"subscription": number}, lasts=CONFIRMED_WITHIN)
        letter = self._confirmation(token)
        revision = int(self.clock().timestamp())
        row = Delivery(number, "notice", "confirm", revision, due=self.clock(), payload=msgspec.json.encode(letter))
        self.store.promise([row])

    def _confirmation(self, token: str) -> Message:
        address = f"{self.settings.public_url.rstrip('/')}/confirm/{token}"
        lines = (
            (Run("Somebody, probably you, asked for a weekly digest of changes in rules on cross-border data."),),
            (Run("It begins when you confirm, within two days:"),),
            (Run(address, "link"),),
            (Run("If it was not you, do nothing: you will hear no more of it."),),
        )
        return Message("Please confirm your subscription to RegWatch", lines, kind="notice")

    def confirm_subscription(self, token: str) -> Subscription:
        """The weekly digest begins; raises OperatorError for a link that was used or is too old."""
        ticket = self.store.redeem("confirm", _hash(token), now=self.clock())
        number = _content(ticket).get("subscription") if ticket else None
        asked = next((one for one in self.subscriptions() if one.id == number and one.mode == ASKED), None)
        if asked is None:
            raise OperatorError("this link was used already or is too old; ask for a new one")
        confirmed = replace(asked, mode="digest")
        self.store.subscribe(confirmed, now=self.clock())
        self._begin(confirmed.id)
        return confirmed

    def _let_go(self) -> None:
        """What nobody confirmed in time is forgotten."""
        waiting = {_content(ticket).get("subscription") for ticket in self.store.tickets("confirm", now=self.clock())}
        for one in self.subscriptions():
            if one.mode == ASKED and one.id not in waiting:
                self.store.unsubscribe(one.id, now=self.clock())

    # ---- leaving

    def leaving(self, token: str) -> Subscription:
        """Whose link this is, so that a page can ask; ends nothing. Raises OperatorError for an unknown link."""
        ticket = self.store.redeem("unsubscribe", _hash(token), now=self.clock(), once=False)
        if ticket is None:
            raise OperatorError("this link is not known, or too old")
        number = int(_content(ticket)["subscription"])
        known = next((one for one in self.subscriptions() if one.id == number), None)
        return known or Subscription(number, "email", "")

    def unsubscribe_by(self, token: str) -> Subscription:
        """End the subscription whose link this is; a second time changes nothing. Raises OperatorError."""
        found = self.leaving(token)
        self.store.unsubscribe(found.id, now=self.clock())
        return found

    def leave_page(self, subscription: Subscription) -> str:
        """A fresh address under which this subscription ends; "" where nobody could reach it."""
        if not self.settings.public_url or not subscription.id:
            return ""
        token = self._issue("unsubscribe", {"subscription": subscription.id}, lasts=LEAVES_FOR)
        return f"{self.settings.public_url.rstrip('/')}/unsubscribe/{token}"

    def _issue(self, kind: str, content: Mapping[str, object], *, lasts: timedelta) -> str:
        """A ticket of which only the hash is kept; returns its secret."""
        token = secrets.token_urlsafe(24)
        self.store.issue(Ticket(kind, _hash(token), self.clock() + lasts, json.dumps(content).encode()))
        return token


def _hash(token: str) -> bytes:
    return sha256(token.encode("utf-8", "replace")).digest()


def _content(ticket: Ticket) -> dict[str, Any]:
    return dict(json.loads(ticket.content or b"{}"))
