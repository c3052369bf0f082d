"""What production does to a service: each test is a row of docs/faults.md. Kills and Slack have rooms of their own."""

from __future__ import annotations

import os
import random
import select
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.channels.slack import Slack
from bot.cli import main
from bot.errors import FetchError
from bot.fetch import FetchSettings
from bot.fetch.guard import resolve
from bot.model import Delivery, Rhythm, Source, Subscription
from bot.scheduler import Scheduler
from bot.web import Server
from bot.web import site as pages
from bot.web.patience import MOST
from tests.scenes import Broken, Scene, rule
from tests.site import Site
from tests.smtp_double import Smtp
from tests.test_scheduler import declare, run_until
from tests.web_reader import WebReader, serving

ROOT = Path(__file__).parents[1]


class Desk:
    """An operator's folder with declared sources, and the command over it in a process of its own."""

    def __init__(self, folder: Path, site: Site, *ids: str) -> None:
        self.folder, self.site, self.ids = folder, site, ids
        self.db = folder / "var" / "regwatch.db"
        declare(folder, site, *ids)

    def publish(self, modal: str, more: str = "") -> None:
        for one in self.ids:
            self.site.publish(f"/{one}", rule(modal, more))

    def regwatch(self, *words: str, blocks: str = "unlimited") -> tuple[int, str, str]:
        """(exit code, stdout, stderr); no file may grow beyond so many blocks of 512 bytes."""
        done = subprocess.run(
            ["sh", "-c", f'ulimit -f {blocks}; exec "$0" -m bot "$@"', sys.executable, *words],
            cwd=self.folder, env={**os.environ, "REGWATCH_ALLOW_NETS": "127.0.0.0/8", "PYTHONPATH": str(ROOT)},
            capture_output=True, encoding="utf-8", timeout=60,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr

    def ask(self, question: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.db)) as db:
            return db.execute(question).fetchall()


@pytest.fixture
def desk(tmp_path: Path, site: Site) -> Desk:
    """Three pages were read; all of them have been amended at length since."""
    desk = Desk(tmp_path, site, "law", "rules", "notice")
    desk.publish("may")
    assert desk.regwatch("check", "--all")[0] == 0
    words = " ".join(os.urandom(6).hex() for _ in range(20_000))  # nothing that a packer could make small
    desk.publish("shall", f"<p>{words}</p>")
    return desk


# ------------------------------------------------------------------------------------------------ the disk


