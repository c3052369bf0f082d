"""What a Finding states of bound, data, sectors, stage and corridors stands word for word in the texts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import diff
from bot.judge import judge, judge_text, load_rules
from bot.model import Block, Change, Finding, Source, Version

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RULES = load_rules()
OLD, NEW = Version(1, "law", NOW, 1, "f"), Version(2, "law", NOW, 2, "f")
WORDS = [
    "transfer of personal data to third countries", "the data exporter", "the data importer", "health data",
    "banking sector", "is repealed.", "enters into force on 3 May 2027.", "from Japan", "to China",
    "public consultation", "important data",
    "数据出境安全评估", "数据处理者", "敏感个人信息", "金融", "自2027年1月1日起施行。", "个人信息出境", "Ünïcode ﬁne",
    "\n", ".", "；",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(" ".join)
LAW = st.lists(TEXTS, min_size=1, max_size=5)


def blocks(texts: list[str]) -> tuple[Block, ...]:
    return tuple(Block("paragraph", text, ("Chapter V",), f"Article {n}") for n, text in enumerate(texts, 1))


def judged(before: tuple[Block, ...], after: tuple[Block, ...], *, new: bool = False, language: str = "") -> Finding:
    source = Source("law", "https://law.example/", title="Law", jurisdiction="EU", language=language)
    edits = () if new else diff.edits(before, after)
    change = Change(1, "law", NOW, "new" if new else "source", None if new else OLD, NEW, tuple(edits))
    return judge(
        change, before=before, after=after, edits=edits, source=source, rules=RULES, now=NOW, headline="Title of it"
    )


def values(finding: Finding) -> set[tuple[str, str]]:
    found = {("bound", value) for value in finding.bound} | {("data", value) for value in finding.data}
    found |= {("sector", value) for value in finding.sectors} | {("stage", value) for value in [finding.stage] if value}
    return found | {("corridor", "->".join(pair)) for pair in finding.corridors}


@settings(max_examples=120, deadline=None)
@given(LAW, LAW)
def test_every_stated_value_of_an_amendment_has_a_quote_found_in_the_texts(old: list[str], new: list[str]) -> None:
    finding = judged(blocks(old), blocks(new))
    assert {(one.kind, one.value) for one in finding.stated} == values(finding)
    assert all(one.quote and any(one.quote in text for text in [*old, *new, "Title of it"]) for one in finding.stated)


@settings(max_examples=80, deadline=None)
@given(LAW)
def test_every_stated_value_of_a_new_document_has_a_quote_found_in_it(texts: list[str]) -> None:
    finding = judged((), blocks(texts), new=True)
    assert {(one.kind, one.value) for one in finding.stated} == values(finding)
    assert all(one.quote and any(one.quote in text for text in [*texts, "Title of it"]) for one in finding.stated)


def test_an_exporter_of_health_data_is_stated_with_its_sentence() -> None:
    text = "The data exporter shall assess each transfer of health data to a third country. It keeps a record."
    finding = judged((), blocks([text]), new=True, language="en")
    assert ("bound", "exporter", text.partition(" It")[0]) in finding.stated
    assert ("data", "health", text.partition(" It")[0]) in finding.stated


@pytest.mark.parametrize(
    ("title", "text", "url", "language", "corridors"),
    [
        (
            "National Trade Estimate Report: China",
            "China's restrictions on cross-border data transfers remain a barrier.",
            "https://ustr.gov/x",
            "en",
            (("CN", "*"),),
        ),
        (
            "Vietnam: cross-border data transfers",
            "A dossier is required before personal data are transferred abroad.",
            "https://www.state.gov/x",
            "en",
            (("VN", "*"),),
        ),
        ("China's new rules on data export to the United States", "", "https://ustr.gov/x", "en", (("CN", "US"),)),
        ("Commission adopts adequacy decision for Japan", "", "https://ec.europa.eu/x", "en", (("EU", "JP"),)),
        ("DPC fines app over transfers of EEA user data to China", "", "https://www.dataprotection.ie/", "en",
         (("EU", "CN"),)),
        ("越南个人数据跨境传输规则", "", "https://www.example.cn/", "zh", (("VN", "*"),)),
        ("促进和规范数据跨境流动规定", "", "https://www.cac.gov.cn/x", "zh", (("CN", "*"),)),
    ],
)  # fmt: skip
def test_a_corridor_begins_where_the_rules_are_made_not_where_they_are_reported(
    title: str, text: str, url: str, language: str, corridors: tuple[tuple[str, str], ...]
) -> None:
    finding = judge_text(id="", title=title, text=text, url=url, language=language, rules=RULES, now=NOW)
    assert finding.corridors == corridors


def test_an_amended_passage_of_a_foreign_report_speaks_of_the_jurisdiction_in_its_heading() -> None:
    old = "Cross-border transfers of personal data are permitted after a filing."
    sides = [(Block("paragraph", text, ("CHINA", "Digital trade")),) for text in (old, old.replace("filing", "permit"))]
    source = Source("r", "https://r.example/", title="Report on barriers", jurisdiction="US", language="en")
    edits = diff.edits(sides[0], sides[1])
    change = Change(1, "r", NOW, "source", OLD, NEW, tuple(edits))
    finding = judge(change, before=sides[0], after=sides[1], edits=edits, source=source, rules=RULES, now=NOW)
    assert finding.corridors == (("CN", "*"),)


def test_terms_of_another_language_are_glossed_and_not_translated() -> None:
    finding = judged((), blocks(["数据出境应当通过安全评估。"]), new=True, language="zh")
    assert any("“数据出境” (data export)" in sentence for sentence in finding.sentences)
    english = judged((), blocks(["Transfers of personal data abroad need consent."]), new=True, language="en")
    assert len(english.sentences) == 2
