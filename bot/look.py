"""A unit of work: settings as data, sources of one host in, their Looks out. Runs in a thread, a process or a cluster.

The only room that knows fetch and extract. It writes nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from urllib.parse import urlsplit

from bot import extract, honesty
from bot.child import read_in_child
from bot.errors import FetchError, ReadError
from bot.fetch import Fetcher, FetchSettings, Response, allows, browser, crawl_delay, render, unreachable
from bot.model import Known, Look, Reading, Source, Unit, UnitDone, Validators, pack
from bot.squeeze import expand, squeeze

log = logging.getLogger(__name__)

UNIT_SECONDS = 60.0  # sources not reached in this time stay due
IN_CHILD = 1_000_000  # bytes from which a body is read outside this process
TAG_BYTES = 65_536  # a tag longer than this can take seconds to parse
END = 4_096  # bytes at the end of a page in which its end tag is looked for
STILL_LISTED = 3  # dated links that plainly are a list
SHELLS = frozenset({"js shell", "empty"})  # what a page may look like before its scripts have run
CHILD_TYPES = frozenset({"pdf", "docx", "doc", "xlsx"})


@dataclass(frozen=True, slots=True)
class LookSettings:
    """What every worker needs; picklable."""

    fetch: FetchSettings
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)


_own = threading.local()
# Reading is pure Python: threads that do it at once only fight for the interpreter (10 % more CPU).
_reading = threading.Lock()


def sleep(seconds: float) -> bool:
    """The pause of a worker that nobody interrupts; a crew of threads passes Event.wait instead. True: stop."""
    time.sleep(seconds)
    return False


def look(unit: Unit, settings: LookSettings, pause: Callable[[float], bool] = sleep) -> UnitDone:
    """Look at the sources of one unit, politely, one after another; what is not reached stays due."""
    fetcher = _fetcher(settings.fetch)
    began = time.monotonic()
    if unit.wait > 0 and pause(min(unit.wait, UNIT_SECONDS)):
        return UnitDone(unit.host, ())
    robots = unit.robots
    fetched = None
    if robots is None and any(urlsplit(known.source.url).scheme in {"http", "https"} for known in unit.known):
        first = unit.known[0].source
        robots = fetched = fetcher.robots(first.url, ipv4=first.ipv4)
    spacing = _spacing(unit, robots or "", settings.fetch.user_agent)
    looks: list[Look] = []

    def rest() -> bool:
        return bool(spacing) and pause(spacing)

    for number, known in enumerate(unit.known):
        if time.monotonic() - began > UNIT_SECONDS:
            break
        if (number or fetched is not None) and rest():
            break
        at = unit.at + timedelta(seconds=time.monotonic() - began)
        made = visit(known, at=at, fetcher=fetcher, robots=robots or "", settings=settings, rest=rest)
        if made is None:
            break
        looks.append(made)
        if made.cause == "later":  # the host asked for a pause: nobody else bothers it in this unit
            break
    asked = max((made.retry_after for made in looks), default=0.0)
    silent = fetched is not None and unreachable(fetched) is not None
    return UnitDone(unit.host, tuple(looks), fetched, silent, not_before=max(spacing, asked))


def _fetcher(settings: FetchSettings) -> Fetcher:
    """One client per worker thread; a thread that gets other settings gets another client."""
    if getattr(_own, "settings", None) != settings:
        _own.settings, _own.fetcher = settings, Fetcher(settings)
    fetcher: Fetcher = _own.fetcher
    return fetcher


def _spacing(unit: Unit, robots: str, agent: str) -> float:
    """The declared spacing, or the host's own Crawl-delay when that is longer; 0 stays 0 (tests, benchmarks)."""
    if unit.spacing <= 0:
        return 0.0
    return max(unit.spacing, min(crawl_delay(robots, agent), UNIT_SECONDS))


