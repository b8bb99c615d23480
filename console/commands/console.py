"""``tenure`` without a subcommand: the console, on the current profile."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from console.errors import OK, UsageError
from console.settings import Settings, load_settings


def console() -> int:
    """Open the console on the current profile."""
    settings = load_settings(os.environ)
    return open_console(settings)


def need_terminal() -> None:
    """Raises ``UsageError`` where there is no terminal to draw on or to type at."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("the console needs a terminal; for output to a program: tenure list AREA -o json")


def preload() -> None:
    """Imports what the console and its first reading need, before there is anything to read."""
    for name in (
        "console.app",
        "boto3.session",
        "botocore.client",
        "services.internal.client",
        "services.fleet.refresh",
    ):
        import_module(name)


def open_console(settings: Settings) -> int:
    """Runs the console until it is left; tells its exit code."""
    need_terminal()
    from console.app import TenureApp
    from console.wiring import load_policy, open_fleet
    from services.now import make_now

    now = make_now(settings.clock_offset)
    with open_fleet(settings, now) as reader:
        app = TenureApp(
            reader,
            now=now,
            profile=settings.profile,
            banner=settings.banner,
            policy=load_policy(settings),
        )
        app.run()
    return app.return_code or OK
