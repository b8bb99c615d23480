"""Orders: below the list stands what an order has beside what its row shows."""

from __future__ import annotations

from textual.content import Content

from screens.deciding import DecidingScreen
from screens.text import DIM, joined, line

SHORT = 8
"""Digits of a key or a digest that tell it from others."""


class OrdersScreen(DecidingScreen):
    """Every write that was asked for: what is said of it, who agreed, under which ticket, of which plan."""

    def detail(self) -> Content:
        view = self.order()
        if view is None:
            return Content("")
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

    def silent_actions(self) -> frozenset[str]:
        return super().silent_actions() | {"actions"}
