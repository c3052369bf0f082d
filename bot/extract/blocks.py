"""The walk: a tree of elements to Blocks, with the headings above each. Pure; iterative, because pages nest deeply."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from bot.errors import ReadError
from bot.extract.attachments import Linked, borders, is_document
from bot.extract.furniture import by_heading
from bot.extract.outline import Outline, rank_of
from bot.model import Block
from bot.text import label, superscript, tidy

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from bot.extract.html import Scope

MAX_DEPTH = 2_000
MAX_BLOCKS = 200_000
BREAK = "\x1e"  # a line break that the author set

# What a tag means to the walk.
INLINE, TEXT, SKIP, PART, HEADING, LINE, ROW, CELL, ITEM, TERM, LINK, IMAGE, PRE, RAISED = range(14)
_SKIPPED = (
    "-comment script style template noscript head svg iframe object embed select datalist textarea input audio video "
    "canvas map meta link title progress meter dialog colgroup wbr"
)
_PARTS = (
    "div p section article main header footer aside nav form fieldset legend blockquote center address figure "
    "figcaption details summary ul ol dl dir menu table caption thead tbody tfoot hr body html hgroup search"
)
_TAGS = {
    **dict.fromkeys(_SKIPPED.split(), SKIP),
    **dict.fromkeys(_PARTS.split(), PART),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), HEADING),
    "-text": TEXT, "br": LINE, "tr": ROW, "td": CELL, "th": CELL, "li": ITEM, "dd": ITEM, "dt": TERM, "a": LINK,
    "img": IMAGE, "pre": PRE, "sup": RAISED,
}  # fmt: skip
_LISTED = frozenset({ITEM, TERM})
_CHILDLESS = frozenset({INLINE, LINE, IMAGE})
_RE_BREAKS = re.compile(
    f"{BREAK}\\s*(?:{BREAK}\\s*)+|{BREAK}(?=[\u3000\u00a0 ]*(?:第[^条條]{{1,8}}[条條章节節]|[\u3000\u00a0]{{2}}))"
)
_SEGMENT = r"/[\w%~@!$&'()*+,=:-][\w%~@!$&'()*+,=:.-]*"  # neither empty nor "." nor ".."
_RE_PLAIN = re.compile(
    rf"(?P<site>https?://[a-zA-Z0-9.-]+(?::[0-9]+)?(?=/))?(?:{_SEGMENT})+/?(?:\?[\w%~@!$&'()*+,=:./-]+)?", re.ASCII
)
_RE_IMAGE_NAME = re.compile(r"[\w-]{4,}")
_ROW_TEXT = 1_500  # characters: a longer "row" is a page laid out as a table


def blocks_of(scope: Scope) -> list[Block]:
    """The Blocks of a page in reading order; raises ReadError("too deep") for markup nested deeper than MAX_DEPTH."""
    walk = Walk(scope)
    for root in scope.roots:
        walk.over(root)
    return walk.blocks


def absolute(href: str, base: str) -> str:
    """Where a link leads; "" if nowhere on the web."""
    plain = _RE_PLAIN.fullmatch(href)  # most links: nothing in them that joining (RFC 3986 §5.2) would alter
    if plain:
        if plain["site"]:
            return href
        if origin := _origin(base):
            return origin + href
    return _joined(href, base)


@lru_cache(maxsize=8192)
def _joined(href: str, base: str) -> str:
    try:
        url = urljoin(base, href.strip())
    except ValueError:
        return ""
    return url if url.startswith(("http://", "https://")) else ""


@lru_cache(maxsize=1024)
def _origin(base: str) -> str:
    """Scheme and host of an address on the web, as a plain address begins; "" for any other."""
    plain = _RE_PLAIN.match(base)
    return (plain["site"] or "") if plain else ""


class Walk:
    """One pass over a page. Collects inline text until a part begins or ends, then makes a Block of it."""

    __slots__ = (
        "_aside",
        "_base",
        "_item",
        "_links",
        "_number",
        "_outline",
        "_parts",
        "_pre",
        "_rows",
        "_scope",
        "blocks",
    )

    def __init__(self, scope: Scope) -> None:
        self.blocks: list[Block] = []
        self._scope = scope
        self._base = scope.base
        self._parts: list[str] = []
        self._links: list[tuple[LexborNode, int, int]] = []  # link, first and last of its parts
        self._outline = Outline()
        self._number = ""  # a mere number that waits for its text
        self._rows: list[list[int]] = []  # open rows: where each of their cells begins in blocks
        self._item = 0  # open list items
        self._pre = 0
        self._aside = 0  # open asides

    def over(self, root: LexborNode) -> None:
        without, asides, tags = self._scope.without, self._scope.asides, _TAGS
        parts = self._parts
        open_: list[tuple[LexborNode, int, int]] = []
        node = root.first_child
        while True:
            if node is None:
                if not open_:
                    break
                node, act, mark = open_.pop()
                if act == PART:  # most elements; what `_leave` does for them, without the way there
                    if parts:
                        self._flush(self._kind())
                elif act not in _CHILDLESS:
                    self._leave(node, act, mark)
                if mark < 0:
                    self._aside -= 1
                node = node.next
                continue
            act = tags.get(node.tag or "", INLINE)
            if act == TEXT:
                text = node.text_content or ""
                if parts or not text.isspace():  # the white space between two elements is most of a page's texts
                    parts.append(text)
            elif act != SKIP and node.mem_id not in without:
                if act == PART:
                    mark = 0
                    if parts:
                        self._flush(self._kind())
                else:
                    mark = self._enter(node, act) if act != INLINE else 0
                if asides and node.mem_id in asides:
                    self._aside += 1
                    mark = -1
                child = node.first_child
                if child is not None:
                    if len(open_) >= MAX_DEPTH:
                        raise ReadError("too deep", f"elements are nested deeper than {MAX_DEPTH}")
                    open_.append((node, act, mark))
                    node = child
                    continue
                if act not in _CHILDLESS:
                    self._leave(node, act, mark)
                if mark < 0:
                    self._aside -= 1
            node = node.next
        self._flush("paragraph")
        if self._number:  # nothing came after it
            self.blocks.append(Block("paragraph", self._number, self._outline.path, self._number))
            self._number = ""

    def _enter(self, node: LexborNode, act: int) -> int:
        """Open an element; what it returns is handed back on leaving."""
        if act in (LINK, RAISED):
            return len(self._parts)
        if act == LINE:
            self._parts.append(BREAK)
        elif act == IMAGE:
            self._image(node)
        else:
            if self._parts:
                self._flush(self._kind())
            if act == CELL and self._rows:
                self._rows[-1].append(len(self.blocks))
            elif act == ROW:
                self._rows.append([])
            elif act in _LISTED:
                self._item += 1
            elif act == PRE:
                self._pre += 1
        return 0

    def _leave(self, node: LexborNode, act: int, mark: int) -> None:
        if act == LINK:
            if mark >= 0:
                self._links.append((node, mark, len(self._parts)))
        elif act == RAISED:
            self._raise(mark)
        elif act == HEADING:
            self._heading(node)
        else:
            if self._parts:
                self._flush(self._kind())
            if act in _LISTED:
                self._item -= 1
            elif act == ROW:
                self._row(self._rows.pop())
            elif act == PRE:
                self._pre -= 1

    def _raise(self, mark: int) -> None:
        """Write raised digits raised, or "5" with foot-note 2 would read as 52."""
        digits = "".join(self._parts[max(mark, 0) :]).strip()
        if mark >= 0 and digits.isdigit() and len(digits) < 4:
            self._parts[mark:] = [superscript(digits)]

    def _kind(self) -> str:
        return "item" if self._item else "paragraph"

    def _flush(self, kind: str) -> None:
        """Make Blocks of the text collected since the last part began or ended."""
        parts = self._parts
        if not parts:
            return
        text = "".join(parts)
        links = self._links
        if BREAK in text:
            pieces = [tidy(piece.replace(BREAK, " ")) for piece in _RE_BREAKS.split(text)]
        elif self._pre:
            pieces = [tidy(piece) for piece in re.split(r"\n\s*\n", text)]
        else:
            pieces = [tidy(text)]
        link = self._whole_link() if links and len(pieces) == 1 else ""
        documents = self._documents() if links and not link else []
        parts.clear()
        links.clear()
        if documents:
            self._flush_documents(kind, text, documents)
            return
        for piece in pieces:
            if piece:
                self._add(kind, piece, link)

    def _documents(self) -> list[Linked]:
        """The links to documents in the collected text."""
        found = []
        for node, first, last in self._links:
            link = absolute(node.attrs.get("href") or "", self._base)
            if is_document(link):
                start = sum(map(len, self._parts[:first]))
                found.append(Linked(start, start + sum(map(len, self._parts[first:last])), link))
        return found

    def _flush_documents(self, kind: str, text: str, documents: list[Linked]) -> None:
        """Text that names documents: each piece carries the link of the first one it names."""
        cuts = [0, *borders(text, documents, BREAK), len(text)]
        for start, end in zip(cuts, cuts[1:], strict=False):
            at = start
            for piece in _RE_BREAKS.split(text[start:end]):
                begin = text.index(piece, at)
                at = begin + len(piece)
                if said := tidy(piece.replace(BREAK, " ")):
                    self._add(kind, said, next((one.link for one in documents if begin <= one.start < at), ""))

    def _whole_link(self) -> str:
        """Where the collected text leads, if all of it is one link."""
        node, first, last = self._links[0]
        if len(self._links) > 1 or any(map(str.strip, self._parts[:first])) or any(map(str.strip, self._parts[last:])):
            return ""
        return absolute(node.attrs.get("href") or "", self._base)

    def _add(self, kind: str, text: str, link: str = "") -> None:
        if self._number and not self._rows:
            text, self._number = f"{self._number} {text}", ""
        number, rest = label(text)
        outline = self._outline
        if number:
            if not rest and not self._rows and not rank_of(number):
                self._number = number  # "(a)" in an element of its own: the next text is what it numbers
                return
            if not self._item and not self._rows and outline.opens(number, rest):
                kind = "heading"
        elif kind == "paragraph" and not self._rows and outline.entitles(text):
            kind = "heading"
        place = "aside" if self._aside else outline.place
        path = outline.above(number, kind) if number else outline.path if kind != "heading" else outline.path[:-1]
        self.blocks.append(Block(kind, text, path, number, "", link, "", "", place))
        if len(self.blocks) > MAX_BLOCKS:
            raise ReadError("too large", f"the page falls into more than {MAX_BLOCKS} blocks")
        if number and not self._item:
            outline.enter(number, text if kind == "heading" else number)
            outline.awaits_title("" if rest else number)

    def _heading(self, node: LexborNode) -> None:
        text = tidy("".join(self._parts).replace(BREAK, " "))
        self._parts.clear()
        self._links.clear()
        if not text:
            return
        number, _ = label(text)
        rank = int((node.tag or "h6")[1])
        path = self._outline.under(rank, text, place=by_heading(text) if rank > 1 else "body")
        place = "aside" if self._aside else self._outline.place
        self.blocks.append(Block("heading", text, path, number, place=place))

    def _row(self, cells: list[int]) -> None:
        """Join the cells of a row that just ended into one Block, unless the "table" only lays out the page."""
        if not cells:
            return
        blocks = self.blocks
        made = blocks[cells[0] :]
        if not made or any(block.kind in {"row", "heading"} for block in made) or _is_layout(made, cells, len(blocks)):
            return
        ends = [*cells[1:], len(blocks)]
        texts = [" ".join(block.text for block in blocks[start:end]) for start, end in zip(cells, ends, strict=True)]
        links = [block.link for block in made if block.link]
        first = made[0]
        numbered = len(texts) == 2 and first.label == texts[0]  # a point of a list, laid out as a table
        kind, between = ("item", " ") if numbered else ("row", " | ")
        row = first._replace(
            kind=kind, text=between.join(filter(None, texts)), link=links[0] if len(links) == 1 else ""
        )
        blocks[cells[0] :] = [row]

    def _image(self, node: LexborNode) -> None:
        """An image that says something is a small block of its own, so that its removal can be seen."""
        alt = tidy(node.attributes.get("alt") or "")
        if not _RE_IMAGE_NAME.search(alt) or self._aside:
            return
        self.blocks.append(Block("paragraph", f"[image: {alt}]", self._outline.path, place="aside"))


def _is_layout(made: list[Block], cells: list[int], end: int) -> bool:
    text = sum(len(block.text) for block in made)
    fullest = max(after - start for start, after in zip(cells, [*cells[1:], end], strict=True))
    return text > _ROW_TEXT and fullest > 2 or fullest > 8
