"""The verbs for sources that people propose: a trial, a request with its reason, an approval, a declaration."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import msgspec

from bot import sources as sources_room
from bot.app.base import Base
from bot.errors import FetchError, OperatorError
from bot.model import CAUSES, Block, Delivery, Known, Message, Source, Ticket, unpack
from bot.sources.rules import check_source
from bot.squeeze import expand
from bot.text import canonical_url

if TYPE_CHECKING:
    from bot.fetch import Fetcher, Response

OPEN_FOR = timedelta(days=30)
FILE = "proposed.toml"
HEAD = "# Sources that were proposed and approved at run time. `regwatch sources export` prints them.\n\n"
ID_LENGTH = 48
INSTALLED = "installed"

_writing = threading.Lock()  # two approvals at once must not lose one another's declaration


class Trial(NamedTuple):
    """What one look at an address brought, without anything being stored; `cause` says why it cannot be read."""

    source: Source
    cause: str = ""
    detail: str = ""
    blocks: tuple[Block, ...] = ()
    items: int = 0
    language: str = ""

    @property
    def sentence(self) -> str:
        """What would be read, or why nothing can be."""
        if self.cause:
            where = f" ({self.detail})" if self.cause == "elsewhere" else ""
            return f"It cannot be read: {CAUSES.get(self.cause, self.cause)}{where}."
        what = f"{self.items} entries" if self.items else f"{len(self.blocks)} passages"
        tongue = f", language {self.language}" if self.language else ""
        return f"It can be read as a {self.source.type}: {what}{tongue}. robots.txt allows it."


class Proposal(NamedTuple):
    """A source that somebody proposed and nobody decided on yet; `ticket` is its number."""

    url: str
    type: str
    title: str
    reason: str
    actor: str
    at: datetime
    jurisdiction: str = ""
    team: str = ""
    ticket: int = 0


class Proposals(Base):
    """The part of App that takes in new sources at run time."""

    def watched(self, url: str) -> Source | None:
        """The source that looks at this address already, declared or followed."""
        asked = canonical_url(url) or url
        return next((one for one in self.sources().values() if (canonical_url(one.url) or one.url) == asked), None)

    def try_address(self, url: str) -> Trial:
        """Look at an address once, guarded and as robots.txt allows, and say what would be read; stores nothing.

        Raises OperatorError for what is no web address.
        """
        from bot import extract
        from bot.fetch import Fetcher
        from bot.look import read_response

        source = self._proposed(url)
        with Fetcher(self.look_settings.fetch) as fetcher:
            try:
                response = self._fetched(source, fetcher)
            except FetchError as error:
                return Trial(source, error.cause, error.detail)
        kind = extract.guess_type(
            content_type=response.header("content-type"), body=response.body, url=response.final_url
        )
        source = replace(source, type=kind)
        look = read_response(Known(source), response, at=self.clock())
        if look.cause:
            return Trial(source, look.cause, look.detail)
        blocks = unpack(expand(look.reading)) if look.reading else ()
        named = replace(source, title=look.title[:200])
        return Trial(named, blocks=blocks, items=sum(bool(one.key) for one in blocks), language=look.language)

    def _fetched(self, source: Source, fetcher: Fetcher) -> Response:
        from bot.fetch import allows, unreachable

        robots = fetcher.robots(source.url)
        if error := unreachable(robots):
            raise error
        agent = self.look_settings.fetch.user_agent
        return fetcher.get(source, allowed=lambda url: not robots.strip() or allows(robots, url, agent))

    def _proposed(self, url: str) -> Source:
        source = Source(self._free_id(url), url)
        if fault := check_source(source):
            raise OperatorError(fault.what)
        return source

    def _free_id(self, url: str) -> str:
        """An id made of host and path, that no source has."""
        try:
            parts = urlsplit(url)
            named = f"{(parts.hostname or '').removeprefix('www.')} {parts.path}"
        except ValueError:
            named = ""
        slug = re.sub(r"[^a-z0-9]+", "-", named.casefold())[:ID_LENGTH].strip("-") or "page"
        taken, base, number = self.sources(), f"proposed-{slug}", 1
        while (name := base if number == 1 else f"{base}-{number}") in taken:
            number += 1
        return name

    # -------------------------------------------------------------------------------------------- deciding

    def propose_source(
        self, trial: Trial, *, actor: str, reason: str, jurisdiction: str = "", title: str = "", team: str = ""
    ) -> Proposal:
        """Ask for a source to be watched; raises OperatorError when it is already, or without a reason."""
        if not reason.strip():
            raise OperatorError("say why this page should be watched")
        if known := self.watched(trial.source.url):
            raise OperatorError(f"{known.id} looks at this address already")
        if jurisdiction and not re.fullmatch(r"[A-Z]{2,3}", jurisdiction):
            raise OperatorError(f"{jurisdiction!r} is no jurisdiction's code, such as EU or CN")
        if twin := next((one for one in self.proposals() if one.url == trial.source.url), None):
            raise OperatorError(f"this page is proposed already (proposal {twin.ticket})")
        now, source = self.clock(), trial.source
        made = Proposal(
            source.url, source.type, title or source.title, reason.strip()[:500], actor, now, jurisdiction, team
        )
        secret = blake2b(f"{source.url} {now.isoformat()}".encode(), digest_size=32).digest()
        number = self.store.issue(Ticket("proposal", secret, now + OPEN_FOR, msgspec.json.encode(made)))
        return made._replace(ticket=number)

    def proposals(self) -> list[Proposal]:
        """Those that wait for a decision, oldest first."""
        found = self.store.tickets("proposal", now=self.clock())
        return [msgspec.json.decode(one.content, type=Proposal)._replace(ticket=one.id) for one in found]

    def proposal(self, ticket: int) -> Proposal:
        """One that waits; raises OperatorError when it is decided or never was."""
        found = next((one for one in self.proposals() if one.ticket == ticket), None)
        if found is None:
            raise OperatorError(f"proposal {ticket} does not wait for a decision; `/reg proposals` lists those that do")
        return found

    def approve_source(self, ticket: int) -> Source:
        """Declare a proposed source in the home's sources.d and have it looked at; its first look is a baseline."""
        with _writing:
            proposal = self.proposal(ticket)
            source = replace(
                self._proposed(proposal.url),
                type=proposal.type,
                title=proposal.title,
                jurisdiction=proposal.jurisdiction,
            )
            merged = sources_room.merge(self.declared, [source], names=("the declared sources", FILE))
            _append(self.settings.home / "sources.d" / FILE, source)
            self.declare(merged)
            self._redeem(ticket)  # last: a crash before it leaves a request, never an approval without a source
        return source

    def decline_source(self, ticket: int) -> Proposal:
        """Take a proposal off the list; raises OperatorError when it is decided already."""
        proposal = self.proposal(ticket)
        self._redeem(ticket)
        return proposal

    def _redeem(self, ticket: int) -> None:
        """Exactly one of two people who decide at once goes on."""
        now = self.clock()
        found = next(one for one in self.store.tickets("proposal", now=now) if one.id == ticket)
        if self.store.redeem("proposal", found.hash, now=now) is None:
            raise OperatorError(f"proposal {ticket} was decided a moment ago")

    def tell_owner(self, message: Message, *, subject: str) -> None:
        """Promise one message to the owner's channel; the same subject is told once."""
        payload = msgspec.json.encode(message)
        self.store.promise([Delivery(0, "notice", subject, payload=payload, detail=message.headline)])

    # -------------------------------------------------------------------------------------------- the first hour

    def greeted(self) -> bool:
        """Whether the owner was told already that RegWatch is set up."""
        return INSTALLED in self.store.alarms()

    def greet(self, message: Message) -> None:
        """Tell the owner once, in one transaction with the note that it was done."""
        payload = msgspec.json.encode(message)
        told = Delivery(0, "notice", INSTALLED, payload=payload, detail=message.headline)
        self.store.keep_alarm(INSTALLED, self.clock(), [told])


def _append(path: Path, source: Source) -> None:
    """Add one table to the file of approved proposals, in one step that a crash cannot tear."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        there = path.read_text(encoding="utf-8") + "\n" if path.exists() else HEAD
        beside = path.with_suffix(".new")
        beside.write_text(there + sources_room.dump([source]), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise OperatorError(f"{path} cannot be written: {error.strerror}") from error
