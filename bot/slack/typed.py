"""What a person typed after /reg, read forgivingly. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from html import unescape
from typing import NamedTuple

from bot.errors import OperatorError
from bot.grammar import ACT_TYPES, KEYS
from bot.messages.mrkdwn import escaped
from bot.model import STAGES
from bot.slack.verbs import NAMES

QUOTES = dict.fromkeys(map(ord, "“”„‟«»「」『』〝〞＂"), '"') | dict.fromkeys(map(ord, "‘’‚‛＇"), "'")
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
TYPED = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
"""Slack writes what it recognised between angle brackets: <@U1|ann>, <#C1|legal>, <https://…|…>."""

ARROWS = str.maketrans({"→": ">", "⇒": ">", "➔": ">"})
KEYED = re.compile(r"([a-z_]+):(?!//)(.+)", re.IGNORECASE | re.DOTALL)
BESIDE = ("since", "until", "verdict")  # keys of look-ups beside the filters
AS_TYPED = frozenset({"words", "corridor", "jurisdiction", "footprint", "zone"})  # the rest are names in small letters
TYPES = frozenset((*ACT_TYPES, *STAGES))  # how far an act has come, in one word
LANE = "uncertain"  # what waits for a person's word
REVIEW = "review"  # a command of the terminal, and here a type
LONGEST = 2000  # characters of a command that are read


class Typed(NamedTuple):
    """A command: the verb ("" for an unknown one), its plain words, its key:value words, how it is to be answered."""

    verb: str
    words: tuple[str, ...] = ()
    keyed: tuple[str, ...] = ()
    share: bool = False
    said: str = ""  # the verb as it was typed
    near: str = ""  # the verb that was probably meant

    @property
    def text(self) -> str:
        """The same command as Slack would send it: read again, it is the same."""
        return escaped(" ".join([self.verb, *map(quoted, self.words), *map(_quoted_pair, self.keyed)]))

    def value(self, key: str) -> str:
        """What was said last for a key, "" for nothing."""
        said = [value for name, _, value in (pair.partition(":") for pair in self.keyed) if name == key]
        return said[-1] if said else ""


def typed(text: str) -> Typed:
    """Read a command; smart quotes, full-width characters, case, Slack's own escapes and typos are forgiven."""
    words = list(split(plain(text[:LONGEST])))
    share = _is_shared([word.text for word in words])
    if share:
        words.pop()
    if not words:
        return Typed("glance", share=share)
    said, rest = words[0].text, words[1:]
    verb = _verb(said)
    if not verb and _is_subject(said):
        verb, rest = "show", words
    if not verb and said.casefold() == REVIEW:
        raise OperatorError(_reviewing(rest[0].text if rest else ""))
    if not verb and said.casefold() in {*TYPES, LANE}:  # /reg draft
        verb, rest = "latest", words
    keyed = tuple(_pair(word.text) for word in rest if word.keyed)
    near = "" if verb else _near(said)
    return Typed(verb, tuple(word.text for word in rest if not word.keyed), keyed, share, said, near)


def _is_shared(words: Sequence[str]) -> bool:
    """Whether the last word asks for an answer that everybody sees; `search share` looks for the word."""
    if not words or words[-1].casefold() != "share":
        return False
    return len(words) != 2 or _verb(words[0]) not in {"search", "sources", "help"}


def _reviewing(word: str) -> str:
    """What to type for a review: the verbs for it, where the cases are, and the type of this name."""
    which = word.lstrip("#") if word.lstrip("#").isdecimal() else "N"
    say = f"say `/reg relevant {which}` or `/reg irrelevant {which} WHY`"
    return f"{say}; `/reg latest {LANE}` lists what waits for a review, `/reg latest type:{REVIEW}` acts under review"


def _verb(said: str) -> str:
    return NAMES.get(said.casefold().lstrip("/"), "")


def _near(said: str) -> str:
    close = get_close_matches(said.casefold(), NAMES, n=1, cutoff=0.7)
    return NAMES[close[0]] if close else ""


def _is_subject(said: str) -> bool:
    return said.lstrip("#").isdecimal() or said.startswith(("http://", "https://"))


