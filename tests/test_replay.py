"""Replay: recorded captures through the same pipeline, as if fetched then."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.app import App, build
from bot.errors import OperatorError
from bot.model import Filters, Source, Subscription
from bot.settings import Settings
from tests.scenes import rule

LAW = "http://law.example/law"
KEYS = {"source", "url", "at", "outcome", "cause", "change", "counted", "edits", "uncounted", "verdict", "headline",
        "told"}  # fmt: skip
DECLARED = Source("law", LAW, title="Export measures", authority="Ministry", jurisdiction="CN", language="en")


def record(
    body: str | bytes,
    date: str,
    *,
    url: str = LAW,
    kind: str = "response",
    status: str = "200 OK",
    type: str = "text/html; charset=utf-8",
    headers: str = "",
) -> bytes:
    """One WARC record (ISO 28500)."""
    body = body.encode() if isinstance(body, str) else body
    http = f"HTTP/1.1 {status}\r\nContent-Type: {type}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}\r\n"
        "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def day(number: int) -> str:
    return f"2026-01-{number:02}T08:00:00Z"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with build(Settings(home=tmp_path / "home"), stream=io.StringIO(), sources=()) as app:
        app.subscribe(Subscription(0, "console", "here"))
        yield app


@pytest.fixture
def play(app: App, tmp_path: Path) -> Any:
    def replay(*records: bytes, name: str = "a.warc") -> list[dict[str, Any]]:
        path = tmp_path / name
        path.write_bytes(b"".join(map(gzip.compress, records)) if name.endswith(".gz") else b"".join(records))
        return list(app.replay(path))

    return replay


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_a_history_is_a_baseline_and_its_changes(play: Any, name: str) -> None:
    first, second = play(record(rule(), day(1)), record(rule("shall"), day(2)), name=name)
    assert {frozenset(line) for line in (first, second)} == {frozenset(KEYS)}
    assert (first["outcome"], first["edits"], first["at"]) == ("first", [], "2026-01-01T08:00:00Z")
    assert (second["outcome"], second["counted"], second["uncounted"]) == ("changed", 1, 0)
    (edit,) = second["edits"]
    assert edit["kind"] == "replace" and " may " in edit["before"] and " shall " in edit["after"]
    assert second["verdict"] == "relevant" and second["told"] == ["console here"]


def test_nobody_is_told_of_what_was(app: App, play: Any) -> None:
    play(record(rule(), day(1)), record(rule("shall"), day(2)))
    assert app.outbox() == () and list(app.deliver_all()) == []


def test_a_difference_that_does_not_count_is_a_change_without_counted_edits(play: Any) -> None:
    _, second = play(
        record(rule(more="<p>Visitors: 1,204</p>"), day(1)), record(rule(more="<p>Visitors: 1,377</p>"), day(2))
    )
    assert second["counted"] == 0 and second["edits"] == [] and second["told"] == []
    assert (second["outcome"] == "changed") == bool(second["uncounted"]) == bool(second["change"])


def test_equal_bytes_are_the_same(play: Any) -> None:
    _, second = play(record(rule(), day(1)), record(rule(), day(2)))
    assert (second["outcome"], second["change"]) == ("same", None)


def test_a_capture_that_cannot_be_read_is_an_honest_failure(play: Any) -> None:
    _, second = play(record(rule(), day(1)), record("<h1>Down</h1>", day(2), status="503 Service Unavailable"))
    assert (second["outcome"], second["change"]) == ("failed", None) and second["cause"]


def test_records_are_taken_in_date_order_and_equal_dates_in_file_order(play: Any) -> None:
    lines = play(record(rule("shall"), day(3)), record(rule("may"), day(1)), record(rule("must"), day(3)))
    assert [line["at"][:10] for line in lines] == ["2026-01-01", "2026-01-03", "2026-01-03"]
    assert [" ".join(edit["after"] for edit in line["edits"]).count(word) for line, word in
            zip(lines[1:], ("shall", "must"), strict=True)] == [1, 1]  # fmt: skip


def test_each_file_is_its_own_history(app: App, play: Any) -> None:
    app.declared = (DECLARED,)
    play(record(rule(), day(1)), record(rule("shall"), day(2)), name="one.warc")
    lines = play(record(rule(), day(1)), record(rule("must"), day(2)), name="two.warc")
    assert [line["source"] for line in lines] == ["two.warc:law"] * 2
    (edit,) = lines[1]["edits"]
    assert " may " in edit["before"] and " must " in edit["after"]


def test_a_declared_address_is_read_by_its_declaration(app: App, play: Any) -> None:
    app.declared = (replace(DECLARED, remove=(".note",)),)
    first, second = play(record(rule(more="<p class=note>one</p>"), day(1)),
                         record(rule(more="<p class=note>two</p>"), day(2)))  # fmt: skip
    assert [first["source"], second["source"]] == ["law", "law"]
    assert second["outcome"] == "same"


def test_an_address_that_nobody_declared_gets_a_name_and_a_type(app: App, play: Any) -> None:
    answer = '{"a": "transfers of personal data"}'
    (line,) = play(record(answer, day(1), url="http://x.example/1", type="application/json"))
    assert line["source"] == "a.warc:http://x.example/1" and line["outcome"] in {"first", "failed"}


@pytest.mark.parametrize("declared", [(), (DECLARED,)])
def test_replaying_a_file_again_changes_nothing(app: App, play: Any, declared: tuple[Source, ...]) -> None:
    app.declared = declared
    records = (record(rule(), day(1)), record(rule("shall"), day(2)), record(rule("shall"), day(3)))
    assert len(play(*records)) == 3
    before = app.totals()
    assert play(*records) == []
    assert app.totals() == before


def test_a_file_that_grew_is_replayed_from_where_it_ended(play: Any) -> None:
    records = [record(rule(), day(1)), record(rule("shall"), day(2))]
    play(*records)
    (line,) = play(*records, record(rule("must"), day(3)))
    assert (line["at"][:10], line["counted"]) == ("2026-01-03", 1)


def test_a_live_source_is_left_alone(app: App, play: Any) -> None:
    app.declared = (DECLARED,)
    play(record(rule("must"), day(20)), name="live.warc")
    lines = play(record(rule(), day(1)), record(rule("shall"), day(2)))
    assert [line["source"] for line in lines] == ["a.warc:law"] * 2
    assert len(app.history("law")[1]) == 1


def test_a_source_of_a_replay_can_be_looked_up(app: App, play: Any) -> None:
    play(record(rule(), day(1)), record(rule("shall"), day(2)))
    versions, looks = app.history(f"a.warc:{LAW}")
    assert (len(versions), len(looks)) == (2, 2)


def test_every_change_is_told_to_who_asked_for_every_change(app: App, play: Any) -> None:
    app.subscribe(Subscription(0, "console", "desk", Filters(every_change=True)))
    more = "<p>The canteen opens at noon for all staff.</p>"
    _, second = play(record(rule(), day(1)), record(rule(more=more), day(2)))
    assert second["verdict"] != "relevant" and second["told"] == ["console desk"]


# ------------------------------------------------------------------------------------------------ odd archives


def test_addresses_between_brackets_are_addresses(play: Any) -> None:
    (line,) = play(record(rule(), day(1), url=f"<{LAW}>"))
    assert (line["url"], line["outcome"]) == (LAW, "first")


def test_what_is_no_answer_of_a_web_server_is_passed_over(play: Any) -> None:
    lines = play(
        record("1.2.3.4", day(1), url="dns:law.example"),
        record("GET /", day(1), kind="request"),
        record(rule(), day(1), kind="metadata"),
        record(rule(), day(2)),
    )
    assert [line["outcome"] for line in lines] == ["first"]


def test_packed_and_chunked_bodies_are_unpacked(play: Any) -> None:
    packed = gzip.compress(rule().encode())
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    (line,) = play(record(chunked, day(1), headers="Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"))
    assert (line["outcome"], line["cause"]) == ("first", None)


@pytest.mark.parametrize(
    "content",
    [
        b"no archive at all\n" * 100,
        gzip.compress(record(rule(), day(1)) + record(rule(), day(2))),  # one member: records cannot be found
        record(rule(), "yesterday"),
        b"\x1f\x8b\x08" + b"\xff" * 500,
        b"",
        record(rule(), day(1)).replace(b"WARC-Target-URI", b"WARC-Other"),
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999\r\n\r\nxx",
        b"WARC/1.0\r\nWARC-Type",
        gzip.compress(record(rule(), day(1)))[:10],
    ],
    ids=["text", "one gzip member", "bad date", "damaged", "empty", "no address", "cut", "cut head", "cut gzip head"],
)
def test_a_file_that_cannot_be_read_is_one_line(app: App, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.warc.gz"
    path.write_bytes(content)
    with pytest.raises(OperatorError, match="bad.warc.gz") as refused:
        list(app.replay(path))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["cut.warc", "cut.warc.gz"])
def test_a_file_cut_off_inside_a_record_makes_it_fail_and_hides_nothing_else(
    app: App, tmp_path: Path, name: str
) -> None:
    records = [record(rule(), day(1)), record(rule("shall", more="<p>Article four.</p>" * 900), day(2))]
    packed = [gzip.compress(one) if name.endswith("gz") else one for one in records]
    (tmp_path / name).write_bytes(packed[0] + packed[1][: len(packed[1]) // 2])
    first, second = app.replay(tmp_path / name)
    assert (first["outcome"], second["outcome"], second["cause"]) == ("first", "failed", "truncated")


def test_a_status_that_is_no_number_is_no_reason_to_stop(play: Any) -> None:
    (line,) = play(record(rule(), day(1), status="abc"))
    assert line["outcome"] in {"first", "failed"}
