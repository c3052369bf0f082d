"""doctor, as an operator types it: each trouble in a sentence with what to do, and nothing is sent or made."""

from __future__ import annotations

import os
import socket
import sqlite3
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.cli import main
from tests.site import Site
from tests.smtp_double import Smtp
from tests.test_cli import Said, Terminal, terminal  # noqa: F401  (a fixture)
from tests.test_store_safety import shelf  # noqa: F401  (a fixture)


@pytest.fixture
def clinic(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:  # noqa: F811
    monkeypatch.setenv("REGWATCH_BIND", "127.0.0.1:0")
    return terminal


def examined(clinic: Terminal, monkeypatch: pytest.MonkeyPatch, **settings: str) -> Said:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return clinic.type("doctor")


def fixes(said: Said) -> list[str]:
    return [line.removeprefix("FIX  ") for line in said.out.splitlines() if line.startswith("FIX")]


def test_before_the_first_run_all_is_well_and_nothing_is_made(
    clinic: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = examined(clinic, monkeypatch)
    assert (said.code, fixes(said)) == (0, []) and said.out.endswith("all is well\n")
    for words in ("will be made", "Clock: 20", "Time zones: known", "8 threads", "1 of 1 declared", "Store: none yet",
                  "Mail: not set up", "Slack is not set up"):  # fmt: skip
        assert words in said.out
    assert not clinic.home.exists() and not clinic.site.requests


def test_a_store_in_use_is_whole(clinic: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    clinic.amended()
    said = examined(clinic, monkeypatch)
    assert said.code == 0 and "Store: whole, of this release; 2 looks, 2 changes." in said.out


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"REGWATCH_EXECUTOR": "threads:none"}, "Settings: REGWATCH_EXECUTOR: 'threads:none' should read"),
        ({"REGWATCH_EXECUTOR": "dask:tcp://127.0.0.1:{closed}"}, "the Dask scheduler does not answer at 127.0.0.1:"),
        ({"REGWATCH_SOURCES": "nowhere.toml"}, "Sources: nowhere.toml is not there"),
        ({"REGWATCH_HOME": "/proc/nobody"}, "Home: /proc cannot be written"),
        ({"REGWATCH_BIND": "127.0.0.1:{taken}"}, "cannot be bound. End the other program, or set REGWATCH_BIND"),
        ({"REGWATCH_BIND": "0.0.0.0:0"}, "bound beyond this machine without REGWATCH_WEB_TOKEN"),
        (
            {"REGWATCH_PUBLIC_URL": "http://reg.example.org", "REGWATCH_WEB_TOKEN": "sixteen letters."},
            "http:// shows sessions to everybody on the way",
        ),
        ({"REGWATCH_PUBLIC_URL": "https://reg.example.org"}, "with REGWATCH_PUBLIC_URL alone nobody can read any page"),
        ({"REGWATCH_WEB_TOKEN": "fifteen letters"}, "REGWATCH_WEB_TOKEN has fewer than 16 characters"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_APP_TOKEN does nothing without SLACK_BOT_TOKEN"),
        ({"REGWATCH_PROXY": "http://127.0.0.1:{closed}"}, "Proxy: does not answer at 127.0.0.1:"),
        ({"REGWATCH_OWNR": "x"}, "Settings: REGWATCH_OWNR is set, but there is no such setting"),
        ({"REGWATCH_OWNER": "ops"}, "should read slack:C0123 or email:me@example.org"),
        ({"REGWATCH_OWNER": "slack:C1"}, "notices should go to slack, which is not set up"),
        ({"REGWATCH_LLM_URL": "http://127.0.0.1:{closed}/v1", "REGWATCH_LLM_MODEL": "m"}, "Language model: the connec"),
        ({"REGWATCH_LLM_MODEL": "m"}, "set both REGWATCH_LLM_URL and REGWATCH_LLM_MODEL"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_API_URL": "http://127.0.0.1:{closed}/"}, "Slack cannot be asked"),
        (
            {"REGWATCH_SMTP_URL": "smtp://127.0.0.1:{closed}", "REGWATCH_MAIL_FROM": "bot@example.org"},
            "the connection was refused or cut. Correct REGWATCH_SMTP_URL",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_the_operator_must_fix_is_one_sentence_and_exit_code_2(
    clinic: Terminal, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], words: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = socket.create_server(("127.0.0.1", 0))
        ports = {"taken": taken.getsockname()[1], "closed": closed.getsockname()[1]}
        closed.close()
        said = examined(clinic, monkeypatch, **{name: value.format(**ports) for name, value in settings.items()})
    (fix,) = fixes(said)
    assert words in fix and said.code == 2 and said.out.endswith(("1 thing to fix\n", "to fix\n"))


def test_sources_that_need_what_is_not_there_are_named(clinic: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    keyed = f'[keyed]\nurl = "{clinic.site.url("/k")}"\ntype = "json"\nkey = "REGWATCH_KEY_GOV"\n'
    clinic.declare("law", more=f'{keyed}headers = {{ "X-Key" = "{{key}}" }}\n[keyed.paths]\nitems = "a[*]"\n')
    (fix,) = fixes(examined(clinic, monkeypatch))
    assert fix == "Sources: keyed need REGWATCH_KEY_GOV, which is not set. Set it, or switch them off."
    assert not fixes(examined(clinic, monkeypatch, REGWATCH_KEY_GOV="k"))


@pytest.mark.parametrize("damage", ["another program's", "altered"])
def test_a_store_that_is_not_as_it_was_written_is_found(
    clinic: Terminal, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    clinic.amended()
    with sqlite3.connect(clinic.home / "regwatch.db") as db:
        altered = "UPDATE version SET at = at + 1 WHERE id = 1"
        db.execute("PRAGMA application_id = 7" if damage != "altered" else altered)
    db.close()
    said = examined(clinic, monkeypatch)
    (fix,) = fixes(said)
    assert said.code == 2
    assert ("belongs to another program" if damage != "altered" else "version 1 is not what was recorded") in fix


def test_a_damaged_file_is_found_though_no_look_up_meets_the_damage(
    clinic: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.amended()
    with sqlite3.connect(clinic.home / "regwatch.db") as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'change_at'").fetchone()
    db.close()
    whole = bytearray((clinic.home / "regwatch.db").read_bytes())
    whole[(page - 1) * 4096 + 3 : (page - 1) * 4096 + 5] = b"\x00\x00"  # an index that is empty now
    (clinic.home / "regwatch.db").write_bytes(whole)
    assert clinic.type("verify").code == 0
    (fix,) = fixes(examined(clinic, monkeypatch))
    assert fix.startswith("Store: the file is damaged (") and "restore the last backup that verifies" in fix


def test_secrets_that_everybody_on_the_machine_may_read_are_named(
    clinic: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Path(".env")
    settings.write_text("REGWATCH_CONTACT=ops@example.org\n")
    settings.chmod(0o644)
    assert not fixes(examined(clinic, monkeypatch)), "nothing in it is secret"
    settings.write_text("REGWATCH_WEB_TOKEN=a-token-that-is-long-enough\n")
    (fix,) = fixes(examined(clinic, monkeypatch))
    assert fix == "Secrets: .env can be read by every user of this machine. chmod o-r .env"
    settings.chmod(0o640)
    assert not fixes(examined(clinic, monkeypatch))


def test_a_store_that_belongs_to_somebody_else_is_named(
    shelf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]  # noqa: F811
) -> None:
    monkeypatch.setenv("REGWATCH_BIND", "127.0.0.1:0")
    declared = shelf.parent / "sources.toml"
    declared.write_text('[law]\nurl = "https://law.example/"\n')
    words = ["--home", str(shelf), "--sources", str(declared), "doctor"]
    assert main(words) == 0  # whatever it imports is imported: the other user may not be able to read our Python
    capsys.readouterr()
    shelf.chmod(0o777)
    (shelf / "regwatch.db").chmod(0o444)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        code = main(words)
    finally:
        if root:
            os.seteuid(0)
    said = capsys.readouterr().out
    assert code == 2 and f"FIX  Home: {shelf}/regwatch.db is there and cannot be written by this user." in said


def test_a_mail_server_is_entered_and_gets_no_mail(clinic: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    with Smtp() as smtp:
        mail = {"REGWATCH_SMTP_URL": f"smtp://127.0.0.1:{smtp.port}", "REGWATCH_MAIL_FROM": "bot@example.org"}
        said = examined(clinic, monkeypatch, **mail)
        assert said.code == 0 and "Mail: the server takes us in. No mail was sent." in said.out
        assert not smtp.taken and not smtp.tries
        names = {"REGWATCH_DKIM_DOMAIN": "example.org", "REGWATCH_DKIM_SELECTOR": "s", "REGWATCH_DKIM_KEY": "gone.pem"}
        (fix,) = fixes(examined(clinic, monkeypatch, **names))
    assert fix.startswith("Mail: the DKIM key gone.pem: No such file or directory.")


def test_a_language_model_is_asked_for_its_models_and_nothing_else(
    clinic: Terminal, monkeypatch: pytest.MonkeyPatch, site: Site
) -> None:
    site.publish("/v1/models", '{"data": [{"id": "small"}]}', type="application/json")
    model = {"REGWATCH_LLM_URL": site.url("/v1"), "REGWATCH_LLM_MODEL": "small", "REGWATCH_LLM_KEY": "k"}
    assert "Language model: it answers.\n" in examined(clinic, monkeypatch, **model).out
    assert "big is not among the models" in examined(clinic, monkeypatch, REGWATCH_LLM_MODEL="big").out
    site.publish("/v1/models", "", status=401)
    assert "with status 401" in examined(clinic, monkeypatch).out
    assert {asked.path for asked in site.requests} == {"/v1/models"}
    assert {asked.headers["authorization"] for asked in site.requests} == {"Bearer k"}


def test_the_heartbeat_address_is_not_asked(clinic: Terminal, monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
    said = examined(clinic, monkeypatch, REGWATCH_HEARTBEAT_URL=site.url("/beat/secret"))
    assert said.code == 0 and "not asked now" in said.out and "secret" not in said.out
    assert not site.requests


def test_a_page_that_must_be_rendered_needs_a_browser(
    clinic: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clinic.declare("law", more="render = true\n")
    empty = tmp_path / "bin"
    empty.mkdir()
    (fix,) = fixes(examined(clinic, monkeypatch, PATH=str(empty)))
    assert fix.startswith("Browser: law: this page needs a browser") and "install Chromium" in fix


@pytest.mark.skipif(not find_spec("playwright"), reason="the extra `render` is not installed")
def test_a_browser_that_does_not_start_is_named_with_what_it_said(
    clinic: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clinic.declare("law", more="render = true\n")
    broken = tmp_path / "bin" / "chromium"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho libnss3.so: cannot open shared object file >&2\nexit 127\n")
    broken.chmod(0o755)
    (fix,) = fixes(examined(clinic, monkeypatch, PATH=f"{broken.parent}:/bin:/usr/bin"))
    assert f"{broken} does not start (libnss3.so: cannot open shared object file)" in fix


def test_a_service_that_runs_here_may_have_the_address(clinic: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    clinic.amended()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        service = clinic.start("run", environment={"REGWATCH_BIND": "127.0.0.1:0"})
        try:
            assert service.stderr and "pages on" in service.stderr.readline()
            said = examined(clinic, monkeypatch, REGWATCH_BIND=bind)
        finally:
            service.terminate()
            service.communicate(timeout=60)
    assert said.code == 0 and "is used, by this service" in said.out


def test_each_finding_is_a_json_line(clinic: Terminal) -> None:
    said = clinic.type("doctor", "--json")
    assert said.code == 0 and {frozenset(line) for line in said.lines} == {frozenset({"ok", "text"})}
