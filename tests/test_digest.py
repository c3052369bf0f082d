"""Digests: once per period whatever the clock does, short however much happened, and honest about what was not seen."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import digest
from bot.cli import main
from bot.digest import Entry, Seen, contents, count, cut, period, week
from bot.errors import OperatorError
from bot.messages import mail
from bot.messages.posts import plain_message
from bot.model import Ahead, Coverage, DatedQuote, Force, Review, Rhythm, Source, Standing, Subscription
from tests.scenes import Scene, rule
from tests.site import Site
from tests.slack_double.blockkit_strict import check_message, lint_message
from tests.slack_scenes import CHANNEL, OTHER, slack_scene
from tests.smtp_double import Smtp

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago",
         "Australia/Lord_Howe", "America/Santiago"]  # fmt: skip
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))
RHYTHMS = st.builds(Rhythm, st.sampled_from(digest.DAYS), st.integers(0, 23), st.sampled_from(ZONES))

# ------------------------------------------------------------------------------------------------ periods


@given(RHYTHMS, MOMENTS)
def test_every_moment_lies_in_one_period_and_they_leave_nothing_out(rhythm: Rhythm, now: datetime) -> None:
    since, until = period(rhythm, now=now)
    assert since < until <= now
    assert period(rhythm, now=until) == (since, until)
    assert period(rhythm, now=until - timedelta(seconds=1))[1] == since
    assert now < period(rhythm, now=until + timedelta(days=7, hours=3))[1]


@given(RHYTHMS, MOMENTS)
def test_a_period_ends_at_its_hour_of_its_weekday_as_the_clocks_there_show_it(rhythm: Rhythm, now: datetime) -> None:
    until = period(rhythm, now=now)[1].astimezone(ZoneInfo(rhythm.zone))
    assert digest.DAYS[until.weekday()] == rhythm.day
    assert until.hour == rhythm.hour or until.hour == rhythm.hour + 1  # an hour that was skipped


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)], ids=["skipped hour", "doubled hour"])
@pytest.mark.parametrize("hour", [1, 2, 3])
def test_a_week_in_which_the_clocks_change_has_one_period(day: date, hour: int) -> None:
    rhythm = Rhythm("sun", hour, "Europe/Berlin")
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    ends = {period(rhythm, now=start + timedelta(minutes=15 * step))[1] for step in range(4 * 48)}
    assert len(ends) == 2  # that of the week before, and this one


@pytest.mark.parametrize(
    ("text", "first"),
    [("2026-W47", date(2026, 11, 16)), ("2026-W53", date(2026, 12, 28)), ("2027-W01", date(2027, 1, 4))],
)
def test_a_named_week_is_that_of_iso_8601(text: str, first: date) -> None:
    since, until = week(text, zone="Asia/Tokyo")
    assert since == datetime(first.year, first.month, first.day, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert until - since == timedelta(days=7)


@pytest.mark.parametrize("text", ["2026-47", "2027-W53", "2026-W00", "x", "0000-W01", "2026-W٤٧"])
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(OperatorError, match="is not a week; say it like 2026-W47"):
        week(text)


# ------------------------------------------------------------------------------------------------ words

TEXTS = st.text(st.sampled_from("ab ,.一二三“”é\u0301\U00020000 "), max_size=200)


@given(TEXTS, st.integers(0, 40))
def test_a_text_is_cut_to_so_many_words_at_its_beginning(text: str, words: int) -> None:
    made = cut(text, words)
    assert count(made) <= max(words, 0) + 1  # the … of a text without spaces
    assert made == text or text.startswith(made.removesuffix("…"))


UNTIL = datetime(2026, 11, 23, 7, tzinfo=UTC)
SOURCES = (
    Source("cn-rules", "https://cn.example", title="Rules", jurisdiction="CN", must_watch=True),
    Source("cn-list", "https://cn.example/list", jurisdiction="CN", enabled=False, off_reason="robots"),
    Source("eu-list", "https://eu.example", jurisdiction="EU"),
)
COVERAGE = Coverage(
    UNTIL,
    watched=("cn-rules", "eu-list"),
    read=("eu-list",),
    blocked=(Standing("cn-rules", cause="blocked", failing_since=UNTIL - timedelta(days=3)),),
    off=(("cn-list", "robots"),),
    blind=("CN",),
)
NAMES = {"CN": "mainland China", "EU": "European Union", "US": "United States"}


def entry(number: int, **fields: object) -> Entry:
    values: dict[str, object] = {
        "change": number,
        "at": UNTIL - timedelta(hours=number),
        "headline": f"Authority {number}: guidelines on transfers to third countries were amended in many places",
        "verdict": "relevant",
        "severity": ("act", "plan", "know")[number % 3],
        "rule": "in force 2026-12-01",
        "source": "Guidelines, recommendations and best practices of the Board",
        "url": f"https://eu.example/{number}",
        "page": f"https://watch.example.org/change/{number}",
        "jurisdictions": (("EU", "CN", "US")[number % 3 - 1],),
        "force": (Force("modality", "may", "shall"),),
        "quote": "Operators shall file a security assessment with the authority before information leaves. " * 5,
        "dates": (DatedQuote("effective", date(2026, 12, 1), "in force on 1 December"),),
        "status": "alerted 2026-11-17, open 6 days",
    }
    return Entry(**(values | fields))  # type: ignore[arg-type]


def ahead(number: int) -> Ahead:
    dated = DatedQuote("deadline", date(2026, 12, 1) + timedelta(days=number), "by then")
    return Ahead(dated, number, "eu-list", UNTIL, "Consultation on measures for certification", "relevant", ("CN",))


def made(entries: list[Entry], **parts: object) -> digest.Contents:
    values: dict[str, object] = {
        "since": UNTIL - timedelta(days=7),
        "until": UNTIL,
        "now": UNTIL,
        "zone": "Europe/Berlin",
        "ahead": [],
        "seen": Seen(COVERAGE, SOURCES, "no change seen in the 1 of 2 sources we could read.", 120, 4),
        "weekly": {"CN": {date(2026, 11, 16): 3, date(2026, 9, 7): 1}, "EU": {date(2026, 11, 9): 2}},
        "names": NAMES,
        "pages": {},
        "more_link": "https://watch.example.org/search",
    }
    return contents(entries, **(values | parts))  # type: ignore[arg-type]


def opening(text: str) -> str:
    """The act part and the dates ahead, as a reader of the text sees them."""
    parts = re.split(r"\n(?=[^\n]+\n-{4,}\n)", text)
    return "\n".join(part for part in parts if part.startswith(("NEEDS ACTION", "DATES AHEAD")))


CONTINUED = "Also needs action"
WORDY = {"rule": "a long reason " * 20, "status": "status " * 50, "headline": "word " * 100, "source": "title " * 60}


@pytest.mark.parametrize("fields", [{}, WORDY, {"quote": "数据出境安全评估" * 100, "headline": "公告" * 80}])
@pytest.mark.parametrize("number", [0, 1, 12, 300])
def test_however_much_happened_it_is_read_in_two_minutes_and_cut_off_by_no_client(
    number: int, fields: dict[str, str]
) -> None:
    it = made([entry(n, **fields) for n in range(number)], ahead=[ahead(n) for n in range(min(number, 40))])
    letter = mail.digest_letter(it)
    assert len(opening(letter.text).split()) <= 400 and count(opening(letter.text)) <= 420
    assert len(letter.html.encode()) < 102_000
    sections = [it.act, *it.sections, it.review]
    assert all(len(section.shown) <= 10 for section in sections if section.title != CONTINUED)
    assert sum(len(one.shown) + one.more for one in sections) == number
    for shown in (one for section in sections for one in section.shown):
        said = [shown.headline, *("".join(run.text for run in line) for line in shown.lines)]
        assert count(" ".join(said)) <= 60
    assert letter.subject.startswith("RegWatch, week 47: " + (f"{number} change" if number else "no change seen"))
    assert len(letter.subject) <= 60


def test_whatever_needs_action_stands_in_the_mail_and_what_has_no_day_is_due_at_once() -> None:
    undated = {"severity": "act", "dates": (), "rule": "a route is annulled", "headline": "The framework is annulled"}
    entries = [entry(n, severity="act", headline=f"Order number {n} is in force") for n in range(30)]
    it = made([*entries, entry(99, **undated), *(entry(n, severity="plan") for n in range(40, 60))])
    letter = mail.digest_letter(it)
    assert it.act.shown[0].headline == "The framework is annulled"
    for n in range(30):
        said = f"Order number {n} is in force"
        assert letter.text.count(said) == letter.html.count(said) == 1
    assert f"{it.act.below} more below" in letter.text and f"{it.act.below} more below" in letter.html
    assert letter.text.index(CONTINUED.upper()) < letter.text.index("PLAN:")


@pytest.mark.parametrize("fields", [{}, WORDY])
def test_in_a_chat_a_digest_keeps_to_what_slack_takes_and_its_proof_is_never_cut_off(fields: dict[str, str]) -> None:
    places = [Source(f"s{n}", "https://s.example", jurisdiction=f"X{n}", enabled=False) for n in range(60)]
    seen = Seen(COVERAGE, (*SOURCES, *places), "no change seen in the 1 of 2 sources we could read.", 120, 4)
    message = mail.digest_message(made([entry(n, **fields) for n in range(300)], seen=seen))
    sent = {"channel": "C1", "unfurl_links": False, "unfurl_media": False, **plain_message(message)}
    assert check_message(sent)[0] is None and not lint_message(sent)
    text = "\n".join("".join(run.text for run in line) for line in message.lines)
    assert len(text) <= 9_000 and text.startswith("100 act, ")
    assert "Proof of coverage" in text and "no change seen in the 1 of 2 sources" in text and "not legal advice" in text
    assert re.search(r"\n\d+ more[^\n]*: https://watch.example.org/search", text)


def test_counts_come_first_and_what_needs_action_comes_before_everything_else() -> None:
    it = made([entry(n) for n in range(1, 8)] + [entry(9, verdict="uncertain", severity="plan")])
    text = mail.digest_letter(it).text
    assert text.splitlines()[3] == "2 act, 3 plan, 2 know, 1 blind"
    titles = re.findall(r"\n([^\n]+)\n-{4,}\n", text)
    assert titles[0] == "NEEDS ACTION"
    assert titles.index("FOR REVIEW: WE ARE NOT CERTAIN") > titles.index("EUROPEAN UNION")
    assert titles[-2:] == ["CHANGES PER JURISDICTION, THE LAST 12 WEEKS", "PROOF OF COVERAGE"]


def test_an_amendment_is_said_in_words_and_by_more_than_colour() -> None:
    letter = mail.digest_letter(made([entry(3)]))
    assert "Was: may. Now: shall" in letter.text
    assert re.search(r"<del style=\"[^\"]*line-through[^\"]*\">may</del>", letter.html)
    assert re.search(r"<ins style=\"[^\"]*underline[^\"]*\">shall</ins>", letter.html)


def test_a_digest_names_what_was_not_seen_by_jurisdiction_and_the_weeks_in_a_table() -> None:
    seen = Seen(COVERAGE, SOURCES, "no change seen in the 1 of 2 sources we could read.", 120, 4, lag="it took a day")
    letter = mail.digest_letter(made([], seen=seen))
    text = " ".join(letter.text.split())
    assert "no change seen, 1 blind" in letter.subject
    assert "Not clear, because a source that matters there could not be read: mainland China." in text
    assert "mainland China: 0 of 1 watched sources read. NOT CLEAR. Not read: cn-rules (a challenge or" in text
    assert "came instead, since 2026-11-20), cn-list (off: robots)." in text
    assert "Every source read: European Union." in text
    assert "120 looks in this period, of which 4 could not be read. In the last 30 days it took a day." in text
    assert "no change seen in the 1 of 2 sources" in text and "monitoring report, not legal advice" in text
    row = next(line for line in letter.text.splitlines() if line.startswith("mainland China  "))
    assert row.split()[2:] == ["1", *["."] * 9, "3", ".", "4"] or row.split()[-1] == "4"
    assert letter.html.count("<th scope") == 12 + 2 + 2


def test_what_lies_outside_the_footprint_is_kept_apart_and_never_dropped() -> None:
    it = made([entry(1), entry(2, inside=False, severity="know")])
    assert it.counts[:3] == (0, 1, 0) and [one.headline[:11] for one in it.outside.shown] == ["Authority 2"]


def test_what_several_sources_say_of_one_act_is_one_entry_that_names_them() -> None:
    (one, other) = digest.folded([entry(1, source="A"), entry(2, source="B"), entry(4, source="C")], {1: 9, 2: 9})
    assert {one.change, other.change} == {1, 4} and other.also + one.also == ("B",)


# ------------------------------------------------------------------------------------------------ through the App


@pytest.fixture
def weekly(tmp_path: Path, site: Site) -> Scene:
    """A page that is watched, and a mail server that is never asked."""
    return Scene(tmp_path / "home", site, smtp_url="smtp://127.0.0.1:1", mail_from="bot@example.org")


def subscribe(scene: Scene, **fields: object) -> int:
    values: dict[str, object] = {"mode": "digest", "rhythm": Rhythm("mon", 9, "Europe/Berlin")}
    return scene.app.subscribe(Subscription(0, "email", "reader@example.org", **(values | fields)))  # type: ignore[arg-type]


def text_of(scene: Scene, number: int) -> str:
    """The text of the newest digest that was kept."""
    import msgspec

    from bot.model import Message

    kept = scene.app.store.digests(number, limit=1)[0]
    return mail.unpack(msgspec.json.decode(kept.content, type=Message).rich).text


def flat(text: str) -> str:
    return " ".join(text.split())


def drained(scene: Scene) -> int:
    return len(list(scene.app.digest_all()))


def test_a_digest_comes_once_a_week_and_after_downtime_one_that_leaves_nothing_out(weekly: Scene) -> None:
    number = subscribe(weekly)
    weekly.site.publish("/law", rule())
    weekly.look()
    assert drained(weekly) == 0  # the week is not over
    weekly.site.publish("/law", rule("shall"))
    weekly.look(days=1)
    weekly.pass_time(days=4)  # Monday 9 November, 08:00 UTC is 09:00 in Berlin
    assert [drained(weekly) for _ in range(3)] == [1, 0, 0]
    assert "Was: may. Now: shall" in text_of(weekly, number)
    assert "ALREADY THERE" in text_of(weekly, number)  # the first digest alone
    weekly.app.close()
    weekly.site.publish("/law", rule("must"))
    weekly.pass_time(days=23)
    weekly.app = weekly.open()
    weekly.app.run_once()
    assert [drained(weekly) for _ in range(3)] == [1, 0, 0]
    (last, before, begun) = weekly.app.store.digests(number)
    assert (last.since, last.until) == (before.until, datetime(2026, 11, 30, 8, tzinfo=UTC)) and not begun.content
    weekly.pass_time(days=7)
    assert drained(weekly) == 1
    assert "operator must file" in text_of(weekly, number) and "ALREADY THERE" not in text_of(weekly, number)
    rows = weekly.app.store.deliveries(subscription=number)
    assert [row.kind for row in rows] == ["digest"] * 3 and len({row.subject for row in rows}) == 3
    weekly.app.close()


def test_an_empty_week_is_sent_and_says_why_or_is_not_sent_by_choice(weekly: Scene) -> None:
    loud, rhythm = subscribe(weekly), Rhythm("mon", 9, "Europe/Berlin", empty=False)
    silent = weekly.app.subscribe(Subscription(0, "email", "other@example.org", mode="digest", rhythm=rhythm))
    weekly.app.declare([*weekly.sources, weekly.page("/menu", id="menu", title="Canteen", topics=())])
    weekly.site.publish("/law", rule())
    weekly.site.publish("/menu", "<main><h1>Canteen</h1><p>There is soup on Mondays.</p></main>")
    weekly.look()
    weekly.pass_time(days=5)
    drained(weekly)  # the first ones tell what was there
    weekly.site.publish("/menu", "<main><h1>Canteen</h1><p>There is salad on Mondays.</p></main>")
    weekly.look(days=4)
    weekly.pass_time(days=3)
    assert drained(weekly) == 2 and drained(weekly) == 0
    told = [len(weekly.app.store.deliveries(subscription=number)) for number in (loud, silent)]
    assert told == [2, 1]
    text = " ".join(text_of(weekly, loud).split())
    assert "Nothing that you asked for changed in what we could read" in text
    assert "1 other change was judged not relevant" in text and "looks in this period" in text
    weekly.app.close()


def test_a_paused_or_muted_reader_gets_nothing_of_it_and_what_is_muted_is_named(weekly: Scene) -> None:
    number = subscribe(weekly)
    weekly.site.publish("/law", rule())
    weekly.look()
    weekly.app.mute(number, "law")
    weekly.app.pause(number, until=weekly.now + timedelta(days=8))
    weekly.pass_time(days=6)
    assert drained(weekly) == 0
    weekly.pass_time(days=3)
    assert drained(weekly) == 1
    text = " ".join(text_of(weekly, number).split())
    assert "ALREADY THERE" not in text and "Muted by you: law." in text
    weekly.app.close()


def test_a_verdict_that_a_person_turns_is_corrected_once_in_the_next_digest(weekly: Scene) -> None:
    number = subscribe(weekly)
    weekly.site.publish("/law", rule())
    weekly.look()
    weekly.site.publish("/law", rule("shall"))
    weekly.look(days=1)
    weekly.pass_time(days=5)
    drained(weekly)
    ((change, _),) = weekly.changes("source")
    weekly.app.store.add_review(Review(change.id, weekly.app.store.actor("Jo"), weekly.now, "not_relevant", "a typo"))
    said = []
    for _ in range(2):
        weekly.pass_time(days=7)
        drained(weekly)
        said.append("We told it as relevant; it is not relevant (a person said so)." in flat(text_of(weekly, number)))
    assert said == [True, False]
    weekly.app.close()


def test_an_empty_digest_counts_what_a_person_put_aside(weekly: Scene) -> None:
    number = subscribe(weekly)
    weekly.site.publish("/law", rule())
    weekly.look()
    weekly.pass_time(days=5)
    drained(weekly)
    weekly.site.publish("/law", rule("shall"))
    weekly.look(days=1)
    ((change, _),) = weekly.changes("source")
    weekly.app.store.add_review(Review(change.id, weekly.app.store.actor("Jo"), weekly.now, "not_relevant", "a typo"))
    weekly.pass_time(days=7)
    drained(weekly)
    text = flat(text_of(weekly, number))
    assert "1 other change was marked not relevant by a person" in text and "no other change was seen" not in text
    assert "1 change seen in the" in text and "no change seen" not in text  # it was seen all the same
    assert "mainland China . . . . . . . . . . . 1 1" in text
    weekly.app.close()


def test_what_was_alerted_is_open_or_acknowledged_and_who_did_it_is_named_in_their_place_only(weekly: Scene) -> None:
    number = subscribe(weekly)
    weekly.subscribe()  # somebody on the console is alerted at once
    elsewhere = next(one.id for one in weekly.app.subscriptions() if one.id != number)
    weekly.site.publish("/law", rule())
    weekly.look()
    weekly.site.publish("/law", rule("shall"))
    weekly.look(days=1)
    weekly.pass_time(days=4)
    drained(weekly)
    assert "alerted 2026-11-05, open 4 days" in text_of(weekly, number)
    ((change, _),) = weekly.changes("source")
    weekly.app.handle(change.id, "acknowledged", actor="Ann Other", subscription=elsewhere)
    text = weekly.app.digest_text(number)
    assert "acknowledged elsewhere, 2026-11-09" in text and "Ann" not in text
    assert "acknowledged by Ann Other, 2026-11-09" in weekly.app.digest_text(elsewhere)
    weekly.app.handle(change.id, "acknowledged", actor="Jo Doe", subscription=number)
    text = weekly.app.digest_text(number)
    assert "acknowledged by Jo Doe, 2026-11-09" in text and "Ann" not in text
    weekly.app.close()


def test_what_is_judged_after_its_digest_is_in_the_next_one(weekly: Scene) -> None:
    number = subscribe(weekly)
    weekly.site.publish("/law", rule())
    weekly.look()
    weekly.site.publish("/law", rule("shall"))
    weekly.pass_time(days=1)
    list(weekly.app.check())  # seen in time, judged late
    weekly.pass_time(days=4)
    drained(weekly)
    assert "Was: may" not in text_of(weekly, number)
    list(weekly.app.judge_all())
    weekly.pass_time(days=7)
    drained(weekly)
    assert "Was: may. Now: shall" in text_of(weekly, number)
    weekly.app.close()


def test_a_digest_and_an_escalation_on_slack_are_whole_messages_there(tmp_path: Path, site: Site) -> None:
    with slack_scene(tmp_path / "home", site) as scene:
        asks = Subscription(0, "slack", CHANNEL, answer_within=24)
        scene.app.subscribe(asks)
        scene.app.subscribe(Subscription(0, "slack", OTHER, mode="digest"))
        scene.start()
        scene.news()
        scene.drain(hours=1)
        scene.pass_time(days=8)
        list(scene.app.digest_all())
        list(scene.app.remind_all())
        scene.drain(minutes=1)
        (digest_post,) = scene.double.messages(OTHER)
        told = json.dumps(digest_post["blocks"], ensure_ascii=False)
        assert "Proof of coverage" in told and "became ‘shall’" in told
        alert, escalation = scene.double.messages(CHANNEL)
        assert escalation["thread_ts"] == alert["ts"] and "Open for 192 hours" in escalation["text"]
        assert scene.double.lints == []
        rows = scene.app.store.deliveries(subject="change:2")
        assert [(row.kind, row.state) for row in rows] == [("post", "done"), ("escalate", "done")]


def test_a_digest_on_the_console_is_lines(weekly: Scene) -> None:
    weekly.subscribe(mode="digest")
    weekly.site.publish("/law", rule())
    weekly.look()
    weekly.pass_time(days=14)
    drained(weekly)
    list(weekly.app.deliver_all())
    told = weekly.told()
    assert "● RegWatch, " in told and "Proof of coverage" in told and "not legal advice" in told
    weekly.app.close()


def test_what_goes_wrong_for_one_reader_stops_nobody_else(weekly: Scene, caplog: pytest.LogCaptureFixture) -> None:
    broken = Subscription(0, "email", "broken@example.org", mode="digest", rhythm=Rhythm("mon", 9, "Nowhere/Land"))
    weekly.app.store.subscribe(broken, now=weekly.now)
    number = subscribe(weekly)
    weekly.site.publish("/law", rule())
    weekly.look()
    weekly.pass_time(days=6)
    assert [drained(weekly) for _ in range(3)] == [1, 0, 0]
    assert "ALREADY THERE" in text_of(weekly, number)
    assert [record.message for record in caplog.records] == [
        "digest of subscription 1: 'Nowhere/Land' is no time zone; say one like Europe/Berlin"
    ]
    weekly.app.close()


def test_a_real_law_amended_week_by_week_arrives_in_mails_that_quote_it_word_for_word(
    corpus: Path, tmp_path: Path, site: Site
) -> None:
    versions = sorted((corpus / "histories" / "jp-appi-act").glob("*.md"))[:4]
    with Smtp() as double:
        scene = Scene(tmp_path / "home", site, smtp_url=f"smtp://127.0.0.1:{double.port}", mail_from="bot@example.org")
        law = scene.page("/law.md", title="個人情報保護法", jurisdiction="JP", language="ja", type="markdown")
        scene.app.declare([law])
        subscribe(scene)
        for version in versions:
            site.publish("/law.md", version.read_bytes(), type="text/markdown; charset=utf-8")
            scene.look()
            scene.pass_time(days=5)
            list(scene.app.digest_all())
            list(scene.app.deliver_all())
        scene.app.close()
    mails = double.mails("reader@example.org")
    assert len(mails) == len(versions) and len({one["Message-ID"] for one in mails}) == len(versions)
    assert not any(part.defects for one in mails for part in one.walk())
    printed = "".join("".join(one.read_text(encoding="utf-8").replace("*", "").split()) for one in versions)
    texts = [one.get_body(("plain",)).get_content() for one in mails]  # type: ignore[union-attr]
    assert "\nJAPAN → ANYWHERE" in texts[1].replace("\r", "") and "New: 第二十四条（外国にある第三者へ" in texts[1]
    quotes = [one.strip("…") for one in re.findall(r"“(.+?)”", "".join("".join(texts).split()))]
    assert quotes and all(one in printed for one in quotes)


def test_a_digest_that_is_sent_to_somebody_else_lets_nobody_end_the_subscription(tmp_path: Path, site: Site) -> None:
    there = {"smtp_url": "smtp://127.0.0.1:1", "mail_from": "bot@example.org", "public_url": "https://watch.example.org"}
    scene = Scene(tmp_path / "home", site, **there)
    number = subscribe(scene)
    for to, is_own in (("", True), ("reader@example.org", True), ("other@example.org", False)):
        letter = mail.unpack(scene.app.digest_mail(number, to=to).message.rich)
        assert ("List-Unsubscribe" in dict(letter.headers)) == ("/unsubscribe/" in letter.text + letter.html) == is_own
    scene.app.close()


def test_who_comes_back_or_changes_to_digests_begins_anew(weekly: Scene) -> None:
    number = subscribe(weekly)
    weekly.site.publish("/law", rule())
    weekly.look()
    weekly.pass_time(days=5)
    assert drained(weekly) == 1
    weekly.app.unsubscribe(number)
    weekly.site.publish("/law", rule("shall"))
    weekly.look(days=1)
    weekly.pass_time(days=60)
    assert subscribe(weekly) == number and drained(weekly) == 0
    weekly.pass_time(days=7)
    assert drained(weekly) == 1 and "Was: may" not in text_of(weekly, number)
    subscribe(weekly, mode="instant")
    weekly.pass_time(days=60)
    subscribe(weekly)
    assert drained(weekly) == 0
    weekly.app.close()


# ------------------------------------------------------------------------------------------------ at the front door


@pytest.fixture
def home(weekly: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with one change of last week, and an operator who stands in it."""
    weekly.site.publish("/law", rule())
    weekly.now = datetime.now(UTC) - timedelta(days=9)
    weekly.app.run_once()
    weekly.app.subscribe(Subscription(0, "email", "old@example.org", mode="digest"))
    weekly.site.publish("/law", rule("shall"))
    weekly.look(days=4)
    weekly.app.close()
    (tmp_path / "sources.toml").write_text(
        f'[law]\ntitle = "Export measures"\njurisdiction = "CN"\nurl = "{weekly.site.url("/law")}"\ntype = "page"\n'
    )
    monkeypatch.chdir(tmp_path)
    return weekly.home


