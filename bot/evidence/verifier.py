#!/usr/bin/env python3
"""Verify an exported finding: python3 verify.py FILE.zip [HEAD]. Needs Python 3.8 or later and nothing else.

Checks, in this order: every file against the manifest (naming the stretch of bytes that differs), every sealed row and
the chain of hashes it stands in, the files that the rows speak of, and the container itself. HEAD is a chain hash that
you know from elsewhere (a weekly digest prints one): then it must be in the chain.
Prints "ok: …" and returns 0, or prints the first thing that is wrong and returns 1.
"""

from __future__ import annotations

import hashlib
import json
import struct
import sys
import zipfile
from typing import Any, Dict, List, Optional

Members = Dict[str, bytes]

PIECE = 4096
SEAL = b"regwatch-sha256:"
SPOKEN = {
    "snapshot": (5, "snapshot-{}.body"),
    "version": (3, "version-{}.json"),
    "change": (8, "change-{}.json"),
    "finding": (2, "finding-{}.json"),
}
"""Where a row's canonical content holds the hash of its file, and what the file is called."""


class Wrong(Exception):
    """What is wrong, and where."""


def verify(path: str, head: str = "") -> str:
    """One sentence about what was verified; raises Wrong with the first fault."""
    with open(path, "rb") as stream:
        whole = stream.read()
    members = read_members(path, whole)
    manifest = read_manifest(members)
    for name, facts in manifest["files"].items():
        check_file(name, members.get(name), facts)
    for name in sorted(set(members) - set(manifest["files"]) - {"manifest.json", "manifest.sha256"}):
        raise Wrong(f"{name} is not in the manifest")
    links = check_chain(members["chain.jsonl"], manifest["before_chain"])
    rows = check_rows(members["rows.jsonl"], links, members)
    if head and head.lower() not in {link["hash"] for link in links.values()}:
        raise Wrong(f"the chain does not hold the hash {head}")
    check_seal(whole)
    last = links[max(links)] if links else {"seq": 0, "hash": manifest["before_chain"]}
    return (
        f"ok: change {manifest['change']}, {len(manifest['files'])} files, {rows} sealed rows; "
        f"chain intact to entry {last['seq']}, hash {last['hash']}"
    )


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def read_members(path: str, whole: bytes) -> Members:
    """Name -> bytes, as they lie in the container (nothing in it is compressed)."""
    try:
        with zipfile.ZipFile(path) as container:
            infos = container.infolist()
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, EOFError) as error:
        raise Wrong(f"the container's directory is damaged ({error})") from None
    members: Members = {}
    for info in infos:
        if info.filename in members:
            raise Wrong(f"{info.filename} is there twice")
        first = check_header(info, whole)
        members[info.filename] = whole[first : first + info.file_size]
    return members


def check_header(info: zipfile.ZipInfo, whole: bytes) -> int:
    """Where a file's bytes begin. Whatever unpacks the container must find the very bytes that are verified here."""
    start = info.header_offset
    header = whole[start : start + 30]
    if header[:4] != b"PK\x03\x04" or len(header) < 30:
        raise Wrong(f"{info.filename}: its header at byte {start} is damaged")
    flags, method, packed, size, name_length, extra_length = struct.unpack("<2x2H8x2I2H", header[4:30])
    name = whole[start + 30 : start + 30 + name_length]
    if name != info.filename.encode("utf-8") or info.orig_filename != info.filename:
        raise Wrong(f"{info.filename} has another name at byte {start}")
    plain = (0, 0, info.file_size, info.file_size)
    told = (info.flag_bits, info.compress_type, info.compress_size, info.file_size)
    if (flags, method, packed, size) != plain or told != plain:
        raise Wrong(f"{info.filename} is packed, or of another size at byte {start}; nothing in an export is")
    return int(start + 30 + name_length + extra_length)


def read_manifest(members: Members) -> Dict[str, Any]:
    if "manifest.json" not in members or "manifest.sha256" not in members:
        raise Wrong("the manifest is missing")
    if sha256(members["manifest.json"]) != members["manifest.sha256"].decode("ascii", "replace").strip():
        raise Wrong("manifest.json is not what was exported, or manifest.sha256 is not")
    manifest: Dict[str, Any] = json.loads(members["manifest.json"].decode("utf-8"))
    return manifest


def check_file(name: str, content: Optional[bytes], facts: Dict[str, Any]) -> None:
    if content is None:
        raise Wrong(f"{name} is missing")
    if sha256(content) == facts["sha256"]:
        return
    for number, piece in enumerate(facts["pieces"]):
        start = number * PIECE
        if sha256(content[start : start + PIECE])[:16] != piece:
            end = min(start + PIECE, facts["size"])
            raise Wrong(f"{name} is not what was exported: within bytes {start} to {end - 1}")
    raise Wrong(f"{name} is not what was exported: {len(content)} bytes instead of {facts['size']}")


def check_chain(text: bytes, before: str) -> Dict[int, Dict[str, Any]]:
    """By entry; each hash is SHA-256 over the previous one and [seq,"kind",row,"content"]."""
    links: Dict[int, Dict[str, Any]] = {}
    previous, expected = bytes.fromhex(before), 0
    for line in text.decode("utf-8").splitlines():
        link = json.loads(line)
        said = json.dumps([link["seq"], link["kind"], link["row"], link["content"]], separators=(",", ":"))
        if expected and link["seq"] != expected:
            raise Wrong(f"ledger entry {expected} is missing")
        if sha256(previous + said.encode("utf-8")) != link["hash"]:
            raise Wrong(f"ledger entry {link['seq']}: the chain is broken")
        links[link["seq"]] = link
        previous, expected = bytes.fromhex(link["hash"]), link["seq"] + 1
    return links


def check_rows(text: bytes, links: Dict[int, Dict[str, Any]], members: Members) -> int:
    """How many rows are what the ledger sealed, with the files that they speak of."""
    lines = text.decode("utf-8").splitlines()
    for row in map(json.loads, lines):
        where = f"{row['kind']} {row['row']}"
        link = links.get(row["seq"])
        if link is None or (link["kind"], link["row"]) != (row["kind"], row["row"]):
            raise Wrong(f"{where} is not in the chain at entry {row['seq']}")
        if sha256(row["content"].encode("utf-8")) != link["content"]:
            raise Wrong(f"{where} is not what the ledger sealed at entry {row['seq']}")
        check_spoken(where, row, members)
    return len(lines)


def check_spoken(where: str, row: Dict[str, Any], members: Members) -> None:
    """The file that a row speaks of is the one that is here."""
    if row["kind"] not in SPOKEN:
        return
    place, pattern = SPOKEN[row["kind"]]
    name = pattern.format(row["row"])
    if name not in members:
        raise Wrong(f"{name} is missing")
    if sha256(members[name]) != json.loads(row["content"])[place]:
        raise Wrong(f"{name} is not the file that {where} speaks of")


def check_seal(whole: bytes) -> None:
    """The container's last bytes are the SHA-256 of all that stand before them."""
    place = whole.rfind(SEAL)
    if place < 0 or whole[place + len(SEAL) :].decode("ascii", "replace") != sha256(whole[:place]):
        raise Wrong("the container itself was altered, outside of its files")


def main(arguments: List[str]) -> int:
    if not 1 <= len(arguments) <= 2:
        print("usage: python3 verify.py FILE.zip [HEAD]")
        return 2
    try:
        print(verify(*arguments))
    except Wrong as wrong:
        print(f"NOT INTACT: {wrong}")
        return 1
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        print(f"NOT INTACT: it cannot be read as an export ({type(error).__name__}: {error})")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
