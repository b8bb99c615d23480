"""A customer's request for its data (clause ``right-to-be-forgotten``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ExportState(StrEnum):
    """As recorded. That a window is over, its clock says, not its state."""

    REQUESTED = "requested"
    PREPARING = "preparing"
    AVAILABLE = "available"
    """The package stands at its address."""
    CLOSED = "closed"
    """The window is over and the package destroyed."""
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Export:
    """An export request and its package. Text fields come from outside and are not sanitized."""

    id: str
    tenant: str
    state: ExportState
    requested_at: datetime
    requester: str
    reference: str | None = None
    """The mail to the DPO that asked for it."""
    progress: float | None = None
    """While it is prepared: the share done, 0 to 1."""
    available_at: datetime | None = None
    complete: bool | None = None
    """Whether the package was verified to hold everything; ``None``: not verified."""
    delivered_at: datetime | None = None
    """When the customer had fetched all of it; ``None``: not yet."""
    destroyed_at: datetime | None = None
    """When the package was verified to be gone."""
    failure: str | None = None
    checked_by: str | None = None
    """Who verified that the requester may ask."""

    @property
    def delivered_complete(self) -> bool:
        """Whether it may bring the destruction of hosted data forward."""
        return self.available_at is not None and self.complete is True and self.delivered_at is not None
