"""Alerts on Slack: what stands in them, threads, bursts, rewriting; nothing scraped acts, nothing is too long."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.slack import Slack
from bot.cli import main
from bot.deliver import deliver_all
from bot.messages import blocks, mrkdwn, posts
from bot.messages.blocks import alert_message
from bot.messages.rendered import rendered
from bot.messages.told import Told
from bot.model import (
    Block,
    Change,
    DatedQuote,
    Delivery,
    Edit,
    Event,
    Filters,
    Finding,
    Force,
    Handling,
    Message,
    Reason,
    Run,
    Source,
    Subscription,
    Version,
)
from tests.site import Site
from tests.slack_double.blockkit_strict import check_message, lint_message
from tests.slack_scenes import OTHER, SlackScene, slack_scene

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
URL = "https://reg.example"
HOSTILE = (
    "<!channel> everyone", "</b> & <script>alert(1)</script>", "*bold* _it_ ~gone~ `code` ```fence", "x" * 5000,
    "个人信息出境标准合同办法" * 300, "\u202eevil\u202c حماية البيانات", "😀👩\u200d👩\u200d👧" * 400,
    "&amp;lt;p&amp;gt; &nbsp;", "[a](https://x.example) **b**", "# heading", "> quotation", "a\n# b\n> c",
    ":tada: <@U0ALICE001> <#C0REG00001>", "", "  ", "\x1b[31m\x00", "e\u0301" * 2000,
    "<https://evil.example|harmless>", "\ud800 half", "<" * 3000,
)  # fmt: skip


@pytest.fixture
def scene(tmp_path: Path, site: Site) -> Iterator[SlackScene]:
    """Three watched pages, and one channel that follows what is relevant."""
    with slack_scene(tmp_path / "home", site, pages=3, public_url=URL) as made:
        made.follow()
        made.start()
        yield made


def told(**fields: Any) -> Told:
    """One amended passage, with everything that an alert can say."""
    old = Block("paragraph", "Exporters may assess the law.", ("Chapter V",), label="Article 5")
    new = Block("paragraph", "Exporters shall assess the law.", ("Chapter V",), label="Article 5")
    edit = Edit("replace", 0, 0, ((10, 13, 10, 15),))
    change = Change(17, "eu", NOW, "source", Version(1, "eu", NOW, 1, "f"), Version(2, "eu", NOW, 2, "f"), (edit,))
    finding = Finding(
        17, NOW, "r1", "relevant", 200, "EDPB: 1 passage amended", sentences=("“may” became “shall”.",),
        reasons=(Reason("“transfer”", 400, "added", "transfer"),),
        force=(Force("modality", "may", "shall", ("Article 5",)),),
        corridors=(("EU", "*"),), mechanisms=("scc",), stage="consultation",
        dates=(DatedQuote("deadline", date(2026, 12, 1), "by 1 December 2026"),), unread=("the annex: timeout",),
    )  # fmt: skip
    source = Source("eu", "https://edpb.example/x", title="Guidelines 05/2021", authority="EDPB", jurisdiction="EU")
    given = {
        "change": change, "finding": finding, "before": (old,), "after": (new,), "edits": (edit,), "source": source,
        "now": NOW, "subscription": 3, "why": "you follow EU", "level": ("act", "deadline 2026-12-01"),
        "binding": "draft", "names": {"EU": "European Union"}, "public_url": URL,
    }  # fmt: skip
    return Told(**{**given, **fields})


def arguments(message: Message) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(message.rich)
    return {**made, "unfurl_links": False}


def shown(telling: Told) -> str:
    return rendered(arguments(alert_message(telling)))


def controls(message: dict[str, Any]) -> list[str]:
    """The action_ids on a message."""
    return [one["action_id"] for block in message["blocks"] if block["type"] == "actions" for one in block["elements"]]


def times(message: dict[str, Any]) -> list[str]:
    """Published, first seen, told."""
    return [line for line in rendered(message).splitlines() if "first seen" in line]


# ------------------------------------------------------------------------------------------------ what stands in it


def test_an_alert_says_who_what_the_words_themselves_and_what_to_do_by_when() -> None:
    text = shown(told())
    for part in (
        "# EDPB: Guidelines 05/2021", "*ACT* · deadline 2026-12-01", "“may” became “shall”.",
        "Exporters ~may~*shall* assess the law.", "*Corridor* European Union → anywhere", "*Mechanism* scc",
        "*Stage* consultation", "*Binding or not* draft", "*Who is bound* the text does not say",
        "deadline 2026-12-01 (in 9 days)", "“by 1 December 2026”", "Comments are open until 2026-12-01",
        "Matched “transfer” · for you because you follow EU", "Published: the page gives no date",
        "*Not read:* the annex: timeout", "<https://edpb.example/x|the publisher's page>",
        f"<{URL}/change/17|redline>", "[Acknowledge] [Not relevant] [Full diff]",
    ):  # fmt: skip
        assert part in text, part
    assert text.index("binding force: ~may~") < text.index("Exporters ~may~")


def test_notifications_get_severity_headline_and_the_next_date() -> None:
    assert arguments(alert_message(told()))["text"] == "ACT · EDPB: 1 passage amended · deadline 2026-12-01"


def test_what_was_done_stands_in_the_place_of_its_button() -> None:
    handling = Handling(17, 3, acknowledged_by="U0BOB00001", acknowledged_at=NOW, assigned_to="Ann <b>")
    made = told(handling=handling)
    assert controls(arguments(alert_message(made))) == ["not_relevant", "undo", "full_diff", "more"]
    assert "Acknowledged by <@U0BOB00001>, <!date^1795338000^" in shown(made)
    assert "Assigned to Ann" in shown(made)
    refused = told(handling=Handling(17, 3, not_relevant=True, remark="other product"))
    assert controls(arguments(alert_message(refused))) == ["undo", "full_diff", "more"]
    assert "Marked as not relevant here: other product" in shown(refused)


def test_an_alert_that_is_to_be_acknowledged_says_until_when() -> None:
    asked = told(answer_by=NOW + timedelta(hours=24))
    assert "To be acknowledged by <!date^1795424400^" in shown(asked)
    done = replace(asked, handling=Handling(17, 3, acknowledged_by="Ann"))
    assert "To be acknowledged" not in shown(done) and "Acknowledged by Ann" in shown(done)


def test_what_another_subscription_acknowledged_is_said_without_naming_it() -> None:
    assert "Also acknowledged elsewhere" in shown(told(elsewhere=True))


def test_buttons_carry_the_change_and_the_subscription_and_nothing_else() -> None:
    row = next(block for block in arguments(alert_message(told()))["blocks"] if block["type"] == "actions")
    assert row["block_id"] == "alert:17:3"
    assert {one["value"] for one in row["elements"] if one["type"] == "button"} == {"17:3"}
    options = [one["value"] for one in row["elements"][-1]["options"]]
    assert options == ["assign", "snooze1", "snooze7", "follow", "mute"]


@pytest.mark.parametrize("number", [0, 300])
def test_however_many_edits_there_are_the_missing_ones_are_counted_and_can_be_reached(number: int) -> None:
    long = "Long words follow. " * 40
    texts = [Block("paragraph", f"Passage {n} on the transfer of data. {long}") for n in range(number)]
    made = told(before=(), after=texts, edits=[Edit("insert", -1, n) for n in range(number)])
    text = shown(made)
    if number:
        assert f"{number - 4} more edits" in text
    assert f"→ <{URL}/change/17|the redline>" in text
    assert "press Full diff" in shown(told(before=(), after=texts, edits=made.edits, public_url=""))


HURTFUL = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=60), st.lists(st.sampled_from(HOSTILE), max_size=3).map("".join)
)


def hurtful(words: list[str], *, edits: int, handled: bool) -> Told:
    """An alert in which every word is somebody else's."""
    new = [
        Block("paragraph", words[n % 12], (words[(n + 1) % 12],), label=words[2], key=words[n % 12] * (n % 2))
        for n in range(edits)
    ]
    finding = Finding(
        17, NOW, "r1", "uncertain", 0, words[0], sentences=(words[1], words[2]),
        reasons=(Reason("w", 5, "", words[3]),), force=(Force("number", words[4], words[5], (words[6],)),),
        bound=(words[7],), data=(words[8],), sectors=(words[9],), corridors=((words[1], words[2]),) * 9,
        stage="proposal", unread=tuple(words),
        dates=tuple(DatedQuote("deadline", date(2026, 12, n), words[n]) for n in range(1, 9)),
    )  # fmt: skip
    source = Source("s", f"https://x.example/{words[10]}", title=words[10], authority=words[11], note=words[0])
    handling = Handling(17, 3, words[0], NOW, words[1], NOW + timedelta(1), True, "act", words[2]) if handled else None
    return told(
        finding=finding, before=(), after=new, edits=[Edit("insert", -1, n) for n in range(edits)], source=source,
        handling=handling, later=tuple(blocks.Later(NOW, word) for word in words), why=words[3],
        level=("plan", words[4]), binding=words[5], language_note=words[6],
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(HURTFUL, min_size=12, max_size=12), st.integers(0, 30), st.booleans())
def test_nothing_scraped_is_refused_cut_in_two_or_read_as_markup(words: list[str], edits: int, handled: bool) -> None:
    made = hurtful(words, edits=edits, handled=handled)
    for message in (
        arguments(alert_message(made)),
        {**posts.plain_message(alert_message(made)), "unfurl_links": False},
        {**posts.fallback(alert_message(made)), "unfurl_links": False},
        arguments(posts.burst_message([("act", word) for word in words], now=NOW)),
    ):
        assert check_message(message, update=True) == (None, [])
        assert lint_message(message) == []
        assert mrkdwn.size(message.get("blocks", [])) <= mrkdwn.TOTAL and len(message.get("blocks", [])) <= 50