def visit(
    known: Known,
    *,
    at: datetime,
    fetcher: Fetcher,
    robots: str,
    settings: LookSettings,
    rest: Callable[[], bool] = lambda: False,
) -> Look | None:
    """One look at one source; whatever goes wrong on the way becomes the Look's cause. None: told to stop meanwhile."""
    source = known.source
    began = time.monotonic()

    def allowed(url: str) -> bool:
        return not robots.strip() or allows(robots, url, settings.fetch.user_agent)

    try:
        if error := unreachable(robots):
            raise error
        key = settings.keys.get(source.key, "")
        if source.key and not key:
            raise FetchError("refused", f"this source needs {source.key}, which is not set")
        if source.render:
            browser()  # says what is missing before anybody is asked
        if source.pages < 2 or source.parent:
            validators = Validators() if source.render else known.validators  # a shell is the same whatever fills it
            response = fetcher.get(source, validators=validators, api_key=key, allowed=allowed)
            response = _filled(source, response, settings=settings.fetch, robots=robots)
        else:
            several = _pages(
                source,
                lambda one: _filled(
                    one, fetcher.get(one, api_key=key, allowed=allowed), settings=settings.fetch, robots=robots
                ),
                rest=rest,
                limit=settings.fetch.max_bytes,
            )
            if several is None:
                return None
            response = several
    except FetchError as error:
        elapsed = int((time.monotonic() - began) * 1000)
        failed = Look(source.id, at, elapsed, cause=error.cause, detail=error.detail)
        return _with(failed, retry_after=error.retry_after or 0.0)
    return read_response(known, response, at=at)


def _filled(source: Source, response: Response, *, settings: FetchSettings, robots: str) -> Response:
    """The page as its scripts fill it, where the source asks for that. No script of a challenge is ever run."""
    if not source.render or response.status != 200:
        return response
    doubt = _doubt(source, response)
    if doubt and doubt.cause not in SHELLS:
        return response
    return render(response, settings, robots=robots, ipv4=source.ipv4)


def _pages(
    source: Source, get: Callable[[Source], Response], *, rest: Callable[[], bool], limit: int
) -> Response | None:
    """The answer with the pages that follow it. Half a list would look like a list that lost items: a page that cannot
    be had stands for all of them. Asked without validators, for an unchanged first page says nothing of the others."""
    first = get(source)
    if _doubt(source, first) or first.status != 200:
        return first
    bodies = [first.body]
    while following := extract.next_page(source, bodies, url=first.final_url):
        if rest():
            return None
        page = get(following)
        if page.status == 404 and source.type != "sitemap" or page.body in bodies:  # past the last one
            break
        if page.status != 200 or _doubt(following, page):
            return page
        bodies.append(page.body)
        if sum(map(len, bodies)) > limit:
            raise FetchError("too large", f"the pages together are more than {limit} bytes")
    return replace(first, body=extract.joined(bodies), validators=Validators())


def _doubt(source: Source, response: Response) -> honesty.Doubt | None:
    return honesty.doubt_response(
        source,
        status=response.status,
        headers=response.headers,
        url=source.url,
        final_url=response.final_url,
        body=extract.pages_of(response.body)[0],
    )


def read_response(known: Known, response: Response, *, at: datetime) -> Look:
    """What a response says: unchanged, a new reading, or why it is not the page that was promised."""
    source = known.source
    look = Look(
        source.id,
        at,
        response.elapsed_ms,
        response.status,
        response.final_url,
        response.headers,
        response.validators,
        size=len(response.body),
        fingerprint=extract.fingerprint(source),
        retry_after=response.retry_after,
    )
    try:
        return _understood(known, look, response)
    except Exception as error:  # a bug of ours: the bytes are kept, and no other source suffers (promise 7)
        log.exception("%s: our own error while reading", source.id)
        detail = f"our own error ({type(error).__name__}: {error})"
        return _doubted(look, honesty.Doubt("unreadable", detail, ""), response.body)


def _understood(known: Known, look: Look, response: Response) -> Look:
    source = known.source
    if known.stored and known.fingerprint != look.fingerprint:
        look = _reread(known, look)
    if response.status == 304:
        return _with(look, unchanged=True)
    digest = _digest(response.body)
    if digest == known.body_hash and response.status == 200:  # the bytes that read well the last time
        return _with(look, unchanged=True, body_hash=digest)
    doubt = _doubt(source, response)
    if doubt:
        return _doubted(look, doubt, response.body)
    return _read(known, look, response, digest)


