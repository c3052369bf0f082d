"""PDF to Blocks: pdfium says where every word stands, the other pdf_*.py files what that means. Pure.

pdf_running.py (running heads), pdf_layout.py (columns), pdf_tables.py, pdf_text.py (paragraphs and headings).

Only a child process should come here (bot/child.py): pdfium is C++ and reads what strangers wrote.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator
from typing import Any

from bot.errors import ReadError
from bot.extract.pdf_page import Page, Piece
from bot.model import Reading
from bot.text import superscript, tidy

MAX_PAGES = 5_000
MAX_CHARS = 1_000_000  # of one page
MAX_TEXT = 40_000_000  # characters of all pages
_SPARSE = 10  # letters a page: fewer are a scanner's stamp, not a text layer
_GAP = 1.1  # of the size of the letters: a wider gap between two words separates cells or columns
_BROKEN = 0.3  # share of letters without a meaning that makes a text layer worthless
_FAR = 1e6  # points: nothing on a page is further away
_TINY = 0.5  # points: letters are not smaller, whatever a damaged file says
_SMALL = 0.8  # of the size of a word's first letter: raised or lowered letters
_PASSWORD = 4  # FPDF_ERR_PASSWORD, fpdfview.h
_FLAG_BOLD = 1 << 18  # ForceBold, ISO 32000-1 table 123
_BOLD = re.compile(rb"bold|black|heavy|semibold|demi", re.IGNORECASE)
# pdfium writes U+FFFE for a hyphen at which it has joined two lines.
_RE_LINE = re.compile("[^\r\n\ufffe]+\ufffe?")
_RE_WORD = re.compile(r"[^\s\ufffe]+")
_RE_LOST = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08]")


def read_pdf(body: bytes) -> Reading:
    """The Blocks of a PDF with their page numbers, and the title it declares.

    Raises ReadError: unreadable (damaged, encrypted), too large, no text layer, mojibake.
    """
    from bot.extract.pdf_text import blocks_of

    start = body.find(b"%PDF-", 0, 1024)  # ISO 32000-1 §7.5.2 and its implementation note
    if start < 0:
        raise ReadError("wrong type", "the body is not a PDF")
    with Document(body[start:]) as document:
        pages = list(document.pages())
        _check_text(pages)
        return Reading(tuple(blocks_of(pages)), document.title())


def _check_text(pages: list[Page]) -> None:
    """Raise ReadError for scans, and for text layers that are no text."""
    texts = [piece.text for page in pages for piece in page.pieces]
    letters = sum(map(len, texts))
    if letters < _SPARSE * len(pages):
        raise ReadError("no text layer", f"{len(pages)} pages hold {letters} letters: a scan")
    lost = sum(len(_RE_LOST.findall(text)) for text in texts)
    if lost > _BROKEN * letters:
        raise ReadError("mojibake", "the PDF does not say which letters its glyphs stand for")


class Document:
    """An open PDF; a thin border around pdfium's C functions (public/fpdf_text.h, public/fpdfview.h)."""

    def __init__(self, body: bytes) -> None:
        import pypdfium2.raw as pdfium

        self._c: Any = pdfium
        self._body = body  # pdfium reads from it until it is closed
        self._document = pdfium.FPDF_LoadMemDocument64(body, len(body), None)
        if not self._document:
            raise _refused(pdfium.FPDF_GetLastError())

    def __enter__(self) -> Document:
        return self

    def __exit__(self, *exc: object) -> None:
        self._c.FPDF_CloseDocument(self._document)

    def title(self) -> str:
        """What the file calls itself, "" when that is no more than a file's name."""
        size = self._c.FPDF_GetMetaText(self._document, b"Title", None, 0)
        if not 2 < size < 4096:
            return ""
        buffer = ctypes.create_string_buffer(size)
        self._c.FPDF_GetMetaText(self._document, b"Title", buffer, size)
        title = tidy(buffer.raw[: size - 2].decode("utf-16-le", "replace"))
        return "" if re.search(r"\.\w{2,4}$|^(?:microsoft word|untitled)", title, re.IGNORECASE) else title

    def pages(self) -> Iterator[Page]:
        """Every page in turn, with its pieces in the order of the file. Raises ReadError("too large")."""
        count = self._c.FPDF_GetPageCount(self._document)
        if count < 1:
            raise ReadError("unreadable", "the PDF has no page")
        if count > MAX_PAGES:
            raise ReadError("too large", f"{count} pages; the limit is {MAX_PAGES}")
        total = 0
        for number in range(count):
            page = self._page(number)
            total += sum(len(piece.text) for piece in page.pieces)
            if total > MAX_TEXT:
                raise ReadError("too large", f"more than {MAX_TEXT} letters")
            yield page

    def _page(self, number: int) -> Page:
        """One page; one that is damaged is empty."""
        handle = self._c.FPDF_LoadPage(self._document, number)
        if not handle:
            return Page(number + 1, (), ())
        text = self._c.FPDFText_LoadPage(handle)
        try:
            pieces = tuple(Words(self._c, text).pieces()) if text else ()
            return Page(number + 1, pieces, self._rules(handle) if _may_hold_tables(pieces) else ())
        finally:
            if text:
                self._c.FPDFText_ClosePage(text)
            self._c.FPDF_ClosePage(handle)

    def _rules(self, page: Any) -> tuple[tuple[float, float, float], ...]:
        """Horizontal lines drawn on the page, as (left, right, height): what divides the rows of tables."""
        c, found = self._c, []
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        for index in range(min(c.FPDFPage_CountObjects(page), 20_000)):
            thing = c.FPDFPage_GetObject(page, index)
            if c.FPDFPageObj_GetType(thing) != c.FPDF_PAGEOBJ_PATH:
                continue
            if not c.FPDFPageObj_GetBounds(thing, left, bottom, right, top) or right.value - left.value < 10:
                continue
            if top.value - bottom.value < 4:
                found.append((left.value, right.value, (top.value + bottom.value) / 2))
            elif c.FPDFPath_CountSegments(thing) <= 5:  # a cell with a frame
                found += [(left.value, right.value, top.value), (left.value, right.value, bottom.value)]
        return tuple(found)


