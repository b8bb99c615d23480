"""A maintenance slot (clause ``availability``: scheduled slots are excluded)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SlotState(StrEnum):
    """As recorded; whether a scheduled slot runs just now follows from its instants."""

    SCHEDULED = "scheduled"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot for one tenant, or for all tenants of a tier in a region. Text comes from outside, not sanitized."""

    id: str
    tenant: str | None
    """``None``: ``tier`` and ``region`` are the scope."""
    tier: str | None
    region: str | None
    starts_at: datetime
    ends_at: datetime
    zone: str
    """The IANA zone it was planned in."""
    local_start: datetime
    """The wall clock's reading at its start, naive, in ``zone``: what was announced."""
    choice: str | None
    """For a local time that exists twice or not at all: ``earlier`` or ``later``, as was chosen; else ``None``."""
    state: SlotState
    reason: str
    scheduled_at: datetime
    """When it was entered: only what was scheduled before it began is excluded from availability."""
    announced_at: datetime | None = None

    @property
    def scope(self) -> str:
        """``acme`` for a tenant; ``public eu-central-1`` for a tier in a region."""
        return self.tenant if self.tenant is not None else f"{self.tier} {self.region}"

    def concerns(self, tenant: str, tier: str, region: str) -> bool:
        """Whether a tenant of that tier and region is in the scope."""
        return self.tenant == tenant if self.tenant is not None else (self.tier, self.region) == (tier, region)
