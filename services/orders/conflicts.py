"""Which orders of one tenant keep each other waiting."""

from __future__ import annotations

from services.orders.actions import ACTIONS
from services.wire.orders import Asked


def goes_aside(action: str) -> bool:
    """Whether orders of that name go on beside others of their tenant. Of one that is not known it is not assumed."""
    return (known := ACTIONS.get(action)) is not None and known.aside


def in_the_way(one: Asked, other: Asked) -> bool:
    """Whether of two orders for one tenant only one may be under way; beside each other the same is not done twice."""
    if goes_aside(one.action) and goes_aside(other.action):
        return (one.action, one.fields.get("store")) == (other.action, other.fields.get("store"))
    return not (goes_aside(one.action) or goes_aside(other.action))
