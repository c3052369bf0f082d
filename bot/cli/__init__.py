"""The operator's door: parse, call one verb of App, print, return an exit code.

0 all well; 1 some sources or deliveries failed (each named); 2 the operator must fix something (one line says what
and where); 3 the store is in trouble. COMMANDS names the room of each; printing is shared.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from typing import TextIO

import click

from bot import __version__
from bot.errors import BotError

OPERATORS = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EBADF, errno.EMFILE}
"""What the system refuses and the operator can change; other OSErrors are bugs and keep their traceback."""

COMMANDS = {
    "demo": "looking", "run": "looking", "check": "looking", "replay": "looking", "reread": "looking",
    "changes": "facts", "show": "facts", "diff": "facts", "why": "facts", "history": "facts", "search": "facts",
    "health": "health", "doctor": "doctor", "upcoming": "ahead", "state": "ahead", "event": "events",
    "digest": "digest",
    "import": "history", "backfill": "history",
    "judge": "judging", "rejudge": "judging", "backtest": "backtest", "review": "reviews",
    "subscribe": "subscriptions", "unsubscribe": "subscriptions", "subscriptions": "subscriptions", "outbox": "outbox",
    "pause": "subscriptions", "resume": "subscriptions", "mute": "subscriptions", "unmute": "subscriptions",
    "footprint": "footprints", "severity": "reviews",
    "export": "evidence", "verify": "evidence",
    "backup": "keeping", "restore": "keeping", "hold": "keeping", "people": "keeping",
    "sources": "declarations", "slack": "slack",
}  # fmt: skip
"""Command -> the room that holds it. Rooms are imported when their command is asked for, so that --help is quick."""


class Commands(click.Group):
    """Finds a command's room when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        from importlib import import_module
        from keyword import iskeyword

        name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command: click.Command = getattr(import_module(f"bot.cli.{COMMANDS[cmd_name]}"), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f"; did you mean {near[0]}?" if near else "; see regwatch --help"
            raise click.UsageError(f"there is no command {args[0]!r}{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, HELP[name]) for name in COMMANDS])


HELP = {
    "demo": "a small world of local publishers goes through some weeks",
    "run": "the service: looks, judges, tells; web pages beside it",
    "check": "look now, at what is due or at the sources named",
    "replay": "run recorded captures (WARC) through the same pipeline",
    "reread": "read the stored bytes as we read today",
    "changes": "what changed, newest first",
    "show": "one change as a reader sees it",
    "diff": "every edit of one change",
    "why": "why a change was told or not",
    "history": "versions and looks of one source",
    "search": "find words in changes",
    "health": "who could be read, who could not and since when",
    "doctor": "check everything before the first run",
    "upcoming": "dates ahead: in force, due, expiring",
    "state": "the state of play in a jurisdiction",
    "event": "one act and all that speak of it: show, merge, split",
    "import": "a page or document that a person saved",
    "backfill": "what the Wayback Machine captured before we looked",
    "judge": "judge JSON Lines on stdin",
    "rejudge": "judge stored changes again with today's rules",
    "backtest": "try rules out on stored history; tells nobody",
    "review": "say that a change is relevant, or not",
    "digest": "what a week came to, here, as files or by mail",
    "subscribe": "tell a channel about changes",
    "unsubscribe": "end a subscription",
    "subscriptions": "who is told what",
    "outbox": "messages that are waiting, doubtful or dead",
    "pause": "tell a subscription nothing for a while",
    "resume": "end a pause",
    "mute": "keep one source from a subscription",
    "unmute": "tell a subscription of a source again",
    "footprint": "where an organisation is and which data it moves",
    "severity": "say that a change is act, plan or know, and why",
    "export": "all that proves a change, for a stranger to verify",
    "verify": "verify an export, or our own ledger",
    "backup": "copy the whole store into one file",
    "restore": "put a backup back",
    "hold": "stop every deletion",
    "people": "who is known by name; forget them",
    "sources": "what is watched: list, show, validate, test, export",
    "slack": "alerts as Slack gets them: preview",
}


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--home", metavar="DIR", help="Where the data live (REGWATCH_HOME; default ./var).")
@click.option("--sources", "sources_file", metavar="FILE", help="The declarations (REGWATCH_SOURCES; ./sources.toml).")
@click.version_option(__version__, prog_name="regwatch")
@click.pass_context
def regwatch(ctx: click.Context, home: str | None, sources_file: str | None) -> None:
    """RegWatch watches official pages for changes in rules on cross-border data, and tells you, with proof.

    \b
    Try first:   regwatch demo
    For real:    regwatch run          (sources.toml and ./var in this directory)
    In a script: regwatch check --json; echo $?

    Exit codes: 0 all well; 1 some sources or deliveries failed, each named; 2 you must fix something; 3 the store is
    in trouble. Other settings are environment variables, or lines of a file .env; README lists them.
    """
    ctx.obj = {"home": home or "", "sources": sources_file or ""}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; expected errors are one line on stderr, bugs keep their traceback."""
    sys.stdout, sys.stderr = _never_choke(sys.stdout), _never_choke(sys.stderr)
    code = _code(argv)
    with suppress(OSError):
        sys.stderr.flush()
    if not _is_written(sys.stdout):
        code = code or 2
    if argv is None and threading.active_count() > 1:
        os._exit(code)  # a look that was abandoned still waits for its server; nothing of it would be recorded
    return code


def _code(argv: Sequence[str] | None) -> int:
    gc.set_threshold(50_000, 20, 20)  # a page makes thousands of short-lived values and no cycles: 6 % less CPU
    try:
        code = regwatch.main(args=None if argv is None else list(argv), prog_name="regwatch", standalone_mode=False)
    except BotError as error:
        return _say(str(error), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        return 130  # 128 + SIGINT, as shells say it
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)  # a group alone: what can be said after it
        return 2
    except click.ClickException as error:
        return _say(error.format_message(), 2)
    except OSError as error:
        if error.errno not in OPERATORS:
            raise
        return _say(f"{error.filename or 'stdout cannot be written'}: {error.strerror}", 2)
    return int(code or 0)


def _say(text: str, code: int) -> int:
    with suppress(OSError):
        print("regwatch: " + " ".join(text.split()), file=sys.stderr)
    return code


def _never_choke(stream: TextIO | None) -> TextIO:
    """A terminal that has no Chinese shows escapes, a closed stream swallows: neither is a reason to fail."""
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    return stream


def _is_written(stream: TextIO) -> bool:
    """Flush; when the reader has left or the disk is full, the interpreter must not fail over it once more."""
    try:
        stream.flush()
    except BrokenPipeError:
        written = True
    except (OSError, ValueError):
        written = False
    else:
        return True
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return written
