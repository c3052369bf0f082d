"""Settings: the environment (and an env file) as one frozen value. The only reader of os.environ."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from bot.errors import OperatorError


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can set; a missing optional part switches something off, it is never an error."""

    home: Path = Path("var")
    sources: Path = Path("sources.toml")
    contact: str = ""
    allow_nets: tuple[str, ...] = ()
    proxy: str = field(default="", repr=False)
    executor: str = "threads:8"
    bind: str = "127.0.0.1:8080"
    public_url: str = ""
    owner: str = ""
    slack_bot_token: str = field(default="", repr=False)
    slack_app_token: str = field(default="", repr=False)
    slack_signing_secret: str = field(default="", repr=False)
    slack_api_url: str = "https://slack.com/api/"
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    slack_allow: tuple[str, ...] = ()  # ids of teams, channels and users
    web_token: str = field(default="", repr=False)
    web_subscribe: bool = False
    heartbeat_url: str = field(default="", repr=False)
    dkim_domain: str = ""
    dkim_selector: str = ""
    dkim_key: str = ""  # path of a PEM file
    llm_url: str = ""
    llm_model: str = ""
    llm_key: str = field(default="", repr=False)
    llm_budget: int = 200_000  # tokens a day
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)  # REGWATCH_KEY_… that sources name
    unknown: tuple[str, ...] = ()  # REGWATCH_… names that nothing here listens to: probably misspelt


NAMES = {
    "REGWATCH_HOME": "home",
    "REGWATCH_SOURCES": "sources",
    "REGWATCH_CONTACT": "contact",
    "REGWATCH_ALLOW_NETS": "allow_nets",
    "REGWATCH_PROXY": "proxy",
    "REGWATCH_EXECUTOR": "executor",
    "REGWATCH_BIND": "bind",
    "REGWATCH_PUBLIC_URL": "public_url",
    "REGWATCH_OWNER": "owner",
    "SLACK_BOT_TOKEN": "slack_bot_token",
    "SLACK_APP_TOKEN": "slack_app_token",
    "SLACK_SIGNING_SECRET": "slack_signing_secret",
    "SLACK_API_URL": "slack_api_url",
    "REGWATCH_SMTP_URL": "smtp_url",
    "REGWATCH_MAIL_FROM": "mail_from",
    "REGWATCH_SLACK_ALLOW": "slack_allow",
    "REGWATCH_WEB_TOKEN": "web_token",
    "REGWATCH_WEB_SUBSCRIBE": "web_subscribe",
    "REGWATCH_HEARTBEAT_URL": "heartbeat_url",
    "REGWATCH_DKIM_DOMAIN": "dkim_domain",
    "REGWATCH_DKIM_SELECTOR": "dkim_selector",
    "REGWATCH_DKIM_KEY": "dkim_key",
    "REGWATCH_LLM_URL": "llm_url",
    "REGWATCH_LLM_MODEL": "llm_model",
    "REGWATCH_LLM_KEY": "llm_key",
    "REGWATCH_LLM_BUDGET": "llm_budget",
}
"""Environment variable -> field. README documents each; a test compares."""

KEY = "REGWATCH_KEY_"
"""What the names of API keys begin with."""


def load(environment: Mapping[str, str] | None = None, *, home: str = "", sources: str = "") -> Settings:
    """Settings from the environment, below them an env file `.env`; options of the command line win.

    Raises OperatorError when a value cannot be used.
    """
    values = {**_env_file(Path(".env")), **(os.environ if environment is None else environment)}
    fields: dict[str, object] = {name: values[variable] for variable, name in NAMES.items() if values.get(variable)}
    if home:
        fields["home"] = home
    if sources:
        fields["sources"] = sources
    for name in ("home", "sources"):
        if name in fields:
            fields[name] = _path(str(fields[name]))
    if "allow_nets" in fields:
        fields["allow_nets"] = _nets(str(fields["allow_nets"]))
    if "slack_allow" in fields:
        fields["slack_allow"] = tuple(part.strip() for part in str(fields["slack_allow"]).split(",") if part.strip())
    if "web_subscribe" in fields:
        fields["web_subscribe"] = _yes("REGWATCH_WEB_SUBSCRIBE", str(fields["web_subscribe"]))
    if "llm_budget" in fields:
        fields["llm_budget"] = _count("REGWATCH_LLM_BUDGET", str(fields["llm_budget"]))
    fields["keys"] = {name: value for name, value in values.items() if name.startswith(KEY)}
    fields["unknown"] = tuple(sorted(name for name in values if _is_misspelt(name)))
    settings = Settings(**fields)  # type: ignore[arg-type]
    _check(settings)
    return settings


