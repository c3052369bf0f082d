"""Precision, recall and F1 of the rules judge on labelled items, beside two baselines; and its speed.

    python benchmarks/relevance.py [FILE.jsonl]

Each line: {"id", "title", "body", "url", "publisher", "lang", "relevant", "group", "official", ...}. For each slice:
n, relevant, then precision / recall / F1 of "relevant"; recall of "relevant or uncertain"; share of uncertain.

- naive: any of some thirty keywords.
- learned: characters 2-4, hashed, logistic regression, trained on the other four fifths. Fifths are made by group, so
  that no event stands on both sides.
- seen terms: our rules, but of the terms only those that stand in an item of the other four fifths. Our lists were
  written with these items at hand, which flatters them; this is what a list grown from the other items alone would
  reach, so the truth on new items lies between this row and the first.
- other sources: the same, but the terms only those that stand in an item of another publisher.

Then what relevant items state (topics, stage, dates, jurisdictions) beside their labels, and ordinary traffic: every
item of the lists and feeds recorded in the corpus as it came, with the alerts that they would have made in a week.
How that is scaled: 200 sources show as many new items a week each as the recorded lists that are dated do (see
`pace`), and every item has the recorded chance to be told. Told items are printed, to be read by a person.
"""

from __future__ import annotations

import html
import json
import math
import re
import sys
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from bot.judge import RuleSet, judge_text, load_rules
from bot.judge.folding import fold
from bot.judge.index import Index, Term
from bot.model import DatedQuote, Finding

SHARED = Path(__file__).parent.parent.parent / "shared"
DEFAULT, CORPUS = SHARED / "relevance" / "dev.jsonl", SHARED / "corpus"
SOURCES = 200  # that ordinary traffic is scaled to
FOLDS = 5
NAIVE = (
    "cross-border", "data transfer", "third countr", "overseas", "adequacy", "localization", "localisation", "abroad",
    "跨境", "出境", "境外", "國際傳輸", "越境", "移転", "国外", "국외", "국경", "해외", "transfert", "étranger",
    "drittl", "ausland", "übermittlung", "transferencia", "internacional", "transferência", "trasferimento", "estero",
    "nước ngoài", "luar negeri", "трансгранич", "خارج", "yurt dışı", "yurtdışı",
)  # fmt: skip

Item = dict[str, Any]
T = TypeVar("T")


class Judged(NamedTuple):
    """One labelled item with four opinions: ours, ours with seen terms only, the keywords', the learned one's."""

    item: Item
    verdict: str
    seen: str
    naive: bool
    learned: bool


def main(arguments: Sequence[str]) -> int:
    path = Path(arguments[0]) if arguments else DEFAULT
    if not path.exists():
        print(f"no labelled items at {path}; give a JSON Lines file", file=sys.stderr)
        return 2
    items = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    begun = time.perf_counter()
    rules = load_rules()
    loaded = time.perf_counter()
    verdicts = [verdict(item, rules) for item in items]
    spent = time.perf_counter() - loaded
    print(f"{path.name}: {len(items)} items, rules {rules.version}, {FOLDS} folds by group")
    print(f"load {(loaded - begun) * 1000:.1f} ms, judge {spent * 1000 / max(1, len(items)):.2f} ms per item\n")
    sources = folded(items, lambda train, test: by_seen_terms(train, test, rules), key="publisher")
    seen, learned = folded(items, lambda train, test: by_seen_terms(train, test, rules)), folded(items, by_learning)
    judged = [Judged(*one) for one in zip(items, verdicts, seen, map(naive, items), learned, strict=True)]
    report(judged)
    errors(judged)
    caught = [(bool(item["relevant"]), one) for item, one in zip(items, sources, strict=True)]
    print("\nterms of other publishers only: recall {:.2f}, with uncertain {:.2f}".format(*reached(caught)))
    statements(items, rules)
    traffic(rules)
    return 0


def verdict(item: Item, rules: RuleSet) -> str:
    return finding(item, rules).verdict


def finding(item: Item, rules: RuleSet) -> Finding:
    return judge_text(
        id=item["id"],
        title=item.get("title") or "",
        text=item.get("body") or item.get("text") or "",
        url=item.get("url") or "",
        publisher=item.get("publisher") or "",
        language=item.get("lang") or item.get("language") or "",
        rules=rules,
        now=datetime.now(UTC),
        published=str(item.get("date") or ""),
    )


