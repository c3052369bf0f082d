"""What a word means where a filter could stand: a source, a topic, a mechanism, a jurisdiction, a corridor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bot import grammar
from bot.errors import OperatorError
from bot.grammar import ACT_TYPES, FILTER_KEYS, filters
from bot.model import MECHANISMS, SEVERITIES, STAGES, Filters
from bot.slack.asker import Asked
from bot.slack.typed import BESIDE, moment

if TYPE_CHECKING:
    from bot.app import App

CORRIDOR = re.compile(r"([A-Za-z]{2,3}|\*)\s*(?:->|-|>|–)\s*([A-Za-z]{2,3}|\*)")


LISTS = ("latest", "search")  # the verbs that verdict: narrows


def verdicts(asked: Asked) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The verdicts that a list of changes is asked for, () for the usual ones, and its plain words without them."""
    keyed = [pair for pair in asked.typed.keyed if pair.startswith("verdict:")]
    return grammar.verdicts([*asked.typed.words, *keyed])


def filters_of(asked: Asked, *, words: Sequence[str] = ()) -> Filters:
    """The filters of a command; `words` are plain ones that stand for filters. Raises OperatorError."""
    said = keyed(asked, words=words)
    return filters([one for one in said if one.partition(":")[0] in FILTER_KEYS])


def keyed(asked: Asked, *, words: Sequence[str] = ()) -> list[str]:
    """The key:value words of a command as bot.grammar reads them, but for periods; plain words as what they mean."""
    app = asked.app
    if asked.typed.value("verdict") and asked.typed.verb not in LISTS:
        raise OperatorError("verdict: narrows look-ups: `/reg latest` and `/reg search`")
    said = [_known(app, pair) for pair in asked.typed.keyed if pair.partition(":")[0] not in BESIDE]
    return [*said, *(pair(app, word) for word in words)]


def _known(app: App, keyed: str) -> str:
    """Sources and jurisdictions are named as people name them; an unknown source is refused with the nearest."""
    key, _, value = keyed.partition(":")
    if key == "in":
        return f"in:{app.source(value).id}"
    if key == "jurisdiction":
        return "jurisdiction:" + ",".join(place(app, one) for one in value.split(","))
    return keyed


def pair(app: App, word: str) -> str:
    """A plain word as a key:value filter; raises OperatorError that names what is near."""
    if CORRIDOR.fullmatch(word):
        return "corridor:" + word.upper().replace("->", "-").replace(">", "-")
    small = word.casefold()
    sources = app.sources()
    if small in sources:
        return f"in:{small}"
    topics = {topic for source in sources.values() for topic in source.topics}
    types = (*ACT_TYPES, *STAGES)
    for key, known in (("topic", topics), ("mechanism", MECHANISMS), ("min", SEVERITIES), ("type", types)):
        if small.replace("-", "_") in known:
            return f"{key}:{small.replace('-', '_')}"
    try:
        return f"jurisdiction:{place(app, word)}"
    except OperatorError:
        close = get_close_matches(small, [*sources, *topics, *MECHANISMS], n=1)
        hint = f"did you mean {close[0]}? " if close else ""
        raise OperatorError(
            f"{word!r} is no source, topic, type or jurisdiction; {hint}`/reg sources` lists what there is. "
            f'For words in the text write words:"{word}"'
        ) from None


def place(app: App, word: str) -> str:
    """The code of a jurisdiction, by code or name; raises OperatorError that names the nearest one."""
    return "*" if word.strip() == "*" else app.jurisdiction(word)


def examples(app: App) -> str:
    """The codes of the jurisdictions that declared sources belong to."""
    return ", ".join(sorted({source.jurisdiction for source in app.declared if source.jurisdiction})) or "none yet"


def corridor(app: App, words: Sequence[str]) -> tuple[str, str]:
    """FROM and TO from `EU US`, `EU-US`, `mainland China to EU`; `*` stands for anywhere. Raises OperatorError."""
    text = " ".join(words)
    if match := CORRIDOR.fullmatch(text.strip()):
        said = [match[1], match[2]]
    else:
        parts = re.split(r"\s+(?:to|->?|>)\s+|\s*>\s*", text.strip(), flags=re.IGNORECASE)
        said = [part for part in parts if part] if len(parts) > 1 else list(words)
    if len(said) == 1:
        said = [said[0], "*"]
    if len(said) != 2:
        raise OperatorError("say from where to where: /reg corridor EU US, or /reg corridor CN *")
    return _end(app, said[0]), _end(app, said[1])


def _end(app: App, word: str) -> str:
    """One end of a corridor may be a place that no table knows, by its code."""
    try:
        return place(app, word)
    except OperatorError:
        if re.fullmatch(r"[A-Z]{2}", word):
            return word
        raise


def since(asked: Asked) -> datetime | None:
    return _moment(asked, "since")


def until(asked: Asked) -> datetime | None:
    return _moment(asked, "until")


def _moment(asked: Asked, key: str) -> datetime | None:
    said = asked.typed.value(key)
    return moment(said, now=asked.app.clock(), ahead=False) if said else None
