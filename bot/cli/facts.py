"""changes, show, diff, why, history, search: looking things up. Readers never wait for a lock."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from bot.cli.printing import BEFORE, LIMIT, json_option, line, number_argument, opened, say, say_runs, since, warn, when
from bot.errors import OperatorError
from bot.model import CAUSES, PROVENANCES, VERDICTS, Change, Filters, Finding, Review, Run

if TYPE_CHECKING:
    from bot.app import App
    from bot.pipeline import Case


@click.command()
@click.argument("words", nargs=-1)
@click.option("--since", "since_text", metavar="WHEN", help="7d, 12h, or a date.")
@click.option("--source", "source_id", default="", help="Only this source.")
@click.option("--relevant", is_flag=True, help="Only what the judge calls relevant.")
@click.option("--uncertain", is_flag=True, help="Only what the judge leaves to a person: `regwatch review` answers it.")
@click.option("--before", default=0, metavar="N", type=BEFORE, help="Those before change N.")
@click.option("--limit", default=50, show_default=True, type=LIMIT)
@json_option
@click.pass_context
def changes(
    ctx: click.Context,
    words: tuple[str, ...],
    since_text: str | None,
    source_id: str,
    relevant: bool,
    uncertain: bool,
    before: int,
    limit: int,
    as_json: bool,
) -> int:
    """What changed, newest first; baselines are marked "already there".

    Narrow it with key:value words: in:SOURCE jurisdiction:CN type:draft topic:adequacy mechanism:scc corridor:EU-US
    words:cloud min:plan verdict:uncertain. A type is draft, final, guidance, ended, or one stage: consultation,
    enforcement, court …
    """
    from bot.grammar import filters, unheard, verdicts

    said, words = verdicts(words)
    wanted = {*said, *(["relevant"] if relevant else []), *(["uncertain"] if uncertain else [])}
    asked = filters(words)
    with opened(ctx) as app:
        for hint in unheard(asked, app.declared):
            warn(hint)
        for one in (*asked.sources, *filter(None, [source_id])):
            app.remembered(one)
        start = since(since_text)
        found = _changes(app, asked, start, source_id=source_id, wanted=wanted, before=before, limit=limit)
        reviews = app.reviewed([change.id for change, _ in found], within=None)
        for change, finding in found:
            said_of = reviews.get(change.id)
            line(_change(change, finding, said_of)) if as_json else say(_one(change, finding) + app.marked(said_of))
        if as_json:
            return 0
        if not found:
            say("none recorded" + ("; " + app.coverage_sentence(since=start) if start else ""))
        say(_more(found, limit) + app.as_of(source_ids=_ids(asked, source_id), jurisdictions=asked.jurisdictions))
    return 0


def _changes(
    app: App, asked: Filters, start: datetime | None, *, source_id: str, wanted: Set[str], before: int, limit: int
) -> Sequence[tuple[Change, Finding | None]]:
    """Everything recorded, judged or not, unless it is narrowed to what findings state."""
    if asked == Filters() and not before and wanted <= {"relevant"}:
        return app.changes(since=start, source_id=source_id, relevant=bool(wanted), limit=limit)
    narrowed = replace(asked, sources=_ids(asked, source_id))
    verdicts = tuple(wanted) or VERDICTS
    return app.latest(filters=narrowed, since=start, before=before, limit=limit, verdicts=verdicts)


def _ids(asked: Filters, source_id: str) -> tuple[str, ...]:
    return (*asked.sources, source_id) if source_id else asked.sources


def _more(found: Sequence[tuple[Change, Finding | None]], limit: int) -> str:
    return f"there may be more: --before {found[-1][0].id}\n" if len(found) == limit else ""


def _one(change: Change, finding: Finding | None) -> str:
    verdict = finding.verdict.replace("_", " ") if finding else "not judged yet"
    headline = finding.headline if finding else change.source_id
    there = " (already there)" if change.cause == "baseline" else ""
    return f"{change.id:>5}  {when(change.at)}  {verdict:<12}  {headline}{there}"


def _change(change: Change, finding: Finding | None, review: Review | None) -> dict[str, Any]:
    return {
        "change": change.id,
        "source": change.source_id,
        "at": change.at,
        "cause": change.cause,
        "edits": sum(edit.counted for edit in change.edits),
        "missed": change.missed,
        "verdict": finding.verdict if finding else None,
        "review": review.says if review else None,
        "headline": finding.headline if finding else None,
        "topics": finding.topics if finding else (),
        "jurisdictions": finding.jurisdictions if finding else (),
        "stage": finding.stage if finding else None,
        "dates": [asdict(one) for one in finding.dates] if finding else [],
    }


@click.command()
@number_argument
@json_option
@click.pass_context
def show(ctx: click.Context, number: int, as_json: bool) -> int:
    """One change as a reader sees it."""
    with opened(ctx) as app:
        made, finding = app.show(number)
        if as_json:
            line(_shown(app, made, finding))
            return 0
        message, marked = app.alert(number), app.marked(app.reviewed([number], within=None).get(number))
        for runs in ((Run(message.headline, "strong"), Run(marked)), *message.lines):
            say_runs(runs)
        _beside(app, made, finding)
        say(app.as_of(source_ids=[made.source.id]))
    return 0


def _shown(app: App, made: Case, finding: Finding | None) -> dict[str, Any]:
    event = app.event_of(made.change.id)
    level, rule = app.level(finding) if finding else (None, None)
    review = app.reviewed([made.change.id], within=None).get(made.change.id)
    return _change(made.change, finding, review) | {
        "title": made.source.title,
        "url": made.source.url,
        "sentences": finding.sentences if finding else (),
        "severity": level,
        "rule": rule,
        "binding": app.binding(finding, made.source) if finding else "",
        "acts": finding.acts if finding else (),
        "event": event.id if event else None,
    }


def _beside(app: App, made: Case, finding: Finding | None) -> None:
    """What an alert of one message cannot say: its sentences, severity, and the act with all who speak of it."""
    if finding is None:
        return
    for sentence in finding.sentences:
        say(f"  {sentence}")
    level, rule = app.level(finding)
    say(f"severity: {level} ({rule})")
    if binds := app.binding(finding, made.source):
        say(f"how far it binds: {binds}")
    event = app.event_of(made.change.id)
    if event and len(event.changes) > 1:
        others = ", ".join(map(str, event.changes))
        say(f"event {event.id}, of change {others}: {app.stages(event) or 'no stage stated'}")
    if akin := app.may_belong(made.change, finding):
        say(akin)


@click.command()
@number_argument
@json_option
@click.pass_context
def diff(ctx: click.Context, number: int, as_json: bool) -> int:
    """Every edit of one change, amended words marked [-old-] and {+new+}."""
    with opened(ctx) as app:
        if as_json:
            from bot.replay import told_edits

            made, _ = app.show(number)
            for edit in told_edits(made):
                line(edit)
            return 0
        for runs in app.redline(number):
            say_runs(runs)
        say(_foot(app, number))
    return 0


def _foot(app: App, number: int) -> str:
    """As of when an answer about one change holds, and whether its source can be read."""
    return app.as_of(source_ids=[app.show(number)[0].source.id])


@click.command()
@number_argument
@json_option
@click.pass_context
def why(ctx: click.Context, number: int, as_json: bool) -> int:
    """Why a change was told, or not: verdict, every reason with its weight, who was told."""
    with opened(ctx) as app:
        if not as_json:
            say(app.why(number, within=None))
            say(_foot(app, number))
            return 0
        made, finding = app.show(number)
        reasons = [asdict(one) for one in finding.reasons] if finding else []
        line({"change": number, "verdict": finding.verdict if finding else None,
              "score": finding.score if finding else None, "rules": finding.ruleset if finding else None,
              "reasons": reasons, "told": app.told(number),
              "subscriptions": _decisions(app, made, finding)})  # fmt: skip
    return 0


def _decisions(app: App, made: Case, finding: Finding | None) -> list[dict[str, Any]]:
    """Of every subscription: whether this is told to it at once, why (not), and its severity there."""
    if finding is None or app.silence(made.change):
        return []
    return [
        {
            "subscription": one.id,
            "at_once": decision.told,
            "why": decision.why,
            "severity": app.level(finding, subscription=one)[0],
        }
        for one, decision in app.audience(made, finding)
    ]


@click.command()
@click.argument("source_id", metavar="ID")
@click.option("--limit", default=20, show_default=True, type=LIMIT)
@json_option
@click.pass_context
def history(ctx: click.Context, source_id: str, limit: int, as_json: bool) -> int:
    """Versions and looks of one source, newest first."""
    with opened(ctx) as app:
        versions, checks = app.history(source_id, limit=limit)
        if as_json:
            for version in versions:
                line({"version": version.id, "at": version.at, "read_by": version.fingerprint, "title": version.title,
                      "provenance": PROVENANCES[version.provenance]})  # fmt: skip
            for look in checks:
                line({"look": look.at, "outcome": look.outcome, "cause": look.cause or None, "status": look.status})
            return 0
        say(f"{len(versions)} version{'s' * (len(versions) != 1)}" if checks else "never looked at yet")
        for version in versions:
            whence = f"  ({PROVENANCES[version.provenance]})" if version.provenance else ""
            say(f"  {when(version.at)}  version {version.id}{whence}  {version.title}")
        if checks:
            say(f"the last {len(checks)} look{'s' * (len(checks) != 1)}")
        for look in checks:
            cause = f"  {look.cause}: {look.detail or CAUSES.get(look.cause, '')}" if look.cause else ""
            say(f"  {when(look.at)}  {look.outcome:<8} {look.status or '':>4} {look.elapsed_ms:>6} ms{cause}")
        say(app.as_of(source_ids=[source_id]))
    return 0


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--before", default=0, metavar="N", type=BEFORE, help="Those before change N.")
@click.option("--limit", default=20, show_default=True, type=LIMIT)
@json_option
@click.pass_context
def search(ctx: click.Context, words: tuple[str, ...], before: int, limit: int, as_json: bool) -> int:
    """Find words in what changed and in item titles; key:value words (in: jurisdiction: topic: …) narrow it."""
    from bot.grammar import FILTER_KEYS, filters, unheard

    plain = [word for word in words if word.partition(":")[0] not in FILTER_KEYS or ":" not in word]
    asked = filters([word for word in words if word not in plain])
    if not any(word.strip() for word in (*plain, *asked.words)):
        raise OperatorError("search: say at least one word; key:value words alone narrow `changes`")
    with opened(ctx) as app:
        for hint in unheard(asked, app.declared):
            warn(hint)
        hits = app.search(" ".join(plain), filters=asked, before=before, limit=limit)
        for hit in hits:
            if as_json:
                line({"change": hit.change, "source": hit.source_id, "at": hit.at, "headline": hit.headline,
                      "snippet": hit.snippet, "verdict": hit.verdict})  # fmt: skip
            else:
                say(f"{hit.change:>5}  {when(hit.at)}  {hit.headline}\n       {hit.snippet}")
        if as_json:
            return 0
        if not hits:
            say(f"nothing stored speaks of “{' '.join(words)}”")
        more = f"there may be more: --before {hits[-1].change}\n" if len(hits) == limit else ""
        say(more + app.as_of(source_ids=asked.sources, jurisdictions=asked.jurisdictions))
    return 0