def test_a_text_is_cut_between_characters_and_never_in_an_entity() -> None:
    assert mrkdwn.said("R&D", 6) == "R…"  # as sent "R&amp;D" has seven characters
    assert mrkdwn.said("R&D", 7) == "R&amp;D"
    assert mrkdwn.cut("e\u0301e\u0301e\u0301", 4) == "e\u0301…"


def test_words_of_a_language_without_spaces_are_struck_and_bold_by_style_not_by_signs() -> None:
    old, new = Block("paragraph", "运营者可以申报"), Block("paragraph", "运营者应当申报")
    made = told(before=(old,), after=(new,), edits=(Edit("replace", 0, 0, ((3, 5, 3, 5),)),))
    quote = next(p for b in arguments(alert_message(made))["blocks"] if b["type"] == "rich_text" for p in b["elements"]
                 if p["type"] == "rich_text_quote")  # fmt: skip
    assert [(one["text"], one.get("style")) for one in quote["elements"]] == [
        ("运营者", None), ("可以", {"strike": True}), ("应当", {"bold": True}), ("申报", None)
    ]  # fmt: skip


def test_a_message_of_lines_is_shown_as_lines_and_says_how_many_are_missing() -> None:
    many = Message("News", tuple((Run("word " * 30),) for _ in range(200)))
    text = rendered(posts.plain_message(many))
    assert "more lines" in text and text.count("word word") < 200 * 30


