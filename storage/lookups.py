"""Look-ups over what was judged: newest first, dates ahead, changes per week; each a walk along an index."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from bot.model import VERDICTS, Ahead, Change, Filters, Finding
from storage.facets import asked, decode
from storage.facts import CAUSES, read_changes
from storage.packing import moment, stamp
from storage.room import Room, marks
from storage.words import question

NEWEST_FIRST: Final = "ORDER BY judged.at DESC, judged.change DESC LIMIT ?"
DATES: Final = """SELECT day, number, judged.change, source.name, judged.at, finding.content, coalesce(
    (SELECT event FROM event_change WHERE event_change.change = judged.change), 0)
    FROM dated CROSS JOIN change ON change.id = dated.change
    CROSS JOIN judged ON judged.at = change.at AND judged.change = change.id
    CROSS JOIN finding ON finding.id = judged.finding CROSS JOIN source ON source.id = judged.source"""
STATED_LAST: Final = """SELECT event, substr(word.text, 6), judged.change FROM event_change
    CROSS JOIN change ON change.id = event_change.change AND NOT late
    CROSS JOIN judged ON judged.at = change.at AND judged.change = change.id AND verdict < 2
    CROSS JOIN word ON word.id IN ({words})
    CROSS JOIN facet ON facet.word = word.id AND facet.at = judged.at AND facet.change = judged.change
    WHERE event IN (SELECT event FROM event_change WHERE event IN ({events}) GROUP BY event HAVING count(*) > 1)
    ORDER BY judged.at, judged.change"""
STATING: Final = """SELECT facet.at AS at, facet.change AS change, finding FROM facet CROSS JOIN judged
    ON judged.at = facet.at AND judged.change = facet.change"""
OF_SOURCES: Final = """SELECT change.at AS at, change.id AS change, finding FROM change CROSS JOIN judged
    ON judged.at = change.at AND judged.change = change.id"""
WORDS: Final = 60  # of one condition that are walked along side by side
MANY: Final = 2_000  # rows up to which is counted what is rare
MONDAY: Final = stamp(datetime.fromisoformat("1970-01-05T00:00:00+00:00"))
WEEK: Final = timedelta(days=7) // timedelta(milliseconds=1)
WEEKLY: Final = f"""SELECT substr(word.text, {len("jurisdiction:") + 1}), (facet.at - {MONDAY}) / {WEEK}, count(*)
    FROM word CROSS JOIN facet ON facet.word = word.id AND facet.at >= ? AND facet.at < ?
    CROSS JOIN judged ON judged.at = facet.at AND judged.change = facet.change
    CROSS JOIN change ON change.id = facet.change
    WHERE word.text >= 'jurisdiction:' AND word.text < 'jurisdiction;' AND verdict = 0
    AND change.cause != {CAUSES.index("baseline")} GROUP BY 1, 2"""


class Condition(NamedTuple):
    """A piece of SQL over `judged` that must hold, with its values; `{row}` is a table that has its `at` and `change`.

    `words`: those of which one at least is stated, where the condition says so and nothing else. `of_sources`: it asks
    for Changes of the sources that `values` name, and for nothing else.
    """

    sql: str
    values: tuple[Any, ...] = ()
    words: tuple[int, ...] = ()
    of_sources: str = ""


class Lookups(Room):
    """The store's part that answers questions."""

    def recent(
        self,
        *,
        filters: Filters | None = None,
        verdicts: Sequence[str] = ("relevant", "uncertain"),
        since: datetime | None = None,
        until: datetime | None = None,
        before: int = 0,
        limit: int = 20,
    ) -> tuple[tuple[Change, Finding], ...]:
        """Judged Changes of [since, until) with their latest Findings, newest first.

        `before`: those that come after this Change there. Of `filters`, severity (`min`) and `every_change` do not
        apply; a source stands for what is derived from it, too. Extractor Changes are left out.
        """
        conditions = [Condition(f"verdict IN ({marks(verdicts)})", tuple(map(VERDICTS.index, verdicts)))]
        conditions += within(since, until)
        with self._db.reading() as db:
            conditions += narrowed(db, filters or Filters(), before=before)
            rows = walk(db, conditions, limit=limit)
            changes = {one.id: one for one in read_changes(db, *_among([row[0] for row in rows]))}
            opinions = [_opinion(db, finding) for _, finding in rows]
            return tuple((changes[opinion.change], opinion) for opinion in opinions)

    def ahead(
        self, *, since: date, until: date | None = None, filters: Filters | None = None, limit: int = 200
    ) -> tuple[Ahead, ...]:
        """Dates that the latest Findings (relevant or uncertain, not late) state, soonest first; no *published*.

        Both ends included. Of an act that several Changes speak of, those of each kind that were stated last.
        """
        days = [Condition("day >= ? AND day <= ?", (since.toordinal(), (until or date.max).toordinal()))]
        with self._db.reading() as db:
            where, values = joined([*days, *narrowed(db, filters or Filters())])
            sql = f"{DATES} {where} ORDER BY day, judged.at, judged.change, number LIMIT ?"
            rows = db.execute(sql, (*values, limit)).fetchall()
            last = _stated_last(db, {row[6] for row in rows if row[6]})
        contents = {row[2]: row[5] for row in rows}  # many state several dates
        opinions = {change: decode(content) for change, content in contents.items()}
        found = (_ahead(row, opinions[row[2]]) for row in rows)
        return tuple(one for one in found if last.get((one.event, one.dated.kind), one.change) == one.change)

    def weekly(self, *, since: datetime, until: datetime) -> Mapping[str, Mapping[date, int]]:
        """Relevant Changes of [since, until) per jurisdiction and week (its Monday, UTC); baselines are no news."""
        found: dict[str, dict[date, int]] = defaultdict(dict)
        with self._db.reading() as db:
            for place, week, number in db.execute(WEEKLY, (stamp(since), stamp(until))):
                found[place][moment(MONDAY + week * WEEK).date()] = number
        return dict(found)


