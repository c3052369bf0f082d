"""What looks leave in the store, and what comes back out of it. Also the scenes that the other store tests share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

import storage
from bot.model import Block, Edit, Finding, Host, ItemMemory, Look, Mark, Outcome, Source, Validators, pack
from storage import SqliteStore
from storage.packing import squeeze, unsqueeze

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LAW = Source("law", "https://a.example/law", title="The law")
OTHER = Source("other", "https://a.example/other")
HTML = "html/1"
REPLACED = (Edit("replace", 0, 0, ((0, 3, 0, 5),)),)
NOISE = (Edit("volatile", 0, 0, worth="noise", reason="digits"),)


def address(content: bytes) -> bytes:
    return blake2b(content, digest_size=16).digest()


def day(number: float) -> datetime:
    return NOON + timedelta(days=number)


def look(*texts: str, at: datetime = NOON, source: str = "law", raw: str = "", **fields: Any) -> Look:
    """A page that says these paragraphs; `raw`: what else is in its bytes."""
    return look_at(*(Block("paragraph", text) for text in texts), at=at, source=source, raw=raw, **fields)


def look_at(*blocks: Block, at: datetime = NOON, source: str = "law", raw: str = "", **fields: Any) -> Look:
    body = (raw + "\n".join(f"<p>{block.text}</p>" for block in blocks)).encode()
    reading = pack(blocks)
    made = Look(
        source,
        at,
        elapsed_ms=80,
        status=200,
        final_url=f"https://a.example/{source}",
        headers=(("Content-Type", "text/html"), ("Set-Cookie", "session=secret"), ("Date", at.isoformat())),
        validators=Validators(f'"{len(body)}"'),
        size=len(body),
        body_hash=address(body),
        body=squeeze(body),
        reading=squeeze(reading),
        reading_hash=address(reading),
        fingerprint=HTML,
        title="The law",
        language="en",
    )
    return replace(made, **fields)


def first(*texts: str, at: datetime = NOON, **fields: Any) -> Outcome:
    return Outcome("first", look(*texts, at=at, **fields), "baseline")


def changed(*texts: str, at: datetime, edits: tuple[Edit, ...] = REPLACED, **fields: Any) -> Outcome:
    return Outcome("changed", look(*texts, at=at, **fields), "source", edits=edits)


def unchanged(at: datetime, source: str = "law") -> Outcome:
    return Outcome("same", Look(source, at, status=304, unchanged=True))


def failed(cause: str, at: datetime, source: str = "law", **fields: Any) -> Outcome:
    return Outcome("failed", Look(source, at, cause=cause, **fields), cause)


def finding(change: int, *, verdict: str = "relevant", headline: str = "A rule moved", **fields: Any) -> Finding:
    return Finding(change, NOON, "rules/1", verdict, 100, headline, **fields)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = storage.open(tmp_path)
    made.declare([LAW, OTHER], now=NOON)
    yield made
    made.close()


# ------------------------------------------------------------------------------------------------ looks


def test_a_first_look_is_a_baseline_whose_blocks_bytes_and_headers_come_back(store: SqliteStore) -> None:
    (number,) = store.record([first("one", "two")])
    change = store.change(number)
    assert change is not None and change.after is not None
    assert (change.cause, change.before, change.edits) == ("baseline", None, ())
    assert [block.text for block in store.blocks(change.after)] == ["one", "two"]
    body, headers = store.body(change.after)
    assert body == b"<p>one</p>\n<p>two</p>"
    assert headers["content-type"] == "text/html"


def test_cookies_are_not_kept(store: SqliteStore) -> None:
    store.record([first("one")])
    assert store.body(store.versions("law")[0])[1]["set-cookie"] == ""


def test_a_change_names_both_versions_and_keeps_its_edits(store: SqliteStore) -> None:
    store.record([first("old")])
    (number,) = store.record([changed("fresh", at=day(1))])
    change = store.change(number)
    assert change is not None and change.before is not None and change.after is not None
    assert [store.blocks(version)[0].text for version in (change.before, change.after)] == ["old", "fresh"]
    assert (change.edits, change.at, change.source_id) == (REPLACED, day(1), "law")


def test_many_edits_come_back_as_they_were(store: SqliteStore) -> None:
    edits = tuple(Edit("renumber", n, n + 1, ((0, 3, 0, 4),), reason="五") for n in range(300))
    store.record([first("old")])
    (number,) = store.record([changed("fresh", at=day(1), edits=edits)])
    change = store.change(number)
    assert change is not None and change.edits == edits


def test_an_unchanged_look_leaves_a_check_and_nothing_else(store: SqliteStore) -> None:
    store.record([first("one")])
    assert store.record([unchanged(day(1))]) == (0,)
    assert [(row.outcome, row.status, row.at) for row in store.checks("law")] == [
        ("same", 304, day(1)),
        ("first", 200, NOON),
    ]
    assert len(store.versions("law")) == 1


def test_two_looks_in_the_same_moment_are_two_checks(store: SqliteStore) -> None:
    store.record([failed("dns", NOON), failed("dns", NOON)])
    assert len(store.checks("law")) == 2


def test_a_source_never_declared_becomes_known_by_its_first_look(store: SqliteStore) -> None:
    store.record([first("one", source="guest")])
    assert store.standings()["guest"].last_good == NOON


def test_other_bytes_that_read_the_same_make_no_version_but_are_the_next_ones_to_be_reread(store: SqliteStore) -> None:
    store.record([first("one")])
    for number in (1, 2):
        same = look("one", at=day(number), raw=f"<!-- {number} -->")
        assert store.record([Outcome("same", replace(same, reading=b""))]) == (0,)
    (known,) = store.known([LAW], {"law": "html/2"})
    assert unsqueeze(known.stored) == b"<!-- 2 --><p>one</p>"
    assert known.stored_type == "text/html" and known.stored_url == "https://a.example/law"
    assert known.body_hash == address(b"<!-- 2 --><p>one</p>")
    assert (len(store.versions("law")), store.totals().noise) == (1, 2)


def test_uncounted_edits_make_a_change_that_people_do_not_see(store: SqliteStore) -> None:
    store.record([first("1 visitor")])
    (number,) = store.record([Outcome("same", look("2 visitors", at=day(1)), "source", edits=NOISE)])
    assert [change.id for change in store.changes(counted=False)] == [number, 1]
    assert [change.id for change in store.changes()] == [1]
    assert store.memory(LAW).blocks[0].text == "2 visitors"
    assert store.standings()["law"].last_change is None


def test_validators_are_kept_after_a_good_reading_only(store: SqliteStore) -> None:
    store.record([first("one")])
    store.record([failed("blocked", day(1), validators=Validators('"challenge"'), status=200)])
    (known,) = store.known([LAW], {"law": HTML})
    assert known.validators == Validators('"10"')
    assert known.stored == b""


def test_a_304_without_validators_keeps_the_old_ones(store: SqliteStore) -> None:
    store.record([first("one")])
    store.record([unchanged(day(1))])
    assert store.known([LAW], {})[0].validators == Validators('"10"')


def test_known_answers_in_the_given_order_also_for_sources_never_read(store: SqliteStore) -> None:
    store.record([first("one")])
    known = store.known([OTHER, LAW, Source("guest", "https://b.example/")], {})
    assert [(one.source.id, bool(one.reading_hash)) for one in known] == [
        ("other", False),
        ("law", True),
        ("guest", False),
    ]


def test_the_body_of_a_look_that_fails_in_a_new_way_is_kept_once(store: SqliteStore) -> None:
    store.record([first("one")])
    wall = squeeze(b"<h1>Checking your browser</h1>")
    for number in (1, 2):
        store.record([failed("blocked", day(number), body=wall, status=403)])
    kept = "SELECT count(*) FROM snapshot JOIN word ON word.id = snapshot.cause WHERE word.text = 'blocked'"
    assert store._db.here.execute(kept).fetchone() == (1,)
    assert store.verify() == ""


# ------------------------------------------------------------------------------------------------ our own reader


def test_a_newer_reader_that_reads_the_same_only_renews_the_fingerprint(store: SqliteStore) -> None:
    before = first("one")
    store.record([before])
    renewed = Look("law", day(1), unchanged=True, fingerprint="html/2", reread_hash=before.look.reading_hash)
    assert store.record([Outcome("same", renewed)]) == (0,)
    assert [version.fingerprint for version in store.versions("law")] == ["html/2"]
    assert store.verify() == ""


def test_what_our_reader_changed_and_what_the_publisher_changed_are_two_changes(store: SqliteStore) -> None:
    store.record([first("one")])
    ours = pack([Block("paragraph", "One")])
    both = replace(look("Two", at=day(1)), fingerprint="html/2", reread=squeeze(ours), reread_hash=address(ours))
    (number,) = store.record([Outcome("changed", both, "source", edits=REPLACED, upgrade=REPLACED)])
    theirs, extractor, _ = store.changes()
    assert (extractor.cause, theirs.cause, theirs.id) == ("extractor", "source", number)
    assert extractor.before and extractor.after and theirs.before == extractor.after
    assert extractor.before.snapshot == extractor.after.snapshot
    assert [store.blocks(version)[0].text for version in (extractor.before, theirs.before, theirs.after)] == [
        "one", "One", "Two",
    ]  # fmt: skip


def test_an_upgrade_of_a_source_that_fails_tonight_is_recorded_too(store: SqliteStore) -> None:
    store.record([first("one")])
    ours = pack([Block("paragraph", "One")])
    tonight = Look("law", day(1), cause="dns", fingerprint="html/2", reread=squeeze(ours), reread_hash=address(ours))
    store.record([Outcome("failed", tonight, "dns", upgrade=REPLACED)])
    assert store.memory(LAW).blocks[0].text == "One"
    assert store.versions("law")[0].title == "The law"
    assert store.standings()["law"].cause == "dns"


def test_the_newest_body_becomes_the_snapshot_of_what_was_reread_from_it(store: SqliteStore) -> None:
    store.record([first("one")])
    store.record([Outcome("same", look("one", at=day(1), raw="<!-- 1 -->"))])
    ours = pack([Block("paragraph", "One")])
    tonight = Look("law", day(2), unchanged=True, fingerprint="html/2", reread=squeeze(ours), reread_hash=address(ours))
    store.record([Outcome("same", tonight, upgrade=REPLACED)])
    body, headers = store.body(store.versions("law")[0])
    assert body == b"<!-- 1 --><p>one</p>" and headers["date"] == day(1).isoformat()
    assert store.verify() == ""


def test_a_source_that_goes_back_to_how_our_old_reader_read_it_needs_no_new_reading(store: SqliteStore) -> None:
    store.record([first("one")])
    old = store.memory(LAW).reading_hash
    ours = pack([Block("paragraph", "One")])
    back = replace(
        look("anything", at=day(1)), reading=b"", reading_hash=old, reread=squeeze(ours), reread_hash=address(ours)
    )
    store.record([Outcome("changed", back, "source", edits=REPLACED, upgrade=REPLACED)])
    assert [store.blocks(version)[0].text for version in store.versions("law")] == ["one", "One", "one"]


# ------------------------------------------------------------------------------------------------ memory


def test_memory_has_blocks_items_and_marks_unless_it_is_light(store: SqliteStore) -> None:
    marks = {"footer": Mark(3, NOON, True)}
    items = (ItemMemory("k1", "First", True), ItemMemory("k2", "Second", False))
    store.record([replace(first("one"), items=items, marks=marks)])
    full, light = store.memory(LAW), store.memory(LAW, light=True)
    assert (full.items["k2"], full.marks, full.blocks[0].text) == (items[1], marks, "one")
    assert (light.items, light.blocks) == ({}, ())
    assert (light.version, light.reading_hash, light.language) == (full.version, full.reading_hash, "en")


def test_items_are_remembered_for_ever_and_marks_as_they_are_given(store: SqliteStore) -> None:
    store.record([replace(first("one"), items=(ItemMemory("k1", "First", True),), marks={"a": Mark(1, NOON)})])
    store.record([replace(changed("two", at=day(1)), items=(ItemMemory("k2", "Second", True),), marks={})])
    store.record([replace(unchanged(day(2)), marks=None)])
    memory = store.memory(LAW)
    assert (set(memory.items), memory.marks) == ({"k1", "k2"}, {})


def test_looks_that_say_gone_are_counted_in_a_row_and_silence_neither_adds_nor_ends_it(store: SqliteStore) -> None:
    store.record([first("one")])
    store.record([failed("not found", day(1), status=404), failed("timeout", day(2))])
    store.record([failed("not found", day(3), status=410)])
    assert store.memory(LAW).gone_looks == (day(1), day(3))
    store.record([failed("http", day(4), status=503)])
    assert store.memory(LAW).gone_looks == ()


def test_gone_is_a_change_without_an_after_and_said_once_until_the_page_is_back(store: SqliteStore) -> None:
    store.record([first("one")])
    gone = Outcome("gone", Look("law", day(1), status=404, cause="not found"), "gone")
    (number,) = store.record([gone])
    change = store.change(number)
    assert change is not None and change.before is not None and change.after is None
    assert store.record([replace(gone, look=replace(gone.look, at=day(2)))]) == (0,)
    assert store.standings()["law"].cause == "not found"
    store.record([unchanged(day(3))])
    assert store.record([replace(gone, look=replace(gone.look, at=day(4)))]) != (0,)


def test_shrinks_are_counted_while_the_same_text_comes_back(store: SqliteStore) -> None:
    store.record([first("one", "two")])
    for number in (1, 2):
        store.record([Outcome("failed", look("one", at=day(number)), "sudden shrink")])
    memory = store.memory(LAW)
    assert (memory.shrinks, memory.failed_hash) == (2, look("one").reading_hash)
    store.record([Outcome("failed", look("three", at=day(3)), "sudden shrink")])
    assert store.memory(LAW).shrinks == 1
    store.record([unchanged(day(4))])
    assert (store.memory(LAW).shrinks, store.memory(LAW).failed_hash) == (0, b"")


def test_a_host_is_well_while_another_of_its_sources_reads_well(store: SqliteStore) -> None:
    store.record([first("one"), first("two", source="other")])
    store.record([failed("not found", day(1), status=404), failed("dns", day(1), source="other")])
    assert not store.memory(LAW).host_well
    store.record([unchanged(day(2), source="other")])
    assert store.memory(LAW).host_well


def test_a_new_edition_is_compared_with_its_predecessor(store: SqliteStore) -> None:
    report = Source("report-2027", "https://a.example/2027", succeeds="law")
    store.declare([LAW, OTHER, report], now=NOON)
    store.record([first("edition of 2026")])
    memory = store.memory(report)
    assert (memory.version, memory.predecessor_blocks[0].text) == (0, "edition of 2026")
    edition = Outcome("first", look("edition of 2027", source="report-2027", at=day(1)), "edition", edits=REPLACED)
    # the predecessor moves in the same unit: what was compared is what stood there before
    (_, number) = store.record([changed("erratum", at=day(1)), edition])
    change = store.change(number)
    assert change is not None and change.before is not None
    assert (change.cause, change.edits, change.before.id) == ("edition", REPLACED, memory.predecessor)
    assert store.memory(report).predecessor == 0


# ------------------------------------------------------------------------------------------------ standing


def test_a_standing_tells_what_fails_since_when_and_forgets_it_with_the_next_good_look(store: SqliteStore) -> None:
    store.record([first("one")])
    store.record([failed("dns", day(1)), failed("timeout", day(2), retry_after=60.0)])
    bad = store.standings()["law"]
    assert (bad.streak, bad.cause, bad.failing_since, bad.last_good) == (2, "timeout", day(1), NOON)
    assert bad.not_before == day(2) + timedelta(minutes=1)
    store.record([changed("two", at=day(3))])
    good = store.standings()["law"]
    assert (good.streak, good.cause, good.failing_since, good.not_before) == (0, "", None, None)
    assert (good.last_check, good.last_good, good.last_change) == (day(3), day(3), day(3))


def test_a_missed_window_hurries_until_a_change_misses_nothing(store: SqliteStore) -> None:
    store.record([first("one")])
    (number,) = store.record([replace(changed("two", at=day(1)), missed=True)])
    change = store.change(number)
    assert change is not None and change.missed
    store.record([unchanged(day(2))])
    assert store.standings()["law"].hurry == 0.5
    store.record([changed("three", at=day(3))])
    assert store.standings()["law"].hurry == 1.0


def test_sources_never_looked_at_stand_there_with_everything_empty(store: SqliteStore) -> None:
    standing = store.standings()["other"]
    assert (standing.last_check, standing.streak, standing.hurry) == (None, 0, 1.0)


def test_what_is_no_longer_declared_keeps_its_history(store: SqliteStore) -> None:
    store.record([first("one")])
    store.declare([OTHER], now=day(1))
    assert len(store.versions("law")) == 1
    store.declare([LAW, OTHER], now=day(2))
    assert store.memory(LAW).version == 1


def test_standings_are_the_same_until_somebody_looks_in_whichever_process(store: SqliteStore, tmp_path: Path) -> None:
    store.record([first("one")])
    before = store.standings()
    assert store.standings() is before
    with closing(storage.open(tmp_path)) as elsewhere:
        elsewhere.record([unchanged(day(1), source="other")])
    after = store.standings()
    assert (after["other"].last_good, before["other"].last_good) == (day(1), None)
    assert after["law"] is before["law"]
    store.record([first("guest", source="guest", at=day(2))])
    assert store.standings()["guest"].last_good == day(2)


def test_the_same_declarations_are_noted_once_and_again_when_others_took_their_place(
    store: SqliteStore, tmp_path: Path
) -> None:
    ours = (LAW, OTHER)
    store.declare(ours, now=NOON)
    with closing(storage.open(tmp_path)) as elsewhere:
        elsewhere.declare([LAW], now=day(1))
        assert _declared(tmp_path) == {"law"}
        store.declare(ours, now=day(2))
        assert _declared(tmp_path) == {"law", "other"}
        elsewhere.declare([LAW, replace(OTHER, id="third")], now=day(3))
        store.declare(ours, now=day(4))
    assert _declared(tmp_path) == {"law", "other"}


def _declared(home: Path) -> set[str]:
    with closing(sqlite3.connect(home / "regwatch.db")) as db:
        return {name for (name,) in db.execute("SELECT name FROM source WHERE declared AND retired IS NULL")}


def test_hosts_come_back_as_they_were_kept(store: SqliteStore) -> None:
    kept = Host("a.example", not_before=day(1), robots="User-agent: *", robots_at=NOON)
    store.keep_host(kept)
    store.record([unchanged(NOON)], hosts=[Host("b.example", robots="")])
    assert store.hosts(["a.example", "b.example", "c.example"]) == {
        "a.example": kept,
        "b.example": Host("b.example", robots=""),
        "c.example": Host("c.example"),
    }


# ------------------------------------------------------------------------------------------------ announced documents


def announced(store: SqliteStore, at: datetime = NOON) -> tuple[Source, int]:
    """A list that announces one document; the derived source and the list's Change."""
    child = Source("law~1", "https://a.example/doc", parent="law", since=at, item_key="k1", every=timedelta(hours=6))
    item = Block("item", "A document", key="k1", link="https://a.example/doc")
    store.record([first("one", at=at - timedelta(days=1))])
    fresh = Outcome("changed", look_at(item, at=at), "source", edits=(Edit("new", -1, 0),), follow=(child,))
    return child, store.record([fresh])[0]


