"""The clock: jobs that never wait for one another, each a drain over the store.

APScheduler's traps are avoided on purpose: its default misfire_grace_time of 1 s silently drops a late run (so: None,
with coalesce), its job stores are not used (what is due is computed from our own store, so a missed run is caught up),
and the time zone is explicit.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue

from apscheduler.schedulers.background import BackgroundScheduler

from bot.app import App, read_sources
from bot.errors import BotError, StoreError

TICKS = {"looks": 20, "judging": 2, "delivering": 1, "digests": 30, "reminders": 300}
"""Seconds between two drains. A drain that still runs is not started again (max_instances=1)."""

LIMITS = {"looks": timedelta(hours=1)} | dict.fromkeys(
    ("judging", "delivering", "digests", "reminders"), timedelta(minutes=15)
)
"""How long a drain may take to come to its end before the service calls itself ill. A first pass of looks is long."""

log = logging.getLogger(__name__)


class Scheduler:
    """Drives App's drains until told to stop; `say` gets one line for whatever an operator should know."""

    def __init__(self, app: App, *, say: Callable[[str], None]) -> None:
        self.app, self.say = app, say
        self._crew = app.crew  # made before there are threads, so that `stop` finds the one that looks
        self.stopping = threading.Event()
        self.drained: dict[str, datetime] = {}  # when each job last came to its end
        self._failed: dict[str, str] = {}
        self._trouble: StoreError | None = None
        # What signals ask for. A SimpleQueue may be filled from a signal handler; locks and events may not.
        self._asked: SimpleQueue[str] = SimpleQueue()
        self._clock = BackgroundScheduler(timezone=UTC)
        # A pass of looks that takes longer than a tick is no news.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        jobs: dict[str, Callable[[], Iterable[object]]] = {
            "looks": self._looks,
            "judging": app.judge_all,
            "delivering": app.deliver_all,
            "digests": app.digest_all,
            "reminders": app.remind_all,
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
                if self.stopping.is_set() and name != "looks":  # looks that came back are recorded; the crew ends them
                    return
        except BotError as error:
            if self._is_news(name, error):
                self.say(f"{name}: {error}")
            if isinstance(error, StoreError):
                self._trouble = error
                self.stop()
        except Exception as error:  # a bug of ours: its traceback, once; the other drains go on
            if self._is_news(name, error):
                log.exception("%s: %s", name, error)
        else:
            self._failed.pop(name, None)
            self.drained[name] = self.app.clock()

    def _is_news(self, name: str, error: Exception) -> bool:
        said, self._failed[name] = self._failed.get(name), f"{type(error).__name__}: {error}"
        return said != self._failed[name]

    def reload(self) -> None:
        """SIGHUP: read sources.toml again; a broken file keeps the old declarations and says so."""
        try:
            self.app.declare(read_sources(self.app.settings))
        except BotError as error:
            self.say(f"sources not re-read, the old ones stay: {error}")
        else:
            self.say(f"sources re-read: {len(self.app.declared)} declared")

    def stop(self, *_: object) -> None:
        """Ask for the end; may be called from a signal handler, and more than once."""
        self._asked.put("stop")

    def listen(self) -> None:
        """From now on SIGTERM and SIGINT ask for the end, SIGHUP for the declarations. Call from the main thread."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        signal.signal(signal.SIGHUP, lambda *_: self._asked.put("reload"))

    def run(self) -> None:
        """Until `stop`. No drain is left in the middle of a row; looks in flight get a short grace.

        What is not recorded by then stays due. Raises StoreError when the store was in trouble.
        """
        self._clock.start()
        while self._asked.get() == "reload":
            self.reload()
        self.stopping.set()
        self._crew.stop()
        self._clock.shutdown(wait=True)
        if self._trouble:
            raise self._trouble

    def healthy(self) -> bool:
        """Ready: every drain came to its end lately."""
        now = self.app.clock()
        return all(name in self.drained and now - self.drained[name] < limit for name, limit in LIMITS.items())
