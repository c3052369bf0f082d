"""The product's promises (docs/promises.md), one scene each, driven through App over a real local publisher."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bot import coverage
from bot.model import Source, Standing
from tests.scenes import MONDAY, Broken, Scene, followed_list, listing, rule
from tests.site import Site
from tests.test_web import ask, served

CHALLENGE = "<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1></body></html>"


def rows(scene: Scene, table: str) -> int:
    with sqlite3.connect(scene.home / "regwatch.db") as db:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_1_every_check_leaves_a_row_also_a_failed_one(scene: Scene) -> None:
    scene.site.publish("/law", rule())
    scene.look()
    scene.site.publish("/law", CHALLENGE, status=403)
    scene.look()
    scene.site.remove("/law")
    scene.look()
    assert [(row.outcome, row.cause) for row in reversed(scene.app.history("law")[1])] == [
        ("first", ""),
        ("failed", "blocked"),
        ("failed", "not found"),
    ]


def test_2_a_snapshot_and_what_is_derived_from_it_are_one_transaction(scene: Scene) -> None:
    scene.site.publish("/law", rule())
    scene.look()
    scene.site.publish("/law", rule("shall"))
    with sqlite3.connect(scene.home / "regwatch.db") as db:
        db.execute("CREATE TRIGGER stop BEFORE INSERT ON change BEGIN SELECT RAISE(ABORT, 'stop'); END")
    with pytest.raises(Exception, match="stop"):
        scene.look()
    assert (rows(scene, "snapshot"), rows(scene, "version"), rows(scene, "change")) == (1, 1, 1)


def test_3_ten_twelve_ten_is_two_changes(scene: Scene) -> None:
    for fee in ("10", "12", "10"):
        scene.site.publish("/law", rule(more=f"<p>The filing fee for a transfer is {fee} euro.</p>"))
        scene.look()
    assert len(scene.changes("source")) == 2


@pytest.mark.parametrize(
    ("body", "status", "cause"),
    [
        (CHALLENGE, 200, "blocked"),
        ("<html><title>Sign in</title><form><input type=password></form></html>", 200, "login"),
        ("<html><title>Site under maintenance</title><h1>We are down for maintenance</h1></html>", 200, "maintenance"),
        ("<html><title>Page not found</title><h1>404 - Page not found</h1></html>", 200, "soft 404"),
        ("<html><body><div id=root></div><script src=/app.js></script></html>", 200, "js shell"),
        ("", 200, "empty"),
        ("<main><h1>Measures on the export of personal information</h1><p>See below.</p></main>", 200, "sudden shrink"),
    ],
)  # fmt: skip
def test_4_a_page_that_cannot_be_read_is_failed_and_the_way_back_is_nothing_new(
    scene: Scene, body: str, status: int, cause: str
) -> None:
    page = rule(
        more="".join(f"<p>Provision {n} says what a transfer abroad requires of operator {n}.</p>" for n in range(40))
    )
    scene.site.publish("/law", page)
    scene.look()
    scene.site.publish("/law", body, status=status)
    (failed,) = scene.look()
    assert (failed.kind, failed.look.cause) == ("failed", cause)
    scene.site.publish("/law", page)
    assert scene.kinds() == ["same"]
    assert len(scene.changes()) == 1
    assert scene.told() == ""


PROVISIONS = "".join(
    f"<p>Provision {n} says what is required of the operator {n} by which the data are to be transferred abroad.</p>"
    for n in range(40)
)
SHRUNKEN = "<main><h1>Measures on the export of personal information</h1><p>See below.</p></main>"
ELSEWHERE = "<main><h1>Maßnahmen zur Ausfuhr personenbezogener Daten</h1>{}</main>".format(
    "".join(
        f"<p>Die Vorschrift {n} regelt, was für den Betreiber {n} gilt, von dem die Daten in das Ausland gehen.</p>"
        for n in range(40)
    )
)
STRANGE = [(SHRUNKEN, "sudden shrink"), (ELSEWHERE, "wrong language")]


@pytest.mark.parametrize(("body", "cause"), STRANGE, ids=["shrunken", "flipped"])
def test_4_however_often_we_look_within_hours_a_strange_text_is_not_believed(
    scene: Scene, body: str, cause: str
) -> None:
    scene.site.publish("/law", rule(more=PROVISIONS))
    scene.look()
    scene.site.publish("/law", body)
    assert again(scene, times=5, minutes=3) == [("failed", cause)] * 5
    scene.site.publish("/law", rule(more=PROVISIONS))
    assert again(scene, times=1, minutes=3) == [("same", "")]
    assert len(scene.changes()) == 1 and scene.told() == ""


@pytest.mark.parametrize(("body", "cause"), STRANGE, ids=["shrunken", "flipped"])
def test_4_a_strange_text_that_stays_for_two_days_and_three_looks_is_believed(
    scene: Scene, body: str, cause: str
) -> None:
    scene.site.publish("/law", rule(more=PROVISIONS))
    scene.look()
    scene.site.publish("/law", body)
    assert again(scene, times=3, hours=23) == [("failed", cause)] * 3  # the third look, but only 46 hours
    assert again(scene, times=1, hours=3) == [("changed", "")]


def test_4_two_looks_are_too_few_however_far_apart(scene: Scene) -> None:
    scene.site.publish("/law", rule(more=PROVISIONS))
    scene.look()
    scene.site.publish("/law", SHRUNKEN)
    assert again(scene, times=3, days=5) == [("failed", "sudden shrink")] * 2 + [("changed", "")]


def test_4_a_good_look_in_between_starts_the_count_anew(scene: Scene) -> None:
    whole = rule(more=PROVISIONS)
    scene.site.publish("/law", whole)
    scene.look()
    kinds: list[str] = []
    for body in (SHRUNKEN, SHRUNKEN, whole, SHRUNKEN, SHRUNKEN, whole):
        scene.site.publish("/law", body)
        kinds += [kind for kind, _ in again(scene, times=1, days=2)]
    assert kinds == ["failed", "failed", "same"] * 2
    assert len(scene.changes()) == 1 and scene.told() == ""


def again(scene: Scene, *, times: int, **time: float) -> list[tuple[str, str]]:
    """Look so many times, so far apart, due or not; how each look went, and why it failed."""
    went: list[tuple[str, str]] = []
    for _ in range(times):
        scene.pass_time(**time)
        went += [(one.kind, one.look.cause) for one in scene.app.run_once([scene.sources[0].id])]
    return went


def test_4_quite_another_text_is_waited_for_and_believed_after_two_days(tmp_path: Path, site: Site) -> None:
    scene, story = Scene(tmp_path, site), "<p>Roads, bridges and trains of the region: story {}.</p>"
    scene.subscribe()
    site.publish("/law", rule())
    scene.look()
    front = "<main><h1>Welcome to the Ministry</h1>" + "".join(map(story.format, range(8))) + "</main>"
    for other in ('{"error":"rate limited"}', "<main><p>Please accept cookies to go on.</p></main>", front):
        site.publish("/law", other)
        assert scene.kinds() == ["failed"]
    site.publish("/law", rule())
    assert scene.kinds() == ["same"] and not scene.told()
    site.publish("/law", front)
    assert [scene.kinds() for _ in range(3)] == [["failed"], ["failed"], ["changed"]]
    scene.app.close()


def test_5_our_own_edits_are_recorded_told_to_nobody_and_hide_nothing(scene: Scene) -> None:
    scene.site.publish("/law", rule(more="<p class=note>Ministry press service, export of personal information.</p>"))
    scene.look()
    scene.app.close()
    scene.sources = (scene.page(remove=(".note",)),)
    scene.app = scene.open()
    scene.site.publish(
        "/law", rule("shall", more="<p class=note>Ministry press service, export of personal information.</p>")
    )
    scene.look()
    assert [change.cause for change, _ in scene.changes()] == ["baseline", "extractor", "source"]
    (theirs, _) = scene.changes("source")[0]
    assert len([edit for edit in theirs.edits if edit.counted]) == 1
    told = scene.told()
    assert "shall" in told and "press service" not in told


def test_5_a_reading_that_is_not_ours_to_redo_is_not_redone(scene: Scene) -> None:
    scene.site.publish("/law", rule())
    scene.look()
    assert [outcome.upgrade for outcome, _ in scene.app.reread()] == []


def test_6_one_change_is_told_once_however_often_the_drains_run(scene: Scene) -> None:
    scene.site.publish("/law", rule())
    scene.look()
    scene.site.publish("/law", rule("shall"))
    scene.look()
    for _ in range(3):
        list(scene.app.judge_all())
        list(scene.app.deliver_all())
    list(scene.app.rejudge(tell=True))
    list(scene.app.deliver_all())
    assert scene.told().count("change:2") == 1


def test_6_a_message_cut_off_by_a_crash_is_told_again_and_marked(scene: Scene) -> None:
    scene.site.publish("/law", rule())
    scene.look()
    scene.site.publish("/law", rule("shall"))
    scene.pass_time(days=2)
    list(scene.app.check())
    list(scene.app.judge_all())
    (row,) = scene.app.store.outbox(now=scene.now)
    scene.app.store.claim(row, b"", now=scene.now)  # … and here the power goes
    scene.app.close()
    scene.app = scene.open()
    list(scene.app.deliver_all())
    assert "possibly repeated" in scene.told()


def test_7_a_dead_channel_and_a_broken_source_stop_nobody_else(tmp_path: Path, site: Site) -> None:
    scene = Scene(tmp_path, site)
    broken = Broken()
    scene.app.channels["pager"] = broken
    scene.app.declare([scene.page("/nowhere", id="broken"), *scene.sources])
    scene.subscribe("pager")
    scene.subscribe()
    site.publish("/law", rule())
    scene.look()
    site.publish("/law", rule("shall"))
    assert sorted(scene.kinds()) == ["changed", "failed"]
    assert broken.tried == 1 and "shall" in scene.told()
    assert [(one.state, one.attempts) for one in scene.app.outbox()] == [("queued", 1)]
    scene.app.close()


def test_8_every_change_has_a_verdict_with_reasons_for_ever(scene: Scene) -> None:
    scene.site.publish("/law", rule())
    scene.look()
    scene.site.publish("/law", rule(more="<p>The canteen of the ministry is closed on Friday.</p>"))
    scene.look()
    for change, finding in scene.changes():
        assert finding is not None and finding.ruleset
        assert "told: " in scene.app.why(change.id)


def test_8_what_never_counts_has_its_reason_too(scene: Scene) -> None:
    articles = [f"<p>Operators in sector {name} keep records of each transfer abroad.</p>" for name in ("A", "B", "C")]
    scene.site.publish("/law", rule(more="".join(articles)))
    scene.look()
    scene.site.publish("/law", rule(more="".join([articles[2], articles[0], articles[1]])))
    (outcome,) = scene.look()
    assert outcome.kind == "same"
    moved = [change for change in scene.app.store.changes(counted=False) if change.cause == "source"]
    assert moved and all("Nothing that counts differs" in scene.app.why(change.id) for change in moved)


def test_9_silence_never_hides_blindness(tmp_path: Path, site: Site) -> None:
    scene = Scene(tmp_path, site)
    manual = scene.page(id="by-hand", enabled=False, off_reason="manual")
    blocked = scene.page("/blocked", id="gazette", must_watch=True, jurisdiction="MO")
    scene.app.declare([*scene.sources, manual, blocked])
    site.publish("/law", rule())
    site.publish("/blocked", CHALLENGE, status=403)
    scene.look()
    sentence = scene.app.coverage_sentence(since=MONDAY + timedelta(days=3))
    assert sentence.startswith("no change seen in the 1 of 2 sources we could read between")
    assert "gazette (a challenge or a firewall page came instead, since" in sentence
    assert "by-hand (manual)" in sentence
    assert scene.app.coverage().blind == ("MO",)
    scene.app.close()


def test_9_a_stand_in_that_is_read_keeps_a_jurisdiction_from_being_blind() -> None:
    page = Source("gazette", "http://a.example/", jurisdiction="MO", must_watch=True, enabled=False, off_reason="js")
    api = Source("api", "http://b.example/", jurisdiction="MO", stands_in_for=("gazette",))
    read = {"api": Standing("api", last_check=MONDAY, last_good=MONDAY)}
    assert coverage.coverage([page, api], read, now=MONDAY).blind == ()


def test_9_what_was_not_looked_at_in_time_is_said(scene: Scene) -> None:
    scene.site.publish("/law", rule())
    scene.look()
    scene.pass_time(days=4)  # nobody looks
    assert scene.app.coverage().read == ()
    sentence = scene.app.coverage_sentence(since=MONDAY)
    assert "0 of 1 sources" in sentence
    assert "not read: law (no look in time, since 2026-11-04 08:00 UTC)" in sentence


def test_9_a_source_that_is_silent_for_too_long_is_said(tmp_path: Path, site: Site) -> None:
    scene = Scene(tmp_path, site)
    scene.sources = (scene.page(expect_change_every=timedelta(days=5)),)
    scene.app.declare(scene.sources)
    site.publish("/law", rule())
    scene.look()
    site.publish("/law", rule("shall"))
    scene.look()
    scene.look(days=4)
    assert "quiet" not in scene.app.coverage_sentence(since=MONDAY)
    scene.look(days=2)
    assert "suspiciously quiet: law (no change since 2026-11-06 08:00 UTC)" in scene.app.coverage_sentence(since=MONDAY)
    scene.app.close()


def test_10_nothing_scraped_can_act_on_a_terminal(scene: Scene) -> None:
    scene.site.publish("/law", rule())
    scene.look()
    hostile = (
        "<p>Transfers of personal information abroad \x1b]0;owned\x07\x1b[2J \u202egnp.exe "
        "&lt;script&gt;alert(1)&lt;/script&gt; shall be assessed.</p>"
    )
    scene.site.publish("/law", rule(more=hostile))
    scene.look()
    told = scene.told()
    assert "shall be assessed" in told
    assert not {"\x1b", "\x07", "\u202e"} & set(told)


def test_10_nothing_scraped_can_act_in_a_browser(scene: Scene) -> None:
    scene.site.publish("/law", rule())
    scene.look()
    hostile = (
        "<p>Transfers of personal information abroad &lt;script&gt;alert(1)&lt;/script&gt; "
        "&lt;img src=x onerror=alert(2)&gt; shall be assessed.</p>"
    )
    scene.site.publish("/law", rule(more=hostile))
    scene.look()
    with served(scene) as server:
        pages = [ask(server, path)[2] for path in ("/", "/change/2")]
    assert "&lt;script&gt;alert(1)" in pages[1] and "&lt;img src=x" in pages[1]
    assert not any(tag in page.lower() for page in pages for tag in ("<script", "<img"))


def test_11_the_chain_of_evidence_names_the_first_broken_row(scene: Scene) -> None:
    scene.site.publish("/law", rule())
    scene.look()
    assert scene.app.store.verify() == ""
    with sqlite3.connect(scene.home / "regwatch.db") as db:
        db.execute("UPDATE version SET at = at + 1")
    assert "version" in scene.app.store.verify()
    # what a stranger verifies: tests/test_evidence.py


def test_12_a_baseline_is_known_and_dated_and_alerts_nobody(scene: Scene) -> None:
    scene.site.publish("/law", rule())
    scene.look()
    ((change, finding),) = scene.changes()
    assert change.cause == "baseline" and finding is not None
    assert scene.told() == ""
    assert [hit.change for hit in scene.app.search("security assessment")] == [change.id]


@pytest.fixture
def followed(tmp_path: Path, site: Site) -> Scene:
    scene = Scene(tmp_path, site, followed_list(site))
    scene.subscribe()
    site.publish("/list", listing(3, 2, 1))
    scene.look()
    return scene


def test_12_a_new_item_is_told_with_its_document_and_old_items_are_never_followed(followed: Scene, site: Site) -> None:
    site.publish("/item/4", rule("shall"))
    site.publish("/list", listing(4, 3, 2, 1))
    followed.look()
    told = followed.told()
    assert "security assessment" in told and "Notice 4" in told
    assert told.count("#change") == 1
    assert "published 2026-11-04 (by the list)" in told  # by its list: the document gives no day
    assert not site.asked("/item/1")
    followed.app.close()


def test_12_of_new_items_whose_links_lead_to_no_page_that_is_the_reason(followed: Scene, site: Site) -> None:
    site.publish("/item/4", "<main><h1>Not found here</h1></main>", status=500)
    site.publish("/list", listing(4, 5, 3, 2, 1).replace("/item/5", "javascript:open(5)"))
    followed.look()
    for _ in range(3):
        followed.look(hours=9)
    told = followed.told()
    assert "1 further new item was not asked for: their links lead to no page" in " ".join(told.split())
    assert "too many at once" not in told
    followed.app.close()


def test_12_a_document_that_is_followed_no_more_keeps_its_name_and_is_not_looked_at(
    followed: Scene, site: Site
) -> None:
    site.publish("/item/4", rule("shall"))
    site.publish("/list", listing(4, 3, 2, 1))
    followed.look()
    (change,) = [change for change, _ in followed.changes("new")]
    followed.look(days=400)
    asked = len(site.asked("/item/4"))
    followed.look(days=30)
    made, _ = followed.app.show(change.id)
    assert len(site.asked("/item/4")) == asked and made.source.id not in followed.app.sources()
    assert made.source.title.startswith("Notice 4") and made.source.url == site.url("/item/4")
    assert made.source.language == followed.app.named(made.source.id).language == "en"
    followed.app.close()


def test_12_a_document_that_cannot_be_read_is_said_with_the_headline(followed: Scene, site: Site) -> None:
    site.publish("/list", listing(4, 3, 2, 1))
    followed.look()
    assert followed.told() == ""  # it waits for the document …
    followed.look(hours=3)
    told = followed.told()
    assert "Notice 4" in told and "could not be read" in told
    followed.app.close()


def test_12_three_failed_looks_at_the_document_end_the_wait_before_two_hours_do(followed: Scene, site: Site) -> None:
    site.publish("/list", listing(4, 3, 2, 1))
    followed.look()
    for minutes in (38, 76):  # the document is looked at again after about half an hour, then after about an hour
        assert followed.told() == ""
        followed.look(minutes=minutes)
    assert [one.outcome for one in followed.app.history(document(followed))[1]] == ["failed"] * 3
    told = followed.told()
    assert "Notice 4" in told and "could not be read" in told
    followed.app.close()


def document(followed: Scene) -> str:
    """The one derived source."""
    (derived,) = followed.app.store.derived()
    return derived.id


@pytest.mark.parametrize(
    "instead",
    [
        "<p>There are no notices at the moment.</p>",
        "<p>Updated on Friday.</p><ul class=news></ul>",
        "<ul class=news><li>No notices on the export of personal data.</li></ul>",
    ],
)
def test_4_a_list_without_its_items_is_failed_and_they_do_not_come_back_as_new(
    followed: Scene, site: Site, instead: str
) -> None:
    site.publish("/list", f"<main><h1>Notices</h1>{instead}</main>")
    assert again(followed, times=3, minutes=5) == [("failed", "no items")] * 3
    site.publish("/list", listing(3, 2, 1))
    assert again(followed, times=1, minutes=5) == [("same", "")]
    assert [change.cause for change, _ in followed.changes()] == ["baseline"]
    assert followed.told() == "" and not site.asked("/item/3")
    followed.app.close()


def test_12_a_document_that_succeeds_another_is_compared_with_it(tmp_path: Path, site: Site) -> None:
    scene = Scene(tmp_path, site)
    scene.subscribe()
    site.publish("/law", rule())
    scene.look()
    scene.app.declare([*scene.sources, scene.page("/final", id="final", succeeds="law")])
    site.publish("/final", rule("shall"))
    scene.look()
    ((change, _),) = scene.changes("edition")
    assert [edit.kind for edit in change.edits if edit.counted] == ["replace"]
    assert "shall" in scene.told()
    scene.app.close()


def test_13_a_person_can_be_forgotten_and_the_chain_still_holds(scene: Scene) -> None:
    scene.site.publish("/law", rule())
    scene.look()
    scene.app.review(1, "not_relevant", actor="Ann Example", remark="we have no entity there")
    with sqlite3.connect(scene.home / "regwatch.db") as db:
        ledger = " ".join(str(row) for row in db.execute("SELECT * FROM ledger"))
    assert "Ann" not in ledger and "entity" not in ledger
    assert [name for name, _ in scene.app.people()] == ["Ann Example"]
    scene.app.forget("Ann Example")
    assert scene.app.people() == ()
    assert [(one.says, one.remark) for one in scene.app.store.reviews(1)] == [("not_relevant", "")]
    assert scene.app.store.verify() == ""


def test_gone_is_said_once_after_three_looks_over_two_days(tmp_path: Path, site: Site) -> None:
    scene = Scene(tmp_path, site)
    scene.app.declare([*scene.sources, scene.page("/other", id="other")])
    site.publish("/law", rule())
    site.publish("/other", rule())
    scene.look()
    site.remove("/law")
    kinds = []
    for _ in range(4):
        scene.pass_time(hours=25)
        kinds += [outcome.kind for outcome in scene.app.run_once(["law", "other"]) if outcome.source_id == "law"]
    assert kinds == ["failed", "failed", "gone", "failed"]
    assert len(scene.changes("gone")) == 1
    scene.app.close()
