"""Reading of damaged and hostile bodies: captures are mutated, unpacked, doubted and read; nothing may crash or hang.

python -m benchmarks.fuzzing [../shared/corpus] [--minutes 5] [--seed 1] [--keep DIR]

Batches run in a forked child each, so that a crash of a C library is seen, too. What finds a fault is kept in DIR.
Exit 1 when there was one.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import resource
import sys
import time
import traceback
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.reading import body_of, captures
from bot import extract, honesty
from bot.errors import FetchError, ReadError
from bot.fetch.decode import body as unpacked
from bot.model import TYPES, Memory, Paths, Reading, Source, pack, unpack

BATCH = 400
LARGEST = 200_000  # bytes: what is longer says the same again
SLOW = 5.0  # seconds of processor time for one input
HANG = 400  # seconds of processor time for a batch
MEMORY = 2_000_000_000
GROWTH = 150_000  # KB of the largest resident size that a batch may add after its first quarter
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
URL = "https://ministry.example/laws/2026/measures.html"
TOKENS: Sequence[bytes] = (
    b"\0", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf0\x9f\x92\xa9", b"\x1b$B", b"\x80\x81",
    b"&#x0;", b"&#xD800;", b"&#1114112;", b"&a;&a;&a;", b"\\ud800", b"\\u0000", b"1e999", b"NaN", b"-0", b"9" * 400,
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<!DOCTYPE a [<!ENTITY a '&b;&b;'><!ENTITY b 'c'>]>",
    b"<?xml version='1.0' encoding='utf-7'?>", b"<meta charset=utf-16>", b"<meta charset=x-user-defined>",
    b"<script>", b"</script>", b"<template>", b"<svg><p>", b"<table><tr><td rowspan=99999 colspan=99999>",
    b"<a href='javascript:alert(1)'>", b"<a href='http://10.0.0.1/'>", b"<a href='http://[::1'>",
    b"<a href='//\xe2\x98\x83.example:99999/x.pdf'>", b"<base href='data:,'>", b"<div>" * 600, b"</div>" * 99,
    b"[" * 600, b'{"a":' * 600, b"<li><a href=/x>2026-13-45</a>", b"\xe7\xac\xac\xe2\x97\x8b\xe6\x9d\xa1",
    b"%PDF-1.7", b"endstream", b"endobj", b"trailer<</Root 1 0 R/Prev 9>>", b"PK\x03\x04", b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0", b"\r", b"\xe2\x80\xae", b"\xcc\x81" * 300,
)  # fmt: skip
ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5", "shift_jis", "cp1251", "utf-32")
SELECTORS = ("", "a", "li > a", "table tr", "main article", "[href]", "*", "ul li:nth-child(2)")
PATHS = (Paths(), Paths(items="results[*]", key="id", title="title", date="date", link="url", text="a.b[*].c"))


def damaged(body: bytes, chance: random.Random, bodies: Sequence[bytes]) -> bytes:
    """The body after one to six mutations."""
    made = bytearray(body)
    for _ in range(chance.randint(1, 6)):
        chance.choice(MUTATIONS)(made, chance, bodies)
    return bytes(made[: LARGEST * 2])


def _flip(made: bytearray, chance: random.Random, bodies: Sequence[bytes]) -> None:
    for _ in range(chance.randint(1, 1 + len(made) // 200) if made else 0):
        made[chance.randrange(len(made))] = chance.randrange(256)


def _insert(made: bytearray, chance: random.Random, bodies: Sequence[bytes]) -> None:
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(made))
        made[at:at] = chance.choice(TOKENS)


def _cut(made: bytearray, chance: random.Random, bodies: Sequence[bytes]) -> None:
    start = chance.randint(0, len(made))
    del made[start : start + chance.choice((1, 20, 500, len(made)))]


def _repeat(made: bytearray, chance: random.Random, bodies: Sequence[bytes]) -> None:
    start = chance.randint(0, len(made))
    piece = bytes(made[start : start + chance.choice((3, 60, 2000))])
    made[start:start] = piece * min(chance.choice((2, 30, 500)), 1 + LARGEST // (len(piece) + 1))


def _splice(made: bytearray, chance: random.Random, bodies: Sequence[bytes]) -> None:
    other = chance.choice(bodies)
    start, at = chance.randint(0, len(other)), chance.randint(0, len(made))
    made[at : at + chance.choice((0, 400))] = other[start : start + chance.randint(1, 5000)]


def _recode(made: bytearray, chance: random.Random, bodies: Sequence[bytes]) -> None:
    made[:] = bytes(made[:LARGEST]).decode("utf-8", "replace").encode(chance.choice(ENCODINGS), "replace")


Mutation = Callable[[bytearray, random.Random, Sequence[bytes]], None]
MUTATIONS: Sequence[Mutation] = (_flip, _insert, _cut, _repeat, _splice, _insert, _recode)


def attempt(body: bytes, chance: random.Random) -> str:
    """Unpack, doubt and read one body in the ways a look does; returns what it came to. Other errors are faults."""
    if chance.random() < 0.2:
        packed = bytearray(gzip.compress(body, 1) if chance.random() < 0.5 else zlib.compress(body, 1))
        if chance.random() < 0.7:
            _flip(packed, chance, ())
        try:
            body, _ = unpacked(_pieces(bytes(packed), chance), encoding=chance.choice(("gzip", "deflate", "zstd", "")),
                               limit=LARGEST * 4)  # fmt: skip
        except FetchError as error:
            return error.cause
    mime = chance.choice(("text/html", "text/html; charset=gbk", "application/json", "application/xml", "", "%"))
    kind = extract.guess_type(content_type=mime, body=body, url=URL)
    kind = chance.choice(TYPES) if chance.random() < 0.25 else kind
    source = Source("s", URL, type=kind, items=chance.choice(SELECTORS) if chance.random() < 0.1 else "",
                    paths=chance.choice(PATHS) if kind in ("json", "csv") else Paths(),
                    remove=(chance.choice(SELECTORS[1:]),) if chance.random() < 0.1 else (),
                    charset=chance.choice(("", "", "", "big5")), ignore=(r"\d+ views",))  # fmt: skip
    status = chance.choice((200, 200, 200, 202, 403, 404, 500, 503))
    found = honesty.doubt_response(source, status=status, headers=(("Content-Type", mime),), url=URL, final_url=URL,
                                   body=body)  # fmt: skip
    try:
        reading = extract.read(body, source=source, content_type=mime, url=URL)
    except ReadError as error:
        return error.cause
    return _kept(source, reading) or (found.cause if found else "read")


def _kept(source: Source, reading: Reading) -> str:
    """What a look does with a reading: it crosses the executor and is held against what was there before."""
    if unpack(pack(reading.blocks)) != reading.blocks or not reading.blocks:
        raise AssertionError("the blocks do not survive packing")
    digest = extract.reading_hash(reading.blocks)
    memory = Memory(source, 1, reading.blocks[: len(reading.blocks) // 4] * 5, b"other", language="en")
    found = honesty.doubt_reading(source, reading) or honesty.doubt_against(
        memory, reading.blocks, language=reading.language, reading_hash=digest, at=EPOCH
    )
    return found.cause if found else ""


def _pieces(packed: bytes, chance: random.Random) -> list[bytes]:
    size = chance.choice((1 + len(packed) // 7, 4096))
    return [packed[start : start + size] for start in range(0, len(packed), size)]


def batch(bodies: Sequence[bytes], seed: int, keep: Path) -> Counter[str]:
    """One batch in this process: what the inputs came to, and the faults by place, whose inputs are kept."""
    chance, counts = random.Random(seed), Counter[str]()
    settled = 0
    for number in range(BATCH):
        made = damaged(chance.choice(bodies), chance, bodies)
        (keep / "last").write_bytes(made)  # in case a C library takes this process with it
        began = time.process_time()
        try:
            came = attempt(made, chance)
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            came = f"FAULT {type(error).__name__} {error!s:.80} at {Path(frame.filename).name}:{frame.lineno}"
        if (spent := time.process_time() - began) > SLOW:
            came = f"FAULT {spent:.0f} s for {len(made)} bytes"
        if came.startswith("FAULT"):
            (keep / f"seed-{seed}-{number}").write_bytes(made)
            came += f" (seed-{seed}-{number})"
        counts[came] += 1
        if number == BATCH // 4:
            settled = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if (more := resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - settled) > GROWTH:
        counts[f"FAULT grew by {more // 1000} MB (seed {seed})"] += 1
    return counts


def forked(bodies: Sequence[bytes], seed: int, keep: Path) -> Counter[str]:
    """One batch in a child of its own."""
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reader)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (HANG, HANG))  # a hang ends by signal
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(json.dumps(batch(bodies, seed, keep)).encode())
        os._exit(0)
    os.close(writer)
    with open(reader, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(pid, 0)
    if status:
        (keep / "last").replace(keep / f"seed-{seed}")
        return Counter({f"FAULT the reader ended by signal {status & 127} (seed-{seed})": 1})
    return Counter(json.loads(said))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("root", nargs="?", type=Path, default=Path("../shared/corpus"))
    options.add_argument("--minutes", type=float, default=5.0)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--keep", type=Path, default=Path("var/fuzzing"))
    given = options.parse_args()
    given.keep.mkdir(parents=True, exist_ok=True)
    bodies = [body_of(given.root / row["path"])[:LARGEST] for row in captures(given.root)]
    counts, seed = Counter[str](), given.seed
    until = time.monotonic() + given.minutes * 60
    while time.monotonic() < until:
        found = forked(bodies, seed, given.keep)
        for came in found:
            if came.startswith("FAULT"):
                print(came, flush=True)
        counts += found
        seed += 1
    faults = sum(count for came, count in counts.items() if came.startswith("FAULT"))
    told = {came: count for came, count in counts.most_common() if not came.startswith("FAULT")}
    seeds = f"seeds {given.seed} to {seed - 1}"
    print(f"{counts.total()} inputs in {given.minutes:g} minutes, {seeds}, {faults} faults, {told}")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
