"""Names of places, as findings and messages show them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any


@lru_cache(maxsize=1)
def place_names() -> Mapping[str, str]:
    """Jurisdiction -> name shown; without the rest of the rules, for those who only show."""
    return named(tomllib.loads(files("bot.judge").joinpath("places.toml").read_text("utf-8")))


def named(places: Mapping[str, Any]) -> dict[str, str]:
    """The same, of a table of places."""
    return {code: str(place["names"][0]) for code, place in places.items()}
