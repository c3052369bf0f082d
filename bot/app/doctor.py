"""What must be right before the service can do its work; each with a sentence, and what to do where it is not.

Nothing is sent and nobody is told. Every address is asked with a deadline.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess  # nosec B404  # one browser, asked for its version
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot import logs
from bot import settings as settings_room
from bot.alarms import JUMPED, ROOM
from bot.errors import BotError, DeliveryError, FetchError, LockedError, OperatorError
from bot.model import CAUSES, Message, Source
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.app import App

SECONDS = 8.0  # that anybody has to answer
BUILT = 2026  # no clock that is right shows an earlier year
LATEST = 2100
OTHERS = 0o004  # the bit of a file's mode that lets everybody read it
TOKEN = 16  # characters that a web token must have: of random ones nobody tries all, at ten guesses in ten minutes
ZONES = ("Asia/Shanghai", "Europe/Brussels", "America/New_York")


class Said(NamedTuple):
    """One finding: whether all is well with it, and the sentence."""

    well: bool
    text: str


# ------------------------------------------------------------------------------------------------ the machine


def of_machine(settings: Settings, *, now: datetime) -> Iterator[Said]:
    """What can be seen without opening anything: home, disk, secrets, clock, time zones, executor, addresses."""
    yield from _home(settings.home)
    yield from _sqlite()
    yield from _secrets(settings)
    yield from _clock(now)
    yield _zones(ZONES)
    yield from _executor(settings.executor)
    yield from _bind(settings)
    yield from _addresses(settings)
    yield from _owner(settings)
    if settings.slack_app_token and not settings.slack_bot_token:
        yield Said(False, "Slack: SLACK_APP_TOKEN does nothing without SLACK_BOT_TOKEN. Set both; see docs/slack.md.")


def _home(home: Path) -> Iterator[Said]:
    there = next(path for path in (home, *home.absolute().parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            yield Said(True, f"Home: {home} can be written." if there == home else f"Home: {home} will be made.")
    except OSError as error:
        yield Said(False, f"Home: {there} cannot be written ({error.strerror}). Make it ours, or set REGWATCH_HOME.")
        return
    for file in sorted(home.glob("*")) if there == home else ():
        if not os.access(file, os.R_OK | os.W_OK, effective_ids=os.access in os.supports_effective_ids):
            yield Said(False, f"Home: {file} is there and cannot be written by this user. Make it ours: chown.")
    free = shutil.disk_usage(there).free
    enough = f"Disk: {free / 1e9:,.1f} GB free."
    yield Said(free >= ROOM, enough if free >= ROOM else f"Disk: only {free / 1e6:,.0f} MB free. Make room.")


def _sqlite() -> Iterator[Said]:
    """Full-text search is a part of SQLite that some builds leave out (https://sqlite.org/fts5.html)."""
    try:
        with closing(sqlite3.connect(":memory:")) as db:
            db.execute("CREATE VIRTUAL TABLE found USING fts5 (text)")
    except sqlite3.OperationalError:
        yield Said(False, f"SQLite: {sqlite3.sqlite_version} was built without FTS5. Use another build of Python.")


def _secrets(settings: Settings) -> Iterator[Said]:
    """Files that hold a secret of ours and that every user of this machine may read."""
    held = [value.encode() for value in logs.secrets_of(settings)]
    files = [Path(".env"), *([Path(settings.dkim_key)] if settings.dkim_key else [])]
    for file in files:
        with suppress(OSError):
            said = file.read_bytes()
            secret = file.name != ".env" or any(value in said for value in held)
            if secret and file.stat().st_mode & OTHERS:
                yield Said(False, f"Secrets: {file} can be read by every user of this machine. chmod o-r {file}")


def _clock(now: datetime) -> Iterator[Said]:
    if BUILT <= now.year < LATEST:
        yield Said(True, f"Clock: {now:%Y-%m-%d %H:%M} UTC.")
    else:
        yield Said(False, f"Clock: the machine says {now:%Y-%m-%d}. Set it right (NTP): every record bears its time.")


def _zones(names: Iterable[str]) -> Said:
    for name in names:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            return Said(False, f"Time zones: {name} is not known here. pip install tzdata, or correct the name.")
    return Said(True, "Time zones: known.")


def _executor(executor: str) -> Iterator[Said]:
    kind, width, address = settings_room.workers(executor)
    if kind != "dask":
        yield Said(True, f"Executor: {width} {kind}.")
    elif find_spec("distributed") is None:
        yield Said(False, "Executor: dask is not installed. pip install 'regwatch[cluster]'")
    else:
        parts = urlsplit(address)
        yield _reached("Executor: the Dask scheduler", parts.hostname or "", parts.port or 0, fix="Start it first.")


def _reached(what: str, host: str, port: int, *, fix: str) -> Said:
    try:
        with socket.create_connection((host, port), timeout=SECONDS):
            return Said(True, f"{what} answers at {host}:{port}.")
    except OSError as error:
        return Said(False, f"{what} does not answer at {host}:{port} ({error.strerror or 'no answer in time'}). {fix}")


def _bind(settings: Settings) -> Iterator[Said]:
    host, port = settings_room.address(settings.bind)
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.create_server(address, family=family):
            yield Said(True, f"Pages: {settings.bind} is free.")
    except OSError:
        if holder := _service(settings):
            yield Said(True, f"Pages: {settings.bind} is used, by this service: {holder}.")
        else:
            fix = "End the other program, or set REGWATCH_BIND."
            yield Said(False, f"Pages: {settings.bind} cannot be bound. {fix}")
    yield from _ways_in(settings, host=host)


def _ways_in(settings: Settings, *, host: str) -> Iterator[Said]:
    """Whether anybody can come in where the pages are not open to all, and whether nobody else can."""
    public = urlsplit(settings.public_url).hostname or "localhost"
    by_link = settings.slack_bot_token and settings.public_url  # /reg web
    if settings.web_token:
        if len(settings.web_token) < TOKEN:
            fix = "Make a long one: openssl rand -base64 32"
            yield Said(False, f"Pages: REGWATCH_WEB_TOKEN has fewer than {TOKEN} characters and can be guessed. {fix}")
    elif by_link:
        return
    elif not _is_loopback(host):
        yield Said(False, "Pages: bound beyond this machine without REGWATCH_WEB_TOKEN: nobody can read them there.")
    elif not _is_loopback(public):
        fix = "Set REGWATCH_WEB_TOKEN, or SLACK_BOT_TOKEN for links from /reg web."
        yield Said(False, f"Pages: with REGWATCH_PUBLIC_URL alone nobody can read any page. {fix}")


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def _service(settings: Settings) -> str:
    """Who holds the home, "" for nobody."""
    import storage

    with suppress(BotError):
        store = storage.open(settings.home, create=False)
        try:
            with store.bulk("regwatch doctor"):
                return ""
        except LockedError as held:
            return str(held)
        finally:
            store.close()
    return ""


def _addresses(settings: Settings) -> Iterator[Said]:
    url = settings.public_url
    if not url:
        yield Said(True, "Public address: none; messages carry no links to our pages (REGWATCH_PUBLIC_URL).")
    elif url.startswith("http://") and not _is_loopback(urlsplit(url).hostname or ""):
        yield Said(False, "Public address: http:// shows sessions to everybody on the way. Put TLS before it: https://…")
    else:
        yield Said(True, f"Public address: {url}.")
    if settings.proxy:
        parts = urlsplit(settings.proxy)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        yield _reached("Proxy:", parts.hostname or "", port, fix="Correct REGWATCH_PROXY.")
    if settings.heartbeat_url:
        yield Said(True, "Heartbeat: asked every five minutes while the service is well; not asked now.")
    if not settings.contact:
        yield Said(True, "Contact: REGWATCH_CONTACT is empty; with it a publisher could write instead of blocking.")


def _owner(settings: Settings) -> Iterator[Said]:
    channel, _, address = settings.owner.partition(":")
    there = {"slack": settings.slack_bot_token, "email": settings.smtp_url and settings.mail_from}
    if not settings.owner or channel == "console":
        yield Said(True, "Owner: notices go to the console (REGWATCH_OWNER).")
    elif channel not in there or not address:
        yield Said(False, f"Owner: REGWATCH_OWNER={settings.owner!r} should read slack:C0123 or email:me@example.org.")
    elif not there[channel]:
        yield Said(False, f"Owner: notices should go to {channel}, which is not set up; they go to the console.")
    else:
        yield Said(True, f"Owner: notices go to {settings.owner}.")


# ------------------------------------------------------------------------------------------------ what is declared


def of_sources(settings: Settings, declared: tuple[Source, ...]) -> Iterator[Said]:
    """Whether what is declared can be looked at here: API keys, time zones, a browser."""
    enabled = [source for source in declared if source.enabled]
    yield Said(bool(enabled), f"Sources: {len(enabled)} of {len(declared)} declared are looked at."
               + ("" if enabled else " Declare or enable some in sources.toml."))  # fmt: skip
    needed: dict[str, list[str]] = {}
    for source in enabled:
        if source.key and not settings.keys.get(source.key):
            needed.setdefault(source.key, []).append(source.id)
    for key, names in needed.items():
        yield Said(False, f"Sources: {', '.join(names)} need {key}, which is not set. Set it, or switch them off.")
    zones = _zones({source.timezone for source in enabled})
    if not zones.well:
        yield zones
    rendered = [source.id for source in enabled if source.render]
    if rendered:
        yield _browser(rendered)


def _browser(names: list[str]) -> Said:
    from bot.fetch import browser

    try:
        path = browser()
    except FetchError as error:
        return Said(False, f"Browser: {', '.join(names[:5])}: {error.detail}.")
    try:
        asked = subprocess.run([path, "--version"], capture_output=True, timeout=SECONDS, text=True)  # nosec B603
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError) as error:
        return Said(False, f"Browser: {path} does not start ({type(error).__name__}). Install Chromium again.")
    if asked.returncode:
        why = (asked.stderr.strip().splitlines() or ["no reason given"])[-1][:200]
        return Said(False, f"Browser: {path} does not start ({why}). Install Chromium again.")
    return Said(True, f"Browser: {asked.stdout.strip()[:60] or path}, for {len(names)} sources.")


