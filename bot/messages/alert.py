"""One alert in lines: how severe, what changed, what it does, the amended words themselves, and what we do not know.

What a reader sees once is not said twice: a publisher, a title or a passage that stands in the headline or in a quote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from bot.messages.chosen import ITEMS, chosen_edits, left_out, telling, titles_of_editions
from bot.messages.clean import clean
from bot.messages.passages import Line, amended, place
from bot.model import Block, Change, DatedQuote, Edit, Finding, Force, Message, Run, Source

_CROWDED = 20  # edits from which on only those are shown that the Finding quotes
_WHOLE = 400  # characters of a passage that is new or gone as a whole
_AROUND = 120  # characters at either side of an amended word, in a long passage
_CUT = 60  # characters by which a title is known in a headline that cuts it
MODES = {
    "modality": "binding force",
    "number": "number",
    "date": "date",
    "negation": "negation",
    "country": "jurisdiction",
    "duty": "duty",
    "exemption": "exemption",
    "link": "link",
    "reference": "reference",
    "suspension": "suspension or ban ended",
    "ban": "suspended or banned",
}
_AHEAD_OF_UTC = timedelta(hours=14)  # a publisher's day may have begun before ours
STAGES = {"in_force": "in force", "faq": "FAQ", "prepublication": "published in advance"}
KINDS = {
    "effective": "in force",
    "deadline": "deadline",
    "transition_end": "end of transition",
    "expires": "expires",
    "review_due": "review due",
}
ORIGINS = {
    "person": "brought by a person: we could not fetch this page ourselves",
    "wayback": "as the Wayback Machine captured it",
}
_OPERATOR = "operator notice, not a rule"
MISSED = "The whole list was new since we last looked: items may have been missed."


def alert(
    change: Change,
    finding: Finding,
    *,
    before: Sequence[Block],
    after: Sequence[Block],
    edits: Sequence[Edit],
    source: Source,
    level: tuple[str, str] = ("", ""),
    today: date | None = None,
    binding: str = "",
    why: str = "",
    public_url: str = "",
    language_note: str = "",
    akin: str = "",
) -> Message:
    """The message for one Change: never a summary alone, the amended words are in it.

    `level` is the severity and the part of its rule that gave it; `today` counts the days to a date; `binding` says
    how far the text binds; `why` says why this reader gets it; `public_url` is where our pages are served ("" when
    they are not); `language_note` is a sentence on the text's language or translation;
    `akin` says which earlier Change may speak of the same act.
    """
    titles = titles_of_editions(edits, before, after) if change.cause == "edition" else ()
    chosen = _chosen(change, finding, edits, before, after, last=titles)
    forces = [force for force in finding.force if force.path or not titles]
    passages = list(_passages(chosen, forces, before, after, headline=finding.headline))
    lines = [
        _regulator(source, finding.headline),
        *_forces([force for force in forces if not _quoted(force, chosen, before, after)]),
        *passages,
        *_rest(left_out(edits, chosen, before, after), finding.headline, whole=change.before is None),
        *_facts(finding, source, binding),
        *_dates(finding, today, shown="".join(run.text for line in passages for run in line)),
        _reason(level if finding.verdict != "not_relevant" else ("", ""), why),
        *_matched(finding),
        *_gaps(change, finding),
        (Run(clean(akin)),) if akin else (),
        *_origin(change),
        *_note(source),
        _small(change, finding, chosen, after, source=source, binding=binding, language_note=language_note),
        *_links(change, source, chosen, after, public_url),
    ]
    return Message(_headline(finding, level[0]), tuple(filter(None, lines)))


def _headline(finding: Finding, severity: str) -> str:
    word = severity.upper() if finding.verdict != "not_relevant" else "not relevant"
    return (f"{word} · " if severity else "") + clean(finding.headline)


def _chosen(
    change: Change,
    finding: Finding,
    edits: Sequence[Edit],
    before: Sequence[Block],
    after: Sequence[Block],
    *,
    last: Sequence[Edit],
) -> Sequence[Edit]:
    """The edits that are shown: of a whole text three that tell, of a crowd those that the Finding quotes."""
    chosen = chosen_edits(edits, finding, before, after, last=last)
    if change.before is None:
        return telling(chosen, finding, before, after, least=1)[:3]
    crowded = sum(edit.counted for edit in edits) > _CROWDED
    return telling(chosen, finding, before, after, least=2) if crowded else chosen


def notice(subject: str, text: str) -> Message:
    """A plain message of ours, in lines."""
    return Message(clean(subject), tuple((Run(clean(line)),) for line in text.splitlines() if line.strip()))


def plain(message: Message) -> str:
    """The message as text without colour: what went is [-struck-], what came is {+marked+}."""
    return "\n".join([message.headline, *("".join(_plain(run) for run in line) for line in message.lines)])


def _plain(run: Run) -> str:
    return {"ins": f"{{+{run.text}+}}", "del": f"[-{run.text}-]"}.get(run.style, run.text)


# ------------------------------------------------------------------------------------------- the parts


def _regulator(source: Source, headline: str) -> Line:
    """Who speaks, as far as the headline does not say it; a vendor's word is no rule."""
    parts = [part for part in (source.authority, source.title) if part and not _said(part, headline)]
    if not source.authority and not source.title and not _said(source.id, headline):
        parts = [source.id.partition("~")[0]]
    name = [Run(clean(" · ".join(dict.fromkeys(parts))), "strong")] if parts else []
    vendor = [Run((" · " if parts else "") + _OPERATOR)] if source.class_ == "vendor" else []
    return (*name, *vendor)


