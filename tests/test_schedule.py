"""Which sources are due, and in which units they are looked at."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Host, Source, Standing
from bot.schedule import Agenda, due, interval, next_look, plans, retired

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def source(name: str = "law", **fields: object) -> Source:
    return replace(Source(name, f"https://{name}.example/", every=6 * HOUR), **fields)  # type: ignore[arg-type]


def read(one: Source, at: datetime, **fields: object) -> Standing:
    return replace(Standing(one.id, last_check=at, last_good=at), **fields)  # type: ignore[arg-type]


def fails(one: Source, at: datetime, streak: int) -> Standing:
    return Standing(one.id, last_check=at, streak=streak, cause="timeout", failing_since=at)


def test_a_source_never_looked_at_is_due_and_one_that_is_off_never() -> None:
    on, off = source("on"), source("off", enabled=False, off_reason="manual")
    assert due([on, off], {}, now=NOON) == [on]


def test_a_source_is_looked_at_once_in_every_interval() -> None:
    one, looks, now = source(), [NOON], NOON
    while now < NOON + 10 * DAY:
        now += timedelta(minutes=5)
        if due([one], {one.id: read(one, looks[-1])}, now=now):
            looks.append(now)
    gaps = [after - before for before, after in zip(looks[1:], looks[2:], strict=False)]
    assert len(looks) == pytest.approx(41, abs=1)
    assert set(gaps) == {6 * HOUR}


def test_sources_first_looked_at_together_are_not_due_together_afterwards() -> None:
    many = [source(f"source-{n}") for n in range(200)]
    minutes = Counter(next_look(one, read(one, NOON), now=NOON).replace(second=0, microsecond=0) for one in many)
    assert max(minutes.values()) <= 6  # 200 in 360 minutes: chance alone puts a few into one
    assert max(minutes) - min(minutes) > 5 * HOUR


def test_sources_that_failed_together_do_not_return_together() -> None:
    many = [source(f"source-{n}") for n in range(200)]
    minutes = Counter(next_look(one, fails(one, NOON, 1), now=NOON).replace(second=0, microsecond=0) for one in many)
    assert len(minutes) >= 15
    assert min(minutes) >= NOON + timedelta(minutes=20)


def test_a_look_at_once_after_another_is_not_planned() -> None:
    for n in range(50):
        one = source(f"source-{n}")
        assert next_look(one, read(one, NOON), now=NOON) - NOON >= one.every / 10


def test_a_machine_that_slept_for_a_week_catches_up_once() -> None:
    one, woken = source(), NOON + 7 * DAY
    assert due([one], {one.id: read(one, NOON)}, now=woken) == [one]
    after = read(one, woken)
    assert due([one], {one.id: after}, now=woken) == []
    assert next_look(one, after, now=woken) - woken <= one.every * 1.1


def test_a_failing_source_comes_back_sooner_then_ever_more_slowly_and_never_later_than_usual() -> None:
    one = source(every=DAY)
    pauses = [next_look(one, fails(one, NOON, streak), now=NOON) - NOON for streak in range(1, 12)]
    assert timedelta(minutes=20) < pauses[0] < timedelta(minutes=40)
    assert pauses == sorted(pauses)
    assert pauses[-1] <= DAY * 1.25


def test_a_host_that_asked_for_a_pause_gets_it() -> None:
    one, later = source(), NOON + 30 * HOUR
    assert next_look(one, read(one, NOON, not_before=later), now=NOON) == later
    assert next_look(one, replace(fails(one, NOON, 1), not_before=later), now=NOON) == later


def test_a_source_whose_window_overflowed_is_looked_at_more_often() -> None:
    one = source()
    assert interval(one, read(one, NOON, hurry=0.25), now=NOON) == timedelta(minutes=90)
    assert interval(one, read(one, NOON, hurry=1e-9), now=NOON) == timedelta(minutes=5)


@pytest.mark.parametrize(("age", "every"), [(HOUR, 8 * HOUR), (3 * DAY, DAY), (30 * DAY, 7 * DAY)])
def test_a_followed_document_is_looked_at_less_and_less(age: timedelta, every: timedelta) -> None:
    document = source(parent="list", since=NOON - age)
    assert interval(document, read(document, NOON), now=NOON) == every


def test_a_followed_document_retires_unless_it_still_changes() -> None:
    document = source(parent="list", since=NOON - 100 * DAY)
    assert retired([document], {}, now=NOON) == [document.id]
    alive = {document.id: read(document, NOON, last_change=NOON - DAY)}
    assert retired([document], alive, now=NOON) == []
    assert retired([source()], {}, now=NOON + 1000 * DAY) == []


def test_those_waiting_longest_come_first() -> None:
    early, late, new = source("early"), source("late"), source("new")
    standings = {early.id: read(early, NOON - 9 * DAY), late.id: read(late, NOON - 3 * DAY)}
    assert due([late, early, new], standings, now=NOON) == [new, early, late]


def test_a_host_gets_ten_minutes_of_a_pass_and_the_rest_of_its_sources_come_next() -> None:
    crowd = [source(f"c{n:03}", url=f"https://crowd.example/{n}", spacing=2.0) for n in range(500)]
    small, quick = source("small"), [source(f"q{n}", url=f"https://q.example/{n}", spacing=0.0) for n in range(500)]
    first = due([*crowd, small, *quick], {}, now=NOON)
    of_crowd = [one for one in first if one in crowd]
    assert of_crowd == crowd[:200]  # three seconds each
    assert small in first and {one.id for one in quick} <= {one.id for one in first}
    looked_at = {one.id: read(one, NOON) for one in first}
    assert due(crowd, looked_at, now=NOON + timedelta(minutes=1)) == crowd[200:400]


def test_ten_thousand_sources_due_after_a_week_are_caught_up_with_in_order_and_host_by_host() -> None:
    many = [source(f"s{n:05}", url=f"https://h{n % 40}.example/{n}", every=DAY, spacing=2.0) for n in range(10_000)]
    standings = {one.id: read(one, NOON - 7 * DAY) for one in many}
    now, passes = NOON, 0
    while wanted := due(many, standings, now=now):
        made = plans(wanted, {}, now=now)
        work = Counter(plan.host for plan in made for _ in plan.sources)
        assert len(work) == 40 and max(work.values()) * 3 <= 600  # seconds: no host holds up the others
        assert sum(len(plan.sources) for plan in made) == len(wanted)
        standings |= {one.id: read(one, now) for one in wanted}
        now, passes = now + timedelta(minutes=10), passes + 1
    assert passes == 2  # 250 of each host, three seconds each
    assert all(standing.last_check and standing.last_check >= NOON for standing in standings.values())


def test_a_source_slower_than_a_whole_pass_is_still_looked_at() -> None:
    assert due([source(spacing=900.0)], {}, now=NOON)


def test_a_unit_holds_sources_of_one_host_and_a_minute_of_work() -> None:
    slow = [source(f"s{n}", url=f"https://slow.example/{n}", spacing=10.0) for n in range(12)]
    quick = [source(f"q{n}", url=f"https://quick.example/{n}", spacing=0.0) for n in range(60)]
    made = plans([*slow, *quick], {}, now=NOON)
    assert [(plan.host, len(plan.sources)) for plan in made] == [
        *[("slow.example", 5)] * 2, ("slow.example", 2), *[("quick.example", 25)] * 2, ("quick.example", 10)
    ]  # fmt: skip


def test_a_host_in_a_long_pause_is_left_out_and_in_a_short_one_is_waited_for() -> None:
    one = source()
    host = Host("law.example", not_before=NOON + timedelta(seconds=30))
    assert len(plans([one], {host.name: host}, now=NOON)) == 1
    assert plans([one], {host.name: replace(host, not_before=NOON + HOUR)}, now=NOON) == []


def test_names_and_passwords_in_an_address_do_not_make_another_host() -> None:
    one, two = source("one", url="https://A.example/1"), source("two", url="https://me:pw@a.example/2")
    assert [plan.host for plan in plans([one, two], {}, now=NOON)] == ["a.example"]


# ------------------------------------------------------------------------------------------------ remembering


def test_an_agenda_finds_due_what_going_through_all_finds() -> None:
    """Half a year of looks, failures, new documents, new declarations, and clocks that are set back."""
    chance, agenda, now = random.Random(11), Agenda(), NOON
    sources = {one.id: one for one in (source(f"s{n}", every=chance.choice((HOUR, DAY)) * 7) for n in range(40))}
    standings: dict[str, Standing] = {}
    found = 0
    for step in range(600):
        wanted = agenda.due(sources, standings, now=now)
        assert wanted == due(sources.values(), standings, now=now), step
        found += len(wanted)
        looked = {one.id: _looked(one, now, chance=chance) for one in wanted if chance.random() < 0.9}
        standings = {**standings, **looked} if looked else standings
        if chance.random() < 0.1:
            sources = {**sources, **_announced(f"s0~{step}", now)}
        if chance.random() < 0.02:
            sources = {name: replace(one, enabled=chance.random() < 0.9) for name, one in sources.items()}
        now += timedelta(hours=chance.choice((0, 1, 4, 30))) if chance.random() < 0.98 else timedelta(days=-3)
    assert found > 600


def _looked(one: Source, now: datetime, *, chance: random.Random) -> Standing:
    waits = now + 5 * HOUR if chance.random() < 0.1 else None
    if chance.random() < 0.2:
        return replace(fails(one, now, chance.randrange(1, 9)), not_before=waits)
    return read(one, now, hurry=chance.choice((0.5, 1.0)), not_before=waits)


def _announced(name: str, now: datetime) -> Mapping[str, Source]:
    return {name: source(name, parent="s0", since=now - timedelta(hours=1))}


def test_an_agenda_asks_nothing_of_sources_whose_time_has_not_come() -> None:
    class Asked(dict[str, Source]):
        """Sources that count how often one of them is taken in hand."""

        times = 0

        def __getitem__(self, name: str) -> Source:
            Asked.times += 1
            return super().__getitem__(name)

    agenda, sources = Agenda(), Asked({f"s{n}": source(f"s{n}", every=DAY) for n in range(100)})
    standings = {one.id: read(one, NOON) for one in sources.values()}
    agenda.due(sources, standings, now=NOON)
    Asked.times = 0
    assert agenda.due(sources, standings, now=NOON + HOUR) == [] and Asked.times == 0
    assert agenda.due(sources, standings, now=NOON + 40 * HOUR) and Asked.times == 100
