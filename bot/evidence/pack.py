"""The container: every file stored as it is, a manifest with the hash of every piece, and a seal over the whole."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.resources import files

from bot.evidence.cover import cover, page
from bot.evidence.verifier import PIECE, SEAL
from bot.evidence.warc import Capture, records
from bot.model import Finding, Proof, Run, Source

_EARLIEST = 1980  # the first year that a ZIP can name


@dataclass(frozen=True, slots=True)
class Exhibit:
    """What a person should see beside the proof."""

    source: Source
    cause: str
    at: datetime
    finding: Finding | None
    redline: tuple[tuple[Run, ...], ...]
    captures: tuple[Capture, ...]
    why: str = ""


def pack(proof: Proof, exhibit: Exhibit, *, now: datetime) -> bytes:
    """The ZIP as bytes; the same proof at the same moment gives the same bytes."""
    contents = dict(proof.files)
    contents["chain.jsonl"] = _lines(
        {"seq": one.seq, "kind": one.kind, "row": one.row, "content": one.content.hex(), "hash": one.hash.hex()}
        for one in proof.chain
    )
    contents["rows.jsonl"] = _lines(
        {"seq": one.seq, "kind": one.kind, "row": one.row, "content": one.content.decode()} for one in proof.rows
    )
    contents["captures.warc"] = records(exhibit.captures)
    contents["README.txt"] = cover(proof, exhibit.source, exhibit.finding, exhibit=exhibit, now=now).encode()
    contents["redline.html"] = page(exhibit.source, exhibit.finding, exhibit.redline).encode()
    contents["why.txt"] = exhibit.why.encode()
    contents["verify.py"] = (files("bot.evidence") / "verifier.py").read_bytes()
    return _sealed(_zip(_with_manifest(contents, proof, now=now), now=now))


def _lines(values: object) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in values).encode()  # type: ignore[attr-defined]


def _with_manifest(contents: Mapping[str, bytes], proof: Proof, *, now: datetime) -> dict[str, bytes]:
    manifest = {
        "change": proof.change,
        "exported": now.isoformat(),
        "before_chain": proof.before_chain.hex(),
        "chain_goes_on": proof.cut,
        "files": {name: _facts(content) for name, content in sorted(contents.items())},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    seals = {"manifest.json": text, "manifest.sha256": (sha256(text).hexdigest() + "\n").encode()}
    return {**contents, **seals}


def _facts(content: bytes) -> dict[str, object]:
    pieces = [sha256(content[start : start + PIECE]).hexdigest()[:16] for start in range(0, len(content), PIECE)]
    return {"size": len(content), "sha256": sha256(content).hexdigest(), "pieces": pieces}


def _zip(contents: Mapping[str, bytes], *, now: datetime) -> bytes:
    """Nothing is compressed, so that a broken bit is found where it is."""
    stream = io.BytesIO()
    when = (max(now.year, _EARLIEST), now.month, now.day, now.hour, now.minute, now.second)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as container:
        for name, content in contents.items():
            container.writestr(zipfile.ZipInfo(name, when), content)
        container.comment = SEAL + b"0" * 64
    return stream.getvalue()


def _sealed(container: bytes) -> bytes:
    """With the hash of all that stands before its comment written into the comment."""
    start = len(container) - len(SEAL) - 64
    return container[:start] + SEAL + sha256(container[:start]).hexdigest().encode()
