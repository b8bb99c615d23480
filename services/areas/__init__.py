"""The areas of the console. A new one is a file beside this and an entry here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from services.areas.audit import AUDIT
from services.areas.base import Area
from services.areas.cases import CASES
from services.areas.credentials import CREDENTIALS
from services.areas.due import DUE
from services.areas.exports import EXPORTS
from services.areas.maintenance import MAINTENANCE
from services.areas.recovery import RECOVERY
from services.areas.retention import RETENTION
from services.areas.sources import SOURCES
from services.areas.tenants import TENANTS

# An area is generic in its row; a mapping of several can only say Any. Each area's own file is fully typed.
AREAS: Mapping[str, Area[Any]] = MappingProxyType(
    {
        area.name: area
        for area in (DUE, TENANTS, RECOVERY, RETENTION, EXPORTS, MAINTENANCE, CASES, AUDIT, SOURCES, CREDENTIALS)
    }
)
"""By name, in the order of the help screen."""
