"""What most answers share: the buttons below them, the coverage sentence, lines in sections."""

from __future__ import annotations

from collections.abc import Iterable

from bot.jurisdictions import name_of
from bot.model import Ahead, Filters, Subscription
from bot.slack.asker import Asked
from bot.slack.parts import Block, actions, again, button, context, link, more, safe

NEAR = (3, 14, 45)  # days
KINDS = {
    "effective": "applies from",
    "deadline": "deadline",
    "transition_end": "transition ends",
    "expires": "expires",
    "review_due": "review due",
}


def buttons(asked: Asked, last: int) -> list[Block]:
    """More, when there is more; Share, as long as only one person sees it."""
    text = asked.typed.text
    following = more(text, before=last) if last else None
    value = again(text, before=asked.before)
    sharing = button("Share here", "share", value) if value and not asked.typed.share and asked.asker.channel else None
    return actions(following, sharing)


def foot(
    asked: Asked,
    source_ids: Iterable[str] = (),
    jurisdictions: Iterable[str] = (),
    subscription: Subscription | None = None,
) -> Block:
    """As of when, and what could not be read: no answer goes without it."""
    ids, places = tuple(source_ids), tuple(jurisdictions)
    said = asked.app.as_of(source_ids=ids, jurisdictions=places, subscription=subscription)
    if not ids and places and not any(source.jurisdiction in places for source in asked.app.declared):
        named = ", ".join(dict.fromkeys(map(name_of, places)))
        said = f"as of {asked.app.clock():%Y-%m-%d %H:%M} UTC, no source is declared for {named}."
    return context(safe(said[:1].upper() + said[1:], limit=2_800))


def joined(lines: Iterable[str], *, limit: int = 2_800) -> list[str]:
    """Lines in as few sections as hold them."""
    sections = [""]
    for line in lines:
        if len(sections[-1]) + len(line) + 1 > limit:
            sections.append("")
        sections[-1] += ("\n" if sections[-1] else "") + line
    return [one for one in sections if one]


def page_link(asked: Asked, path: str, label: str) -> str:
    public = asked.app.settings.public_url.rstrip("/")
    return link(f"{public}/{path}", label) if public else ""


def soonest(asked: Asked, wanted: int, *, filters: Filters, days: int, footprint: str = "") -> tuple[list[Ahead], bool]:
    """The first dates ahead, at least so many if there are, and whether there are more within these days.

    A near period is asked for first: where much is ahead, reading all of it takes long.
    """
    found: list[Ahead] = []
    for span in (*(near for near in NEAR if near < days), days):
        found = asked.app.upcoming(filters=filters, footprint=footprint, days=span)
        if len(found) > wanted:
            return found, True
    return found, False


def date(ahead: Ahead) -> str:
    kind = KINDS.get(ahead.dated.kind, ahead.dated.kind)
    places = ", ".join(map(name_of, ahead.jurisdictions))
    doubt = " _(uncertain)_" if ahead.verdict == "uncertain" else ""
    return (f"*{ahead.dated.date:%d %b %Y}* {kind}: {safe(ahead.headline, limit=200)}"
            f"{f' · {places}' if places else ''} · change {ahead.change}{doubt}")  # fmt: skip