def _refused(code: int) -> ReadError:
    if code == _PASSWORD:
        return ReadError("unreadable", "the PDF is encrypted and asks for a password")
    return ReadError("unreadable", "the PDF is damaged: its pages cannot be found")


def _may_hold_tables(pieces: tuple[Piece, ...]) -> bool:
    """Whether at least two lines fall into pieces that stand side by side."""
    beside = sum(1 for one, two in zip(pieces, pieces[1:], strict=False) if abs(one.base - two.base) < 2)
    return beside > 1


class Words:
    """The words of one page, joined to pieces: stretches of a line without a wide gap."""

    def __init__(self, c: Any, text: Any) -> None:
        self._c, self._text = c, text
        self._box = c.FS_RECTF()
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.c_int()
        self._matrix = c.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()

    def pieces(self) -> Iterator[Piece]:
        """In the order of the file. Raises ReadError("too large") for a page with more than MAX_CHARS letters."""
        count = self._c.FPDFText_CountChars(self._text)
        if count > MAX_CHARS:
            raise ReadError("too large", f"a page with {count} letters; the limit is {MAX_CHARS}")
        if count < 1:
            return
        written = self._written(count)
        # Letters without a meaning have an index and no text; then every index must be asked for.
        index = int if len(written) == count else self._index
        for line in _RE_LINE.finditer(written):
            yield from self._line(written, line, index)

    def _written(self, count: int) -> str:
        buffer = (ctypes.c_ushort * (2 * count + 2))()
        units = self._c.FPDFText_GetText(self._text, 0, count, buffer)
        return bytes(buffer)[: max(0, units - 1) * 2].decode("utf-16-le", "replace")

    def _index(self, position: int) -> int:
        return int(self._c.FPDFText_GetCharIndexFromTextIndex(self._text, position))

    def _line(self, written: str, line: re.Match[str], index: Any) -> Iterator[Piece]:
        box, get, text = self._box, self._c.FPDFText_GetLooseCharBox, self._text
        first, longest = 0, 0  # the beginning of the open piece's longest word, whose letters are its letters
        left = right = bottom = top = size = 0.0
        start = end = -1
        raised: list[tuple[int, int]] = []
        for word in _RE_WORD.finditer(written, line.start(), line.end()):
            begin = index(word.start())
            if not get(text, begin, box):
                continue
            x0, low, high = box.left, box.bottom, box.top
            x1 = box.right
            height = high - low
            if word.end() - word.start() > 1 and get(text, index(word.end() - 1), box):
                x1 = max(x1, box.right)
                if box.top - box.bottom < _SMALL * height and written[word.end() - 1].isdigit():
                    raised.append(self._raised(written, word, index, height))
            # A gap, a jump back or a jump up or down: another piece.
            if start >= 0 and (
                x0 - right > _GAP * max(size, 1.0) or x0 < right - 2 * size or abs(low - bottom) > max(size, height)
            ):
                said = _with_raised(written, start, end, raised)
                yield self._piece(said, (left, right, bottom, top), first, index(end - 1))
                start = -1
            if start < 0:
                start, longest, left, right, bottom, top, size = word.start(), 0, x0, x1, low, high, height
            elif height > size * 1.05:  # raised and lowered letters are smaller than their line
                bottom, top, size = low, high, height
            if word.end() - word.start() > longest:
                first, longest = begin, word.end() - word.start()
            right, end = max(right, x1), word.end()
        if start >= 0:
            said = _with_raised(written, start, end, raised) + ("-" if written[line.end() - 1] == "\ufffe" else "")
            yield self._piece(said, (left, right, bottom, top), first, index(end - 1))

    def _raised(self, written: str, word: re.Match[str], index: Any, height: float) -> tuple[int, int]:
        """Where the small digits at the end of a word stand in the text: the number of a footnote."""
        start = word.end() - 1
        while start - 1 > word.start() and written[start - 1].isdigit():
            self._c.FPDFText_GetLooseCharBox(self._text, index(start - 1), self._box)
            if self._box.top - self._box.bottom >= _SMALL * height:
                break
            start -= 1
        return start, word.end()

    def _piece(self, text: str, box: tuple[float, float, float, float], first: int, last: int) -> Piece:
        c, matrix = self._c, self._matrix
        c.FPDFText_GetMatrix(self._text, first, matrix)
        c.FPDFText_GetCharOrigin(self._text, first, self._x, self._y)
        size = max(_sane(c.FPDFText_GetFontSize(self._text, first) * math.hypot(matrix.c, matrix.d)), _TINY)
        angle = round(math.atan2(_sane(matrix.b), _sane(matrix.a)) / (math.pi / 2)) % 4
        left, right, base = map(_sane, _upright(box, self._x.value, self._y.value, angle))
        bold = self._bold(first) and (last == first or self._bold(last))
        return Piece(tidy(text), left, max(left, right), base, size, bold, angle)

    def _bold(self, index: int) -> bool:
        size = self._c.FPDFText_GetFontInfo(self._text, index, self._name, 128, self._flags)
        return bool(self._flags.value & _FLAG_BOLD or _BOLD.search(self._name.raw[: min(size, 128)]))


def _with_raised(written: str, start: int, end: int, raised: list[tuple[int, int]]) -> str:
    """A stretch of the text, with the numbers of footnotes in raised digits."""
    for low, high in raised:
        if start <= low < end:
            written = written[:low] + superscript(written[low:high]) + written[high:]
    return written[start:end]


def _sane(length: float) -> float:
    """A length as it is, 0 where a damaged file makes it endless or no number."""
    return length if -_FAR < length < _FAR else 0.0


def _upright(box: tuple[float, float, float, float], x: float, y: float, angle: int) -> tuple[float, float, float]:
    """left, right and base line as they would be with the page turned so that the text is upright."""
    left, right, bottom, top = box
    return ((left, right, y), (bottom, top, -x), (-right, -left, -y), (-top, -bottom, x))[angle]
