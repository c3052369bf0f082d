"""/metrics in Prometheus' text format: figures of the whole, and of each source by its id; nothing that is secret.

Names and units follow Prometheus' conventions (https://prometheus.io/docs/practices/naming/): base units, counters end
in _total. What is counted comes from the store, so that a restart sets no counter back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from bot.web.access import Rule
from bot.web.door import Door, Visit

if TYPE_CHECKING:
    from bot.app.health import Figures

COUNTS = {
    "looks": "looks at sources",
    "failures": "looks that failed",
    "noise": "looks whose differences were all noise",
    "versions": "versions recorded",
    "changes": "changes recorded that people can see",
    "findings": "opinions formed",
}
TYPE = "text/plain; version=0.0.4; charset=utf-8"


def metrics(visit: Visit) -> Response:
    return Response(text(visit.app.figures(), ready=visit.ready()), media_type=TYPE)


def text(figures: Figures, *, ready: bool) -> bytes:
    """The figures as Prometheus reads them, with memory and CPU of this process."""
    from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    made: list[Any] = [
        CounterMetricFamily(f"regwatch_{name}", what, value=getattr(figures.totals, name))
        for name, what in COUNTS.items()
    ]
    for name, what, value in _gauges(figures, ready=ready):
        made.append(GaugeMetricFamily(f"regwatch_{name}", what, value=value))
    for name, what, label, values in _families(figures):
        family = GaugeMetricFamily(f"regwatch_{name}", what, labels=[label])
        for key, value in values.items():
            family.add_metric([key], value)
        made.append(family)
    registry = CollectorRegistry()
    registry.register(_Made(made))
    ProcessCollector(registry=registry)
    return bytes(generate_latest(registry))


def _gauges(figures: Figures, *, ready: bool) -> Iterable[tuple[str, str, float]]:
    """Name, meaning and value; what there is nothing of has no value."""
    lag = figures.lags.overall
    values: dict[str, tuple[str, float | None]] = {
        "ready": ("1 while every drain comes to its end", float(ready)),
        "alarms": ("troubles that the owner was told of and that last", figures.alarms),
        "undelivered_age_seconds": ("age of the oldest delivery that waits, 0 for none", figures.undelivered or 0.0),
        "unjudged_age_seconds": ("age of the oldest change without an opinion, 0 for none", figures.unjudged or 0.0),
        "pass_seconds": ("how long the last pass of looks took", figures.took.get("looks")),
        "lag_items": ("dated items that lag is known of, of 30 days", lag.items if lag else 0),
        "lag_median_days": ("median days from the publisher's date to our first sight", lag.median if lag else None),
        "lag_worst_days": ("worst days from the publisher's date to our first sight", lag.worst if lag else None),
        "ledger_entries": ("entries of the ledger", figures.ledger),
        "store_bytes": ("size of the store", figures.size),
        "disk_free_bytes": ("free on the disk of the home", figures.free),
    }
    return [(name, what, float(value)) for name, (what, value) in values.items() if value is not None]


def _families(figures: Figures) -> Iterable[tuple[str, str, str, Mapping[str, float]]]:
    """Name, meaning, label, and value by label."""
    last_good = {name: at.timestamp() for name, at in figures.last_good.items()}
    states = {"queued": 0, "sending": 0, "done": 0, "uncertain": 0, "dead": 0} | dict(figures.totals.outbox)
    return [
        ("sources", "declared sources by how they stand", "standing", figures.states),
        ("deliveries", "deliveries by state", "state", states),
        ("drain_age_seconds", "since each drain came to its end", "drain", figures.drained),
        ("source_last_good_timestamp_seconds", "when each source was last read well", "source", last_good),
        ("source_lag_worst_days", "worst days from the publisher's date to our first sight", "source",
         {name: lag.worst for name, lag in figures.lags.by_source.items()}),
    ]  # fmt: skip


class _Made:
    """What a registry asks for metrics that are made already."""

    def __init__(self, made: Iterable[Any]) -> None:
        self.collect: Callable[[], Iterable[Any]] = lambda: made


DOORS = (Door("/metrics", metrics, Rule.READER, plain=True),)
