"""``tenure`` without a subcommand: the console, on the current profile."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from console.config_file import Profile
from console.errors import OK, CommandError, UsageError
from console.profile import READ_ONLY, find_profile

if TYPE_CHECKING:
    from console.profiles import FileProfiles
    from services.fleet.reader import FleetReader
    from services.now import Now


_NO = frozenset({"0", "off", "f", "false", "n", "no"})
"""What pydantic reads as false."""


def console() -> int:
    """Open the console on the current profile."""
    return open_console(find_profile(os.environ), os.environ)


def need_terminal() -> None:
    """Raises ``UsageError`` where there is no terminal to draw on or to type at."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("the console needs a terminal; for output to a program: tenure list AREA -o json")


def preload() -> None:
    """Imports what the console and its first reading need, before there is anything to read."""
    for name in (
        "console.app",
        "console.settings",
        "boto3.session",
        "botocore.client",
        "services.internal.client",
        "services.fleet.refresh",
    ):
        import_module(name)


def open_console(profile: Profile, env: Mapping[str, str]) -> int:
    """Runs the console until it is left; tells its exit code.

    The profile's values are judged while the first picture stands already; what is wrong with them ends the console and
    is raised here, as ``CommandError``.
    """
    need_terminal()
    from console.app import TenureApp
    from console.opening import OpeningFleet
    from console.profiles import FileProfiles, text
    from services.now import make_now

    now = make_now(_clock_offset(profile, env))
    profiles = FileProfiles(profile, env)
    with OpeningFleet(lambda: _open_fleet(profile, env, now, profiles)) as reader:
        app = TenureApp(
            reader,
            now=now,
            profile=profile.name,
            banner=text(profile, "banner"),
            colour=text(profile, "colour"),
            profiles=profiles,
            close=reader.close,
            fatal=CommandError,
            read_only=_read_only(profile, env),
        )
        app.run()
    if app.ended_by is not None:
        raise app.ended_by
    return app.return_code or OK


def _clock_offset(profile: Profile, env: Mapping[str, str]) -> timedelta:
    """What the clock is set off by; nothing where that is no number, which is said when the values are judged."""
    try:
        return timedelta(seconds=float(env.get("TENURE_CLOCK_OFFSET") or profile.values.get("clock_offset_s") or 0))
    except (ValueError, TypeError, OverflowError):
        return timedelta()


def _read_only(profile: Profile, env: Mapping[str, str]) -> bool:
    """Whether nothing may be written; so, too, where what is set is neither yes nor no, until that is said."""
    value = env.get(READ_ONLY) or profile.values.get("read_only") or False
    return str(value).lower() not in _NO


@contextmanager
def _open_fleet(profile: Profile, env: Mapping[str, str], now: Now, profiles: FileProfiles) -> Iterator[FleetReader]:
    from console.settings import settings_of
    from console.wiring import open_fleet

    with open_fleet(settings_of(profile, env), now, partial(profiles.settings, profile.name)) as reader:
        yield reader
