"""Which areas draw differently, and with which screen."""

from __future__ import annotations

from typing import Any

from screens.area import AreaScreen
from screens.audit import AuditScreen
from screens.due import DueScreen
from screens.maintenance import MaintenanceScreen
from screens.recovery import RecoveryScreen
from screens.retention import RetentionScreen
from screens.tenants import TenantsScreen
from screens.work import WorkScreen

SCREENS: dict[str, type[AreaScreen]] = {
    "due": DueScreen,
    "tenants": TenantsScreen,
    "recovery": RecoveryScreen,
    "retention": RetentionScreen,
    "maintenance": MaintenanceScreen,
    "exports": WorkScreen,
    "cases": WorkScreen,
    "audit": AuditScreen,
    "sources": WorkScreen,
}


def area_screen(name: str) -> type[Any]:
    """The screen of an area."""
    return SCREENS.get(name, AreaScreen)
