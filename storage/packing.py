"""Values as bytes and numbers: times, codes, JSON and zstd. Knows no table."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import MISSING, Field, fields
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any, Final

import msgspec

if sys.version_info >= (3, 14):
    from compression.zstd import CompressionParameter, DecompressionParameter, ZstdDict, ZstdError, compress, decompress
else:
    from backports.zstd import CompressionParameter, DecompressionParameter, ZstdDict, ZstdError, compress, decompress

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND: Final = timedelta(milliseconds=1)
SHORTEST_DICTIONARY: Final = 8  # bytes: zstd refuses shorter raw dictionaries
WIDEST_WINDOW: Final = 27  # 128 MB, the most that zstd decodes without being asked


class Damaged(Exception):
    """A row holds what we never write; says which, where that is known."""


DAMAGE: Final = (ZstdError, msgspec.DecodeError, UnicodeDecodeError, Damaged)
"""What the decoders raise for bytes and numbers that are not those that were written."""


def coded(names: Sequence[str], code: int, row: str, number: int | str) -> str:
    """The name that a code stands for; the row is named where there is none."""
    if not 0 <= code < len(names):
        raise Damaged(f"{row} {number} holds the code {code}, which means nothing")
    return names[code]


# ------------------------------------------------------------------------------------------------ times


def stamp(at: datetime) -> int:
    """Milliseconds since 1970, UTC: six bytes in SQLite where microseconds take eight."""
    return (at - EPOCH) // MILLISECOND


def moment(at: int) -> datetime:
    """The inverse of stamp, to the millisecond."""
    try:
        return EPOCH + timedelta(milliseconds=at)
    except OverflowError as error:
        raise Damaged(f"{at} stands where a time does") from error


def maybe_stamp(at: datetime | None) -> int | None:
    return None if at is None else stamp(at)


def maybe_moment(at: int | None) -> datetime | None:
    return None if at is None else moment(at)


# ------------------------------------------------------------------------------------------------ JSON


def to_json(value: Any) -> bytes:
    """Canonical for what we store: no spaces, keys in the order in which the value gives them."""
    return msgspec.json.encode(value)


def sparse(value: Any) -> bytes:
    """A dataclass as a JSON object without the fields that stand at their default: what is empty costs nothing."""
    return to_json(
        {field.name: kept for field in fields(value) if (kept := getattr(value, field.name)) != _bare(field)}
    )


def _bare(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


# ------------------------------------------------------------------------------------------------ zstd


def digest(content: bytes) -> bytes:
    """The address of a content: blake2b, 16 bytes."""
    return blake2b(content, digest_size=16).digest()


def squeeze(content: bytes, *, like: bytes = b"", level: int = 3) -> bytes:
    """One zstd frame; `like` is a similar content that the reader will have at hand, too."""
    if len(like) < SHORTEST_DICTIONARY:
        return compress(content, level)
    # the window must reach back over the whole of `like`, whatever the level would choose
    window = min(max((len(like) + len(content)).bit_length(), 10), WIDEST_WINDOW)
    options: dict[int, int] = {CompressionParameter.compression_level: level, CompressionParameter.window_log: window}
    return compress(content, options=options, zstd_dict=ZstdDict(like, is_raw=True).as_prefix)


def unsqueeze(frame: bytes, *, like: bytes = b"") -> bytes:
    """The inverse of squeeze, given the same `like`."""
    if len(like) < SHORTEST_DICTIONARY:
        return decompress(frame)
    options: dict[int, int] = {DecompressionParameter.window_log_max: WIDEST_WINDOW}
    return decompress(frame, options=options, zstd_dict=ZstdDict(like, is_raw=True).as_prefix)
