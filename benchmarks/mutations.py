"""Take the most important guards away, one at a time: does the test that is named for each notice?

    python -m benchmarks.mutations [WORD…]

Works on a copy of the tree in a temporary folder. A guard is a text that stands once in its file; if it does not, the
guard has moved and this list must follow. Each test must pass before and fail after. With words: only those guards.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PARTS = ("bot", "storage", "tests", "benchmarks", "docs", "pyproject.toml", "sources.toml", "README.md",
         "compose.yaml", "Dockerfile")  # fmt: skip
NOTICED = 1  # pytest's exit code for failed tests; others say that it could not even begin


class Mutation(NamedTuple):
    """A guard, and what stands in its place once it is taken away."""

    guard: str
    file: str
    text: str
    instead: str
    test: str


MUTATIONS = (
    Mutation(
        "addresses are checked before they are dialled", "bot/fetch/guard.py",
        "    if not _public(ip):\n", "    if False:\n",
        "tests/test_guards.py::test_an_items_link_into_our_own_network_is_never_dialled",
    ),
    Mutation(
        "the checked address is dialled, not the name", "bot/fetch/dial.py",
        "        return resolve(host, port, self._settings, ipv4=self.ipv4, timeout=timeout)\n",
        "        resolve(host, port, self._settings, ipv4=self.ipv4, timeout=timeout)\n        return (host,)\n",
        "tests/test_security.py::"
        "test_a_name_that_changes_its_address_after_the_check_is_dialled_where_it_was_checked",
    ),
    Mutation(
        "a redirect to another host is not followed", "bot/fetch/hop.py",
        "    if site(url) != site(hop.url):\n", "    if False:\n",
        "tests/test_fetch.py::test_another_host_is_named_instead_of_visited",
    ),
    Mutation(
        "a key is not given away", "bot/fetch/hop.py",
        "    if hop.key and not _safe_for_key(hop.url, url):\n", "    if False:\n",
        "tests/test_fetch.py::test_a_redirect_never_gives_the_key_away",
    ),
    Mutation(
        "what is unpacked has a limit", "bot/fetch/decode.py",
        "        if size > limit:\n", "        if False:\n",
        "tests/test_fetch_decode.py::test_a_bomb_is_cut_at_the_limit",
    ),
    Mutation(
        "XML with entities of its own is refused", "bot/extract/feeds.py",
        "    if _RE_DANGER.search(body):\n", "    if False:\n",
        "tests/test_extract.py::test_xml_that_declares_entities_is_refused",
    ),
    Mutation(
        "pages escape what they show", "bot/web/shown.py",
        "autoescape=select_autoescape(default=True, default_for_string=True)", "autoescape=False",
        "tests/test_web.py::test_scraped_markup_is_inert",
    ),
    Mutation(
        "every route asks who comes", "bot/web/door.py",
        " if access.is_admitted(visit.reader, door.rule, request) else _refusal(visit, door)", "",
        "tests/test_web_access.py::test_a_stranger_reads_nothing_at_any_route",
    ),
    Mutation(
        "forms of other sites are refused", "bot/web/access.py",
        "        return bool(host) and host in {", "        return True or host in {",
        "tests/test_web_access.py::"
        "test_a_form_from_another_site_changes_nothing_though_the_cookies_come_with_it",
    ),
    Mutation(
        "Slack's signature is looked at", "bot/slack/events.py",
        "    return hmac.compare_digest(expected, signature)\n", "    return True\n",
        "tests/test_slack_commands.py::test_whatever_is_not_signed_by_slack_now_is_refused_and_does_nothing",
    ),
    Mutation(
        "a session that was planted ends with the next one", "bot/web/entrance.py",
        "        visit.app.log_out(visit.reader.secret)\n    response = RedirectResponse(after, 303)\n",
        "        secret = visit.reader.secret\n    response = RedirectResponse(after, 303)\n",
        "tests/test_security.py::test_a_session_that_came_along_ends_where_another_one_is_opened",
    ),
    Mutation(
        "secrets are taken out of what is said", "bot/logs.py",
        "            text = text.replace(form, HIDDEN)\n", "            pass\n",
        "tests/test_logs.py::test_whatever_a_secret_comes_in_by_it_does_not_go_out",
    ),
)  # fmt: skip


def run(test: str, tree: Path) -> int:
    """pytest's exit code for one test within a tree."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test],
        cwd=tree, env={**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300,
    ).returncode  # fmt: skip


def tried(mutation: Mutation, tree: Path) -> str:
    """What came of taking one guard away; "" when its test noticed."""
    path = tree / mutation.file
    whole = path.read_text("utf-8")
    if whole.count(mutation.text) != 1:
        return "the guard is not where this list looks for it"
    if run(mutation.test, tree):
        return "the test fails although the guard is there"
    path.write_text(whole.replace(mutation.text, mutation.instead), "utf-8")
    try:
        code = run(mutation.test, tree)
    finally:
        path.write_text(whole, "utf-8")
    return "" if code == NOTICED else "the test passes without the guard" if not code else f"pytest ended with {code}"


def main(words: Sequence[str]) -> int:
    chosen = [one for one in MUTATIONS if not words or any(word in one.guard for word in words)]
    survived = 0
    with tempfile.TemporaryDirectory(prefix="regwatch-mutations-") as folder:
        tree = Path(folder) / "tree"
        tree.mkdir()
        for part in PARTS:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, tree / part)
        for mutation in chosen:
            trouble = tried(mutation, tree)
            survived += bool(trouble)
            print(f"{mutation.guard:<52} {trouble or 'noticed':<12} {mutation.test.partition('::')[2]}", flush=True)
    print(f"{len(chosen) - survived} of {len(chosen)} guards cannot be taken away unnoticed")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
