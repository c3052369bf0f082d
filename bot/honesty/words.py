"""The words of voice.toml, read once, and where they stand in a sentence. Pure."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources
from typing import NamedTuple

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
    """voice.toml as values: what each word stands for, and how long the words are that begin with certain letters."""

    signs: dict[str, tuple[Sign, ...]]
    lengths: dict[str, tuple[int, ...]]  # by three letters, or one where words are not parted by spaces; longest first


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
    lengths = dict[str, set[int]]()
    for word in signs:
        lengths.setdefault(word[: _key(word)], set()).add(len(word))
    return Words(signs, {key: tuple(sorted(found, reverse=True)) for key, found in lengths.items()})


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


def _key(word: str) -> int:
    return 1 if WIDE.match(word) else 3


def signs_of(sentence: str) -> Signs:
    """The words of voice.toml in a sentence, each once, with what they stand for; where one begins, the longest."""
    said, (known, lengths), found = plain(sentence), _words(), dict[tuple[Sign, str], None]()
    for at, letter in enumerate(said):
        wide = letter > "\u0580" and WIDE.match(letter)
        if not wide and (letter == " " or said[at - 1] != " "):
            continue
        here = dict[Sign, str]()
        for length in lengths.get(letter if wide else said[at : at + 3], ()):
            word = said[at : at + length]
            for sign in known.get(word, ()):
                here.setdefault(sign, word)
        found |= dict.fromkeys(here.items())
    return tuple(found)


def stems(piece: str) -> set[str]:
    """The beginnings of the longer words; pairs of letters where words are not parted."""
    said = plain(piece)
    wide = {said[at : at + 2] for at in range(len(said) - 1) if WIDE.match(said, at) and WIDE.match(said, at + 1)}
    return {word[:6] for word in said.split() if len(word) > 4 and not WIDE.match(word)} | wide
