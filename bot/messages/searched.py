"""What full-text search finds of a Change. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.model import Block, Change, Edit, Source

SEARCHED = 8_000  # bytes of search text: edited words, titles
_OPENING = 1_000  # bytes of a whole text that are searched, beside its headings


def search_text(
    change: Change, before: Sequence[Block], after: Sequence[Block], edits: Sequence[Edit], source: Source
) -> str:
    """What full-text search finds: edited text and item titles, at most 8 KB.

    Of a text that is new as a whole its headings and its opening: versions themselves are not searched.
    """
    if change.before is None:
        return clean_bytes("\n".join(_of_whole(after, source)), SEARCHED)
    texts: dict[str, None] = dict.fromkeys(filter(None, (source.title,)))
    room = SEARCHED
    for edit in edits:
        if edit.counted and room > 0:
            found = dict.fromkeys(_searched(edit, before, after))
            texts.update(found)
            room -= sum(map(len, found))
    return clean_bytes("\n".join(texts), SEARCHED)


def _of_whole(after: Sequence[Block], source: Source) -> Iterator[str]:
    yield source.title
    yield from dict.fromkeys(block.text for block in after if block.key or block.kind == "heading")
    opening = (block.text for block in after if not block.key and block.kind != "heading" and block.place == "body")
    room = _OPENING
    for text in opening:
        yield clean_bytes(text, room)
        room -= len(text.encode("utf-8", "ignore")) + 1
        if room <= 0:
            return


def _searched(edit: Edit, before: Sequence[Block], after: Sequence[Block]) -> Iterator[str]:
    if edit.after >= 0:
        yield after[edit.after].text
        if after[edit.after].note:
            yield after[edit.after].note
    if edit.before >= 0 and edit.kind != "renumber":
        yield before[edit.before].text


def clean_bytes(text: str, limit: int) -> str:
    """The text cut to so many bytes of UTF-8, at a character."""
    return text.encode("utf-8", "ignore")[:limit].decode("utf-8", "ignore")
