"""Who does what to what: routes that end, rules that end, stops that end, and what is only asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.judge import judge, judge_text, load_rules, ruled
from bot.model import Block, Change, Finding, Source, Version

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RULES = load_rules()
LINES = (Path(__file__).parent / "judge_acts.txt").read_text("utf-8").splitlines()
ACTS = [tuple(line.split("|")) for line in LINES if line and not line.startswith("#")]


def of_document(title: str, text: str, *, language: str) -> Finding:
    after = (Block("heading", title), *(Block("paragraph", line) for line in text.split("\n") if line))
    source = Source("s", "https://s.example/", title="News", language=language)
    change = Change(1, "s", NOW, "new", None, Version(1, "s", NOW, 1, "f"), ())
    return judge(change, before=(), after=after, edits=(), source=source, rules=RULES, now=NOW)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: f"{act[0]} {act[3][:50]}")
def test_what_is_done_to_a_route_gives_stage_and_severity(act: tuple[str, ...]) -> None:
    language, stages, severities, title, text = act
    read = judge_text(id="", title=title, text=text, language=language, rules=RULES, now=NOW)
    assert (read.stage or "-") in stages.split("/")
    finding = of_document(title, text, language=language)
    assert (finding.stage or "-") in stages.split("/")
    level, reason = ruled(finding, today=NOW.date())
    assert level in severities.split("/"), reason
