"""Lists of places: an entry that is only a name is news where the list says to which places data may go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.judge.case import ITEMS, Case
from bot.judge.folding import fold
from bot.judge.index import leftmost
from bot.judge.rules import RuleSet
from bot.judge.scoring import Passage, Sign, score
from bot.model import Block, Edit, Force

_LISTED = frozenset({"item", "row"})
_LONG = 160  # characters of the longest entry: a name with a note
_LEAD = 600  # characters of what introduces a list
_MANY = 3  # entries from which on a page of names is a list
_NUMBER = re.compile(r"[\W\d_]*(?:[a-z]|[ivx]{1,5})?[\W\d_]*")  # "(6) ", "5a ", "iv. "
_NOTE = re.compile(r"\s*(?:[*†‡§:：;；.,，、。(（\[|–—+/]|-\s|\d|\Z)")
_BEFORE = re.compile(
    r"(?:the )?(?:(?:people's |federal |islamic |democratic |oriental |plurinational )*"
    r"(?:republic|state|kingdom|federation|territory|commonwealth|principality) of )?(?:the )?"
)
_ANNEX = re.compile(  # a title that promises a list, or the rest of an act
    r"\b(?:anhang|anlage|annex|schedule|appendix|annexe|anexo|allegato|bijlage|bilaga|załącznik|приложение|додаток|ek\b"
    r"|lampiran|phụ lục|lists?\b|liste\b|listado|lista\b|elenco|lijst|wykaz|förteckning|перечень|перелік|daftar"
    r"|danh mục|countries|jurisdictions|territories|staaten|länder|pays\b|países|paesi|landen|państw|länder|стран"
    r"|держав|ülke|negara|quốc gia)|ملحق|قائمة|الدول|附件|附录|附錄|名单|名單|清单|清單|国家|國家|別表|一覧"
    r"|別紙|별표|목록|국가|บัญชี|रายชื่อ|सूची"
)
_ROUTES = frozenset(
    {"transfer_general", "adequacy", "contracts", "bcr", "certification", "bulk_data_security", "dfft", "tia"}
)


class Listing(NamedTuple):
    """What stands over a list of places that a Change altered, and what it is about."""

    heading: str
    topic: str
    entry: str


def place_of(block: Block, rules: RuleSet) -> str:
    """The jurisdiction that an entry of a list is made of, beside its number and a note; "" if it says more."""
    text = block.text
    if len(text) > _LONG:
        return ""
    for cell in text.split(" | ")[:3]:
        said = fold(cell.strip())
        hits = leftmost(hit for hit in rules.places.find_all(said) if hit.term.kind == "place")
        if hits:
            ahead = _NUMBER.match(said.text, 0, hits[0].start)
            named = ahead and _BEFORE.fullmatch(said.text, ahead.end(), hits[0].start)
            noted = _NOTE.match(said.text, _word_end(said.text, hits[0].end))
            return hits[0].term.topic if named and noted and hits[0].term.topic != "INT" else ""
        if not _NUMBER.fullmatch(said.text):
            return ""
    return ""


def _word_end(text: str, at: int) -> int:
    """Where a word ends that a name begins: names are listed without their endings."""
    end = at
    while end < len(text) and end - at < 3 and text[end].isalpha() and text[at - 1].isalpha():
        end += 1
    return end if end == len(text) or not text[end].isalpha() else at


def entered(edit: Edit, before: Sequence[Block], after: Sequence[Block], rules: RuleSet) -> Iterator[Force]:
    """The place whose entry came to a list, or left it."""
    if edit.kind in ("insert", "new", "delete", "gone"):
        side, at = (after, edit.after) if edit.after >= 0 else (before, edit.before)
        if code := _entry(side, at, rules):
            name, block = rules.names[code], side[at]
            yield Force("country", *(("", name) if edit.after >= 0 else (name, "")), block.path)


def _entry(side: Sequence[Block], at: int, rules: RuleSet) -> str:
    """The place of an entry: a row or item of a text, or a line among others that are but names as well."""
    code = place_of(side[at], rules) if side[at].kind != "heading" else ""
    if not code or side[at].kind in _LISTED and not side[at].key:
        return code
    beside = [side[i] for i in (at - 1, at + 1) if 0 <= i < len(side)]
    return code if any(place_of(block, rules) for block in beside) else ""


def listing(case: Case) -> Listing | None:
    """The list to which the first entry that came, went or changed belongs, if it says to which places data may go."""
    for edit in case.counted:
        side, at = (case.after, edit.after) if edit.after >= 0 else (case.before, edit.before)
        counts = edit.kind in ("insert", "delete", "replace", *ITEMS) and case.speaks(edit)
        if counts and _entry(side, at, case.rules) and (found := _headed(side, at, case)):
            return Listing(*found, side[at].text)
    return None


def _headed(side: Sequence[Block], at: int, case: Case) -> tuple[str, str] | None:
    """The heading, introduction or title that says what a list is of, and its topic."""
    read = case.change.after.title if case.change.after else ""
    above = (*reversed(side[at].path), _lead(side, at, case.rules), case.own_title, read, case.source.title)
    for text in dict.fromkeys(filter(None, above)):
        scored = score([Passage(text, "title")], rules=case.rules, home=case.source.jurisdiction)
        topic = next((sign.topic for sign in scored.signs if sign.topic in _ROUTES), "")
        if topic and case.rules.judged(scored.score) != "not_relevant":
            return text, topic
    entries = sum(1 for block in side if place_of(block, case.rules))
    declared = [topic for topic in case.source.topics if topic in _ROUTES]
    promised = any(_ANNEX.search(text.lower()) for text in above)
    return (case.own_title, "adequacy") if declared and promised and entries >= _MANY else None


def _lead(side: Sequence[Block], at: int, rules: RuleSet) -> str:
    """The passage that introduces a list."""
    while at > 0 and place_of(side[at], rules):
        at -= 1
    return side[at].text[:_LEAD] if side[at].kind != "heading" else ""


def sign_of(listing: Listing, rules: RuleSet) -> Sign:
    """What weighs for an entry that speaks through its list alone."""
    what = f"an entry of a list of places (“{listing.heading[:80]}”)"
    return Sign(what, listing.topic, rules.weight("listed", "added"), "added", listing.entry, True)
