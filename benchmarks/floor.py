"""The floor of benchmarks.looks: the least that a page watcher on sync httpx does. python -m benchmarks.floor WORK"""

from __future__ import annotations

import sqlite3
import sys
from hashlib import blake2b
from pathlib import Path

import httpx
from selectolax.lexbor import LexborHTMLParser

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
PARTS = "p li dt dd tr td th div section article main header footer nav aside ul ol dl table blockquote pre form"
BLOCKS = HEADINGS.union(PARTS.split())


def main(work: Path) -> None:
    db = sqlite3.connect(work / "floor.db")
    db.execute("CREATE TABLE IF NOT EXISTS page (url TEXT PRIMARY KEY, bytes BLOB, text BLOB, body BLOB, etag TEXT)")
    known = {url: (digest, etag) for url, digest, etag in db.execute("SELECT url, bytes, etag FROM page")}
    rows = []
    with httpx.Client() as client:
        for url in (work / "urls.txt").read_text("utf-8").splitlines():
            digest, etag = known.get(url, (b"", ""))
            answer = client.get(url, headers={"If-None-Match": etag} if etag else {})
            if answer.status_code == 304 or (new := blake2b(answer.content, digest_size=16).digest()) == digest:
                continue
            blocks = _blocks(answer.text)
            text = blake2b("\n".join(blocks).encode(), digest_size=16).digest()
            rows.append((url, new, text, zstd.compress(answer.content, 3), answer.headers.get("etag", "")))
    with db:
        db.executemany("INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?)", rows)


def _blocks(text: str) -> list[str]:
    """The least that can be called a block walk: the text between two block tags, its kind, the headings above it."""
    tree = LexborHTMLParser(text)
    tree.strip_tags(["script", "style", "noscript", "template", "svg"])
    blocks: list[str] = []
    parts: list[str] = []
    path: list[str] = []
    kind = "body"
    for node in tree.body.traverse(include_text=True) if tree.body else ():
        tag = node.tag
        if tag == "-text":
            parts.append(node.text_content or "")
        elif tag in BLOCKS:
            if said := " ".join("".join(parts).split()):
                if kind in HEADINGS:
                    path[int(kind[1]) - 1 :] = [said]
                blocks.append("|".join((kind, *path, said)))
            parts.clear()
            kind = tag
    return blocks


if __name__ == "__main__":
    main(Path(sys.argv[1]))
