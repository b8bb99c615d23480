"""SSM: the maintenance windows that carry slots out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.aws.facts import Tags


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A maintenance window; its next execution follows from its schedule and the clock."""

    account: str
    region: str
    id: str
    name: str
    schedule: str
    """``at(2026-11-22T22:00:00)``, ``cron(0 22 ? * SUN *)``, ``rate(7 days)``, read in ``zone``."""
    zone: str
    duration_h: int
    cutoff_h: int
    created_at: datetime
    enabled: bool = True
    description: str = ""
    tags: Tags = ()
    ran_at: tuple[datetime, ...] = ()
    """When it was executed."""
