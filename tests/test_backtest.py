"""Other rules are tried on stored history: what they would have told, against what people said; nobody is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli import main
from bot.errors import OperatorError
from bot.judge import load_rules
from tests.scenes import Scene, rule
from tests.site import Site

PLAIN = "<main><h1>News</h1><p>The office moves to {town}. Visitors use the south door.</p></main>"


@pytest.fixture
def home(tmp_path: Path, site: Site) -> list[str]:
    """A home with one relevant change, reviewed as such, and one that is nothing; options that open it."""
    scene = Scene(tmp_path / "home", site)
    scene.sources = (scene.page(), scene.page("/news", id="news", title="News", topics=()))
    scene.app.close()
    scene.app = scene.open()
    for modal, town in (("may", "Bonn"), ("shall", "Brussels")):
        site.publish("/law", rule(modal))
        site.publish("/news", PLAIN.format(town=town))
        scene.look()
    law = next(change for change, _ in scene.changes("source") if change.source_id == "law")
    scene.app.review(law.id, "relevant", actor="ada")
    scene.app.close()
    toml = tmp_path / "sources.toml"
    toml.write_text('[law]\ntitle = "Law"\nurl = "https://law.example/"\njurisdiction = "CN"\n')
    return ["--home", str(tmp_path / "home"), "--sources", str(toml)]


def test_todays_rules_keep_their_alerts_and_nothing_is_written(
    home: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main([*home, "outbox", "--all"])
    before = capsys.readouterr().out
    assert main([*home, "backtest"]) == 0
    told = capsys.readouterr().out
    assert "0 gained, 0 lost, 1 kept" in told
    assert "after:   precision 1/1, recall 1/1" in told
    main([*home, "outbox", "--all"])
    assert capsys.readouterr().out == before


def test_a_stricter_threshold_loses_alerts_and_recall(
    home: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = tmp_path / "strict.toml"
    rules.write_text("[weights.verdict]\nrelevant = 100000\nuncertain = 100000\n")
    assert main([*home, "backtest", "--rules", str(rules)]) == 0
    told = capsys.readouterr().out
    assert "0 gained, 1 lost, 0 kept" in told
    assert "recall 0/1" in told.rsplit("after:")[-1]


def test_a_new_word_gains_an_alert(home: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = tmp_path / "wide.toml"
    added = '[add.en.terms.transfer_general]\nstrong = ["the office moves"]\n'
    rules.write_text(f"[weights.verdict]\nrelevant = -100\n{added}")
    assert main([*home, "backtest", "--rules", str(rules), "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["source"]: row["alert"] for row in rows if row["alert"]} == {"law": "kept", "news": "gained"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("nonsense", "rules:"),
        ("[words]\n", "[words] is none of"),
        ("[weights.verdict]\nrelevnt = 1\n", "there is no 'relevnt'"),
        ("[add.xx.terms.a]\nstrong = ['b']\n", "there are no terms for 'xx'"),
    ],
)
def test_a_wrong_file_gets_one_line(text: str, complaint: str) -> None:
    with pytest.raises(OperatorError) as raised:
        load_rules(text)
    assert complaint in str(raised.value) and "\n" not in str(raised.value)


def test_a_removed_word_no_longer_counts() -> None:
    ours, without = load_rules(), load_rules('[remove]\nen = ["standard contractual clauses"]\n')
    assert ours.version != without.version
    assert load_rules().version == ours.version
