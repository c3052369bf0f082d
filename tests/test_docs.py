"""What the pages of this repository say is so: commands are typed, settings and keys compared, links followed."""

from __future__ import annotations

import io
import re
import shlex
from pathlib import Path
from typing import NamedTuple

import pytest

from bot import demo, settings
from bot.cli import COMMANDS, main
from bot.model import Source
from bot.settings import NAMES, Settings
from bot.sources.keys import HOST_KEYS, KEYS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

# These need the network, a file, the terminal for a while, or are played once below.
LIVE = {"run", "check", "demo", "doctor", "import", "backfill", "replay", "judge", "backtest"}


def commands() -> list[list[str]]:
    """What the README shows to be typed: words after `regwatch`, without what is said beside them."""
    found = []
    for line in README.splitlines():
        shown = re.match(r" {4}(?:\S*/)?(?:docker compose exec regwatch )?regwatch (.+)", line)
        in_table = re.match(r"\| `regwatch ([^`]+)` \|", line)
        if shown:
            found.append(shlex.split(re.split(r"\s{2,}|\s#", shown[1])[0]))
        elif in_table:
            found.append(shlex.split(in_table[1]))
    return found


class Played(NamedTuple):
    """A home in which the demo has played, enough changes for every example; and what it printed."""

    home: Path
    told: str


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    home, stream = tmp_path_factory.mktemp("demo") / "home", io.StringIO()
    assert demo.play(stream=stream, fast=True, home=home) == 0
    return Played(home, stream.getvalue())


def is_live(words: list[str]) -> bool:
    return words[0] in LIVE or words[:2] == ["sources", "test"]


def test_the_readme_shows_every_command_and_no_other() -> None:
    assert {words[0] for words in commands()} == set(COMMANDS)


def test_every_command_of_the_readme_does_what_it_shows(
    played: Played, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the order of the page: what one makes, the next may use."""
    monkeypatch.chdir(played.home.parent)
    for words in (one for one in commands() if not is_live(one)):
        code = main(["--home", str(played.home), "--sources", str(ROOT / "sources.toml"), *words])
        said = capsys.readouterr()
        assert code == 0 and said.out and not said.err, (words, said.err)


def test_the_alert_in_the_readme_is_what_the_demo_prints(played: Played) -> None:
    shown = re.search(r"```text\n(● .*?)```", README, re.DOTALL)
    assert shown and shown[1] in played.told


@pytest.mark.parametrize("words", [one for one in commands() if is_live(one)], ids=" ".join)
def test_a_live_command_of_the_readme_exists_with_its_options(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--help"]) == 0
    help_text = capsys.readouterr().out
    assert all(word in help_text for word in words if word.startswith("--"))


def test_make_targets_of_the_readme_exist() -> None:
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"^ {4}make ([a-z]+)", README, re.MULTILINE)) <= made


# ------------------------------------------------------------------------------------------------ settings


def rows(page: str, heading: str) -> list[list[str]]:
    """The rows of the table below a heading."""
    below = page.split(f"{heading}\n", 1)[1].split("\n#", 1)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in below.splitlines() if line[:1] == "|"][2:]


def test_the_readme_lists_every_setting_and_no_other() -> None:
    named = {name for row in rows(README, "## Settings") for name in re.findall(r"`([A-Z_…]+)`", row[0])}
    assert named == {*NAMES, settings.KEY + "…"}


def test_the_defaults_in_the_readme_are_the_defaults() -> None:
    for names, _, default in rows(README, "## Settings"):
        stated = default.strip("`").removeprefix("./")
        for name in re.findall(r"`([A-Z_]+)`", names):
            if stated:
                assert stated == str(getattr(Settings(), NAMES[name])), name


# ------------------------------------------------------------------------------------------------ sources.toml

SOURCES_PAGE = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")


def test_the_page_on_sources_has_every_key_and_no_other() -> None:
    named = {name for row in rows(SOURCES_PAGE, "## Keys") for name in re.findall(r"`([a-z_0-9]+)`", row[0])}
    assert named == set(KEYS)


def test_the_choices_and_defaults_on_that_page_are_those_of_the_loader() -> None:
    for names, takes, meaning in rows(SOURCES_PAGE, "## Keys"):
        for name in re.findall(r"`([a-z_0-9]+)`", names):
            choices = set(KEYS[name].choices)
            if choices and name != "method":
                assert choices <= set(re.findall(r"`([^`]+)`", takes + meaning)), name
            if takes in {"true", "false"} and KEYS[name].takes == "flag":
                assert takes == str(getattr(Source("x", ""), KEYS[name].field)).lower(), name


def test_the_keys_of_a_host_are_named() -> None:
    assert all(f"`{name}`" in SOURCES_PAGE or f"\n{name} = " in SOURCES_PAGE for name in HOST_KEYS)


def test_the_examples_on_that_page_load(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    examples = re.findall(r"```toml\n(.*?)```", SOURCES_PAGE, re.DOTALL)
    (tmp_path / "sources.toml").write_text("\n".join(examples), encoding="utf-8")
    assert main(["--sources", str(tmp_path / "sources.toml"), "sources", "validate"]) == 0
    assert "2 sources, 2 enabled" in capsys.readouterr().out


def test_the_sources_of_this_repository_load(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--sources", str(ROOT / "sources.toml"), "sources", "validate"]) == 0


# ------------------------------------------------------------------------------------------------ everything


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_and_paths_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    named = re.findall(r"`((?:bot|storage|tests|docs|benchmarks)/[\w./-]+)`", text)
    for target in [link for link in links if "://" not in link]:
        assert (page.parent / target).exists(), target
    for target in named:
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_named_in_passing_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`regwatch ([a-z]+)", text)
    assert set(named) <= set(COMMANDS), set(named) - set(COMMANDS)


def test_every_promise_has_its_scene() -> None:
    promised = re.findall(r"^(\d+)\. ", (ROOT / "docs" / "promises.md").read_text(encoding="utf-8"), re.MULTILINE)
    scenes = (ROOT / "tests" / "test_promises.py").read_text(encoding="utf-8")
    assert promised and all(f"def test_{number}_" in scenes for number in promised)


def test_decisions_are_numbered_without_gaps_and_say_context_and_outcome() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(page.name[:4])}. ") and "**Context.**" in text and "**Outcome.**" in text
