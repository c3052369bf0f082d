"""The Home tab: what this person and their channels are told, what is open, what comes, what cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.model import Delivery, Subscription
from bot.slack.asker import Asked, Reach
from bot.slack.frame import date
from bot.slack.parts import VIEW_BLOCKS, Block, actions, button, context, fitted, header, safe, section, when
from bot.slack.people import PLACE, asks

OPEN, AHEAD, MOST_PLACES = 10, 8, 30


def home(asked: Asked) -> dict[str, Any]:
    """The view of one person; channels count only as far as this person is known to be in them."""
    places = _mine(asked)
    app = asked.app
    open_ = [(one, item) for one in places for item in app.open_items(one.id)]
    ahead = app.upcoming(days=90)
    seen = app.coverage()
    told = "\n".join(f"*{one.id}*  {_place(one, asked)}: {asks(one)}" for one in places[:20])
    blocks = [
        header("What you are told"),
        section(told or "Nothing yet. Write `/reg subscribe jurisdiction:EU` in a channel, or here in Messages."),
        *_more(len(places) - 20, "`/reg list` in a channel shows its own"),
        header(f"Open: {len(open_)}"),
        *_items(asked, open_[:OPEN]),
        *_more(len(open_) - OPEN, "the oldest come first"),
        header("Dates in the next 90 days"),
        section("\n".join(map(date, ahead[:AHEAD])) or "None that a text we read states."),
        *_more(len(ahead) - AHEAD, "`/reg upcoming` has all"),
        header(f"{len(seen.read)} of {len(seen.watched)} sources could be read"),
        context(safe(app.as_of(), limit=2_800)),
        *actions(button("Tell us where you are", "where_form", "home"), button("Refresh", "refresh_home", "home")),
        context(f"As of {when(app.clock())}. A monitoring report, not legal advice."),
    ]
    return {"type": "home", "blocks": fitted(blocks, most=VIEW_BLOCKS)}


def _mine(asked: Asked) -> list[Subscription]:
    """Of the conversation with this person and of channels this person is in; of others nothing is shown."""
    direct = {asked.asker.channel, asked.asker.user}
    on_slack = [one for one in asked.app.subscriptions() if one.channel == PLACE]
    places = list(dict.fromkeys(one.address for one in on_slack))[:MOST_PLACES]
    inside = {place for place in places if place in direct or _is_in(asked.reach, asked.asker.user, place)}
    return [one for one in on_slack if one.address in inside]


def _is_in(reach: Reach | None, user: str, channel: str) -> bool:
    return bool(reach and channel[:1] in "CG" and reach.is_inside(user, channel))


def _place(one: Subscription, asked: Asked) -> str:
    return f"<#{one.address}>" if one.address[:1] in "CG" else "you"


def _items(asked: Asked, found: Sequence[tuple[Subscription, Delivery]]) -> list[Block]:
    lines = []
    for one, item in found:
        number = int(item.subject.removeprefix("change:"))
        _, finding = asked.app.show(number)
        headline = safe(finding.headline, limit=180) if finding else ""
        lines.append(f"*{number}*  {_place(one, asked)}, told {when(item.attempted, day=True)}: {headline}")
    return [section("\n".join(lines) or "Nothing waits for an answer.")]


def _more(count: int, where: str) -> list[Block]:
    return [context(f"{count} more; {where}.")] if count > 0 else []
