"""Which findings join one event, and whether they should: false joins are counted, missed ones are only shown.

    python -m benchmarks.events [FOLDER]     FOLDER holds relevance/ and corpus/ (default ../shared)

Three measures. Known events: every row of relevance/events.md is an act of its own, so that no two may join. Labelled
items: what joins must be of one group. Recorded lists and feeds of the corpus: items that join without being the same
page are printed, for a person to read.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from benchmarks.reading import captures, read_capture
from bot.errors import ReadError
from bot.events import kin
from bot.judge.acts import Subject, of_subject
from bot.judge.facts import speaker
from bot.judge.rules import load_rules
from bot.model import Change, Finding, Reading
from bot.text import canonical_url

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Spoken(NamedTuple):
    """Something that speaks of an act: what it is called, where it lies, and which act it truly is (""; not known)."""

    name: str
    title: str
    address: str
    truth: str
    publisher: str = ""


class Pair(NamedTuple):
    """Two that join, with what they share."""

    one: Spoken
    other: Spoken
    act: str


def acts(spoken: Spoken, places: Mapping[str, str]) -> tuple[str, ...]:
    subject = Subject((spoken.title,), spoken.address, own=bool(spoken.address))
    place = places.get(spoken.name, "")
    return tuple(one.value for one in of_subject(subject, place=place, beside=spoken.publisher))


def joined(spoken: Iterable[Spoken]) -> list[Pair]:
    """Every two that share an act."""
    rules = load_rules()
    found = list(spoken)
    places = {one.name: speaker(url=one.address, names=(one.publisher,), rules=rules) for one in found}
    by_act: dict[str, list[Spoken]] = defaultdict(list)
    for one in found:
        for act in acts(one, places):
            by_act[act].append(one)
    pairs = {(a.name, b.name): Pair(a, b, act) for act, them in by_act.items() for a, b in combinations(them, 2)}
    return list(pairs.values())


def known(folder: Path) -> Iterator[Spoken]:
    for number, line in enumerate((folder / "relevance" / "events.md").read_text("utf-8").splitlines()):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) >= 5 and cells[0][:2] == "20":
            address = cells[4].split(" ")[0] if cells[4].startswith("http") else ""
            yield Spoken(str(number), cells[2], address, str(number), cells[1])


def labelled(folder: Path) -> Iterator[Spoken]:
    for line in (folder / "relevance" / "dev.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        address = row["url"] if row.get("url_exact") else ""
        yield Spoken(row["id"], row["title"], address, row["group"], row["publisher"])


def recorded(folder: Path) -> Iterator[Spoken]:
    """Items of lists, feeds and answers, each address once per capture."""
    root = folder / "corpus"
    for row in captures(root):
        if row["path"].startswith("blocked") or row["path"].endswith((".pdf", ".zip")):
            continue
        _, made, _ = read_capture(root, row)
        if isinstance(made, ReadError):
            continue
        yield from _items(row["path"], made, row.get("authority", ""))


def _items(path: str, made: Reading, publisher: str) -> Iterator[Spoken]:
    for at, block in enumerate(made.blocks):
        if block.key and block.link:
            yield Spoken(f"{path}#{at}", block.text, block.link, "", publisher)


def report(name: str, spoken: Iterable[Spoken]) -> int:
    """Print what joins; returns how many joins are false."""
    found = list(spoken)
    numbered = sum(bool(one) for one in map(lambda s: acts(s._replace(address=""), {}), found))
    pairs = [pair for pair in joined(found) if not _same_page(pair)]
    false = [pair for pair in pairs if pair.one.truth and pair.one.truth != pair.other.truth]
    print(f"\n{name}: {len(found)} speak, {numbered} by a number in the title")
    print(f"{len(pairs)} pairs join, {len(false)} falsely")
    for pair in pairs[:40]:
        mark = "FALSE " if pair in false else ""
        print(f"  {mark}{pair.act}\n     {pair.one.title[:110]}\n     {pair.other.title[:110]}")
    return len(false)


def _same_page(pair: Pair) -> bool:
    """The same address under the same title, in two captures."""
    one, other = pair.one, pair.other
    return one.title == other.title and canonical_url(one.address) == canonical_url(other.address)


def linked(spoken: Iterable[Spoken]) -> int:
    """How many pairs of titles are alike and would be said to belong together perhaps; nothing is joined by that."""
    found = [
        (
            Change(number, one.name, NOW, "source", None, None, ()),
            Finding(number, NOW, "", "relevant", 0, f"x — {one.title}", jurisdictions=("EU",)),
        )
        for number, one in enumerate(spoken, start=1)
    ]
    return sum(kin(pair, found[:number]) is not None for number, pair in enumerate(found))


def main(folder: Path) -> int:
    if not (folder / "relevance" / "events.md").is_file():
        print(f"{folder}: relevance/events.md is not there; name the folder that holds it")
        return 2
    false = report("known events", known(folder)) + report("labelled items", labelled(folder))
    if (folder / "corpus").is_dir():
        report("recorded lists", recorded(folder))
    print(f"\nalike by title only (said, never joined): {linked(known(folder))} of the known events")
    print(f"false joins: {false}")
    return 1 if false else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")))
