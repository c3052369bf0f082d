"""The words in which people say what they want: key:value, the same at every door. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from zoneinfo import available_timezones

from bot.errors import OperatorError
from bot.jurisdictions import code_of, is_known
from bot.model import (
    MECHANISMS,
    SEVERITIES,
    STAGES,
    VERDICTS,
    Filters,
    Flow,
    Footprint,
    Rhythm,
    Source,
    Subscription,
)

FILTER_KEYS = ("in", "type", "topic", "mechanism", "corridor", "jurisdiction", "min", "words", "mode")
KEYS = (*FILTER_KEYS, "footprint", "day", "hour", "zone", "empty", "answer")
FOOTPRINT_KEYS = ("entities", "flows", "roles", "sectors")
MODES = ("instant", "digest", "every")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ACT_TYPES: Mapping[str, tuple[str, ...]] = {
    "draft": ("proposal", "consultation", "negotiation", "prepublication"),
    "final": ("agreement", "adopted", "in_force"),
    "guidance": ("guidance", "faq"),
    "ended": ("suspended", "repealed", "expired", "annulled", "withdrawn"),
}
"""What people call several stages at once; each stage of model.STAGES is a type of its own as well."""

DATA = (
    "personal", "sensitive", "health", "genetic", "biometric", "financial", "location", "important", "core",
    "government", "nonpersonal", "map", "vehicle",
)  # fmt: skip
"""Kinds of data by the codes that findings have."""

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SPAN = re.compile(r"(?ia)(\d{1,6})\s?(m|h|d|w)(?:in(?:ute)?s?|ours?|ays?|eeks?)?")
_CODE = re.compile(r"[A-Za-z]{2,5}", re.ASCII)
_WHOLE = frozenset({"in", "words"})  # keys whose values may hold a comma
_COMMA = re.compile(r",(?![^()]*\))")  # not between brackets
_FLOW = re.compile(r"([^()]*)(?:\(([^()]*)\))?")


def filters(words: Sequence[str]) -> Filters:
    """Filters from key:value words with the keys of FILTER_KEYS; raises OperatorError."""
    return _filters(_values(words, FILTER_KEYS))


def verdicts(words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The verdicts that verdict:uncertain, or such a word alone, asks look-ups for, and the words that are left.

    Raises OperatorError for a verdict that there is none of.
    """
    asked: list[str] = []
    left: list[str] = []
    for word in words:
        key, _, value = word.partition(":")
        if key == "verdict":
            asked += [_verdict(one) for one in value.split(",")]
        elif _as_verdict(word) in VERDICTS:
            asked.append(_as_verdict(word))
        else:
            left.append(word)
    return tuple(dict.fromkeys(asked)), tuple(left)


def _verdict(said: str) -> str:
    if (verdict := _as_verdict(said)) not in VERDICTS:
        known = [one.replace("_", "-") for one in VERDICTS]
        raise OperatorError(f"verdict:{said}: {_near(said, known)}say one of {', '.join(known)}")
    return verdict


def _as_verdict(said: str) -> str:
    return re.sub(r"[\s-]+", "_", said.strip().casefold())


def subscription(words: Sequence[str], *, channel: str, address: str, team: str = "") -> Subscription:
    """A new subscription from key:value words with the keys of KEYS; raises OperatorError."""
    values = _values(words, KEYS)
    mode = _one(values, "mode", default="instant")
    if mode not in MODES:
        raise OperatorError(f"mode:{mode}: {_near(mode, MODES)}say one of {', '.join(MODES)}")
    return Subscription(
        0,
        channel,
        address,
        _filters(values),
        "digest" if mode == "digest" else "instant",
        footprint=_one(values, "footprint"),
        rhythm=_rhythm(values),
        answer_within=_hours(values),
        team=team,
    )


def footprint(words: Sequence[str], *, name: str) -> Footprint:
    """A footprint from entities:US,DE flows:CN-US,EU-US(health) roles:controller …; raises OperatorError."""
    values = _values(words, FOOTPRINT_KEYS)
    return Footprint(
        name,
        entities=tuple(dict.fromkeys(_place(value, "entities") for value in values["entities"])),
        flows=tuple(dict.fromkeys(_flow(value) for value in values["flows"])),
        roles=tuple(values["roles"]),
        sectors=tuple(values["sectors"]),
    )


