"""Events: which act a Finding speaks of, and what is new in what is said of it. Pure.

Only a shared identifier of an act joins; a title that is alike is said ("may belong to"), and joins nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache

from bot.model import SEVERITIES, Change, Event, Finding

Told = tuple[Change, Finding]
"""A Change with its latest Finding."""

SAME_NEWS = timedelta(days=14)  # what repeats the news of this time is said in the thread alone
ALIKE = 0.62  # share of the rarer title's word pairs, from which on two titles are alike
_LEAST = 6  # word pairs that a title needs to be compared at all
_SLIGHT = frozenset({"reference", "link"})  # forces that lift nothing
_MANY = frozenset({"doc", "celex"})  # kinds of numbers of which one act has several: addresses, stages
_DASH = " — "  # in a headline: between what happened and to what
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(  # of a part, a year, an edition
    r"\d+|\b[ivx]+\b|[〇一二三四五六七八九十百]+(?=[章节節部分编編条條号號期版])"
)
_TAIL = re.compile(r"^(.{12,}?)\s*(?::|：|\s[-–—|]\s|——)\s*(\S.*)$")  # "Yearly report 2026: Japan"


@cache  # at first use: wide sets take 2 ms to compile
def _wide() -> re.Pattern[str]:
    return re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def joined(finding: Finding, *, known: Sequence[Event], now: datetime) -> Event | None:
    """The Event that a Finding joins, with the acts it has then; a new one (id 0) for an act nobody spoke of before.

    `known` are Events that share an act with it, oldest first. None: the Finding names no act of its own.
    """
    if not finding.acts:
        return None
    shared = {event.id: len(set(event.acts) & set(finding.acts)) for event in known}
    if not any(shared.values()):
        return Event(0, now, title_of(finding), finding.acts, (finding.change,))
    best = max(known, key=lambda event: (shared[event.id], -event.id))
    acts = tuple(dict.fromkeys((*best.acts, *finding.acts)))
    return Event(best.id, best.at, best.title, acts, tuple(dict.fromkeys((*best.changes, finding.change))))


def stage_line(spoken: Iterable[Told]) -> str:
    """How far an act has come: each stage with the day on which it was first seen, in order of time."""
    days: dict[str, datetime] = {}
    for change, finding in sorted(spoken, key=lambda pair: (pair[0].at, pair[0].id)):
        if finding.stage and finding.verdict != "not_relevant":
            days.setdefault(finding.stage, change.at)
    return " → ".join(f"{stage.replace('_', ' ')} ({at:%Y-%m-%d})" for stage, at in days.items())


def is_news(told: Told, earlier: Sequence[Told], *, level: str, levels: Sequence[str] = ()) -> bool:
    """Whether the whole channel is to see what follows in a thread: a new stage, a new date, a higher severity.

    Also what gained or lost force, and what comes after two weeks of silence. `earlier` was told of the same act
    before, `level` and `levels` are the severities of the one and the others.
    """
    change, finding = told
    if not earlier or any(force.kind not in _SLIGHT for force in finding.force):
        return True
    stages = {other.stage for _, other in earlier}
    dates = {(dated.kind, dated.date) for _, other in earlier for dated in other.dates}
    fresh = [dated for dated in finding.dates if dated.kind != "published" and (dated.kind, dated.date) not in dates]
    highest = max(map(SEVERITIES.index, levels), default=0)
    silent = change.at - max(other.at for other, _ in earlier) > SAME_NEWS
    return bool(finding.stage and finding.stage not in stages or fresh or silent or SEVERITIES.index(level) > highest)


def kin(told: Told, others: Iterable[Told]) -> Told | None:
    """The newest of the others whose title is alike, in a jurisdiction that both name; it may speak of the same act.

    Not where both have a number of one kind, and not the same, nor for chapters and editions of one report. One page
    that is amended again is no news either, and what was amended in a page is no title.
    """
    change, finding = told
    own = _pairs(title_of(finding))
    if len(own) < _LEAST or not _is_titled(finding):
        return None
    near = [
        (other, opinion)
        for other, opinion in others
        if other.id != change.id
        and set(opinion.jurisdictions) & set(finding.jurisdictions)
        and _is_titled(opinion)
        and not _are_two(finding, opinion)
        and not _are_apart(finding, opinion)
        and (other.source_id != change.source_id or any(edit.kind == "new" for edit in change.edits))
    ]
    alike = [pair for pair in near if _alike(own, _pairs(title_of(pair[1])))]
    return max(alike, key=lambda pair: (pair[0].at, pair[0].id), default=None)


def _are_two(finding: Finding, other: Finding) -> bool:
    """Whether two Findings name different numbers of one kind; a proposal and its act have different CELEX numbers."""
    own, theirs = (dict(act.split(":", 1) for act in one.acts) for one in (finding, other))
    return any(own[kind] != theirs[kind] for kind in own.keys() & theirs.keys() - _MANY)


def _are_apart(finding: Finding, other: Finding) -> bool:
    """Whether each of two Findings has a place, a number or a heading of its own: chapters of one report, editions."""
    titles = [_folded(title_of(one)) for one in (finding, other)]
    places = [set(one.jurisdictions) for one in (finding, other)]
    numbers = [set(_NUMBER.findall(title)) for title in titles]
    tails = [_TAIL.match(title) for title in titles]
    if tails[0] and tails[1] and tails[0][1] == tails[1][1] and tails[0][2] != tails[1][2]:
        return True
    return any(a - b and b - a for a, b in (places, numbers))


def _is_titled(finding: Finding) -> bool:
    """Whether a headline gives the title of an item or a document, and not what became of a page."""
    return _DASH in finding.headline


def title_of(finding: Finding) -> str:
    """A headline without the publisher's name and what happened before the dash."""
    return finding.headline.partition(_DASH)[2] or finding.headline


def _folded(title: str) -> str:
    return unicodedata.normalize("NFKC", title).casefold()


def _alike(own: frozenset[str], other: frozenset[str]) -> bool:
    fewer = min(len(own), len(other))
    return fewer >= _LEAST and len(own & other) >= ALIKE * fewer and fewer * 2 >= max(len(own), len(other))


def _pairs(title: str) -> frozenset[str]:
    """Pairs of neighbouring words; of scripts without spaces, of neighbouring characters."""
    words = [part for word in _WORD.findall(_folded(title)) for part in (word if _wide().search(word) else [word])]
    return frozenset(" ".join(pair) for pair in zip(words, words[1:], strict=False))
