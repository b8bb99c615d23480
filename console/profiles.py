"""The profiles of the settings file, as the console switches between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from console.config_file import Profile
from console.errors import CommandError
from console.profile import SettingsError, all_profiles, config_path
from screens.shell import ProfileView

if TYPE_CHECKING:
    from console.settings import Settings
    from services.fleet.reader import FleetReader
    from services.now import Now

CHOOSES = "TENURE_PROFILE"
"""The variable that chooses at the start, which switching stands above."""
ADDRESS = "TENURE_API_URL"


@dataclass(frozen=True, slots=True)
class Opened:
    """A profile that can be used: everything is made, nobody was asked anything yet."""

    name: str
    banner: str | None
    colour: str | None
    now: Now
    reader: FleetReader
    close: Callable[[], None]
    """Closes its connections; may block."""
    read_only: bool = False
    """Whether nothing may be written."""


class Profiles(Protocol):
    """What the console switches with."""

    def views(self, current: str) -> tuple[ProfileView, ...]:
        """All profiles by name, ``current`` among them. Cheap; never raises."""
        ...

    def open(self, name: str) -> Opened:
        """Everything that the profile needs. Blocks.

        Raises ``CommandError`` with each mistake of its settings, a line each.
        """
        ...


class FileProfiles:
    """Those of the settings file, read again whenever it has changed; and the one that the console began with."""

    def __init__(self, first: Profile, env: Mapping[str, str]) -> None:
        self._first = first
        self._env = {name: value for name, value in env.items() if name != CHOOSES}
        self._path = config_path(env)
        self._read: tuple[object, tuple[Profile, ...]] | None = None

    def views(self, current: str) -> tuple[ProfileView, ...]:
        """See ``Profiles``. A file that cannot be read has none."""
        try:
            profiles = self._profiles()
        except SettingsError:
            profiles = ()
        if all(profile.name != self._first.name for profile in profiles):
            profiles = (self._first, *profiles)
        return tuple(self._view(profile, current) for profile in profiles)

    def open(self, name: str) -> Opened:
        """See ``Profiles``."""
        from console.wiring import open_fleet
        from services.now import make_now

        settings = self.settings(name)
        now = make_now(settings.clock_offset)
        with ExitStack() as held:
            reader = held.enter_context(open_fleet(settings, now, partial(self.settings, name)))
            close = held.pop_all().close
        return Opened(name, settings.banner, settings.colour, now, reader, close, settings.read_only)

    def settings(self, name: str) -> Settings:
        """What the file and the environment say of a profile by now. Raises ``CommandError``."""
        from console.settings import settings_of

        return settings_of(self._find(name), self._env)

    def _find(self, name: str) -> Profile:
        profiles = self._profiles()
        found = next((profile for profile in profiles if profile.name == name), None)
        if found is None and name == self._first.name and not profiles:
            found = self._first
        if found is None:
            known = ", ".join(profile.name for profile in profiles) or "none"
            raise CommandError(f"{self._path}: has no profile {name!r}; it has {known}")
        return found

    def _profiles(self) -> tuple[Profile, ...]:
        seen = _state_of(self._path)
        if self._read is None or self._read[0] != seen:
            self._read = (seen, all_profiles(self._env))
        return self._read[1]

    def _view(self, profile: Profile, current: str) -> ProfileView:
        return ProfileView(
            name=profile.name,
            banner=text(profile, "banner"),
            colour=text(profile, "colour"),
            current=profile.name == current,
            api_url=self._env.get(ADDRESS) or text(profile, "api", "url"),
            aws_profile=text(profile, "aws", "profile") or self._env.get("AWS_PROFILE"),
        )


def text(profile: Profile, *key: str) -> str | None:
    """A value of a profile that was not judged yet; ``None`` where it is no text."""
    value: Any = profile.values
    for part in key:
        value = value.get(part) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None


def _state_of(path: Path) -> object:
    """What changes when the file does, or why it cannot be looked at: one that is denied is not one that is gone."""
    try:
        state = path.stat()
    except OSError as error:
        return error.errno
    return state.st_mtime_ns, state.st_size, state.st_ino
