"""What is missing before Slack works as promised: each scope, each invitation, each token, in a plain sentence."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.error import URLError

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.app import App


class Said(NamedTuple):
    """One finding: whether all is well with it, and the sentence."""

    well: bool
    text: str


class Scope(NamedTuple):
    """A permission of the bot: why it is asked for, and what stops without it."""

    name: str
    why: str
    stops: str
    needed: bool = False


SCOPES = (
    Scope("chat:write", "posting alerts, and rewriting them when somebody acknowledged", "everything that is posted",
          needed=True),
    Scope("commands", "/reg and the shortcut", "look-ups, subscribing from Slack and the shortcut", needed=True),
    Scope("channels:history", "finding out, after a broken line, whether a message arrived in a public channel",
          "doubtful messages stay visible in `regwatch outbox` and wait for a person"),
    Scope("groups:history", "the same in private channels", "the same, in private channels"),
    Scope("im:history", "the same in conversations with the bot", "the same, in conversations with the bot"),
    Scope("channels:read", "seeing whether the bot is in a channel, and which channels are yours on the Home tab",
          "no hint when an invitation is missing; the Home tab shows your own conversation only"),
    Scope("groups:read", "the same for private channels", "the same, for private channels"),
    Scope("im:write", "writing to one person: alerts and digests", "messages to people who never wrote to the bot"),
    Scope("users:read", "the name of the person a change is assigned to", "an id is shown instead of the name"),
    Scope("files:write", "a long redline as a file, where no web pages are served", "long redlines come in pages only"),
)  # fmt: skip
"""In the order of the manifest; docs/slack.md has the same table."""

WORDS = {
    "invalid_auth": "SLACK_BOT_TOKEN is not a valid token. Copy the Bot User OAuth Token (xoxb-…) of your app.",
    "not_authed": "SLACK_BOT_TOKEN is not a valid token. Copy the Bot User OAuth Token (xoxb-…) of your app.",
    "token_revoked": "SLACK_BOT_TOKEN was revoked. Install the app to the workspace again and copy the new token.",
    "token_expired": "SLACK_BOT_TOKEN has expired. Switch token rotation off in the app, or copy a new token.",
    "account_inactive": "The app or its workspace is switched off. Install the app to the workspace again.",
    "channel_not_found": "{channel}: there is no such channel, or it is private and I am not in it: "
                         "type /invite @regwatch there.",
    "not_in_channel": "{channel}: I am not in this channel: type /invite @regwatch there.",
    "is_archived": "{channel} is archived: nothing can be posted there. Unsubscribe it, or restore it.",
}  # fmt: skip
APP_TOKEN = {
    "invalid_auth": "SLACK_APP_TOKEN is not a valid token. Make an app-level token (xapp-…) with connections:write.",
    "not_allowed_token_type": "SLACK_APP_TOKEN is of the wrong kind: it must be an app-level token (xapp-…).",
    "missing_scope": "SLACK_APP_TOKEN lacks the scope connections:write. Make a new app-level token with it.",
}


def doctor(app: App) -> list[Said]:
    """Ask Slack what works and what does not; posts nothing. Without a bot token one line says so."""
    settings = app.settings
    if not settings.slack_bot_token:
        return [Said(True, "Slack is not set up: SLACK_BOT_TOKEN is empty. docs/slack.md takes five minutes.")]
    from bot.slack.listeners import listeners

    here = listeners(app)
    try:
        places = sorted({one.address for one in app.subscriptions() if one.channel == "slack"})
        return list(_said(here.slack.client, places, app_token=settings.slack_app_token,
                          secret=settings.slack_signing_secret))  # fmt: skip
    finally:
        here.close()


def _said(client: WebClient, places: Iterable[str], *, app_token: str, secret: str) -> Iterator[Said]:
    known = _ask(client, "auth.test")
    if not known["ok"]:
        yield Said(False, WORDS.get(known["error"], f"Slack cannot be asked: {known['error']}."))
        return
    yield Said(True, f"Slack: the bot is {known.get('user', '?')} in {known.get('team', '?')}.")
    yield from _inbound(client, app_token, secret)
    granted = known.get("_scopes")
    places = tuple(places)
    yield from _granted(granted) if granted else _tried(client, places, bot=str(known.get("user_id") or ""))
    for place in places:
        yield from _place(client, place)


def _inbound(client: WebClient, app_token: str, secret: str) -> Iterator[Said]:
    if app_token:
        opened = _ask(client, "apps.connections.open", token=app_token)
        error = opened.get("error", "")
        text = APP_TOKEN.get(error, f"Socket Mode cannot be opened: {error}. Is it switched on in the app?")
        yield Said(True, "Slack: Socket Mode can be opened.") if opened["ok"] else Said(False, text)
    elif secret:
        yield Said(True, "Slack: commands come over HTTP at /slack/events; Slack must be able to reach that address.")
    else:
        yield Said(False, "Slack: commands and buttons are off; set SLACK_APP_TOKEN (or SLACK_SIGNING_SECRET).")


def _granted(granted: Iterable[str]) -> Iterator[Said]:
    """By the scopes that Slack names itself."""
    held = set(granted)
    for scope in SCOPES:
        if scope.name not in held:
            yield missing(scope)


def _tried(client: WebClient, places: Iterable[str], *, bot: str) -> Iterator[Said]:
    """Where Slack does not name them: by questions that need them."""
    questions: dict[str, tuple[str, dict[str, Any]]] = {
        "channels:read": ("conversations.list", {"types": "public_channel", "limit": 1}),
        "users:read": ("users.info", {"user": bot}),
    }
    for place in places:
        kind = {"C": "channels:history", "G": "groups:history", "D": "im:history"}.get(place[:1])
        if kind:
            questions.setdefault(kind, ("conversations.history", {"channel": place, "limit": 1}))
    for scope in SCOPES:
        if scope.name in questions:
            method, arguments = questions[scope.name]
            if _ask(client, method, **arguments).get("error") == "missing_scope":
                yield missing(scope)


def missing(scope: Scope) -> Said:
    """The sentence for a scope that was not granted."""
    return Said(
        not scope.needed,
        f"Slack: the scope {scope.name} is missing ({scope.why}). Without it: {scope.stops}. "
        "Add it under OAuth & Permissions, then reinstall the app.",
    )


def _place(client: WebClient, place: str) -> Iterator[Said]:
    """Whether alerts can be posted where somebody subscribed."""
    if place[:1] not in "CG":
        return
    found = _ask(client, "conversations.info", channel=place)
    channel: Mapping[str, Any] = found.get("channel") or {}
    error = found.get("error", "")
    if error in WORDS:
        yield Said(False, WORDS[error].format(channel=place))
    elif found["ok"] and channel.get("is_archived"):
        yield Said(False, WORDS["is_archived"].format(channel=place))
    elif found["ok"] and not channel.get("is_member"):
        yield Said(False, WORDS["not_in_channel"].format(channel=place))


def _ask(client: WebClient, method: str, *, token: str = "", **parameters: Any) -> dict[str, Any]:
    """Slack's answer; `error` says why there is none. `_scopes` are those that Slack names in a header."""
    from slack_sdk.errors import SlackApiError, SlackClientError

    headers = {"Authorization": f"Bearer {token}"} if token else None
    try:
        answered = client.api_call(method, params=parameters, headers=headers)
    except SlackApiError as error:
        return {"ok": False, "error": str(error.response.get("error", "refused"))}
    except (SlackClientError, URLError, HTTPException, OSError, ValueError) as error:
        logging.getLogger(__name__).info("slack: %s: %s", method, error)
        return {"ok": False, "error": f"no connection ({type(error).__name__})"}
    found = dict(answered.data) if isinstance(answered.data, dict) else {"ok": False, "error": "no JSON"}
    named = {name.lower(): value for name, value in (answered.headers or {}).items()}.get("x-oauth-scopes")
    said = named[0] if isinstance(named, list) else named
    return found | ({"_scopes": [one.strip() for one in said.split(",")]} if said else {})
