"""A rule set tried out: ours with an operator's amendments, in TOML of the same shapes. Pure.

    [weights.verdict]               numbers of weights.toml, replaced
    relevant = 10
    [add.en.terms.transfer_general] words of terms/en.toml, added (also anti, event, parts, …)
    strong = ["trusted data corridor"]
    [remove]                        words of terms/LANGUAGE.toml, taken out wherever they stand
    en = ["data room"]
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from bot.errors import OperatorError

_TABLES = ("weights", "add", "remove")


def read(text: str, *, name: str) -> dict[str, Any]:
    """The amendments as a mapping; raises OperatorError that names the file and what is wrong with it."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OperatorError(f"{name}: {error}") from error
    for table in found:
        if table not in _TABLES:
            raise OperatorError(f"{name}: [{table}] is none of {', '.join(_TABLES)}")
    return found


def weights(ours: Mapping[str, Any], amendments: Mapping[str, Any]) -> dict[str, Any]:
    """Our weights with the amended numbers; raises OperatorError for a number that we do not have."""
    made: dict[str, Any] = dict(ours)
    for key, value in amendments.get("weights", {}).items():
        if key not in made or isinstance(value, Mapping) != isinstance(made[key], Mapping):
            raise OperatorError(f"weights: there is no {key!r}; there is: {', '.join(made)}")
        if not isinstance(value, Mapping):
            made[key] = value
            continue
        if strange := [one for one in value if one not in made[key]]:
            raise OperatorError(f"weights.{key}: there is no {strange[0]!r}; there is: {', '.join(made[key])}")
        made[key] = {**made[key], **value}
    return made


def languages(ours: Mapping[str, Any], amendments: Mapping[str, Any]) -> dict[str, Any]:
    """Our words with those added and without those removed; raises OperatorError for a language we do not have."""
    asked = [*amendments.get("add", {}), *amendments.get("remove", {})]
    if strange := [one for one in asked if one not in ours]:
        raise OperatorError(f"there are no terms for {strange[0]!r}; there are: {', '.join(sorted(ours))}")
    added = {name: _joined(ours[name], more) for name, more in amendments.get("add", {}).items()}
    made = {**ours, **added}
    for name, words in amendments.get("remove", {}).items():
        made[name] = _without(made[name], frozenset(words))
    return made


def _joined(ours: Any, more: Any) -> Any:
    if isinstance(more, Mapping):
        return {**ours, **{key: _joined(ours[key], value) if key in ours else value for key, value in more.items()}}
    return [*ours, *(word for word in more if word not in ours)]


def _without(ours: Any, words: frozenset[str]) -> Any:
    if isinstance(ours, Mapping):
        return {key: _without(value, words) for key, value in ours.items()}
    return [word for word in ours if word not in words] if isinstance(ours, list) else ours
