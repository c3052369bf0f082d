"""Alarms: the owner hears of what lasts, once, in one notice, and once when it is over; restarts change nothing."""

from __future__ import annotations

import re
import shutil
import sqlite3
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from bot import alarms
from bot.alarms import Noise, Trouble, Vitals
from bot.errors import FetchError
from bot.lag import Sight, lags
from bot.model import Source, Standing, Subscription
from bot.scheduler import limits
from tests.scenes import Broken, Scene, rule
from tests.site import Site
from tests.smtp_double import Smtp

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GIGABYTES = 10**11


@pytest.fixture
def three(tmp_path: Path, site: Site) -> Iterator[Scene]:
    """Three pages, read once."""
    scene = Scene(tmp_path / "home", site)
    scene.sources = tuple(scene.page(f"/{one}", id=one, title="") for one in "abc")
    scene.app.declare(scene.sources)
    for one in "abc":
        site.publish(f"/{one}", good(one))
    scene.look()
    told(scene)
    yield scene
    scene.app.close()


def good(name: str) -> str:
    return rule(more=f"<p>Page {name} has a few words of its own.</p>")


def told(scene: Scene) -> list[str]:
    """What the owner is told now: the lines of the notices."""
    list(scene.app.alarm_all())
    list(scene.app.deliver_all())
    lines = re.sub(r" *#alarms:\S*", "", scene.told()).splitlines()  # without the console's markers
    return [line for line in lines if line.strip()]


