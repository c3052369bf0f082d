"""judge, rejudge: opinions, on text from outside and on what is stored."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import TextIOWrapper
from typing import Any

import click

from bot.cli.printing import json_option, line, opened, progress, say, since, warn


@click.command()
def judge() -> int:
    """Judge JSON Lines on stdin: {"id","title","text","url","publisher","language","date"}; one finding per line.

    "date" is the day on which the text was published; it gives days without a year theirs.
    A line that is none is named on stderr and left out; the others are judged, and the exit code is 1.
    """
    from bot.judge import as_json, judge_text, load_rules

    rules = load_rules()
    now = datetime.now(UTC)
    bad: list[str] = []
    for item in _items(bad):
        finding = judge_text(
            id=str(item.get("id", "")),
            title=str(item.get("title") or ""),
            text=str(item.get("text") or item.get("body") or ""),
            url=str(item.get("url") or ""),
            publisher=str(item.get("publisher") or ""),
            language=str(item.get("language") or item.get("lang") or ""),
            rules=rules,
            now=now,
            published=str(item.get("date") or ""),
        )
        line(as_json(item.get("id", ""), finding))
    return 1 if bad else 0


def _items(bad: list[str]) -> Iterator[dict[str, Any]]:
    """The objects on stdin; what is none is said at once and kept in `bad`."""
    if isinstance(sys.stdin, TextIOWrapper):  # JSON is UTF-8 whatever the terminal speaks (RFC 8259 §8.1)
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")
    for number, text in enumerate(sys.stdin, start=1):
        if not text.strip():
            continue
        try:
            item = json.loads(text)
        except (ValueError, RecursionError) as error:  # ValueError also for a number of too many digits
            bad.append(f"stdin, line {number}: not JSON ({getattr(error, 'msg', 'it cannot be read')})")
        else:
            if isinstance(item, dict):
                yield item
                continue
            bad.append(f"stdin, line {number}: a JSON object is wanted")
        warn(f"{bad[-1]}; left out")


def _counted(messages: int) -> None:
    warn(f"{messages} message{'s' * (messages != 1)} to be sent; what came before a subscription is not told to it")


@click.command()
@click.option("--since", "since_text", metavar="WHEN", help="Only changes since then: 30d, or a date.")
@click.option("--tell", is_flag=True, help="Tell those who were not told and would be now.")
@json_option
@click.pass_context
def rejudge(ctx: click.Context, since_text: str | None, tell: bool, as_json: bool) -> int:
    """Judge stored changes again with today's rules; tells nobody without --tell, and nobody twice."""
    judged = moved = 0
    with opened(ctx) as app, app.store.bulk("regwatch rejudge"), progress("judging") as step:
        for before, after in app.rejudge(since=since(since_text), tell=tell, counted=_counted):
            step()
            judged += 1
            if before is None or before.verdict == after.verdict:
                continue
            moved += 1
            if as_json:
                line({"change": after.change, "was": before.verdict, "is": after.verdict, "headline": after.headline})
            else:
                say(f"{after.change:>5}  {before.verdict} -> {after.verdict}  {after.headline}")
    if not as_json:
        say(f"{judged} judged again, {moved} with another verdict")
    return 0
