"""Markdown to Blocks. Marks of emphasis and link targets are no text. Pure."""

from __future__ import annotations

import re
from html import unescape

from bot.extract.furniture import by_heading
from bot.extract.outline import Outline
from bot.extract.plain import numbered
from bot.model import Block
from bot.text import label, superscript, tidy

_RE_FRONT = re.compile(r"\A\ufeff?---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_RE_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_RE_HEADING = re.compile(r"\s{0,3}(#{1,6})(?:\s+|$)(.*?)(?:\s#+)?\s*$")
_RE_UNDERLINE = re.compile(r"\s{0,3}(=+|-+)\s*$")
_RE_RULE = re.compile(r"\s{0,3}(?:[-*_]\s*){3,}$")
_RE_BULLET = re.compile(r"\s*[-*+•]\s+(.*)$")
_RE_NUMBER = re.compile(r"\s*(\d{1,4}[.)])\s+(.*)$")
_RE_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_RE_TABLE_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_RE_DEFINITION = re.compile(r"\s{0,3}\[[^\]^]+\]:\s+\S+")
_RE_NOTE = re.compile(r"\s{0,3}\[\^[^\]]+\]:\s*")

_INLINE = (
    (re.compile(r"!\[([^\]]*)\](?:\([^()\s]*(?:\([^()]*\)[^()]*)*(?:\s+\"[^\"]*\")?\)|\[[^\]]*\])"), r""),
    (re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+[\"'(][^)]*)?\)"), r"\1"),
    (re.compile(r"\[([^\[\]^]+)\]\[[^\]]*\]"), r"\1"),
    (re.compile(r"\[\^[^\]]+\]"), ""),
    (re.compile(r"<sup>\s*(\d{1,4})\s*</sup>", re.IGNORECASE), lambda match: superscript(match[1])),
    (re.compile(r"<br\s*/?>", re.IGNORECASE), " "),
    (re.compile(r"</?[a-zA-Z][^<>]*>"), ""),
    (re.compile(r"<((?:https?|mailto):[^<>\s]+)>"), r"\1"),
    (re.compile(r"(`+)(.+?)\1"), r"\2"),
    (re.compile(r"(?<!\\)(\*{1,3})(?=\S)(.+?)(?<=\S)(?<!\\)\1"), r"\2"),
    (re.compile(r"(?<![\w\\])(_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"~~(?=\S)(.+?)~~"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])"), r"\1"),
)


def inline(text: str) -> str:
    """A stretch of Markdown as it is read: no emphasis marks, no link targets, no HTML tags."""
    for pattern, put in _INLINE:
        text = pattern.sub(put, text)
    return tidy(unescape(text))


def read_markdown(text: str) -> list[Block]:
    """The Blocks of a Markdown text; its front matter is about the text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front = _RE_FRONT.match(text)
    reader = _Reader()
    if front:
        reader.about(front[1])
        text = text[front.end() :]
    for line in _RE_COMMENT.sub("", text).split("\n"):
        reader.line(line)
    reader.close()
    return reader.blocks


class _Reader:
    """Line by line: what is open (a paragraph, an item, a fence) and the Blocks so far."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._outline = Outline()
        self._open: list[str] = []
        self._kind = "paragraph"
        self._fenced = False

    def about(self, front: str) -> None:
        lines = (tidy(line) for line in front.split("\n"))
        self.blocks += [Block("paragraph", line, place="about") for line in lines if line]

    def line(self, line: str) -> None:
        if _RE_FENCE.match(line):
            self.close()
            self._fenced = not self._fenced
        elif self._fenced:
            self._open.append(line)
        elif not line.strip():
            self.close()
        else:
            self._text(re.sub(r"^(?:\s{0,3}>\s?)+", "", line))

    def _text(self, line: str) -> None:
        heading = _RE_HEADING.match(line)
        bullet = _RE_BULLET.match(line)
        number = _RE_NUMBER.match(line)
        if heading:
            self.close()
            self._heading(len(heading[1]), heading[2])
        elif self._open and self._kind == "paragraph" and _RE_UNDERLINE.match(line):
            text = " ".join(self._open)
            self._open = []
            self._heading(1 if "=" in line else 2, text)
        elif _RE_RULE.match(line) or _RE_DEFINITION.match(line):
            self.close()
        elif "|" in line and (line.lstrip().startswith("|") or _RE_TABLE_RULE.match(line)):
            self._row(line)
        elif bullet or number:
            self._begin("item", bullet[1] if bullet else line)
        elif _RE_NOTE.match(line):
            self._begin("paragraph", _RE_NOTE.sub("", line))
        else:
            self._open.append(line)

    def _begin(self, kind: str, text: str) -> None:
        self.close()
        self._kind = kind
        self._open.append(text)

    def _row(self, line: str) -> None:
        self.close()
        if _RE_TABLE_RULE.match(line):
            return
        cells = (inline(cell) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|")))
        self._add("row", " | ".join(filter(None, cells)))

    def _heading(self, rank: int, text: str) -> None:
        text = inline(text)
        if text:
            path = self._outline.under(rank, text, place=by_heading(text) if rank > 1 else "body")
            self.blocks.append(Block("heading", text, path, label(text)[0], place=self._outline.place))

    def close(self) -> None:
        """End what is open."""
        if self._open:
            text = "\n".join(self._open)
            self._add(self._kind, tidy(text) if self._fenced else inline(text))
            self._open = []
        self._kind = "paragraph"

    def _add(self, kind: str, text: str) -> None:
        if text:
            self.blocks.append(numbered(self._outline, kind, text))
