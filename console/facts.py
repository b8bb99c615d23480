"""What the console knows: it asks the reader, keeps the latest picture, and shows another day's where one is wanted."""

from __future__ import annotations

import time
from datetime import datetime
from threading import Event
from typing import TYPE_CHECKING, Final

from textual import on
from textual.message import Message

from console.tidying import Tidying
from screens.loading import Loader
from screens.messages import Flashed, FleetChanged, Ticked
from screens.notes import Notes
from screens.typeahead import TypeAheadApp
from screens.under_way import became
from services.fleet.asked import EVERYTHING, Asked, Due, Everything, Focus, Only
from services.fleet.snapshot import FleetSnapshot
from services.now import Now

if TYPE_CHECKING:
    from services.fleet.reader import FleetReader
    from services.model import Acknowledgement, Observation, Prompts, Scope, Source
    from services.orders.desk import OrderDesk
    from services.wire.history import HistoryRecord

FIRST_REST_S: Final = 5.0
"""Seconds of rest after a refresh that broke off; they double with each that does."""
LONGEST_REST_S: Final = 60.0


class FactsApp(TypeAheadApp[None]):
    """The half of the application that has the facts; who shows them says where messages go (``tell_screen``)."""

    def __init__(self, reader: FleetReader, *, now: Now, tick_s: float, fatal: type[Exception] | None) -> None:
        """``tick_s``: seconds between two looks at what time has changed, and at who is to be asked. ``fatal``: an
        error of the reader that ends the console instead of being shown; see ``ended_by``."""
        super().__init__()
        self._reader = reader
        self._now = now
        self._tick_s = tick_s
        self._asking: Asked = EVERYTHING
        self._tidying = Tidying()
        self._broken = 0
        self._rests_until = 0.0
        self._fatal = fatal
        self.ended_by: Exception | None = None
        self._fleet = FleetSnapshot(now())
        self._forecast: FleetSnapshot | None = None
        self._as_of: datetime | None = None
        self._trouble: str | None = None
        self._asked = False
        self._awaited = False
        self.notes = Notes()
        self._loader: Loader[FleetSnapshot] = Loader(self, "fleet")
        self._forecaster: Loader[FleetSnapshot] = Loader(self, "forecast")

    def tell_screen(self, message: Message) -> None:
        """Post ``message`` to the screen in sight."""
        raise NotImplementedError

    def in_sight(self) -> Focus:
        """What is shown, whose sources are asked more often."""
        raise NotImplementedError

    def start_asking(self) -> None:
        """Ask the sources, and from now on every second what time has changed, and who is to be asked again."""
        self.set_interval(self._tick_s, self._tick)
        # Reading begins when the first picture stands: what it imports would delay it.
        self.call_after_refresh(self.refresh_fleet)

    def stop_asking(self) -> None:
        """Drop what is still to come."""
        self._loader.cancel()
        self._forecaster.cancel()

    def look_through(self, reader: FleetReader, now: Now) -> None:
        """Know another fleet: nothing of the one before is left, and what it still has to say is dropped."""
        self.stop_asking()
        self._reader, self._now = reader, now
        self._fleet, self._forecast, self._as_of = FleetSnapshot(now()), None, None
        self._trouble, self._asked, self._awaited, self._asking = None, False, False, EVERYTHING
        self._broken, self._rests_until = 0, 0.0
        self._fatal = None
        self.notes = Notes()

    # Of screens.shell.Shell

    def now(self) -> datetime:
        return self._now()

    @property
    def fleet(self) -> FleetSnapshot:
        return self._fleet if self._forecast is None else self._forecast

    @property
    def refreshing(self) -> bool:
        return self._awaited or not self._asked

    @property
    def trouble(self) -> str | None:
        return self._trouble

    def refresh_fleet(self) -> None:
        if not (self._awaited and isinstance(self._asking, Everything)):
            self._ask(EVERYTHING)

    def ask_again(self, sources: frozenset[Source]) -> None:
        self._ask(Only(sources))

    def narrow(self, scope: Scope) -> None:
        wider = self._fleet.scope.within(scope) != scope
        self._reader.narrow(scope)
        self._tick()
        if wider:
            self.refresh_fleet()

    def sign_in(self, prompts: Prompts, cancel: Event) -> str | None:
        return self._reader.sign_in(prompts, cancel)

    def signed_in(self) -> None:
        self._ask(EVERYTHING)

    def look_at(self, at: datetime | None) -> None:
        self._as_of = at
        if at is None:
            self._forecaster.cancel()
            self._forecast = None
            self._tell()
        else:
            self._foresee()

    def acknowledge(self, acknowledgement: Acknowledgement) -> str | None:
        return self._reader.acknowledge(acknowledgement)

    def withdraw(self, tenant: str | None, figure: str) -> str | None:
        return self._reader.withdraw(tenant, figure)

    def history(self, tenant: str, cancel: Event) -> Observation[HistoryRecord]:
        return self._reader.history(tenant, cancel)

    @property
    def desk(self) -> OrderDesk:
        return self._reader.desk

    # Facts and time

    def _ask(self, asked: Asked) -> None:
        """Ask; what is being asked for another reason is left, and asked again when it is due."""
        self._asked = self._awaited = True
        self._asking = asked
        reader = self._reader
        self._loader.start(lambda publish, cancel: reader.refresh(publish, cancel, asked))
        self._tell()

    def _tell(self) -> None:
        self.tell_screen(FleetChanged(self.fleet))

    def _take(self, fleet: FleetSnapshot) -> None:
        """There is a newer picture of the present; a forecast is made anew from it, and stays until that is there."""
        said = became(self._fleet, fleet)
        self._fleet = fleet
        if said is not None:
            self.tell_screen(Flashed(said, error=False))
        if self._as_of is not None:
            self._foresee()
        self._tell()

    def _foresee(self) -> None:
        at = self._as_of
        if at is not None:
            self._forecaster.start(lambda _publish, _cancel: self._reader.forecast(at))

    def _tick(self) -> None:
        judged = self._reader.rejudge(self.now()) if self._fleet.sources else self._fleet
        if judged is not self._fleet:
            self._take(judged)
        self.tell_screen(Ticked(self.now()))
        if self._asked and not self._awaited and time.monotonic() >= self._rests_until:
            focus = self.in_sight()
            if self._reader.due(self.now(), focus):
                self._ask(Due(focus))
        self._tidying.tidy(self.idle_s)

    @on(Loader.Partial)
    def _partial(self, event: Loader.Partial) -> None:
        if event.current and event.loader is self._loader:
            self._take(event.value)

    @on(Loader.Loaded)
    def _loaded(self, event: Loader.Loaded) -> None:
        if not event.current:
            return
        if event.loader is self._forecaster:
            self._forecast = event.value
            self._tell()
        if event.loader is not self._loader:
            return
        self._awaited = False
        self._trouble = None
        self._broken = 0
        self._take(event.value)

    @on(Loader.Failed)
    def _failed(self, event: Loader.Failed) -> None:
        if not event.current:
            return
        said = f"{type(event.error).__name__}: {event.error}"
        if event.loader is self._forecaster:
            self.look_at(None)
            self.tell_screen(Flashed(f"This is the present; that day cannot be reckoned: {said}", error=True))
            return
        if event.loader is not self._loader:
            return
        if self._fatal is not None and isinstance(event.error, self._fatal):
            self.ended_by = event.error
            self.exit()
            return
        self._awaited = False
        self._trouble = said
        self._broken += 1
        self._rests_until = time.monotonic() + min(FIRST_REST_S * 2.0 ** (self._broken - 1), LONGEST_REST_S)
        self._tell()
