"""What the server counts of its requests, and how it tells its figures: Prometheus' text format.

Counting needs no library; that is imported by whoever asks for the figures.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from services.controlplane.chaining import read_head
from services.controlplane.chore_book import read_chores
from services.controlplane.order_tables import orders
from services.controlplane.sample_book import newest_at
from services.controlplane.store import Database
from services.wire.orders import OrderState

if TYPE_CHECKING:
    from prometheus_client.core import Metric

BOUNDS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the lengths that are told apart."""


@dataclass(slots=True)
class _Lengths:
    """How long the requests of a route took."""

    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_S) + 1))
    total_s: float = 0.0


class Counted:
    """Requests by method, route and status. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: dict[tuple[str, str, int], int] = {}
        self._lengths: dict[tuple[str, str], _Lengths] = {}

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        with self._lock:
            key = (method, route, status)
            self._requests[key] = self._requests.get(key, 0) + 1
            lengths = self._lengths.setdefault((method, route), _Lengths())
            lengths.buckets[bisect_left(BOUNDS_S, seconds)] += 1
            lengths.total_s += seconds

    def families(self) -> Iterator[Metric]:
        """The figures."""
        from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

        requests = CounterMetricFamily(
            "tenure_requests", "Requests that were answered.", labels=["method", "route", "status"]
        )
        lengths = HistogramMetricFamily("tenure_request_seconds", "How long requests took.", labels=["method", "route"])
        with self._lock:
            for (method, route, status), count in sorted(self._requests.items()):
                requests.add_metric([method, route, str(status)], count)
            for labels, seen in sorted(self._lengths.items()):
                lengths.add_metric(list(labels), list(_cumulated(seen.buckets)), seen.total_s)
        yield requests
        yield lengths


def _cumulated(buckets: Iterable[int]) -> Iterator[tuple[str, float]]:
    count = 0
    for bound, more in zip((*map(str, BOUNDS_S), "+Inf"), buckets, strict=True):
        count += more
        yield bound, count


def told(counted: Counted, database: Database, worker_alive: Callable[[], bool] | None) -> bytes:
    """All figures as text: the requests, the orders by state, where the audit log ends, when the recorder saw something
    last, how it stands with what the server does by itself, whether the worker is alive."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.core import GaugeMetricFamily
    from prometheus_client.registry import Collector

    with database.read() as connection:
        position = read_head(connection).position
        sampled_at = newest_at(connection)
        chores = read_chores(connection)
        rows = connection.execute(select(orders.c.state, func.count()).group_by(orders.c.state)).all()
    states = {str(state): 0 for state in OrderState} | {row[0]: row[1] for row in rows}

    class All(Collector):
        def collect(self) -> Iterator[Metric]:
            yield from counted.families()
            by_state = GaugeMetricFamily("tenure_orders", "Orders by their state.", labels=["state"])
            for state, count in states.items():
                by_state.add_metric([state], count)
            yield by_state
            yield GaugeMetricFamily("tenure_audit_position", "The audit log's last position.", value=position)
            if sampled_at is not None:
                newest = "When the newest sample of RPO was observed, in seconds since 1970."
                yield GaugeMetricFamily("tenure_newest_sample_seconds", newest, value=sampled_at.timestamp())
            done = GaugeMetricFamily(
                "tenure_chore_done_seconds", "When a chore was done last, in seconds since 1970.", labels=["chore"]
            )
            failed = GaugeMetricFamily("tenure_chore_failed", "Whether a chore's last try failed.", labels=["chore"])
            for chore in chores:
                if chore.done_at is not None:
                    done.add_metric([chore.name], chore.done_at.timestamp())
                failed.add_metric([chore.name], int(chore.failed))
            yield done
            yield failed
            if worker_alive is not None:
                alive = "Whether the worker of this process takes orders."
                yield GaugeMetricFamily("tenure_worker_alive", alive, value=int(worker_alive()))

    registry = CollectorRegistry(auto_describe=False)
    registry.register(All())
    return generate_latest(registry)
