"""The several items of one Change: what each states alone, and what they state together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from bot.model import DatedQuote, Finding, Part

_SHARED = ("topics", "mechanisms", "jurisdictions", "corridors", "bound", "data", "sectors")
_OWN = (*_SHARED, "stage", "dates", "force", "reporter")
_LONG = 100  # characters of a title in a reason


def joined(findings: Sequence[tuple[str, Finding]]) -> Finding:
    """One Finding for what several items (title, Finding) state: all of it, and each of them as a Part.

    A stage is stated only where they agree. One item alone makes no Part.
    """
    (_, first), *others = findings
    if not others:
        return first
    every = [finding for _, finding in findings]
    fields: dict[str, Any] = {name: _union(getattr(one, name) for one in every) for name in (*_SHARED, "stated")}
    stages = {one.stage for one in every}
    return replace(
        first,
        **fields,
        stage=first.stage if len(stages) == 1 else "",
        dates=dates_once(dated for one in every for dated in one.dates),
        parts=tuple(Part(title, **_own(finding)) for title, finding in findings),
    )


def dates_once(dates: Iterable[DatedQuote]) -> tuple[DatedQuote, ...]:
    """Each kind and day once, as it was said first."""
    found: dict[tuple[str, object], DatedQuote] = {}
    for dated in dates:
        found.setdefault((dated.kind, dated.date), dated)
    return tuple(found.values())


def alone(finding: Finding) -> tuple[Finding, ...]:
    """A Finding as each of its items alone states it: what is said of one is never said of another."""
    if len(finding.parts) < 2:
        return (finding,)
    return tuple(replace(finding, parts=(part,), **_own(part)) for part in finding.parts)


def named(finding: Finding, words: str) -> str:
    """Words said of one of several items, with its title; of a Finding of one item the words alone."""
    if not words or len(finding.parts) != 1:
        return words
    title = " ".join(finding.parts[0].title.split())
    return f"item “{title if len(title) <= _LONG else title[: _LONG - 1].rstrip() + '…'}”: {words}"


def _own(one: Finding | Part) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _OWN}


def _union(values: Iterable[tuple[Any, ...]]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(value for one in values for value in one))
