"""HTML to a tree, without page furniture. The walk over it is in blocks.py, lists in lists.py. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.errors import ReadError
from bot.extract.furniture import by_name
from bot.model import Source
from bot.text import tidy

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_OPEN = 10_000  # elements open at once: the parser looks through all of them at every paragraph
MAX_COPIES = 1_000_000  # of formats that were begun, at most so many in all that follows; real pages stay below 300,000
MAX_ATTRIBUTES = 2_000  # of one tag; the parser needs seconds for 50,000
_LONG_TAG = 16_384
_RE_LONG_TAG = re.compile(rf"<[a-zA-Z][^<>]{{{_LONG_TAG},}}")

_RE_FORMAT = re.compile(
    r"<((?:[bisu]|tt|em|big|code|font|nobr|small|strike|strong)(?:[\s/][^>]{0,300})?)>", re.IGNORECASE
)
_RE_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
# Elements that are empty, or that end by themselves where the next of their kind begins.
_SHORT = (
    "area base br col embed hr img input link meta source track wbr p li dt dd tr td th tbody thead tfoot option "
    "optgroup colgroup rb rp rt html head body a"
)
_SHORT_LIVED = frozenset(_SHORT.split())

_HIDDEN = '[hidden], [aria-hidden="true"]:not(svg):not(i), [style*="display:none" i], [style*="display: none" i]'
_LANDMARKS = (
    'nav, header, footer, [role="navigation"], [role="banner"], [role="contentinfo"], [role="search"], [role="menu"], '
    '[role="menubar"], [role="dialog"], [role="alertdialog"], [role="toolbar"]'
)
_NAMED = ", ".join(f"{tag}[class], {tag}[id]" for tag in ("div", "ul", "ol", "section", "p", "aside", "span", "a"))
_HOLDS_THE_PAGE = 'main, [role="main"], h1'
_PAGE_ENDS = frozenset({"header", "footer"})
_CONTENT = frozenset({"main", "article", "section"})
_KEPT_IF_HIDDEN = 400  # characters: a folded answer or tab is text, a template is not
_FURNITURE_TEXT = 4_000  # characters: more than this is no furniture, whatever its class says


@dataclass(frozen=True, slots=True)
class Scope:
    """A parsed page, and what of it is read: the roots to walk, the parts left out, the parts beside the matter."""

    tree: LexborHTMLParser
    roots: tuple[LexborNode, ...]
    without: frozenset[int]  # mem_id of nodes
    asides: frozenset[int]
    base: str


def parse(text: str) -> LexborHTMLParser:
    """The document; raises ReadError for markup that no parser survives."""
    from selectolax.lexbor import LexborHTMLParser

    if len(text) > _LONG_TAG:
        _check_tags(text)
    _check_formats(text)
    if text.count("<") > MAX_OPEN:
        _check_depth(text)
    return LexborHTMLParser(text)


def _check_formats(text: str) -> None:
    """Refuse very many kinds of bold, italic and the like: what is not ended is copied into each paragraph after it.

    HTML Standard, "reconstruct the active formatting elements" (of equal ones three at most); 35 KB filled 1.5 GB.
    """
    tags = text.count("<")
    if tags * tags <= MAX_COPIES:
        return
    found = _RE_FORMAT.findall(text)
    if len(found) * tags > MAX_COPIES:
        kinds = sum(min(3, count) for count in Counter(found).values())
        if kinds * tags > MAX_COPIES:
            raise ReadError("too deep", f"{kinds} kinds of bold, italic and the like among {tags} tags")


def _check_depth(text: str) -> None:
    open_: dict[str, int] = {}
    now = most = 0
    for mark, name in _RE_TAG.findall(text):
        name = name.lower()
        if name in _SHORT_LIVED:
            continue
        if not mark:
            open_[name] = open_.get(name, 0) + 1
            now += 1
            most = max(most, now)
        elif open_.get(name):
            open_[name] -= 1
            now -= 1
    if most > MAX_OPEN:
        raise ReadError("too deep", f"{most} elements are open at once")


def _check_tags(text: str) -> None:
    start = 0
    while start + _LONG_TAG < len(text):
        close = text.rfind(">", start + 1, start + _LONG_TAG)
        if close < 0:
            break  # a long stretch without the end of a tag: look closer
        start = close
    else:
        return
    for tag in _RE_LONG_TAG.finditer(text, start):
        if len(tag[0].split(None, MAX_ATTRIBUTES + 1)) > MAX_ATTRIBUTES:
            raise ReadError("unreadable", f"a tag at character {tag.start()} has more than {MAX_ATTRIBUTES} attributes")


def scope(text: str, *, source: Source, url: str, gentle: bool = False) -> Scope:
    """The page without furniture, narrowed by the source's selectors.

    `gentle` leaves landmarks and named furniture where they are, for pages that would otherwise lose their text.
    """
    tree = parse(text)
    body = tree.body
    if body is None:
        raise ReadError("empty", "the page has no body")
    without, asides = (set(), set()) if gentle else _furniture(body)
    without |= _ids(select(tree, source.remove))
    roots = _outermost(select(tree, source.select)) if source.select else (body,)
    if not roots:
        raise ReadError("empty", f"nothing on the page matches {', '.join(source.select)}")
    return Scope(tree, roots, frozenset(without), frozenset(asides), _base(tree, url))


def select(tree: LexborHTMLParser | LexborNode, selectors: Sequence[str]) -> list[LexborNode]:
    """All nodes that match one of the selectors, in document order for each."""
    return [node for selector in selectors for node in tree.css(selector)]


@lru_cache(maxsize=1024)
def check_selector(css: str) -> None:
    """Nothing, if the CSS selector can be used; raises ValueError with the reason."""
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    try:
        LexborHTMLParser("<p></p>").css(css)
    except SelectolaxError:
        raise ValueError(f"not a CSS selector: {css!r}") from None


def _ids(nodes: Sequence[LexborNode]) -> frozenset[int]:
    return frozenset(node.mem_id for node in nodes)


def _outermost(nodes: Sequence[LexborNode]) -> tuple[LexborNode, ...]:
    """The nodes that lie in none of the others, each once."""
    ids = _ids(nodes)
    kept: dict[int, LexborNode] = {}
    for node in nodes:
        parent = node.parent
        while parent is not None and parent.mem_id not in ids:
            parent = parent.parent
        if parent is None:
            kept.setdefault(node.mem_id, node)
    return tuple(kept.values())


def _base(tree: LexborHTMLParser, url: str) -> str:
    from urllib.parse import urljoin

    base = tree.css_first("base[href]")
    try:
        return urljoin(url, base.attributes["href"] or "") if base is not None else url
    except ValueError:
        return url


def _furniture(body: LexborNode) -> tuple[set[int], set[int]]:
    """The parts that are no text, and the parts beside the matter, by mem_id."""
    page = _above(body.css(_HOLDS_THE_PAGE))
    without = {node.mem_id for node in body.css(_HIDDEN) if _is_hidden(node)}
    without |= _landmarks(body)
    asides = {node.mem_id for node in body.css('aside, [role="complementary"]')} - page
    for node in body.css(_NAMED):
        what = by_name(_names(node))
        if what and node.mem_id not in page:
            if what == "aside":
                asides.add(node.mem_id)
            elif len(node.text()) < _FURNITURE_TEXT:
                without.add(node.mem_id)
    return without, asides


def _landmarks(body: LexborNode) -> set[int]:
    """Navigation, page headers and footers and the like, but none that holds the matter or the page's only title."""
    titles = body.css("h1")
    matter, titled = _above(body.css('main, [role="main"]')), _above(titles)
    found = set()
    for node in body.css(_LANDMARKS):
        if node.mem_id in matter or node.tag in _PAGE_ENDS and not _is_page_level(node):
            continue
        only = node.mem_id in titled and len(node.css("h1")) == len(titles)
        if not only or len(node.text()) > _FURNITURE_TEXT:
            found.add(node.mem_id)
    return found


