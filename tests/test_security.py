"""Strangers get nowhere: what docs/security.md promises, where no other test shows it. Each is a row of its table."""

from __future__ import annotations

import ast
import http.client
import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
import yaml

from benchmarks.mutations import MUTATIONS
from bot.child import read_in_child
from bot.errors import FetchError, ReadError, SourcesError
from bot.fetch import Fetcher, FetchSettings
from bot.model import Source
from bot.sources import load
from bot.web import DOORS, Rule
from tests.scenes import Scene, rule
from tests.site import Site
from tests.test_web_access import TOKEN, outside, stranger
from tests.web_reader import WebReader, serving

ROOT = Path(__file__).parents[1]
MARKUP = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
TEMPLATE = "{{ 1117*1003 }}{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}${1117*1003}"
RENDERED = re.compile("1120351|<class|&lt;class")  # what a template engine would make of it


@pytest.fixture
def told(scene: Scene) -> Scene:
    """A home with a baseline and one amended rule."""
    scene.site.publish("/law", rule())
    scene.look()
    scene.site.publish("/law", rule("shall"))
    scene.look()
    return scene


# ------------------------------------------------------------------------------------------------ the tables


def rows(page: str) -> list[str]:
    """The rows of the tables of a page whose last column names tests."""
    tables = re.split(r"\n(?!\|)", (ROOT / "docs" / page).read_text("utf-8"))
    return [row for table in tables if "| tests |\n" in table for row in table.partition("|--")[2].splitlines()[1:]]


@pytest.mark.parametrize("page", ["security.md", "faults.md"])
def test_every_row_of_the_tables_names_tests_and_they_are_there(page: str) -> None:
    named = {row: re.findall(r"`(test_\w+)\.(test_\w+)`", row) for row in rows(page)}
    assert len(named) > 15
    assert [row for row, tests in named.items() if not tests] == []
    for module, name in (test for tests in named.values() for test in tests):
        text = (ROOT / "tests" / f"{module}.py").read_text("utf-8")
        assert re.search(rf"^def {name}\(", text, re.MULTILINE), f"{module}.{name}"


# ------------------------------------------------------------------------------------------------ the pages


def routes(fill: str) -> Iterator[str]:
    """Every page that is asked for, with this text wherever a route leaves room."""
    for door in DOORS:
        if "GET" in door.methods:
            yield re.sub(r"\{[^}]+\}", quote(fill, safe=""), door.path)


def test_no_address_leads_to_a_file(told: Scene) -> None:
    secret = told.home / "secret.txt"
    secret.write_text("the operator's secret")
    up = "../" * 12
    paths = [f"{up}{secret}", f"..%2f{'..%2f' * 12}{quote(str(secret), safe='')}", str(secret), f"file://{secret}"]
    paths += [f"{'%2e%2e/' * 12}{secret}", f"..%5c..%5c{secret.name}", f"....//....//{secret}", f"{secret}%00.html"]
    with serving(told) as port:
        for path in paths:
            for before in ("/", "/source/", "/static/", "/source/law/version/", "/change/2/"):
                answer = raw(port, before + path.lstrip("/") if before != "/" else "/" + path)
                assert b"the operator's secret" not in answer, before + path
        for path in routes(f"../../{secret}"):
            assert b"the operator's secret" not in raw(port, path), path


