"""Replay: each archive is its own history, its captures go through the pipeline at the times they were recorded.

Changes are recorded and judged as if looked at then. Nobody is told: each record says who would have been.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot import archive, extract, pipeline
from bot.archive import Capture, Place, places
from bot.decide import decide, is_light
from bot.judge import RuleSet
from bot.look import read_response
from bot.model import Edit, Look, Outcome, Source
from bot.ports import Store
from bot.text import canonical_url

TICK = timedelta(seconds=1)  # captures of the same moment keep their order
ALL = 1_000_000  # looks of one source
MISFITS = frozenset({"no items", "wrong type"})  # causes that may come of a type that was guessed from an older capture
WORDS = 2_000  # characters of one edit that a line carries


def replay(path: Path, *, declared: Iterable[Source], store: Store, rules: RuleSet) -> Iterator[dict[str, Any]]:
    """Run one archive; yields one record for each capture, with stable keys.

    Keys: source, url, at, outcome, cause, change, counted, edits [{kind, path, before, after, worth}], uncounted,
    verdict, headline, told. `edits` are the counted ones; outcome is "changed" whenever a Change with edits was
    recorded, also one of which no edit counts.
    A source that already knows a later moment is left alone: replaying a file twice changes nothing.
    """
    known = tuple(declared)
    by_url = {canonical_url(source.url): source for source in known}
    made: dict[str, Source] = {}
    looked: dict[str, datetime] = {}
    fresh: set[str] = set()
    found = places(path)
    for place in found:
        capture = archive.capture(path, place)
        if capture.url not in made:
            history = [one for one in found if one.url == place.url]
            source = made[capture.url] = _source(capture, by_url, history, path=path, store=store)
            store.declare([*known, *made.values()], now=capture.at)
            if last := store.checks(source.id, limit=1):
                looked[source.id] = last[0].at
        source = made[capture.url]
        if source.id in looked and looked[source.id] >= capture.at and source.id not in fresh:
            continue
        fresh.add(source.id)
        at = max(capture.at, looked[source.id] + TICK) if source.id in looked else capture.at
        looked[source.id] = at
        made[capture.url], outcome = _looked_at(capture, source, at=at, store=store)
        yield _record(capture, made[capture.url], outcome, store=store, rules=rules)


def _source(
    capture: Capture, by_url: Mapping[str, Source], history: Sequence[Place], *, path: Path, store: Store
) -> Source:
    """The declaration of this address, if there is one; otherwise an ad-hoc source whose type is guessed.

    A declared source that has another history already is left alone: this file's gets a name of its own.
    """
    declared = by_url.get(canonical_url(capture.url))
    if declared:
        free = not store.checks(declared.id, limit=1) or _is_from(history, declared, path=path, store=store)
        return declared if free else replace(declared, id=f"{path.name}:{declared.id}")
    return Source(f"{path.name}:{capture.url}", capture.url, type=_guess(capture))


def _guess(capture: Capture) -> str:
    response = capture.response
    return extract.guess_type(content_type=response.header("content-type"), body=response.body, url=capture.url)


def _is_from(history: Sequence[Place], source: Source, *, path: Path, store: Store) -> bool:
    """Whether what is known of a source came from this file: the same first look, the same newest text."""
    looks, newest = store.checks(source.id, limit=ALL), store.versions(source.id, limit=1)
    if looks[-1].at != history[0].at or not newest:
        return False
    place = [one for one in history if one.at <= newest[0].at][-1]
    return archive.capture(path, place).response.body == store.body(newest[0])[0]


def _looked_at(capture: Capture, source: Source, *, at: datetime, store: Store) -> tuple[Source, Outcome]:
    """What the capture came to, and the source as it was read: a guess that no longer fits is made again."""
    outcome = _outcome(capture, source, at=at, store=store)
    guessed = source.id.endswith(f":{capture.url}")
    if guessed and outcome.look.cause in MISFITS and (kind := _guess(capture)) != source.type:
        other = replace(source, type=kind)
        again = _outcome(capture, other, at=at, store=store)
        if again.kind != "failed":
            return other, again
    return source, outcome


def _outcome(capture: Capture, source: Source, *, at: datetime, store: Store) -> Outcome:
    known = store.known([source], {source.id: extract.fingerprint(source)})[0]
    cut = Look(source.id, at, cause="truncated", detail="the archive was cut off inside this record")
    look = read_response(known, capture.response, at=at) if capture.whole else cut
    outcome = decide(store.memory(source, light=is_light(look)), look)
    return replace(outcome, follow=())  # what was announced then cannot be fetched now


def _record(capture: Capture, source: Source, outcome: Outcome, *, store: Store, rules: RuleSet) -> dict[str, Any]:
    number = store.record([outcome])[0]
    return _line(capture, source, outcome, number, store=store, rules=rules)


def _line(
    capture: Capture, source: Source, outcome: Outcome, number: int, *, store: Store, rules: RuleSet
) -> dict[str, Any]:
    line: dict[str, Any] = {
        "source": source.id,
        "url": capture.url,
        "at": _iso(capture.at),
        "outcome": outcome.kind,
        "cause": outcome.look.cause or None,
        "change": None,
        "counted": 0,
        "edits": [],
        "uncounted": 0,
        "verdict": None,
        "headline": None,
        "told": [],
    }
    change = store.change(number) if number else None
    if change is None:
        return line
    made, finding, told = pipeline.judge_one(
        change, {source.id: source}, store=store, rules=rules, now=capture.at, tell=False
    )
    edits = told_edits(made) if change.edits else []  # of a first reading every block would be one
    return line | {
        "outcome": "changed" if outcome.kind == "same" and change.edits else outcome.kind,
        "change": number,
        "counted": len(edits),
        "edits": edits,
        "uncounted": sum(not edit.counted for edit in change.edits),
        "verdict": finding.verdict,
        "headline": finding.headline,
        "told": [f"{one.channel} {one.address}" for one, _ in told],
    }


def told_edits(made: pipeline.Case) -> list[dict[str, Any]]:
    """The counted edits of a case as plain values: kind, path, before, after, and what they are worth."""
    return [_edit(edit, made) for edit in made.edits if edit.counted]


def _edit(edit: Edit, made: pipeline.Case) -> dict[str, Any]:
    before = made.before[edit.before] if edit.before >= 0 else None
    after = made.after[edit.after] if edit.after >= 0 else None
    block = after or before
    return {
        "kind": edit.kind,
        "path": [*block.path, *([block.label] if block.label else [])] if block else [],
        "before": _text(before),
        "after": _text(after),
        "worth": edit.worth,
    }


def _text(block: Any) -> str | None:
    if block is None:
        return None
    text = " — ".join(part for part in (block.text, block.date, block.note) if part)
    return text if len(text) <= WORDS else text[:WORDS] + "…"


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
