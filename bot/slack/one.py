"""Answers about one change: what it is, every edit, why it was told or not; and about an address."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bot.model import Message, Run
from bot.slack.asker import Asked
from bot.slack.changes import latest, marks
from bot.slack.frame import buttons, foot, joined, page_link
from bot.slack.parts import (
    SECTION,
    Answer,
    Block,
    actions,
    again,
    button,
    clip,
    context,
    header,
    lined,
    link,
    more,
    safe,
    section,
)
from bot.slack.typed import number

LINES = 40  # lines of a redline in one answer
ROOM = 7_500  # characters of a redline in one answer


def show(asked: Asked) -> Answer:
    """One change as its alert says it; by its number, or the newest of an address."""
    if asked.typed.words and asked.typed.words[0].startswith(("http://", "https://")):
        return of_address(asked, asked.typed.words[0])
    found = number(asked.typed.words, verb="show")
    made, finding = asked.app.show(found)
    message = asked.app.preview(found) if finding else asked.app.alert(found)
    row = actions(
        button("Full diff", "page:diff", again(f"diff {found}")),
        button("Why", "page:why", again(f"why {found}")),
        *([] if asked.typed.share else [button("Share here", "share", again(f"show {found}"))]),
    )
    marked = marks(asked, [found])[found].strip()
    said = [context(marked)] if marked else []
    blocks = [*_body(message), *said, *row, foot(asked, (made.source.parent or made.source.id,))]
    return Answer(safe(message.headline, limit=500), tuple(blocks), asked.typed.share)


def _body(message: Message) -> list[Block]:
    """The blocks of an alert without its buttons; a message without blocks of its own, line by line."""
    rich = json.loads(message.rich) if message.rich else {}
    blocks = [block for block in rich.get("blocks", []) if block.get("type") != "actions"]
    if blocks:
        return [{key: part for key, part in block.items() if key != "block_id"} for block in blocks]
    return [section(f"*{safe(message.headline, limit=500)}*"), *lined(message.lines[:60])]


def of_address(asked: Asked, url: str) -> Answer:
    """What we know of an address: the source that looks at it and its newest changes; else how to propose it."""
    if ours := _ours(asked, url):
        return show(asked._replace(typed=asked.typed._replace(verb="show", words=(ours,), keyed=())))
    source = asked.app.watched(url)
    if source is None:
        text = f"No source looks at {link(url, clip(url, 200))}.\nTo have it watched, with your reason:"
        row = actions(button("Try and propose it", "try_address", clip(url, 1_900)))
        return Answer("No source looks at this address", (section(text), *row, foot(asked)), asked.typed.share)
    keyed = (f"in:{source.parent or source.id}",)
    typed = asked.typed._replace(verb="latest", words=(), keyed=keyed)
    return latest(asked._replace(typed=typed))


def _ours(asked: Asked, url: str) -> str:
    """The number of the change that one of our own pages is about, "" for any other address."""
    public = asked.app.settings.public_url.rstrip("/")
    match = re.fullmatch(re.escape(public) + r"/change/(\d{1,15})(?:[/?#].*)?", url) if public else None
    return match[1] if match else ""


def diff(asked: Asked) -> Answer:
    """Every edit of one change, in pages; nothing is left out silently."""
    found = number(asked.typed.words, verb="diff")
    lines = [line for line in asked.app.redline(found) if any(run.text.strip() for run in line)]
    shown = _within(lines[asked.before : asked.before + LINES])
    end = asked.before + len(shown)
    left = len(lines) - end
    title = f"Change {found}: every edit" + (f", from line {asked.before + 1}" if asked.before else "")
    made, _ = asked.app.show(found)
    page = page_link(asked, f"change/{found}", "the whole redline as a page")
    cut = any(_cut(line, ROOM) != tuple(line) for line in lines[asked.before : end])
    said = [f"{left} more lines" if left else "", "A long passage ends with … here" if cut else "", page]
    tail = [context(" · ".join(one for one in said if one))] if any(said) else []
    row = actions(
        more(asked.typed.text, before=end, label=f"Next {min(left, LINES)} of {left} lines") if left else None,
        button("As a file", "redline_file", str(found)) if (left or cut) and not page and asked.asker.channel else None,
        None if asked.typed.share else button("Share here", "share", again(asked.typed.text, before=asked.before)),
    )
    body = lined(shown) or [section("No text differs; see `/reg why`.")]
    blocks = [header(title), *body, *tail, *row, foot(asked, (made.source.parent or made.source.id,))]
    return Answer(title, tuple(blocks), asked.typed.share)


def _within(lines: Sequence[tuple[Run, ...]]) -> list[tuple[Run, ...]]:
    """As many lines as fit in one answer, at least one; a line that is too long by itself ends with "…"."""
    shown: list[tuple[Run, ...]] = []
    room = ROOM
    for line in lines:
        size = sum(len(run.text) for run in line)
        if shown and size > room:
            break
        shown.append(_cut(line, ROOM))
        room -= size
    return shown


def _cut(line: Sequence[Run], room: int) -> tuple[Run, ...]:
    kept = []
    for run in line:
        kept.append(run._replace(text=clip(run.text, min(room, SECTION))))
        room -= len(kept[-1].text)
        if room < 2 or kept[-1].text != run.text:
            return (*kept, Run(" …"))
    return tuple(kept)


def why(asked: Asked) -> Answer:
    """The decision with every reason; other people's places are not named."""
    found = number(asked.typed.words, verb="why")
    here = [subscription.id for subscription in asked.of_this_place()]
    lines = list(_discreet(asked.app.why(found, within=here).splitlines(), asked))
    sections = joined(safe(line, limit=600) for line in lines)
    made, _ = asked.app.show(found)
    shown = [section(one) for one in sections[:3]]
    left = [context("There are more reasons: " + (page_link(asked, f"change/{found}", "on the page of this change")
            or "whoever runs RegWatch can print all"))] if len(sections) > 3 else []  # fmt: skip
    blocks = [header(f"Why change {found} was told, or not"), *shown, *left,
              *buttons(asked, 0), foot(asked, (made.source.parent or made.source.id,))]  # fmt: skip
    return Answer(f"Why change {found} was told, or not", tuple(blocks), asked.typed.share)


def _discreet(lines: Iterable[str], asked: Asked) -> Iterator[str]:
    """Readers elsewhere are counted, not named, and what they asked for is theirs: some listen in private channels."""
    elsewhere: Counter[str] = Counter()
    for line in lines:
        match = re.match(r"(told|not told): (\w+) (\S+?)(?=[ :]|$)(.*)", line)
        if not match or match[2] not in ("slack", "email", "console"):
            yield line
        elif (match[2], match[3]) == ("slack", asked.asker.channel):
            yield f"{match[1]}: {_here(asked)}{match[4]}"
        else:
            elsewhere[match[1]] += 1
    for what, count in elsewhere.items():
        yield f"{what}: {count} reader{'s' * (count != 1)} elsewhere"


def _here(asked: Asked) -> str:
    return "this conversation" if asked.asker.direct else "this channel"
