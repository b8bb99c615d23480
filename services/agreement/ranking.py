"""The order of the due list."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.model import Status, Verdict

_DAY = timedelta(days=1)
"""What the time left is measured against where a verdict has no clock of its own length."""


def due_rank(verdict: Verdict, now: datetime) -> tuple[int, float]:
    """Sorts the due list; smaller comes first. Ties are for the caller to break.

    Breached first; then what ticks, by the time left against its clock's own length, so that four minutes of five
    come before two days of thirty; a risk that counts down to nothing stands as if it were over now. Unknown after
    those, then unproven; what is well, or not applicable, last.
    """
    status = verdict.status
    if status is Status.BREACHED:
        return 0, _share(verdict, now)
    if status in (Status.AT_RISK, Status.DUE):
        return 1, _share(verdict, now)
    if status is Status.UNKNOWN:
        return 2, 0.0
    if status is Status.UNPROVEN:
        return 3, 0.0
    return (4 if status is Status.OK else 5), _share(verdict, now)


def _share(verdict: Verdict, now: datetime) -> float:
    if verdict.due_at is None:
        return 0.0
    length = verdict.length if verdict.length is not None and verdict.length > timedelta() else _DAY
    return (verdict.due_at - now) / length
