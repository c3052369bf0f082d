"""Dates: as they are written in the languages we read, and only what the text says of them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge import load_rules
from bot.judge.dates import dated_quotes, find_dates
from bot.judge.folding import fold

RULES = load_rules()


def dates(text: str, language: str = "") -> list[date]:
    return [found.date for found in find_dates(fold(text), months=RULES.months, language=language)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on 10 July 2024", date(2024, 7, 10)),
        ("on July 10, 2024", date(2024, 7, 10)),
        ("the 3rd day of June, 2025", date(2025, 6, 3)),
        ("12 Feb 2025", date(2025, 2, 12)),
        ("Sept. 5, 2025", date(2025, 9, 5)),
        ("2024-07-10", date(2024, 7, 10)),
        ("2024/7/10", date(2024, 7, 10)),
        ("10.07.2024", date(2024, 7, 10)),
        ("2024年7月10日", date(2024, 7, 10)),
        ("二〇二四年七月十日", date(2024, 7, 10)),
        ("中華民國112年5月31日", date(2023, 5, 31)),
        ("民國一百十三年一月二日", date(2024, 1, 2)),
        ("令和6年4月1日", date(2024, 4, 1)),
        ("令和元年12月13日", date(2019, 12, 13)),
        ("平成二十九年五月三十日", date(2017, 5, 30)),
        ("昭和63年12月16日", date(1988, 12, 16)),
        ("2023년 9월 15일", date(2023, 9, 15)),
        ("le 1er juillet 2025", date(2025, 7, 1)),
        ("am 1. September 2023", date(2023, 9, 1)),
        ("el 10 de julio de 2024", date(2024, 7, 10)),
        ("em 23 de agosto de 2024", date(2024, 8, 23)),
        ("il 25 maggio 2018", date(2018, 5, 25)),
        ("op 1 januari 2026", date(2026, 1, 1)),
        ("ngày 01 tháng 7 năm 2025", date(2025, 7, 1)),
        ("ngày 17/4/2023", date(2023, 4, 17)),
        ("17 Oktober 2024", date(2024, 10, 17)),
        ("с 1 июля 2025 года", date(2025, 7, 1)),
        ("10 Temmuz 2024", date(2024, 7, 10)),
        ("١٤ سبتمبر ٢٠٢٤", date(2024, 9, 14)),
        ("１０ July ２０２４", date(2024, 7, 10)),
    ],
)
def test_a_date_is_read_as_it_is_written(text: str, day: date) -> None:
    assert dates(text) == [day]


@pytest.mark.parametrize(
    "text",
    ["10 July", "July 2024", "3月22日", "Article 10 2024", "30 February 2024", "32.13.2024", "version 2.4.2024.1"],
)
def test_what_is_no_complete_date_is_none(text: str) -> None:
    assert dates(text) == []


def test_an_english_date_that_may_be_read_two_ways_is_none() -> None:
    assert dates("03/04/2025", "en") == []
    assert dates("03/04/2025", "fr") == [date(2025, 4, 3)]


@pytest.mark.parametrize(
    ("text", "kind", "day"),
    [
        ("The rule enters into force on 1 January 2027.", "effective", date(2027, 1, 1)),
        ("Comments are due by 28 February 2026.", "deadline", date(2026, 2, 28)),
        ("The decisions will expire on 27 June 2025.", "expires", date(2025, 6, 27)),
        ("本办法自2022年9月1日起施行。", "effective", date(2022, 9, 1)),
        ("意见反馈截止时间为2023年5月15日。", "deadline", date(2023, 5, 15)),
        ("この法律は、令和4年4月1日から施行する。", "effective", date(2022, 4, 1)),
        ("이 법은 2023년 9월 15일부터 시행한다.", "effective", date(2023, 9, 15)),
        ("Le décret entre en vigueur le 1er juin 2025.", "effective", date(2025, 6, 1)),
        ("Das Gesetz tritt am 1. September 2023 in Kraft.", "effective", date(2023, 9, 1)),
        ("El reglamento entra en vigor el 10 de julio de 2024.", "effective", date(2024, 7, 10)),
        ("A resolução entra em vigor em 23 de agosto de 2024.", "effective", date(2024, 8, 23)),
        ("Nghị định có hiệu lực từ ngày 01 tháng 7 năm 2023.", "effective", date(2023, 7, 1)),
        ("Закон вступает в силу с 1 марта 2023 года.", "effective", date(2023, 3, 1)),
        ("Yönetmelik 10 Temmuz 2024 tarihinde yürürlüğe girer.", "effective", date(2024, 7, 10)),
    ],
)
def test_a_date_has_the_kind_that_its_sentence_says(text: str, kind: str, day: date) -> None:
    found = dated_quotes(f"Something else. {text} And more.", rules=RULES)
    assert [(one.kind, one.date) for one in found] == [(kind, day)]
    assert str(day.day) in found[0].quote or "元" in found[0].quote


def test_a_date_of_which_the_text_says_nothing_is_left_out() -> None:
    assert dated_quotes("The board met on 10 July 2024 in Paris.", rules=RULES) == ()


def test_a_word_speaks_only_of_the_date_it_stands_nearest_to() -> None:
    text = "Published on 1 May 2024; it enters into force on 1 January 2025."
    assert [(one.kind, one.date) for one in dated_quotes(text, rules=RULES)] == [
        ("published", date(2024, 5, 1)),
        ("effective", date(2025, 1, 1)),
    ]


@given(st.text(alphabet="0123456789年月日民國令和元十百/.- July,", max_size=40))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    dated_quotes(text, rules=RULES)
