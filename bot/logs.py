"""What the service says on stderr: a line for each event, JSON unless a person reads along, without any secret.

Rooms use the standard library's `logging` and give facts as `extra`; structlog puts the lines together. A line has
`at`, `level`, `event` (a stable name), `text` (a sentence), and what there is of `source`, `change`, `delivery`, `ms`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import fields
from typing import Any, TextIO
from urllib.parse import quote, unquote, urlsplit

from bot.settings import Settings

SHORTEST = 4  # characters of a secret; less stands in every other word
HIDDEN = "[secret]"
_FIRST = ("at", "level", "event", "text")

Event = MutableMapping[str, Any]


def set_up(stream: TextIO, *, secrets: Sequence[str], plain: bool) -> None:
    """From now on every log record of this process is a line on `stream`; ours from info on, others' warnings."""
    import structlog  # four megabytes: only where there is a log to write

    class Discreet(structlog.stdlib.ProcessorFormatter):
        """The last step: whatever a secret came in by, it does not go out."""

        def format(self, record: logging.LogRecord) -> str:
            return hidden(super().format(record), secrets)

    before: list[Any] = [structlog.stdlib.add_log_level, structlog.stdlib.ExtraAdder(), _named]
    stamp = structlog.processors.TimeStamper(fmt="%H:%M:%S" if plain else "iso", utc=not plain, key="at")
    after: list[Any] = [
        structlog.processors.format_exc_info, stamp, structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        _as_words if plain else _as_json,
    ]  # fmt: skip
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Discreet(foreign_pre_chain=before, processors=after))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(logging.INFO)


def say(text: str) -> None:
    """One sentence for the operator."""
    logging.getLogger("bot.service").info("said", extra={"text": text})


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Every value that must not be seen, longest first: tokens, keys, passwords within addresses."""
    values = [getattr(settings, one.name) for one in fields(settings) if not one.repr]
    found = {value for value in values if isinstance(value, str)} | set(settings.keys.values())
    for url in (settings.smtp_url, settings.proxy, settings.heartbeat_url, settings.llm_url):
        found |= set(_within(url))
    return tuple(sorted((one for one in found if len(one) >= SHORTEST), key=len, reverse=True))


def _within(url: str) -> Iterable[str]:
    """The parts of an address that are secret by themselves: its password and its query."""
    try:
        parts = urlsplit(url)
        given = parts.password or ""
    except ValueError:
        return
    yield from (given, unquote(given))
    if parts.query:
        yield parts.query


def hidden(text: str, secrets: Iterable[str]) -> str:
    """The text without these values, also as JSON or an address would write them."""
    for secret in secrets:
        written = (json.dumps(secret, ensure_ascii=ascii)[1:-1] for ascii in (True, False))
        for form in {secret, *written, quote(secret, safe="")}:
            text = text.replace(form, HIDDEN)
    return text


def _named(logger: Any, method: str, event: Event) -> Event:
    """A record with `text` brings its own stable name; one without is named after its room."""
    record = event.get("_record")
    if "text" not in event:
        event["text"] = event["event"]
        event["event"] = record.name.removeprefix("bot.") if record else "said"
    return event


def _as_json(logger: Any, method: str, event: Event) -> str:
    ordered = {name: event[name] for name in _FIRST if name in event} | dict(event)
    return json.dumps(ordered, ensure_ascii=False, default=str)


def _as_words(logger: Any, method: str, event: Event) -> str:
    said = f"{event['at']} {event['text']}"
    return f"{said}\n{event['exception']}" if "exception" in event else said
