"""One altered word in a law of two hundred articles stands in the first line of its finding."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import diff
from bot.judge import judge, load_rules
from bot.model import Block, Change, Finding, Source, Version

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RULES = load_rules()
OLD, NEW = Version(1, "law", NOW, 1, "f"), Version(2, "law", NOW, 2, "f")
ARTICLES = 200
LAWS = {
    "en": (
        "Article {n}",
        "The controller may notify the authority within 30 days before the personal data listed in annex {n} are "
        "transferred to a third country, and keeps a register of 1,000 entries.",
        (("may", "shall"), ("30", "60"), ("before", "after"), ("third country", "affiliate"), ("1,000", "500")),
    ),
    "zh": (
        "第{n}条",
        "个人信息处理者可以在30日内向主管部门申报附件{n}所列个人信息出境活动，并保存三年。",
        (("可以", "应当"), ("30日", "60日"), ("申报", "报告"), ("三年", "五年"), ("主管部门", "省级部门")),
    ),
    "ja": (
        "第{n}条",
        "個人情報取扱事業者は、別表{n}に掲げる個人データを外国にある第三者に提供する場合には、30日以内に届け出ることが"
        "できる。",
        (("できる", "できない"), ("30日", "60日"), ("届け出る", "報告する"), ("第三者", "子会社"), ("以内", "以後")),
    ),
    "de": (
        "§ {n}",
        "Der Verantwortliche kann die Übermittlung der in Anlage {n} genannten personenbezogenen Daten in ein "
        "Drittland binnen 30 Tagen anzeigen.",
        (("kann", "muss"), ("30", "60"), ("anzeigen", "melden"), ("genannten", "bezeichneten"), ("binnen", "nach")),
    ),
}


def law(language: str, *, altered: int = 0, words: tuple[str, str] = ("", "")) -> tuple[Block, ...]:
    label, text, _ = LAWS[language]
    made = []
    for number in range(1, ARTICLES + 1):
        said = text.format(n=number)
        made.append(Block("heading", label.format(n=number)))
        said = said.replace(*words, 1) if number == altered else said
        made.append(Block("paragraph", said, (label.format(n=number),)))
    return tuple(made)


def judged(before: tuple[Block, ...], after: tuple[Block, ...], language: str) -> Finding:
    source = Source("law", "https://law.example/", title="Law", authority="Parliament", language=language)
    edits = diff.edits(before, after)
    change = Change(1, "law", NOW, "source", OLD, NEW, tuple(edits))
    return judge(change, before=before, after=after, edits=edits, source=source, rules=RULES, now=NOW)


@pytest.mark.parametrize("language", sorted(LAWS))
@settings(max_examples=12, deadline=None)
@given(st.data())
def test_the_altered_word_and_its_article_stand_in_the_first_line(language: str, data: st.DataObject) -> None:
    label, _, pairs = LAWS[language]
    number, words = data.draw(st.integers(1, ARTICLES)), data.draw(st.sampled_from(pairs))
    finding = judged(law(language), law(language, altered=number, words=words), language)
    assert all(word in finding.headline for word in (*words, label.format(n=number))), finding.headline
    assert finding.verdict != "not_relevant"


def test_a_figure_is_struck_whole_and_never_cut_at_its_comma() -> None:
    finding = judged(law("en"), law("en", altered=7, words=("1,000", "500")), "en")
    marked = [quote.text[low:high] for quote in finding.quotes for low, high in quote.spans]
    assert marked == ["1,000", "500"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("may transfer", "may freely transfer", "came in"), ("may freely transfer", "may transfer", "was taken out")],
)
def test_a_word_that_only_came_or_went_is_never_printed_beside_nothing(old: str, new: str, said: str) -> None:
    text = "Exporters {} personal data abroad to recipients in third countries."
    sides = [(Block("paragraph", text.format(words), (), "Article 5"),) for words in (old, new)]
    finding = judged(sides[0], sides[1], "en")
    told = [finding.headline, *finding.sentences, *(reason.quote for reason in finding.reasons)]
    assert not any("nothing" in line for line in told)
    assert said in finding.headline
