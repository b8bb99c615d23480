"""What the actions on a tenant's lifecycle have in common."""

from __future__ import annotations

from datetime import date, datetime

from services.agreement import Act, PeriodError, TransitionRefusedError, ZoneError, end_of_day, transition
from services.agreement.basics import zone_of
from services.agreement.clocks import life_clocks, reckon_clocks
from services.model import Clock, Tenant
from services.orders.base import RefusedError
from services.orders.world import World
from services.words import say_instant

FORGOTTEN = "right-to-be-forgotten"
TERMINATION = "termination"


def allowed(world: World, tenant: str, act: Act) -> None:
    """Raises ``RefusedError`` where the agreement does not allow the act now."""
    noun = world.noun(world.tenant(tenant))
    try:
        transition(noun, act, world.policy, world.now, exports=world.exports_of(tenant), holds=world.holds_of(tenant))
    except TransitionRefusedError as error:
        raise RefusedError(f"{tenant}: {error}", tenant) from None


def clocks_of(world: World, tenant: Tenant) -> dict[str, Clock]:
    """The clocks of its life by name; none where no end is agreed. Raises ``RefusedError``."""
    try:
        return life_clocks(reckon_clocks(tenant, world.policy, exports=world.exports_of(tenant.id)))
    except (ZoneError, PeriodError) as error:
        raise RefusedError(f"{tenant.id}: the clocks cannot be reckoned: {error}", tenant.id) from None


def end_of(world: World, tenant: Tenant, day: date, field: str) -> datetime:
    """The instant at which ``day`` is over for a tenant. Raises ``RefusedError``."""
    try:
        return end_of_day(day, zone_of(tenant, world.policy))
    except (ZoneError, PeriodError) as error:
        raise RefusedError(f"{tenant.id}: {error}", f"fields.{field}") from None


def new_end(world: World, tenant: Tenant, until: date) -> None:
    """Raises ``RefusedError`` where a renewal to the end of ``until`` would not lengthen what is agreed."""
    if tenant.ended_on is not None and until <= tenant.ended_on:
        raise RefusedError(f"{tenant.id} ends {tenant.ended_on} already: a renewal ends later", "fields.until")
    end = end_of(world, tenant, until, "until")
    if end <= world.now:
        raise RefusedError(f"{tenant.id}: the end of {until} is over since {say_instant(end)}", "fields.until")


def ends(day: date | None) -> str:
    """``ends 2027-03-31``; ``no end agreed``."""
    return "no end agreed" if day is None else f"ends {day}"
