"""sources.toml -> Sources. Strict: whatever is not understood is refused, with its line. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from bot.errors import SourcesError
from bot.model import Source
from bot.sources.keys import HOST_KEYS, ID, KEYS, Key
from bot.sources.lines import Page, twice
from bot.sources.rules import check_source, wrong_id
from bot.sources.values import Refused, nearest, value


def load(text: str, *, name: str = "sources.toml", beside: Sequence[Source] = ()) -> tuple[Source, ...]:
    """The Sources that a declaration file names, in its order; raises SourcesError at the first thing that is wrong.

    `name` is what messages call the file. `beside` are Sources of other files: they may be named by
    `succeeds` and `stands_in_for`, and may not be declared again.
    """
    page = Page(name, text)
    tables = _tables(page)
    hosts = _hosts(page, tables.pop("hosts", {}))
    sources = tuple(_with_host(_source(page, id, table), hosts) for id, table in tables.items())
    _check_together(page, sources, beside)
    return sources


def merge(
    main: Sequence[Source], more: Sequence[Source], *, names: tuple[str, str] = ("sources.toml", "sources.d")
) -> tuple[Source, ...]:
    """`main` followed by `more`; raises SourcesError when both declare one id or one address.

    What `main` says of a host (spacing, concurrency, IPv4) holds for the sources of that host in `more` too.
    """
    _check_merged(main, more, names)
    ruled = {_host(source.url): source for source in main}
    return (*main, *(_as_ruled(source, ruled.get(_host(source.url))) for source in more))


def _check_merged(main: Sequence[Source], more: Sequence[Source], names: tuple[str, str]) -> None:
    ids, asked = {source.id: names[0] for source in main}, {request(source): (source.id, names[0]) for source in main}
    for source in more:
        if source.id in ids:
            raise SourcesError(f"{names[1]}: [{source.id}] duplicate id: {ids[source.id]} declares it too")
        if twin := asked.get(request(source)):
            raise SourcesError(f"{names[1]}: [{source.id}] duplicate url: [{twin[0]}] in {twin[1]} has it too")
        ids[source.id], asked[request(source)] = names[1], (source.id, names[1])


def request(source: Source) -> tuple[str, str]:
    """What makes two declarations the same question: the canonical address and what is posted to it."""
    from bot.text import canonical_url

    return canonical_url(source.url) or source.url, source.body


# ------------------------------------------------------------------------------------------------ one file


def _tables(page: Page) -> dict[str, Any]:
    try:
        tables = tomllib.loads(page.text)
    except (ValueError, RecursionError) as error:
        raise _not_toml(page, error) from error
    for id, table in tables.items():
        if not isinstance(table, dict):
            raise page.wrong("is not a table; a source is declared as [its-id]", id)
    return tables


def _not_toml(page: Page, error: Exception) -> SourcesError:
    if (again := twice(page.text)) and isinstance(error, tomllib.TOMLDecodeError):
        path, first, line = again
        what = "duplicate id" if len(path) == 1 else f"'{path[-1]}' stands there twice"
        return page.wrong(f"{what}, first at line {first}", *path, line=line)
    # Before 3.14 tomllib gives the line in its message only; the message is shown, not interpreted.
    said = " ".join(str(error).split())
    line_said = re.search(r"\(at line (\d+), column (\d+)\)$", said)
    at = f"{page.name}:{line_said[1]}" if line_said else page.name
    return SourcesError(f"{at}: not TOML: {said[:200] or type(error).__name__}")


def _source(page: Page, id: str, table: Mapping[str, Any]) -> Source:
    if not re.fullmatch(ID, id):
        raise page.wrong(wrong_id(id), id)
    fields = {"id": id, **_fields(page, table, KEYS, id)}
    if "url" not in fields:
        raise page.wrong("missing 'url'", id)
    source = Source(**fields)
    if fault := check_source(source):
        raise page.wrong(fault.what, id, fault.key)
    return source


def _fields(page: Page, table: Mapping[str, Any], keys: Mapping[str, Key], *path: str) -> dict[str, Any]:
    fields = {}
    for name, raw in table.items():
        if name not in keys:
            raise page.wrong(f"unknown key '{name}'{nearest(name, keys)}", *path, name)
        try:
            fields[keys[name].field] = value(keys[name], raw)
        except Refused as refused:
            raise page.wrong(f"'{name}' {refused}", *path, name) from refused
    return fields


# ------------------------------------------------------------------------------------------------ hosts


def _hosts(page: Page, tables: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    hosts = {}
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise page.wrong(f"'{name}' is not a host's table: write [hosts.\"NAME\"]", "hosts", name)
        if not re.fullmatch(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?", name):
            raise page.wrong("is not a host name in lower case (with its port, if any), nor *.NAME", "hosts", name)
        hosts[name] = _fields(page, table, HOST_KEYS, "hosts", name)
    return hosts


def _with_host(source: Source, hosts: Mapping[str, Mapping[str, Any]]) -> Source:
    """The Source with what is said of its host; the longest matching name speaks."""
    host, place = _host(source.url), urlsplit(source.url).netloc.lower()
    names = [name for name in hosts if name in (host, place) or (name.startswith("*.") and host.endswith(name[1:]))]
    if not names:
        return source
    said = hosts[max(names, key=lambda name: (not name.startswith("*"), len(name)))]
    return replace(source, **{**said, "ipv4": source.ipv4 or said.get("ipv4", False)})


def _as_ruled(source: Source, ruler: Source | None) -> Source:
    if ruler is None:
        return source
    ipv4 = source.ipv4 or ruler.ipv4
    return replace(source, spacing=ruler.spacing, concurrency=ruler.concurrency, ipv4=ipv4)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


# ------------------------------------------------------------------------------------------------ sources together


def _check_together(page: Page, sources: Sequence[Source], beside: Sequence[Source]) -> None:
    ids = {source.id for source in (*beside, *sources)}
    elsewhere = {source.id for source in beside}
    asked = {request(source): source.id for source in beside}
    for source in sources:
        if source.id in elsewhere:
            raise page.wrong("duplicate id: another file declares it too", source.id)
        if twin := asked.get(request(source)):
            raise page.wrong(f"duplicate url: [{twin}] has it too", source.id, "url")
        asked[request(source)] = source.id
        _check_names(page, source, ids)


def _check_names(page: Page, source: Source, ids: set[str]) -> None:
    named = [("stands_in_for", id) for id in source.stands_in_for]
    named += [("succeeds", source.succeeds)] if source.succeeds else []
    for key, id in named:
        if id == source.id:
            raise page.wrong(f"'{key}' names the source itself", source.id, key)
        if id not in ids:
            raise page.wrong(f"'{key}' names '{id}', which is not declared{nearest(id, ids)}", source.id, key)
