"""The console on pictures of a fleet in memory: readers that answer, hang or break, and an app with a fixed clock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from textual.pilot import Pilot

from console.app import TenureApp
from services.fleet.asked import EVERYTHING, Asked, Focus
from services.fleet.scoping import narrowed
from services.fleet.snapshot import FleetSnapshot
from services.model import Acknowledgement, Observation, Outcome, Prompts, Scope, Source
from services.orders.desk import OrderDesk, Refusing
from services.wire.history import HistoryRecord
from tests.support.fleet import AT
from tests.support.idle import FRAME_S
from tests.support.pilot import until

Publish = Callable[[FleetSnapshot], None]
SOON_S = 2.5 * FRAME_S
"""Between two ticks of a console that need not keep to seconds: any shorter, and it would never be at rest."""


class Answers:
    """A reader that has one picture after the other; the last one stays."""

    def __init__(self, *pictures: FleetSnapshot) -> None:
        self._pictures = list(pictures)
        self.latest = pictures[0]
        self.asked = 0
        self.questions: list[Asked] = []
        """What each refresh asked."""
        self.is_due = False
        """What is said to be due by time."""
        self.focus: Focus | None = None
        """What was said to be in sight."""
        self.signed_in = 0
        self.scopes: list[Scope] = []
        self.acknowledged: list[Acknowledgement] = []
        self.withdrawn: list[tuple[str | None, str]] = []
        self.refusal: str | None = None
        self.desk: OrderDesk = Refusing("nobody orders anything here")
        self.recorded: HistoryRecord | None = None
        """What was recorded of any tenant; ``None``: this internal API records nothing."""

    def refresh(self, publish: Publish, cancel: threading.Event, asked: Asked = EVERYTHING) -> FleetSnapshot:
        self.questions.append(asked)
        self.asked += 1
        self.latest = self._pictures.pop(0) if len(self._pictures) > 1 else self._pictures[0]
        return self.latest

    def due(self, now: datetime, focus: Focus) -> bool:
        self.focus = focus
        return self.is_due

    def narrow(self, scope: Scope) -> None:
        self.scopes.append(scope)
        self.latest = narrowed(self._pictures[0], scope)

    def sign_in(self, prompts: Prompts, cancel: threading.Event) -> str | None:
        self.signed_in += 1
        return self.refusal

    def rejudge(self, now: datetime) -> FleetSnapshot:
        return self.latest

    def forecast(self, at: datetime) -> FleetSnapshot:
        return replace(self.latest, at=at, forecast_from=self.latest.at)

    def history(self, tenant: str, cancel: threading.Event) -> Observation[HistoryRecord]:
        outcome = Outcome.NOT_OFFERED if self.recorded is None else Outcome.SEEN
        return Observation(Source("internal", "GET /samples/history"), AT, outcome, self.recorded)

    def acknowledge(self, acknowledgement: Acknowledgement) -> str | None:
        self.acknowledged.append(acknowledgement)
        return self.refusal

    def withdraw(self, tenant: str | None, figure: str) -> str | None:
        self.withdrawn.append((tenant, figure))
        return self.refusal


class Hangs(Answers):
    """A reader that publishes its picture, and then waits for what never comes."""

    def refresh(self, publish: Publish, cancel: threading.Event, asked: Asked = EVERYTHING) -> FleetSnapshot:
        self.questions.append(asked)
        self.asked += 1
        publish(self.latest)
        threading.Event().wait()
        return self.latest


class Breaks(Answers):
    """A reader that gives its pictures, and then raises."""

    def __init__(self, error: Exception, *pictures: FleetSnapshot) -> None:
        super().__init__(*(pictures or (FleetSnapshot(AT),)))
        self._left = len(pictures)
        self._error = error
        self.broke = 0

    def refresh(self, publish: Publish, cancel: threading.Event, asked: Asked = EVERYTHING) -> FleetSnapshot:
        if self._left == 0:
            self.broke += 1
            raise self._error
        self._left -= 1
        return super().refresh(publish, cancel, asked)


class Watch:
    """A clock that stands until it is told to go on."""

    def __init__(self, at: datetime = AT + timedelta(seconds=3)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def console(reader: Answers | FleetSnapshot, *, now: Callable[[], datetime] | None = None, **given: Any) -> TenureApp:
    """The console, three seconds after the picture unless ``now`` says otherwise, on the list of tenants."""
    reader = Answers(reader) if isinstance(reader, FleetSnapshot) else reader
    return TenureApp(reader, now=now or Watch(), **{"profile": "eu-prod", "banner": "PROD", "area": "tenants", **given})


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until the first picture is there and drawn, or it is known that there is none."""
    app: Any = pilot.app
    await until(pilot, lambda: bool(app.fleet.sources) or app.trouble is not None)
    await pilot.pause()


def typed(text: str) -> list[str]:
    """The keys that give ``text``."""
    names = {" ": "space", "/": "slash", ":": "colon", "=": "equals_sign", "(": "left_parenthesis", "-": "minus"}
    return [names.get(char, char) for char in text]


if __name__ == "__main__":
    from tests.support.fleet import fleet

    console(fleet()).run()
