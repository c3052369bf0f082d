"""Who is told what here: subscriptions, pauses, mutes, footprints, the digest's preview."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.errors import OperatorError
from bot.grammar import describe, subscription, unheard
from bot.model import Filters, Flow, Footprint, Message, Subscription
from bot.slack import meant
from bot.slack.asker import Asked
from bot.slack.frame import foot, joined
from bot.slack.parts import Answer, Block, actions, button, context, header, lined, safe, say, section
from bot.slack.typed import moment

PLACE = "slack"
PAGE = 20
NOT_IN = (
    "I am not in this channel yet, so I cannot post here: type `/invite @regwatch` "
    "(or whatever the bot is called in your workspace)."
)


# ------------------------------------------------------------------------------------------------ subscriptions


def subscribe(asked: Asked) -> Answer:
    """Tell this channel about changes; the channel sees who asked for it."""
    if not asked.asker.channel:
        raise OperatorError("subscribe from the channel, or the conversation with me, that is to be told")
    made = wanted(asked)
    number = asked.app.subscribe(made)
    heard = [safe(one, limit=300) for one in unheard(made.filters, asked.app.sources().values())]
    heard += _still(asked.app.subscription(number))
    outside = asked.reach is not None and not asked.asker.direct and asked.reach.is_member(asked.asker.channel) is False
    notes = [*heard, *([NOT_IN] if outside else [])]
    text = f"{_who(asked)} subscribed {_here(asked)} to {asks(replace(made, id=number))}. It is number {number}."
    blocks = [section(text), *([context("\n".join(notes))] if notes else []), foot(asked, made.filters.sources,
              made.filters.jurisdictions)]  # fmt: skip
    return Answer(text, tuple(blocks), share=not asked.asker.direct)


def wanted(asked: Asked) -> Subscription:
    """The subscription that a command describes; raises OperatorError."""
    team = asked.asker.enterprise or asked.asker.team
    words = meant.keyed(asked, words=asked.typed.words)
    made = subscription(words, channel=PLACE, address=asked.asker.channel, team=team)
    if made.footprint and made.footprint not in asked.app.footprints():
        raise OperatorError(_unknown(asked, made.footprint))
    return made


def _still(one: Subscription) -> list[str]:
    """What keeps a subscription from being told, although it was asked for again."""
    until = f" until {one.paused_until:%Y-%m-%d %H:%M} UTC" if one.paused_until and one.paused_until.year < 9999 else ""
    paused = f"It is still paused{until}: nothing is told here. `/reg resume {one.id}` ends the pause."
    muted = f"Still muted here: {safe(', '.join(one.muted))}. `/reg unmute` ends that."
    return [*([paused] if one.paused_until else []), *([muted] if one.muted else [])]


def unsubscribe(asked: Asked) -> Answer:
    """End one subscription of this channel, by its number or its source."""
    one = _chosen(asked, verb="unsubscribe")
    asked.app.unsubscribe(one.id)
    text = f"{_who(asked)} ended subscription {one.id} of {_here(asked)} ({asks(one)}). What was told stays."
    return say(text, share=not asked.asker.direct)


def _chosen(asked: Asked, *, verb: str) -> Subscription:
    here = asked.of_this_place()
    if not here:
        raise OperatorError(f"nothing is told to {_here(asked)}; `/reg subscribe` begins it")
    said = asked.typed.words[0].casefold().lstrip("#") if asked.typed.words else asked.typed.value("in")
    fitting = [one for one in here if said in (str(one.id), *one.filters.sources, *one.filters.topics)]
    if not said and len(here) == 1:
        fitting = list(here)
    if len(fitting) != 1:
        numbers = ", ".join(str(one.id) for one in here)
        raise OperatorError(f"which one? Say its number: /reg {verb} {here[0].id}. Here there is: {numbers}")
    return fitting[0]


def list_(asked: Asked) -> Answer:
    """What this channel is told about, numbered."""
    here = asked.of_this_place()
    if not here:
        text = f"Nothing is told to {_here(asked)}. `/reg subscribe jurisdiction:CN` begins it; `/reg help subscribe`."
        return Answer(text, (section(text), foot(asked)), asked.typed.share)
    shown = here[asked.before : asked.before + PAGE]
    from bot.slack.frame import buttons

    end = asked.before + len(shown)
    title = f"{len(here)} subscription{'s' * (len(here) != 1)} here"
    body = [section(one) for one in joined(listed(shown))]
    blocks = [header(title), *body, *buttons(asked, end if end < len(here) else 0), foot(asked, subscription=here[0])]
    return Answer(title, tuple(blocks), asked.typed.share)


def listed(subscriptions: Iterable[Subscription]) -> list[str]:
    """Each subscription in a line, with its number."""
    return [f"*{one.id}*  {asks(one)}" for one in subscriptions]


def asks(subscription: Subscription) -> str:
    """What a subscription asks for, without the place."""
    words = describe(subscription).split(" ")[2:]
    everything = "everything that is relevant " if subscription.filters == Filters() else ""
    return safe(everything + " ".join(words), limit=400)


def pause(asked: Asked) -> Answer:
    """No messages for a while: of one subscription or of all here."""
    chosen, rest = _some(asked)
    until = _until(asked, rest)
    for one in chosen:
        asked.app.pause(one.id, until=until)
    length = f"until {until:%Y-%m-%d %H:%M} UTC" if until else "until somebody says `/reg resume`"
    return _told(asked, f"paused {_numbers(chosen)} of {_here(asked)} {length}. Look-ups and digests still have all")


def _until(asked: Asked, words: Sequence[str]) -> datetime | None:
    said = [word for word in words if word.casefold() not in {"for", "until"}]
    return moment("".join(said), now=asked.app.clock(), ahead=True) if said else None


def resume(asked: Asked) -> Answer:
    """End a pause."""
    chosen, _ = _some(asked)
    for one in chosen:
        asked.app.resume(one.id)
    return _told(asked, f"resumed {_numbers(chosen)} of {_here(asked)}. What came meanwhile: `/reg latest`")


def _some(asked: Asked) -> tuple[list[Subscription], Sequence[str]]:
    """The subscription whose number comes first, or all here; and the words that follow."""
    here = list(asked.of_this_place())
    if not here:
        raise OperatorError(f"nothing is told to {_here(asked)}; `/reg subscribe` begins it")
    words = asked.typed.words
    first = words[0].lstrip("#") if words else ""
    named = [one for one in here if str(one.id) == first]
    return (named, words[1:]) if named else (here, words)


def mute(asked: Asked) -> Answer:
    """No more of one source, in this channel only."""
    source = _source(asked)
    here, _ = _some(asked._replace(typed=asked.typed._replace(words=())))
    names = {asked.app.mute(one.id, source) for one in here}
    return _told(asked, f"muted {safe(', '.join(sorted(names)))} for {_here(asked)} only. `/reg unmute` undoes it")


def unmute(asked: Asked) -> Answer:
    """Hear a source again."""
    source = _source(asked)
    here, _ = _some(asked._replace(typed=asked.typed._replace(words=())))
    muted = [one for one in here if source in one.muted] or here[:1]
    try:
        names = {asked.app.unmute(one.id, source) for one in muted}
    except OperatorError as error:
        raise OperatorError(f"`{source}` is not muted in {_here(asked)}") from error
    return _told(asked, f"unmuted {safe(', '.join(sorted(names)))} for {_here(asked)}")


def _source(asked: Asked) -> str:
    said = asked.typed.words[0] if asked.typed.words else asked.typed.value("in")
    if not said:
        verb = asked.typed.verb
        raise OperatorError(f"which source? Say its id: /reg {verb} eu-edpb-news. `/reg sources` lists them")
    muted = {one for subscription in asked.of_this_place() for one in subscription.muted}
    return said if said in muted else asked.app.source(said.casefold()).id


def _told(asked: Asked, what: str) -> Answer:
    return say(f"{_who(asked)} {what}.", share=not asked.asker.direct)


def _numbers(chosen: Sequence[Subscription]) -> str:
    return f"subscription{'s' * (len(chosen) != 1)} {', '.join(str(one.id) for one in chosen)}"


def _who(asked: Asked) -> str:
    return "You" if asked.asker.direct else f"<@{asked.asker.user}>"


def _here(asked: Asked) -> str:
    return "this conversation" if asked.asker.direct else "this channel"


# ------------------------------------------------------------------------------------------------ footprints


def footprint(asked: Asked) -> Answer:
    """Where you are: the footprints that are kept, and a form for a new one."""
    words = asked.typed.words
    if len(words) == 2 and words[0].casefold() in {"drop", "remove", "delete"}:
        return _dropped(asked, words[1])
    known = _ours(asked)
    if words and words[0].casefold() not in {"new", "set", "list"} and words[0] not in known:
        raise OperatorError(_unknown(asked, words[0]))
    shown = [known[words[0]]] if words and words[0] in known else list(known.values())
    lines = [drawn(one) for one in shown[:20]]
    none = f"No footprint yet in {_here(asked)}. Three questions make one: your entities, your flows, your sectors."
    text = "\n".join(lines) or none
    row = actions(button("Tell us where you are", "where_form", next(iter(known), "new")))
    return Answer("Footprints", (section(text), *row), asked.typed.share)


def _ours(asked: Asked) -> dict[str, Footprint]:
    """The footprints that subscriptions of this place go by."""
    known = asked.app.footprints()
    names = dict.fromkeys(one.footprint for one in asked.of_this_place())
    return {name: known[name] for name in names if name in known}


def _unknown(asked: Asked, name: str) -> str:
    """That there is no such footprint here; what others call theirs is not said."""
    ours = ", ".join(_ours(asked)) or "none yet"
    return f"no footprint is called {name!r} here; there is: {ours}. `/reg footprint new` makes one"


def _dropped(asked: Asked, name: str) -> Answer:
    """Forget a footprint; one that a subscription goes by stays."""
    if name not in asked.app.footprints():
        raise OperatorError(_unknown(asked, name))
    if any(one.footprint == name for one in asked.app.subscriptions()):
        raise OperatorError(f"a subscription goes by footprint {name!r}, so it stays; `/reg list` shows those here")
    asked.app.drop_footprint(name)
    return say(f"Footprint {safe(name)} is dropped.")


def drawn(footprint: Footprint) -> str:
    """One footprint in a line."""
    flows = [_flow(flow) for flow in footprint.flows]
    parts = {"entities": footprint.entities, "flows": flows, "roles": footprint.roles, "sectors": footprint.sectors}
    said = " · ".join(f"{name}: {', '.join(values)}" for name, values in parts.items() if values)
    return f"*{safe(footprint.name, limit=60)}*  {safe(said, limit=500)}"


def _flow(flow: Flow) -> str:
    return f"{flow.start}-{flow.end}" + (f" ({', '.join(flow.data)})" if flow.data else "")


# ------------------------------------------------------------------------------------------------ digest, web


def digest(asked: Asked) -> Answer:
    """The next digest of a subscription of this channel, as it would be sent now."""
    words = [word for word in asked.typed.words if word.casefold() != "preview"]
    asked = asked._replace(typed=asked.typed._replace(words=tuple(words)))
    here = asked.of_this_place()
    if here and not asked.typed.keyed:
        chosen = _chosen(asked, verb="digest preview") if words or len(here) == 1 else here[0]
        message = asked.app.digest_preview(chosen.id)
        about = f"subscription {chosen.id}"
    else:
        message = asked.app.digest_preview(meant.filters_of(asked, words=words))
        about = "these filters"
    note = context(f"A preview for {about}; nothing was sent.")
    return Answer(safe(message.headline), (header(message.headline), *_lines(message), note), asked.typed.share)


def _lines(message: Message) -> list[Block]:
    """A long digest in several blocks: as much of it as a message holds is shown, and the rest is said to be there."""
    return [block for start in range(0, len(message.lines), 12) for block in lined(message.lines[start : start + 12])]


def web(asked: Asked) -> Answer:
    """A link to the web pages that opens once; it is never shown to a channel."""
    if not asked.app.settings.public_url:
        return say("The web pages are not served for others: REGWATCH_PUBLIC_URL is not set.")
    address = asked.app.web_link(asked.asker.name)
    return say(f"<{address}|Open the web pages>. It opens once, within ten minutes, and is for you alone.")
