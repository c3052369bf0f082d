"""A store that an earlier release made is brought up to date: nothing is lost, and the new questions have answers."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from hashlib import blake2b, sha256
from pathlib import Path

import pytest
from sqlite_utils import Database

import storage
from bot.errors import StoreError
from bot.model import Block, DatedQuote, Delivery, Edit, Filters, Finding, Review, Rhythm, pack
from storage import headers
from storage.connection import APPLICATION
from storage.facts import CHANGE, LATEST_FIRST, NEWEST_FIRST, VERSION, pack_edits
from storage.migrations import steps
from storage.packing import sparse, squeeze, stamp
from storage.phrases import shorten
from tests.test_store import LAW, NOON, changed, day, finding, unchanged

MANY = 1_200  # more than two pages of filling
NAMES = ("snapshot", "version", "finding", "review", "delivery")


class First:
    """A store as the first release made it, filled by SQL alone; every row is chained by the published rule."""

    def __init__(self, home: Path) -> None:
        self.db = sqlite3.connect(home / "regwatch.db", isolation_level=None)
        self.db.execute(f"PRAGMA application_id = {APPLICATION}")
        steps.apply(Database(self.db, recursive_triggers=False), stop_before="m002_lookups")
        self._chain = (0, bytes(32))

    def seal(self, kind: int, row: int, content: list[object]) -> None:
        """Append to the ledger: SHA-256 of the content, and of the previous hash with what stands here."""
        compact = {"separators": (",", ":"), "ensure_ascii": False}
        sealed = sha256(json.dumps(content, **compact).encode()).digest()  # type: ignore[arg-type]
        seq, previous = self._chain[0] + 1, self._chain[1]
        told = json.dumps([seq, NAMES[kind], row, sealed.hex()], **compact).encode()  # type: ignore[arg-type]
        hash_ = sha256(previous + told).digest()
        self.db.execute("INSERT INTO ledger VALUES (?, ?, ?, ?, ?)", (seq, kind, row, sealed, hash_))
        self._chain = (seq, hash_)

    def word(self, text: str) -> int:
        self.db.execute("INSERT OR IGNORE INTO word (text) VALUES (?)", (text,))
        return int(self.db.execute("SELECT id FROM word WHERE text = ?", (text,)).fetchone()[0])

    def version(self, number: int, text: str) -> None:
        """Snapshot and Version of this number on that day, of source 1."""
        at = stamp(day(number))
        body, reading = f"<p>{text}</p>".encode(), pack([Block("paragraph", text)])
        for row, content in ((2 * number, body), (2 * number + 1, reading)):
            address = blake2b(content, digest_size=16).digest()
            self.db.execute("INSERT INTO body VALUES (?, ?, NULL, ?)", (row, address, squeeze(content)))
        frame = squeeze(b'[["content-type","text/html"]]', like=headers.COMMON, level=9)
        snapshot = (number, at, 200, self.word(LAW.url), 2 * number, frame)
        self.db.execute("INSERT INTO snapshot VALUES (?, 1, ?, ?, ?, ?, NULL, ?, NULL, NULL)", snapshot)
        sent = {"content-type": "text/html"}
        self.seal(0, number, ["law", at, 200, LAW.url, sent, sha256(body).hexdigest(), ""])
        said = (blake2b(reading, digest_size=16).digest(), self.word("html/1"), self.word("en"), self.word("The law"))
        version = (number, at, number, 2 * number + 1, *said)
        self.db.execute("INSERT INTO version VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?)", version)
        self.seal(1, number, ["law", at, number, sha256(reading).hexdigest()])

    def change(self, number: int, *, cause: int = 0, late: bool = False) -> None:
        edits = pack_edits([Edit("replace", 0, 0, ((0, 3, 0, 5),))])
        row = (number, stamp(day(number / 24)), cause, 1, 2, late, edits)
        self.db.execute("INSERT INTO change VALUES (?, 1, ?, ?, ?, ?, 1, 0, ?, ?)", row)

    def finding(self, number: int, opinion: Finding) -> None:
        content, at = sparse(opinion), stamp(opinion.at)
        verdict = ("relevant", "uncertain", "not_relevant").index(opinion.verdict)
        row = (number, opinion.change, at, verdict, shorten(content))
        self.db.execute("INSERT INTO finding VALUES (?, ?, ?, ?, ?)", row)
        self.seal(2, number, [opinion.change, at, sha256(content).hexdigest()])


def made_by_the_first_release(home: Path, *, many: int = 0) -> None:
    """A source with two versions; changes 1 (judged twice), 2 (our reader's), 3 (late), 4 (unjudged), and many more."""
    old = First(home)
    db = old.db
    db.execute("BEGIN")
    db.execute("INSERT INTO source (id, name, host, declared) VALUES (1, 'law', 'a.example', 1)")
    old.version(1, "may transfer")
    old.version(2, "shall not transfer")
    db.execute("INSERT INTO standing (source, version, last_good) VALUES (1, 2, ?)", (stamp(day(2)),))
    for number, cause, late in ((1, 0, False), (2, 4, False), (3, 0, True), (4, 0, False)):
        old.change(number, cause=cause, late=late)
    db.execute("INSERT INTO unjudged VALUES (4)")
    deadline = (DatedQuote("deadline", date(2027, 1, 1), "by 1 January 2027"),)
    old.finding(1, finding(1, verdict="uncertain", topics=("adequacy",), corridors=(("EU", "US"),)))
    old.finding(2, finding(1, jurisdictions=("CN",), stage="adopted", corridors=(("CN", "*"),), dates=deadline))
    old.finding(3, finding(3, jurisdictions=("CN",), dates=deadline))
    for change in (1, 3):
        db.execute("INSERT INTO search (rowid, text) VALUES (?, 'transfer')", (change,))
        db.execute("INSERT INTO passage VALUES (?, NULL, ?)", (change, squeeze(b"transfer")))
    db.execute(
        """INSERT INTO subscription VALUES (1, 'console', 'here', '{"topics":["adequacy"]}', 'instant', '', '["law"]',
        NULL, 0, NULL)"""
    )
    payload = (shorten(b"told"), stamp(NOON))
    db.execute("INSERT INTO delivery VALUES (1, 1, 'post', 'change:1', 0, 2, 1, NULL, ?2, ?1, 'ts')", payload)
    old.seal(4, 1, [1, "post", "change:1", 0, stamp(NOON), sha256(b"told").hexdigest()])
    promise = sha256(b"saltyes").digest()
    db.execute("INSERT INTO person VALUES ('a1', 'ann', NULL)")
    db.execute("INSERT INTO review VALUES (1, 1, 'a1', ?, 'relevant', ?, x'73616c74', 'yes')", (stamp(NOON), promise))
    old.seal(3, 1, [1, "a1", stamp(NOON), "relevant", promise.hex()])
    for number in range(5, 5 + many):
        old.change(number)
        old.finding(number, finding(number, topics=("cloud",)))
    db.execute("COMMIT")
    db.close()


def test_a_store_of_the_first_release_is_brought_up_to_date_and_every_verb_works(tmp_path: Path) -> None:
    made_by_the_first_release(tmp_path)
    store = storage.open(tmp_path)
    assert store.verify() == ""
    assert {row.row for row in store.proof(1).rows if row.kind == "change"} == {1}, "sealed at the first opening"
    # the old verbs
    change = store.change(1)
    assert change is not None and [block.text for block in store.blocks(change.after)] == ["shall not transfer"]
    assert [one.id for one in store.changes(relevant=True)] == [3, 1]
    assert [(one.rhythm, one.answer_within, one.team, one.muted) for one in store.subscriptions()] == [
        (Rhythm(), 0, "", ("law",))
    ]
    assert store.reviews(1) == (Review(1, "ann", NOON, "relevant", "yes"),)
    assert [one.id for one in store.unjudged(now=day(9), wait=timedelta(0), tries=3)] == [4]
    assert [hit.change for hit in store.search("transfer")] == [3, 1]
    # what the new ones find: the latest Finding of each Change, not what was thought before
    assert [(one.id, said.id) for one, said in store.recent()] == [(3, 3), (1, 2)]
    assert [one.id for one, _ in store.recent(filters=Filters(corridors=(("CN", "US"),)))] == [1]
    assert store.recent(filters=Filters(topics=("adequacy",))) == ()
    assert [one.id for one, _ in store.recent(filters=Filters(stages=("adopted", "court")))] == [1]
    assert [(one.change, one.dated.date) for one in store.ahead(since=NOON.date())] == [(1, date(2027, 1, 1))]
    assert [one.subject for one in store.open_items(1, now=NOON)] == ["change:1"]
    # and it goes on
    (fresh,) = store.record([changed("may not transfer", at=day(5))])
    store.add_finding(finding(fresh), [Delivery(1, "post", f"change:{fresh}")], text="may not")
    store.add_review(Review(1, "bo", NOON, "acknowledged", subscription=1))
    store.record([unchanged(day(6))])
    assert store.open_items(1, now=NOON) == () and store.verify() == ""
    store.close()


def test_a_sources_newest_are_found_without_sorting_all_that_it_ever_had(tmp_path: Path) -> None:
    made_by_the_first_release(tmp_path)
    storage.open(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "regwatch.db")) as db:
        for select in (f"{CHANGE} WHERE source = 1 {NEWEST_FIRST}", f"{VERSION} {LATEST_FIRST.replace('?', '1')}"):
            plan = " ".join(step for *_, step in db.execute(f"EXPLAIN QUERY PLAN {select}", (9,) * select.count("?")))
            assert "INDEX" in plan and "B-TREE" not in plan


