"""Slack goes wrong in every way that its stand-in knows: each change stands in the channel exactly once, in order."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from benchmarks.slack_faults import AFTER, BEFORE, Trial, matrix
from bot.channels.slack import Slack
from bot.deliver import marker
from bot.model import Delivery
from tests.site import Site
from tests.slack_double import SlackDouble
from tests.slack_scenes import CHANNEL, OTHER, SlackScene, slack_scene

PAGES = 3


@pytest.fixture
def scene(tmp_path: Path, site: Site) -> Iterator[SlackScene]:
    """Three alerts wait for one channel; a second one follows too."""
    with slack_scene(tmp_path / "home", site, pages=PAGES) as made:
        made.follow()
        made.follow(OTHER)
        made.start()
        made.news()
        hasty(made)
        yield made


def hasty(scene: SlackScene) -> Slack:
    """The channel waits for an answer for a moment only."""
    slack = scene.hasten()
    slack.client.timeout = 0.2  # type: ignore[assignment]
    return slack


def settle(scene: SlackScene, *, minutes: int = 30) -> None:
    """Half an hour goes by, a drain every half minute."""
    for _ in range(2 * minutes):
        scene.drain(seconds=30)
        if not scene.app.outbox():
            return


def exactly_once(scene: SlackScene, channel: str = CHANNEL) -> None:
    """Every promise to the channel's subscription stands in it once, in the order of promise."""
    keys = scene.keys(channel)
    assert len(keys) == PAGES and len(set(keys)) == PAGES
    assert alerts(scene, channel) == promised(scene, channel)


def alerts(scene: SlackScene, channel: str = CHANNEL) -> list[str]:
    """The Changes that alerts in a channel tell of, as they stand there."""
    ours = [one for one in scene.posts(channel) if "metadata" in one]
    ids = [block.get("block_id", "") for one in ours for block in one["blocks"] if block["type"] == "actions"]
    return [f"change:{one.split(':')[1]}" for one in ids]


def promised(scene: SlackScene, channel: str = CHANNEL) -> list[str]:
    """The Changes that the channel's subscription was promised, in that order."""
    (number,) = [one.id for one in scene.app.subscriptions_of("slack", channel)]
    rows = scene.app.store.deliveries(subscription=number)
    return [one.subject for one in rows if one.kind == "post" and one.subject.startswith("change:")]


def test_every_fault_of_a_post_and_of_a_rewrite_leaves_one_message(tmp_path: Path, site: Site) -> None:
    found = list(matrix(tmp_path, site))
    assert {(method, kind) for method, kind, *_ in found} == {
        (method, kind) for method in ("chat.postMessage", "chat.update") for kind in (*BEFORE, *AFTER)
    }
    assert [row for row in found if row[2] != 1 or row[3] > 2 or row[4] > 1] == []  # copies, requests, minutes


@pytest.mark.parametrize("kind", ["http_429", "drop", "drop_after"])
def test_after_a_fault_order_is_kept_and_the_other_channel_does_not_wait(scene: SlackScene, kind: str) -> None:
    scene.double.inject("chat.postMessage", kind, seconds=0.4, skip=1, where={"channel": CHANNEL})
    scene.drain()
    exactly_once(scene, OTHER)
    settle(scene)
    exactly_once(scene)
    assert scene.app.outbox() == ()


def test_what_is_not_found_is_sent_again_only_after_two_looks_a_minute_after_the_attempt(scene: SlackScene) -> None:
    scene.double.inject("chat.postMessage", "drop", where={"channel": CHANNEL})
    assert scene.drain()[0].state == "uncertain"
    assert scene.calls("conversations.history") == 1
    scene.drain(seconds=30)
    assert (scene.calls("conversations.history"), scene.keys()) == (1, [])
    scene.drain(seconds=31)
    assert scene.calls("conversations.history") == 2
    exactly_once(scene)


def test_a_post_cut_off_by_a_crash_is_found_and_not_repeated(scene: SlackScene) -> None:
    row = scene.app.store.outbox(now=scene.now)[0]
    message = scene.app.compose(row, scene.app.subscription(row.subscription))
    scene.app.store.claim(row, msgspec.json.encode(message), now=scene.now)
    scene.app.channels["slack"].send(message, address=CHANNEL, marker=marker(row))
    scene.app.close()  # … and here the power goes
    scene.app = scene.open()
    scene.hasten()
    scene.drain(seconds=5)
    exactly_once(scene)
    assert scene.app.outbox() == ()


