"""The clock: jobs that never wait for one another, each a drain over the store.

APScheduler's traps are avoided on purpose: its default misfire_grace_time of 1 s silently drops a late run (so: None,
with coalesce), its job stores are not used (what is due is computed from our own store, so a missed run is caught up),
and the time zone is explicit.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from bot.app import App, read_sources
from bot.errors import BotError, StoreError

TICKS = {"looks": 20, "judging": 5, "delivering": 2}
"""Seconds between two drains. A drain that still runs is not started again (max_instances=1)."""

GRACE = 20.0  # seconds for looks in flight after SIGTERM; what is not recorded by then stays due


class Scheduler:
    """Drives App's drains until told to stop; `say` gets one line for whatever an operator should know."""

    def __init__(self, app: App, *, say: Callable[[str], None]) -> None:
        self.app, self.say = app, say
        self.stopping = threading.Event()
        self.drained: dict[str, datetime] = {}  # when each job last came to its end
        self._failed: dict[str, str] = {}
        self._clock = BackgroundScheduler(timezone=UTC)
        jobs: dict[str, Callable[[], Iterable[object]]] = {
            "looks": self._looks,
            "judging": app.judge_all,
            "delivering": app.deliver_all,
        }
        for name, drain in jobs.items():
            self._clock.add_job(
                self._drain,
                "interval",
                (name, drain),
                id=name,
                seconds=TICKS[name],
                next_run_time=datetime.now(UTC),
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )

    def _looks(self) -> Iterable[object]:
        for outcome, change in self.app.check():
            if outcome.kind == "failed":
                self.say(f"{outcome.source_id}: could not be read: {outcome.cause}. {outcome.look.detail}".rstrip())
            elif change:
                self.say(f"{outcome.source_id}: {outcome.kind}, change {change}")
            yield outcome

    def _drain(self, name: str, drain: Callable[[], Iterable[object]]) -> None:
        """Run one drain to its end. Trouble is said once, not at every tick; the next tick tries again."""
        try:
            for _ in drain():
                if self.stopping.is_set():
                    return
        except BotError as error:
            if self._failed.get(name) != str(error):
                self.say(f"{name}: {error}")
            self._failed[name] = str(error)
            if isinstance(error, StoreError):
                self.stop()
            return
        self._failed.pop(name, None)
        self.drained[name] = self.app.clock()

    def reload(self) -> None:
        """SIGHUP: read sources.toml again; a broken file keeps the old declarations and says so."""
        try:
            self.app.declare(read_sources(self.app.settings))
        except BotError as error:
            self.say(f"sources not re-read, the old ones stay: {error}")
        else:
            self.say(f"sources re-read: {len(self.app.declared)} declared")

    def stop(self, *_: object) -> None:
        """Ask for the end: no new units, pauses end at once, the drains stop after the row in hand."""
        self.stopping.set()
        self.app.stop_looking()

    def run(self) -> None:
        """Until SIGTERM or SIGINT; SIGHUP re-reads the declarations. Call from the main thread."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        hang_up = threading.Event()
        signal.signal(signal.SIGHUP, lambda *_: hang_up.set())
        self._clock.start()
        while not self.stopping.wait(0.5):
            if hang_up.is_set():
                hang_up.clear()
                self.reload()
        self._clock.shutdown(wait=True)

    def healthy(self) -> bool:
        """Ready: every drain came to its end lately. A long pass of looks is not an illness."""
        now = self.app.clock()
        limits = {"looks": timedelta(hours=1), "judging": timedelta(minutes=15), "delivering": timedelta(minutes=15)}
        return all(name in self.drained and now - self.drained[name] < limit for name, limit in limits.items())
