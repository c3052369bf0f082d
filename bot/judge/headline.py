"""One plain sentence that says what happened, with the publisher's own title kept in its language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.judge.case import Case
from bot.judge.force import altered, beside_label
from bot.model import Block, Change, Edit, Force

_LONG = 160
_OLDER = 80  # characters of an earlier edition's title
_WORDS = 60  # characters of altered words that fit into a headline
_PLACE = 70  # characters of the heading under which it stands
_LONE = 100  # characters of a passage or sentence that only came or went
_NUMBER = re.compile(r"[^\w§]*(?:\d{1,3}|[a-z]|[ivx]+|[一二三四五六七八九十]+)[\W_a-z]?[\W_]*", re.IGNORECASE)
_MARKS = " ,;:，；、：。"
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
    name = source.title if source.title and source.title != who else ""
    if change.cause == "edition":
        edition = _edition(name, case)
        return f"{who}: {_passages(case, force, name=edition) if case.counted else edition + ': no passage differs'}"
    if not case.counted:
        return f"{who}: nothing that counts changed — {_short(source.title)}"
    return f"{who}: {_passages(case, force, name=_short(name))}"


def _document(change: Change) -> str:
    if change.cause == "baseline":
        return "already there when watching began"
    return "new edition" if change.cause == "edition" else "new document"


def _edition(name: str, case: Case) -> str:
    """The document with the one that it was compared with, under the title that this one bears itself."""
    version = case.change.before
    older = _heading(case.before) or (version.title or version.source_id if version else case.source.succeeds)
    return f"{_short(name) + ', ' if name else ''}next edition of “{_short(older, _OLDER)}”"


def _items(items: Sequence[Edit], chosen: Edit, before: Sequence[Block], after: Sequence[Block]) -> str:
    same = [edit for edit in items if edit.kind == chosen.kind]
    shown = _block(chosen, before, after).text
    if len(same) > 1:
        return f"{len(same)} {_MANY[chosen.kind]}, among them — {_short(shown)}"
    if chosen.kind == "retitled" and chosen.before >= 0:
        return f"item retitled — {_short(before[chosen.before].text)} → {_short(shown)}"
    return f"{_ITEMS[chosen.kind]} — {_short(shown)}"


def _passages(case: Case, force: Sequence[Force], *, name: str) -> str:
    """In which document and where, what it comes to, and of how many passages; bare numbers are only counted."""
    told = [edit for edit in case.counted if not case.numbers(edit)]
    rest = [edit for edit in told if not _of_title(edit, case)] if case.change.cause == "edition" else told
    if 0 < len(rest) < len(told):
        told, force = rest, [one for one in force if one.path]  # both titles are named already
    words, where = _comes_to(told, case, force)
    where = where or _where([case.block(edit) for edit in told or case.counted], case.source.title)
    counts = _counts(told, sum(map(case.numbers, case.counted))) or f"{len(case.counted)} passages changed"
    if not words:
        return f"{name + ': ' if name else ''}{counts}{' in ' + where if where else ''}"
    beside = f" ({counts})" if len(case.counted) > 1 else ""
    return f"{', '.join(filter(None, (name, where))) or 'one passage'}: {words}{beside}"


def _counts(told: Sequence[Edit], numbered: int) -> str:
    """How many passages were added, removed, amended and renumbered: "2 passages added, 1 amended; 3 renumbered"."""
    counted = [(sum(edit.kind == kind for edit in told), verb) for kind, verb in _VERBS.items()]
    found = [(number, verb) for number, verb in counted if number]
    parts = [f"{number}{_noun(number) if not at else ''} {verb}" for at, (number, verb) in enumerate(found)]
    more = f"{numbered}{'' if parts else _noun(numbered)} renumbered" if numbered else ""
    return "; ".join(filter(None, (", ".join(parts), more)))


def _noun(number: int) -> str:
    return f" passage{'s' if number > 1 else ''}"


def _reach(spans: Sequence[tuple[int, int, int, int]]) -> tuple[int, int, int, int]:
    """All that was amended of a passage as one stretch."""
    return spans[0][0], spans[-1][1], spans[0][2], spans[-1][3]


def _where(blocks: Sequence[Block], title: str) -> str:
    """The one article or heading that all changed blocks share, else nothing."""
    paths = {(*block.path, block.label) if block.label else block.path for block in blocks}
    if len(paths) == 1:
        return _place(paths.pop(), title)
    headings = {block.path[-1] if block.path else "" for block in blocks}
    return _place((headings.pop(),), title) if len(headings) == 1 else ""


def _place(path: Sequence[str], title: str) -> str:
    """The last heading or label; with the one above it, where it is but a number: "Article 6 › (1)".

    Not what the `title` says already.
    """
    path = [heading for heading in path if heading and heading not in title]
    shown = path[-2:] if path and _NUMBER.fullmatch(path[-1]) else path[-1:]
    return _short(" › ".join(shown).rstrip(" :："), _PLACE)


def _comes_to(told: Sequence[Edit], case: Case, force: Sequence[Force]) -> tuple[str, str]:
    """What gained or lost force, else the words of the first amendment or of a lone passage; and where it stands."""
    for one in force:
        if words := _weighty(one):
            return words, _place(one.path, case.source.title)
    for edit in told:
        if edit.kind == "replace":
            was, now = case.before[edit.before], case.after[edit.after]
            spans = beside_label(was, now, edit.spans)
            if spans and (words := _turned(*altered(was.text, now.text, _reach(spans)))):
                return words, _where([now], case.source.title)
    if len(told) == 1 and told[0].kind in ("insert", "delete"):
        return f"{_VERBS[told[0].kind]}: ‘{_short(case.block(told[0]).text, _LONE)}’", ""
    return "", ""


def _weighty(one: Force) -> str:
    """A force in few words; "" for a link, and for a number or day that only came or went."""
    if one.kind == "country":
        parts = [f"{places} {verb}" for places, verb in ((one.after, "added"), (one.before, "removed")) if places]
        return ", ".join(parts)
    if one.kind in ("duty", "exemption"):
        return f"{one.kind} {'added' if one.after else 'removed'}: ‘{_short(one.after or one.before, _LONE)}’"
    if one.kind == "ban":
        return f"suspended or banned: ‘{_short(one.after, _LONG)}’"
    if one.kind == "suspension":
        return f"a suspension or ban ended: ‘{_short(one.after or one.before, _LONG)}’"
    if one.kind == "link":
        return ""
    if one.before and one.after:
        return f"‘{one.before}’ became ‘{one.after}’"
    return _turned(one.before, one.after) if one.kind in ("modality", "negation") else ""


def _turned(old: str, new: str) -> str:
    """Altered words that fit; of what only came or went as much as fits."""
    if old and new:
        return f"‘{old}’ became ‘{new}’" if max(len(old), len(new)) <= _WORDS else ""
    bare = _short((old or new).strip(_MARKS), _LONE)
    return f"‘{bare}’ {'came in' if new else 'was taken out'}" if bare else ""


def _block(edit: Edit, before: Sequence[Block], after: Sequence[Block]) -> Block:
    return after[edit.after] if edit.after >= 0 else before[edit.before]


def _of_title(edit: Edit, case: Case) -> bool:
    """Whether an edit concerns nothing but the title that a document bears."""
    sides = ((case.before, edit.before), (case.after, edit.after))
    return all(at == next((i for i, b in enumerate(side) if b.kind == "heading"), -2) for side, at in sides if at >= 0)


def _heading(blocks: Sequence[Block]) -> str:
    return next((block.text for block in blocks if block.kind == "heading"), "")


def _first(blocks: Sequence[Block]) -> str:
    return _heading(blocks) or (blocks[0].text if blocks else "")


def _short(text: str, limit: int = _LONG) -> str:
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    space = text.rfind(" ", limit * 4 // 5, limit)
    return text[: space if space > 0 else limit - 1].rstrip() + "…"
