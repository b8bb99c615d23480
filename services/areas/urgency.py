"""The order in which what is due stands: one for all areas."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from services.model import Verdict

RowT = TypeVar("RowT")


def most_urgent_first(
    rows: list[RowT], verdict: Callable[[RowT], Verdict | None], tie: Callable[[RowT], tuple[Any, ...]], now: datetime
) -> list[RowT]:
    """Sorts by ``agreement.due_rank``, ties by ``tie``; rows without a verdict come last."""
    if not rows:
        return rows
    from services.agreement import due_rank  # behind the first picture

    def order(row: RowT) -> tuple[Any, ...]:
        judged = verdict(row)
        rank = (0, *due_rank(judged, now)) if judged is not None else (1, 0, 0.0)
        return (*rank, *tie(row))

    rows.sort(key=order)
    return rows
