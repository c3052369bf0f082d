"""What people do with a change: acknowledge, assign, snooze, override, say that it is not relevant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from bot.errors import OperatorError
from bot.model import SEVERITIES, Filters, Handling, Subscription
from bot.slack.asker import Asked
from bot.slack.parts import Answer, safe, say
from bot.slack.people import PLACE
from bot.slack.typed import number, span

REASONS = {
    "sector": "Another sector or kind of company",
    "places": "We are not in these places, and no data of ours goes there",
    "known": "We knew it already",
    "law": "It is not about data that cross borders",
    "small": "It changes nothing that matters",
    "wrong": "RegWatch read it wrongly",
    "other": "Another reason",
}
"""Why a change is not relevant; chosen from a list, so that the judge can learn from it."""

SNOOZES = {"snooze1": timedelta(days=1), "snooze7": timedelta(days=7)}
TEAR = "no legal advice here"

VALUE = re.compile(r"(\d{1,15}):(\d{1,15})")


def of_value(value: str) -> tuple[int, int]:
    """Change and subscription from "17:3", the value of an alert's buttons; raises OperatorError."""
    match = VALUE.fullmatch(value or "")
    if not match:
        raise OperatorError("this button does not say which change it is for; use `/reg ack N`")
    return int(match[1]), int(match[2])


def here(asked: Asked, subscription: int) -> Subscription:
    """The subscription of a button, when it belongs to the place in which it was pressed. Raises OperatorError."""
    found = next((one for one in asked.of_this_place() if one.id == subscription), None)
    if found is None:
        raise OperatorError("the subscription of this alert has ended; `/reg list` shows what there is here")
    return found


# ------------------------------------------------------------------------------------------------ one thing said


def acknowledge(asked: Asked, change: int, subscription: int) -> str:
    asked.app.handle(change, "acknowledged", actor=asked.asker.name, subscription=subscription)
    return f"acknowledged change {change}"


def take_back(asked: Asked, change: int, subscription: int) -> str:
    """Undo what stands: "not relevant" first, then the acknowledgement."""
    standing = asked.app.handling(change).get(subscription)
    says = "relevant" if standing and standing.not_relevant else "unacknowledged"
    asked.app.handle(change, says, actor=asked.asker.name, subscription=subscription)
    return f"reopened change {change}"


def not_relevant(asked: Asked, change: int, subscription: int, *, reason: str, remark: str = "") -> str:
    """For this subscription only; the reason is one of REASONS."""
    if reason not in REASONS:
        raise OperatorError("choose a reason from the list")
    said = REASONS[reason] + (f": {remark.strip()}" if remark.strip() else "")
    asked.app.handle(change, "not_relevant", actor=asked.asker.name, subscription=subscription, remark=said[:1000])
    return f"said that change {change} is not relevant here"


def assign(asked: Asked, change: int, subscription: int, *, user: str) -> str:
    name = asked.name_of(user)
    asked.app.handle(change, "assigned", actor=asked.asker.name, subscription=subscription, value=name)
    shown = f"<@{user}>" if re.fullmatch(r"[UW][A-Z0-9]{2,20}", user) else safe(user, limit=80)
    return f"asked {shown} to look at change {change}"


def snooze(asked: Asked, change: int, subscription: int, *, length: timedelta) -> str:
    until = asked.app.clock() + length
    asked.app.handle(
        change, "snoozed", actor=asked.asker.name, subscription=subscription, value=until.isoformat(timespec="seconds")
    )
    return f"put change {change} aside until {until:%Y-%m-%d %H:%M} UTC"


def follow(asked: Asked, change: int, subscription: int) -> str:
    """Have this channel told about everything relevant of the change's source."""
    source = _source_of(asked, change)
    place = here(asked, subscription)
    made = Subscription(0, PLACE, place.address, Filters(sources=(source,)), team=place.team)
    return f"followed {safe(source)} for this channel (subscription {asked.app.subscribe(made)})"


def mute(asked: Asked, change: int, subscription: int) -> str:
    name = asked.app.mute(subscription, _source_of(asked, change))
    return f"muted {safe(name)} for this channel only; `/reg unmute {safe(name)}` undoes it"


