"""What the internal API keeps about a tenant: slots, exports, cases, legal holds, orders, and what was done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from screens.page.lines import STATUS, PageLine, left, none_of, short, word
from screens.text import DIM, fit, line
from services.estate.weekly import Opening, opening
from services.fleet.snapshot import FleetSnapshot, OrderView, TenantView
from services.model import SlotState, Status

NEWEST = 5
"""Entries of the audit log at most."""
LAST = 3
"""Orders at most that have ended well, or left nothing."""


def slots(view: TenantView, fleet: FleetSnapshot, instant: datetime) -> Iterator[PageLine]:
    """The slots to come in whose scope it is, and what RDS has pending on its databases."""
    tenant = view.tenant.id
    ahead = [
        slot
        for slot in fleet.slots
        if tenant in slot.tenants and slot.slot.state is SlotState.SCHEDULED and slot.slot.ends_at > instant
    ]
    for one in sorted(ahead, key=lambda slot: slot.slot.starts_at):
        slot = one.slot
        when = f"{short(slot.starts_at, instant).removesuffix('Z')}–{slot.ends_at:%H:%M}Z"
        said = line(
            word(one.verdict.status), left(slot.starts_at, instant), f"{when}  {slot.scope}  ", (slot.reason, DIM)
        )
        yield PageLine(said, one.verdict, slot.tenant)
    pending = [one for one in fleet.pending_maintenance if one.tenant == tenant]
    for action in pending:
        name = action.arn.rpartition(":")[2]
        said = line(
            word(action.verdict.status),
            left(action.applies_at, instant),
            f"RDS {action.action}  {name}  ",
            (action.description, DIM),
        )
        yield PageLine(said, action.verdict, tenant)
    if not ahead and not pending:
        yield none_of("slots", fleet, "none ahead")
    windows: dict[Opening, list[str]] = {}
    for store in (it.store for it in view.stores if it.store is not None):
        if (weekly := opening(store.maintenance_window, instant)) is not None:
            windows.setdefault(weekly, []).append(store.name)
    for weekly, names in sorted(windows.items()):
        when = f"{short(weekly.starts_at, instant).removesuffix('Z')}–{weekly.ends_at:%H:%M}Z"
        yield PageLine(
            line(
                fit("", STATUS),
                " ",
                left(weekly.starts_at, instant),
                f"{when}  ",
                (f"RDS may work each week on {', '.join(names)}", DIM),
            )
        )


def exports(view: TenantView, fleet: FleetSnapshot, instant: datetime) -> Iterator[PageLine]:
    """Every request, the newest first."""
    for one in view.exports:
        share = "" if one.export.progress is None else f" {int(one.export.progress * 100)} %"
        said = line(
            word(one.verdict.status),
            left(one.verdict.due_at, instant),
            f"{one.export.id}  {one.export.state}{share}  ",
            (f"asked {short(one.export.requested_at, instant)}  ", DIM),
            one.verdict.reason,
        )
        yield PageLine(said, one.verdict, view.tenant.id)
    if not view.exports:
        yield none_of("exports", fleet, "none asked")


def cases(view: TenantView, fleet: FleetSnapshot, instant: datetime) -> Iterator[PageLine]:
    """Every case with what is left of its clock."""
    for one in view.cases:
        said = line(
            word(one.verdict.status),
            left(one.verdict.due_at, instant),
            f"{one.case.kind}  {one.case.scope}  {one.case.state}  ",
            (one.verdict.reason, DIM),
        )
        yield PageLine(said, one.verdict, view.tenant.id)
    if not view.cases:
        yield none_of("cases", fleet)


def holds(view: TenantView, fleet: FleetSnapshot, instant: datetime) -> Iterator[PageLine]:
    """Every legal hold with what it rests on."""
    for one in view.holds:
        said = line(
            word(one.verdict.status),
            left(one.hold.lifted_at or one.hold.expires_at, instant),
            f"{one.hold.basis}  {one.hold.owner}  ",
            (one.verdict.reason, DIM),
        )
        yield PageLine(said, one.verdict, view.tenant.id)
    if not view.holds:
        yield none_of("holds", fleet)


def orders(view: TenantView, fleet: FleetSnapshot, instant: datetime) -> Iterator[PageLine]:
    """What is under way or waits for somebody, then the last that ended."""
    own = [one for one in fleet.orders if view.tenant.id in one.order.tenants]
    ahead = [one for one in own if _is_open(one)]
    ended = [one for one in own if not _is_open(one)]
    for one in (*ahead, *ended[:LAST]):
        order = one.order
        at = order.ended_at or order.created_at
        said = line(
            word(one.verdict.status),
            left(one.verdict.due_at if _is_open(one) else None, instant),
            f"{order.action} {order.steps_done}/{order.steps}  {short(at, instant)}  {order.author}  ",
            (one.verdict.reason.removeprefix(f"{order.title}: "), DIM),
        )
        yield PageLine(said, one.verdict, one.tenant)
    if len(ended) > LAST:
        yield PageLine(line((f"{len(ended) - LAST} more; :orders tenants={view.tenant.id}", DIM)))
    if not own:
        known = len(fleet.orders)
        yield none_of("orders", fleet, f"none open, none among the newest {known}" if known else "none")


def _is_open(one: OrderView) -> bool:
    """Whether it is under way, or somebody has to look at it."""
    return not one.order.state.ended or one.verdict.status is Status.AT_RISK


def audit(view: TenantView, fleet: FleetSnapshot, now: datetime) -> Iterator[PageLine]:
    """The newest of what was done to it."""
    entries = [entry for entry in fleet.audit if entry.tenant == view.tenant.id]
    for entry in entries[:NEWEST]:
        told = (part for part in (entry.ticket, entry.note) if part)
        yield PageLine(
            line(
                fit(short(entry.at, now), 14),
                f"{entry.who}  {entry.action}  ",
                (entry.outcome, "" if entry.outcome == "done" else "$status-at-risk"),
                (f"  {'  '.join(told)}", DIM),
            )
        )
    if len(entries) > NEWEST:
        yield PageLine(line((f"{len(entries) - NEWEST} more; :audit {view.tenant.id}", DIM)))
    if not entries:
        yield none_of("audit", fleet, f"nothing among the newest {len(fleet.audit)} entries")
