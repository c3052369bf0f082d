"""What the store can prove, and permissions that are used once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple


class Sealed(NamedTuple):
    """A row of the store as the ledger seals it: SHA-256 of `content` is what the chain holds."""

    seq: int
    kind: str  # snapshot, version, finding, review, delivery, …
    row: int
    content: bytes  # canonical JSON


class Link(NamedTuple):
    """An entry of the ledger: hash = SHA-256(previous hash + [seq,"kind",row,"content in hex"])."""

    seq: int
    kind: str
    row: int
    content: bytes  # 32 bytes
    hash: bytes  # 32 bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """What the store can prove of one Change: its rows, and the chain from the first of them on."""

    change: int
    rows: tuple[Sealed, ...]
    chain: tuple[Link, ...]
    before_chain: bytes  # the hash that the first link stands on
    cut: bool = False  # the chain goes on beyond its last link here
    files: Mapping[str, bytes] = field(default_factory=dict)  # bodies, readings and Findings, by name


@dataclass(frozen=True, slots=True)
class Ticket:
    """A permission that is used once, or until it expires: a web link, a session, a confirmation, a proposal.

    Only a hash of its secret is stored. `content` is JSON, of the kind's own shape.
    """

    kind: str  # link, session, confirm, unsubscribe, proposal; round: of a day
    hash: bytes
    expires: datetime
    content: bytes = b""
    id: int = 0
    used: datetime | None = None
