"""The areas of the console. A new one is a file beside this and an entry here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from services.areas.base import Area
from services.areas.recovery import RECOVERY
from services.areas.sources import SOURCES
from services.areas.tenants import TENANTS

# An area is generic in its row; a mapping of several can only say Any. Each area's own file is fully typed.
AREAS: Mapping[str, Area[Any]] = MappingProxyType({area.name: area for area in (TENANTS, RECOVERY, SOURCES)})
"""By name, in the order of the help screen."""
