"""The proof of coverage in a digest: it speaks of its period, whatever came before or after (promise 9)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import CAUSES
from tests.scenes import Scene, rule
from tests.site import Site

CLEAR = "Every source could be read"


@pytest.fixture
def scene(tmp_path: Path, site: Site) -> Iterator[Scene]:
    made = Scene(tmp_path / "home", site)
    site.publish("/law", rule())
    yield made
    made.app.close()


def week(scene: Scene, number: int) -> str:
    """The digest of a week of 2026 (of the last seven days: 0), as one line of text."""
    return " ".join(scene.app.digest_text(week=f"2026-W{number}" if number else "").split())


def broken_week(scene: Scene) -> None:
    """Read on Monday 2 November at 09:00, not from Tuesday to Sunday, and again on Monday at 07:00."""
    scene.look(hours=1)
    scene.site.drop("/law")
    for _ in range(6):
        scene.look(days=1)
    scene.site.publish("/law", rule())
    scene.look(hours=22)


def test_a_week_that_was_mostly_not_read_says_so_although_all_is_well_when_it_is_composed(scene: Scene) -> None:
    broken_week(scene)
    text = week(scene, 0)
    why = CAUSES["protocol"]
    assert f"Not read for a time: law ({why}, 2026-11-02 09:00 to 2026-11-09 07:00 UTC)." in text
    assert "8 looks in this period, of which 6 could not be read" in text and "in the 1 of 1 sources" in text
    assert CLEAR not in text


def test_a_week_is_proved_as_it_was_also_when_the_looks_are_kept_as_days(scene: Scene) -> None:
    broken_week(scene)
    for _ in range(13):
        scene.look(days=1)
    scene.site.drop("/law")
    scene.look(days=1)
    good = week(scene, 47)
    assert CLEAR in good and "in the 1 of 1 sources" in good and "not read" not in good.lower()
    assert "0 of 1 sources" in week(scene, 45)  # it ended on Sunday, when nothing could be read
    assert "of which 6 could not be read" in week(scene, 45)
    scene.pass_time(days=400)
    assert list(scene.app.let_go())
    bad = week(scene, 45)
    assert "0 of 1 sources" in bad and "of which 6 could not be read" in bad and "no longer on record" in bad
    assert CLEAR in week(scene, 47)


def test_a_time_before_the_first_look_or_after_today_is_no_quiet_week(scene: Scene) -> None:
    assert "Nothing was looked at between" in week(scene, 10)
    scene.look(days=1)
    early = week(scene, 10)
    assert "Nothing was looked at between 2026-03-02 00:00 and 2026-03-09 00:00 UTC" in early
    assert "the first look was on 2026-11-03 08:00 UTC" in early and "no change seen" not in early
    scene.pass_time(hours=1)
    assert "Before 2026-11-03 08:00 UTC nothing was looked at." in week(scene, 45)
    assert "This period has not begun" in week(scene, 50)
    assert not any(CLEAR in week(scene, number) for number in (10, 50))


def test_what_is_looked_at_more_seldom_is_named_where_it_had_no_look(tmp_path: Path, site: Site) -> None:
    scene = Scene(tmp_path / "home", site)
    rare = scene.page("/rare", id="rare", every=timedelta(days=30))
    scene.app.declare([*scene.sources, rare])
    for path in ("/law", "/rare"):
        site.publish(path, rule())
    for _ in range(15):
        scene.look(days=1)
    text = week(scene, 0)
    assert "in the 1 of 2 sources" in text and "and read before it: rare." in text
    assert CLEAR not in text and "Every source read" not in text
    scene.app.close()


def test_a_digest_holds_the_hash_by_which_a_later_export_is_held_to_it(scene: Scene) -> None:
    scene.look()
    entry, hash_ = scene.app.head()
    (found,) = re.findall(r"Ledger entry (\d+), hash ([0-9a-f]{64})\.", week(scene, 0))
    assert found == (str(entry), hash_)
