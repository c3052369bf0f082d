"""An alert as Slack shows it: Block Kit, within Slack's limits by construction. Pure.

Scraped words stand in mrkdwn only through `mrkdwn.said`; the amended passages are rich text, which knows no control
characters at all, and in which words of languages without spaces can be struck and bold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec

from bot.messages.alert import KINDS, MISSED, MODES, ORIGINS, STAGES, alert, by_list, published, ways
from bot.messages.chosen import chosen_edits, left_out, titles_of_editions
from bot.messages.clean import clean
from bot.messages.mrkdwn import (
    TOTAL,
    Part,
    button,
    context,
    cut,
    escaped,
    header,
    link,
    mrkdwn,
    plain,
    said,
    section,
    size,
)
from bot.messages.mrkdwn import date as shown
from bot.messages.passages import amended, place
from bot.messages.rich import bullets, part, rich, run_of, text, within
from bot.messages.told import Later, Told
from bot.model import DatedQuote, Edit, Finding, Force, Message

BLOCKS = 50
PASSAGES = 3_500  # of them for the amended passages
ACK, NOT_RELEVANT, FULL_DIFF, MORE, UNDO = "ack", "not_relevant", "full_diff", "more", "undo"
"""action_ids of an alert. Each value is "CHANGE:SUBSCRIPTION"; so is what follows "alert:" in the buttons' block_id."""

OPTIONS: Mapping[str, str] = {
    "assign": "Assign to somebody…",
    "snooze1": "Snooze for a day",
    "snooze7": "Snooze for a week",
    "follow": "Follow this source",
    "mute": "Mute this source here",
}
"""What the menu "more" offers, by value: at most five (docs.slack.dev, overflow menu)."""

_UNSAID = "the text does not say"
_USER = re.compile(r"[UW](?=[A-Z]*[0-9])[A-Z0-9]{7,}")  # ids of people, docs.slack.dev "Formatting message text"
_OPEN = frozenset({"proposal", "consultation"})


def alert_message(told: Told, *, kind: str = "post", thread: str = "", broadcast: bool = False) -> Message:
    """The alert for Slack, with the same in plain lines for whatever cannot show it.

    In the order of what a reader needs: who and which act; what to do and what changed; what gained or lost force; the
    passages; corridor, mechanism, stage, dates, who is bound; why; when; what is not known; links; buttons.
    """
    lines = as_lines(told)
    blocks = fitted([*_head(told), *_texts(told), *_facts(told), *_contexts(told), *_actions(told)])
    rich = {"text": summary(told), "blocks": blocks}
    payload = msgspec.json.encode(rich)
    return Message(lines.headline, lines.lines, kind=kind, rich=payload, thread=thread, broadcast=broadcast)


def as_lines(told: Told) -> Message:
    """The alert for channels that show lines."""
    return alert(
        told.change, told.finding, before=told.before, after=told.after, edits=told.edits, source=told.source,
        level=told.level, today=told.now.date(), binding=told.binding, why=told.why, public_url=told.public_url,
        language_note=told.language_note, akin=told.akin,
    )  # fmt: skip


def summary(told: Told) -> str:
    """What notifications and screen readers get: severity, headline, nearest date."""
    near = _nearest(told.finding, told.now.date())
    dated = f" · {_what(near)} {near.date.isoformat()}" if near else ""
    return f"{told.level[0].upper()} · {said(told.finding.headline, 600)}{dated}"


def fitted(blocks: list[Part]) -> list[Part]:
    """At most 50 blocks and 12,000 characters; every part has its own limit, so this holds by itself but for the
    strangest texts, and then the longest passage gives way to a sentence that says so."""
    while len(blocks) > BLOCKS or size(blocks) > TOTAL:
        texts = [index for index, block in enumerate(blocks) if block["type"] == "rich_text"]
        if not texts:
            break
        longest = max(texts, key=lambda index: size(blocks[index]))
        blocks[longest] = context("One passage is too long for this message; the redline has it in full.")
    return blocks


