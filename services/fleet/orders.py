"""Orders, judged: again whenever they were read, and when time has changed a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from services.fleet.reliance import unknown
from services.fleet.rules import Rules
from services.fleet.snapshot import OrderView
from services.model import Observation, Order, OrderState, Status
from services.words import say_instant, say_length

_LOST_SIGHT_OF = frozenset({Status.OK, Status.DUE, Status.AT_RISK})
"""What may have become of an order that has not ended while nobody could look."""


class Orders:
    """All that the internal API was last known to have. Not safe for threads: its owner holds a lock."""

    def __init__(self, rules: Rules, max_age: timedelta) -> None:
        """``max_age``: how old what was read may be."""
        self.views: tuple[OrderView, ...] = ()
        self._rules = rules
        self._max_age = max_age
        self._orders: tuple[Order, ...] = ()
        self._latest: Observation[tuple[Order, ...]] | None = None
        self._read_at: datetime | None = None
        self._changes_at: datetime | None = None
        self._stale = False

    def take(self, observation: Observation[tuple[Order, ...]]) -> None:
        """Takes the newest reading; orders last seen stay where it did not answer."""
        self._latest = observation
        self._stale = True
        if observation.outcome.answered and observation.value is not None:
            self._orders = observation.value
            self._read_at = observation.at

    def is_due(self, now: datetime) -> bool:
        """Whether something is to be judged again."""
        return self._stale or (self._changes_at is not None and now >= self._changes_at)

    def judge(self, now: datetime) -> bool:
        """Judges what is to be judged again; tells whether anything came out different."""
        if not self.is_due(now):
            return False
        before, self._stale = self.views, False
        doubt, until = self._doubt(now)
        self.views = order_views(self._rules, self._orders, now, doubt)
        changes = [view.verdict.changes_at for view in self.views if view.verdict.changes_at is not None]
        self._changes_at = min([*changes, *([until] if until is not None else [])], default=None)
        return before != self.views

    def _doubt(self, now: datetime) -> tuple[str | None, datetime | None]:
        """Why orders that have not ended cannot be relied on to be as they were read, or until when they can."""
        if self._latest is None or self._read_at is None:
            return None, None
        if not self._latest.outcome.answered:
            said = f"internal GET /orders {self._latest.outcome}: {self._latest.error or 'no answer'}"
            return f"{said}, last read {say_instant(self._read_at)}", None
        end = self._read_at + self._max_age
        if now < end:
            return None, end
        age = f"at most {say_length(self._max_age)} ago is allowed"
        return f"GET /orders was last read {say_instant(self._read_at)}, {age}", None


def order_views(
    rules: Rules, orders: Iterable[Order], now: datetime, doubt: str | None = None
) -> tuple[OrderView, ...]:
    """Orders judged, in their order; ``doubt``: why one that has not ended may stand otherwise by now. Pure."""
    every = tuple(orders)
    carried_out = _last_done(every)
    views = []
    for order in every:
        later = carried_out.get(_task(order))
        mended_by = later if later is not None and later.created_at > order.created_at else None
        verdict = rules.order(order, mended_by, now)
        if doubt is not None and not order.state.ended and verdict.status in _LOST_SIGHT_OF:
            verdict = replace(unknown(verdict, doubt), changes_at=None)
        views.append(OrderView(order, verdict))
    return tuple(views)


def forecast_orders(rules: Rules, views: Iterable[OrderView], at: datetime) -> tuple[OrderView, ...]:
    """Orders as they will stand if nobody acts: those that wait for somebody still wait. The worker is not somebody:
    what it carries out is shown as it is at present."""
    return tuple(
        replace(view, verdict=rules.order(view.order, None, at))
        if view.order.state is OrderState.WAITING and view.verdict.status is not Status.UNKNOWN
        else view
        for view in views
    )


def _task(order: Order) -> tuple[str, tuple[str, ...]]:
    """What is done and for whom, by which a later order is known to have done what an earlier one did not."""
    return order.action, tuple(sorted(order.tenants))


def _last_done(orders: Iterable[Order]) -> Mapping[tuple[str, tuple[str, ...]], Order]:
    """Of each task the newest order that was carried out."""
    found: dict[tuple[str, tuple[str, ...]], Order] = {}
    for order in orders:
        task = _task(order)
        newest = task not in found or order.created_at > found[task].created_at
        if order.state is OrderState.DONE and order.tenants and newest:
            found[task] = order
    return found