def moment(text: str, *, now: datetime) -> datetime:
    """A moment to come, from "3d", "12h", "until 2026-12-01", "2026-12-01T09:00"; raises OperatorError.

    A day alone means its beginning, UTC.
    """
    said = text.strip().removeprefix("until ").strip()
    try:
        if span := _SPAN.fullmatch(said):
            return now + timedelta(**{_UNITS[span[2].lower()]: int(span[1])})
        read = datetime.fromisoformat(said)
    except (ValueError, OverflowError) as error:
        raise OperatorError(f"{text!r}: say 3d, 12h or a date like {now + timedelta(days=7):%Y-%m-%d}") from error
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def _values(words: Sequence[str], keys: Sequence[str]) -> dict[str, list[str]]:
    """The values of each key; commas part them, but in words: and in:, and between brackets."""
    values: dict[str, list[str]] = {key: [] for key in keys}
    for word in words:
        key, colon, value = word.partition(":")
        if not colon or key not in keys or not value.strip():
            near = _near(key, keys) if colon and key not in keys else ""
            raise OperatorError(f"{word!r}: {near}say key:value with one of {', '.join(keys)}")
        parts = [value] if key in _WHOLE else _COMMA.split(value)
        values[key] += [part.strip() for part in parts if part.strip()]
    return values


def _filters(values: Mapping[str, list[str]]) -> Filters:
    least = _one(values, "min", default="know")
    if least not in SEVERITIES:
        raise OperatorError(f"min:{least}: say one of {', '.join(SEVERITIES)}")
    for name in values["mechanism"]:
        if name not in MECHANISMS:
            raise OperatorError(f"mechanism:{name}: {_near(name, MECHANISMS)}say one of {', '.join(MECHANISMS)}")
    return Filters(
        sources=tuple(values["in"]),
        jurisdictions=tuple(_place(value, "jurisdiction") for value in values["jurisdiction"]),
        topics=tuple(values["topic"]),
        mechanisms=tuple(values["mechanism"]),
        corridors=tuple(_corridor(value, "corridor") for value in values["corridor"]),
        words=tuple(values["words"]),
        min=least,
        every_change="every" in values["mode"],
        stages=_stages(values["type"]),
    )


def _stages(said: Iterable[str]) -> tuple[str, ...]:
    """The stages that type:draft, type:in_force, … stand for, in the order of STAGES; raises OperatorError."""
    found: set[str] = set()
    for word in said:
        name = re.sub(r"[\s-]+", "_", word.casefold())
        if name not in ACT_TYPES and name not in STAGES:
            known = list(dict.fromkeys((*ACT_TYPES, *STAGES)))
            raise OperatorError(f"type:{word}: {_near(name, known)}say one of {', '.join(known)}")
        found.update(ACT_TYPES.get(name, (name,)))
    return tuple(stage for stage in STAGES if stage in found)


def _one(values: Mapping[str, list[str]], key: str, *, default: str = "") -> str:
    """Of a key that holds one value, the last that was said."""
    return (values[key] or [default])[-1]


def _rhythm(values: Mapping[str, list[str]]) -> Rhythm:
    """When a digest is due: day:mon hour:8 zone:Europe/Berlin empty:no."""
    usual = Rhythm()
    day, hour = _one(values, "day", default=usual.day).lower()[:3], _one(values, "hour", default=str(usual.hour))
    zone, empty = _one(values, "zone", default=usual.zone), _one(values, "empty", default="yes").lower()
    if day not in DAYS:
        raise OperatorError(f"day:{_one(values, 'day')}: say one of {', '.join(DAYS)}")
    if not hour.isascii() or not hour.isdigit() or int(hour) > 23:
        raise OperatorError(f"hour:{hour}: say an hour from 0 to 23")
    if zone != usual.zone and zone not in available_timezones():
        raise OperatorError(f"zone:{zone}: {_near(zone, available_timezones())}say a time zone like Europe/Berlin")
    if empty not in ("yes", "no"):
        raise OperatorError(f"empty:{empty}: say yes or no")
    return Rhythm(day, int(hour), zone, empty == "yes")


def _hours(values: Mapping[str, list[str]]) -> int:
    """answer:24h or answer:2d, in hours; 0 when nothing was said."""
    said = _one(values, "answer", default="0h")
    span = _SPAN.fullmatch(said)
    if not span or span[2].lower() not in "hdw":
        raise OperatorError(f"answer:{said}: say hours or days, e.g. answer:24h")
    return int(span[1]) * {"h": 1, "d": 24, "w": 168}[span[2].lower()]


def _near(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=1)
    return f"did you mean {close[0]}? " if close else ""


def unheard(asked: Filters, sources: Iterable[Source]) -> Iterator[str]:
    """What no declared source is about: it may be meant, or misspelt. Whoever asks should not wait in vain."""
    declared = list(sources)
    known = {
        "topic": (asked.topics, {topic for source in declared for topic in source.topics}),
        "jurisdiction": (asked.jurisdictions, {source.jurisdiction for source in declared}),
    }
    for key, (words, heard) in known.items():
        for word in words:
            if word not in heard:
                yield f"no source is declared for {key}:{word}; {_near(word, heard)}".rstrip("; ")
    for place in dict.fromkeys(end for corridor in asked.corridors for end in corridor):
        if place != "*" and place not in known["jurisdiction"][1] and not is_known(place):
            yield f"no jurisdiction that we know has the code {place}, so a corridor with it may never be told"
    off = {source.id: source.off_reason for source in declared if not source.enabled}
    for source_id in asked.sources:
        if source_id in off:
            yield f"{source_id} is switched off ({off[source_id] or 'no reason given'}): nothing is read there"


