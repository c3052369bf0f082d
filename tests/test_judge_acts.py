"""Who does what to what: routes that end, rules that end, stops that end, and what is only asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.judge import judge, judge_text, load_rules, ruled
from bot.model import Block, Change, Finding, Source, Version
from tests.scenes import Scene, followed_list
from tests.site import Site

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RULES = load_rules()
LINES = (Path(__file__).parent / "judge_acts.txt").read_text("utf-8").splitlines()
ACTS = [tuple(line.split("|")) for line in LINES if line and not line.startswith("#")]


def of_document(title: str, text: str, *, language: str) -> Finding:
    after = (Block("heading", title), *(Block("paragraph", line) for line in text.split("\n") if line))
    source = Source("s", "https://s.example/", title="News", language=language)
    change = Change(1, "s", NOW, "new", None, Version(1, "s", NOW, 1, "f"), ())
    return judge(change, before=(), after=after, edits=(), source=source, rules=RULES, now=NOW)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: f"{act[0]} {act[3][:50]}")
def test_what_is_done_to_a_route_gives_stage_and_severity(act: tuple[str, ...]) -> None:
    language, stages, severities, title, text = act
    read = judge_text(id="", title=title, text=text, language=language, rules=RULES, now=NOW)
    assert (read.stage or "-") in stages.split("/")
    finding = of_document(title, text, language=language)
    assert (finding.stage or "-") in stages.split("/")
    level, reason = ruled(finding, today=NOW.date())
    assert level in severities.split("/"), reason


NOTICES = {  # title under which a court or an authority announces it, its first sentence, what a reader is told
    "Judgment of the Court in Case C-703/25 P": (
        "The Court of Justice sets aside the judgment of the General Court and annuls the Commission's decision on the "
        "adequate level of protection of personal data in the United States.",
        "ACT (a route is annulled)",
    ),
    "Judgment of the General Court in Case T-12/26": (
        "The General Court dismisses the action for annulment of the decision on the adequate level of protection of "
        "personal data in the United States.",
        "KNOW (nothing to do by a date)",
    ),
    "Authority bans transfers of personal data to China": (
        "The ban on the transfer of personal data takes effect at once.",
        "ACT (a route is banned)",
    ),
    "Authority revokes the ban on transfers of personal data to Japan": (
        "The ban is revoked, and transfers of personal data may resume.",
        "PLAN (a suspension or ban ended)",
    ),
    "Decision on the adequate protection of personal data in Argentina repealed": (
        "The decision on adequate protection is repealed with effect from 30 November 2026.",
        "ACT (a route is repealed)",
    ),
}


def listed(titles: tuple[str, ...]) -> str:
    rows = "".join(f'<li><a href="/acts/{at}">{one}</a> <span>2026-11-02</span></li>' for at, one in enumerate(titles))
    return f"<main><h1>Notices</h1><ul class=news>{rows}<li><a href='/old'>An older notice</a></li></ul></main>"


def test_a_reader_is_told_what_was_done_and_how_urgent_it_is(tmp_path: Path, site: Site) -> None:
    scene = Scene(tmp_path, site, followed_list(site))
    scene.subscribe()
    site.publish("/list", listed(()))
    scene.look()
    scene.told()
    site.publish("/list", listed(tuple(NOTICES)))
    for at, (title, (text, _)) in enumerate(NOTICES.items()):
        site.publish(f"/acts/{at}", f"<title>{title}</title><main><h1>{title}</h1><p>{text}</p></main>")
    scene.look()
    told = scene.told()
    alerts = {title: told.partition(f"— {title}")[2].partition("●")[0] for title in NOTICES}
    assert {title: said in alerts[title] for title, (_, said) in NOTICES.items()} == dict.fromkeys(NOTICES, True)
    assert "in force 2026-11-30" not in told
    scene.app.close()