def _said(words: str, text: str) -> bool:
    """Whether a text says these words; a headline cuts long titles."""
    own, other = clean(words).casefold(), clean(text).casefold()
    return own in other or len(own) > _CUT and own[:_CUT] in other


def _forces(forces: Sequence[Force]) -> Iterator[Line]:
    """What gained or lost force; what happened in several places is said once."""
    places: dict[tuple[str, str, str], list[str]] = {}
    for force in forces:
        places.setdefault((force.kind, force.before, force.after), []).append(_where(force.path))
    for (kind, old, new), found in [*places.items()][:4]:
        where = "; ".join(filter(None, dict.fromkeys(found)))
        what = _came_or_went(kind, new) if not (old and new) else f"{MODES.get(kind, kind)}: "
        words = [Run(clean(text), style) for text, style in ((old, "del"), (new, "ins")) if text]
        yield (
            Run(what, "strong"),
            *(words if len(words) < 2 else (words[0], Run(" → "), words[1])),
            *((Run(f"  ({where})", "dim"),) if where else ()),
        )


def _where(path: Sequence[str]) -> str:
    """The last heading; a bare number alone says nothing."""
    return clean(" › ".join(path[-1:] if path and len(path[-1]) > 5 else path[-2:]))


def _came_or_went(kind: str, after: str) -> str:
    if kind == "duty":
        return "new duty: " if after else "no longer: "
    if kind == "exemption":
        return "new exemption: " if after else "exemption taken out: "
    if kind in ("suspension", "ban"):
        return f"{MODES[kind]}: "
    mode = "binding word" if kind == "modality" else MODES.get(kind, kind)
    return f"{mode} {'added' if after else 'dropped'}: "


def _quoted(force: Force, chosen: Sequence[Edit], before: Sequence[Block], after: Sequence[Block]) -> bool:
    """Whether a sentence or place that came or went is a passage, or a marked part of one, that is shown anyway."""
    return any(_is_of(force, edit, before, after) or _is_in(force, edit, before, after) for edit in chosen)


def _is_in(force: Force, edit: Edit, before: Sequence[Block], after: Sequence[Block]) -> bool:
    """Whether a passage is the place itself, holds the stop itself, or marks the very sentence."""
    if edit.before < 0 or edit.after < 0:
        block = after[edit.after] if edit.after >= 0 else before[edit.before]
        return force.kind == "country" and block.text == (force.after or force.before)
    old, new = before[edit.before].text, after[edit.after].text
    if force.kind in ("suspension", "ban"):
        return force.before in old and force.after in new
    marked = [new[c:d] if force.after else old[a:b] for a, b, c, d in edit.spans]
    return force.kind in ("duty", "exemption") and any((force.after or force.before) in words for words in marked)


def _is_of(force: Force, edit: Edit, before: Sequence[Block], after: Sequence[Block]) -> bool:
    if force.kind not in ("duty", "exemption") or edit.kind not in ("insert", "delete"):
        return False
    text = after[edit.after].text if edit.kind == "insert" else before[edit.before].text
    duty = force.after if edit.kind == "insert" else force.before
    return bool(duty) and text.startswith(duty.rstrip("…"))