def _source_of(asked: Asked, change: int) -> str:
    made, _ = asked.app.show(change)
    return made.source.parent or made.source.id


# ------------------------------------------------------------------------------------------------ by command


def ack(asked: Asked) -> Answer:
    change = number(asked.typed.words, verb="ack")
    return _each(asked, change, lambda one: acknowledge(asked, change, one))


def unack(asked: Asked) -> Answer:
    change = number(asked.typed.words, verb="unack")
    return _each(asked, change, lambda one: take_back(asked, change, one))


def assign_(asked: Asked) -> Answer:
    change = number(asked.typed.words, verb="assign")
    user = " ".join(asked.typed.words[1:]).lstrip("@").strip()
    if not user:
        raise OperatorError(f"to whom? /reg assign {change} @PERSON")
    user = asked.asker.user if user.casefold() in {"me", "myself"} else user
    return _each(asked, change, lambda one: assign(asked, change, one, user=user))


def snooze_(asked: Asked) -> Answer:
    change = number(asked.typed.words, verb="snooze")
    said = "".join(word for word in asked.typed.words[1:] if word.casefold() != "for")
    length = span(said or "7d", longest=366)
    return _each(asked, change, lambda one: snooze(asked, change, one, length=length))


def severity(asked: Asked) -> Answer:
    """A person's override, with a reason; it survives judging again and is shown as one."""
    words = asked.typed.words
    change = number(words, verb="severity")
    level = words[1].casefold() if len(words) > 1 else ""
    why = " ".join(words[2:]).strip()
    if level not in SEVERITIES or not why:
        raise OperatorError(f"say the level and why: /reg severity {change} {'|'.join(SEVERITIES)} WHY")

    def override(one: int) -> str:
        asked.app.handle(change, "severity", actor=asked.asker.name, subscription=one, remark=why[:1000], value=level)
        return f"set change {change} to {level.upper()} here: {safe(why)}"

    return _each(asked, change, override)


def relevant(asked: Asked) -> Answer:
    change = number(asked.typed.words, verb="relevant")
    why = " ".join(asked.typed.words[1:])

    def say_so(one: int) -> str:
        asked.app.handle(change, "relevant", actor=asked.asker.name, subscription=one, remark=why[:1000])
        return f"said that change {change} is relevant here"

    return _each(asked, change, say_so)


def irrelevant(asked: Asked) -> Answer:
    change = number(asked.typed.words, verb="irrelevant")
    why = " ".join(asked.typed.words[1:])
    if not why:
        raise OperatorError(f"say why: /reg irrelevant {change} {' | '.join(REASONS)}, or in your words ({TEAR})")
    reason = why if why in REASONS else "other"
    remark = "" if why in REASONS else why
    return _each(asked, change, lambda one: not_relevant(asked, change, one, reason=reason, remark=remark))


def _each(asked: Asked, change: int, act: Callable[[int], str]) -> Answer:
    """For each subscription of this place that was told of the change, or else the first; what is done stays done."""
    asked.app.show(change)
    done, refused = [], []
    for one in _told(asked, change):
        try:
            done.append(act(one))
        except OperatorError as error:
            refused.append(error)
    if not done:
        raise refused[0]
    who = "You" if asked.asker.direct else f"<@{asked.asker.user}>"
    return say(f"{who} {done[0]}.", share=not asked.asker.direct)


def _told(asked: Asked, change: int) -> Sequence[int]:
    places = asked.of_this_place()
    if not places:
        raise OperatorError("nothing is told to this channel, so there is nothing to handle here; see `/reg subscribe`")
    open_here = [one.id for one in places if _is_among(asked.app.open_items(one.id), change)]
    handled: Iterable[Handling] = asked.app.handling(change).values()
    known = {one.subscription for one in handled}
    return open_here or [one.id for one in places if one.id in known] or [places[0].id]


def _is_among(items: Iterable[object], change: int) -> bool:
    return any(getattr(item, "subject", "") == f"change:{change}" for item in items)
