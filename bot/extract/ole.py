"""The container of old Office files: named streams in chains of sectors ([MS-CFB]). Pure."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from bot.errors import ReadError

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFF_FFFA  # sector numbers from here on mean something else (end of chain, free, …)
_ENTRY = 128
_MAX_ENTRIES = 10_000


class Container:
    """A compound file; raises ReadError("unreadable") when it is damaged."""

    def __init__(self, body: bytes) -> None:
        if not body.startswith(MAGIC) or len(body) < 512:
            raise ReadError("unreadable", "not an old Office file")
        try:
            self._open(body)
        except (struct.error, IndexError, UnicodeDecodeError) as error:
            raise ReadError("unreadable", "the old Office file is damaged") from error

    def _open(self, body: bytes) -> None:
        shift, small_shift = struct.unpack_from("<HH", body, 0x1E)
        if shift not in (9, 12) or small_shift != 6:
            raise ReadError("unreadable", "the old Office file has sectors of an unknown size")
        self._body, self._size = body, 1 << shift
        directory, self._cutoff = struct.unpack_from("<I4xI", body, 0x30)
        small_start, _, more, more_count = struct.unpack_from("<IIII", body, 0x3C)
        self._next = self._table(body, more, more_count)
        self._small_next = _numbers(self._chain(small_start))
        self._entries = self._chain(directory)[: _MAX_ENTRIES * _ENTRY]
        (child,) = struct.unpack_from("<I", self._entries, 76)
        self.names = dict(self._streams(child))
        self._small = self._chain(struct.unpack_from("<I", self._entries, 116)[0])

    def _streams(self, root: int) -> Iterator[tuple[str, tuple[int, int]]]:
        """The streams beside one another below the root; storages inside hold documents of their own."""
        waiting, seen = [root], set[int]()
        while waiting:
            number = waiting.pop()
            if number in seen or (number + 1) * _ENTRY > len(self._entries):
                continue
            seen.add(number)
            at = number * _ENTRY
            length, kind = struct.unpack_from("<HB", self._entries, at + 64)
            if kind == 2:
                name = self._entries[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                yield name, struct.unpack_from("<II", self._entries, at + 116)
            waiting += struct.unpack_from("<II", self._entries, at + 68)

    def _table(self, body: bytes, more: int, more_count: int) -> tuple[int, ...]:
        """Which sector follows which."""
        places = list(struct.unpack_from("<109I", body, 0x4C))
        per = self._size // 4
        for _ in range(min(more_count, len(body) // self._size)):
            if more >= _LAST:
                break
            sector = _numbers(self._sector(more))
            places += sector[: per - 1]
            more = sector[per - 1]
        held = [self._sector(place) for place in places if place < _LAST]
        return _numbers(b"".join(held[: len(body) // self._size + 1]))

    def _sector(self, number: int) -> bytes:
        return self._body[(number + 1) * self._size : (number + 2) * self._size]

    def _chain(self, start: int) -> bytes:
        """The sectors of a chain; one that runs in a circle ends where the file would be full."""
        found: list[bytes] = []
        while start < _LAST and len(found) <= len(self._body) // self._size:
            found.append(self._sector(start))
            start = self._next[start] if start < len(self._next) else _LAST
        return b"".join(found)

    def stream(self, name: str) -> bytes:
        """The bytes of a stream, b"" when there is none."""
        if name not in self.names:
            return b""
        start, size = self.names[name]
        if size >= self._cutoff:
            return self._chain(start)[:size]
        found: list[bytes] = []
        while start < _LAST and len(found) <= len(self._small) // 64:
            found.append(self._small[start * 64 : start * 64 + 64])
            start = self._small_next[start] if start < len(self._small_next) else _LAST
        return b"".join(found)[:size]


def _numbers(sectors: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(sectors) // 4}I", sectors[: len(sectors) // 4 * 4])
