"""The floor of benchmarks.looks: the least that a page watcher on sync httpx does. python -m benchmarks.floor WORK"""

from __future__ import annotations

import sqlite3
import sys
from hashlib import blake2b
from pathlib import Path

import httpx
from selectolax.lexbor import LexborHTMLParser

from bot.squeeze import squeeze


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
            rows.append((url, new, text, squeeze(answer.content), answer.headers.get("etag", "")))
    with db:
        db.executemany("INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?)", rows)


def _blocks(text: str) -> list[str]:
    root = LexborHTMLParser(text).body
    return [node.text(strip=True) for node in root.css("h1, h2, h3, h4, p, li, td")] if root else []


if __name__ == "__main__":
    main(Path(sys.argv[1]))
