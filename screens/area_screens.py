"""Which areas draw differently, and with which screen."""

from __future__ import annotations

from typing import Any

from screens.area import AreaScreen
from screens.due import DueScreen
from screens.tenants import TenantsScreen

SCREENS: dict[str, type[AreaScreen]] = {"due": DueScreen, "tenants": TenantsScreen}


def area_screen(name: str) -> type[Any]:
    """The screen of an area."""
    return SCREENS.get(name, AreaScreen)
