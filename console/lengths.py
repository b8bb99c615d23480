"""Lengths of time as they are typed for an interval: ``30s``, ``5m``, ``1h``."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from console.errors import UsageError

_UNITS: Final = {"s": 1, "m": 60, "h": 3600}


def read_interval(option: str, text: str, shortest: timedelta) -> timedelta:
    """An interval of whole seconds, minutes or hours. Raises ``UsageError``, also for one below ``shortest``."""
    found = re.fullmatch(r"([1-9][0-9]{0,3})([smh])", text, re.ASCII)
    length = timedelta(seconds=int(found[1]) * _UNITS[found[2]]) if found else timedelta()
    if length < shortest:
        least = f"{int(shortest.total_seconds())}s"
        raise UsageError(f"{option}: a length of {least} or more, such as 5m or 1h; not {text!r}")
    return length
