"""Up to five passages that show what changed, the telling ones first."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, islice

from bot.judge.case import Case, Unit, is_bare
from bot.model import Block, Edit, Quote

_LIMIT = 5
_APART = "\0"  # no block holds it


def quotes(case: Case, *, best: Unit | None, words: Sequence[str] = ()) -> tuple[Quote, ...]:
    """Passages from both sides with the spans that matter; `best` speaks first, bare numbers never do."""
    if case.document:
        return tuple(_of_document(case, best, words))
    first = best.edit if best else -1
    told = [(i, edit) for i, edit in enumerate(case.edits) if edit.counted and edit.worth == "text"]
    told = [(i, edit) for i, edit in told if not case.numbers(edit)]
    if len(told) > 1:
        told = _ranked(told, first, case, words)
    found: list[Quote] = []
    for _, edit in told:
        sides = _of(edit, case, words)
        if len(found) + len(sides) > _LIMIT:  # an amendment is shown with both its sides
            break
        found += sides
    return tuple(found)


def _ranked(told: list[tuple[int, Edit]], first: int, case: Case, words: Sequence[str]) -> list[tuple[int, Edit]]:
    """The item that speaks, then amendments, each kind by the telling words in it; the rest only if none tells."""
    tells = {i: _tells(case.block(edit).text, words) for i, edit in told}
    chosen = case.edits[first] if 0 <= first < len(case.edits) and case.block(case.edits[first]).key else None
    ranked = sorted(told, key=lambda p: (p[1] is not chosen, p[1].kind != "replace", -tells[p[0]], p[0]))
    kept = [p for p in ranked if p[1] is chosen or p[1].kind == "replace" or tells[p[0]]]
    return kept or ranked


def _tells(text: str, words: Sequence[str]) -> int:
    return sum(1 for word in words if word in text)


def _of_document(case: Case, best: Unit | None, words: Sequence[str]) -> list[Quote]:
    """Of a new document the passages that hold most of the telling words, in the order of the text."""
    if best and best.edit >= 0:
        return [_quote("after", case.after[best.edit], _spans(case.after[best.edit].text, words))]
    blocks = [(i, block) for i, block in enumerate(case.after) if block.kind != "heading" and not block.key]
    found = _holding(blocks, words[:8])
    ranked = sorted(found, key=lambda i: (-found[i], i))[:_LIMIT]
    chosen = [case.after[i] for i in sorted(ranked)]
    if not chosen:
        chosen = [*islice((block for _, block in blocks if not is_bare(block)), 1)]
    return [_quote("after", block, _spans(block.text, words)) for block in chosen]


def _holding(blocks: Sequence[tuple[int, Block]], words: Sequence[str]) -> dict[int, int]:
    """How many of the words each block holds; blocks without any are left out."""
    texts = [block.text for _, block in blocks]
    joined, starts = _APART.join(texts), [0, *accumulate(len(text) + 1 for text in texts)]
    found: Counter[int] = Counter()
    for word in filter(None, words):
        held: set[int] = set()
        at = joined.find(word)
        while at >= 0:
            number = bisect_right(starts, at) - 1
            held.add(number)
            at = joined.find(word, starts[number + 1])
        found.update(blocks[number][0] for number in held)
    return dict(found)


def _of(edit: Edit, case: Case, words: Sequence[str]) -> list[Quote]:
    """Both sides of an amendment; of an insertion or deletion the one side, with the telling words as spans."""
    if edit.kind == "replace" or edit.kind == "retitled":
        old = [(s[0], s[1]) for s in edit.spans if s[1] > s[0]]
        new = [(s[2], s[3]) for s in edit.spans if s[3] > s[2]]
        sides = [_quote("before", case.before[edit.before], old)] if edit.before >= 0 else []
        return [*sides, _quote("after", case.after[edit.after], new)]
    block = case.block(edit)
    return [_quote("after" if edit.after >= 0 else "before", block, _spans(block.text, words))]


def _spans(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    found = sorted((text.index(word), text.index(word) + len(word)) for word in words if word and word in text)
    kept: list[tuple[int, int]] = []
    for span in found:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _quote(side: str, block: Block, spans: Sequence[tuple[int, int]]) -> Quote:
    return Quote(side, block.text, tuple(spans), block.path, block.label, block.page)