def fail(scene: Scene, *names: str, hours: int = 30, status: int = 500) -> None:
    """These fail, look by look, for so long."""
    for name in names:
        scene.site.publish(f"/{name}", "", status=status)
    for _ in range(hours // 2):
        scene.look(hours=2)


# ------------------------------------------------------------------------------------------------ sources


def test_a_source_that_fails_is_told_after_three_looks_and_six_hours_once_and_when_it_is_over(three: Scene) -> None:
    fail(three, "a", hours=2)
    assert three.app.standings()["a"].streak <= 2 and told(three) == []
    fail(three, "a", hours=30)
    three.app.close()
    three.app = three.open()  # a restart tells nobody twice
    first, *rest = told(three)
    assert first.startswith("● a: http: the server answered with an error status, since 2026-11-0")
    assert "looks in a row" in first and "regwatch history a" in rest[0]
    three.app.close()
    three.app = three.open()
    assert told(three) == []
    three.site.publish("/a", good("a"))
    three.look()
    (line,) = told(three)
    assert line.startswith("● a is read again (in trouble since 2026-11-0")
    assert told(three) == []


def test_what_fails_at_once_is_one_notice_that_lists_all(three: Scene) -> None:
    fail(three, "a", "b", "c")
    lines = told(three)
    assert lines[0] == "● RegWatch: 3 things need a look"
    assert [line.split(":")[0].strip() for line in lines[1:]] == ["• a", "• b", "• c"]
    three.site.publish("/a", good("a"))
    fail(three, hours=48)
    (over,) = told(three)
    assert over.startswith("● a is read again")


def test_a_crash_between_two_alarms_of_a_notice_loses_none(three: Scene) -> None:
    fail(three, "a", "b")
    next(three.app.alarm_all())  # and no further
    three.app.close()
    three.app = three.open()
    lines = "\n".join(told(three))
    assert "a: http" in lines and "b: http" in lines
    assert set(three.app.alarms()) == {"source:a", "source:b"}


def standing(name: str = "a", *, ago: timedelta = HOUR, **fields: object) -> Standing:
    made = Standing(name, NOON - ago, NOON - ago, NOON - 90 * DAY, NOON - 40 * DAY)
    return replace(made, **fields)  # type: ignore[arg-type]


def failing(name: str = "a", *, looks: int = 3, hours: float = 7, cause: str = "http", **fields: object) -> Standing:
    since = NOON - hours * HOUR
    made = standing(name, streak=looks, cause=cause, failing_since=since, last_check=NOON, last_good=since - HOUR)
    return replace(made, **fields)  # type: ignore[arg-type]


def source(name: str = "a", **fields: object) -> Source:
    return replace(Source(name, f"https://{name}.example/", every=6 * HOUR), **fields)  # type: ignore[arg-type]


def ripe(*pairs: tuple[Source, Standing], caught_up: bool = True) -> list[Trouble]:
    sources, standings = [one for one, _ in pairs], {two.source_id: two for _, two in pairs}
    troubles = alarms.of_sources(sources, standings, now=NOON, caught_up=caught_up)
    return [one for one in troubles if one.ripe]


@pytest.mark.parametrize(
    ("declared", "stands", "is_told"),
    [
        (source(), failing(looks=2, hours=48), False),
        (source(), failing(looks=9, hours=5), False),
        (source(), failing(), True),
        (source(must_watch=True), failing(looks=2, hours=1), True),
        (source(must_watch=True), failing(looks=1, hours=9), False),
        (source(), failing(looks=2, hours=3, cause="blocked"), True),
        (source(), failing(looks=5, hours=12, last_good=None), False),
        (source(), failing(looks=5, hours=24, last_good=None), True),
        (source(enabled=False), failing(), False),
    ],
    ids=["two looks", "five hours", "usual", "must-watch", "one look", "blocked", "unproven", "never read", "off"],
)
def test_patience_is_of_looks_and_of_time(declared: Source, stands: Standing, is_told: bool) -> None:
    assert bool(ripe((declared, stands))) is is_told


def test_a_blocked_source_is_told_with_the_way_out() -> None:
    (trouble,) = ripe((source(), failing(cause="blocked")))
    assert "a challenge or a firewall page came instead" in trouble.text
    assert "regwatch import a FILE" in trouble.advice


def test_a_stale_source_is_told_only_once_the_first_pass_after_a_start_is_over() -> None:
    pair = (source(), standing(ago=3 * DAY))
    assert ripe(pair, caught_up=False) == []
    (trouble,) = ripe(pair)
    assert trouble.text.startswith("a: no good look since 2026-10-30 12:00 UTC")


def test_a_source_that_is_silent_for_longer_than_usual_is_told() -> None:
    (trouble,) = ripe((source(expect_change_every=30 * DAY), standing()))
    assert trouble.subject == "quiet:a" and "no change since 2026-09-23" in trouble.text
    assert not ripe((source(expect_change_every=50 * DAY), standing()))


def test_when_nearly_all_fail_on_the_way_our_own_line_is_told_and_no_source() -> None:
    names = "abcdef"
    pairs = [(source(name), failing(name, cause="dns")) for name in names]
    (trouble,) = ripe(*pairs)
    assert trouble.subject == "line" and trouble.text.startswith("6 of 6 sources cannot be reached")
    refused = [(source(name), failing(name, cause="http")) for name in names]
    assert [one.subject for one in ripe(*refused)] == [f"source:{name}" for name in names]


def test_a_source_that_is_switched_off_meanwhile_is_over_as_such() -> None:
    news = alarms.news([], {"source:a": NOON, "channel:slack": NOON, "source:gone": NOON})
    assert [subject for subject, _ in news.over] == ["source:a", "source:gone"]
    said = alarms.notice(news, known={"a": source(enabled=False)})
    assert "a is no longer watched" in said and "gone is no longer watched" in said


# ------------------------------------------------------------------------------------------------ noise


def page(number: int, *, dish: str = "soup", rest: str = "") -> str:
    flowers = ("roses", "tulips", "ferns", "moss", "oaks", "elms", "ivy", "figs", "yews", "reeds")
    return (
        f"<main><h1>Service</h1><p>The canteen offers dish number {number * 37} today: {dish}.</p>"
        f'<p class="hint">Read about {flowers[number]} in the garden magazine of our staff.</p>'
        f"<p>Nothing else is here, and nothing of it was ever wanted by anybody.</p>{rest}</main>"
    )


def noisy(scene: Scene, *, days: int = 9, rest: str = "") -> None:
    """Another page comes to stay at the address of a, and then changes a little every day."""
    scene.site.publish("/a", page(0, rest=rest.format(number=0)))
    for _ in range(4):  # a page that is another one altogether is waited for
        scene.look(hours=25)
    for number in range(days):
        scene.site.publish("/a", page(number, rest=rest.format(number=number)))
        scene.look(hours=25)


def test_a_noisy_source_is_told_with_rules_that_do_hush_it(three: Scene) -> None:
    noisy(three)
    assert sum(change.source_id == "a" for change, _ in three.changes("source")) >= alarms.UNWANTED
    lines = "\n".join(told(three))
    assert "none of them wanted" in lines and "would have hushed" in lines
    rules = tomllib.loads("\n".join(re.findall(r"(?:ignore|remove) = \[.*?\](?= and | would)", lines)))
    three.sources = tuple(
        replace(one, **{key: tuple(values) for key, values in rules.items()}) if one.id == "a" else one
        for one in three.sources
    )
    three.app.declare(three.sources)
    three.look(hours=25)
    before = len(three.changes("source"))
    three.site.publish("/a", page(9))
    three.look(hours=25)
    assert len(three.changes("source")) == before
    three.pass_time(days=8)
    assert any("a is quiet again" in line for line in told(three))


def test_a_source_of_which_somebody_wants_something_is_not_noisy(three: Scene) -> None:
    noisy(three)
    wanted = [change for change, _ in three.changes("source") if change.source_id == "a"][-1]
    three.app.handle(wanted.id, "relevant", actor="ada")
    assert told(three) == []


def test_new_items_on_a_list_are_no_noise(tmp_path: Path, site: Site) -> None:
    scene = Scene(tmp_path, site, Source("news", site.url("/news"), type="list", items="li", spacing=0.0))
    for last in range(3, 12):
        items = "".join(f'<li><a href="/n/{n}">The canteen in week {n}</a></li>' for n in range(last, 0, -1))
        site.publish("/news", f"<main><h1>News</h1><ul>{items}</ul></main>")
        scene.look(hours=25)
    assert len(scene.changes("source")) >= alarms.UNWANTED and told(scene) == []
    scene.app.close()


def test_without_a_rule_that_helps_none_is_proposed() -> None:
    (trouble,) = alarms.of_noise([Noise("a", 6)], {"a": source()})
    assert "would have" not in trouble.advice and "regwatch changes --source a" in trouble.advice


# ------------------------------------------------------------------------------------------------ the bot itself


@pytest.mark.parametrize(
    ("vitals", "subject", "words"),
    [
        (Vitals(NOON, 400_000_000), "disk", "Only 400 MB are free"),
        (Vitals(NOON, GIGABYTES, last_look=NOON + DAY), "clock", "The clock was set back"),
        (Vitals(NOON, GIGABYTES, oldest_due=NOON - HOUR), "outbox", "wait for delivery since 2026-11-02 11:00"),
        (Vitals(NOON, GIGABYTES, doubtful=1), "doubt", "1 message may or may not have arrived"),
        (Vitals(NOON, GIGABYTES, dead=2), "dead", "2 messages were given up within a week"),
        (Vitals(NOON, GIGABYTES, oldest_unjudged=NOON - HOUR), "judging", "wait to be judged"),
        (Vitals(NOON, GIGABYTES, late={"looks": NOON - 2 * HOUR}), "drain:looks", "Looking has come to no end"),
        (
            Vitals(NOON, GIGABYTES, late={"delivering:email": NOON - HOUR}),
            "drain:delivering:email",
            "Delivering to email has come to no end since 2026-11-02 11:00",
        ),
        (Vitals(NOON, GIGABYTES, ledger="ledger entry 7: the chain is broken"), "ledger", "ledger entry 7"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_troubles_of_the_bot_itself_are_told_and_end(vitals: Vitals, subject: str, words: str) -> None:
    begun = alarms.news(alarms.of_ourselves(vitals), {})
    assert [one.subject for one in begun.begun] == [subject] and words in alarms.notice(begun, known={})
    over = alarms.news(alarms.of_ourselves(Vitals(NOON, GIGABYTES, last_look=NOON, ledger="")), {subject: NOON})
    assert [name for name, _ in over.over] == [subject]
    assert alarms.notice(over, known={}).endswith("(in trouble since 2026-11-02 12:00 UTC)")


def test_what_is_in_between_neither_begins_nor_ends() -> None:
    between = list(alarms.of_ourselves(Vitals(NOON, 700_000_000)))
    assert not alarms.news(between, {}) and not alarms.news(between, {"disk": NOON})


def test_a_message_that_waits_for_half_an_hour_is_told_and_one_that_waited_for_a_start_is_not(three: Scene) -> None:
    three.app.channels["slack"] = Broken()
    three.subscribe("slack")
    del three.app.channels["slack"]  # the operator took its token away
    three.site.publish("/a", rule("shall"))
    three.look()
    three.pass_time(hours=5)
    assert told(three) == []
    three.pass_time(minutes=31)
    assert told(three)[0].startswith("● Messages wait for delivery since")


def test_the_owner_is_told_of_a_ledger_that_does_not_verify(three: Scene) -> None:
    list(three.app.keep_all())
    assert told(three) == []
    with sqlite3.connect(three.home / "regwatch.db") as db:
        db.execute("UPDATE version SET at = at + 1 WHERE id = 1")
    db.close()
    list(three.app.keep_all())
    assert told(three)[0] == "● The record is not as it was written: ledger entry 2: version 1 is not what was recorded"


def test_a_drain_that_comes_to_no_end_is_told_by_the_next_round_of_alarms(three: Scene) -> None:
    three.app.pulse.limits = limits(["console"])
    three.app.pulse.drained = dict.fromkeys(three.app.pulse.limits, three.now)
    three.pass_time(minutes=20)
    late = ["delivering:console", "digests", "judging", "reminders"]
    assert sorted(three.app.alarm_all()) == [f"drain:{name}" for name in late]


def test_notices_go_where_the_owner_wants_them(tmp_path: Path, site: Site) -> None:
    with Smtp() as smtp:
        mail = {"smtp_url": f"smtp://127.0.0.1:{smtp.port}", "mail_from": "bot@example.org"}
        scene = Scene(tmp_path, site, **mail, owner="email:ops@example.org")
        site.publish("/law", rule())
        scene.look()
        fail(scene, "law")
        assert told(scene) == []
        (letter,) = [message_from_bytes(content, policy=policy.default) for _, content in smtp.taken]
        scene.app.close()
    assert letter["To"] == "ops@example.org" and "law (Export measures): http" in letter["Subject"]
    assert "regwatch history law" in letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_a_message_that_a_server_refuses_for_good_is_told_to_the_owner(tmp_path: Path, site: Site) -> None:
    with Smtp(lambda to, n: "rcpt 5" if to.startswith("gone") else "") as smtp:
        mail = {"smtp_url": f"smtp://127.0.0.1:{smtp.port}", "mail_from": "bot@example.org"}
        scene = Scene(tmp_path, site, **mail)
        scene.app.subscribe(Subscription(0, "email", "gone@example.org"))
        for modal in ("may", "shall"):
            site.publish("/law", rule(modal))
            scene.look()
        assert told(scene)[0] == "● 1 message was given up within a week"
        scene.pass_time(days=8)
        scene.app.run_once()
        assert told(scene)[-1].startswith("● No message was given up within a week")
        scene.app.close()


# ------------------------------------------------------------------------------------------------ the heartbeat


def test_the_heartbeat_address_is_asked_every_five_minutes(tmp_path: Path, site: Site) -> None:
    site.publish("/beat", "ok", etag=False)
    scene = Scene(tmp_path, site, heartbeat_url=site.url("/beat"))
    for _ in range(11):
        list(scene.app.beat())
        scene.pass_time(minutes=1)
    assert len(site.asked("/beat")) == 3
    site.publish("/beat", "", status=500)
    scene.pass_time(minutes=5)
    with pytest.raises(FetchError) as failed:
        list(scene.app.beat())
    assert "/beat" not in str(failed.value), "the address is a secret"
    scene.app.close()


# ------------------------------------------------------------------------------------------------ lag


def test_lag_is_the_median_and_the_worst_and_names_the_worst() -> None:
    day = date(2026, 11, 2)
    sights = [Sight("a", n, day, day + timedelta(days=late)) for n, late in enumerate((0, 0, 1, 9), 1)]
    found = lags([*sights, Sight("b", 5, day + DAY, day), Sight("c", 6, day, day)])
    assert found.overall == (5, 0, 9, 4) and found.by_source["a"] == (4, 0.5, 9, 4)
    assert "b" not in found.by_source, "what is dated after we saw it is no date of publication"
    assert found.sentence() == (
        "5 dated items seen after the publisher's own date by 0 days in the median, 9 days at worst (change 4)"
    )


def test_lag_is_known_of_dated_items_that_appeared_since_we_look(tmp_path: Path, site: Site) -> None:
    def listing(*items: tuple[int, str]) -> str:
        rows = "".join(f'<li><a href="/n/{n}">Notice {n} on transfers</a> <time>{day}</time></li>' for n, day in items)
        return f"<main><h1>Notices</h1><ul>{rows}</ul></main>"

    scene = Scene(tmp_path, site, Source("n", site.url("/n"), type="list", items="li", jurisdiction="CN", spacing=0.0))
    site.publish("/n", listing((1, "2026-10-01")))
    scene.look(hours=1)
    assert scene.app.lag().overall is None, "a baseline is not late"
    site.publish("/n", listing((3, "2026-11-03"), (2, "2019-01-01"), (1, "2026-10-01")))
    scene.pass_time(days=3)
    scene.now = scene.now.replace(hour=20)  # the 5th in London, the 6th in Beijing
    scene.app.run_once()
    lag = scene.app.lag().overall
    assert lag and (lag.items, lag.worst) == (1, 3), "2019 is before we looked"
    assert scene.app.figures().lags.overall == lag
    scene.app.close()


def test_figures_are_given_again_for_a_quarter_of_a_minute(three: Scene) -> None:
    first = three.app.figures()
    three.look()
    three.now -= timedelta(days=2)
    assert three.app.figures() is first
    three.pass_time(days=2)
    assert three.app.figures().totals.looks > first.totals.looks
    assert three.app.figures().free <= shutil.disk_usage(three.home).total
