"""The operator's door: what is printed where, exit codes, JSON Lines, and what happens on a bad day."""

from __future__ import annotations

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import COMMANDS, HELP, main
from tests.scenes import rule
from tests.site import Site

ROOT = Path(__file__).parents[1]

SOURCE = """
[{id}]
title = "Export measures"
authority = "Ministry of Data"
jurisdiction = "CN"
url = "{url}"
type = "page"
language = "en"
every = "6h"
topics = ["transfer_general"]
"""


@dataclass
class Said:
    """What one command came to."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.splitlines()]


class Terminal:
    """A directory with sources.toml over a local publisher, and somebody who types commands."""

    def __init__(self, folder: Path, site: Site, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.site, self._capsys = folder, site, capsys
        self.home = folder / "var"
        self.declare("law")

    def declare(self, *ids: str, more: str = "") -> None:
        tables = "".join(SOURCE.format(id=one, url=self.site.url(f"/{one}")) for one in ids)
        hosts = f'[hosts."127.0.0.1:{self.site.port}"]\nspacing = 0\n'
        (self.folder / "sources.toml").write_text(hosts + tables + more, encoding="utf-8")

    def type(self, *words: str) -> Said:
        """Run a command in this process."""
        self._capsys.readouterr()
        code = main(words)
        said = self._capsys.readouterr()
        return Said(code, said.out, said.err)

    def start(self, *words: str, **options: object) -> subprocess.Popen[str]:
        """Run a command in a process of its own."""
        environment = {**os.environ, "REGWATCH_ALLOW_NETS": "127.0.0.0/8", **options.pop("environment", {})}  # type: ignore[dict-item]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8", **options}
        command = [sys.executable, "-m", "bot", *words]
        environment["PYTHONPATH"] = str(ROOT)
        return subprocess.Popen(command, cwd=self.folder, env=environment, **streams)  # type: ignore[call-overload,no-any-return]

    def amended(self) -> None:
        """A baseline, then one word of it amended: change 2."""
        self.site.publish("/law", rule())
        self.type("check")
        self.site.publish("/law", rule("shall"))
        self.type("check", "law")


@pytest.fixture
def terminal(
    tmp_path: Path, site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Terminal]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REGWATCH_ALLOW_NETS", "127.0.0.0/8")
    yield Terminal(tmp_path, site, capsys)


# ------------------------------------------------------------------------------------------------ help


def test_help_names_every_command_with_what_it_does(terminal: Terminal) -> None:
    said = terminal.type("--help")
    assert said.code == 0 and set(HELP) == set(COMMANDS)
    for name, words in HELP.items():
        assert f"  {name} " in said.out and words[:40] in said.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(terminal: Terminal, command: str) -> None:
    said = terminal.type(command, "--help")
    assert said.code == 0 and said.out.startswith(f"Usage: regwatch {command}")


def test_nothing_heavy_is_imported_to_look_something_up(terminal: Terminal) -> None:
    terminal.amended()
    script = "import sys; from bot.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    heavy = {"bs4", "feedparser", "lxml", "httpx", "apscheduler", "uvicorn", "starlette", "jinja2", "rich", "warcio",
             "sqlite_utils", "slack_sdk", "selectolax", "structlog", "bot.look", "bot.honesty", "bot.extract",
             "bot.judge.opinion"}  # fmt: skip
    for words, unwanted in ((["--help"], {*heavy, "storage", "bot.app", "rapidfuzz"}), (["show", "2"], heavy)):
        done = subprocess.run(
            [sys.executable, "-c", script, *words],
            capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True
        )  # fmt: skip
        assert not unwanted & set(done.stderr.split())


# ------------------------------------------------------------------------------------------------ the main job


def test_a_check_that_read_everything_ends_with_0_and_says_what_it_found(terminal: Terminal) -> None:
    terminal.site.publish("/law", rule())
    first = terminal.type("check")
    terminal.site.publish("/law", rule("shall"))
    second = terminal.type("check", "law")
    third = terminal.type("check", "law")
    assert [said.code for said in (first, second, third)] == [0, 0, 0]
    assert "law: first look, taken as the baseline" in first.out
    assert "law: changed (change 2)" in second.out and "{+shall+}" in second.out and "#change:2" in second.out
    assert third.out == "1 looks: 1 unchanged\n"


def test_a_check_that_could_not_read_a_source_ends_with_1_and_names_it(terminal: Terminal) -> None:
    terminal.declare("law", "lost")
    terminal.site.publish("/law", rule())
    said = terminal.type("check")
    assert said.code == 1
    assert "lost: could not be read: not found. " in said.out
    assert "(status 404); look for its new address.\n" in said.out
    assert "2 looks: 1 first looks, 1 not read" in said.out


def test_check_without_a_name_looks_at_what_is_due(terminal: Terminal) -> None:
    terminal.site.publish("/law", rule())
    assert terminal.type("check").code == 0
    assert terminal.type("check").out == "no source was due\n"
    assert "1 unchanged" in terminal.type("check", "--all").out


def test_a_check_says_when_a_host_asked_for_a_pause(terminal: Terminal) -> None:
    terminal.site.publish("/law", b"", status=429, headers={"Retry-After": "7200"})
    assert terminal.type("check").code == 1
    said = terminal.type("check", "law")
    assert said.code == 1
    assert "law: not looked at: its host asked for a pause until" in said.err


def test_check_as_json_is_one_line_for_each_look_and_messages_go_to_stderr(terminal: Terminal) -> None:
    terminal.amended()
    terminal.declare("law", "lost")
    terminal.site.publish("/law", rule("must"))
    said = terminal.type("check", "--all", "--json")
    assert said.code == 1
    by_source = {line["source"]: line for line in said.lines}
    keys = {"source", "at", "outcome", "cause", "detail", "hint", "change", "url", "status", "ms"}
    assert {frozenset(line) for line in said.lines} == {frozenset(keys)}
    assert (by_source["law"]["outcome"], by_source["law"]["change"], by_source["law"]["status"]) == ("changed", 3, 200)
    assert (by_source["lost"]["outcome"], by_source["lost"]["cause"]) == ("failed", "not found")
    assert "{+must+}" in said.err


def test_run_once_is_a_pass_over_what_is_due(terminal: Terminal) -> None:
    terminal.site.publish("/law", rule())
    assert "1 first looks" in terminal.type("run", "--once").out
    assert terminal.type("run", "--once").out == "no source was due\n"


def test_the_first_pass_of_a_day_walks_the_ledger_and_lets_go_and_the_others_do_not(terminal: Terminal) -> None:
    def alter(*statements: str) -> None:
        with sqlite3.connect(terminal.home / "regwatch.db") as db:
            for statement in statements:
                db.execute(statement)
        db.close()

    terminal.site.publish("/law", rule())
    assert terminal.type("run", "--once").code == 0
    long_ago = f'UPDATE "check" SET at = at - {400 * 86_400_000}'  # milliseconds: more than a year
    alter("UPDATE ticket SET expires = expires + 86400000", long_ago, "UPDATE version SET at = at + 1")
    assert "The record" not in terminal.type("run", "--once").out
    alter("UPDATE ticket SET expires = 0")  # the day is over
    said = terminal.type("run", "--once")
    assert "The record is not as it was written" in said.out
    with sqlite3.connect(terminal.home / "regwatch.db") as db:
        assert db.execute("SELECT sum(looks) FROM check_day").fetchone() == (1,)
    db.close()


def test_reread_after_an_edit_of_the_declaration_is_ours_and_tells_nobody(terminal: Terminal) -> None:
    terminal.site.publish("/law", rule(more="<p class=note>Press service, personal information.</p>"))
    terminal.type("check")
    terminal.declare("law", more='remove = [".note"]\n')
    said = terminal.type("reread")
    assert said.code == 0 and "law: reads differently now (1 edits, recorded as extractor)" in said.out
    assert "●" not in said.out
    assert terminal.type("reread").out == "0 sources re-read, 0 read differently\n"


# ------------------------------------------------------------------------------------------------ looking up


def test_show_and_diff_mark_the_amended_words(terminal: Terminal) -> None:
    terminal.amended()
    for command in ("show", "diff"):
        said = terminal.type(command, "2")
        assert said.code == 0 and "[-may-]{+shall+}" in said.out.replace("-] {+", "-]{+")
        assert "\x1b" not in said.out


def test_why_gives_every_reason_and_who_was_told(terminal: Terminal) -> None:
    terminal.amended()
    said = terminal.type("why", "2")
    assert "reasons:" in said.out and "told: console here: done" in said.out
    (line,) = terminal.type("why", "2", "--json").lines
    assert line["verdict"] == "relevant" and line["told"] == ["console here: done"]
    assert sum(reason["weight"] for reason in line["reasons"]) == line["score"]  # type: ignore[attr-defined,index]


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (["changes"], "change source at cause edits missed verdict review headline topics jurisdictions stage dates"),
        (
            ["show", "2"],
            "change source at cause edits missed verdict review headline topics jurisdictions stage dates title url "
            "sentences severity rule binding acts event",
        ),
        (["diff", "2"], "kind path before after worth"),
        (["why", "2"], "change verdict score rules reasons told subscriptions"),
        (["search", "assessment"], "change source at headline snippet verdict"),
        (["state", "china"], "jurisdiction name at instruments ahead recent blind sentence"),
        (["subscriptions"], "subscription channel address mode asks"),
        (["outbox", "--all"], "delivery state kind subject subscription attempts due detail"),
        (["sources", "validate"], "file sources enabled jurisdictions"),
        (
            ["sources", "list"],
            "source title authority url type jurisdiction enabled off_reason must_watch parent last_look last_good "
            "last_change cause failing_since",
        ),
        (
            ["health"],
            "state source cause since streak last_look last_good last_change every_seconds next_look lag_items "
            "lag_median_days lag_worst_days",
        ),
        (["sources", "test", "law"], "source cause detail hint status language charset blocks items volatile"),
    ],
)
def test_json_lines_have_stable_keys(terminal: Terminal, words: list[str], keys: str) -> None:
    terminal.amended()
    said = terminal.type(*words, "--json")
    assert said.code == 0 and said.lines
    lines = [line for line in said.lines if line.get("state") != "summary"]
    assert {frozenset(line) for line in lines} == {frozenset(keys.split())}


def test_dates_ahead_are_printed_with_the_words_that_state_them(terminal: Terminal) -> None:
    article = "<p>The standard contract for transfers of personal data abroad is in force from 1 March 2099.</p>"
    terminal.site.publish("/law", rule(more=article))
    terminal.type("check")
    said = terminal.type("upcoming", "--days", "36500", "jurisdiction:china")
    assert said.code == 0 and said.out.startswith("2099-03-01")
    assert "in force" in said.out and "“The standard" in said.out
    (line,) = terminal.type("upcoming", "--days", "36500", "--json").lines
    assert (line["date"], line["kind"], line["change"], line["event"]) == ("2099-03-01", "effective", 1, None)
    assert terminal.type("upcoming").out.startswith("no text that we read states a date in the next 90 days\n")
    said = terminal.type("upcoming", "--days", "9", "jurisdiction:EU", "min:act").out
    assert said.startswith("no text that we read states a date in the next 9 days for jurisdiction:EU min:act\n")


def test_times_in_json_are_utc_and_say_so(terminal: Terminal) -> None:
    terminal.amended()
    (last, _) = terminal.type("changes", "--json").lines
    assert str(last["at"]).endswith("Z") and "T" in str(last["at"])


def test_changes_can_be_narrowed(terminal: Terminal) -> None:
    terminal.amended()
    assert numbers(terminal.type("changes")) == [2, 1]
    assert numbers(terminal.type("changes", "--limit", "1")) == [2]
    assert numbers(terminal.type("changes", "--before", "2")) == [1]
    assert numbers(terminal.type("changes", "--source", "law")) == [2, 1]
    assert numbers(terminal.type("changes", "jurisdiction:china", "in:law", "words:assessment")) == [2, 1]
    assert numbers(terminal.type("changes", "jurisdiction:EU")) == []
    assert "(already there)" in terminal.type("changes").out
    none = terminal.type("changes", "--since", "2099-01-01").out
    assert none.startswith("none recorded; no change seen in the 1 of 1 sources we could read")


def numbers(said: Said) -> list[int]:
    """The changes that an answer lists, in its order."""
    return [int(line.split()[0]) for line in said.out.splitlines() if line.split()[0].isdecimal()]


def test_a_source_that_is_no_longer_declared_keeps_its_history(terminal: Terminal) -> None:
    terminal.amended()
    terminal.declare("other")
    assert terminal.type("history", "law").code == 0
    assert numbers(terminal.type("changes", "--source", "law")) == [2, 1]
    assert "{+shall+}" in terminal.type("show", "2").out


def test_history_lists_versions_and_looks(terminal: Terminal) -> None:
    terminal.amended()
    terminal.site.remove("/law")
    terminal.type("check", "law")
    said = terminal.type("history", "law")
    assert said.out.startswith("2 versions") and "failed" in said.out and "not found" in said.out


def test_health_ends_with_1_while_something_cannot_be_read(terminal: Terminal) -> None:
    terminal.amended()
    assert terminal.type("health").code == 0
    terminal.site.publish("/law", b"", status=503)
    terminal.type("check", "law")
    said = terminal.type("health")
    assert said.code == 1 and said.out.startswith("failing  law: ")


def test_sources_test_reads_live_and_stores_nothing(terminal: Terminal) -> None:
    terminal.declare("law", "lost")
    terminal.site.publish("/law", rule())
    one = terminal.type("sources", "test", "law")
    assert one.code == 0 and "law: page, " in one.out and "These Measures apply" in one.out
    every = terminal.type("sources", "test", "--all")
    assert every.code == 1 and "could not be read: not found" in every.out
    assert terminal.type("changes", "--json").out == "" and terminal.type("history", "law").out.startswith("never")


def test_sources_export_is_a_file_that_can_be_declared_again(terminal: Terminal) -> None:
    exported = terminal.type("sources", "export").out
    (terminal.folder / "again.toml").write_text(exported, encoding="utf-8")
    assert terminal.type("--sources", "again.toml", "sources", "export").out == exported


def test_sources_show_says_how_one_stands(terminal: Terminal) -> None:
    terminal.amended()
    said = terminal.type("sources", "show", "law")
    assert said.code == 0 and 'authority = "Ministry of Data"' in said.out and "last good 20" in said.out


def test_judge_reads_lines_and_writes_a_finding_for_each(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    items = ['{"id": 1, "title": "个人信息出境标准合同办法", "text": "个人信息处理者应当备案。", "language": "zh"}', "",
             '{"id": "b", "title": "Canteen", "text": "The canteen is closed."}']  # fmt: skip
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("\n".join(items).encode()), encoding="ascii"))
    first, second = terminal.type("judge").lines
    assert (first["id"], first["verdict"]) == (1, "relevant")
    assert (second["id"], second["verdict"]) == ("b", "not_relevant")


def test_judge_goes_on_after_a_line_that_is_none_and_names_it(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = ['{"id": 1, "title": "x"}', "nope", "[1]", "[" * 100_000, '{"id": 2, "title": "y"}']
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("\n".join(items).encode())))
    said = terminal.type("judge")
    assert (said.code, [one["id"] for one in said.lines]) == (1, [1, 2])
    places = [line.split(":")[1].strip() for line in said.err.splitlines()]
    assert places == ["stdin, line 2", "stdin, line 3", "stdin, line 4"]


def test_every_look_up_ends_with_as_of_when_and_what_could_not_be_read(terminal: Terminal) -> None:
    terminal.declare("law", "lost")
    terminal.site.publish("/law", rule())
    terminal.type("check")
    for words in ("changes", "search assessment", "show 1", "diff 1", "why 1", "history law", "upcoming", "state CN"):
        last = terminal.type(*words.split()).out.splitlines()[-1]
        assert "1 of" in last and "UTC" in last, words
        assert ("not read: lost (the server says the page does not exist, since" in last) is (
            words in {"changes", "search assessment", "upcoming", "state CN"}
        ), words


# ------------------------------------------------------------------------------------------------ people


def test_subscriptions_are_made_listed_and_ended(terminal: Terminal) -> None:
    made = terminal.type("subscribe", "console:desk", "in:law", "jurisdiction:cn", "corridor:cn-*", "min:plan")
    assert made.out == "subscription 1: console desk in:law jurisdiction:CN corridor:CN-* min:plan mode:instant\n"
    assert "console desk in:law" in terminal.type("subscriptions").out
    assert terminal.type("unsubscribe", "1").code == 0
    assert terminal.type("subscriptions").out.startswith("nobody")


def test_a_subscription_that_no_source_can_answer_is_made_and_said(terminal: Terminal) -> None:
    said = terminal.type("subscribe", "console", "topic:transfer_genral", "jurisdiction:XX")
    assert said.code == 0 and said.out.startswith("subscription 1")
    assert "no source is declared for topic:transfer_genral; did you mean transfer_general?" in said.err
    assert "no source is declared for jurisdiction:XX\n" in said.err


def test_a_subscription_is_muted_and_paused_and_says_so(terminal: Terminal) -> None:
    terminal.declare("law", "act")
    terminal.type("subscribe", "console")
    assert terminal.type("mute", "1", "law").out == "subscription 1: law is muted\n"
    assert terminal.type("pause", "1").out == "subscription 1: console here mode:instant muted:law paused\n"
    assert "paused until 2099-12-01 00:00 UTC" in terminal.type("pause", "1", "until", "2099-12-01").out
    assert "muted:law paused until" in terminal.type("subscribe", "console").out  # asked again, it stays as it was
    assert terminal.type("resume", "1").out == "subscription 1: console here mode:instant muted:law\n"
    assert terminal.type("unmute", "1", "law").out == "subscription 1: law is told again\n"
    assert terminal.type("subscriptions").out == "   1  console here mode:instant\n"
    refused = terminal.type("unmute", "1", "law")
    assert (refused.code, refused.err) == (2, "regwatch: law is not muted for subscription 1\n")
    assert terminal.type("pause", "1", "until", "2020-01-01").code == 2


def test_a_footprint_is_made_shown_used_and_dropped(terminal: Terminal) -> None:
    made = terminal.type("footprint", "set", "us", "entities:usa,Germany", "flows:china-US", "sectors:cloud")
    assert made.out == "footprint us: entities:US,DE flows:CN-US sectors:cloud\n"
    terminal.type("subscribe", "console", "footprint:us")
    assert "subscription 1: console here mode:instant footprint:us" in terminal.type("footprint", "show", "us").out
    kept = terminal.type("footprint", "drop", "us")
    assert (kept.code, kept.err) == (2, "regwatch: footprint us is used by subscription 1\n")
    terminal.type("unsubscribe", "1")
    assert terminal.type("footprint", "drop", "us").code == 0
    assert terminal.type("footprint", "list").out.startswith("none; make one")


def test_a_severity_that_a_person_decided_stands_and_says_so(terminal: Terminal) -> None:
    terminal.amended()
    assert terminal.type("severity", "2", "act", "we", "file", "tomorrow").code == 0
    terminal.type("rejudge")
    assert "severity: act (a person decided so: we file tomorrow)" in terminal.type("show", "2").out
    assert "a person said: severity act (we file tomorrow)" in terminal.type("why", "2").out
    (line,) = terminal.type("show", "2", "--json").lines
    assert (line["severity"], line["rule"]) == ("act", "a person decided so: we file tomorrow")


def test_a_review_is_noted_beside_the_opinion(terminal: Terminal) -> None:
    terminal.amended()
    said = terminal.type("review", "2", "not-relevant", "no", "entity", "there")
    assert (said.code, said.out) == (0, "change 2: not-relevant, noted\n")
    for words in (["changes"], ["changes", "--relevant"], ["show", "2"], ["state", "CN"]):
        assert "(marked not relevant)\n" in terminal.type(*words).out, words
    for words in (["changes"], ["show", "2"]):
        assert terminal.type(*words, "--json").lines[0]["review"] == "not_relevant", words
    assert "(marked" not in terminal.type("show", "1").out


def test_what_the_judge_left_to_a_person_can_be_listed_by_itself(terminal: Terminal) -> None:
    programme = "<main><h1>Programme</h1><p>The office opens at nine.</p>{}</main>"
    terminal.declare("law", "programme")
    terminal.site.publish("/programme", programme.format(""))
    terminal.amended()
    terminal.site.publish("/programme", programme.format("<p>A new page on international transfers is online.</p>"))
    terminal.type("check", "programme")
    every = {line["change"]: line["verdict"] for line in terminal.type("changes", "--json").lines}
    doubtful = {number for number, verdict in every.items() if verdict == "uncertain"}
    assert doubtful and "relevant" in every.values()
    for words in ("--uncertain", "uncertain", "verdict:uncertain"):
        assert {line["change"] for line in terminal.type("changes", words, "--json").lines} == doubtful, words
    both = terminal.type("changes", "verdict:uncertain,relevant", "--json").lines
    assert {line["verdict"] for line in both} == {"uncertain", "relevant"}
    wrong = terminal.type("changes", "verdict:doubtful")
    assert (wrong.code, wrong.err) == (2, "regwatch: verdict:doubtful: say one of relevant, uncertain, not-relevant\n")


# ------------------------------------------------------------------------------------------------ what goes wrong


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("chek", "did you mean check?"),
        ("frobnicate", "see regwatch --help"),
        ("check lwa", "did you mean law?"),
        ("check off", "off is switched off in the declarations (manual)"),
        ("show 999", "there is no change 999"),
        ("show abc", "'abc': say a whole number from 1"),
        ("show 0", "'0': say a whole number from 1"),
        ("show 99999999999999999999999999", "say a whole number from 1"),
        ("diff 7 --json", "there is no change 7"),
        ("why 7", "there is no change 7"),
        ("review 7 relevant", "there is no change 7"),
        ("review 7 perhaps", "'relevant', 'not-relevant'"),
        ("history nobody", "no source is called 'nobody'"),
        ("changes --since yesterday", "say 7d, 12h or a date"),
        ("changes --since 999999d", "say 7d, 12h or a date"),
        ("changes --since 2026-13-45", "say 7d, 12h or a date"),
        ("changes --source nobody", "no source is called 'nobody'"),
        ("changes --limit 0", "say a whole number from 1 to 10000"),
        ("rejudge --since x", "say 7d, 12h or a date"),
        ("search", "Missing argument"),
        ("search min:huge x", "say one of know, plan, act"),
        ("subscribe pigeon", "no channel 'pigeon'"),
        ("subscribe console colour:red", "say key:value"),
        ("subscribe console in:nobody", "no source is called 'nobody'"),
        ("subscribe console corridor:EU", "say FROM-TO"),
        ("subscribe console mode:loud", "say one of instant"),
        ("subscribe console type:drfat", "did you mean draft?"),
        ("footprint set us flows:CN-US(helth)", "did you mean health?"),
        ("subscribe console mechanism:localization", "did you mean localisation?"),
        ("unsubscribe 9", "there is no subscription 9"),
        ("subscribe console jurisdiction:Atlantis", "no jurisdiction is called 'Atlantis'"),
        ("subscribe console footprint:us", "no footprint is called 'us'; there is none yet"),
        ("subscribe console mode:digest day:someday", "day:someday: say one of mon"),
        ("subscribe console mode:digest hour:24", "say an hour from 0 to 23"),
        ("subscribe console zone:Europe/Berln", "did you mean Europe/Berlin?"),
        ("subscribe console answer:soon", "say hours or days"),
        ("footprint set us roles:controller", "a footprint needs entities or flows"),
        ("footprint set us flows:CN", "flows:CN: say FROM-TO"),
        ("footprint show us", "no footprint is called 'us'"),
        ("footprint drop us", "no footprint is called 'us'"),
        ("pause 9", "there is no subscription 9"),
        ("resume 9", "there is no subscription 9"),
        ("mute 9 law", "there is no subscription 9"),
        ("unmute 9 law", "there is no subscription 9"),
        ("severity 7 act because", "there is no change 7"),
        ("severity 7 huge because", "'know', 'plan', 'act'"),
        ("severity 7 act", "Missing argument"),
        ("state", "Missing argument"),
        ("state Chnia", "did you mean mainland China (CN)?"),
        ("upcoming soon", "say key:value"),
        ("upcoming footprint:us", "no footprint is called 'us'"),
        ("event show 7", "there is no event 7"),
        ("event merge 7 8", "there is no event 7"),
        ("event split 7", "there is no change 7"),
        ("changes colour:red", "say key:value"),
        ("search jurisdiction:CN", "say at least one word"),
        ("outbox retry 9", "not waiting in the outbox"),
        ("outbox drop 9", "not waiting in the outbox"),
        ("sources show nobody", "no source is called 'nobody'"),
        ("sources test", "name an ID, or say --all"),
        ("sources test nobody", "no source is called 'nobody'"),
        ("replay nowhere.warc", "does not exist"),
        ("replay sources.toml", "not a readable WARC file"),
        ("--sources nowhere.toml check", "nowhere.toml is not there"),
        ("--sources nowhere.toml changes --json", "nowhere.toml is not there"),
        ("--sources . check", "Is a directory"),
        ("--frobnicate", "No such option"),
        ("verify nowhere.zip", "does not exist"),
        ("verify .", "is a directory"),
        ("restore nowhere.db", "does not exist"),
        ("subscribe slack:C0123", "Slack is not set up; set SLACK_BOT_TOKEN"),
    ],
)
def test_a_mistake_is_one_line_on_stderr_and_exit_code_2(terminal: Terminal, words: str, expected: str) -> None:
    off = SOURCE.format(id="off", url=terminal.site.url("/off")) + 'enabled = false\noff_reason = "manual"\n'
    terminal.declare("law", more=off)
    said = terminal.type(*words.split())
    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith("regwatch: ") and said.err.count("\n") == 1
    assert expected in said.err


def test_a_group_alone_says_what_can_follow_it(terminal: Terminal) -> None:
    said = terminal.type("people")
    assert (said.code, said.out) == (2, "")
    assert "\n  forget  " in said.err and "\n  list    " in said.err


def test_filters_that_no_source_is_about_are_said_to_be_so(terminal: Terminal) -> None:
    terminal.declare("law")
    said = terminal.type("changes", "jurisdiction:NZ")
    assert (said.code, said.err) == (0, "regwatch: no source is declared for jurisdiction:NZ\n")


@pytest.mark.parametrize("words", ["check --json", "changes --json", "sources validate --json", "run"])
def test_a_broken_declaration_is_one_line_that_says_where(terminal: Terminal, words: str) -> None:
    terminal.declare("law", more='jurisdicton = "CN"\n')
    said = terminal.type(*words.split())
    assert (said.code, said.out) == (2, "")
    assert "sources.toml" in said.err and "jurisdicton" in said.err and said.err.count("\n") == 1


@pytest.mark.parametrize("content", [b"\xff\xfe[law]", b"[law", b'\x00'])
def test_declarations_that_are_no_toml_are_refused(terminal: Terminal, content: bytes) -> None:
    (terminal.folder / "sources.toml").write_bytes(content)
    said = terminal.type("check")
    assert said.code == 2 and "sources.toml" in said.err and said.err.count("\n") == 1


def _foreign(home: Path) -> None:
    with sqlite3.connect(home / "regwatch.db") as db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()


def _newer(home: Path) -> None:
    main(["--home", str(home), "changes"])
    with sqlite3.connect(home / "regwatch.db") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()


def _garbage(home: Path) -> None:
    (home / "regwatch.db").write_bytes(b"no database" * 1000)


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [(_foreign, "another program"), (_newer, "newer release"), (_garbage, "not a SQLite database")],
)
@pytest.mark.parametrize("words", ["check", "changes --json", "show 1", "subscribe console"])
def test_a_store_in_trouble_is_one_line_and_exit_code_3(
    terminal: Terminal, spoil: object, expected: str, words: str
) -> None:
    terminal.home.mkdir()
    spoil(terminal.home)  # type: ignore[operator]
    said = terminal.type(*words.split())
    assert (said.code, said.out) == (3, "")
    assert expected in said.err and said.err.count("\n") == 1


def test_a_home_that_is_a_file_is_refused(terminal: Terminal) -> None:
    (terminal.folder / "file").write_text("")
    said = terminal.type("--home", "file", "changes")
    assert (said.code, said.err) == (2, "regwatch: file is a file; the home is a folder (--home or REGWATCH_HOME)\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_home_that_may_not_be_written_is_one_line(terminal: Terminal) -> None:
    terminal.amended()
    for path in (*terminal.home.iterdir(), terminal.home):
        path.chmod(0o555 if path.is_dir() else 0o444)
    for words in ("check", "subscribe console:desk", "review 2 relevant", "run"):
        said = terminal.type(*words.split())
        assert said.code in {2, 3} and said.out == "" and said.err.count("\n") == 1
    terminal.home.chmod(0o755)


def test_scraped_text_cannot_act_on_the_terminal(terminal: Terminal) -> None:
    terminal.site.publish("/law", rule(more="<p>Transfers \x1b]0;owned\x07\x1b[2J\x9b2J \u202eabroad.</p>"))
    for words in (["sources", "test", "law"], ["check"], ["changes"], ["show", "1"], ["diff", "1"], ["why", "1"]):
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(terminal.type(*words).out)


# ------------------------------------------------------------------------------------------------ two at once


def test_the_second_bulk_worker_ends_with_2_and_says_who_holds_the_home(terminal: Terminal) -> None:
    import storage

    terminal.site.publish("/law", rule())
    terminal.type("changes")
    holder = storage.open(terminal.home)
    with holder.bulk("regwatch run"):
        for words in ("check", "run", "run --once", "reread", "rejudge"):
            said = terminal.type(*words.split())
            assert (said.code, said.out) == (2, "")
            assert f"var is held by regwatch run, pid {os.getpid()}" in said.err
    holder.close()
    assert terminal.type("check").code == 0


def test_small_verbs_and_look_ups_work_while_another_process_holds_the_home(terminal: Terminal) -> None:
    import storage

    terminal.amended()
    holder = storage.open(terminal.home)
    with holder.bulk("regwatch run"):
        for words in ("subscribe console:desk", "unsubscribe 2", "review 2 relevant yes", "outbox", "changes", "show 2",
                      "diff 2", "why 2", "history law", "search assessment", "health", "sources list",
                      "sources test law", "subscriptions"):  # fmt: skip
            assert terminal.type(*words.split()).code == 0, words
    holder.close()


def test_look_ups_write_nothing_and_do_not_wait_for_a_writer(terminal: Terminal) -> None:
    terminal.amended()
    terminal.declare("law", "new")  # a reader that sees new declarations leaves noting them to whoever looks
    writer = sqlite3.connect(terminal.home / "regwatch.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    before = writer.execute("PRAGMA data_version").fetchone()
    for words in ("changes", "show 2", "diff 2", "why 2", "history law", "search assessment", "health", "sources list",
                  "sources show new", "subscriptions", "outbox"):  # fmt: skip
        assert terminal.type(*words.split()).code == 0, words
    assert writer.execute("PRAGMA data_version").fetchone() == before
    writer.execute("ROLLBACK")
    writer.close()


# ------------------------------------------------------------------------------------------------ terminals


def test_a_terminal_without_chinese_shows_escapes(terminal: Terminal) -> None:
    terminal.site.publish("/law", rule(more="<p>个人信息出境 — café</p>"))
    terminal.type("check")
    terminal.site.publish("/law", rule("shall", more="<p>数据出境安全评估 — naïve</p>"))
    ascii_only = [("ascii", words) for words in ("check law", "show 2", "why 2")]
    for encoding, words in [*ascii_only, ("latin-1", "diff 2"), ("cp1252", "diff 2")]:
        done = terminal.start(*words.split(), environment={"PYTHONIOENCODING": encoding}, encoding=encoding)
        _, errors = done.communicate(timeout=60)
        assert (done.returncode, errors) == (0, "")
    done = terminal.start("diff", "2", "--json", environment={"PYTHONIOENCODING": "ascii"})
    out, _ = done.communicate(timeout=60)
    assert "数据出境安全评估 — naïve" in [json.loads(line)["after"] for line in out.splitlines()]


def test_a_reader_who_leaves_early_is_no_error(terminal: Terminal) -> None:
    terminal.amended()
    reading, writing = os.pipe()
    os.close(reading)
    done = terminal.start("diff", "2", stdout=writing)
    os.close(writing)
    _, errors = done.communicate(timeout=60)
    assert (done.returncode, errors) == (0, "")


def test_a_check_whose_reader_leaves_early_is_judged_to_the_end(terminal: Terminal) -> None:
    terminal.site.publish("/law", rule())
    terminal.type("check")
    terminal.site.publish("/law", rule("shall"))
    reading, writing = os.pipe()
    os.close(reading)
    done = terminal.start("check", "law", stdout=writing)
    os.close(writing)
    _, errors = done.communicate(timeout=60)
    assert done.returncode == 1 and "(change:2): uncertain: the console could not be written" in errors
    (first, _) = terminal.type("changes", "--json").lines
    assert (first["change"], first["verdict"]) == (2, "relevant")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", ["changes", "changes --json", "--help", "sources list"])
def test_a_full_disk_behind_stdout_is_one_line(terminal: Terminal, words: str) -> None:
    terminal.amended()
    with open("/dev/full", "w") as full:
        done = terminal.start(*words.split(), stdout=full)
        _, errors = done.communicate(timeout=60)
    assert done.returncode == 2
    assert errors == "regwatch: stdout cannot be written: No space left on device\n"


@pytest.mark.parametrize("words", ["check", "check --json"])
def test_an_interrupted_check_ends_at_once_without_a_traceback(terminal: Terminal, words: str) -> None:
    terminal.site.publish("/law", rule())
    terminal.site.slow("/law", 60)
    done = terminal.start(*words.split())
    terminal.site.wait_for("/law", by=done)
    done.send_signal(signal.SIGINT)
    out, errors = done.communicate(timeout=60)
    assert (done.returncode, out, errors.strip()) == (130, "", "")
    assert terminal.type("changes", "--json").out == ""


def test_an_interrupted_check_leaves_the_home_free(terminal: Terminal) -> None:
    terminal.site.publish("/law", rule())
    held = terminal.site.slow("/law", 60)
    done = terminal.start("check")
    terminal.site.wait_for("/law", by=done)
    done.kill()
    done.communicate(timeout=60)
    held.set()
    assert terminal.type("check").code == 0