def test_a_new_item_becomes_a_derived_source_that_names_its_list_and_its_announcement(store: SqliteStore) -> None:
    child, number = announced(store)
    assert store.derived() == (child,)
    (waiting,) = store.announced(number)
    assert (waiting.source_id, waiting.item_key, waiting.change, waiting.cause) == ("law~1", "k1", 0, "")
    (document,) = store.record([Outcome("first", look("text", source="law~1", at=day(1)), "new")])
    (read,) = store.announced(number)
    assert read.change == document
    change = store.change(document)
    assert change is not None and change.announced_by == number


def test_a_retired_source_is_followed_no_more(store: SqliteStore) -> None:
    child, _ = announced(store)
    known = store.derived()
    assert store.derived() is known == (child,)
    store.retire(["law~1"], now=day(1))
    assert store.derived() == ()
    assert store.recorded("law~1") == child and store.recorded("law") is None


# ------------------------------------------------------------------------------------------------ listing


def test_changes_are_listed_newest_first_and_by_source_time_and_verdict(store: SqliteStore) -> None:
    store.record([first("one"), first("two", source="other", at=day(1))])
    store.record([changed("three", at=day(2))])
    store.add_finding(finding(2), [], text="")
    store.add_finding(finding(3, verdict="not_relevant"), [], text="")
    assert [change.id for change in store.changes()] == [3, 2, 1]
    assert [change.id for change in store.changes(limit=1)] == [3]
    assert [change.id for change in store.changes(since=day(1), source_id="other")] == [2]
    assert [change.id for change in store.changes(relevant=True)] == [2]


