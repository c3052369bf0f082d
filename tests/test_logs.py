"""What the service says on stderr: one line for each event, JSON where nobody reads along; and no secret anywhere."""

from __future__ import annotations

import io
import json
import logging
import os
import pty
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import logs
from bot.app import build, read_sources
from bot.cli import main
from bot.settings import NAMES, Settings, load
from tests.site import Handler, Site
from tests.smtp_double import Smtp
from tests.test_scheduler import Service, declare, folder  # noqa: F401  (a fixture)

MARK = "M4rk"
SECRETS = {
    "SLACK_BOT_TOKEN": f"xoxb-{MARK}-bot",
    "SLACK_APP_TOKEN": f"xapp-{MARK}-app",
    "SLACK_SIGNING_SECRET": f"{MARK}-signing",
    "REGWATCH_WEB_TOKEN": f"{MARK}-web token/with \"all\" + ümläuts",
    "REGWATCH_LLM_KEY": f"{MARK}-llm",
    "REGWATCH_KEY_GOV": f"{MARK}-gov+key/",
}


@pytest.fixture(autouse=True)
def _logging_stays_as_it_was() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("bot")
    kept = (root.handlers[:], root.level, ours.level)
    yield
    root.handlers[:] = kept[0]
    root.setLevel(kept[1])
    ours.setLevel(kept[2])


def said(*, plain: bool, secrets: tuple[str, ...] = ()) -> io.StringIO:
    stream = io.StringIO()
    logs.set_up(stream, secrets=secrets, plain=plain)
    return stream


def test_a_line_is_json_with_a_stable_event_and_its_facts() -> None:
    stream = said(plain=False)
    given = {"text": "法: changed", "source": "law", "change": 7, "ms": 12}
    logging.getLogger("bot.scheduler").info("look", extra=given)
    logging.getLogger("bot.slack.socket").warning("slack: the socket ended: %s", "EOF")
    logging.getLogger("httpx").info("GET http://127.0.0.1/?key=…")
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert list(first)[:4] == ["at", "level", "event", "text"] and first["at"].endswith("Z")
    assert {name: value for name, value in first.items() if name != "at"} == {"level": "info", "event": "look", **given}
    assert (second["event"], second["text"]) == ("slack.socket", "slack: the socket ended: EOF")


def test_a_bug_keeps_its_traceback_in_one_line_of_json_and_as_lines_for_people() -> None:
    for plain in (False, True):
        stream = said(plain=plain)
        try:
            raise ZeroDivisionError("ours")
        except ZeroDivisionError:
            logging.getLogger("bot.pipeline").exception("change %d: our own error", 7)
        lines = stream.getvalue().splitlines()
        assert "change 7: our own error" in lines[0]
        assert "ZeroDivisionError: ours" in (lines[-1] if plain else json.loads(lines[0])["exception"])
        assert len(lines) == 1 or plain


def test_whatever_a_secret_comes_in_by_it_does_not_go_out() -> None:
    secrets = logs.secrets_of(load({**SECRETS, "REGWATCH_SMTP_URL": f"smtp://u:{MARK}%2Fpass@127.0.0.1:9"}))
    for plain in (False, True):
        stream = said(plain=plain, secrets=secrets)
        for secret in (*SECRETS.values(), f"{MARK}/pass", f"{MARK}%2Fpass"):
            logging.getLogger("bot.x").warning("refused: %s", secret, extra={"fact": secret})
            logging.getLogger("other").error("refused", exc_info=ValueError(f"Authorization: Bearer {secret}"))
        assert MARK not in stream.getvalue() and logs.HIDDEN in stream.getvalue()


def test_every_setting_that_is_hidden_when_printed_is_a_secret_of_the_logs() -> None:
    values = {name: f"{field}-value" for name, field in NAMES.items() if not Settings.__dataclass_fields__[field].repr}
    values |= {name: "http://u:p4ss@h:9/x" for name in ("REGWATCH_PROXY", "REGWATCH_HEARTBEAT_URL")}
    values["REGWATCH_SMTP_URL"] = "smtp://u:p4ss@127.0.0.1:9"
    assert len(values) >= 8
    assert {*values.values(), "p4ss"} <= set(logs.secrets_of(load(values)))


# ------------------------------------------------------------------------------------------------ the service


