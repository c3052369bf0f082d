"""Settings: the environment, below it `.env`, above both the command line; what cannot be used is said by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import settings
from bot.errors import OperatorError


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_everything_has_a_default() -> None:
    made = settings.load({})
    assert (made.home, made.sources, made.bind) == (Path("var"), Path("sources.toml"), "127.0.0.1:8080")
    assert made.allow_nets == () and made.unknown == ()


def test_the_command_line_wins_over_the_environment_and_that_over_the_env_file() -> None:
    Path(".env").write_text("REGWATCH_HOME=from-file\nREGWATCH_CONTACT=file@example.org\nREGWATCH_BIND=127.0.0.1:1\n")
    made = settings.load({"REGWATCH_HOME": "from-environment", "REGWATCH_BIND": "127.0.0.1:2"}, home="from-line")
    assert (made.home, made.bind, made.contact) == (Path("from-line"), "127.0.0.1:2", "file@example.org")


def test_an_env_file_may_have_comments_quotes_exports_and_a_byte_order_mark() -> None:
    Path(".env").write_text(
        '\ufeff# who we are\n  export REGWATCH_CONTACT="privacy team, a@b.example"  \n\n'
        "REGWATCH_KEY_ONE='k=1'\nSLACK_BOT_TOKEN=\"odd\n  # REGWATCH_BIND=nonsense\n",
        encoding="utf-8",
    )
    made = settings.load({})
    assert made.contact == "privacy team, a@b.example"
    assert made.keys == {"REGWATCH_KEY_ONE": "k=1"}
    assert made.slack_bot_token == '"odd'


def test_an_empty_value_is_no_value() -> None:
    assert settings.load({"REGWATCH_HOME": "", "REGWATCH_EXECUTOR": ""}) == settings.load({})


def test_a_tilde_is_the_home_directory() -> None:
    assert settings.load({"REGWATCH_HOME": "~/regwatch"}).home == Path.home() / "regwatch"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REGWATCH_EXECUTOR", "threads"),
        ("REGWATCH_EXECUTOR", "threads:0"),
        ("REGWATCH_EXECUTOR", "threads:²"),
        ("REGWATCH_EXECUTOR", "fibres:4"),
        ("REGWATCH_EXECUTOR", "dask:"),
        ("REGWATCH_EXECUTOR", "dask:tcp://scheduler"),
        ("REGWATCH_EXECUTOR", "dask:http://scheduler:8786"),
        ("REGWATCH_BIND", "8080"),
        ("REGWATCH_BIND", "127.0.0.1:"),
        ("REGWATCH_BIND", "127.0.0.1:70000"),
        ("REGWATCH_ALLOW_NETS", "localhost"),
        ("REGWATCH_ALLOW_NETS", "10.0.0.1/8"),
        ("REGWATCH_PUBLIC_URL", "regwatch.example.org"),
        ("REGWATCH_PROXY", "proxy:3128"),
        ("REGWATCH_PROXY", "http://proxy:port"),
        ("REGWATCH_HOME", "~nobody-of-that-name/regwatch"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_and_named(name: str, value: str) -> None:
    with pytest.raises(OperatorError) as refused:
        settings.load({name: value})
    assert name in str(refused.value) or value in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_refused_proxy_does_not_show_its_password() -> None:
    with pytest.raises(OperatorError) as refused:
        settings.load({"REGWATCH_PROXY": "socks5://me:secret@proxy:1080"})
    assert "secret" not in str(refused.value)


def test_an_env_file_that_is_no_text_is_said() -> None:
    Path(".env").write_bytes(b"REGWATCH_CONTACT=\xff\xfe")
    with pytest.raises(OperatorError, match=".env: not UTF-8"):
        settings.load({})


def test_a_misspelt_name_is_noticed_and_a_later_one_is_not() -> None:
    made = settings.load({"REGWATCH_HOMEE": "x", "REGWATCH_KEY_DATA": "k", "REGWATCH_LLM_MODEL": "m", "HOME": "/"})
    assert made.unknown == ("REGWATCH_HOMEE",)


@pytest.mark.parametrize("name", ["REGWATCH_KEY_DATA", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"])
def test_what_opens_doors_is_not_shown_with_the_settings(name: str) -> None:
    assert "hush" not in repr(settings.load({name: "hush"}))


def test_nobody_else_reads_the_environment() -> None:
    root = Path(__file__).parents[1]
    readers = {
        path.relative_to(root).as_posix()
        for folder in ("bot", "storage")
        for path in (root / folder).rglob("*.py")
        if any(word in path.read_text(encoding="utf-8") for word in ("os.environ", "getenv", "from os import environ"))
    }
    assert readers == {"bot/settings.py"}