@pytest.mark.parametrize("step", ["m002_lookups", "m003_keeping", "m004_stages", "m005_waiting"])
def test_a_store_of_any_release_is_brought_up_to_date_and_verifies(tmp_path: Path, step: str) -> None:
    made_by_the_first_release(tmp_path)
    db = sqlite3.connect(tmp_path / "regwatch.db", isolation_level=None)
    steps.apply(Database(db, recursive_triggers=False), stop_before=step)
    db.execute(f"PRAGMA user_version = {int(step[1:4]) - 1}")
    (kept,) = db.execute("SELECT count(*) FROM ledger").fetchone()
    db.close()
    store = storage.open(tmp_path)
    assert store.verify() == "" and store.head()[0] == kept + 4, "its four changes are sealed now"
    assert [(one.id, said.id) for one, said in store.recent()] == [(3, 3), (1, 2)]
    store.close()
    again = storage.open(tmp_path)
    assert again.head()[0] == kept + 4
    again.close()


def test_filling_in_goes_on_where_it_was_cut_off(tmp_path: Path) -> None:
    made_by_the_first_release(tmp_path, many=MANY)
    db = sqlite3.connect(tmp_path / "regwatch.db", isolation_level=None)
    steps.apply(Database(db, recursive_triggers=False))
    late = f"WHEN new.change > {MANY // 2} BEGIN SELECT RAISE(ABORT, 'cut'); END"
    db.execute(f"CREATE TRIGGER cut BEFORE INSERT ON judged {late}")
    db.close()
    with pytest.raises(sqlite3.IntegrityError, match="cut"):
        storage.open(tmp_path)
    db = sqlite3.connect(tmp_path / "regwatch.db", isolation_level=None)
    (filled,) = db.execute("SELECT count(*) FROM judged").fetchone()
    db.execute("DROP TRIGGER cut")
    db.close()
    assert 0 < filled < MANY
    store = storage.open(tmp_path)
    found = store.recent(filters=Filters(topics=("cloud",)), limit=2 * MANY)
    assert sorted(change.id for change, _ in found) == list(range(5, 5 + MANY))
    store.close()


def test_a_newer_database_is_refused_with_one_sentence_and_left_alone(tmp_path: Path) -> None:
    storage.open(tmp_path).close()
    path = tmp_path / "regwatch.db"
    db = sqlite3.connect(path)
    (age,) = db.execute("PRAGMA user_version").fetchone()
    db.execute(f"PRAGMA user_version = {age + 1}")
    db.close()
    before = path.read_bytes()
    with pytest.raises(StoreError) as refused:
        storage.open(tmp_path)
    assert str(refused.value) == (
        f"{path}: written by a newer release (schema {age + 1}, known {age}); upgrade regwatch"
    )
    assert path.read_bytes() == before