def test_an_address_in_a_message_of_lines_is_a_link_and_what_is_none_is_words() -> None:
    lines = tuple((Run(word, "link"),) for word in ("https://x.example/a?b=1&c", "javascript:alert(1)"))
    made = posts.plain_message(Message("News", lines))
    (parts,) = [block["elements"] for block in made["blocks"] if "elements" in block]
    assert [part["elements"][0] for part in parts] == [
        {"type": "link", "url": "https://x.example/a?b=1&c"},
        {"type": "text", "text": "javascript:alert(1)"},
    ]


# ------------------------------------------------------------------------------------------------ in the channel


def test_an_alert_is_posted_once_with_an_opaque_marker_and_nothing_unfurls(scene: SlackScene) -> None:
    scene.news()
    assert [one.state for one in scene.drain()] == ["done"] * 3
    assert scene.drain(hours=1) == [] and len(scene.posts()) == 3
    assert len(set(scene.keys())) == 3 and not any("law" in key or "change" in key for key in set(scene.keys()))
    call = next(call for call in scene.double.calls if call.method == "chat.postMessage")
    assert (call.args["unfurl_links"], call.args["unfurl_media"]) == (False, False)
    scene.faultless()


def test_an_acknowledged_alert_is_rewritten_where_it_stands(scene: SlackScene) -> None:
    scene.news()
    scene.drain()
    first = deepcopy(scene.posts()[0])  # the stand-in rewrites its own
    change = int(first["blocks"][-1]["block_id"].split(":")[1])
    scene.app.handle(change, "acknowledged", actor="U0BOB00001", subscription=1)
    assert [(one.kind, one.state) for one in scene.drain(hours=1)] == [("update", "done")]
    rewritten = scene.posts()[0]
    assert times(rewritten) == times(first)  # it was told when it was told
    assert rewritten["ts"] == first["ts"] and rewritten["metadata"] == first["metadata"]
    assert "ack" not in controls(rewritten) and "undo" in controls(rewritten)
    assert "Acknowledged by <@U0BOB00001>" in json.dumps(rewritten["blocks"])
    scene.faultless()


