"""This channel at a glance, and help."""

from __future__ import annotations

from bot.model import Filters
from bot.slack.asker import Asked
from bot.slack.changes import marks, row
from bot.slack.frame import buttons, foot
from bot.slack.parts import Answer, Block, actions, again, button, context, header, safe, section
from bot.slack.verbs import VERBS


def glance(asked: Asked) -> Answer:
    """This channel at a glance: who is told what, what is open, the last changes, what cannot be read."""
    from bot.slack.people import listed

    here = asked.of_this_place()
    wanted = [one.filters for one in here[:4]] or [Filters()]
    found = {change.id: (change, finding) for filters in wanted
             for change, finding in asked.app.latest(filters=filters, limit=5)}  # fmt: skip
    newest = [found[one] for one in sorted(found, reverse=True)[:5]]
    waiting = sum(len(asked.app.open_items(one.id)) for one in here)
    known = asked.app.sources()
    where = "this conversation" if asked.asker.direct else "this channel"
    told = f"*Told to {where}*\n" + "\n".join(listed(here))
    if not here:
        told = f"*Nothing is told to {where} yet.* Try `/reg subscribe jurisdiction:EU` or `/reg help subscribe`."
    said = marks(asked, [change.id for change, _ in newest])
    rows = [row(asked, change, finding, known, marked=said[change.id]) for change, finding in newest]
    blocks = [
        header("RegWatch here"),
        section(told),
        *([context(f"{waiting} open: told and not yet acknowledged")] if waiting else []),
        *(rows or [section("No change on record yet.")]),
        *buttons(asked, 0),
        foot(asked, subscription=here[0] if here else None),
    ]
    return Answer("This channel at a glance", tuple(blocks), asked.typed.share)


def help_(asked: Asked) -> Answer:
    """All verbs with an example each, or one of them; an unknown word gets what it may have meant."""
    typed = asked.typed
    if typed.verb == "help" and typed.words:
        from bot.slack.typed import typed as read

        about = read(typed.words[0])
        return _about(asked, about.verb) if about.verb in VERBS else _unknown(asked, about.said, about.near)
    if not typed.verb:
        return _unknown(asked, typed.said, typed.near)
    return Answer("What /reg can do", (header("What /reg can do"), *_all_verbs(), *buttons(asked, 0)), typed.share)


def _all_verbs() -> list[Block]:
    groups: dict[str, list[str]] = {}
    for verb in VERBS.values():
        usage = f"/reg {verb.usage}".strip()
        groups.setdefault(verb.group, []).append(f"`{usage}`  {verb.says}")
    return [section(f"*{group}*\n" + "\n".join(lines)) for group, lines in groups.items()] + [context(FILTERS)]


FILTERS = (
    "Filters, for looking up and for subscribing: `in:SOURCE` `jurisdiction:CN` `type:draft|final|guidance` "
    "`topic:adequacy` `mechanism:scc` "
    '`corridor:EU-US` `min:act|plan|know` `words:"standard contract"` `since:30d`, and `verdict:uncertain` to look up. '
    "Answers are for you alone; add `share` at the end to show one to the channel."
)


def _about(asked: Asked, name: str) -> Answer:
    verb = VERBS[name]
    lines = [f"`/reg {verb.usage}`".replace(" `", "`"), verb.says[0].upper() + verb.says[1:] + "."]
    lines += [f"Example: `/reg {verb.example}`"] if verb.example else []
    lines += ["Also: " + ", ".join(f"`{word}`" for word in verb.other)] if verb.other else []
    lines += ["It changes something: it is for those who may (REGWATCH_SLACK_ALLOW)."] if verb.changes else []
    filters = [context(FILTERS)] if "filters" in verb.usage else []
    return Answer(f"Help on {name}", (section("\n".join(lines)), *filters), asked.typed.share)


def _unknown(asked: Asked, said: str, near: str) -> Answer:
    words = " ".join([said, *asked.typed.words]).strip()
    hint = f" Did you mean `/reg {near}`?" if near else ""
    text = f"There is no `{safe(said, limit=60).replace('`', '')}`.{hint}"
    row = actions(button("Look for these words", "page", again(f"search {words}"))) if again(f"search {words}") else []
    return Answer(f"There is no {safe(said, limit=60)}.{hint}", (section(text), *row, *_all_verbs()))
