"""The first hour: one message when the first pass is over, with what to try and one question."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.model import CAUSES, Message, Run, Standing
from bot.slack.frame import date
from bot.slack.parts import Block, actions, button, context, fitted, header, safe, section

if TYPE_CHECKING:
    from bot.app import App

PATIENCE = timedelta(hours=2)  # a first pass that takes longer is told as far as it has come
TRY = ("latest", "upcoming", "subscribe jurisdiction:EU min:plan")
NAMED = 12  # sources that are named one by one


def hello(app: App, *, since: datetime) -> bool:
    """Promise the message when it is time; True when there is nothing left to do. `since`: when the service began."""
    if app.greeted():
        return True
    standings = app.standings()
    watched = [one.id for one in app.declared if one.enabled]
    waiting = [one for one in watched if not (standings.get(one) or Standing(one)).last_check]
    if waiting and app.clock() - since < PATIENCE:
        return False
    app.greet(message(app))
    return True


def message(app: App) -> Message:
    """n sources read, k not and why, the next dates, three commands, and the button that asks where you are."""
    seen = app.coverage()
    dark = [*seen.failing, *seen.blocked]
    ahead = app.upcoming(days=90)[:4]
    headline = f"RegWatch is set up: {len(seen.read)} of {len(seen.watched)} sources are read"
    unread = [f"• {safe(one.source_id)}: {CAUSES.get(one.cause, one.cause)}" for one in dark[:NAMED]]
    unread += [f"• {len(dark) - NAMED} more; `/reg status` has all"] if len(dark) > NAMED else []
    blocks: list[Block] = [
        header("RegWatch is set up"),
        section(f"*{len(seen.read)} of {len(seen.watched)} sources* were read and are the baseline: from now on, "
                "what changes is news. Nobody is alerted of what is there already."),
        *([section(f"*{len(dark)} could not be read*\n" + "\n".join(unread))] if dark else []),
        section("*Next dates*\n" + ("\n".join(map(date, ahead)) or "None that a text we read states.")),
        section("*Try*\n" + "\n".join(f"`/reg {one}`" for one in TRY)),
        *actions(button("Tell us where you are", "where_form", "hello", style="primary")),
        context("Three questions: entities, flows of data, sectors. Alerts then say why they are for you."),
    ]  # fmt: skip
    shown = {"text": safe(headline), "blocks": fitted(blocks, most=48)}
    lines = [(Run(f"{len(dark)} could not be read: see /reg status"),), (Run("Try /reg latest"),)]
    return Message(headline, tuple(lines), kind="notice", rich=json.dumps(shown).encode())