def test_what_follows_in_the_same_act_answers_in_its_thread_and_rewrites_the_first_message(
    tmp_path: Path, site: Site
) -> None:
    with slack_scene(tmp_path / "home", site) as scene:
        scene.follow()
        scene.start()
        for number in (1, 2):
            scene.publish("shall" if number == 1 else "must", number=number)
            scene.pass_time(days=2)
            list(scene.app.check())
        list(scene.app.judge_all(tell=False))
        first, second = [change.id for change, _ in scene.changes("source")]
        event = speaks_of_an_act(scene, first, [Delivery(1, "post", f"change:{first}", due=scene.now)], event=0)
        speaks_of_an_act(
            scene, second, [Delivery(1, "reply", f"change:{second}", due=scene.now),
                            Delivery(1, "update", f"event:{event}", second, due=scene.now)], event=event,
        )  # fmt: skip
        scene.drain()
        parent, answer = scene.posts()
        assert answer["thread_ts"] == parent["ts"]
        text = rendered(parent)
        assert "edited" in parent and "*Since then, in the thread:*" in text and "‘shall’ became ‘must’" in text
        assert not answer.get("reply_broadcast")  # it is not to be acted upon
        scene.app.handle(second, "severity", actor="Ann", value="act")
        scene.app.store.promise([Delivery(1, "reply", f"change:{second}", revision=1, due=scene.now)])
        scene.drain()
        replies = [call.args for call in scene.double.calls if "thread_ts" in call.args]
        assert [one.get("reply_broadcast") for one in replies] == [None, True]
        scene.faultless()


def speaks_of_an_act(scene: SlackScene, change: int, deliveries: list[Delivery], *, event: int) -> int:
    """The Change's opinion names an act; returns the Event it joins."""
    finding = scene.app.store.finding(change)
    assert finding is not None
    act = "celex:32016R0679"
    joined = Event(event, scene.now, "An act", (act,))
    scene.app.store.add_finding(replace(finding, acts=(act,)), deliveries, text="", event=joined)
    found = scene.app.event_of(change)
    assert found is not None
    return found.id


def test_a_mistake_of_ours_is_said_in_the_alert_and_in_its_thread(scene: SlackScene) -> None:
    scene.news()
    scene.drain()
    parent = scene.posts()[0]
    change = int(parent["blocks"][-1]["block_id"].split(":")[1])
    before = scene.app.store.finding(change)
    assert before is not None
    after = replace(before, verdict="not_relevant", id=0)
    scene.app.store.add_finding(after, (), text="")
    assert scene.app.correct(before, after) == 1 and scene.app.correct(after, after) == 0
    scene.drain(minutes=1)
    rewritten, note = scene.posts()[0], scene.posts()[-1]
    assert "*Corrected:* We told you this as relevant. Judged again, it is not relevant" in rendered(rewritten)
    assert note["thread_ts"] == parent["ts"] and note["text"].startswith("Correction: Ministry of Data")
    assert len(scene.posts()) == 4
    scene.faultless()


def test_a_person_is_told_in_the_conversation_with_the_app_and_doubts_are_settled_there_too(
    scene: SlackScene,
) -> None:
    scene.follow("U0ALICE001")
    scene.double.inject("chat.postMessage", "drop_after", where={"channel": "U0ALICE001"})
    scene.news()
    scene.drain()
    assert len(set(scene.keys("D0ALICE001"))) == len(scene.posts("D0ALICE001")) == 3
    assert scene.app.outbox() == ()


def test_many_changes_at_once_are_one_post_with_a_thread_and_each_is_told_once(tmp_path: Path, site: Site) -> None:
    with slack_scene(tmp_path / "home", site, pages=9) as scene:
        scene.follow()
        scene.start()
        scene.news()
        scene.drain()
        opening, *alerts = scene.posts()
        assert "9 changes at once" in opening["text"]
        assert [one.get("thread_ts") for one in alerts] == [opening["ts"]] * 9
        assert len(set(scene.keys())) == 10
        assert scene.drain(hours=1) == [] and scene.app.outbox() == ()
        scene.faultless()
        change = int(alerts[-1]["blocks"][-1]["block_id"].split(":")[1])
        scene.app.handle(change, "acknowledged", actor="Ann", subscription=1)
        scene.drain()
        assert "undo" in controls(scene.posts()[-1])


