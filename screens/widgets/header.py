"""The header: who looks at what, with which credentials, and how old the oldest fact is."""

from __future__ import annotations

from datetime import datetime, timedelta

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

from screens.text import ACCENT, DIM, STRONG, line
from screens.widgets.row import Piece, Row
from services.fleet.snapshot import FleetSnapshot
from services.model import Identity

CREDENTIALS_SOON = timedelta(minutes=10)
_TEN_SECONDS = timedelta(seconds=10)
_TWO_MINUTES = timedelta(minutes=2)
_TWO_HOURS = timedelta(hours=2)


def at_most(age: timedelta) -> str:
    """An age rounded up, so that it changes seldom: ``40s``, ``3m``, ``5h``."""
    if age <= _TWO_MINUTES:
        return f"{-(-age // _TEN_SECONDS) * 10 or 10}s"
    if age <= _TWO_HOURS:
        return f"{-(-age // timedelta(minutes=1))}m"
    return f"{-(-age // timedelta(hours=1))}h"


def credentials(identity: Identity, now: datetime, *, expired: bool = False) -> Content:
    """How long the AWS credentials last; ``expired``: AWS itself says that they do not any more."""
    if expired or (identity.expires_at is not None and identity.expires_at <= now):
        return line(("CREDS EXPIRED", "bold $status-breached"))
    if identity.expires_at is None:
        return line(("creds —", DIM))
    left = identity.expires_at - now
    shown = f"creds {left // timedelta(minutes=1)}m"
    return line((shown, "$status-at-risk" if left < CREDENTIALS_SOON else ""))


def forecast(fleet: FleetSnapshot) -> Content:
    """What no eye should miss: that this is not the present. Nothing where it is."""
    return Content("") if fleet.forecast_from is None else line(("FORECAST", "reverse"), f" {fleet.at:%Y-%m-%d %H:%M}Z")


class Header(Widget):
    """One row. What ticks stands in widgets of its own: the rest of the row is not written again for it."""

    DEFAULT_CSS = """
    Header {
        height: 1;
        layout: horizontal;
        background: $bar;
        #clock { width: 11; }
        #age { width: 14; }
        &.-forecast { background: $forecast; color: $background; text-style: bold; }
    }
    """

    def __init__(self, profile: str, banner: str | None) -> None:
        super().__init__()
        self._profile = profile
        self._banner = banner

    def compose(self) -> ComposeResult:
        yield Row(id="who")
        yield Row(id="clock")
        yield Row(id="age")

    def show_fleet(self, fleet: FleetSnapshot, filter_text: str, now: datetime) -> None:
        """Show identity and filter; and what ticks, at ``now``."""
        identity = fleet.identity
        self.set_class(fleet.forecast_from is not None, "-forecast")
        self.query_one("#who", Row).show(
            [
                Piece(line((" tenure", ACCENT)) if fleet.forecast_from is None else line(" tenure")),
                Piece(forecast(fleet)),
                Piece(line(self._profile), 4 if fleet.forecast_from else 1),
                Piece(line((self._banner or "", self._banner_style(fleet))) if self._banner else Content("")),
                Piece(line((f"/{filter_text}", ACCENT)) if filter_text else Content(""), 5),
            ],
            [
                Piece(line((identity.user or "", DIM)), 3),
                Piece(line((identity.role or "", DIM)) if identity.user else Content(""), 4),
                Piece(credentials(identity, now, expired=fleet.credentials_refused), 2),
                Piece(Content(" ")),
            ],
        )
        self.tick(fleet, now)

    def tick(self, fleet: FleetSnapshot, now: datetime) -> None:
        """Show the time, and the age of the oldest fact."""
        self.query_one("#clock", Row).show([Piece(line((f"{now:%H:%M:%S}Z", STRONG)))])
        oldest = fleet.oldest
        age = "facts —" if oldest is None else f"facts ≤ {at_most(oldest + max(now - fleet.known_at, timedelta()))}"
        self.query_one("#age", Row).show([], [Piece(line((age, DIM if fleet.forecast_from is None else ""), " "))])

    def _banner_style(self, fleet: FleetSnapshot) -> str:
        return "bold reverse $status-at-risk" if fleet.forecast_from is None else "bold reverse"
