"""Slack's rich text: words in styles, without any control character. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages.mrkdwn import URL, Part, cut, size, web_address
from bot.messages.passages import Line
from bot.model import Run


def within(line: Line, room: int) -> tuple[list[Run], int]:
    """The runs that fit into so many characters; the last one is cut."""
    kept, used = [], 0
    for run in line:
        if run.text and used < room:
            text = cut(run.text, max(2, room - used))
            kept.append(Run(text, run.style))
            used += size(text)
    return kept, used


def run_of(run: Run) -> Part:
    if run.style == "link" and (url := web_address(run.text)) and len(url) <= URL:
        return {"type": "link", "url": url}
    return text(run.text, strike=run.style == "del", bold=run.style in ("ins", "strong"), italic=run.style == "dim")


def text(text: str, **styles: bool) -> Part:
    style = {name: True for name, on in styles.items() if on}
    return {"type": "text", "text": text or "—"} | ({"style": style} if style else {})


def part(kind: str, elements: Sequence[Part]) -> Part:
    return {"type": kind, "elements": list(elements)}


def bullets(items: Sequence[Sequence[Part]]) -> Part:
    return part("rich_text_list", [part("rich_text_section", item) for item in items]) | {"style": "bullet"}


def rich(parts: Sequence[Part]) -> Part:
    return part("rich_text", parts)
