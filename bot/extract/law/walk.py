"""One walk through a law text whose vocabulary is known: headings with their paths, numbered text, notes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from bot.errors import ReadError
from bot.extract.feeds import plain
from bot.extract.furniture import by_heading
from bot.extract.law.vocabularies import Vocabulary, local
from bot.extract.outline import ANNEX, rank_of
from bot.model import Block
from bot.text import label, superscript, tidy

MAX_DEPTH = 150
MAX_BLOCKS = 200_000
_CONSUMED = frozenset({"number", "shown", "title", "head"})
_RE_MARKUP = re.compile(r"</?(?:p|br|div|b|i|strong|em|sup|sub|table|tr|td|ul|ol|li|a|span)\b[^>]*>", re.I)
_RE_MARKUP_BREAK = re.compile(r"</(?:p|div|tr|li)>|<br\s*/?>", re.I)
_RE_RAISED = re.compile(r"<sup>\s*(\d{1,3})\s*</sup>", re.I)
_RE_ZONE = re.compile(r"\b(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)\b")
_RE_EMPTY_LINE = re.compile(r"\n[ \t\r]*\n")
_RE_ITEM_LINE = re.compile(
    r"\n[ \t\u3000]*(?=(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十0-9]{1,3}[)）]|\d{1,3}[.、])\s?\S)"
)


def pieces(raw: str) -> list[str]:
    """A text at its item lines; markup inside CDATA is taken off."""
    if "<" in raw and _RE_MARKUP.search(raw):
        raw = _RE_RAISED.sub(lambda match: superscript(match[1]), raw)
        return [plain(piece) for piece in _RE_MARKUP_BREAK.split(raw)]
    return [piece for part in _RE_EMPTY_LINE.split(raw) for piece in _RE_ITEM_LINE.split(part)]


def read_law(root: Any, vocabulary: Vocabulary) -> list[Block]:
    """The Blocks of a law text in the order of its elements; raises ReadError for what is too deep or too large."""
    walk = _Walk(vocabulary)
    walk.over(root, _Where())
    walk.flush(_Where())
    return walk.blocks


class _Where(NamedTuple):
    """Where the walk stands."""

    path: tuple[str, ...] = ()
    place: str = "body"
    quoted: bool = False
    merged: bool = False  # the number of the unit below already stands in the heading
    state: str = ""  # what was said of the force of everything here
    parent: str = ""
    depth: int = 0


class _Head(NamedTuple):
    number: str
    title: str

    @property
    def text(self) -> str:
        return f"{self.number} {self.title}".strip()


class _Walk:
    """Collects text until a part begins or ends; `ladder` holds the headings of schemas that do not nest."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.blocks: list[Block] = []
        self._words = vocabulary
        self._text: list[str] = []
        self._number = ""  # waits for its text
        self._notes: list[str] = []  # said after the sentence that they interrupt
        self._seen: set[str] = set()
        self._ladder: list[tuple[int, str]] = []

    # ---- the walk

    def over(self, element: Any, at: _Where) -> None:
        """One element with everything in it, but for its tail."""
        name = local(element)
        role = self._words.role(name, at.parent)
        if self._ladder and not at.path:
            at = at._replace(path=tuple(rung for _, rung in self._ladder))
        if role in {"inline", "column", "raised", "break", "skip", "note"}:
            self._inline(element, role, at._replace(parent=name))
            return
        self.flush(at)
        if at.depth > MAX_DEPTH:
            raise ReadError("too deep", f"the law is nested deeper than {MAX_DEPTH}")
        if len(self.blocks) > MAX_BLOCKS:
            raise ReadError("too large", "the XML falls into too many parts")
        self._part(element, role, at._replace(parent=name, depth=at.depth + 1))

    def _part(self, element: Any, role: str, at: _Where) -> None:
        match role:
            case "division" | "group" | "unit":
                self._numbered(element, role, at)
            case "norm":
                self._norm(element, at)
            case "rung":
                self._rung(self._said(element), at)
            case "heading" | "title":
                self._heading(_Head(*_split(self._said(element))), at)
            case "number" | "shown":
                self._number = f"{self._number} {self._said(element)}".strip()
            case "row":
                self._add(" | ".join(filter(None, map(self._said, element))), at, kind="row")
            case "pieces":
                for piece in pieces("".join(element.itertext())):
                    self._add(tidy(piece), at)
            case "about" | "mark" | "notes":
                self._about(element, role, at)
            case "quoted":
                self._below(element, at._replace(quoted=True))
            case _:
                self._below(element, self._stated(element, at))

    def _below(self, element: Any, at: _Where, *, without: frozenset[str] = frozenset()) -> None:
        """The content of a part; elements with a role in `without` were said before."""
        self._text.append(element.text or "")
        for child in element:
            if not without or self._words.role(local(child), at.parent) not in without:
                self.over(child, at)
            self._text.append(child.tail or "")
        self.flush(at)

    def _inline(self, element: Any, role: str, at: _Where) -> None:
        if role == "note":
            self._notes.append(self._said(element))
        elif role == "raised":
            text = self._said(element)
            self._text.append(superscript(text) if text.isdigit() else text)
        elif role != "skip":
            self._text.append("" if role == "inline" else "\n" if role == "break" else " ")
            self._text.append(element.text or "")
            for child in element:
                self.over(child, at)
                self._text.append(child.tail or "")
            self._text.append(" " if role == "column" else "")

    # ---- parts with a head

    def _numbered(self, element: Any, role: str, at: _Where) -> None:
        head = self._head(element, at)
        merged = False
        if role == "group" and not head.number:
            units = [child for child in element if self._words.role(local(child), at.parent) == "unit"]
            if len(units) == 1:
                head, merged = _Head(self._head(units[0], at._replace(parent=local(units[0]))).number, head.title), True
        is_unit = role == "unit" and (not head.title or at.quoted)
        if at.merged:
            at = at._replace(merged=False)
        elif is_unit and not self._is_article(element, at):
            self._number = f"{self._number} {head.text}".strip()
        else:
            at = self._heading(head, at)._replace(merged=merged)
        self._below(element, self._stated(element, at), without=_CONSUMED)

    def _is_article(self, element: Any, at: _Where) -> bool:
        """Whether a numbered unit without title holds numbered units, so that its number is their heading."""
        inner = self._words.articles.get(local(element), "")
        return bool(inner) and not at.quoted and any(local(below) == inner for below in element.iter())

    def _head(self, element: Any, at: _Where) -> _Head:
        """Number and title of a part, wherever among its first children they stand."""
        numbers: list[str] = []
        shown: list[str] = []
        titles: list[str] = []
        for child, role in self._heads(element, at.parent):
            {"number": numbers, "shown": shown, "title": titles}[role].append(self._printed(child, element, role))
        number = " ".join(filter(None, shown or numbers))
        title = " ".join(filter(None, titles))
        attribute, form = self._words.named.get(local(element), ("", ""))
        if name := element.get(attribute, "") if attribute else "":
            return _Head(*_split(form.format(head=f"{number} {title}".strip(), name=name)))
        return _Head(number, title) if number else _Head(*_split(title))

    def _heads(self, element: Any, parent: str) -> Iterator[tuple[Any, str]]:
        for child in element:
            role = self._words.role(local(child), parent)
            if role == "head":
                yield from self._heads(child, local(child))
            elif role in _CONSUMED:
                yield child, role

    def _printed(self, child: Any, element: Any, role: str) -> str:
        text = self._said(child)
        if role != "number" or not text:
            return text
        before, after = child.get("PuncBefore"), child.get("PuncAfter")
        if before is not None or after is not None:
            return f"{before or ''}{text}{after or ''}"
        form = self._words.printed.get(local(element), "")
        return form.format(text) if form and text.isalnum() else text

    def _heading(self, head: _Head, at: _Where) -> _Where:
        """Say a heading; returns where what follows stands."""
        if not head.text:
            return at
        if at.quoted:
            self._append(Block("paragraph", head.text, at.path, head.number, place=at.place))
            return at
        place = at.place
        if place == "body" and not head.number:
            place = by_heading(head.title)
        self._append(Block("heading", head.text, at.path, head.number, place=place))
        return at._replace(path=(*at.path, head.text), place=place)

    # ---- schemas that do not nest

    def _rung(self, text: str, at: _Where) -> None:
        number, title = _split(text)
        rank = rank_of(number.replace(" ", "")) or 1
        self._climb(rank, _Head(number, title), at)

    def _climb(self, rank: int, head: _Head, at: _Where) -> None:
        self._ladder = [(other, text) for other, text in self._ladder if other < rank]
        path = tuple(text for _, text in self._ladder)
        self._heading(head, at._replace(path=path))
        self._ladder.append((rank, head.text))

    def _norm(self, element: Any, at: _Where) -> None:
        """A record of gesetze-im-internet: a heading by its depth (three digits a level), an article, or both."""
        said = {local(one): self._said(one) for one in element.iter() if local(one) in _GII_HEADS}
        depth = len(said.get("gliederungskennzahl", "")) // 3
        rung = _Head(said.get("gliederungsbez", ""), said.get("gliederungstitel", ""))
        if depth and (depth, rung.text) not in self._ladder:
            self._climb(depth, rung, at)
        head = _Head(said.get("enbez", ""), said.get("titel", ""))
        if any(local(one) == "toc" for one in element.iter()):
            return
        if rank_of(head.number) == ANNEX:
            self._ladder = []
        here = self._heading(head, at._replace(path=tuple(text for _, text in self._ladder)))
        for child in element:
            if local(child) == "metadaten":
                self._below(child, here._replace(parent="metadaten"), without=frozenset({"head"}))
            else:
                self.over(child, here)

    # ---- what is said about the law

    def _about(self, element: Any, role: str, at: _Where) -> None:
        """Metadata and notes once: some schemas repeat them at every article."""
        if role == "notes":
            lines = [self._said(part) for part in element] or list(map(tidy, pieces(element.text or "")))
        elif role == "mark" or not len(element):
            lines = [f"{local(element)}: {said}" for said in [self._listed(element)] if said]
        else:
            lines = [f"{local(child)}: {said}" for child in element if (said := self._listed(child, of=local(element)))]
        for line in lines:
            self._say_about(line, at)

    def _say_about(self, line: str, at: _Where) -> None:
        if line and line not in self._seen:
            self._seen.add(line)
            self._append(Block("paragraph", line, at.path, place="about"))

    def _listed(self, element: Any, *, of: str = "") -> str:
        """The texts of an element, side by side."""
        if self._words.role(local(element), of) == "skip":
            return ""
        return _RE_ZONE.sub(r"\1", ", ".join(filter(None, map(tidy, self._texts(element)))))

    def _texts(self, element: Any) -> Iterator[str]:
        yield element.text or ""
        for child in element:
            if self._words.role(local(child), local(element)) != "skip":
                yield from self._texts(child)
            yield child.tail or ""

    def _stated(self, element: Any, at: _Where) -> _Where:
        """Say what attributes tell of a part's force, as publishers show it ([Prospective]), once for all within it."""
        words, name = self._words, local(element)
        version = element.get(words.dated[name]) if name in words.dated else None
        if version:
            self._append(Block("paragraph", f"[{words.dated[name]} {tidy(version)}]", at.path, place=at.place))
        told = [value for key, idle in words.states.items() if (value := element.get(key)) and value not in idle]
        state = tidy(", ".join(told))
        if not state or state == at.state:
            return at
        self._append(Block("paragraph", f"[{state}]", at.path, place=at.place))
        return at._replace(state=state)

    # ---- text

    def _said(self, element: Any) -> str:
        """The text of an element on one line, without notes and with raised digits as they are seen."""
        return tidy("".join(self._scraps(element, 0)))

    def _scraps(self, element: Any, depth: int) -> Iterator[str]:
        if depth > MAX_DEPTH:
            raise ReadError("too deep", f"the law is nested deeper than {MAX_DEPTH}")
        yield element.text or ""
        for child in element:
            name = local(child)
            role = self._words.role(name, local(element))
            if role == "raised" and (digits := "".join(child.itertext()).strip()).isdigit():
                yield superscript(digits)
            elif role == "note":
                self._notes.append(self._said(child))
            elif role != "skip":
                apart = role not in {"inline", "raised"}
                yield " " if apart else ""
                yield from self._scraps(child, depth + 1)
                yield " " if apart else ""
            yield child.tail or ""

    def flush(self, at: _Where) -> None:
        """Say the collected text, then the notes that stood in it."""
        raw = "".join(self._text)
        self._text.clear()
        if raw and not raw.isspace():
            self._add(tidy(raw), at)
        notes, self._notes = self._notes, []
        for text in notes:
            self._say_about(text, at)

    def _add(self, text: str, at: _Where, *, kind: str = "paragraph") -> None:
        if not text:
            return
        if self.blocks and not any(map(str.isalnum, text)):  # the full stop after a quoted amendment
            self.blocks[-1] = self.blocks[-1]._replace(text=f"{self.blocks[-1].text}{text}")
            return
        number, self._number = self._number, ""
        text = f"{number} {text}" if number else text
        number = number or (label(text)[0] if kind == "paragraph" else "")
        self._append(Block(kind, text, at.path, number, place=at.place))

    def _append(self, block: Block) -> None:
        if self._number and block.place != "about":  # a number whose text is missing
            number, self._number = self._number, ""
            self.blocks.append(Block("paragraph", number, block.path, number, place=block.place))
        self.blocks.append(block)


_GII_HEADS = frozenset({"gliederungskennzahl", "gliederungsbez", "gliederungstitel", "enbez", "titel"})


def _split(text: str) -> tuple[str, str]:
    """Number and title of a heading that gives both in one text."""
    return label(text)