def _env_file(path: Path) -> dict[str, str]:
    """NAME=value lines; blank lines and # comments are passed over; quotes around a value are taken off."""
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except OSError:
        return {}
    except UnicodeDecodeError as error:
        raise OperatorError(f"{path}: not UTF-8 text") from error
    pairs = (line.removeprefix("export ").partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): _unquoted(value.strip()) for name, _, value in pairs}


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value


def _path(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError as error:  # ~NAME of nobody
        raise OperatorError(f"{text}: there is no such home directory") from error


def _is_misspelt(name: str) -> bool:
    return name.startswith("REGWATCH_") and name not in NAMES and not name.startswith(KEY)


def _nets(text: str) -> tuple[str, ...]:
    import ipaddress

    nets = tuple(part.strip() for part in text.split(",") if part.strip())
    for net in nets:
        try:
            ipaddress.ip_network(net)
        except ValueError as error:
            raise OperatorError(f"REGWATCH_ALLOW_NETS: {net!r} is not a network such as 127.0.0.0/8") from error
    return nets


def _yes(name: str, text: str) -> bool:
    if text.lower() not in {"1", "yes", "true", "on", "0", "no", "false", "off"}:
        raise OperatorError(f"{name}: {text!r} should read yes or no")
    return text.lower() in {"1", "yes", "true", "on"}


def _count(name: str, text: str) -> int:
    if _number(text) < 0:
        raise OperatorError(f"{name}: {text!r} should be a number")
    return int(text)


class Workers(NamedTuple):
    """Who looks: so many threads or processes, or the Dask workers behind a scheduler's address."""

    kind: str
    width: int = 0
    address: str = ""


def workers(executor: str) -> Workers:
    """What "threads:16", "processes:4" or "dask:tcp://HOST:PORT" names; raises OperatorError."""
    kind, _, rest = executor.partition(":")
    if kind == "dask" and _is_scheduler(rest):
        return Workers(kind, address=rest)
    if kind not in {"threads", "processes"} or not 1 <= _number(rest) <= 256:
        said = "threads:16, processes:4 or dask:tcp://HOST:PORT"
        raise OperatorError(f"REGWATCH_EXECUTOR: {executor!r} should read {said}")
    return Workers(kind, int(rest))


def _is_scheduler(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in {"tcp", "tls"} and bool(parts.hostname and parts.port) and not parts.path
    except ValueError:  # no port
        return False


def _number(text: str) -> int:
    """A number in plain digits; -1 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def address(bind: str) -> tuple[str, int]:
    """("127.0.0.1", 8080) from "127.0.0.1:8080"; raises OperatorError."""
    host, _, port = bind.rpartition(":")
    if not host or not 0 <= _number(port) <= 65535:
        raise OperatorError(f"REGWATCH_BIND: {bind!r} should read HOST:PORT, e.g. 127.0.0.1:8080")
    return host.strip("[]"), int(port)


def _check(settings: Settings) -> None:
    workers(settings.executor)
    address(settings.bind)
    addresses = {
        "REGWATCH_PUBLIC_URL": settings.public_url,
        "REGWATCH_PROXY": settings.proxy,
        "REGWATCH_HEARTBEAT_URL": settings.heartbeat_url,
        "REGWATCH_LLM_URL": settings.llm_url,
    }
    for name, url in addresses.items():
        if url and not _is_web_address(url):
            raise OperatorError(f"{name}: {_without_password(url)!r} should read https://HOST or http://HOST:PORT")
    if settings.smtp_url or settings.mail_from:
        _check_mail(settings)


def _check_mail(settings: Settings) -> None:
    from bot.channels import email

    if settings.smtp_url:
        email.server(settings.smtp_url)
    if settings.mail_from:
        email.sender(settings.mail_from)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:  # no port, no address
        return False


def _without_password(url: str) -> str:
    return url.rpartition("@")[2]