def test_what_several_subscriptions_of_one_channel_ask_for_is_told_there_once(tmp_path: Path, site: Site) -> None:
    with slack_scene(tmp_path / "home", site, pages=5) as scene:
        first, second = scene.follow(), scene.follow(jurisdictions=("CN",))
        scene.start()
        scene.news()
        scene.drain()
        alerts = scene.posts()
        assert len(alerts) == len(set(scene.keys())) == 5
        assert all("everything that is relevant; and you follow jurisdiction CN" in json.dumps(one) for one in alerts)
        rows = scene.app.outbox(states=("done",))
        assert sorted(row.subscription for row in rows) == [first] * 5 + [second] * 5
        assert {row.detail for row in rows if row.subscription == second} == {
            f"told in the same place with subscription {first}"
        }
        change = int(alerts[-1]["blocks"][-1]["block_id"].split(":")[1])
        scene.app.handle(change, "acknowledged", actor="Ann", subscription=first)
        assert len(scene.app.open_items(first)) == 4 and scene.app.open_items(second) == ()
        scene.app.handle(change, "assigned", actor="Ann", subscription=second, value="Bob")
        scene.drain()
        assert "undo" in controls(scene.posts()[-1]) and len(scene.posts()) == 5
        scene.news("must", number=2)
        scene.drain()
        assert len(scene.posts()) == 10
        scene.faultless()


def test_a_burst_that_is_cut_off_in_the_middle_is_told_once_each(tmp_path: Path, site: Site) -> None:
    with slack_scene(tmp_path / "home", site, pages=9) as scene:
        scene.follow()
        scene.start()
        scene.news()
        drain = scene.app.deliver_all()
        for _ in range(4):
            next(drain)
        drain.close()  # the service stops here
        scene.app.close()
        scene.app = scene.open()
        scene.hasten()
        scene.drain(seconds=5)
        opening, *alerts = scene.posts()
        assert [one.get("thread_ts") for one in alerts] == [opening["ts"]] * 9 and len(set(scene.keys())) == 10


def test_a_message_whose_blocks_slack_refuses_goes_out_as_plain_text_and_the_payload_is_kept(
    scene: SlackScene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.double.inject("chat.postMessage", "invalid_blocks", times=1)
    scene.news()
    scene.drain()
    assert len(scene.posts()) == 3
    (bare,) = [one for one in scene.posts() if "blocks" not in one]
    assert bare["text"].startswith("PLAN · Ministry of Data: Measures") and "invalid_blocks" in caplog.text
    rows = scene.app.outbox(states=("done",))
    assert all(b"blocks" in msgspec.json.decode(one.payload, type=Message).rich for one in rows)


def test_a_console_that_is_asked_to_rewrite_has_nothing_to_do(scene: SlackScene) -> None:
    number = scene.app.subscribe(Subscription(0, "console", "here", Filters()))
    scene.app.store.promise([Delivery(number, "update", "change:1", due=scene.now)])
    assert [(one.state, one.detail) for one in scene.drain()] == [("done", "nothing to rewrite")]


def test_two_messages_in_one_channel_are_a_second_apart_and_other_channels_do_not_wait(
    tmp_path: Path, site: Site
) -> None:
    moment = [0.0]
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        moment[0] += seconds

    with slack_scene(tmp_path / "home", site, pages=3) as scene:
        scene.follow()
        scene.follow(OTHER)
        scene.start()
        scene.news()
        slack = Slack("xoxb-double", api_url=scene.double.base_url, monotonic=lambda: moment[0])
        sent = list(
            deliver_all(
                store=scene.app.store, channels={"slack": slack}, compose=scene.app.compose, clock=scene.app.clock,
                wait=wait,
            )
        )  # fmt: skip
        assert waited == [1.0, 1.0]
        assert [one.subscription for one in sent] == [1, 2] * 3


def test_an_alert_can_be_looked_at_before_anything_is_set_up(
    tmp_path: Path, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    declared = tmp_path / "sources.toml"
    declared.write_text(f'[law0]\ntitle = "Measures"\nurl = "{site.url("/law0")}"\n')
    with slack_scene(tmp_path / "home", site) as scene:
        scene.start()
        scene.news()
    where = ["--home", str(tmp_path / "home"), "--sources", str(declared), "slack", "preview"]
    assert main([*where, "2"]) == 0
    made, _, text = capsys.readouterr().out.partition("\n\n")
    assert check_message({"text": "x", "blocks": json.loads(made)}) == (None, [])
    assert "An operator ~may~*shall* file" in text and "[Acknowledge]" in text
    assert main([*where, "--json", "2"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == {"text", "blocks"}
    assert main([*where, "99"]) == 2
    assert capsys.readouterr().err.strip() == "regwatch: there is no change 99"
