"""Slack's refusals, by what is to be done about them.

Codes: docs.slack.dev, the errors of chat.postMessage and chat.update. fatal_error and internal_error say themselves
that some part of the operation may have succeeded.
"""

from __future__ import annotations

import re
import socket
import ssl
from typing import Any
from urllib.error import URLError

from bot.errors import DeliveryError

SOON = 60.0  # seconds until Slack is asked again when it could not be reached

ADDRESS = {
    "channel_not_found": "there is no such channel, or it is private and the app was not invited: /invite @regwatch",
    "not_in_channel": "the app is not in the channel: /invite @regwatch",
    "is_archived": "the channel is archived",
    "restricted_action": "the workspace does not let the app post there",
    "restricted_action_read_only_channel": "the channel is read-only",
    "restricted_action_thread_only_channel": "only replies may be posted in the channel",
    "restricted_action_non_threadable_channel": "no replies may be posted in the channel",
    "restricted_action_thread_locked": "the thread is locked",
    "ekm_access_denied": "an administrator has suspended the channel",
    "messages_tab_disabled": "the app's Messages tab is switched off",
    "user_not_found": "there is no such person",
    "cannot_dm_bot": "it is a bot",
}
"""What concerns this channel only: its owner must act."""

APP = {
    "invalid_auth": "the bot token is wrong",
    "not_authed": "there is no bot token",
    "token_revoked": "the bot token was revoked: install the app again",
    "token_expired": "the bot token has expired: install the app again",
    "account_inactive": "the app or its workspace is gone: install it again",
    "missing_scope": "the app lacks a scope",
    "no_permission": "the app lacks a scope",
    "not_allowed_token_type": "this is no bot token (xoxb-…)",
    "org_login_required": "the workspace is being moved to another organisation",
    "team_added_to_org": "the workspace is being moved to another organisation",
    "access_denied": "the app has no access",
    "ekm_access_denied_for_team": "an administrator has suspended the workspace",
}
"""What concerns everything that goes to Slack."""

OURS = frozenset({
    "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text", "invalid_arguments",
    "too_many_attachments", "markdown_text_conflict", "invalid_metadata_format", "metadata_too_large",
    "metadata_must_be_sent_from_app", "invalid_arg_name", "attachment_payload_limit_exceeded",
})  # fmt: skip
"""What is wrong with the message itself: it goes out as plain text, and what was refused stays in the outbox."""

LATER = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded", "team_access_not_granted"})
DOUBTFUL = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"})
"""What an update can find: nothing is left to rewrite."""

_CODE = re.compile(r"[a-z][a-z0-9_]+")


class Refused(Exception):
    """Slack refuses the form of a message."""


class MissingScope(DeliveryError):
    """A scope is missing; `needed` names it."""

    needed = ""


def sorted_out(response: Any) -> Exception:
    """Slack's refusal, by what is to be done about it."""
    status, code = int(response.status_code), str(response.get("error") or "")
    if status == 429 or code in LATER:
        return DeliveryError("Slack asks for a pause", retry_after=_retry_after(response))
    if status >= 500 or code in DOUBTFUL or not _CODE.fullmatch(code):
        return DeliveryError(f"Slack answered {code if _CODE.fullmatch(code) else status}", doubtful=True)
    if code == "missing_scope":
        needed = str(response.get("needed") or "")
        missing = MissingScope(f"Slack: the app lacks the scope {needed}".rstrip(), scope="channel")
        missing.needed = needed
        return missing
    if code in APP:
        return DeliveryError(f"Slack: {APP[code]}", scope="channel")
    if code in ADDRESS:
        return DeliveryError(f"Slack: {ADDRESS[code]}", scope="address")
    if code in GONE:
        return DeliveryError(f"Slack: {code.replace('_', ' ')}", final=True)
    if code in OURS:
        return Refused("; ".join([code, *_messages(response)]))
    return DeliveryError(f"Slack refused it: {code}", scope="address")  # a code that we do not know: a person looks


def _messages(response: Any) -> list[str]:
    told = (response.get("response_metadata") or {}).get("messages") or []
    return [str(one)[:200] for one in told[:5]]


def _retry_after(response: Any) -> float:
    """Seconds, RFC 9110 §10.2.3; half a minute when Slack names none."""
    named = {str(name).lower(): value for name, value in dict(response.headers).items()}.get("retry-after", "")
    return float(named) if str(named).isdecimal() else 30.0


def unreached(error: URLError) -> DeliveryError:
    """No connection: nothing was sent. Anything later may have been."""
    reason = error.reason
    surely_not = isinstance(reason, ConnectionRefusedError | socket.gaierror | ssl.SSLCertVerificationError)
    text = f"Slack could not be reached: {words(reason if isinstance(reason, Exception) else error)}"
    if surely_not:
        return DeliveryError(text, scope="channel", retry_after=SOON)
    return DeliveryError(text, doubtful=True)


def words(error: BaseException) -> str:
    return str(error) or type(error).__name__
