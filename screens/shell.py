"""What a screen may ask of the application: the only way to it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from services.fleet.snapshot import FleetSnapshot


class Shell(Protocol):
    """Implemented by the application; a test hands in its own."""

    def now(self) -> datetime:
        """The present instant, in UTC."""

    @property
    def fleet(self) -> FleetSnapshot:
        """The latest snapshot."""

    @property
    def profile(self) -> str:
        """The profile's name, for the header."""

    @property
    def banner(self) -> str | None:
        """The profile's banner (``PROD``)."""

    def open_area(self, name: str, filter_text: str = "") -> None:
        """Show an area, ``filter_text`` in force."""

    def open_tenant(self, tenant: str) -> None:
        """Show a tenant's page."""

    def refresh_fleet(self) -> None:
        """Ask all sources anew; does nothing while they are being asked."""

    def flash(self, message: str, *, error: bool = False) -> None:
        """Say one line at the bottom; the text is sanitized there."""
