"""The Textual application: it owns theme and screens, and does nothing that a screen could do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.message import Message

from console.switching import SwitchingApp
from screens.area import AreaScreen
from screens.area_screens import area_screen
from screens.frame import FrameScreen
from screens.messages import Flashed
from screens.terminal import TerminalGuard
from screens.theme import GREY, STATUS_COLORS, TENURE, variables
from services.areas import AREAS
from services.fleet.asked import Focus
from services.now import Now

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.profiles import Profiles
    from services.fleet.reader import FleetReader

TICK_S = 1.0
"""Seconds between two looks at what time has changed."""
HOME = "due"
"""The area that the console opens on."""


class TenureApp(SwitchingApp):
    """The console. It implements ``screens.shell.Shell``."""

    TITLE = "tenure"
    ENABLE_COMMAND_PALETTE = False
    CSS = """
    Screen { background: $background; color: $foreground; }
    ModalScreen { background: transparent; }
    """

    def __init__(
        self,
        reader: FleetReader,
        *,
        now: Now,
        profile: str,
        banner: str | None = None,
        colour: str | None = None,
        profiles: Profiles | None = None,
        close: Callable[[], None] | None = None,
        area: str = HOME,
        filter_text: str = "",
        tick_s: float = TICK_S,
        fatal: type[Exception] | None = None,
        read_only: bool = False,
    ) -> None:
        """``fatal``: an error of the reader that ends the console instead of being shown; see ``ended_by``.
        ``read_only``: nothing may be written. Of ``profiles`` and ``close`` see ``SwitchingApp``."""
        super().__init__(
            reader,
            now=now,
            tick_s=tick_s,
            fatal=fatal,
            profile=profile,
            banner=banner,
            colour=colour,
            profiles=profiles,
            close=close,
            read_only=read_only,
        )
        for theme in (TENURE, GREY):
            self.register_theme(theme)
        self.theme = GREY.name if self.no_color else TENURE.name
        self._areas: dict[str, AreaScreen] = {}
        self._area = area
        self._first_filter = filter_text
        self._last_area: str | None = None

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variables(STATUS_COLORS)

    def on_mount(self) -> None:
        self.push_screen(self._area_screen(self._area, self._first_filter))
        self.start_asking()

    def run(self, *args: Any, **kwargs: Any) -> Any:
        """Run until it is left; in a terminal also until the terminal is gone. The mouse is the terminal's own."""
        if kwargs.get("headless"):
            return super().run(*args, **kwargs)
        with TerminalGuard(lambda code: self.exit(return_code=code)):
            return super().run(*args, **{"mouse": False, **kwargs})

    # What screens may ask beside facts: screens.shell.Shell

    def open_area(self, name: str, filter_text: str | None = None) -> None:
        while not isinstance(self.screen, AreaScreen):
            self.pop_screen()
        if name != self._area:
            self._last_area, self._area = self._area, name
            self.switch_screen(self._area_screen(name))
        if filter_text is not None:
            self._areas[name].filter_with(filter_text)

    def begin_anew(self) -> None:
        while not isinstance(self.screen, AreaScreen):
            self.pop_screen()
        before, self._areas, self._last_area = self._areas, {}, None
        fresh = area_screen(self._area)(self, AREAS[self._area], "")
        self.switch_screen(fresh)  # in one step, so that no old row is painted beneath the new header
        for screen in before.values():
            self.uninstall_screen(screen)
            screen.remove()
        self._areas[self._area] = fresh
        self.install_screen(fresh, f"area-{self._area}")

    def open_profiles(self, refusal: str = "") -> None:
        from screens.profiles import ProfilesScreen

        while not isinstance(self.screen, FrameScreen):
            self.pop_screen()
        self.push_screen(ProfilesScreen(self, self.screen, refusal))

    def open_last_area(self) -> None:
        if self._last_area is None:
            self.flash("No other area was open yet.")
        else:
            self.open_area(self._last_area)

    def open_tenant(self, tenant: str) -> None:
        from screens.tenant import TenantScreen

        if isinstance(self.screen, TenantScreen):
            self.switch_screen(TenantScreen(self, tenant))
        else:
            self.push_screen(TenantScreen(self, tenant))

    def flash(self, message: str, *, error: bool = False) -> None:
        self.tell_screen(Flashed(message, error))

    def quit(self) -> None:
        self.stop_asking()
        self.exit()

    async def action_quit(self) -> None:
        self.quit()

    def action_help_quit(self) -> None:
        self.flash("ctrl+q quits.")

    def in_sight(self) -> Focus:
        for screen in reversed(self.screen_stack):
            if isinstance(screen, AreaScreen):
                return Focus(area=screen.area.name)
            if not screen.is_modal:  # a tenant's page, which is not imported before one is opened
                return Focus(tenant=getattr(screen, "tenant", None))
        return Focus()

    def tell_screen(self, message: Message) -> None:
        """Tell the screens in sight: a dialog, and what goes on beneath it."""
        for screen in reversed(self.screen_stack):
            screen.post_message(message)
            if not screen.is_modal:
                break

    def _area_screen(self, name: str, filter_text: str = "") -> AreaScreen:
        if name not in self._areas:
            self._areas[name] = area_screen(name)(self, AREAS[name], filter_text)
            self.install_screen(self._areas[name], f"area-{name}")
        return self._areas[name]
