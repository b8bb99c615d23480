"""What the console knows: it asks the reader, keeps the latest picture, and shows another day's where one is wanted."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message
from textual.timer import Timer

from screens.loading import Loader
from screens.messages import Flashed, FleetChanged, Ticked
from screens.typeahead import TypeAheadApp
from services.fleet.snapshot import FleetSnapshot
from services.now import Now

if TYPE_CHECKING:
    from services.fleet.reader import FleetReader
    from services.model import Acknowledgement


class FactsApp(TypeAheadApp[None]):
    """The half of the application that has the facts; who shows them says where messages go (``tell_screen``)."""

    def __init__(self, reader: FleetReader, *, now: Now, interval_s: float, fatal: type[Exception] | None) -> None:
        """``fatal``: an error of the reader that ends the console instead of being shown; see ``ended_by``."""
        super().__init__()
        self._reader = reader
        self._now = now
        self._interval_s = interval_s
        self._next: Timer | None = None
        self._fatal = fatal
        self.ended_by: Exception | None = None
        self._fleet = FleetSnapshot(now())
        self._forecast: FleetSnapshot | None = None
        self._as_of: datetime | None = None
        self._trouble: str | None = None
        self._asked = False
        self._loader: Loader[FleetSnapshot] = Loader(self, "fleet")
        self._forecaster: Loader[FleetSnapshot] = Loader(self, "forecast")

    def tell_screen(self, message: Message) -> None:
        """Post ``message`` to the screen in sight."""
        raise NotImplementedError

    def start_asking(self) -> None:
        """Ask the sources, and from now on every second what time has changed."""
        self.set_interval(1.0, self._tick)
        # Reading begins when the first picture stands: what it imports would delay it.
        self.call_after_refresh(self.refresh_fleet)

    def stop_asking(self) -> None:
        """Drop what is still to come."""
        self._loader.cancel()
        self._forecaster.cancel()

    # Of screens.shell.Shell

    def now(self) -> datetime:
        return self._now()

    @property
    def fleet(self) -> FleetSnapshot:
        return self._fleet if self._forecast is None else self._forecast

    @property
    def refreshing(self) -> bool:
        return self._loader.running or not self._asked

    @property
    def trouble(self) -> str | None:
        return self._trouble

    def refresh_fleet(self) -> None:
        if not self._loader.running:
            self._asked = True
            self._loader.start(self._reader.refresh)
            self._tell()

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

    # Facts and time

    def _tell(self) -> None:
        self.tell_screen(FleetChanged(self.fleet))

    def _take(self, fleet: FleetSnapshot) -> None:
        """There is a newer picture of the present; a forecast is made anew from it, and stays until that is there."""
        self._fleet = fleet
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

    @on(Loader.Partial)
    def _partial(self, event: Loader.Partial) -> None:
        if event.current:
            self._take(event.value)

    @on(Loader.Loaded)
    def _loaded(self, event: Loader.Loaded) -> None:
        if not event.current:
            return
        if event.loader is self._forecaster:
            self._forecast = event.value
            self._tell()
            return
        self._trouble = None
        self._take(event.value)
        self._again()

    @on(Loader.Failed)
    def _failed(self, event: Loader.Failed) -> None:
        if not event.current:
            return
        said = f"{type(event.error).__name__}: {event.error}"
        if event.loader is self._forecaster:
            self.look_at(None)
            self.tell_screen(Flashed(f"This is the present; that day cannot be reckoned: {said}", error=True))
            return
        if self._fatal is not None and isinstance(event.error, self._fatal):
            self.ended_by = event.error
            self.exit()
            return
        self._trouble = said
        self._tell()
        self._again()

    def _again(self) -> None:
        if self._next is not None:
            self._next.stop()  # asked for by hand meanwhile: one chain of refreshes, not two
        self._next = self.set_timer(self._interval_s, self.refresh_fleet)
