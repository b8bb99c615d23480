"""How far back a store would have fallen at each moment of the past (clause ``recovery``: the worst gap).

The gap at a moment is the time from the newest moment before it that can still be restored. A continuous point
(``RestorePoint.since``) covers every moment of its own. Points without a date say nothing here. History begins with
the oldest moment that can be restored: what was there before and has expired since nobody can tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from services.model import RestorePoint

_DAY = timedelta(days=1)

Span = tuple[datetime, datetime]


def worst_gap(
    points: Iterable[RestorePoint], created_at: datetime | None, until: datetime, window: timedelta
) -> timedelta | None:
    """The longest gap of the trailing ``window`` before ``until``; ``None`` where history does not reach into it."""
    return _worst(_covered(points, created_at, until), until - window, until)


def daily_gaps(
    points: Iterable[RestorePoint], created_at: datetime | None, until: datetime, days: int = 35
) -> tuple[timedelta | None, ...]:
    """The longest gap of each of the trailing days of 24 hours, the oldest first; ``None`` where history does not
    reach into it."""
    covered = _covered(points, created_at, until)
    return tuple(_worst(covered, until - _DAY * (back + 1), until - _DAY * back) for back in reversed(range(days)))


def _covered(points: Iterable[RestorePoint], created_at: datetime | None, until: datetime) -> list[Span]:
    """The spans of time that can be restored, in their order, none touching another."""
    spans: list[Span] = []
    for point in points:
        if point.at is None or (point.since or point.at) > until:
            continue
        starts_at = min(point.since or point.at, point.at)
        if created_at is not None and starts_at < created_at <= point.at:
            starts_at = created_at
        spans.append((starts_at, min(point.at, until)))
    united: list[Span] = []
    for starts_at, ends_at in sorted(spans):
        if united and starts_at <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], ends_at))
        else:
            united.append((starts_at, ends_at))
    return united


def _worst(covered: list[Span], first: datetime, last: datetime) -> timedelta | None:
    """The longest gap at any moment from ``first`` to ``last``."""
    if not covered or covered[0][0] > last:
        return None
    ends = [*(starts_at for starts_at, _ in covered[1:]), last]
    gaps = [
        min(gap_ends, last) - gap_starts
        for (_, gap_starts), gap_ends in zip(covered, ends, strict=True)
        if gap_starts < last and gap_ends > first
    ]
    return max(gaps, default=timedelta())