# ------------------------------------------------------------------------------------------------ what is asked


def within(since: datetime | None, until: datetime | None) -> list[Condition]:
    """Of this moment or later, earlier than that."""
    found = [Condition("{row}.at >= ?", (stamp(since),))] if since else []
    return found + ([Condition("{row}.at < ?", (stamp(until),))] if until else [])


def narrowed(db: sqlite3.Connection, filters: Filters, *, before: int = 0) -> list[Condition]:
    """What the filters ask of a row of `judged`; and that it comes after Change `before`, newest first."""
    found = [_stating(db, texts) for texts in asked(filters)]
    if filters.sources:
        names = marks(filters.sources)
        inner = f"SELECT id FROM source WHERE name IN ({names})"
        inner = f"{inner} UNION SELECT id FROM source WHERE parent IN ({inner})"
        both = (*filters.sources, *filters.sources)
        found.append(Condition(f"judged.source IN ({inner})", both, of_sources=inner))
    if filters.words:
        found.append(saying(question(" ".join(filters.words))))
    if before:
        found.append(Condition("({row}.at, {row}.change) < (SELECT at, id FROM change WHERE id = ?)", (before,)))
    return found


def saying(words: str) -> Condition:
    """The search index finds this FTS5 expression; "" is found nowhere.

    The plus keeps SQLite from going through all that was found for each row of another table, to seek it in `judged`.
    """
    return Condition("+{row}.change IN (SELECT rowid FROM search WHERE search MATCH ?)", (words,)) if words else NEVER


def _stating(db: sqlite3.Connection, texts: Sequence[str]) -> Condition:
    words = tuple(number for (number,) in db.execute(f"SELECT id FROM word WHERE text IN ({marks(texts)})", texts))
    inner = f"SELECT 1 FROM facet AS stated WHERE word IN ({marks(words)}) AND stated.at = {{row}}.at"
    return Condition(f"EXISTS ({inner} AND stated.change = {{row}}.change)", words, words) if words else NEVER


NEVER: Final = Condition("0")


