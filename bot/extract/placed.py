"""A paragraph of a document at its place under the headings: one rule for PDF and Office files. Pure."""

from __future__ import annotations

from bot.extract.outline import Outline, rank_of
from bot.model import Block
from bot.text import label


def placed(
    outline: Outline, text: str, *, rank: int = 0, kind: str = "paragraph", page: int = 0, styled: bool = False
) -> Block:
    """The Block of one paragraph. `rank` is 1 to 6 where its looks or its style make it a heading, else 0.

    A number that ranks by itself (Article 5, 第五条) counts for more than looks; a rank that the author gave (`styled`)
    counts for more than the number.
    """
    number, rest = label(text)
    implied = rank_of(number) if number and not (styled and rank) else 0
    if rank and not implied:
        if outline.entitles(text):
            return Block("heading", text, outline.path[:-1], number, page=page)
        return Block("heading", text, outline.under(rank, text, place="body"), number, page=page)
    if implied and (rank or outline.opens(number, rest)) or not number and outline.entitles(text):
        kind = "heading"
    path = outline.above(number, kind) if number else outline.path if kind != "heading" else outline.path[:-1]
    if number:
        outline.enter(number, text if kind == "heading" else number)
        outline.awaits_title(number if implied and not rest else "")
    return Block(kind, text, path, number, place=outline.place, page=page)
