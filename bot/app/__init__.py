"""The wiring: the only room that knows every real part. The doors call the verbs of App and nothing below them.

base.py      settings, store, clock, channels, sources      people.py    who is told what
looking.py   passes, trials, re-reading                     telling.py   the outbox and its messages
history.py   saved files, archives, recorded captures       health.py    coverage, what is not set up
judging.py   opinions and reviews                           lookups.py   changes, searches, why
dates.py     what comes into force, what is due             standing.py  the state of play in a jurisdiction
events.py    acts and all that speak of them
doors.py     who may read the pages                         texts.py     versions, their texts and bytes
alarms.py    what the owner is told of how we do            pulse.py     how the service's drains do
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TextIO

import storage
from bot import sources as sources_room
from bot.app.alarms import Alarms
from bot.app.backtests import Backtests
from bot.app.base import now
from bot.app.digests import Digests
from bot.app.doors import Doors
from bot.app.evidence import Evidence
from bot.app.history import History
from bot.app.judging import Judging
from bot.app.looking import Looking
from bot.app.proposals import Proposals
from bot.app.standing import StateOfPlay
from bot.app.telling import Telling
from bot.app.texts import Texts
from bot.channels.console import Console
from bot.errors import OperatorError, SourcesError
from bot.model import Outcome, Source
from bot.ports import Channel, Clock
from bot.settings import Settings

__all__ = ["App", "build", "now", "read_sources"]


class App(
    Digests, Looking, History, Judging, Telling, Evidence, Alarms, Backtests, Proposals, StateOfPlay, Doors, Texts
):
    """The verbs of the product over the real parts. Use as a context manager, or close it."""

    def __enter__(self) -> App:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run_once(self, source_ids: Sequence[str] = (), *, everything: bool = False) -> list[Outcome]:
        """One whole pass: look, judge, tell."""
        outcomes = [outcome for outcome, _ in self.check(source_ids, everything=everything)]
        for drain in (self.judge_all(), self.deliver_all()):
            for _ in drain:
                pass
        return outcomes


# ------------------------------------------------------------------------------------------------ building


def read_sources(settings: Settings) -> tuple[Source, ...]:
    """sources.toml with sources.d/*.toml of the home merged in. Raises SourcesError, OperatorError."""
    main = sources_room.load(_text(settings.sources), name=str(settings.sources))
    names = str(settings.sources)
    for path in sorted((settings.home / "sources.d").glob("*.toml")):
        more = sources_room.load(_text(path), name=str(path), beside=main)
        main = sources_room.merge(main, more, names=(names, str(path)))
    return main


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise OperatorError(f"{path} is not there; name it with --sources or REGWATCH_SOURCES") from error
    except OSError as error:
        raise SourcesError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SourcesError(f"{path}: {error}") from error


def build(
    settings: Settings,
    *,
    stream: TextIO,
    sources: Iterable[Source] | None = None,
    clock: Clock = now,
    names: Mapping[str, Sequence[str]] | None = None,
    colour: bool | None = None,
) -> App:
    """The real App: SQLite in the home, console on `stream`. Raises OperatorError, StoreError."""
    declared = tuple(sources) if sources is not None else read_sources(settings)
    console = Console(stream, colour=stream.isatty() if colour is None else colour)
    channels: dict[str, Channel] = {"console": console, **_slack(settings), **_email(settings, clock)}
    store = storage.open(settings.home)
    return App(settings, store=store, sources=declared, channels=channels, clock=clock, names=names)


def _slack(settings: Settings) -> dict[str, Channel]:
    """The channel to Slack, where a bot token is set."""
    if not settings.slack_bot_token:
        return {}
    from bot.channels.slack import Slack

    return {"slack": Slack(settings.slack_bot_token, api_url=settings.slack_api_url, proxy=settings.proxy)}


def _email(settings: Settings, clock: Clock) -> dict[str, Channel]:
    """The channel to mail, where a server and a sender are set."""
    if not (settings.smtp_url and settings.mail_from):
        return {}
    from bot.channels import email

    names = (settings.dkim_domain, settings.dkim_selector, settings.dkim_key)
    signer = email.Dkim(*names) if all(names) else None
    where, sender = email.server(settings.smtp_url), email.sender(settings.mail_from)
    return {"email": email.Email(where, sender=sender, clock=clock, dkim=signer)}


def restore(settings: Settings, file: Path, *, now: datetime) -> Path | None:
    """Put a backup into the home and bring it up to date; returns where the store that was there lies now.

    Raises StoreError for a file that is no whole store of ours, LockedError while a service uses the home.
    """
    old = storage.restore(settings.home, file, aside=f"before-{now:%Y%m%dT%H%M%S}")
    storage.open(settings.home, create=False).close()
    return old
