"""Sources -> sources.toml, and the keys -> a JSON Schema for editors. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from bot.model import Source
from bot.sources.keys import HOST_KEYS, ID, JSON_PATH, KEYS, PATHS, SPAN, Key

_DEFAULTS = {field.name: field.default for field in fields(Source)}
_SHORT = {"text": "string", "flag": "boolean", "count": "integer", "seconds": "number"}


def dump(sources: Sequence[Source]) -> str:
    """TOML text that load() reads back to equal values; derived sources are left out, their list finds them again."""
    declared = [source for source in sources if not source.parent]
    tables = [*_host_tables(declared), *(_table(source) for source in declared)]
    return "\n".join(tables)


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 7) of sources.toml."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "sources.toml",
        "description": "What RegWatch watches: one table for each source, named by its id.",
        "type": "object",
        "properties": {"hosts": {"type": "object", "additionalProperties": _object(HOST_KEYS.values())}},
        "patternProperties": {f"^{ID}$": {**_object(KEYS.values()), "required": ["url"]}},
        "additionalProperties": False,
    }


# ------------------------------------------------------------------------------------------------ TOML


def _host_tables(sources: Iterable[Source]) -> Iterator[str]:
    said = {
        urlsplit(source.url).netloc.rpartition("@")[2].lower(): (source.spacing, source.concurrency)
        for source in sources
    }
    for host, (spacing, concurrency) in sorted(said.items(), key=str):
        if (spacing, concurrency) != (_DEFAULTS["spacing"], _DEFAULTS["concurrency"]):
            yield f"[hosts.{_quoted(str(host))}]\nspacing = {spacing}\nconcurrency = {concurrency}\n"


def _table(source: Source) -> str:
    lines = [f"[{source.id}]"]
    for key in KEYS.values():
        held = getattr(source, key.field)
        if held != _DEFAULTS.get(key.field):
            lines.append(f"{key.name} = {_written(held)}")
    return "\n".join(lines) + "\n"


def _written(held: Any) -> str:
    match held:
        case bool():
            return "true" if held else "false"
        case int():
            return str(held)
        case timedelta():
            return _quoted(_span(held))
        case str():
            return _quoted(held)
        case tuple() if held and isinstance(held[0], tuple):
            return _inline(dict(held))
        case tuple():
            return f"[{', '.join(_quoted(text) for text in held)}]"
    return _inline({name: path for name, path in asdict(held).items() if path})


def _inline(table: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{_named(name)} = {_quoted(text)}" for name, text in table.items()) + " }"


def _named(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _quoted(key)


def _quoted(text: str) -> str:
    """A TOML string: JSON's escapes are TOML's; literal where that spares a regex its doubled backslashes."""
    if "\\" in text and text.isprintable() and "'" not in text:
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    size, unit = next((size, unit) for size, unit in ((1440, "d"), (60, "h"), (1, "m")) if minutes % size == 0)
    return f"{minutes // size}{unit}"


# ------------------------------------------------------------------------------------------------ JSON Schema


def _object(keys: Iterable[Key]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": {key.name: _shape(key) for key in keys}}


def _shape(key: Key) -> dict[str, Any]:
    return {"description": key.meaning, **_value_shape(key)}


def _value_shape(key: Key) -> dict[str, Any]:
    if key.takes == "texts":
        text = _text_shape(key)
        return {"anyOf": [text, {"type": "array", "items": text}]}
    if key.takes == "paths":
        path = {"type": "string", "pattern": f"^({JSON_PATH})$"}
        named = {name: {"description": meaning, **path} for name, meaning in PATHS.items()}
        return {"type": "object", "additionalProperties": False, "properties": named}
    if key.takes in ("table", "pairs"):
        return {"type": "object", "additionalProperties": {"type": "string"}}
    if key.takes == "span":
        return {"type": "string", "pattern": f"^{SPAN}$"}
    return _text_shape(key)


def _text_shape(key: Key) -> dict[str, Any]:
    shape: dict[str, Any] = {"type": _SHORT.get(key.takes, "string")}
    if key.takes == "count":
        shape["minimum"] = 1
    if key.takes == "seconds":
        shape |= {"minimum": 0, "maximum": 3600}
    if key.choices:
        shape["enum"] = list(key.choices)
    if key.pattern:
        shape["pattern"] = f"^({key.pattern})$"
    return shape
