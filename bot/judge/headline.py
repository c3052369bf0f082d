"""One plain sentence that says what happened, with the publisher's own title kept in its language."""

from __future__ import annotations

from collections.abc import Sequence

from bot.judge.case import Case
from bot.judge.force import altered
from bot.model import Block, Change, Edit, Force

_LONG = 160
_WORDS = 60  # characters of altered words that fit into a headline
_VERBS = {"insert": "added", "delete": "removed", "replace": "amended"}
_ITEMS = {
    "new": "new item",
    "gone": "item gone from the list",
    "retitled": "item retitled",
    "back": "item back on the list",
}
_MANY = {"new": "new items", "gone": "items gone from the list", "retitled": "items retitled", "back": "items back"}


def headline(case: Case, *, force: Sequence[Force] = (), best: int = 0) -> str:
    """`best` is the edit that speaks first."""
    change, source, before, after = case.change, case.source, case.before, case.after
    who = source.authority or source.title or source.id
    if change.cause == "gone":
        return f"{who}: no longer at its address — {_short(source.title or source.url)}"
    if change.before is None:
        return f"{who}: {_document(change)} — {_short(case.title or source.title or _first(after) or source.url)}"
    items = [edit for edit in case.counted if edit.kind in _ITEMS]
    if items:
        chosen = case.edits[best] if 0 <= best < len(case.edits) and case.edits[best].kind in _ITEMS else items[0]
        return f"{who}: {_items(items, chosen, before, after)}"
    if not case.counted:
        return f"{who}: nothing that counts changed — {_short(source.title)}"
    name = source.title if source.title and source.title != who else ""
    return f"{who}{': ' + _short(name) if name else ''}: {_passages(case, force)}"


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


def _passages(case: Case, force: Sequence[Force]) -> str:
    """What happened to how many passages and where; bare numbers are only counted."""
    told = [edit for edit in case.counted if not case.numbers(edit)]
    parts = []
    for kind, verb in _VERBS.items():
        if found := [edit for edit in told if edit.kind == kind]:
            parts.append(f"{len(found)} passage{'s' if len(found) > 1 else ''} {verb}")
    place = _where([case.block(edit) for edit in told or case.counted])
    numbered = len(case.counted) - len(told)
    more = f"{numbered} passage{'s' if numbered > 1 else ''} renumbered" if numbered else ""
    said = (
        ", ".join(parts) + (f" in {place}" if place and parts else "") + (_became(told, case, force) if parts else "")
    )
    return "; ".join(filter(None, (said, more))) or f"{len(case.counted)} passages changed"


def _where(blocks: Sequence[Block]) -> str:
    """The one article or heading that all changed blocks share, else nothing."""
    labels = {block.label for block in blocks}
    if len(labels) == 1 and (label := labels.pop()):
        return label
    headings = {block.path[-1] if block.path else "" for block in blocks}
    return _short(headings.pop(), 70) if len(headings) == 1 else ""


def _became(told: Sequence[Edit], case: Case, force: Sequence[Force]) -> str:
    """The altered words themselves: those that gained or lost force, else those of the first short amendment."""
    first = next((f for f in force if f.before and f.after), None)
    if first:
        return f": ‘{first.before}’ became ‘{first.after}’"
    for edit in told:
        if edit.kind == "replace" and len(edit.spans) == 1:
            old, new = altered(case.before[edit.before].text, case.after[edit.after].text, edit.spans[0])
            if len(old) <= _WORDS and len(new) <= _WORDS:
                return f": {_said(old)} became {_said(new)}"
    return ""


def _said(words: str) -> str:
    return f"‘{words}’" if words else "(nothing)"


def _block(edit: Edit, before: Sequence[Block], after: Sequence[Block]) -> Block:
    return after[edit.after] if edit.after >= 0 else before[edit.before]


def _first(blocks: Sequence[Block]) -> str:
    heading = next((block.text for block in blocks if block.kind == "heading"), "")
    return heading or (blocks[0].text if blocks else "")


def _short(text: str, limit: int = _LONG) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