def test_a_full_disk_is_one_line_loses_nothing_and_all_is_told_once_there_is_room(desk: Desk) -> None:
    room = random.randrange(0, 300_000)  # the pass needs more: it is stopped somewhere
    size = max(file.stat().st_size for file in desk.db.parent.iterdir())
    code, said, trouble = desk.regwatch("check", "--all", blocks=str((size + room) // 512))
    assert (code, trouble.strip().count("\n")) == (3, 0) and "regwatch.db: the disk" in trouble, room
    assert "Traceback" not in said + trouble
    assert desk.ask("PRAGMA integrity_check") == [("ok",)]
    code, said, trouble = desk.regwatch("check", "--all")
    assert (code, trouble) == (0, "")
    for number in (4, 5, 6):  # each amended text once, whatever was recorded before the disk was full
        assert said.count(f"#change:{number}:") == 1, room
    assert desk.ask("PRAGMA integrity_check") == [("ok",)]


def test_a_damaged_page_of_the_store_is_said_in_one_line_and_never_copied_into_a_backup(
    scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGWATCH_ALLOW_NETS", "127.0.0.0/8")
    for modal in ("may", "shall"):
        scene.site.publish("/law", rule(modal))
        scene.look()
    scene.app.close()
    declare(tmp_path, scene.site, "law")
    where = ["--home", str(scene.home), "--sources", str(tmp_path / "sources.toml")]
    whole, store = (scene.home / "regwatch.db").read_bytes(), scene.home / "regwatch.db"
    pages = range(0, len(whole), 4096)
    for at in pages[1:]:
        store.write_bytes(whole[:at] + bytes(range(256)) * 16 + whole[at + 4096 :])
        for words in (["check", "--all"], ["changes"], ["show", "1"]):
            code, trouble = main([*where, *words]), capsys.readouterr().err
            assert code == 0 or code == 3 and trouble.count("\n") == 1, (at, words, trouble)
    at = int(0.4 * len(pages)) * 4096
    store.write_bytes(whole[:at] + bytes(range(256)) * 16 + whole[at + 4096 :])
    code, trouble = main([*where, "backup", str(tmp_path / "copy")]), capsys.readouterr().err
    assert (code, trouble.count("\n")) == (3, 1) and not (tmp_path / "copy").exists(), trouble


def test_a_row_whose_bytes_were_damaged_is_said_in_one_line_by_whoever_needs_it(
    scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for modal in ("may", "shall"):
        scene.site.publish("/law", rule(modal))
        scene.look()
    declared = tmp_path / "sources.toml"
    declared.write_text('[law]\nurl = "https://law.example/"\n')
    where = ["--home", str(scene.home), "--sources", str(declared)]
    for table, column in {"finding": "content", "change": "edits", "body": "frame"}.items():
        with closing(sqlite3.connect(scene.home / "regwatch.db", isolation_level=None)) as db:
            db.execute(f"UPDATE {table} SET {column} = CAST(substr({column}, 1, 9) || 'x' AS BLOB) WHERE id = 2")
        met = 0
        for words in (["changes"], ["why", "2"], ["diff", "2"], ["export", "2", str(tmp_path / f"{table}.zip")]):
            code, trouble = main([*where, *words]), capsys.readouterr().err
            assert (code, trouble) == (0, "") or code == 3 and trouble.count("\n") == 1, (words, trouble)
            met += "it is damaged" in trouble
        assert met, table


def test_a_number_that_was_damaged_in_a_row_is_said_in_one_line_by_whoever_needs_it(
    scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for modal in ("may", "shall"):
        scene.site.publish("/law", rule(modal))
        scene.look()
    scene.app.close()
    declared, store, proof = tmp_path / "sources.toml", scene.home / "regwatch.db", tmp_path / "proof.zip"
    declared.write_text('[law]\nurl = "https://law.example/"\n')
    whole, where = store.read_bytes(), ["--home", str(scene.home), "--sources", str(declared)]
    commands = (["changes"], ["show", "2"], ["why", "2"], ["health"], ["history", "law"], ["export", "2", str(proof)])
    for damage, said in {
        "change SET cause = 99": "change 2 holds the code 99",
        "change SET cause = -1": "change 2 holds the code -1",
        "change SET after = 99 WHERE id = 2": "change 2 names version 99",
        "version SET title = 99 WHERE id = 2": "change 2 names version 2",
        "delivery SET state = 99": "delivery 1 holds the code 99",
        '"check" SET outcome = 99': "a look at law holds the code 99",
        "standing SET last_good = 1 << 62": "4611686018427387904 stands where a time does",
        "version SET at = 1 << 62": "4611686018427387904 stands where a time does",
        "snapshot SET at = 1 << 62": "snapshot 1 is not what was recorded",
    }.items():
        store.write_bytes(whole)
        with closing(sqlite3.connect(store, isolation_level=None)) as db:
            db.execute(f"UPDATE {damage}")
        lines = []
        for words in commands:
            code, trouble = main([*where, *words]), capsys.readouterr().err
            assert code in (0, 1) and not trouble or code == 3 and trouble.count("\n") == 1, (damage, words, trouble)
            lines.append(trouble)
            proof.unlink(missing_ok=True)
        assert any(said in one for one in lines), (damage, lines)
        assert main([*where, "doctor"]) in (0, 2), damage


def test_another_program_that_holds_the_store_for_a_moment_is_waited_for(scene: Scene) -> None:
    scene.site.publish("/law", rule())
    other = sqlite3.connect(scene.home / "regwatch.db", isolation_level=None, check_same_thread=False)
    with closing(other):
        other.execute("BEGIN IMMEDIATE")
        released = threading.Timer(1.0, other.execute, ["ROLLBACK"])
        released.start()
        assert scene.kinds() == ["first"] and not other.in_transaction
        released.join()
    assert [one.source_id for one, _ in scene.changes()] == ["law"]


# ------------------------------------------------------------------------------------------------ the clock


def test_a_clock_that_ran_a_year_ahead_and_was_set_back_blinds_and_silences_nobody(scene: Scene) -> None:
    weekly = Subscription(0, "console", "weekly", mode="digest", rhythm=Rhythm())
    scene.app.subscribe(weekly)
    scene.site.publish("/law", rule())
    assert scene.kinds() == ["first"]
    scene.site.publish("/law", rule("shall"))
    assert scene.kinds(days=365) == ["changed"]
    assert "{+shall+}" in scene.told()
    assert len(list(scene.app.digest_all())) == 1
    scene.now -= timedelta(days=365)
    scene.site.publish("/law", rule("must"))
    assert scene.kinds(hours=7) == ["changed"]  # at once, not in a year
    assert "{+must+}" in scene.told()
    assert scene.kinds(minutes=1) == []  # … and as often as before, not at every minute
    assert scene.kinds(days=2) == ["same"]
    scene.pass_time(days=7)
    assert [one.until <= scene.now for one in scene.app.digest_all()] == [True]  # the weeks go on where they are
    assert scene.app.store.verify() == ""


def test_a_pause_that_was_asked_for_in_a_future_that_never_came_ends_when_the_clock_is_set_right(
    tmp_path: Path, site: Site
) -> None:
    scene = Scene(tmp_path, site, Source("law", site.url("/law"), language="en", spacing=0.01))
    site.publish("/law", "later", status=503, headers={"Retry-After": "3600"})
    scene.now += timedelta(days=365)
    assert scene.kinds(hours=1) == ["failed"]
    assert scene.kinds(minutes=50) == []  # it is kept while the clock is believed
    scene.now -= timedelta(days=365)
    site.publish("/law", rule())
    assert scene.kinds(hours=1) == ["first"]
    scene.app.close()


def test_a_message_that_failed_in_a_future_that_never_came_is_tried_again_now(scene: Scene) -> None:
    scene.site.publish("/law", rule())
    scene.look()
    console, scene.app.channels["console"] = scene.app.channels["console"], Broken()
    scene.site.publish("/law", rule("shall"))
    scene.look(days=365)
    assert [row.state for row in scene.app.outbox()] == ["queued"]
    scene.app.channels["console"] = console
    scene.now -= timedelta(days=365)
    list(scene.app.deliver_all())
    assert "{+shall+}" in scene.told() and scene.app.outbox() == ()


# ------------------------------------------------------------------------------------------------ a channel that hangs


@pytest.fixture
def stalled(tmp_path: Path, site: Site) -> Iterator[tuple[Scene, threading.Event]]:
    """Slack takes what it is sent and says nothing until the event is set; it was asked for first, then mail, then
    the console. A change waits to be told, and so does a notice for the owner, who is on Slack."""
    released = site.slow("/api/chat.postMessage", 60)
    with Smtp() as smtp:
        mail = {"smtp_url": f"smtp://127.0.0.1:{smtp.port}", "mail_from": "bot@example.org"}
        scene = Scene(tmp_path / "home", site, owner="slack:C1", **mail)
        slack = Slack("xoxb-x", api_url=site.url("/api/"), timeout=60)  # longer than a loaded machine may take
        scene.app.channels = {"console": scene.app.channels["console"], "slack": slack, **scene.app.channels}
        for channel, address in (("slack", "C1"), ("email", "me@example.org"), ("console", "here")):
            scene.app.subscribe(Subscription(0, channel, address))
        for modal in ("may", "shall"):
            site.publish("/law", rule(modal))
            scene.pass_time(days=2)
            list(scene.app.check())
            scene.app.store.promise([Delivery(0, "notice", "alarms", due=scene.now, detail="look here")])
            list(scene.app.judge_all())
        yield scene, released
        released.set()
        scene.app.close()


def test_a_channel_that_hangs_keeps_nobody_else_waiting(stalled: tuple[Scene, threading.Event]) -> None:
    scene, released = stalled
    readers = {one.id: one.channel for one in scene.app.subscriptions()}
    rows = scene.app.deliver_all()
    told = [next(rows), next(rows)]  # while Slack says nothing
    assert [(readers[one.subscription], one.state) for one in told] == [("console", "done"), ("email", "done")]
    assert len(scene.site.asked("/api/chat.postMessage")) <= 1 and not released.is_set()
    released.set()
    assert "done" not in {one.state for one in rows}, "Slack has not said that it took anything"


def test_the_service_goes_on_telling_while_a_channel_hangs(stalled: tuple[Scene, threading.Event]) -> None:
    scene, released = stalled
    (console,) = (one.id for one in scene.app.subscriptions() if one.channel == "console")
    scheduler = Scheduler(scene.app, say=print)
    more: list[int] = []

    def told_again() -> bool:
        if not more and "#change:2:" in scene.screen.getvalue() and scene.site.asked("/api/chat.postMessage"):
            more.append(scene.app.store.promise([Delivery(console, "post", "change:2", revision=7, due=scene.now)]))
        told = f"#change:2:{console}:7" in scene.screen.getvalue()
        if told:  # and Slack's first request is still on its way: nobody has begun to look for the message
            held.append(not released.is_set() and not scene.site.asked("/api/conversations.history"))
            released.set()
        return told

    held: list[bool] = []
    assert run_until(scheduler, told_again) and held == [True]


# ------------------------------------------------------------------------------------------------ the network


def test_a_resolver_that_never_answers_ends_in_a_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    wake = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: wake.wait(30) and [])
    with pytest.raises(FetchError) as caught:
        resolve("ministry.example", 80, FetchSettings("RegWatch"), timeout=0.05)
    wake.set()
    assert caught.value.cause == "dns" and "no answer for ministry.example" in caught.value.detail


def test_a_name_that_is_gone_fails_its_source_alone_and_is_said(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo

    def answers(host: object, *rest: object, **named: object) -> object:
        if host == "gone.example":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    gone = Source("gone", f"http://gone.example:{site.port}/law", title="Decree", jurisdiction="CN", must_watch=True)
    scene = Scene(tmp_path, site, Source("law", site.url("/law"), jurisdiction="CN", spacing=0), gone)
    site.publish("/law", rule())
    assert {(one.look.source_id, one.kind, one.cause) for one in scene.look()} == {
        ("law", "first", "baseline"), ("gone", "failed", "dns")
    }  # fmt: skip
    assert "not read: gone (the host's name could not be resolved" in scene.app.as_of(jurisdictions=("CN",))
    scene.app.close()


def asking_for_ever(port: int, number: int) -> socket.socket:
    """A visitor who begins to ask and never comes to the end."""
    visitor = socket.create_connection(("127.0.0.1", port), timeout=10)
    visitor.sendall(f"GET /?{number} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ".encode())
    return visitor


def test_visitors_who_never_finish_asking_keep_nobody_from_the_pages(scene: Scene) -> None:
    scene.site.publish("/law", rule())
    scene.look()
    with serving(scene) as port, ExitStack() as held:
        visitors = [held.enter_context(closing(asking_for_ever(port, number))) for number in range(MOST + 50)]
        for _ in range(3):
            assert "Export measures" in WebReader(port).get("/").body
        ended = select.select(visitors, [], [], 1)[0]  # these were left for others
        assert len(ended) >= 50


def test_a_visitor_who_never_finishes_asking_is_left_and_one_who_asks_is_not(scene: Scene) -> None:
    server = Server(pages(scene.app), bind="127.0.0.1:0", seconds=0.1)
    server.start()
    port = urlsplit(server.url).port or 0
    unended = b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\na"
    try:
        with closing(asking_for_ever(port, 1)) as slow, closing(socket.create_connection(("127.0.0.1", port))) as half:
            half.sendall(unended)
            for visitor in (slow, half):
                visitor.settimeout(20)
                with suppress(ConnectionError):
                    assert b"200 OK" not in visitor.recv(1_000)
        assert WebReader(port).get("/healthz").status == 200
    finally:
        server.stop()
