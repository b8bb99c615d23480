"""What a screen may ask of the application: the only way to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import TYPE_CHECKING, Protocol

from services.fleet.snapshot import FleetSnapshot

if TYPE_CHECKING:
    from screens.notes import Notes
    from services.model import Acknowledgement, Observation, Prompts, Scope, Source
    from services.orders.desk import OrderDesk
    from services.wire.history import HistoryRecord


@dataclass(frozen=True, slots=True)
class ProfileView:
    """A profile that can be switched to, its values not yet judged; all text is from outside."""

    name: str
    banner: str | None = None
    colour: str | None = None
    current: bool = False
    api_url: str | None = None
    aws_profile: str | None = None
    """``None``: boto3's own choice."""


class Shell(Protocol):
    """Implemented by the application; a test hands in its own."""

    def now(self) -> datetime:
        """The present instant, in UTC."""

    @property
    def fleet(self) -> FleetSnapshot:
        """What is shown: the latest snapshot, or a forecast made from it (``forecast_from``)."""

    @property
    def refreshing(self) -> bool:
        """Whether the sources are being asked."""

    @property
    def trouble(self) -> str | None:
        """Why the last refresh gave no picture at all; ``None`` if it did. Text from outside."""

    @property
    def profile(self) -> str:
        """The profile's name, for the header."""

    @property
    def banner(self) -> str | None:
        """The profile's banner (``PROD``)."""

    @property
    def banner_colour(self) -> str | None:
        """The name of the profile's colour; ``None``: the usual one. Text from outside."""

    @property
    def profiles(self) -> tuple[ProfileView, ...]:
        """All profiles by name, the one in force among them."""

    def switch_profile(self, name: str) -> None:
        """Open a profile, and show its fleet once that is done; where it cannot be used, say why and change nothing."""

    def open_profiles(self) -> None:
        """Show all profiles to choose from."""

    def open_area(self, name: str, filter_text: str | None = None) -> None:
        """Show an area; with ``filter_text`` that is in force, else the one it was left with."""

    def open_last_area(self) -> None:
        """Show the area that was in sight before this one."""

    def open_tenant(self, tenant: str) -> None:
        """Show a tenant's page."""

    def refresh_fleet(self) -> None:
        """Ask all sources anew; does nothing while all are being asked."""

    def ask_again(self, sources: frozenset[Source]) -> None:
        """Ask these sources now, whatever their intervals and back-offs."""

    def narrow(self, scope: Scope) -> None:
        """Look at this scope alone, of what the profile looks at, for as long as the profile is in force."""

    def look_at(self, at: datetime | None) -> None:
        """Show the fleet as it will stand at ``at`` if nobody acts; ``None``: as it is."""

    def acknowledge(self, acknowledgement: Acknowledgement) -> str | None:
        """Have it recorded; why that was refused, ``None`` where it was not. Blocks: for a thread of a ``Loader``."""

    def withdraw(self, tenant: str | None, figure: str) -> str | None:
        """Have an acknowledgement taken back, as ``acknowledge`` does it."""

    def history(self, tenant: str, cancel: Event) -> Observation[HistoryRecord]:
        """What was recorded of the RPO of a tenant's stores. Blocks: for a thread of a ``Loader``."""

    @property
    def desk(self) -> OrderDesk:
        """Where orders are handed in and followed. Each call of it blocks: for a thread of a ``Loader``."""

    @property
    def notes(self) -> Notes:
        """What was said with orders; kept as long as the profile is in force."""

    @property
    def read_only(self) -> bool:
        """Whether nothing may be written, whatever the role."""

    def sign_in(self, prompts: Prompts, cancel: Event) -> str | None:
        """Make the AWS credentials good again, asking through ``prompts``; why not, ``None`` where it was done.

        Blocks until it has ended or ``cancel`` is set: for a thread of a ``Loader``.
        """

    def signed_in(self) -> None:
        """Ask all sources with the new credentials; what is being asked with those that have ended is left."""

    def flash(self, message: str, *, error: bool = False) -> None:
        """Say one line at the bottom; the text is sanitized there."""

    def quit(self) -> None:
        """Leave the console."""
