"""Slack: posts, replies and rewrites through the Web API, and looks back for what may have been posted.

Facts: docs.slack.dev, chat.postMessage, chat.update, conversations.history, "Rate limits", "Message metadata". Slack
has no key that makes a post idempotent, so the client itself never sends anything again (slack_sdk does by default
after a dropped line, and doubles it); every post carries our marker as metadata instead, and can be found by it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import URLError

from bot.channels.refusals import SOON, MissingScope, Refused, sorted_out, unreached, words
from bot.errors import DeliveryError
from bot.messages import posts
from bot.model import Message

if TYPE_CHECKING:
    from slack_sdk import WebClient

log = logging.getLogger(__name__)

EVENT = "regwatch"
SPACING = 1.0  # seconds between two messages in one channel ("one message per second per channel")
TIMEOUT = 10
PAGE = 100  # apps outside the Marketplace get 15 a page and one page a minute; so many are asked for
WINDOW = timedelta(minutes=15)  # how long after the first moment looked at a message can have been posted

class Slack:
    """The channel to one workspace; raises DeliveryError that says what is in trouble."""

    blind = False
    threads = True
    rewrites = True

    def __init__(
        self,
        token: str,
        *,
        api_url: str = "https://slack.com/api/",
        proxy: str = "",
        timeout: int = TIMEOUT,
        spacing: float = SPACING,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._token, self._api_url, self._proxy, self._timeout = token, api_url, proxy, timeout
        self.spacing, self._monotonic = spacing, monotonic
        self._posted: dict[str, float] = {}  # when a channel last got a message
        self._pages: dict[str, str] = {}  # how far a look back has come that Slack cut short

    def __repr__(self) -> str:
        return f"Slack({self._api_url})"

    @cached_property
    def client(self) -> WebClient:
        """slack_sdk's client, that never repeats a request by itself."""
        from slack_sdk import WebClient

        quiet = logging.getLogger(f"{__name__}.sdk")
        quiet.setLevel(logging.CRITICAL)  # what it would say is said by DeliveryError
        proxy = self._proxy or None
        return WebClient(
            self._token, base_url=self._api_url, timeout=self._timeout, proxy=proxy, retry_handlers=[], logger=quiet
        )

    # ------------------------------------------------------------------------------------------------ sending

    def pause(self, address: str) -> float:
        """Seconds until this channel may get its next message; 0 now."""
        last = self._posted.get(address)
        return 0.0 if last is None else max(0.0, last + self.spacing - self._monotonic())

    def send(self, message: Message, *, address: str, marker: str) -> str:
        """Post, reply or rewrite, by the message's kind; returns "CHANNEL:TS", of a reply "CHANNEL:TS:THREAD".

        A message that Slack refuses for its form goes out as plain text. Raises DeliveryError.
        """
        if message.kind == "update":
            return self._rewrite(message)
        arguments = {
            "channel": address,
            "metadata": {"event_type": EVENT, "event_payload": {"key": key(marker)}},
            "unfurl_links": False,
            "unfurl_media": False,
            **_thread(message),
        }
        self._posted[address] = self._monotonic()
        answer = self._with_fallback("chat.postMessage", message, arguments)
        if not answer.get("ts"):
            raise DeliveryError("Slack did not say what it called the message", doubtful=True)
        name = f"{answer.get('channel') or address}:{answer['ts']}"
        return f"{name}:{arguments['thread_ts']}" if "thread_ts" in arguments else name

    def _rewrite(self, message: Message) -> str:
        """chat.update keeps metadata that it is not given; sent twice it is one update."""
        channel, ts, _ = parts(message.thread)
        quiet = {"unfurl_links": False, "unfurl_media": False}
        self._with_fallback("chat.update", message, {"channel": channel, "ts": ts, **quiet})
        return message.thread

    def _with_fallback(self, method: str, message: Message, arguments: dict[str, Any]) -> dict[str, Any]:
        """Slack's answer; a message that is refused for its form is sent once more as bare text."""
        try:
            return self._call(method, {**arguments, **_content(message)})
        except Refused as refusal:
            log.error("%s refused our message (%s); it goes out as plain text", method, refusal)
        try:
            return self._call(method, {**arguments, **posts.fallback(message), **_without_blocks(method)})
        except Refused as refusal:
            raise DeliveryError(f"Slack refuses the message, also as plain text: {refusal}", final=True) from refusal

    def _call(self, method: str, arguments: dict[str, Any], *, reading: bool = False) -> dict[str, Any]:
        """One request, never repeated. Raises DeliveryError; Refused for a message of a wrong form."""
        from slack_sdk.errors import SlackApiError, SlackClientError

        sent: dict[str, Any] = {"params": arguments} if reading else {"json": arguments}
        try:
            answer = self.client.api_call(method, **sent)
            return dict(answer.data) if isinstance(answer.data, dict) else {}
        except SlackApiError as error:
            raise sorted_out(error.response) from error
        except URLError as error:
            raise unreached(error) from error
        except (OSError, SlackClientError, HTTPException, ValueError) as error:  # cut off, too slow, no HTTP, no text
            raise DeliveryError(f"Slack did not answer: {words(error)}", doubtful=True) from error

    # ------------------------------------------------------------------------------------------------ looking back

    def find(self, *, address: str, marker: str, since: datetime, thread: str = "") -> str:
        """The name of the message with this marker among ours since then, "" when it is surely not there.

        Read to the end of the window; where Slack interrupts (15 a page, a page a minute), the next call goes on from
        there. Raises DeliveryError when the history may not or cannot be read now.
        """
        wanted, channel = key(marker), self._conversation(address)
        arguments: dict[str, Any] = {
            "oldest": f"{since.timestamp():.6f}",
            "latest": f"{(since + WINDOW).timestamp():.6f}",
            "inclusive": True,
            "include_all_metadata": True,
            "limit": PAGE,
        }
        method = "conversations.history"
        if thread:
            channel, ts, root = parts(thread)
            method, arguments = "conversations.replies", {**arguments, "ts": root or ts}
        cursor = self._pages.pop(wanted, "")
        while True:
            page = self._page(method, {**arguments, "channel": channel, "cursor": cursor}, wanted)
            if found := next((one for one in page.get("messages", ()) if _marked(one, wanted)), None):
                return ":".join(filter(None, (channel, found["ts"], arguments.get("ts"))))
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return ""

    def _conversation(self, address: str) -> str:
        """The conversation behind an address: a person is reached in theirs with the app."""
        if address[:1] not in "UW":
            return address
        answer = self._read("conversations.open", {"users": address})
        return str((answer.get("channel") or {}).get("id") or address)

    def _page(self, method: str, arguments: dict[str, Any], wanted: str) -> dict[str, Any]:
        """One page; when Slack wants a pause, where to go on is remembered."""
        cursor = arguments.pop("cursor")
        try:
            return self._read(method, {**arguments, **({"cursor": cursor} if cursor else {})})
        except DeliveryError as error:
            if error.retry_after is not None and cursor:
                self._pages[wanted] = cursor
            raise

    def _read(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """A reading call: nothing about it is doubtful; a scope that is missing leaves the rest of the app alone."""
        try:
            return self._call(method, arguments, reading=True)
        except MissingScope as error:
            reason = f"the channel's history may not be read: the scope {error.needed} is missing"
            raise DeliveryError(reason) from error
        except Refused as error:
            raise DeliveryError(f"the channel's history cannot be read: {error}") from error
        except DeliveryError as error:
            if error.final and method == "conversations.replies":  # the thread is gone, and what was in it
                return {}
            scope = "channel" if error.doubtful else error.scope
            pause = SOON if scope == "channel" and error.retry_after is None else error.retry_after
            raise DeliveryError(error.reason, scope=scope, retry_after=pause) from error


def key(marker: str) -> str:
    """What stands in a message's metadata; other apps in the channel can read it, and learn nothing from it."""
    return hashlib.blake2b(marker.encode(), digest_size=12, person=b"regwatch").hexdigest()


def parts(name: str) -> tuple[str, str, str]:
    """Channel, time stamp, and of a reply its thread, from what `send` returned."""
    channel, _, rest = name.partition(":")
    ts, _, thread = rest.partition(":")
    return channel, ts, thread


def _thread(message: Message) -> dict[str, Any]:
    """Replies go to the head of a thread, never to a reply (docs.slack.dev, "Threading messages")."""
    if not message.thread:
        return {}
    _, ts, thread = parts(message.thread)
    return {"thread_ts": thread or ts, **({"reply_broadcast": True} if message.broadcast else {})}


def _content(message: Message) -> dict[str, Any]:
    made = json.loads(message.rich) if message.rich else posts.plain_message(message)
    return {name: made[name] for name in ("text", "blocks") if name in made}


def _without_blocks(method: str) -> dict[str, Any]:
    """An update keeps the blocks that it is not told to take away."""
    return {"blocks": []} if method == "chat.update" else {}


def _marked(message: dict[str, Any], wanted: str) -> bool:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return metadata.get("event_type") == EVENT and payload.get("key") == wanted
