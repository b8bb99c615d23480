"""The fleet as a command looks at it: asked once, as it is or as it will stand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

from cyclopts import Parameter

from console.errors import UsageError
from console.output import say
from services.areas.words import instant

if TYPE_CHECKING:
    from services.fleet.reader import FleetReader
    from services.fleet.snapshot import FleetSnapshot
    from services.now import Now

NOBODY = "-"
"""Stands for the tenant of what no tenant owns."""

At: TypeAlias = Annotated[
    str | None,
    Parameter(help="As it will stand if nobody acts: a day (its local midnight), an instant, or a length such as 7d."),
]

TenantOrNobody: TypeAlias = Annotated[
    str, Parameter(help=f"The tenant's id; {NOBODY} for what no tenant owns.", allow_leading_hyphen=True)
]


@dataclass(frozen=True, slots=True)
class Look:
    """The fleet that was read, and how to ask it further."""

    reader: FleetReader
    fleet: FleetSnapshot
    now: Now


@contextmanager
def looking(at: str | None = None) -> Iterator[Look]:
    """Asks the fleet of the settings once, and says on stderr where a forecast is shown.

    Raises ``UsageError`` for an ``at`` that names no instant ahead, before anybody is asked.
    """
    from console.reading import read_once
    from console.settings import load_settings
    from console.wiring import load_policy, open_fleet
    from services.now import make_now

    settings = load_settings(os.environ)
    now = make_now(settings.clock_offset)
    ahead = None if at is None else read_ahead("--at", at, load_policy(settings).default_zone, now())
    with open_fleet(settings, now) as reader:
        fleet = read_once(reader)
        if fleet.outside:
            say(f"tenure: only {fleet.scope.words}: {fleet.outside} tenants outside are not listed")
        if ahead is not None:
            fleet = reader.forecast(ahead)
            say(f"tenure: a forecast for {instant(ahead)} if nobody acts; AWS as last seen {instant(fleet.known_at)}")
        yield Look(reader, fleet, now)


def read_ahead(option: str, text: str, zone: str, now: datetime) -> datetime:
    """An instant that lies ahead of ``now``. Raises ``UsageError``."""
    from services.instants import InstantError
    from services.instants import read_ahead as read

    try:
        return read(text, zone, now)
    except InstantError as error:
        raise UsageError(f"{option}: {error}") from None


def whom(text: str) -> str | None:
    """The tenant that was typed; ``-`` for nobody."""
    return None if text == NOBODY else text