# --------------------------------------------------------------------------------------------- who, what


def _head(told: Told) -> Iterator[Part]:
    source = told.source
    title = source.title if source.title != source.authority else ""
    yield header(": ".join(filter(None, (source.authority, title))) or source.id)
    level, rule = told.level
    first = f"*{level.upper()}*" + (f" · {said(rule, 150)}" if rule else "")
    lines = [first, *_corrections(told), f"*{said(told.finding.headline, 700) or 'A change'}*"]
    lines += [said(sentence, 420) for sentence in told.finding.sentences[:1]]
    yield section("\n".join(lines))
    if told.later:
        yield section("\n".join(_later(told.later)))


def _corrections(told: Told) -> Iterator[str]:
    if told.corrected:
        yield f"*Corrected:* {said(told.corrected, 300)}"


def _later(later: Sequence[Later]) -> Iterator[str]:
    """The present state of an act that moved on: the newest three, newest first."""
    yield "*Since then, in the thread:*"
    for one in list(reversed(later))[:3]:
        yield f"• {shown(one.at)}: {said(one.headline, 300)}"
    if len(later) > 3:
        yield f"• and {len(later) - 3} before"


# --------------------------------------------------------------------------------------------- the texts


def _texts(told: Told) -> Iterator[Part]:
    titles = titles_of_editions(told.edits, told.before, told.after) if told.change.cause == "edition" else ()
    if force := [one for one in told.finding.force if one.path or not titles][:4]:
        yield rich([bullets([_force(one) for one in force])])
    chosen = chosen_edits(told.edits, told.finding, told.before, told.after, last=titles)
    room, shown_whole = PASSAGES, True
    for edit in chosen:
        quoted, room, whole = _passage(edit, told, room)
        shown_whole = shown_whole and whole
        if quoted:
            yield rich(quoted)
    left = ["".join(run.text for run in line) for line in left_out(told.edits, chosen, told.before, told.after)]
    if left or not shown_whole or not chosen:
        yield context(_where_the_rest_is(told, left, cut_short=not shown_whole, nothing=not chosen))


def _where_the_rest_is(told: Told, left: Sequence[str], *, cut_short: bool, nothing: bool) -> str:
    """Nothing is cut silently: how much is missing, and where it stands."""
    missing = [escaped(clean(one).removeprefix("… ")) for one in left]
    missing += ["passages are shortened"] if cut_short else []
    missing += ["no passage to quote"] if nothing else []
    where = link(_page(told), "the redline") if told.public_url else "press Full diff"
    return f"… {', '.join(missing)} → {where}"


def _force(force: Force) -> list[Part]:
    """What was and is; what only came or only went is said so."""
    where = clean(" › ".join(force.path[-2:]))
    was = [text(cut(clean(force.before), 200), strike=True)] if force.before else [text("new")]
    now = [text(cut(clean(force.after), 200), bold=True)] if force.after else [text("gone")]
    return [
        text(f"{MODES.get(force.kind, force.kind)}: "),
        *was,
        text(" → " if force.before else ": "),
        *now,
        *([text(f"  ({cut(where, 160)})")] if where else []),
    ]


def _passage(edit: Edit, told: Told, room: int) -> tuple[list[Part], int, bool]:
    """Where it stands, and the words: old struck, new bold. Also the room that is left, and whether nothing was cut."""
    line = amended(edit, told.before, told.after, whole=False)
    whole = sum(len(run.text) for run in line) >= sum(
        len(run.text) for run in amended(edit, told.before, told.after, whole=True)
    )
    kept, used = within(line, room)
    block = told.after[edit.after] if edit.after >= 0 else told.before[edit.before]
    where = cut(place(block), 240) if not block.key else ""
    again = [text("listed again: ")] if edit.kind == "back" else []
    parts = [part("rich_text_section", [text(where, italic=True)])] if where and kept else []
    parts += [part("rich_text_quote", [*again, *(run_of(run) for run in kept)])] if kept else []
    return parts, room - used - len(where), whole and len(kept) == len([run for run in line if run.text])


