"""Editions: what is proposed, what is not, and what happens when a person confirms it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.editions import Proposal, common, propose, title_key
from bot.model import Block, Source
from bot.sources import load
from tests.test_cli import SOURCE, Terminal, terminal  # noqa: F401  (the fixture)

DAY = datetime(2026, 1, 1, tzinfo=UTC)
BARRIERS = [
    f"Barrier {n}: suppliers of cloud services must keep {what} on servers within the territory and may not export it."
    for n, what in enumerate(("payment records", "health records", "map tiles", "call logs", "source code", "fares"))
]


def blocks(texts: Sequence[str]) -> tuple[Block, ...]:
    return tuple(Block("paragraph", text) for text in texts)


def report(id: str, title: str, **fields: object) -> Source:
    made = Source(id, f"https://trade.example/{id}", title=title, authority="Trade Office", type="pdf")
    return replace(made, jurisdiction="US", **fields)  # type: ignore[arg-type]


def proposals(*texts: tuple[Source, Sequence[str]]) -> list[Proposal]:
    read = {source.id: blocks(text) for source, text in texts}
    seen = {source.id: DAY for source, _ in texts}
    return list(propose([source for source, _ in texts], seen=seen, read=lambda source: read[source.id]))


def test_next_years_report_is_proposed_as_the_next_edition() -> None:
    old, new = report("r25", "2025 Report on Trade Barriers"), report("r26", "2026 Report on Trade Barriers")
    (found,) = proposals((new, [*BARRIERS[1:], "A new barrier."]), (old, BARRIERS))
    assert (found.older.id, found.newer.id) == ("r25", "r26") and found.share == 1.0


@pytest.mark.parametrize(
    ("draft", "final"),
    [
        ("Draft guidelines on transfers", "Guidelines on transfers"),
        ("Guidelines on transfers (version for public consultation)", "Guidelines on transfers (final version)"),
        ("个人信息出境认证办法（征求意见稿）", "个人信息出境认证办法"),
        ("個人資料保護法施行細則修正草案", "個人資料保護法施行細則修正"),
        ("Dự thảo Nghị định về dữ liệu", "Nghị định về dữ liệu"),
        ("Projet de recommandation sur les transferts", "Recommandation sur les transferts"),
    ],
)
def test_a_final_text_succeeds_its_draft_whatever_was_seen_first(draft: str, final: str) -> None:
    (found,) = proposals((report("a", final), BARRIERS), (report("b", draft), BARRIERS))
    assert (found.older.id, found.newer.id) == ("b", "a")


def test_three_editions_make_a_chain() -> None:
    texts = [(report(f"r{year}", f"Report {year}"), BARRIERS) for year in (2026, 2024, 2025)]
    assert [(p.older.id, p.newer.id) for p in proposals(*texts)] == [("r2024", "r2025"), ("r2025", "r2026")]


def test_minguo_years_and_years_of_two_are_years() -> None:
    assert title_key("民國 115 年施政計畫") == title_key("民國 114 年施政計畫")
    assert title_key("Annual report 2025/26") == title_key("Annual report 2024/25")


@pytest.mark.parametrize(
    "other",
    [
        report("b", "2026 Report on Trade Barriers", authority="Another Office"),
        report("b", "2026 Report on Trade Barriers", language="zh"),
        report("b", "2026 Report on Fisheries"),
        report("b", "2026 Report on Trade Barriers", type="list"),
        report("b", "2026 Report on Trade Barriers", succeeds="x"),
    ],
)
def test_another_authority_language_title_or_kind_is_no_edition(other: Source) -> None:
    first = report("a", "2025 Report on Trade Barriers", language="en")
    assert proposals((first, BARRIERS), (other, BARRIERS)) == []


def test_the_same_title_over_another_text_is_no_edition() -> None:
    others = [f"Fisheries quota number {n} was set by the council for the coming season." for n in range(9)]
    assert proposals((report("a", "Report 2025"), BARRIERS), (report("b", "Report 2026"), others)) == []


def test_short_texts_say_nothing() -> None:
    assert common(blocks(["Home", "News"]), blocks(["Home", "News"])) == 0.0


def page(paragraphs: Sequence[str]) -> str:
    return "<main><h1>Report</h1>" + "".join(f"<p>{text}</p>" for text in paragraphs) + "</main>"


def declare(terminal: Terminal, *, confirmed: str = "") -> None:  # noqa: F811
    tables = ""
    for year in ("2025", "2026"):
        table = SOURCE.format(id=f"report-{year}", url=terminal.site.url(f"/{year}"))
        tables += table.replace("Export measures", f"Report on data barriers {year}")
    hosts = f'[hosts."127.0.0.1:{terminal.site.port}"]\nspacing = 0\n'
    (terminal.folder / "sources.toml").write_text(hosts + tables + confirmed, encoding="utf-8")


def test_a_proposal_is_a_line_to_paste_and_then_the_two_are_compared_and_told_once(
    terminal: Terminal,  # noqa: F811
) -> None:
    declare(terminal)
    terminal.site.publish("/2025", page(BARRIERS))
    changed = BARRIERS[0].replace("may not export it", "may export it after a security assessment of personal data")
    terminal.site.publish("/2026", page([changed, *BARRIERS[1:]]))
    terminal.type("check")
    said = terminal.type("sources", "editions")
    assert "# in [report-2026]:" in said.out and said.out.splitlines()[-2] == 'succeeds = "report-2025"'
    declare(terminal, confirmed='succeeds = "report-2025"\n')
    told = terminal.type("check", "report-2026")
    (edition,) = [one for one in terminal.type("changes", "--json").lines if one["cause"] == "edition"]
    assert edition["source"] == "report-2026"
    assert "security assessment" in told.out, "a comparison that somebody asked for is news"
    terminal.type("check", "report-2026")
    assert len([one for one in terminal.type("changes", "--json").lines if one["cause"] == "edition"]) == 1
    assert "nothing looks like" in terminal.type("sources", "editions").out


def test_documents_that_were_followed_are_proposed_as_whole_tables(terminal: Terminal) -> None:  # noqa: F811
    from bot.cli.declarations import _edition

    parent = {"parent": "us-reports", "spacing": 9.0, "since": DAY, "item_key": "k"}
    old, new = report("us-reports~aa1", "Report 2025", **parent), report("us-reports~bb2", "Report 2026", **parent)
    older, newer = load(_edition(Proposal(old, new, 0.7)))
    assert (older.id, newer.id, newer.succeeds) == ("us-reports-aa1", "us-reports-bb2", "us-reports-aa1")


def test_a_table_of_all_sources_says_of_each_what_it_reads(terminal: Terminal) -> None:  # noqa: F811
    declare(terminal)
    terminal.site.publish("/2025", page(BARRIERS))
    said = terminal.type("sources", "test", "--all")
    assert said.code == 1 and "2 sources looked at, 1 could be read, 1 could not" in said.out
    rows = {line.split()[0]: line for line in said.out.splitlines() if line.startswith("report")}
    assert " 7 " in rows["report-2025"] and "not found" in rows["report-2026"]
    assert terminal.type("changes", "--json").out == "", "nothing is stored"
