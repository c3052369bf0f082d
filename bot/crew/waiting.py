"""Plans that wait for a worker: whose turn it is, with never two units of one host at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from bot.ports import Plan


class Waiting:
    """Hands out plans host by host, in turn; with spacing 0 the units of a host may run side by side.

    Each step costs the same however many plans wait and however many hosts are busy.
    """

    def __init__(self, plans: Iterable[Plan]) -> None:
        self._plans: dict[str, deque[Plan]] = {}
        for plan in plans:
            self._plans.setdefault(plan.host, deque()).append(plan)
        self._free = deque(self._plans)  # hosts that have plans and may be asked now

    def take(self) -> Plan | None:
        """The next plan whose host is free; with spacing, its host is busy until `done`."""
        if not self._free:
            return None
        host = self._free.popleft()
        plan = self._plans[host].popleft()
        if plan.spacing <= 0:
            self._line_up(host)
        return plan

    def done(self, plan: Plan) -> None:
        """The unit of this plan is over: the next one of its host may follow, behind the other hosts."""
        if plan.spacing > 0:
            self._line_up(plan.host)

    def _line_up(self, host: str) -> None:
        if self._plans.get(host):
            self._free.append(host)

    def clear(self) -> None:
        """Hand out no more."""
        self._plans.clear()
        self._free.clear()
