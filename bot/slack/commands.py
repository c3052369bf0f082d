"""/reg: a command in, an answer out. Every word gets an answer, and every refusal says what to type next."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.errors import BotError, StoreError
from bot.slack import changes, handling, help, one, people, proposals, standing
from bot.slack.asker import Asked, Asker, Reach, permit
from bot.slack.parts import Answer, safe, say
from bot.slack.typed import typed
from bot.slack.verbs import VERBS

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger(__name__)

OURS = "Something went wrong on our side; it stands in the log of the service. Nothing was changed by this."
TROUBLE = "The store is in trouble, so nothing can be looked up at the moment. The service's own messages say more."

ANSWERS: dict[str, Callable[[Asked], Answer]] = {
    "glance": help.glance, "help": help.help_,
    "search": changes.search, "latest": changes.latest, "corridor": changes.corridor,
    "jurisdiction": changes.jurisdiction,
    "show": one.show, "diff": one.diff, "why": one.why,
    "state": standing.state, "upcoming": standing.upcoming, "status": standing.status, "sources": standing.sources,
    "subscribe": people.subscribe, "unsubscribe": people.unsubscribe, "list": people.list_,
    "pause": people.pause, "resume": people.resume, "mute": people.mute, "unmute": people.unmute,
    "footprint": people.footprint, "digest": people.digest, "web": people.web,
    "ack": handling.ack, "unack": handling.unack, "assign": handling.assign_, "snooze": handling.snooze_,
    "severity": handling.severity, "relevant": handling.relevant, "irrelevant": handling.irrelevant,
    "propose": proposals.propose_, "proposals": proposals.list_,
    "approve": proposals.approve_, "decline": proposals.decline_,
}  # fmt: skip
"""Verb -> what answers it."""


def command(app: App, text: str, asker: Asker, *, before: int = 0, reach: Reach | None = None) -> Answer:
    """The answer to one command; whatever goes wrong becomes a sentence for the asker alone."""
    return guarded(lambda: _answered(app, text, asker, before=before, reach=reach))


def _answered(app: App, text: str, asker: Asker, *, before: int, reach: Reach | None) -> Answer:
    asked = Asked(app, typed(text), asker, before, reach)
    verb = VERBS.get(asked.typed.verb)
    if verb is None:
        return help.help_(asked)
    if verb.changes or verb.name == "footprint" and asked.typed.words[:1] == ("drop",):
        permit(asker, app.settings.slack_allow)
    return ANSWERS[verb.name](asked)


def guarded(answer: Callable[[], Answer]) -> Answer:
    """Run what makes an answer; errors are answers as well."""
    try:
        return answer()
    except StoreError as error:
        log.error("slack: %s", error)
        return say(TROUBLE)
    except BotError as error:
        return say(sentence(str(error)))
    except Exception:  # a bug of ours: the traceback goes to the log, and the asker is not left waiting
        log.exception("slack: our own error while answering")
        return say(OURS)


def sentence(text: str) -> str:
    """An error's line as a sentence; what it quotes in `backticks` stays code."""
    parts = text.strip().rstrip(".").split("`")
    if len(parts) % 2 == 0:
        parts = [text.strip().rstrip(".")]
    said = "`".join(_kept(part) for part in parts)
    word = said.split(" ", 1)[0]
    first = said[:1] if ":" in word else said[:1].upper()  # what was typed (min:foo, an address) stays as it was
    return first + said[1:] + ("" if said.endswith(("?", "!")) else ".")


def _kept(part: str) -> str:
    """Escaped, with the spaces at its ends."""
    bare = part.strip()
    start = part.find(bare) if bare else 0
    return part[:start] + (safe(bare, limit=1_200) if bare else "") + part[start + len(bare) :]
