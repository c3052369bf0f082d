"""Answers about how things stand: dates ahead, the state of play, what is watched and what could be read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bot.errors import OperatorError
from bot.model import CAUSES, Change, Coverage, Filters, Finding, Source, Standing
from bot.slack import meant
from bot.slack.asker import Asked
from bot.slack.changes import marks
from bot.slack.frame import buttons, date, foot, joined, soonest
from bot.slack.parts import Answer, clip, context, header, link, safe, section, when
from bot.slack.typed import span

DATES, SOURCES, FAILING, INSTRUMENTS = 24, 25, 20, 15  # entries in one answer


def upcoming(asked: Asked) -> Answer:
    """Dates ahead, soonest first."""
    words = list(asked.typed.words)
    days = 90
    if words and re.match(r"\d", words[0]):
        days = max(span(words.pop(0)).days, 1)
    filters, footprint = meant.filters_of(asked, words=words), asked.typed.value("footprint")
    found, _ = soonest(asked, asked.before + DATES, filters=filters, days=days, footprint=footprint)
    shown = found[asked.before : asked.before + DATES]
    body = [section(one) for one in joined(map(date, shown))]
    if not body:
        body = [section(f"No date in the next {days} days that a text we read states and that matches this.")]
    end = asked.before + len(shown)
    title = f"Dates in the next {days} days"
    blocks = [header(title), *body, *buttons(asked, end if end < len(found) else 0),
              foot(asked, filters.sources, filters.jurisdictions)]  # fmt: skip
    return Answer(f"{title}: {len(shown)} shown", tuple(blocks), asked.typed.share)


def state(asked: Asked) -> Answer:
    """The state of play of one jurisdiction."""
    if not asked.typed.words:
        raise OperatorError(f"of which one? There is: {meant.examples(asked.app)}. Example: /reg state CN")
    found = asked.app.state(meant.place(asked.app, " ".join(asked.typed.words)))
    lines = [_instrument(one) for one in found.instruments]
    shown = lines[asked.before : asked.before + INSTRUMENTS]
    end = asked.before + len(shown)
    first = not asked.before
    blind = [safe(one, limit=250) for one in found.blind[:8]]
    recent = _recent(asked, found.recent[:5])
    blocks = [
        header(f"State of play: {found.name}"),
        *([section("*Ahead*\n" + "\n".join(map(date, found.ahead[:6])))] if found.ahead and first else []),
        *([section("*Last 90 days*\n" + "\n".join(recent))] if recent and first else []),
        *(section(one) for one in joined(shown)),
        *([section("*Not seen*\n" + "\n".join(blind))] if blind else []),
        *buttons(asked, end if end < len(lines) else 0),
        context(safe(found.sentence, limit=1_500)),
        foot(asked, jurisdictions=(found.jurisdiction,)),
    ]
    return Answer(f"State of play: {safe(found.name)}", tuple(blocks), asked.typed.share)


def _recent(asked: Asked, found: Sequence[tuple[Change, Finding]]) -> list[str]:
    """Changes in a line each; doubt, and what a person said, stand behind the headline."""
    said = marks(asked, [change.id for change, _ in found])
    return [
        f"*{change.id}* {when(change.at, day=True)} {safe(finding.headline, limit=150)}"
        + (" (uncertain)" if finding.verdict == "uncertain" else "")
        + said[change.id]
        for change, finding in found
    ]


def _instrument(one: object) -> str:
    """One watched instrument: title, stage, as of when, its newest change."""
    title, stage = getattr(one, "title", ""), getattr(one, "stage", "").replace("_", " ")
    change, seen = getattr(one, "change", 0), getattr(one, "last_good", None)
    facts = [stage, f"change {change}: {safe(getattr(one, 'headline', ''), limit=120)}" if change else "",
             f"read {when(seen, day=True)}" if seen else "never read well"]  # fmt: skip
    return f"• {link(getattr(one, 'url', ''), clip(title, 120))}: " + " · ".join(fact for fact in facts if fact)


def status(asked: Asked) -> Answer:
    """What could be read and what not; with a source, how that one stands."""
    if asked.typed.words:
        return _standing(asked, asked.app.source(asked.typed.words[0].casefold()))
    seen = asked.app.coverage()
    waiting = Counter(one.state for one in asked.app.outbox())
    queue = ", ".join(f"{count} {name}" for name, count in waiting.items()) or "none waits"
    dark = [*_dark(seen, asked.app.standings())]
    shown = dark[asked.before : asked.before + FAILING]
    end = asked.before + len(shown)
    never = f"*Unproven:* {len(seen.unproven)} of them never read well yet"
    blocks = [
        header(f"{len(seen.read)} of {len(seen.watched)} sources could be read"),
        *([section(never)] if seen.unproven and not asked.before else []),
        *(section(one) for one in joined(shown)),
        *([section(f"*Never clear:* {', '.join(seen.blind)} (a source that must be watched cannot be read)")]
          if seen.blind else []),
        context(f"Messages: {queue}"),
        *buttons(asked, end if end < len(dark) else 0),
        context(safe(asked.app.coverage_sentence(), limit=2_800)),
    ]  # fmt: skip
    return Answer(f"{len(seen.read)} of {len(seen.watched)} sources could be read", tuple(blocks), asked.typed.share)


def _dark(seen: Coverage, standings: Mapping[str, Standing]) -> Iterator[str]:
    """A line for each source that is not read: those that were read before, then those that are unproven."""
    for one in (*seen.failing, *seen.blocked, *seen.stale):
        if one.source_id not in seen.unproven:
            why = CAUSES.get(one.cause) or "no look in time"
            yield f"• {safe(one.source_id)}: {why}, since {when(one.failing_since or one.last_good)}"
    for name in seen.unproven:
        one = standings.get(name) or Standing(name)
        why = f"{CAUSES.get(one.cause, one.cause)}, since {when(one.failing_since)}" if one.streak else "no look yet"
        yield f"• {safe(name)}: unproven, never read well ({why})"


def _standing(asked: Asked, source: Source) -> Answer:
    one = asked.app.standings().get(source.id) or Standing(source.id)
    lines = [
        f"*{link(source.url, source.title or source.id)}* ({safe(source.id)})",
        f"Last look {when(one.last_check)}, last read well {when(one.last_good)}, last change {when(one.last_change)}.",
    ]
    if not source.enabled:
        lines.append(f"It is switched off: {source.off_reason}.")
    if source.enabled and not one.last_good:
        lines.append("It is unproven: it was never read well yet.")
    if one.streak:
        lines.append(f"It cannot be read since {when(one.failing_since)}: {CAUSES.get(one.cause, one.cause)}.")
    blocks = [section("\n".join(lines)), *buttons(asked, 0), foot(asked, (source.id,))]
    return Answer(f"Status of {safe(source.id)}", tuple(blocks), asked.typed.share)


def sources(asked: Asked) -> Answer:
    """What is watched, by jurisdiction; words narrow it."""
    standings = asked.app.standings()
    wanted = [word.casefold() for word in asked.typed.words]
    filters = meant.filters_of(asked)
    found = [one for one in asked.app.declared if _is_wanted(one, wanted, filters)]
    shown = found[asked.before : asked.before + SOURCES]
    lines = [_line(one, standings.get(one.id) or Standing(one.id)) for one in shown]
    end = asked.before + len(shown)
    title = f"{len(found)} sources" + (f" that match {' '.join(asked.typed.words)}" if wanted else " are watched")
    body = [section(one) for one in joined(lines)] or [section("None matches. `/reg sources` alone lists all.")]
    blocks = [header(title), *body, *buttons(asked, end if end < len(found) else 0), foot(asked)]
    return Answer(safe(title), tuple(blocks), asked.typed.share)


def _is_wanted(source: Source, words: Sequence[str], filters: Filters) -> bool:
    said = " ".join((source.id, source.title, source.authority, source.jurisdiction, *source.topics)).casefold()
    placed = not filters.jurisdictions or source.jurisdiction in filters.jurisdictions
    return placed and all(word in said for word in words)


def _line(source: Source, standing: Standing) -> str:
    if not source.enabled:
        how = f"off: {source.off_reason}"
    elif standing.streak:
        unproven = "" if standing.last_good else "unproven, "
        how = f"{unproven}*cannot be read*: {CAUSES.get(standing.cause, standing.cause)}"
    else:
        how = f"read {when(standing.last_good, day=True)}"
    return f"• {source.jurisdiction} `{source.id}` {safe(source.title or source.url, limit=90)} · {how}"
