"""Sources that people propose from a link: a trial, a reason, an approver's button."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from bot.errors import OperatorError
from bot.model import Message, Run
from bot.slack.asker import Asked
from bot.slack.frame import foot
from bot.slack.one import of_address
from bot.slack.parts import Answer, Block, actions, button, context, header, link, safe, say, section
from bot.slack.typed import TYPED, number

if TYPE_CHECKING:
    from bot.app.proposals import Proposal, Trial

MOST_LINKS = 3
LONGEST = 1_900  # characters of an address that a button can carry
LINK = re.compile(r"https?://[^\s<>|\"']+")


def links(message: Mapping[str, Any]) -> list[str]:
    """The web addresses in a message, as Slack wrote them into its text and blocks."""
    return list(dict.fromkeys(url for url in _links(message) if len(url) <= LONGEST))[:MOST_LINKS]


def _links(message: Mapping[str, Any]) -> Iterator[str]:
    text = str(message.get("text") or "")
    found = [match[1] for match in TYPED.finditer(text)] or LINK.findall(text)
    yield from (url.replace("&amp;", "&") for url in found if url.startswith(("http://", "https://")))
    yield from _in_blocks(message.get("blocks"))


def _in_blocks(part: Any) -> Iterator[str]:
    """Links of rich text carry their address in `url`."""
    if isinstance(part, dict):
        url = part.get("url")
        if part.get("type") == "link" and isinstance(url, str) and url.startswith(("http://", "https://")):
            yield url
        for inner in part.values():
            yield from _in_blocks(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _in_blocks(inner)


def ask(asked: Asked, message: Mapping[str, Any]) -> Answer:
    """What we know of the first link of a message; an unknown one is tried, and can be proposed."""
    found = links(message)
    if not found:
        return say("There is no link in this message.")
    ours = asked.app.settings.public_url
    known = next((url for url in found if asked.app.watched(url) or ours and url.startswith(ours)), "")
    return of_address(asked, known) if known else tried(asked, found[0])


def tried(asked: Asked, url: str) -> Answer:
    """What would be read at an address, with a button to propose it."""
    if known := asked.app.watched(url):
        return of_address(asked, known.url)
    if len(url) > LONGEST:
        raise OperatorError(f"this address is longer than {LONGEST} characters")
    trial = asked.app.try_address(url)
    text = f"No source looks at {link(url, url[:150])}.\n{safe(trial.sentence, limit=500)}"
    first = [f"> {safe(block.text, limit=150)}" for block in trial.blocks[:3]]
    blocks = [section(text), *([section("\n".join(first))] if first else [])]
    row = actions(button("Propose it", "propose_form", url)) if not trial.cause else []
    unread = [context("What cannot be read cannot be watched; whoever runs RegWatch can bring it in by hand.")]
    return Answer("No source looks at this address", (*blocks, *(row or unread), foot(asked)))


# ------------------------------------------------------------------------------------------------ asking, deciding


def propose_(asked: Asked) -> Answer:
    """/reg propose URL WHY."""
    words = asked.typed.words
    if not words or not words[0].startswith(("http://", "https://")):
        raise OperatorError("which page, and why? /reg propose https://example.org/rules WHY")
    return propose(asked, words[0], reason=" ".join(words[1:]))


def propose(asked: Asked, url: str, *, reason: str, title: str = "", jurisdiction: str = "") -> Answer:
    """Ask for a page to be watched; an approver gets a button."""
    if not reason.strip():
        raise OperatorError("say why this page should be watched: /reg propose URL WHY")
    trial = asked.app.try_address(url)
    if trial.cause:
        raise OperatorError(f"{url[:200]}: {trial.sentence}")
    team = asked.asker.enterprise or asked.asker.team
    made = asked.app.propose_source(
        trial, actor=asked.asker.user, reason=reason, jurisdiction=jurisdiction, title=title, team=team
    )
    told_elsewhere = asked.app.settings.owner.startswith("slack:")
    if told_elsewhere:
        asked.app.tell_owner(_request(made, trial), subject=f"proposal:{made.ticket}")
        return say(f"Thank you. Proposal {made.ticket} waits for an approver; you need not do anything.")
    blocks = _request_blocks(made, trial)
    return Answer(f"Proposal {made.ticket}: {safe(made.url, limit=200)}", tuple(blocks), share=not asked.asker.direct)


def _request(made: Proposal, trial: Trial) -> Message:
    """The request as the owner's channel gets it, with its buttons."""
    headline = f"A source is proposed: {made.title or made.url}"
    lines = [(Run(made.url),), (Run(f"Why: {made.reason}"),), (Run(trial.sentence),),
             (Run(f"/reg approve {made.ticket}, or /reg decline {made.ticket}"),)]  # fmt: skip
    shown = {"text": safe(headline), "blocks": _request_blocks(made, trial)}
    return Message(headline, tuple(lines), kind="notice", rich=json.dumps(shown).encode())


def _request_blocks(made: Proposal, trial: Trial) -> list[Block]:
    text = [
        f"<@{made.actor}> asks that this page be watched: {link(made.url, (made.title or made.url)[:150])}",
        f"Why: {safe(made.reason, limit=500)}",
        safe(trial.sentence, limit=300),
        *(f"> {safe(block.text, limit=120)}" for block in trial.blocks[:2]),
    ]
    row = actions(
        button("Approve", "approve_source", str(made.ticket), style="primary"),
        button("Decline", "decline_source", str(made.ticket)),
    )
    return [header("A source is proposed"), section("\n".join(text)), *row, context(f"Proposal {made.ticket}")]


def approve(asked: Asked, ticket: int) -> Answer:
    """Watch the page; whoever asked for it does not decide on it alone."""
    proposal = asked.app.proposal(ticket)
    if proposal.actor == asked.asker.user and asked.asker.user not in asked.app.settings.slack_allow:
        raise OperatorError("somebody else has to approve what you proposed (or the operator names you as approver)")
    source = asked.app.approve_source(ticket)
    page = link(source.url, source.title or source.url)
    text = (f"<@{asked.asker.user}> approved proposal {ticket}: {page} is watched as `{source.id}`. "
            "The next pass takes its baseline; nobody is alerted of what is there already.")  # fmt: skip
    return say(text, share=not asked.asker.direct)


def decline(asked: Asked, ticket: int) -> Answer:
    proposal = asked.app.decline_source(ticket)
    text = f"<@{asked.asker.user}> declined proposal {ticket}: {safe(proposal.url, limit=300)} is not watched."
    return say(text, share=not asked.asker.direct)


def approve_(asked: Asked) -> Answer:
    return approve(asked, _ticket(asked))


def decline_(asked: Asked) -> Answer:
    return decline(asked, _ticket(asked))


def _ticket(asked: Asked) -> int:
    waiting = asked.app.proposals()
    if not asked.typed.words and len(waiting) == 1:
        return waiting[0].ticket
    try:
        return number(asked.typed.words, verb=asked.typed.verb)
    except OperatorError:
        raise OperatorError(f"which one? /reg {asked.typed.verb} N; `/reg proposals` lists them") from None


def list_(asked: Asked) -> Answer:
    """Pages that nobody decided on yet."""
    lines = [f"*{one.ticket}*  {link(one.url, (one.title or one.url)[:120])}: {safe(one.reason, limit=200)}"
             for one in asked.app.proposals()[:25]]  # fmt: skip
    text = "\n".join(lines) or "No proposal waits. `/reg propose URL WHY` makes one."
    return Answer("Proposals", (section(text),), asked.typed.share)

