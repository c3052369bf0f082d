"""What people read: the amended words themselves, harmless, with what we do not know."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import messages
from bot.judge import load_rules
from bot.model import (
    Block,
    Change,
    DatedQuote,
    Edit,
    Finding,
    Force,
    Message,
    Quote,
    Reason,
    Run,
    Source,
    Version,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SOURCE = Source(
    "eu", "https://edpb.example/x", title="Guidelines 05/2021", authority="EDPB", jurisdiction="EU", note="our note"
)
OLD = Block("paragraph", "Exporters may assess the law.", ("Chapter V",), label="Article 5")
NEW = Block("paragraph", "Exporters shall assess the law.", ("Chapter V",), label="Article 5")
EDIT = Edit("replace", 0, 0, ((10, 13, 10, 15),))
CHANGE = Change(17, "eu", NOW, "source", Version(1, "eu", NOW, 1, "f"), Version(2, "eu", NOW, 2, "f"), (EDIT,))
FINDING = Finding(
    17,
    NOW,
    "r1",
    "relevant",
    200,
    "EDPB: 1 passage amended in Article 5: ‘may’ became ‘shall’",
    reasons=(Reason("where we start", -200), Reason("“transfer” (strong)", 400, "added", "transfer")),
    quotes=(Quote("after", NEW.text),),
    force=(Force("modality", "may", "shall", ("Article 5",)),),
    corridors=(("EU", "*"),),
    mechanisms=("scc",),
    stage="in_force",
    dates=(DatedQuote("effective", date(2027, 1, 1), "It applies from 1 January 2027."),),
    unread=("the annex could not be read: timeout",),
)


def alert(
    finding: Finding = FINDING,
    *,
    before: tuple[Block, ...] = (OLD,),
    after: tuple[Block, ...] = (NEW,),
    edits: tuple[Edit, ...] = (EDIT,),
    source: Source = SOURCE,
    why: str = "you follow EU",
) -> Message:
    return messages.alert(
        CHANGE,
        finding,
        before=before,
        after=after,
        edits=edits,
        source=source,
        level=("plan", "in force 2027-01-01"),
        today=NOW.date(),
        why=why,
        public_url="http://127.0.0.1:8080/",
    )


def test_an_alert_shows_the_amended_words_old_struck_and_new_marked() -> None:
    runs = [run for line in alert().lines for run in line]
    assert Run("may", "del") in runs
    assert Run("shall", "ins") in runs
    assert "Exporters [-may-]{+shall+} assess the law." in messages.plain(alert())


@pytest.mark.parametrize(
    "words",
    [
        "EDPB",
        "Guidelines 05/2021",
        "binding force: [-may-] → {+shall+}",
        "Chapter V › Article 5",
        "EU → anywhere",
        "mechanism: scc",
        "stage: in force",
        "in force: 2027-01-01 (in 40 days) “It applies from 1 January 2027.”",
        "PLAN · EDPB: 1 passage amended",
        "PLAN (in force 2027-01-01) · for you because you follow EU",
        "published: the page gives no date · first seen 2026-11-22 09:00 UTC",
        "not read: the annex could not be read: timeout",
        "our note",
        "https://edpb.example/x",
        "http://127.0.0.1:8080/change/17",
    ],
)
def test_an_alert_says_who_what_why_when_and_where_the_proof_is(words: str) -> None:
    assert words in messages.plain(alert())


def test_force_stands_before_the_passage() -> None:
    text = messages.plain(alert())
    assert text.index("binding force") < text.index("assess the law")


def test_an_uncertain_finding_says_so_with_what_matched_and_an_unknown_stage_too() -> None:
    text = messages.plain(alert(replace(FINDING, verdict="uncertain", stage="")))
    assert "not certain" in text
    assert "matched: “transfer”" in text
    assert "whether it binds: not known" in text


def test_what_the_headline_says_is_not_said_again() -> None:
    item = Block("item", "Adequacy decision for Brazil", key="k", note="It enters into force on 1 March 2027.")
    dates = (DatedQuote("effective", date(2027, 3, 1), "It enters into force on 1 March 2027."),)
    finding = replace(FINDING, headline="EDPB: new item — Adequacy decision for Brazil", force=(), dates=dates)
    shown = alert(finding, before=(), after=(item,), edits=(Edit("new", after=0),))
    text = messages.plain(shown)
    assert text.count("EDPB") == text.count("Adequacy decision") == text.count("It enters into force") == 1
    assert "Guidelines 05/2021" in text  # the list it stands on


def test_a_duty_that_came_and_one_that_went_stand_before_their_passages_and_once() -> None:
    gone = "Exporters shall keep a copy at home."
    came = "Exporters shall ask before every transfer."
    force = (Force("duty", "", came), Force("duty", gone, ""))
    edits = (Edit("delete", 0), Edit("insert", after=0))
    blocks = [(Block("paragraph", text),) for text in (gone, came)]
    text = messages.plain(alert(replace(FINDING, force=force), before=blocks[0], after=blocks[1], edits=edits))
    assert f"new duty: {{+{came}+}}" in text
    assert f"no longer: [-{gone}-]" in text
    assert "nothing" not in text
    assert text.count("ask before") == text.count("keep a copy") == 1


def test_a_word_that_only_came_or_only_went_is_named_with_its_places() -> None:
    force = tuple(Force("negation", "", "not", (f"Article {n}",)) for n in (4, 9))
    text = messages.plain(alert(replace(FINDING, force=(*force, Force("modality", "shall", "")))))
    assert "negation added: {+not+}  (Article 4; Article 9)" in text
    assert "binding word dropped: [-shall-]" in text


def test_a_place_is_said_once_and_without_the_title_of_the_whole_text() -> None:
    title = Block("heading", "Act on transfers")
    path = (title.text, "Chapter V")
    texts = [Block("paragraph", f"{n} Keys stay here.", path, label=n) for n in ("§1", "§2")]
    edits = (Edit("insert", after=1), Edit("insert", after=2))
    text = messages.plain(alert(replace(FINDING, force=()), before=(title,), after=(title, *texts), edits=edits))
    assert "Act on transfers" not in text
    assert text.count("Chapter V: ") == 1


def test_what_is_not_relevant_asks_nothing_of_a_reader() -> None:
    text = messages.plain(alert(replace(FINDING, verdict="not_relevant", stage="")))
    assert text.startswith("not relevant · EDPB")
    assert "PLAN" not in text and "whether it binds" not in text


def test_a_long_passage_is_cut_around_the_change_at_sentence_borders() -> None:
    filler = "This sentence is about something else. " * 30
    old, new = (
        OLD._replace(text=f"{filler}Exporters may assess. {filler}"),
        NEW._replace(text=f"{filler}Exporters shall assess. {filler}"),
    )
    at = len(filler) + 10
    text = messages.plain(
        alert(before=(old,), after=(new,), edits=(Edit("replace", 0, 0, ((at, at + 3, at, at + 5),)),))
    )
    assert "Exporters [-may-]{+shall+} assess." in text
    assert "…" in text
    assert len(text) < 1500


def test_a_long_passage_without_spaces_is_cut_too_and_keeps_every_amended_word() -> None:
    filler = "個人情報取扱事業者は提供してはならない" * 30
    old, new = OLD._replace(text=f"{filler}甲{filler}丙{filler}"), NEW._replace(text=f"{filler}乙{filler}丁{filler}")
    first, second = len(filler), 2 * len(filler) + 1
    edit = Edit("replace", 0, 0, ((first, first + 1, first, first + 1), (second, second + 1, second, second + 1)))
    text = messages.plain(alert(before=(old,), after=(new,), edits=(edit,)))
    assert "[-甲-]{+乙+}" in text and "[-丙-]{+丁+}" in text
    assert max(map(len, text.splitlines())) < 700


def test_of_a_text_amended_throughout_only_what_the_finding_quotes_is_shown() -> None:
    before = tuple(Block("paragraph", f"Article {n} stays.") for n in range(30))
    after = tuple(Block("paragraph", f"Article {n} goes.") for n in range(30))
    edits = tuple(Edit("replace", n, n) for n in range(30))
    quoted = replace(FINDING, quotes=(Quote("after", after[7].text), Quote("after", after[9].text)), force=())
    text = messages.plain(alert(quoted, before=before, after=after, edits=edits))
    assert "Article 7 goes" in text and "Article 9 goes" in text and "Article 0 goes" not in text
    assert "… 28 more edits" in text


def test_more_edits_than_shown_are_counted() -> None:
    blocks = tuple(Block("paragraph", f"Paragraph {n}") for n in range(9))
    edits = tuple(Edit("insert", after=n) for n in range(9))
    assert "… 5 more edits" in messages.plain(alert(before=(), after=blocks, edits=edits))
    whole = replace(CHANGE, before=None, cause="new")
    shown = messages.alert(whole, FINDING, before=(), after=blocks, edits=edits, source=SOURCE)
    assert "… 6 more passages" in messages.plain(shown)


def test_edits_that_are_told_elsewhere_are_not_counted() -> None:
    blocks = tuple(Block("item", f"Notice {n}", key=f"k{n}") for n in range(9))
    change = replace(CHANGE, edits=tuple(Edit("new", after=n) for n in range(9)))
    quoted = replace(FINDING, quotes=(Quote("after", "Notice 0"),))
    shown = messages.alert(change, quoted, before=(), after=blocks, edits=change.edits[:2], source=SOURCE)
    assert "… 1 more item\n" in messages.plain(shown)


def test_an_item_that_came_back_is_listed_again_and_not_new() -> None:
    item = Block("item", "Notice 10", key="k", link="https://edpb.example/10")
    edits = (Edit("back", after=0),)
    text = messages.plain(alert(before=(), after=(item,), edits=edits))
    assert "listed again: Notice 10" in text
    assert "{+Notice 10" not in text
    redline = messages.redline(edits, (), (item,))
    assert [run.text for line in redline for run in line] == ["listed again", "Notice 10"]


def test_of_an_edition_the_title_is_shown_last_and_removed_passages_are_struck() -> None:
    before = (Block("heading", "Report 2026"), Block("paragraph", "Maps stay at home.", ("Report 2026",)))
    after = (Block("heading", "Report 2027"), Block("paragraph", "Partners bill.", ("Report 2027",)))
    edits = (Edit("replace", 0, 0, ((7, 11, 7, 11),)), Edit("delete", before=1), Edit("insert", after=1))
    force = (Force("number", "2026", "2027"), Force("duty", "", "Partners bill.", ("Report 2027",)))
    shown = messages.alert(
        replace(CHANGE, cause="edition"),
        replace(FINDING, quotes=(Quote("after", "Report 2027"),), force=force),
        before=before,
        after=after,
        edits=edits,
        source=SOURCE,
    )
    text = messages.plain(shown)
    assert "number: " not in text
    assert text.index("[-Maps stay at home.-]") < text.index("Report [-2026-]{+2027+}")


def test_uncounted_edits_are_not_shown() -> None:
    text = messages.plain(alert(before=(), after=(Block("paragraph", "visits 17"),), edits=(Edit("volatile", -1, 0),)))
    assert "visits" not in text


def test_a_new_item_is_shown_with_its_link_and_its_own_date() -> None:
    item = Block(
        "item", "Adequacy decision", key="k", link="https://edpb.example/item", date="2026-11-20", note="A summary"
    )
    text = messages.plain(alert(before=(), after=(item,), edits=(Edit("new", after=0),)))
    assert "{+Adequacy decision+} — A summary" in text
    assert "published 2026-11-20" in text
    assert "https://edpb.example/item" in text


def test_a_link_that_is_not_http_is_no_link() -> None:
    item = Block("item", "Title", key="k", link="javascript:alert(1)")
    assert "javascript" not in messages.plain(alert(before=(), after=(item,), edits=(Edit("new", after=0),)))


def test_nothing_scraped_reaches_a_terminal_as_a_control() -> None:
    bad = "Title\x1b[2J\x1b]0;owned\x07 \u202egnp.exe\u2066 \x07\x9b31m line\nbreak\u2028x\ufeff"
    item = Block("item", bad, (bad,), label=bad, key="k", note=bad, date=bad)
    import dataclasses

    finding = dataclasses.replace(FINDING, headline=bad, dates=(DatedQuote("effective", date(2027, 1, 1), bad),))
    message = alert(finding, before=(), after=(item,), edits=(Edit("new", after=0),), why=bad)
    for text in (message.headline, *(run.text for line in message.lines for run in line)):
        assert not [char for char in text if not char.isprintable()]


@given(st.text())
def test_cleaned_text_is_stable_and_one_line(text: str) -> None:
    once = messages.clean(text)
    assert messages.clean(once) == once
    assert not set(once) & set("\n\r\x1b\x07\u202e")


def test_a_redline_shows_every_edit_in_full_and_says_what_did_not_count() -> None:
    long = "word " * 400
    edits = (EDIT, Edit("insert", after=1), Edit("volatile", 0, 0, worth="noise", reason="counter"))
    lines = messages.redline(edits, (OLD,), (NEW, Block("paragraph", long)))
    text = "\n".join("".join(run.text for run in line) for line in lines)
    assert long.strip() in text
    assert "amended · Chapter V › Article 5" in text
    assert "not counted" in text
    assert "counter" in text


def test_the_search_text_holds_edited_text_and_titles_and_is_bounded() -> None:
    text = messages.search_text(CHANGE, (OLD,), (NEW,), (EDIT,), SOURCE)
    assert {"Guidelines 05/2021", OLD.text, NEW.text} <= set(text.split("\n"))
    blocks = tuple(Block("paragraph", f"{n} 数据出境 " * 50) for n in range(200))
    big = messages.search_text(CHANGE, (), blocks, tuple(Edit("insert", after=n) for n in range(200)), SOURCE)
    assert len(big.encode()) <= 20_000


def test_why_shows_the_score_the_thresholds_and_every_reason_with_its_weight() -> None:
    rules = load_rules()
    text = messages.why(FINDING, rules, SOURCE)
    assert "verdict: relevant" in text
    assert f"relevant from {rules.relevant:+d}" in text
    assert f"rules: r1 (now: {rules.version})" in text
    assert "+400  “transfer” (strong), in the new words: “transfer”" in text


def test_a_notice_is_ours_in_lines() -> None:
    assert messages.notice("a", "b\n\nc") == Message("a", ((Run("b"),), (Run("c"),)))


@given(st.text(min_size=1, max_size=300), st.text(min_size=1, max_size=300))
def test_a_replacement_without_spans_shows_both_sides(old: str, new: str) -> None:
    before, after = OLD._replace(text=old), NEW._replace(text=new)
    messages.plain(alert(before=(before,), after=(after,), edits=(Edit("replace", 0, 0),)))
