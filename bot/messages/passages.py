"""Amended passages as runs: old words struck, new words marked, long stretches cut at sentence borders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.messages.clean import clean
from bot.model import Block, Edit, Run
from bot.text import label

Line = tuple[Run, ...]

_BORDER = re.compile(r"(?<=[。！？；;])|(?<=[.!?])\s+(?=\S)")
_NUMBERED = re.compile(r"第\s?[0-9]+(?:[-–][0-9]+)+\s?[條条]")  # 第 10-1 條
_AROUND = 160  # characters kept at either side of a change when no sentence ends before
_SHORT = 420  # a passage up to here is never cut
_VERBS = {
    "insert": "added",
    "delete": "removed",
    "new": "new item",
    "gone": "gone",
    "back": "listed again",
    "move": "moved",
}


class Piece(NamedTuple):
    """A stretch of a passage in one style."""

    text: str
    style: str


def amended(edit: Edit, before: Sequence[Block], after: Sequence[Block], *, whole: bool) -> Line:
    """One edit as one line of runs. `whole`: nothing is cut away."""
    pieces = _pieces(edit, before, after)
    if not whole and sum(len(piece.text) for piece in pieces) > _SHORT:
        pieces = _cut(pieces)
    return tuple(Run(clean(piece.text), piece.style) for piece in pieces if piece.text)


def _pieces(edit: Edit, before: Sequence[Block], after: Sequence[Block]) -> list[Piece]:
    if edit.kind in {"replace", "retitled", "volatile", "renumber"} and edit.before >= 0 and edit.after >= 0:
        return _woven(_printed(before[edit.before]), _printed(after[edit.after]), edit, before, after)
    if edit.kind in {"delete", "gone"}:
        return [Piece(before[edit.before].text, "del")]
    block = after[edit.after]
    style = "" if edit.kind in {"move", "back"} else "ins"  # what was on the list before is not new
    return [Piece(block.text, style), *([Piece(" — " + block.note, "dim")] if block.note else [])]


def _printed(block: Block) -> str:
    return block.text


def _woven(old: str, new: str, edit: Edit, before: Sequence[Block], after: Sequence[Block]) -> list[Piece]:
    """Old and new text in one: what stayed, then what went, then what came."""
    if not edit.spans:
        return _without_spans(edit, before[edit.before], after[edit.after])
    pieces: list[Piece] = []
    at = 0
    for low, high, new_low, new_high in sorted(edit.spans, key=lambda span: (span[2], span[0])):
        pieces += [Piece(new[at:new_low], ""), Piece(old[low:high], "del"), Piece(new[new_low:new_high], "ins")]
        at = max(at, new_high)
    return [*pieces, Piece(new[at:], "")]


def _without_spans(edit: Edit, old: Block, new: Block) -> list[Piece]:
    """Blocks whose words are the same differ in number, link or place; else each side stands whole."""
    if old.text != new.text:
        return [Piece(old.text, "del"), Piece(" ", ""), Piece(new.text, "ins")]
    if old.label != new.label:
        return [Piece(old.label, "del"), Piece(" ", ""), Piece(new.label, "ins"), Piece(" " + new.text, "")]
    if old.link != new.link:
        return [Piece(new.text + " (link: ", ""), Piece(old.link, "del"), Piece(" ", ""), Piece(new.link + ")", "ins")]
    return [Piece(new.text, "")]


def _cut(pieces: Sequence[Piece]) -> list[Piece]:
    """Keep what is marked with the sentence around it; say with … where something was left out."""
    if not any(piece.style == "" for piece in pieces):
        return [_shortened(piece) for piece in pieces]
    kept = []
    for index, piece in enumerate(pieces):
        if piece.style in ("ins", "del"):
            kept.append(_shortened(piece))
        else:
            kept.append(Piece(_middle(piece.text, index > 0, index < len(pieces) - 1), piece.style))
    return kept


def _shortened(piece: Piece, limit: int = 900) -> Piece:
    """A very long marked stretch keeps its beginning and its end."""
    if len(piece.text) <= limit:
        return piece
    return Piece(f"{_first(piece.text, limit * 2 // 3)} … {_last(piece.text, limit // 3)}", piece.style)


def _middle(text: str, left: bool, right: bool) -> str:
    """What stays of an unmarked stretch that has a change on its left, on its right, or on both sides."""
    if len(text) <= 2 * _AROUND:
        return (
            text
            if left and right or len(text) <= _AROUND
            else (_first(text, _AROUND) if left else _last(text, _AROUND))
        )
    head = _first(text, _AROUND) if left else ""
    tail = _last(text, _AROUND) if right else ""
    return f"{head}{'' if head.endswith(' …') else ' …' if head else '…'}{tail.removeprefix('…')}"


def _first(text: str, limit: int) -> str:
    """The beginning, to the end of a sentence if one ends within the limit."""
    if len(text) <= limit:
        return text
    ends = [match.start() for match in _BORDER.finditer(text, 0, limit) if match.start() > 0]
    return text[: ends[-1]] + " …" if ends else _at_space(text[:limit]) + " …"


def _last(text: str, limit: int) -> str:
    """The end, from the beginning of a sentence if one begins within the limit."""
    if len(text) <= limit:
        return text
    starts = [m.end() for m in _BORDER.finditer(text) if len(text) - limit <= m.end() < len(text)]
    tail = text[starts[0] :] if starts else text[len(text) - limit :].partition(" ")[2] or text[-limit:]
    return "…" + tail


def _at_space(text: str) -> str:
    head, space, _ = text.rpartition(" ")
    return head if space and len(head) > len(text) // 2 else text


def is_number(edit: Edit, before: Sequence[Block], after: Sequence[Block]) -> bool:
    """Whether an edit concerns a number label alone: renumbered, or a bare "Article 12" that came, went or changed."""
    blocks = [side[at] for side, at in ((before, edit.before), (after, edit.after)) if at >= 0]
    return edit.kind == "renumber" or all(not block.key and _is_label(block) for block in blocks)


def _is_label(block: Block) -> bool:
    return block.text == block.label or not label(block.text)[1] or bool(_NUMBERED.fullmatch(block.text))


def place(block: Block, *, depth: int = 3) -> str:
    """Where a passage stands: the headings above it and its number."""
    parts = [*block.path[-depth:], *([block.label] if block.label and block.label not in block.path[-1:] else [])]
    return clean(
        " › ".join(part if len(part) <= 80 else part[:79] + "…" for part in parts)
        + (f" (page {block.page})" if block.page else "")
    )


def redline(edits: Sequence[Edit], before: Sequence[Block], after: Sequence[Block]) -> tuple[Line, ...]:
    """Every edit in full, in lines: a dim line that says what and where, then the passage."""
    lines: list[Line] = []
    for edit in edits:
        lines += [(Run(_title(edit, before, after), "dim"),), amended(edit, before, after, whole=True)]
    return tuple(lines)


def _title(edit: Edit, before: Sequence[Block], after: Sequence[Block]) -> str:
    block = after[edit.after] if edit.after >= 0 else before[edit.before]
    what = _VERBS.get(edit.kind, {"replace": "amended", "renumber": "renumbered"}.get(edit.kind, edit.kind))
    note = "" if edit.counted else "not counted"
    worth = edit.worth if edit.worth != "text" else ""
    remarks = "; ".join(filter(None, (note, worth, clean(edit.reason))))
    return " · ".join(filter(None, (what, place(block), remarks)))
