"""What else is posted on Slack: bursts, notices, and what is left when Slack refuses our blocks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from bot.messages.clean import clean
from bot.messages.mrkdwn import TOTAL, Part, context, header, said, section
from bot.messages.mrkdwn import date as shown
from bot.messages.rich import part, rich, run_of, text, within
from bot.model import Message, Run


def plain_message(message: Message) -> Part:
    """A message that was built for no channel, as Slack's arguments: its headline, then its lines."""
    again = "(possibly repeated) " if message.again else ""
    blocks = [section(f"*{again}{said(message.headline, 1500)}*")]
    room, parts = TOTAL - 3000, []
    for index, line in enumerate(message.lines):
        kept, used = within(line, room)
        if not kept or room - used <= 0:
            left = len(message.lines) - index
            blocks_end = [context(f"… {left} more line{'s' * (left != 1)}")]
            break
        room -= used
        parts.append(part("rich_text_section", [*(run_of(run) for run in kept), text("\n")]))
    else:
        blocks_end = []
    blocks += [rich(parts)] if parts else []
    return {"text": again + said(message.headline, 1000), "blocks": blocks + blocks_end}


def fallback(message: Message) -> Part:
    """The same as bare text, for when Slack refuses our blocks."""
    lines = ["".join(run.text for run in line) for line in message.lines]
    return {"text": "\n".join([said(message.headline, 600), *(said(line, 400) for line in lines[:6] if line.strip())])}


def burst_message(told: Sequence[tuple[str, str]], *, now: datetime) -> Message:
    """One post for many changes at once: (severity, headline) of each; the alerts follow in its thread."""
    order = ("act", "plan", "know")
    ranked = sorted(told, key=lambda one: order.index(one[0]))
    headline = f"{len(told)} changes at once"
    counts = ", ".join(f"{n} {level.upper()}" for level in order if (n := sum(one[0] == level for one in told)))
    lines = [f"• *{level.upper()}* {said(text, 220)}" for level, text in ranked[:10]]
    lines += [f"… and {len(told) - 10} more, each in the thread"] if len(told) > 10 else []
    blocks = [
        header(headline),
        section(f"{counts}. Each is told in full in the thread below this message."),
        section("\n".join(lines)),
        context(f"Told {shown(now)}"),
    ]
    rich = msgspec.json.encode({"text": f"{headline}: {counts}", "blocks": blocks})
    return Message(headline, tuple((Run(f"{level.upper()} {clean(text)}"),) for level, text in ranked), rich=rich)
