"""The pages, over a real server on loopback."""

from __future__ import annotations

import http.client
import json
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.errors import OperatorError
from bot.web import Server
from bot.web import site as pages
from tests.scenes import Scene, rule
from tests.site import Site


@contextmanager
def served(scene: Scene, *, bind: str = "127.0.0.1:0", ready: bool = True) -> Iterator[Server]:
    scene.app.settings = replace(scene.app.settings, bind=bind)
    server = Server(pages(scene.app, ready=lambda: ready), bind=bind)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def ask(
    server: Server, path: str, *, method: str = "GET", host: str | None = None
) -> tuple[int, http.client.HTTPMessage, str]:
    parts = urlsplit(server.url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=60)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", parts.netloc if host is None else host)
    connection.endheaders()
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response.status, response.headers, body


@pytest.fixture
def told(scene: Scene) -> Scene:
    """A home with a baseline and one amended rule."""
    scene.site.publish("/law", rule())
    scene.look()
    scene.site.publish("/law", rule("shall"))
    scene.look()
    return scene


def test_the_redline_of_a_change_is_a_page(told: Scene) -> None:
    with served(told) as server:
        status, headers, body = ask(server, "/change/2")
    assert status == 200 and headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<del>may</del>" in body and "<ins>shall</ins>" in body
    assert f'href="{told.sources[0].url}"' in body
    assert "told: console here: done" in body


def test_the_first_page_says_what_could_be_read_and_what_was_found(told: Scene) -> None:
    with served(told) as server:
        _, _, body = ask(server, "/")
    assert "1 of 1 sources could be read" in body
    assert 'href="/change/2"' in body


def test_the_first_page_says_what_was_already_there_as_long_as_nothing_is_news(scene: Scene) -> None:
    scene.site.publish("/law", rule())
    scene.look()
    with served(scene) as server:
        _, _, body = ask(server, "/")
    assert "already there at the first look" in body and 'href="/change/1"' in body


def test_the_first_page_names_what_was_not_seen(tmp_path: Path, site: Site) -> None:
    scene = Scene(tmp_path, site)
    scene.app.declare([scene.page(must_watch=True), scene.page("/b", id="by-hand", enabled=False, off_reason="manual")])
    site.publish("/law", rule(), status=500)
    scene.look()
    with served(scene) as server:
        _, _, body = ask(server, "/")
    assert "0 of 1 sources could be read" in body
    assert "law (the server answered with an error status" in body
    assert "by-hand (manual)" in body and "Not clear:</strong> mainland China" in body
    scene.app.close()


def test_an_empty_home_has_a_first_page(scene: Scene) -> None:
    with served(scene) as server:
        status, _, body = ask(server, "/")
    assert status == 200 and "Nothing has been recorded yet" in body


@pytest.mark.parametrize(("ready", "status"), [(True, 200), (False, 503)])
def test_health_says_whether_the_drains_are_alive(told: Scene, ready: bool, status: int) -> None:
    with served(told, ready=ready) as server:
        answered, headers, body = ask(server, "/healthz")
    assert answered == status and headers["Content-Type"] == "application/json"
    assert json.loads(body) == {"live": True, "ready": ready, "looks": 2, "outbox": {"done": 1}}


@pytest.mark.parametrize(
    "path", ["/nope", "/change/99", "/change/", "/change/abc", "/change/²", "/change/-1", "/change/" + "9" * 5000]
)
def test_what_is_not_there_is_a_page_that_says_so(told: Scene, path: str) -> None:
    with served(told) as server:
        status, headers, body = ask(server, path.replace("²", "%C2%B2"))
    assert status == 404 and headers["Content-Type"].startswith("text/html")
    assert "Not here" in body


@pytest.mark.parametrize("path", ["/", "/change/2", "/healthz", "/nope"])
def test_every_answer_carries_the_headers_that_keep_browsers_quiet(told: Scene, path: str) -> None:
    with served(told) as server:
        _, headers, _ = ask(server, path)
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Server"] is None


def test_the_style_in_the_page_is_the_one_the_policy_lets_in(told: Scene) -> None:
    from base64 import b64encode
    from hashlib import sha256

    with served(told) as server:
        _, headers, body = ask(server, "/")
    style = body.partition("<style>")[2].partition("</style>")[0]
    assert f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/change/2", "/healthz"])
def test_head_is_answered_without_a_body(told: Scene, path: str) -> None:
    with served(told) as server:
        status, headers, body = ask(server, path, method="HEAD")
    assert (status, body) == (200, "") and int(headers["Content-Length"]) > 0


def test_nothing_can_be_done_here_but_reading(told: Scene) -> None:
    with served(told) as server:
        assert ask(server, "/change/2", method="POST")[0] == 405


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "", "127.0.0.1.evil.example", "[", "127.0.0.1@evil", "evil@127.0.0.1"]
)
def test_another_host_name_is_refused_so_that_a_foreign_page_cannot_reach_us(told: Scene, host: str) -> None:
    with served(told) as server:
        status, headers, body = ask(server, "/change/2", host=host)
    assert status in {400, 421} and "shall" not in body


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:9999", "localhost:8080", "LOCALHOST", "[::1]:8080"])
def test_our_own_names_are_answered_with_any_port(told: Scene, host: str) -> None:
    with served(told) as server:
        assert ask(server, "/", host=host)[0] == 200


