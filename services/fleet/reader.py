"""How the console and the command line read the fleet."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeAlias

from services.fleet.snapshot import FleetSnapshot
from services.model import Acknowledgement

Publish: TypeAlias = Callable[[FleetSnapshot], None]


class FleetReader(Protocol):
    """What the console and the command line read the fleet through."""

    def refresh(self, publish: Publish, cancel: threading.Event) -> FleetSnapshot:
        """Asks all sources anew; blocks until they have answered or ``cancel`` is set.

        Calls ``publish``, in this thread, with each partial snapshot, at most four times a second, and with the last.
        """

    def rejudge(self, now: datetime) -> FleetSnapshot:
        """The snapshot as of ``now`` with no question asked; the same object where time has changed nothing."""

    def forecast(self, at: datetime) -> FleetSnapshot:
        """The fleet as it will stand at ``at`` if nobody acts, from what is known now; asks nobody anything.

        What AWS showed stands still: stores, RTO and the ages of evidence are as last observed. Any thread may ask.
        """

    def acknowledge(self, acknowledgement: Acknowledgement) -> str | None:
        """Records it in the internal API; blocks. Why that was refused or failed, ``None`` where it was done."""

    def withdraw(self, tenant: str | None, figure: str) -> str | None:
        """Takes an acknowledgement back; blocks. Why that was refused or failed, ``None`` where it was done."""
