"""Which clocks an act moves, and where to."""

from __future__ import annotations

from collections.abc import Sequence

from services.agreement import Policy
from services.agreement.clocks import reckon_clocks
from services.agreement.periods import PeriodError, ZoneError
from services.model import Clock, Export, Tenant
from services.wire.orders import MovedClock


def moved(
    before: Tenant, after: Tenant, policy: Policy, exports: Sequence[Export] = (), later: Sequence[Export] | None = None
) -> tuple[MovedClock, ...]:
    """The clocks of a tenant that end at another time once it is ``after``; ``later``: its exports then."""
    one = _clocks(before, policy, exports)
    other = _clocks(after, policy, exports if later is None else later)
    return tuple(
        MovedClock(
            tenant=before.id,
            clock=name,
            clause=(other.get(name) or one[name]).clause,
            before=one[name].ends_at if name in one else None,
            after=other[name].ends_at if name in other else None,
        )
        for name in dict.fromkeys((*one, *other))
        if (one[name].ends_at if name in one else None) != (other[name].ends_at if name in other else None)
    )


def _clocks(tenant: Tenant, policy: Policy, exports: Sequence[Export]) -> dict[str, Clock]:
    try:
        return {clock.name: clock for clock in reckon_clocks(tenant, policy, exports=exports)}
    except (ZoneError, PeriodError):
        return {}
