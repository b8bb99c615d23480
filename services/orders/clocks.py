"""Which clocks an act moves, and where to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from services.agreement import Policy, case_clock, export_clock
from services.agreement.clocks import life_clocks, reckon_clocks
from services.agreement.periods import PeriodError, ZoneError
from services.model import Case, Clock, Export, Tenant
from services.wire.orders import MovedClock

Which: TypeAlias = tuple[str, str]
"""The name of a clock and, of an export's, whose it is."""


def moved(
    before: Tenant,
    after: Tenant,
    policy: Policy,
    exports: Sequence[Export] = (),
    later: Sequence[Export] | None = None,
    *,
    now: datetime | None = None,
) -> tuple[MovedClock, ...]:
    """The clocks of a tenant that end at another time once it is ``after``; ``later``: its exports then.

    ``now`` is what ``after`` has for the instant at which the order is carried out: a clock that ends then ends
    ``at_once``, whenever that is.
    """
    one = _clocks(before, policy, exports)
    other = _clocks(after, policy, exports if later is None else later)
    return tuple(
        _moved(before.id, one.get(which), other.get(which), now)
        for which in dict.fromkeys((*one, *other))
        if _end(one.get(which)) != _end(other.get(which))
    )


def moved_of_case(before: Case | None, after: Case, tenant: Tenant, policy: Policy) -> tuple[MovedClock, ...]:
    """The clock of a case, where it begins to run or ends at another time."""
    one = None if before is None else case_clock(before, tenant, policy)
    other = case_clock(after, tenant, policy)
    return () if _end(one) == _end(other) else (_moved(tenant.id, one, other, None),)


def _moved(tenant: str, one: Clock | None, other: Clock | None, now: datetime | None) -> MovedClock:
    told = other or one
    if told is None:
        raise ValueError("neither a clock before nor one after")
    at_once = now is not None and _end(other) == now
    return MovedClock(
        tenant=tenant,
        clock=told.name,
        clause=told.clause,
        before=_end(one),
        after=None if at_once else _end(other),
        at_once=at_once,
    )


def _end(clock: Clock | None) -> datetime | None:
    return None if clock is None else clock.ends_at


def _clocks(tenant: Tenant, policy: Policy, exports: Sequence[Export]) -> dict[Which, Clock]:
    try:
        life = life_clocks(reckon_clocks(tenant, policy, exports=exports))
    except (ZoneError, PeriodError):
        return {}
    clocks: dict[Which, Clock] = {(name, ""): clock for name, clock in life.items()}
    for export in exports:
        window = export_clock(export, tenant, policy) if export.destroyed_at is None else None
        if window is not None:
            clocks[window.name, export.id] = window
    return clocks
