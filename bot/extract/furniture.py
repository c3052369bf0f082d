"""What stands on a page without being said by its author: counters, clocks, share bars (furniture.toml). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from bot.extract.dates import remove_dates
from bot.model import Block

SHORT = 140  # characters: longer blocks are never furniture
_RE_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_DIGIT = "[0-9０-９]"
_NUMBER = r"[0-9０-９][0-9０-９,.' ]*(?: ?[kKmM万萬])?(?: ?[次人回명회])?"
_RE_CLOCK = re.compile(
    r"\d{1,2}[:：]\d{2}(?:[:：]\d{2}(?:[.,]\d+)?)?"
    r"|\d{1,2} ?[時时시点點] ?\d{1,2} ?[分분](?: ?\d{1,2} ?[秒초])?|[+-]\d{4}\b"
)
_RE_WORD = re.compile(r"[^\W_]+")
_RE_COUNTED = re.compile(r"\{\d*,\d+\}")  # {1,60}
_SEPARATOR = r"[\s|·•/,;，；()（）\[\]【】]"


@dataclass(frozen=True, slots=True)
class Furniture:
    """The dictionary, ready for use."""

    drop: frozenset[str]
    drop_pairs: frozenset[str]
    aside: frozenset[str]
    aside_pairs: frozenset[str]
    aside_headings: frozenset[str]
    supplement_headings: tuple[str, ...]
    passing: frozenset[str]
    about: tuple[str, ...]
    moment: frozenset[str]
    weekday: frozenset[str]
    suspicious: Any  # RE2 patterns, which have no types; this one finds lines worth a closer look
    dated: Any
    whole: Any
    counter: Any


@lru_cache(maxsize=1)
def furniture() -> Furniture:
    """The packaged dictionary, read once."""
    import tomllib

    text = resources.files("bot.extract").joinpath("furniture.toml").read_text(encoding="utf-8")
    given = tomllib.loads(text)
    names, headings, volatile = given["names"], given["headings"], given["volatile"]
    return Furniture(
        drop=frozenset(names["drop"]),
        drop_pairs=frozenset(names["drop_pairs"]),
        aside=frozenset(names["aside"]),
        aside_pairs=frozenset(names["aside_pairs"]),
        aside_headings=frozenset(headings["aside"]),
        supplement_headings=tuple(headings["supplement"]),
        passing=frozenset(given["json"]["passing"]),
        about=tuple(given["xml"]["about"]),
        moment=frozenset(volatile["moment"]),
        weekday=frozenset(volatile["weekday"]),
        suspicious=_suspicious(volatile),
        dated=_pattern(f"^(?:{'|'.join(volatile['dated'])})[:：]? ?(.{{1,70}})$"),
        whole=_pattern(f"^(?:{'|'.join(_spelt(volatile['whole']))}|{_counting(volatile['counter'])})$"),
        counter=_pattern(
            rf"(?:^|{_SEPARATOR})((?:{'|'.join(volatile['counter'])}) ?[:：(（] ?{_NUMBER}[)）]?)(?:$|{_SEPARATOR})"
        ),
    )


def _pattern(pattern: str) -> Any:
    import re2

    return re2.compile(f"(?i){pattern}")


def _suspicious(volatile: Mapping[str, Sequence[str]]) -> Any:
    """Fits every line that the exact patterns may fit, and few others.

    Counted repeats are loosened: RE2 would go on making states for them with every new line (0.3 ms a page).
    """
    import re2

    options = re2.Options()
    options.max_mem = 64 << 20  # room for the automaton, so that matching stays one pass
    options.case_sensitive = False
    counter, weekday = "|".join(volatile["counter"]), "|".join(volatile["weekday"])
    whole = "|".join((*_spelt(volatile["whole"]), f"{_DIGIT}.*(?:{counter})"))
    within = rf".*(?:(?:{counter}).*{_DIGIT}|{weekday}).*"
    exact = rf"(?m)^(?:(?:{'|'.join(volatile['dated'])}).*|{whole}|{within})$"
    return re2.compile(_RE_COUNTED.sub("*", exact), options)


def _spelt(patterns: Sequence[str]) -> list[str]:
    # A negated class must not run on into the next line.
    return [pattern.replace("N", _NUMBER).replace("[^", "[^\\n") for pattern in patterns]


def _counting(counters: Sequence[str]) -> str:
    words = "|".join(counters)
    return rf"(?:{words})(?: is| are|数|數)? ?[:：(（]? ?{_NUMBER}[)）]?|{_NUMBER} (?:{words})"


@lru_cache(maxsize=4096)
def by_name(names: str) -> str:
    """What a part of a page is, by its class and id attributes: "drop", "aside" or ""."""
    known = furniture()
    tokens = [token.lower() for token in _RE_TOKEN.findall(names)]
    pairs = {f"{one} {two}" for one, two in zip(tokens, tokens[1:], strict=False)}
    if not known.drop.isdisjoint(tokens) or not known.drop_pairs.isdisjoint(pairs):
        return "drop"
    if not known.aside.isdisjoint(tokens) or not known.aside_pairs.isdisjoint(pairs):
        return "aside"
    return ""


@lru_cache(maxsize=4096)
def by_heading(text: str) -> str:
    """The place of what stands under a heading: "aside", "supplement" or "body"."""
    known, text = furniture(), text.casefold().strip(" :：.»›>-")
    if text in known.aside_headings:
        return "aside"
    return "supplement" if text.startswith(known.supplement_headings) else "body"


def without_volatile(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without counters, clocks, "last updated" lines, share bars and the like.

    Only short blocks outside articles are looked at: a whole one goes, and a counter goes from a paragraph that states
    other facts. Articles, table rows and list items that say anything else are left alone.
    """
    suspects = dict.fromkeys(block.text for block in blocks if _suspect(block))
    if not suspects:
        return list(blocks)
    known = furniture()
    # One pass of a linear matcher over all short lines costs less than a look at each.
    lines = {found[0] for found in known.suspicious.finditer("\n".join(suspects))}
    if not lines:
        return list(blocks)
    kept = []
    for block in blocks:
        if block.text in lines and _suspect(block):
            text = _cleaned(block, known)
            if not text:
                continue
            block = block._replace(text=text)
        kept.append(block)
    return kept


