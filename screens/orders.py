"""Orders: below the list stands what an order has beside what its row shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from screens.deciding import DecidingScreen
from screens.text import DIM, joined, line

if TYPE_CHECKING:
    from services.fleet.snapshot import OrderView

SHORT = 8
"""Digits of a key or a digest that tell it from others."""


class OrdersScreen(DecidingScreen):
    """Every write that was asked for: what is said of it, who agreed, under which ticket, of which plan."""

    def detail(self) -> Content:
        view = self.order()
        return Content("") if view is None else told_of(view)

    def silent_actions(self) -> frozenset[str]:
        return super().silent_actions() | {"actions"}


def told_of(view: OrderView) -> Content:
    """An order in a line: what is judged of it, then what its row does not show."""
    order = view.order
    alone = order.break_glass_until is not None
    said = (
        ("BREAK-GLASS,", f"reviewed by {order.reviewed_by}" if alone and order.reviewed_by else ""),
        ("agreed", order.approved_by),
        ("ticket", order.ticket),
        ("order", order.id[:SHORT]),
        ("plan", order.digest[:SHORT]),
        ("from", order.origin),
    )
    known = [line((f"{name} ", DIM), value) for name, value in said if value]
    return joined([line(view.verdict.reason), order.reason or "", *known], " · ")
