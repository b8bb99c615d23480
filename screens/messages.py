"""What the application tells the screen that is in sight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from textual.message import Message

from services.fleet.snapshot import FleetSnapshot


@dataclass
class FleetChanged(Message, bubble=False):
    """There is a newer picture of the fleet, or its refresh began or ended."""

    fleet: FleetSnapshot


@dataclass
class Ticked(Message, bubble=False):
    """A second has passed."""

    now: datetime


@dataclass
class Flashed(Message, bubble=False):
    """One line to be said at the bottom."""

    text: str
    error: bool