def test_a_post_cut_off_before_it_was_sent_is_looked_for_twice_however_late_we_are_back(scene: SlackScene) -> None:
    row = scene.app.store.outbox(now=scene.now)[0]
    message = scene.app.compose(row, scene.app.subscription(row.subscription))
    scene.app.store.claim(row, msgspec.json.encode(message), now=scene.now)
    scene.drain(hours=2)  # the power was away
    assert scene.keys() == [] and scene.calls("conversations.history") == 1
    scene.drain(seconds=20)
    assert scene.calls("conversations.history") == 2
    exactly_once(scene)


def test_a_look_that_slack_refuses_is_no_look(scene: SlackScene) -> None:
    scene.double.inject("chat.postMessage", "drop", where={"channel": CHANNEL})
    scene.double.inject("conversations.history", "http_429", retry_after=90)
    scene.drain()
    scene.drain(seconds=90)
    assert (scene.calls("conversations.history"), scene.keys()) == (2, [])
    scene.drain(seconds=20)
    assert scene.calls("conversations.history") == 3
    exactly_once(scene)


def test_a_reply_in_doubt_is_looked_for_in_its_thread(tmp_path: Path, site: Site) -> None:
    with slack_scene(tmp_path / "home", site, pages=9) as scene:
        scene.follow()
        scene.start()
        scene.news()
        scene.double.inject("chat.postMessage", "drop_after", skip=4)
        scene.drain()
        assert scene.app.outbox() == () and len(set(scene.keys())) == scene.calls() == 10
        assert scene.calls("conversations.replies") == 1


def test_without_the_history_scope_a_doubt_stays_visible_and_the_rest_goes_out(scene: SlackScene) -> None:
    scene.double.scopes -= {"channels:history", "groups:history", "im:history", "mpim:history"}
    scene.double.inject("chat.postMessage", "drop_after", where={"channel": CHANNEL})
    scene.drain()
    settle(scene, minutes=90)
    (doubtful,) = scene.app.outbox()
    assert doubtful.state == "uncertain" and "channels:history is missing" in doubtful.detail
    exactly_once(scene)


def test_a_history_that_is_read_in_pages_with_pauses_is_read_to_its_end(scene: SlackScene) -> None:
    scene.double.non_marketplace = True
    for number in range(20):  # people talk meanwhile
        word = {"type": "message", "user": "U0ALICE001", "ts": f"{scene.now.timestamp() + 60 + number:.6f}"}
        scene.double.store.setdefault(CHANNEL, []).append(word)
    scene.double.inject("chat.postMessage", "drop_after", where={"channel": CHANNEL})
    assert scene.drain()[0].state == "sending"
    settle(scene, minutes=5)
    exactly_once(scene)
    assert scene.app.outbox() == ()


def test_slack_asks_a_burst_of_forty_to_wait_and_gets_them_later_in_order(tmp_path: Path, site: Site) -> None:
    with slack_scene(tmp_path / "home", site, pages=40) as scene:
        scene.follow()
        scene.start()
        scene.news()
        fault = scene.double.inject("chat.postMessage", "http_429", skip=5, retry_after=30)
        scene.drain()
        assert len(scene.posts()) == 5 and fault.times == 0
        asked = scene.calls()
        scene.drain(seconds=29)
        assert scene.calls() == asked  # not a second early
        scene.drain(seconds=1)
        opening, *replies = scene.posts()
        assert len(set(scene.keys())) == len(scene.posts()) == 41
        assert alerts(scene) == promised(scene) and {one["thread_ts"] for one in replies} == {opening["ts"]}
        assert scene.app.outbox() == () and scene.told() == ""  # a pause is no trouble for the owner
        scene.faultless()


def archived(scene: SlackScene, on: bool) -> None:
    scene.double.channels[CHANNEL]["is_archived"] = on


def removed(scene: SlackScene, on: bool) -> None:
    scene.double.channels[CHANNEL]["is_member"] = not on


@pytest.mark.parametrize(("trouble", "said"), [(archived, "the channel is archived"), (removed, "/invite @regwatch")])
def test_a_channel_in_trouble_stops_nobody_else_its_owner_is_told_once_and_once_that_it_is_over(
    scene: SlackScene, trouble: object, said: str
) -> None:
    trouble(scene, True)  # type: ignore[operator]
    scene.drain()
    for _ in range(60):
        scene.drain(seconds=30)
    exactly_once(scene, OTHER)
    text = scene.told()
    assert text.count("Nothing can be delivered to slack C0REG00001") == 1 and said in text
    assert scene.calls() - PAGES <= 6  # probed at growing pauses, no hot loop
    trouble(scene, False)  # type: ignore[operator]
    settle(scene)
    exactly_once(scene)
    assert scene.told().count("Messages reach slack C0REG00001 again") == 1


