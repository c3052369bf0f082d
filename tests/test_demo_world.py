# ruff: noqa: E501
"""The demo's publishers answer as real ones do, and their days bring what the story says."""

import http.client
import io
import json
import re
from urllib.parse import urlsplit

import pytest

from bot import demo, sources
from bot.demo import story as days
from bot.demo.world import STORY, World


@pytest.fixture
def world():
    with World() as made:
        yield made


def get(world, url, **headers):
    """Ask the loopback address that the world's names give for the host; nobody asks DNS."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(world.names()[parts.hostname], parts.port, timeout=60)
    try:
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request("GET", target, headers={"Host": parts.netloc, **headers})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def declared(world):
    return {source.id: source for source in sources.load(world.sources_toml(world.today_is), name="demo.toml")}


def text(world, source_id, *, charset="utf-8"):
    return get(world, declared(world)[source_id].url)[2].decode(charset)


def rule_text(world, source_id, *, charset="utf-8"):
    """What stands between tags, without furniture that moves: clocks, counters, tokens."""
    shown = re.sub(r"<(script|aside)\b.*?</\1>|<[^>]*>", "\n", text(world, source_id, charset=charset), flags=re.S)
    lines = (" ".join(line.split()) for line in shown.splitlines())
    return [
        line
        for line in lines
        if line
        and not re.search(r"\d{1,2}:\d\d:\d\d|访问者|瀏覽人次|訪客|visitantes|覆檢日期|今天是|访问量|浏览次数", line)
    ]


def test_every_source_is_declared_well_and_answers_on_every_day(world):
    assert len(declared(world)) == 15
    for step in STORY:
        world.day(step.day)
        for source in declared(world).values():
            status, headers, body = get(world, source.url)
            down = source.jurisdiction == "TW" and step.day in (days.PRESS, days.WEEKEND, days.MONDAY) and "/LawAll" in source.url
            assert (status, len(body) > 400) == ((502, False) if down else (200, True)), (step.day, source.id)
            assert int(headers["Content-Length"]) == len(body)
    assert len(declared(world)) == 18


def test_every_host_is_a_loopback_name_that_asks_for_no_pause(world):
    assert {urlsplit(source.url).hostname for source in declared(world).values()} == set(world.names())
    assert all(address.startswith("127.") for address in world.names().values())
    assert {source.spacing for source in declared(world).values()} == {0.0}


def test_every_page_says_that_it_is_made_up(world):
    marks = ("fictional", "虚构", "虛構", "fictício")
    for source in declared(world).values():
        body = get(world, source.url)[2]
        shown = body.decode("gb18030" if "ministry" in source.url else "utf-8").lower()
        assert any(mark in shown for mark in marks), source.id


def test_the_ministry_speaks_gb18030_and_names_it_in_the_page_only(world):
    status, headers, body = get(world, declared(world)["cn-mofi-demo"].url)
    assert headers["Content-Type"] == "text/html"
    assert b"charset=gb2312" in body and "政策法规" in body.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")


def test_a_steady_page_answers_304_to_its_etag(world):
    url = declared(world)["eu-board-feed-demo"].url
    _, headers, _ = get(world, url)
    status, _, body = get(world, url, **{"If-None-Match": headers["ETag"]})
    assert (status, body) == (304, b"")
    world.day(days.CONSULTATION)
    assert get(world, url, **{"If-None-Match": headers["ETag"]})[0] == 200


def test_robots_allows_what_is_declared_and_unknown_addresses_are_lost(world):
    base = f"http://trade-rep.fictional.example:{world.port}"
    assert get(world, f"{base}/robots.txt")[2].startswith(b"User-agent: *")
    assert get(world, f"{base}/nowhere")[0] == 404


def test_each_entry_of_a_list_leads_to_a_page(world):
    world.day(days.PRESS)
    for source_id, charset in (("cn-mofi-demo", "gb18030"), ("us-trade-press-demo", "utf-8")):
        source = declared(world)[source_id]
        links = re.findall(r'<li\b.*?href="([^"]+)"', text(world, source_id, charset=charset))
        base = source.url[: source.url.index("/", 8)]
        assert len(links) >= 12
        assert {get(world, base + link)[0] for link in links} == {200}


def test_furniture_moves_at_every_request_and_rules_do_not(world):
    for source_id in (
        "tw-transfer-act-demo",
        "mo-instructions-pt-demo",
        "us-trade-barriers-cn-demo",
        "hk-transfer-guidance-demo",
    ):
        assert text(world, source_id) != text(world, source_id)
        assert rule_text(world, source_id) == rule_text(world, source_id)


def test_the_measure_is_listed_on_its_day(world):
    assert "重要数据出境安全评估补充申报规定" not in text(world, "cn-mofi-demo", charset="gb18030")
    world.day(days.MEASURE)
    assert "重要数据出境安全评估补充申报规定" in text(world, "cn-mofi-demo", charset="gb18030")


def test_one_word_changes_in_the_rules(world):
    before = rule_text(world, "cn-mofi-rules-demo", charset="gb18030")
    world.day(days.SHALL)
    after = rule_text(world, "cn-mofi-rules-demo", charset="gb18030")
    moved = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [old.replace("可以", "应当", 1) for old, _ in moved if old.startswith("第十五条")] == [
        new for _, new in moved if new.startswith("第十五条")
    ]
    assert [new for _, new in moved if new.startswith("第")] == [new for _, new in moved if "应当在境内指定" in new]


def test_a_renumbering_amends_one_sentence(world):
    before = rule_text(world, "tw-transfer-act-demo")
    world.day(days.RENUMBERED)
    after = rule_text(world, "tw-transfer-act-demo")
    moved = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    sentences = [pair for pair in moved if not pair[0].startswith("第 ")]
    assert len(moved) > 20
    assert [(old.count("三十日"), new.count("十五日")) for old, new in sentences] == [(1, 1)]


def test_an_outage_sends_a_challenge_with_status_200_and_ends(world):
    before = rule_text(world, "hk-transfer-guidance-demo")
    world.day(days.OUTAGE)
    assert "安全驗證" in text(world, "hk-transfer-guidance-demo")
    world.day(days.BACK)
    assert rule_text(world, "hk-transfer-guidance-demo") == before


def test_ten_becomes_twelve_and_ten_again(world):
    seen = []
    for day in (days.OUTAGE, days.TWELVE, days.TEN):
        world.day(day)
        seen.append(re.search(r"prazo de (\d+) dias", text(world, "mo-instructions-pt-demo"))[1])
    assert seen == ["10", "12", "10"]


def test_a_redesign_changes_all_markup_and_no_word(world):
    old, words = text(world, "us-trade-barriers-cn-demo"), rule_text(world, "us-trade-barriers-cn-demo")
    world.day(days.REDESIGN)
    new = text(world, "us-trade-barriers-cn-demo")
    assert "<table" in old and "<table" not in new and "<section" in new
    assert rule_text(world, "us-trade-barriers-cn-demo") == words


def test_the_consultation_comes_with_its_deadline_and_the_api_lists_a_rule(world):
    world.day(days.CONSULTATION)
    assert "Comments may be sent until 5 November 2025" in text(world, "eu-board-feed-demo")
    newest = json.loads(text(world, "us-register-demo"))["results"][0]
    assert (newest["document_number"], newest["type"]) == ("2025-19001", "Rule")


def test_a_quiet_week_brings_nothing(world):
    world.day(days.PRESS)
    before = {
        source_id: rule_text(world, source_id, charset="gb18030" if source_id.startswith("cn") else "utf-8")
        for source_id in declared(world)
        if "register" not in source_id
    }
    world.day(days.STILL_QUIET)
    del before["tw-transfer-act-demo"]  # down on that day
    for source_id, lines in before.items():
        after = rule_text(world, source_id, charset="gb18030" if source_id.startswith("cn") else "utf-8")
        assert [line for line in after if line not in lines] == [], source_id


# ------------------------------------------------------------------------------------------- editions

EDITIONS = {
    "eu-board-guidelines-final-demo": days.FINAL,
    "us-trade-barriers-cn-2026-demo": days.REPORT,
    "us-trade-barriers-tw-2026-demo": days.REPORT,
}


def paragraphs(world, source_id):
    """The lines of a page without the numbers before them."""
    return [re.sub(r"^\d+\. ", "", line) for line in rule_text(world, source_id)]


def of_edition(world, source_id):
    """What an edition leaves out and what it brings; titles bear the year or the draft mark."""
    world.day(EDITIONS[source_id])
    old = paragraphs(world, declared(world)[source_id].succeeds)
    new = paragraphs(world, source_id)
    gone, came = [line for line in old if line not in new], [line for line in new if line not in old]
    return [line for line in gone if line.endswith(".")], [line for line in came if line.endswith(".")]


def test_an_edition_is_declared_and_served_from_its_day_on_and_the_earlier_one_stays(world):
    for source_id, day in EDITIONS.items():
        world.day(day)
        edition = declared(world)[source_id]
        earlier = declared(world)[edition.succeeds]
        before = rule_text(world, earlier.id)
        assert get(world, edition.url)[0] == 200
        world.day(day - 1)
        assert source_id not in declared(world)
        assert get(world, edition.url)[0] == 404
        assert rule_text(world, earlier.id) == before


def test_comments_made_one_should_a_shall_removed_a_paragraph_and_added_one(world):
    gone, came = of_edition(world, "eu-board-guidelines-final-demo")
    amended = [line for line in gone if line.replace(" should ", " shall ") in came]
    assert (len(gone), len(came), len(amended)) == (2, 2, 1)


def test_the_next_report_drops_a_barrier_adds_one_and_changes_a_figure(world):
    gone, came = of_edition(world, "us-trade-barriers-cn-2026-demo")
    figures = [line for line in gone if line.replace("1,000,000", "500,000") in came]
    assert (len(gone), len(came), len(figures)) == (2, 2, 1)
    gone, came = of_edition(world, "us-trade-barriers-tw-2026-demo")
    assert (len(gone), len(came)) == (1, 1)
    assert "must work through a local partner" in came[0]


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """The home that a demo leaves, with all that it printed."""
    home, stream = tmp_path_factory.mktemp("demo") / "home", io.StringIO()
    assert demo.play(stream=stream, fast=True, home=home) == 0
    return home, stream.getvalue()


@pytest.fixture(scope="module")
def told(kept):
    return kept[1]


def scene(told, title):
    """What is printed between this title and the next one."""
    return told.partition(f": {title}\n")[2].partition("\n── ")[0]


def test_the_demo_says_in_a_line_what_the_operator_declares(told):
    for source_id in EDITIONS:
        assert told.count(f"The operator declares {source_id}, which succeeds ") == 1


def test_an_edition_is_told_against_the_one_it_succeeds_with_what_was_removed_struck(told):
    final = scene(told, "Four months on: a draft is final")
    assert "next edition of “Draft guidelines on transfers: version for public consultation”" in final
    assert "[-should-]{+shall+}" in final
    assert re.search(r"\[-8\. Encryption is an effective [^\]]*-\]", final)
    assert re.search(r"new duty: Cloud services: \{\+16\. ", final)
    report = scene(told, "The next edition of the yearly report")
    assert report.count("next edition of “Report on barriers 2025: ") == 2
    assert re.search(r"\[-Maps, health records[^\]]*-\]", report)
    added = re.findall(r"^  new duty: [^{]*\{\+[^}]*cloud service providers from abroad must work through a local", report, flags=re.M)
    assert len(added) == 2
    assert "market access" in report


def test_each_alert_says_what_to_do_by_which_rule_and_why_it_is_for_this_reader(told):
    alerts = re.findall(r"^[●↳] (\w+) · .*?\n\n", told, flags=re.M | re.S)
    assert set(alerts) == {"ACT", "PLAN"}
    assert len(re.findall(r"^  (?:ACT|PLAN) \([^)]+\) · for you because your flow ", told, flags=re.M)) == len(alerts)
    assert "ACT (in force 2025-10-02)" in scene(told, "A new measure")


def test_a_second_source_that_speaks_of_the_same_act_is_told_as_a_reply(told):
    first = re.search(r"Prohibition of Certain Transfers.*?(#change:\d+)", scene(told, "A consultation"), flags=re.S)[1]
    reply = re.search(r"^↳ .*?welcomes.*?\n  same act as (#change:\d+)", scene(told, "Press"), flags=re.M | re.S)[1]
    assert first == reply


def test_what_lies_outside_the_footprint_waits_for_the_digest(told):
    assert scene(told, "10 becomes 12").count("for the digest (outside the footprint)") == 2
    assert "●" not in scene(told, "10 becomes 12")
    digest = scene(told, "Monday morning").partition("the weekly digest")[2].partition("\n   ─ ")[0]
    assert "Gabinete de Dados" in digest.partition("OUTSIDE YOUR FOOTPRINT")[2]


def test_the_demo_acknowledges_looks_ahead_and_shows_the_same_alert_on_slack(told):
    assert "acknowledges change 17. Alerts that wait for an answer: 0." in scene(told, "A new measure")
    monday = scene(told, "Monday morning")
    assert "2025-10-02 (in 3 days) in force: Ministry" in monday
    assert "2 changes seen in the 2 of 2 sources" in monday.partition("regwatch state CN")[2]
    assert "~可以~*应当*" in monday and "[Acknowledge] [Not relevant]" in monday


def test_what_cannot_be_read_is_named_at_once_and_in_the_digest(told):
    assert "not clear: HK." in scene(told, "An outage")
    assert scene(told, "Monday morning").count("not clear: TW.") >= 1
    assert "Not clear, because a source that matters there could not be read: Taiwan." in told


def test_a_kept_demo_has_its_digest_as_a_mail_and_as_pages(kept):
    home, told = kept
    names = {path.name for path in (home / "digest").iterdir()}
    assert names == {"digest.eml", "digest.html", "digest.txt"}
    assert all(str(home / "digest" / name) in told for name in names)


def test_nothing_else_is_told_on_the_days_of_the_editions_and_nothing_after(told):
    final = re.findall(r"● (\S+)", scene(told, "Four months on: a draft is final"))
    assert final == ["PLAN", "In"]  # the draft's final text, and a reminder
    assert scene(told, "The next edition of the yearly report").count("●") == 2
    for quiet in ("A quiet week", "Still quiet"):
        assert "Nobody is alerted: no change seen in the 18 of 18 sources" in scene(told, quiet)
