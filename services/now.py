"""The one place that reads the wall clock.

Every process makes its own ``Now`` in its entry point from the setting ``clock_offset`` and hands it down;
everything below receives instants as values, so that every row of a screen shares one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

Now: TypeAlias = Callable[[], datetime]
"""Tells the present instant, in UTC."""


def make_now(offset: timedelta = timedelta()) -> Now:
    """A clock that runs ``offset`` ahead of this machine's."""

    def now() -> datetime:
        return datetime.now(UTC) + offset

    return now
