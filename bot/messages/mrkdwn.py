"""Slack's text objects, made so that nothing scraped can act in them and nothing is too long. Pure.

Escaping: docs.slack.dev, "Formatting message text": exactly &, < and > are escaped, nothing else can be. What cannot be
escaped (* _ ~ ` and :names: of emoji) is written with characters that look alike and mean nothing. Texts are cut before
they are escaped, so that no entity is cut in two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.messages.clean import clean

Part = dict[str, Any]
"""A piece of a message as Slack takes it: a block, an element, a text object."""

TEXT = 3000  # section.text, context text (docs.slack.dev, Block Kit reference)
HEADER = 150
TOTAL = 12_000  # of all blocks of a message: Slack refuses them at about 13,200 (seen, not documented)
URL = 3000

_ESCAPED: Mapping[str, str] = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_NOTHING = "\u200b"  # seen by nobody; keeps two characters from meaning something together
_ALIKE = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})
_UNDERSCORE = re.compile(r"(?<!\w)_+|_+(?!\w)")
_EMOJI = re.compile(r":(?=[a-z0-9_+'-]+:)")
_TAG = re.compile(
    r"(?i)</?(?:p|br|div|span|ins|del|strong|em|b|i|u|a|li|ul|ol|td|tr|th|table|font|sup|sub)\b[^<>]{0,300}>"
)
_ENTITY = re.compile(r"&(?:(amp)|(lt)|(gt)|(quot)|(nbsp)|#x?([0-9a-fA-F]{1,6}));")
_LOOSE = re.compile(r"&(?=(?:lt|gt|quot|#[0-9]+);)")  # would be read as an entity
_UNSAFE = re.compile(r"[\s|<>\"`*\[\]]")
_NAMED = ("", "&", "<", ">", '"', " ")


def tidy(text: str) -> str:
    """One line without controls, leaked tags of markup and entities that a publisher escaped twice."""
    text = clean(text)
    for _ in range(8):  # every pass makes it shorter; beyond this somebody is playing
        found = _TAG.sub(" ", _ENTITY.sub(_meant, text))
        if found == text:
            break
        text = found
    return re.sub(" {2,}", " ", text).strip()


def _meant(entity: re.Match[str]) -> str:
    return _NAMED[entity.lastindex] if entity.lastindex and entity.lastindex < 6 else " "


def said(text: str, limit: int = TEXT) -> str:
    """Somebody else's words for a mrkdwn text: harmless, escaped, at most `limit` characters as sent."""
    text = _UNDERSCORE.sub(lambda found: "ˍ" * len(found[0]), tidy(text).translate(_ALIKE))
    text = _EMOJI.sub(":" + _NOTHING, text).replace("](", f"]{_NOTHING}(")
    if text[:1] in "#>&":  # at the beginning of a line they are a heading and a quotation
        text = _NOTHING + text
    return escaped(cut(text, limit)).replace("&lt;", "&lt;" + _NOTHING) if "<" in text else escaped(cut(text, limit))


def escaped(text: str) -> str:
    """The three characters that Slack reads as control characters, as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, limit: int) -> str:
    """The text, or its beginning and "…", so that it is at most `limit` characters once escaped; never inside a
    character that is written with several code points."""
    text = text[: limit + 1] if len(text) > limit else text  # no character is narrower than one
    if sum(map(_width, text)) <= limit:
        return text
    room, end = limit - 1, 0
    for end, character in enumerate(text):  # noqa: B007
        room -= _width(character)
        if room < 0:
            break
    while end > 0 and (unicodedata.combining(text[end]) or text[end] in "\u200d\ufe0f" or text[end - 1] == "\u200d"):
        end -= 1
    return text[:end].rstrip() + "…"


def _width(character: str) -> int:
    """How many characters this one is as sent: Slack counts UTF-16 units, and "<" with the mark behind its entity."""
    if character == "<":
        return 5
    return len(_ESCAPED.get(character, character)) + (character > "\uffff")


def link(url: str, label: str, *, limit: int = 900) -> str:
    """<url|label>, or "" for what is no address on the web or too long to be one."""
    found = escaped(web_address(url))
    name = said(label.replace("|", "¦").replace(">", "›").replace("<", "‹"), 150)
    return f"<{found}|{name}>" if found and len(found) <= limit else ""


def web_address(url: str) -> str:
    """The address without what Slack reads as its own signs; "" for what is none on the web."""
    if not re.match(r"https?://[^\s/]", url):
        return ""
    return _UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), _address(url))


def _address(url: str) -> str:
    """Without controls, and without the "&amp;" of a publisher who escaped it twice."""
    url = clean(url[:URL])
    while "&amp;" in url:
        url = url.replace("&amp;", "&")
    return _LOOSE.sub("%26", url)


def date(moment: datetime) -> str:
    """A moment in the reader's own time zone; UTC where it cannot be shown so."""
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{moment:%Y-%m-%d %H:%M} UTC>"


# --------------------------------------------------------------------------------------------- text objects, blocks


def mrkdwn(text: str) -> Part:
    """A text of ours with `said` parts in it; Slack makes no links and mentions of it by itself."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain(text: str, limit: int) -> Part:
    """Words that are shown as they are: headers, buttons."""
    return {"type": "plain_text", "text": cut(tidy(text), limit) or "—", "emoji": False}


def section(text: str) -> Part:
    return {"type": "section", "text": mrkdwn(text)}


def context(*texts: str) -> Part:
    return {"type": "context", "elements": [mrkdwn(text) for text in texts if text]}


def header(text: str) -> Part:
    return {"type": "header", "text": plain(text, HEADER)}


def button(label: str, action_id: str, value: str, *, style: str = "") -> Part:
    made = {"type": "button", "text": plain(label, 75), "action_id": action_id, "value": value}
    return made | ({"style": style} if style else {})


def size(part: Any) -> int:
    """Characters of everything in it that counts as text, in UTF-16 units."""
    if isinstance(part, str):
        return len(part.encode("utf-16-le", "ignore")) // 2
    if isinstance(part, list):
        return sum(map(size, part))
    if not isinstance(part, dict):
        return 0
    counted = (value for key, value in part.items() if key not in ("type", "action_id", "block_id", "style"))
    return sum(map(size, counted))
