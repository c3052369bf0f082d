"""Answers that list changes: the latest, a jurisdiction's, a corridor's, what a search finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.errors import OperatorError
from bot.grammar import unheard
from bot.jurisdictions import name_of
from bot.model import Ahead, Change, Filters, Finding, Hit, Source
from bot.slack import meant
from bot.slack.asker import Asked
from bot.slack.frame import buttons, date, foot, soonest
from bot.slack.parts import Answer, Block, again, button, header, safe, section, when
from bot.slack.typed import quoted

PAGE, AHEAD = 8, 3  # changes and dates in one answer
USUAL = ("relevant", "uncertain")  # the verdicts of what is listed unless somebody asks for others


def latest(asked: Asked) -> Answer:
    """What changed, newest first."""
    wanted, words = meant.verdicts(asked)
    filters = meant.filters_of(asked, words=words)
    found = asked.app.latest(
        filters=filters,
        since=meant.since(asked),
        until=meant.until(asked),
        before=asked.before,
        limit=PAGE + 1,
        verdicts=wanted or USUAL,
    )
    title = "For review, newest first" if wanted == ("uncertain",) else "What changed, newest first"
    return _changes(asked, found, title=title, filters=filters)


def jurisdiction(asked: Asked) -> Answer:
    """What changed in one jurisdiction."""
    if not asked.typed.words:
        raise OperatorError(f"which one? There is: {meant.examples(asked.app)}. Example: /reg jurisdiction CN")
    code = meant.place(asked.app, " ".join(asked.typed.words))
    asked = asked._replace(typed=asked.typed._replace(words=(), keyed=(*asked.typed.keyed, f"jurisdiction:{code}")))
    return latest(asked._replace(typed=asked.typed._replace(verb="latest")))


def corridor(asked: Asked) -> Answer:
    """Rules on data that go from one place to another, with the dates ahead."""
    ends = meant.corridor(asked.app, asked.typed.words)
    keyed = (*asked.typed.keyed, f"corridor:{ends[0]}-{ends[1]}")
    asked = asked._replace(typed=asked.typed._replace(verb="latest", words=(), keyed=keyed))
    filters, wanted = meant.filters_of(asked), meant.verdicts(asked)[0] or USUAL
    found = asked.app.latest(
        filters=filters, since=meant.since(asked), before=asked.before, limit=PAGE + 1, verdicts=wanted
    )
    ahead = [] if asked.before else soonest(asked, AHEAD, filters=filters, days=365)[0][:AHEAD]
    title = f"Rules on data from {_end(ends[0])} to {_end(ends[1])}"
    return _changes(asked, found, title=title, filters=filters, ahead=ahead, places=ends)


def _end(code: str) -> str:
    return "anywhere" if code == "*" else name_of(code)


def _changes(
    asked: Asked,
    found: Sequence[tuple[Change, Finding]],
    *,
    title: str,
    filters: Filters,
    ahead: Sequence[Ahead] = (),
    places: Sequence[str] = (),
) -> Answer:
    sources = asked.app.sources()
    shown = found[:PAGE]
    said = marks(asked, [change.id for change, _ in shown])
    rows = [row(asked, change, finding, sources, marked=said[change.id]) for change, finding in shown]
    if not rows:
        rows = [section(_nothing(asked, filters))]
    dates = [section("*Ahead*\n" + "\n".join(map(date, ahead)))] if ahead else []
    last = shown[-1][0].id if len(found) > PAGE else 0
    jurisdictions = tuple(place for place in (*filters.jurisdictions, *places) if place != "*")
    blocks = [header(title), *dates, *rows, *buttons(asked, last), foot(asked, filters.sources, jurisdictions)]
    return Answer(f"{title}: {len(shown)} shown", tuple(blocks), asked.typed.share)


def _nothing(asked: Asked, filters: Filters) -> str:
    """Why there is nothing to show: nobody looks there, or nothing was seen."""
    if asked.before:
        return "That was all."
    if unread := "; ".join(unheard(filters, asked.app.sources().values())):
        return f"{unread[:1].upper()}{safe(unread[1:], limit=600)}."
    return "No change that we know of matches this."


def marks(asked: Asked, changes: Sequence[int]) -> dict[int, str]:
    """What a person here, or for all, said of each change: " (marked not relevant)"; "" where nobody did."""
    said = asked.app.reviewed(changes, within=[one.id for one in asked.of_this_place()])
    return {change: asked.app.marked(said.get(change)) for change in changes}


def row(asked: Asked, change: Change, finding: Finding, sources: Mapping[str, Source], *, marked: str = "") -> Block:
    source = sources.get(change.source_id) or Source(change.source_id, "")
    level = asked.app.level(finding)[0] if finding.verdict == "relevant" else finding.verdict.replace("_", " ")
    binding = asked.app.binding(finding, source)
    facts = [name_of(source.jurisdiction), safe(source.authority or source.title or source.id, limit=80), binding]
    there = "  (already there)" if change.cause == "baseline" else ""
    lines = [
        f"*{change.id}*  {level.upper()}  {when(change.at, day=True)}{there}{marked}",
        safe(finding.headline, limit=300),
        "_" + " · ".join(fact for fact in facts if fact) + "_",
    ]
    return section("\n".join(lines), accessory=opener(change.id))


def opener(change_id: int) -> Block:
    return button("Show", f"page:{change_id}", again(f"show {change_id}"))


def search(asked: Asked) -> Answer:
    """Words in what changed."""
    words = " ".join(asked.typed.words)
    if not words and not asked.typed.keyed:
        raise OperatorError("say what to look for: /reg search standard contract jurisdiction:CN")
    if not words:
        return latest(asked._replace(typed=asked.typed._replace(verb="latest")))
    filters = meant.filters_of(asked)
    found = asked.app.search(words, filters=filters, before=asked.before, limit=PAGE + 1)
    if begin := meant.since(asked):
        found = tuple(hit for hit in found if hit.at >= begin)
    if wanted := meant.verdicts(asked._replace(typed=asked.typed._replace(words=())))[0]:
        found = tuple(hit for hit in found if hit.verdict in wanted)
    sources = asked.app.sources()
    rows = [_hit(hit, sources) for hit in found[:PAGE]]
    if not rows:
        nothing = f"Nothing that changed holds {safe(quoted(words), limit=150)}."
        rows = [section(nothing + " Fewer or other words may: any language, word beginnings count.")]
    last = found[PAGE - 1].change if len(found) > PAGE else 0
    title = f"Search: {words}"
    blocks = [header(title), *rows, *buttons(asked, last), foot(asked, filters.sources, filters.jurisdictions)]
    return Answer(f"{safe(title, limit=200)}: {len(rows) if found else 0} shown", tuple(blocks), asked.typed.share)


def _hit(hit: Hit, sources: Mapping[str, Source]) -> Block:
    source = sources.get(hit.source_id) or Source(hit.source_id, "")
    snippet = safe(hit.snippet, limit=300)
    named = safe(source.authority or source.title or source.id, limit=80)
    lines = [
        f"*{hit.change}*  {when(hit.at, day=True)}  {hit.verdict.replace('_', ' ')}",
        safe(hit.headline, limit=250),
        *([f"> {snippet}"] if snippet else []),
        "_" + " · ".join(fact for fact in (name_of(source.jurisdiction), named) if fact) + "_",
    ]
    return section("\n".join(lines), accessory=opener(hit.change))
