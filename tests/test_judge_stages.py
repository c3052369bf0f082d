"""Items as lists print them: where the act stands, beside the days that bind."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.judge import load_rules
from bot.judge.dates import dates_of
from bot.judge.folding import fold
from bot.judge.stage import stage

RULES = load_rules()
TODAY = date(2026, 11, 22)
LINES = (Path(__file__).parent / "judge_stages.txt").read_text("utf-8").splitlines()
ITEMS = [tuple(line.split("|")) for line in LINES if line and not line.startswith("#")]


def stands(title: str, text: str = "", *, language: str = "en") -> str:
    dates = dates_of(title, text, rules=RULES, language=language)
    found = stage(fold(title), fold(text), dates=dates, today=TODAY, rules=RULES, language=language)
    assert found is None or found.quote in title or found.quote in text
    return found.value if found else ""


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: f"{item[0]} {item[4][:40]}")
def test_an_item_gives_its_days_and_its_stage(item: tuple[str, ...]) -> None:
    language, labels, wanted, _, title, text = item
    found = dates_of(title, text, rules=RULES, language=language[:2])
    assert {f"{one.kind}:{one.date}" for one in found if one.kind != "published"} == set(labels.split())
    assert not wanted or stands(title, text, language=language[:2]) == wanted


@pytest.mark.parametrize(
    ("language", "title", "text", "wanted"),
    [
        ("en", "Resolution of 20 May 2021 on the ruling of the Court of Justice", "", "adopted"),
        ("en", "Ruling of the Court of Justice on standard contractual clauses", "", "court"),
        ("fr", "Arrêté du 3 mars 2026 relatif aux transferts de données", "", "adopted"),
        ("fr", "Arrêt du 16 juillet 2020 sur les transferts de données", "", "court"),
        ("zh-Hant", "立法院審查個人資料保護法修正草案", "", "proposal"),
        ("zh-Hant", "法院判決：業者不得將個資傳輸至境外", "", "court"),
        ("en", "Court dismisses action for annulment of the adequacy decision", "", "court"),
        ("en", "Court annuls the adequacy decision", "", "annulled"),
        ("en", "Transfer rules", "Contracts signed by exporters must name the country of storage.", ""),
        ("en", "Transfer rules", "The two governments signed a memorandum of understanding.", "agreement"),
        ("en", "Transfer rules", "The decision is valid until 30 June 2028.", "in_force"),
        ("en", "Transfer rules", "The decision was valid until 30 June 2026.", "expired"),
        ("en", "Draft transfer rules", "Comments are due by 30 June 2026.", "consultation"),
        ("en", "Public consultation: guidelines on data transfers", "We invite views on the draft.", "consultation"),
        ("en", "Draft transfer rules", "Firms would have to comply by 30 June 2028.", "proposal"),
    ],
)
def test_words_that_look_alike_do_not_stand_for_one_another(
    language: str, title: str, text: str, wanted: str
) -> None:
    assert stands(title, text, language=language[:2]) == wanted