def naive(item: Item) -> bool:
    return any(word in text_of(item).lower() for word in NAIVE)


def text_of(item: Item) -> str:
    return f"{item.get('title') or ''}\n{item.get('body') or item.get('text') or ''}"


# ------------------------------------------------------------------------------------------- the five folds


def reached(caught: Sequence[tuple[bool, str]]) -> tuple[float, float]:
    """Recall of relevant, and of relevant or uncertain."""
    truth = [relevant for relevant, _ in caught]
    return (
        figures(truth, [verdict == "relevant" for _, verdict in caught])[1],
        figures(truth, [verdict != "not_relevant" for _, verdict in caught])[1],
    )


def folded(
    items: Sequence[Item], opinions: Callable[[list[Item], list[Item]], list[T]], *, key: str = "group"
) -> list[T]:
    """An opinion on every item, formed from the items of the other folds; one group is never on both sides."""
    by_id: dict[int, T] = {}
    folds = [zlib.crc32(str(item.get(key) or item["id"]).encode()) % FOLDS for item in items]
    for fold_number in range(FOLDS):
        train = [item for item, number in zip(items, folds, strict=True) if number != fold_number]
        test = [i for i, number in enumerate(folds) if number == fold_number]
        by_id.update(zip(test, opinions(train, [items[i] for i in test]), strict=True))
    return [by_id[i] for i in range(len(items))]


def by_seen_terms(train: Sequence[Item], test: Sequence[Item], rules: RuleSet) -> list[str]:
    """Our verdicts with those topic terms only that stand in a relevant training item."""
    seen: set[Term] = set()
    for item in train:
        if item["relevant"]:
            seen.update(hit.term for hit in rules.signs.find_all(fold(text_of(item))))
    kept = [term for term in rules.signs.terms if term.section != "terms" or term in seen or term.kind == "anti"]
    grown = replace(rules, signs=Index(kept), indexes={})
    return [verdict(item, grown) for item in test]


def by_learning(train: Sequence[Item], test: Sequence[Item]) -> list[bool]:
    """Logistic regression on hashed characters 2-4, by plain gradient steps."""
    weights: dict[int, float] = defaultdict(float)
    examples = [(features(item), bool(item["relevant"])) for item in train]
    for step in range(12):
        rate = 1.0 / (1 + step)
        for found, relevant in examples:
            error = float(relevant) - probability(found, weights)
            for feature, value in found.items():
                weights[feature] += rate * (error * value - 0.0005 * weights[feature])
    return [probability(features(item), weights) >= 0.5 for item in test]


def features(item: Item) -> dict[int, float]:
    text = text_of(item)[:1200].lower()
    counts: dict[int, float] = defaultdict(float)
    for size in (2, 3, 4):
        for i in range(len(text) - size + 1):
            counts[zlib.crc32(text[i : i + size].encode("utf-8", "ignore")) & 0x3FFFF] += 1
    scaled = {feature: 1 + math.log(count) for feature, count in counts.items()}
    norm = math.sqrt(sum(value * value for value in scaled.values())) or 1.0
    return {feature: 3 * value / norm for feature, value in scaled.items()}


