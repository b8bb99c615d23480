"""Everything about one tenant on one page, each figure of which can be asked why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from screens.acting import ActingScreen
from screens.aim import Aim, shown_for
from screens.loading import Loader
from screens.page import PageLine, Recorded, page
from screens.shell import Shell
from screens.states import notices
from screens.text import DIM, line
from screens.widgets.stops import Stops
from services.fleet.condition import of_tenant
from services.fleet.snapshot import FleetSnapshot
from services.model import Outcome
from services.orders.actions import EVERY

if TYPE_CHECKING:
    from services.model import Observation
    from services.wire.history import HistoryRecord


ANEW: Final = timedelta(minutes=5)
"""What was recorded is read again after so long."""


class TenantScreen(ActingScreen):
    """The page of one tenant. It stays through refreshes, and says so when the tenant is gone from the registry."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w,enter", "why", "why"),
        *(Binding(it.key, f"order('{it.name}')", it.name) for it in EVERY if it.key is not None),
    ]
    title_of_help = "A tenant"

    def __init__(self, shell: Shell, tenant: str) -> None:
        super().__init__(shell)
        self.tenant = tenant
        self._asked: dict[tuple[str | None, str], PageLine] = {}
        self._recorded = Recorded()
        self._recorded_at: datetime | None = None
        """When what was recorded was asked for last."""
        self._reader: Loader[Observation[HistoryRecord]] = Loader(self, "history")

    def body(self) -> Iterable[Widget]:
        yield Stops(id="page")

    @property
    def page(self) -> Stops:
        return self.query_one("#page", Stops)

    def focus_body(self) -> None:
        self.set_focus(self.page)

    def on_mount(self) -> None:
        self.focus_body()
        self._read_history()

    def on_unmount(self) -> None:
        """Let the thread end."""
        self._reader.cancel()

    def fleet_changed(self, fleet: FleetSnapshot) -> None:
        self._write(fleet, self.shell.now())

    def ticked(self) -> None:
        self._read_history()
        self._write(self.shell.fleet, self.shell.now())

    def action_refresh(self) -> None:
        self._recorded_at = None
        super().action_refresh()
        self._read_history()

    @on(events.Resize)
    def _resized(self) -> None:
        self._write(self.shell.fleet, self.shell.now())

    # What was recorded

    def _read_history(self) -> None:
        """Have it read, once it is old."""
        now, known = self.shell.now(), self._recorded_at
        if self._reader.running or (known is not None and timedelta() <= now - known < ANEW):
            return
        self._recorded_at = now
        shell, tenant = self.shell, self.tenant
        self._reader.start(lambda _publish, cancel: shell.history(tenant, cancel))

    @on(Loader.Loaded)
    def _history_read(self, event: Loader.Loaded) -> None:
        event.stop()
        if event.current:
            seen: Observation[HistoryRecord] = event.value
            trouble = None if seen.value is not None else seen.error or str(seen.outcome)
            self._take_history(Recorded(seen.value, trouble, offered=seen.outcome is not Outcome.NOT_OFFERED))

    @on(Loader.Failed)
    def _history_failed(self, event: Loader.Failed) -> None:
        event.stop()
        if event.current:
            self._take_history(Recorded(trouble=str(event.error) or type(event.error).__name__))

    def _take_history(self, recorded: Recorded) -> None:
        self._recorded = recorded
        self._write(self.shell.fleet, self.shell.now())

    @on(Stops.Moved)
    def _moved(self) -> None:
        self.show_detail()

    def _write(self, fleet: FleetSnapshot, now: datetime) -> None:
        lines = self._page(fleet, now, self.size.width - 3)
        self._asked = {(one.tenant, one.verdict.figure): one for one in lines if one.verdict is not None}
        keys = [(one.tenant, one.verdict.figure) if one.verdict is not None else None for one in lines]
        view = fleet.tenants.get(self.tenant)
        worst = view.worst if view else None
        height = self.page.size.height
        start = (self.tenant, worst.figure) if worst else None
        self.page.show_page([one.content for one in lines], keys, start if start in keys[: height or None] else None)

    def _page(self, fleet: FleetSnapshot, now: datetime, width: int) -> list[PageLine]:
        view = fleet.tenants.get(self.tenant)
        if view is not None:
            return page(view, fleet, self.instant, width, now=now, recorded=self._recorded)
        if fleet.pending or not fleet.sources:
            said = "has not been read yet; the internal API is being asked."
        else:
            said = f"is not in the registry's answer of {fleet.known_at:%H:%M:%S}Z. :tenants lists those that are."
        return [PageLine(line((self.tenant, "bold"), " ", said))]

    def notices(self) -> tuple[str, ...]:
        fleet, now = self.shell.fleet, self.shell.now()
        view = fleet.tenants.get(self.tenant)
        state = of_tenant(fleet, view, now) if view is not None else None
        return notices(fleet, now, trouble=self.shell.trouble, condition=state, title="This page")

    def asked(self) -> PageLine | None:
        """The line under the cursor."""
        return next((one for key, one in self._asked.items() if key == self.page.cursor), None)

    def detail(self) -> Content:
        one = self.asked()
        if one is None or one.verdict is None:
            return Content("")
        return line((one.verdict.clause, DIM), " · ", (one.verdict.figure, DIM), " · ", one.verdict.reason)

    def details(self) -> list[Content]:
        return self.detail().wrap(max(self.size.width - 2, 20))[:3]

    def silent_actions(self) -> frozenset[str]:
        view = self.shell.fleet.tenants.get(self.tenant)
        shown = shown_for(view)
        others = frozenset(f"order('{it.name}')" for it in EVERY if it.name not in shown)
        others |= frozenset() if view is not None else {"actions"}
        return others if self.asked() else others | {"why"}

    def aim(self) -> Aim:
        one = self.asked()
        return Aim((self.tenant,), one.verdict.figure if one is not None and one.verdict is not None else None)

    def action_why(self) -> None:
        one = self.asked()
        if one is None or one.verdict is None:
            self.shell.flash("Nothing is judged of this tenant: there is nothing to explain.")
        else:
            self.ask_why(one.tenant, one.verdict.figure)
