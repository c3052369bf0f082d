"""What a person reads first: the cover page and the redline, in words and in marks that do not rely on colour."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Protocol

from bot.messages import clean
from bot.model import Finding, Proof, Run, Source

_HOW = """How to verify, without network and without us:

    python3 verify.py THIS.zip            (unpack verify.py first; Python 3.8 or later, nothing else)

It checks every file against the manifest, every row against the chain of hashes, and the container itself, and names
the first thing that is not intact. With a second argument, a chain hash that you know from elsewhere (each weekly
digest prints one), it checks that the chain holds it: then nothing before it can have been written later.

Files
    snapshot-N.body    the bytes as fetched; status, headers, address and time are in rows.jsonl
    version-N.json     what the bytes say, as the passages that were compared
    change-N.json      the differences: their kinds, which passages, and which words of these
    finding-N.json     the opinion, with reasons and quotes
    captures.warc      the same bytes as WARC records, for archive tools
    redline.html       the differences
    why.txt            the decision with every reason and its weight
    rows.jsonl         the rows as they were sealed; chain.jsonl  the ledger from the first of them on

Sealed when they were written are rows.jsonl and the files that it speaks of (.body, .json). This page, redline.html,
why.txt and captures.warc were made from them at the export.
"""


class Facts(Protocol):
    """What the cover needs to know beside Finding and Source."""

    @property
    def cause(self) -> str: ...
    @property
    def at(self) -> datetime: ...


def cover(proof: Proof, source: Source, finding: Finding | None, *, exhibit: Facts, now: datetime) -> str:
    """The cover page as plain text."""
    last = proof.chain[-1] if proof.chain else None
    lines = [
        f"Evidence for change {proof.change}",
        "",
        f"Source      {clean(source.title or source.id)} ({source.id})",
        f"Authority   {clean(source.authority) or 'not declared'}",
        f"Address     {clean(source.url)}",
        f"Seen        {exhibit.at:%Y-%m-%d %H:%M:%S} UTC (cause: {exhibit.cause})",
        *(f"Read        {at:%Y-%m-%d %H:%M:%S} UTC (version {number}; sealed)" for number, at in _read(proof)),
        f"Exported    {now:%Y-%m-%d %H:%M:%S} UTC",
        f"Chain       entry {last.seq}, hash {last.hash.hex()}" if last else "Chain       no entry",
        *(["            the chain goes on beyond what is in this file"] if proof.cut else []),
        "",
        *_opinion(finding),
        _HOW,
        "This is a monitoring report, not legal advice. People do not appear in it: reviewers are random numbers.",
        "",
    ]
    return "\n".join(lines)


def _read(proof: Proof) -> Iterator[tuple[int, datetime]]:
    """Number and time of each version that was compared, from the rows that the ledger sealed."""
    for row in proof.rows:
        if row.kind == "version":
            yield row.row, datetime.fromtimestamp(json.loads(row.content)[1] / 1000, tz=UTC)


def _opinion(finding: Finding | None) -> Iterator[str]:
    if finding is None:
        yield "No opinion was formed on this change.\n"
        return
    yield clean(finding.headline)
    yield f"verdict: {finding.verdict.replace('_', ' ')} (rules {finding.ruleset}, {finding.at:%Y-%m-%d %H:%M} UTC)"
    yield from (clean(sentence) for sentence in finding.sentences)
    yield from (f"{one.kind}: {one.date.isoformat()}  “{clean(one.quote)}”" for one in finding.dates)
    yield ""


def page(source: Source, finding: Finding | None, redline: Sequence[Sequence[Run]]) -> str:
    """The redline as a page that needs nothing else; scraped text is escaped, and nothing in it can run."""
    title = escape(clean(finding.headline if finding else source.title or source.id))
    body = "\n".join(f"<p>{''.join(map(_marked, line))}</p>" for line in redline)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>body{{font:1rem/1.6 serif;max-width:42rem;margin:2rem auto;padding:0 1rem}}"
        "ins{text-decoration:underline;font-weight:600}del{text-decoration:line-through}</style></head>"
        f"<body><h1>{title}</h1>\n{body}\n</body></html>\n"
    )


def _marked(run: Run) -> str:
    tag = {"ins": "ins", "del": "del", "strong": "strong", "dim": "small"}.get(run.style, "")
    text = escape(clean(run.text))
    return f"<{tag}>{text}</{tag}>" if tag else text
