"""The verbs for digests: a period of findings for one subscription, with the proof of coverage, once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from bot import coverage, digest
from bot.app import proof
from bot.app.base import SILENT
from bot.app.entries import AT_A_TIME, BY_HAND, Entries, Past
from bot.app.reminding import is_for
from bot.jurisdictions import name_of
from bot.messages import mail
from bot.messages.calendar import calendar
from bot.model import SEVERITIES, Delivery, Digest, Filters, Message, Subscription

REMEMBERED = 8  # digests whose verdicts may still be corrected
LATE = timedelta(days=14)  # how far back a finding may lie that was formed, or became relevant, after its digest
LEAST = timedelta(days=1)  # of a period; a shorter one (the rhythm was changed) joins the next
HTML_LIMIT = 95_000  # bytes; Gmail cuts a mail off at 102 KB and hides its end
ROOMS = (digest.Room(), digest.Room(15, 60), digest.Room(0, 50), digest.Room(0, 15))
IN_CHAT = digest.Room(8, 20)
CALENDAR_DAYS = 3 * 365


class SentMail(NamedTuple):
    """A digest as a mail, with where it goes and what identifies it."""

    message: Message
    address: str
    marker: str


class Digests(Entries):
    """The part of App that sums up."""

    def digest_all(self) -> Iterator[Digest]:
        """Compose and promise every digest whose period is over, each once; catches up after downtime."""
        for subscription in self.subscriptions():
            if subscription.mode == "digest" and not self.is_paused(subscription):
                try:
                    kept = self._digest(subscription)
                except Exception as error:
                    self.stumbled("digest", subscription, error)
                    continue
                if kept:
                    yield kept

    def _digest(self, subscription: Subscription) -> Digest | None:
        """The period that is over, if it was not kept before; after downtime it reaches back to the last one."""
        since, until = digest.period(subscription.rhythm, now=self.clock())
        last = next(iter(self.store.digests(subscription.id, limit=1)), None)
        if last and last.until > self.clock():  # kept before the clock was set back
            kept = self.store.digests(subscription.id, limit=100)
            last = next((one for one in kept if one.until <= self.clock()), None)
        if last and (last.until >= until or last.content and until - last.until < LEAST):
            return None
        if last:
            since = last.until if last.content else min(since, last.until)
        past = self._past(subscription)
        it, told, message = self._fitting(subscription, since=since, until=until, past=past, reader=subscription)
        content = {**msgspec.to_builtins(message), "told": {str(change): verdict for change, verdict in told.items()}}
        made = Digest(subscription.id, since, until, msgspec.json.encode(content))
        wanted = subscription.rhythm.empty or not it.empty or it.there.shown
        row = Delivery(subscription.id, "digest", f"digest:{until:%Y-%m-%dT%H:%MZ}", due=self.clock())
        return made if self.store.keep_digest(made, [row] if wanted else ()) else None

    def compose(self, delivery: Delivery, subscription: Subscription) -> Message:
        """The message for one delivery; on mail with its form, and with the way to leave."""
        message = super().compose(delivery, subscription)
        if subscription.channel != "email" or message.rich:
            return message
        letter = mail.alert_letter(message, way=self._way(subscription))
        return replace(message, kind=delivery.kind, rich=mail.pack(letter))

    def compose_digest(self, delivery: Delivery, subscription: Subscription) -> Message:
        """The digest as it was composed when its period was over."""
        for one in self.store.digests(subscription.id, limit=100):
            if one.content and f"digest:{one.until:%Y-%m-%dT%H:%MZ}" == delivery.subject:
                return msgspec.json.decode(one.content, type=Message)
        raise LookupError(f"{delivery.subject} of subscription {subscription.id} was not kept")

    # ---- composing

    def _fitting(
        self, subscription: Subscription, *, since: datetime, until: datetime, past: Past, reader: Subscription
    ) -> tuple[digest.Contents, dict[int, str], Message]:
        """A digest in the form for this reader; a mail that would be cut off holds fewer entries in full."""
        for room in ROOMS if reader.channel == "email" else (IN_CHAT,):
            it, told = self.digest_of(subscription, since=since, until=until, past=past, room=room)
            made = self._in_form(it, reader)
            if not made.rich or len(mail.unpack(made.rich).html.encode()) <= HTML_LIMIT:
                break
        return it, told, made

    def digest_of(
        self,
        subscription: Subscription,
        *,
        since: datetime,
        until: datetime,
        past: Past = BY_HAND,
        room: digest.Room = ROOMS[0],
    ) -> tuple[digest.Contents, dict[int, str]]:
        """What this subscription gets of a period, and the verdict that it is told of each Change.

        What was told in earlier digests is not told again; where its verdict is another today, that is a correction.
        """
        self._known_sources = self.sources()
        found = self._found(subscription, past, since=since, until=until)
        entries = self._entries(found, subscription, until=until)
        kept = _severe(entries, least=subscription.filters.min)
        events = {one.change: event.id for one in kept if (event := self.event_of(one.change))}
        ahead, corrections = self._ahead(subscription), list(self._corrections(subscription, past.told))
        told = sum(not one.there for one in entries)
        seen = self._seen(subscription, since=since, until=until, told=told)
        contents = digest.contents(
            digest.folded(kept, events),
            since=since,
            until=until,
            now=self.clock(),
            zone=subscription.rhythm.zone,
            ahead=ahead,
            seen=replace(seen, left_out=_left_out(len(entries) - len(kept), subscription.filters.min)),
            weekly=self._weekly(subscription, until=until),
            names=_Names(),
            pages={one.change: self._where(one.change, one.source_id) for one in ahead[: digest.DATES_SHOWN]},
            corrections=corrections,
            more_link=self._more(since),
            room=room,
        )
        now_told = {change.id: verdict for change, _, verdict in found}
        return contents, now_told | {one.change: one.verdict for one in corrections}

    def _past(self, subscription: Subscription) -> Past:
        """The verdicts of the last digests, the newer ones over the older."""
        kept = [one for one in self.store.digests(subscription.id, limit=REMEMBERED) if one.content]
        told: dict[int, str] = {}
        for one in reversed(kept):
            values: dict[str, Any] = json.loads(one.content)
            told |= {int(change): verdict for change, verdict in values.get("told", {}).items()}
        return Past(told, LATE, first=not kept)

    # ---- the proof

    def _seen(self, subscription: Subscription, *, since: datetime, until: datetime, told: int) -> digest.Seen:
        """How well the sources that this reader asks for were seen; what a person put aside was seen all the same."""
        asked = subscription.filters
        sources = coverage.among(self.declared, ids=asked.sources, jurisdictions=asked.jurisdictions)
        now, standings = self.clock(), self.standings()
        at, first = proof.end(standings, until=until, now=now), proof.begun(standings, self.declared)
        rows = self.store.looks_between(since=since, until=at)
        looked = proof.looked(rows, sources, standings=standings, since=since, until=at, first=first)
        reader = subscription if subscription.id else None
        put_aside = self._put_aside(subscription, since=since, until=until)
        said = coverage.sentence(looked.coverage, changes=told + put_aside, since=since, subscription=reader)
        entry, hash_ = self.store.head()
        beside = self.store.recent(
            filters=asked, verdicts=("not_relevant",), since=since, until=until, limit=AT_A_TIME
        )
        return digest.Seen(
            looked.coverage,
            tuple(sources),
            proof.sentence(looked, said, since=since, until=at, now=now, first=first),
            looks=looked.looks,
            failures=looked.failures,
            holes=looked.holes,
            resting=looked.resting,
            chain=f"Ledger entry {entry}, hash {hash_.hex()}" if entry else "",
            beside=sum(change.cause not in SILENT for change, _ in beside),
            put_aside=put_aside,
            muted=subscription.muted,
            lag=self._lags(now=now).sentence(),
            unknown=_unknown(since, at, first=first, now=now),
        )

    def _put_aside(self, subscription: Subscription, *, since: datetime, until: datetime) -> int:
        """How many changes of the period the judge would tell of, and a person marked not relevant."""
        found = self._recent(subscription, since=since, until=until)
        news = [pair for pair in found if pair[0].cause not in SILENT and not pair[0].late]
        wanted = [one for change, one in news if is_for(subscription, self._source_of(change.source_id))]
        return sum(one.verdict != self._verdict(one, subscription) == "not_relevant" for one in wanted)

    def _weekly(self, subscription: Subscription, *, until: datetime) -> Mapping[str, Mapping[date, int]]:
        found = self.store.weekly(since=until - timedelta(weeks=digest.WEEKS), until=until)
        asked = subscription.filters.jurisdictions
        return {place: weeks for place, weeks in found.items() if not asked or place in asked}

    # ---- its form

    def _in_form(self, it: digest.Contents, subscription: Subscription) -> Message:
        """As its channel shows it."""
        dates_link = f"{self.settings.public_url.rstrip('/')}/upcoming" if self.settings.public_url else ""
        if subscription.channel != "email":
            return mail.digest_message(it, dates_link=dates_link)
        way = self._way(subscription)
        letter = mail.digest_letter(it, way=way, dates_link=dates_link)
        return Message(letter.subject, kind="digest", rich=mail.pack(letter))

    def _way(self, subscription: Subscription) -> mail.Way:
        """How this reader leaves: by a page, if there are pages, and by writing to somebody who reads it."""
        from bot.channels.email import sender

        owner = self.settings.owner.removeprefix("email:") if self.settings.owner.startswith("email:") else ""
        ours = sender(self.settings.mail_from) if self.settings.mail_from else None
        return mail.Way(
            page=self.leave_page(subscription),
            address=owner or (ours.addr_spec if ours else ""),
            number=subscription.id,
            host=ours.domain if ours else "",
        )

    # ---- by hand

    def digest_preview(
        self, subscription: int | Filters | None = None, *, week: str = "", channel: str = ""
    ) -> Message:
        """The digest of a subscription, or of filters, for a week such as 2026-W47 (default: the last seven days).

        Nothing is kept or sent, and nobody can leave by it. `channel`: the form to show it in; default the
        subscription's own. Raises OperatorError.
        """
        asked = self._asked(subscription)
        since, until = self._span(week, asked)
        reader = replace(asked, id=0, channel=channel or asked.channel)
        return self._fitting(asked, since=since, until=until, past=BY_HAND, reader=reader)[-1]

    def digest_contents(self, subscription: int | Filters | None = None, *, week: str = "") -> digest.Contents:
        """The same before it is put into a form."""
        asked = self._asked(subscription)
        since, until = self._span(week, asked)
        return self.digest_of(asked, since=since, until=until)[0]

    def digest_text(self, subscription: int | Filters | None = None, *, week: str = "") -> str:
        """The same as the text of a mail."""
        return mail.unpack(self.digest_preview(subscription, week=week, channel="email").rich).text

    def digest_mail(self, subscription: int | Filters | None = None, *, week: str = "", to: str = "") -> SentMail:
        """The same as a mail to this address (default: the subscription's own), ready to be handed in."""
        asked = self._asked(subscription)
        since, until = self._span(week, asked)
        address = to or (asked.address if asked.channel == "email" else "reader@localhost")
        own = (asked.channel, asked.address) == ("email", address)
        # whoever reads it elsewhere must not end, with one click, what somebody else asked for
        reader = replace(asked, id=asked.id if own else 0, channel="email")
        message = self._fitting(asked, since=since, until=until, past=BY_HAND, reader=reader)[-1]
        return SentMail(message, address, f"by hand:{week or f'{until:%Y-%m-%d}'}:{asked.id}")

    def send_digest(self, made: SentMail) -> str:
        """Hand a digest in by mail, now; returns its Message-ID. Raises OperatorError, DeliveryError."""
        address = self._mail_address(made.address)
        return self.channels["email"].send(made.message, address=address, marker=made.marker)

    def digest_files(self, made: SentMail) -> dict[str, bytes]:
        """The mail as files, by their ending: eml (signed, if mails are), html, txt."""
        from bot.channels import email

        sends = self.channels.get("email")
        if not isinstance(sends, email.Email):
            nobody = email.sender("RegWatch <regwatch@localhost>")
            sends = email.Email(email.server("smtp://localhost"), sender=nobody, clock=self.clock)
        letter = mail.unpack(made.message.rich)
        sealed = sends.sealed(made.message, address=made.address, marker=made.marker)
        return {"eml": sealed, "html": letter.html.encode(), "txt": letter.text.encode()}

    def _asked(self, subscription: int | Filters | None) -> Subscription:
        if isinstance(subscription, int):
            return self.subscription(subscription)
        return Subscription(0, "console", "here", subscription or Filters())

    def _span(self, week: str, subscription: Subscription) -> tuple[datetime, datetime]:
        if week:
            return digest.week(week, zone=subscription.rhythm.zone)
        return self.clock() - timedelta(days=7), self.clock()

    def calendar(self, *, filters: Filters | None = None, footprint: str = "", name: str = "RegWatch") -> str:
        """The dates ahead as iCalendar (RFC 5545) text. Raises OperatorError for an unknown footprint."""
        self._known_sources = self.sources()
        ahead = self.upcoming(filters=filters, footprint=footprint, days=CALENDAR_DAYS)
        roots = {one.change: self.first_of(one.change, event=one.event) for one in ahead}
        links = {one.change: self._where(one.change, one.source_id) for one in ahead}
        sources = {one.change: self._source_of(one.source_id).url for one in ahead}
        opinions = self.store.findings(list(roots))
        stated = {change: opinion.dates for change, opinion in opinions.items()}
        return calendar(ahead, roots=roots, links=links, sources=sources, stated=stated, name=name)

    def absent(self) -> list[str]:
        """One line for each part that is set but cannot do its work."""
        found = super().absent()
        if bool(self.settings.smtp_url) != bool(self.settings.mail_from):
            there, missing = ("SMTP_URL", "MAIL_FROM") if self.settings.smtp_url else ("MAIL_FROM", "SMTP_URL")
            found.append(f"REGWATCH_{there} is set, but not REGWATCH_{missing}: no mail is sent")
        given = (self.settings.dkim_domain, self.settings.dkim_selector, self.settings.dkim_key)
        if any(given) and not all(given):
            found.append("REGWATCH_DKIM_DOMAIN, _SELECTOR and _KEY belong together: mails are not signed")
        return found


class _Names(dict[str, str]):
    """Names of jurisdictions by code."""

    def get(self, key: str, default: Any = None) -> Any:
        return name_of(key) if key else default


def _severe(entries: Sequence[digest.Entry], *, least: str) -> list[digest.Entry]:
    """Those that are severe enough for the reader, and what was there when we began."""
    floor = SEVERITIES.index(least)
    return [one for one in entries if one.there or SEVERITIES.index(one.severity) >= floor]


def _unknown(since: datetime, until: datetime, *, first: datetime | None, now: datetime) -> str:
    """Why nothing can be known of a period, in a sentence; "" when something can."""
    if since >= now:
        return "This period has not begun yet."
    if first is None or first > until:
        return "We did not watch yet in this period, so this says nothing of it."
    return ""


def _left_out(number: int, least: str) -> str:
    return f"{number} change{'s' * (number != 1)} below “{least}” left out, as you asked." if number else ""

