"""What of a Change is read: its items one by one, and everything that changed in a text together."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

from bot.judge.contacts import is_contact_line, only_contacts
from bot.judge.excerpt import AMPLE, SCANT, excerpt
from bot.judge.folding import fold, is_ideographic, sentences
from bot.judge.rules import RuleSet
from bot.judge.scoring import Passage
from bot.model import Block, Change, Edit, Source
from bot.text import label

ITEMS = frozenset({"new", "gone", "retitled", "back"})
SWEPT = "sweep"  # so the comparison marks one replacement made throughout a text
_AMENDED = 40  # amended passages of one Change that are read closely
_LISTED = 60  # items of one Change that are scored one by one
_WORD = 100  # characters of the rest of a word
_REACHED = 200  # differences of one Change that may all be ways to reach somebody
_HEADINGS = 1_500  # characters of headings that are read
_NOTE = 160  # characters of a note of commencement
_NUMBERED = re.compile(r"第\s?[0-9]+(?:[-–][0-9]+)+\s?[條条]")  # 第 10-1 條
_DAY, _LETTERS = re.compile(r"(?:19|20)[0-9]{2}|[0-9] ?[月월]"), re.compile(r"[^\W\d_]+")
_ANNOUNCING = frozenset({"title", "added", "deleted"})


class Unit(NamedTuple):
    """What is scored together: one list item, or everything that changed in a text."""

    edit: int  # index of the edit it speaks of, -1: of the text as a whole
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Case:
    """A Change with its texts, as the judge reads it. Of a new document every block is new, and `edits` is empty."""

    change: Change
    before: Sequence[Block]
    after: Sequence[Block]
    edits: Sequence[Edit]
    source: Source
    rules: RuleSet
    title: str

    @property
    def document(self) -> bool:
        """Whether all of the text is new to us (a baseline or a new document)."""
        return self.change.before is None and not self.edits

    @cached_property
    def counted(self) -> tuple[Edit, ...]:
        return tuple(edit for edit in self.edits if edit.judged)

    @cached_property
    def own_title(self) -> str:
        """The title under which a document was announced or that it bears itself, else the one we gave its source."""
        signed = self.source.authority.strip().lower()  # sites write their name above everything
        headings = (block.text for block in self.after if block.kind == "heading")
        heading = next((text for text in headings if text.strip().lower() != signed), "")
        listed = self.source.title if self.source.parent else ""  # what its list calls it
        read = self.change.after.title if self.change.after else ""
        return self.title or listed or heading or read or self.source.title

    @property
    def language(self) -> str:
        """The language of the text: as read, else as declared; zh, en, …"""
        read = self.change.after.language if self.change.after else ""
        return (read or self.source.language)[:2].lower()

    def block(self, edit: Edit) -> Block:
        return self.after[edit.after] if edit.after >= 0 else self.before[edit.before]

    def sides(self, edit: Edit) -> list[Block]:
        """The passages of an edit: the one that was, the one that is."""
        both = ((self.before, edit.before), (self.after, edit.after))
        return [side[at] for side, at in both if at >= 0]

    def place(self, edit: Edit) -> str:
        return self.block(edit).place

    def speaks(self, edit: Edit) -> bool:
        """Whether an edit can carry a verdict: text of the body, not a number, a listed date or a swept word."""
        silent = edit.kind == "renumber" or edit.reason.startswith(SWEPT) or edit.reason == "date"
        return edit.worth == "text" and not silent and self.place(edit) == "body"

    def reaches(self, edit: Edit) -> bool:
        """Whether an edit only says where or when to reach somebody, or counts visits to a page."""
        block = self.block(edit)
        if block.key or len(self.counted) > _REACHED:
            return False
        old, new = (self.before[edit.before].text, self.after[edit.after].text) if edit.kind == "replace" else ("", "")
        return bool(new and only_contacts(old, new, edit.spans)) or self._is_contact_line(block.text)

    def _is_contact_line(self, text: str) -> bool:
        """Whether a line is a way to reach somebody that neither binds anyone nor names a day or month."""
        said = fold(text)
        bound = self.rules.cues("modality", self.language).find(said) or _DAY.search(said.text)
        return is_contact_line(text) and not bound and not set(_LETTERS.findall(said.text)) & set(self.rules.months)

    def numbers(self, edit: Edit) -> bool:
        """Whether an edit concerns a number label alone: a bare "Article 12" that came, went or changed."""
        if edit.kind == "renumber":
            return True
        blocks = [side[at] for side, at in ((self.before, edit.before), (self.after, edit.after)) if at >= 0]
        return edit.kind not in ITEMS and all(is_bare(block) for block in blocks)


def is_bare(block: Block) -> bool:
    """Whether a block is nothing but its number label."""
    text = block.text
    return not block.key and (text == block.label or not label(text)[1] or bool(_NUMBERED.fullmatch(text)))


def units(case: Case, *, aside: bool = False) -> list[Unit]:
    """One unit per item, one for all the rest; without edits that can only be worth an aside, unless asked."""
    if case.document:
        return _of_document(case)
    wanted = [(i, e) for i, e in enumerate(case.edits) if e.judged and (aside or case.speaks(e))]
    found = [Unit(i, _of_item(e.kind, case.block(e), case)) for i, e in wanted if e.kind in ITEMS]
    rest = [(i, e) for i, e in wanted if e.kind not in ITEMS]
    found = _telling(found, case.rules)
    if rest:
        found.append(Unit(rest[0][0], _of_text([e for _, e in rest], case)))
    return found


def _of_document(case: Case) -> list[Unit]:
    """Items of a list as units of their own; of a text a bounded part."""
    items = [Unit(i, _of_item("new", block, case)) for i, block in enumerate(case.after) if block.key]
    found = _telling(items, case.rules)
    blocks = [block for block in case.after if not block.key and block.place in ("body", "supplement")]
    if not blocks:
        return found
    titles = [title for title in dict.fromkeys((case.own_title, _announced(case))) if title]
    where = "title" if case.change.cause == "new" else "heading"
    headings = (block.text for block in blocks if block.kind == "heading")
    texts = [block.text for block in blocks if block.kind != "heading"]
    passages = [Passage(title, where) for title in titles]
    room = SCANT if case.change.cause == "baseline" else AMPLE
    passages += [Passage("\n".join(_read(texts, case.rules, room=room)), "added"), *_headings(headings)]
    return [*found, Unit(-1, (*passages, *_speaker(case)))]


def _announced(case: Case) -> str:
    """The title under which a list announced a new document, which need not be the one it bears."""
    return case.source.title if case.source.parent and case.change.cause == "new" else ""


def _headings(headings: Iterable[str]) -> list[Passage]:
    text = "\n".join(dict.fromkeys(headings))[:_HEADINGS]
    return [Passage(text, "heading")] if text else []


def _read(texts: Sequence[str], rules: RuleSet, *, room: int = AMPLE) -> list[str]:
    return [texts[s.text][s.start : s.end] for s in excerpt(texts, rules.anchors, room=room)]


def _telling(found: list[Unit], rules: RuleSet) -> list[Unit]:
    """Of many items those in which any sign stands (the others would score nothing)."""
    if len(found) <= 3:
        return found
    texts = ["\n".join(one.text for one in unit.passages if one.where != "speaker") for unit in found]
    kept = [unit for unit, text in zip(found, texts, strict=True) if _has_sign(text, rules)]
    return (kept or found[:1])[:_LISTED]


def _has_sign(text: str, rules: RuleSet) -> bool:
    return any(hit.term.section not in ("places", "stops") for hit in rules.signs.find_all(fold(text)))


def _speaker(case: Case) -> list[Passage]:
    """Who speaks, which a title need not repeat."""
    return [Passage(case.source.authority, "speaker")] if case.source.authority else []


def _of_item(kind: str, block: Block, case: Case) -> tuple[Passage, ...]:
    passages = [Passage(block.text, "deleted" if kind == "gone" else "title")]
    if block.note:
        passages.append(Passage(block.note, "deleted" if kind == "gone" else "added"))
    return (*passages, *_speaker(case))


def _of_text(edits: Sequence[Edit], case: Case) -> tuple[Passage, ...]:
    """Changed passages, the headings above them, and the title of a document that is new."""
    passages = []
    if title := case.title or case.source.title:
        passages.append(Passage(title, "title" if case.change.cause == "new" else "heading"))
    passages += _joined(edits, case)
    for edit in _closest([edit for edit in edits if edit.kind == "replace"], case):
        passages += _replaced(edit, case)
    passages += _commenced(edits, case)
    return (*passages, *_headings(heading for edit in edits for heading in case.block(edit).path))


def _commenced(edits: Iterable[Edit], case: Case) -> list[Passage]:
    """The headings of provisions of which a short note says from when they apply: it speaks of what stands above it."""
    cues = case.rules.cues("dates", case.language)
    blocks = [block for block in map(case.block, edits) if block.path and len(block.text) <= _NOTE]
    said = [b.path[-1] for b in blocks if any(hit.term.kind == "effective" for hit in cues.find(fold(b.text)))]
    return [Passage("\n".join(dict.fromkeys(said))[:_HEADINGS], "commenced")] if said else []


def _joined(edits: Sequence[Edit], case: Case) -> list[Passage]:
    """Inserted and deleted blocks, each side read as one text (a line per block)."""
    added = [case.after[edit.after].text for edit in edits if edit.kind == "insert"]
    deleted = [case.before[edit.before].text for edit in edits if edit.kind == "delete"]
    sides = (("added", added), ("deleted", deleted))
    return [Passage("\n".join(_read(texts, case.rules)), where) for where, texts in sides if texts]


def _closest(edits: Sequence[Edit], case: Case) -> Sequence[Edit]:
    """Of very many amendments the first ones and those in whose passages a sign stands."""
    if len(edits) <= _AMENDED:
        return edits
    chosen = {segment.text for segment in excerpt([case.block(edit).text for edit in edits], case.rules.anchors)}
    return [edit for i, edit in enumerate(edits) if i in chosen][:_AMENDED]


def _replaced(edit: Edit, case: Case) -> list[Passage]:
    """Both sides of an amended passage with what changed in it; an unchanged side is context."""
    if not edit.spans and case.block(edit).key:  # a list row of which only the summary changed
        return [Passage(case.after[edit.after].note, "added"), Passage(case.after[edit.after].text, "heading")]
    old, new = case.before[edit.before].text, case.after[edit.after].text
    left = tuple((s[0], s[1]) for s in edit.spans if s[1] > s[0])
    right = tuple((s[2], s[3]) for s in edit.spans)
    passages = [Passage(new, "added", right)]
    return [*passages, Passage(old, "deleted", left)] if left else passages


def stated(found: Iterable[Unit]) -> str:
    """What a Change itself says: new words with the sentence they stand in; the old ones where nothing came."""
    passages = [passage for unit in found for passage in unit.passages if passage.where in _ANNOUNCING]
    came = [passage for passage in passages if passage.where != "deleted"]
    return "\n".join(text for passage in came or passages if (text := _touched(passage)))


def is_gone(found: Iterable[Unit]) -> bool:
    """Whether a Change only took words away: they date nothing, and say nothing of where an act stands."""
    where = {passage.where for unit in found for passage in unit.passages} & _ANNOUNCING
    return where == {"deleted"}


def fresh(found: Iterable[Unit]) -> str:
    """The words of a Change that were not there before, a line each."""
    passages = [passage for unit in found for passage in unit.passages if passage.where in _ANNOUNCING - {"deleted"}]
    return "\n".join(part for passage in passages for part in _parts(passage))


def _parts(passage: Passage) -> list[str]:
    """What is new in a passage, in whole words."""
    text = passage.text
    return [text[_edge(text, low, -1) : _edge(text, high, 1)] for low, high in passage.spans] or [text]


def _edge(text: str, at: int, step: int) -> int:
    """The border of the word that a place stands in."""
    end = max(0, at + step * _WORD)
    while at != end and 0 < at < len(text) and _joins(text[at - 1], text[at]):
        at += step
    return at


def _joins(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum() and not is_ideographic(right)


def _touched(passage: Passage) -> str:
    """The sentences of a passage that hold something new."""
    if not passage.spans:
        return passage.text
    text = passage.text
    spans = sorted(passage.spans)
    ends = list(accumulate((end for _, end in spans), max))  # of those up to each the last
    told = [(a, b) for a, b in sentences(text) if (n := bisect_right(spans, b, key=itemgetter(0))) and ends[n - 1] >= a]
    return "\n".join(text[a:b].strip() for a, b in told)