def test_totals_count_since_a_moment(store: SqliteStore) -> None:
    store.record([first("one")])
    store.record([failed("dns", day(1)), changed("two", at=day(2))])
    assert (store.totals().looks, store.totals().failures, store.totals().changes) == (3, 1, 2)
    assert (store.totals(since=day(1)).looks, store.totals(since=day(1)).versions) == (2, 1)


def test_nothing_there_is_nothing(store: SqliteStore) -> None:
    assert store.change(99) is None and store.finding(99) is None
    assert store.blocks(None) == () and store.versions("guest") == () and store.checks("guest") == ()


def test_times_come_back_to_the_millisecond(store: SqliteStore) -> None:
    at = NOON.replace(microsecond=123_000)
    store.record([first("one", at=at)])
    assert store.versions("law")[0].at == at


def test_what_waits_in_the_outbox_is_found_without_a_walk_over_what_is_over(store: SqliteStore) -> None:
    asked: list[str] = []
    db = store._db.here
    db.set_trace_callback(asked.append)
    store.outbox(states=("queued", "sending", "uncertain"))
    store.outbox(states=("queued", "sending"))
    store.outbox(now=NOON)
    db.set_trace_callback(None)
    plans = [db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall() for sql in asked if "FROM delivery" in sql]
    assert [len(plan) for plan in plans] == [1, 1, 1]
    assert all("USING INDEX delivery_waiting" in plan[0][3] for plan in plans)
