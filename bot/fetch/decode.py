"""Bodies off the wire: unpacked as they come, never more than the limit (a few KB can unpack to gigabytes)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

from bot.errors import FetchError

ACCEPTED = "gzip, deflate, zstd"
CHUNK = 256 * 1024
_WINDOW_LOG = 23  # RFC 9659: no content coding may need a zstd window above 8 MB


class Unpacker(Protocol):
    """Gives back what the bytes so far unpack to, a CHUNK at a time; `finished` when the stream ended as it should."""

    @property
    def finished(self) -> bool: ...

    def feed(self, packed: bytes) -> Iterator[bytes]: ...


def body(chunks: Iterable[bytes], *, encoding: str, limit: int) -> tuple[bytes, bool]:
    """The unpacked body, cut at `limit` bytes, and whether that is all of it.

    Raises FetchError: "protocol" for an encoding that we did not ask for or damaged bytes, "truncated".
    """
    unpacker = _unpacker(encoding)
    parts, size = [], 0
    for part in _unpacked(chunks, unpacker):
        parts.append(part)
        size += len(part)
        if size > limit:
            return b"".join(parts)[:limit], False
    if not unpacker.finished:
        raise FetchError("truncated", f"the {encoding} body ended too early")
    return b"".join(parts), True


def _unpacked(chunks: Iterable[bytes], unpacker: Unpacker) -> Iterator[bytes]:
    for chunk in chunks:
        yield from unpacker.feed(chunk)


def _unpacker(encoding: str) -> Unpacker:
    names = [n for n in (e.strip().lower() for e in encoding.split(",")) if n not in ("", "identity")]
    if not names:
        return Plain()
    if len(names) == 1 and names[0] in ("gzip", "x-gzip", "deflate"):
        return Zlib()
    if names == ["zstd"]:
        return Zstd()
    raise FetchError("protocol", f"content encoding {encoding!r} was not asked for")


class Plain:
    """Bytes as they are."""

    finished = True

    def feed(self, packed: bytes) -> Iterator[bytes]:
        yield packed


class Zlib:
    """gzip (also of several members) and both things that servers call deflate."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(47)  # 47: gzip or zlib, told apart by their first bytes
        self._started = self._padded = False
        self._held = b""  # half of the two bytes that begin a member

    @property
    def finished(self) -> bool:
        return self._stream.eof or not self._started

    def feed(self, packed: bytes) -> Iterator[bytes]:
        packed, self._held = self._held + packed, b""
        while packed and not self._padded:
            if self._stream.eof and not self._next_member(packed):
                return
            yield self._step(packed)
            packed = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail

    def _next_member(self, packed: bytes) -> bool:
        if packed == b"\x1f":
            self._held = packed
        elif packed.startswith(b"\x1f\x8b"):
            self._stream = zlib.decompressobj(31)
            return True
        else:
            self._padded = True  # zeros or rubbish after the last member: gzip(1) ignores it too
        return False

    def _step(self, packed: bytes) -> bytes:
        try:
            return self._stream.decompress(packed, CHUNK)
        except zlib.error as error:
            if self._started:
                raise FetchError("protocol", "the compressed body is damaged") from error
        finally:
            self._started = True
        self._stream = zlib.decompressobj(-15)  # "deflate" without the zlib wrapper that RFC 9110 §8.4.1.2 wants
        return self._step(packed)


class Zstd:
    """Zstandard (RFC 8878)."""

    def __init__(self) -> None:
        try:
            from compression import zstd  # type: ignore[import-not-found, unused-ignore]
        except ImportError:
            from backports import zstd  # type: ignore[no-redef, unused-ignore]
        self._error, self._started = zstd.ZstdError, False
        self._stream = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG})

    @property
    def finished(self) -> bool:
        return bool(self._stream.eof) or not self._started

    def feed(self, packed: bytes) -> Iterator[bytes]:
        self._started = True
        while not self._stream.eof:
            try:
                part = self._stream.decompress(packed, CHUNK)
            except self._error as error:
                raise FetchError("protocol", "the compressed body is damaged") from error
            packed = b""
            yield part
            if self._stream.needs_input:
                return
