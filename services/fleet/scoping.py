"""A picture without what lies outside the scope, and how many tenants that leaves out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from services.aws.collect.base import Place
from services.fleet.snapshot import FleetSnapshot, LinkView, StoreView, TenantView
from services.model import Scope


def narrowed(fleet: FleetSnapshot, scope: Scope) -> FleetSnapshot:
    """``fleet`` with the tenants whose own place is in ``scope``, and what else was seen there.

    A slot or an order stays as long as one of its tenants does. What belongs to no place, as
    lists of the internal API, does.
    """
    tenants: Mapping[str, TenantView] = MappingProxyType(
        {name: view for name, view in fleet.tenants.items() if scope.has(view.tenant.account, view.tenant.region)}
    )
    return replace(
        fleet,
        scope=scope,
        outside=len(fleet.tenants) - len(tenants),
        tenants=tenants,
        orphans=tuple(row for row in fleet.orphans if _is_in(row, scope)),
        orphan_links=tuple(row for row in fleet.orphan_links if _is_in(row, scope)),
        sources=tuple(it for it in fleet.sources if scope.has(it.source.account, it.source.region)),
        slots=tuple(it for it in fleet.slots if not it.tenants or any(name in tenants for name in it.tenants)),
        pending_maintenance=tuple(it for it in fleet.pending_maintenance if scope.has(it.account, it.region)),
        orders=tuple(
            it for it in fleet.orders if not it.order.tenants or any(name in tenants for name in it.order.tenants)
        ),
    )


def _is_in(row: StoreView | LinkView, scope: Scope) -> bool:
    return scope.has(row.account, row.region)


def unheard(call: str, place: Place, scope: Scope) -> str:
    """Why nothing was heard yet of ``call``, which is put to ``place``."""
    if scope.has(place.account, place.region):
        return f"waiting for {call}"
    return f"not looked at: {place.account} {place.region} is outside the scope"
