"""The order in which what is due stands: one for all areas."""

from __future__ import annotations

from datetime import datetime

from services.model import Status, Verdict


def urgency(verdict: Verdict, now: datetime) -> tuple[float, ...]:
    """Breached first, then by the time left against the clock's own length; unknown and unproven after these."""
    if verdict.due_at is None or verdict.status in (Status.UNKNOWN, Status.UNPROVEN):
        return (1.0, float(verdict.status is not Status.BREACHED), float(verdict.status is Status.UNPROVEN))
    left = (verdict.due_at - now).total_seconds()
    length = verdict.length.total_seconds() if verdict.length else 86400.0
    return (0.0, float(verdict.status is not Status.BREACHED), left / max(length, 1.0))
