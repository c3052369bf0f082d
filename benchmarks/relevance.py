"""Precision, recall and F1 of the rules judge on labelled items, beside a naive keyword list; and its speed.

    python benchmarks/relevance.py [FILE.jsonl]

Each line: {"id", "title", "body", "url", "publisher", "lang", "relevant", ...}. Prints, overall and per language:
n, relevant, then precision / recall / F1 of "relevant"; recall of "relevant or uncertain"; share of uncertain.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from bot.judge import RuleSet, judge_text, load_rules
from bot.model import Finding

DEFAULT = Path(__file__).parent.parent.parent / "shared" / "relevance" / "dev.jsonl"
NAIVE = (
    "cross-border", "data transfer", "third countr", "overseas", "adequacy", "localization", "localisation", "abroad",
    "跨境", "出境", "境外", "國際傳輸", "越境", "移転", "国外", "국외", "국경", "해외", "transfert", "étranger",
    "drittl", "ausland", "übermittlung", "transferencia", "internacional", "transferência", "trasferimento", "estero",
    "nước ngoài", "luar negeri", "трансгранич", "خارج", "yurt dışı", "yurtdışı",
)  # fmt: skip


class Judged(NamedTuple):
    """One labelled item with our opinion and that of the keywords."""

    item: dict[str, Any]
    finding: Finding
    naive: bool


def main(arguments: Sequence[str]) -> int:
    path = Path(arguments[0]) if arguments else DEFAULT
    if not path.exists():
        print(f"no labelled items at {path}; give a JSON Lines file", file=sys.stderr)
        return 2
    items = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    begun = time.perf_counter()
    rules = load_rules()
    loaded = time.perf_counter()
    judged = [Judged(item, opinion(item, rules), naive(item)) for item in items]
    spent = time.perf_counter() - loaded
    print(f"{path.name}: {len(items)} items, rules {rules.version}")
    print(f"load {(loaded - begun) * 1000:.1f} ms, judge {spent * 1000 / max(1, len(items)):.2f} ms per item\n")
    report(judged)
    return 0


def opinion(item: dict[str, Any], rules: RuleSet) -> Finding:
    return judge_text(
        id=item["id"],
        title=item.get("title") or "",
        text=item.get("body") or item.get("text") or "",
        url=item.get("url") or "",
        publisher=item.get("publisher") or "",
        language=item.get("lang") or item.get("language") or "",
        rules=rules,
        now=datetime.now(UTC),
    )


def naive(item: dict[str, Any]) -> bool:
    text = f"{item.get('title') or ''} {item.get('body') or ''}".lower()
    return any(word in text for word in NAIVE)


def report(judged: Sequence[Judged]) -> None:
    slices: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        slices["all"].append(one)
        slices[str(one.item.get("lang", "?"))].append(one)
        slices["basis " + str(one.item.get("text_basis", "?"))].append(one)
        if not one.item.get("borderline"):
            slices["without borderline"].append(one)
    print(f"{'slice':22}{'n':>5}{'rel':>5}   {'P    R    F1':16}{'R+unc':>6}{'unc':>6}   naive P    R    F1")
    for name, ones in sorted(slices.items(), key=lambda pair: -len(pair[1])):
        print(row(name, ones))


def row(name: str, ones: Sequence[Judged]) -> str:
    truth = [bool(one.item["relevant"]) for one in ones]
    ours = figures(truth, [one.finding.verdict == "relevant" for one in ones])
    seen = figures(truth, [one.finding.verdict != "not_relevant" for one in ones])
    theirs = figures(truth, [one.naive for one in ones])
    unsure = sum(one.finding.verdict == "uncertain" for one in ones) / len(ones)
    numbers = " ".join(f"{figure:.2f}" for figure in ours)
    return (
        f"{name:22}{len(ones):>5}{sum(truth):>5}   {numbers:16}{seen[1]:>6.2f}{unsure:>6.2f}"
        f"        {' '.join(f'{figure:.2f}' for figure in theirs)}"
    )


def figures(truth: Iterable[bool], said: Iterable[bool]) -> tuple[float, float, float]:
    """Precision, recall, F1; 1.0 where nothing was to be found and nothing was said."""
    pairs = list(zip(truth, said, strict=True))
    hits = sum(t and s for t, s in pairs)
    precision = hits / (sum(s for _, s in pairs) or 1) if any(s for _, s in pairs) else 1.0
    recall = hits / (sum(t for t, _ in pairs) or 1) if any(t for t, _ in pairs) else 1.0
    return precision, recall, 2 * precision * recall / ((precision + recall) or 1)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
