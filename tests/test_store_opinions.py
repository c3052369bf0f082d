"""Findings, what waits for one, and finding them again by words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

import storage
from bot.model import DatedQuote, Delivery, Edit, Filters, Force, Outcome, Quote, Reason, Source, Subscription
from storage import SqliteStore
from tests.test_store import LAW, NOISE, NOON, OTHER, announced, changed, day, failed, finding, first, look

WAIT = timedelta(hours=2)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = storage.open(tmp_path)
    made.declare([LAW, OTHER], now=NOON)
    yield made
    made.close()


def waiting(store: SqliteStore, *, hours: float = 0.0) -> list[int]:
    return [change.id for change in store.unjudged(now=NOON + timedelta(hours=hours), wait=WAIT, tries=3)]


# ------------------------------------------------------------------------------------------------ judging


def test_changes_wait_for_a_finding_oldest_first(store: SqliteStore) -> None:
    store.record([first("one"), first("two", source="other", at=day(-1))])
    assert waiting(store) == [2, 1]
    store.add_finding(finding(2), [], text="")
    assert waiting(store) == [1]


def test_our_own_changes_and_uncounted_ones_are_never_judged(store: SqliteStore) -> None:
    store.record([first("one")])
    store.add_finding(finding(1), [], text="")
    store.record([Outcome("same", look("two", at=day(1)), "source", edits=NOISE)])
    assert waiting(store) == []


def test_a_list_waits_for_the_documents_it_announced(store: SqliteStore) -> None:
    _, number = announced(store)
    assert number not in waiting(store)
    (document,) = store.record([Outcome("first", look("text", source="law~1"), "new")])
    assert waiting(store)[-2:] == [number, document]


def test_a_list_does_not_wait_after_three_failed_looks(store: SqliteStore) -> None:
    _, number = announced(store)
    store.record([failed("dns", day(minute / 1440), source="law~1") for minute in (1, 2)])
    assert number not in waiting(store)
    store.record([failed("timeout", day(3 / 1440), source="law~1")])
    assert number in waiting(store)
    assert store.announced(number)[0].cause == "timeout"


def test_a_list_does_not_wait_longer_than_it_may(store: SqliteStore) -> None:
    _, number = announced(store)
    assert number not in waiting(store, hours=1.9)
    assert number in waiting(store, hours=2.0)


def test_a_list_does_not_wait_for_a_document_that_is_no_longer_followed(store: SqliteStore) -> None:
    _, number = announced(store)
    store.retire(["law~1"], now=NOON)
    assert number in waiting(store)


def test_a_finding_comes_back_whole_and_the_latest_one_counts(store: SqliteStore) -> None:
    store.record([first("one")])
    store.add_finding(finding(1, verdict="uncertain"), [], text="")
    whole = finding(
        1,
        headline="传输规则",
        sentences=("In force.",),
        reasons=(Reason("term", 120, "title", "transfer"),),
        quotes=(Quote("after", "text", ((0, 4),), ("Chapter 1",), "Article 5", 3),),
        force=(Force("modality", "may", "shall", ("Article 5",)),),
        corridors=(("CN", "*"),),
        dates=(DatedQuote("effective", date(2027, 1, 1), "1 January 2027"),),
        stage="adopted",
    )
    number = store.add_finding(whole, [], text="")
    found = store.finding(1)
    assert found is not None and found.id == number
    assert found == finding(
        1,
        headline="传输规则",
        sentences=whole.sentences,
        reasons=whole.reasons,
        quotes=whole.quotes,
        force=whole.force,
        corridors=whole.corridors,
        dates=whole.dates,
        stage="adopted",
        id=number,
    )
    assert store.findings([1, 2]) == {1: found}


def test_a_finding_and_its_deliveries_are_one_transaction(store: SqliteStore) -> None:
    store.record([first("one")])
    nobody = Delivery(subscription=77, kind="post", subject="change:1")
    with pytest.raises(Exception, match="FOREIGN KEY"):
        store.add_finding(finding(1), [nobody], text="words")
    assert store.finding(1) is None and waiting(store) == [1] and store.search("words") == ()


def test_judging_again_tells_nobody_twice(store: SqliteStore) -> None:
    store.record([first("one")])
    reader = store.subscribe(Subscription(0, "console", "here"), now=NOON)
    for _ in range(2):
        store.add_finding(finding(1), [Delivery(reader, "post", "change:1")], text="")
    assert len(store.outbox()) == 1


def test_judged_goes_through_everything_that_has_a_finding(store: SqliteStore) -> None:
    sources = [Source(f"s{n}", f"https://b.example/{n}") for n in range(250)]
    store.record([first("text", source=source.id, at=day(n / 250)) for n, source in enumerate(sources)])
    for number in range(1, 250):
        store.add_finding(finding(number), [], text="")
    assert [change.id for change in store.judged()] == list(range(1, 250))
    assert [change.id for change in store.judged(since=day(0.5))][0] == 126


# ------------------------------------------------------------------------------------------------ searching

TEXTS = {
    "zh": "数据出境安全评估办法第五条规定,重要数据的处理者应当依照《公司法》申报。",
    "ja": "個人データの越境移転に関するガイドラインを改正しました。",
    "ko": "개인정보를 국외로 이전하는 경우 정보주체의 동의를 받아야 한다.",
    "th": "การส่งหรือโอนข้อมูลส่วนบุคคลไปยังต่างประเทศ",
    "fr": "Les transferts de données à caractère personnel sont réévalués.",
    "en": "The exporter's transfers are subject to a U.S. licence (Regulation 2016/679).",
    "hi": "व्यक्तिगत डेटा का सीमा पार स्थानांतरण",
}


@pytest.fixture
def library(store: SqliteStore) -> SqliteStore:
    """One Change for each language."""
    for number, text in enumerate(TEXTS.values(), start=1):
        store.record([first(text, source=f"s{number}", at=day(number))])
        store.add_finding(finding(number), [], text=text)
    return store


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("数据", "zh"), ("公司法", "zh"), ("安全评估", "zh"), ("数据 申报", "zh"), ("第五条", "zh"), ("法", "zh"),
        ("データ", "ja"), ("越境移転", "ja"), ("ガイドライン", "ja"), ("ﾃﾞｰﾀ", "ja"), ("個人データ", "ja"),
        ("정보", "ko"), ("개인정보", "ko"), ("개인정보는", "ko"), ("동의가", "ko"), ("이전", "ko"), ("국외 이전", "ko"),
        ("ข้อมูล", "th"), ("ข้อมูลส่วนบุคคล", "th"), ("โอน", "th"),
        ("donnees", "fr"), ("DONNÉES", "fr"), ("transferts caractère", "fr"), ("réév", "fr"),
        ("licen", "en"), ("exporter's", "en"), ("U.S.", "en"), ("2016/679", "en"), ("regulation", "en"),
        ("व्यक्तिगत", "hi"), ("स्थानांतरण", "hi"),
    ],
)  # fmt: skip
def test_words_are_found_in_their_language(library: SqliteStore, words: str, language: str) -> None:
    assert [hit.change for hit in library.search(words)] == [list(TEXTS).index(language) + 1]


@pytest.mark.parametrize("words", ["法公", "据出境安全局", "전정", "transferts licence", "xdonnees", "679/2016"])
def test_what_no_text_says_is_not_found(library: SqliteStore, words: str) -> None:
    assert library.search(words) == ()


@pytest.mark.parametrize(
    "words",
    ['"', "AND", "a OR", "(", "text:x", "* *", "NEAR(", "^", "-", "", "  ", "'; --", "\x00", "\ud800", "§", "+"],
)
def test_whatever_people_type_is_never_a_syntax_error(library: SqliteStore, words: str) -> None:
    library.search(words)


def test_a_hit_shows_the_words_with_what_stands_around_them(library: SqliteStore) -> None:
    long = "before " * 100 + "the DÉCISIVE word " + "after " * 100
    library.record([first(long, source="long", at=day(9))])
    library.add_finding(finding(8, headline="A headline"), [], text=long)
    (hit,) = library.search("decisive")
    assert (hit.headline, hit.source_id, hit.verdict, hit.at) == ("A headline", "long", "relevant", day(9))
    assert "the DÉCISIVE word" in hit.snippet and len(hit.snippet) < 250


def test_judging_again_replaces_what_is_found(store: SqliteStore) -> None:
    store.record([first("one")])
    store.add_finding(finding(1), [], text="adequacy decision")
    store.add_finding(finding(1), [], text="localisation duty")
    assert store.search("adequacy") == ()
    assert [hit.change for hit in store.search("localisation")] == [1]


def test_hits_come_newest_first_and_no_more_than_asked(store: SqliteStore) -> None:
    for number in range(5):
        store.record([first("text", source=f"s{number}", at=day(-number))])
        store.add_finding(finding(number + 1), [], text="transfer")
    assert [hit.change for hit in store.search("transfer", limit=2)] == [1, 2]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), [2, 1]),
        (Filters(sources=("law",)), [1]),
        (Filters(jurisdictions=("CN", "HK")), [1]),
        (Filters(topics=("finance",)), [2]),
        (Filters(mechanisms=("scc",)), [1]),
        (Filters(corridors=(("CN", "US"),)), [1]),
        (Filters(corridors=(("EU", "US"),)), [2]),
        (Filters(corridors=(("JP", "US"),)), []),
        (Filters(words=("special",)), [2]),
        (Filters(sources=("law",), topics=("finance",)), []),
    ],
)  # fmt: skip
def test_a_search_can_be_narrowed(store: SqliteStore, filters: Filters, found: list[int]) -> None:
    store.record([first("one"), first("two", source="other", at=day(1))])
    china = finding(1, jurisdictions=("CN",), mechanisms=("scc",), corridors=(("CN", "*"),))
    store.add_finding(china, [], text="transfer")
    store.add_finding(finding(2, topics=("finance",), corridors=(("EU", "US"),)), [], text="transfer special")
    assert [hit.change for hit in store.search("transfer", filters=filters)] == found


def test_a_change_that_was_announced_gone_can_be_found(store: SqliteStore) -> None:
    store.record([first("one")])
    store.record([changed("two", at=day(1), edits=(Edit("delete", 0, -1),))])
    store.add_finding(finding(2), [], text="struck out")
    assert [hit.change for hit in store.search("struck")] == [2]
