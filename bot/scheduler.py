"""The clock: jobs that never wait for one another, each a drain over the store.

APScheduler's traps are avoided on purpose: its default misfire_grace_time of 1 s silently drops a late run (so: None,
with coalesce), its job stores are not used (what is due is computed from our own store, so a missed run is caught up),
and the time zone is explicit.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from queue import Empty, SimpleQueue

from apscheduler.schedulers.background import BackgroundScheduler

from bot.app import App, read_sources
from bot.errors import BotError, StoreError
from bot.model import CAUSES, Delivery, Outcome

TICKS = {
    "looks": 20, "judging": 2, "delivering": 1, "digests": 30, "reminders": 300, "alarms": 300, "heartbeat": 2,
    "keeping": 86_400,
}  # fmt: skip
"""Seconds between two drains. A drain that still runs is not started again (max_instances=1)."""

LATER = {"keeping": timedelta(minutes=15)}
"""Drains that do not run at once when the service starts; the others do."""

GLANCE = 30.0  # seconds between two glances at whether the clock was set back

LIMITS = {"looks": timedelta(hours=1), "alarms": timedelta(minutes=30)} | dict.fromkeys(
    ("judging", "delivering", "digests", "reminders"), timedelta(minutes=15)
)
"""How long a drain may take to come to its end before the service calls itself ill. A first pass of looks is long."""


def limits(channels: Iterable[str]) -> dict[str, timedelta]:
    """The same by name of each drain; each channel is delivered to by a drain of its own, for it may hang."""
    limit = LIMITS["delivering"]
    others = {name: limit for name, limit in LIMITS.items() if name != "delivering"}
    return others | {f"delivering:{name}": limit for name in channels}


log = logging.getLogger(__name__)


class Scheduler:
    """Drives App's drains until told to stop; `say` gets one line for whatever an operator should know."""

    def __init__(self, app: App, *, say: Callable[[str], None]) -> None:
        self.app, self.say = app, say
        self._crew = app.crew  # made before there are threads, so that `stop` finds the one that looks
        self.stopping = threading.Event()
        self.pulse = app.pulse
        self.pulse.limits = limits(app.channels)
        self.drained = self.pulse.drained  # when each drain last came to its end
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
            **{f"delivering:{name}": partial(app.deliver_all, only=name) for name in app.channels},
            "digests": app.digest_all,
            "reminders": app.remind_all,
            "alarms": app.alarm_all,
            "heartbeat": self._beat,
            "keeping": app.keep_all,
        }
        for name, drain in jobs.items():
            self._clock.add_job(
                self._drain,
                "interval",
                (name, drain),
                id=name,
                seconds=_tick(name),
                next_run_time=datetime.now(UTC) + LATER.get(name, timedelta()),
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )

    def _looks(self) -> Iterable[object]:
        for outcome, change in self.app.check():
            _log_look(outcome, change)
            yield outcome

    def _beat(self) -> Iterator[object]:
        """The heartbeat stops while the service is ill: whoever listens for it raises the alarm."""
        if self.healthy():
            yield from self.app.beat()

    def _drain(self, name: str, drain: Callable[[], Iterable[object]]) -> None:
        """Run one drain to its end. Trouble is said once, not at every tick; the next tick tries again."""
        began, done = time.monotonic(), 0
        try:
            for one in drain():
                done += 1
                _log(name, one)
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
            if name in self.pulse.limits:
                self.drained[name] = self.app.clock()
            if done and name != "heartbeat" and not name.startswith("delivering"):
                self._log_drain(name, done, seconds=time.monotonic() - began)

    def _log_drain(self, name: str, done: int, *, seconds: float) -> None:
        self.pulse.took[name] = seconds
        facts = {"drain": name, "done": done, "ms": round(seconds * 1000)}
        log.info("drained", extra={"text": f"{name}: {done} in {seconds:.1f} s", **facts})

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
        while self._order() == "reload":
            self.reload()
        self.stopping.set()
        self._crew.stop()
        self._clock.shutdown(wait=True)
        if self._trouble:
            raise self._trouble

    def _order(self) -> str:
        """Wait for the next order, with a glance at the clock now and then."""
        while True:
            try:
                return self._asked.get(timeout=GLANCE)
            except Empty:
                self.wake()

    def wake(self) -> None:
        """Run at once what waits for an hour that is too far away, because the clock was set back meanwhile."""
        now = datetime.now(UTC)
        for job in self._clock.get_jobs():
            if job.next_run_time and job.next_run_time - now > timedelta(seconds=_tick(job.id) + GLANCE):
                job.modify(next_run_time=now)
                log.warning("clock", extra={"text": f"the clock was set back: {job.id} run now", "drain": job.id})

    def healthy(self) -> bool:
        """Ready: every drain came to its end lately."""
        now = self.app.clock()
        return all(
            name in self.drained and abs(now - self.drained[name]) < limit for name, limit in self.pulse.limits.items()
        )


def _tick(name: str) -> int:
    return TICKS[name.partition(":")[0]]


def _log_look(outcome: Outcome, change: int) -> None:
    """One event for each look that brought something; most bring nothing."""
    look = outcome.look
    facts = {"source": outcome.source_id, "outcome": outcome.kind, "ms": look.elapsed_ms}
    if outcome.kind == "failed":
        why = f"could not be read: {look.cause}. {look.detail or CAUSES.get(look.cause, '')}".rstrip()
        log.warning("look", extra={"text": f"{outcome.source_id}: {why}", **facts, "cause": look.cause})
    elif change:
        text = f"{outcome.source_id}: {outcome.kind}, change {change}"
        log.info("look", extra={"text": text, **facts, "change": change})
    else:
        log.debug("look", extra={"text": f"{outcome.source_id}: {outcome.kind}", **facts})


def _log(name: str, one: object) -> None:
    """One event for each opinion, delivery and alarm."""
    if name == "judging" and isinstance(one, tuple):
        _, finding, told = one
        verdict = finding.verdict.replace("_", " ")
        text = f"change {finding.change}: {verdict}, {len(told)} to be told"
        log.info("finding", extra={"text": text, "change": finding.change, "verdict": verdict, "told": len(told)})
    elif isinstance(one, Delivery):
        promised = one.state == "queued" and not one.detail  # it has met no trouble yet
        well = promised or one.state in ("done", "sending")
        which = f"delivery {one.id}" if one.id else "a new delivery"
        text = f"{which} ({one.kind} of {one.subject}): {one.state}" + ("" if well else f": {one.detail}")
        facts = {"delivery": one.id, "subject": one.subject, "state": one.state}
        log.log(logging.INFO if well else logging.WARNING, "delivery", extra={"text": text, **facts})
    elif name == "alarms" and one:
        log.warning("alarm", extra={"text": f"the owner is told of {one}", "subject": str(one)})
