"""PDF: what a reader sees on paper, in the order of reading, with the page it stands on."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import diff
from bot.child import read_in_child
from bot.errors import ReadError
from bot.extract import guess_type, read
from bot.model import CAUSES, Block, Source
from tests.pdfs import LEFT, TOP, Press, Rule, Text, Thing, pdf, wrapped, written

DOCUMENT = Source("law", "https://law.example/law.pdf", type="pdf")
PROSE = (
    "Operators of critical systems keep a record of every transfer of personal information and show it on request. "
    "The record names the recipient, the kinds of information and the legal ground of the transfer. "
)


def blocks(body: bytes) -> tuple[Block, ...]:
    return read(body, source=DOCUMENT, content_type="application/pdf", url="").blocks


def texts(body: bytes) -> list[str]:
    return [block.text for block in blocks(body)]


def cause(body: bytes) -> str:
    with pytest.raises(ReadError) as failed:
        blocks(body)
    return failed.value.cause


def lines(text: str, *, x: float = LEFT, y: float = TOP, letters: int = 78, hyphens: bool = False) -> list[Thing]:
    """A text set in lines of 12 points."""
    return [Text(x, y - 12 * at, line) for at, line in enumerate(wrapped(text, letters, hyphens=hyphens))]


# ------------------------------------------------------------------------------------------------ paragraphs


def test_a_paragraph_over_lines_and_pages_is_one_block_on_the_page_where_it_begins() -> None:
    press = Press(head="REPORT")
    for _ in range(9):
        press.paragraph(PROSE * 3)
    made = blocks(press.printed())
    assert [block.text for block in made] == [(PROSE * 3).strip()] * 9
    assert {block.page for block in made} == {1, 2}


def test_divided_words_are_joined_and_words_with_a_hyphen_keep_it() -> None:
    first = "A cross-border transfer of information needs an assessment. "
    body = pdf([[
        Text(LEFT, 700, first), Text(LEFT, 688, "Each administration keeps its own list of such things, as cross-"),
        Text(LEFT, 676, "border rules of the administra-"),
        Text(LEFT, 664, "tion are not published in any other list or place."),
    ]])  # fmt: skip
    said = " ".join(texts(body))
    assert "as cross-border rules of the administration are not published" in said


def test_running_heads_and_page_numbers_are_no_text() -> None:
    press = Press(head="NATIONAL REPORT ON BARRIERS")
    for number in range(40):
        press.heading(f"Chapter {number}").paragraph(PROSE * 4)
    made = texts(press.printed())
    assert not any("NATIONAL REPORT" in text or text.startswith("- ") for text in made)
    assert made[0] == "Chapter 0"


def test_numbers_in_a_table_at_the_edge_of_a_page_are_kept() -> None:
    pages = [
        [Text(x, 60 - 12 * row, str(row * number * 7 + x)) for row in range(2) for x in (72, 200)]
        for number in (1, 5, 9)
    ]
    body = pdf([[*lines(f"Part {at}. {PROSE * 3}"), *page] for at, page in enumerate(pages)])
    assert sum(block.kind == "row" for block in blocks(body)) == 6


def test_headings_are_known_by_size_weight_and_number() -> None:
    press = Press().heading("National report", 20).heading("CHINA", 14).heading("Services", 11)
    press.paragraph(PROSE * 20).paragraph("Article 5 Scope").paragraph(PROSE)
    made = blocks(press.printed())
    assert [block.text for block in made if block.kind == "heading"] == [
        "National report", "CHINA", "Services", "Article 5 Scope",
    ]  # fmt: skip
    assert made[3].path == ("National report", "CHINA", "Services")
    assert made[-1].path[-1] == "Article 5 Scope"


def test_numbered_points_and_bullets_are_blocks_of_their_own() -> None:
    body = pdf([[
        Text(72, 700, "The record names:"), Text(90, 688, "(a) the recipient;"), Text(90, 676, "(b) the kinds of"),
        Text(108, 664, "information;"), Text(90, 652, "• whatever else matters."), *lines(PROSE, y=620),
    ]])  # fmt: skip
    assert texts(body)[:4] == [
        "The record names:", "(a) the recipient;", "(b) the kinds of information;", "• whatever else matters.",
    ]  # fmt: skip


def test_a_footnote_does_not_interrupt_the_text_that_runs_over_the_page() -> None:
    half = wrapped(PROSE * 2, 78)
    first = [Text(LEFT, 160 - 12 * at, line) for at, line in enumerate(half[:4])]
    note = Text(LEFT, 60, "1 See the decision of the office.", 7)
    body = pdf(
        [[*lines(PROSE * 5, y=700), *first, note], [Text(LEFT, 700 - 12 * at, t) for at, t in enumerate(half[4:])]]
    )
    made = texts(body)
    assert made[1] == (PROSE * 2).strip()
    assert made[2] == "1 See the decision of the office."


def test_a_chinese_rule_is_read_article_by_article_without_spaces_from_line_ends() -> None:
    said = [
        "第一章 总则",
        "第一条 为了规范和促进数据跨境流动,根据有关法律,制定本规定。数据处理者应当按照相关规定识别、申报重要数据。",
        "（一）确需向境外提供个人信息的;",
        "第二条 未被相关部门、地区告知或者公开发布为重要数据的,数据处理者不需要申报数据出境安全评估。",
    ]
    page: list[Thing] = [Text(200, 740, "促进和规范数据跨境流动规定", 18)]
    for text in said:
        indented = "　　" + text
        for start in range(0, len(indented), 36):
            page.append(Text(90, 720 - 20 * len(page), indented[start : start + 36], 12))
    made = blocks(pdf([page]))
    assert [block.text for block in made[1:]] == said
    assert [block.label for block in made[1:]] == ["第一章", "第一条", "（一）", "第二条"]
    assert made[3].path == ("促进和规范数据跨境流动规定", "第一章 总则", "第一条")


# ------------------------------------------------------------------------------------------------ columns and tables


@pytest.mark.parametrize("offset", [0.0, 5.0])
@pytest.mark.parametrize("interleaved", [False, True])
def test_two_columns_are_read_one_after_the_other(offset: float, interleaved: bool) -> None:
    left = lines("Left column. " + PROSE * 3, letters=36)
    right = lines("Right column. " + PROSE * 3, letters=36, x=320, y=TOP - offset)
    pairs = [thing for pair in zip(left, right, strict=False) for thing in pair]
    above = lines("Both columns. " + PROSE, y=740)
    below = lines("Below them. " + PROSE, y=300)
    body = pdf([[*above, *(pairs if interleaved else [*left, *right]), *below]])
    made = " ".join(texts(body))
    order = [made.index(words) for words in ("Both columns.", "Left column.", "Right column.", "Below them.")]
    assert order == sorted(order)
    assert len(texts(body)) == 4


def test_a_table_is_a_block_a_row_with_its_cells_from_left_to_right() -> None:
    rows = [
        ("Data", "Threshold", "Route"),
        ("Important data", "any", "assessment"),
        ("Personal", "100 000", "contract"),
    ]
    made = blocks(Press().paragraph(PROSE).table(rows).paragraph(PROSE).printed())
    assert [block.text for block in made if block.kind == "row"] == [" | ".join(row) for row in rows]
    assert [block.kind for block in made][:5] == ["paragraph", "row", "row", "row", "paragraph"]


def test_cells_of_several_lines_are_one_row_between_rules() -> None:
    def row(y: float, *cells: str) -> list[Thing]:
        return [
            Text(x, y - 12 * at, line)
            for x, cell in zip((76, 250, 420), cells, strict=True)
            for at, line in enumerate(wrapped(cell, 20))
        ]

    body = pdf([[
        *(Rule(72, y, 460) for y in (712, 692, 652, 612)),
        *row(698, "Data", "Threshold", "Route"),
        *row(678, "Important data of any operator", "any", "security assessment by the authority"),
        *row(638, "Personal information", "from one hundred thousand people", "standard contract"),
    ]])  # fmt: skip
    assert [block.text for block in blocks(body) if block.kind == "row"] == [
        "Data | Threshold | Route",
        "Important data of any operator | any | security assessment by the authority",
        "Personal information | from one hundred thousand people | standard contract",
    ]


def test_page_numbers_of_a_list_of_contents_are_no_text() -> None:
    def report(page: int) -> bytes:
        entries = [("1. Scope", 1), ("2. Transfers", page), ("3. Penalties", page + 1)]
        dots = [Text(LEFT, 690 - 12 * at, f"{title} {'.' * 40} {on}") for at, (title, on) in enumerate(entries)]
        return pdf([[Text(LEFT, 720, "Contents", 14, True), *dots, *lines(PROSE * 3, y=600)]])

    assert texts(report(3)) == texts(report(7))
    assert "2. Transfers" in texts(report(3))


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_turned_page_reads_the_same(rotate: int) -> None:
    assert texts(pdf([lines(PROSE * 2)], rotate=rotate)) == [(PROSE * 2).strip()]


# ------------------------------------------------------------------------------------------------ amendments


def test_an_amendment_early_in_a_report_is_one_edit_with_its_place() -> None:
    def report(more: str) -> tuple[Block, ...]:
        press = Press(head="REPORT", hyphens=True)
        for chapter in ("CHINA", "JAPAN", "VIETNAM"):
            press.heading(chapter, 14)
            for number in range(30):
                press.paragraph(f"Measure {number} of {chapter.title()}. {PROSE}")
                if chapter == "CHINA" and number == 3:
                    press.paragraph(f"A transfer of important data needs {more}an assessment by the authority.")
        return blocks(press.printed())

    old, new = report(""), report("no permission and not even ")
    edits = [edit for edit in diff.edits(old, new) if edit.counted]
    assert [edit.kind for edit in edits] == ["replace"]
    assert new[edits[0].after].path == ("CHINA",) and new[edits[0].after].page == old[edits[0].before].page


# ------------------------------------------------------------------------------------------------ what cannot be read


def test_a_scan_has_no_text_layer() -> None:
    assert cause(pdf([[Rule(72, 300, 400)]] * 3)) == "no text layer"


def test_an_encrypted_file_says_so() -> None:
    whole = pdf([lines(PROSE)])
    locked = "/Encrypt << /Filter /Standard /V 1 /R 2 /O (" + "a" * 32 + ") /U (" + "b" * 32 + ") /P -4 >> /ID [(a)(a)]"
    with pytest.raises(ReadError, match="password") as failed:
        blocks(whole.replace(b"/Root 1 0 R", f"/Root 1 0 R {locked}".encode()))
    assert failed.value.cause == "unreadable"


def test_a_pdf_is_read_as_one_behind_rubbish_and_under_any_name() -> None:
    body = b"\r\n\xef\xbb\xbf" + pdf([lines(PROSE)])
    assert guess_type(content_type="text/html", body=body, url="https://law.example/show") == "pdf"
    assert texts(body) == [PROSE.strip()]
    assert cause(b"<html><title>Not found</title></html>") == "wrong type"


def page_tree(count: int) -> bytes:
    """A file whose tree of pages names one page very often."""
    kids = " ".join(["3 0 R"] * count)
    return written([
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>",
    ])  # fmt: skip


def test_very_many_pages_are_too_large() -> None:
    assert cause(page_tree(6_000)) == "too large"


def bomb(megabytes: int) -> bytes:
    """A page whose content unpacks to very many letters."""
    said = (
        b"BT /F0 10 Tf 72 700 Td "
        + b"(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj " * (megabytes * 14_000)
    )
    stream = zlib.compress(said + b"ET")
    small = pdf([[Text(72, 700, "x")]])
    start = small.index(b"9 0 obj")
    end = small.index(b"endobj", start)
    put = b"9 0 obj\n<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream\n" % (len(stream), stream)
    return small[:start] + put + small[end:]


def test_a_bomb_ends_in_the_child_and_hurts_nobody() -> None:
    body = bomb(120)
    assert len(body) < 1_500_000
    with pytest.raises(ReadError) as failed:
        read_in_child(body, source=DOCUMENT, content_type="application/pdf", url="", memory=700_000_000)
    assert failed.value.cause in {"too large", "too slow"}


@pytest.mark.parametrize("keep", [8, 100, 600, 1_000])
def test_a_cut_file_is_unreadable_or_read_as_far_as_it_goes(keep: int) -> None:
    body = Press().paragraph(PROSE * 10).printed()[:keep]
    try:
        assert blocks(body)
    except ReadError as error:
        assert error.cause in {"unreadable", "no text layer"}


WHOLE = Press(head="R").heading("A").paragraph(PROSE * 3).table([("a", "b", "c")] * 3).printed()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=4)), min_size=1, max_size=12))
def test_no_damage_does_more_than_fail_with_a_cause(damage: list[tuple[int, bytes]]) -> None:
    body = bytearray(WHOLE)
    for at, put in damage:
        body[at : at + len(put)] = put
    try:
        assert blocks(bytes(body))
    except ReadError as error:
        assert error.cause in CAUSES


places = st.floats(-100, 900)
things = st.builds(
    Text, places, places, st.text("abc 1.-|é", min_size=1, max_size=60), st.floats(-5, 60), st.booleans()
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(things, max_size=25), min_size=1, max_size=4))
def test_every_word_on_any_page_is_read_or_a_cause_is_given(pages: list[list[Text]]) -> None:
    try:
        made = blocks(pdf(pages))
    except ReadError as error:
        assert error.cause in {"no text layer", "empty"}
    else:
        assert all(block.text and 0 < block.page <= len(pages) for block in made)
