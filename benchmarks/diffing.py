"""How long comparing takes and how much memory it needs. Run: .venv/bin/python -m benchmarks.diffing"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable

from bot import diff
from bot.model import Block

Versions = tuple[list[Block], list[Block]]

SUBJECTS = ["数据处理者", "网络运营者", "个人信息处理者", "主管部门", "境外接收方", "关键信息基础设施运营者"]
DUTIES = ["应当申报安全评估", "应当订立标准合同", "可以开展出境活动", "应当保存记录", "不得向境外提供", "应当通过认证"]
WORDS = [
    *[
        "operator",
        "controller",
        "transfer",
        "data",
        "record",
        "shall",
        "may",
        "border",
        "authority",
        "notify",
        "assess",
    ],
    *["contract", "personal", "important", "security", "retain", "within", "days", "country", "recipient", "consent"],
    *["purpose", "process", "store", "local", "server", "review"],
]


def chinese(count: int, rng: random.Random) -> list[str]:
    return [
        f"{rng.choice(SUBJECTS)}{rng.choice(DUTIES)}，涉及事项{n}，期限{rng.randrange(90)}日。" for n in range(count)
    ]


def english(count: int, rng: random.Random) -> list[str]:
    return [" ".join(rng.choices(WORDS, k=25)) + f" {n}." for n in range(count)]


def numbered(texts: list[str], pattern: str = "第{}条 ") -> list[Block]:
    return [Block("paragraph", pattern.format(n) + text) for n, text in enumerate(texts, 1)]


def plain(texts: list[str]) -> list[Block]:
    return [Block("paragraph", text) for text in texts]


def articles(rng: random.Random) -> Versions:
    """500 articles: one new in the middle, one sentence amended, the rest of them renumbered."""
    texts = chinese(500, rng)
    later = [*texts[:200], "国家建立重要数据目录管理制度，由国家网信部门统筹协调。", *texts[200:]]
    later[300] = later[300].replace("日", "个工作日")
    return numbered(texts), numbered(later)


def a_few_edits(rng: random.Random) -> Versions:
    """20,000 paragraphs with 4.5 % amended, dropped, added or moved."""
    texts = english(20_000, rng)
    later = list(texts)
    for _ in range(400):
        at = rng.randrange(len(later))
        later[at] = later[at].replace("shall", "may", 1) + " amended"
        del later[rng.randrange(len(later))]
        later.insert(rng.randrange(len(later)), " ".join(rng.choices(WORDS, k=25)) + " new.")
    for _ in range(100):
        later.insert(rng.randrange(len(later)), later.pop(rng.randrange(len(later))))
    return plain(texts), plain(later)


def all_amended(rng: random.Random) -> Versions:
    """20,000 paragraphs, one word of each amended."""
    texts = english(20_000, rng)
    return plain(texts), plain([text.replace(text.split()[7], "amended", 1) for text in texts])


def all_other(rng: random.Random) -> Versions:
    """20,000 paragraphs that have nothing to do with 20,000 others."""
    return plain(english(20_000, rng)), plain([f"{text} {rng.random()}" for text in chinese(20_000, rng)])


def half_repeated(rng: random.Random) -> Versions:
    """20,000 cells of which half say one of seven things."""
    cells = [rng.choice(["Yes", "No", "-", "n/a", "0", "1", "see note"]) for _ in range(10_000)]
    texts = [text for pair in zip(cells, english(10_000, rng), strict=True) for text in pair]
    later = list(texts)
    for _ in range(300):
        del later[rng.randrange(len(later))]
        later.insert(rng.randrange(len(later)), rng.choice(cells))
    return plain(texts), plain(later)


def shuffled(rng: random.Random) -> Versions:
    """20,000 paragraphs in another order."""
    texts = english(20_000, rng)
    later = list(texts)
    rng.shuffle(later)
    return plain(texts), plain(later)


def one_long_paragraph(rng: random.Random) -> Versions:
    """One paragraph of 200,000 words, 1 % of them amended."""
    words = rng.choices(WORDS, k=200_000)
    later = [word if rng.random() > 0.01 else "amended" for word in words]
    return plain([" ".join(words)]), plain([" ".join(later)])


SCENES: tuple[Callable[[random.Random], Versions], ...] = (
    articles, a_few_edits, all_amended, all_other, half_repeated, shuffled, one_long_paragraph,
)  # fmt: skip


def main() -> None:
    for scene in SCENES:
        if sys.argv[1:] and scene.__name__ not in sys.argv[1:]:
            continue
        before, after = scene(random.Random(1))
        start = time.perf_counter()
        edits = diff.edits(before, after)
        took = (time.perf_counter() - start) * 1000
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        kinds = ", ".join(f"{kind} {count}" for kind, count in Counter(edit.kind for edit in edits).most_common())
        print(f"{scene.__name__:20}{took:9.0f} ms  peak {peak:4} MB  {kinds}")


if __name__ == "__main__":
    main()