def test_a_revoked_token_rests_the_whole_channel_and_the_owner_is_told_once(scene: SlackScene) -> None:
    scene.double.revoked.add("xoxb-double")
    for _ in range(60):
        scene.drain(seconds=30)
    text = scene.told()
    assert text.count("Nothing can be delivered to slack") == 1 and "the bot token was revoked" in text
    assert scene.calls() <= 6  # of all that wait for two channels, one probes
    scene.double.revoked.clear()
    settle(scene)
    exactly_once(scene)
    exactly_once(scene, OTHER)
    assert scene.told().count("Messages reach slack again") == 1


def test_notices_go_to_the_owner_on_slack_and_to_the_console_when_it_is_the_owner_who_cannot_be_reached(
    tmp_path: Path, site: Site
) -> None:
    with slack_scene(tmp_path / "home", site, owner=f"slack:{OTHER}") as scene:
        scene.follow()
        scene.start()
        scene.news()
        archived(scene, True)
        scene.drain()
        scene.drain(seconds=1)
        (notice,) = scene.posts(OTHER)
        assert "Nothing can be delivered to slack C0REG00001" in notice["text"] and scene.told() == ""
        scene.double.channels[OTHER]["is_archived"] = True
        scene.app.store.promise([Delivery(0, "notice", "address:slack:x", 1, due=scene.now, detail="Something else")])
        scene.drain(minutes=1)
        scene.drain(minutes=1)
        scene.drain(minutes=1)
        assert f"Nothing can be delivered to slack {OTHER}" in scene.told()
        scene.double.channels[OTHER]["is_archived"] = False
        scene.app.store.promise([Delivery(0, "notice", "address:slack:x", 2, due=scene.now, detail="One more thing")])
        scene.drain(minutes=1)
        scene.drain(seconds=1)
        assert [one["text"] for one in scene.posts(OTHER)][1:] == [
            "One more thing", f"Messages reach slack {OTHER} again"
        ]  # fmt: skip
        scene.faultless()


def test_a_slack_that_cannot_be_reached_is_asked_rarely_and_other_channels_go_on(scene: SlackScene) -> None:
    slack = hasty(scene)
    slack.client.base_url = "http://127.0.0.1:9/api/"  # nobody listens there
    number = scene.subscribe()
    scene.app.store.promise([Delivery(number, "post", "change:4", due=scene.now)])
    states = [one.state for _ in range(20) for one in scene.drain(seconds=30)]
    assert states.count("done") >= 1 and states.count("queued") <= 10  # a probe a minute
    assert scene.told().count("Nothing can be delivered to slack\n") == 1  # … and not for the first one
    slack.client.base_url = scene.double.base_url
    settle(scene)
    exactly_once(scene)
    exactly_once(scene, OTHER)


@pytest.mark.parametrize("kind", ["timeout", "timeout_after"])
def test_a_slack_that_takes_what_it_gets_and_answers_nothing_is_asked_rarely_and_doubles_nothing(
    scene: SlackScene, kind: str
) -> None:
    fault = scene.double.inject("*", kind, times=-1, seconds=0.3)
    number = scene.subscribe()
    scene.app.store.promise([Delivery(number, "post", "change:4", due=scene.now)])
    for _ in range(16):
        scene.drain(seconds=30)
    assert len(scene.double.calls) <= 12
    text = scene.told()
    assert "#change:4" in text and text.count("Nothing can be delivered to slack\n") == 1
    fault.times = 0
    settle(scene)
    exactly_once(scene)
    exactly_once(scene, OTHER)
    assert scene.app.outbox() == ()


@pytest.mark.slow
def test_killed_at_random_while_slack_goes_wrong_each_change_is_told_once_and_in_order(
    tmp_path: Path, site: Site
) -> None:
    seed = int.from_bytes(os.urandom(4))
    with SlackDouble() as double:
        toll = Trial(tmp_path, site, double, alerts=12, seed=seed).run(2)
    assert toll.harm == {}, f"seed {seed}: {toll}"
    assert (toll.alerts, toll.kills) == (12, 2)
