"""regwatch health, as an operator types it: each source with its rhythm, the unproven apart, lag, what was told."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest

from bot.app import build
from bot.settings import load
from tests.scenes import Scene, rule
from tests.test_cli import Terminal, terminal  # noqa: F401  (a fixture)

NOTICES = """
[notices]
title = "Notices"
jurisdiction = "CN"
url = "{url}"
type = "list"
items = "li"
every = "1h"
"""


def listing(*items: tuple[int, str]) -> str:
    rows = "".join(f'<li><a href="/n/{n}">Notice {n} on transfers</a> <time>{day}</time></li>' for n, day in items)
    return f"<main><h1>Notices</h1><ul>{rows}</ul></main>"


@pytest.fixture
def mixed(terminal: Terminal) -> Terminal:  # noqa: F811
    """Read well with a dated item since, failing, never read, switched off."""
    off = '[by-hand]\nurl = "http://127.0.0.1/x"\ntype = "page"\nenabled = false\noff_reason = "manual"\n'
    terminal.declare("law", "never", more=NOTICES.format(url=terminal.site.url("/notices")) + off)
    terminal.site.publish("/law", rule())
    today = datetime.now(UTC).date()
    terminal.site.publish("/notices", listing((1, "2026-01-01")))
    terminal.type("check")
    terminal.site.publish("/notices", listing((2, str(today + timedelta(days=1))), (3, str(today)), (1, "2026-01-01")))
    terminal.site.publish("/law", "", status=500)
    terminal.type("check", "law", "notices")
    return terminal


def test_the_unproven_stand_apart_from_the_failing_and_each_says_why_and_since_when(mixed: Terminal) -> None:
    said = mixed.type("health")
    assert said.code == 1
    lines = dict(line.split(": ", 1) for line in said.out.splitlines() if ": " in line)
    assert lines["failing  law"].startswith("http: the server answered with an error status, since 20")
    assert "1 look in a row; last read 20" in lines["failing  law"]
    assert lines["unproven never"].startswith("not found: ") and lines["unproven never"].endswith("never read yet")
    assert lines["off      by-hand"] == "manual"
    assert not any("notices" in name for name in lines), "what is well is not listed"


def test_all_adds_those_that_are_well_with_rhythm_and_lag(mixed: Terminal) -> None:
    said = mixed.type("health", "--all")
    (line,) = [line for line in said.out.splitlines() if line.startswith("read     notices: ")]
    assert ", every 1 h, next 20" in line and "dated items, lag" in line
    assert "seen after the publisher's own date by" in said.out


def test_as_json_each_declared_source_is_a_line_and_the_last_is_the_summary(mixed: Terminal) -> None:
    *sources, summary = mixed.type("health", "--json").lines
    states = {line["source"]: (line["state"], line["streak"], line["every_seconds"]) for line in sources}
    assert states == {
        "law": ("failing", 1, 21600), "never": ("unproven", 1, 21600), "notices": ("read", 0, 3600),
        "by-hand": ("off", 0, states["by-hand"][2]),
    }  # fmt: skip
    assert set(summary) == {
        "state", "watched", "read", "unproven", "off", "not_clear", "outbox", "lag_items", "lag_median_days",
        "lag_worst_days", "alarms",
    }  # fmt: skip
    assert (summary["watched"], summary["read"], summary["unproven"]) == (3, 1, ["never"])
    assert summary["lag_items"] in (1, 2) and summary["lag_worst_days"] in (0, 1)  # midnight in Beijing may be over


def test_what_the_owner_was_told_of_is_listed_until_it_is_over(mixed: Terminal) -> None:
    later = datetime.now(UTC)
    with build(load(), stream=io.StringIO(), clock=lambda: later) as app:
        for _ in range(3):
            later += timedelta(hours=7)
            list(app.check(["law", "notices"]))
        assert list(app.alarm_all()) == ["source:law"]
    said = mixed.type("health")
    assert "alarm    source:law: told to the owner, since 20" in said.out
    assert mixed.type("health", "--json").lines[-1]["alarms"] == ["source:law"]


def test_after_the_clock_was_set_back_the_next_look_is_now_and_not_long_ago(scene: Scene) -> None:
    scene.site.publish("/law", rule())
    scene.look(days=365)
    scene.pass_time(minutes=1)
    (ahead,) = scene.app.seen()
    assert ahead.next and ahead.next > scene.now
    scene.now -= timedelta(days=365)
    assert [one.next for one in scene.app.seen()] == [scene.now]
