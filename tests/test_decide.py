"""What a Look means; and that a bug of ours in comparing, judging or composing stops nobody else."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot import deliver, pipeline
from bot.decide import decide, is_light
from bot.model import Block, ItemMemory, Look, Memory, Source, Subscription, Version, pack
from bot.squeeze import squeeze
from tests.scenes import Scene, rule

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
LAW = Source("law", "https://law.example/", language="en")
NEWS = Source("news", "https://news.example/", type="list", items="li", follow=True, language="en")
TEXT = [f"Provision {n}: a transfer of personal data abroad is assessed by the authority beforehand." for n in range(9)]


def passages(*texts: str) -> tuple[Block, ...]:
    return tuple(Block("paragraph", text) for text in texts)


def items(*numbers: int, link: str = "https://news.example/{}") -> tuple[Block, ...]:
    return tuple(
        Block("item", f"Notice {n} on transfers", key=f"https://news.example/{n}", link=link.format(n)) for n in numbers
    )


def read(blocks: Iterable[Block], *, source: Source = LAW, at: datetime = NOON, **fields: Any) -> Look:
    encoded = pack(tuple(blocks))
    look = Look(source.id, at, status=200, body=squeeze(b"body"), reading=squeeze(encoded), reading_hash=encoded[:16],
                language="en")  # fmt: skip
    return replace(look, **fields)


def known(blocks: Iterable[Block], *, source: Source = LAW, **fields: Any) -> Memory:
    blocks = tuple(blocks)
    seen = {block.key: ItemMemory(block.key, block.text, True) for block in blocks if block.key}
    return replace(Memory(source, 1, blocks, b"earlier", language="en", items=seen), **fields)


def lost(at: datetime) -> Look:
    return Look("law", at, status=404, cause="not found")


# ------------------------------------------------------------------------------------------------ outcomes


def test_the_first_reading_of_a_declared_source_is_a_baseline() -> None:
    outcome = decide(Memory(NEWS), read(items(1, 2), source=NEWS))
    assert (outcome.kind, outcome.cause, outcome.edits, outcome.follow) == ("first", "baseline", (), ())
    assert [one.key for one in outcome.items] == ["https://news.example/1", "https://news.example/2"]


def test_the_first_reading_of_a_followed_document_is_news() -> None:
    assert decide(Memory(replace(LAW, parent="news", since=NOON)), read(passages(*TEXT))).cause == "new"


def test_the_first_reading_of_an_edition_is_compared_with_the_one_before() -> None:
    memory = Memory(replace(LAW, succeeds="old"), predecessor=7, predecessor_blocks=passages(*TEXT))
    outcome = decide(memory, read(passages(*TEXT[:-1], "Provision 8: it shall be notified.")))
    assert (outcome.kind, outcome.cause) == ("first", "edition") and outcome.edits


def test_an_unchanged_answer_is_the_same() -> None:
    assert decide(known(passages(*TEXT)), Look("law", NOON, status=304, unchanged=True)).kind == "same"


def test_other_bytes_that_read_the_same_are_the_same() -> None:
    assert decide(known(passages(*TEXT)), read((), reading=b"", body=squeeze(b"new"))).kind == "same"


def test_another_text_is_a_change_with_its_edits() -> None:
    outcome = decide(known(passages(*TEXT)), read(passages(*TEXT, "Provision 10: transfers shall be notified.")))
    assert (outcome.kind, outcome.cause) == ("changed", "source")
    assert [edit.kind for edit in outcome.edits] == ["insert"]


def test_a_new_item_is_followed_once_and_old_ones_never() -> None:
    outcome = decide(known(items(1, 2), source=NEWS), read(items(3, 2, 1), source=NEWS))
    (followed,) = outcome.follow
    assert (followed.url, followed.parent, followed.since) == ("https://news.example/3", "news", NOON)
    assert decide(known(items(1, 2, 3), source=NEWS), read(items(3, 2, 1), source=NEWS)).follow == ()


@pytest.mark.parametrize("link", ["javascript:alert({})", "mailto:a@b.example?{}", "data:text/html,{}", "file:///etc/{}"])
def test_a_link_that_leads_nowhere_we_may_go_is_not_followed(link: str) -> None:
    outcome = decide(known(items(1, 2), source=NEWS), read(items(3, 2, 1, link=link), source=NEWS))
    assert outcome.kind == "changed" and outcome.follow == ()


def test_a_followed_document_takes_no_key_and_no_selectors_with_it() -> None:
    parent = replace(NEWS, key="REGWATCH_KEY_NEWS", headers=(("X-Token", "1"),), select=("main",), must_watch=True)
    (followed,) = decide(known(items(1), source=parent), read(items(2, 1), source=parent)).follow
    assert (followed.key, followed.headers, followed.select, followed.must_watch) == ("", (), (), False)


def test_a_redesign_does_not_start_hundreds_of_documents() -> None:
    outcome = decide(known(items(*range(5)), source=NEWS), read(items(*range(1000, 1500), *range(5)), source=NEWS))
    assert 0 < len(outcome.follow) <= 40


def test_a_failure_keeps_its_cause() -> None:
    outcome = decide(known(passages(*TEXT)), Look("law", NOON, cause="timeout"))
    assert (outcome.kind, outcome.cause) == ("failed", "timeout")


def test_a_reading_that_does_not_look_like_itself_is_failed_not_changed() -> None:
    long = passages(*(f"{text} Clause {n}." for n in range(30) for text in TEXT))
    outcome = decide(known(long), read(passages("Welcome to our site about transfers.")))
    assert (outcome.kind, outcome.look.cause) == ("failed", "sudden shrink")


def test_our_own_reading_is_compared_first_and_the_publishers_with_it() -> None:
    ours = passages(*TEXT, "Contact: the press service.")
    look = read(passages(*TEXT[1:], "Contact: the press service."), reread=squeeze(pack(ours)), reread_hash=b"x")
    outcome = decide(known(passages(*TEXT)), look)
    assert outcome.upgrade is not None
    assert [edit.kind for edit in outcome.upgrade] == ["insert"]
    assert [edit.kind for edit in outcome.edits] == ["delete"]


# ------------------------------------------------------------------------------------------------ gone


def test_gone_takes_three_looks_over_two_days() -> None:
    earlier = (NOON - timedelta(hours=49), NOON - timedelta(hours=25))
    assert decide(known(passages(*TEXT), gone_looks=earlier), lost(NOON)).kind == "gone"
    assert decide(known(passages(*TEXT), gone_looks=earlier[1:]), lost(NOON)).kind == "failed"
    hasty = tuple(NOON - timedelta(hours=hours) for hours in (3, 2, 1))
    assert decide(known(passages(*TEXT), gone_looks=hasty), lost(NOON)).kind == "failed"


def test_gone_is_said_once() -> None:
    earlier = tuple(NOON - timedelta(hours=hours) for hours in (99, 74, 49))
    assert decide(known(passages(*TEXT), gone_looks=earlier), lost(NOON)).kind == "failed"


def test_nothing_is_gone_while_its_host_is_ill_or_before_it_was_read() -> None:
    earlier = (NOON - timedelta(hours=49), NOON - timedelta(hours=25))
    assert decide(known(passages(*TEXT), gone_looks=earlier, host_well=False), lost(NOON)).kind == "failed"
    assert decide(Memory(LAW, gone_looks=earlier), lost(NOON)).kind == "failed"


@pytest.mark.parametrize(
    ("look", "light"),
    [
        (Look("law", NOON, cause="timeout"), True),
        (Look("law", NOON, unchanged=True), True),
        (read((), reading=b""), True),
        (read(passages("x")), False),
        (Look("law", NOON, unchanged=True, reread=b"x"), False),
    ],
)
def test_blocks_are_fetched_from_the_store_only_when_something_is_compared(look: Look, light: bool) -> None:
    assert is_light(look) is light


# ------------------------------------------------------------------------------------------------ bugs of ours


@pytest.fixture
def amended(scene: Scene) -> Scene:
    """A change that was seen and is not judged yet."""
    scene.site.publish("/law", rule())
    scene.look()
    scene.site.publish("/law", rule("shall"))
    scene.pass_time(days=2)
    list(scene.app.check())
    return scene


class Spoiled:
    """A store whose memory of one source is nonsense."""

    def __init__(self, store: Any, source_id: str) -> None:
        self._store, self._source_id = store, source_id

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def memory(self, source: Source, *, light: bool = False) -> Memory:
        held: Memory = self._store.memory(source, light=light)
        return replace(held, blocks=(None,)) if source.id == self._source_id else held  # type: ignore[arg-type]


def test_a_text_that_comparing_trips_over_is_a_failed_look_and_the_others_are_recorded(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.app.declare([*scene.sources, scene.page("/other", id="other")])
    for path in ("/law", "/other"):
        scene.site.publish(path, rule())
    scene.look()
    scene.site.publish("/other", rule("shall"))
    app, store = scene.app, Spoiled(scene.app.store, "other")
    scene.pass_time(days=2)
    with caplog.at_level(logging.CRITICAL):
        looks = pipeline.check(app.due(), store=store, crew=app.crew, clock=app.clock)
        kinds = {outcome.source_id: outcome.kind for outcome, _ in looks}
    assert kinds == {"law": "same", "other": "failed"}
    row = scene.app.history("other")[1][0]
    assert row.cause == "unreadable" and "our own error" in row.detail


def test_a_change_that_the_judge_trips_over_is_for_a_person_and_the_next_one_is_judged(
    amended: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    (change,) = amended.app.store.unjudged(now=amended.now, wait=timedelta(0), tries=0)
    broken: Any = SimpleNamespace(version="broken")
    with caplog.at_level(logging.CRITICAL):
        _, finding, told = pipeline.judge_one(
            change, amended.app.sources(), store=amended.app.store, rules=broken, now=amended.now, tell=True
        )
    assert (finding.verdict, told) == ("uncertain", [])
    assert "our own error" in finding.reasons[0].what
    assert "our own error" in amended.app.why(change.id)
    list(amended.app.rejudge(tell=True))
    list(amended.app.deliver_all())
    assert "#change:2" in amended.told()


def test_a_message_that_cannot_be_composed_stays_and_the_others_go_out(
    amended: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    app = amended.app
    app.subscribe(Subscription(0, "console", "desk"))
    list(app.judge_all())

    def compose(delivery: Any, subscription: Subscription) -> Any:
        if subscription.address == "here":
            raise ZeroDivisionError("ours")
        return app.compose(delivery, subscription)

    with caplog.at_level(logging.CRITICAL):
        sent = list(
            deliver.deliver_all(store=app.store, channels=app.channels, compose=compose, clock=app.clock)
        )
    assert sorted(one.state for one in sent) == ["done", "queued"]
    assert amended.told().count("#change:2") == 1
    amended.pass_time(hours=1)
    list(app.deliver_all())
    assert amended.told().count("#change:2") == 1 and app.outbox() == ()


def test_a_message_that_was_dropped_meanwhile_is_not_sent_and_stops_nobody(amended: Scene) -> None:
    app = amended.app
    app.subscribe(Subscription(0, "console", "desk"))
    list(app.judge_all())
    first, second = app.outbox()

    def compose(delivery: Any, subscription: Subscription) -> Any:
        if delivery.id == first.id:
            app.settle(first.id, "dead")  # the operator, at this very moment
        return app.compose(delivery, subscription)

    sent = list(deliver.deliver_all(store=app.store, channels=app.channels, compose=compose, clock=app.clock))
    assert [(one.id, one.state) for one in sent] == [(first.id, "dead"), (second.id, "done")]
    assert amended.told().count("#change:2") == 1


def test_robots_of_a_host_are_asked_for_once_however_many_units_it_takes(scene: Scene) -> None:
    scene.site.publish("/robots.txt", "User-agent: *\nAllow: /\n", type="text/plain")
    many = [scene.page(f"/{n}", id=f"s{n}", spacing=0.001) for n in range(60)]
    for source in many:
        scene.site.publish(f"/{source.id[1:]}", rule())
    scene.app.declare(many)
    for _ in range(3):
        assert len(scene.app.run_once(everything=True)) == 60
    assert len(scene.site.asked("/robots.txt")) == 1


def test_versions_of_a_change_stay_as_they_were(amended: Scene) -> None:
    made, _ = amended.app.show(2)
    assert isinstance(made.change.before, Version) and isinstance(made.change.after, Version)
    assert made.change.before.id < made.change.after.id
