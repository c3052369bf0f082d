"""The way from a body to a Reading: charset, reader by type, ignore rules. Pure."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from bot.errors import ReadError
from bot.extract.charset import decode
from bot.extract.furniture import without_volatile
from bot.extract.kinds import document_type
from bot.extract.pages import pages_of
from bot.model import Block, Reading, Source

MAX_BYTES = 64_000_000
_DOCUMENTS = frozenset({"pdf", "docx", "doc", "xlsx"})
_KEPT = 80  # characters: when stripping leaves less than this, the page is read again with its furniture
_RE_HTML_ROOT = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype html|<html[\s>])", re.IGNORECASE | re.DOTALL
)


def read(body: bytes, *, source: Source, content_type: str, url: str) -> Reading:
    """What a body says. `url` is where it came from, against which links are resolved.

    Raises ReadError with a cause of model.CAUSES: it never returns a Reading without Blocks.
    """
    if not body.strip():
        raise ReadError("empty", "the body has no bytes")
    if len(body) > MAX_BYTES:
        raise ReadError("too large", f"{len(body)} bytes; the limit is {MAX_BYTES}")
    reading = _paged(body, source=source, content_type=content_type, url=url)
    blocks = _rewritten(_ignore(reading.blocks, source.ignore), source.rewrite)
    if not blocks:
        raise ReadError("empty", "no text is left on the page")
    return Reading(tuple(blocks), reading.title, reading.language, reading.charset)


def _paged(body: bytes, *, source: Source, content_type: str, url: str) -> Reading:
    """What all pages of a body say; items that stand on two pages count once, and the last page may hold none."""
    first, *rest = _parts(body, source)
    reading = _page(first, source=source, content_type=content_type, url=url)
    blocks = list(reading.blocks)
    for page in rest:
        try:
            blocks += _page(page, source=source, content_type=content_type, url=url).blocks
        except ReadError as error:
            if error.cause not in {"no items", "empty"}:
                raise
            break
    return replace(reading, blocks=tuple(_once(blocks))) if rest else reading


def _once(blocks: Iterable[Block]) -> list[Block]:
    """Of items with one key the first."""
    seen: set[str] = set()
    kept = []
    for block in blocks:
        if not block.key or block.key not in seen:
            kept.append(block)
            seen.add(block.key)
    return kept


def _parts(body: bytes, source: Source) -> tuple[bytes, ...]:
    parts = pages_of(body)
    index = len(parts) > 1 and source.type == "sitemap"
    return parts[1:] if index else parts  # of a site map's index only its parts say anything


def _page(body: bytes, *, source: Source, content_type: str, url: str) -> Reading:
    return _document(body, source) or _text(body, source=source, content_type=content_type, url=url)


def _rewritten(blocks: list[Block], pairs: tuple[tuple[str, str], ...]) -> list[Block]:
    """Keys in one spelling; of two items that thereby become one, the first stays."""
    if not pairs:
        return blocks
    return _once(block._replace(key=_rewrite(block.key, pairs)) for block in blocks)


def _rewrite(key: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for found, written in pairs:
        key = key.replace(found, written)
    return key


def _document(body: bytes, source: Source) -> Reading | None:
    """What a PDF or Office body says, by what it is rather than what it is called; None for text and markup."""
    kind, wanted = document_type(body), source.type
    if not kind and wanted not in _DOCUMENTS:
        return None
    if not kind or wanted not in _DOCUMENTS and wanted != "page":
        raise ReadError("wrong type", f"{_NAMES.get(kind, 'no document')} came instead of {wanted}")
    from bot.extract.documents import read_document

    return read_document(body, kind)


_NAMES = {"pdf": "a PDF", "docx": "a Word document", "doc": "an old Office document", "xlsx": "a workbook"}


def _text(body: bytes, *, source: Source, content_type: str, url: str) -> Reading:
    if body.startswith(b"PK\x03\x04"):
        body = _only_xml(body)
    text, charset = decode(body, content_type=content_type, declared=source.charset)
    return replace(_read(text, source=source, url=url), charset=charset)


def _read(text: str, *, source: Source, url: str) -> Reading:
    kind = source.type
    if kind == "xml" and _RE_HTML_ROOT.match(text):
        kind = "page"
    if kind in {"page", "list"}:
        return _html(text, source=source, url=url, kind=kind)
    if kind == "feed":
        from bot.extract.feeds import read_feed

        blocks, title = read_feed(text, url=url)
        return Reading(tuple(blocks), title)
    return Reading(tuple(_others(text, source=source, url=url)))


def _others(text: str, *, source: Source, url: str) -> list[Block]:
    if source.type == "json":
        from bot.extract.answers import read_answer

        return read_answer(text, source=source, url=url)
    if source.type == "csv":
        from bot.extract.table import read_table

        return read_table(text, paths=source.paths, url=url)
    if source.type == "sitemap":
        from bot.extract.sitemap import read_sitemap

        return read_sitemap(text)
    if source.type == "xml":
        from bot.extract.lawxml import read_xml

        return read_xml(text)
    if source.type == "markdown":
        from bot.extract.markdown import read_markdown

        return read_markdown(text)
    from bot.extract.plain import read_text

    return read_text(text)


def _html(text: str, *, source: Source, url: str, kind: str) -> Reading:
    from bot.extract.blocks import blocks_of
    from bot.extract.html import scope, title_and_language
    from bot.extract.lists import read_list

    page = scope(text, source=source, url=url)
    title, language = title_and_language(page)
    if kind == "list":
        return Reading(tuple(read_list(page, source=source)), title, language)
    blocks = without_volatile(blocks_of(page))
    if sum(len(block.text) for block in blocks) < _KEPT and not source.select:
        gentle = without_volatile(blocks_of(scope(text, source=source, url=url, gentle=True)))
        blocks = gentle if sum(len(block.text) for block in gentle) < 20 * _KEPT else blocks
    return Reading(tuple(_balanced(blocks)), title, language)


def _balanced(blocks: list[Block]) -> list[Block]:
    """What most of a page says is not beside the matter, whatever its elements are called."""
    beside = sum(len(block.text) for block in blocks if block.place == "aside")
    if beside <= 0.8 * sum(len(block.text) for block in blocks):
        return blocks
    return [block._replace(place="body") if block.place == "aside" else block for block in blocks]


def _ignore(blocks: tuple[Block, ...], patterns: tuple[str, ...]) -> list[Block]:
    """The blocks without what the source declares as never counting."""
    if not patterns:
        return list(blocks)
    ignored = _pattern(patterns)
    kept = (block._replace(text=" ".join(ignored.sub(" ", block.text).split())) for block in blocks)
    return [block for block in kept if block.text]


@lru_cache(maxsize=512)
def _pattern(patterns: tuple[str, ...]) -> Any:
    import re2

    return re2.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _only_xml(body: bytes) -> bytes:
    """The one XML document in a ZIP; raises ReadError for other archives."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = [entry for entry in archive.infolist() if entry.filename.lower().endswith(".xml")]
            if len(names) != 1 or "[Content_Types].xml" in archive.namelist():
                raise ReadError("not yet read", "archives other than one XML document are not read by this release")
            with archive.open(names[0]) as part:
                found = part.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise ReadError("unreadable", f"a damaged or encrypted ZIP archive: {error}") from error
    if len(found) > MAX_BYTES:
        raise ReadError("too large", f"the archive unpacks to more than {MAX_BYTES} bytes")
    return found