# ------------------------------------------------------------------------------------------------ what is opened


def of_app(app: App, *, home: Path) -> Iterator[Said]:
    """Whether the store is whole and in time, and whether those answer whom we would talk to; but for Slack.

    `home` is where the store should be; before the first run `app` stands on another one.
    """
    if home == app.settings.home:
        yield from _store(app)
    else:
        yield Said(True, "Store: none yet; the first run makes it.")
    for sentence in app.absent():
        yield Said(False, f"Settings: {sentence}.")
    yield from _mail(app)
    yield from _model(app.settings)


def _store(app: App) -> Iterator[Said]:
    totals, now = app.totals(), app.clock()
    wrong = app.store.damage() or app.store.verify()
    if wrong:
        yield Said(False, f"Store: {wrong}. Keep the file, and restore the last backup that verifies.")
    else:
        yield Said(True, f"Store: whole, of this release; {totals.looks} looks, {totals.changes} changes.")
    latest = max((one.last_check for one in app.standings().values() if one.last_check), default=now)
    if latest - now > JUMPED:
        text = f"Clock: it says {now:%Y-%m-%d %H:%M} UTC, but the store knows looks of {latest:%Y-%m-%d %H:%M} UTC."
        yield Said(False, f"{text} Set the clock right, or wait.")


