"""A pattern behind a sieve finds exactly what the pattern finds."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge import undone
from bot.sieve import Sieved, looser

SAID = (
    "the order has not yet entered into force on 1 march 2026",
    "die verordnung tritt am 1. märz 2026 noch nicht in kraft",
    "le décret n'est pas encore entré en vigueur le 1er mars",
    "закон не вступил в силу 1 марта 2026 года",
    "nghị định chưa có hiệu lực từ ngày 1 tháng 3",
    "لن يدخل القانون حيز التنفيذ في 1 مارس",
    "同日起不再施行，推迟至2027年1月1日",
    "施行は見送られ、2027年1月1日に延期された",
    "yürürlüğe girmez ve 1 ocak 2027 tarihine ertelendi",
    "extended until 1 june, was due to take effect in may",
    "the rules apply from 1 june 2026",
)
BESIDE = {"\n", "  ", "\u00a0", "²", "٣", "niet", "geldt", "in"}
WORDS = sorted({word for said in SAID for word in said.split()} | BESIDE)
SIEVED = [value for value in vars(undone).values() if isinstance(value, Sieved)]


def test_some_patterns_stand_behind_a_sieve() -> None:
    assert SIEVED


@pytest.mark.parametrize("said", SAID)
def test_what_the_pattern_finds_is_found_behind_the_sieve(said: str) -> None:
    for sieved in SIEVED:
        plain = re.compile(sieved.pattern)
        assert [m.span() for m in sieved.finditer(said)] == [m.span() for m in plain.finditer(said)]


@given(st.lists(st.sampled_from(WORDS), max_size=14), st.integers(0, 30), st.integers(0, 90))
def test_the_sieve_lets_every_match_through_whatever_stands_beside_it(words: list[str], low: int, high: int) -> None:
    text = " ".join(words)
    for sieved in SIEVED:
        plain, behind = re.compile(sieved.pattern).search(text, low, high), sieved.search(text, low, high)
        assert (plain and plain.span()) == (behind and behind.span())


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\bне \w+", "он не вступил"),
        (r"(?<!un)lawful(?! use)", "it is lawful"),
        (r"(?P<n>\d+)\s?日$", "３日\n"),
        (r"[^,;]{0,5}x|\W+y", "— y"),
        (r"(?:^|\W)لا", "لا"),
    ],
)
def test_a_looser_pattern_matches_wherever_the_pattern_does(pattern: str, text: str) -> None:
    assert re.search(pattern, text)
    assert Sieved(pattern).search(text), looser(pattern)


@pytest.mark.parametrize("text", ["INCIDENT 12", "incıdent 12", "İncident 12", "Ref. 4711", "nothing", "ſupport 9"])
def test_without_regard_to_case_the_same_is_found(text: str) -> None:
    pattern = r"\b(?:incident|ref|support)\W+\d+"
    wanted = re.search(pattern, text, re.IGNORECASE)
    found = Sieved(pattern, ignore_case=True).search(text)
    assert (wanted and wanted.span()) == (found and found.span())


def test_the_sieve_keeps_texts_from_the_pattern() -> None:
    assert not Sieved(r"\bnot (?:yet )?in force").search("the rules apply from 1 june 2026")
    assert list(Sieved("a").finditer("bbb")) == []
