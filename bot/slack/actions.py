"""Buttons, menus, forms and the Home tab.

A form is opened before anything is looked up: its trigger lasts three seconds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.errors import OperatorError
from bot.jurisdictions import name_of
from bot.slack import handling, meant, modals, one, proposals
from bot.slack.asker import Asked, Asker, permit
from bot.slack.commands import command, guarded
from bot.slack.frame import page_link
from bot.slack.parts import Answer, actions, button, safe, say, section
from bot.slack.people import PLACE, drawn
from bot.slack.reply import Slack
from bot.slack.typed import Typed

if TYPE_CHECKING:
    from bot.app import App

OLD = "This button is from an older version of RegWatch. `/reg help` lists what can be typed instead."
LATE = "Slack did not open the form in time. Press the button once more."
FILE_SCOPE = "The file could not be posted here (it needs the scope files:write, and me in the channel). {page}"


class Pressed(NamedTuple):
    """A button that was pressed: its value, who pressed it where, and the name of the one alert it may belong to."""

    asked: Asked
    slack: Slack
    value: str
    action: Mapping[str, Any]
    body: Mapping[str, Any]

    @property
    def app(self) -> App:
        return self.asked.app

    @property
    def asker(self) -> Asker:
        return self.asked.asker

    def subject(self) -> tuple[int, int]:
        """Change and subscription; a menu's stand behind "alert:" in its block's name."""
        block = str(self.action.get("block_id") or "")
        return handling.of_value(block.removeprefix("alert:") if block.startswith("alert:") else self.value)

    def form(self, view: Callable[[Mapping[str, str]], dict[str, Any]], **meta: str) -> Answer | None:
        """Open a form; permitted people only."""
        permit(self.asker, self.app.settings.slack_allow)
        kept = {"channel": self.asker.channel, "response_url": self.asker.response_url, **meta}
        return None if self.slack.open(view(kept), trigger=self.asker.trigger) else say(LATE)


def act(app: App, slack: Slack, asker: Asker, action: Mapping[str, Any], body: Mapping[str, Any]) -> Answer | None:
    """What a pressed button does; None when the answer is a form, or the alert itself as it is rewritten."""
    name = str(action.get("action_id") or "").partition(":")[0]
    option = action.get("selected_option") or {}
    value = str(action.get("value") or option.get("value") or "")
    pressed = Pressed(Asked(app, Typed(name), asker, reach=slack), slack, value, action, body)
    return BUTTONS[name](pressed) if name in BUTTONS else say(OLD)


# ------------------------------------------------------------------------------------------------ alerts


def _handled(act_on: Callable[[Asked, int, int], str]) -> Callable[[Pressed], Answer | None]:
    """Something said of the alert's change, for the alert's subscription; the alert is rewritten by the outbox."""

    def press(pressed: Pressed) -> Answer | None:
        permit(pressed.asker, pressed.app.settings.slack_allow)
        change, subscription = pressed.subject()
        handling.here(pressed.asked, subscription)
        act_on(pressed.asked, change, subscription)
        return None

    return press


def _not_relevant(pressed: Pressed) -> Answer | None:
    change, subscription = pressed.subject()
    return pressed.form(modals.not_relevant, subject=f"{change}:{subscription}")


def _full_diff(pressed: Pressed) -> Answer | None:
    change, _ = pressed.subject()
    return one.diff(pressed.asked._replace(typed=Typed("diff", (str(change),))))


def _menu(pressed: Pressed) -> Answer | None:
    """The menu of an alert; its options are named in bot.messages.blocks."""
    choice = pressed.value.partition(":")[0]
    change, subscription = pressed.subject()
    if choice == "why":
        return one.why(pressed.asked._replace(typed=Typed("why", (str(change),))))
    if choice == "assign":
        return pressed.form(modals.assign, subject=f"{change}:{subscription}")
    if choice in handling.SNOOZES:
        length = handling.SNOOZES[choice]
        return _handled(lambda asked, number, place: handling.snooze(asked, number, place, length=length))(pressed)
    if choice not in ("follow", "mute"):
        return say(OLD)
    permit(pressed.asker, pressed.app.settings.slack_allow)
    handling.here(pressed.asked, subscription)
    said = (handling.follow if choice == "follow" else handling.mute)(pressed.asked, change, subscription)
    return say(f"<@{pressed.asker.user}> {said}.", share=not pressed.asker.direct)


# ------------------------------------------------------------------------------------------------ answers


def _again(pressed: Pressed, *, share: bool = False) -> Answer | None:
    """The command that a button carries: its next page, or the same for everybody."""
    try:
        said = json.loads(pressed.value)
        text, before = str(said["t"]), int(said["b"])
    except (ValueError, KeyError, TypeError):
        return say(OLD)
    said_again = f"{text} share" if share else text
    return command(pressed.app, said_again, pressed.asker, before=before, reach=pressed.slack)


def _file(pressed: Pressed) -> Answer | None:
    """The whole redline as a text file in the channel."""
    permit(pressed.asker, pressed.app.settings.slack_allow)
    number, _ = handling.of_value(f"{pressed.value}:0")
    lines = ["".join(_marked(run.text, run.style) for run in runs) for runs in pressed.app.redline(number)]
    ts = str((pressed.body.get("message") or {}).get("ts") or "")
    sent = pressed.slack.upload(f"change-{number}.txt", "\n".join(lines), channel=pressed.asker.channel, thread=ts)
    page = page_link(pressed.asked, f"change/{number}", "The whole redline as a page")
    return None if sent else say(FILE_SCOPE.format(page=page).strip())


def _marked(text: str, style: str) -> str:
    before, after = {"ins": ("{+", "+}"), "del": ("[-", "-]")}.get(style, ("", ""))
    return f"{before}{text}{after}"


# ------------------------------------------------------------------------------------------------ sources, places


def _codes(app: App) -> list[str]:
    return sorted({source.jurisdiction for source in app.declared if source.jurisdiction})


def _try(pressed: Pressed) -> Answer | None:
    return proposals.tried(pressed.asked, pressed.value)


def _propose(pressed: Pressed) -> Answer | None:
    text = f"What would be read: {safe(pressed.value, limit=500)}"
    view = partial(modals.propose, codes=_codes(pressed.app), said=text)
    return pressed.form(view, url=pressed.value)


def _decide(decide: Callable[[Asked, int], Answer]) -> Callable[[Pressed], Answer | None]:
    def press(pressed: Pressed) -> Answer | None:
        permit(pressed.asker, pressed.app.settings.slack_allow)
        ticket, _ = handling.of_value(f"{pressed.value}:0")
        return decide(pressed.asked, ticket)

    return press


def _where(pressed: Pressed) -> Answer | None:
    called = _called(pressed)
    ours = {one.footprint for one in pressed.asked.of_this_place()}  # what others call so is not shown
    known = pressed.app.footprints().get(called) if called in ours else None
    return pressed.form(partial(modals.where, codes=_codes(pressed.app), called=called, known=known))


def _called(pressed: Pressed) -> str:
    """What a footprint is probably called: as the one there is in this place, else as the channel, else as who asks."""
    if pressed.value not in ("", "new", "home"):
        return pressed.value
    channel = str((pressed.body.get("channel") or {}).get("name") or "")
    hidden = {"", "directmessage", "privategroup"}  # what Slack calls those whose names it keeps to itself
    return channel if channel not in hidden else pressed.asker.name or "ours"


def _subscribe_where(pressed: Pressed) -> Answer | None:
    text = f"subscribe footprint:{pressed.value} min:plan"
    return command(pressed.app, text, pressed.asker, reach=pressed.slack)


def _refresh(pressed: Pressed) -> Answer | None:
    opened_home(pressed.app, pressed.slack, pressed.asker)
    return None


BUTTONS: dict[str, Callable[[Pressed], Answer | None]] = {
    "ack": _handled(handling.acknowledge),
    "undo": _handled(handling.take_back),
    "not_relevant": _not_relevant,
    "full_diff": _full_diff,
    "more": _menu,
    "page": _again,
    "share": partial(_again, share=True),
    "redline_file": _file,
    "try_address": _try,
    "propose_form": _propose,
    "approve_source": _decide(proposals.approve),
    "decline_source": _decide(proposals.decline),
    "where_form": _where,
    "subscribe_where": _subscribe_where,
    "refresh_home": _refresh,
}
"""action_id, up to its colon -> what it does."""


# ------------------------------------------------------------------------------------------------ forms


def faults(app: App, view: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with a form, by field; asked before the form closes, so nothing is looked up in the store."""
    if view.get("callback_id") != "where":
        return {}
    try:
        made = modals.footprint(view, code_of=partial(meant.corridor, app))
    except OperatorError as error:
        return {"flows": str(error)[:140]}
    return {} if made.entities or made.flows else {"flows": "Name a place above, or a route such as CN to US."}


