"""The home's lock: one process at a time looks, re-reads, judges or delivers in bulk."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import LockedError, OperatorError


class Lock:
    """HOME/lock, held with flock: the kernel lets go of it when the holder dies, however it dies."""

    def __init__(self, home: Path) -> None:
        self._path = home / "lock"
        self._guard = threading.Lock()
        self._file = -1
        self._depth = 0

    @contextmanager
    def held(self, who: str) -> Iterator[None]:
        """Hold it, also again inside the same store; raises LockedError that names the holder."""
        with self._guard:
            if not self._depth:
                self._file = self._take(who)
            self._depth += 1
        try:
            yield
        finally:
            with self._guard:
                self._depth -= 1
                if not self._depth:
                    os.ftruncate(self._file, 0)
                    os.close(self._file)

    def _take(self, who: str) -> int:
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise OperatorError(f"{self._path}: {error.strerror}; {who} must be able to write there") from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(file, 200, 0).decode(errors="replace") or "another process"
            os.close(file)
            raise LockedError(f"{self._path.parent} is held by {holder}") from None
        os.ftruncate(file, 0)
        os.pwrite(file, f"{who}, pid {os.getpid()}".encode(), 0)
        return file
