"""/reg, over both transports: every verb answers, nothing is refused, forged requests do nothing."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import OperatorError, StoreError
from bot.model import Source
from bot.slack.commands import ANSWERS, sentence
from bot.slack.doctor import SCOPES, doctor
from bot.slack.parts import BLOCKS, CHARACTERS, fitted, lined, section
from bot.slack.typed import moment, number, span, typed
from bot.slack.verbs import NAMES, VERBS
from bot.web import Server
from bot.web import site as site_of
from tests.scenes import MONDAY, rule
from tests.site import Site
from tests.slack_doors import ALICE, BOB, Door, door, read
from tests.slack_scenes import CHANNEL, OTHER

HERE = Path(__file__).parent.parent
SCHEMA = HERE.parent / "shared" / "slack_double" / "manifest.schema.json"

COMMANDS = {
    "glance": "", "help": "help subscribe", "search": "search information jurisdiction:CN", 
    "latest": "latest since:90d", "show": "show 2", "diff": "diff 2", "why": "why 2", "corridor": "corridor China to *",
    "jurisdiction": "jurisdiction 中国",
    "state": "state CN", "upcoming": "upcoming 30d", "status": "status", "sources": "sources measures",
    "subscribe": "subscribe CN min:plan answer:24h", "unsubscribe": "unsubscribe 2", "list": "list",
    "pause": "pause 3d", "resume": "resume", "mute": "mute law0", "unmute": "unmute law0", "footprint": "footprint",
    "digest": "digest preview", "ack": "ack 2", "unack": "unack 2", "assign": f"assign 2 <@{BOB}|bob>",
    "snooze": "snooze 2 7d", "severity": "severity 2 know we left that market", "relevant": "relevant 2",
    "irrelevant": "irrelevant 2 sector", "propose": "propose {page} they decide on transfers", "proposals": "proposals",
    "decline": "decline", "approve": "approve 1", "web": "web",
}  # fmt: skip
LOOKS = ("glance", "search", "latest", "show", "diff", "why", "corridor", "jurisdiction", "state", "upcoming", "status",
         "sources", "list")  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, site: Site) -> Iterator[Door]:
    """One amended rule, told to one channel; the door is open over HTTP."""
    with door(tmp_path / "home", site, via="http") as made:
        made.start()
        made.follow()
        made.news()
        made.drain()
        yield made


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """The same, for tests that change nothing."""
    with Site() as site, door(tmp_path_factory.mktemp("quiet") / "home", site, via="http") as made:
        made.start()
        made.follow()
        made.news()
        made.drain()
        yield made


# ------------------------------------------------------------------------------------------------ every verb


@pytest.mark.parametrize("via", ["http", "socket"])
def test_every_verb_answers_in_time_and_slack_refuses_nothing(tmp_path: Path, site: Site, via: str) -> None:
    assert set(COMMANDS) == set(VERBS) == set(ANSWERS)
    site.publish("/elsewhere", rule(more="<p>Another page.</p>"))
    with door(tmp_path / "home", site, via=via) as here:
        here.start()
        here.follow()
        here.news()
        here.drain()
        answers = {verb: here.say(text.format(page=site.url("/elsewhere"))) for verb, text in COMMANDS.items()}
        here.faultless()
        assert max(sent.elapsed for sent in here.double.deliveries) < 3
    said = {verb: read(answer) for verb, answer in answers.items()}
    assert all("2026-11-06 08:00 UTC" in said[verb] and "1 of 1" in said[verb] for verb in LOOKS)
    assert "may" in said["show"] and "shall" in said["diff"] and "severity: plan" in said["why"]
    assert "mainland China to anywhere" in said["corridor"] and "State of play: mainland China" in said["state"]
    assert "subscribed this channel to jurisdiction:CN min:plan" in said["subscribe"]
    assert "answer:24h" in said["subscribe"] and "ended subscription 2" in said["unsubscribe"]
    assert "until 2026-11-09" in said["pause"] and "muted law0 for this channel only" in said["mute"]
    assert f"asked <@{BOB}> to look at change 2" in said["assign"]
    assert "set change 2 to KNOW here: we left that market" in said["severity"]
    assert "A source is proposed" in said["propose"] and "they decide on transfers" in said["proposals"]
    assert "declined proposal 1" in said["decline"] and "does not wait" in said["approve"]


def test_answers_are_for_the_asker_alone_unless_shared_and_changes_are_announced(here: Door) -> None:
    assert here.say("latest")["response_type"] == "ephemeral"
    assert here.say("latest share")["response_type"] == "in_channel"
    assert here.say("subscribe topic:adequacy")["response_type"] == "in_channel"
    assert f"<@{ALICE}>" in here.posts()[-1]["text"]
    here.say("latest")
    shown = here.pressed("share", user=ALICE)
    assert shown["response_type"] == "in_channel" and "What changed" in read(shown)
    here.faultless()


def test_more_goes_on_until_every_change_was_shown_once(tmp_path: Path, site: Site) -> None:
    with door(tmp_path / "home", site, via="http", pages_=19) as here:
        here.start()
        here.news()
        answer, shown = here.say("latest"), []
        for _ in range(9):
            shown += re.findall(r"^\*(\d+)\*", read(answer), re.MULTILINE)
            if "[More]" not in read(answer):
                break
            answer = here.pressed("page", user=ALICE)
        searched = re.findall(r"^\*(\d+)\*", here.text("search information"), re.MULTILINE)
        here.faultless()
    assert shown == [str(one) for one in range(38, 0, -1)]
    assert searched == shown[:8]


def test_could_not_look_and_nothing_changed_never_look_alike(here: Door) -> None:
    here.pass_time(hours=2)
    assert "No change that we know of" in (clear := here.text("latest since:1h"))
    assert "1 of 1 sources could be read" in clear
    here.site.publish("/law0", "gone", status=500)
    here.look()
    for text in ("latest since:1h", "search nothing-like-it", "upcoming", "state CN", "status", "status law0", "list"):
        said = here.text(text)
        assert "law0" in said or "0 of 1" in said, text
        assert "server answered with an error status" in said, text


def test_what_was_never_read_well_is_counted_and_named_apart_from_what_fails(here: Door) -> None:
    here.app.declare([*here.app.declared, here.page("/never", id="never", title="Never")])
    here.site.publish("/never", "", status=500)
    here.site.publish("/law0", "", status=500)
    here.look()
    said = here.text("status")
    assert "*Unproven:* 1 of them never read well yet" in said
    assert "• law0: the server answered with an error status, since" in said
    assert "• never: unproven, never read well (the server answered with an error status, since" in said
    assert "It is unproven: it was never read well yet." in here.text("status never")
    assert "unproven" not in here.text("status law0")


def test_a_plain_word_for_how_far_an_act_has_come_filters_by_it_and_searching_finds_the_word(quiet: Door) -> None:
    filtered = quiet.text("latest type:draft")
    assert quiet.text("latest draft") == quiet.text("draft") == filtered != quiet.text("latest")
    assert "Search: draft" in quiet.text("search draft")


def test_what_waits_for_a_persons_word_is_listed_and_the_word_is_shown_where_it_was_said(
    tmp_path: Path, site: Site
) -> None:
    programme = "<main><h1>Programme</h1><p>The office opens at nine.</p>{}</main>"
    with door(tmp_path / "home", site, via="http", pages_=2) as here:
        here.follow()
        here.publish("may")
        site.publish("/law1", programme.format(""))
        here.look()
        here.publish("shall")
        site.publish("/law1", programme.format("<p>A new page on international transfers is online.</p>"))
        here.look()
        verdicts = {finding.verdict: change.id for change, finding in here.changes("source") if finding}
        clear, doubtful = verdicts["relevant"], verdicts["uncertain"]
        for lane in ("latest uncertain", "changes uncertain", "uncertain", "latest verdict:uncertain"):
            said = here.text(lane)
            assert f"*{doubtful}*  UNCERTAIN" in said and f"*{clear}*" not in said, lane
        assert "(uncertain)" in here.text("state CN")
        assert "(marked" not in here.text("latest") + here.text("state CN")
        here.say(f"irrelevant {doubtful} sector")
        for shown in ("latest", f"show {doubtful}", "state CN", ""):
            assert "(marked not relevant" in here.text(shown), shown
            assert "(marked" not in here.text(shown, channel=OTHER), shown
        here.faultless()


def test_unknown_words_get_help_never_silence(quiet: Door) -> None:
    for command in ("helo", "フォロー", "!!", "&lt;script&gt;", "`*_~", "x" * 5000, "🤷"):
        said = quiet.text(command)
        assert "There is no" in said and "/reg search" in said, command
    quiet.faultless()


REFUSALS = (
    ("show", "Say its number: /reg show 17"),
    ("show 99", "There is no change 99"),
    ("show two", "Say its number"),
    ("status lwa0", "did you mean law0?"),
    ("subscribe adequcy", "is no source, topic, type or jurisdiction"),
    ("latest topics:x", "did you mean topic:?"),
    ("latest min:high", "say one of know, plan, act"),
    ("latest since:tuesday", "say a time like 3d"),
    ("corridor Atlantis", "no jurisdiction is called"),
    ("corridor", "/reg corridor EU US"),
    ("state", "/reg state CN"),
    ("pause yesterday", "say a time like 3d"),
    ("mute", "/reg mute eu-edpb-news"),
    ("unsubscribe 77", "Here there is: 1"),
    ("severity 2 plan", "act WHY"),
    ("severity 2 high because", "know|plan|act WHY"),
    ("assign 2", "/reg assign 2 @PERSON"),
    ("irrelevant 2", "no legal advice here"),
    ("propose ftp://x why", "/reg propose https://"),
    ("approve 9", "does not wait for a decision"),
    ("footprint nowhere", "no footprint is called"),
    ("help nothing", "There is no `nothing`"),
    ("review 2 not-relevant", "/reg irrelevant 2 WHY"),
    ("review", "/reg latest uncertain"),
    ("latest verdict:doubtful", "say one of relevant, uncertain, not-relevant"),
    ("subscribe CN verdict:uncertain", "verdict: narrows look-ups"),
)


def test_a_refusal_says_what_to_type_next(quiet: Door) -> None:
    for command, said in REFUSALS:
        answer = quiet.say(command)
        assert said.casefold() in read(answer).casefold(), command
        assert answer["response_type"] == "ephemeral", command
    quiet.faultless()


HOSTILE = "<!channel> & </b> *x* _y_ `z` ```f [a](https://x.example) **b** &amp;lt;p&gt; \u202e😀 数据 حماية "


def test_hostile_titles_and_texts_act_nowhere(tmp_path: Path, site: Site) -> None:
    escaped = HOSTILE.replace("&", "&amp;").replace("<", "&lt;") * 60
    with door(tmp_path / "home", site, via="http") as here:
        here.app.declare([here.page("/law0", id="law0", title=HOSTILE * 40, authority=HOSTILE, note=HOSTILE)])
        site.publish("/law0", rule())
        here.look()
        here.follow()
        changed = "".join(f"<p>Transfers of personal information abroad {n}: {escaped}</p>" for n in range(60))
        site.publish("/law0", rule("shall", more=changed))
        here.look()
        for text in ("", "latest", "search information", "search <!channel> & *x*", "show 2", "diff 2", "why 2",
                     "status", "status law0", "sources", "state CN", "list", "digest preview", "footprint <!here>",
                     "subscribe words:\"<!channel> ```\"", "list", "ack 2 <!everyone>", "help <b>",
                     "severity 2 act <!channel> </b>", "propose http://127.0.0.1:1/<!channel> &"):  # fmt: skip
            assert here.say(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
        while "[Next" in read(here.double.ephemerals[-1]):
            here.pressed("page", user=ALICE)
        here.double.open_home(ALICE, via="http")
        here.double.until(lambda: ALICE in here.double.homes)
        here.faultless()


# ------------------------------------------------------------------------------------------------ reading commands


@pytest.mark.parametrize(
    ("text", "verb", "words", "keyed"),
    [
        ("", "glance", (), ()),
        ("HELP Subscribe", "help", ("Subscribe",), ()),
        ("search “cross border” in:EU-EDPB", "search", ("cross border",), ("in:eu-edpb",)),
        ("ｓｅａｒｃｈ　数据出境", "search", ("数据出境",), ()),
        ("search 「数据 出境」", "search", ("数据 出境",), ()),
        ("搜索 数据", "search", ("数据",), ()),
        ("17", "show", ("17",), ()),
        ("<https://x.example/a?b=1&amp;c=2>", "show", ("https://x.example/a?b=1&c=2",), ()),
        ("<https://x.example/|x.example>", "show", ("https://x.example/",), ()),
        ("assign 17 <@U0BOB00001|bob>", "assign", ("17", "@U0BOB00001"), ()),
        ("search what’s new", "search", ("what's", "new"), ()),
        ("search 'a b' c", "search", ("a b", "c"), ()),
        ('search "note: that" in:x', "search", ("note: that",), ("in:x",)),
        ("search share", "search", ("share",), ()),
        ("subscribe words:“data transfer” MIN:act", "subscribe", (), ("words:data transfer", "min:act")),
        ("subscribe words：数据　min：ＡＣＴ", "subscribe", (), ("words:数据", "min:act")),
        ("corridor EU→US", "corridor", ("EU>US",), ()),
        ('search "never closed', "search", ("never closed",), ()),
        ("search payload &lt;b&gt; &amp;", "search", ("payload", "<b>", "&"), ()),
        ("sub corridor:CN-*", "subscribe", (), ("corridor:CN-*",)),
        ("/latest", "latest", (), ()),
    ],
)
def test_commands_are_read_forgivingly(text: str, verb: str, words: tuple[str, ...], keyed: tuple[str, ...]) -> None:
    found = typed(text)
    assert (found.verb, found.words, found.keyed) == (verb, words, keyed)
    again = typed(found.text)
    assert (again.verb, again.words, again.keyed) == (verb, words, keyed)


PIECES = "ab '\"“”‘’:：　<>&|@#;-–→/ ½ﬁ²\n\t数"


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=60), st.text(PIECES, max_size=30), st.sampled_from(["", "search ", "subscribe words:"]))
def test_whatever_is_typed_is_read_or_refused_and_reads_the_same_again(text: str, odd: str, verb: str) -> None:
    for said in (text, verb + odd):
        try:
            found = typed(said)
        except OperatorError:
            continue
        again = typed(found.text)
        assert not found.verb or (again.verb, again.words, again.keyed) == (found.verb, found.words, found.keyed)


@pytest.mark.parametrize(("text", "near"), [("serach x", "search"), ("lates", "latest"), ("subscrib", "subscribe")])
def test_a_typo_is_answered_with_the_verb_that_was_meant(text: str, near: str) -> None:
    assert (typed(text).verb, typed(text).near) == ("", near)


def test_no_word_stands_for_two_verbs() -> None:
    words = [word for verb in VERBS.values() for word in (verb.name, *verb.other)]
    assert len(words) == len(set(words)) == len(NAMES)


@pytest.mark.parametrize("word", ["0d", "99999d", "d", "3 lightyears", "-1d", "٣d", ""])
def test_a_time_that_is_none_is_refused(word: str) -> None:
    with pytest.raises(OperatorError, match="say a time"):
        span(word)


def test_times_are_spans_or_dates() -> None:
    assert moment("2w", now=MONDAY, ahead=True) - MONDAY == span("14d") == span("14 days")
    assert moment("2026-12-01", now=MONDAY, ahead=True).isoformat() == "2026-12-01T00:00:00+00:00"
    assert number(("#17",), verb="show") == 17


def test_an_answer_is_never_larger_than_a_message_and_keeps_its_last_lines() -> None:
    blocks = [section("word " * 500) for _ in range(60)]
    last = [{"type": "actions", "elements": []}, {"type": "context", "elements": []}]
    shown = fitted([*blocks, *last], most=BLOCKS)
    assert len(shown) <= BLOCKS and len(json.dumps(shown)) < CHARACTERS + 3_000
    assert shown[-2:] == last and "more than a message holds" in json.dumps(shown[-3])
    assert lined([()]) == []


def test_an_errors_line_is_a_sentence_with_its_code_kept() -> None:
    said = sentence("which one? `/reg list` says <it> & more")
    assert said == "Which one? `/reg list` says &lt;\u200bit&gt; &amp; more."


# ------------------------------------------------------------------------------------------------ trouble


class Troubled:
    """The store, with one verb that fails or waits."""

    def __init__(self, store: Any, verb: str, trouble: Any) -> None:
        self._store, self._verb, self._trouble = store, verb, trouble

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        return self._troubled(found) if name == self._verb else found

    def _troubled(self, verb: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            if isinstance(self._trouble, Exception):
                raise self._trouble
            assert self._trouble.wait(10)
            return verb(*arguments, **named)

        return call


def test_a_slow_store_delays_the_answer_and_not_the_acknowledgement(here: Door) -> None:
    gate = threading.Event()
    here.app.store = Troubled(here.app.store, "recent", gate)
    sent = [here.double.command("/reg", "latest", via="http") for _ in range(8)]  # more than there are threads
    assert all(one.ok and not one.replies for one in sent)
    gate.set()
    here.double.until(lambda: all(one.replies for one in sent))


@pytest.mark.parametrize(
    ("trouble", "said"),
    [(StoreError("disk I/O error"), "store is in trouble"), (ZeroDivisionError("ours"), "wrong on our side")],
)
def test_trouble_is_a_sentence_not_a_silence(here: Door, trouble: Exception, said: str) -> None:
    whole = here.app.store
    here.app.store = Troubled(whole, "recent", trouble)
    assert said in here.text("latest")
    here.app.store = whole
    assert "What changed" in here.text("latest")


FAULTS = ("http_429", "http_500", "html_502", "drop", "reset", "drop_after", "reset_after", "http_500_after")


def test_an_answer_whose_line_broke_is_never_given_twice_and_never_left_unsaid(here: Door) -> None:
    for kind in FAULTS:
        here.double.inject("response_url", kind, retry_after=0)
        sent = here.double.command("/reg", "latest share", via="http")
        here.double.until(lambda sent=sent: sent.replies)
        answers = [one for one in sent.replies if "What changed" in read(one)]
        assert len(answers) <= 1, kind
        assert answers or "may not have reached you" in sent.replies[0]["text"], kind
    shared = sum("What changed" in one["text"] for one in here.posts())
    assert shared == sum(kind.endswith("_after") for kind in FAULTS) + 1  # what was refused for haste came later


# ------------------------------------------------------------------------------------------------ who may


FORGERIES: tuple[dict[str, Any], ...] = (
    {"secret": "another"},
    {"ts_offset": -301},
    {"ts_offset": 301},
    {"headers": {"X-Slack-Request-Timestamp": "soon"}},
    {"headers": {"X-Slack-Request-Timestamp": "²"}},
    {"headers": {"X-Slack-Request-Timestamp": "9" * 400}},
    {"headers": {"X-Slack-Request-Timestamp": "-1"}},
    {"headers": {"X-Slack-Request-Timestamp": None}},
    {"headers": {"X-Slack-Signature": None}},
    {"headers": {"X-Slack-Signature": ""}},
    {"headers": {"X-Slack-Signature": "v0=" + "é" * 64}},
    {"headers": {"X-Slack-Signature": "v1=00"}},
)


def test_whatever_is_not_signed_by_slack_now_is_refused_and_does_nothing(here: Door) -> None:
    before = here.app.subscriptions()
    for forged in FORGERIES:
        sent = here.double.raw_command("subscribe topic:adequacy", **forged)
        assert sent.status == 401 and not sent.replies, forged
    assert here.double.raw_command("subscribe topic:adequacy").status == 200
    here.double.until(lambda: len(here.app.subscriptions()) > len(before))
    assert len(here.app.subscriptions()) == len(before) + 1


def test_the_same_request_does_not_count_twice(here: Door) -> None:
    body = urlencode({"command": "/reg", "text": "subscribe topic:adequacy", "team_id": "T0DOUBLE01", "user_id": ALICE,
                      "channel_id": OTHER})  # fmt: skip
    headers = here.double.sign(body, int(here.now.timestamp()))
    repeated = {**headers, "X-Slack-Retry-Num": "1"}
    sent = [here.double.raw_command(body=body, headers=one) for one in (headers, headers, repeated)]
    assert [one.status for one in sent] == [200, 401, 200]
    here.double.until(lambda: len(here.app.subscriptions()) == 2)
    here.text("unsubscribe 2", channel=OTHER)
    assert here.double.raw_command(body=body, headers=headers).status == 401
    assert len(here.app.subscriptions()) == 1


def test_signed_nonsense_is_refused_without_an_error_of_ours(quiet: Door) -> None:
    for body in ("{", "[]", "null", "payload=", "payload=[]", "payload={", "payload={}", "a", "%ff=%ff", "{}", "x=y",
                 "payload=%7B%22type%22%3A%22block_actions%22%7D", "payload=%7B%22actions%22%3A5%7D"):  # fmt: skip
        assert 400 <= (quiet.double.raw_command(body=body).status or 0) < 500, body


def test_a_body_that_is_too_large_is_not_read(quiet: Door) -> None:
    assert quiet.double.raw_command(body="text=" + "x" * 1_000_001).status == 413


def test_slacks_own_questions_are_answered(quiet: Door) -> None:
    asked = json.dumps({"type": "url_verification", "challenge": "abc", "token": "t"})
    headers = {"Content-Type": "application/json"}
    known = quiet.double.raw_command(body=asked, headers=headers)
    assert known.status == 200 and "abc" in str(known.body)
    assert quiet.double.raw_command(body="ssl_check=1&token=t", headers={"X-Slack-Signature": None}).status == 200


def test_the_service_itself_answers_at_the_address(here: Door) -> None:
    server = Server(site_of(here.app), bind="127.0.0.1:0")
    server.start()
    here.double.app_url = f"{server.url}/slack/events"
    try:
        assert "What changed" in here.text("latest")
        assert here.double.raw_command("latest", secret="another").status == 401
    finally:
        server.stop()


def test_without_a_signing_secret_there_is_nothing_at_the_address(tmp_path: Path, site: Site) -> None:
    with door(tmp_path / "home", site, via="http", slack_signing_secret="") as here:
        assert here.double.raw_command("latest", secret="").status == 404


def test_people_of_another_workspace_are_refused_with_a_sentence(here: Door) -> None:
    sent = here.double.raw_command("latest", team_id="T0FOREIGN1")
    here.double.until(lambda: sent.replies)
    assert "own workspace only" in sent.replies[0]["text"]
    here.app.settings = replace(here.app.settings, slack_allow=("T0FOREIGN1",))
    sent = here.double.raw_command("latest", team_id="T0FOREIGN1")
    here.double.until(lambda: sent.replies)
    assert "What changed" in sent.replies[0]["text"]


def test_who_is_not_on_the_list_may_look_up_and_change_nothing(here: Door) -> None:
    here.app.settings = replace(here.app.settings, slack_allow=(BOB, OTHER))
    before = here.app.subscriptions()
    for verb in VERBS.values():
        if verb.changes:
            assert "REGWATCH_SLACK_ALLOW" in here.text(COMMANDS[verb.name].format(page="https://x.example")), verb.name
    assert here.app.subscriptions() == before and not here.app.handling(2)
    assert "What changed" in here.text("latest")
    assert "subscribed" in here.text("subscribe topic:adequacy", user=BOB)
    assert "subscribed" in here.text("subscribe topic:adequacy", channel=OTHER)


def test_who_listens_elsewhere_is_named_nowhere(here: Door) -> None:
    here.follow("G0JOINED01")
    here.follow("G0JOINED01", words=("merger",))
    here.news("must", number=2)
    here.drain()
    said = here.text("why 3")
    assert "told: this channel: done" in said and "told: 1 reader elsewhere" in said
    assert "not told: 1 reader elsewhere" in said and "G0JOINED01" not in said and "merger" not in said


def test_a_channel_that_i_am_not_in_is_told_how_to_invite_me(here: Door) -> None:
    assert "/invite @regwatch" in here.text("subscribe topic:adequacy", channel="C0OTHER001")
    assert "/invite" not in here.text("subscribe topic:adequacy")


def test_a_link_to_the_pages_opens_once_and_is_never_shared(here: Door) -> None:
    here.app.settings = replace(here.app.settings, public_url="https://reg.example")
    answer = here.say("web share")
    (token,) = re.findall(r"<https://reg\.example/open/([^|>]+)\|", read(answer))
    assert answer["response_type"] == "ephemeral" and answer["unfurl_links"] is False
    assert here.app.session(here.app.open_link(token)) == "link"
    with pytest.raises(OperatorError, match="used already"):
        here.app.open_link(token)


def test_a_persons_own_subscriptions_are_those_of_the_conversation_with_the_bot(here: Door) -> None:
    here.follow(ALICE, words=("contract",))
    here.double.channels["D0ALICE001"] = {"id": "D0ALICE001", "is_im": True, "members": [ALICE]}
    assert "words:contract" in here.text("list", channel="D0ALICE001")
    assert "words:contract" not in here.text("list")


def test_the_teams_id_is_kept_with_a_subscription(here: Door) -> None:
    here.say("subscribe topic:adequacy")
    (made,) = [one for one in here.app.subscriptions() if one.filters.topics]
    assert (made.channel, made.address, made.team) == ("slack", CHANNEL, "T0DOUBLE01")


# ------------------------------------------------------------------------------------------------ setting up


def manifest() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    found: dict[str, Any] = yaml.safe_load((HERE / "bot" / "slack" / "manifest.yaml").read_text(encoding="utf-8"))
    return found


def test_the_manifest_asks_for_what_the_doctor_knows_and_the_page_explains() -> None:
    made, page = manifest(), (HERE / "docs" / "slack.md").read_text(encoding="utf-8")
    asked = made["oauth_config"]["scopes"]["bot"]
    assert sorted(asked) == sorted(scope.name for scope in SCOPES)
    assert all(f"`{scope.name}`" in page and scope.stops in page for scope in SCOPES)
    assert [one["command"] for one in made["features"]["slash_commands"]] == ["/reg"]
    assert [one["callback_id"] for one in made["features"]["shortcuts"]] == ["ask_link"]
    assert made["settings"]["event_subscriptions"]["bot_events"] == ["app_home_opened"]


def test_the_manifest_is_one_that_slack_takes() -> None:
    if not SCHEMA.is_file():
        pytest.skip("Slack's schema of a manifest (../shared/slack_double) is not here")
    import jsonschema

    validator = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [fault.message for fault in validator.iter_errors(manifest())] == []
    assert list(validator.iter_errors(manifest() | {"display_informatoin": {}}))


def test_the_doctor_names_the_scope_and_the_invitation_that_are_missing(here: Door) -> None:
    here.follow("C0OTHER001", words=("x",))
    here.follow("C0ARCHIVE1", words=("y",))
    here.double.scopes -= {"users:read", "channels:history", "groups:history", "im:history", "mpim:history"}
    said = [one.text for one in doctor(here.app)]
    assert any("Socket Mode can be opened" in one for one in said)
    assert any("users:read is missing" in one and "reinstall" in one for one in said)
    assert any("channels:history is missing" in one and "outbox" in one for one in said)
    assert any("C0OTHER001: I am not in this channel: type /invite" in one for one in said)
    assert any("C0ARCHIVE1 is archived" in one for one in said)
    here.double.revoked.add("xoxb-double")
    assert "was revoked" in doctor(here.app)[0].text
    here.app.settings = replace(here.app.settings, slack_bot_token="")
    assert "not set up" in doctor(here.app)[0].text


def test_a_source_without_words_is_listed_all_the_same(here: Door) -> None:
    here.app.declare([Source(f"s{n}", here.site.url(f"/{n}"), enabled=False, off_reason="manual") for n in range(60)])
    assert "60 sources are watched" in here.text("sources") and "off: manual" in here.text("sources")
    assert here.text("sources nothing-like-it").startswith("# 0 sources")
    here.faultless()
