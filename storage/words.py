"""Texts and questions as the full-text index sees them. Pure.

SQLite's unicode61 finds words between spaces, so scripts that write without them, or glue particles on, are cut into
overlapping pairs here, in the index and in the question alike: 公司法 is 公司 司法 法. (Measured on 200,000 rows: pairs
find every two-character word, where trigrams find none and dictionaries miss a third.)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final

# Thai to Khmer, Hangul (letters, syllables), kana, Han; 々 and the long-vowel mark belong to the words they stand in
_PAIRED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUN: Final = f"[{_PAIRED}]+|[^{_PAIRED}]+"
_STARTS_PAIRED: Final = f"[{_PAIRED}]"
_HANGUL: Final = "[\uac00-\ud7a3]+"
# Korean particles that are glued to nouns; the longer first
_PARTICLES: Final = (
    "으로부터", "에서는", "으로는", "에게서", "에서", "에게", "으로", "까지", "부터", "처럼", "보다", "이나",
    "은", "는", "이", "가", "을", "를", "의", "에", "로", "와", "과", "도", "만", "나",
)  # fmt: skip
_INSIDE: Final = frozenset("LNM")  # letters, numbers and the marks that belong to them


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Made by whoever first cuts a text: it takes milliseconds, and who looks one Change up needs none."""
    return re.compile(pattern)


def cut(text: str) -> str:
    """A text for the index: pairs where they are needed, everything else as it is."""
    return " ".join(" ".join(_pairs(run)) if _is_paired(run) else run for run in _compiled(_RUN).findall(_normal(text)))


def question(words: str) -> str:
    """An FTS5 expression that finds the texts with all these words; "" when there is none in them.

    Everything is quoted: nothing that people type is syntax. The last syllables of a word may be missing in scripts
    with spaces (prefix match); a Korean word is found with other particles, too.
    """
    return " AND ".join(filter(None, (_word(word) for word in _normal(words).split())))


def exact(asked: str) -> str:
    """The same expression where every word must stand as it was typed: it finds less, without gathering endings."""
    return asked.replace('" *', '"')  # a star stands outside of quotes only where `_phrase` put it


def _word(word: str) -> str:
    phrases = [_phrase(word)]
    if (bare := _without_particle(word)) != word:
        phrases.append(_phrase(bare))
    found = [phrase for phrase in phrases if phrase]
    return f"({' OR '.join(found)})" if len(found) > 1 else "".join(found)


def _phrase(word: str) -> str:
    """The tokens of one word, which must stand side by side; the last one may go on."""
    runs = [run for part in _parts(word) for run in _compiled(_RUN).findall(part)]
    tokens: list[str] = []
    for number, run in enumerate(runs, start=1):
        pairs = _pairs(run) if _is_paired(run) else [run]
        # the last character alone ends a run in the index; here the run may be the beginning of a longer one
        tokens += pairs[:-1] if number == len(runs) and len(pairs) > 1 else pairs
    return f'"{" ".join(tokens)}" *' if tokens else ""


def _parts(word: str) -> Iterator[str]:
    """What stands between punctuation."""
    return filter(None, "".join(c if unicodedata.category(c)[0] in _INSIDE else " " for c in word).split(" "))


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run))]


def _is_paired(run: str) -> bool:
    return bool(_compiled(_STARTS_PAIRED).match(run))


def _without_particle(word: str) -> str:
    """A Korean word of three syllables or more without its particle; never shorter than two."""
    if _compiled(_HANGUL).fullmatch(word):
        for particle in _PARTICLES:
            if word.endswith(particle) and len(word) - len(particle) >= 2:
                return word.removesuffix(particle)
    return word


def _normal(text: str) -> str:
    """Full width, half width and composed forms alike (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", text)
