"""Dates that are spoken of again, and alerts that nobody answers: each once, never of what has moved or is muted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Delivery, Filters, Footprint, Source, Subscription
from bot.reminders import Reminded, mark, reminded
from tests.scenes import MONDAY, Scene
from tests.site import Site

# ------------------------------------------------------------------------------------------------ when


def said(window: int, *, there: bool = False, asleep: range = range(0)) -> list[tuple[int, int]]:
    """Days before a date on which a reminder goes out, with its mark, when somebody looks daily but while asleep."""
    found: dict[int, int] = {}
    for left in range(window, -1, -1):
        due = mark(left, window=window, there=there)
        if left not in asleep and due is not None and not any(other <= due for other in found):
            found[due] = left
    return [(left, due) for due, left in found.items()]


@pytest.mark.parametrize(
    ("window", "days"),
    [(400, [30, 7, 1]), (31, [30, 7, 1]), (30, [30, 7, 1]), (29, [29, 14, 1]), (10, [10, 5, 1]), (2, [2, 1]), (1, [1]),
     (0, [0])],
)  # fmt: skip
def test_a_date_is_spoken_of_three_times_and_a_short_window_at_once(window: int, days: list[int]) -> None:
    assert said(window) == [(left, left) for left in days]


def test_what_was_there_when_we_began_is_not_spoken_of_at_once() -> None:
    assert said(10, there=True) == [(7, 7), (1, 1)]
    assert said(60, there=True) == [(30, 30), (7, 7), (1, 1)]


def test_after_a_sleep_only_the_last_of_what_was_missed_is_said() -> None:
    assert said(60, asleep=range(5, 40)) == [(4, 7), (1, 1)]


@given(st.integers(0, 500), st.integers(-5, 500), st.booleans())
def test_a_reminder_is_never_early_and_never_of_a_day_that_is_over(window: int, left: int, there: bool) -> None:
    due = mark(left, window=window, there=there)
    assert due is None or 0 <= left <= due
    assert left >= 0 or due is None


@given(st.integers(1, 10**9), st.sampled_from(["deadline", "transition_end"]), st.dates())
def test_a_reminder_knows_what_it_is_about(change: int, kind: str, day: date) -> None:
    assert reminded(str(Reminded(change, kind, day))) == (change, kind, day)


# ------------------------------------------------------------------------------------------------ through the App

ACT = "Guidelines 07/2026 on transfers of personal data to third countries: standard contractual clauses"
AGAIN = "Adoption of Guidelines 07/2026 on transfers of personal data to third countries"
OLD = ["Annual report of the board", "Meeting calendar of the board", "Vacancies at the board"]


class Board:
    """Two lists of one board, read for the first time on 4 November 2026; what they list can be set."""

    def __init__(self, home: Path, site: Site) -> None:
        self.site = site
        fields = {"type": "list", "items": "li", "authority": "European Data Protection Board", "jurisdiction": "EU"}
        made = [
            Source(name, site.url(f"/{name}"), title=name, language="en", topics=("scc",), spacing=0.0, **fields)  # type: ignore[arg-type]
            for name in ("news", "papers")
        ]
        self.publish("/news")
        self.publish("/papers")
        self.scene = Scene(home, site, *made)
        self.app = self.scene.app

    def publish(self, path: str, *items: str) -> None:
        listed = "".join(f'<li><a href="{path}/{len(one)}">{one}</a></li>' for one in (*items, *OLD))
        self.site.publish(path, f"<main><h1>Publications</h1><ul>{listed}</ul></main>")

    def subscribe(self, **fields: object) -> int:
        return self.app.subscribe(Subscription(0, "console", "here", **fields))  # type: ignore[arg-type]

    def announce(self, text: str, *, path: str = "/news", **time: float) -> None:
        self.publish(path, text)
        self.scene.look(**time)

    def remind(self) -> list[Delivery]:
        return list(self.app.remind_all())

    def days(self, until: date) -> list[tuple[str, int]]:
        """Day by day: on which day which reminder is promised, and told."""
        found = []
        while self.scene.now.date() <= until:
            found += [(f"{self.scene.now:%m-%d}", one.revision) for one in [*self.remind(), *self.remind()]]
            list(self.app.deliver_all())
            self.scene.pass_time(days=1)
        return found


@pytest.fixture
def board(tmp_path: Path, site: Site) -> Iterator[Board]:
    made = Board(tmp_path / "home", site)
    yield made
    made.app.close()


def test_a_deadline_is_spoken_of_30_7_and_1_days_before_with_its_quote_and_source(board: Board) -> None:
    board.subscribe()
    board.scene.look()
    board.announce(ACT + ". Comments may be submitted until 20 January 2027.")
    board.scene.told()
    assert board.days(date(2027, 1, 25)) == [("12-21", 30), ("01-13", 7), ("01-19", 1)]
    told = board.scene.told()
    assert "● In 7 days: deadline 2027-01-20. European Data Protection Board" in told
    assert "Comments may be submitted until 20 January 2027" in told
    assert told.count("from today on this needs action") == 1 and "In 30 days" in told.partition("from today on")[0]
    assert board.site.url("/news") in told and "where the authority is (European Union)" in told


def test_a_short_window_is_spoken_of_at_half_and_on_the_eve_and_at_once_where_no_alert_was(board: Board) -> None:
    board.subscribe()
    board.scene.look()
    weekly = board.subscribe(mode="digest", filters=Filters(jurisdictions=("EU",)))
    board.announce(ACT + ". Comments may be submitted until 20 November 2026.")  # 6 November
    made = board.remind()
    assert [(one.subscription, one.revision) for one in made] == [(weekly, 14)]  # who gets digests was not alerted
    assert board.days(date(2026, 11, 25)) == [("11-13", 7), ("11-13", 7), ("11-19", 1), ("11-19", 1)]


def test_what_was_there_and_what_came_before_a_reader_did_makes_no_burst(board: Board) -> None:
    board.publish("/news", ACT + ". Comments may be submitted until 20 November 2026.")
    board.subscribe()
    board.scene.look()  # a baseline: 16 days before
    assert board.remind() == []
    board.announce(AGAIN + ". Comments may be submitted until 24 November 2026.", path="/papers")
    board.scene.pass_time(days=1)
    late = board.subscribe(filters=Filters(jurisdictions=("EU",)))
    assert [one for one in board.remind() if one.subscription == late] == []


def test_a_mark_that_passed_while_nothing_ran_is_made_up_for_a_reader_of_digests_too(board: Board) -> None:
    board.subscribe(mode="digest")
    board.scene.look()
    board.announce(ACT + ". Comments may be submitted until 29 December 2026.")
    board.scene.pass_time(days=17)
    assert board.remind() == []
    board.scene.pass_time(days=9)  # 30 days before was Sunday 29 November, a digest was due on Monday
    assert len(list(board.app.digest_all())) == 1
    assert [one.revision for one in board.remind()] == [30] and board.remind() == []


def test_reminders_keep_to_filters_mutes_and_pauses_and_to_what_is_still_relevant(board: Board) -> None:
    board.subscribe(filters=Filters(jurisdictions=("US",)))
    muted = board.subscribe(filters=Filters(jurisdictions=("EU",)))
    board.app.mute(muted, "news")
    paused = board.subscribe(filters=Filters(topics=("scc",)))
    board.app.pause(paused)
    board.app.keep_footprint(Footprint("home", entities=("JP",)))
    board.subscribe(filters=Filters(mechanisms=("scc",)), footprint="home")
    board.scene.look()
    board.announce(ACT + ". Comments may be submitted until 20 January 2027.")
    assert board.days(date(2027, 1, 21)) == []


def test_who_asks_for_what_needs_action_hears_of_it_on_the_day_it_rises_to_that(board: Board) -> None:
    urgent = board.subscribe(filters=Filters(min="act"))
    board.scene.look()
    board.announce(ACT + ". Comments may be submitted until 20 January 2027.")
    assert board.app.store.deliveries(subscription=urgent) == ()
    assert board.days(date(2026, 12, 31)) == [("12-21", 30)]


def test_a_date_that_moves_is_spoken_of_anew(board: Board) -> None:
    board.subscribe()
    board.scene.look()
    board.announce(ACT + ". Comments may be submitted until 20 January 2027.")
    board.scene.pass_time(days=45)  # 21 December
    assert [one.revision for one in board.remind()] == [30]
    board.announce(AGAIN + ". Comments may be submitted until 10 February 2027.", path="/papers", hours=1)
    assert board.days(date(2027, 2, 12)) == [("01-11", 30), ("02-03", 7), ("02-09", 1)]
    assert "Moved: it was 2027-01-20." in board.scene.told()


def test_a_reminder_that_waits_is_called_off_when_its_date_moves(board: Board) -> None:
    board.subscribe()
    board.scene.look()
    board.announce(ACT + ". Comments may be submitted until 20 January 2027.")
    board.scene.pass_time(days=45)
    (waiting,) = board.remind()
    board.publish("/papers", AGAIN + ". Comments may be submitted until 10 February 2027.")
    list(board.app.check())
    list(board.app.judge_all())
    assert board.remind() == []
    (row,) = board.app.store.deliveries(subject=waiting.subject)
    assert (row.state, row.detail) == ("dead", "the date moved, or is over")


@pytest.mark.parametrize(("zone", "day"), [("Pacific/Kiritimati", "12-20"), ("Pacific/Pago_Pago", "12-22")])
def test_days_are_counted_where_the_authority_is(tmp_path: Path, site: Site, zone: str, day: str) -> None:
    board = Board(tmp_path / "far", site)
    board.app.declare([Source(**{**_fields(source), "timezone": zone}) for source in board.scene.sources])
    board.subscribe()
    board.scene.now = MONDAY.replace(hour=10, minute=30)  # the next day in Kiritimati, the day before in Pago Pago
    board.scene.look()
    board.announce(ACT + ". Comments may be submitted until 20 January 2027.")
    assert board.days(date(2026, 12, 25)) == [(day, 30)]
    board.app.close()


def _fields(source: Source) -> dict[str, object]:
    return {name: getattr(source, name) for name in source.__slots__}


# ------------------------------------------------------------------------------------------------ answers


def test_an_alert_that_nobody_answers_escalates_once_and_an_answered_one_does_not(board: Board) -> None:
    asks = board.subscribe(answer_within=24)
    board.scene.look()
    board.announce(ACT)
    board.announce(AGAIN + ", with a summary of the consultation", path="/papers", hours=30)
    first, second = (change for change, _ in board.scene.changes("source"))
    board.scene.pass_time(hours=23)
    board.app.handle(second.id, "acknowledged", actor="Jo")
    made = [*board.remind(), *board.remind()]
    assert [(one.subscription, one.kind, one.subject) for one in made] == [(asks, "escalate", f"change:{first.id}")]
    list(board.app.deliver_all())
    assert "● Open for 53 hours: European Data Protection Board" in board.scene.told()
    board.scene.pass_time(days=30)
    assert board.remind() == []

