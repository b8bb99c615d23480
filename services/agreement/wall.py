"""A wall clock's reading as instants: there is one, or two, or none where the clocks are put forward."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Reading:
    """What a local time can mean. ``earlier`` and ``later`` are equal where it exists once."""

    kind: Literal["once", "twice", "never"]
    earlier: datetime
    later: datetime

    def chosen(self, choice: str | None) -> datetime | None:
        """The instant; ``None`` where it takes a choice (``earlier``, ``later``) and there is none."""
        if self.kind == "once":
            return self.earlier
        return {"earlier": self.earlier, "later": self.later}.get(choice or "")


def read_wall_clock(local: datetime, zone: ZoneInfo) -> Reading:
    """The instants (UTC) at which the clocks of ``zone`` show ``local``, which is naive.

    A time that the clocks skip is read with the offset before the change and with the one after it: ``earlier`` lies
    before the change, ``later`` after it. Raises ``OverflowError`` at the ends of the calendar.
    """
    instants = sorted(local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    earlier, later = instants
    if earlier == later:
        return Reading("once", earlier, later)
    exists = earlier.astimezone(zone).replace(tzinfo=None, fold=0) == local.replace(fold=0)
    return Reading("twice" if exists else "never", earlier, later)
