"""Copies of the store, what is let go and when, holds, and people who are forgotten; the chain holds through all."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from bot.app import restore
from bot.cli import main
from bot.errors import OperatorError, StoreError
from bot.evidence import verify
from bot.model import Message, Run, Subscription
from storage.letting import Named
from tests.scenes import Scene, rule


@pytest.fixture
def told(scene: Scene) -> Scene:
    """A scene in which one change was told on the console, and reviewed by Ada."""
    scene.subscribe()
    scene.site.publish("/law", rule("may"))
    scene.look()
    scene.site.publish("/law", rule("shall"))
    scene.look()
    scene.app.review(change(scene), "relevant", actor="Ada Lovelace", remark="ours, says Ada")
    return scene


def change(scene: Scene) -> int:
    return scene.changes("source")[0][0].id


def rows(scene: Scene, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(scene.home / "regwatch.db") as db:
        return db.execute(sql).fetchall()


def test_words_go_after_two_years_looks_after_one_and_the_facts_stay(told: Scene) -> None:
    change_before = told.app.show(change(told))
    assert list(told.app.let_go()) == []
    told.pass_time(days=400)
    assert dict(told.app.let_go()) == {"looks": 2}
    assert rows(told, "SELECT sum(looks) FROM check_day") == [(2,)]
    told.pass_time(days=400)
    gone = dict(told.app.let_go())
    assert (gone["payloads"], gone["remarks"]) == (1, 1)
    assert [one.remark for one in told.app.store.reviews(change(told))] == [""]
    assert rows(told, "SELECT count(*) FROM delivery WHERE state = 2 AND payload IS NULL") == [(1,)]
    assert told.app.show(change(told))[0].before == change_before[0].before
    assert "told: console here: done" in told.app.why(change(told))
    assert told.app.verify_ledger() == ""


def test_while_somebody_holds_nothing_is_let_go(told: Scene) -> None:
    number = told.app.hold("litigation")
    told.pass_time(days=1000)
    assert list(told.app.let_go()) == []
    assert [why for _, _, why in told.app.holds()] == ["litigation"]
    told.app.lift(number)
    assert dict(told.app.let_go())["looks"] == 2
    with pytest.raises(OperatorError):
        told.app.lift(number)


def test_what_was_let_go_is_in_the_ledger(told: Scene) -> None:
    told.pass_time(days=400)
    assert list(told.app.let_go())
    assert rows(told, "SELECT what, rows FROM letting_go") == [("looks", 2)]
    told.app.close()
    with sqlite3.connect(told.home / "regwatch.db") as db:
        db.execute("UPDATE letting_go SET rows = 3")
    told.app = told.open()
    assert "keeping 1 is not what was recorded" in told.app.verify_ledger()


@pytest.mark.parametrize("state", [0, 1, 3, 4])
def test_a_message_that_was_told_and_is_set_to_be_told_again_is_found(
    told: Scene, state: int, capsys: pytest.CaptureFixture[str]
) -> None:
    told.app.close()
    where = ["--home", str(told.home), "--sources", str(told.home / "sources.toml")]
    (told.home / "sources.toml").write_text('[law]\nurl = "https://law.example/"\n')
    assert main([*where, "verify"]) == 0
    ((last,),) = rows(told, "SELECT max(id) FROM delivery WHERE state = 2")
    with sqlite3.connect(told.home / "regwatch.db") as db:
        db.execute("UPDATE delivery SET state = ?, due = 0 WHERE id = ?", (state, last))
    capsys.readouterr()
    assert main([*where, "verify"]) == 3
    trouble = capsys.readouterr().err
    assert f"delivery {last} was told, and no longer stands as done" in trouble and trouble.count("\n") == 1
    told.app = told.open()


def test_a_backup_of_a_store_in_use_comes_back_whole(told: Scene, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    told.app.backup(copy)
    with pytest.raises(OperatorError, match="never overwrites"):
        told.app.backup(copy)
    told.site.publish("/law", rule("shall not"))
    told.look()
    told.app.close()
    home = ["--home", str(told.home)]
    assert main([*home, "restore", str(copy)]) == 0
    told.app = told.open()
    assert len(told.changes("source")) == 1
    assert told.app.verify_ledger() == ""
    assert len(list(told.home.glob("regwatch.db.before-*"))) >= 1
    told.look()
    assert len(told.changes("source")) == 2  # it goes on from there


def test_an_old_export_holds_after_backup_restore_and_all_letting_go_and_a_new_one_holds_it(
    told: Scene, tmp_path: Path
) -> None:
    old, new, number = tmp_path / "old.zip", tmp_path / "new.zip", change(told)
    told.app.export(number, old)
    head = told.app.head()[1]
    told.pass_time(days=800)
    assert {"payloads", "remarks", "looks"} <= dict(told.app.let_go()).keys()
    told.app.backup(tmp_path / "copy.db")
    told.app.close()
    restore(told.settings, tmp_path / "copy.db", now=told.now)
    told.app = told.open()
    assert told.app.verify_ledger() == ""
    told.app.export(number, new)
    assert verify(str(old), head).startswith("ok: change ")
    assert verify(str(new), head).startswith("ok: change "), "what was the last entry then is a link of the chain now"
    told.app.forget("Ada Lovelace")
    told.app.export(number, tmp_path / "newer.zip")
    assert verify(str(tmp_path / "newer.zip"), head)


@pytest.mark.parametrize("damage", ["nothing there", "another program", "newer", "cut"])
def test_a_file_that_is_no_whole_store_of_ours_is_refused_and_nothing_is_lost(
    told: Scene, tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy.db"
    if damage == "another program":
        with sqlite3.connect(copy) as db:
            db.execute("CREATE TABLE t (a)")
    elif damage != "nothing there":
        told.app.backup(copy)
        if damage == "newer":
            with sqlite3.connect(copy) as db:
                db.execute("PRAGMA user_version = 999")
        else:
            copy.write_bytes(copy.read_bytes()[:-9000])
    told.app.close()
    assert main(["--home", str(told.home), "restore", str(copy)]) == (2 if damage == "nothing there" else 3)
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    told.app = told.open()
    assert len(told.changes("source")) == 1


def test_a_backup_whose_ledger_does_not_hold_is_refused_before_anything_is_replaced(
    told: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy.db"
    told.app.backup(copy)
    with closing(sqlite3.connect(copy)) as db, db:
        db.execute("UPDATE finding SET content = (SELECT content FROM finding ORDER BY id LIMIT 1) WHERE id = 2")
    told.app.subscribe(Subscription(0, "console", "since@example.org"))
    told.app.close()
    before = sorted(told.home.glob("regwatch.db*"))
    assert main(["--home", str(told.home), "restore", str(copy)]) == 3
    trouble = capsys.readouterr().err
    assert "finding 2 is not what was recorded" in trouble and "nothing was replaced" in trouble
    assert trouble.count("\n") == 1
    assert sorted(told.home.glob("regwatch.db*")) == before
    assert main(["--home", str(tmp_path / "empty"), "restore", str(copy)]) == 3
    assert not list((tmp_path / "empty").glob("regwatch.db*"))
    told.app = told.open()
    assert "since@example.org" in [one.address for one in told.app.store.subscriptions()]


def test_of_restores_within_one_second_each_sets_the_store_that_is_there_aside(told: Scene, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    told.app.backup(copy)
    asides: list[Path] = []
    for name in ("first@example.org", "second@example.org", "third@example.org"):
        told.app.subscribe(Subscription(0, "console", name))
        told.app.close()
        aside = restore(told.settings, copy, now=told.now)
        assert aside
        asides.append(aside)
        told.app = told.open()
    for aside, name in zip(asides, ("first", "second", "third"), strict=True):
        with closing(sqlite3.connect(aside)) as db:
            assert (f"{name}@example.org",) in db.execute("SELECT address FROM subscription").fetchall()


def test_a_store_in_use_is_not_replaced(told: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy.db"
    told.app.backup(copy)
    with told.app.store.bulk("the service"):
        assert main(["--home", str(told.home), "restore", str(copy)]) == 2
    assert "is held by the service" in capsys.readouterr().err


def test_somebody_forgotten_is_nowhere_in_the_store_and_the_chain_holds(told: Scene) -> None:
    told.app.subscribe(Subscription(0, "console", "ada@example.org"))
    told.app.store.actor("Ada Lovelace", address="ada@example.org")
    assert ("Ada Lovelace", "ada@example.org") in told.app.people()
    told.app.forget("Ada Lovelace")
    content = b"".join(path.read_bytes() for path in told.home.glob("regwatch.db*"))
    assert b"Ada" not in content and b"ada@" not in content
    assert told.app.people() == ()
    assert told.app.verify_ledger() == ""
    assert [one.says for one in told.app.store.reviews(change(told))] == ["relevant"]
    with pytest.raises(OperatorError, match="nobody here"):
        told.app.forget("Ada Lovelace")


def test_a_newer_store_is_refused_with_a_sentence(told: Scene) -> None:
    told.app.close()
    with sqlite3.connect(told.home / "regwatch.db") as db:
        db.execute("PRAGMA user_version = 999")
    with pytest.raises(StoreError, match="newer release"):
        told.open()
    with sqlite3.connect(told.home / "regwatch.db") as db:
        db.execute("PRAGMA user_version = 4")


def test_the_commands_speak_plainly(told: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told.app.close()
    toml = tmp_path / "sources.toml"
    toml.write_text('[law]\ntitle = "Law"\nurl = "https://law.example/"\njurisdiction = "CN"\n')
    home = ["--home", str(told.home), "--sources", str(toml)]
    for words in (["hold", "on", "a", "lawsuit"], ["hold"], ["hold", "off", "1"], ["people", "list"],
                  ["people", "forget", "Ada Lovelace"], ["backup", str(tmp_path / "b.db")]):  # fmt: skip
        assert main([*home, *words]) == 0, words
    said = capsys.readouterr().out
    for sentence in ("hold 1: nothing is let go", "hold 1 since", "hold 1 ended", "Ada Lovelace is forgotten", "b.db:"):
        assert sentence in said
    assert main([*home, "people", "forget", "Nobody"]) == 2
    told.app = told.open()


def test_a_restore_that_the_disk_has_no_room_for_leaves_the_store_that_was_there(told: Scene, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    told.app.backup(copy)
    told.app.close()
    words = [sys.executable, "-m", "bot", "--home", str(told.home), "restore", str(copy)]
    limited = subprocess.run(
        ["bash", "-c", 'ulimit -f 16; exec "$@"', "bash", *words], capture_output=True, text=True, timeout=60
    )
    assert limited.returncode == 3 and len(limited.stderr.splitlines()) == 1
    assert sorted(path.name for path in told.home.glob("regwatch.db.*")) == []
    told.app = told.open()
    assert len(told.changes("source")) == 1


def test_a_restore_that_was_cut_off_is_finished_when_the_home_is_opened(told: Scene) -> None:
    told.app.close()
    (told.home / "regwatch.db").rename(told.home / "regwatch.db.restoring")
    told.app = told.open()
    assert len(told.changes("source")) == 1


def test_a_name_goes_from_mails_and_chats_as_well_and_what_waits_is_sent_without_it() -> None:
    named = Named(["Jo Doe", "jo&co@example.org"])
    text = "acknowledged by Jo\nDoe, or jo&co@example.org; <b>Jo Doe</b>; jo&amp;co@example.org"
    rich = msgspec.json.encode({"text": text, "blocks": [{"text": "by Jo Doe"}]})
    message = msgspec.json.encode(Message("A change", ((Run("by Jo Doe"),),), rich=rich))
    assert named.stands_in(message)
    cleaned = msgspec.json.decode(named.out_of(message), type=Message)
    whole = repr(cleaned) + json.dumps(msgspec.json.decode(cleaned.rich))
    assert "Doe" not in whole and "jo&" not in whole and "somebody" in whole
    assert named.out_of(named.out_of(message)) == named.out_of(message)
    assert not Named(["Ann"]).stands_in(message)
