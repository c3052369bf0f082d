"""Opening, locking, crashing, sharing and proving."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

import storage
from bot.cli import main
from bot.errors import LockedError, StoreError
from bot.model import Delivery, Review, Subscription
from storage import SqliteStore
from storage.sizes import growth, sizes
from tests.test_store import LAW, NOON, changed, day, failed, finding, first, unchanged

ROOT = Path(__file__).parents[1]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    made = storage.open(tmp_path)
    yield made
    made.close()


# ------------------------------------------------------------------------------------------------ opening


def test_a_store_opens_again_as_it_was_left(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    for expected in (0, 1):
        store = storage.open(home)
        assert store.memory(LAW).version == expected
        store.record([first("one", at=day(expected))])
        store.close()


def test_a_home_without_a_store_is_refused_where_none_may_be_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nothing is remembered here"):
        storage.open(tmp_path / "nowhere", create=False)
    assert not (tmp_path / "nowhere").exists()


def test_a_foreign_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "regwatch.db") as db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()
    before = (tmp_path / "regwatch.db").read_bytes()
    with pytest.raises(StoreError, match="belongs to another program"):
        storage.open(tmp_path)
    assert (tmp_path / "regwatch.db").read_bytes() == before


def test_a_newer_database_is_refused(store: SqliteStore, tmp_path: Path) -> None:
    store.close()
    with sqlite3.connect(tmp_path / "regwatch.db") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreError, match="newer release"):
        storage.open(tmp_path)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "regwatch.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match="not a SQLite database"):
        storage.open(tmp_path)


def test_a_home_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError):
        storage.open(tmp_path / "file" / "home")


def test_two_processes_may_make_the_same_store(tmp_path: Path) -> None:
    code = f"import storage, pathlib; storage.open(pathlib.Path({str(tmp_path)!r})).close()"
    both = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) for _ in range(2)]
    assert [one.wait(120) for one in both] == [0, 0]


# ------------------------------------------------------------------------------------------------ reading only


@pytest.fixture
def shelf() -> Iterator[Path]:
    """A home that any user may enter, unlike pytest's own folders, with one Change that was judged."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        home = Path(folder) / "home"
        store = storage.open(home)
        store.declare([LAW], now=NOON)
        store.record([first("one")])
        store.add_finding(finding(1), [], text="one")
        store.close()
        yield home


@contextmanager
def nothing_may_be_written(home: Path) -> Iterator[None]:
    """For root, too: permissions do not stop root, so that it steps back meanwhile."""
    modes = {path: path.stat().st_mode for path in (*home.iterdir(), home)}
    for path in modes:
        path.chmod(0o555 if path.is_dir() else 0o444)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for path, mode in modes.items():
            path.chmod(mode)


