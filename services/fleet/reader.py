"""How the console and the command line read the fleet."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeAlias

from services.fleet.asked import EVERYTHING, Asked, Focus
from services.fleet.snapshot import FleetSnapshot

if TYPE_CHECKING:
    from services.model import Acknowledgement, Observation, Prompts, Scope
    from services.orders.desk import OrderDesk
    from services.wire.history import HistoryRecord

Publish: TypeAlias = Callable[[FleetSnapshot], None]


class FleetReader(Protocol):
    """What the console and the command line read the fleet through."""

    def refresh(self, publish: Publish, cancel: threading.Event, asked: Asked = EVERYTHING) -> FleetSnapshot:
        """Asks the sources that ``asked`` names; blocks until they have answered or ``cancel`` is set.

        Calls ``publish``, in this thread, with each partial snapshot, at most four times a second, and with the last.
        A source that is not asked keeps its observation with its age. A later refresh takes the place of this one.
        """

    def due(self, now: datetime, focus: Focus) -> bool:
        """Whether ``Due(focus)`` would ask anybody; cheap enough for every second of the thread that draws."""

    def narrow(self, scope: Scope) -> None:
        """Looks from now on at what is in ``scope``, of what the settings look at; any thread, comes back at once.

        The next snapshot, of ``rejudge`` too, leaves the rest out.
        """

    def sign_in(self, prompts: Prompts, cancel: threading.Event) -> str | None:
        """Makes the operator's AWS credentials good again; blocks. Why that was not done, ``None`` where it was."""

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

    def history(self, tenant: str, cancel: threading.Event) -> Observation[HistoryRecord]:
        """What the recorder saw of a tenant's stores, over the policy's ``recovery.gap_window``; blocks."""

    @property
    def desk(self) -> OrderDesk:
        """Where orders are handed in and followed."""
