"""Jurisdictions by the names that people see and type, and by whose clock their days end. Pure.

The table is bot/jurisdictions.toml: whoever dislikes a name edits it there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import OperatorError


def name_of(code: str) -> str:
    """The name that is shown for a code; a code that the table does not know stands for itself."""
    place = _table().get(code)
    return str(place["name"]) if place else code


def is_known(code: str) -> bool:
    """Whether the table has a place with this code."""
    return code in _table()


def code_of(text: str, *, known: Iterable[str] = ()) -> str:
    """The code for a name or code as a person types it; `known` codes need not stand in the table.

    Raises OperatorError that names the nearest names.
    """
    names = _names() | {_folded(code): code for code in known}
    asked = _folded(text)
    if asked in names:
        return names[asked]
    near = get_close_matches(asked, names, n=1, cutoff=0.7)
    hint = f"; did you mean {name_of(names[near[0]])} ({names[near[0]]})?" if near else "; say a name or a code like CN"
    raise OperatorError(f"no jurisdiction is called {text.strip()!r}{hint}")


def today_in(code: str, *, now: datetime, zone: str = "") -> date:
    """The day it is there now; `zone` is a source's own, which goes before the table's."""
    own = zone if zone not in ("", "UTC") else str(_table().get(code, {}).get("zone", "UTC"))
    return now.astimezone(_zone(own)).date()


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    """Read once: zoneinfo itself keeps only eight."""
    return ZoneInfo(name)


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Mapping[str, Any]]:
    import tomllib
    from importlib.resources import files

    return tomllib.loads(files("bot").joinpath("jurisdictions.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Every folded name and code; codes go before names."""
    pairs = [(name, code) for code, place in _table().items() for name in (place["name"], *place["also"])]
    return {_folded(name): code for name, code in pairs} | {_folded(code): code for code in _table()}


def _folded(text: str) -> str:
    """Without case, accents, spaces and punctuation."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum() or unicodedata.category(letter) == "Mc")
