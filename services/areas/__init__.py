"""The areas of the console. A new one is a file beside this and an entry here.

Each is imported when it is first looked at: the console opens on one, and shows it before it has read the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

from services.areas.base import Area

_PLACES = {
    "due": "services.areas.due:DUE",
    "tenants": "services.areas.tenants:TENANTS",
    "recovery": "services.areas.recovery:RECOVERY",
    "retention": "services.areas.retention:RETENTION",
    "exports": "services.areas.exports:EXPORTS",
    "maintenance": "services.areas.maintenance:MAINTENANCE",
    "links": "services.areas.links:LINKS",
    "cases": "services.areas.cases:CASES",
    "orders": "services.areas.orders:ORDERS",
    "journal": "services.areas.journal:JOURNAL",
    "audit": "services.areas.audit:AUDIT",
    "sources": "services.areas.sources:SOURCES",
    "credentials": "services.areas.credentials:CREDENTIALS",
}

KEYS: Mapping[str, str] = MappingProxyType(
    {
        "1": "due",
        "2": "tenants",
        "3": "recovery",
        "4": "retention",
        "5": "exports",
        "6": "maintenance",
        "8": "links",
        "0": "cases",
    }
)
"""The digit that opens an area, as the area has it: a screen has its keys before it has the areas."""


# An area is generic in its row; a mapping of several can only say Any. Each area's own file is fully typed.
class _Areas(Mapping[str, Area[Any]]):
    def __getitem__(self, name: str) -> Area[Any]:
        module, _, area = _PLACES[name].partition(":")
        found: Area[Any] = getattr(import_module(module), area)
        return found

    def __contains__(self, name: object) -> bool:
        return name in _PLACES

    def __iter__(self) -> Iterator[str]:
        return iter(_PLACES)

    def __len__(self) -> int:
        return len(_PLACES)


AREAS: Mapping[str, Area[Any]] = _Areas()
"""By name, in the order of the help screen."""