def plain(text: str) -> str:
    """Slack's escapes undone, quotes and dashes straight, compatibility forms (full-width letters) as usual ones."""
    unwrapped = unescape(TYPED.sub(_unwrapped, text))
    return unicodedata.normalize("NFKC", unwrapped.translate(QUOTES | DASHES | ARROWS))


def _unwrapped(match: re.Match[str]) -> str:
    """A person as @ID, a channel as #ID, an address as itself."""
    body = match[1]
    return body if body.startswith(("@", "#", "http://", "https://", "mailto:")) else (match[2] or body.lstrip("!"))


class Word(NamedTuple):
    """One word, and whether it stood in quotes as a whole: then it is text, whatever it looks like."""

    text: str
    quoted: bool = False

    @property
    def keyed(self) -> bool:
        return not self.quoted and bool(KEYED.fullmatch(self.text))


def split(text: str) -> Iterator[Word]:
    """Words as a shell has them; an apostrophe inside a word is a letter, and a quote may stay open."""
    for match in re.finditer(r"""(?:[^\s"']|(?<=[^\s:])'|"[^"]*(?:"|$)|(?:(?<=[\s:])|^)'[^']*(?:'|$)|')+""", text):
        word = match[0] if '"' in match[0] else re.sub(r"""(^|:)'([^']*)'?$""", r"\1\2", match[0])
        if cleaned := word.replace('"', "").strip():
            yield Word(cleaned, match[0][0] in "\"'")


def _pair(word: str) -> str:
    """key:value with the key, and values that are codes, in small letters."""
    key, _, value = word.partition(":")
    key = key.casefold()
    if key not in KEYS and key not in BESIDE:
        close = get_close_matches(key, (*KEYS, *BESIDE), n=1)
        hint = f"did you mean {close[0]}:?" if close else f"say one of {', '.join((*KEYS, *BESIDE))}"
        raise OperatorError(f"{key}: is no filter; {hint}")
    return f"{key}:{value if key in AS_TYPED else value.casefold()}"


def quoted(word: str) -> str:
    """The word as it is read again: in quotes where it holds what would part it."""
    return f'"{word}"' if re.search(r"[\s':]", word) or not word else word


def _quoted_pair(pair: str) -> str:
    key, _, value = pair.partition(":")
    return f"{key}:{quoted(value)}"


# ------------------------------------------------------------------------------------------------ numbers and times


def number(words: Sequence[str], *, verb: str) -> int:
    """The number that comes first; raises OperatorError that says what to type."""
    word = words[0].lstrip("#").removeprefix("change/") if words else ""
    if not (word.isascii() and word.isdecimal() and 0 < len(word) <= 15):
        raise OperatorError(f"which change? Say its number: /reg {verb} 17. `/reg latest` lists them")
    return int(word)


SPAN = re.compile(r"([0-9]{1,4})\s*(h|d|w|m|y|hours?|days?|weeks?|months?|years?)?", re.IGNORECASE)
DAYS = {"h": 1 / 24, "d": 1, "w": 7, "m": 30, "y": 365}


def span(word: str, *, longest: int = 3650) -> timedelta:
    """A time like 3d, 12h, 2w or 90 (days); raises OperatorError."""
    match = SPAN.fullmatch(word)
    length = timedelta(days=int(match[1]) * DAYS[(match[2] or "d")[0].lower()]) if match else timedelta(0)
    if not timedelta(0) < length <= timedelta(days=longest):
        raise OperatorError(f"{word!r}: say a time like 12h, 3d or 2w")
    return length


def moment(word: str, *, now: datetime, ahead: bool) -> datetime:
    """A moment: so long ago (or ahead) as "3d" says, or a date like 2026-12-01, at its start in UTC."""
    if SPAN.fullmatch(word):
        return now + span(word) if ahead else now - span(word)
    try:
        return datetime.combine(date.fromisoformat(word), time(), UTC)
    except ValueError as error:
        raise OperatorError(f"{word!r}: say a time like 3d, or a date like 2026-12-01") from error
