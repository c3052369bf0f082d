"""The order of the mapping: who is sent when, what comes back, and what happens to a unit whose worker broke down."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, InvalidStateError, wait
from contextlib import suppress
from dataclasses import dataclass
from threading import Event
from typing import Any, NamedTuple, Protocol

from bot.crew.waiting import Waiting
from bot.errors import BotError
from bot.model import Look, Source, Unit, UnitDone
from bot.ports import Plan

log = logging.getLogger(__name__)

SPARE = 2  # units that wait for a free worker: their looks, and those not yet recorded, are what memory is used for
GRACE = 5.0  # seconds that looks in flight are waited for after `stop`; a supervisor commonly kills after ten
TRIES = 2  # times that one source alone may break its worker before it is to blame


class LostError(Exception):
    """A worker broke down: its unit did not come back, and nothing of it may be recorded."""


class Pool(Protocol):
    """Workers of one kind."""

    patience: float | None  # seconds without any unit done after which `check` is asked; None: never

    def width(self) -> int:
        """How many units can be worked on at once, now. Raises OperatorError when there can be none."""
        ...

    def submit(self, unit: Unit) -> Future[UnitDone]: ...

    def result(self, future: Future[UnitDone]) -> UnitDone:
        """What a unit that is done came to. Raises LostError when its worker broke down."""
        ...

    def check(self) -> None:
        """Raises OperatorError when nobody works on what was submitted."""
        ...

    def close(self, *, abandoned: bool) -> None:
        """End the workers; `abandoned`: though some of them are still at work."""
        ...


@dataclass(frozen=True, slots=True)
class Suspect:
    """A plan (bot.ports.Plan) that was in the hands of a worker that broke down."""

    host: str
    sources: tuple[Source, ...]
    spacing: float
    losses: int = 1


class Sent(NamedTuple):
    """What is in flight."""

    plan: Plan
    unit: Unit


class Crew:
    """Maps units over a pool; never two units of one host at a time, SPARE more than workers outstanding."""

    def __init__(self, pool: Pool, *, stopping: Event | None = None, grace: float = GRACE) -> None:
        self._pool, self._grace = pool, grace
        self.stopping = stopping or Event()
        self._stopped: Future[None] = Future()  # done as soon as `stop` is called: it can be waited for beside units
        self._until = 0.0
        self._running: dict[Future[UnitDone], Sent] = {}

    def __call__(self, plans: Sequence[Plan], *, make: Callable[[Plan], Unit]) -> Iterator[UnitDone]:
        waiting, suspects = Waiting(plans), deque[Suspect]()
        running: dict[Future[UnitDone], Sent] = {}
        self._running = running
        while True:
            self._send(waiting, suspects, running, make)
            done = self._done(running)
            if not done:
                return
            for future in done:
                sent = running.pop(future)
                waiting.done(sent.plan)
                yield self._brought(future, sent, suspects)

    def _send(
        self,
        waiting: Waiting,
        suspects: deque[Suspect],
        running: dict[Future[UnitDone], Sent],
        make: Callable[[Plan], Unit],
    ) -> None:
        """Give free workers the next units whose host is free; suspects come last, each with nobody beside it."""
        if self.stopping.is_set():
            waiting.clear()
            suspects.clear()
        most = self._pool.width() + SPARE
        while len(running) < most and (plan := waiting.take()):
            self._start(plan, running, make)
        if suspects and not running:
            self._start(suspects.popleft(), running, make)

    def _start(self, plan: Plan, running: dict[Future[UnitDone], Sent], make: Callable[[Plan], Unit]) -> None:
        unit = make(plan)
        running[self._pool.submit(unit)] = Sent(plan, unit)

    def _done(self, running: dict[Future[UnitDone], Sent]) -> set[Future[UnitDone]]:
        """The units that are done; none when nothing runs, or when the grace after `stop` is over."""
        either: list[Future[Any]] = [*running, self._stopped]
        while running and not wait(either, timeout=self._pool.patience, return_when=FIRST_COMPLETED).done:
            self._pool.check()
        left = max(0.0, self._until - time.monotonic()) if self._stopped.done() else 0.0
        return wait(running, timeout=left, return_when=FIRST_COMPLETED).done

    # -------------------------------------------------------------------------------------------- breakdowns

    def _brought(self, future: Future[UnitDone], sent: Sent, suspects: deque[Suspect]) -> UnitDone:
        """The unit's looks; of one whose worker broke down none, and it is tried again (promise 7)."""
        try:
            return self._pool.result(future)
        except LostError as error:
            why = str(error)
        except BotError:  # the pool as a whole is in trouble
            raise
        except Exception as error:  # a bug of ours in the worker
            log.exception("%s: our own error while looking", sent.plan.host)
            why = f"our own error ({type(error).__name__}: {error})"
        suspect = _suspected(sent.plan)
        if len(suspect.sources) == 1 and suspect.losses > TRIES:
            return UnitDone(suspect.host, (_failed(suspect.sources[0], sent.unit, why),), not_before=suspect.spacing)
        suspects.extend(_alone(suspect) if suspect.losses > 1 and len(suspect.sources) > 1 else [suspect])
        return UnitDone(suspect.host, (), not_before=suspect.spacing)  # its host was asked just now

    # -------------------------------------------------------------------------------------------- ending

    def stop(self) -> None:
        """No new units, no more pauses, a short grace for looks in flight; what is not recorded stays due."""
        if not self.stopping.is_set():
            self._until = time.monotonic() + self._grace
        self.stopping.set()
        with suppress(InvalidStateError):  # it was told before
            self._stopped.set_result(None)

    def close(self) -> None:
        """Stop; looks still in flight (a held server, an impatient operator) are abandoned, they stay due."""
        self.stop()
        self._pool.close(abandoned=bool(wait(self._running, timeout=0).not_done))


def _suspected(plan: Plan) -> Suspect:
    losses = plan.losses + 1 if isinstance(plan, Suspect) else 1
    return Suspect(plan.host, plan.sources, plan.spacing, losses)


def _alone(suspect: Suspect) -> list[Suspect]:
    """Each source by itself, for one of them is to blame and the others must be looked at."""
    return [Suspect(suspect.host, (source,), suspect.spacing) for source in suspect.sources]


def _failed(source: Source, unit: Unit, why: str) -> Look:
    return Look(source.id, unit.at, cause="unreadable", detail=why)
