"""JSON answers of APIs to Blocks, by declared paths or by what items commonly look like. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from bot.errors import ReadError
from bot.extract.dates import iso_date
from bot.extract.feeds import plain
from bot.extract.furniture import furniture
from bot.model import Block, Paths, Source
from bot.text import canonical_url

MAX_DEPTH = 60
_LINKS = ("html_url", "url", "link", "href", "uri", "permalink", "web_url", "page_url", "weburl", "pdf_url")
_TITLES = ("title", "name", "headline", "subject", "heading", "label", "TITLE", "document_title", "text")
_DATES = (
    "publication_date",
    "published",
    "published_date",
    "publishdate",
    "pubdate",
    "pub_date",
    "date",
    "posteddate",
    "updated",
    "created",
)
_TEXTS = ("abstract", "summary", "description", "excerpt", "teaser")
_IDS = ("id", "document_number", "number", "key", "guid", "identifier", "uuid", "slug")
_ABOUT = frozenset(
    ["meta", "metadata", "pagination", "paging", "links", "responseheader", "facets", "aggregations", "info", "stats"]
)
_RE_COUNT = re.compile(
    r"(?:total|num|number|page|result|hit|item|record|new|row|doc)s?(?:of)?"
    r"(?:count|results?|pages?|updates?|items?|records?|hits?|found|size|number|elements?)$|(?:total|count|pages?|hits)$"
)
_RE_LIST = re.compile(r"<(?:li|tr|a)\b", re.IGNORECASE)
_RE_LINK = re.compile(r"<a\s[^>]*href", re.IGNORECASE)
_LEAST_LINKS = 3  # links that make a text a list where nobody declared it
_ROWS = ("li:has(a[href])", "tr:has(a[href])", "a[href]")
_RE_STEP = re.compile(r"([^.\[\]]+)|\[(\*|-?\d+)\]")


def parse(text: str) -> Any:
    """The answer as values; JSONP wrappers are taken off. Raises ReadError."""
    wrapped = re.match(r"\s*(?:/\*\*/)?\s*[\w$.]+\s*\((.*)\)\s*;?\s*\Z", text, re.DOTALL)
    try:
        return msgspec.json.decode((wrapped[1] if wrapped else text).encode())
    except msgspec.DecodeError as error:
        cut = text.lstrip()[:1] in "{[" and not text.rstrip().endswith(("}", "]", '"', ")", ";"))
        raise ReadError("truncated" if cut else "wrong type", f"the body is not JSON: {error}") from error
    except RecursionError as error:
        raise ReadError("too deep", "the JSON is nested too deeply") from error


def read_answer(text: str, *, source: Source, url: str) -> list[Block]:
    """One keyed Block per item where the answer holds items, else a labelled line for each value.

    Texts that are themselves HTML lists (services that render their rows) are read as lists; `source.items` picks rows.
    Raises ReadError: no JSON, or nothing where `source.paths` says that items lie.
    """
    answer, paths = parse(text), source.paths
    if paths.items:
        found = list(at(answer, paths.items))
        if not found:
            raise ReadError("no items", f"nothing lies at {paths.items}")
        listed = [block for item in found for block in _stated(item, source, url)]
        return _unique(_withdrawn(answer, url) + listed)
    if isinstance(answer, Mapping) and not answer or answer == []:
        raise ReadError("empty", "the answer is empty")
    return _unique(list(_guessed(answer, source, url)))


def _stated(item: Any, source: Source, url: str) -> list[Block]:
    if isinstance(item, str) and _RE_LIST.search(item):
        return _html_list(item, source, url)
    return [_declared(item, source.paths, url)]


def _html_list(markup: str, source: Source, url: str) -> list[Block]:
    """The rows of a list that came as HTML within JSON; they need not look like the list of a whole page."""
    from bot.extract.html import scope
    from bot.extract.lists import read_list

    page = scope(f"<html><body>{markup}</body></html>", source=replace(source, select=(), remove=()), url=url)
    rows = source.items or next((css for css in _ROWS if any(root.css_first(css) for root in page.roots)), "")
    return read_list(page, source=replace(source, items=rows))


def _withdrawn(answer: Any, url: str) -> list[Block]:
    """The notice that GOV.UK's content API puts beside a page that no longer holds, as an item of its own.

    https://content-api.publishing.service.gov.uk/reference.html
    """
    notice = answer.get("withdrawn_notice") if isinstance(answer, Mapping) else None
    if not isinstance(notice, Mapping) or not notice:
        return []
    why, when = _scalar(notice.get("explanation")), _scalar(notice.get("withdrawn_at"))
    text = f"Withdrawn: {why}" if why else "Withdrawn"
    return [Block("entry", text, key=f"{canonical_url(url)}#withdrawn", link=url, date=iso_date(when))]


def at(value: Any, path: str) -> Iterator[Any]:
    """Everything that lies at a dotted path; `[*]` is every element, a leading "$" is allowed."""
    found = [value]
    for name, index in _RE_STEP.findall(path.removeprefix("$")):
        found = [below for one in found for below in _step(one, name, index)]
    return iter(found)


def _step(value: Any, name: str, index: str) -> Iterator[Any]:
    if name and isinstance(value, Mapping):
        if name in value:
            yield value[name]
    elif name and isinstance(value, list) and not name.isdigit():
        for one in value:
            yield from _step(one, name, "")
    elif index == "*" or name == "*":
        yield from value if isinstance(value, list) else value.values() if isinstance(value, Mapping) else ()
    elif isinstance(value, list) and -len(value) <= int(index or name) < len(value):
        yield value[int(index or name)]


def _first(value: Any, path: str) -> str:
    """What lies at a path; `a+b` are two places, whose texts together say it."""
    said = (
        "; ".join(filter(None, (_scalar(found) for found in at(value, part)))) for part in path.split("+") if part
    )
    return " ".join(filter(None, said))


def _scalar(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_scalar, value)))
    if isinstance(value, Mapping) or value is None:
        return ""
    return plain(value) if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


def _declared(item: Any, paths: Paths, url: str) -> Block:
    link = _first(item, paths.link)
    key = _first(item, paths.key)
    title = _first(item, paths.title) or key or link
    return _item(title, key=key, link=link, date=_first(item, paths.date), note=_first(item, paths.text), url=url)


def _item(title: str, *, key: str, link: str, date: str, note: str, url: str) -> Block:
    from bot.extract.blocks import absolute

    whole = absolute(link, url) if link else ""
    return Block(
        "entry",
        title,
        key=(canonical_url(key) or key) or canonical_url(whole) or title,
        link=whole,
        date=iso_date(date),
        note="" if note == title else note,
    )


# ------------------------------------------------------------------------------------------------ without paths


def _guessed(answer: Any, source: Source, url: str) -> Iterator[Block]:
    """Walk an unknown answer: objects in arrays that have a link or id and a title are items, the rest are lines."""
    open_: list[tuple[tuple[str, ...], Any, bool]] = [((), answer, False)]
    while open_:
        path, value, element = open_.pop()
        if len(path) > MAX_DEPTH:
            raise ReadError("too deep", f"the JSON is nested deeper than {MAX_DEPTH}")
        item = _as_item(value, url) if element else None
        if item:
            yield item
        elif isinstance(value, Mapping):
            open_ += [
                ((*path, str(key)), below, False) for key, below in reversed(list(value.items())) if not _passing(key)
            ]
        elif isinstance(value, list) and not all(map(_is_plain, value)):
            open_ += [(path, below, True) for below in reversed(value)]
        elif isinstance(value, list) and value and all(isinstance(one, str) and canonical_url(one) for one in value):
            yield from (Block("entry", one, path, key=canonical_url(one), link=one) for one in value)
        elif isinstance(value, list):
            yield from (Block("item", text, path) for text in filter(None, map(_scalar, value)))
        elif isinstance(value, str) and len(_RE_LINK.findall(value)) >= _LEAST_LINKS:
            yield from _html_list(value, source, url)
        else:
            yield from _line(path, value)


def _is_plain(value: Any) -> bool:
    return not isinstance(value, Mapping | list)


def _line(path: tuple[str, ...], value: Any) -> Iterator[Block]:
    text = _scalar(value)
    if text and not _counts_itself(path):
        name = path[-1] if path else ""
        yield Block("row" if name else "paragraph", f"{name}: {text}" if name else text, path[:-1], place=_place(path))


def _place(path: tuple[str, ...]) -> str:
    return "about" if _ABOUT.intersection(map(_bare, path)) else "body"


def _counts_itself(path: tuple[str, ...]) -> bool:
    """Whether a value is a count of the answer itself (how many results, which page), which says nothing."""
    at_top = len(path) == 1 or bool(_ABOUT.intersection(map(_bare, path)))
    return at_top and bool(path) and bool(_RE_COUNT.match(_bare(path[-1])))


def _passing(key: Any) -> bool:
    return _bare(str(key)) in furniture().passing


def _bare(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "")


def _as_item(value: Any, url: str) -> Block | None:
    if not isinstance(value, Mapping):
        return None
    inner = value.get("attributes")  # JSON:API keeps an item's fields one level down
    fields = {**(inner if isinstance(inner, Mapping) else {}), **value}
    by_name = {str(key).lower(): below for key, below in fields.items()}
    title, link, number = (_one_of(by_name, names) for names in (_TITLES, _LINKS, _IDS))
    if not title or not (link or number):
        return None
    link = link if canonical_url(link, url) else ""
    date, note = _one_of(by_name, _DATES), _one_of(by_name, _TEXTS)
    return _item(title, key="" if link else number, link=link, date=date, note=note, url=url)


def _one_of(fields: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        text = _scalar(fields.get(name.lower())) if not isinstance(fields.get(name.lower()), list) else ""
        if text:
            return text
    return ""


def _unique(blocks: list[Block]) -> list[Block]:
    """Items with one key once; where different items share a key (one landing page), the title tells them apart."""
    seen: dict[str, str] = {}
    kept = []
    for block in blocks:
        if block.key and block.key in seen:
            if seen[block.key] == block.text:
                continue
            block = block._replace(key=f"{block.key}#{block.text}")
        if block.key:
            seen.setdefault(block.key, block.text)
        kept.append(block)
    return kept
