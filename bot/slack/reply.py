"""Answers on their way back: response_url first, else a message that only the asker sees. Nothing is posted twice.

Facts: docs.slack.dev, "Handling user interaction": a response_url takes five posts within thirty minutes. slack_sdk's
WebhookClient repeats a request after a dropped line by default, and so doubles it: here it never does.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.parse import urlsplit

from bot.slack.asker import Asker, Workspace
from bot.slack.parts import Answer, say

if TYPE_CHECKING:
    from slack_sdk import WebClient
    from slack_sdk.webhook import WebhookResponse

log = logging.getLogger(__name__)

HOSTS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
TIMEOUT = 10  # seconds
LONGEST_PAUSE = 30.0  # seconds that a worker waits because Slack asked for it
DOUBT = "My answer may not have reached you. If you do not see it, ask again."
FORBIDDEN = frozenset({"missing_scope", "not_allowed_token_type"})


class Slack:
    """What is asked of, and told to, Slack while people are answered. Raises nothing: what fails is in the log."""

    def __init__(self, client: WebClient, *, proxy: str = "") -> None:
        self.client, self._proxy = client, proxy
        self._hosts = HOSTS | {urlsplit(client.base_url).netloc}
        self._workspace: Workspace | None = None
        self._names: dict[str, str] = {}

    # -------------------------------------------------------------------------------------------- telling

    def answer(self, asker: Asker, answer: Answer) -> None:
        """Show an answer: to the asker alone, or in the channel when it is shared."""
        shown = answer.arguments() | {"response_type": "in_channel" if answer.share else "ephemeral"}
        if asker.response_url:
            self._respond(asker.response_url, shown)
        elif asker.channel and not asker.direct:
            self.call("chat.postEphemeral", channel=asker.channel, user=asker.user, **answer.arguments())
        elif asker.user:
            self.call("chat.postMessage", channel=asker.user, **answer.arguments())

    def _respond(self, url: str, shown: Mapping[str, Any]) -> None:
        if urlsplit(url).netloc not in self._hosts:
            log.error("slack: an answer was asked for at a foreign address; it is not sent")
            return
        status = self._post(url, shown)
        if status == 429:  # it was not taken
            status = self._post(url, shown)
        if status == 400:  # it was refused for its form, so it is not there
            log.error("slack: an answer was refused for its form; it goes out as plain text")
            status = self._post(url, {**shown, "blocks": None})
        if status is None or status >= 500:
            self._post(url, say(DOUBT).arguments() | {"response_type": "ephemeral", "replace_original": False})

    def _post(self, url: str, shown: Mapping[str, Any]) -> int | None:
        """The status, None when the line broke and nobody knows whether it is there."""
        from slack_sdk.webhook import WebhookClient

        webhook = WebhookClient(url, timeout=TIMEOUT, proxy=self._proxy or None, retry_handlers=[], logger=_quiet())
        body = {name: value for name, value in shown.items() if value is not None}
        try:
            answered: WebhookResponse = webhook.send_dict(body)
        except (URLError, HTTPException, OSError) as error:
            log.warning("slack: an answer may not have arrived: %s", type(error).__name__)
            return None
        if answered.status_code != 200:
            log.warning("slack: an answer was refused: %s %s", answered.status_code, answered.body[:100])
        if answered.status_code == 429:
            time.sleep(min(_seconds(answered.headers), LONGEST_PAUSE))
        return answered.status_code

    # -------------------------------------------------------------------------------------------- asking

    def call(self, method: str, /, **arguments: Any) -> dict[str, Any] | None:
        """One request to the Web API, never repeated; None when it was refused or nobody knows."""
        from slack_sdk.errors import SlackApiError, SlackClientError

        try:
            answered = self.client.api_call(method, json=arguments)
        except SlackApiError as error:
            log.warning("slack: %s: %s", method, error.response.get("error") if error.response else "no answer")
            return None
        except (SlackClientError, URLError, HTTPException, OSError, ValueError) as error:
            log.warning("slack: %s: %s", method, type(error).__name__)
            return None
        return dict(answered.data) if isinstance(answered.data, dict) else None

    def workspace(self) -> Workspace | None:
        """Whose bot this is; asked once, None as long as Slack does not say."""
        if self._workspace is None and (said := self.call("auth.test")):
            self._workspace = Workspace(str(said.get("team_id") or ""), str(said.get("enterprise_id") or ""))
        return self._workspace

    def is_member(self, channel: str) -> bool | None:
        """Whether the bot may post there; None where channels:read is missing."""
        said = self.get("conversations.info", channel=channel)
        if said is None:
            return None
        return bool((said.get("channel") or {}).get("is_member")) if said.get("ok") else False

    def is_inside(self, user: str, channel: str) -> bool | None:
        said = self.get("conversations.members", channel=channel, limit=1000)
        return user in (said.get("members") or ()) if said and said.get("ok") else None

    def name_of(self, user: str) -> str | None:
        if user not in self._names:
            said = self.get("users.info", user=user)
            found = (said.get("user") or {}) if said and said.get("ok") else {}
            if not found.get("name"):
                return None
            self._names[user] = str(found["name"])
        return self._names[user]

    def get(self, method: str, /, **parameters: Any) -> dict[str, Any] | None:
        """A question; a refusal about its subject comes back as an answer that is not ok, a missing scope as None."""
        from slack_sdk.errors import SlackApiError, SlackClientError

        try:
            answered = self.client.api_call(method, http_verb="GET", params=parameters)
        except SlackApiError as error:
            code = str(error.response.get("error")) if error.response else ""
            return None if code in FORBIDDEN or not code else {"ok": False, "error": code}
        except (SlackClientError, URLError, HTTPException, OSError, ValueError):
            return None
        return dict(answered.data) if isinstance(answered.data, dict) else None

    def upload(self, name: str, content: str, *, channel: str, thread: str = "") -> bool:
        """Put a text file into a channel or a thread; False when Slack did not take it."""
        from slack_sdk.errors import SlackApiError, SlackClientError

        try:
            self.client.files_upload_v2(
                filename=name, content=content, channel=channel, thread_ts=thread or None, title=name
            )
        except SlackApiError as error:
            log.warning("slack: a file was refused: %s", error.response.get("error"))
            return False
        except (SlackClientError, URLError, HTTPException, OSError, ValueError) as error:
            log.warning("slack: a file may not have arrived: %s", type(error).__name__)
            return False
        return True

    def open(self, view: Mapping[str, Any], *, trigger: str) -> bool:
        """Show a form; False when Slack did not (the trigger lasts three seconds)."""
        return self.call("views.open", trigger_id=trigger, view=dict(view)) is not None


def _seconds(headers: Mapping[str, Any]) -> float:
    """What Retry-After says; a second when it says nothing that is a number."""
    said = {name.lower(): value for name, value in headers.items()}.get("retry-after", "1")
    text = str(said[0] if isinstance(said, list) else said)
    return float(text) if text.isascii() and text.isdecimal() else 1.0


def _quiet() -> logging.Logger:
    """What slack_sdk would say is said here, in one line and without addresses."""
    quiet = logging.getLogger(f"{__name__}.sdk")
    quiet.setLevel(logging.CRITICAL)
    return quiet
