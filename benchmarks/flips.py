"""Flip bits of an export, one at a time: does the program that lies in it notice, with nothing but Python?

    python -m benchmarks.flips [COUNT|all]

COUNT flips at random (2,000), each judged by `python3 -S -I verify.py`; with `all` every bit, and every cut and added
byte at its ends, judged by the same program within this process. Without meaning is no bit: each must be noticed.
"""

from __future__ import annotations

import contextlib
import io
import random
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

from tests.scenes import Scene, rule
from tests.site import Site

Judge = Callable[[bytes], str]
"""What the program says of a container."""


def exported(folder: Path) -> Path:
    """A change from *may* to *shall*, judged, told and reviewed, as a ZIP; its program lies beside it."""
    path = folder / "change.zip"
    with Site() as site:
        scene = Scene(folder / "home", site)
        scene.subscribe()
        for modal in ("may", "shall"):
            site.publish("/law", rule(modal))
            scene.look()
        scene.app.review(2, "relevant", actor="Ada", remark="ours")
        scene.app.export(2, path)
        scene.app.close()
    with zipfile.ZipFile(path) as container:
        container.extract("verify.py", folder)
    return path


def flipped(whole: bytes, place: int, bit: int) -> bytes:
    broken = bytearray(whole)
    broken[place] ^= 1 << bit
    return bytes(broken)


def altered(whole: bytes, count: int) -> Iterator[tuple[str, bytes]]:
    """What to call it, and the container with that done to it; count 0: everything."""
    if count:
        for _ in range(count):
            place, bit = random.randrange(len(whole)), random.randrange(8)
            yield f"bit {bit} of byte {place}", flipped(whole, place, bit)
        return
    for place in range(len(whole)):
        yield from ((f"bit {bit} of byte {place}", flipped(whole, place, bit)) for bit in range(8))
        yield f"cut at {place}", whole[:place]
    yield from (("a byte more", whole + b"\0"), ("a byte before", b"\0" + whole))


def by_process(folder: Path) -> Judge:
    def judge(content: bytes) -> str:
        (folder / "copy.zip").write_bytes(content)
        command = ["python3", "-S", "-I", str(folder / "verify.py"), str(folder / "copy.zip")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stderr or f"{done.returncode} {done.stdout}"

    return judge


def by_call(folder: Path) -> Judge:
    program = ModuleType("verify")
    exec(compile((folder / "verify.py").read_text("utf-8"), "verify.py", "exec"), program.__dict__)

    def judge(content: bytes) -> str:
        (folder / "copy.zip").write_bytes(content)
        with contextlib.redirect_stdout(io.StringIO()) as said:
            code = program.main([str(folder / "copy.zip")])
        return f"{code} {said.getvalue()}"

    return judge


def main(words: list[str]) -> int:
    count = 0 if words[:1] == ["all"] else int(words[0]) if words else 2_000
    with tempfile.TemporaryDirectory(prefix="regwatch-flips-") as name:
        folder = Path(name)
        whole = exported(folder).read_bytes()
        judge = by_process(folder) if count else by_call(folder)
        assert judge(whole).startswith("0 ok: "), "the export itself does not verify"
        tried, unnoticed = 0, []
        for what, content in altered(whole, count):
            tried += 1
            if not judge(content).startswith("1 NOT INTACT: "):
                unnoticed.append(what)
    print(f"{len(whole)} bytes; {tried} alterations, {len(unnoticed)} not noticed {unnoticed[:5] or ''}")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
