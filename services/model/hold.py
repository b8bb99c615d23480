"""A legal hold: what forbids to destroy (clause ``return-or-delete``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold on a tenant's data. Text fields come from outside and are not sanitized."""

    id: str
    tenant: str
    basis: str
    """What it rests on: ``union-law``, ``member-state-law``, ``litigation``, …; only those of the policy's
    ``return-or-delete.excused_by`` excuse the outer clock."""
    owner: str
    """Who answers for it."""
    reason: str
    placed_at: datetime
    expires_at: datetime | None = None
    lifted_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it stands at that instant."""
        ends = [at for at in (self.expires_at, self.lifted_at) if at is not None]
        return self.placed_at <= now and all(now < at for at in ends)