def _passages(
    chosen: Sequence[Edit], forces: Sequence[Force], before: Sequence[Block], after: Sequence[Block], *, headline: str
) -> Iterator[Line]:
    """Each passage with where it stands, which is said once; an item whose title is the headline shows its note."""
    titles, last = {_title(before), _title(after)}, ""
    for edit in chosen:
        block = after[edit.after] if edit.after >= 0 else before[edit.before]
        line = _shortened(amended(edit, before, after, whole=False))
        if edit.kind == "new" and _said(block.text, headline):
            line = tuple(run._replace(text=run.text.removeprefix(" — "), style="") for run in line[1:])
            if not any(char.isalpha() for run in line for char in run.text):  # its day, which stands below
                continue
        elif block.kind == "heading" and edit.kind == "insert" and _said(block.text, headline):
            continue
        duties = [force for force in forces if _is_of(force, edit, before, after)][:1]
        where = "" if edit.kind in ITEMS else _place(block, titles)
        yield (
            *(Run(_came_or_went(duty.kind, duty.after), "strong") for duty in duties),
            *((Run(where.rstrip(": ") + ": ", "dim"),) if where and where != last else ()),
            *((Run("listed again: ", "dim"),) if edit.kind == "back" else ()),
            *line,
        )
        last = where


def _shortened(line: Line) -> Line:
    """A passage that is new or gone as a whole keeps its beginning; an amended one keeps every amended word."""
    if sum(len(run.text) for run in line) <= _WHOLE:
        return line
    if not any(not run.style for run in line):
        return tuple(run._replace(text=_beginning(run.text)) for run in line)
    last = len(line) - 1
    return tuple(
        run if run.style else run._replace(text=_near(run.text, left=index > 0, right=index < last))
        for index, run in enumerate(line)
    )


