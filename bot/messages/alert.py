"""One alert: who, what changed, what it does, the amended words themselves, and what we do not know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.messages.clean import clean
from bot.messages.passages import Line, amended, is_number, place
from bot.model import Block, Change, Edit, Finding, Force, Message, Run, Source

SEARCHED = 8_000  # bytes of search text: edited words, titles
_OPENING = 1_000  # bytes of a whole text that are searched, beside its headings
_SHOWN = 4  # edits shown in an alert
_ITEMS = frozenset({"new", "gone", "retitled", "back"})
MODES = {
    "modality": "binding force",
    "number": "number",
    "date": "date",
    "negation": "negation",
    "country": "jurisdiction",
    "duty": "duty",
    "link": "link",
}
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
    why: str = "",
    public_url: str = "",
    language_note: str = "",
) -> Message:
    """The message for one Change: never a summary alone, the amended words are in it.

    `why` says why this reader gets it; `public_url` is where our pages are served ("" when they are not);
    `language_note` is a sentence on the text's language or translation.
    """
    titles = titles_of_editions(edits, before, after) if change.cause == "edition" else ()
    chosen = chosen_edits(edits, finding, before, after, last=titles)
    lines = [
        _regulator(source),
        *_forces([force for force in finding.force if force.path or not titles]),
        *_passages(chosen, before, after),
        *left_out(edits, chosen, before, after),
        *_facts(finding),
        *_matched(finding, why),
        *_times(change, finding, chosen, after),
        *_gaps(change, finding, language_note),
        *_origin(change),
        *_note(source),
        *_links(change, source, chosen, after, public_url),
    ]
    return Message(clean(finding.headline), tuple(line for line in lines if line))


def notice(subject: str, text: str) -> Message:
    """A plain message of ours, in lines."""
    return Message(clean(subject), tuple((Run(clean(line)),) for line in text.splitlines() if line.strip()))


def plain(message: Message) -> str:
    """The message as text without colour: what went is [-struck-], what came is {+marked+}."""
    return "\n".join([message.headline, *("".join(_plain(run) for run in line) for line in message.lines)])


def _plain(run: Run) -> str:
    return {"ins": f"{{+{run.text}+}}", "del": f"[-{run.text}-]"}.get(run.style, run.text)


def search_text(
    change: Change, before: Sequence[Block], after: Sequence[Block], edits: Sequence[Edit], source: Source
) -> str:
    """What full-text search finds: edited text and item titles, at most 8 KB.

    Of a text that is new as a whole its headings and its opening: versions themselves are not searched.
    """
    if change.before is None:
        return clean_bytes("\n".join(_of_whole(after, source)), SEARCHED)
    texts: dict[str, None] = dict.fromkeys(filter(None, (source.title,)))
    room = SEARCHED
    for edit in edits:
        if edit.counted and room > 0:
            found = dict.fromkeys(_searched(edit, before, after))
            texts.update(found)
            room -= sum(map(len, found))
    return clean_bytes("\n".join(texts), SEARCHED)


def _of_whole(after: Sequence[Block], source: Source) -> Iterator[str]:
    yield source.title
    yield from dict.fromkeys(block.text for block in after if block.key or block.kind == "heading")
    opening = (block.text for block in after if not block.key and block.kind != "heading" and block.place == "body")
    room = _OPENING
    for text in opening:
        yield clean_bytes(text, room)
        room -= len(text.encode("utf-8", "ignore")) + 1
        if room <= 0:
            return


def _searched(edit: Edit, before: Sequence[Block], after: Sequence[Block]) -> Iterator[str]:
    if edit.after >= 0:
        yield after[edit.after].text
        if after[edit.after].note:
            yield after[edit.after].note
    if edit.before >= 0 and edit.kind != "renumber":
        yield before[edit.before].text


def clean_bytes(text: str, limit: int) -> str:
    """The text cut to so many bytes of UTF-8, at a character."""
    return text.encode("utf-8", "ignore")[:limit].decode("utf-8", "ignore")


# ------------------------------------------------------------------------------------------- the parts


def _regulator(source: Source) -> Line:
    act = source.title if source.title != source.authority else ""
    parts = [part for part in (source.authority, act, source.jurisdiction) if part]
    name = Run(clean(" · ".join(parts) or source.id), "strong")
    return (name, Run(f" · {_OPERATOR}")) if source.class_ == "vendor" else (name,)


def _forces(forces: Sequence[Force]) -> Iterator[Line]:
    for force in forces[:4]:
        where = clean(" › ".join(force.path[-2:]))
        yield (
            Run(f"{MODES.get(force.kind, force.kind)}: ", "strong"),
            Run(clean(force.before) or "(nothing)", "del"),
            Run(" → "),
            Run(clean(force.after) or "(nothing)", "ins"),
            Run(f"  ({where})" if where else "", "dim"),
        )


def titles_of_editions(edits: Sequence[Edit], before: Sequence[Block], after: Sequence[Block]) -> tuple[Edit, ...]:
    """The edits between the titles of two editions: they always differ, and the headline names both."""
    first = [next((i for i, block in enumerate(side) if block.kind == "heading"), -2) for side in (before, after)]
    return tuple(e for e in edits if all(at in (own, -1) for at, own in zip((e.before, e.after), first, strict=True)))


def chosen_edits(
    edits: Sequence[Edit],
    finding: Finding,
    before: Sequence[Block],
    after: Sequence[Block],
    *,
    last: Sequence[Edit] = (),
) -> list[Edit]:
    """The edits to show: those that the Finding quotes first, then the others that speak, then asides, then `last`."""
    quoted = {quote.text: rank for rank, quote in reversed(list(enumerate(finding.quotes)))}
    counted = [(index, edit) for index, edit in enumerate(edits) if edit.counted]
    counted = [pair for pair in counted if not is_number(pair[1], before, after)] or counted

    def rank(pair: tuple[int, Edit]) -> tuple[int, int, int]:
        if pair[1] in last:
            return 100, 1, pair[0]
        blocks = [side[at] for side, at in ((before, pair[1].before), (after, pair[1].after)) if at >= 0]
        little = pair[1].worth != "text" or blocks[0].kind == "heading"
        return min(quoted.get(block.text, 99) for block in blocks), int(little), pair[0]

    ranked = sorted(counted, key=rank)
    told = [pair for pair in ranked if pair[1].kind not in _ITEMS or rank(pair)[0] < 99]
    return [edit for _, edit in (told or ranked)[:_SHOWN]]


def _passages(chosen: Sequence[Edit], before: Sequence[Block], after: Sequence[Block]) -> Iterator[Line]:
    for edit in chosen:
        block = after[edit.after] if edit.after >= 0 else before[edit.before]
        if (where := place(block)) and edit.kind not in _ITEMS:
            yield (Run(where, "dim"),)
        again = (Run("listed again: ", "dim"),) if edit.kind == "back" else ()
        yield (*again, *amended(edit, before, after, whole=False))


def left_out(
    edits: Sequence[Edit], chosen: Sequence[Edit], before: Sequence[Block], after: Sequence[Block]
) -> Iterator[Line]:
    """How many edits are not shown; those of numbers alone are counted apart."""
    left = [edit for edit in edits if edit.counted and edit not in chosen]
    shown = any(is_number(edit, before, after) for edit in chosen)  # then there is nothing else
    numbers = 0 if shown else sum(is_number(edit, before, after) for edit in left)
    if others := len(left) - numbers:
        yield (Run(f"… {others} more edit{'s' if others > 1 else ''}", "dim"),)
    if numbers:
        yield (Run(f"… {numbers} passage{'s' if numbers > 1 else ''} renumbered", "dim"),)


def _facts(finding: Finding) -> Iterator[Line]:
    given = (
        ("corridor", ", ".join(f"{start} → {_end(end)}" for start, end in finding.corridors)),
        ("mechanism", ", ".join(name.replace("_", " ") for name in finding.mechanisms)),
        ("stage", STAGES.get(finding.stage, finding.stage)),
        ("bound", ", ".join(finding.bound)),
        ("data", ", ".join(finding.data)),
        ("sectors", ", ".join(finding.sectors)),
    )
    if facts := " · ".join(f"{name}: {value}" for name, value in given if value):
        yield (Run(facts),)
    for dated in [dated for dated in finding.dates if dated.kind != "published"][:4]:
        kind = KINDS.get(dated.kind, dated.kind)
        yield (Run(f"{kind}: {dated.date.isoformat()} ", "strong"), Run(f"“{clean(dated.quote)}”", "dim"))


def _end(code: str) -> str:
    return "anywhere" if code == "*" else code


def _matched(finding: Finding, why: str) -> Iterator[Line]:
    told = dict.fromkeys(clean(reason.quote) for reason in finding.reasons if reason.weight > 0 and reason.quote)
    words = ", ".join(f"“{quote}”" for quote in list(told)[:3])
    if words:
        yield (Run(f"matched: {words}", "dim"),)
    if why:
        yield (Run(f"for you because {clean(why)}", "dim"),)


def _times(change: Change, finding: Finding, chosen: Sequence[Edit], after: Sequence[Block]) -> Iterator[Line]:
    dated = published(finding, chosen, after)
    given = f"published {clean(dated)}" if dated else "published: the page gives no date"
    yield (Run(f"{given} · first seen {change.at:%Y-%m-%d %H:%M} UTC", "dim"),)


def published(finding: Finding, edits: Sequence[Edit], after: Sequence[Block]) -> str:
    """The day of publication that the list or the text gives, ISO; "" when neither does."""
    dates = [after[edit.after].date for edit in edits if edit.after >= 0 and after[edit.after].date]
    dates += [dated.date.isoformat() for dated in finding.dates if dated.kind == "published"]
    return dates[0] if dates else ""


def _gaps(change: Change, finding: Finding, language_note: str) -> Iterator[Line]:
    """What we do not know is said as plainly as what we know."""
    if not finding.stage:
        yield (Run("whether it binds: not known from this text", "dim"),)
    if finding.verdict == "uncertain":
        yield (Run("we are not certain that this is about data that crosses borders", "strong"),)
    if change.missed:
        yield (Run(MISSED, "strong"),)
    for unread in finding.unread:
        yield (Run(f"not read: {clean(unread)}", "strong"),)
    if language_note:
        yield (Run(clean(language_note), "dim"),)


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
    links = [after[edit.after].link for edit in chosen if edit.after >= 0 and after[edit.after].link]
    for link in dict.fromkeys([*links, source.url]):
        if link.startswith(("https://", "http://")):
            yield (Run(clean(link), "link"),)
    if public_url:
        yield (Run(f"{public_url.rstrip('/')}/change/{change.id}", "link"),)
