"""The calendar of dates ahead, as a reader that is not ours takes it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import vobject
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.calendar import calendar
from bot.model import Ahead, DatedQuote, Filters
from tests.scenes import Scene, rule
from tests.site import Site
from tests.test_reminders import ACT, AGAIN, Board

SEEN = datetime(2026, 11, 23, 7, tzinfo=UTC)


def ahead(
    change: int, day: date, *, kind: str = "deadline", headline: str = "Consultation", quote: str = "by then"
) -> Ahead:
    return Ahead(DatedQuote(kind, day, quote), change, "s", SEEN, headline, "relevant", ("CN",))


def entries(text: str) -> dict[str, vobject.base.Component]:
    """The entries by their identity, read by another library."""
    return {one.uid.value: one for one in vobject.readOne(text).contents.get("vevent", [])}


def made(*dates: Ahead, roots: dict[int, int] | None = None) -> str:
    numbers = {one.change for one in dates}
    links = {number: f"https://watch.example.org/change/{number}" for number in numbers}
    return calendar(dates, roots=roots or {}, links=links, sources=dict.fromkeys(numbers, "https://gov.example/law"))


def test_a_date_is_a_whole_day_with_its_quote_and_its_source() -> None:
    (one,) = entries(made(ahead(5, date(2026, 12, 31), quote="Comments; by 31 December, please"))).values()
    assert one.dtstart.value == date(2026, 12, 31) and one.dtend.value == date(2027, 1, 1)
    assert one.summary.value == "Deadline: Consultation (CN)"
    assert "“Comments; by 31 December, please”" in one.description.value
    assert "https://gov.example/law" in one.description.value
    assert one.url.value == "https://watch.example.org/change/5"


def test_a_date_that_moves_is_the_same_entry_with_a_higher_sequence() -> None:
    before = entries(made(ahead(5, date(2026, 12, 31)), roots={5: 5}))
    after = entries(made(ahead(9, date(2027, 2, 1)), roots={9: 5}))
    assert before.keys() == after.keys()
    ((one, other),) = zip(before.values(), after.values(), strict=True)
    assert int(other.sequence.value) > int(one.sequence.value) and other.dtstart.value == date(2027, 2, 1)


def test_two_dates_of_one_kind_are_two_entries_and_the_same_text_comes_twice_alike() -> None:
    text = made(ahead(5, date(2026, 12, 31)), ahead(5, date(2027, 3, 1)), ahead(5, date(2027, 3, 1), kind="effective"))
    assert len(entries(text)) == 3
    assert text == made(
        ahead(5, date(2027, 3, 1), kind="effective"), ahead(5, date(2027, 3, 1)), ahead(5, date(2026, 12, 31))
    )


def test_no_dates_are_an_empty_calendar() -> None:
    assert entries(made()) == {} and made().startswith("BEGIN:VCALENDAR\r\n")


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_breaks_out_of_its_entry(headline: str, quote: str) -> None:
    text = made(ahead(5, date(2026, 12, 31), headline=headline + "\r\nEND:VEVENT", quote=quote))
    assert text.count("\r\nEND:VEVENT\r\n") == 1
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))  # RFC 5545 §3.1
    (one,) = entries(text).values()
    assert one.summary.value.startswith("Deadline: ")


def test_the_app_makes_the_calendar_of_what_somebody_follows_and_a_moved_date_stays_one_entry(
    tmp_path: Path, site: Site
) -> None:
    board = Board(tmp_path / "home", site)
    board.scene.look()
    board.announce(ACT + ". Comments may be submitted until 20 January 2027.")
    ((name, before),) = entries(board.app.calendar()).items()
    board.announce(AGAIN + ". Comments may be submitted until 10 February 2027.", path="/papers")
    ((same, after),) = entries(board.app.calendar(filters=Filters(jurisdictions=("EU",)))).items()
    assert same == name and after.dtstart.value == date(2027, 2, 10)
    assert int(after.sequence.value) > int(before.sequence.value)
    assert entries(board.app.calendar(filters=Filters(jurisdictions=("US",)))) == {}
    board.app.close()


def test_a_date_that_is_over_leaves_the_next_one_its_identity(tmp_path: Path, site: Site) -> None:
    more = "<h2>Article 4</h2><p>{} on cross-border transfers of personal information must be submitted by {}.</p>"
    scene = Scene(tmp_path / "home", site)
    site.publish("/law", rule())
    scene.look()
    said = more.format("Comments", "20 November 2026") + more.format("Replies", "15 January 2027")
    site.publish("/law", rule("shall", said))
    scene.look(days=1)
    by_day = {one.dtstart.value: name for name, one in entries(scene.app.calendar()).items()}
    assert by_day.keys() == {date(2026, 11, 20), date(2027, 1, 15)}
    scene.pass_time(days=20)
    ((name, left),) = entries(scene.app.calendar()).items()
    assert (left.dtstart.value, name) == (date(2027, 1, 15), by_day[date(2027, 1, 15)])
    scene.app.close()
