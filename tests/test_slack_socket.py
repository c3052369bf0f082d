"""Socket Mode: commands come back after every kind of cut; trouble is said once; the service itself answers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.slack.service import Service
from bot.slack.socket import Socket
from tests.scenes import Scene
from tests.site import Site
from tests.slack_doors import ALICE, Listening, door, read
from tests.slack_scenes import CHANNEL


def test_it_comes_back_after_a_polite_farewell_and_after_a_cut(tmp_path: Path, site: Site) -> None:
    with door(tmp_path / "home", site, via="socket") as here:
        for farewell in ({"grace": 0.1}, {"hard": True}, {"reason": "warning", "grace": 0.1}):
            assert "What /reg can do" in here.text("help")
            old = list(here.double._sockets)
            here.double.disconnect(**farewell)
            here.double.until(lambda old=old: here.double._sockets and not set(old) & set(here.double._sockets))
        assert "What /reg can do" in here.text("help")
        here.faultless()


def test_an_outage_is_said_once_and_survived(tmp_path: Path, site: Site) -> None:
    with Listening() as double:
        double.inject("apps.connections.open", "http_503", times=1)
        scene = Scene(tmp_path / "home", site, slack_bot_token="xoxb-double", slack_app_token="xapp-double",
                      slack_api_url=double.base_url)  # fmt: skip
        said: list[str] = []
        service = Service(scene.app, say=said.append)
        service.start()
        double.until(lambda: double.connections == 1)
        double.until(lambda: len(said) == 2)
        service.stop()
        scene.app.close()
    assert "no connection yet" in said[0] and "alerts do not" in said[0] and said[1] == "Slack: connected"


def test_a_wrong_token_is_one_line_that_says_what_to_do(tmp_path: Path, site: Site) -> None:
    with Listening() as double:
        scene = Scene(tmp_path / "home", site, slack_bot_token="xoxb-double", slack_app_token="xapp-other",
                      slack_api_url=double.base_url)  # fmt: skip
        said: list[str] = []
        socket = Socket(scene.app, say=said.append)
        socket.start()
        double.until(lambda: said)
        socket.stop()
        scene.app.close()
    assert said == ["Slack: SLACK_APP_TOKEN is not a valid token"]
    assert sum(call.method == "apps.connections.open" for call in double.calls) == 1


def test_without_slack_nothing_is_started_and_alerts_alone_are_said_to_be_so(tmp_path: Path, site: Site) -> None:
    said: list[str] = []
    for token, lines in (("", 0), ("xoxb-double", 1)):
        scene = Scene(tmp_path / f"home{lines}", site, slack_bot_token=token, slack_api_url="http://127.0.0.1:9/api/")
        service = Service(scene.app, say=said.append)
        service.start()
        service.stop()
        scene.app.close()
        assert len(said) == lines
    assert "SLACK_APP_TOKEN" in said[0]


@pytest.mark.slow
def test_the_service_answers_on_slack_alerts_there_and_greets_once(tmp_path: Path, site: Site) -> None:
    """The front door: `regwatch run` as an operator starts it."""
    (tmp_path / "sources.toml").write_text(
        f'[law]\ntitle = "Export measures"\njurisdiction = "CN"\nlanguage = "en"\nurl = "{site.url("/law")}"\n'
    )
    site.publish("/law", "<main><h1>Measures</h1><p>Transfers of personal data abroad may be assessed.</p></main>")
    with Listening() as double:
        slack = {"SLACK_BOT_TOKEN": "xoxb-double", "SLACK_APP_TOKEN": "xapp-double", "SLACK_API_URL": double.base_url}
        nets = {"REGWATCH_ALLOW_NETS": "127.0.0.0/8", "REGWATCH_BIND": "127.0.0.1:0"}
        environment = {**os.environ, **slack, **nets, "REGWATCH_OWNER": f"slack:{CHANNEL}"}
        command = [sys.executable, "-m", "bot", "--home", str(tmp_path / "home"),
                   "--sources", str(tmp_path / "sources.toml"), "run"]  # fmt: skip
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as service:
            try:
                double.until(lambda: double.connections == 1, seconds=20)
                double.until(lambda: double.messages(CHANNEL), seconds=20)
                sent = double.command("/reg", "latest", user=ALICE, via="socket")
                double.until(lambda: sent.replies)
                assert sent.ok and "already there" in read(sent.replies[0])
            finally:
                service.send_signal(signal.SIGTERM)
                _, said = service.communicate(timeout=60)
        assert service.returncode == 0, said
        assert "*1 of 1 sources* were read" in read(double.messages(CHANNEL)[0]) and len(double.messages(CHANNEL)) == 1
        assert double.lints == [] and "Traceback" not in said
