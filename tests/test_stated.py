"""A date stands as long as the page that stated it gives it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.model import Ahead
from tests.scenes import Scene, followed_list, listing, rule
from tests.site import Site

STARTS = "These Measures shall enter into force on 1 March 2027."


@pytest.fixture
def law(tmp_path: Path, site: Site) -> Scene:
    scene = Scene(tmp_path, site)
    site.publish("/law", rule(more=f"<p>{STARTS}</p>"))
    scene.look()
    return scene


def amended(scene: Scene, sentence: str) -> list[date]:
    """The dates ahead after the law's last sentence was replaced."""
    scene.site.publish("/law", rule(more=f"<p>{sentence}</p>"))
    scene.look(days=1)
    return days(scene.app.upcoming(days=400))


def days(ahead: list[Ahead]) -> list[date]:
    return [one.dated.date for one in ahead]


@pytest.mark.parametrize(
    "sentence",
    [
        "The entry into force of these Measures is postponed until further notice.",
        "These Measures do not take effect on 1 March 2027.",
        "Comments on these Measures were received from 40 bodies.",
    ],
)
def test_a_date_that_its_page_no_longer_gives_is_not_ahead(law: Scene, sentence: str) -> None:
    assert days(law.app.upcoming(days=400)) == [date(2027, 3, 1)]
    assert amended(law, sentence) == []
    assert "BEGIN:VEVENT" not in law.app.calendar()
    assert amended(law, STARTS) == [date(2027, 3, 1)]  # it came back
    law.app.close()


def test_a_date_that_is_given_in_other_words_stands(law: Scene) -> None:
    assert amended(law, "They enter into force on 1 March 2027.") == [date(2027, 3, 1)]
    assert set(amended(law, "These Measures shall enter into force on 1 June 2027.")) == {date(2027, 6, 1)}
    law.app.close()


def test_an_item_that_left_its_list_keeps_its_date(tmp_path: Path, site: Site) -> None:
    scene = Scene(tmp_path, site, replace(followed_list(site), follow=False))
    dated = listing(4, 3, 2).replace("Notice 4 on the export of personal data", f"Export of personal data. {STARTS}")
    for page in (listing(3, 2, 1), dated, listing(7, 6, 5)):
        site.publish("/list", page)
        scene.look(days=2)
    assert days(scene.app.upcoming(days=400)) == [date(2027, 3, 1)]
    scene.app.close()
