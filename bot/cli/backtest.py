"""backtest: what other rules would have told, over stored history."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from bot.cli.printing import json_option, line, opened, say, since, when
from bot.errors import OperatorError


@click.command()
@click.option("--rules", "path", type=click.Path(path_type=Path), help="Amendments to the rules, in TOML.")
@click.option("--since", "since_text", metavar="WHEN", help="Only changes since then: 30d, or a date.")
@json_option
@click.pass_context
def backtest(ctx: click.Context, path: Path | None, since_text: str | None, as_json: bool) -> int:
    """Judge stored history with today's rules, amended by FILE, and print gained, lost and kept alerts.

    \b
    FILE holds TOML like this:
        [weights.verdict]
        relevant = 10
        [add.en.terms.transfer_general]
        strong = ["trusted data corridor"]
        [remove]
        en = ["data room"]

    Against what people said in reviews it prints precision and recall. It writes nothing and tells nobody.
    """
    text = _text(path) if path else ""
    told: Counter[str] = Counter()
    right: Counter[tuple[str, str, bool]] = Counter()
    with opened(ctx) as app:
        for one in app.backtest(text, name=str(path or "rules"), since=since(since_text)):
            told[one.outcome] += 1
            for which, finding in (("before", one.before), ("after", one.after)):
                if one.review:
                    right[which, one.review, finding.verdict == "relevant"] += 1
            if as_json:
                line({"change": one.change.id, "source": one.change.source_id, "at": one.change.at,
                      "alert": one.outcome, "before": one.before.verdict, "after": one.after.verdict,
                      "score_before": one.before.score, "score_after": one.after.score,
                      "review": one.review, "headline": one.after.headline})  # fmt: skip
            elif one.outcome in {"gained", "lost"}:
                said = f"  a person said: {one.review.replace('_', ' ')}" if one.review else ""
                say(f"{one.outcome:<7} {one.change.id:>6}  {when(one.change.at)}  {one.after.headline}{said}")
    if not as_json:
        say(f"alerts: {told['gained']} gained, {told['lost']} lost, {told['kept']} kept; "
            f"{sum(told.values())} changes judged again; nothing was written, nobody was told")  # fmt: skip
        for which in ("before", "after"):
            say(f"{which + ':':<8} {_against(which, right)}")
    return 0


def _against(which: str, right: Counter[tuple[str, str, bool]]) -> str:
    """Precision and recall of alerts against reviews, with the counts they are made of."""
    true, false = right[which, "relevant", True], right[which, "not_relevant", True]
    missed = right[which, "relevant", False]
    precision = f"{true}/{true + false}" if true + false else "no reviewed alert"
    recall = f"{true}/{true + missed}" if true + missed else "no change reviewed as relevant"
    return f"precision {precision}, recall {recall}, against reviews"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"{path}: {getattr(error, 'strerror', '') or 'not UTF-8 text'}") from error
