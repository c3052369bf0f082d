"""Captures as WARC 1.1 response records (ISO 28500:2017), so that archive tools read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5

_LENGTHS = frozenset({"content-length", "content-encoding", "transfer-encoding"})  # the body is stored decoded


@dataclass(frozen=True, slots=True)
class Capture:
    """One response as it was fetched."""

    url: str
    at: datetime
    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def records(captures: Sequence[Capture]) -> bytes:
    """One response record for each capture."""
    return b"".join(map(_record, captures))


def _record(one: Capture) -> bytes:
    block = _response(one)
    at = one.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    fields = {
        "WARC-Type": "response",
        "WARC-Record-ID": f"<urn:uuid:{uuid5(NAMESPACE_URL, one.url + at)}>",
        "WARC-Target-URI": one.url,
        "WARC-Date": at,
        "WARC-Payload-Digest": f"sha256:{sha256(one.body).hexdigest()}",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    }
    return b"WARC/1.1\r\n" + _fields(fields) + b"\r\n" + block + b"\r\n\r\n"


def _response(one: Capture) -> bytes:
    kept = {name: value for name, value in one.headers.items() if name not in _LENGTHS}
    status = f"HTTP/1.1 {one.status} \r\n".encode()
    return status + _fields({**kept, "content-length": str(len(one.body))}) + b"\r\n" + one.body


def _fields(fields: Mapping[str, str]) -> bytes:
    """Header lines; a line break in a value would begin another one."""
    return b"".join(f"{name}: {' '.join(value.split())}\r\n".encode() for name, value in fields.items())
