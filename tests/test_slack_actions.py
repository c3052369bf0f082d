"""Acting on Slack: buttons, menus, forms, the shortcut, the Home tab, the first hour; over both transports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import read_sources
from bot.errors import OperatorError
from bot.model import Filters, Flow, Footprint, Subscription
from bot.slack.hello import PATIENCE, hello
from bot.slack.proposals import links
from bot.slack.verbs import VERBS
from tests.scenes import rule
from tests.site import Site
from tests.slack_doors import ALICE, BOB, Door, door, read
from tests.slack_scenes import CHANNEL, OTHER


@pytest.fixture(params=["http", "socket"])
def here(tmp_path: Path, site: Site, request: pytest.FixtureRequest) -> Iterator[Door]:
    """One amended rule, told to one channel (subscription 1, change 2)."""
    with door(tmp_path / "home", site, via=request.param) as made:
        told(made)
        yield made


@pytest.fixture
def fast(tmp_path: Path, site: Site) -> Iterator[Door]:
    """The same over HTTP alone."""
    with door(tmp_path / "home", site, via="http") as made:
        told(made)
        yield made


def told(made: Door) -> None:
    made.start()
    made.follow()
    made.news()
    made.drain()


def alert(made: Door, channel: str = CHANNEL) -> str:
    """The alert as it stands in the channel after the next drain."""
    made.drain(seconds=2)
    return read(made.posts(channel)[0])


# ------------------------------------------------------------------------------------------------ alerts


def test_an_alert_is_acknowledged_once_says_by_whom_and_can_be_reopened(here: Door) -> None:
    here.press("ack", user=BOB)
    here.settled(2, 1, lambda one: one and one.acknowledged_by)
    again = here.pressed("ack", user=ALICE)
    assert "lready acknowledged by bob at 2026-11-06" in again["text"] and again["response_type"] == "ephemeral"
    assert "Acknowledged by bob" in alert(here) and "[Acknowledge]" not in read(here.posts()[0])
    here.press("undo", user=ALICE)
    here.settled(2, 1, lambda one: not (one and one.acknowledged_by))
    assert "[Acknowledge]" in alert(here)
    assert len(here.posts()) == 1 and len(here.app.store.reviews(2)) == 2
    here.faultless()


def test_two_people_who_press_at_once_are_told_who_was_first(fast: Door) -> None:
    sent = [fast.press("ack", user=one) for one in (ALICE, BOB, ALICE, BOB)]
    fast.double.until(lambda: sum(bool(one.replies) for one in sent) == 3)
    assert len(fast.app.store.reviews(2)) == 1


def test_not_relevant_asks_why_and_speaks_for_this_channel_alone(here: Door) -> None:
    other = here.follow(OTHER)
    here.news("must", number=2)
    here.drain()
    form = here.form("not_relevant", user=BOB, value="3:1")
    assert "no legal advice here" in json.dumps(form) and "Others are told as before" in json.dumps(form)
    here.submit(form, reason="sector", remark="<!channel> we left & sold it")
    here.settled(3, 1, lambda one: one and one.not_relevant)
    assert not here.app.handling(3).get(other)
    here.drain(seconds=2)
    shown = read(here.posts()[-1])
    assert "Marked as not relevant here: Another sector or kind of company" in shown
    assert "not relevant here" not in read(here.posts(OTHER)[-1]) and "reg-changes" not in json.dumps(here.posts(OTHER))
    here.faultless()


def test_the_menu_assigns_snoozes_follows_mutes_and_explains(here: Door) -> None:
    form = here.form("more", user=ALICE, value="assign")
    here.submit(form, user=BOB)
    here.settled(2, 1, lambda one: one and one.assigned_to)
    here.double.until(lambda: len(here.posts()) == 2)
    assert f"<@{ALICE}> asked <@{BOB}> to look at change 2" in here.posts()[-1]["text"]
    here.press("more", user=ALICE, value="snooze7")
    here.settled(2, 1, lambda one: one and one.snoozed_until)
    assert "Assigned to bob" in alert(here) and "Snoozed until" in read(here.posts()[0])
    assert here.app.handling(2)[1].snoozed_until == here.now + timedelta(days=7, seconds=-2)
    assert "followed law0 for this channel" in here.pressed("more", user=ALICE, value="follow")["text"]
    assert here.app.subscriptions()[-1].filters.sources == ("law0",)
    muted = here.pressed("more", user=ALICE, value="mute")
    assert "muted law0 for this channel only" in muted["text"] and muted["response_type"] == "in_channel"
    assert here.app.subscription(1).muted == ("law0",)
    assert not here.app.open_items(1)
    here.faultless()


def test_the_full_diff_is_for_the_one_who_asks_and_leaves_nothing_out(tmp_path: Path, site: Site) -> None:
    with door(tmp_path / "home", site, via="http") as here:
        here.follow()
        site.publish("/law0", rule())
        here.look()
        words = "word " * 90
        more = "".join(f"<p>Transfers of personal information abroad, clause {n}: {words}</p>" for n in range(60))
        site.publish("/law0", rule("shall", more=more))
        here.look()
        shown = here.pressed("full_diff", user=BOB)
        assert shown["response_type"] == "ephemeral" and "more lines" in read(shown)
        pages = [read(shown)]
        while "[Next" in pages[-1]:
            pages.append(read(here.pressed("page", user=BOB)))
        assert all(f"clause {n}:" in "\n".join(pages) for n in range(60))
        here.press("redline_file", user=BOB)
        here.double.until(lambda: any(one["data"] for one in here.double.files.values()))
        (file,) = here.double.files.values()
        assert file["data"].decode().count("clause") == 60 and "[-may-]{+shall+}" in file["data"].decode()
        here.app.settings = replace(here.app.settings, public_url="https://reg.example")
        assert "https://reg.example/change/2|the whole redline as a page" in here.text("diff 2")
        here.faultless()


def test_a_wrong_person_a_foreign_place_and_an_old_button_get_a_sentence(fast: Door) -> None:
    fast.app.settings = replace(fast.app.settings, slack_allow=(ALICE,))
    menu = [("more", choice) for choice in ("snooze1", "assign", "mute", "follow")]
    for action, value in (("ack", None), ("not_relevant", None), *menu):
        assert "REGWATCH_SLACK_ALLOW" in fast.pressed(action, user=BOB, value=value)["text"], action
    assert not fast.app.handling(2) and not fast.double.views
    fast.app.settings = replace(fast.app.settings, slack_allow=())
    odd = (("gone", "1"), ("undo", "nonsense"), ("page", "{"))
    elements = [{"type": "button", "text": {"text": "x"}, "action_id": name, "value": value} for name, value in odd]
    fast.posts()[0]["blocks"].append({"type": "actions", "elements": elements})
    assert "older version" in fast.pressed("gone")["text"]
    assert "older version" in fast.pressed("page")["text"]
    assert "does not say which change" in fast.pressed("undo")["text"]
    fast.app.unsubscribe(1)
    assert "has ended" in fast.pressed("ack")["text"]


def test_a_form_that_slack_opens_too_late_is_said_to_be_pressed_again(fast: Door) -> None:
    fast.double.inject("views.open", "expired_trigger_id")
    assert "Press the button once more" in fast.pressed("not_relevant")["text"]
    assert fast.form("not_relevant")


def test_a_link_to_our_own_page_shows_the_change(fast: Door) -> None:
    fast.app.settings = replace(fast.app.settings, public_url="https://reg.example")
    assert "“may” became “shall”" in fast.text("<https://reg.example/change/2#copy>")
    fast.double.mention("look at <https://reg.example/change/2>")
    asked = fast.double.shortcut("ask_link", ts=fast.posts()[-1]["ts"], via="http")
    fast.double.until(lambda: asked.replies)
    assert "“may” became “shall”" in read(asked.replies[0])


def test_who_was_not_told_cannot_be_answered_for(fast: Door) -> None:
    assert "nothing is told to this channel" in fast.text("ack 2", channel=OTHER).casefold()
    fast.app.handle(2, "acknowledged", actor="carol", subscription=1)
    assert "Already acknowledged by carol" in fast.text("ack 2")


# ------------------------------------------------------------------------------------------------ sources from links


def test_a_link_is_looked_up_or_tried_proposed_approved_and_watched(here: Door) -> None:
    here.site.publish("/new", rule(more="<p>A page that nobody watches yet.</p>"))
    url = here.site.url("/new")
    here.double.mention(f"look at <{url}> please")
    asked = here.double.shortcut("ask_link", ts=here.posts()[-1]["ts"], user=ALICE, via=here.via)
    here.double.until(lambda: asked.replies)
    assert "It can be read as a page" in read(asked.replies[0]) and "[Propose it]" in read(asked.replies[0])
    form = here.form("propose_form", user=ALICE)
    here.submit(form, reason="They decide on transfers <!channel>", title="New rules", place="CN")
    here.double.until(lambda: here.app.proposals())
    here.double.until(lambda: "A source is proposed" in read(here.posts()[-1]))
    mine = here.pressed("approve_source", user=ALICE)
    assert "omebody else has to approve" in mine["text"]
    done = here.pressed("approve_source", user=BOB)
    assert "is watched as" in done["text"] and done["response_type"] == "in_channel"
    late = here.pressed("approve_source", user=BOB)
    assert "does not wait for a decision" in late["text"]
    here.faultless()
    here.look()
    (change, finding), *_ = [pair for pair in here.changes("baseline") if pair[0].source_id.startswith("proposed-")]
    assert change.cause == "baseline" and finding is not None
    known = here.double.shortcut("ask_link", ts=here.posts()[1]["ts"], user=BOB, via=here.via)
    here.double.until(lambda: known.replies)
    assert "already there" in read(known.replies[0])
    (here.home / "empty.toml").write_text("")
    (made,) = read_sources(replace(here.settings, sources=here.home / "empty.toml"))
    assert (made.url, made.title, made.jurisdiction, made.type) == (url, "New rules", "CN", "page")


def test_the_guard_holds_for_what_people_propose(tmp_path: Path, site: Site) -> None:
    with door(tmp_path / "home", site, via="http") as here:
        looks = here.app.look_settings
        here.app.look_settings = replace(looks, fetch=replace(looks.fetch, allow_nets=()))
        for url in (site.url("/x"), "http://169.254.169.254/latest/meta-data", "http://[::1]/", "https://u:p@x.example/"):
            said = here.text(f"propose {url} because")
            assert "cannot be read" in said or "no names or passwords" in said, url
        assert not site.requests and not here.app.proposals()


def test_robots_and_refusals_are_said_before_anybody_proposes(fast: Door) -> None:
    fast.site.publish("/robots.txt", "User-agent: *\nDisallow: /closed")
    fast.site.publish("/closed", rule())
    assert "robots.txt forbids it" in fast.text(f"propose {fast.site.url('/closed')} why")
    assert "does not exist" in fast.text(f"propose {fast.site.url('/nothing')} why")
    assert "aw0 looks at this address already" in fast.text(f"propose {fast.site.url('/law0')} why")
    assert "Say why" in fast.text(f"propose {fast.site.url('/law0')}")


def test_links_are_found_in_text_and_in_rich_text() -> None:
    rich = [{"type": "rich_text", "elements": [{"type": "link", "url": "https://b.example/"}]}]
    message = {"text": "see <https://a.example/?x=1&amp;y=2|this> and <@U1> <mailto:x@y.z|x>", "blocks": rich}
    assert links(message) == ["https://a.example/?x=1&y=2", "https://b.example/"]
    assert links({"text": "plain https://c.example/d."})[0].startswith("https://c.example/d")
    assert links({}) == [] and links({"text": "https://x.example/" + "y" * 3000}) == []


# ------------------------------------------------------------------------------------------------ where you are


def test_three_questions_make_a_footprint_and_propose_a_subscription(here: Door) -> None:
    assert "No footprint yet" in here.text("footprint new")
    form = here.form("where_form", user=ALICE)
    wrong = here.double.submit(form["id"], {"flows": {"flows": {"type": "x", "value": "Atlantis to CN"}}}, via=here.via)
    assert wrong.body["response_action"] == "errors" and "Atlantis" in wrong.body["errors"]["flows"]
    sent = here.submit(form, entities=["CN"], flows="中国 to US (Health, financial)\nEU-*", sectors="cloud, finance",
                       name="our group")  # fmt: skip
    assert sent.body in (None, "", {})
    here.double.until(lambda: here.app.footprints())
    (made,) = here.app.footprints().values()
    assert (made.name, made.entities, made.sectors) == ("our-group", ("CN",), ("cloud", "finance"))
    assert made.flows == (Flow("CN", "US", ("health", "financial")), Flow("EU", "*"))
    here.double.until(lambda: any("Kept." in one["text"] for one in here.double.ephemerals))
    assert "subscribed this channel" in here.pressed("subscribe_where", user=ALICE)["text"]
    assert here.app.subscriptions()[-1].footprint == "our-group"
    assert "CN-US (health, financial)" in here.text("footprint")
    here.app.keep_footprint(replace(made, roles=("controller",)))
    form = here.form("where_form", user=ALICE)  # as it is kept: what is not changed is not lost
    lines = {one["block_id"]: one["element"].get("initial_value", "") for one in form["blocks"]}
    assert (lines["flows"], lines["sectors"]) == ("CN to US (health, financial)\nEU to *", "cloud, finance")
    assert [one["value"] for one in form["blocks"][0]["element"]["initial_options"]] == ["CN"]
    kept = {name: lines[name] for name in ("sectors", "name")}
    wrong = here.submit(form, entities=["CN"], flows=f"{lines['flows']}, CN-MO (genes)", **kept)
    assert "genetic" in wrong.body["errors"]["flows"]
    here.submit(form, entities=["CN"], flows=f"{lines['flows']}, CN-MO", **kept)
    here.double.until(lambda: len(here.app.footprints()["our-group"].flows) == 3)
    flows = (*made.flows, Flow("CN", "MO"))
    assert here.app.footprints()["our-group"] == replace(made, roles=("controller",), flows=flows)
    here.faultless()


# ------------------------------------------------------------------------------------------------ Home, first hour


def test_the_home_tab_shows_what_is_mine_open_ahead_and_unread(here: Door) -> None:
    here.follow("D0ALICE001", words=("contract",))
    here.follow("G0SECRET01", words=("merger",))
    here.double.channels["G0SECRET01"]["members"] = ["U0SOMEBODY"]
    here.double.open_home(ALICE, via=here.via)
    here.double.until(lambda: ALICE in here.double.homes)
    shown = read(here.double.homes[ALICE])
    assert f"<#{CHANNEL}>: everything that is relevant" in shown and "you: words:contract" in shown
    assert "Open: 1" in shown and "Measures 0" in shown and "1 of 1 sources could be read" in shown
    assert "merger" not in shown and "G0SECRET01" not in shown
    here.press("ack")
    here.settled(2, 1, lambda one: one and one.acknowledged_by)
    here.double.click("refresh_home", home=True, user=ALICE, via=here.via)
    here.double.until(lambda: "Open: 0" in read(here.double.homes[ALICE]))
    here.double.click("where_form", home=True, user=ALICE, via=here.via)
    here.double.until(lambda: here.double.views)
    here.faultless()


def test_an_event_that_slack_sends_again_is_acted_on_once(fast: Door) -> None:
    event = {"type": "app_home_opened", "user": BOB, "channel": "D0BOB00001", "tab": "home"}
    for _ in range(3):
        assert fast.double.event(event, event_id="Ev0SAME", via="http").ok
    assert fast.double.event({**event, "tab": "messages"}, via="http").ok
    assert fast.double.event({"type": "message", "text": "x", "user": BOB, "channel": CHANNEL}, via="http").ok
    fast.text("latest")
    fast.double.until(lambda: fast.double.homes)
    assert fast.calls("views.publish") == 1


def test_the_first_hour_is_told_once_when_the_first_pass_is_over(tmp_path: Path, site: Site) -> None:
    with door(tmp_path / "home", site, via="http", pages_=3, owner=f"slack:{CHANNEL}") as here:
        began = here.now
        assert not hello(here.app, since=began)
        here.publish("may")
        site.publish("/law2", "no", status=403)
        here.look(minutes=5)
        assert hello(here.app, since=began) and hello(here.app, since=began)
        here.drain()
        (said,) = here.posts()
        shown = read(said)
        assert "*2 of 3 sources* were read" in shown and "law2: a challenge or a firewall page" in shown
        assert shown.count("`/reg ") == 3
        tried = [line.strip("`").removeprefix("/reg ") for line in shown.splitlines() if line.startswith("`/reg ")]
        assert all(one.split()[0] in VERBS for one in tried)
        assert here.form("where_form", user=ALICE)
        here.faultless()


def test_a_first_pass_that_takes_very_long_is_told_as_far_as_it_has_come(fast: Door) -> None:
    began = fast.now
    fast.app.declare([*fast.app.declared, fast.page("/slow", id="slow")])
    assert not hello(fast.app, since=began)
    fast.pass_time(seconds=PATIENCE.total_seconds() + 1)
    assert hello(fast.app, since=began)


def test_approved_sources_stay_in_a_file_that_two_approvals_share(fast: Door) -> None:
    for n in range(2):
        fast.site.publish(f"/n{n}", rule())
        trial = fast.app.try_address(fast.site.url(f"/n{n}"))
        fast.app.approve_source(fast.app.propose_source(trial, actor=ALICE, reason="so").ticket)
    with pytest.raises(OperatorError, match="looks at this address already"):
        fast.app.propose_source(fast.app.try_address(fast.site.url("/n0")), actor=BOB, reason="again")
    (fast.home / "empty.toml").write_text("")
    assert len(read_sources(replace(fast.settings, sources=fast.home / "empty.toml"))) == 2


# ------------------------------------------------------------------------------------------------ what is others'


def test_what_was_said_in_another_channel_is_counted_there_and_shown_nowhere_else(fast: Door) -> None:
    fast.follow(OTHER)
    fast.news("must", number=2)
    fast.drain()
    change = fast.changes("source")[-1][0].id
    fast.text(f"severity {change} act Falcon is hit", channel=OTHER)
    fast.text(f"assign {change} me", channel=OTHER, user=BOB)
    fast.text(f"relevant {change} our own case")
    seen = fast.text(f"why {change}")
    assert "our own case" in seen and "2 more words elsewhere" in seen
    assert "Falcon" not in seen and "bob" not in seen
    assert "Falcon is hit" in fast.text(f"why {change}", channel=OTHER)
    assert "Falcon" in fast.app.why(change, within=None) and "Falcon" not in fast.app.why(change)


def test_a_footprint_of_another_channel_is_neither_shown_nor_overwritten(fast: Door) -> None:
    theirs = Footprint("ours", ("CN",), (Flow("CN", "US"),))
    fast.app.keep_footprint(theirs)
    fast.app.subscribe(Subscription(0, "slack", CHANNEL, Filters(), footprint="ours"))
    assert "ours" in fast.text("footprint") and "No footprint" in fast.text("footprint", channel=OTHER)
    assert "ours" not in fast.text("subscribe footprint:our", channel=OTHER)
    assert "goes by" in fast.text("footprint drop ours", channel=OTHER)
    fast.text("footprint new", user=BOB, channel=OTHER)
    form = fast.form("where_form", user=BOB, channel=OTHER)
    fast.submit(form, flows="NL to CA", name="ours")
    fast.double.until(lambda: len(fast.app.footprints()) == 2)
    assert fast.app.footprints()["ours"] == theirs and fast.app.footprints()["ours-2"].flows == (Flow("NL", "CA"),)
    fast.double.until(lambda: any("yours is ours-2" in one["text"] for one in fast.double.ephemerals))


def test_whoever_asks_in_vain_is_told_why_nothing_comes(fast: Door) -> None:
    fast.text("pause 3d")
    assert "still paused until" in fast.text("subscribe")
    off = fast.page("/off", id="off", enabled=False, off_reason="robots")
    fast.app.declare([*fast.app.declared, off])
    said = fast.text("subscribe in:off corridor:EU-XX")
    assert "off is switched off (robots)" in said and "has the code XX" in said and "code EU" not in said
    nobody = fast.text("latest jurisdiction:BR")
    assert "No source is declared for jurisdiction:BR" in nobody and "no source is declared for Brazil" in nobody
    assert "0 of 0" not in nobody
    assert fast.text("subscribe min:foo").replace("\u200b", "").startswith("min:foo: say one of")
    assert fast.text("show javascript:alert(1)").replace("\u200b", "").startswith("javascript: is no filter")
