"""What is promised and not sent: it cannot be composed, it was withdrawn meanwhile, it was told in the same place."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import App
from bot.model import Delivery, Filters, Subscription
from tests.scenes import Scene, rule
from tests.site import Site
from tests.slack_scenes import CHANNEL, OTHER, SlackScene, slack_scene


def strict(app: App) -> None:
    """Rules by which nothing is relevant."""
    weights = json.loads(json.dumps(dict(app.rules.weights)))
    weights["verdict"] |= {"relevant": 100_000, "uncertain": 90_000}
    app.rules = replace(app.rules, weights=weights, version="strict")


def test_what_cannot_be_composed_holds_nothing_is_replaced_by_a_plain_line_and_told_the_owner_once(
    tmp_path: Path, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    with slack_scene(tmp_path / "home", site) as scene:
        reader = scene.follow()
        scene.start()
        scene.app.store.promise([Delivery(reader, "digest", "digest:999", due=scene.now)])
        scene.news()
        scene.drain()
        assert len(scene.posts()) == 1  # the alert that was promised after it
        (waiting,) = scene.app.outbox()
        assert (waiting.state, waiting.attempts) == ("queued", 1)
        for _ in range(5):
            scene.drain(minutes=30)
        (aside,) = scene.app.outbox()
        assert (aside.state, aside.attempts) == ("uncertain", 2) and "our own error" in aside.detail
        plain = scene.posts()[1:]
        assert len(plain) == 1 and "could not be written" in json.dumps(plain)
        assert scene.told().count("could not be written") == 1
        scene.app.settle(aside.id, "queued")
        scene.drain(minutes=1)
        assert len(scene.posts()) == 2  # a person asked again: one plain line is enough
        assert "our own error" in caplog.text
        scene.faultless()


def _pause(scene: SlackScene, reader: int, change: int) -> None:
    scene.app.pause(reader)


def _mute(scene: SlackScene, reader: int, change: int) -> None:
    scene.app.mute(reader, "law0")


def _not_relevant(scene: SlackScene, reader: int, change: int) -> None:
    scene.app.handle(change, "not_relevant", actor="Ann", subscription=reader, remark="sold")


def _judged_again(scene: SlackScene, reader: int, change: int) -> None:
    strict(scene.app)
    list(scene.app.rejudge())


@pytest.mark.parametrize(
    ("withdraw", "why"),
    [(_pause, "paused"), (_mute, "muted"), (_not_relevant, "a person said"), (_judged_again, "not relevant")],
)
def test_what_is_withdrawn_before_it_was_tried_is_not_sent_and_says_why(
    tmp_path: Path, site: Site, withdraw: Callable[[SlackScene, int, int], None], why: str
) -> None:
    with slack_scene(tmp_path / "home", site) as scene:
        reader = scene.follow()
        scene.start()
        scene.news()
        change = scene.changes("source")[-1][0].id
        withdraw(scene, reader, change)
        scene.drain(minutes=1)
        assert scene.posts() == []
        (row,) = scene.app.outbox(states=("dead",))
        assert row.subject == f"change:{change}" and row.detail.startswith("not sent: ") and why in row.detail
        assert f"dead ({row.detail})" in scene.app.why(change)


def test_a_burst_counts_only_what_still_stands(tmp_path: Path, site: Site) -> None:
    with slack_scene(tmp_path / "home", site, pages=9) as scene:
        reader = scene.follow()
        scene.start()
        scene.news()
        scene.app.mute(reader, "law3")
        scene.drain()
        assert len(scene.posts()) == 8  # no burst any more


def test_two_readers_of_one_console_read_a_change_once(tmp_path: Path, site: Site) -> None:
    scene = Scene(tmp_path / "home", site)
    scene.subscribe()
    scene.subscribe(jurisdictions=("CN",))
    site.publish("/law", rule())
    scene.look()
    scene.told()
    site.publish("/law", rule("shall"))
    scene.look()
    assert scene.told().count("‘may’ became ‘shall’") == 1
    scene.app.close()


def test_judging_again_tells_a_reader_nothing_from_before_its_time_and_nothing_of_its_digests(
    tmp_path: Path, site: Site
) -> None:
    with slack_scene(tmp_path / "home", site, pages=2) as scene:
        reader = scene.app.subscribe(Subscription(0, "slack", OTHER, Filters(), mode="digest"))
        scene.start()
        scene.news()
        scene.pass_time(days=9)
        list(scene.app.digest_all())
        scene.drain()
        assert len(scene.posts(OTHER)) == 1
        scene.app.subscribe(replace(scene.app.subscription(reader), mode="instant"))
        scene.follow()
        counts: list[int] = []
        list(scene.app.rejudge(tell=True, counted=counts.append))
        scene.drain(minutes=1)
        assert counts == [0] and scene.posts() == [] and len(scene.posts(OTHER)) == 1

        scene.publish("must", number=2)
        scene.pass_time(days=2)
        list(scene.app.check())
        list(scene.app.judge_all(tell=False))  # what was judged and told to nobody is news to both
        list(scene.app.rejudge(tell=True, counted=counts.append))
        scene.drain(minutes=1)
        list(scene.app.rejudge(tell=True, counted=counts.append))
        scene.drain(minutes=1)
        assert counts == [0, 4, 0] and len(scene.posts()) == 2 and len(scene.posts(OTHER)) == 3


def test_a_subscription_that_ended_and_was_asked_for_again_begins_anew(tmp_path: Path, site: Site) -> None:
    scene = Scene(tmp_path / "home", site)
    number = scene.subscribe()
    begun = scene.app.store.begun()[number]
    scene.pass_time(days=3)
    assert scene.subscribe() == number and scene.app.store.begun()[number] == begun
    scene.app.unsubscribe(number)
    assert scene.subscribe() == number and scene.app.store.begun()[number] == scene.now
    scene.app.close()


def test_an_answer_given_for_one_subscription_of_a_place_calls_off_the_escalation_of_all(
    tmp_path: Path, site: Site
) -> None:
    with slack_scene(tmp_path / "home", site) as scene:
        wanted = Subscription(0, "slack", CHANNEL, Filters(), answer_within=1)
        first = scene.app.subscribe(wanted)
        scene.app.subscribe(replace(wanted, filters=Filters(jurisdictions=("CN",)), answer_within=3))
        scene.start()
        scene.news()
        scene.drain()
        scene.pass_time(hours=2)
        assert [row.kind for row in scene.app.remind_all()] == ["escalate"]
        change = scene.changes("source")[-1][0].id
        scene.app.handle(change, "acknowledged", actor="Ann", subscription=first)
        scene.drain(minutes=1)
        (called_off,) = scene.app.outbox(states=("dead",))
        assert called_off.detail == "not sent: answered meanwhile"
        scene.pass_time(hours=2)
        assert list(scene.app.remind_all()) == [] and len(scene.posts()) == 1
