"""What a reader is told when a text changes."""

from __future__ import annotations

from collections import Counter

import pytest

from bot import diff
from bot.model import Block, Edit


def page(*texts: str, kind: str = "paragraph", place: str = "body") -> list[Block]:
    return [Block(kind, text, place=place) for text in texts]


def told(before: list[Block], after: list[Block]) -> list[tuple[str, str, str]]:
    return [(edit.kind, edit.worth, edit.reason) for edit in diff.edits(before, after)]


def marked(before: list[Block], after: list[Block]) -> list[tuple[str, str]]:
    """The words struck and the words added, of all edits."""
    return [
        (before[edit.before].text[a:b], after[edit.after].text[c:d])
        for edit in diff.edits(before, after)
        for a, b, c, d in edit.spans
    ]


FILLER = [f"Operators of category {n} keep their registers for {n * 7} months." for n in range(40)]


def test_one_word_in_a_long_paragraph_is_one_span() -> None:
    long = " ".join(f"The operator described in annex {n} informs the authority of its plans." for n in range(30))
    assert marked(page(f"{long} It may refuse."), page(f"{long} It shall refuse.")) == [("may", "shall")]


@pytest.mark.parametrize(
    ("before", "after", "struck", "added"),
    [
        ("数据处理者可以向境外提供数据。", "数据处理者应当向境外提供数据。", "可以", "应当"),
        ("保存期限为二十八日。", "保存期限为三十一日。", "二十八", "三十一"),
        ("The fine is 10,000 euros.", "The fine is 20,000 euros.", "10,000", "20,000"),
        ("ผู้ควบคุมข้อมูลอาจโอนข้อมูล", "ผู้ควบคุมข้อมูลต้องโอนข้อมูล", "อาจ", "ต้อง"),
        ("개인정보를 이전할 수 있다.", "개인정보를 이전하여야 한다.", "이전할 수 있다", "이전하여야 한다"),
        ("Оператор вправе передать данные.", "Оператор обязан передать данные.", "вправе", "обязан"),
    ],
)
def test_the_amended_words_are_marked_in_every_script(before: str, after: str, struck: str, added: str) -> None:
    assert marked(page(before), page(after)) == [(struck, added)]


def test_renumbered_articles_do_not_hide_the_amended_sentence() -> None:
    before = page(*[f"Article {n + 1} {text}" for n, text in enumerate(FILLER)])
    later = ["Transfers to third countries need an assessment.", *FILLER]
    later[20] = later[20].replace("keep", "publish")
    after = page(*[f"Article {n + 1} {text}" for n, text in enumerate(later)])
    assert Counter(edit.kind for edit in diff.edits(before, after)) == {"renumber": 39, "insert": 1, "replace": 1}
    assert ("keep", "publish") in marked(before, after)


def test_a_number_alone_on_its_line_goes_with_the_passage_under_it() -> None:
    before = page(*[line for n in range(20) for line in (f"第{n + 1}条", FILLER[n])])
    later = [*FILLER[:10], "Exporters of important data file a declaration.", *FILLER[10:20]]
    after = page(*[line for n, text in enumerate(later) for line in (f"第{n + 1}条", text)])
    kinds = Counter(edit.kind for edit in diff.edits(before, after))
    assert kinds == {"renumber": 10, "insert": 2}


def test_references_that_follow_the_renumbering_are_renumbering() -> None:
    before = page("Article 5 Consent is free.", "Article 6 Article 5 and Articles 7, 5 bind heirs.")
    after = page(
        "Article 4 Heirs exist.", "Article 6 Consent is free.", "Article 7 Article 6 and Articles 7, 6 bind heirs."
    )
    assert [kind for kind, _, _ in told(before, after)] == ["insert", "renumber", "renumber"]


def test_a_number_that_names_no_provision_is_never_a_reference() -> None:
    before = page("Article 5 Consent is free.", "Under Article 9, 5 days are enough.")
    after = page("Article 4 Heirs exist.", "Article 6 Consent is free.", "Under Article 9, 6 days are enough.")
    assert told(before, after)[-1] == ("replace", "text", "")


def test_an_inserted_and_a_deleted_paragraph_stand_where_they_belong() -> None:
    before, after = (
        page(*FILLER),
        page(*FILLER[:5], "A wholly new duty to localise servers.", *FILLER[5:30], *FILLER[31:]),
    )
    assert [(e.kind, e.before, e.after) for e in diff.edits(before, after)] == [("insert", -1, 5), ("delete", 30, -1)]


def test_the_same_text_elsewhere_is_a_move() -> None:
    before, after = page(*FILLER), page(*FILLER[1:30], FILLER[0], *FILLER[30:])
    assert diff.edits(before, after) == (Edit("move", 0, 29),)


def test_a_short_word_in_another_article_is_no_move() -> None:
    before = [Block("paragraph", "Prohibited.", ("Article 5",)), Block("paragraph", FILLER[0], ("Article 6",))]
    after = [Block("paragraph", FILLER[0], ("Article 6",)), Block("paragraph", "Prohibited.", ("Article 6",))]
    assert Counter(kind for kind, _, _ in told(before, after)) == {"delete": 1, "insert": 1}


def test_two_answers_that_change_places_are_a_difference() -> None:
    before = page("Exports of maps", "Permitted", "Exports of genes", "Prohibited")
    after = page("Exports of maps", "Prohibited", "Exports of genes", "Permitted")
    assert [edit for edit in diff.edits(before, after) if edit.counted]


def test_the_order_of_short_list_items_is_no_counted_edit() -> None:
    before = page("Austria", "Belgium", "Chile", "Denmark", kind="item")
    assert not [edit for edit in diff.edits(before, [before[2], before[0], before[3], before[1]]) if edit.counted]


