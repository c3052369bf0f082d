"""How often honesty is right: precision and recall over captures, by kind of refusal; and what it costs.

    python -m benchmarks.honesty [CORPUS]

CORPUS is a directory with MANIFEST.tsv and a folder `blocked` (default ../shared/corpus). The pages in free wording of
tests/worded.toml are judged in any case, at a first look and with nothing known of them.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bot import extract
from bot.errors import ReadError
from bot.honesty import Doubt, doubt_against, doubt_reading, doubt_response
from bot.model import Memory, Reading, Source

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
TYPES = {
    "md": "markdown", "xml": "xml", "json": "json", "rss": "feed", "atom": "feed", "pdf": "pdf", "txt": "text",
    "doc": "doc", "docx": "docx",
}  # fmt: skip
MIME = {"page": "text/html", "feed": "application/rss+xml", "markdown": "text/markdown", "text": "text/plain"}
READ = frozenset({"page", "list", "feed", "json", "xml", "markdown", "text"})
ARTEFACTS = ("shell", "maintenance", "artefact")


class Case(NamedTuple):
    """One capture and whether it is a refusal; `stage` says who doubted it."""

    name: str
    bad: bool
    doubt: Doubt | None
    seconds: float
    size: int
    stage: str = ""


def cases(root: Path) -> Iterator[Case]:
    """Every capture of the manifest, judged as a body with status 200, and the ones of which only headers exist."""
    with open(root / "MANIFEST.tsv", encoding="utf-8") as rows:
        for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
            path = root / row["path"]
            if path.suffix == ".json" and path.parent.name == "edgi-response-metadata":
                yield _headers(path)
            elif path.name.startswith("record_"):
                continue  # what another program wrote about a refusal, not the refusal
            else:
                yield _body(row, path)


def _headers(path: Path) -> Case:
    """Status, headers and title of a real answer whose body was not kept. The folder's number is how good it was."""
    kept = json.loads(path.read_bytes())["data"]
    quality = float(path.name.split("_")[0].rsplit("-", 1)[-1])
    headers = tuple((name, str(value)) for name, value in kept["headers"].items() if name != "content-length")
    body = f"<html><head><title>{kept['title']}</title></head><body>{'' if quality < 0.9 else 'words ' * 800}</body>"
    source = Source("s", kept["url"])
    found, seconds = _timed(source, kept["status"], headers, body.encode())
    return Case(
        path.name, quality < 0.9 or kept["status"] >= 400, found, seconds, len(body), "response" if found else ""
    )


def _body(row: dict[str, str], path: Path) -> Case:
    body, name = path.read_bytes(), path.name
    if name.endswith(".gz"):
        body, name = gzip.decompress(body), name.removesuffix(".gz")
    kind = TYPES.get(name.rsplit(".", 1)[-1], "page")
    mime = MIME.get(kind, f"application/{kind}")
    guessed = extract.guess_type(content_type=mime, body=body, url=row["url"]) if kind == "page" else kind
    source = Source("s", row["url"], type=guessed)
    bad = row["path"].startswith("blocked") or any(word in row["what_changed"] for word in ARTEFACTS)
    bad = bad and "rendered" not in row["what_changed"]  # the artefact of the pair was the one before
    found, seconds = _timed(source, 200, (("Content-Type", mime),), body)
    stage = "response"
    if not found and (reading := _read(source, mime, body)):
        found, stage = doubt_reading(source, reading), "reading"
        if not found:
            found, stage = _against(str(path.parent), source, reading), "memory"
    return Case(row["path"], bad, found, seconds, len(body), stage if found else "")


EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
LAST: dict[str, Memory] = {}  # the last good reading of each history


def _against(history: str, source: Source, reading: Reading) -> Doubt | None:
    """Doubts that only the memory of the page can raise; the manifest lists a history in order of date."""
    digest = extract.reading_hash(reading.blocks)
    memory = LAST.get(history) if "histories" in history and "edgi" not in history else None
    found = memory and doubt_against(memory, reading.blocks, language=reading.language, reading_hash=digest, at=EPOCH)
    if not found:
        LAST[history] = Memory(source, 1, reading.blocks, digest, language=reading.language)
    return found or None


def _timed(
    source: Source, status: int, headers: tuple[tuple[str, str], ...], body: bytes
) -> tuple[Doubt | None, float]:
    start = time.perf_counter()
    found = doubt_response(source, status=status, headers=headers, url=source.url, final_url=source.url, body=body)
    return found, time.perf_counter() - start


