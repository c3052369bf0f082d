"""HTML lists (news, notices, decisions) to keyed Blocks: one per item, wherever it stands on the page. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
_SHORT = (
    12  # characters (half as many in CJK); shorter link texts are numbers or "PDF": the item's own text is its title
)
_CLIMB = 12  # elements from a link up to its item at most
_TITLE, _NOTE = 300, 600  # characters of an item's text that are kept as its title, as its note
_TEXT = 10_000  # characters of an item that are looked at; an item that lies in another holds all that follow
_CANDIDATES = 5  # groups of links that are looked at closely
_RE_SHARE = re.compile(
    r"(?:facebook|twitter|linkedin|reddit|digg|pinterest|whatsapp|telegram|weibo|qq|line|tumblr)\.\w+/.*(?:share|intent|submit|create|send)"
    r"|^(?:mailto|tel|sms):|^https?://(?:x\.com|t\.me)/(?:share|intent)",
    re.IGNORECASE,
)
_RE_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](?:19|20)?\d\d(?!\d)")

_DAY = 32  # characters of an element that holds nothing but a day
_RE_APART = re.compile(
    r"^([^|:：\])】]{6,20}?) ?[|:：–—·•](?: |$)"
    r"|[\[(（【〔]([^\])）】〕]{6,20})[\])）】〕]|^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}) "
)
_RE_SAID = re.compile(
    r"(?i)\b(?:clos|due|by|until|deadline|from|effective|bis|ab|jusqu|hasta|entro|tot|до)"
    r"|截止|起|まで|까지"
)


def read_list(scope: Scope, *, source: Source) -> list[Block]:
    """One keyed Block per item in page order; raises ReadError("no items") when there is none."""
    nodes = _declared(scope, source.items) if source.items else guess_items(scope)
    order = _order([_text(node) for node in nodes], home="mdy" if source.jurisdiction == "US" else "dmy")
    blocks = [block for block in (_item(node, scope, order) for node in nodes) if block]
    if not blocks:
        what = f"nothing matches {source.items}" if source.items else "no repeated links were found"
        raise ReadError("no items", f"the page shows no list: {what}")
    return _once(blocks)


def _text(node: LexborNode) -> str:
    return node.text(separator=" ")[:_TEXT]


def _declared(scope: Scope, selector: str) -> list[LexborNode]:
    found = [node for root in scope.roots for node in select(root, [selector])]
    return [node for node in found if not _left_out(node, scope.without)]


def _left_out(node: LexborNode | None, without: frozenset[int]) -> bool:
    while node is not None:
        if node.mem_id in without:
            return True
        node = node.parent
    return False


def _order(texts: Sequence[str], *, home: str) -> str:
    """How a list writes its dates: one 25/03 or 03/25 settles it for all."""
    pairs = [(int(one), int(two)) for text in texts for one, two in _RE_NUMERIC.findall(text)]
    if any(one > 12 for one, _ in pairs):
        return "dmy"
    return "mdy" if any(two > 12 for _, two in pairs) else home


def guess_items(scope: Scope) -> list[LexborNode]:
    """The items of the page's main list: the links of one shape that say most, each with what surrounds it."""
    lists = _lists(scope, scope.without | scope.asides) or _lists(scope, scope.without)
    return max(lists, key=_worth, default=[])


def _lists(scope: Scope, without: frozenset[int]) -> list[list[LexborNode]]:
    """The items of each list that may be the page's main one, those with most link text first."""
    shapes: dict[str, list[LexborNode]] = defaultdict(list)
    for root in scope.roots:
        for link in root.css("a[href]"):
            if _leads_on(link) and not _left_out(link, without):
                shapes[_shape(link)].append(link)
    groups = sorted((links for links in shapes.values() if len(links) >= _LEAST), key=_said, reverse=True)
    return [_around(links) for links in groups[:_CANDIDATES]]


def _leads_on(link: LexborNode) -> bool:
    text = tidy(link.text())
    return len(text) > 1 and not (text.isdigit() and len(text) < 4) and not _RE_SHARE.search(_href(link))


