"""Which areas draw differently, and with which screen. Each is imported when it is first opened."""

from __future__ import annotations

from importlib import import_module
from typing import Any

SCREENS = {
    "due": "screens.due:DueScreen",
    "tenants": "screens.tenants:TenantsScreen",
    "recovery": "screens.recovery:RecoveryScreen",
    "retention": "screens.retention:RetentionScreen",
    "maintenance": "screens.maintenance:MaintenanceScreen",
    "exports": "screens.work:WorkScreen",
    "cases": "screens.work:WorkScreen",
    "links": "screens.work:WorkScreen",
    "orders": "screens.orders:OrdersScreen",
    "journal": "screens.journal:JournalScreen",
    "audit": "screens.audit:AuditScreen",
    "sources": "screens.sources:SourcesScreen",
    "credentials": "screens.credentials:CredentialsScreen",
}
PLAIN = "screens.area:AreaScreen"


def area_screen(name: str) -> type[Any]:
    """The screen of an area."""
    module, _, screen = SCREENS.get(name, PLAIN).partition(":")
    found: type[Any] = getattr(import_module(module), screen)
    return found
