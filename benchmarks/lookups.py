"""How long look-ups take at 200,000 judged changes, by the store and by App, over a synthetic history of six years.

python -m benchmarks.lookups [COUNT [HOME]]       with HOME the store is kept there, and used again
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from io import StringIO
from pathlib import Path
from statistics import quantiles

import storage
from benchmarks.bench import table
from bot.app import App
from bot.app import build as build_app
from bot.model import (
    VERDICTS,
    Block,
    DatedQuote,
    Edit,
    Filters,
    Finding,
    Flow,
    Footprint,
    Look,
    Outcome,
    Quote,
    Reason,
    Source,
    pack,
)
from bot.settings import Settings
from storage import SqliteStore, facets
from storage.facts import pack_edits
from storage.packing import sparse, squeeze, stamp
from storage.phrases import COMMON
from storage.words import cut

START = datetime(2020, 11, 22, tzinfo=UTC)
END = datetime(2026, 11, 22, tzinfo=UTC)
PLACES = str.split("CN HK MO TW EU US GB CH JP KR SG IN BR VN ID TH SA AE TR RU ZA NG CA AU NZ MX")
TOPICS = str.split("transfer_general adequacy contracts security_assessment localisation important_data cloud ai")
MECHANISMS = str.split("adequacy scc bcr certification security_assessment contract_filing localisation important_data")
WORDS = str.split(
    "transfer personal data processor controller shall may not export assessment authority measure article paragraph "
    "contract standard clause decision adequacy third country recipient notify security important cloud operator "
    "database dataset datacentre guidance draft consultation comment deadline effective force repeal amend annex"
)
HAN = ["数据出境", "安全评估", "个人信息", "标准合同", "重要数据", "处理者", "申报", "备案"]
SOURCES, VERSIONS, TURNS, LIMIT_MS = 200, 4, 40, 300
SPOKEN = 3  # of ten Changes in a row, which speak of one act


def main(count: int = 200_000, home: str = "") -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = storage.open(Path(home or folder))
        if store.totals().findings < count:
            began = time.perf_counter()
            build(store, count)
            print(f"{count:,} judged changes made in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        rows = [measured(name, look) for name, look in looks(store, count)]
        store.close()
        app = build_app(Settings(home=Path(home or folder)), stream=StringIO(), sources=declared(), clock=lambda: END)
        app.keep_footprint(OURS)
        rows += [measured(name, look) for name, look in asked(app)]
        app.close()
    print(table(("look-up", "answers", "p50 ms", "p95 ms", "worst ms"), [row[:5] for row in rows]))
    slow = [row[0] for row in rows if float(row[3]) > LIMIT_MS]
    print(f"over {LIMIT_MS} ms: {', '.join(map(str, slow)) or 'none'}")


def measured(name: str, look: Callable[[], Sequence[object]]) -> tuple[str, ...]:
    times, answers = [], 0
    for _ in range(TURNS):
        began = time.perf_counter()
        answers = len(look())
        times.append((time.perf_counter() - began) * 1000)
    cuts = quantiles(times, n=20)
    return (name, str(answers), f"{cuts[9]:.1f}", f"{cuts[18]:.1f}", f"{max(times):.1f}")


def looks(store: SqliteStore, count: int) -> Iterator[tuple[str, Callable[[], Sequence[object]]]]:
    """What people ask, the worst that we could think of among it."""
    chance = random.Random(7)
    for words in ("everywhere", "data", "transfer security", "rare17", "出境", "everywhere transfer", "nowhere", "a"):
        yield f"search {words}", lambda words=words: store.search(words)  # type: ignore[misc]
    for name, filters in FILTERS.items():
        yield f"search everywhere {name}", lambda f=filters: store.search("everywhere", filters=f)  # type: ignore[misc]
        yield f"recent {name}", lambda f=filters: store.recent(filters=f)  # type: ignore[misc]
        yield f"upcoming {name}", lambda f=filters: store.ahead(since=END.date(), filters=f)  # type: ignore[misc]
    yield "search transfer, page 2", lambda: store.search("transfer", before=count // 2)
    yield "recent of one week", lambda: store.recent(since=END - timedelta(days=7), limit=500)
    yield "recent, three years ago", lambda: store.recent(until=END - timedelta(days=1000))
    yield "weekly, 12 weeks", lambda: store.weekly(since=END - timedelta(weeks=12), until=END)
    yield "show", lambda: shown(store, chance.randrange(1, count))
    yield "changes of a source", lambda: store.changes(source_id=f"source-{chance.randrange(SOURCES)}", limit=50)
    yield "changes, relevant", lambda: store.changes(relevant=True)


def asked(app: App) -> Iterator[tuple[str, Callable[[], Sequence[object]]]]:
    """What App works out over many Findings: dates ahead folded by act, the state of play, severities."""
    yield "App: upcoming, 90 days", app.upcoming
    yield "App: upcoming, a year", lambda: app.upcoming(days=365)
    yield "App: upcoming footprint:us", lambda: app.upcoming(footprint="us")
    yield "App: upcoming min:act", lambda: app.upcoming(filters=Filters(min="act"))
    for place in ("CN", "EU", "NZ"):
        yield f"App: state {place}", lambda place=place: app.state(place).ahead  # type: ignore[misc]
    yield "App: latest min:act", lambda: app.latest(filters=Filters(min="act"))


def declared() -> list[Source]:
    """The sources of the history, in turn of each place."""
    places = (PLACES[number % len(PLACES)] for number in range(SOURCES))
    return [Source(f"source-{n}", f"https://source-{n}.example/", jurisdiction=at) for n, at in enumerate(places)]


OURS = Footprint("us", entities=("US",), flows=(Flow("CN", "US"),))
FILTERS = {
    "without filters": Filters(),
    "jurisdiction:CN": Filters(jurisdictions=("CN",)),
    "mechanism:scc topic:cloud": Filters(mechanisms=("scc",), topics=("cloud",)),
    "type:final": Filters(stages=("agreement", "adopted", "in_force")),
    "corridor:EU-US": Filters(corridors=(("EU", "US"),)),
    "corridor:EU-*": Filters(corridors=(("EU", "*"),)),
    "corridor:*-US": Filters(corridors=(("*", "US"),)),
    "corridor:*-*": Filters(corridors=(("*", "*"),)),
    "two that never meet": Filters(jurisdictions=("NZ",), corridors=(("MX", "CN"),)),
    "in:source-5": Filters(sources=("source-5",)),
    "words:rare17": Filters(words=("rare17",)),
    "words:everywhere jurisdiction:CN": Filters(words=("everywhere",), jurisdictions=("CN",)),
}


def shown(store: SqliteStore, number: int) -> Sequence[object]:
    """What a change page reads."""
    change = store.change(number)
    assert change is not None
    texts = (store.blocks(change.before), store.blocks(change.after))
    people = (store.reviews(number), store.handling(number), store.deliveries(subject=f"change:{number}"))
    return (change, texts, store.finding(number), store.event_of(number), store.announced(number), people)


# ------------------------------------------------------------------------------------------------ the synthetic store


def build(store: SqliteStore, count: int) -> None:
    """Versions as looks leave them; Changes and Findings row by row, as add_finding writes them but all at once."""
    for number in range(VERSIONS):
        store.record([_outcome(f"source-{n}", number) for n in range(SOURCES)])
    findings = _findings(count)
    with store._db.writing(durable=False) as db:
        db.execute("DELETE FROM unjudged")
        edits = pack_edits([Edit("replace", 3, 3, ((0, 4, 0, 5),))])
        for finding in findings:
            source = finding.change % SOURCES + 1
            versions = (SOURCES * (VERSIONS - 2) + source, SOURCES * (VERSIONS - 1) + source)
            row = (finding.change, source, stamp(finding.at), *versions, edits)
            db.execute("INSERT INTO change VALUES (?, ?, ?, 0, ?, ?, 1, 0, 0, ?)", row)
            content = squeeze(sparse(finding), like=COMMON, level=1)
            row = (finding.change, finding.change, stamp(finding.at), VERDICTS.index(finding.verdict), content)
            db.execute("INSERT INTO finding VALUES (?, ?, ?, ?, ?)", row)
            facets.note(db, finding, number=finding.change)
            text = finding.quotes[0].text
            db.execute("INSERT INTO search (rowid, text) VALUES (?, ?)", (finding.change, cut(text)))
            db.execute("INSERT INTO passage VALUES (?, NULL, ?)", (finding.change, squeeze(text.encode(), level=1)))
            if finding.change % 10 < SPOKEN:  # some tell of one act, one after another
                act = finding.change // 10
                db.execute("INSERT OR IGNORE INTO event (id, at, title) VALUES (?, 0, 'An act')", (act,))
                db.execute("INSERT INTO event_change (event, change) VALUES (?, ?)", (act, finding.change))
    with store._db.writing(durable=False) as db:
        db.execute("PRAGMA optimize")


def _outcome(source: str, number: int) -> Outcome:
    chance = random.Random(f"{source} {number}")
    blocks = [Block("paragraph", " ".join(chance.choices(WORDS, k=40)), ("Chapter 1",)) for _ in range(60)]
    body, reading = "\n".join(block.text for block in blocks).encode(), pack(blocks)
    look = Look(
        source,
        START + timedelta(days=number),
        status=200,
        final_url=f"https://{source}.example/",
        body_hash=blake2b(body, digest_size=16).digest(),
        body=squeeze(body),
        reading=squeeze(reading),
        reading_hash=blake2b(reading, digest_size=16).digest(),
        fingerprint="bench/1",
    )
    return Outcome("changed" if number else "first", look, "source", edits=(Edit("replace", 0, 0),))


def _findings(count: int) -> Iterator[Finding]:
    chance, first = random.Random(1), SOURCES * VERSIONS + 1
    for number in range(first, first + count):
        at = START + (END - START) * ((number - first) / count) + timedelta(minutes=chance.randrange(3000))
        yield _finding(chance, number, at)


def _finding(chance: random.Random, number: int, at: datetime) -> Finding:
    weights = [1 / (n + 1) for n in range(len(PLACES))]
    places = tuple(dict.fromkeys(chance.choices(PLACES, weights, k=chance.choice((1, 1, 2)))))
    verdict = chance.choices(VERDICTS, (30, 10, 60))[0]
    words = ["everywhere", *chance.choices(WORDS, k=40), *chance.choices(HAN, k=4), f"rare{number % 20_000}"]
    if chance.random() < 0.7:
        words.append("data")
    bare = Finding(number, at, "rules-1", verdict, 120, f"{places[0]}: {' '.join(words[1:9])}", jurisdictions=places)
    bare = replace(bare, quotes=(Quote("after", " ".join(words)),), reasons=(Reason("term", 40, "added", words[3]),))
    if verdict == "not_relevant":
        return bare
    ends = [*PLACES, "*"]
    pairs = ((places[0], chance.choices(ends, [*weights, 1])[0]) for _ in range(chance.choice((0, 1, 1, 2))))
    days = chance.choice((0, 0, 1, 2))
    ahead = [(at + timedelta(days=chance.randrange(900))).date() for _ in range(days)]
    return replace(
        bare,
        topics=tuple(chance.sample(TOPICS, 2)),
        mechanisms=tuple(chance.sample(MECHANISMS, 2)),
        corridors=tuple(dict.fromkeys(pairs)),
        stage=chance.choice(("", "consultation", "adopted", "guidance")),
        dates=tuple(DatedQuote("effective", day, "on that day") for day in ahead),
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000, *sys.argv[2:3])
