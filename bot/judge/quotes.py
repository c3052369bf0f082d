"""Up to five passages that show what changed, the telling ones first."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Block, Edit, Quote

_LIMIT = 5


def quotes(
    edits: Sequence[Edit],
    *,
    before: Sequence[Block],
    after: Sequence[Block],
    first: int = -1,
    words: Sequence[str] = (),
) -> tuple[Quote, ...]:
    """Passages from both sides with the spans that matter: the edit `first`, then those that hold the words."""
    counted = [(i, e) for i, e in enumerate(edits) if e.counted and e.worth == "text" and e.kind != "renumber"]
    ranked = sorted(counted, key=lambda pair: (pair[0] != first, -_tells(pair[1], before, after, words), pair[0]))
    if any(_tells(edit, before, after, words) for _, edit in ranked):
        ranked = [pair for pair in ranked if pair[0] == first or _tells(pair[1], before, after, words)]
    found: list[Quote] = []
    for _, edit in ranked:
        found += _of(edit, before, after, words)
        if len(found) >= _LIMIT:
            break
    return tuple(found[:_LIMIT])


def _tells(edit: Edit, before: Sequence[Block], after: Sequence[Block], words: Sequence[str]) -> int:
    text = (after[edit.after] if edit.after >= 0 else before[edit.before]).text
    return sum(1 for word in words if word in text)


def _of(edit: Edit, before: Sequence[Block], after: Sequence[Block], words: Sequence[str]) -> list[Quote]:
    """Both sides of an amendment; of an insertion or deletion the one side, with the telling words as spans."""
    if edit.kind == "replace" or edit.kind == "retitled":
        old = [(s[0], s[1]) for s in edit.spans if s[1] > s[0]]
        new = [(s[2], s[3]) for s in edit.spans if s[3] > s[2]]
        sides = [_quote("before", before[edit.before], old)] if edit.before >= 0 else []
        return [*sides, _quote("after", after[edit.after], new)]
    side, block = ("after", after[edit.after]) if edit.after >= 0 else ("before", before[edit.before])
    return [_quote(side, block, _spans(block.text, words))]


def _spans(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    found = sorted((text.index(word), text.index(word) + len(word)) for word in words if word and word in text)
    kept: list[tuple[int, int]] = []
    for span in found:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _quote(side: str, block: Block, spans: Sequence[tuple[int, int]]) -> Quote:
    return Quote(side, block.text, tuple(spans), block.path, block.label, block.page)
