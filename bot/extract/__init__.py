"""Reading: bytes to Blocks. Pure: no clock, no files but the packaged furniture.toml, no network.

Where a rule lives: charset.py (which charset), html.py (page furniture, selectors), blocks.py (the walk over a page),
outline.py (headings and article paths), lists.py, feeds.py, answers.py (JSON), lawxml.py and law/, table.py (CSV),
sitemap.py, markdown.py, plain.py, pages.py (answers in pages), hours.py (when an answer is empty by design),
documents.py (PDF and Office: pdf.py and what it names, docx.py, xlsx.py, doc.py over parts.py and ole.py),
attachments.py (documents that a page links to), volatile.py (what differs between two looks),
furniture.toml (counters, clocks, "last updated", share bars), dates.py, kinds.py (what an undeclared body is).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from bot.errors import ReadError
from bot.extract.attachments import attachment_type, attachments, is_document
from bot.extract.fingerprint import fingerprint
from bot.extract.hours import is_resting
from bot.extract.html import check_selector
from bot.extract.kinds import document_type, guess_type
from bot.extract.pages import joined, next_page, pages_of
from bot.extract.reading import read
from bot.extract.volatile import restless
from bot.model import Block
from bot.text import bare, canonical_url

__all__ = [
    "ReadError", "attachment_type", "attachments", "check_selector", "document_type", "fingerprint", "guess_type",
    "is_resting", "joined", "next_page", "pages_of", "read", "reading_hash", "restless",
]  # fmt: skip


def reading_hash(blocks: Sequence[Block]) -> bytes:
    """16 bytes that are equal for readings between which nothing that counts differs.

    White space, quotes, markup, soft hyphens, re-wrapping and where paragraphs are split do not count, nor does the
    order of asides and of list items; text, item keys, titles, dates and the documents that links lead to do.
    """
    texts: list[str] = []
    others: list[str] = []
    items: list[str] = []
    links: list[str] = []
    for block in blocks:
        if block.key:
            items.append("|".join((block.key, block.text, block.date, block.note)))
            continue
        if block.place == "body":
            texts.append(block.text)
        else:
            others.append(f"{block.place}|{block.text}")
        if block.link and is_document(block.link):
            links.append(canonical_url(block.link))
    digest = blake2b(digest_size=16)
    for part in ("".join(texts), "|".join(sorted(others)), "|".join(sorted(items)), "|".join(links)):
        digest.update(bare(part).encode() + b"\0")
    return digest.digest()