def test_a_number_in_a_cell_or_on_a_line_of_its_own_is_the_same_number() -> None:
    before = page(f"(a) | {FILLER[0]}", f"(b) | {FILLER[1]}", kind="row")
    after = page("(a)", FILLER[0], "(b)", FILLER[1])
    assert not [edit for edit in diff.edits(before, after) if edit.counted]
    assert not [edit for edit in diff.edits(after, before) if edit.counted]


def test_a_passage_amended_on_the_move_is_one_replacement() -> None:
    text = "The exporter files the contract with the provincial authority within ten working days of its taking effect."
    before, after = page(text, *FILLER), page(*FILLER, text.replace("ten", "five"))
    assert told(before, after) == [("replace", "text", "moved")]
    assert marked(before, after) == [("ten", "five")]


def test_a_paragraph_split_in_two_is_no_counted_edit() -> None:
    before = page(FILLER[0], f"{FILLER[1]} {FILLER[2]}", FILLER[3])
    assert not [edit for edit in diff.edits(before, page(*FILLER[:4])) if edit.counted]
    assert not [edit for edit in diff.edits(page(*FILLER[:4]), before) if edit.counted]


def test_a_table_row_whose_figure_changes_is_one_replacement() -> None:
    before = page("Japan | adequate | 2019", "Korea | adequate | 2021", "Brazil | pending | 2025", kind="row")
    after = page("Japan | adequate | 2019", "Korea | adequate | 2021", "Brazil | adequate | 2026", kind="row")
    assert [kind for kind, _, _ in told(before, after)] == ["replace"]


def test_differences_beside_the_text_are_worth_little_and_their_order_nothing() -> None:
    status = page("Last amended in May", "Consolidated text", "Not official", place="about")
    assert diff.edits(status, status[::-1]) == ()
    swapped = [status[0], status[2], *page("Summer party announced for staff", place="about")]
    assert {worth for _, worth, _ in told(status, swapped)} == {"aside"}


def test_teasers_that_rotate_are_not_counted_and_one_that_is_added_is() -> None:
    teasers = page("Minister opens fair", "New portal online", "Budget agreed", place="aside")
    fresh = page("Summer party announced for staff", place="aside")
    assert diff.edits(teasers, teasers[::-1]) == ()
    assert not [edit for edit in diff.edits(teasers, [*fresh, *teasers[:2]]) if edit.counted]
    assert [edit.kind for edit in diff.edits(teasers, [*fresh, *teasers]) if edit.counted] == ["insert"]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("The goverment keeps records.", "The government keeps records.", "typo"),
        (
            "Die Bundesbehörde prüft unverzüglihc den Antrag.",
            "Die Bundesbehörde prüft unverzüglich den Antrag.",
            "typo",
        ),
        ("L’identité de l’organisme ;", "l’identité de l’organisme ;", "case"),
        ("Read **the guide** now", "Read the guide now", "punctuation"),
        ("See https://a.example/old for the form", "See https://a.example/new for the form", "link"),
        ("Kept in in the register", "Kept in the register", "typo"),
        ("The register²⁵ is kept", "The register²⁴ is kept", "footnote numbers"),
        ("►M1 The register ◄ is kept", "►M2 The register ◄ is kept", "editorial marks"),
        ("(a) the name; and", "(a) the name.", ""),
        ("an area of 10² metres", "an area of 10³ metres", ""),
    ],
)
def test_spelling_case_markup_and_links_are_asides(before: str, after: str, reason: str) -> None:
    ((kind, worth, why),) = told(page(before), page(after))
    assert (kind, worth, why) == ("replace", "aside" if reason else "text", reason)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Austria is adequate.", "Australia is adequate."),
        ("The transfer is lawful here.", "The transfer is unlawful here."),
        ("Duties of the employer follow.", "Duties of the employee follow."),
        ("It should be filed.", "It would be filed."),
        ("Rules on imports apply.", "Rules on exports apply."),
        ("The limit is 3.5 percent.", "The limit is 35 percent."),
        ("向境外提供重要数据。", "向境内提供重要数据。"),
        ("Notice within 30 days.", "Notice within 60 days."),
        ("Such interstate commerce ends.", "Such intrastate commerce ends."),
    ],
)
def test_a_small_difference_of_meaning_is_never_taken_for_spelling(before: str, after: str) -> None:
    assert told(page(before), page(after)) == [("replace", "text", "")]


def test_a_word_that_stands_elsewhere_is_no_misspelling() -> None:
    before = page("The processor complies at once.", "A processor is appointed, not a proccesor.")
    after = page("The processers complies at once.", "A processor is appointed, not a proccesor.")
    assert [worth for _, worth, _ in told(before, after)] == ["text"]


def test_the_same_substitution_all_over_is_named_as_one_sweep() -> None:
    before = page(*[text.replace("registers", "imprisonment lists") for text in FILLER[:6]])
    after = page(*[text.replace("registers", "confinement lists") for text in FILLER[:6]])
    assert set(told(before, after)) == {("replace", "text", "sweep: imprisonment -> confinement")}


def test_a_document_that_is_new_is_one_insert_per_block_and_one_new_per_item() -> None:
    after = [*page("Heading"), Block("item", "Measure", key="https://a.example/1")]
    assert diff.of_new(after) == (Edit("insert", after=0), Edit("new", after=1))


def test_thousands_of_amended_paragraphs_are_paired_in_order() -> None:
    texts = [
        f"Record {n * 7919 % 100_003} of unit {n * 31 % 977} is kept by office {n * 131 % 499}." for n in range(3000)
    ]
    edits = diff.edits(page(*texts), page(*[text.replace("kept", "published") for text in texts]))
    assert [(edit.kind, edit.before) for edit in edits] == [("replace", n) for n in range(3000)]