def _place(text: str, key: str) -> str:
    """The code of a jurisdiction, by name or code; codes that we do not know stand for themselves."""
    try:
        return code_of(text)
    except OperatorError as error:
        if _CODE.fullmatch(text):
            return text.upper()
        raise OperatorError(f"{key}:{text}: {error}") from error


def _corridor(text: str, key: str) -> tuple[str, str]:
    start, arrow, end = re.sub(r"→|>|->", "-", text).replace("--", "-").partition("-")
    if not arrow or not start.strip() or not end.strip():
        raise OperatorError(f"{key}:{text}: say FROM-TO, e.g. {key}:EU-US or {key}:CN-*")
    return _end(start.strip(), key), _end(end.strip(), key)


def _flow(text: str) -> Flow:
    """CN-US, or CN-US(health,financial) for these kinds of data alone; raises OperatorError."""
    match = _FLOW.fullmatch(text)
    if not match or match[2] is not None and not match[2].strip():
        raise OperatorError(f"flows:{text}: say FROM-TO or FROM-TO(KIND,…), e.g. flows:CN-US(health,financial)")
    kinds = [kind.strip().casefold() for kind in (match[2] or "").split(",") if kind.strip()]
    for kind in kinds:
        if kind not in DATA:
            raise OperatorError(f"flows:{text}: {_near(kind, DATA)}kinds of data are {', '.join(DATA)}")
    return Flow(*_corridor(match[1], "flows"), data=tuple(dict.fromkeys(kinds)))


def _end(text: str, key: str) -> str:
    return text if text == "*" else _place(text, key)


# ------------------------------------------------------------------------------------------------ in words


def describe(subscription: Subscription) -> str:
    """One subscription in words; what is muted and paused is named."""
    parts = asked_words(subscription.filters)
    parts += ["mode:every" if subscription.filters.every_change else f"mode:{subscription.mode}"]
    parts += [f"footprint:{subscription.footprint}"] if subscription.footprint else []
    parts += [_digest_words(subscription.rhythm)] if subscription.mode == "digest" else []
    parts += [f"answer:{subscription.answer_within}h"] if subscription.answer_within else []
    parts += [f"muted:{value}" for value in subscription.muted]
    parts += [_paused(subscription.paused_until)] if subscription.paused_until else []
    return " ".join([subscription.channel, subscription.address, *filter(None, parts)])


def asked_words(asked: Filters) -> list[str]:
    """Filters as the words that make them, but for the mode."""
    parts = [f"in:{value}" for value in asked.sources]
    parts += [f"jurisdiction:{value}" for value in asked.jurisdictions]
    parts += [f"type:{value}" for value in _types(asked.stages)]
    parts += [f"topic:{value}" for value in asked.topics]
    parts += [f"mechanism:{value}" for value in asked.mechanisms]
    parts += [f"corridor:{start}-{end}" for start, end in asked.corridors]
    parts += [f"words:{value}" for value in asked.words]
    return parts + ([f"min:{asked.min}"] if asked.min != "know" else [])


def _types(stages: Sequence[str]) -> list[str]:
    """Stages as few words: those of whole types, then what is left."""
    whole = [name for name, parts in ACT_TYPES.items() if set(parts) <= set(stages)]
    named = {part for name in whole for part in ACT_TYPES[name]}
    return whole + [stage for stage in stages if stage not in named]


def footprint_words(footprint: Footprint) -> str:
    """A footprint as the words that make it."""
    flows = [f"{flow.start}-{flow.end}" + (f"({','.join(flow.data)})" if flow.data else "") for flow in footprint.flows]
    given = (
        ("entities", footprint.entities), ("flows", flows), ("roles", footprint.roles), ("sectors", footprint.sectors)
    )  # fmt: skip
    return " ".join(f"{key}:{','.join(values)}" for key, values in given if values)


def _digest_words(rhythm: Rhythm) -> str:
    usual = Rhythm()
    parts = [f"day:{rhythm.day}", f"hour:{rhythm.hour}", f"zone:{rhythm.zone}"]
    return "" if rhythm == usual else " ".join(parts + ([] if rhythm.empty else ["empty:no"]))


def _paused(until: datetime) -> str:
    return "paused" if until.year == 9999 else f"paused until {until:%Y-%m-%d %H:%M} UTC"
