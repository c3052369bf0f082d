"""Who asks, from where, and what they may: read from what Slack sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from bot.errors import OperatorError
from bot.model import Subscription
from bot.slack.typed import Typed

if TYPE_CHECKING:
    from bot.app import App

FOREIGN = "RegWatch answers to people of its own workspace only, and this request came from another one."
NOT_YOU = (
    "You may look things up, but not change anything from here. "
    "Whoever runs RegWatch can add you or this channel to REGWATCH_SLACK_ALLOW."
)


@dataclass(frozen=True, slots=True)
class Asker:
    """A person in a place. `team` is the person's own; `channel` is "" on the Home tab."""

    user: str
    name: str
    team: str
    channel: str = ""
    enterprise: str = ""
    response_url: str = ""
    trigger: str = ""

    @property
    def direct(self) -> bool:
        """Whether this is a conversation with the bot alone."""
        return self.channel.startswith("D")


def of_command(body: Mapping[str, Any]) -> Asker:
    """From the form fields of a slash command (https://docs.slack.dev/interactivity/implementing-slash-commands)."""
    return Asker(
        user=_text(body, "user_id"),
        name=_text(body, "user_name") or _text(body, "user_id"),
        team=_text(body, "team_id"),
        channel=_text(body, "channel_id"),
        enterprise=_text(body, "enterprise_id"),
        response_url=_text(body, "response_url"),
        trigger=_text(body, "trigger_id"),
    )


def of_interaction(body: Mapping[str, Any], *, channel: str = "", response_url: str = "") -> Asker:
    """From the payload of a button, a shortcut or a modal; a modal names its place itself."""
    user, team, enterprise = (body.get(name) or {} for name in ("user", "team", "enterprise"))
    place = (body.get("channel") or {}).get("id") or channel
    return Asker(
        user=_text(user, "id"),
        name=_text(user, "name") or _text(user, "username") or _text(user, "id"),
        team=_text(user, "team_id") or _text(team, "id"),
        channel=str(place),
        enterprise=_text(enterprise, "id"),
        response_url=_text(body, "response_url") or response_url,
        trigger=_text(body, "trigger_id"),
    )


def of_event(body: Mapping[str, Any]) -> Asker:
    """From an event (app_home_opened)."""
    event = body.get("event") or {}
    user = _text(event, "user")
    return Asker(user, user, _text(body, "team_id"), _text(event, "channel"), _text(body, "enterprise_id"))


def _text(fields: Mapping[str, Any], name: str) -> str:
    found = fields.get(name)
    return found if isinstance(found, str) else ""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Whose bot this is, as auth.test says."""

    team: str
    enterprise: str = ""


def admit(asker: Asker, workspace: Workspace, allowed: Sequence[str]) -> None:
    """Raises OperatorError for somebody of a foreign workspace, unless the operator named it."""
    own = {workspace.team, workspace.enterprise} - {""}
    if not {asker.team, asker.enterprise, asker.user} & (own | set(allowed)):
        raise OperatorError(FOREIGN)


def permit(asker: Asker, allowed: Sequence[str]) -> None:
    """Raises OperatorError when this person, channel or team may not change things; an empty list means all of us."""
    if allowed and not {asker.user, asker.channel, asker.team, asker.enterprise} & set(allowed):
        raise OperatorError(NOT_YOU)


class Reach(Protocol):
    """What can be asked of Slack while an answer is made; None where a scope is missing or Slack does not answer."""

    def is_member(self, channel: str) -> bool | None:
        """Whether the bot may post there."""
        ...

    def is_inside(self, user: str, channel: str) -> bool | None:
        """Whether a person is in a channel."""
        ...

    def name_of(self, user: str) -> str | None:
        """What people call a person."""
        ...


class Asked(NamedTuple):
    """A command, who asked it, and from which entry on the answer goes (the More button)."""

    app: App
    typed: Typed
    asker: Asker
    before: int = 0
    reach: Reach | None = None

    def of_this_place(self) -> tuple[Subscription, ...]:
        """The subscriptions of the channel or conversation in which it was asked."""
        places = (self.asker.channel, *([self.asker.user] if self.asker.direct else []))  # a person is an address too
        return tuple(one for place in places if place for one in self.app.subscriptions_of("slack", place))

    def name_of(self, user: str) -> str:
        """What people call a person, or the id that Slack gives them."""
        return (self.reach.name_of(user) if self.reach else None) or user