def walk(db: sqlite3.Connection, conditions: Sequence[Condition], *, limit: int) -> list[tuple[int, int]]:
    """Change and latest Finding of the newest rows for which all of this holds.

    Along the rarest of what must be stated, or the few Changes of the sources asked for: what hardly ever meets is not
    sought in everything that was ever judged.
    """
    rarest = _rarest(db, conditions)
    if rarest is None:
        where, values = joined(conditions)
        sql = f"SELECT change, finding FROM judged {where} {NEWEST_FIRST}"
        return db.execute(sql, (*values, limit)).fetchall()
    others = [one for one in conditions if one is not rarest]
    inner, values = _of_sources(rarest, others) if rarest.of_sources else _stated(rarest, others)
    rows = db.execute(f"{inner} ORDER BY at DESC, change DESC LIMIT ?", (*values, limit))
    return [(change, finding) for _, change, finding in rows]


def _rarest(db: sqlite3.Connection, conditions: Sequence[Condition]) -> Condition | None:
    """The condition along whose rows the answer is found soonest; None: along everything."""
    narrow = [one for one in conditions if 0 < len(one.words) <= WORDS or one.of_sources]
    if len(narrow) == 1 and narrow[0].words:
        return narrow[0]
    sized = [(_size(db, one), number) for number, one in enumerate(narrow)]
    # of busy sources all Changes would have to be put in order; walking along everything meets them soon
    useful = [(size, number) for size, number in sized if size < MANY or narrow[number].words]
    return narrow[min(useful)[1]] if useful else None


def _size(db: sqlite3.Connection, one: Condition) -> int:
    """How many rows fulfil a condition, counted up to a limit."""
    names = one.of_sources
    inner = f"change WHERE source IN ({names})" if names else f"facet WHERE word IN ({marks(one.words)})"
    return int(db.execute(f"SELECT count(*) FROM (SELECT 1 FROM {inner} LIMIT {MANY})", one.values).fetchone()[0])


def _stated(rarest: Condition, others: Sequence[Condition]) -> tuple[str, list[Any]]:
    """Along each of its words, side by side, newest first."""
    where, values = joined(others, row="facet", also="facet.word = ?")
    inner = " UNION ".join(f"{STATING} {where}" for _ in rarest.words)
    return inner, [value for word in rarest.words for value in (*values, word)]


def _of_sources(rarest: Condition, others: Sequence[Condition]) -> tuple[str, list[Any]]:
    """Of the Changes of its sources, all of which are put in order."""
    names = rarest.of_sources
    where, values = joined(others, also=f"change.source IN ({names})")
    return f"{OF_SOURCES} {where}", [*values, *rarest.values]


def joined(conditions: Sequence[Condition], *, row: str = "judged", also: str = "") -> tuple[str, list[Any]]:
    """A WHERE clause and its values; `also`: a condition that comes last."""
    parts = [one.sql.format(row=row) for one in conditions] + ([also] if also else [])
    where = "WHERE " + " AND ".join(parts) if parts else ""
    return where, [value for one in conditions for value in one.values]


# ------------------------------------------------------------------------------------------------ answers


def _among(changes: Sequence[int]) -> tuple[str, Sequence[int]]:
    return f"WHERE change.id IN ({marks(changes)})", changes


def _opinion(db: sqlite3.Connection, number: int) -> Finding:
    (content,) = db.execute("SELECT content FROM finding WHERE id = ?", (number,)).fetchone()
    return replace(decode(content), id=number)


def _stated_last(db: sqlite3.Connection, events: Collection[int]) -> dict[tuple[int, str], int]:
    """The newest Change of each event that states a date of a kind, where several Changes speak of the event."""
    numbers = db.execute("SELECT id FROM word WHERE text >= 'date:' AND text < 'date;'").fetchall()
    words = [number for (number,) in numbers]
    wanted, found = list(events), {}
    for start in range(0, len(wanted), 500):  # SQLite takes at least 999 parameters
        part = wanted[start : start + 500]
        sql = STATED_LAST.format(words=marks(words), events=marks(part))
        found.update({(event, kind): change for event, kind, change in db.execute(sql, (*words, *part))})
    return found


def _ahead(row: Sequence[Any], opinion: Finding) -> Ahead:
    _, number, change, source, at, _, event = row
    return Ahead(
        dated=opinion.dates[number],
        change=change,
        source_id=source,
        seen=moment(at),
        headline=opinion.headline,
        verdict=opinion.verdict,
        jurisdictions=opinion.jurisdictions,
        corridors=opinion.corridors,
        event=event,
    )
