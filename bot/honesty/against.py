"""Against memory: does a page look like itself? Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.honesty.doubt import Doubt, is_entry
from bot.honesty.kept import keeps_title, share_kept
from bot.honesty.phrases import weight
from bot.honesty.tongue import script, tongue
from bot.model import Block, Memory
from bot.text import canonical_url

LOST = 0.70  # share of the text whose sudden loss is doubted …
LOST_ITEMS = 0.90  # the same for a list: sites shorten the window they show
AMOUNT = 1_200  # … when it is at least so many Latin letters
KEPT = 0.05  # share of the runs of words: a text that keeps fewer is another text …
BRIEF = 200  # … unless there were fewer Latin letters: a line may be replaced by any other
FRONT = 20_000  # … or unless so many came: walls, errors and front pages say less
MANY = 3  # items whose sudden absence is doubted
LOOKS = 3  # the same shrunken or flipped text so many looks in a row …
SPAN = timedelta(hours=48)  # … over at least this long is believed: an outage of an afternoon is not
SAMPLE = 6_000


def doubt_against(
    memory: Memory,
    reading_blocks: Sequence[Block],
    *,
    language: str,
    reading_hash: bytes,
    at: datetime,
    cut: bool = False,
) -> Doubt | None:
    """Say why a reading that differs so much from the last good Version is not believed yet, or None.

    A doubted text is believed at the third look in a row that brings it, 48 hours after the first: `memory.shrinks`
    counts the looks already refused, `memory.failed_hash` names what they read. `cut`: the page came without its end.
    """
    if (
        not memory.version
        or not memory.blocks
        or reading_hash == memory.reading_hash
        or _is_settled(memory, reading_hash, at=at)
    ):
        return None
    return (
        _doubt_items(memory, reading_blocks)
        or (_doubt_end(memory, reading_blocks) if cut else None)
        or _doubt_language(memory, reading_blocks, language=language)
        or _doubt_shrink(memory, reading_blocks)
        or _doubt_other(memory, reading_blocks)
    )


def _is_settled(memory: Memory, reading_hash: bytes, *, at: datetime) -> bool:
    again = bool(reading_hash) and reading_hash == memory.failed_hash and memory.shrinks >= LOOKS - 1
    return again and memory.shrunk_since is not None and at - memory.shrunk_since >= SPAN


def _doubt_end(memory: Memory, blocks: Sequence[Block]) -> Doubt | None:
    """A page that lacks its end and says just the beginning of what it said before was cut on the way."""
    before, last = memory.blocks, len(blocks) - 1
    if last < 0 or len(blocks) >= len(before):
        return None
    same = all(old.text == new.text for old, new in zip(before, blocks[:last], strict=False))
    if not same or not before[last].text.startswith(blocks[last].text):
        return None
    detail = f"the page ends in the middle: {len(blocks)} of {len(before)} blocks came, and no end tag"
    return Doubt("truncated", detail, "")


def _items(blocks: Sequence[Block]) -> int:
    return sum(map(is_entry, blocks))


def _doubt_items(memory: Memory, blocks: Sequence[Block]) -> Doubt | None:
    before = _items(memory.blocks)
    if before < MANY or (_items(blocks) and not _is_placeholder(memory, blocks)):
        return None
    return Doubt("no items", f"the list holds no item any more; it held {before}", "look whether `items` still matches")


def _is_placeholder(memory: Memory, blocks: Sequence[Block]) -> bool:
    """Whether all that is listed is a line without a link of its own ("no notices at present"), and nothing known."""
    known = {block.key for block in memory.blocks if block.key}
    home = canonical_url(memory.source.url)
    entries = [block for block in blocks if is_entry(block)]
    linked = any(canonical_url(block.link) not in {"", home} or block.date for block in entries)
    return not linked and known.isdisjoint(block.key for block in entries)


def _doubt_shrink(memory: Memory, blocks: Sequence[Block]) -> Doubt | None:
    before, after = _size(memory.blocks), _size(blocks)
    lost = LOST_ITEMS if _items(memory.blocks) >= MANY else LOST
    if before - after < AMOUNT or after > before * (1 - lost):
        return None
    share, key = round(100 * (before - after) / before), "items" if memory.source.items else "select"
    detail = f"{share} % of the text is gone ({len(memory.blocks)} blocks before, {len(blocks)} now)"
    return Doubt("sudden shrink", detail, f"look whether `{key}` still matches; the same for 48 hours is believed")


def _doubt_other(memory: Memory, blocks: Sequence[Block]) -> Doubt | None:
    """A text of which nothing is left, under another title: a wall, an error or the front page, whatever its length."""
    if any(map(is_entry, memory.blocks)) or _size(memory.blocks) < BRIEF or _size(blocks) > FRONT:
        return None  # the items of a list may all be new
    long = {block.text for block in memory.blocks if weight(block.text) >= BRIEF}
    if any(block.text in long for block in blocks):  # the common case, and the cheap one
        return None
    if share_kept(memory.blocks, blocks) > KEPT or keeps_title(memory.blocks, blocks):
        return None
    detail = f"quite another text came: nothing is left of the {len(memory.blocks)} blocks before ({len(blocks)} now)"
    return Doubt("sudden shrink", detail, "look at the address; the same for 48 hours is believed")


def _size(blocks: Sequence[Block]) -> int:
    return sum(weight(block.text) for block in blocks)


# ------------------------------------------------------------------------------------------------ language


def _doubt_language(memory: Memory, blocks: Sequence[Block], *, language: str) -> Doubt | None:
    if _overlap(memory.blocks, blocks) > 0.3:
        return None
    before, after = _sample(memory.blocks), _sample(blocks)
    scripts = script(before), script(after)
    if "" not in scripts and scripts[0] != scripts[1] and not _are_kin(*scripts):
        return _flipped(memory.language or scripts[0], language or scripts[1])
    tongues = tongue(before), tongue(after)
    if "" not in tongues and tongues[0] != tongues[1]:
        return _flipped(*tongues)
    return None


def _are_kin(before: str, after: str) -> bool:
    """Han that is neither clearly simplified nor clearly traditional fits both, and Japanese laws are mostly Han."""
    return "Hani" in (before, after) and {before, after} <= {"Hani", "Hans", "Hant", "Jpan"}


def _flipped(before: str, after: str) -> Doubt:
    return Doubt(
        "wrong language",
        f"the page came in another language ({before} before, {after} now)",
        "declare the address of one language",
    )


def _overlap(before: Sequence[Block], after: Sequence[Block]) -> float:
    """The share of the new blocks that were there before, word for word."""
    known = {block.text for block in before}
    return sum(block.text in known for block in after) / len(after) if after else 0.0


def _sample(blocks: Sequence[Block]) -> str:
    pieces, length = [], 0
    for block in blocks:
        pieces.append(block.text)
        length += len(block.text)
        if length > SAMPLE:
            break
    return "\n".join(pieces)
