"""One plain sentence that says what happened, with the publisher's own title kept in its language."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Block, Change, Edit, Force, Source

_LONG = 160
_VERBS = {"insert": "added", "delete": "removed", "replace": "amended", "renumber": "renumbered"}
_ITEMS = {
    "new": "new item",
    "gone": "item gone from the list",
    "retitled": "item retitled",
    "back": "item back on the list",
}
_MANY = {"new": "new items", "gone": "items gone from the list", "retitled": "items retitled", "back": "items back"}


def headline(
    change: Change,
    *,
    source: Source,
    before: Sequence[Block],
    after: Sequence[Block],
    edits: Sequence[Edit],
    force: Sequence[Force] = (),
    title: str = "",
    best: int = 0,
) -> str:
    """`title` is the announced title of a new document; `best` the edit that speaks first."""
    who = source.authority or source.title or source.id
    if change.cause == "gone":
        return f"{who}: no longer at its address — {_short(source.title or source.url)}"
    if change.before is None:
        return f"{who}: {_document(change)} — {_short(title or source.title or _first(after) or source.url)}"
    counted = [edit for edit in edits if edit.counted]
    items = [edit for edit in counted if edit.kind in _ITEMS]
    if items:
        chosen = edits[best] if 0 <= best < len(edits) and edits[best].kind in _ITEMS else items[0]
        return f"{who}: {_items(items, chosen, before, after)}"
    if not counted:
        return f"{who}: nothing that counts changed — {_short(source.title)}"
    name = source.title if source.title and source.title != who else ""
    return f"{who}{': ' + _short(name) if name else ''}: {_passages(counted, before, after)}{_forced(force)}"


def _document(change: Change) -> str:
    if change.cause == "baseline":
        return "already there when watching began"
    return "new edition" if change.cause == "edition" else "new document"


def _items(items: Sequence[Edit], chosen: Edit, before: Sequence[Block], after: Sequence[Block]) -> str:
    same = [edit for edit in items if edit.kind == chosen.kind]
    shown = _block(chosen, before, after).text
    if len(same) > 1:
        return f"{len(same)} {_MANY[chosen.kind]}, among them — {_short(shown)}"
    if chosen.kind == "retitled" and chosen.before >= 0:
        return f"item retitled — {_short(before[chosen.before].text)} → {_short(shown)}"
    return f"{_ITEMS[chosen.kind]} — {_short(shown)}"


def _passages(counted: Sequence[Edit], before: Sequence[Block], after: Sequence[Block]) -> str:
    parts = []
    for kind, verb in _VERBS.items():
        found = [edit for edit in counted if edit.kind == kind]
        if found:
            parts.append(f"{len(found)} passage{'s' if len(found) > 1 else ''} {verb}")
    place = _where([_block(edit, before, after) for edit in counted])
    return ", ".join(parts or [f"{len(counted)} passages changed"]) + (f" in {place}" if place else "")


def _where(blocks: Sequence[Block]) -> str:
    """The one article or heading that all changed blocks share, else nothing."""
    labels = {block.label for block in blocks}
    if len(labels) == 1 and (label := labels.pop()):
        return label
    headings = {block.path[-1] if block.path else "" for block in blocks}
    return _short(headings.pop(), 70) if len(headings) == 1 else ""


def _forced(force: Sequence[Force]) -> str:
    first = next((f for f in force if f.before and f.after), None)
    return f": ‘{first.before}’ became ‘{first.after}’" if first else ""


def _block(edit: Edit, before: Sequence[Block], after: Sequence[Block]) -> Block:
    return after[edit.after] if edit.after >= 0 else before[edit.before]


def _first(blocks: Sequence[Block]) -> str:
    heading = next((block.text for block in blocks if block.kind == "heading"), "")
    return heading or (blocks[0].text if blocks else "")


def _short(text: str, limit: int = _LONG) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
