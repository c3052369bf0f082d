"""A message for Slack as plain text, for people's eyes. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.messages.mrkdwn import Part


def rendered(arguments: Part) -> str:
    """A message's blocks as plain text, as near to what Slack shows as letters go."""
    lines: list[str] = []
    for block in arguments.get("blocks") or []:
        lines += _rendered(block)
    return "\n".join(lines or [arguments.get("text", "")])


def _rendered(block: Part) -> Iterator[str]:
    kind = block["type"]
    if kind == "header":
        yield f"# {block['text']['text']}"
    elif kind == "section":
        yield from block["text"]["text"].splitlines() if "text" in block else ()
        yield from ("  " + one["text"].replace("\n", " ") for one in block.get("fields", ()))
    elif kind == "context":
        yield from ("  ~ " + one["text"] for one in block["elements"])
    elif kind == "rich_text":
        yield from (("> " if part["type"] == "rich_text_quote" else "  ") + _inline(part) for part in block["elements"])
    elif kind == "actions":
        yield "  " + " ".join(_control(one) for one in block["elements"])


def _inline(part: Part) -> str:
    if part["type"] != "text":
        sides = {"rich_text_list": ("", "\n  "), "rich_text_section": ("", "")}.get(part["type"], ("", ""))
        return sides[1].join(_inline(one) for one in part["elements"])
    style = part.get("style", {})
    mark = "~" if style.get("strike") else "*" if style.get("bold") else "_" if style.get("italic") else ""
    return f"{mark}{part['text']}{mark}"


def _control(element: Part) -> str:
    if element["type"] == "overflow":
        return "[⋯ " + " | ".join(one["text"]["text"] for one in element["options"]) + "]"
    return f"[{element['text']['text']}]"
