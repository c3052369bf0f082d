"""Bodies: unpacked as they come, and never more than the limit."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FetchError
from bot.fetch.decode import body

try:
    from compression import zstd  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    from backports import zstd  # type: ignore[no-redef, unused-ignore]

LIMIT = 1_000_000


def raw_deflate(text: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(text) + packer.flush()


PACKERS = {
    "": bytes,
    "identity": bytes,
    "gzip": gzip.compress,
    "X-GZip": gzip.compress,
    "deflate": zlib.compress,
    "deflate ": raw_deflate,
    "zstd": zstd.compress,
    "identity, gzip": gzip.compress,
}


def pieces(text: bytes, size: int) -> Iterator[bytes]:
    return (text[at : at + size] for at in range(0, len(text), size))


@pytest.mark.parametrize("encoding", PACKERS)
@given(text=st.binary(max_size=3000), size=st.integers(2, 500))
def test_what_was_packed_comes_out_however_it_is_cut(encoding: str, text: bytes, size: int) -> None:
    assert body(pieces(PACKERS[encoding](text), size), encoding=encoding, limit=LIMIT) == (text, True)


@given(text=st.binary(max_size=300), size=st.integers(1, 50))
def test_several_gzip_members_are_one_body_and_padding_after_them_is_nothing(text: bytes, size: int) -> None:
    packed = gzip.compress(text) + gzip.compress(b"and more") + bytes(100)
    assert body(pieces(packed, size), encoding="gzip", limit=LIMIT) == (text + b"and more", True)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "deflate ", "zstd"])
def test_a_bomb_is_cut_at_the_limit(encoding: str) -> None:
    packed = PACKERS[encoding](bytes(50_000_000))
    assert body(pieces(packed, 65536), encoding=encoding, limit=LIMIT) == (bytes(LIMIT), False)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd"])
@pytest.mark.parametrize("kept", [1, 5, 30, -1])
def test_half_a_packed_body_is_truncated(encoding: str, kept: int) -> None:
    packed = PACKERS[encoding](bytes(range(256)) * 4)[:kept]
    with pytest.raises(FetchError) as caught:
        body([packed], encoding=encoding, limit=LIMIT)
    assert caught.value.cause == "truncated"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd"])
def test_no_bytes_at_all_are_an_empty_body(encoding: str) -> None:
    assert body([], encoding=encoding, limit=LIMIT) == (b"", True)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd", "br", "gzip, gzip", "aes128gcm"])
def test_damaged_bodies_and_foreign_encodings_are_protocol_failures(encoding: str) -> None:
    with pytest.raises(FetchError) as caught:
        body([b"\xff<html>plain after all</html>"], encoding=encoding, limit=LIMIT)
    assert caught.value.cause == "protocol"


def test_a_plain_body_at_the_limit_is_whole_and_one_byte_more_is_not() -> None:
    assert body([bytes(LIMIT)], encoding="", limit=LIMIT) == (bytes(LIMIT), True)
    assert body([bytes(LIMIT), b"x"], encoding="", limit=LIMIT)[1] is False