# --------------------------------------------------------------------------------------------- the facts


def _facts(told: Told) -> Iterator[Part]:
    finding = told.finding
    today = told.now.date()
    near = _nearest(finding, today)
    named, others = ways(finding)
    more = f" and {len(others)} more" if named and others else ""
    given = (
        ("Corridor", _arrows(named, told) + more),
        ("Corridors of other items", "" if named else _arrows(others, told)),
        ("Mechanism", _spoken(finding.mechanisms)),
        ("Stage", STAGES.get(finding.stage, finding.stage.replace("_", " "))),
        ("Binding or not", told.binding or _UNSAID),
        ("Who is bound", _spoken(finding.bound) or _UNSAID),
        ("Kinds of data", _spoken(finding.data)),
        ("Sectors", _spoken(finding.sectors)),
        ("Next date" if near and near.date >= today else "Date", _dated(near, today) if near else ""),
    )
    fields = [mrkdwn(f"*{name}*\n{said(value, 300)}") for name, value in given if value]
    if fields:
        yield {"type": "section", "fields": fields[:10]}
    rest = [one for one in finding.dates if one.kind != "published" and one is not near][:3]
    dates = [near, *rest] if near else rest
    lines = [f"• {said(_dated(one, today), 120)}: “{said(one.quote, 200)}”" for one in dates]
    if told.finding.stage in _OPEN:
        lines.append(_comment(told))
    if lines:
        yield section("\n".join(lines))


def _arrows(pairs: Sequence[tuple[str, str]], told: Told) -> str:
    return ", ".join(f"{_name(told, start)} → {_name(told, end)}" for start, end in pairs[:6])


def _spoken(codes: Sequence[str]) -> str:
    return ", ".join(code.replace("_", " ") for code in codes)


def _comment(told: Told) -> str:
    """Where one can have a say, while one can."""
    deadline = next((one for one in told.finding.dates if one.kind == "deadline" and one.date >= told.now.date()), None)
    until = f" until {deadline.date.isoformat()}" if deadline else "; the text gives no date that we could read"
    where = link(_document(told), "how and where the authority says") or "on the publisher's page"
    return f"• Comments are open{until}: {where}"


def _name(told: Told, code: str) -> str:
    return "anywhere" if code == "*" else told.names.get(code, code)


def _nearest(finding: Finding, today: date) -> DatedQuote | None:
    """The next date ahead, else the last one that has passed."""
    dates = sorted((one for one in finding.dates if one.kind != "published"), key=lambda one: one.date)
    return next((one for one in dates if one.date >= today), dates[-1] if dates else None)


def _what(dated: DatedQuote) -> str:
    return KINDS.get(dated.kind, dated.kind.replace("_", " "))


def _dated(dated: DatedQuote, today: date) -> str:
    """A date of law is a day, not a moment: no time zone turns it."""
    return f"{_what(dated)} {dated.date.isoformat()} ({_days((dated.date - today).days)})"


def _days(days: int) -> str:
    if days == 0:
        return "today"
    number = f"{abs(days)} day{'s' * (abs(days) != 1)}"
    return f"in {number}" if days > 0 else f"{number} ago"


# --------------------------------------------------------------------------------------- why, when, what is not known


def _contexts(told: Told) -> Iterator[Part]:
    matched = dict.fromkeys(one.quote for one in told.finding.reasons if one.weight > 0 and one.quote)
    why = ["Matched " + ", ".join(f"“{said(quote, 80)}”" for quote in list(matched)[:3])] if matched else []
    why += [f"for you because {said(told.why, 300)}"] if told.why else []
    yield context(" · ".join([*why, f"reasons: `/reg why {told.change.id}`"]))
    yield context(_times(told))
    if gaps := list(_gaps(told)):
        yield section("\n".join(gaps))
    if told.source.note:
        yield context(said(told.source.note, 500))
    yield context(" · ".join(_links(told)) or f"change {told.change.id}")