def _read(known: Known, look: Look, response: Response, digest: bytes) -> Look:
    source = known.source
    try:
        reading = read_body(response.body, source=source, headers=dict(response.headers), url=response.final_url)
    except ReadError as error:
        unread = honesty.Doubt(error.cause, error.detail, _still_listed(source, response, error))
        return _empty_or_doubted(known, look, unread, response.body)
    packed = pack(reading.blocks)
    exact = bool(known.reading_digest) and not look.reread_hash and _digest(packed) == known.reading_digest
    reading_hash = known.reading_hash if exact else extract.reading_hash(reading.blocks)
    same = exact or reading_hash == (look.reread_hash or known.reading_hash)
    doubt = None if same else honesty.doubt_reading(source, reading)  # what read well once is not doubted again
    if doubt:
        return _empty_or_doubted(known, look, doubt, response.body)
    return _with(
        look,
        body_hash=digest,
        cut=source.type in {"page", "list"} and b"</html" not in response.body[-END:].lower(),
        body=squeeze(response.body),
        reading=b"" if same else squeeze(packed),
        reading_hash=reading_hash,
        title=reading.title,
        language=reading.language,
        charset=reading.charset,
    )


def _still_listed(source: Source, response: Response, error: ReadError) -> str:
    """The hint for a list whose selector fits nothing any more, though the page plainly shows a list."""
    if error.cause != "no items" or not source.items or source.type != "list":
        return ""
    try:
        headers, bare = dict(response.headers), replace(source, items="")
        reading = read_body(response.body, source=bare, headers=headers, url=response.final_url)
    except ReadError:
        return ""
    dated = [block for block in reading.blocks if block.key and block.date]
    if len(dated) < STILL_LISTED:
        return ""
    return (
        f"The page still lists {len(dated)} dated links (first: “{dated[0].text[:80]}”): the selector `{source.items}` "
        f"no longer fits; `sources test {source.id}` shows what the page reads like now"
    )


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=16).digest()


def _empty_or_doubted(known: Known, look: Look, doubt: honesty.Doubt, body: bytes) -> Look:
    """An empty answer in hours that are declared to show nothing says nothing: what was read before still stands."""
    if doubt.cause in {"no items", "empty"} and known.body_hash and extract.is_resting(known.source, look.at):
        return _with(look, unchanged=True, validators=known.validators)
    return _doubted(look, doubt, body)


def read_body(body: bytes, *, source: Source, headers: Mapping[str, str], url: str) -> Reading:
    """Read a body, in a child process where it could hurt this one. Raises ReadError."""
    content_type = headers.get("content-type", "")
    if source.type in CHILD_TYPES or extract.document_type(body) or len(body) > IN_CHILD or _has_long_tag(body):
        return read_in_child(body, source=source, content_type=content_type, url=url)
    with _reading:
        return extract.read(body, source=source, content_type=content_type, url=url)


def _has_long_tag(body: bytes) -> bool:
    """Whether some `<` is followed by more than 64 KB without a `>`."""
    if len(body) <= TAG_BYTES:
        return False
    start = 0
    while True:
        close = body.find(b">", start, start + TAG_BYTES)
        if close < 0:
            return len(body) - start > TAG_BYTES and b"<" in body[start : start + TAG_BYTES]
        start = body.rfind(b">", start, start + TAG_BYTES) + 1


def _reread(known: Known, look: Look) -> Look:
    """Read the stored bytes as we read today; a body that cannot be read any more keeps its old reading."""
    try:
        reading = read_body(
            expand(known.stored),
            source=known.source,
            headers={"content-type": known.stored_type},
            url=known.stored_url or known.source.url,
        )
    except ReadError:
        return look
    reading_hash = extract.reading_hash(reading.blocks)
    if not reading.blocks or reading_hash == known.reading_hash:
        return _with(look, reread_hash=reading_hash)
    return _with(look, reread=squeeze(pack(reading.blocks)), reread_hash=reading_hash)


def reread(known: Known, *, at: datetime) -> Look:
    """A Look that reads only what is stored (`regwatch reread`)."""
    look = Look(known.source.id, at, fingerprint=extract.fingerprint(known.source), unchanged=True)
    return _reread(known, look) if known.stored else look


def _doubted(look: Look, doubt: honesty.Doubt, body: bytes) -> Look:
    return _with(
        look,
        cause=doubt.cause,
        detail=doubt.detail,
        hint=doubt.hint,
        body=squeeze(body) if body else b"",
        body_hash=_digest(body),
        validators=Validators(),
    )


def _with(look: Look, **fields: object) -> Look:
    return replace(look, **fields)  # type: ignore[arg-type]
