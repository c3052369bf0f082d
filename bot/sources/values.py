"""One TOML value -> one field of a Source, or Refused with the reason. Pure."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from bot.model import Paths
from bot.sources.keys import HEADER, JSON_PATH, PATHS, SPAN, Key

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Refused(ValueError):
    """A value that a key does not take; the message follows the key's name. Becomes a SourcesError with a line."""


def value(key: Key, raw: Any) -> Any:
    """What model.Source holds for `raw`; raises Refused."""
    return _TAKES[key.takes](key, raw)


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the known word that is nearest, or nothing when none is near."""
    near = difflib.get_close_matches(word.casefold(), list(known), n=1, cutoff=0.6)
    return f"; did you mean '{near[0]}'?" if near else ""


def _text(key: Key, raw: Any) -> str:
    if not isinstance(raw, str):
        raise Refused(f"takes a text in quotes, not {_kind(raw)}")
    if key.choices and raw not in key.choices:
        raise Refused(f"is '{_short(raw)}'{nearest(raw, key.choices)} (one of {', '.join(key.choices)})")
    if key.pattern and not re.fullmatch(key.pattern, raw):
        raise Refused(f"is '{_short(raw)}', which is not {key.meaning}")
    return raw


def _texts(key: Key, raw: Any) -> tuple[str, ...]:
    texts = [raw] if isinstance(raw, str) else raw
    if not isinstance(texts, list):
        raise Refused(f"takes texts in quotes, not {_kind(raw)}")
    return tuple(_text(key, text) for text in texts)


def _flag(key: Key, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise Refused(f"takes true or false, not {_kind(raw)}")
    return raw


def _count(key: Key, raw: Any) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool) or not 0 < raw <= 1_000_000:
        raise Refused("takes a whole number from 1 to 1000000")
    return raw


def _seconds(key: Key, raw: Any) -> float:
    if not isinstance(raw, int | float) or isinstance(raw, bool) or not math.isfinite(raw) or not 0 <= raw <= 3600:
        raise Refused("takes seconds from 0 to 3600")
    return float(raw)


def _span(key: Key, raw: Any) -> timedelta:
    match = re.fullmatch(SPAN, raw) if isinstance(raw, str) else None
    if not match:
        raise Refused('takes a span like "15m", "6h", "30d" or "2w"')
    span = timedelta(**{UNITS[match[2]]: int(match[1])})
    if span < timedelta(minutes=5):
        raise Refused("is shorter than 5 minutes")
    return span


def _table(key: Key, raw: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(raw, dict):
        raise Refused(f"takes a table of texts, not {_kind(raw)}")
    for name, text in raw.items():
        if not re.fullmatch(HEADER, name) or not isinstance(text, str) or re.search(r"[^\x20-\x7e]", text):
            raise Refused(f"has '{_short(name)}', which is not a header with a text of printable ASCII")
    return tuple(raw.items())


def _pairs(key: Key, raw: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(raw, dict) or not raw:
        raise Refused(f"takes a table of texts, not {_kind(raw)}")
    for found, written in raw.items():
        if not found or not isinstance(written, str):
            raise Refused(f"has '{_short(found)}', which is not a text with the text to write instead")
    return tuple(raw.items())


def _paths(key: Key, raw: Any) -> Paths:
    if not isinstance(raw, dict):
        raise Refused(f"takes a table, not {_kind(raw)}")
    for name, path in raw.items():
        if name not in PATHS:
            raise Refused(f"has an unknown key '{_short(name)}'{nearest(name, PATHS)}")
        if not isinstance(path, str) or not re.fullmatch(JSON_PATH, path):
            raise Refused(f"has '{name}', which is not a path like results[*] or a.b")
    return Paths(**raw)


def _kind(raw: Any) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list", dict: "a table"}
    return kinds.get(type(raw), "a date")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


_TAKES: dict[str, Callable[[Key, Any], Any]] = {
    "text": _text,
    "texts": _texts,
    "flag": _flag,
    "count": _count,
    "seconds": _seconds,
    "span": _span,
    "table": _table,
    "pairs": _pairs,
    "paths": _paths,
}
