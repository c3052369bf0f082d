"""The words in which people say what they want: key:value filters, the same at every door. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from bot.errors import OperatorError
from bot.model import MECHANISMS, SEVERITIES, Filters, Source, Subscription

KEYS = ("in", "topic", "mechanism", "corridor", "jurisdiction", "min", "words", "mode")
MODES = ("instant", "digest", "every")


def filters(words: Sequence[str]) -> Filters:
    """Filters from key:value words with the keys of KEYS; raises OperatorError."""
    values: dict[str, list[str]] = {key: [] for key in KEYS}
    for word in words:
        key, colon, value = word.partition(":")
        if not colon or key not in KEYS or not value:
            raise OperatorError(f"{word!r}: say key:value with one of {', '.join(KEYS)}")
        values[key] += [value] if key in {"in", "words"} else value.split(",")
    least = (values["min"] or ["know"])[-1]
    if least not in SEVERITIES:
        raise OperatorError(f"min:{least}: say one of {', '.join(SEVERITIES)}")
    for name in values["mechanism"]:
        if name not in MECHANISMS:
            raise OperatorError(f"mechanism:{name}: {_near(name, MECHANISMS)}say one of {', '.join(MECHANISMS)}")
    return Filters(
        sources=tuple(values["in"]),
        jurisdictions=tuple(value.upper() for value in values["jurisdiction"]),
        topics=tuple(values["topic"]),
        mechanisms=tuple(values["mechanism"]),
        corridors=tuple(_corridor(value) for value in values["corridor"]),
        words=tuple(values["words"]),
        min=least,
        every_change="every" in values["mode"],
    )


def _near(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, known, n=1)
    return f"did you mean {close[0]}? " if close else ""


def unheard(asked: Filters, sources: Iterable[Source]) -> Iterator[str]:
    """What no declared source is about: it may be meant, or misspelt. Whoever asks should not wait in vain."""
    known = {
        "topic": (asked.topics, {topic for source in sources for topic in source.topics}),
        "jurisdiction": (asked.jurisdictions, {source.jurisdiction for source in sources}),
    }
    for key, (words, heard) in known.items():
        for word in words:
            if word not in heard:
                yield f"no source is declared for {key}:{word}; {_near(word, heard)}".rstrip("; ")


def _corridor(text: str) -> tuple[str, str]:
    start, arrow, end = text.upper().replace(">", "-").partition("-")
    if not arrow or not start or not end:
        raise OperatorError(f"corridor:{text}: say FROM-TO, e.g. corridor:EU-US or corridor:CN-*")
    return start, end


def describe(subscription: Subscription) -> str:
    """One subscription in words."""
    asked = subscription.filters
    parts = [f"in:{value}" for value in asked.sources]
    parts += [f"jurisdiction:{value}" for value in asked.jurisdictions]
    parts += [f"topic:{value}" for value in asked.topics]
    parts += [f"mechanism:{value}" for value in asked.mechanisms]
    parts += [f"corridor:{start}-{end}" for start, end in asked.corridors]
    parts += [f"words:{value}" for value in asked.words]
    parts += [f"min:{asked.min}"] if asked.min != "know" else []
    parts += ["mode:every" if asked.every_change else f"mode:{subscription.mode}"]
    parts += [f"footprint:{subscription.footprint}"] if subscription.footprint else []
    parts += [f"muted:{value}" for value in subscription.muted]
    parts += [f"paused until {subscription.paused_until:%Y-%m-%d %H:%M} UTC"] if subscription.paused_until else []
    return " ".join([subscription.channel, subscription.address, *parts])