def _read(source: Source, mime: str, body: bytes) -> Reading | None:
    try:
        return extract.read(body, source=source, content_type=mime, url=source.url) if source.type in READ else None
    except ReadError:
        return None  # the reader's own affair


# ------------------------------------------------------------------------------------------------ free wording

WORDED = Path(__file__).resolve().parents[1] / "tests" / "worded.toml"
PAGE = Source("s", "https://ministry.example/laws/2026/measures.html")
HTML = "text/html; charset=utf-8"


class Worded(NamedTuple):
    """A short page in free wording, and what came of it at a first look."""

    group: str
    bad: bool
    text: str
    doubt: str  # why it was refused, "" for a page that was taken


def worded() -> list[Worded]:
    """Every page of tests/worded.toml, judged."""
    with open(WORDED, "rb") as file:
        table = tomllib.load(file)
    menus = table.pop("menus")
    rows = [
        (group, name == "refused", *row) for group, part in table.items() for name, rows in part.items() for row in rows
    ]
    return [
        Worded(group, bad, text, _first_look(_dressed(language, title, text, menus).encode()))
        for group, bad, language, title, text in rows
    ]


def _dressed(language: str, title: str, text: str, menus: dict[str, list[str]]) -> str:
    """The page as HTML; "@" asks for the site's menu and foot."""
    top = foot = ""
    if text.startswith("@"):
        menu, end = menus.get(language, menus["en"])
        labels = "".join(f'<li><a href="/{n}">{label}</a></li>' for n, label in enumerate(menu.split("|")))
        top, foot = f"<header><nav><ul>{labels}</ul></nav></header>", f"<footer><p>{end}</p></footer>"
    code = {"tw": "zh-TW"}.get(language, language)
    head = f'<!doctype html><html lang="{code}"><head><meta charset="utf-8"><title>{title}</title></head>'
    return f"{head}<body>{top}{text.removeprefix('@')}{foot}</body></html>"


def _first_look(body: bytes) -> str:
    found, _ = _timed(PAGE, 200, (("Content-Type", HTML),), body)
    if not found:
        try:
            found = doubt_reading(PAGE, extract.read(body, source=PAGE, content_type=HTML, url=PAGE.url))
        except ReadError as error:
            return error.cause
    return f"{found.cause}: {found.detail}" if found else ""


def _print_worded() -> None:
    pages = worded()
    for group in sorted({page.group for page in pages}):
        of = [page for page in pages if page.group == group]
        bad, good = ([page for page in of if page.bad is is_bad] for is_bad in (True, False))
        refused, taken = sum(bool(page.doubt) for page in bad), sum(not page.doubt for page in good)
        print(f"free wording, set {group}: refused {refused}/{len(bad)}, taken {taken}/{len(good)}")
    for page in pages:
        if page.bad is not bool(page.doubt):
            print(f"  {'missed' if page.bad else 'wronged'}: {page.text[:90]} {page.doubt}")


def main() -> None:
    """Print the figures, and each mistake by name."""
    _print_worded()
    if len(sys.argv) < 2 and not CORPUS.exists():
        return print(f"no captures at {CORPUS}")
    found = list(cases(Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS))
    right = [case for case in found if case.bad and case.doubt]
    missed = [case for case in found if case.bad and not case.doubt]
    wronged = [case for case in found if not case.bad and case.doubt]
    print(f"captures {len(found)}, of these refusals {len(right) + len(missed)}")
    print(f"recall    {len(right)}/{len(right) + len(missed)}  {dict(Counter(case.stage for case in right))}")
    print(f"precision {len(right)}/{len(right) + len(wronged)}")
    print("causes   ", dict(Counter(case.doubt.cause for case in right if case.doubt)))
    for word, some in (("missed", missed), ("wronged", wronged)):
        for case in some:
            print(f"  {word}: {case.name} {case.doubt or ''}")
    good = [case for case in found if not case.bad]
    for name, low, high in (("below 32 KB", 0, 32_000), ("from 32 KB", 32_000, 10**9)):
        times = [case.seconds * 1000 for case in good if low <= case.size < high]
        print(
            f"milliseconds per good page {name}: median {median(times):.3f}, highest {max(times):.3f}, n {len(times)}"
        )


if __name__ == "__main__":
    main()