def _times(told: Told) -> str:
    day = published(told.change, told.finding, told.edits, told.after, source=told.source)
    whose = by_list(told.change, told.source, day)
    given = f"Published {said(day, 40)}{whose}" if day else "Published: the page gives no date"
    return f"{given} · first seen {shown(told.change.at)} · told {shown(told.told_at or told.now)}"


def _gaps(told: Told) -> Iterator[str]:
    """What we do not know is said as plainly as what we know."""
    if told.finding.verdict == "uncertain":
        yield "*We are not certain that this is about data that crosses borders.*"
    if told.change.missed:
        yield f"*{MISSED}*"
    if told.akin:
        yield f"It {said(told.akin, 200)}."
    unread = told.finding.unread
    yield from (f"*Not read:* {said(one, 250)}" for one in unread[:3])
    if len(unread) > 3:
        yield f"*Not read:* {len(unread) - 3} more"
    if told.change.after and told.change.after.provenance:
        yield ORIGINS[told.change.after.provenance]
    if told.language_note:
        yield said(told.language_note, 300)


def _links(told: Told) -> Iterator[str]:
    document = _document(told)
    if document != told.source.url and (found := link(document, "the document")):
        yield found
    if found := link(told.source.url, "the publisher's page"):
        yield found
    if told.public_url:
        yield link(_page(told), "redline")
        yield link(f"{_page(told)}#copy", "stored copy")


def _document(told: Told) -> str:
    """The address that an item of the Change leads to, else the source's own."""
    leads = (told.after[edit.after].link for edit in told.edits if edit.after >= 0 and edit.counted)
    return next((one for one in leads if link(one, "x")), told.source.url)


def _page(told: Told) -> str:
    return f"{told.public_url.rstrip('/')}/change/{told.change.id}"


# --------------------------------------------------------------------------------------------- what was and can be done


def _actions(told: Told) -> Iterator[Part]:
    """Who did what, and the buttons for what is not done yet."""
    if done := list(_handled(told)):
        yield context(*done[:4])
    handling = told.handling
    acknowledged = bool(handling and handling.acknowledged_by)
    refused = bool(handling and handling.not_relevant)
    offered = [
        button("Acknowledge", ACK, told.value, style="primary") if not (acknowledged or refused) else None,
        button("Not relevant", NOT_RELEVANT, told.value) if not refused else None,
        button("Undo", UNDO, told.value) if acknowledged or refused else None,
        button("Full diff", FULL_DIFF, told.value),
        {"type": "overflow", "action_id": MORE, "options": [_option(value) for value in OPTIONS]},
    ]
    yield {"type": "actions", "block_id": f"alert:{told.value}", "elements": [one for one in offered if one]}


def _option(value: str) -> Part:
    return {"text": plain(OPTIONS[value], 75), "value": value}


def _handled(told: Told) -> Iterator[str]:
    one = told.handling
    if one and one.acknowledged_by:
        at = f", {shown(one.acknowledged_at)}" if one.acknowledged_at else ""
        yield f"Acknowledged by {person(one.acknowledged_by)}{at}"
    elif told.elsewhere:
        yield "Also acknowledged elsewhere"
    elif told.answer_by and not (one and one.not_relevant):
        yield f"To be acknowledged by {shown(told.answer_by)}"
    if one and one.not_relevant:
        yield "Marked as not relevant here" + (f": {said(one.remark, 200)}" if one.remark else "")
    if one and one.assigned_to:
        yield f"Assigned to {person(one.assigned_to)}"
    if one and one.snoozed_until and one.snoozed_until > told.now:
        yield f"Snoozed until {shown(one.snoozed_until)}"
    if one and one.severity:
        yield f"Severity {one.severity.upper()}, decided by a person"


def person(name: str) -> str:
    """A Slack user by id, anybody else by name."""
    return f"<@{name}>" if _USER.fullmatch(name) else said(name, 80)