def test_with_a_public_address_loopback_proves_nothing_for_there_is_a_proxy(told: Scene) -> None:
    told.app.settings = replace(told.app.settings, public_url="https://regwatch.example.org/")
    with served(told) as server:
        for host in ("regwatch.example.org", "127.0.0.1"):
            assert ask(server, "/healthz", host=host)[0] == 200
            status, _, body = ask(server, "/change/2", host=host)
            assert status == 403 and "shall" not in body
        assert ask(server, "/", host="evil.example")[0] == 421


def test_bound_elsewhere_only_health_is_answered(told: Scene) -> None:
    with served(told, bind="0.0.0.0:0") as server:
        assert ask(server, "/healthz", host="10.0.0.7")[0] == 200
        for path in ("/", "/change/2"):
            status, _, body = ask(server, path)
            assert status == 403 and "shall" not in body


def test_scraped_markup_is_inert(scene: Scene) -> None:
    hostile = "&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x onerror=alert(1)&gt; {{ 7*7 }} personal data"
    scene.app.declare([scene.page(title="<script>alert(2)</script>", authority='"><img src=x>')])
    scene.site.publish("/law", rule())
    scene.look()
    page = rule(more=f"<p>Transfers of personal information abroad {hostile} shall be assessed.</p>")
    scene.site.publish("/law", f"<html><title>{hostile}</title><body>{page}</body></html>")
    scene.look()
    with served(scene) as server:
        bodies = [ask(server, path)[2] for path in ("/", "/change/2")]
    assert "&lt;script&gt;alert(1)" in bodies[1] and "{{ 7*7 }}" in bodies[1]
    for body in bodies:
        assert "<script" not in body and "<img" not in body


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "JavaScript://x/%0aalert(1)", "file:///etc"])
def test_only_web_addresses_become_links(told: Scene, url: str) -> None:
    told.app.declared = (replace(told.sources[0], url=url),)
    with served(told) as server:
        _, _, body = ask(server, "/change/2")
    assert "<ins>shall</ins>" in body and url not in body


def test_an_address_that_is_taken_is_said_in_one_line(scene: Scene) -> None:
    with served(scene) as server:
        taken = urlsplit(server.url).netloc
        with pytest.raises(OperatorError, match=f"REGWATCH_BIND: {taken} cannot be bound"):
            Server(pages(scene.app), bind=taken).start()


def test_no_answer_waits_for_the_acknowledgement_of_its_own_head(scene: Scene) -> None:
    with served(scene) as server:
        assert server._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_bug_of_ours_is_a_page_with_our_headers_and_keeps_its_traceback(
    told: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> bool:
        raise RuntimeError("the part that says whether the service works is itself at fault")

    server = Server(pages(told.app, ready=broken), bind="127.0.0.1:0")
    server.start()
    try:
        status, headers, body = ask(server, "/health")
    finally:
        server.stop()
    assert status == 500 and "Our own error" in body and "default-src 'none'" in headers["Content-Security-Policy"]
    assert [record.exc_info is not None for record in caplog.records if record.levelname == "ERROR"] == [True]


def test_a_store_in_trouble_is_an_answer_not_a_traceback(told: Scene, capfd: pytest.CaptureFixture[str]) -> None:
    with served(told) as server:
        with sqlite3.connect(told.home / "regwatch.db") as db:
            db.execute("PRAGMA writable_schema = ON")
            db.execute("UPDATE sqlite_schema SET sql = 'nonsense' WHERE name = 'change'")
        status, _, body = ask(server, "/change/2")
    assert status == 503 and "store is in trouble" in body
    assert "Traceback" not in capfd.readouterr().err


def test_many_visits_leave_few_database_connections(told: Scene) -> None:
    opened = Path("/proc/self/fd")
    if not opened.is_dir():
        pytest.skip("this system does not list open files under /proc")
    with served(told) as server:
        for _ in range(60):
            ask(server, "/healthz")
        held = sum("regwatch.db" in str(one.readlink()) for one in opened.iterdir() if one.is_symlink())
    assert held <= 3 * 10  # the file, its log and index, for the few threads of the loop


def test_what_was_only_renumbered_stands_folded_below_what_was_amended(scene: Scene) -> None:
    articles = [f"<h2>Article {n}</h2><p>Operator {n} may transfer data under condition {n}.</p>" for n in range(9)]
    scene.site.publish("/law", "<main><h1>Law</h1>" + "".join(articles) + "</main>")
    scene.look()
    shifted = [one.replace(f"Article {n}<", f"Article {n + 1}<") for n, one in enumerate(articles)]
    shifted[4] = shifted[4].replace("may", "shall")
    scene.site.publish("/law", "<main><h1>Law</h1>" + "".join(shifted) + "</main>")
    scene.look()
    with served(scene) as server:
        _, _, body = ask(server, "/change/2")
    above, _, below = body.partition('class="redline"')[2].partition("<details>")
    assert "<ins>shall</ins>" in above and "Renumbered" not in above
    assert "Renumbered</b> · " in below and "was Article " in below
    for view in ("inline", "side"):
        with served(scene) as server:
            _, _, body = ask(server, f"/change/2/redline?view={view}")
        above, _, below = body.partition('class="redline"')[2].partition("<details>")
        assert "<ins>shall</ins>" in above and "Renumbered" not in above and "Renumbered" in below
