"""The listeners: the same for Socket Mode and HTTP. Each acknowledges first, then works, then answers.

Slack wants an acknowledgement within three seconds and shows an error otherwise (docs.slack.dev, "Acknowledging
requests"). So listeners only acknowledge, in threads of their own; what may be slow runs in other threads. A listener
of Bolt that raises right after it acknowledged makes the answer a 404; nothing here raises.
"""

from __future__ import annotations

import logging
import re
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

from bot.errors import BotError, OperatorError
from bot.slack import asker as askers
from bot.slack.asker import Asker
from bot.slack.commands import guarded, sentence
from bot.slack.parts import Answer, say
from bot.slack.reply import Slack

if TYPE_CHECKING:
    from slack_bolt import App as Bolt

    from bot.app import App

log = logging.getLogger(__name__)

ANY = re.compile("")
WORKERS, ACKNOWLEDGERS = 6, 4
REMEMBERED = 2_000  # events of which Slack may send a copy
UNSURE = "Slack does not say at the moment whose bot I am, so I cannot tell who may ask. Try again in a minute."


class Listeners:
    """One Bolt app over one App."""

    def __init__(self, app: App, *, slack: Slack) -> None:
        self.app, self.slack = app, slack
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="slack")
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def close(self) -> None:
        """Answers in hand are finished, those not begun are given up."""
        self._workers.shutdown(wait=True, cancel_futures=True)
        if "bolt" in self.__dict__:
            self.bolt.listener_runner.listener_executor.shutdown(wait=True, cancel_futures=True)

    @cached_property
    def bolt(self) -> Bolt:
        from slack_bolt import App as Bolt
        from slack_bolt.authorization import AuthorizeResult

        def authorize(enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult:
            """Who may is decided after the acknowledgement, without asking Slack before it."""
            return AuthorizeResult(
                enterprise_id=enterprise_id, team_id=team_id, user_id=user_id, bot_token=self.slack.client.token
            )

        quiet = logging.getLogger(f"{__name__}.bolt")
        quiet.setLevel(logging.ERROR)
        bolt = Bolt(
            name="regwatch",
            client=self.slack.client,
            authorize=authorize,
            signing_secret="checked before",
            request_verification_enabled=False,
            logger=quiet,
            listener_executor=ThreadPoolExecutor(ACKNOWLEDGERS, thread_name_prefix="slack-ack"),
        )
        bolt.command(ANY)(self._on_command)
        bolt.action(ANY)(self._on_action)
        bolt.shortcut(ANY)(self._on_shortcut)
        bolt.view(ANY)(self._on_view)
        bolt.event(ANY)(self._on_event)
        return bolt

    # -------------------------------------------------------------------------------------------- what comes in

    def _on_command(self, ack: Callable[..., Any], body: dict[str, Any]) -> None:
        ack()
        self._later(self._command, body)

    def _on_action(self, ack: Callable[..., Any], body: dict[str, Any]) -> None:
        ack()
        self._later(self._action, body)

    def _on_shortcut(self, ack: Callable[..., Any], body: dict[str, Any]) -> None:
        ack()
        self._later(self._shortcut, body)

    def _on_view(self, ack: Callable[..., Any], body: dict[str, Any]) -> None:
        from bot.slack.actions import faults

        wrong = faults(self.app, body.get("view") or {})
        if wrong:
            ack(response_action="errors", errors=wrong)
            return
        ack()
        self._later(self._view, body)

    def _on_event(self, body: dict[str, Any]) -> None:
        """Bolt acknowledges events itself. Slack repeats what it thinks was not heard: an event is acted on once."""
        if self._is_new(str(body.get("event_id") or "")):
            self._later(self._event, body)

    def _is_new(self, event_id: str) -> bool:
        with self._lock:
            if event_id and event_id in self._seen:
                return False
            self._seen[event_id] = None
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        return True

    def _later(self, work: Callable[[dict[str, Any]], None], body: dict[str, Any]) -> None:
        try:
            self._workers.submit(work, body).add_done_callback(_log)
        except RuntimeError:  # the service ends
            log.warning("slack: the service ends; a request is left unanswered")

    # -------------------------------------------------------------------------------------------- what is done

    def _command(self, body: dict[str, Any]) -> None:
        from bot.slack.commands import command

        asker = askers.of_command(body)
        text = str(body.get("text") or "")
        self._answered(asker, lambda: command(self.app, text, asker, reach=self.slack))

    def _action(self, body: dict[str, Any]) -> None:
        from bot.slack.actions import act

        asker = askers.of_interaction(body)
        actions = [one for one in body.get("actions") or () if isinstance(one, dict)]
        for action in actions[:1]:
            self._answered(asker, lambda action=action: act(self.app, self.slack, asker, action, body))  # type: ignore[misc]

    def _shortcut(self, body: dict[str, Any]) -> None:
        from bot.slack.actions import shortcut

        asker = askers.of_interaction(body)
        self._answered(asker, lambda: shortcut(self.app, self.slack, asker, body))

    def _view(self, body: dict[str, Any]) -> None:
        from bot.slack.actions import submitted
        from bot.slack.modals import meta

        view = body.get("view") or {}
        try:
            opened = meta(view)
        except OperatorError:
            opened = {}
        asker = askers.of_interaction(
            body, channel=opened.get("channel", ""), response_url=opened.get("response_url", "")
        )
        self._answered(asker, lambda: submitted(self.app, self.slack, asker, view))

    def _event(self, body: dict[str, Any]) -> None:
        from bot.slack.actions import opened_home

        event = body.get("event") or {}
        if event.get("type") != "app_home_opened" or event.get("tab") not in (None, "home"):
            return
        asker = askers.of_event(body)
        if not self._refusal(asker):
            opened_home(self.app, self.slack, asker)

    def _answered(self, asker: Asker, answer: Callable[[], Answer | None]) -> None:
        """Work, then tell; None is an answer that is seen elsewhere: a form, a rewritten alert."""
        if refused := self._refusal(asker):
            self.slack.answer(asker, refused)
            return
        nothing = Answer("")
        made = guarded(lambda: answer() or nothing)
        if made is not nothing:
            self.slack.answer(asker, made)

    def _refusal(self, asker: Asker) -> Answer | None:
        workspace = self.slack.workspace()
        allowed = self.app.settings.slack_allow
        if workspace is None and not {asker.team, asker.user, asker.enterprise} & set(allowed):
            return say(UNSURE)
        try:
            askers.admit(asker, workspace or askers.Workspace(""), allowed)
        except BotError as error:
            return say(sentence(str(error)))
        return None


def _log(done: Future[None]) -> None:
    """What went wrong outside of an answer is said in the log, not swallowed."""
    if not done.cancelled() and (error := done.exception()):
        log.error("slack: our own error", exc_info=error)


def listeners(app: App) -> Listeners:
    """The listeners over the settings' token and address of Slack's API."""
    from slack_sdk import WebClient

    settings = app.settings
    quiet = logging.getLogger(f"{__name__}.sdk")
    quiet.setLevel(logging.CRITICAL)
    client = WebClient(
        settings.slack_bot_token,
        base_url=settings.slack_api_url,
        timeout=10,
        proxy=settings.proxy or None,
        retry_handlers=[],
        logger=quiet,
    )
    return Listeners(app, slack=Slack(client, proxy=settings.proxy))

