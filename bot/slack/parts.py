"""The parts of an answer as Block Kit, within Slack's limits by construction. Pure.

Limits: https://docs.slack.dev/reference/block-kit/blocks (3,000 characters of a section, 50 blocks of a message, 100 of
a view, 75 of a button, 2,000 of its value); a message's text altogether stays below 12,000, above some 13,000 Slack
refuses it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.messages import clean, mrkdwn
from bot.model import Run

Block = mrkdwn.Part

SECTION, LABEL, VALUE = 2_900, 75, 2_000
BLOCKS, VIEW_BLOCKS, CHARACTERS = 48, 98, 11_500

_STYLES = {"ins": {"bold": True}, "del": {"strike": True}, "strong": {"bold": True}, "dim": {"italic": True}}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person gets: `text` is what notifications and screen readers say; `share`: the whole channel sees it.

    `text` and the texts of `blocks` are escaped already.
    """

    text: str
    blocks: tuple[Block, ...] = ()
    share: bool = False

    def arguments(self) -> dict[str, Any]:
        """The arguments of chat.postMessage and of a response_url; links never grow previews."""
        shown: dict[str, Any] = {"text": clip(self.text, 3_000), "unfurl_links": False, "unfurl_media": False}
        if self.blocks:
            shown["blocks"] = fitted(self.blocks, most=BLOCKS)
        return shown

    def shared(self) -> Answer:
        """The same answer for everybody in the channel."""
        return replace(self, share=True)


def say(text: str, *, share: bool = False) -> Answer:
    """An answer of one paragraph, escaped already."""
    return Answer(clip(text, 3_000), (section(text),), share)


# ------------------------------------------------------------------------------------------------ text


def safe(text: str, *, limit: int = 300) -> str:
    """Somebody else's words, harmless and escaped."""
    return mrkdwn.said(text, limit)


def clip(text: str, limit: int) -> str:
    """Our own words, at most so many characters; never within an entity or a link."""
    if mrkdwn.size(text) <= limit:
        return text
    kept = text[: max(limit - 2 - (mrkdwn.size(text) - len(text)), 1)]
    for opening, closing in (("&", ";"), ("<", ">")):
        start = kept.rfind(opening)
        if start > kept.rfind(closing):
            kept = kept[:start]
    return kept.rstrip() + "…"


def link(url: str, label: str) -> str:
    """A link when the address is one of the web, else the label alone."""
    return mrkdwn.link(url, label) or safe(label)


def when(at: datetime | None, *, day: bool = False) -> str:
    """A moment in the reader's own time zone, with UTC as the fallback."""
    if at is None:
        return "never"
    if day:
        return f"<!date^{int(at.timestamp())}^{{date_short_pretty}}|{at:%Y-%m-%d}>"
    return mrkdwn.date(at)


# ------------------------------------------------------------------------------------------------ blocks


def header(text: str) -> Block:
    return mrkdwn.header(text)


def section(text: str, *, accessory: Block | None = None) -> Block:
    block = mrkdwn.section(clip(text, SECTION) or "–")
    return block | ({"accessory": accessory} if accessory else {})


def context(text: str) -> Block:
    return mrkdwn.context(clip(text, SECTION) or "–")


def lined(lines: Iterable[Iterable[Run]]) -> list[Block]:
    """Lines of runs as rich text, which needs no escaping and no marks: what was struck out, and what is *new*."""
    shown: list[Block] = []
    for line in lines:
        if runs := [_text(run) for run in line if clean(run.text)]:
            shown += [*([_text(Run("\n"))] if shown else []), *runs]
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": shown}]}] if shown else []


def _text(run: Run) -> Block:
    words = "\n" if run.text == "\n" else clean(run.text)
    style = _STYLES.get(run.style)
    return {"type": "text", "text": mrkdwn.cut(words, SECTION)} | ({"style": style} if style else {})


def actions(*elements: Block | None) -> list[Block]:
    """One row of buttons, or nothing when there are none."""
    shown = [element for element in elements if element]
    return [{"type": "actions", "elements": shown[:25]}] if shown else []


def button(label: str, action: str, value: str, *, style: str = "") -> Block:
    return mrkdwn.button(label, action, clip(value, VALUE), style=style)


def again(text: str, *, before: int = 0) -> str:
    """The value of a button that asks a command again; "" for one that is too long."""
    value = json.dumps({"t": text, "b": before}, ensure_ascii=False, separators=(",", ":"))
    return value if mrkdwn.size(value) <= VALUE else ""


def more(text: str, *, before: int, label: str = "More") -> Block | None:
    value = again(text, before=before)
    return button(label, "page", value) if value else None


def plain(text: str, *, limit: int = LABEL) -> dict[str, Any]:
    """Words on a label: cleaned, cut, not escaped."""
    return mrkdwn.plain(text, limit)


def option(label: str, value: str) -> Block:
    return {"text": plain(label), "value": value}


def fitted(blocks: Sequence[Block], *, most: int) -> list[Block]:
    """As many blocks as Slack takes; the last ones (buttons, the coverage sentence) are always among them."""
    if len(blocks) <= most and mrkdwn.size(list(blocks)) <= CHARACTERS:
        return list(blocks)
    tail = [block for block in blocks[-3:] if block["type"] in {"actions", "context"}]
    room = CHARACTERS - mrkdwn.size(tail) - 100
    kept: list[Block] = []
    for block in blocks[: len(blocks) - len(tail)]:
        if len(kept) + len(tail) + 1 >= most or mrkdwn.size([*kept, block]) > room:
            break
        kept.append(block)
    return [*kept, context("There is more than a message holds; ask for less."), *tail]
