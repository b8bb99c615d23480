"""Orders: below the list stands what an order has beside what its row shows."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from screens.text import DIM, joined, line
from screens.work import WorkScreen
from services.fleet.snapshot import OrderView
from services.model import OrderState

SHORT = 8
"""Digits of a key or a digest that tell it from others."""


class OrdersScreen(WorkScreen):
    """Every write that was asked for: what is said of it, who agreed, under which ticket, of which plan."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("A", "approve", "approve"),
        Binding("C", "withdraw", "take back"),
    ]

    def detail(self) -> Content:
        row = self.grid.cursor_row
        if row is None:
            return Content("")
        view: OrderView = row.item.row
        order = view.order
        said = (
            ("order", order.id[:SHORT]),
            ("plan", order.digest[:SHORT]),
            ("agreed", order.approved_by),
            ("ticket", order.ticket),
            ("from", order.origin),
        )
        known = [line((f"{name} ", DIM), value) for name, value in said if value]
        return joined([line(view.verdict.reason), *known, order.reason or ""], " · ")

    def order(self) -> OrderView | None:
        """The order under the cursor."""
        row = self.grid.cursor_row
        return row.item.row if row is not None else None

    def silent_actions(self) -> frozenset[str]:
        view = self.order()
        silent = super().silent_actions() | {"actions"}
        if view is None:
            return silent | {"approve", "withdraw"}
        waits = view.order.state is OrderState.WAITING
        return (silent - {"select"}) | (frozenset() if waits else {"approve", "withdraw"})

    # Keys

    def _open(self) -> None:
        from screens.dialogs.order import OrderScreen

        view = self.order()
        if view is not None:
            self.app.push_screen(OrderScreen(self.shell, self, view.order.id))

    def action_approve(self) -> None:
        from screens.dialogs.deciding import ApproveScreen

        view = self.order()
        if view is not None and self._decides():
            self.app.push_screen(ApproveScreen(self.shell, self, view.order.id))

    def action_withdraw(self) -> None:
        from screens.dialogs.deciding import WithdrawScreen

        view = self.order()
        if view is not None and self._decides():
            self.app.push_screen(WithdrawScreen(self.shell, self, view.order.id))

    def _decides(self) -> bool:
        """Whether anything can be written from here; where it cannot be, it is said why."""
        from screens.aim import refused

        why = refused(self.shell.fleet, read_only=self.shell.read_only)
        if why is not None:
            self.shell.flash(why, error=True)
        return why is None
