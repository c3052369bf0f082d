"""History that others kept: saved pages and the captures of an archive, through the operator's door."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from bot import past
from bot.decide import decide
from bot.errors import OperatorError
from bot.look import read_response
from bot.model import Known, Memory, Source
from bot.wayback import Capture, Wayback
from tests.pdfs import Text, pdf
from tests.scenes import Scene, rule
from tests.site import Site
from tests.test_cli import SOURCE, Said, Terminal, terminal  # noqa: F401  (the fixture)

HEADERS = {"Content-Type": "text/html", "X-Archive-Orig-Content-Type": "text/html; charset=utf-8"}

WALL = "<html><title>Just a moment...</title><p>Checking your browser</p></html>"


class Archive:
    """A stand-in for web.archive.org: an index, and the bytes under `id_` addresses."""

    def __init__(self, site: Site) -> None:
        self.site, self.rows = site, [["timestamp", "original"]]
        self.queries: list[dict[str, list[str]]] = []

    @property
    def address(self) -> str:
        return self.site.url("").rstrip("/")

    def capture(self, stamp: str, url: str, body: str | bytes, *, status: int = 200, **headers: str) -> None:
        self.rows.append([stamp, url])
        self.site.publish(f"/web/{stamp}id_/{url}", body, status=status, etag=False, type="text/html",
                          headers={**HEADERS, "Memento-Datetime": "x", **headers})  # fmt: skip

    def find(self, path: str):  # type: ignore[no-untyped-def]
        """What the index answers; it honours from and to as the real one does."""
        parts = urlsplit(path)
        if parts.path != "/cdx/search/cdx":
            return None
        asked = parse_qs(parts.query)
        self.queries.append(asked)
        start, end = asked.get("from", ["0"])[0], asked.get("to", ["9"])[0]
        url = asked["url"][0]
        rows = [row for row in self.rows[1:] if start <= row[0] <= end and row[1] == url]
        body = json.dumps([self.rows[0], *rows] if rows else []).encode()
        return lambda handler: handler.answer(200, {"Content-Type": "application/json"}, body)


@pytest.fixture
def archive():  # type: ignore[no-untyped-def]
    with Site("127.0.0.2") as site:
        made = Archive(site)
        known = site.find
        site.find = lambda path: made.find(path) or known(path)  # type: ignore[method-assign]
        yield made


def backfill(terminal: Terminal, archive: Archive, *more: str) -> Said:  # noqa: F811
    return terminal.type("backfill", "law", "--archive", archive.address, "--json", *more)


def versions(terminal: Terminal, id: str = "law") -> list[tuple[str, str]]:  # noqa: F811
    said = terminal.type("history", id, "--json")
    return [(str(line["at"])[:10], str(line["provenance"])) for line in said.lines if "version" in line]


def test_captures_become_versions_at_their_own_times_and_nobody_is_told(terminal: Terminal, archive: Archive) -> None:  # noqa: F811
    url = terminal.site.url("/law")
    terminal.site.publish("/law", rule("shall"))
    terminal.type("check")
    archive.capture("20240110080000", url, rule("may"))
    archive.capture("20240610080000", url, rule("may", more="<p>Fees are published each year.</p>"))
    said = backfill(terminal, archive)
    assert said.code == 0, said.err
    assert [line["outcome"] for line in said.lines] == ["first", "changed"]
    assert [whence for _, whence in versions(terminal)] == ["looked", "Wayback", "Wayback"]
    assert [day for day, _ in versions(terminal)][1:] == ["2024-06-10", "2024-01-10"]
    found = terminal.type("changes", "--json").lines
    late = [line for line in found if str(line["at"]).startswith("2024-06")]
    assert late and late[0]["cause"] == "source"
    assert len(found) == 4  # two baselines, a change between the captures, one from the last of them to our first look
    assert terminal.type("outbox", "--json").out == ""


def test_a_second_backfill_brings_in_nothing_twice(terminal: Terminal, archive: Archive) -> None:  # noqa: F811
    terminal.site.publish("/law", rule("shall"))
    terminal.type("check")
    archive.capture("20240110080000", terminal.site.url("/law"), rule("may"))
    backfill(terminal, archive)
    before = terminal.type("changes", "--json").out
    said = backfill(terminal, archive)
    assert said.code == 2 and "no capture of" in said.err
    assert terminal.type("changes", "--json").out == before


def test_captures_found_later_are_put_between_those_that_are_there(terminal: Terminal, archive: Archive) -> None:  # noqa: F811
    url = terminal.site.url("/law")
    terminal.site.publish("/law", rule("shall"))
    terminal.type("check")
    archive.capture("20240110080000", url, rule("may"))
    backfill(terminal, archive)
    archive.capture("20250110080000", url, rule("must"))
    said = backfill(terminal, archive)
    assert [line["outcome"] for line in said.lines] == ["changed"]
    assert [day for day, _ in versions(terminal)][1:] == ["2025-01-10", "2024-01-10"]


def test_the_first_look_after_a_backfill_is_a_baseline_and_tells_nobody(terminal: Terminal, archive: Archive) -> None:  # noqa: F811
    terminal.site.publish("/law", rule("shall"))
    archive.capture("20240110080000", terminal.site.url("/law"), rule("may"))
    assert backfill(terminal, archive).code == 0
    said = terminal.type("check", "--json")
    assert said.lines[0]["outcome"] == "first"
    found = terminal.type("changes", "--json").lines
    assert sorted(str(line["cause"]) for line in found) == ["baseline", "baseline", "source"]
    assert terminal.type("outbox", "--json").out == ""


def test_the_next_look_is_compared_with_the_latest_version_as_ever(terminal: Terminal, archive: Archive) -> None:  # noqa: F811
    terminal.site.publish("/law", rule("may"))
    terminal.type("check")
    archive.capture("20240110080000", terminal.site.url("/law"), rule("must"))
    backfill(terminal, archive)
    assert terminal.type("check", "law", "--json").lines[0]["outcome"] == "same"
    terminal.site.publish("/law", rule("shall"))
    (line,) = terminal.type("check", "law", "--json").lines
    assert line["outcome"] == "changed"
    assert "[-may-]{+shall+}" in terminal.type("diff", str(line["change"])).out


def test_what_reads_the_same_or_is_a_challenge_page_is_left_out(terminal: Terminal, archive: Archive) -> None:  # noqa: F811
    url = terminal.site.url("/law")
    archive.capture("20240110080000", url, rule("may"))
    archive.capture("20240111080000", url, "<!-- 2 -->" + rule("may"))
    archive.capture("20240112080000", url, WALL)
    archive.capture("20240113080000", url, "gone", status=503)
    said = backfill(terminal, archive)
    assert [line["outcome"] for line in said.lines] == ["first", "same", "failed", "failed"]
    assert len(versions(terminal)) == 1


def test_since_and_the_first_look_bound_what_is_asked_for(terminal: Terminal, archive: Archive) -> None:  # noqa: F811
    terminal.site.publish("/law", rule("shall"))
    terminal.type("check")
    archive.capture("20200110080000", terminal.site.url("/law"), rule("may"))
    said = backfill(terminal, archive, "--since", "2024-01-01")
    assert said.code == 2 and "since 2024-01-01 before" in said.err and "when it was first read" in said.err
    assert archive.queries[-1]["from"] == ["20240101000000"] and archive.queries[-1]["collapse"] == ["digest"]


def test_an_archive_that_gives_up_on_the_way_keeps_what_came_before(terminal: Terminal, archive: Archive) -> None:  # noqa: F811
    url = terminal.site.url("/law")
    archive.capture("20240110080000", url, rule("may"))
    archive.capture("20240111080000", url, "slow down", status=429, **{"Retry-After": "3600"})
    said = backfill(terminal, archive)
    assert said.code == 1 and "asked for a pause" in said.err
    assert len(versions(terminal)) == 1


def test_of_one_day_the_first_capture_is_enough(terminal: Terminal, archive: Archive) -> None:  # noqa: F811
    for hour in ("08", "09", "10"):
        archive.capture(f"20240110{hour}0000", terminal.site.url("/law"), rule(hour))
    archive.capture("20240111080000", terminal.site.url("/law"), rule("may"))
    said = backfill(terminal, archive)
    assert [str(line["at"])[:13] for line in said.lines] == ["2024-01-10T08", "2024-01-11T08"]


def test_items_of_old_lists_are_remembered_and_not_followed(terminal: Terminal, archive: Archive) -> None:  # noqa: F811
    items = [f"Notice {n} on the export of personal information" for n in range(1, 9)]

    def page(*numbers: int) -> str:
        rows = "".join(f'<li><a href="/n/{n}">{items[n - 1]}</a> 2024-01-0{n}</li>' for n in numbers)
        return f"<h1>News</h1><ul>{rows}</ul>"

    terminal.declare()
    text = (terminal.folder / "sources.toml").read_text()
    table = SOURCE.format(id="law", url=terminal.site.url("/law")).replace('"page"', '"list"')
    (terminal.folder / "sources.toml").write_text(text + table + 'follow = true\nitems = "li"\n')
    terminal.site.publish("/law", page(6, 5, 4, 3))
    terminal.type("check")
    archive.capture("20240110080000", terminal.site.url("/law"), page(4, 3, 2, 1))
    archive.capture("20240120080000", terminal.site.url("/law"), page(5, 4, 3, 2))
    assert [line["outcome"] for line in backfill(terminal, archive).lines] == ["first", "changed"]
    assert len(terminal.type("sources", "list", "--json").lines) == 1
    terminal.site.publish("/law", page(6, 5, 4, 3, 1))
    (line,) = terminal.type("check", "law", "--json").lines
    shown = terminal.type("diff", str(line["change"])).out
    assert "listed again" in shown and "Notice 1" in shown, "an item that an old list held is not new"


def test_a_run_that_was_killed_before_its_last_line_is_completed_by_the_next(scene: Scene, site: Site) -> None:
    site.publish("/law", rule("shall"))
    scene.look()
    source, store = scene.app.source("law"), scene.app.store
    response = past.saved(rule("may").encode(), source=source, now=scene.now)
    look = read_response(Known(source), response, at=datetime(2024, 1, 1, tzinfo=UTC))
    outcome = decide(Memory(source), replace(look, provenance="wayback"))
    store.record_past([outcome])
    assert len(past.connect(source, store=store)) == 1
    assert past.connect(source, store=store) == []
    newest = store.changes(source_id="law")[0]
    assert newest.late and newest.before and newest.before.provenance == "wayback"


def test_an_archive_whose_robots_txt_forbids_it_is_not_asked(terminal: Terminal, archive: Archive) -> None:  # noqa: F811
    archive.site.publish("/robots.txt", "User-agent: *\nDisallow: /", type="text/plain")
    archive.capture("20240110080000", terminal.site.url("/law"), rule("may"))
    said = backfill(terminal, archive)
    assert said.code == 1 and "robots" in said.err and archive.queries == []


@pytest.mark.parametrize("answer", [b"<html>busy</html>", b'{"a": 1}', b'[["urlkey"], ["x"]]'])
def test_an_index_that_is_no_index_is_said_in_one_line(terminal: Terminal, archive: Archive, answer: bytes) -> None:  # noqa: F811
    archive.find = lambda path: (  # type: ignore[method-assign]
        (lambda handler: handler.answer(200, {}, answer)) if path.startswith("/cdx") else None
    )
    said = backfill(terminal, archive)
    assert said.code == 2 and "index of captures" in said.err and said.err.count("\n") == 1


def test_an_archive_that_sends_a_neighbour_is_believed_about_its_time(archive: Archive) -> None:
    from bot.fetch import Fetcher, FetchSettings

    archive.site.publish("/web/20240102030405id_/http://a.example/", "x", headers=HEADERS)
    archive.site.redirect(
        "/web/20240101000000id_/http://a.example/", archive.site.url("/web/20240102030405id_/http://a.example/")
    )
    with Fetcher(FetchSettings("RegWatch/test", allow_nets=("127.0.0.0/8",))) as fetcher:
        wayback = Wayback(fetcher, pause=lambda seconds: False, address=archive.address, spacing=0)
        at, response = wayback.response(Capture(datetime(2024, 1, 1, tzinfo=UTC), "http://a.example/"))
    assert at == datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert response.header("content-type") == "text/html; charset=utf-8" and response.final_url == "http://a.example/"
    assert "20240102030405id_" in response.header("content-location")


# ------------------------------------------------------------------------------------------------ by hand


def bring(terminal: Terminal, body: str | bytes, at: str = "2026-10-05T09:00", *more: str) -> Said:  # noqa: F811
    path = terminal.folder / "saved.html"
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return terminal.type("import", "law", str(path), "--seen-at", at, *more)


def test_a_saved_page_of_a_source_that_is_off_goes_the_same_way_as_a_look(terminal: Terminal) -> None:  # noqa: F811
    terminal.declare("other", more=LAW_OFF.format(url=terminal.site.url("/law")))
    assert bring(terminal, rule("may")).code == 0
    said = bring(terminal, rule("shall"), "2026-10-06T09:00+08:00")
    assert said.code == 0 and "(change 2)" in said.out
    assert versions(terminal) == [("2026-10-06", "brought by a person"), ("2026-10-05", "brought by a person")]
    assert "[-may-]{+shall+}" in said.out, "the console is told, as of a look"
    assert "brought by a person" in terminal.type("show", "2").out


LAW_OFF = """
[law]
title = "Export measures"
jurisdiction = "CN"
url = "{url}"
language = "en"
topics = ["transfer_general"]
enabled = false
off_reason = "manual"
"""


def test_a_page_that_a_browser_printed_into_a_pdf_is_read_as_one(terminal: Terminal) -> None:  # noqa: F811
    lines = [f"Article {n} An operator shall file transfer number {n} with the authority." for n in range(1, 12)]
    printed = pdf([[Text(72, 700 - 20 * n, line) for n, line in enumerate(lines)]])
    assert bring(terminal, printed).code == 0
    assert bring(terminal, printed, "2026-10-06").out.strip().endswith("reads as the one before")
    assert "Article 11" in terminal.type("diff", "1").out


def test_an_older_saved_page_becomes_history_and_tells_nobody(terminal: Terminal) -> None:  # noqa: F811
    terminal.site.publish("/law", rule("shall"))
    terminal.type("check")
    said = bring(terminal, rule("may"), "2020-03-01")
    assert said.code == 0
    assert [whence for _, whence in versions(terminal)] == ["looked", "brought by a person"]
    assert terminal.type("outbox", "--json").out == ""
    assert terminal.type("check", "law", "--json").lines[0]["outcome"] == "same"


def test_that_a_person_could_read_it_does_not_end_our_failure(terminal: Terminal) -> None:  # noqa: F811
    terminal.site.publish("/law", "no", status=403)
    terminal.type("check")
    bring(terminal, rule("may"))
    (line,) = [line for line in terminal.type("sources", "list", "--json").lines if line["source"] == "law"]
    assert line["failing_since"] and line["last_good"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("import", "lwa", "saved.html", "--seen-at", "2026-01-01"), "no source is called 'lwa'; did you mean law?"),
        (("import", "law", "nowhere.html", "--seen-at", "2026-01-01"), "nowhere.html: No such file"),
        (("import", "law", ".", "--seen-at", "2026-01-01"), "Is a directory"),
        (("import", "law", "saved.html", "--seen-at", "2999-01-01"), "is still to come"),
        (("import", "law", "saved.html", "--seen-at", "yesterday"), "say a moment like"),
        (("import", "law", "saved.html"), "--seen-at"),
        (("import", "law", "wall.html", "--seen-at", "2026-01-01"), "it cannot be taken: blocked"),
        (("import", "law", "empty.html", "--seen-at", "2026-01-01"), "it cannot be taken: empty"),
        (("backfill", "law"), "--from-wayback"),
        (("backfill", "lwa", "--from-wayback"), "no source is called 'lwa'"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(terminal: Terminal, words: tuple[str, ...], complaint: str) -> None:  # noqa: F811
    (terminal.folder / "saved.html").write_text(rule())
    (terminal.folder / "empty.html").write_text("")
    (terminal.folder / "wall.html").write_text(WALL)
    said = terminal.type(*words)
    assert said.code == 2 and complaint in said.err and said.err.count("\n") == 1, said.err


def test_the_same_moment_twice_is_refused(terminal: Terminal) -> None:  # noqa: F811
    bring(terminal, rule("may"))
    said = bring(terminal, rule("shall"))
    assert said.code == 2 and "there is a version of 2026-10-05 09:00:00 UTC already" in said.err


def test_the_ledger_says_who_brought_what(terminal: Terminal) -> None:  # noqa: F811
    bring(terminal, rule("may"))
    import sqlite3

    import storage

    assert storage.open(terminal.home).verify() == ""
    with sqlite3.connect(terminal.home / "regwatch.db") as db:
        db.execute("UPDATE snapshot SET provenance = NULL")
    assert "snapshot 1 is not what was recorded" in storage.open(terminal.home).verify()


def test_a_query_with_a_key_has_no_captures(terminal: Terminal, archive: Archive) -> None:  # noqa: F811
    from bot.fetch import Fetcher, FetchSettings

    fetcher = Fetcher(FetchSettings("RegWatch/test"))
    wayback = Wayback(fetcher, pause=lambda seconds: False, address=archive.address, spacing=0)
    with pytest.raises(OperatorError, match="no answers to a POST"):
        past.backfill(Source("a", "https://a.example/", key="REGWATCH_KEY_A"), wayback=wayback, store=None)  # type: ignore[arg-type]

