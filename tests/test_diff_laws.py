"""Laws that hold for any two Versions whatever."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import diff
from bot.diff.faces import face
from bot.model import Block, Edit, ItemMemory
from bot.text import fold

WORDS = "data transfer shall may controller 出境 数据 应当 可以 重要 個人情報 개인정보 ข้อมูล передача § 5 10 10,000 ."
LABELS = ["", "", "Article 1", "Article 2", "第一条", "第二条", "(1)", "(2)", "3.", "§ 4b", "제3조"]
sentences = st.lists(st.sampled_from(WORDS.split()), min_size=0, max_size=9).map(" ".join)
texts = st.one_of(sentences, st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30))
blocks = st.builds(
    lambda label, text, kind: Block(kind, f"{label} {text}".strip()),
    st.sampled_from(LABELS),
    texts,
    st.sampled_from(["paragraph", "heading", "row"]),
)
versions = st.lists(blocks, max_size=12)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[list[Block], list[Block]]:
    """Two Versions that mostly share their blocks, or have nothing to do with each other."""
    before = draw(versions)
    after = list(before)
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(after)))
        match draw(st.integers(0, 4)):
            case 0:
                after.insert(at, draw(blocks))
            case 1 if at < len(after):
                del after[at]
            case 2 if at < len(after):
                after.append(after.pop(at))
            case 3 if at < len(after):
                after[at] = after[at]._replace(text=after[at].text + " " + draw(sentences))
            case 4:
                after = draw(versions)
    return before, after


def is_the_same(text: str, other: str) -> bool:
    return fold(text) == fold(other) or face(Block("paragraph", text))[:2] == face(Block("paragraph", other))[:2]


@given(pairs())
def test_replaying_the_edits_gives_the_new_text(pair: tuple[list[Block], list[Block]]) -> None:
    before, after = pair
    replayed = diff.replay(before, after, diff.edits(before, after))
    assert len(replayed) == len(after)
    assert all(is_the_same(text, block.text) for text, block in zip(replayed, after, strict=True))


@given(versions)
def test_a_text_against_itself_gives_nothing(version: list[Block]) -> None:
    assert diff.edits(version, list(version)) == ()


@given(pairs())
def test_swapping_the_sides_swaps_insert_and_delete_and_nothing_else(pair: tuple[list[Block], list[Block]]) -> None:
    before, after = pair

    def seen(edits: tuple[Edit, ...]) -> Counter[tuple[str, int, int]]:
        return Counter((edit.kind, edit.before, edit.after) for edit in edits)

    assert seen(diff.reversed_edits(diff.edits(before, after))) == seen(diff.edits(after, before))


@given(pairs())
def test_every_block_is_named_at_most_once(pair: tuple[list[Block], list[Block]]) -> None:
    edits = diff.edits(*pair)
    for side in ([e.before for e in edits if e.before >= 0], [e.after for e in edits if e.after >= 0]):
        assert len(side) == len(set(side))


@given(pairs())
def test_spans_ascend_and_lie_inside_their_texts(pair: tuple[list[Block], list[Block]]) -> None:
    before, after = pair
    for edit in diff.edits(before, after):
        at = after_at = 0
        for start, end, after_start, after_end in edit.spans:
            assert at <= start <= end <= len(before[edit.before].text)
            assert after_at <= after_start <= after_end <= len(after[edit.after].text)
            at, after_at = end, after_end


@given(pairs())
def test_edits_come_in_the_order_of_the_new_text(pair: tuple[list[Block], list[Block]]) -> None:
    placed = [edit.after for edit in diff.edits(*pair) if edit.after >= 0]
    assert placed == sorted(placed)


DRESSES = [
    lambda text: text.replace(" ", "   "),
    lambda text: text.replace(" ", "\u00a0"),
    lambda text: text.replace("data", "da\u00adta"),
    lambda text: f" {text}\t",
    lambda text: text.replace("10", "１０"),
]


@given(versions, st.lists(st.sampled_from(DRESSES), min_size=1, max_size=3))
def test_white_space_soft_hyphens_and_widths_are_no_counted_edit(version: list[Block], dresses: list) -> None:
    dressed = [block._replace(text=text) for block in version for text in [dress_all(block.text, dresses)]]
    assert not [edit for edit in diff.edits(version, dressed) if edit.counted]


def dress_all(text: str, dresses: list) -> str:
    for dress in dresses:
        text = dress(text)
    return text


@given(versions, st.randoms(use_true_random=False))
def test_the_order_of_asides_is_nothing_at_all(version: list[Block], random: object) -> None:
    asides = [block._replace(place="aside") for block in version]
    shuffled = list(asides)
    random.shuffle(shuffled)
    assert diff.edits(asides, shuffled) == ()


keys = st.lists(st.sampled_from([f"https://a.example/{n}" for n in range(9)]), max_size=9, unique=True)


def listed(names: list[str]) -> list[Block]:
    return [Block("item", f"Measure on topic {name[-1]} of this year", key=name, link=name) for name in names]


def remembered(names: list[str]) -> dict[str, ItemMemory]:
    return {block.key: ItemMemory(block.key, block.text, True) for block in listed(names)}


@given(keys, keys)
def test_of_two_lists_only_unseen_keys_are_new(before: list[str], after: list[str]) -> None:
    told = diff.item_edits(listed(before), listed(after), seen=remembered(before))
    assert {after[e.after] for e in told.edits if e.kind == "new"} == set(after) - set(before)


@given(keys, keys)
def test_what_is_gone_one_way_is_new_the_other_way(before: list[str], after: list[str]) -> None:
    there = diff.item_edits(listed(before), listed(after), seen=remembered(before))
    back = diff.item_edits(listed(after), listed(before), seen=remembered(after))
    gone = {before[e.before] for e in there.edits if e.kind == "gone"}
    assert gone <= {before[e.after] for e in back.edits if e.kind == "new"}


@given(keys, st.randoms(use_true_random=False))
def test_the_order_of_a_list_is_nothing(names: list[str], random: object) -> None:
    shuffled = list(names)
    random.shuffle(shuffled)
    told = diff.item_edits(listed(names), listed(shuffled), seen=remembered(names))
    assert told == ((), False, ())


@settings(max_examples=30)
@given(st.integers(1, 400), st.integers(0, 400), st.booleans())
def test_one_amended_sentence_stands_out_of_any_renumbering(articles: int, at: int, amended: bool) -> None:
    at = min(at, articles - 1)
    text = [f"Each operator number {n * 7919 % 10007} keeps a record of kind {n * 31 % 97}." for n in range(articles)]
    before = [Block("paragraph", f"Article {n + 1} {body}") for n, body in enumerate(text)]
    text[at] = text[at].replace("keeps", "publishes") if amended else text[at]
    after = [Block("paragraph", f"Article {n + 2} {body}") for n, body in enumerate(text)]
    kinds = Counter(edit.kind for edit in diff.edits(before, after))
    assert kinds == Counter(renumber=articles - amended, replace=int(amended))