def _suspect(block: Block) -> bool:
    return len(block.text) <= SHORT and not block.label and not block.key and block.kind != "heading"


def _cleaned(block: Block, known: Furniture) -> str:
    if _is_volatile(block.text, known):
        return ""
    if block.kind != "paragraph" or not known.counter.search(block.text):
        return block.text
    text = _without_counter(block.text, known)
    return "" if _is_volatile(text, known) else text


def _is_volatile(text: str, known: Furniture) -> bool:
    if known.whole.match(text):
        return True
    dated = known.dated.match(text)
    return _is_moment(dated[1] if dated else text, known, bare=not dated)


def _is_moment(text: str, known: Furniture, *, bare: bool) -> bool:
    """Whether a text is a date or time and nothing else. A bare one must name its weekday, as clocks on pages do."""
    rest, dates = remove_dates(text)
    words = [word.lower() for word in _RE_WORD.findall(_RE_CLOCK.sub(" ", rest))]
    if not dates and not _RE_CLOCK.search(text):
        return False
    weekdays = [word for word in words if word in known.weekday]
    return (bool(weekdays) or not bare) and all(word in known.moment or word in known.weekday for word in words)


def _without_counter(text: str, known: Furniture) -> str:
    found = known.counter.search(text)
    while found:
        text = f"{text[: found.start(1)]}{text[found.end(1) :]}"
        found = known.counter.search(text)
    return re.sub(r"\(\s*\)|（\s*）|[\[【]\s*[\]】]", "", " ".join(text.split())).strip(" |·•/,;，；")
