"""The verbs for digests: a period of findings for one subscription, with the proof of coverage, once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from bot import coverage, digest, judge
from bot.app import proof
from bot.app.base import SILENT
from bot.app.consent import Consent
from bot.app.reminding import is_for
from bot.jurisdictions import name_of
from bot.messages import mail
from bot.messages.calendar import calendar
from bot.model import (
    SEVERITIES,
    Ahead,
    Change,
    Delivery,
    Digest,
    Filters,
    Finding,
    Footprint,
    Message,
    Source,
    Subscription,
)
from bot.pipeline import TOLD

AT_A_TIME = 1_000  # findings that are read at a time
PAGES = 10  # … and how often; what was there in a store of years is no news to a new reader
REMEMBERED = 8  # digests whose verdicts may still be corrected
LATE = timedelta(days=14)  # how far back a finding may lie that was formed, or became relevant, after its digest
LEAST = timedelta(days=1)  # of a period; a shorter one (the rhythm was changed) joins the next
HTML_LIMIT = 95_000  # bytes; Gmail cuts a mail off at 102 KB and hides its end
ROOMS = (digest.Room(), digest.Room(15, 60), digest.Room(0, 50), digest.Room(0, 15))
IN_CHAT = digest.Room(8, 20)
CALENDAR_DAYS = 3 * 365
LISTS = frozenset({"list", "feed", "json", "xml", "csv", "sitemap"})


class Past(NamedTuple):
    """What a reader was told before: the verdict of each Change. `first`: nothing yet, so what was there is told."""

    told: Mapping[int, str] = MappingProxyType({})
    back: timedelta = timedelta(0)  # how far before the period something untold may lie
    first: bool = False


BY_HAND = Past()


class SentMail(NamedTuple):
    """A digest as a mail, with where it goes and what identifies it."""

    message: Message
    address: str
    marker: str


class Digests(Consent):
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
        footprint = self.footprints().get(subscription.footprint)
        entries = [self._entry(*one, subscription, until=until, footprint=footprint) for one in found]
        least = SEVERITIES.index(subscription.filters.min)
        kept = [one for one in entries if one.there or SEVERITIES.index(one.severity) >= least]
        events = {one.change: event.id for one in kept if (event := self.event_of(one.change))}
        ahead = self._ahead(subscription)
        corrections = list(self._corrections(subscription, past.told))
        contents = digest.contents(
            digest.folded(kept, events),
            since=since,
            until=until,
            now=self.clock(),
            zone=subscription.rhythm.zone,
            ahead=ahead,
            seen=self._seen(subscription, since=since, until=until, changes=sum(not one.there for one in entries)),
            weekly=self._weekly(subscription, until=until),
            names=_Names(),
            pages={one.change: self._where(one.change, one.source_id) for one in ahead[: digest.DATES_SHOWN]},
            corrections=corrections,
            left_out=_left_out(len(entries) - len(kept), subscription.filters.min),
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

    def _found(
        self, subscription: Subscription, past: Past, *, since: datetime, until: datetime
    ) -> list[tuple[Change, Finding, str]]:
        """What is news to this reader, with the verdict that counts; in the first digest also what was there before."""
        found = []
        for change, finding in self._recent(subscription, since=None if past.first else since - past.back, until=until):
            there = change.cause in SILENT
            early = change.at < since and (there != past.first)  # untold news are told late, what was there is not
            if change.id in past.told or change.late or early:
                continue
            verdict = self._verdict(finding, subscription)
            if verdict != "not_relevant" and is_for(subscription, self._source_of(change.source_id)):
                found.append((change, finding, verdict))
        return found

    def _recent(
        self, subscription: Subscription, *, since: datetime | None, until: datetime
    ) -> Iterator[tuple[Change, Finding]]:
        before = 0
        for _ in range(PAGES):
            page = self.store.recent(
                filters=subscription.filters, since=since, until=until, before=before, limit=AT_A_TIME
            )
            yield from page
            if len(page) < AT_A_TIME:
                return
            before = page[-1][0].id

    def _verdict(self, finding: Finding, subscription: Subscription) -> str:
        """The judge's, or what a person said last, for all or for this subscription."""
        said = [one for one in self.store.reviews(finding.change) if one.subscription in (0, subscription.id)]
        spoken = [one.says for one in said if one.says in ("relevant", "not_relevant")]
        return spoken[-1] if spoken else finding.verdict

    def _entry(
        self,
        change: Change,
        finding: Finding,
        verdict: str,
        subscription: Subscription,
        *,
        until: datetime,
        footprint: Footprint | None,
    ) -> digest.Entry:
        source = self._source_of(change.source_id)
        level, rule = self.level(finding, subscription=subscription)
        quote = next((one.text for one in finding.quotes if one.side == "after"), "")
        return digest.Entry(
            change=change.id,
            at=change.at,
            headline=finding.headline,
            verdict=verdict,
            severity=level,
            rule=rule,
            source=source.title or source.id,
            url=self._item_of(change, source),
            page=self.page_of(change.id),
            jurisdictions=finding.jurisdictions or ((source.jurisdiction,) if source.jurisdiction else ()),
            corridors=finding.corridors,
            stage=finding.stage,
            binding=self.binding(finding, source),
            force=finding.force,
            quote=quote or next((one.text for one in finding.quotes), ""),
            dates=finding.dates,
            status=self._status(change, subscription, until=until),
            inside=footprint is None or bool(judge.touched(finding, footprint)),
            there=change.cause in SILENT,
        )

    def _source_of(self, source_id: str) -> Source:
        """One source, from a table that is made once for a digest."""
        return self._known_sources.get(source_id) or Source(source_id, "")

    _known_sources: Mapping[str, Source] = {}

    def _status(self, change: Change, subscription: Subscription, *, until: datetime) -> str:
        """How far those who were alerted have come: acknowledged by whom, or open for how long."""
        for one in self.handling(change.id).values():
            if one.acknowledged_at:
                # whoever came by the form is not of the house: no names
                known = {} if self.settings.web_subscribe else self.store.names([one.acknowledged_by])
                by = f" by {known[one.acknowledged_by]}" if one.acknowledged_by in known else ""
                return f"acknowledged{by}, {one.acknowledged_at:%Y-%m-%d}"
        rows = self.store.deliveries(subject=f"change:{change.id}")
        alerted = [row.attempted for row in rows if row.kind in TOLD and row.state == "done" and row.attempted]
        if not alerted:
            return ""
        days = max(0, (until - min(alerted)).days)
        return f"alerted {min(alerted):%Y-%m-%d}, open {days} day{'s' * (days != 1)}"

    def _item_of(self, change: Change, source: Source) -> str:
        """The address of what is new: of a list the item's own, else the source's."""
        if source.type not in LISTS or source.parent:
            return source.url
        after = self.store.blocks(change.after)
        links = (after[edit.after].link for edit in change.edits if edit.kind == "new" and edit.after < len(after))
        return next(filter(mail.is_web_address, links), source.url)

    def _ahead(self, subscription: Subscription) -> list[Ahead]:
        found = self.upcoming(filters=subscription.filters, footprint=subscription.footprint)
        return [one for one in found if is_for(subscription, self._source_of(one.source_id))]

    def _where(self, change_id: int, source_id: str) -> str:
        """Where to read on: our page, or the source's."""
        change = None if self.settings.public_url else self.store.change(change_id)
        source = self._source_of(source_id)
        return self.page_of(change_id) or (self._item_of(change, source) if change else source.url)

    def _more(self, since: datetime) -> str:
        public = self.settings.public_url.rstrip("/")
        return f"{public}/search?since={since:%Y-%m-%d}" if public else ""

    def _corrections(self, subscription: Subscription, told: Mapping[int, str]) -> Iterator[digest.Entry]:
        """What was told in an earlier digest, and is judged differently now."""
        opinions = self.store.findings(list(told))
        for change_id, before in told.items():
            finding = opinions.get(change_id)
            verdict = self._verdict(finding, subscription) if finding else before
            change = self.store.change(change_id) if finding and verdict != before else None
            if finding and change:
                made = self._entry(change, finding, verdict, subscription, until=self.clock(), footprint=None)
                person = verdict != finding.verdict
                who = "a person said so" if person else "judged again with the rules of today"
                story = f"We told it as {_WORDS[before]}; it is {_WORDS[verdict]} ({who})."
                yield replace(made, rule=story)

    # ---- the proof

    def _seen(self, subscription: Subscription, *, since: datetime, until: datetime, changes: int) -> digest.Seen:
        """How well the sources that this reader asks for were seen."""
        asked = subscription.filters
        sources = coverage.among(self.declared, ids=asked.sources, jurisdictions=asked.jurisdictions)
        now, standings = self.clock(), self.standings()
        at, first = proof.end(standings, until=until, now=now), proof.begun(standings, self.declared)
        rows = self.store.looks_between(since=since, until=at)
        looked = proof.looked(rows, sources, standings=standings, since=since, until=at, first=first)
        reader = subscription if subscription.id else None
        said = coverage.sentence(looked.coverage, changes=changes, since=since, subscription=reader)
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
            put_aside=self._put_aside(subscription, since=since, until=until),
            muted=subscription.muted,
            lag=self._lags(now=now).sentence(),
        )

    def _put_aside(self, subscription: Subscription, *, since: datetime, until: datetime) -> int:
        """How many changes of the period the judge would tell of, and a person marked not relevant."""
        found = self._recent(subscription, since=since, until=until)
        wanted = [one for change, one in found if change.cause not in SILENT and one.verdict != "not_relevant"]
        return sum(self._verdict(one, subscription) == "not_relevant" for one in wanted)

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


_WORDS = {"relevant": "relevant", "uncertain": "uncertain", "not_relevant": "not relevant"}


class _Names(dict[str, str]):
    """Names of jurisdictions by code."""

    def get(self, key: str, default: Any = None) -> Any:
        return name_of(key) if key else default


def _left_out(number: int, least: str) -> str:
    return f"{number} change{'s' * (number != 1)} below “{least}” left out, as you asked." if number else ""

