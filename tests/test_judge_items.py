"""Items of our own in the form of lists, feeds and headlines, labelled by hand: how many are told, doubted and missed.

The file says how they came to be; docs/decisions/0029-items-of-our-own.md what each set reached at first sight.
"""

from __future__ import annotations

import io
import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.cli import main
from bot.judge import judge_text, load_rules
from bot.model import Finding

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RULES = load_rules()
LISTS = "abcdef"  # fitted: what they missed at first has shown what was missing
HEADLINES = "gpq"  # fitted too, titles alone and harder
UNSEEN = "h"  # the last: its floors lie under what it reached at first sight


class Item(NamedTuple):
    """One labelled item, as a list would show it."""

    set: str
    language: str
    relevant: bool
    topics: frozenset[str]
    publisher: str
    title: str
    text: str


@cache
def items() -> tuple[tuple[Item, Finding], ...]:
    lines = Path(__file__).with_name("judge_items.txt").read_text("utf-8").splitlines()
    return tuple((item, judged(item)) for item in map(item_of, lines) if item)


def item_of(line: str) -> Item | None:
    if line.startswith("# "):
        return None
    name, language, sign, topics, _, _, publisher, title, text = line.split("|")
    return Item(name, language, sign == "+", frozenset(filter(None, topics.split(","))), publisher, title, text)


def judged(item: Item) -> Finding:
    return judge_text(
        id="", title=item.title, text=item.text, publisher=item.publisher, language=item.language, rules=RULES, now=NOW
    )


def of(sets: str) -> list[tuple[Item, Finding]]:
    return [pair for pair in items() if pair[0].set in sets]


def verdicts(pairs: Iterable[tuple[Item, Finding]]) -> Mapping[tuple[bool, str], int]:
    return Counter((item.relevant, finding.verdict) for item, finding in pairs)


def seen(pairs: Iterable[tuple[Item, Finding]]) -> float:
    """The share of relevant items that reach a person, as an alert or as a doubt."""
    found = [finding.verdict != "not_relevant" for item, finding in pairs if item.relevant]
    return sum(found) / len(found)


def right(pairs: Iterable[tuple[Item, Finding]]) -> float:
    """The share of told items that are relevant."""
    told = [item.relevant for item, finding in pairs if finding.verdict == "relevant"]
    return sum(told) / len(told)


def doubted(pairs: list[tuple[Item, Finding]]) -> float:
    return sum(finding.verdict == "uncertain" for _, finding in pairs) / len(pairs)


def test_of_fitted_items_nineteen_in_twenty_reach_a_person_and_hardly_any_is_told_wrongly() -> None:
    pairs = of(LISTS)
    assert len(pairs) > 700
    assert seen(pairs) >= 0.96 and right(pairs) >= 0.98 and doubted(pairs) <= 0.08


def test_of_fitted_items_no_language_falls_behind() -> None:
    for language in {item.language for item, _ in of(LISTS)}:
        pairs = [pair for pair in of(LISTS) if pair[0].language == language]
        counted = verdicts(pairs)
        found, wrong = counted[True, "relevant"], counted[False, "relevant"]
        missed = counted[True, "uncertain"] + counted[True, "not_relevant"]
        assert 2 * found / (2 * found + wrong + missed) >= (0.88 if len(pairs) >= 30 else 0.8), language


def test_of_the_last_set_as_many_reach_a_person_and_are_told_rightly_as_at_first_sight() -> None:
    pairs = of(UNSEEN)
    assert len(pairs) >= 100
    assert seen(pairs) >= 0.92 and right(pairs) >= 0.95 and doubted(pairs) <= 0.1


def test_of_short_headlines_of_the_press_five_in_six_reach_a_person() -> None:
    assert seen(of(HEADLINES)) >= 0.84


def test_of_tempting_headlines_none_is_told_and_one_in_seven_at_most_is_doubted() -> None:
    assert [item.title for item, finding in of("n") if finding.verdict == "relevant"] == []
    assert doubted(of("n")) <= 1 / 7


def test_three_in_four_topics_are_named_and_three_in_four_named_are_right() -> None:
    named = [(item.topics, set(finding.topics) - {"market_access"}) for item, finding in of(LISTS) if item.topics]
    right = sum(len(labels & found) for labels, found in named)
    assert right / sum(len(found) for _, found in named) >= 0.74
    assert right / sum(len(labels) for labels, _ in named) >= 0.72


@pytest.mark.parametrize(
    "title",
    [
        "China transfers of personal data prohibited",
        "EU → US transfers suspended",
        "UK -> China transfers banned",
        "Transfers from the EU to China prohibited",
        "EU-US data transfers suspended",
        "Transferts vers la Chine interdits",
        "Suspendidas las transferencias a China",
        "Sospesi i trasferimenti verso gli USA",
        "中国への個人データ移転を禁止",
        "중국으로 개인정보 이전 금지",
        "欧盟→美国数据传输被暂停",
        "ICO: Guidance on international transfers to Japan",
    ],
)
def test_a_headline_that_stops_or_guides_transfers_to_a_place_is_told_through_the_judge_command(
    title: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps({"id": "1", "title": title}) + "\n"))
    assert main(["--home", str(tmp_path), "judge"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "relevant"


@pytest.mark.parametrize(
    "title",
    [
        "UK-Albania prisoner transfers suspended",
        "India bans fund transfers to Pakistan",
        "Spain transfers competence on data to regions",
        "Japan transfers ownership of data centre",
        "France: hospital fined after patient data was transferred to insurer",
    ],
)
def test_transfers_of_something_else_between_places_are_not_told(title: str) -> None:
    assert judge_text(id="", title=title, text="", rules=RULES, now=NOW).verdict == "not_relevant"


@pytest.mark.parametrize(
    ("title", "publisher"),
    [
        ("Certain traffic data must not leave India", "MeitY"),
        ("Personal data can now be sent from the EU as if within it", "European Commission"),
        ("General directive takes effect: moving data out of Nigeria", "NDPC"),
        ("資料轉移至香港以外地方", "PCPD"),
    ],
)
def test_beyond_ones_own_border_is_abroad_too(title: str, publisher: str) -> None:
    assert judge_text(id="", title=title, text="", publisher=publisher, rules=RULES, now=NOW).verdict == "relevant"


def test_a_breach_speaks_against_a_title_and_not_against_rules_that_mention_one() -> None:
    body = "Personal data may be sent abroad with consent. A data breach must be notified within 72 hours."
    assert judge_text(id="", title="New rules", text=body, rules=RULES, now=NOW).verdict == "relevant"
    title = "US hospital chain discloses data breach"
    assert judge_text(id="", title=title, text="", rules=RULES, now=NOW).verdict == "not_relevant"


def test_one_endless_sentence_full_of_our_words_is_read_in_time_that_grows_with_its_length() -> None:
    line = "向美国传输个人数据被黑客美国政府访问"
    begun = time.process_time()
    found = judge_text(id="", title="", text=line * 6_000, rules=RULES, now=NOW)
    assert found.verdict != "" and time.process_time() - begun < 8  # it took 40 s where each word met each other
