"""WARC files as responses: recorded captures, in date order (equal dates: file order). Reads with warcio.

Bounded: a record's body is read up to the same limit as a fetched one.
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from bot.errors import OperatorError
from bot.fetch import Response
from bot.model import Validators

BODY_LIMIT = 30_000_000
CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Capture:
    """One recorded response."""

    url: str
    at: datetime
    response: Response
    whole: bool = True  # False: the file was cut off inside this record


@dataclass(frozen=True, slots=True)
class Place:
    """Where in its file a recorded response lies."""

    url: str
    at: datetime
    offset: int


def places(path: Path) -> list[Place]:
    """The recorded responses of one file, oldest first (equal dates: file order). Raises OperatorError.

    A first pass over the record headers only: bodies are read one at a time, by `capture`.
    """
    from warcio.archiveiterator import ArchiveIterator

    found = []
    with _opened(path) as stream:
        records = ArchiveIterator(stream, no_record_parse=True)
        any_record = False
        for record in records:
            any_record |= bool(record.rec_type)
            if record.rec_type == "response" and not _url(record):
                raise OperatorError(f"{path}: a record has no address (WARC-Target-URI)")
            if record.rec_type != "response" or not _url(record).startswith(("http://", "https://")):
                continue  # crawlers also note what they asked, and what DNS answered
            at = _moment(record.rec_headers.get_header("WARC-Date"), path)
            records.read_to_end(record)
            found.append(Place(_url(record), at, records.get_record_offset()))
        if not any_record:
            raise OperatorError(f"{path}: not a readable WARC file (it holds no whole record)")
    return sorted(found, key=lambda one: one.at)  # stable: equal dates keep file order


def capture(path: Path, place: Place) -> Capture:
    """One recorded response, its body unpacked. Raises OperatorError."""
    from warcio.archiveiterator import ArchiveIterator

    with _opened(path) as stream:
        stream.seek(place.offset)
        record: Any = next(iter(ArchiveIterator(stream)), None)
        if record is None:
            raise OperatorError(f"{path}: not a readable WARC file (no record at byte {place.offset})")
        heard = record.http_headers
        headers = tuple((name.lower(), value) for name, value in (heard.headers if heard else ()))
        body = record.content_stream().read(BODY_LIMIT)
        whole = _is_whole(record)
        response = Response(_status(heard), _url(record), _plain(headers), body, _validators(headers))
    return Capture(response.final_url, place.at, response, whole)


def _is_whole(record: Any) -> bool:
    """Whether the file holds as many bytes of the record as its header says."""
    rest = record.raw_stream
    while getattr(rest, "limit", 0) > 0 and rest.read(CHUNK):
        pass
    return int(getattr(rest, "limit", 0)) <= 0  # no limit: the header does not say how many


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file; what is wrong with it becomes an OperatorError."""
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.statusandheaders import StatusAndHeadersParserException

    try:
        with path.open("rb") as stream:
            if not os.fstat(stream.fileno()).st_size:
                raise OperatorError(f"{path}: the file is empty")
            yield stream
    # warcio trips over damaged heads in the ways of Python, too
    except (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise OperatorError(f"{path}: not a readable WARC file ({type(error).__name__})") from error
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise OperatorError(f"{path}: not a readable WARC file ({type(error).__name__})") from error
    except OSError as error:
        raise OperatorError(f"{path}: {error.strerror or type(error).__name__}") from error


def _url(record: Any) -> str:
    """Some writers put the address between <>, as the grammar of WARC 1.0 had it."""
    url: str = record.rec_headers.get_header("WARC-Target-URI") or ""
    return url.strip().removeprefix("<").removesuffix(">")


def _status(heard: Any) -> int:
    """A record without a status line is a body that was saved: it was there."""
    code = heard.get_statuscode() if heard else ""
    return int(code) if code.isascii() and code.isdecimal() and len(code) == 3 else 200


def _plain(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The body was unpacked on reading: headers that speak of its packing would now be wrong."""
    return tuple(pair for pair in headers if pair[0] not in {"content-encoding", "transfer-encoding"})


def _validators(headers: tuple[tuple[str, str], ...]) -> Validators:
    found = dict(headers)
    return Validators(found.get("etag", ""), found.get("last-modified", ""))


def _moment(text: str | None, path: Path) -> datetime:
    try:
        moment = datetime.fromisoformat((text or "").replace("Z", "+00:00"))
    except ValueError as error:
        raise OperatorError(f"{path}: a record has the date {text!r}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
