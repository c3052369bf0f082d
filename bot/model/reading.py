"""What a page says: blocks, and the bytes in which they travel and are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec


class Block(NamedTuple):
    """The smallest thing a reader would quote. (A NamedTuple because a look makes hundreds of them.)

    `place` says what a difference here is worth: *body*; *aside* (teasers, related news, page furniture that is
    still text); *about* (metadata of a law: status lines, editorial notes); *supplement* (supplementary provisions).
    """

    kind: str  # heading, paragraph, item, row, entry
    text: str
    path: tuple[str, ...] = ()  # the headings above it, outermost first
    label: str = ""  # its number as printed: "Article 5", "§ 4b", "第二十四条", "(3)"
    key: str = ""  # items only: canonical URL or id
    link: str = ""  # items only: where the item leads
    date: str = ""  # items only: ISO date, "" when the list gives none
    note: str = ""  # items only: summary or abstract
    place: str = "body"
    page: int = 0  # PDF page, from 1


@dataclass(frozen=True, slots=True)
class Reading:
    """What a body says, as read by one extractor."""

    blocks: tuple[Block, ...]
    title: str = ""
    language: str = ""
    charset: str = ""


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(tuple[Block, ...])


def pack(blocks: Sequence[Block]) -> bytes:
    """Blocks as JSON arrays, UTF-8: the form in which they cross the executor and are stored."""
    return _ENCODER.encode(blocks)


def unpack(data: bytes) -> tuple[Block, ...]:
    """The inverse of pack."""
    return _DECODER.decode(data)