def _href(link: LexborNode) -> str:
    return (link.attributes.get("href") or "").strip()


def _said(links: Sequence[LexborNode]) -> int:
    """How much a group of links says; long titles count more than many short ones."""
    return sum(min(len(_title(link)), 120) ** 2 for link in links)


def _worth(items: Sequence[LexborNode]) -> float:
    """How much a list looks like the one the page is for: much text, and a date at each item."""
    texts = [tidy(_text(item))[:_NOTE] for item in items]
    dated = sum(1 for text in texts if iso_date(text))
    said = sum(min(len(text), 200) for text in texts)
    return said * (1 + 3 * dated / len(texts))


def _shape(link: LexborNode) -> str:
    """Where in a page a link stands: the tags above it."""
    steps: list[str] = []
    node: LexborNode | None = link.parent
    while node is not None and len(steps) < 10 and node.tag not in {"body", "main", "html"}:
        steps.append(node.tag or "")
        node = node.parent
    return ">".join(steps)


def _around(links: Sequence[LexborNode]) -> list[LexborNode]:
    """For each link of a list the largest element around it that holds no other of its links."""
    held = Counter(above for link in links for above in _above(link))
    return [_climbed(link, held) for link in links]


def _above(link: LexborNode) -> Iterator[int]:
    node = link.parent
    while node is not None and node.tag not in {"body", "html"}:
        yield node.mem_id
        node = node.parent


def _climbed(link: LexborNode, held: Mapping[int, int]) -> LexborNode:
    node = link
    for _ in range(_CLIMB):
        parent = node.parent
        if parent is None or held.get(parent.mem_id) != 1:
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
    whole = tidy(_text(node))
    title = _title(link) if link is not None else ""
    if _is_short(title) and heading is not None:
        title = tidy(heading.text())
    if _is_short(title) and len(whole) > len(title):
        title = whole[:_TITLE]
    if not title:
        return None
    given = _href(link) if link is not None else ""
    href = "" if given.startswith("#") else absolute(given, scope.base)
    key = canonical_url(href) or f"{canonical_url(scope.base)}#{fold(title)}"
    return Block("entry", title, key=key, link=href, date=_date(node, whole, title, order), note=_note(whole, title))


def _is_short(title: str) -> bool:
    return len(title) < (_SHORT if title.isascii() else _SHORT // 2)


def _main_link(node: LexborNode) -> LexborNode | None:
    """The link that carries the title: in a heading if there is one, else the one with most text."""
    if node.tag == "a":
        return node
    links = node.css("h1 a[href], h2 a[href], h3 a[href], h4 a[href], h5 a[href]") or node.css("a[href]")
    return max(links, key=lambda link: len(_title(link)), default=None)


def _date(node: LexborNode, whole: str, title: str, order: str) -> str:
    """The item's own day: what its title says ("closes 15 January 2027") is not when it was published."""
    for stamped in node.css("time[datetime]"):
        date = iso_date((stamped.attributes.get("datetime") or "")[:10])
        if date:
            return date
    if not iso_date(title, order=order):
        return iso_date(whole, order=order)
    beside = iso_date(whole.replace(title, " | ", 1), order=order) if title in whole else ""
    return beside or _apart(node, title, order)


def _apart(node: LexborNode, title: str, order: str) -> str:
    """The day that stands apart in a title: in an element of its own, in brackets, or ahead of a mark."""
    own = (tidy(one.text()) for one in node.css("span, em, i, b, small, p, div, td, dd, li, time, font"))
    stretches = [text for text in own if len(text) <= _DAY and text != title]
    stretches += [next(filter(None, match.groups())) for match in _RE_APART.finditer(title)]
    return next((date for text in stretches if not _RE_SAID.search(text) and (date := iso_date(text, order=order))), "")


def _note(whole: str, title: str) -> str:
    rest = whole.replace(title, " ", 1) if title in whole else ""
    return tidy(rest)[:_NOTE].strip(" |·-–")


def _once(blocks: Iterable[Block]) -> list[Block]:
    seen: dict[str, Block] = {}
    for block in blocks:
        seen.setdefault(block.key, block)
    return list(seen.values())
