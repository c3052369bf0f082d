"""What one visit takes along, and what it brings back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model.sources import Source, Validators


@dataclass(frozen=True, slots=True)
class Known:
    """What a worker must know of one source before it looks. `stored` travels only when the fingerprint is old."""

    source: Source
    validators: Validators = Validators()
    body_hash: bytes = b""
    reading_hash: bytes = b""
    fingerprint: str = ""  # how the stored Version was read
    stored: bytes = b""  # zstd body to re-read, or b""
    stored_type: str = ""  # its Content-Type
    stored_url: str = ""
    reading_digest: bytes = b""  # blake2b, 16 bytes, of the stored Version's packed Blocks


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of work that crosses the executor: up to 25 due sources of one host. Pure data."""

    host: str
    at: datetime  # the coordinator's time when the unit was made; looks are dated from it
    known: tuple[Known, ...]
    wait: float = 0.0  # seconds until the host may be asked
    spacing: float = 2.0
    robots: str | None = None  # text of robots.txt, None: to be fetched


@dataclass(frozen=True, slots=True)
class Look:
    """What a worker brings back from one visit: bytes, not objects.

    Exactly one of three: `cause` (could not be read), `unchanged` (304, or the same bytes), or a new `body` with its
    `reading`. `reread` is today's reading of the *stored* body, when the fingerprint had changed (promise 5).
    """

    source_id: str
    at: datetime
    elapsed_ms: int = 0
    status: int = 0
    final_url: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    validators: Validators = Validators()
    unchanged: bool = False
    size: int = 0
    body_hash: bytes = b""
    body: bytes = b""  # zstd
    reading: bytes = b""  # zstd of the encoded blocks; b"" when its hash equals the known one
    reading_hash: bytes = b""
    fingerprint: str = ""
    title: str = ""
    language: str = ""
    charset: str = ""
    reread: bytes = b""
    reread_hash: bytes = b""
    cut: bool = False  # an HTML page without its end
    cause: str = ""
    detail: str = ""
    hint: str = ""
    retry_after: float = 0.0
    provenance: str = ""  # one of PROVENANCES


@dataclass(frozen=True, slots=True)
class UnitDone:
    """What a unit comes back with: its looks, and what was learnt of the host."""

    host: str
    looks: tuple[Look, ...]
    robots: str | None = None  # newly fetched robots.txt, None: none fetched
    robots_silent: bool = False  # the host did not answer for it: ask again soon
    not_before: float = 0.0  # seconds after the last look until the host may be asked again