def test_on_a_terminal_the_service_says_short_plain_lines(folder: Path, site: Site) -> None:  # noqa: F811
    here, there = pty.openpty()
    environment = {**os.environ, "REGWATCH_ALLOW_NETS": "127.0.0.0/8", "REGWATCH_BIND": "127.0.0.1:0"}
    environment["PYTHONPATH"] = str(Path(__file__).parents[1])
    command = [sys.executable, "-m", "bot", "run"]
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=there, stdout=subprocess.DEVNULL) as service:
        os.close(there)
        lines = []
        with os.fdopen(here, encoding="utf-8") as terminal:
            for line in terminal:
                lines.append(line.strip())
                if "delivery 1 (post of change:2): done" in line:
                    service.terminate()
                    break
        assert service.wait(timeout=60) == 0
    assert lines[0][8:].startswith(" watching 1 of 1 declared sources; pages on http://127.0.0.1:")
    assert any(line[8:] == " law: changed, change 2" for line in lines)
    assert any(line[8:].startswith(" change 2: relevant, 1 to be told") for line in lines)


def _echo(handler: Handler) -> None:
    """A publisher that answers with an error, and with what it was asked."""
    handler.answer(403, {"Content-Type": "text/html"}, b"<html><h1>Forbidden</h1><p>not for you</p></html>")


@pytest.mark.slow
def test_no_secret_is_in_any_log_message_metric_or_row_of_the_store(
    folder: Path, site: Site, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    """A service whose every neighbour fails: Slack, mail, language model, heartbeat, a source with a key."""
    site.answer("/gov?key=" + "M4rk-gov%2Bkey%2F", _echo)
    site.publish("/api/auth.test", '{"ok": false, "error": "invalid_auth"}', type="application/json", etag=False)
    declare(folder, site, "law", "broken")
    keyed = f'[gov]\nurl = "{site.url("/gov?key={key}")}"\ntype = "page"\nkey = "REGWATCH_KEY_GOV"\n'
    (folder / "sources.toml").write_text((folder / "sources.toml").read_text() + keyed)
    with Smtp() as smtp:
        settings = SECRETS | {
            "SLACK_API_URL": site.url("/api/"),
            "REGWATCH_SMTP_URL": f"smtp://bot:{MARK}%2Fpass@127.0.0.1:{smtp.port}",
            "REGWATCH_MAIL_FROM": "bot@example.org",
            "REGWATCH_OWNER": "slack:C1",
            "REGWATCH_LLM_URL": site.url(f"/v1?token={MARK}-query"),
            "REGWATCH_LLM_MODEL": "small",
            "REGWATCH_HEARTBEAT_URL": site.url(f"/beat/{MARK}-beat"),
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("REGWATCH_ALLOW_NETS", "127.0.0.0/8")
        monkeypatch.chdir(folder)
        with build(load(), stream=io.StringIO()) as app:
            for channel, address in (("slack", "C1"), ("email", "me@example.org"), ("console", "here")):
                app.subscribe(_subscription(channel, address))
        with Service(folder) as service:
            service.hear("#change:2", "stdout")
            service.hear("gov: could not be read")
            beaten = threading.Event()
            while not any(asked.path.startswith("/beat/") for asked in site.requests):
                assert service.process.poll() is None
                beaten.wait(0.05)
            service.hear("heartbeat: ")
            service.hear("the mail server 127.0.0.1")
            shown = "".join(service.ask(path)[1] for path in ("/metrics", "/healthz", "/health"))
            assert service.end() == 0
            heard = "".join(service.said["stderr"] + service.said["stdout"])
    assert {asked.path.split("?")[0] for asked in site.requests} >= {"/gov", "/api/chat.postMessage", "/v1"}
    assert MARK not in heard and MARK not in shown
    assert MARK not in _stored(folder)


def test_a_proxy_that_does_not_answer_is_named_without_its_password(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]  # noqa: F811
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("REGWATCH_ALLOW_NETS", "127.0.0.0/8")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setenv("REGWATCH_PROXY", f"http://bot:{MARK}@127.0.0.1:{port}")
    assert [main(["check", "law"]), main(["doctor"]), main(["health"])] == [1, 2, 1]
    heard = "".join(capsys.readouterr())
    assert "law: could not be read" in heard and f"Proxy: does not answer at 127.0.0.1:{port}" in heard
    assert MARK not in heard and MARK not in _stored(folder)


def _subscription(channel: str, address: str) -> object:
    from bot.model import Filters, Subscription

    return Subscription(0, channel, address, Filters())


def _stored(folder: Path) -> str:  # noqa: F811
    """All that the store holds: its rows, and what is packed within them."""
    files = b"".join(path.read_bytes() for path in (folder / "var").rglob("*") if path.is_file())
    settings = Settings(home=folder / "var", sources=folder / "sources.toml")
    with build(settings, stream=io.StringIO(), sources=read_sources(settings)) as app:
        packed = [repr(one) for one in app.store.deliveries()]
        packed += [repr(app.store.checks(name)) for name in app.standings()]
        packed += [repr(app.store.finding(change.id)) for change in app.store.changes(counted=False)]
        packed += [repr(app.store.body(one)) for name in app.standings() for one in app.store.versions(name)]
    return files.decode("latin-1") + "".join(packed)
