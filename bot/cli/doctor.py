"""doctor: everything that must be right before the first run, each in a plain sentence with what to do."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.printing import json_option, line, say, settings
from bot.errors import BotError

if TYPE_CHECKING:
    from bot.app.doctor import Said
    from bot.model import Source
    from bot.settings import Settings


@click.command()
@json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> int:
    """Check settings, sources, home, disk, clock, store, pages, Slack, mail, language model. Sends nothing.

    Each line says what is well (ok) or what to do (FIX). Exit 2 when you must fix something.
    """
    ill = 0
    for well, text in _checked(ctx):
        ill += not well
        if as_json:
            line({"ok": well, "text": text})
        else:
            say(f"{'ok ' if well else 'FIX'}  {text}")
    if not as_json:
        say(f"{ill} thing{'s' * (ill != 1)} to fix" if ill else "all is well")
    return 2 if ill else 0


def _checked(ctx: click.Context) -> Iterator[tuple[bool, str]]:
    from bot.app import doctor, now

    try:
        given = settings(ctx)
    except BotError as error:
        yield doctor.failure(error)
        return
    yield from doctor.of_machine(given, now=now())
    declared = yield from _declared(given)
    yield from _opened(given, declared)


def _declared(given: Settings) -> Generator[Said, None, tuple[Source, ...]]:
    from bot.app import doctor, read_sources

    try:
        declared = read_sources(given)
    except BotError as error:
        yield doctor.Said(False, f"Sources: {error}.")
        return ()
    yield from doctor.of_sources(given, declared)
    return declared


def _opened(given: Settings, declared: tuple[Source, ...]) -> Iterator[tuple[bool, str]]:
    """With the store that is there; before the first run with an empty one elsewhere, so that none is made."""
    from bot.app import build, doctor
    from bot.slack.doctor import doctor as of_slack

    with tempfile.TemporaryDirectory(prefix="regwatch-doctor-") as folder:
        is_new = not (given.home / "regwatch.db").exists()
        home = Path(folder) if is_new else given.home
        try:
            with build(replace(given, home=home), stream=sys.stderr, sources=declared) as app:
                yield from doctor.of_app(app, home=given.home)
                yield from of_slack(app)
        except BotError as error:
            yield doctor.failure(error)
