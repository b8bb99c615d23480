"""The operator's own orders: what is under way, and what became of it, also while no console was open. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from services.fleet.snapshot import FleetSnapshot

if TYPE_CHECKING:
    from services.model import Order

SOURCE: Final = "GET /orders"
LATELY: Final = timedelta(hours=1)
"""At the start, what ended no longer ago than that is said."""


def notice(fleet: FleetSnapshot) -> str | None:
    """What the operator ordered and has not ended; ``None`` where there is none, or another day is looked at."""
    own = [order for order in _own(fleet) if not order.state.ended]
    if not own or fleet.forecast_from is not None:
        return None
    orders = "1 order of yours is" if len(own) == 1 else f"{len(own)} orders of yours are"
    first = own[0]
    step = f", next {first.step}" if first.step else ""
    return f"{orders} under way, :orders. {first.action} {first.scope}: {first.state}{step}"


def became(before: FleetSnapshot, after: FleetSnapshot) -> str | None:
    """How the operator's own orders ended between two pictures; at the start, those that have ended lately."""
    if not _read(after):
        return None
    own = [order for order in _own(after) if order.state.ended]
    if _read(before):
        open_before = {order.id for order in _own(before) if not order.state.ended}
        ended = [order for order in own if order.id in open_before]
    else:
        ended = [it for it in own if it.ended_at is not None and after.at - it.ended_at <= LATELY]
    if not ended:
        return None
    first = ended[0]
    more = f", and {len(ended) - 1} more" if len(ended) > 1 else ""
    at = f" {first.ended_at:%H:%M:%S}Z" if first.ended_at is not None else ""
    return f"Your order {first.action} {first.scope} ended{at}: {first.state}{more}; :orders"


def _own(fleet: FleetSnapshot) -> list[Order]:
    user = fleet.identity.user
    return [view.order for view in fleet.orders if view.order.author == user] if user is not None else []


def _read(fleet: FleetSnapshot) -> bool:
    """Whether it is known who looks and what was ordered."""
    seen = any(it.source.operation == SOURCE and it.last_seen_at is not None for it in fleet.sources)
    return seen and fleet.identity.user is not None