def _beginning(text: str) -> str:
    if len(text) <= _WHOLE:
        return text
    at = max(text.rfind(border, _WHOLE // 2, _WHOLE) for border in " 。、；，")
    return text[: at + 1 if at > 0 else _WHOLE].rstrip() + " …"


def _near(text: str, *, left: bool, right: bool) -> str:
    """What stays of words that did not change, with an amended one on their left, on their right, or on both sides."""
    if len(text) <= _AROUND * (left + right):
        return text
    head, tail = text[:_AROUND] if left else "", text[-_AROUND:] if right else ""
    if " " in head.strip():
        head = head.rpartition(" ")[0]
    if " " in tail.strip():
        tail = tail.partition(" ")[2]
    return f"{head}{' …' if left else '…'}{' ' if left and right else ''}{tail}"


def _title(blocks: Sequence[Block]) -> str:
    """The heading under which the whole text stands: the only one above which there is none."""
    tops = [block.text for block in blocks if block.kind == "heading" and not block.path]
    return tops[0] if len(tops) == 1 else ""


def _place(block: Block, titles: set[str]) -> str:
    """Where a passage stands, without the title of the whole text and without a number that the passage begins with."""
    path = block.path[1:] if block.path[:1] and block.path[0] in titles else block.path
    label = "" if block.text.startswith(block.label) else block.label
    return place(block._replace(path=path[:-1] if path and path[-1] == block.label else path, label=label), depth=2)


def _rest(left: Iterator[Line], headline: str, *, whole: bool) -> Iterator[Line]:
    """What is left out, unless the headline counts it; a text that is new as a whole has passages, not edits."""
    for line in left:
        said = line[0].text
        if "renumbered" not in said or not (whole or "renumbered" in headline):
            yield (Run(said.replace(" edit", " passage"), "dim"),) if whole else line


def _facts(finding: Finding, source: Source, binding: str) -> Iterator[Line]:
    named, others = ways(finding)
    more = f" and {len(others)} more" if named and others else ""
    given = (
        ("", "" if source.jurisdiction in {start for start, _ in finding.corridors} else source.jurisdiction),
        ("corridor", _arrows(named) + more),
        ("corridors of other items", "" if named else _arrows(others)),
        ("mechanism", _spoken(finding.mechanisms)),
        ("stage", STAGES.get(finding.stage, _spoken([finding.stage]))),
        ("", "" if binding == finding.stage else binding),
        ("bound", _spoken(finding.bound)),
        ("data", _spoken(finding.data)),
        ("sectors", _spoken(finding.sectors)),
    )
    if facts := " · ".join(f"{name}: {value}" if name else value for name, value in given if value):
        yield (Run(clean(facts)),)


def ways(finding: Finding) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """The corridors of the item that the headline names, and those that only other items have."""
    titled = (part for part in finding.parts if _said(part.title, finding.headline))
    named = next(titled, finding.parts[0] if finding.parts else finding).corridors
    return named, tuple(pair for pair in finding.corridors if pair not in named)


def _arrows(pairs: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{start} → {_end(end)}" for start, end in pairs)


def _spoken(codes: Sequence[str]) -> str:
    return ", ".join(code.replace("_", " ") for code in codes)


def _end(code: str) -> str:
    return "anywhere" if code == "*" else code


def _dates(finding: Finding, today: date | None, *, shown: str) -> Iterator[Line]:
    """Dates with the days that are left, and the words that state them where no quote shows them."""
    told = [dated for dated in finding.dates if dated.kind != "published"]
    for dated in [one for one in told if not (today and _long_over(one, today))][:4]:
        left = f" ({days_left((dated.date - today).days)})" if today and abs((dated.date - today).days) <= 400 else ""
        what = Run(f"{KINDS.get(dated.kind, dated.kind)}: {dated.date.isoformat()}{left}", "strong")
        quote = clean(dated.quote)
        yield (what,) if quote in shown else (what, Run(f" “{quote}”", "dim"))


def _long_over(dated: DatedQuote, today: date) -> bool:
    """Since when a text is in force is a fact of today; a deadline of years ago is none."""
    return dated.kind != "effective" and (today - dated.date).days > 400


def days_left(days: int) -> str:
    """How far a day is: today, in 3 days, 3 days ago."""
    if days == 0:
        return "today"
    number = f"{abs(days)} day{'s' * (abs(days) != 1)}"
    return f"in {number}" if days > 0 else f"{number} ago"


def _reason(level: tuple[str, str], why: str) -> Line:
    """The rule that made it so severe, and why this reader gets it."""
    severity = f"{level[0].upper()} ({clean(level[1])})" if all(level) else ""
    yours = f"for you because {clean(why)}" if why else ""
    return (Run(" · ".join(filter(None, (severity, yours)))),) if severity or yours else ()


def _matched(finding: Finding) -> Iterator[Line]:
    """What made us think so, where we are not certain; of the rest, `why` has every reason."""
    told = dict.fromkeys(clean(reason.quote) for reason in finding.reasons if reason.weight > 0 and reason.quote)
    if finding.verdict != "relevant" and told:
        yield (Run("matched: " + ", ".join(f"“{quote}”" for quote in list(told)[:3]), "dim"),)


def _small(
    change: Change,
    finding: Finding,
    edits: Sequence[Edit],
    after: Sequence[Block],
    *,
    source: Source,
    binding: str,
    language_note: str,
) -> Line:
    """When it was published and seen, and what the text does not say, in one line."""
    dated = published(change, finding, edits, after, source=source)
    known = finding.stage or binding or finding.verdict == "not_relevant"
    parts = [
        f"published {clean(dated)}{by_list(change, source, dated)}" if dated else "published: the page gives no date",
        f"first seen {change.at:%Y-%m-%d %H:%M} UTC",
        "" if known else "whether it binds: not known from this text",
        clean(language_note).partition(": ")[0],
    ]
    return (Run(" · ".join(filter(None, parts)), "dim"),)


def published(
    change: Change, finding: Finding, edits: Sequence[Edit], after: Sequence[Block], *, source: Source
) -> str:
    """The day of publication that the list or the text gives, ISO; "" when neither does, or only a day to come."""
    seen = (change.at + _AHEAD_OF_UTC).date().isoformat()
    dates = [after[edit.after].date for edit in edits if edit.after >= 0 and after[edit.after].date]
    dates += [source.dated] if change.cause == "new" and source.dated else []
    dates += [dated.date.isoformat() for dated in finding.dates if dated.kind == "published"]
    return next((day for day in dates if day <= seen), "")


def by_list(change: Change, source: Source, day: str) -> str:
    """Who gave the day of publication, where it was not the document itself but the list that announced it."""
    return " (by the list)" if change.cause == "new" and day == source.dated else ""


def _gaps(change: Change, finding: Finding) -> Iterator[Line]:
    """What we do not know is said as plainly as what we know."""
    if finding.verdict == "uncertain":
        yield (Run("we are not certain that this is about data that crosses borders", "strong"),)
    if change.missed:
        yield (Run(MISSED, "strong"),)
    for unread in finding.unread:
        yield (Run(f"not read: {clean(unread)}", "strong"),)


def _origin(change: Change) -> Iterator[Line]:
    """How we came by a text that we did not fetch ourselves."""
    if change.after and change.after.provenance:
        yield (Run(ORIGINS[change.after.provenance], "dim"),)


def _note(source: Source) -> Iterator[Line]:
    if source.note:
        yield (Run(clean(source.note), "dim"),)


def _links(
    change: Change, source: Source, chosen: Sequence[Edit], after: Sequence[Block], public_url: str
) -> Iterator[Line]:
    """Where each item that is shown leads, else the page itself; then ours."""
    links = [after[edit.after].link for edit in chosen if edit.after >= 0 and after[edit.after].link]
    ours = f"{public_url.rstrip('/')}/change/{change.id}" if public_url else ""
    found = [link for link in dict.fromkeys(links) if _is_web(link)] or [source.url] * _is_web(source.url)
    for link in filter(None, (*found, ours)):
        yield (Run(clean(link), "link"),)


def _is_web(link: str) -> bool:
    return link.startswith(("https://", "http://"))
