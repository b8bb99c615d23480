"""A fleet that is opened by the first question to it: settings, policy and clients are made off the first picture."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from typing import TYPE_CHECKING

from services.fleet.asked import EVERYTHING, Asked, Focus
from services.fleet.reader import FleetReader, Publish
from services.fleet.snapshot import FleetSnapshot
from services.model import EVERYWHERE

if TYPE_CHECKING:
    from typing import Self

    from services.model import Acknowledgement, Observation, Prompts, Scope
    from services.orders.desk import OrderDesk
    from services.wire.history import HistoryRecord


class OpeningFleet:
    """Opens the fleet at its first refresh, on the thread that asks; a ``FleetReader``.

    An opening that fails raises from ``refresh``, and is tried anew by the next one.
    """

    def __init__(self, open_fleet: Callable[[], AbstractContextManager[FleetReader]]) -> None:
        self._open = open_fleet
        self._reader: FleetReader | None = None
        self._scope = EVERYWHERE
        self._held = ExitStack()

    def refresh(self, publish: Publish, cancel: threading.Event, asked: Asked = EVERYTHING) -> FleetSnapshot:
        """As the fleet does it. Raises ``CommandError`` where the settings do not lead to one."""
        if self._reader is None:
            self._reader = self._held.enter_context(self._open())
            self._reader.narrow(self._scope)
        return self._reader.refresh(publish, cancel, asked)

    def due(self, now: datetime, focus: Focus) -> bool:
        """As the fleet does it; before there is one, everything is."""
        return self._reader is None or self._reader.due(now, focus)

    def narrow(self, scope: Scope) -> None:
        """As the fleet does it; before there is one, as soon as there is."""
        self._scope = scope
        if self._reader is not None:
            self._reader.narrow(scope)

    def sign_in(self, prompts: Prompts, cancel: threading.Event) -> str | None:
        """As the fleet does it; refused before there is one."""
        return "nothing was read yet" if self._reader is None else self._reader.sign_in(prompts, cancel)

    def rejudge(self, now: datetime) -> FleetSnapshot:
        """As the fleet does it; an empty picture before there is one."""
        return FleetSnapshot(now) if self._reader is None else self._reader.rejudge(now)

    def forecast(self, at: datetime) -> FleetSnapshot:
        """As the fleet does it; an empty picture before there is one."""
        return FleetSnapshot(at) if self._reader is None else self._reader.forecast(at)

    def acknowledge(self, acknowledgement: Acknowledgement) -> str | None:
        """As the fleet does it; refused before there is one."""
        return "nothing was read yet" if self._reader is None else self._reader.acknowledge(acknowledgement)

    def withdraw(self, tenant: str | None, figure: str) -> str | None:
        """As the fleet does it; refused before there is one."""
        return "nothing was read yet" if self._reader is None else self._reader.withdraw(tenant, figure)

    def history(self, tenant: str, cancel: threading.Event) -> Observation[HistoryRecord]:
        """As the fleet has it. Raises ``LookupError`` before there is one."""
        if self._reader is None:
            raise LookupError("nothing was read yet")
        return self._reader.history(tenant, cancel)

    @property
    def desk(self) -> OrderDesk:
        """As the fleet has it; before there is one, one that refuses everything."""
        if self._reader is None:
            from services.orders.desk import Refusing

            return Refusing("nothing was read yet")
        return self._reader.desk

    def close(self) -> None:
        """Closes what was opened; may be called again."""
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()
