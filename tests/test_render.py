"""Pages that scripts fill: read in a browser that asks nobody but us."""

from __future__ import annotations

import json
import os
import select
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from bot.errors import FetchError
from bot.fetch import Fetcher, FetchSettings, browser, render
from bot.model import Source
from tests.scenes import Scene
from tests.site import Site


def _missing() -> str:
    try:
        return "" if browser() else "no browser"
    except FetchError as error:
        return error.detail


needs_browser = pytest.mark.skipif(bool(_missing()), reason=_missing() or "-")
SHELL = """<!doctype html><html><head><title>Notices</title><script src=/app.js></script></head>
<body><noscript>Please enable JavaScript to run this app.</noscript><div id="app"></div></body></html>"""
FILLS = """addEventListener('load', async () => {
    const list = document.createElement('ul');
    for (const one of await (await fetch('/api/notices')).json())
        list.innerHTML += `<li><a href="${one.url}">${one.title}</a> <span>${one.day}</span></li>`;
    const say = (title) => list.innerHTML += `<li><a href="/said/${list.children.length}">${title}</a></li>`;
    for (const url of ['http://10.0.0.1/latest', '/private/notes', 'file:///etc/hostname'])
        await fetch(url).then(() => say('came: ' + url), () => say('was refused: ' + url));
    say('the browser is called ' + navigator.userAgent);
    document.getElementById('app').append(list);
    try { new WebSocket('ws://' + location.host + '/socket') } catch (error) {}
});"""


@pytest.fixture
def shell(site: Site) -> Callable[[str], None]:
    def publish(script: str) -> None:
        site.publish("/notices", SHELL)
        site.publish("/app.js", script, type="text/javascript")

    return publish


@needs_browser
def test_a_list_that_scripts_fill_is_read_and_the_guard_stands_between_the_page_and_everything(
    tmp_path: Path, site: Site, shell: Callable[[str], None]
) -> None:
    shell(FILLS)
    notices = [
        {"url": f"/n/{n}", "title": f"Notice {n} on transfers of personal data", "day": f"2026-10-0{n}"}
        for n in range(1, 8)
    ]
    site.publish("/api/notices", json.dumps(notices), type="application/json")
    site.publish("/robots.txt", "User-agent: *\nDisallow: /private/\n", type="text/plain")
    site.publish("/private/notes", "for people only")
    scene = Scene(tmp_path, site, _list(site))
    (outcome,) = scene.look()

    assert (outcome.kind, outcome.cause) == ("first", "baseline")
    (version,) = scene.app.store.versions("list")
    blocks = scene.app.store.blocks(version)
    assert [(block.text, block.date) for block in blocks[:7]] == [(one["title"], one["day"]) for one in notices]
    assert [block.text for block in blocks[7:]] == [
        "was refused: http://10.0.0.1/latest",
        "was refused: /private/notes",
        "was refused: file:///etc/hostname",
        f"the browser is called {scene.app.look_settings.fetch.user_agent}",
    ]
    body, headers = scene.app.store.body(version)
    assert headers["x-regwatch-rendered"].endswith("4 requests, 2 refused") and b"<script" not in body
    assert {asked.path for asked in site.requests} == {"/robots.txt", "/notices", "/app.js", "/api/notices"}
    assert {asked.headers["user-agent"] for asked in site.requests} == {scene.app.look_settings.fetch.user_agent}
    scene.app.close()


def _list(site: Site) -> Source:
    return Source("list", site.url("/notices"), type="list", language="en", items="li", render=True, spacing=0.0)


@needs_browser
def test_the_scripts_of_a_challenge_are_not_run(tmp_path: Path, site: Site) -> None:
    site.publish("/notices", SHELL.replace("Notices", "Just a moment...").replace("id=", 'class="cf-challenge" id='))
    scene = Scene(tmp_path, site, _list(site))
    (outcome,) = scene.look()
    assert (outcome.kind, outcome.cause) == ("failed", "blocked")
    assert [asked.path for asked in site.requests] == ["/robots.txt", "/notices"]
    scene.app.close()


def test_without_a_browser_the_look_says_what_to_install_and_asks_nobody(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    scene = Scene(tmp_path, site, _list(site))
    (outcome,) = scene.look()
    assert (outcome.kind, outcome.cause) == ("failed", "js shell")
    assert "apt install chromium" in outcome.look.detail
    assert not site.asked("/notices")
    scene.app.close()


@needs_browser
def test_a_page_that_never_ends_is_ended_with_its_browser_and_leaves_nothing(
    site: Site, shell: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    shell("while (true) {}")
    folder = tempfile.mkdtemp()  # a short name, as Chromium wants; by it the processes are known
    monkeypatch.setattr(tempfile, "tempdir", folder)
    settings = FetchSettings("RegWatch/test", allow_nets=("127.0.0.0/8",))
    with Fetcher(settings) as fetcher:
        page = fetcher.get(_list(site))
    with pytest.raises(FetchError) as failed:
        render(page, settings, seconds=3.0)
    assert failed.value.cause == "too slow"
    assert [pid for pid in _running(folder) if not _ends(pid)] == []
    Path(folder).rmdir()  # which it can only when it is empty


def _running(folder: str) -> list[int]:
    """The processes whose command line or working files name a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if folder.encode() in (process / "cmdline").read_bytes() + (process / "environ").read_bytes():
                found.append(int(process.name))
    return found


def _ends(pid: int) -> bool:
    """Whether a process ends within five seconds."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 5.0)[0])
    finally:
        os.close(handle)
