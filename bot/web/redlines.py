"""Redlines as HTML: every edit as a row, in one column or in two; moved and renumbered are said to be so.

Built by hand rather than by the template engine: a law has thousands of passages. Everything that was scraped goes
through `_safe` and nothing else leaves this room.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup, escape

from bot.messages import clean
from bot.messages.passages import amended, place
from bot.model import Block, Edit

if TYPE_CHECKING:
    from bot.pipeline import Case

FOLDED = frozenset({"renumber", "move"})  # a reader looks for what was amended first
VIEWS = ("inline", "side")
_WORDS = {
    "insert": "Added", "delete": "Removed", "replace": "Amended", "move": "Moved", "renumber": "Renumbered",
    "volatile": "Moves at every look", "new": "New on the list", "gone": "Gone from the list",
    "retitled": "Retitled", "back": "Listed again",
}  # fmt: skip
_TWO_SIDED = frozenset({"replace", "retitled", "volatile", "renumber", "move"})
_LINES = frozenset({"item", "row", "entry"})


class Part(NamedTuple):
    """Rows of a redline as far as there was room, and how many passages were left out."""

    html: Markup
    left: int


def split(edits: Sequence[Edit]) -> tuple[list[Edit], list[Edit]]:
    """What was amended, and what was only moved, renumbered or not counted."""
    minor = [edit for edit in edits if edit.kind in FOLDED or not edit.counted]
    small = set(map(id, minor))
    return [edit for edit in edits if id(edit) not in small], minor


def rows(case: Case, edits: Sequence[Edit], *, view: str, room: int = 0) -> Part:
    """These edits as rows of HTML; with `room` at most about so many characters of it."""
    build = _side if view == "side" else _inline
    made: list[str] = []
    size = 0
    for number, edit in enumerate(edits):
        row = build(edit, case.before, case.after, language=case.source.language)
        size += len(row)
        if room and made and size > room:
            return Part(Markup("".join(made)), len(edits) - number)  # nosec B704  # each part is escaped
        made.append(row)
    return Part(Markup("".join(made)), 0)  # nosec B704  # each part is escaped


def amended_first(case: Case, *, view: str) -> Markup:
    """Every edit: what was amended, then, folded, what was only moved, renumbered or not counted."""
    major, minor = split(case.edits)
    shown, folded = (rows(case, edits, view=view).html for edits in (major, minor))
    if not minor:
        return shown
    is_open = "" if major else " open"
    summary = f"<summary>Moved, renumbered or not counted: {len(minor)}</summary>"
    return shown + Markup(f"<details{is_open}>{summary}{folded}</details>")  # nosec B704  # each part is escaped


def text(blocks: Sequence[Block], *, language: str, room: int = 0) -> Part:
    """A text as it reads, without marks; with `room` at most about so many characters of HTML."""
    made: list[str] = []
    size = 0
    for number, block in enumerate(blocks):
        made.append(_block(block, language=language))
        size += len(made[-1])
        if room and size > room:
            return Part(Markup("".join(made)), len(blocks) - number - 1)  # nosec B704  # each part is escaped
    return Part(Markup("".join(made)), 0)  # nosec B704  # each part is escaped


# ------------------------------------------------------------------------------------------------ rows


def _inline(edit: Edit, before: Sequence[Block], after: Sequence[Block], *, language: str) -> str:
    runs = amended(edit, before, after, whole=True)
    inner = "".join(_run(run.text, run.style) for run in runs)
    return f'<div class="edit {edit.kind}">{_head(edit, before, after)}<p{_lang(language)}>{inner}</p></div>'


def _side(edit: Edit, before: Sequence[Block], after: Sequence[Block], *, language: str) -> str:
    old, new = sides(edit, before, after)
    lang = _lang(language)
    left = f"<p{lang}>{_marked(old, 'del')}</p>" if old else '<p class="none">not there</p>'
    right = f"<p{lang}>{_marked(new, 'ins')}</p>" if new else '<p class="none">no longer there</p>'
    return (
        f'<div class="edit {edit.kind}">{_head(edit, before, after)}<div class="pair">'
        f'<div class="old"><span class="which">Before</span>{left}</div>'
        f'<div class="new"><span class="which">After</span>{right}</div></div></div>'
    )


class Stretch(NamedTuple):
    """A part of a passage; marked: it is what differs."""

    text: str
    marked: bool


def sides(edit: Edit, before: Sequence[Block], after: Sequence[Block]) -> tuple[list[Stretch], list[Stretch]]:
    """The old and the new passage of an edit; an empty side is not there."""
    old = before[edit.before] if edit.before >= 0 else None
    new = after[edit.after] if edit.after >= 0 else None
    if old and new and edit.kind in _TWO_SIDED:
        return _both(edit, old, new)
    whole = edit.kind not in {"move", "back"}
    return (
        [Stretch(_noted(old), whole)] if old and edit.kind != "back" else [],
        [Stretch(_noted(new), whole)] if new else [],
    )


def _both(edit: Edit, old: Block, new: Block) -> tuple[list[Stretch], list[Stretch]]:
    if edit.spans:
        left = _cut(old.text, [(low, high) for low, high, _, _ in edit.spans])
        return left, _cut(new.text, [(low, high) for _, _, low, high in edit.spans])
    if old.text == new.text and old.label == new.label and old.link != new.link and edit.kind != "move":
        same = Stretch(new.text, False)
        return [same, Stretch(f" ({old.link})", True)], [same, Stretch(f" ({new.link})", True)]
    differs = old.text != new.text
    return [*_numbered(old, new), Stretch(old.text, differs)], [*_numbered(new, old), Stretch(new.text, differs)]


def _numbered(block: Block, other: Block) -> list[Stretch]:
    """The number in front, when it is all that differs and the text does not begin with it."""
    if block.label == other.label or not block.label or block.text.startswith(block.label):
        return []
    return [Stretch(block.label, True), Stretch(" ", False)]


def _cut(text: str, spans: Iterable[tuple[int, int]]) -> list[Stretch]:
    found, at = [], 0
    for low, high in sorted(spans):
        if low > at:
            found.append(Stretch(text[at:low], False))
        if high > max(low, at):
            found.append(Stretch(text[max(low, at) : high], True))
        at = max(at, high)
    return [*found, *([Stretch(text[at:], False)] if at < len(text) else [])]


def _noted(block: Block) -> str:
    return f"{block.text} — {block.note}" if block.note else block.text


# ------------------------------------------------------------------------------------------------ in HTML


def _head(edit: Edit, before: Sequence[Block], after: Sequence[Block]) -> str:
    """What happened, and where."""
    old = before[edit.before] if edit.before >= 0 else None
    new = after[edit.after] if edit.after >= 0 else None
    here = new or old
    where = place(here) if here else ""
    parts = [f'<b class="what">{_safe(_WORDS.get(edit.kind, edit.kind))}</b>', _safe(where)]
    if old and new and edit.kind == "renumber" and old.label:
        parts.append(f"was {_safe(old.label)}")
    elif old and new and edit.kind == "move" and place(old) != where:
        parts.append(f"from {_safe(place(old))}")
    parts += ["not counted" if not edit.counted else "", _safe(edit.reason)]
    return f'<p class="place">{" · ".join(filter(None, parts))}</p>'


def _block(block: Block, *, language: str) -> str:
    lang = _lang(language)
    if block.kind == "heading":
        return f'<p class="heading"{lang}>{_safe(block.text)}</p>'
    note = f' <span class="dim">{_safe(block.note)}</span>' if block.note else ""
    day = f'<span class="dim">{_safe(block.date)}</span> ' if block.date else ""
    kind = ' class="line"' if block.kind in _LINES else ""
    return f"<p{kind}{lang}>{day}{_safe(block.text)}{note}</p>"


def _marked(stretches: Sequence[Stretch], tag: str) -> str:
    return "".join(_run(one.text, tag if one.marked else "") for one in stretches)


_TAGS = frozenset({"ins", "del", "strong", "mark"})


def _run(text: str, style: str) -> str:
    inner = _safe(text)
    if style in _TAGS:
        return f"<{style}>{inner}</{style}>" if inner else ""
    return f'<span class="dim">{inner}</span>' if style == "dim" else inner


def _lang(language: str) -> str:
    return f' lang="{escape(language)}" dir="auto"' if language else ' dir="auto"'


def _safe(text: str) -> str:
    """Scraped text, which can do nothing afterwards."""
    return str(escape(clean(text)))


def quoted(text: str, spans: Iterable[tuple[int, int]], tag: str) -> Markup:
    """A quote with its marked spans."""
    return Markup(_marked(_cut(text, spans), tag))  # nosec B704  # _marked escapes


def steps(edits: Iterable[Edit]) -> Iterator[tuple[str, int]]:
    """What happened and how often, for the line above a redline."""
    counts: dict[str, int] = {}
    for edit in edits:
        word = _WORDS.get(edit.kind, edit.kind).lower() if edit.counted else "not counted"
        counts[word] = counts.get(word, 0) + 1
    yield from counts.items()
