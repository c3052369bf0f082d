"""changes, show, diff, why, history, search, health: looking things up. Readers never wait for a lock."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from bot.cli.printing import LIMIT, NUMBER, json_option, line, opened, say, say_runs, since, when
from bot.errors import OperatorError
from bot.model import CAUSES, PROVENANCES, Change, Coverage, Finding, Run, Standing


@click.command()
@click.option("--since", "since_text", metavar="WHEN", help="7d, 12h, or a date.")
@click.option("--source", "source_id", default="", help="Only this source.")
@click.option("--relevant", is_flag=True, help="Only what the judge calls relevant.")
@click.option("--limit", default=50, show_default=True, type=LIMIT)
@json_option
@click.pass_context
def changes(
    ctx: click.Context, since_text: str | None, source_id: str, relevant: bool, limit: int, as_json: bool
) -> int:
    """What changed, newest first; baselines are marked "already there"."""
    with opened(ctx) as app:
        if source_id:
            app.remembered(source_id)
        found = app.changes(since=since(since_text), source_id=source_id, relevant=relevant, limit=limit)
        for change, finding in found:
            line(_change(change, finding)) if as_json else say(_one(change, finding))
        if not found and not as_json:
            say("none recorded; " + app.coverage_sentence(since=since(since_text)))
    return 0


def _one(change: Change, finding: Finding | None) -> str:
    verdict = finding.verdict.replace("_", " ") if finding else "not judged yet"
    headline = finding.headline if finding else change.source_id
    there = " (already there)" if change.cause == "baseline" else ""
    return f"{change.id:>5}  {when(change.at)}  {verdict:<12}  {headline}{there}"


def _change(change: Change, finding: Finding | None) -> dict[str, Any]:
    return {
        "change": change.id,
        "source": change.source_id,
        "at": change.at,
        "cause": change.cause,
        "edits": sum(edit.counted for edit in change.edits),
        "missed": change.missed,
        "verdict": finding.verdict if finding else None,
        "headline": finding.headline if finding else None,
        "topics": finding.topics if finding else (),
        "jurisdictions": finding.jurisdictions if finding else (),
        "stage": finding.stage if finding else None,
        "dates": [asdict(one) for one in finding.dates] if finding else [],
    }


@click.command()
@click.argument("number", metavar="N", type=NUMBER)
@json_option
@click.pass_context
def show(ctx: click.Context, number: int, as_json: bool) -> int:
    """One change as a reader sees it."""
    with opened(ctx) as app:
        made, finding = app.show(number)
        if as_json:
            line(_change(made.change, finding) | {"title": made.source.title, "url": made.source.url})
            return 0
        message = app.alert(number)
        for runs in ((Run(message.headline, "strong"),), *message.lines):
            say_runs(runs)
    return 0


@click.command()
@click.argument("number", metavar="N", type=NUMBER)
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
    return 0


@click.command()
@click.argument("number", metavar="N", type=NUMBER)
@json_option
@click.pass_context
def why(ctx: click.Context, number: int, as_json: bool) -> int:
    """Why a change was told, or not: verdict, every reason with its weight, who was told."""
    with opened(ctx) as app:
        if not as_json:
            say(app.why(number))
            return 0
        _, finding = app.show(number)
        reasons = [asdict(one) for one in finding.reasons] if finding else []
        line({"change": number, "verdict": finding.verdict if finding else None,
              "score": finding.score if finding else None, "rules": finding.ruleset if finding else None,
              "reasons": reasons, "told": app.told(number)})  # fmt: skip
    return 0


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
        say(f"{len(versions)} versions")
        for version in versions:
            whence = f"  ({PROVENANCES[version.provenance]})" if version.provenance else ""
            say(f"  {when(version.at)}  version {version.id}{whence}  {version.title}")
        say(f"the last {len(checks)} looks")
        for look in checks:
            cause = f"  {look.cause}: {look.detail or CAUSES.get(look.cause, '')}" if look.cause else ""
            say(f"  {when(look.at)}  {look.outcome:<8} {look.status or '':>4} {look.elapsed_ms:>6} ms{cause}")
    return 0


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", default=20, show_default=True, type=LIMIT)
@json_option
@click.pass_context
def search(ctx: click.Context, words: tuple[str, ...], limit: int, as_json: bool) -> int:
    """Find words in what changed and in item titles; in:SOURCE narrows it."""
    from bot.grammar import KEYS, filters

    plain = [word for word in words if word.partition(":")[0] not in KEYS or ":" not in word]
    chosen = filters([word for word in words if word not in plain])
    if not any(word.strip() for word in words):
        raise OperatorError("search: say at least one word")
    with opened(ctx) as app:
        hits = app.search(" ".join(plain), filters=chosen, limit=limit)
        for hit in hits:
            if as_json:
                line({"change": hit.change, "source": hit.source_id, "at": hit.at, "headline": hit.headline,
                      "snippet": hit.snippet, "verdict": hit.verdict})  # fmt: skip
            else:
                say(f"{hit.change:>5}  {when(hit.at)}  {hit.headline}\n       {hit.snippet}")
        if not hits and not as_json:
            say(f"nothing stored speaks of “{' '.join(words)}”; {app.coverage_sentence()}")
    return 0


@click.command()
@json_option
@click.pass_context
def health(ctx: click.Context, as_json: bool) -> int:
    """Who could be read, who could not and since when; which jurisdictions are not clear. Exit 1 when some are not."""
    with opened(ctx) as app:
        seen = app.coverage()
        groups = {"failing": seen.failing, "blocked": seen.blocked, "stale": seen.stale, "quiet": seen.quiet}
        if as_json:
            for name, group in groups.items():
                for standing in group:
                    line({"state": name, "source": standing.source_id, "cause": standing.cause or None,
                          "since": standing.failing_since, "last_good": standing.last_good})  # fmt: skip
            line({"state": "summary", "watched": len(seen.watched), "read": len(seen.read),
                  "unproven": list(seen.unproven), "off": [list(pair) for pair in seen.off],
                  "not_clear": list(seen.blind), "outbox": dict(app.totals().outbox)})  # fmt: skip
        else:
            _health(seen, groups, documents=app.unread_documents(), sentence=app.coverage_sentence())
        broken = bool(seen.failing or seen.blocked or seen.stale)
    return 1 if broken else 0


def _health(
    seen: Coverage, groups: dict[str, tuple[Standing, ...]], *, documents: dict[str, int], sentence: str
) -> None:
    for name, group in groups.items():
        for one in group:
            say(f"{name:<8} {one.source_id}: {_trouble(one, name)}")
    for name in seen.unproven:
        if not any(name == one.source_id for group in groups.values() for one in group):
            say(f"unproven {name}: never read yet")
    for name, reason in seen.off:
        say(f"off      {name}: {reason}")
    for name, number in documents.items():
        say(f"followed {name}: {number} document{'s' * (number != 1)} could not be read lately")
    if seen.blind:
        say(f"not clear: {', '.join(seen.blind)} (a must-watch source there could not be read)")
    say(sentence)


def _trouble(standing: Standing, group: str) -> str:
    if group == "quiet":
        return f"no change since {when(standing.last_change)}, one was expected by now"
    if group == "stale":
        return f"no good look since {when(standing.last_good)}"
    return f"{standing.cause}: {CAUSES.get(standing.cause, '')}, since {when(standing.failing_since)}"
