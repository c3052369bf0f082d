"""Coverage: who was read, who was not and since when. Silence must mean "nothing happened" (promise 9). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bot.model import CAUSES, Coverage, Source, Standing, Subscription

SHUT_OUT = frozenset({"blocked", "login", "robots", "forbidden address", "js shell"})
STALE_AFTER = 3  # intervals without a good look
HALF_A_YEAR = timedelta(days=182)
NAMED = 8  # sources that a sentence names
ENDLESS = 9999  # the year until which a pause lasts that has no end


def coverage(sources: Iterable[Source], standings: Mapping[str, Standing], *, now: datetime) -> Coverage:
    """Sort the declared sources by how well they are seen. A source that fails is never counted as read."""
    declared = [source for source in sources if not source.parent]
    watched = [source for source in declared if source.enabled]
    standing = {source.id: standings.get(source.id) or Standing(source.id) for source in watched}
    failing = [s for s in standing.values() if s.streak and s.cause not in SHUT_OUT]
    blocked = [s for s in standing.values() if s.streak and s.cause in SHUT_OUT]
    well = [source for source in watched if not standing[source.id].streak and standing[source.id].last_good]
    stale = [standing[source.id] for source in well if _is_stale(source, standing[source.id], now=now)]
    quiet = [standing[source.id] for source in well if _is_quiet(source, standing[source.id], now=now)]
    late = {s.source_id for s in stale}
    return Coverage(
        at=now,
        watched=tuple(source.id for source in watched),
        read=tuple(source.id for source in well if source.id not in late),
        failing=tuple(failing),
        blocked=tuple(blocked),
        stale=tuple(stale),
        quiet=tuple(quiet),
        unproven=tuple(source.id for source in watched if not standing[source.id].last_good),
        off=tuple((source.id, source.off_reason) for source in declared if not source.enabled),
        blind=_blind(declared, {source.id for source in well} - late),
    )


def _is_stale(source: Source, standing: Standing, *, now: datetime) -> bool:
    return standing.last_good is not None and now - standing.last_good > source.every * STALE_AFTER


def _is_quiet(source: Source, standing: Standing, *, now: datetime) -> bool:
    """Silent for longer than is usual, or still silent after the day by which something comes."""
    expected, last = source.expect_change_every, standing.last_change or standing.first_good
    if last is None:
        return False
    since = _expected_since(source.expect_by, now=now)
    return bool(expected and now - last > expected or since and last < since)


def _expected_since(by: str, *, now: datetime) -> datetime | None:
    """The moment after which a change was due by now: MM-DD every year, YYYY-MM-DD once; None: none is due.

    What comes every year may come up to half a year before its day.
    """
    if not by:
        return None
    once = by.count("-") == 2
    day = _next_midnight(by if once else f"{now.year}-{by}")
    if not once and day > now:
        day = _next_midnight(f"{now.year - 1}-{by}")
    return day - HALF_A_YEAR if day <= now else None


def _next_midnight(day: str) -> datetime:
    """The end of a day; 29 February is the 28th in other years."""
    try:
        return datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=1)
    except ValueError:
        return _next_midnight(f"{day[:-2]}28")


def _blind(declared: list[Source], read: set[str]) -> tuple[str, ...]:
    """Jurisdictions that are never clear: a must-watch source is off, failing or unproven, and its stand-in as well."""
    seen = read | {name for source in declared if source.id in read for name in source.stands_in_for}
    return tuple(sorted({source.jurisdiction for source in declared if source.must_watch and source.id not in seen}))


def sentence(
    coverage: Coverage, *, changes: int, since: datetime | None, subscription: Subscription | None = None
) -> str:
    """Promise 9's words, never a bare "all clear"; without `since` only how the sources stand.

    What a `subscription` keeps from its reader (muted, paused) is named as well.
    """
    of_them = f"{len(coverage.read)} of {len(coverage.watched)} sources"
    if since is None:  # without a period there is nothing to be said of changes
        text = f"as of {_day(coverage.at)}, {of_them} could be read"
    else:
        seen = "no change seen" if not changes else f"{changes} change{'s' * (changes != 1)} seen"
        text = f"{seen} in the {of_them} we could read between {_day(since)} and {_day(coverage.at)}"
    found = [*gaps(coverage), *(hidden(subscription, now=coverage.at) if subscription else ())]
    return "; ".join([text, *(f"{what}: {which}" for what, which in found)]) + "."


def hidden(subscription: Subscription, *, now: datetime) -> list[tuple[str, str]]:
    """What a subscription asked not to be told: muted sources, and everything while it is paused."""
    found = [("muted here", names(subscription.muted))] if subscription.muted else []
    if subscription.paused_until and subscription.paused_until > now:
        found.append(("paused here", pause(subscription.paused_until)))
    return found


def pause(until: datetime) -> str:
    """Until when, in words; a pause without an end is one until somebody says so."""
    return "until resumed" if until.year == ENDLESS else f"until {_day(until)}"


def among(sources: Iterable[Source], *, ids: Collection[str] = (), jurisdictions: Collection[str] = ()) -> list[Source]:
    """The declared sources of which an answer speaks: those named and what they follow from; without any, all."""
    asked = [source for source in sources if not source.parent]
    if not ids and not jurisdictions:
        return asked
    declared = {one.partition("~")[0] for one in ids}  # a followed document's id begins with that of its list
    return [source for source in asked if source.id in declared or source.jurisdiction in jurisdictions]


def gaps(coverage: Coverage) -> list[tuple[str, str]]:
    """What we did not see, or what is strange about what we saw, each named with its reason."""
    dark = _dark(coverage)
    never = [name for name in coverage.unproven if name not in {standing.source_id for standing in dark}]
    found = {
        "not read": reasons({s.source_id: f"{_why(s)}, {_since(s)}" for s in dark}),
        "never read yet": names(never),
        "suspiciously quiet": reasons({s.source_id: f"no change since {_day(s.last_change)}" for s in coverage.quiet}),
        "off": reasons(dict(coverage.off)),
        "not clear": names(coverage.blind),
    }
    return [(what, which) for what, which in found.items() if which]


def names(all_of_them: Sequence[str]) -> str:
    """Names in a sentence; of many the first few and how many more there are (`health` lists all)."""
    if len(all_of_them) <= NAMED + 1:
        return ", ".join(all_of_them)
    return f"{', '.join(all_of_them[:NAMED])} and {len(all_of_them) - NAMED} more"


def reasons(why: Mapping[str, str]) -> str:
    """Sources in a sentence, each with its reason; one that several share is said once. Of many as in `names`."""
    kept = list(why)[: NAMED if len(why) > NAMED + 1 else None]
    together: dict[str, list[str]] = {}
    for name in kept:
        together.setdefault(why[name], []).append(name)
    said = [f"{_both(those)} ({reason})" for reason, those in together.items()]
    more = f" and {len(why) - len(kept)} more" if len(why) > len(kept) else ""
    return ", ".join(said) + more


def _both(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _dark(coverage: Coverage) -> tuple[Standing, ...]:
    return (*coverage.failing, *coverage.blocked, *coverage.stale)


def _why(standing: Standing) -> str:
    return CAUSES.get(standing.cause) or standing.cause or "no look in time"


def _since(standing: Standing) -> str:
    when = standing.failing_since or standing.last_good
    return f"since {_day(when)}" if when else "never read"


def _day(when: datetime | None) -> str:
    return when.strftime("%Y-%m-%d %H:%M UTC") if when else "the beginning"
