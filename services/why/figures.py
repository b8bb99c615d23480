"""The figures there are, and what each was judged of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeAlias

from services.fleet.missing import record_verdict, tenant_of, unread_lists
from services.fleet.snapshot import (
    CaseView,
    ExportView,
    FleetSnapshot,
    HoldView,
    LinkView,
    OrderView,
    PendingView,
    SlotView,
    StoreView,
    TenantView,
)
from services.model import Verdict

Judged: TypeAlias = StoreView | LinkView | ExportView | CaseView | HoldView | SlotView | PendingView | OrderView
"""What a verdict is of, where that is more than a tenant's record."""


class NoSuchFigureError(KeyError):
    """Nothing of that name is judged; the text names what is."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Subject:
    """A verdict, and what it is of."""

    verdict: Verdict
    tenant: TenantView | None
    of: Judged | None = None
    """``None``: the tenant's record, or what could not be read."""


def figures(fleet: FleetSnapshot, tenant: str | None) -> tuple[str, ...]:
    """The figures of a tenant, or (``None``) of what no tenant owns, in the order in which they are judged."""
    return tuple(subject.verdict.figure for subject in _subjects(fleet, tenant))


def find(fleet: FleetSnapshot, tenant: str | None, figure: str) -> Subject:
    """What is judged under that name; a slot, or an order, also for any of the tenants in its scope.

    Raises:
        NoSuchFigureError: nothing is, with the names there are.
    """
    for subject in _subjects(fleet, tenant):
        if subject.verdict.figure == figure:
            return subject
    if tenant is not None:
        for slot in fleet.slots:
            if slot.verdict.figure == figure and tenant in slot.tenants:
                return Subject(slot.verdict, fleet.tenants.get(tenant), slot)
        for order in fleet.orders:
            if order.verdict.figure == figure and tenant in order.order.tenants:
                return Subject(order.verdict, fleet.tenants.get(tenant), order)
    raise NoSuchFigureError(_unknown(fleet, tenant, figure))


def _unknown(fleet: FleetSnapshot, tenant: str | None, figure: str) -> str:
    known = figures(fleet, tenant)
    if tenant is not None and not known:
        return f"there is no tenant {tenant!r}; tenure list tenants names them"
    whose = tenant if tenant is not None else "what no tenant owns"
    if not known:
        return f"nothing is judged of {whose}"
    close = get_close_matches(figure, known, n=1)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
    return f"{whose} has no figure {figure!r}; {hint}"


def _subjects(fleet: FleetSnapshot, tenant: str | None) -> Iterator[Subject]:
    view = fleet.tenants.get(tenant) if tenant is not None else None
    if view is not None:
        yield from _of_tenant(view)
    if tenant is None:
        yield from (Subject(orphan.verdict, None, orphan) for orphan in fleet.orphans)
        yield from (Subject(orphan.verdict, None, orphan) for orphan in fleet.orphan_links)
    for slot in fleet.slots:
        if slot.slot.tenant == tenant:
            yield Subject(slot.verdict, view, slot)
    for pending in fleet.pending_maintenance:
        if pending.tenant == tenant:
            yield Subject(pending.verdict, view, pending)
    for order in fleet.orders:
        if order.tenant == tenant:
            yield Subject(order.verdict, view, order)
    for bad in fleet.bad_records:
        if tenant_of(bad) == tenant:
            yield Subject(record_verdict(bad), view)
    if tenant is None:
        yield from (Subject(verdict, None) for verdict in unread_lists(fleet))


def _of_tenant(view: TenantView) -> Iterator[Subject]:
    of: dict[str, Judged] = {}
    for store in view.stores:
        of[store.verdict.figure] = store
        if store.rto is not None:
            of[store.rto.figure] = store
    more: tuple[LinkView | ExportView | CaseView | HoldView, ...]
    more = (*view.links, *view.exports, *view.cases, *view.holds)
    of |= {judged.verdict.figure: judged for judged in more}
    for verdict in view.verdicts:
        yield Subject(verdict, view, of.get(verdict.figure))
