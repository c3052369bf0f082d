"""The verbs that tell the owner how we do: alarms, the heartbeat, what keeping comes to."""

from __future__ import annotations

import shutil
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot import alarms, pipeline
from bot.app.health import Health
from bot.app.keeping import Keeping
from bot.errors import ReadError
from bot.model import Change, Delivery, Source

WEEK = timedelta(days=7)
BEAT = timedelta(minutes=5)
SEEK = timedelta(hours=1)  # how often noise is sought
TRIED = 8  # changes that rules are tried on
RULES = 4  # that are proposed at most
FEW = 2  # unwanted changes a week below which a noisy source is quiet again
READS_HTML = frozenset({"page", "list"})


class Alarms(Health, Keeping):
    """The part of App that speaks up by itself."""

    def alarm_all(self) -> Iterator[str]:
        """Tell the owner, in one notice, of troubles that last and of those that are over; yields their subjects.

        Alarms and notice are kept together, so that neither a restart nor a crash tells anybody twice, or not at all.
        """
        now, known = self.clock(), {source.id: source for source in self.declared}
        told = self.store.alarms()
        troubles = list(self._troubles(now=now))
        seeks = self.pulse.noise_sought is None or now - self.pulse.noise_sought >= SEEK
        if seeks:
            troubles += alarms.of_noise(self._noises(now=now), known)
            self.pulse.noise_sought = now
        unasked = [*([] if seeks else ["noisy:"]), *([] if self.pulse.ledger is not None else ["ledger"])]
        news = alarms.news(troubles, told, unasked=unasked)
        if not news:
            return
        text, revision = alarms.notice(news, known=known), int(now.timestamp() * 1000)
        notice = [Delivery(0, "notice", "alarms", revision, due=now, detail=text)]
        begun = {one.subject: one.since or now for one in news.begun}
        over = [subject for subject, _ in news.over]
        self.store.keep_alarms(begun | dict.fromkeys(over), notice)
        yield from (*begun, *over)

    def _troubles(self, *, now: datetime) -> Iterator[alarms.Trouble]:
        yield from alarms.of_sources(self.declared, self.standings(), now=now, caught_up=self.pulse.caught_up)
        yield from alarms.of_ourselves(self._vitals(now=now))

    def _vitals(self, *, now: datetime) -> alarms.Vitals:
        rows = self.store.outbox(states=("queued", "sending", "uncertain"))
        given_up = self.store.outbox(states=("dead",))
        due = [row.id for row in rows if row.state != "uncertain" and (row.due is None or row.due <= now)]
        looks = (one.last_check for one in self.standings().values() if one.last_check)
        unjudged = [change.id for change in self._unjudged(limit=20) if not change.late]
        return alarms.Vitals(
            now=now,
            free=shutil.disk_usage(self.settings.home).free,
            last_look=max(looks, default=None),
            oldest_due=self.pulse.noticed("delivery", due, now=now),
            doubtful=sum(row.state == "uncertain" and row.due is None for row in rows),
            dead=sum(row.attempts > 0 and row.attempted is not None and now - row.attempted < WEEK for row in given_up),
            oldest_unjudged=self.pulse.noticed("change", unjudged, now=now),
            late=self.pulse.late(now=now),
            ledger=self.pulse.ledger,
        )

    def _unjudged(self, *, limit: int) -> tuple[Change, ...]:
        patience: dict[str, Any] = {"wait": pipeline.DOCUMENT_WAIT, "tries": pipeline.DOCUMENT_TRIES}
        return self.store.unjudged(now=self.clock(), limit=limit, **patience)

    # ---- noise

    def _noises(self, *, now: datetime) -> Iterator[alarms.Noise]:
        """Sources that changed more than once within a week, no change of which anybody wanted."""
        told = self.store.alarms()
        by_source: dict[str, list[Change]] = defaultdict(list)
        for change in self.store.changes(since=now - WEEK, limit=2_000):
            if change.cause == "source" and not change.late and _amends(change):
                by_source[change.source_id.partition("~")[0]].append(change)
        declared = {source.id: source for source in self.declared if source.enabled}
        for name, changes in by_source.items():
            if len(changes) < FEW or name not in declared or self._is_wanted(changes):
                continue
            if len(changes) < alarms.UNWANTED or f"noisy:{name}" in told:
                yield alarms.Noise(name, len(changes))
            else:
                tried = [change for change in changes if change.source_id == name][:TRIED]
                yield alarms.Noise(name, len(changes), *self._rules(declared[name], tried), tried=len(tried))

    def _is_wanted(self, changes: Sequence[Change]) -> bool:
        """Whether any of these was worth a reader's time: people's words go before the judge's."""
        opinions = self.store.findings([change.id for change in changes])
        for change in changes:
            said = [one.says for one in self.store.reviews(change.id) if one.says in ("relevant", "not_relevant")]
            verdict = said[-1] if said else opinions[change.id].verdict if change.id in opinions else "uncertain"
            if verdict != "not_relevant":
                return True
        return False

    def _rules(self, source: Source, changes: Sequence[Change]) -> tuple[tuple[str, ...], int]:
        """The fewest lines for sources.toml that hush most of these changes, and how many; tried on stored bytes."""
        from bot.extract import restless  # the readers, for once a week or never

        found: Counter[str] = Counter()
        for change in changes:
            body = self.store.body(change.after)[0] if change.after and source.type in READS_HTML else b""
            blocks = self.store.blocks(change.before), self.store.blocks(change.after)
            found.update({one.rule for one in restless(*blocks, body=body) if one.rule})
        best: tuple[tuple[str, ...], int] = ((), 0)
        likely = tuple(rule for rule, _ in found.most_common(RULES))
        for size in range(1, len(likely) + 1):
            ruled = _with_rules(source, likely[:size])
            hushed = sum(self._reads_the_same(ruled, change) for change in changes)
            best = (likely[:size], hushed) if hushed > best[1] else best
        return tuple(_lines(best[0])), best[1]

    def _reads_the_same(self, source: Source, change: Change) -> bool:
        from bot.extract import reading_hash
        from bot.look import read_body

        hashes = set()
        for version in (change.before, change.after):
            if version is None:
                return False
            body, headers = self.store.body(version)
            try:
                reading = read_body(body, source=source, headers=headers, url=source.url)
            except ReadError:
                return False
            hashes.add(reading_hash(reading.blocks))
        return len(hashes) == 1

    # ---- the heartbeat, and the daily round

    def beat(self) -> Iterator[None]:
        """Ask the heartbeat address every five minutes; to be called while all is well. Raises FetchError."""
        now, url = self.clock(), self.settings.heartbeat_url
        if not url or (self.pulse.beaten and now - self.pulse.beaten < BEAT):
            return
        from bot.fetch.plain import ask

        self.pulse.beaten = now
        ask(url, deadline=20.0)
        yield

    def keep_all(self) -> Iterator[tuple[str, int]]:
        """Once a day: let go of what was kept long enough, and walk the ledger; what is wrong with it is an alarm."""
        yield from self.let_go()
        self.pulse.ledger = self.store.verify()


def _amends(change: Change) -> bool:
    """Whether something that was there differs; new items on a list are what lists are for."""
    return any(edit.counted and edit.kind != "new" for edit in change.edits)


def _lines(rules: Iterable[str]) -> Iterator[str]:
    """The same rules with one line for each key."""
    by_key: dict[str, list[str]] = defaultdict(list)
    for rule in rules:
        key, _, values = rule.partition(" = ")
        by_key[key].append(values[1:-1])
    yield from (f"{key} = [{', '.join(values)}]" for key, values in by_key.items())


def _with_rules(source: Source, rules: Iterable[str]) -> Source:
    added: dict[str, list[str]] = {"ignore": [*source.ignore], "remove": [*source.remove]}
    for rule in rules:
        for key, values in tomllib.loads(rule).items():
            added[key] += values
    return replace(source, ignore=tuple(added["ignore"]), remove=tuple(added["remove"]))