def submitted(app: App, slack: Slack, asker: Asker, view: Mapping[str, Any]) -> Answer | None:
    """What a form that was sent off does."""
    permit(asker, app.settings.slack_allow)
    asked = Asked(app, Typed(""), asker, reach=slack)
    name, opened = str(view.get("callback_id") or ""), modals.meta(view)
    if name == "propose":
        filled = partial(modals.filled, view)
        return proposals.propose(
            asked, opened.get("url", ""), reason=filled("reason"), title=filled("title"), jurisdiction=filled("place")
        )
    if name == "where":
        return _kept(asked, view)
    if name not in ("not_relevant", "assign"):
        return say(OLD)
    change, subscription = handling.of_value(opened.get("subject", ""))
    handling.here(asked, subscription)
    if name == "assign":
        said = handling.assign(asked, change, subscription, user=modals.filled(view, "user"))
        return say(f"<@{asker.user}> {said}.", share=not asker.direct)
    remark = modals.filled(view, "remark")
    handling.not_relevant(asked, change, subscription, reason=modals.filled(view, "reason"), remark=remark)
    return None


def _kept(asked: Asked, view: Mapping[str, Any]) -> Answer:
    """The footprint is kept, and a subscription that goes by it is proposed."""
    made = modals.footprint(view, code_of=partial(meant.corridor, asked.app))
    said = made.name
    made = replace(made, name=asked.app.free_name(said, channel=PLACE, address=asked.asker.channel or asked.asker.user))
    before = asked.app.footprints().get(made.name)
    made = replace(made, roles=before.roles if before else ())  # the form does not ask for them
    asked.app.keep_footprint(made)
    places = ", ".join(name_of(code) for code in made.entities)
    text = f"Kept. {drawn(made)}" + (f"\nEntities in {safe(places)}." if places else "")
    if made.name != said:
        text += f"\nThere is a footprint called {safe(said)} already, which stays as it is: yours is {safe(made.name)}."
    inside = bool(asked.asker.channel)
    offer = f"Type `/reg subscribe footprint:{safe(made.name)} min:plan` where you want to be told."
    row = actions(button("Tell this channel what touches us", "subscribe_where", made.name)) if inside else []
    return Answer(text, (section(text), *(row or [section(offer)])))


# ------------------------------------------------------------------------------------------------ shortcut, Home


def shortcut(app: App, slack: Slack, asker: Asker, body: Mapping[str, Any]) -> Answer | None:
    """ "Ask RegWatch about this link", on any message."""
    if body.get("callback_id") != "ask_link":
        return say(OLD)
    return proposals.ask(Asked(app, Typed("show"), asker, reach=slack), body.get("message") or {})


def opened_home(app: App, slack: Slack, asker: Asker) -> None:
    """Publish the Home tab; when something goes wrong, the tab says so."""
    from bot.slack.home import home

    shown: list[dict[str, Any]] = []

    def build() -> Answer:
        shown.append(home(Asked(app, Typed(""), asker, reach=slack)))
        return Answer("")

    failed = guarded(build)
    view = shown[0] if shown else {"type": "home", "blocks": list(failed.blocks)}
    slack.call("views.publish", user_id=asker.user, view=view)