def _above(nodes: Sequence[LexborNode]) -> set[int]:
    """The nodes and everything that holds them, by mem_id."""
    found: set[int] = set()
    for start in nodes:
        node: LexborNode | None = start
        while node is not None and node.mem_id not in found:
            found.add(node.mem_id)
            node = node.parent
    return found


def _names(node: LexborNode) -> str:
    return f"{node.attrs.get('class') or ''} {node.id or ''}"  # `attributes` would make a dict of all


def _is_hidden(node: LexborNode) -> bool:
    """Hidden, and not the folded part of a page that a click would open."""
    return node.tag in {"nav", "dialog", "menu"} or len(node.text()) < _KEPT_IF_HIDDEN


def _is_page_level(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.tag not in _CONTENT:
        parent = parent.parent
    return parent is None


def title_and_language(tree: LexborHTMLParser) -> tuple[str, str]:
    """The page's title (its only h1, else the title element) and the language it declares, e.g. "zh-cn"."""
    root = tree.root
    language = (root.attributes.get("lang") or root.attributes.get("xml:lang") or "") if root is not None else ""
    heading = tree.css("h1")
    title = tidy(heading[0].text()) if len(heading) == 1 else ""
    element = tree.css_first("title")
    return title or (tidy(element.text()) if element is not None else ""), language.strip().lower()[:20]
