"""What a Fetcher is told: plain values that can be pickled and sent to a worker."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How we go out: our name, what the guard lets through, time-outs in seconds, sizes in bytes after unpacking."""

    user_agent: str
    allow_nets: tuple[str, ...] = ()  # CIDRs that the guard lets through; empty: public addresses only
    names: tuple[tuple[str, tuple[str, ...]], ...] = ()  # host -> addresses; when given, DNS is never asked
    proxy: str = ""
    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    total_timeout: float = 60.0
    max_bytes: int = 30_000_000
    max_redirects: int = 8
    http2: bool = True  # over TLS only, when the server offers it
    verify: str = ""  # a CA file in place of the usual authorities
