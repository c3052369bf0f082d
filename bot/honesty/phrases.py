"""What pages say when they are not the page that was promised: phrases.toml, read once."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from http import HTTPStatus
from importlib import resources
from typing import Any, NamedTuple

SEPARATORS = re.compile(r"\s+[|·•–—»«-]+\s+|\s*[|｜»«]+\s*|::|(?<=\D)[-_—–](?=[\u3000-\u9fff])")
LOOSE = re.compile(r"\s+[|·•–—:»«-]+\s+|\s*[|｜»«]+\s*|::|:\s")
NUMBERED = re.compile(
    r"^(?:http\s*)?(?:status\s*)?(?:error|erreur|fehler|ошибка|错误|エラー)?\s*:?\s*([45]\d\d)(?!\S)(.*)$"
)
QUOTES = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " ", "\uff0c": ","}
)
NOT_EAST_ASIAN = bytes(byte for byte in range(256) if not 0xE3 <= byte <= 0xED)  # UTF-8 leads of U+3000 to U+D7FF
ENDS = " .!?…。！-–—|:\"'"
TITLE, TITLE_WORDS = 500, 16  # letters of a title that are looked at, words of the longest phrase and some to spare
NEAR = 45  # letters between what a page is about and its state
FEW = 300  # a page that says less, and nothing that a rule-maker would say, is believed whatever its wording
MORE = 28  # how many letters may follow a title phrase of several words
KINDS = ("blocked", "login", "maintenance", "soft 404", "http", "unreadable")
BY_STATUS = {
    401: "login",
    403: "blocked",
    404: "soft 404",
    405: "blocked",
    406: "blocked",
    407: "login",
    410: "soft 404",
}
BY_STATUS |= {412: "blocked", 429: "blocked", 451: "blocked", 503: "maintenance", 511: "login"}


class Vendor(NamedTuple):
    """Somebody who puts challenges before pages, and how their pages are known."""

    name: str
    marks: tuple[bytes, ...]
    headers: tuple[tuple[str, str], ...]  # with an error status
    always: tuple[tuple[str, str], ...]  # with any status


class Phrases(NamedTuple):
    """phrases.toml as values."""

    titles: dict[str, str]  # phrase -> kind
    texts: dict[str, tuple[str, ...]]  # kind -> phrases
    places: dict[str, tuple[str, ...]]
    refusal: dict[str, tuple[str, ...]]  # sign -> words
    pairs: dict[str, dict[str, tuple[str, ...]]]  # kind -> what a page of few words is about, and its state
    notice: tuple[str, ...]  # what rule-makers speak of
    weak: frozenset[str]  # phrases that say nothing in a notice
    loading: tuple[str, ...]
    roots: tuple[bytes, ...]
    vendors: tuple[Vendor, ...]
    frank: tuple[Vendor, ...]  # those that may say so in a header whatever the status


@cache
def phrases() -> Phrases:
    """The packaged phrases."""
    table = tomllib.loads(resources.files("bot.honesty").joinpath("phrases.toml").read_text("utf-8"))
    shell = table["js shell"]
    vendors = tuple(_vendor(name, fields) for name, fields in table["vendors"].items())
    return Phrases(
        titles={title.strip(ENDS): kind for kind in reversed(KINDS) for title in table[kind]["titles"]},
        texts={kind: tuple(table[kind]["texts"]) for kind in (*KINDS, "js shell")},
        places={kind: tuple(table[kind]["places"]) for kind in ("blocked", "login")},
        refusal={sign: tuple(words) for sign, words in table["refusal"].items()},
        pairs={kind: {name: tuple(words) for name, words in pair.items()} for kind, pair in table["pairs"].items()},
        notice=tuple(table["notice"]["words"]),
        weak=frozenset(table["notice"]["weak"]),
        loading=tuple(shell["loading"]),
        roots=tuple(root.encode() for root in shell["roots"]),
        vendors=vendors,
        frank=tuple(vendor for vendor in vendors if vendor.always),
    )


def _vendor(name: str, fields: dict[str, Any]) -> Vendor:
    marks = tuple(mark.encode() for mark in fields["marks"])
    return Vendor(name, marks, _pairs(fields.get("headers", ())), _pairs(fields.get("always", ())))


def _pairs(lines: list[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))


def plain(text: str) -> str:
    """Lower case, straight quotes, single spaces: how phrases are written."""
    return " ".join(text.translate(QUOTES).lower().split())


def weight(text: str) -> int:
    """How much a text says, in Latin letters: a Han character, kana or Hangul syllable counts three."""
    if text.isascii():
        return len(text)
    return len(text) + 2 * len(text.encode("utf-8", "replace").translate(None, NOT_EAST_ASIAN))


def kind_of_heading(heading: str, *, text: str) -> str:
    """The kind of page whose first heading says so; the heading of a notice may say anything."""
    return "" if is_notice(plain(text)) else kind_of_title(heading)


def kind_of_title(title: str, *, text: str = "") -> str:
    """The kind of page that calls itself so, "" for an ordinary title.

    In a notice (by its `text`) a title that goes on after the phrase, or has it before a colon, says nothing.
    """
    said = plain(title[:TITLE])
    if not said:
        return ""
    for part in (said, *SEPARATORS.split(said)):
        if kind := _kind_of_part(part.strip(ENDS)):
            return kind
    if text and is_notice(plain(text)):
        return ""
    for part in (said, *LOOSE.split(said)):
        if kind := _kind_of_part(part.strip(ENDS)) or _kind_of_start(part.strip(ENDS)):
            return kind
    return ""


def _kind_of_part(part: str) -> str:
    if kind := phrases().titles.get(part, ""):
        return kind
    if numbered := NUMBERED.match(part.replace(":", " ")):
        return BY_STATUS.get(int(numbered[1]), "http") if _is_reason(int(numbered[1]), numbered[2]) else ""
    return ""


def _kind_of_start(part: str) -> str:
    """ "log in to example", but not "maintenance of records"."""
    words = part.split(" ")
    for count in range(min(len(words) - 1, TITLE_WORDS), 1, -1):
        start = " ".join(words[:count])
        if (kind := phrases().titles.get(start.rstrip(",.!:"), "")) and len(part) - len(start) <= MORE:
            return kind
    return ""


def _is_reason(status: int, rest: str) -> bool:
    """Whether the words after a number are those of HTTP; "500 firms comment" and "451 U.S. 1" are something else."""
    words, known = rest.strip(" -.!"), HTTPStatus(status).phrase.lower() if status in set(HTTPStatus) else ""
    return not words or words in phrases().titles or words[:9] == known[:9] or words.startswith(("error", "not "))


def kind_of_text(text: str) -> tuple[str, str]:
    """The kind of page that says so, and the phrase; ("", "") for ordinary text."""
    said = plain(text)
    passed_over = phrases().weak if is_notice(said) else frozenset[str]()
    for kind in KINDS:
        for phrase in phrases().texts[kind]:
            if phrase in said and phrase not in passed_over:
                return kind, phrase
        if kind == "blocked" and (signs := _refusal(said, notice=bool(passed_over))):
            return kind, signs
    return "", ""


def kind_of_few(text: str) -> tuple[str, str]:
    """The kind of page that a few words make of which nothing is of ours, and the two that make it; else ("", "")."""
    said = plain(text)
    return _pair(said) if weight(said) < FEW and not is_notice(said, least=1) else ("", "")


def _pair(said: str) -> tuple[str, str]:
    """The kind of page that a few words in any wording make, e.g. "browser … verify"."""
    for kind, pair in phrases().pairs.items():
        abouts, states = ({word: said.find(word) for word in pair[name]} for name in ("about", "state"))
        for about, one in abouts.items():
            near = (state for state, two in states.items() if min(one, two) >= 0 and abs(one - two) <= NEAR)
            if one >= 0 and (state := next(near, "")):
                return kind, f"{about} … {state}"
    return "", ""


def is_notice(said: str, *, least: int = 2) -> bool:
    """Whether a plain text speaks of what rule-makers speak of: of so many such things at least."""
    return sum(word in said for word in phrases().notice) >= least


def _refusal(said: str, *, notice: bool) -> str:
    """The signs of a refusal in a text of no known wording, "" when they do not make one together."""
    found = {
        sign: next(word for word in words if word in said)
        for sign, words in phrases().refusal.items()
        if any(word in said for word in words)
    }
    done = found.get("hard") or found.get("soft")
    if not done or notice and not found.keys() >= {"yours", "reference"}:
        return ""
    machine = "reference" in found or ("security" in found and "yours" in found)
    other = found.get("yours") or found.get("reference", "")
    return f"{other} … {done}" if machine or found.keys() >= {"yours", "hard"} else ""


def wants_script(text: str) -> str:
    """The phrase by which a page asks for JavaScript, "" for none."""
    said = plain(text)
    return next((phrase for phrase in phrases().texts["js shell"] if phrase in said), "")
