"""The half of the application that has the profile: which one is in force, and how another takes its place.

Another profile is opened on a thread, everything that it needs with it. Only when nothing is wrong with it does it take
the place of the one in force, at once and as a whole; until then, and where something is wrong, the old one stays.
"""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from textual import on

from console.facts import FactsApp
from screens.loading import Loader

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.profiles import Opened, Profiles
    from screens.shell import ProfileView


class SwitchingApp(FactsApp):
    """Knows the profile in force; who shows it says what becomes of the screens (``begin_anew``)."""

    def __init__(
        self,
        *facts: Any,
        profile: str,
        banner: str | None,
        colour: str | None,
        profiles: Profiles | None,
        close: Callable[[], None] | None = None,
        read_only: bool = False,
        **more: Any,
    ) -> None:
        """``facts`` and ``more`` are those of ``FactsApp``; ``profiles``: what can be switched to, ``None``: nothing.
        ``close`` closes the first reader's connections; it is called, on a thread, when another takes its place."""
        super().__init__(*facts, **more)
        self._profile = profile
        self._banner = banner
        self._colour = colour
        self._profiles = profiles
        self._close = close
        self._read_only = read_only
        self._opener: Loader[Opened] = Loader(self, "profile")
        self._opening = ""

    def begin_anew(self) -> None:
        """Take everything away that the screens show of another fleet."""
        raise NotImplementedError

    def open_profiles(self, refusal: str = "") -> None:
        """Show all profiles, and why the last one could not be opened."""
        raise NotImplementedError

    def stop_asking(self) -> None:
        super().stop_asking()
        self._opener.cancel()

    # Of screens.shell.Shell

    @property
    def profile(self) -> str:
        return self._profile

    @property
    def banner(self) -> str | None:
        return self._banner

    @property
    def banner_colour(self) -> str | None:
        return self._colour

    @property
    def read_only(self) -> bool:
        return self._read_only

    @property
    def profiles(self) -> tuple[ProfileView, ...]:
        if self._profiles is None:
            from screens.shell import ProfileView

            return (ProfileView(self._profile, self._banner, self._colour, current=True),)
        return self._profiles.views(self._profile)

    def switch_profile(self, name: str) -> None:
        if self._profiles is None:
            self.open_profiles(f"there is no other profile than {self._profile}")
            return
        profiles, self._opening = self._profiles, name

        def work(_publish: object, cancel: Event) -> Opened:
            opened = profiles.open(name)
            if cancel.is_set():  # nobody is there to take it
                opened.close()
            return opened

        self._opener.start(work)
        self.flash(f"Opening the profile {name}; {self._profile} stays until it is there.")

    def flash(self, message: str, *, error: bool = False) -> None:
        """Say one line at the bottom."""
        raise NotImplementedError

    # What the opener says

    @on(Loader.Loaded)
    def _opened(self, event: Loader.Loaded) -> None:
        if event.loader is not self._opener or not event.current:
            return
        opened: Opened = event.value
        before, self._close = self._close, opened.close
        self._profile, self._banner, self._colour = opened.name, opened.banner, opened.colour
        self._read_only = opened.read_only
        self.look_through(opened.reader, opened.now)
        if before is not None:
            # calls under way may hold it up
            Thread(target=before, name="tenure-close", daemon=True).start()
        self.begin_anew()
        self.refresh_fleet()

    @on(Loader.Failed)
    def _not_opened(self, event: Loader.Failed) -> None:
        if event.loader is self._opener and event.current:
            self.open_profiles(f"{self._opening} cannot be used:\n{event.error}")