def test_the_command_prints_a_week_writes_it_as_files_and_sends_it(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(home), "digest"]) == 0
    said = capsys.readouterr().out
    assert "Was: may. Now: shall" in said
    (named,) = re.findall(r"^   Change (\d+)$", said.partition("ALREADY THERE")[0], re.MULTILINE)  # there are no pages
    assert main(["--home", str(home), "review", named, "relevant"]) == 0
    capsys.readouterr()
    assert main(["--home", str(home), "digest", "--json"]) == 0
    counted = json.loads(capsys.readouterr().out)
    assert (counted["act"], counted["plan"], counted["know"]) == (0, 1, 0) and "sources we could" in counted["coverage"]
    assert main(["--home", str(home), "digest", "--week", "2016-W10"]) == 0
    early = flat(capsys.readouterr().out)
    assert "Nothing was looked at between 2016-03-07 00:00 and" in early and "Blind spots" not in early
    assert "not watched We did not watch yet in this period" in early and "0 act" not in early
    named = f"{(datetime.now(UTC) - timedelta(days=5)):%G-W%V}"
    assert main(["--home", str(home), "digest", "--week", named, "--out", str(tmp_path / "out")]) == 0
    files = {path.suffix: path for path in (tmp_path / "out").iterdir()}
    assert {path.name for path in files.values()} == {f"digest-{named}{ending}" for ending in (".eml", ".html", ".txt")}
    read = message_from_bytes(files[".eml"].read_bytes(), policy=policy.default)
    assert read["Subject"].startswith(f"RegWatch, week {int(named[-2:])}: 1 change")
    assert files[".html"].read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    capsys.readouterr()
    assert main(["--home", str(home), "digest", "--to", "reader@example.org"]) == 2
    assert "e-mail is not set up; set REGWATCH_SMTP_URL" in capsys.readouterr().err
    with Smtp() as double:
        monkeypatch.setenv("REGWATCH_SMTP_URL", f"smtp://127.0.0.1:{double.port}")
        monkeypatch.setenv("REGWATCH_MAIL_FROM", "bot@example.org")
        assert main(["--home", str(home), "digest", "jurisdiction:CN", "--to", "reader@example.org"]) == 0
    (got,) = double.mails("reader@example.org")
    assert got["Message-ID"] in capsys.readouterr().out


def test_a_service_that_runs_once_sends_what_is_due_and_no_more(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REGWATCH_MAIL_FROM", "bot@example.org")
    monkeypatch.setenv("REGWATCH_ALLOW_NETS", "127.0.0.0/8")
    words = ["mode:digest", "day:mon", "hour:8", "zone:Europe/Berlin", "empty:no"]
    with Smtp() as double:
        monkeypatch.setenv("REGWATCH_SMTP_URL", f"smtp://127.0.0.1:{double.port}")
        assert main(["--home", str(home), "subscribe", "email:not-an-address", *words]) == 2
        assert "is not a mail address" in capsys.readouterr().err
        assert main(["--home", str(home), "subscribe", "email:new@example.org", *words]) == 0
        assert f"email new@example.org {' '.join(words)}" in capsys.readouterr().out
        for _ in range(2):
            assert main(["--home", str(home), "run", "--once"]) == 0
    (sent,) = double.mails()  # the first week of the new one is not over
    assert sent["To"] == "old@example.org" and sent["Subject"].startswith("RegWatch, week ")
    capsys.readouterr()
    assert main(["--home", str(home), "digest", "--subscription", "77"]) == 2
    assert "there is no subscription 77" in capsys.readouterr().err
