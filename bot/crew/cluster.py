"""The workers of a Dask cluster, maybe on other machines. They need this package and nothing else.

What crosses the wire is plain data (Unit, LookSettings, UnitDone). The scheduler and its workers run whatever a client
sends them, and units carry the API keys of sources: the network between them must be nobody else's, or use TLS
(https://distributed.dask.org/en/stable/tls.html).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bot import __version__
from bot.crew.mapping import LostError
from bot.errors import OperatorError
from bot.model import Unit, UnitDone

if TYPE_CHECKING:
    from distributed import Client

PATIENCE = 10.0  # seconds for the scheduler to answer and the first worker to join
ENDING = 1.0  # seconds to say goodbye to a scheduler
COUNTED = 5.0  # seconds for which the number of workers is taken as known
NAME = "REGWATCH_EXECUTOR"


class Cluster:
    """The workers behind one scheduler; they may come and go.

    When a worker dies, the scheduler gives its units to another one; the coordinator records what comes back once.
    """

    patience: float | None = 30.0

    def __init__(self, address: str, work: Callable[[Unit], UnitDone], *, patience: float = PATIENCE) -> None:
        self._address, self._work, self._patience = address, work, patience
        self._client: Client | None = None
        self._counted, self._threads = 0.0, 0
        self._connected()

    def width(self) -> int:
        client = self._connected()
        if time.monotonic() - self._counted > COUNTED:
            self._counted, self._threads = time.monotonic(), self._count(client)
        return self._threads

    def submit(self, unit: Unit) -> Future[UnitDone]:
        # pure: Dask would take two equal units for one and answer the second from memory
        future: Future[UnitDone] = self._connected().get_executor(pure=False).submit(self._work, unit)
        return future

    def result(self, future: Future[UnitDone]) -> UnitDone:
        from distributed import KilledWorker

        try:
            return future.result()
        except KilledWorker as error:
            raise LostError("the workers that looked at it broke down") from error
        except CancelledError as error:  # Dask cancels what is in flight when it loses its scheduler
            raise self._gone("the connection to the scheduler was lost") from error

    def check(self) -> None:
        """Raises OperatorError when no worker is left: what they were at stays due."""
        if not self._count(self._connected()):
            raise self._gone("no worker is left")

    def close(self, *, abandoned: bool) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):  # a scheduler that went first
                client.close(timeout=ENDING)

    # -------------------------------------------------------------------------------------------- the connection

    def _connected(self) -> Client:
        """The client, connected at first use and after a loss."""
        if self._client is None:
            self._client = _client(self._address, self._patience)
            self._counted = 0.0
            _agree(self._client, self._address, self._patience)
        return self._client

    def _count(self, client: Client) -> int:
        """Threads of all workers."""
        try:
            return sum(client.nthreads().values())
        except (OSError, ValueError, TimeoutError) as error:
            raise self._gone("the scheduler does not answer") from error

    def _gone(self, why: str) -> OperatorError:
        """Forget the client, and with it all that was submitted."""
        self.close(abandoned=True)
        return OperatorError(f"{NAME}: {self._address}: {why}; what was not recorded stays due")


def _client(address: str, patience: float) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise OperatorError(f"{NAME}: dask needs an extra: pip install 'regwatch[cluster]'") from error
    _hush()
    try:
        return Client(address, timeout=patience, set_as_default=False, name="regwatch")
    except (OSError, ValueError, TimeoutError) as error:
        raise OperatorError(f"{NAME}: no Dask scheduler answers at {address}") from error


def _hush() -> None:
    """Dask tells of a lost scheduler in pages of traceback; what goes wrong is said once, by us."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _agree(client: Client, address: str, patience: float) -> None:
    """Make sure that there is a worker, and that each has this package in this version."""
    try:
        client.wait_for_workers(1, timeout=patience)
        found: dict[str, Any] = client.run(version, on_error="return")
    except (OSError, TimeoutError) as error:
        raise OperatorError(f"{NAME}: no worker has joined the scheduler at {address}") from error
    for worker, said in found.items():
        if said != __version__:
            what = "has no regwatch" if isinstance(said, Exception) else f"has regwatch {said}"
            raise OperatorError(f"{NAME}: the worker at {worker} {what}; this is {__version__}")


def version() -> str:
    """Of this package, as a worker sees it."""
    return __version__
