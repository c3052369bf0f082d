"""Coverage: silence means "nothing happened", never "we were blind"."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.coverage import coverage, sentence
from bot.model import Source, Standing

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def source(name: str, **fields: object) -> Source:
    return replace(Source(name, f"https://{name}.example/", every=6 * HOUR, jurisdiction="EU"), **fields)  # type: ignore[arg-type]


def well(name: str, ago: timedelta = HOUR, **fields: object) -> Standing:
    return replace(Standing(name, last_check=NOON - ago, last_good=NOON - ago), **fields)  # type: ignore[arg-type]


def failing(name: str, cause: str) -> Standing:
    return Standing(name, last_check=NOON, last_good=NOON - DAY, streak=3, cause=cause, failing_since=NOON - 20 * HOUR)


def said(sources: list[Source], standings: list[Standing], *, changes: int = 0, since: datetime | None = None) -> str:
    seen = coverage(sources, {standing.source_id: standing for standing in standings}, now=NOON)
    return sentence(seen, changes=changes, since=since)


def test_a_quiet_period_is_said_with_how_many_were_read_and_when() -> None:
    assert said([source("a"), source("b")], [well("a"), well("b")], since=NOON - DAY) == (
        "no change seen in the 2 of 2 sources we could read between 2026-11-01 12:00 UTC and 2026-11-02 12:00 UTC."
    )


@pytest.mark.parametrize(("changes", "words"), [(0, "no change seen"), (1, "1 change seen"), (7, "7 changes seen")])
def test_changes_are_counted(changes: int, words: str) -> None:
    assert said([source("a")], [well("a")], changes=changes, since=NOON - DAY).startswith(words)


def test_without_a_period_nothing_is_said_of_changes() -> None:
    assert said([source("a")], [well("a")]) == "as of 2026-11-02 12:00 UTC, 1 of 1 sources could be read."


def test_a_source_that_fails_is_named_with_why_and_since_when() -> None:
    text = said([source("a"), source("b")], [well("a"), failing("b", "timeout")], since=NOON - DAY)
    assert "1 of 2 sources" in text
    assert "not read: b (the server was too slow, since 2026-11-01 16:00 UTC)" in text


def test_sources_that_fail_alike_share_one_reason_and_of_many_the_first_are_named() -> None:
    down = [failing(f"s{number}", "timeout") for number in range(12)]
    text = said([source(one.source_id) for one in down], down)
    first = "s0, s1, s2, s3, s4, s5, s6 and s7 (the server was too slow, since 2026-11-01 16:00 UTC) and 4 more"
    assert f"not read: {first}." in text
    two = [failing("a", "timeout"), failing("b", "dns"), failing("c", "timeout")]
    apart = said([source(one.source_id) for one in two], two)
    assert "not read: a and c (the server was too slow, " in apart and ", b (the host's name could not" in apart


def test_a_stale_source_is_not_read_though_its_last_look_was_good() -> None:
    text = said([source("a")], [well("a", ago=19 * HOUR)])
    assert "0 of 1 sources" in text
    assert "not read: a (no look in time, since 2026-11-01 17:00 UTC)" in text


def test_a_quiet_source_was_read_and_is_named_with_its_last_change() -> None:
    paper = source("paper", expect_change_every=7 * DAY)
    text = said([paper], [well("paper", last_change=NOON - 9 * DAY)])
    assert "1 of 1 sources" in text
    assert "suspiciously quiet: paper (no change since 2026-10-24 12:00 UTC)" in text
    assert "quiet" not in said([paper], [well("paper", last_change=NOON - 6 * DAY)])


@pytest.mark.parametrize(
    ("by", "last", "quiet"),
    [
        ("10-31", "2026-10-31", False),  # it came in time; today is 2 November
        ("10-31", "2026-06-01", False),  # it came early
        ("10-31", "2025-10-30", True),  # last year's
        ("11-02", "2025-10-30", False),  # today is its day
        ("11-30", "2025-11-28", False),  # not due before the end of the month
        ("11-30", "2024-11-28", True),  # last year's never came
        ("02-29", "2026-02-28", False),
        ("2026-10-31", "2026-01-01", True),
        ("2026-10-31", "2026-10-01", False),
        ("2026-12-31", "2020-01-01", False),
    ],
)
def test_what_comes_by_a_day_is_quiet_after_it(by: str, last: str, quiet: bool) -> None:
    report = source("report", expect_by=by)
    noon = datetime.fromisoformat(last + "T12:00+00:00")
    seen = coverage([report], {"report": well("report", last_change=noon)}, now=NOON)
    assert bool(seen.quiet) is quiet


def test_an_unproven_source_is_named_apart_until_it_was_read_once() -> None:
    assert "never read yet: a" in said([source("a")], [])
    text = said([source("a")], [replace(failing("a", "dns"), last_good=None)])
    assert "not read: a (the host's name could not be resolved" in text and "never read yet" not in text


def test_a_source_that_is_off_is_a_blind_spot_by_name() -> None:
    assert "off: b (robots)" in said([source("a"), source("b", enabled=False, off_reason="robots")], [well("a")])


def test_of_many_the_first_are_named_and_the_others_counted() -> None:
    text = said([source(f"s{n}") for n in range(40)], [])
    assert "s0, s1" in text and "and 32 more" in text


def test_a_followed_document_does_not_count_as_a_source() -> None:
    seen = coverage([source("list"), source("list~1", parent="list")], {"list": well("list")}, now=NOON)
    assert seen.watched == seen.read == ("list",)


def test_being_shut_out_is_told_from_failing() -> None:
    sources = [source("a"), source("b")]
    seen = coverage(sources, {"a": failing("a", "blocked"), "b": failing("b", "dns")}, now=NOON)
    assert [one.source_id for one in seen.blocked] == ["a"]
    assert [one.source_id for one in seen.failing] == ["b"]


@pytest.mark.parametrize(
    ("must", "standing"),
    [
        (source("must", must_watch=True, enabled=False, off_reason="js"), None),
        (source("must", must_watch=True), None),
        (source("must", must_watch=True), failing("must", "timeout")),
        (source("must", must_watch=True), well("must", ago=3 * DAY)),
    ],
)
def test_a_place_with_an_unread_must_watch_source_is_never_clear(must: Source, standing: Standing | None) -> None:
    seen = coverage([must], {"must": standing} if standing else {}, now=NOON)
    assert seen.blind == ("EU",)
    assert "not clear: EU" in sentence(seen, changes=0, since=NOON - DAY)


def test_a_stand_in_clears_only_while_it_is_read_itself() -> None:
    must = source("must", must_watch=True, enabled=False, off_reason="js")
    api = source("api", stands_in_for=("must",))
    assert coverage([must, api], {"api": well("api")}, now=NOON).blind == ()
    assert coverage([must, api], {"api": failing("api", "http")}, now=NOON).blind == ("EU",)
    assert coverage([must, api], {}, now=NOON).blind == ("EU",)
