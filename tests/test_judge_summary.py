"""Every sentence of a summary stands in the text it speaks of."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import diff
from bot.judge import judge, load_rules
from bot.model import Block, Change, Finding, Source, Version

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RULES = load_rules()
SOURCE = Source("law", "https://law.example/", title="Transfers of personal data", jurisdiction="EU")
OLD, NEW = Version(1, "law", NOW, 1, "f"), Version(2, "law", NOW, 2, "f")
WORDS = [
    "transfer of personal data to third countries", "may", "shall", "not", "30 days", "adequacy decision", "Japan",
    "by 1 March 2027", "enters into force on 3 May 2027.", "standard contractual clauses", "数据出境安全评估", "应当",
    "自2027年1月1日起施行。", "the controller", "stored locally", ".", ";",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=40).map(" ".join)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # days are given as days, however the text writes them
HEADING = "Chapter V"
LAWS = st.lists(TEXTS, min_size=1, max_size=6)


def blocks(texts: list[str]) -> tuple[Block, ...]:
    return tuple(Block("paragraph", text, (HEADING,), f"Article {n}") for n, text in enumerate(texts, 1))


def traced(finding: Finding, *texts: str) -> bool:
    """Whether every quotation of every sentence stands in one of the texts."""
    quotations = [re.findall("“(.*?)”", sentence) for sentence in finding.sentences]
    stretches = [quotation.strip("…").strip() for found in quotations for quotation in found]
    return all(quotations) and all(any(stretch in text for text in (*texts, HEADING)) for stretch in stretches)


def weighed(finding: Finding, old: str, new: str) -> bool:
    """Whether each binding word and number that gained or lost force stands in the text on its side."""
    told = [force for force in finding.force if force.kind in ("modality", "negation", "number", "reference")]
    became = re.findall("‘(.*?)’ became ‘(.*?)’", finding.headline)
    pairs = [*((force.before, force.after) for force in told), *became]
    return all(was in old and now in new for was, now in pairs if not DAY.match(was + now))


@settings(max_examples=150, deadline=None)
@given(LAWS, LAWS)
@example(
    ["enters into force on 3 May 2027. transfer of personal data to third countries"],
    ["enters into force on 3 May 2027. 数据出境安全评估 30 days"],
)
@example(["enters into force on 3 May 2027."], ["enters into force on 3 May 2027. 30 days"])
@example(["The panel has 42 members. It may ask 42 others."], ["The panel has 42 members."])
def test_every_sentence_on_an_amendment_traces_to_the_old_or_the_new_text(old: list[str], new: list[str]) -> None:
    before, after = blocks(old), blocks(new)
    edits = diff.edits(before, after)
    change = Change(1, "law", NOW, "source", OLD, NEW, tuple(edits))
    finding = judge(change, before=before, after=after, edits=edits, source=SOURCE, rules=RULES, now=NOW)
    assert traced(finding, "\n".join(old), "\n".join(new))
    assert weighed(finding, "\n".join(old), "\n".join(new))
    assert len(finding.sentences) <= 5


@settings(max_examples=100, deadline=None)
@given(LAWS)
def test_every_sentence_on_a_new_document_traces_to_it(texts: list[str]) -> None:
    change = Change(1, "law", NOW, "new", None, NEW, ())
    finding = judge(change, before=(), after=blocks(texts), edits=(), source=SOURCE, rules=RULES, now=NOW)
    assert traced(finding, "\n".join(texts))


def test_a_summary_names_the_force_the_passage_and_the_day() -> None:
    before = blocks(["Exporters may assess every transfer of personal data to third countries by 1 March 2027."])
    after = blocks(["Exporters shall assess every transfer of personal data to third countries by 1 March 2027."])
    edits = diff.edits(before, after)
    change = Change(1, "law", NOW, "source", OLD, NEW, tuple(edits))
    finding = judge(change, before=before, after=after, edits=edits, source=SOURCE, rules=RULES, now=NOW)
    assert [sentence.partition(":")[0] for sentence in finding.sentences] == [
        "The binding force changed in Article 1", "Now says in Article 1", "Deadline 2027-03-01",
    ]  # fmt: skip
