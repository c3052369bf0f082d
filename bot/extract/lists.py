"""HTML lists (news, notices, decisions) to keyed Blocks: one per item, wherever it stands on the page. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from bot.errors import ReadError
from bot.extract.blocks import absolute
from bot.extract.dates import iso_date
from bot.extract.html import Scope, select
from bot.model import Block, Source
from bot.text import canonical_url, fold, tidy

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_LEAST = 3  # links of one shape that make a list
_TITLE = 6  # characters; shorter link texts are "more", "PDF", page numbers
_CLIMB = 12  # elements from a link up to its item at most
_NOTE = 600  # characters of an item's other text that are kept


def read_list(scope: Scope, *, source: Source) -> list[Block]:
    """One keyed Block per item in page order; raises ReadError("no items") when there is none."""
    order = "mdy" if source.jurisdiction == "US" else "dmy"
    nodes = _declared(scope, source.items) if source.items else guess_items(scope)
    blocks = [block for block in (_item(node, scope, order) for node in nodes) if block]
    if not blocks:
        what = f"nothing matches {source.items}" if source.items else "no repeated links were found"
        raise ReadError("no items", f"the page shows no list: {what}")
    return _once(blocks)


def _declared(scope: Scope, selector: str) -> list[LexborNode]:
    found = [node for root in scope.roots for node in select(root, [selector])]
    return [node for node in found if not _left_out(node, scope.without)]


def _left_out(node: LexborNode | None, without: frozenset[int]) -> bool:
    while node is not None:
        if node.mem_id in without:
            return True
        node = node.parent
    return False


def guess_items(scope: Scope) -> list[LexborNode]:
    """The items of the page's main list: the links of one shape that say most, each with what surrounds it."""
    shapes: dict[str, list[LexborNode]] = defaultdict(list)
    for root in scope.roots:
        for link in root.css("a[href]"):
            if len(_title(link)) >= _TITLE and not _left_out(link, scope.without | scope.asides):
                shapes[_shape(link)].append(link)
    best = max(shapes.values(), key=_said, default=[])
    return [_around(link, best) for link in best] if len(best) >= _LEAST else []


def _said(links: Sequence[LexborNode]) -> int:
    """How much text a group of links has; long titles count more than many short ones."""
    return sum(min(len(_title(link)), 120) ** 2 for link in links) if len(links) >= _LEAST else 0


def _shape(link: LexborNode) -> str:
    """Where in a page a link stands: the tags and first classes above it."""
    steps: list[str] = []
    node: LexborNode | None = link.parent
    while node is not None and len(steps) < 6 and node.tag not in {"body", "main", "html"}:
        steps.append(node.tag or "")
        node = node.parent
    return ">".join(steps)


def _around(link: LexborNode, links: Sequence[LexborNode]) -> LexborNode:
    """The largest element around a link that holds no other link of the list."""
    others = {other.mem_id for other in links} - {link.mem_id}
    node = link
    for _ in range(_CLIMB):
        parent = node.parent
        if parent is None or parent.tag in {"body", "html"} or any(a.mem_id in others for a in parent.css("a[href]")):
            break
        node = parent
    return node


def _title(link: LexborNode) -> str:
    """A link's text, or its title attribute where the page cuts the text short."""
    text = tidy(link.text())
    full = tidy(link.attributes.get("title") or "")
    cut = text.rstrip(".…")
    return full if full and (not text or cut != text and full.startswith(cut)) else text


def _item(node: LexborNode, scope: Scope, order: str) -> Block | None:
    link = _main_link(node)
    heading = node.css_first("h1, h2, h3, h4, h5, h6")
    whole = tidy(node.text(separator=" "))
    title = _title(link) if link is not None else ""
    if heading is not None and len(title) < _TITLE:
        title = tidy(heading.text())
    title = title or whole
    href = absolute((link.attributes.get("href") or "") if link is not None else "", scope.base)
    if not title:
        return None
    key = canonical_url(href) or f"{canonical_url(scope.base)}#{fold(title)}"
    date = _date(node, whole, order)
    return Block("entry", title, key=key, link=href, date=date, note=_note(whole, title))


def _main_link(node: LexborNode) -> LexborNode | None:
    """The link that carries the title: in a heading if there is one, else the one with most text."""
    if node.tag == "a":
        return node
    links = node.css("h1 a[href], h2 a[href], h3 a[href], h4 a[href], h5 a[href]") or node.css("a[href]")
    return max(links, key=lambda link: len(_title(link)), default=None)


def _date(node: LexborNode, whole: str, order: str) -> str:
    for stamped in node.css("time[datetime]"):
        date = iso_date((stamped.attributes.get("datetime") or "")[:10])
        if date:
            return date
    return iso_date(whole, order=order)


def _note(whole: str, title: str) -> str:
    rest = whole.replace(title, " ", 1) if title in whole else ""
    return tidy(rest)[:_NOTE].strip(" |·-–")


def _once(blocks: Iterable[Block]) -> list[Block]:
    seen: dict[str, Block] = {}
    for block in blocks:
        seen.setdefault(block.key, block)
    return list(seen.values())
