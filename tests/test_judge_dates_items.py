"""Items with days, as lists and feeds print them in sixteen languages: each day with its kind, and no other."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.judging import judge
from bot.judge import load_rules
from bot.judge.dates import dates_of

RULES = load_rules()
LINES = (Path(__file__).parent / "judge_dates.txt").read_text("utf-8").splitlines()
ITEMS = [tuple(line.split("|")) for line in LINES if line and not line.startswith("#")]


def days(text: str, language: str, *, title: str = "", published: date | None = None) -> set[str]:
    found = dates_of(title, text, rules=RULES, language=language[:2], published=published)
    assert all(one.quote in title or one.quote in text for one in found)
    return {f"{one.kind}:{one.date}" for one in found if one.kind != "published"}


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{item[0]} {item[4][:40]}")
def test_an_item_gives_the_days_that_bind_and_no_others(item: tuple[str, ...]) -> None:
    language, labels, published, _, title, text = item
    said = date.fromisoformat(published) if published else None
    assert days(text, language, title=title, published=said) == set(labels.split())


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "Firms must adapt their contracts by the end of February 2028.", "deadline:2028-02-29"),
        ("en", "Firms must adapt their contracts by the end of 2028.", "deadline:2028-12-31"),
        ("de", "Ab Juli 2027 gilt die neue Verordnung.", "effective:2027-07-01"),
        ("zh", "自2027年7月起，不得向境外提供上述数据。", "effective:2027-07-01"),
        ("ko", "2027년 7월부터 국외 이전이 금지된다.", "effective:2027-07-01"),
        ("fr", "Les contrats doivent être adaptés d'ici fin mars 2027.", "deadline:2027-03-31"),
        ("en", "The rules come into force in July 2027.", ""),
        ("en", "The rules come into force in 2027.", ""),
        ("en", "Firms must adapt their contracts by July 2027.", ""),
    ],
)
def test_a_month_is_a_day_only_where_the_text_names_its_edge(language: str, text: str, found: str) -> None:
    assert days(text, language) == set(found.split())


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        (
            "en",
            "The Regulation entered into force on 1 March 2026. Controllers must comply within 18 months of its entry "
            "into force.",
            "effective:2026-03-01 deadline:2027-09-01",
        ),
        (
            "de",
            "Die Verordnung tritt am 1. März 2026 in Kraft. Bestehende Verträge sind innerhalb von zwei Jahren nach "
            "Inkrafttreten anzupassen.",
            "effective:2026-03-01 deadline:2028-03-01",
        ),
        ("zh", "《办法》于2026年4月15日公布，自公布之日起六十日后施行。", "effective:2026-06-14"),
        ("en", "The controller shall reply within one month of receipt of the request.", ""),
        ("en", "Controllers must comply within 18 months of its entry into force.", ""),
    ],
)
def test_a_limit_is_counted_from_the_one_day_that_the_text_names(language: str, text: str, found: str) -> None:
    assert days(text, language) == set(found.split())


def judged(item: dict[str, str]) -> list[str]:
    (line,) = CliRunner().invoke(judge, input=json.dumps(item)).output.splitlines()
    return [one["date"] for one in json.loads(line)["dates"]]


def test_a_day_without_its_year_lies_near_the_day_of_publication() -> None:
    item = {"title": "《数据出境安全评估办法》公布", "text": "《办法》自3月1日起施行。", "language": "zh"}
    assert judged(item | {"date": "2026-12-20"}) == ["2027-03-01"]
    assert judged(item | {"date": "2026-03-02"}) == ["2026-03-01"]
    assert judged(item | {"date": "2026-08-31"}) == judged(item) == judged(item | {"date": "soon"}) == []
