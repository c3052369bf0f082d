"""What goes by mail: a digest or an alert as subject, text, HTML and headers; and a digest as lines for a chat. Pure.

Text and HTML have their own templates in letters/. The HTML is one column with its styles inline, keeps dark mode,
needs no image and says nothing by colour alone; a digest stays under 102 KB, where Gmail cuts a mail off.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit

from bot.digest import Contents, Gap, Line, Section, Shown, zone_of
from bot.messages.clean import clean
from bot.model import Message, Run

if TYPE_CHECKING:
    from jinja2 import Environment

NOT_ADVICE = "A monitoring report, not legal advice."
AGAIN = "<!--again-->"
"""Where a mail says that it may be a repetition."""
_NAMED = 20  # sources that a line of the proof names
_WIDTH = 76
_IN_CHAT = 8_000  # characters; Slack takes 12,000 in all its blocks


class Letter(NamedTuple):
    """A mail before it has a sender: `Message.rich` holds it as JSON."""

    subject: str
    text: str
    html: str
    headers: tuple[tuple[str, str], ...] = ()


class Way(NamedTuple):
    """How a reader leaves: a page (one click, RFC 8058) and an address that a person reads."""

    page: str = ""
    address: str = ""
    number: int = 0  # of the subscription
    host: str = ""  # in the list's id
    title: str = "RegWatch"  # of the list


def pack(letter: Letter) -> bytes:
    """A letter as `Message.rich`."""
    return json.dumps({**letter._asdict(), "headers": dict(letter.headers)}, ensure_ascii=False).encode()


def unpack(rich: bytes) -> Letter:
    """The inverse of pack."""
    values = json.loads(rich)
    return Letter(values["subject"], values["text"], values["html"], tuple(values.get("headers", {}).items()))


# ------------------------------------------------------------------------------------------------ letters


def alert_letter(message: Message, *, way: Way = Way()) -> Letter:
    """Any message as a small mail."""
    values = {
        "message": message,
        "subject": subject_line(message.headline),
        "preheader": plain_line(message.lines[0]) if message.lines else "",
        "foot": NOT_ADVICE,
        "unsubscribe": way.page,
    }
    return Letter(
        str(values["subject"]),
        _letters(html=False).get_template("alert.txt").render(values),
        _letters(html=True).get_template("alert.html").render(values),
        headers(way),
    )


def digest_letter(it: Contents, *, way: Way = Way(), dates_link: str = "") -> Letter:
    """A digest as a mail; the subject says period, how many and what is urgent, the same way every week."""
    values = {
        "it": it,
        "subject": subject(it),
        "preheader": f"{counts(it)}. {blind(it)}".strip(),
        "counts": counts(it),
        "blind": blind(it),
        "nothing": nothing(it),
        "span": span(it),
        "foot": f"{NOT_ADVICE} You get this because somebody subscribed this address to RegWatch.",
        "unsubscribe": way.page,
        "dates_link": dates_link,
    }
    return Letter(
        subject(it),
        _letters(html=False).get_template("digest.txt").render(values),
        _letters(html=True).get_template("digest.html").render(values),
        headers(way),
    )


def headers(way: Way) -> tuple[tuple[str, str], ...]:
    """Those of a list: RFC 2919 names it, RFC 2369 and 8058 say how to leave it."""
    found = []
    if way.host and way.number:
        found.append(("List-Id", f"{clean(way.title)} <subscription-{way.number}.regwatch.{way.host}>"))
    leave = [way.page] if way.page else []
    if way.address and way.number:
        leave.append(f"mailto:{quote(way.address, safe='@')}?subject=unsubscribe%20{way.number}")
    if leave:
        found.append(("List-Unsubscribe", ", ".join(f"<{one}>" for one in leave)))
    if way.page:
        found.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return tuple(found)


def subject_line(text: str) -> str:
    """A subject from any text: one line, not endless."""
    line = " ".join(clean(text).split())
    return line if len(line) <= 150 else line[:149].rstrip() + "…"


# ------------------------------------------------------------------------------------------------ the digest's words


def subject(it: Contents) -> str:
    """For example "RegWatch, week 47: 3 changes, 1 needs action"."""
    if it.proof.unknown:
        return f"RegWatch, {it.label}: not watched"
    act, plan, know, blind_ = it.counts
    total = act + plan + know
    none = "no change left to tell of" if it.proof.put_aside else "no change seen"
    parts = [f"{total} change{'s' * (total != 1)}" if total else none]
    if act:
        parts.append(f"{act} need{'s' * (act == 1)} action")
    elif it.review_count:
        parts.append(f"{it.review_count} for review")
    if blind_:
        parts.append(f"{blind_} blind")
    return f"RegWatch, {it.label}: {', '.join(parts)}"


def counts(it: Contents) -> str:
    """One line: n act, n plan, n know, k blind; of a period that nobody could see there is nothing to count."""
    if it.proof.unknown:
        return "not watched"
    numbers = zip(it.counts, ("act", "plan", "know", "blind"), strict=True)
    return ", ".join(f"{number} {word}" for number, word in numbers)


def blind(it: Contents) -> str:
    """Which jurisdictions are not clear, in a sentence."""
    if it.proof.unknown or not it.proof.blind:
        return ""
    return f"Not clear, because a source that matters there could not be read: {_few(it.proof.blind)}."


def nothing(it: Contents) -> str:
    """Why a digest is empty."""
    if it.proof.unknown:
        return it.proof.unknown
    seen = it.proof
    counted = ((seen.beside, "judged not relevant"), (seen.put_aside, "marked not relevant by a person"))
    others = [f"{n} other change{' was' if n == 1 else 's were'} {what}" for n, what in counted if n]
    what = "is left to tell of" if seen.put_aside else "changed"
    besides = ", ".join(others) or "no other change was seen"
    return f"Nothing that you asked for {what} in what we could read; {besides}. {seen.well}"


def span(it: Contents) -> str:
    """The period in its time zone."""
    first, last = (moment.astimezone(zone_of(it.zone)) for moment in (it.since, it.until))
    return f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}, {it.zone}"


def gap_line(gap: Gap) -> str:
    """How well one jurisdiction is seen, in a sentence."""
    state = "" if gap.clear else " NOT CLEAR."
    unread = f" Not read: {gap.unread}." if gap.unread else ""
    return f"{gap.place}: {gap.read} of {gap.watched} watched sources read.{state}{unread}"


def table(it: Contents) -> str:
    """Changes per jurisdiction and week as a text table."""
    wide = max([len(place) for place, _ in it.table] + [4])
    wide = min(wide, 24)
    head = "week".ljust(wide) + "".join(f"{monday.isocalendar().week:>4}" for monday in it.weeks) + "   all"
    rows = [
        clean(place)[:wide].ljust(wide) + "".join(f"{number or '.':>4}" for number in numbers) + f"{sum(numbers):>6}"
        for place, numbers in it.table
    ]
    return "\n".join([head, *rows])


def digest_message(it: Contents, *, dates_link: str = "") -> Message:
    """A digest as lines, for a chat or a terminal: as much as a chat takes, and always with the proof at its end."""
    proof = _within(_proof(it), _IN_CHAT // 3, rest="more; `regwatch health` names them all")
    room = _IN_CHAT - sum(map(_length, proof))
    rest = f"more lines: {it.more_link}" if it.more_link else "more lines"
    lines = [*_within(_news(it, dates_link), room, rest=rest), *proof]
    cleaned = tuple(tuple(run._replace(text=clean(run.text)) for run in one) for one in lines)
    return Message(subject(it), cleaned, kind="digest")


def _news(it: Contents, dates_link: str) -> list[Line]:
    lines: list[Line] = [(Run(counts(it), "strong"),)]
    lines += [(Run(text),) for text in (blind(it), nothing(it) if it.empty else "") if text]
    lines += _in_chat(it.act, it.more_link)
    if it.dates:
        lines += [(Run("Dates ahead", "strong"),), *(one.line for one in it.dates), *_more(it.dates_more, dates_link)]
    for section in (*it.sections, it.review, it.outside):
        lines += _in_chat(section, it.more_link)
    if it.corrections:
        lines += [(Run("Corrections to earlier digests", "strong"),)]
        lines += [line for one in it.corrections for line in _shown(one)]
    return [*lines, *_in_chat(it.there, it.more_link)]


def _proof(it: Contents) -> list[Line]:
    seen = it.proof
    lines: list[Line] = [(Run("Proof of coverage", "strong"),)]
    if seen.unknown:
        return [*lines, (Run(seen.sentence),), (Run(NOT_ADVICE, "dim"),)]
    lines += [(Run(text),) for text in (seen.sentence, seen.looks, seen.left_out) if text]
    lines += [(Run(f"Suspiciously quiet: {_few(seen.strange)}."),)] if seen.strange else []
    lines += [(Run(gap_line(gap)),) for gap in seen.gaps]
    return [*lines, (Run(NOT_ADVICE, "dim"),)]


def _within(lines: Sequence[Line], room: int, *, rest: str) -> list[Line]:
    """The first lines that have so many characters together, the last always, and how many are left out."""
    kept: list[Line] = []
    room -= _length(lines[-1])
    for line in lines[:-1]:
        if _length(line) > room:
            break
        kept.append(line)
        room -= _length(line)
    left = len(lines) - 1 - len(kept)
    return [*kept, *([(Run(f"{left} {rest}", "dim"),)] if left else []), lines[-1]]


def _length(line: Line) -> int:
    return sum(len(run.text) for run in line) + 1


def _in_chat(section: Section, link: str) -> list[Line]:
    if not (section.shown or section.more or section.below):
        return []
    lines: list[Line] = [(Run(section.title, "strong"),)]
    for one in section.shown:
        lines += _shown(one)
    below = [(Run(f"{section.below} more below", "dim"),)] if section.below else []
    return [*lines, *below, *_more(section.more, link)]


def _shown(one: Shown) -> list[Line]:
    """The headline, its lines, and one address."""
    address = one.page or next((address for _, address in one.links), "")
    number = (Run(f" (change {one.change})", "dim"),) if one.change else ()
    lines: list[Line] = [(Run("• " + one.headline), *number), *one.lines]
    return [*lines, (Run(address, "link"),)] if address else lines


def _more(number: int, link: str) -> list[Line]:
    return [(Run(f"{number} more" + (": " if link else "")), Run(link, "link"))] if number else []


def _few(names: Sequence[str]) -> str:
    """Names in a sentence; of many the first ones and how many more."""
    if len(names) <= _NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"


# ------------------------------------------------------------------------------------------------ templates


def plain_line(runs: Line) -> str:
    """A line without marks: where it says Was and Now in words."""
    return clean("".join(run.text for run in runs))


def marked_line(runs: Line) -> str:
    """A line in which what went is [-struck-] and what came is {+marked+}."""
    marks = {"ins": "{{+{}+}}", "del": "[-{}-]"}
    return clean("".join(marks.get(run.style, "{}").format(run.text) for run in runs))


def _wrap(text: str, indent: str = "") -> str:
    """Lines of a width that every client shows; addresses are never broken."""
    lines = textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False,
                          break_on_hyphens=False)  # fmt: skip
    return "\n".join(lines) or indent.rstrip()


def _title_line(text: str) -> str:
    return f"{text.upper()}\n{'-' * min(_WIDTH, len(text))}"


def is_web_address(text: str) -> bool:
    """Whether it may stand in a link: nothing but http and https does."""
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


@lru_cache
def _letters(*, html: bool) -> Environment:
    """The templates; whatever comes into the HTML is escaped."""
    from jinja2 import DictLoader, Environment, StrictUndefined

    folder = files("bot.messages") / "letters"
    texts: Mapping[str, str] = {one.name: one.read_text(encoding="utf-8") for one in folder.iterdir()}
    made = Environment(
        loader=DictLoader(texts), autoescape=html,  # nosec B701  # the text part is no HTML
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters |= {"clean": clean, "wrap": _wrap, "bare": plain_line, "marked": marked_line, "gap": gap_line,
                     "few": _few, "title_line": _title_line, "table": table}  # fmt: skip
    made.tests["web_address"] = is_web_address
    return made
