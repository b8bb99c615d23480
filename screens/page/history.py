"""What was recorded of a store's RPO while nobody looked: the longest that was seen, and its course by day. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from textual.content import Content

from screens.page.lines import short
from screens.text import DIM, line, status_style
from screens.widgets.bars import sparkline
from services.model import Status
from services.words import say_length

if TYPE_CHECKING:
    from services.wire.history import HistoryRecord, StoreHistory

BLIND: Final = timedelta(hours=1)
"""From so long a time without a figure it is told: the longest RPO may lie in it."""
WARNING: Final = "$status-at-risk"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the internal API's recorder has of a tenant; neither: it is being read."""

    record: HistoryRecord | None = None
    trouble: str | None = None
    """Why it is not known. Text from outside."""
    offered: bool = True
    """Whether this internal API can tell at all."""


def not_recorded(of: Recorded) -> Content | None:
    """Why nothing of what was recorded stands beside the stores; ``None`` where it does."""
    if of.record is not None:
        return None
    if not of.offered:
        return line(("RPO over time: not offered by this internal API", DIM))
    if of.trouble is None:
        return line(("RPO over time: being read …", DIM))
    return line(("RPO over time: not known: ", WARNING), (of.trouble, DIM))


def recorded(
    record: HistoryRecord, arn: str, target: timedelta | None, instant: datetime, width: int
) -> tuple[str, Content]:
    """Over how many days, in at most three cells, and what was seen of a store, in ``width`` cells where it can be."""
    store = next((it for it in record.stores if it.store == arn), None)
    if store is None:
        return "", line(("unknown: nothing was recorded of it", "$status-unknown"))
    return _span(store, record), _seen(store, record, target, instant, width)


def _span(store: StoreHistory, record: HistoryRecord) -> str:
    days = -((store.first_at - record.until) // timedelta(days=1))
    return f"{days}d" if days > 1 else "1d"


def _seen(
    store: StoreHistory, record: HistoryRecord, target: timedelta | None, instant: datetime, width: int
) -> Content:
    if store.worst_seconds is None or store.worst_at is None:
        return line((f"unknown: {store.looks} looks, and never a figure", "$status-unknown"))
    worst = timedelta(seconds=store.worst_seconds)
    over = target is not None and worst > target
    style = status_style(Status.BREACHED) if over else ""
    said = line("worst ", (say_length(worst), style), (f" {short(store.worst_at, instant)}", DIM))
    silence = timedelta(seconds=store.silence_seconds)
    if silence >= BLIND:
        said = line(said, (f", blind {say_length(silence)}", WARNING))
    course = [None if it is None else timedelta(seconds=it) for it in store.days]
    first = max(len(course) + ((store.first_at - record.until) // timedelta(days=1)), 0)
    drawn = sparkline(course[first:], target or worst, status_style(Status.OK), status_style(Status.BREACHED))
    room = width - said.cell_length - 2
    return line(said, "  ", drawn) if len(course) - first > 1 and drawn.cell_length <= room else said
