"""What a reader is told when a list changes."""

from __future__ import annotations

from bot import diff
from bot.model import Block, ItemMemory


def item(n: int, title: str = "", **more: str) -> Block:
    return Block("item", title or f"Measure number {n} on data exports", key=f"https://a.example/{n}", **more)


def items(*numbers: int) -> list[Block]:
    return [item(n) for n in numbers]


def memory(*numbers: int, listed: bool = True) -> dict[str, ItemMemory]:
    return {block.key: ItemMemory(block.key, block.text, listed) for block in items(*numbers)}


def told(
    before: list[Block], after: list[Block], seen: dict[str, ItemMemory], window: int = 0
) -> list[tuple[str, int, int]]:
    return [(e.kind, e.before, e.after) for e in diff.item_edits(before, after, seen=seen, window=window).edits]


def test_an_unseen_key_is_new() -> None:
    assert told(items(3, 2, 1), items(4, 3, 2, 1), memory(1, 2, 3)) == [("new", -1, 0)]


def test_falling_off_the_end_is_nothing() -> None:
    assert told(items(3, 2, 1), items(4, 3, 2), memory(1, 2, 3)) == [("new", -1, 0)]


def test_an_item_is_gone_when_an_older_one_is_still_there() -> None:
    assert told(items(3, 2, 1), items(3, 1), memory(1, 2, 3)) == [("gone", 1, -1)]


def test_a_pinned_old_item_on_top_does_not_make_the_last_ones_gone() -> None:
    before = [
        item(0, date="2019-01-01"),
        item(3, date="2026-03-01"),
        item(2, date="2026-02-01"),
        item(1, date="2026-01-01"),
    ]
    after = [before[0], item(4, date="2026-04-01"), *before[1:3]]
    assert told(before, after, memory(0, 1, 2, 3)) == [("new", -1, 1)]


def test_a_list_that_grows_at_its_end_loses_its_first_items_silently() -> None:
    before = [item(n, date=f"2026-0{n}-01") for n in (1, 2, 3)]
    after = [item(n, date=f"2026-0{n}-01") for n in (2, 3, 4)]
    assert told(before, after, memory(1, 2, 3)) == [("new", -1, 2)]


def test_an_item_that_comes_back_is_never_new_again() -> None:
    seen = memory(1, 3) | memory(2, listed=False)
    assert told(items(3, 1), items(3, 2, 1), seen) == [("back", -1, 1)]


def test_an_item_that_slides_back_onto_the_old_end_is_no_counted_edit() -> None:
    seen = memory(4, 3, 2) | memory(1, listed=False)
    (edit,) = [e for e in diff.item_edits(items(4, 3, 2), items(4, 3, 2, 1), seen=seen).edits if e.kind == "back"]
    assert not edit.counted


def test_another_title_is_retitled_with_its_words_marked() -> None:
    before, after = [item(1, "Draft measures on data exports")], [item(1, "Final measures on data exports")]
    (edit,) = diff.item_edits(before, after, seen={}).edits
    assert (edit.kind, edit.spans) == ("retitled", ((0, 5, 0, 5),))


def test_quotes_and_spaces_in_a_title_are_nothing() -> None:
    assert told([item(1, "The “new”  rules")], [item(1, 'The "new" rules')], {}) == []


def test_a_title_cut_short_is_the_same_title() -> None:
    assert (
        told([item(1, "Measures on security assess…")], [item(1, "Measures on security assessment of exports")], {})
        == []
    )


def test_another_date_or_summary_is_an_edit_of_the_item() -> None:
    before = [item(1, date="2026-01-01", note="Open until May"), item(2, note="Open until May")]
    after = [item(1, date="2026-02-01", note="Open until May"), item(2, note="Open until June")]
    assert [(e.kind, e.reason) for e in diff.item_edits(before, after, seen={}).edits] == [
        ("replace", "date"),
        ("replace", "note"),
    ]


def test_a_window_full_of_new_items_says_that_some_may_have_been_missed() -> None:
    assert diff.item_edits(items(3, 2, 1), items(9, 8, 7), seen=memory(1, 2, 3), window=3).missed
    assert diff.item_edits(items(5, 4, 3, 2, 1), items(10, 9, 8, 7, 6), seen=memory(1, 2, 3, 4, 5)).missed
    assert not diff.item_edits(items(5, 4, 3, 2, 1), items(9, 8, 7, 6, 5), seen=memory(1, 2, 3, 4, 5)).missed
    assert not diff.item_edits([], items(5, 4, 3, 2, 1), seen={}).missed


def test_an_item_whose_address_alone_changed_is_not_new() -> None:
    before = [item(1, "Measures on security assessment", date="2026-01-01"), item(2)]
    after = [before[0]._replace(key="https://a.example/news/1"), item(2)]
    assert told(before, after, memory(1, 2)) == []


def test_only_rows_that_are_new_or_differ_are_remembered() -> None:
    told = diff.item_edits(items(3, 2, 1), items(4, 3, 2), seen=memory(1, 2, 3))
    assert {(row.key[-1], row.listed) for row in told.items} == {("4", True), ("1", False)}


def test_a_page_with_items_and_text_is_compared_by_key_and_by_block() -> None:
    before = [Block("paragraph", "Consultations are open to the public."), *items(2, 1)]
    after = [Block("paragraph", "Consultations are closed to the public."), *items(3, 2, 1)]
    assert told(before, after, memory(1, 2)) == [("new", -1, 1), ("replace", 0, 0)]


def test_a_key_listed_twice_counts_once() -> None:
    assert told(items(2, 1), items(3, 3, 2, 1), memory(1, 2)) == [("new", -1, 0)]
