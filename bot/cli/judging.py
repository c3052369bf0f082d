"""judge, rejudge: opinions, on text from outside and on what is stored."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import TextIOWrapper
from typing import Any

import click

from bot.cli.printing import json_option, line, opened, progress, say, since
from bot.errors import OperatorError


@click.command()
def judge() -> int:
    """Judge JSON Lines on stdin: {"id","title","text","url","publisher","language"}; one finding per line."""
    from bot.judge import as_json, judge_text, load_rules

    rules = load_rules()
    now = datetime.now(UTC)
    for item in _items():
        finding = judge_text(
            id=str(item.get("id", "")),
            title=str(item.get("title") or ""),
            text=str(item.get("text") or item.get("body") or ""),
            url=str(item.get("url") or ""),
            publisher=str(item.get("publisher") or ""),
            language=str(item.get("language") or item.get("lang") or ""),
            rules=rules,
            now=now,
        )
        line(as_json(item.get("id", ""), finding))
    return 0


def _items() -> Iterator[dict[str, Any]]:
    if isinstance(sys.stdin, TextIOWrapper):  # JSON is UTF-8 whatever the terminal speaks (RFC 8259 §8.1)
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")
    for number, text in enumerate(sys.stdin, start=1):
        if not text.strip():
            continue
        try:
            item = json.loads(text)
        except json.JSONDecodeError as error:
            raise OperatorError(f"stdin, line {number}: not JSON ({error.msg})") from error
        if not isinstance(item, dict):
            raise OperatorError(f"stdin, line {number}: a JSON object is wanted")
        yield item


@click.command()
@click.option("--since", "since_text", metavar="WHEN", help="Only changes since then: 30d, or a date.")
@click.option("--tell", is_flag=True, help="Tell those who were not told and would be now.")
@json_option
@click.pass_context
def rejudge(ctx: click.Context, since_text: str | None, tell: bool, as_json: bool) -> int:
    """Judge stored changes again with today's rules; tells nobody without --tell, and nobody twice."""
    judged = moved = 0
    with opened(ctx) as app, app.store.bulk("regwatch rejudge"), progress("judging") as step:
        for before, after in app.rejudge(since=since(since_text), tell=tell):
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
