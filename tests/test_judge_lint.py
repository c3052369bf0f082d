"""The lint of the term lists, and the term lists under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from bot.judge import load_rules
from bot.judge.lint import lint


def of_terms(words: Sequence[str], *, section: str = "terms") -> tuple[str, ...]:
    strengths: Mapping[str, Sequence[str]] = {"strong": words}
    return lint({"en": {section: {"adequacy": strengths}}})


def test_our_own_term_lists_are_without_fault() -> None:
    assert lint(load_rules().languages) == ()


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["adequacy decision", "Adequacy Decision"], "stands twice"),
        (["adequacy decision", "adequacy decisions"], "is found by “adequacy decision” anyway"),
        (["数据出境安全评估", "数据出境"], ""),
        (["adequacy decision ", "bcr"], "has spaces that no text has"),
        (["adequacy，decision"], "holds a mark that separates terms"),
        (["аdequacy"], "mixes letters of two scripts"),
        (["third country", "onward transfer", "third countryonward transfer"], "looks like two terms run together"),
        (["adequacy decision", "data bridge"], ""),
    ],
)
def test_a_fault_is_named_with_the_words_and_their_list(words: list[str], fault: str) -> None:
    found = of_terms(words)
    assert all(line.startswith("en terms.adequacy.strong: “") for line in found)
    assert any(fault in line for line in found) if fault else not [line for line in found if "anyway" not in line]


def test_one_term_in_two_lists_is_a_fault() -> None:
    found = lint({"en": {"terms": {"adequacy": {"strong": ["data bridge"]}, "bcr": {"weak": ["Data Bridge"]}}}})
    assert found == ("en terms.bcr.weak: “Data Bridge” stands in terms.adequacy.strong too",)