def raw(port: int, path: str) -> bytes:
    """The answer to an address exactly as it stands here."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.putrequest("GET", path, skip_accept_encoding=True)
    connection.endheaders()
    answer = connection.getresponse().read()
    connection.close()
    return answer


@pytest.mark.parametrize("hostile", [MARKUP, TEMPLATE])
def test_whatever_an_address_or_a_form_carries_comes_back_as_text(told: Scene, hostile: str) -> None:
    names = ("words", "q", "jurisdiction", "topic", "in", "since", "from", "to", "view", "days", "next", "before")
    query = "&".join(f"{name}={quote(hostile)}" for name in names)
    with serving(told) as port:
        reader = WebReader(port)
        for path in (*routes(hostile), *routes("2"), *routes("law"), f"/{quote(hostile)}"):
            answer = reader.get(f"{path}?{query}")
            assert answer.status < 500, path
            if answer.headers.get_content_type() == "text/html":
                assert "<script" not in answer.body and "<img" not in answer.body and not RENDERED.search(answer.body)
                assert "script-src" not in answer.headers["Content-Security-Policy"]
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        shown = reader.get(f"/search?words={quote(hostile)}")
        assert hostile[:7] in shown.text  # it is there to be read: as text


def test_a_page_as_it_was_fetched_is_saved_and_never_shown_as_ours(told: Scene) -> None:
    told.site.publish("/law", rule("must", "<script>alert(1)</script>"))
    told.look()
    version = told.app.history("law")[0][0]
    with serving(told) as port:
        got = WebReader(port).get(f"/source/law/version/{version.id}/original")
    assert b"<script>alert(1)" in got.content  # these are the bytes
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers.get_content_type() != "text/html" and got.headers["X-Content-Type-Options"] == "nosniff"


def test_what_a_publisher_writes_is_never_a_template(told: Scene) -> None:
    told.app.declare([told.page(title=TEMPLATE, authority=TEMPLATE)])
    told.site.publish("/law", f"<html><title>{TEMPLATE}</title>{rule('must', f'<p>Transfers abroad {TEMPLATE}.</p>')}")
    told.look()
    with serving(told) as port:
        body = WebReader(port).get("/change/3").body
    letter = told.app.digest_preview(channel="email")
    for shown in (body, told.told(), json.loads(letter.rich)["html"], json.loads(letter.rich)["text"]):
        assert "{{ 1117*1003 }}" in shown and not RENDERED.search(shown)


# ------------------------------------------------------------------------------------------------ our network


@contextmanager
def two_faced(inside: Site, outside: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A name that is the public site at the first question and the inner one ever after; yields what was asked."""
    real, asked = socket.getaddrinfo, list[str]()

    def answers(host: object, *rest: object, **named: object) -> object:
        if host != "rebind.example":
            return real(host, *rest, **named)  # type: ignore[arg-type]
        asked.append(str(host))
        return real("127.0.0.1" if len(asked) == 1 else "127.0.0.2", *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    yield asked


def test_a_name_that_changes_its_address_after_the_check_is_dialled_where_it_was_checked(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.publish("/law", "public")
    with Site("127.0.0.2", port=site.port) as inside, two_faced(inside, site, monkeypatch) as asked:
        inside.publish("/law", "secret")
        source = Source("law", f"http://rebind.example:{site.port}/law")
        narrow = FetchSettings("RegWatch", allow_nets=("127.0.0.1/32",))
        with Fetcher(narrow) as fetcher:
            assert fetcher.get(source).body == b"public"
        with Fetcher(narrow) as fetcher, pytest.raises(FetchError) as caught:
            fetcher.get(source)  # the next visit asks anew, and what it hears is checked anew
        assert caught.value.cause == "forbidden address"
        assert inside.connections == 0 and len(asked) == 2


# ------------------------------------------------------------------------------------------------ declarations

@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.example/x", "gopher://a.example", "javascript:alert(1)", "data:text/html,x",
            "http://user:pass@a.example/", "//etc/passwd", "/etc/passwd"]
)  # fmt: skip
def test_only_web_addresses_can_be_declared(url: str) -> None:
    with pytest.raises(SourcesError):
        load(f'[law]\nurl = "{url}"\n')


@pytest.mark.parametrize("path", ["env", "$ENV.SECRET", "$__loc__", "__class__.__init__.__globals__", "input_filename",
                                  "[*].__class__", "env.SECRET", "@json", "`id`", "$(id)"])  # fmt: skip
def test_no_path_of_a_declaration_reads_anything_but_the_answer(
    tmp_path: Path, site: Site, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "hunter2-hunter2")
    answer = {"items": [{"title": "A rule", "url": "http://a.example/1"}]}
    site.publish("/api", json.dumps(answer), type="application/json")
    declared = f'paths = {{ items = "items", title = "{path}", link = "url" }}'
    try:
        (source,) = load(f'[api]\nurl = "{site.url("/api")}"\ntype = "json"\n{declared}\n')
    except SourcesError:
        return  # refused is as good
    scene = Scene(tmp_path, site, replace(source, spacing=0.0))
    scene.look()
    kept = [block.text for one in scene.app.history("api")[0] for block in scene.app.store.blocks(one)]
    scene.app.close()
    assert not any("hunter2" in text or "<class" in text or "root" in text for text in kept), kept


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "([a-zA-Z]+)*$", "(.*a){25}$"])
def test_a_pattern_that_would_hang_another_engine_costs_nothing(tmp_path: Path, site: Site, pattern: str) -> None:
    (source,) = load(
        f'[law]\nurl = "{site.url("/law")}"\nignore = [\'{pattern}\']\n[hosts."127.0.0.1:{site.port}"]\nspacing = 0\n'
    )
    scene = Scene(tmp_path, site, source)
    site.publish("/law", rule(more=f"<p>Transfers abroad {'a' * 5_000}!</p>"))
    began = time.process_time()
    assert scene.kinds() == ["first"]
    assert time.process_time() - began < 20  # another engine needs longer than the universe has been there
    scene.app.close()


