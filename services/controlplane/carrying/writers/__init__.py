"""The writers, a file for each service. This is the one place that enters them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.controlplane.carrying.writers import backups, failovers, maintenance_windows, restores
from services.controlplane.carrying.writers.base import Writer

EVERY: Final[tuple[Writer, ...]] = (
    *maintenance_windows.WRITERS,
    *backups.WRITERS,
    *failovers.WRITERS,
    *restores.WRITERS,
)
WRITERS: Final[Mapping[tuple[str, str], Writer]] = MappingProxyType(
    {(writer.service, writer.operation): writer for writer in EVERY}
)
"""By service and operation, as boto3 names them."""
