"""The words of voice.toml, read once, and where they stand in a sentence. Pure."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

_GAP = re.compile(r"[\s.,:;!?¡¿…\"“”„«»()\[\]<>/*#·•–—‐‑\-]+")
_ALIKE = {"\u2019": "'", "\u2018": "'", "\u02bc": "'", "ł": "l", "đ": "d", "ø": "o", "ı": "i", "ß": "ss", "æ": "ae"}
_PLAIN = str.maketrans(_ALIKE | {"œ": "oe"})
_TONED = re.compile(r"[\u1ea0-\u1ef9]")  # letters of Vietnamese
WIDE = re.compile(r"[\u0590-\u06ff\u0900-\u0dff\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


class Sign(NamedTuple):
    """What a word stands for, in one language."""

    language: str
    name: str
    kind: str = ""


Signs = tuple[tuple[Sign, str], ...]
Sentence = tuple[str, Signs]


class Words(NamedTuple):
    """voice.toml as values: what each word stands for, and all of them as they are looked for in one walk."""

    signs: dict[str, tuple[Sign, ...]]
    listed: tuple[str, ...]
    walk: AhoCorasick  # of the same order; with the space before them where words are parted by spaces


@cache
def _words() -> Words:
    """The packaged words."""
    table = tomllib.loads(resources.files("bot.honesty").joinpath("voice.toml").read_text("utf-8"))
    signs = dict[str, tuple[Sign, ...]]()
    for name, part in table.items():
        kinds = {"": part} if isinstance(next(iter(part.values())), str) else part
        for kind, languages in kinds.items():
            for language, words in languages.items():
                sign = Sign(language, name, kind)
                for word in words.split("|"):
                    folded = _folded(word, language=language)
                    signs[folded] = (*signs.get(folded, ()), sign)
    listed = tuple(signs)
    walked = [word if WIDE.match(word) else f" {word}" for word in listed]
    return Words(signs, listed, AhoCorasick(walked, implementation=Implementation.ContiguousNFA, store_patterns=False))


def _folded(word: str, *, language: str) -> str:
    """A word as texts are compared; short ones, and those with `_` behind them, only whole."""
    bare = word.strip()
    whole = bare.endswith("_") or len(bare) < 3 and not WIDE.match(bare)
    return plain(bare.rstrip("_"), toned=language == "vi").strip() + (" " if whole else "")


def plain(text: str, *, toned: bool = False) -> str:
    """Lower case without accents, and one space for whatever parts words. Vietnamese (`toned`) keeps its accents."""
    low = text.translate(_PLAIN).lower()
    if not low.isascii() and not (toned or _TONED.search(low)):
        bare = "".join(mark for mark in unicodedata.normalize("NFKD", low) if not "\u0300" <= mark <= "\u036f")
        low = unicodedata.normalize("NFC", bare).translate(_PLAIN)
    return _GAP.sub(" ", f" {low} ")


def signs_of(sentence: str) -> Signs:
    """The words of voice.toml in a sentence, each once, with what they stand for; where one begins, the longest."""
    said, (known, listed, walk) = plain(sentence), _words()
    here = dict[tuple[int, Sign], str]()
    hits = ((end - len(listed[number]), listed[number]) for number, _, end in _hits(walk, said))
    for at, word in sorted(hits, key=lambda hit: (hit[0], -len(hit[1]))):
        for sign in known[word]:
            here.setdefault((at, sign), word)
    return tuple(dict.fromkeys((sign, word) for (_, sign), word in here.items()))


def _hits(walk: AhoCorasick, said: str) -> list[tuple[int, int, int]]:
    return walk.find_matches_as_indexes(said, overlapping=True)


def stems(piece: str) -> set[str]:
    """The beginnings of the longer words; pairs of letters where words are not parted."""
    said = plain(piece)
    wide = {said[at : at + 2] for at in range(len(said) - 1) if WIDE.match(said, at) and WIDE.match(said, at + 1)}
    return {word[:6] for word in said.split() if len(word) > 4 and not WIDE.match(word)} | wide