def test_a_body_that_takes_more_memory_than_a_reader_may_have_ends_in_a_cause() -> None:
    page, words, limit = "<main><p>{}</p></main>", Source("law", "https://law.example/", language="en"), 250_000_000
    small, large = (page.format("word " * count).encode() for count in (10, 8_000_000))
    kind = {"source": words, "content_type": "text/html", "url": "", "memory": limit}
    assert read_in_child(small, **kind).blocks  # type: ignore[arg-type]
    with pytest.raises(ReadError) as failed:
        read_in_child(large, **kind)  # type: ignore[arg-type]
    assert failed.value.cause == "too large"


# ------------------------------------------------------------------------------------------------ routes


def test_a_route_that_changes_something_never_answers_to_a_link() -> None:
    changing = [door for door in DOORS if "POST" in door.methods]
    assert changing and all(door.methods == ("POST",) for door in changing)
    assert all(door.rule is not Rule.FEED for door in changing)


def test_a_session_that_came_along_ends_where_another_one_is_opened(told: Scene) -> None:
    """Whoever planted their own session in a browser does not share what is opened there afterwards."""
    with outside(told, web_token=TOKEN) as port:
        attacker, victim = stranger(port), stranger(port)
        for who in (attacker, victim):
            if who is victim:
                victim.cookies = dict(attacker.cookies)
            link = urlsplit(told.app.web_link("Ada")).path
            assert who.fill(link, {}).status == 303
        assert victim.get("/").status == 200 and victim.cookies != attacker.cookies
        assert attacker.get("/").status == 303


# ------------------------------------------------------------------------------------------------ containers


def test_every_container_runs_without_root_without_capabilities_and_on_a_read_only_system() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    assert {"regwatch", "scheduler", "worker"} <= set(services)
    for name, service in services.items():
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not {"privileged", "ports", "network_mode", "user", "cap_add", "pid"} & set(service), name
        assert all(":/data" in one or one.endswith(":ro") for one in service.get("volumes", ())), name
    user = re.findall(r"^USER (\d+):(\d+)$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert user and all(int(part) > 0 for part in user[-1])


# ------------------------------------------------------------------------------------------------ our own code

OURS = {"ledger.py": {"rows"}, "letting.py": {"column", "table"}, "lookups.py": {"inner", "names", "where"},
        "outbox.py": {"where", "' AND '.join(asked)"}, "people.py": {"sets"}}  # fmt: skip
"""Names of locals in which SQL is put together: each was looked at, and holds words of ours and question marks only."""
SQL = re.compile(r"\b(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|WHERE|ORDER BY|PRAGMA)\b| IN \(")
PLAIN = re.compile(
    r"_?[A-Z_]+|marks\(.+\)|len\('[a-z:]+'\) \+ 1|', '\.join\([A-Z]+(?:\[1:\])?\)|[A-Z]+\.index\('[a-z]+'\)"
)


def put_together(path: Path) -> Iterator[str]:
    """What is put into SQL within a file, as it is written there."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
            if SQL.search(text):
                yield from (ast.unparse(part.value) for part in node.values if isinstance(part, ast.FormattedValue))


def test_nothing_that_anybody_wrote_is_ever_put_into_sql() -> None:
    found = {(path.name, one) for path in (ROOT / "storage").glob("*.py") for one in put_together(path)}
    assert len(found) > 20
    assert {(file, one) for file, one in found if not PLAIN.fullmatch(one) and one not in OURS.get(file, ())} == set()


def test_the_guards_that_are_taken_away_by_way_of_trial_are_where_the_trial_looks_for_them() -> None:
    assert len(MUTATIONS) >= 10
    for one in MUTATIONS:
        assert (ROOT / one.file).read_text("utf-8").count(one.text) == 1, one.guard
        path, _, name = one.test.partition("::")
        assert f"def {name}(" in (ROOT / path).read_text("utf-8"), one.test
