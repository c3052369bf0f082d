"""What is said of a change reads as counsel would say it: pairs of our own (said.toml), through the front door."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from bot.model import VERDICTS, Finding, Source
from tests.scenes import Scene
from tests.site import Site

PAIRS: Mapping[str, Any] = tomllib.loads((Path(__file__).parent / "said.toml").read_text("utf-8"))
TAGS = {"# ": ("", "<h2>{}</h2>", ""), "- ": ("<ul>", "<li>{}</li>", "</ul>"), "> ": ("", "<footer>{}</footer>", ""),
        "| ": ("<table>", "<tr><td>{}</td></tr>", "</table>"), "": ("", "<p>{}</p>", "")}  # fmt: skip
SLIGHT = {"reference", "link"}


def page(pair: Mapping[str, Any], side: str) -> str:
    """One side of a pair as an authority would publish it."""
    parts = []
    for mark, lines in groupby(pair[side].splitlines(), key=lambda line: line[:2] if line[:2] in TAGS else ""):
        start, around, end = TAGS[mark]
        parts += [start, *(around.format(_inner(line[len(mark) :])) for line in lines), end]
    return f"<html lang={pair['language']}><main><h1>{escape(pair['title'])}</h1>{''.join(parts)}</main></html>"


def _inner(line: str) -> str:
    return escape(line).replace(" | ", "</td><td>")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, tuple[Finding, str]]]:
    """Name -> the Finding on the change of its page, and its severity."""
    with Site() as site:
        sources = [
            Source(
                name, site.url(f"/{name}"), title=pair["title"], authority="Authority", jurisdiction=pair["place"],
                language=pair["language"], topics=("transfer_general",), spacing=0.0,
            )
            for name, pair in PAIRS.items()
        ]  # fmt: skip
        scene = Scene(tmp_path_factory.mktemp("said"), site, *sources)
        for side in ("before", "after"):
            for name, pair in PAIRS.items():
                site.publish(f"/{name}", page(pair, side))
            scene.look()
        found = scene.app.latest(limit=4 * len(PAIRS), verdicts=VERDICTS)
        judged = {change.source_id: finding for change, finding in found if change.cause == "source"}
        yield {name: (finding, scene.app.level(finding)[0]) for name, finding in judged.items()}
        scene.app.close()


@pytest.mark.parametrize("name", [name for name, pair in PAIRS.items() if not pair.get("nothing")])
def test_headline_summary_and_severity_say_what_changed(said: Mapping[str, tuple[Finding, str]], name: str) -> None:
    pair, (finding, level) = PAIRS[name], said[name]
    summary = "\n".join(finding.sentences)
    assert finding.verdict != "not_relevant"
    assert level == pair["severity"]
    assert [words for words in pair["first"] if words not in finding.headline] == [], finding.headline
    assert [words for words in pair.get("says", ()) if words not in summary] == [], summary
    assert [words for words in pair.get("never", ()) if words in finding.headline + summary] == []
    assert [force.kind for force in finding.force] == pair.get("force", [])
    assert 2 <= len(finding.sentences) <= 5


@pytest.mark.parametrize("name", [name for name, pair in PAIRS.items() if pair.get("nothing")])
def test_numbering_notes_typos_and_dates_of_update_lift_nothing(
    said: Mapping[str, tuple[Finding, str]], name: str
) -> None:
    finding, level = said[name]
    assert level == "know"
    assert {force.kind for force in finding.force} <= SLIGHT
