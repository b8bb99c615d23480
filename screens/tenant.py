"""Everything about one tenant on one page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from textual import events, on
from textual.content import Content
from textual.widget import Widget

from screens.frame import FrameScreen
from screens.shell import Shell
from screens.tenant_page import page
from screens.text import DIM, line
from screens.widgets.lines import Lines
from services.fleet.snapshot import FleetSnapshot


class TenantScreen(FrameScreen):
    """The page of one tenant. It stays through refreshes, and says so when the tenant is gone from the registry."""

    title_of_help = "A tenant"

    def __init__(self, shell: Shell, tenant: str) -> None:
        super().__init__(shell)
        self.tenant = tenant

    def body(self) -> Iterable[Widget]:
        yield Lines(id="page")

    def focus_body(self) -> None:
        self.set_focus(self.query_one("#page", Lines))

    def on_mount(self) -> None:
        self.focus_body()

    def fleet_changed(self, fleet: FleetSnapshot) -> None:
        self._write(fleet, self.shell.now())

    def ticked(self) -> None:
        self._write(self.shell.fleet, self.shell.now())

    @on(events.Resize)
    def _resized(self) -> None:
        self._write(self.shell.fleet, self.shell.now())

    def _write(self, fleet: FleetSnapshot, now: datetime) -> None:
        lines = self.query_one("#page", Lines)
        lines.show([line(" ", content) for content in self._page(fleet, now, self.size.width - 3)])

    def _page(self, fleet: FleetSnapshot, now: datetime, width: int) -> list[Content]:
        view = fleet.tenants.get(self.tenant)
        if view is not None:
            return page(view, fleet, now, width)
        if fleet.pending or not fleet.sources:
            said = "has not been read yet; the internal API is being asked."
        else:
            said = f"is not in the registry's answer of {fleet.at:%H:%M:%S}Z. :tenants lists those that are."
        return [line((self.tenant, "bold"), " ", said)]

    def detail(self) -> Content:
        view = self.shell.fleet.tenants.get(self.tenant)
        worst = view.worst if view else None
        if worst is None:
            return Content("")
        return line((worst.clause, DIM), " · ", worst.figure, " · ", worst.reason)
