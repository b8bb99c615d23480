"""The header: who looks at what, with which credentials, and how old the oldest fact is."""

from __future__ import annotations

from datetime import datetime, timedelta

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

from screens.frozen import credentials_of, ends_first, has_ended, left
from screens.text import ACCENT, DIM, ERROR, STRONG, cut, line
from screens.theme import BANNERS
from screens.widgets.row import Piece, Row
from services.fleet.snapshot import FleetSnapshot
from services.model import BASE, INTERNAL, SOON, Credential
from services.text import clean

FROZEN = "FROZEN"
"""The mark beside the age of facts of which there will be no younger ones until somebody signs in."""
BESIDE = 15
"""Cells of the product's name, and of the gaps."""
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


def credentials(credential: Credential | None, now: datetime) -> Content:
    """How long the credential lasts that ends first, and whose it is: ``creds 43m``, ``token 8h``."""
    if credential is None:
        return line(("creds —", DIM))
    name = {BASE: "creds", INTERNAL: "token"}.get(credential.name, credential.name)
    if has_ended(credential, now):
        return line((f"{name.upper()} EXPIRED", "bold $status-breached"))
    if credential.expires_at is None:
        return line((f"{name} —", DIM))
    ends = credential.expires_at
    return line((f"{name} {left(ends, now)}", "$status-at-risk" if ends - now < SOON else ""))


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
        &.-frozen #age { width: 21; }
        &.-forecast { background: $forecast; color: $background; text-style: bold; }
    }
    """

    def __init__(self, profile: str, banner: str | None, colour: str | None = None) -> None:
        """``colour``: of the banner, by its name in the theme; of the profile's name where there is no banner."""
        super().__init__()
        self._profile = profile
        self._banner = banner
        self._colour = colour if colour in BANNERS else None
        self._filter = ""

    def compose(self) -> ComposeResult:
        yield Row(id="who")
        yield Row(id="clock")
        yield Row(id="age")

    def show_fleet(self, fleet: FleetSnapshot, filter_text: str, now: datetime) -> None:
        """Show identity and filter; and what ticks, at ``now``."""
        self._filter = filter_text
        self.set_class(fleet.forecast_from is not None, "-forecast")
        self.set_class(fleet.frozen is not None, "-frozen")
        self.tick(fleet, now)

    def tick(self, fleet: FleetSnapshot, now: datetime) -> None:
        """Show the time, the age of the oldest fact, and how long the credentials last: the latter changes by minutes,
        and with it the row that it stands in."""
        self._show_who(fleet, now)
        plain = fleet.forecast_from is None
        self.query_one("#clock", Row).show([Piece(line((f"{now:%H:%M:%S}Z", STRONG)))])
        oldest = fleet.oldest
        age = "facts —" if oldest is None else f"facts ≤ {at_most(oldest + max(now - fleet.known_at, timedelta()))}"
        mark = line((FROZEN, f"bold {ERROR}" if plain else "bold")) if fleet.frozen else Content("")
        self.query_one("#age", Row).show([], [Piece(mark), Piece(line((age, DIM if plain else ""), " "))])

    def _show_who(self, fleet: FleetSnapshot, now: datetime) -> None:
        identity = fleet.identity
        self.query_one("#who", Row).show(
            [
                Piece(line((" tenure", ACCENT)) if fleet.forecast_from is None else line(" tenure")),
                Piece(forecast(fleet)),
                Piece(self._named(fleet), 4 if fleet.forecast_from and self._banner else 1),
                Piece(line((self._banner or "", self._banner_style(fleet))) if self._banner else Content("")),
                Piece(line((f"/{self._filter}", ACCENT)) if self._filter else Content(""), 5),
            ],
            [
                Piece(line((identity.user or "", DIM)), 3),
                Piece(line((identity.role or "", DIM)) if identity.user else Content(""), 4),
                Piece(credentials(ends_first(credentials_of(fleet), now), now), 2),
                Piece(Content(" ")),
            ],
        )

    def _named(self, fleet: FleetSnapshot) -> Content:
        """The profile's name; a long one gives way to the banner behind it."""
        taken = sum(child.styles.width.value for child in self.query("#clock, #age") if child.styles.width)
        room = self.app.size.width - int(taken) - cell_len(clean(self._banner or "")) - BESIDE
        marked = self._colour is not None and not self._banner
        return line((cut(self._profile, max(room, 4)), self._banner_style(fleet) if marked else ""))

    def _banner_style(self, fleet: FleetSnapshot) -> str:
        if fleet.forecast_from is None:
            return f"bold reverse ${f'banner-{self._colour}' if self._colour else 'status-at-risk'}"
        return f"bold $background on $banner-{self._colour}" if self._colour else "bold reverse"