def probability(found: dict[int, float], weights: dict[int, float]) -> float:
    total = sum(weights[feature] * value for feature, value in found.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


# ------------------------------------------------------------------------------------------- the figures


def report(judged: Sequence[Judged]) -> None:
    slices: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        for name in names(one.item):
            slices[name].append(one)
    titles = ("naive P    R    F1", "learned P  R    F1", "seen terms R  R+unc F1")
    print(f"{'slice':20}{'n':>5}{'rel':>5}   {'P    R    F1':16}{'R+unc':>6}{'unc':>6}   {'   '.join(titles)}")
    for name, ones in sorted(slices.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        print(row(name, ones))


def names(item: Item) -> list[str]:
    """The slices an item belongs to."""
    found = ["all", str(item.get("lang", "?")), "basis " + str(item.get("text_basis", "?"))]
    found += ["without borderline"] if not item.get("borderline") else []
    found += ["official"] if item.get("official") else []
    found += ["not condensed"] if item.get("text_basis") != "condensed" else []
    return found


def row(name: str, ones: Sequence[Judged]) -> str:
    truth = [bool(one.item["relevant"]) for one in ones]
    ours = figures(truth, [one.verdict == "relevant" for one in ones])
    caught = figures(truth, [one.verdict != "not_relevant" for one in ones])[1]
    unsure = sum(one.verdict == "uncertain" for one in ones) / len(ones)
    theirs = [figures(truth, [one.naive for one in ones]), figures(truth, [one.learned for one in ones])]
    grown = figures(truth, [one.seen == "relevant" for one in ones])
    reached = figures(truth, [one.seen != "not_relevant" for one in ones])[1]
    printed = "     ".join(" ".join(f"{figure:.2f}" for figure in given) for given in theirs)
    return (
        f"{name:20}{len(ones):>5}{sum(truth):>5}   {' '.join(f'{figure:.2f}' for figure in ours):16}{caught:>6.2f}"
        f"{unsure:>6.2f}   {printed}     {grown[1]:.2f} {reached:.2f} {grown[2]:.2f}"
    )


def errors(judged: Sequence[Judged]) -> None:
    print("\nmissed, and told wrongly:")
    for one in judged:
        if one.item["relevant"] != (one.verdict == "relevant"):
            print(f"  {one.verdict:13}{one.item.get('lang', '?'):8}{text_of(one.item)[:90].splitlines()[0]}")


def figures(truth: Iterable[bool], said: Iterable[bool]) -> tuple[float, float, float]:
    """Precision, recall, F1; 1.0 where nothing was to be found and nothing was said."""
    pairs = list(zip(truth, said, strict=True))
    hits = sum(t and s for t, s in pairs)
    precision = hits / (sum(s for _, s in pairs) or 1) if any(s for _, s in pairs) else 1.0
    recall = hits / (sum(t for t, _ in pairs) or 1) if any(t for t, _ in pairs) else 1.0
    return precision, recall, 2 * precision * recall / ((precision + recall) or 1)


# ------------------------------------------------------------------------------------------- what is stated


def statements(items: Sequence[Item], rules: RuleSet) -> None:
    """Topics, jurisdictions, stage and dates of relevant items beside their labels."""
    counts: Counter[str] = Counter()
    for item in items:
        if item["relevant"]:
            counts.update(compared(item, finding(item, rules)))
    print("\nof relevant items:")
    for what in ("topics", "jurisdictions"):
        hits, said, labelled = (counts[f"{what} {kind}"] for kind in ("hit", "said", "labelled"))
        print(f"  {what:14} precision {hits / max(1, said):.2f}, recall {hits / max(1, labelled):.2f}")
    print(f"  stage          {counts['stage hit']} of {counts['stage labelled']}")
    print(f"  dates          {counts['dates hit']} of {counts['dates labelled']} with their kind,", end=" ")
    print(f"{counts['dates said'] - counts['dates hit']} others that the text gives")


def compared(item: Item, found: Finding) -> Iterator[str]:
    """One word for everything labelled, said, and both."""
    dated = {(d.kind, as_labelled(d, item)) for d in found.dates if d.kind in ("effective", "deadline")}
    pairs: tuple[tuple[str, set[Any], set[Any]], ...] = (
        ("topics", set(item.get("topics") or ()), set(found.topics) - {"market_access"}),
        ("jurisdictions", set(item.get("jurisdictions") or ()), set(found.jurisdictions)),
        ("stage", {item["stage"]} if item.get("stage") else set(), {found.stage}),
        ("dates", {(kind, day) for kind, day in (item.get("dates") or {}).items() if day}, dated),
    )
    for what, labelled, said in pairs:
        for kind, values in (("labelled", labelled), ("said", said), ("hit", labelled & said)):
            yield from (f"{what} {kind}" for _ in values)


def as_labelled(dated: DatedQuote, item: Item) -> str:
    """The day, or its month where the label names no more ("2025-08")."""
    day, label = dated.date.isoformat(), (item.get("dates") or {}).get(dated.kind) or ""
    return label if label and day.startswith(label) else day


# ------------------------------------------------------------------------------------------- ordinary traffic


def traffic(rules: RuleSet) -> None:
    """How many alerts a week the recorded lists and feeds would make, item by item as they came."""
    if not CORPUS.exists():
        print(f"\nno recorded lists at {CORPUS}: ordinary traffic is not measured")
        return
    items, verdicts = list(recorded()), Counter[str]()
    print("\nordinary traffic:")
    for item in items:
        verdicts[said := verdict(item, rules)] += 1
        if said != "not_relevant":
            print(f"  {said:13}{item['list']:24}{item['title'][:100]}")
    week = pace() * SOURCES
    told, unsure = verdicts["relevant"] / len(items) * week, verdicts["uncertain"] / len(items) * week
    print(f"  {len(items)} items of {len({item['list'] for item in items})} lists, {dict(verdicts)}")
    print(f"  {pace():.1f} new items a week and source;", end=" ")
    print(f"of {SOURCES} sources {told:.1f} told and {unsure:.1f} uncertain a week")


def pace() -> float:
    """New items a week, the mean of the dated lists: USTR (4.7 weeks), EDPB (17.3), two agencies of the US (6)."""
    ustr = [json.loads(path.read_text("utf-8"))["seen_urls"] for path in captures("us-ustr-press-list")]
    edpb = {one["link"] for path in captures("eu-edpb-news-list") for one in updates(path)}
    weeks = captures("us-fedreg-weekly")
    agencies = {one["html_url"] for path in weeks for one in updates(path)}
    return sum((len(set(ustr[-1]) - set(ustr[0])) / 4.7, len(edpb) / 17.3, len(agencies) / len(weeks) / 2)) / 3


def captures(name: str) -> list[Path]:
    return sorted((CORPUS / "histories" / name).glob("*.json"))


def updates(path: Path) -> list[Item]:
    found: list[Item] = json.loads(path.read_text("utf-8"))["updates"]
    return found


def recorded() -> Iterator[Item]:
    """Every item of the recorded lists and feeds once, as judge_text wants it."""
    seen = set()
    for item in (*listed(), *fed(), *linked()):
        item["title"] = " ".join(str(item["title"] or "").split())
        if len(item["title"]) >= 8 and (item["list"], item["title"]) not in seen:
            seen.add((item["list"], item["title"]))
            yield {"id": str(len(seen)), **item}


def listed() -> Iterator[Item]:
    for path in captures("us-ustr-press-list"):
        for url in json.loads(path.read_text("utf-8"))["seen_urls"]:
            yield {"list": "ustr", "title": url.rsplit("/", 1)[1].replace("-", " "), "url": url, "publisher": "USTR"}
    for path in captures("eu-edpb-news-list"):
        yield from ({"list": "edpb", "publisher": "EDPB", "title": o["title"], "url": o["link"]} for o in updates(path))
    answers = [one for path in captures("us-fedreg-weekly") for one in updates(path)]
    for path in sorted((CORPUS / "json" / "federalregister.gov").glob("*.json")):
        answers += json.loads(path.read_text("utf-8")).get("results", [])
    for one in answers:
        text = one.get("abstract") or one.get("excerpts") or ""
        yield {"list": "federal register", "title": one.get("title"), "body": text, "url": one.get("html_url")}


def fed() -> Iterator[Item]:
    for path in sorted((CORPUS / "feeds").glob("*/*.*")):
        text = path.read_text("utf-8", "replace")
        for entry in re.findall(r"<(?:item|entry)\b.*?</(?:item|entry)>", text, re.DOTALL):
            title, body = (plain(part(entry, names)) for names in ("title", "description|summary"))
            yield {"list": f"feed {path.parent.name}", "title": title, "body": body[:3000]}


def linked() -> Iterator[Item]:
    """The links of whole pages: menus, lists and teasers in a dozen languages."""
    from selectolax.lexbor import LexborHTMLParser

    globs = ("single/*/*.*html", "histories/ec-*/*.html", "histories/jp-gov*/*")
    for path in sorted(path for pattern in globs for path in CORPUS.glob(pattern)):
        for link in LexborHTMLParser(path.read_bytes()).css("a"):
            yield {"list": f"links {path.parent.name}", "title": link.text(separator=" ")}


def part(entry: str, names: str) -> str:
    found = re.search(rf"<({names})[^>]*>(.*?)</\1>", entry, re.DOTALL)
    return found[2] if found else ""


def plain(text: str) -> str:
    return re.sub(r"<[^>]+>", " ", html.unescape(re.sub(r"<!\[CDATA\[|\]\]>", "", text)))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
