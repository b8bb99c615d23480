"""What was done, by whom, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An entry of the audit log. Text fields come from outside and are not sanitized."""

    id: str
    at: datetime
    who: str
    role: str
    action: str
    """``disable``, ``export register``, ``slot schedule``: as the console names it."""
    outcome: str
    tenant: str | None = None
    origin: str | None = None
    """The host it was done from."""
    ticket: str | None = None
    note: str | None = None
    order: str | None = None
    """The key of the order that it belongs to."""
    plan: str | None = None
    """The digest of that order's plan."""
    request_id: str | None = None
    position: int | None = None
    """Its place in the chain: 1, 2, 3, …"""