def _mail(app: App) -> Iterator[Said]:
    channel = app.channels.get("email")
    if channel is None:
        yield Said(True, "Mail: not set up: REGWATCH_SMTP_URL and REGWATCH_MAIL_FROM. docs/mail.md tells how.")
        return
    from bot.channels.email import Email

    assert isinstance(channel, Email)
    try:
        channel.sealed(Message("doctor"), address="doctor@example.org", marker="doctor")
        channel.knock()
    except DeliveryError as error:
        yield Said(False, f"Mail: {error.reason}. Correct REGWATCH_SMTP_URL or REGWATCH_DKIM_…; see docs/mail.md.")
    else:
        signed = "; mails are signed" if app.settings.dkim_key else ""
        yield Said(True, f"Mail: the server takes us in{signed}. No mail was sent.")


def _model(settings: Settings) -> Iterator[Said]:
    if not (settings.llm_url or settings.llm_model):
        return
    if not (settings.llm_url and settings.llm_model):
        yield Said(False, "Language model: set both REGWATCH_LLM_URL and REGWATCH_LLM_MODEL, or neither.")
        return
    from bot.fetch.plain import ask

    headers = {"Authorization": f"Bearer {settings.llm_key}"} if settings.llm_key else {}
    try:
        answer = ask(f"{settings.llm_url.rstrip('/')}/models", headers=headers, deadline=SECONDS)
    except FetchError as error:
        if error.cause == "http":  # somebody is there; not all of them list their models
            yield Said(True, f"Language model: it answers, with {error.detail} to the question which models there are; "
                       "with 401 or 403 see REGWATCH_LLM_KEY.")  # fmt: skip
        else:
            yield Said(False, f"Language model: {CAUSES[error.cause]} ({error.detail}). Correct REGWATCH_LLM_URL.")
        return
    known = settings.llm_model.encode() in answer
    also = "" if known else f"; {settings.llm_model} is not among the models that it lists"
    yield Said(True, f"Language model: it answers{also}.")


def failure(error: BotError) -> Said:
    """What stopped us, as a finding."""
    return Said(False, f"{'Store' if not isinstance(error, OperatorError) else 'Settings'}: {error}.")
