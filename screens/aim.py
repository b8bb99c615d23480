"""What an action would be for: the tenants and the record in sight, which actions fit them, and why one is refused.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, cast

from services.fleet.snapshot import FleetSnapshot, TenantView
from services.model import INTERNAL, CaseState, SlotState
from services.orders.actions import EVERY
from services.orders.base import Action, Field
from services.orders.confirming import may_write
from services.wire.registry import Role

COLLECTIONS: Final = {"case": "cases", "export": "exports", "hold": "holds", "slot": "slots"}
"""What a figure begins with, by the collection of the record that it is about."""
SLOT: Final = "slot."
GROUP: Final = frozenset({"tier", "region"})
"""The fields that stand for tenants."""


@dataclass(frozen=True, slots=True)
class Aim:
    """The tenants that an action is for, and the figure under the cursor."""

    tenants: tuple[str, ...] = ()
    figure: str | None = None

    @property
    def words(self) -> str:
        """``acme``, ``3 tenants``, ``slot s-1``."""
        if len(self.tenants) == 1:
            return self.tenants[0]
        if self.tenants:
            return f"{len(self.tenants)} tenants"
        figure = self.figure or ""
        return f"slot {figure.removeprefix(SLOT)}" if figure.startswith(SLOT) else "no tenant"


def refused(fleet: FleetSnapshot, *, read_only: bool) -> str | None:
    """Why nothing can be ordered from here; ``None`` where something can.

    That AWS credentials have ended stops nothing: what is ordered is carried out with the worker's.
    """
    if fleet.forecast_from is not None:
        return "This is a forecast: nothing is done from another day. :as-of off"
    if (why := may_write(cast("Role | None", fleet.identity.role), read_only=read_only)) is not None:
        return f"Refused: {why}."
    if fleet.frozen is not None and fleet.frozen.name == INTERNAL:
        return "Nothing is ordered: the token of the internal API has ended. Set a new one, then r."
    return None


def unfit(action: Action, aim: Aim, fleet: FleetSnapshot) -> str | None:
    """Why the action is not for what is in sight; ``None``: it may be asked for. What the agreement says to it, the
    plan tells."""
    if not aim.tenants and action.scope != "tenants-or-group" and not _of_slots(action):
        return f"{action.name} is for a tenant, and there is none here."
    if len(aim.tenants) > 1 and not action.many:
        return f"{action.name} is for one tenant at a time; {len(aim.tenants)} are marked."
    for tenant in aim.tenants:
        view = fleet.tenants.get(tenant)
        if view is not None and view.tenant.state not in action.states:
            return f"{action.name} is not for {tenant}: it is {view.tenant.state}."
    field = record_field(action)
    if field is not None and not choices(field, aim, fleet):
        return f"{action.name}: {aim.words} has no {(field.collection or '').removesuffix('s')} that it could be for."
    return None


def fitting(aim: Aim, fleet: FleetSnapshot) -> list[Action]:
    """The actions that may be asked for; those on the record under the cursor first."""
    found = [action for action in EVERY if unfit(action, aim, fleet) is None]
    collection = _record(aim)[0]
    if collection is None:
        return found
    return sorted(found, key=lambda action: (field := record_field(action)) is None or field.collection != collection)


def shown_for(view: TenantView | None) -> frozenset[str]:
    """The names of the actions whose key stands in the footer of a tenant's page."""
    if view is None:
        return frozenset()
    return frozenset(action.name for action in EVERY if action.key and view.tenant.state in action.states)


def record_field(action: Action) -> Field | None:
    """The field that names a record."""
    return next((field for field in action.fields if field.kind == "record"), None)


def asked_for(action: Action, aim: Aim) -> tuple[str, ...]:
    """The tenants that are named to the server: a slot's own scope says whom it concerns."""
    return () if _of_slots(action) else aim.tenants


def fields_of(action: Action, aim: Aim) -> tuple[Field, ...]:
    """What is asked: without the tier and the region that would stand for tenants where there are some."""
    if action.scope == "tenants-or-group" and aim.tenants:
        return tuple(field for field in action.fields if field.name not in GROUP)
    if action.scope == "tenants-or-group":
        return tuple(replace(it, hint="", required=True) if it.name in GROUP else it for it in action.fields)
    return action.fields


def prefilled(action: Action, aim: Aim, fleet: FleetSnapshot) -> dict[str, str]:
    """What the fields hold before anybody types: the record under the cursor, else the only one that there is."""
    given = {field.name: field.default for field in action.fields if field.default}
    if action.scope == "tenants-or-group" and not aim.tenants:
        slot = next((it.slot for it in fleet.slots if it.verdict.figure == aim.figure), None)
        given |= {"tier": slot.tier, "region": slot.region} if slot is not None and slot.tier and slot.region else {}
    for field in action.fields:
        found = choices(field, aim, fleet)
        collection, key = _record(aim)
        if field.kind == "record" and field.collection == collection and key in found:
            given[field.name] = key
        elif field.kind == "store":
            given[field.name] = next(_store(aim, fleet), "")
        elif field.kind == "record" and len(found) == 1:
            given[field.name] = found[0]
    return given


def choices(field: Field, aim: Aim, fleet: FleetSnapshot) -> tuple[str, ...]:
    """What may be put into a field, where that is known."""
    if field.choices:
        return field.choices
    if field.name in GROUP:
        known = fleet.tiers if field.name == "tier" else ()
        return tuple(dict.fromkeys((*known, *_of_all(field.name, fleet))))
    views = [view for tenant in aim.tenants if (view := fleet.tenants.get(tenant)) is not None]
    if field.kind == "store":
        return tuple(sorted({it.store.arn for view in views for it in view.stores if it.store is not None}))
    match field.collection:
        case "cases":
            return tuple(it.case.id for view in views for it in view.cases if it.case.state is not CaseState.CLOSED)
        case "exports":
            return tuple(it.export.id for view in views for it in view.exports)
        case "holds":
            standing = (it for view in views for it in view.holds if it.arn is None and it.hold.lifted_at is None)
            return tuple(it.hold.id for it in standing)
        case "slots":
            return tuple(_slots(aim, fleet))
    return ()


def _of_all(name: str, fleet: FleetSnapshot) -> list[str]:
    """The tiers, or the regions, in which there are tenants."""
    return sorted({str(getattr(view.tenant, name)) for view in fleet.tenants.values()})


def _slots(aim: Aim, fleet: FleetSnapshot) -> Iterator[str]:
    for one in fleet.slots:
        if one.slot.state is SlotState.SCHEDULED and (not aim.tenants or set(aim.tenants) <= set(one.tenants)):
            yield one.slot.id


def _store(aim: Aim, fleet: FleetSnapshot) -> Iterator[str]:
    """The store whose figure is under the cursor, or the only one."""
    views = [view for tenant in aim.tenants if (view := fleet.tenants.get(tenant)) is not None]
    stores = [it for view in views for it in view.stores if it.store is not None]
    name = (aim.figure or "").partition(".")[2]
    for it in stores:
        if it.store is not None and (len(stores) == 1 or it.verdict.figure.partition(".")[2] == name):
            yield it.store.arn


def _record(aim: Aim) -> tuple[str | None, str]:
    """Collection and id of the record under the cursor."""
    prefix, _, key = (aim.figure or "").partition(".")
    return COLLECTIONS.get(prefix), key


def _of_slots(action: Action) -> bool:
    field = record_field(action)
    return field is not None and field.collection == "slots"
