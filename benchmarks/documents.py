"""How documents read: a line per PDF and Office file of the captures, and a report of 500 pages read in a child.

python -m benchmarks.documents [../shared/corpus] [--pages 500] [--show PART_OF_PATH]
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import time
from collections.abc import Iterator
from pathlib import Path

from bot import diff
from bot.child import read_in_child
from bot.errors import ReadError
from bot.extract import guess_type, read
from bot.model import Block, Reading, Source
from tests.pdfs import Press

SUFFIXES = {".pdf", ".doc", ".docx", ".xls", ".xlsx"}
AMENDED = "Operators of critical systems {modal} store personal data of residents on servers in the territory."
CHAPTERS = ("ARGENTINA", "CHINA", "EUROPEAN UNION", "HONG KONG, CHINA", "INDIA", "JAPAN", "TAIWAN", "VIETNAM")
SECTIONS = ("IMPORT POLICIES", "DIGITAL TRADE AND ELECTRONIC COMMERCE", "SERVICES BARRIERS", "GOVERNMENT PROCUREMENT")
WORDS = (
    "the", "of", "and", "to", "in", "on", "for", "with", "by", "that", "is", "are", "was", "has", "not", "may",
    "must", "under", "before", "after", "measure", "regulation", "authority", "ministry", "data", "personal",
    "transfer", "security", "assessment", "supplier", "services", "market", "access", "foreign", "firms", "license",
    "import", "requirement", "cross-border", "electronic", "payment", "network", "operator", "standard",
    "certification", "review", "draft", "law", "government", "implementation", "restrictions", "localization",
    "investment", "procurement", "telecommunications", "customs", "tariff", "subsidy",
)  # fmt: skip


def source(kind: str) -> Source:
    return Source("document", "https://document.invalid/", type=kind)


def table(root: Path, shown: str) -> None:
    """A line per file: type, blocks, pages, headings, rows, letters, cause, ms."""
    for path in sorted(path for path in root.rglob("*") if path.suffix.lower() in SUFFIXES):
        body = path.read_bytes()
        kind = guess_type(content_type="", body=body, url=f"https://document.invalid/{path.name}")
        began = time.perf_counter()
        try:
            made = read(body, source=source(kind), content_type="", url="")
        except ReadError as error:
            print(f"{path.name[-50:]:50} {kind:5} {error.cause}: {error.detail}")
            continue
        print(f"{path.name[-50:]:50} {kind:5} {_figures(made)} {(time.perf_counter() - began) * 1000:7.1f} ms")
        if shown and shown in path.name:
            for block in made.blocks:
                print(f"  {block.page:3} {block.kind:9} {' > '.join(block.path[-2:])[:40]:40} {block.text[:160]}")


def _figures(made: Reading) -> str:
    kinds = [block.kind for block in made.blocks]
    pages, letters = max(block.page for block in made.blocks), sum(len(block.text) for block in made.blocks)
    told = (len(kinds), "blocks", pages, "pages", kinds.count("heading"), "headings", kinds.count("row"), "rows")
    return " ".join(f"{part:>5}" if isinstance(part, int) else part for part in told) + f" {letters:8} letters"


def report(pages: int, *, modal: str) -> bytes:
    """A barriers report of about so many pages; only the modal verb of one sentence differs."""
    chance, press = random.Random(5), Press(head="NATIONAL REPORT ON BARRIERS", hyphens=True)
    sentences = _sentences(chance)
    chapter = 0
    while len(press.pages) < pages:
        press.heading(f"{CHAPTERS[chapter % len(CHAPTERS)]} {chapter // len(CHAPTERS) or ''}".strip())
        for section in SECTIONS:
            press.heading(section, 11.0)
            for number in range(5):
                press.paragraph(" ".join(next(sentences) for _ in range(6)))
                if section.startswith("DIGITAL") and number == 2 and chapter == 9:
                    press.paragraph(AMENDED.format(modal=modal))
            press.table([("Good", "Tariff", "Rate"), *((f"HS {n}", f"{n * 3}", f"{n}%") for n in range(1, 6))])
        chapter += 1
    return press.printed()


def _sentences(chance: random.Random) -> Iterator[str]:
    while True:
        words = [chance.choice(WORDS) for _ in range(chance.randint(12, 30))]
        yield f"{words[0].capitalize()} {' '.join(words[1:])}."


def large(pages: int) -> None:
    """Read two editions in a child each, and find the one sentence that was amended."""
    before, after = (report(pages, modal=modal) for modal in ("may", "must"))
    old, _ = _timed(before)
    new, seconds = _timed(after)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    began = time.perf_counter()
    edits = [edit for edit in diff.edits(old, new) if edit.counted]
    found = time.perf_counter() - began
    print(f"{len(after)} bytes, {new[-1].page} pages, {len(new)} blocks")
    print(f"read in {seconds:.2f} s, the child's peak was {peak} MB")
    print(f"compared in {found:.2f} s: {len(edits)} edit(s)")
    for edit in edits[:5]:
        block = new[edit.after]
        print(f"  {edit.kind} page {block.page}, {' > '.join(block.path)}: {block.text[:100]}")


def _timed(body: bytes) -> tuple[tuple[Block, ...], float]:
    began = time.perf_counter()
    made = read_in_child(body, source=source("pdf"), content_type="application/pdf", url="")
    return made.blocks, time.perf_counter() - began


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("root", nargs="?", type=Path, default=Path("../shared/corpus"))
    options.add_argument("--pages", type=int, default=500)
    options.add_argument("--show", default="")
    given = options.parse_args()
    table(given.root, given.show)
    if given.pages:
        multiprocessing.Process(target=large, args=(given.pages,)).start()  # whose children's memory is counted alone


if __name__ == "__main__":
    main()
