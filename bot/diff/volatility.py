"""Learned volatility: counters and clocks that no dictionary names, known by how often their digits change. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from hashlib import blake2b

from bot.diff.faces import face, masked
from bot.model import Block, Edit, Mark
from bot.text import label

LOOKS = 8  # looks in a row in which the digits alone differed
SPAN = timedelta(days=2)  # over at least this long
_READABLE = 80  # characters of a key that people see in `sources show`

# Words of duty, permission and prohibition: a sentence with one is a rule, whatever its digits do.
_MODALS = (
    "shall must may should will cannot required prohibited obliged entitled permitted "
    "muss müssen darf dürfen soll sollen kann können verpflichtet "
    "doit doivent peut peuvent devra devront pourra interdit tenu "
    "debe deben deberá deberán puede pueden podrá prohíbe deve devem deverá pode podem poderá vedado "
    "dovrà dovranno può possono devono moet moeten mag mogen dient "
    "должен должна должны обязан обязаны может могут вправе запрещается "
    "phải được không harus wajib dapat dilarang boleh zorunlu gerekir yasak "
    "musi powinien może mogą skall ska får måste skal kan må"
)
_MODAL_PARTS = (
    "应 應 须 須 可以 不得 必须 必須 禁止 ならない できる 하여야 해야 할 수 있다 아니 된다 يجب يجوز ต้อง อาจ ห้าม"
)
_MONEY = r"[%‰€$£¥￥₩₹₽₺₫฿]|\b(?:USD|EUR|CNY|RMB|HKD|JPY|KRW|TWD|MOP|percent|Prozent|euros?)\b|[元円圓원]|百分之"
_LAW = (
    r"§|第\s?[0-9〇零一二三四五六七八九十百千]+\s?[条條款項项章号號]|제\s?[0-9]+\s?[조항호]|"
    r"(?i:\b(?:art(?:icle|icles|ículo|igo|icolo|ikel)?\.?|section|clause|regulation|directive|act|law|verordnung|gesetz|"
    r"loi|décret|decreto|ley|lei|legge|pasal|điều|madde|статья|ст\.?)\s+(?:no\.?\s*)?\(?[0-9])"
)


def mark_key(block: Block) -> str:
    """The name under which a block's volatility is remembered: its text with every number masked."""
    text = masked(block.text)
    if len(text) <= _READABLE:
        return text
    return f"{text[:_READABLE]}… {blake2b(text.encode(), digest_size=6).hexdigest()}"


def learn(
    before: Sequence[Block], after: Sequence[Block], edits: Sequence[Edit], *, marks: Mapping[str, Mark], at: datetime
) -> Mapping[str, Mark] | None:
    """The marks after a look that read something new, or None when they stay as they are.

    A block whose digits alone differed goes one look further; the streak of one that stayed the same ends; a mark
    stays while its block is there, and ends with the first other difference, which gives the block another key.
    """
    differed = {mark_key(after[edit.after]): after[edit.after] for edit in edits if _is_digits(edit, before, after)}
    if not differed and not marks:
        return None
    there = {mark_key(block) for block in after} if marks else set()
    kept = {key: mark for key, mark in marks.items() if mark.marked and key in there}
    learnt = kept | {
        key: _further(marks.get(key), at) for key, block in differed.items() if key in kept or _may_be_volatile(block)
    }
    return None if learnt == dict(marks) else learnt


def rest(marks: Mapping[str, Mark]) -> Mapping[str, Mark] | None:
    """The marks after a look that found nothing new: streaks end, marks stay; None when they stay as they are."""
    kept = {key: mark for key, mark in marks.items() if mark.marked}
    return None if len(kept) == len(marks) else kept


def _is_digits(edit: Edit, before: Sequence[Block], after: Sequence[Block]) -> bool:
    if edit.before < 0 or edit.after < 0 or edit.kind not in {"replace", "renumber", "volatile"}:
        return False
    return masked(before[edit.before].text) == masked(after[edit.after].text)


def _further(mark: Mark | None, at: datetime) -> Mark:
    streak, since = (mark.streak + 1, mark.since) if mark else (1, at)
    marked = bool(mark and mark.marked) or (streak >= LOOKS and at - since >= SPAN)
    return Mark(streak, since, marked)


def _may_be_volatile(block: Block) -> bool:
    """Never an article, a table row, a list item, or a sentence that could be a rule."""
    if block.key or block.kind in {"row", "item", "entry"} or face(block).label:
        return False
    return not any(label(heading)[0] for heading in block.path) and not _rule().search(block.text)


@cache
def _rule() -> re.Pattern[str]:
    words = "|".join(_MODALS.split())
    parts = "|".join(_MODAL_PARTS.split())
    return re.compile(rf"(?i:\b(?:{words})\b)|{parts}|{_MONEY}|{_LAW}")
