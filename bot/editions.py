"""Which documents look like the next edition of another: proposals, for a person to confirm. Pure.

A yearly report comes at a new address, a final text after its draft, a renewed decision under the same title. What is
proposed has the same authority and language, the same title but for years and draft marks, and enough blocks in common.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from bot.model import Block, Source
from bot.text import bare

DOCUMENTS = frozenset({"page", "pdf", "docx", "doc", "xml", "text", "markdown"})
ENOUGH = 0.3  # of the shorter text's blocks are found in the other, when year or draft mark tell the two apart
ALMOST_ALL = 0.6  # otherwise
LEAST = 5  # blocks of either text that are long enough to be compared
LONG = 24  # characters of a block from which it is compared
PIECE = 12  # characters that are looked for together
LIKE = 0.85  # titles share this part of their character pairs

_YEAR = re.compile(r"(?<!\d)(19[89]\d|20\d\d)(?!\d)(?:\s*[-/–]\s*(?:20)?\d\d(?!\d))?")
_MINGUO = re.compile(r"民國\s*(\d{2,3})\s*年")  # of Taiwan: 1911 is year 0
_DRAFTS = re.compile(
    r"(?i)\b(?:(?:exposure |consultation |preliminary |zero |revised )?draft(?: of)?|proposed|proposal for(?: an?)?"
    r"|for (?:public )?(?:comment|consultation)s?|public consultation(?: version)?|pre-?publication"
    r"|projet de|avant-projet de|entwurf|referentenentwurf|proyecto de|anteproyecto de|minuta de|schema di|taslağı"
    r"|taslak|проект|rancangan|dự thảo)\b"
    r"|公开?征求意见稿|征求意见稿|徵求意見稿|公開徵詢|草案|送审稿|預告|意见募集|意見募集|（案）|\(案\)|행정예고|입법예고|초안|ร่าง"
)
_FINALS = re.compile(
    r"(?i)\b(?:final(?: version| text| rule)?|as adopted|adopted text|version \d+(?:\.\d+)*)\b|试行|修订稿"
)


class Proposal(NamedTuple):
    """`newer` reads as the next edition of `older`; `share` of the shorter text's blocks are found in the other."""

    older: Source
    newer: Source
    share: float


def propose(
    sources: Iterable[Source], *, seen: Mapping[str, datetime], read: Callable[[Source], Sequence[Block]]
) -> Iterator[Proposal]:
    """Pairs of documents of which one looks like the next edition of the other, and nobody has said so yet.

    `seen`: when each was first read; those never read are left out. `read` is asked for the texts of likely pairs only.
    """
    known = [one for one in sources if one.type in DOCUMENTS and one.id in seen and one.authority and one.title]
    said = {one.id for one in known if one.succeeds}
    for family in _families(known):
        ordered = sorted(family, key=lambda one: (year(one), not is_draft(one), seen[one.id]))
        for older, newer in pairwise(ordered):
            if newer.id in said or older.url == newer.url:
                continue
            told_apart = (year(older), is_draft(older)) != (year(newer), is_draft(newer))
            share = common(read(older), read(newer))
            if share >= (ENOUGH if told_apart else ALMOST_ALL):
                yield Proposal(older, newer, share)


def _families(sources: Sequence[Source]) -> list[list[Source]]:
    """Documents of one authority and language whose titles are alike."""
    families: list[tuple[tuple[str, str, str], frozenset[str], list[Source]]] = []
    for source in sources:
        whose = (source.authority, source.jurisdiction, source.language.partition("-")[0])
        pairs = _pairs(title_key(source.title))
        kin = next((kin for place, key, kin in families if place == whose and _alike(key, pairs)), None)
        if kin is None:
            families.append((whose, pairs, [source]))
        else:
            kin.append(source)
    return [family for _, _, family in families if len(family) > 1]


def title_key(title: str) -> str:
    """A title without its years and without the marks of a draft or a final text."""
    for pattern in (_MINGUO, _YEAR, _DRAFTS, _FINALS):
        title = pattern.sub(" ", title)
    return "".join(char for char in bare(title) if char.isalnum())


def year(source: Source) -> int:
    """The year that a title names, or else the address; 0: none."""
    if found := _MINGUO.search(source.title):
        return 1911 + int(found[1])
    for text in (source.title, source.url):
        if years := [int(found[1]) for found in _YEAR.finditer(text)]:
            return max(years)
    return 0


def is_draft(source: Source) -> bool:
    """Whether the title says that it is not the final text."""
    return bool(_DRAFTS.search(source.title))


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def _alike(a: frozenset[str], b: frozenset[str]) -> bool:
    return bool(a and b) and 2 * len(a & b) / (len(a) + len(b)) >= LIKE


def common(before: Sequence[Block], after: Sequence[Block]) -> float:
    """Which part of the shorter text's blocks has at least half of its wording in the other text; 0 for short texts."""
    texts = sorted((_texts(before), _texts(after)), key=len)
    if len(texts[0]) < LEAST:
        return 0.0
    there = {piece for text in texts[1] for piece in _pieces(text, step=1)}
    found = sum(_share(text, there) >= 0.5 for text in texts[0])
    return found / len(texts[0])


def _texts(blocks: Sequence[Block]) -> list[str]:
    return [text for block in blocks if block.place == "body" and len(text := bare(block.text)) >= LONG]


def _pieces(text: str, *, step: int) -> Iterator[str]:
    return (text[at : at + PIECE] for at in range(0, len(text) - PIECE + 1, step))


def _share(text: str, there: set[str]) -> float:
    pieces = list(_pieces(text, step=4))
    return sum(piece in there for piece in pieces) / len(pieces)
