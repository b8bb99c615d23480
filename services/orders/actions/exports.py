"""The customer's right to its data (clause ``right-to-be-forgotten``): a request to the DPO registered or withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.agreement import PeriodError, ZoneError
from services.agreement.basics import end_of_service, outer_end, zone_of
from services.agreement.windows import Preparation, Window, open_window, preparation_of
from services.instants import InstantError, read_instant
from services.model import Export, ExportState, LifecycleState, Tenant
from services.orders.base import Action, Draft, Field, RefusedError, Steps
from services.orders.lifetimes import FORGOTTEN
from services.orders.world import World, change, create, made
from services.wire import nouns
from services.wire.operations import ExportRecord
from services.wire.orders import Confirmation, MovedClock, TenantChange
from services.words import say_instant

KEPT = frozenset({LifecycleState.ACTIVE, LifecycleState.GRACE, LifecycleState.DISMISSED})
"""States in which there is data to export."""
UNDER_WAY = frozenset({ExportState.REQUESTED, ExportState.PREPARING})


def _register(world: World) -> Draft:
    """The clock of preparation runs from the request; a window that the outer clock will cut is flagged now."""
    steps = Steps()
    changes: list[TenantChange] = []
    clocks: list[MovedClock] = []
    effects: list[str] = []
    warnings: list[str] = []
    for position, tenant in enumerate(world.tenants()):
        if tenant.state not in KEPT:
            raise RefusedError(f"{tenant.id} is {tenant.state}: its data is not there to be exported", tenant.id)
        noun = world.noun(tenant)
        record = made(
            ExportRecord,
            id=world.fresh_id("export", position),
            tenant=tenant.id,
            state=ExportState.REQUESTED,
            requested_at=_requested(world, noun),
            requester=world.needed("requester"),
            reference=world.needed("reference"),
            checked_by=world.needed("checked_by"),
        )
        for other in world.of(ExportRecord, tenant.id):
            if other.reference == record.reference:
                raise RefusedError(f"{tenant.id}: {other.reference} is export {other.id} already", "fields.reference")
            if other.state in UNDER_WAY or other.state is ExportState.AVAILABLE:
                warnings.append(f"{tenant.id}: export {other.id} is {other.state} already")
        create(steps, record, f"export {record.id} of {tenant.id} registered", "deleted")
        preparation, window = _clocks(world, nouns.export(record), noun)
        clock = preparation.clock
        clocks.append(MovedClock(tenant=tenant.id, clock=clock.name, clause=clock.clause, after=clock.ends_at))
        due = say_instant(clock.ends_at)
        changes.append(
            TenantChange(tenant=tenant.id, before="no such export", after=f"requested, package due by {due}")
        )
        effects += _effects(world, noun, record.requested_at)
        warnings += _warnings(world, tenant.id, preparation, window)
    return Draft(tuple(changes), steps.all, tuple(clocks), tuple(dict.fromkeys(effects)), tuple(warnings))


def _requested(world: World, tenant: Tenant) -> datetime:
    """When the request reached the DPO: an instant, or a day, which begins at the tenant's midnight."""
    try:
        at = read_instant(world.needed("requested"), tenant.zone)
    except InstantError as error:
        raise RefusedError(str(error), "fields.requested") from None
    if at > world.now:
        raise RefusedError("requested has not come yet", "fields.requested")
    return at


def _clocks(world: World, export: Export, tenant: Tenant) -> tuple[Preparation, Window]:
    """The time to make the package, and its window if it is there at the last moment of that."""
    try:
        preparation = preparation_of(export, tenant, world.policy)
        local, cut = zone_of(tenant, world.policy), outer_end(tenant, world.policy)
        ready = preparation.clock.ends_at
        return preparation, open_window(world.policy, local, ready, export.requested_at, cut=cut)
    except (ZoneError, PeriodError) as error:
        raise RefusedError(f"{tenant.id}: its clocks cannot be reckoned: {error}", tenant.id) from None


def _effects(world: World, tenant: Tenant, requested: datetime) -> Iterator[str]:
    end = end_of_service(tenant, world.policy)
    if end is not None and requested >= end:
        yield "Once it is delivered complete, hosted data is due when its window closes, if that is sooner."
    else:
        yield "Requested before the end of the service: it does not bring the destruction of hosted data forward."


def _warnings(world: World, tenant: str, preparation: Preparation, window: Window) -> Iterator[str]:
    if window.cut:
        outer, uncut = say_instant(window.clock.ends_at), say_instant(window.uncut)
        yield f"{tenant}: a window to {uncut} is cut to {outer} by the outer clock (return-or-delete)"
    if preparation.clock.ends_at < preparation.uncut:
        yield f"{tenant}: hosted data is due {say_instant(preparation.clock.ends_at)}: make the package before that"
    if preparation.clock.ends_at <= world.now:
        yield f"{tenant}: the package was due by {say_instant(preparation.clock.ends_at)}: it is late already"


def _cancel(world: World) -> Draft:
    """The customer withdraws a request; a package that stands keeps its window."""
    tenant = world.tenants()[0]
    record = world.record(ExportRecord, world.needed("export"))
    if record.tenant != tenant.id:
        raise RefusedError(f"export {record.id} is one of {record.tenant}", "fields.export")
    if record.state not in UNDER_WAY and record.state is not ExportState.FAILED:
        raise RefusedError(f"export {record.id} is {record.state}: it can no longer be withdrawn", "fields.export")
    reason = world.needed("reason")
    steps = Steps()
    said = f"export {record.id} cancelled: {reason}"
    change(steps, record, said, f"{record.state} again", state=ExportState.CANCELLED)
    preparation, _ = _clocks(world, nouns.export(record), world.noun(tenant))
    clock = preparation.clock
    stopped = MovedClock(tenant=tenant.id, clock=clock.name, clause=clock.clause, before=clock.ends_at)
    change_told = TenantChange(tenant=tenant.id, before=f"export {record.id} {record.state}", after="cancelled")
    return Draft(
        (change_told,),
        steps.all,
        (stopped,),
        ("No package is made for this request.",),
    )


ACTIONS = (
    Action(
        "export-register",
        "Register an export request",
        FORGOTTEN,
        Confirmation.REVERSIBLE,
        _register,
        (
            Field("reference", "Reference", "of the mail to the DPO"),
            Field("requested", "Requested", "2026-12-24 or 2026-12-24T18:00:00Z", "instant"),
            Field("requester", "Requester", "who asks"),
            Field("checked_by", "Checked by", "who verified that the requester may ask"),
        ),
        key="E",
        states=KEPT,
        many=False,
    ),
    Action(
        "export-cancel",
        "Cancel an export request",
        FORGOTTEN,
        Confirmation.REVERSIBLE,
        _cancel,
        (
            Field("export", "Export", "its id", "record", collection="exports"),
            Field("reason", "Reason", "who withdrew it, and how"),
        ),
        many=False,
    ),
)
