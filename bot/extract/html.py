"""HTML to a tree, without page furniture. The walk over it is in blocks.py, lists in lists.py. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
_RE_MAYBE_FORMAT = re.compile(r"<[bisutecfnBISUTECFN][\s/>tmioTMIO]")  # the same and more, in a third of the time
_RE_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
# Elements that are empty, or that end by themselves where the next of their kind begins.
_SHORT = (
    "area base br col embed hr img input link meta source track wbr p li dt dd tr td th tbody thead tfoot option "
    "optgroup colgroup rb rp rt html head body a"
)
_SHORT_LIVED = frozenset(_SHORT.split())

_LANDMARKS = frozenset({"nav", "header", "footer"})
_ROLES = ("navigation", "banner", "contentinfo", "search", "menu", "menubar", "dialog", "alertdialog", "toolbar")
# Attributes are asked for first, their values only of those that bear them: half the time.
_MARKED = ", ".join(
    (
        'main, nav, header, footer, aside, h1, base[href], [hidden], [aria-hidden="true"]:not(svg, i)',
        '[style]:is([style*="display:none" i], [style*="display: none" i])',
        f"[role]:is({', '.join(f'[role={role}]' for role in ('main', 'complementary', *_ROLES))})",
    )
)
_ICONS = frozenset({"svg", "i"})  # hidden from readers who listen, not from those who see
_WHOLE = frozenset({"html", "body"})
_NAMED = ":is(div, ul, ol, section, p, aside, span, a):is([class], [id])"
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
    titles: tuple[LexborNode, ...]  # every h1


def parse(text: str) -> LexborHTMLParser:
    """The document; raises ReadError for markup that no parser survives."""
    from selectolax.lexbor import LexborHTMLParser

    if len(text) > _LONG_TAG:
        _check_tags(text)
    tags = text.count("<")
    _check_formats(text, tags)
    if tags > MAX_OPEN:
        _check_depth(text)
    return LexborHTMLParser(text)


def _check_formats(text: str, tags: int) -> None:
    """Refuse very many kinds of bold, italic and the like: what is not ended is copied into each paragraph after it.

    HTML Standard, "reconstruct the active formatting elements" (of equal ones three at most); 35 KB filled 1.5 GB.
    """
    if tags * tags <= MAX_COPIES or len(_RE_MAYBE_FORMAT.findall(text)) * tags <= MAX_COPIES:
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
    marked = _marked(tree)
    without, asides = (set(), set()) if gentle else _furniture(body, marked)
    without |= _ids(select(tree, source.remove))
    roots = _outermost(select(tree, source.select)) if source.select else (body,)
    if not roots:
        raise ReadError("empty", f"nothing on the page matches {', '.join(source.select)}")
    return Scope(tree, roots, frozenset(without), frozenset(asides), _base(marked.bases, url), tuple(marked.titles))


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


def _base(bases: Sequence[str], url: str) -> str:
    from urllib.parse import urljoin

    try:
        return urljoin(url, bases[0]) if bases else url
    except ValueError:
        return url


@dataclass(frozen=True, slots=True)
class _Marked:
    """The elements of a page that say what they are."""

    titles: list[LexborNode] = field(default_factory=list)
    matter: list[LexborNode] = field(default_factory=list)
    hidden: list[LexborNode] = field(default_factory=list)
    landmarks: list[LexborNode] = field(default_factory=list)
    asides: list[LexborNode] = field(default_factory=list)
    bases: list[str] = field(default_factory=list)


def _marked(tree: LexborHTMLParser) -> _Marked:
    """All of them by one query: each walks the whole tree, and that is what it costs."""
    marked = _Marked()
    for node in {node.mem_id: node for node in tree.css(_MARKED)}.values():
        tag, given = node.tag or "", node.attributes
        role = given.get("role")
        if tag in _WHOLE:
            continue
        if tag == "base" and "href" in given:
            marked.bases.append(given["href"] or "")
        if tag == "h1":
            marked.titles.append(node)
        if tag == "main" or role == "main":
            marked.matter.append(node)
        if tag == "aside" or role == "complementary":
            marked.asides.append(node)
        if tag in _LANDMARKS or role in _ROLES:
            marked.landmarks.append(node)
        if "hidden" in given or given.get("aria-hidden") == "true" and tag not in _ICONS or _is_unseen(given):
            marked.hidden.append(node)
    return marked


def _is_unseen(given: Mapping[str, str | None]) -> bool:
    style = (given.get("style") or "").lower()
    return "display:none" in style or "display: none" in style


def _furniture(body: LexborNode, marked: _Marked) -> tuple[set[int], set[int]]:
    """The parts that are no text, and the parts beside the matter, by mem_id."""
    page = _above([*marked.matter, *marked.titles])
    without = {node.mem_id for node in marked.hidden if _is_hidden(node)}
    without |= _landmarks(marked)
    asides = {node.mem_id for node in marked.asides} - page
    for node in body.css(_NAMED):
        what = by_name(_names(node))
        if what and node.mem_id not in page:
            if what == "aside":
                asides.add(node.mem_id)
            elif len(node.text()) < _FURNITURE_TEXT:
                without.add(node.mem_id)
    return without, asides


def _landmarks(marked: _Marked) -> set[int]:
    """Navigation, page headers and footers and the like, but none that holds the matter or the page's only title."""
    matter, titled = _above(marked.matter), _above(marked.titles)
    found = set()
    for node in marked.landmarks:
        if node.mem_id in matter or node.tag in _PAGE_ENDS and not _is_page_level(node):
            continue
        only = node.mem_id in titled and len(node.css("h1")) == len(marked.titles)
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


def title_and_language(page: Scope) -> tuple[str, str]:
    """The page's title (its only h1, else the title element) and the language it declares, e.g. "zh-cn"."""
    root = page.tree.root
    language = (root.attributes.get("lang") or root.attributes.get("xml:lang") or "") if root is not None else ""
    title = tidy(page.titles[0].text()) if len(page.titles) == 1 else ""
    element = page.tree.css_first("title")
    return title or (tidy(element.text()) if element is not None else ""), language.strip().lower()[:20]