def test_a_home_that_may_not_be_written_answers_all_the_same(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    declared = shelf.parent / "sources.toml"
    declared.write_text('[law]\nurl = "https://a.example/law"\n[more]\nurl = "https://a.example/more"\n')
    before = {path.name for path in shelf.iterdir()}

    def said(*words: str) -> tuple[int, str]:
        code = main(["--home", str(shelf), "--sources", str(declared), *words])
        return code, capsys.readouterr().err

    for words in (("changes",), ("search", "one"), ("show", "1"), ("rejudge",)):
        said(*words)  # whatever they import is imported: the other user may not be able to read our Python
    with nothing_may_be_written(shelf):
        for words in (("changes",), ("search", "one"), ("show", "1")):
            assert said(*words) == (0, "")
        code, line = said("rejudge")
        assert code == 2 and line.count("\n") == 1 and f"{shelf}/lock: Permission denied" in line
    assert {path.name for path in shelf.iterdir()} - {"lock"} == before


def test_who_may_only_read_sees_what_the_service_writes_meanwhile(shelf: Path) -> None:
    service = storage.open(shelf)
    service.record([changed("two", at=day(1))])
    with nothing_may_be_written(shelf):
        reader = storage.open(shelf)
        assert len(reader.changes()) == 2
        with pytest.raises(StoreError, match="may not be written by this user"):
            reader.subscribe(Subscription(0, "console", "here"), now=NOON)
        service.record([changed("three", at=day(2))])
        assert len(reader.changes()) == 3
        reader.close()
    service.close()


def test_a_store_of_an_earlier_release_that_may_not_be_written_is_refused_with_one_sentence(shelf: Path) -> None:
    db = sqlite3.connect(shelf / "regwatch.db")
    db.execute("PRAGMA user_version = 1")
    db.close()
    with nothing_may_be_written(shelf), pytest.raises(StoreError, match="made by an older release, and it may not be"):
        storage.open(shelf)


# ------------------------------------------------------------------------------------------------ sharing


def test_the_home_is_held_by_one_and_the_other_is_told_by_whom(tmp_path: Path) -> None:
    code = (
        "import storage, pathlib, sys\n"
        f"with storage.open(pathlib.Path({str(tmp_path)!r})).bulk('regwatch run'):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        store = storage.open(tmp_path)
        with pytest.raises(LockedError, match=f"regwatch run, pid {other.pid}"), store.bulk("regwatch check"):
            pass
        other.kill()
    with store.bulk("regwatch check"):  # the kernel let go of it
        pass
    store.close()


def test_one_store_may_hold_its_home_twice_and_lets_go_at_the_end(store: SqliteStore, tmp_path: Path) -> None:
    with store.bulk("run"), store.bulk("check"):
        pass
    other = storage.open(tmp_path)
    with other.bulk("replay"), pytest.raises(LockedError, match="replay"), store.bulk("run"):
        pass
    other.close()


def test_a_reader_never_waits_for_a_writer_and_sees_what_was_there(store: SqliteStore, tmp_path: Path) -> None:
    store.record([first("one")])
    other = storage.open(tmp_path)
    with other._db.writing(durable=False) as db:
        db.execute("DELETE FROM mark")
        assert len(store.changes()) == 1
    other.close()


def test_one_row_verbs_write_while_another_process_holds_the_home(store: SqliteStore, tmp_path: Path) -> None:
    other = storage.open(tmp_path)
    with store.bulk("run"):
        assert other.subscribe(Subscription(0, "console", "here"), now=NOON)
    other.close()


def test_threads_share_a_store(store: SqliteStore) -> None:
    def look(name: str) -> None:
        for number in range(20):
            store.record([failed("dns", day(number), source=name)])
            store.standings()

    threads = [threading.Thread(target=look, args=(f"s{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one.streak for one in store.standings().values()} == {20}


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
def test_connections_of_threads_that_have_ended_are_closed(store: SqliteStore, tmp_path: Path) -> None:
    def opened() -> int:
        links = [os.readlink(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd") if _is_open(number)]
        return sum(link == str(tmp_path / "regwatch.db") for link in links)

    for _ in range(10):
        thread = threading.Thread(target=store.changes)
        thread.start()
        thread.join()
    assert opened() < 5  # ours, the last one's, and what SQLite has yet to let go of


def _is_open(number: str) -> bool:
    return os.path.islink(f"/proc/self/fd/{number}")  # the one of the listing itself is closed again


def test_an_outcome_that_cannot_be_written_leaves_nothing_of_its_unit(store: SqliteStore, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "regwatch.db") as db:
        db.execute("CREATE TRIGGER stop BEFORE INSERT ON version BEGIN SELECT RAISE(ABORT, 'stop'); END")
    db.close()
    with pytest.raises(sqlite3.IntegrityError, match="stop"):
        store.record([unchanged(NOON, source="other"), first("one")])
    assert (store.checks("other"), store.checks("law"), dict(store.standings())) == ((), (), {})


# ------------------------------------------------------------------------------------------------ crashing

WRITER = """
import pathlib, sys
import storage
from bot.model import Delivery, Subscription
from tests.test_store import NOON, changed, day, finding, first

store = storage.open(pathlib.Path(sys.argv[1]))
reader = store.subscribe(Subscription(0, "console", "here"), now=NOON)
number = len(store.versions("law", limit=10_000))
while True:
    number += 1
    outcome = first("text 0") if number == 1 else changed(f"text {number}", at=day(number))
    (change,) = store.record([outcome])
    store.add_finding(finding(change), [Delivery(reader, "post", f"change:{change}", due=NOON)], text=f"word {number}")
    print(change, flush=True)
    row = store.outbox(now=NOON)[0]
    store.claim(row, b"text", now=NOON)
    store.settle(row, "done", now=NOON)
"""


def test_a_kill_at_any_moment_leaves_a_sound_store_and_no_lost_promise(tmp_path: Path) -> None:
    promised = 0
    for lines in range(1, 9):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            for _ in range(lines * 3):
                promised = int(writer.stdout.readline())
            writer.kill()
        store = storage.open(tmp_path)
        assert store._db.here.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert store.verify() == ""
        rows = {row.subject: row.state for row in store.outbox()}
        assert all(f"change:{number}" in rows for number in range(1, promised + 1))
        due = {row.subject for row in store.outbox(now=NOON)}
        assert due == {subject for subject, state in rows.items() if state != "done"}
        store.close()


# ------------------------------------------------------------------------------------------------ proving


@pytest.fixture
def proven(store: SqliteStore) -> SqliteStore:
    """A store with one row of every kind in its ledger."""
    store.record([first("one")])
    store.record([changed("two", at=day(1))])
    reader = store.subscribe(Subscription(0, "console", "here"), now=NOON)
    store.add_finding(finding(2), [Delivery(reader, "post", "change:2")], text="two")
    (row,) = store.outbox()
    store.claim(row, b"text", now=NOON)
    store.settle(row, "done", now=NOON)
    store.add_review(Review(2, "ann", NOON, "relevant", "yes"))
    assert store.verify() == ""
    return store


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE snapshot SET at = at + 1 WHERE id = 1", "snapshot 1"),
        ("UPDATE snapshot SET body = 1 WHERE id = 2", "snapshot 2"),
        ("UPDATE body SET frame = x'00' WHERE id = 1", "snapshot 1"),
        ("UPDATE version SET reading = 2 WHERE id = 2", "version 2"),
        ("DELETE FROM passage; DELETE FROM finding", "finding 1"),
        ("UPDATE finding SET content = (SELECT payload FROM delivery)", "finding 1"),
        ("UPDATE change SET at = at + 86400000 WHERE id = 2", "change 2 is not what was recorded"),
        ("UPDATE change SET edits = CAST('[]' AS BLOB) WHERE id = 2", "change 2 is not what was recorded"),
        ("UPDATE change SET cause = 1, before = NULL WHERE id = 2", "change 2 is not what was recorded"),
        ("INSERT INTO change SELECT 9, source, at, cause, before, after, counted, missed, late, edits FROM change "
         "WHERE id = 1", "change 9 is missing"),
        ("UPDATE review SET says = 'not_relevant'", "review 1"),
        ("UPDATE review SET remark = 'forged'", "review 1"),
        ("UPDATE review SET remark = NULL", "review 1"),
        ("UPDATE review SET remark = 'forged', salt = NULL", "review 1"),
        ("UPDATE delivery SET payload = NULL", "delivery 1"),
        ("INSERT INTO version SELECT 9, source, at, snapshot, reading, hash, fingerprint, language, title FROM version "
         "WHERE id = 1", "version 9 is missing"),
        ("DROP TRIGGER ledger_is_never_altered; UPDATE ledger SET content = x'00' WHERE seq = 3", "entry 3"),
        ("DROP TRIGGER ledger_is_never_shortened; DELETE FROM ledger WHERE seq = 2", "entry 2"),
        ("DROP TRIGGER ledger_is_never_shortened; DELETE FROM ledger WHERE seq > 4", "is missing"),
    ],
)  # fmt: skip
def test_whoever_changes_a_recorded_row_is_found_out(
    proven: SqliteStore, tmp_path: Path, tampering: str, found: str
) -> None:
    db = sqlite3.connect(tmp_path / "regwatch.db")
    db.executescript(tampering)
    db.close()
    assert found in proven.verify()


@pytest.mark.parametrize("tampering", ["UPDATE ledger SET row = 2", "DELETE FROM ledger"])
def test_the_ledger_is_append_only(proven: SqliteStore, tmp_path: Path, tampering: str) -> None:
    db = sqlite3.connect(tmp_path / "regwatch.db")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(tampering)
    db.close()


# ------------------------------------------------------------------------------------------------ size


def test_a_later_version_costs_less_than_two_kilobytes_and_everything_less_than_five(tmp_path: Path) -> None:
    """Fifty paragraphs on fifty pages, one of twenty looks finds one word amended."""
    store = storage.open(tmp_path)
    pages = {f"p{n}": [f"Paragraph {m} of page {n} says {hash_words(n, m)}." for m in range(50)] for n in range(50)}
    store.record([first(*texts, source=name) for name, texts in pages.items()])
    path = tmp_path / "regwatch.db"
    before, versions = sizes(path), 0
    for number in range(1, 21):
        outcomes = [unchanged(day(number), source=name) for name in pages]
        for index in range(number % 2, 50, 20):
            name = f"p{index}"
            pages[name][number] += f" Amended on day {number}."
            outcomes[index] = changed(*pages[name], source=name, at=day(number))
            versions += 1
        for change in filter(None, store.record(outcomes)):
            store.add_finding(finding(change), [], text=f"Amended on day {number}.")
    cost = growth(before, sizes(path), versions=versions)
    store.close()
    assert cost.facts < 1_800 and cost.everything < 5_000, cost


def hash_words(page: int, paragraph: int) -> str:
    """Words that no compressor has seen before."""
    return " ".join(sha256(f"{page}.{paragraph}.{n}".encode()).hexdigest()[:9] for n in range(30))
