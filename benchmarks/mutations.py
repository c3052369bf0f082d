"""Take the most important guards away, one at a time: does the test that is named for each notice?

    python -m benchmarks.mutations [WORD…]

Works on a copy of the tree in a temporary folder; the guards are in guards.py. Each test must pass before and fail
after. With words: only guards of which one is a part.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.guards import MUTATIONS, Mutation

ROOT = Path(__file__).parents[1]
PARTS = ("bot", "storage", "tests", "benchmarks", "docs", "pyproject.toml", "sources.toml", "README.md",
         "compose.yaml", "Dockerfile")  # fmt: skip
PATIENCE = 120  # seconds
NOTICED = 1  # pytest's exit code for failed tests; others say that it could not even begin


def run(test: str, tree: Path) -> int:
    """pytest's exit code for one test within a tree; a test that comes to no end fails."""
    try:
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test],
            cwd=tree, env={**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=PATIENCE,
        ).returncode  # fmt: skip
    except subprocess.TimeoutExpired:
        return NOTICED


def tried(mutation: Mutation, tree: Path, *, intact: dict[str, int]) -> str:
    """What came of taking one guard away; "" when its test noticed. `intact`: how tests end with all guards there."""
    path = tree / mutation.file
    whole = path.read_text("utf-8")
    if whole.count(mutation.text) != 1:
        return "the guard is not where this list looks for it"
    if mutation.test not in intact:
        intact[mutation.test] = run(mutation.test, tree)
    if intact[mutation.test]:
        return "the test fails although the guard is there"
    path.write_text(whole.replace(mutation.text, mutation.instead), "utf-8")
    try:
        code = run(mutation.test, tree)
    finally:
        path.write_text(whole, "utf-8")
    return "" if code == NOTICED else "the test passes without the guard" if not code else f"pytest ended with {code}"


def main(words: Sequence[str]) -> int:
    chosen = [one for one in MUTATIONS if not words or any(word in one.guard for word in words)]
    survived, intact = 0, dict[str, int]()
    with tempfile.TemporaryDirectory(prefix="regwatch-mutations-") as folder:
        tree = Path(folder) / "tree"
        tree.mkdir()
        for part in PARTS:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, tree / part)
        for mutation in chosen:
            trouble = tried(mutation, tree, intact=intact)
            survived += bool(trouble)
            print(f"{mutation.guard:<52} {trouble or 'noticed':<12} {mutation.test.partition('::')[2]}", flush=True)
    print(f"{len(chosen) - survived} of {len(chosen)} guards cannot be taken away unnoticed")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
