"""The Textual application: it owns clock, snapshot and screens, and does nothing that a screen could do."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from textual import on
from textual.message import Message
from textual.timer import Timer

from screens.area import AreaScreen
from screens.frame import FrameScreen
from screens.loading import Loader
from screens.messages import Flashed, FleetChanged, Ticked
from screens.tenant import TenantScreen
from screens.tenants import area_screen
from screens.terminal import TerminalGuard
from screens.theme import GREY, STATUS_COLORS, TENURE, variables
from screens.typeahead import TypeAheadApp
from services.areas import AREAS
from services.fleet.snapshot import FleetSnapshot
from services.now import Now

if TYPE_CHECKING:
    from services.fleet.reader import FleetReader

INTERVAL_S = 60.0
"""Seconds from the end of one refresh to the beginning of the next."""


class TenureApp(TypeAheadApp[None]):
    """The console. It implements ``screens.shell.Shell``."""

    TITLE = "tenure"
    ENABLE_COMMAND_PALETTE = False
    CSS = "Screen { background: $background; color: $foreground; }"

    def __init__(
        self,
        reader: FleetReader,
        *,
        now: Now,
        profile: str,
        banner: str | None = None,
        area: str = "tenants",
        filter_text: str = "",
        interval_s: float = INTERVAL_S,
        fatal: type[Exception] | None = None,
    ) -> None:
        """``fatal``: an error of the reader that ends the console instead of being shown; see ``ended_by``."""
        super().__init__()
        for theme in (TENURE, GREY):
            self.register_theme(theme)
        self.theme = GREY.name if self.no_color else TENURE.name
        self._reader = reader
        self._now = now
        self._profile = profile
        self._banner = banner
        self._interval_s = interval_s
        self._next: Timer | None = None
        self._fatal = fatal
        self.ended_by: Exception | None = None
        self._fleet = FleetSnapshot(now())
        self._trouble: str | None = None
        self._asked = False
        self._loader: Loader[FleetSnapshot] = Loader(self, "fleet")
        self._areas: dict[str, AreaScreen] = {}
        self._area = area
        self._first_filter = filter_text
        self._last_area: str | None = None

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variables(STATUS_COLORS)

    def on_mount(self) -> None:
        self.push_screen(self._area_screen(self._area, self._first_filter))
        self.set_interval(1.0, self._tick)
        # Reading begins when the first picture stands: what it imports would delay it.
        self.call_after_refresh(self.refresh_fleet)

    def run(self, *args: Any, **kwargs: Any) -> Any:
        """Run until it is left; in a terminal also until the terminal is gone. The mouse is the terminal's own."""
        if kwargs.get("headless"):
            return super().run(*args, **kwargs)
        with TerminalGuard(lambda code: self.exit(return_code=code)):
            return super().run(*args, **{"mouse": False, **kwargs})

    # What screens may ask: screens.shell.Shell

    def now(self) -> datetime:
        return self._now()

    @property
    def fleet(self) -> FleetSnapshot:
        return self._fleet

    @property
    def refreshing(self) -> bool:
        return self._loader.running or not self._asked

    @property
    def trouble(self) -> str | None:
        return self._trouble

    @property
    def profile(self) -> str:
        return self._profile

    @property
    def banner(self) -> str | None:
        return self._banner

    def open_area(self, name: str, filter_text: str | None = None) -> None:
        while not isinstance(self.screen, AreaScreen):
            self.pop_screen()
        if name != self._area:
            self._last_area, self._area = self._area, name
            self.switch_screen(self._area_screen(name))
        if filter_text is not None:
            self._areas[name].filter_with(filter_text)

    def open_last_area(self) -> None:
        if self._last_area is None:
            self.flash("No other area was open yet.")
        else:
            self.open_area(self._last_area)

    def open_tenant(self, tenant: str) -> None:
        if isinstance(self.screen, TenantScreen):
            self.switch_screen(TenantScreen(self, tenant))
        else:
            self.push_screen(TenantScreen(self, tenant))

    def refresh_fleet(self) -> None:
        if not self._loader.running:
            self._asked = True
            self._loader.start(self._reader.refresh)
            self._tell()

    def flash(self, message: str, *, error: bool = False) -> None:
        self._post(Flashed(message, error))

    def quit(self) -> None:
        self._loader.cancel()
        self.exit()

    async def action_quit(self) -> None:
        self.quit()

    def action_help_quit(self) -> None:
        self.flash("ctrl+q quits.")

    # Facts and time

    def _area_screen(self, name: str, filter_text: str = "") -> AreaScreen:
        if name not in self._areas:
            self._areas[name] = area_screen(name)(self, AREAS[name], filter_text)
            self.install_screen(self._areas[name], f"area-{name}")
        return self._areas[name]

    def _tell(self) -> None:
        self._post(FleetChanged(self._fleet))

    def _post(self, message: Message) -> None:
        """Tell the screen in sight; there is none any more while the application ends."""
        if self.screen_stack and isinstance(self.screen, FrameScreen):
            self.screen.post_message(message)

    def _tick(self) -> None:
        judged = self._reader.rejudge(self.now()) if self._fleet.sources else self._fleet
        if judged is not self._fleet:
            self._fleet = judged
            self._tell()
        self._post(Ticked(self.now()))

    @on(Loader.Partial)
    def _partial(self, event: Loader.Partial) -> None:
        if event.current:
            self._fleet = event.value
            self._tell()

    @on(Loader.Loaded)
    def _loaded(self, event: Loader.Loaded) -> None:
        if event.current:
            self._fleet, self._trouble = event.value, None
            self._again()

    @on(Loader.Failed)
    def _failed(self, event: Loader.Failed) -> None:
        if not event.current:
            return
        if self._fatal is not None and isinstance(event.error, self._fatal):
            self.ended_by = event.error
            self.exit()
            return
        self._trouble = f"{type(event.error).__name__}: {event.error}"
        self._again()

    def _again(self) -> None:
        self._tell()
        if self._next is not None:
            self._next.stop()  # asked for by hand meanwhile: one chain of refreshes, not two
        self._next = self.set_timer(self._interval_s, self.refresh_fleet)
