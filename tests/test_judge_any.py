"""No text, however odd, breaks the judge or the alert, and equal input gives an equal answer."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import diff
from bot.judge import judge, load_rules
from bot.messages import alert, plain, search_text
from bot.model import Block, Change, Source, Version

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RULES = load_rules()
SOURCE = Source("s", "https://s.example/", title="S", jurisdiction="EU", topics=("adequacy",))
OLD, NEW = Version(1, "s", NOW, 1, "f"), Version(2, "s", NOW, 2, "f")
WORDS = st.sampled_from(
    ["data", "transfer", "abroad", "İstanbul", "ﬁne", "第三条", "Article 5", "may", "shall not", "1 May 2027", "数据",
     "出境", "from Japan", "EU-U.S.", "…", ".", "\n", "е\u0301", "ก", "2024年", "ǅ",
     "🇪🇺", "\u200b", "from", "以外", "30 days"]
)  # fmt: skip
TEXT = st.lists(WORDS, min_size=0, max_size=25).map(" ".join) | st.text(max_size=60)
BLOCK = st.builds(
    Block,
    kind=st.sampled_from(["heading", "paragraph", "row"]),
    text=TEXT,
    path=st.lists(TEXT, max_size=2).map(tuple),
    label=st.sampled_from(["", "Article 5", "第三条", "(1)"]),
    place=st.sampled_from(["body", "body", "aside", "about", "supplement"]),
)
ITEM = st.builds(Block, kind=st.just("item"), text=TEXT, key=TEXT.filter(bool), note=TEXT)
SIDE = st.lists(BLOCK, max_size=6) | st.lists(ITEM, max_size=6, unique_by=lambda block: block.key)


@settings(max_examples=300, deadline=None)
@given(SIDE, SIDE)
def test_any_two_versions_are_judged_and_told_without_error(before: list[Block], after: list[Block]) -> None:
    edits = diff.edits(before, after)
    change = Change(1, "s", NOW, "source", OLD, NEW, tuple(edits))
    finding = judge(change, before=before, after=after, edits=edits, source=SOURCE, rules=RULES, now=NOW)
    assert finding == judge(change, before=before, after=after, edits=edits, source=SOURCE, rules=RULES, now=NOW)
    assert plain(alert(change, finding, before=before, after=after, edits=edits, source=SOURCE))
    search_text(change, before, after, edits, SOURCE)


@settings(max_examples=150, deadline=None)
@given(SIDE, st.sampled_from(["baseline", "new"]))
def test_any_document_is_judged_without_error(after: list[Block], cause: str) -> None:
    change = Change(1, "s", NOW, cause, None, NEW, ())
    finding = judge(change, before=(), after=after, edits=(), source=SOURCE, rules=RULES, now=NOW)
    assert plain(alert(change, finding, before=(), after=after, edits=diff.of_new(after), source=SOURCE))
    assert len(search_text(change, (), after, diff.of_new(after), SOURCE).encode()) <= 8_000


def test_a_very_long_document_is_read_in_part_and_the_telling_passage_is_found() -> None:
    filler = [Block("paragraph", f"Section {n} speaks of chairs, tables and office hours.") for n in range(4000)]
    told = Block("paragraph", "Transfers of personal data to third countries require standard contractual clauses.")
    blocks = [*filler[:3000], told, *filler[3000:]]
    change = Change(1, "s", NOW, "new", None, NEW, ())
    finding = judge(change, before=(), after=blocks, edits=(), source=SOURCE, rules=RULES, now=NOW)
    assert finding.verdict == "relevant"
    assert finding.quotes[0].text == told.text
