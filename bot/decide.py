"""What a Look means, given what we know of its source: the Outcome to be written. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b

from bot import diff, honesty
from bot.extract import attachment_type, attachments
from bot.model import Block, Edit, ItemMemory, Look, Memory, Outcome, Source, unpack
from bot.text import canonical_url, without_session

GONE_LOOKS = 3
GONE_AFTER = timedelta(hours=48)
ATTACHMENTS = 10  # documents of one page that are followed
UNLISTED = frozenset({"page", "xml", "text", "markdown", "pdf", "docx", "doc"})
FOLLOW_LIMIT = 40  # new items of one look that are followed; a redesign must not start hundreds


def is_light(look: Look) -> bool:
    """Whether decide can do without blocks and items: nothing new was read."""
    return bool(look.cause or look.unchanged or not look.reading) and not look.reread


def decide(memory: Memory, look: Look) -> Outcome:
    """Say what a look came to. Compares with the latest Version only (promise 3)."""
    if look.cause:
        return _failed(memory, look)
    before, upgrade = _reread(memory, look)
    if look.unchanged or not look.reading:
        return Outcome("same", look, upgrade=upgrade, marks=diff.rest(memory.marks))
    if not (memory.version or memory.predecessor or memory.source.parent) and memory.source.type in UNLISTED:
        return _first(memory, look, ())  # a baseline without items: nothing to look into
    after = _blocks(look.reading)
    doubt = honesty.doubt_against(
        replace(memory, blocks=before),
        after,
        language=look.language,
        reading_hash=look.reading_hash,
        at=look.at,
        cut=look.cut,
    )
    if doubt:
        failed = replace(look, cause=doubt.cause, detail=doubt.detail, hint=doubt.hint)
        return Outcome("failed", failed, doubt.cause)
    if not memory.version:
        return _first(memory, look, after)
    return _compared(memory, look, before, after, upgrade)


def _failed(memory: Memory, look: Look) -> Outcome:
    """Gone is 404 or 410 at three looks over 48 hours while its host reads well; said once."""
    if look.cause != "not found" or not memory.version or not memory.host_well:
        return Outcome("failed", look, look.cause)
    earlier = memory.gone_looks
    gone = len(earlier) + 1 >= GONE_LOOKS and look.at - earlier[0] >= GONE_AFTER
    said = len(earlier) >= GONE_LOOKS and earlier[-1] - earlier[0] >= GONE_AFTER
    return Outcome("gone" if gone and not said else "failed", look, "gone" if gone and not said else look.cause)


def _reread(memory: Memory, look: Look) -> tuple[tuple[Block, ...], tuple[Edit, ...] | None]:
    """Our own changes are found on the stored bytes, before the publisher's (promise 5)."""
    if not look.reread:
        return memory.blocks, None
    ours = _blocks(look.reread)
    return ours, _edits(memory, memory.blocks, ours)


def _first(memory: Memory, look: Look, after: tuple[Block, ...]) -> Outcome:
    items = tuple(ItemMemory(block.key, block.text, True) for block in after if block.key)
    if memory.predecessor:
        edits = diff.edits(memory.predecessor_blocks, after)
        return Outcome("first", look, "edition", edits=edits, items=items)
    if memory.source.parent:
        return Outcome("first", look, "new", items=items, follow=_attached(memory.source, (), after, look))
    return Outcome("first", look, "baseline", items=items)


def _compared(
    memory: Memory, look: Look, before: tuple[Block, ...], after: tuple[Block, ...], upgrade: tuple[Edit, ...] | None
) -> Outcome:
    missed = False
    items: tuple[ItemMemory, ...] = ()
    if _is_list(before, after):
        compared = diff.item_edits(
            before, after, seen=memory.items, window=memory.source.window, marks=memory.marks
        )
        edits, missed, items = compared.edits, compared.missed, compared.items
    else:
        edits = diff.edits(before, after, marks=memory.marks)
    counted = any(edit.counted for edit in edits)
    return Outcome(
        "changed" if counted else "same",
        look,
        "source",
        edits=edits,
        upgrade=upgrade,
        missed=missed,
        items=items,
        follow=_follow(memory.source, before, after, edits, look) if counted else (),
        marks=diff.learn(before, after, edits, marks=memory.marks, at=look.at),
    )


def _edits(memory: Memory, before: tuple[Block, ...], after: tuple[Block, ...]) -> tuple[Edit, ...]:
    if _is_list(before, after):
        return diff.item_edits(before, after, seen=memory.items, window=memory.source.window).edits
    return diff.edits(before, after)


def _is_list(before: Sequence[Block], after: Sequence[Block]) -> bool:
    return any(block.key for block in before) or any(block.key for block in after)


def _blocks(reading: bytes) -> tuple[Block, ...]:
    from bot.squeeze import expand

    return unpack(expand(reading))


def _follow(
    source: Source, before: Sequence[Block], after: Sequence[Block], edits: Sequence[Edit], look: Look
) -> tuple[Source, ...]:
    """New items become derived sources, unless the link leads nowhere we may go; so do a page's new attachments."""
    if source.parent or source.follow and source.type == "page":
        return _attached(source, before, after, look)
    if not source.follow:
        return ()
    fresh = [after[edit.after] for edit in edits if edit.kind == "new"]
    links = {block.key: block for block in fresh if canonical_url(block.link)}
    return tuple(derive(source, block, at=look.at) for block in list(links.values())[:FOLLOW_LIMIT])


def _attached(
    source: Source, before: Sequence[Block], after: Sequence[Block], look: Look
) -> tuple[Source, ...]:
    """Documents that a page newly links to become derived sources: often the page is the wrapper, they are the rule."""
    if source.type != "page":
        return ()
    known = {canonical_url(block.link) for block in attachments(before)}
    fresh = [block for block in attachments(after) if canonical_url(block.link) not in known]
    return tuple(_attachment(source, block, at=look.at) for block in fresh[:ATTACHMENTS])


def _attachment(page: Source, block: Block, *, at: datetime) -> Source:
    """A document linked on a page. Its parent is the page's own list, so that whoever wants the list gets it."""
    title = f"{page.title}: {block.text}" if page.title else block.text
    titled = block._replace(key=canonical_url(block.link), text=title)
    made = derive(page, titled, at=at)
    return replace(made, type=attachment_type(block), parent=page.parent or page.id)


def derive(parent: Source, block: Block, *, at: datetime) -> Source:
    """The source that follows one item; its id is the parent's with a hash of the item's key."""
    tail = blake2b(block.key.encode(), digest_size=5).hexdigest()
    return replace(
        parent,
        id=f"{parent.id}~{tail}",
        url=without_session(block.link),
        title=block.text,
        type=_type(block.link),
        parent=parent.id,
        since=at,
        item_key=block.key,
        dated=block.date or parent.dated,
        follow=False,
        items="",
        select=(),
        remove=(),
        min_blocks=1,
        window=0,
        method="GET",
        body="",
        headers=(),
        key="",
        paging="",
        must_watch=False,
        stands_in_for=(),
        succeeds="",
        expect_change_every=None,
        expect_by="",
    )


def _type(link: str) -> str:
    tail = link.split("?", 1)[0].rsplit(".", 1)[-1].lower()
    return tail if tail in {"pdf", "docx", "doc", "xlsx", "xml"} else "page"
