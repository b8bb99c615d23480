"""A list in which orders stand: each is opened, and decided about, from its row."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from screens.work import WorkScreen
from services.model import OrderState

if TYPE_CHECKING:
    from services.fleet.snapshot import OrderView

FIGURE = "order."
"""What the figure of an order begins with; its key follows."""
DECIDING = frozenset({"approve", "withdraw", "review"})


class DecidingScreen(WorkScreen):
    """What is judged of an order names it. What it takes to decide is imported when somebody decides."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("A", "approve", "approve"),
        Binding("C", "withdraw", "take back"),
        Binding("R", "review", "review"),
    ]

    def order_key(self) -> str | None:
        """The key of the order under the cursor."""
        asked = self.figure()
        return asked[1].removeprefix(FIGURE) if asked is not None and asked[1].startswith(FIGURE) else None

    def order(self) -> OrderView | None:
        """The order under the cursor, as the list has it."""
        key = self.order_key()
        return next((it for it in self.shell.fleet.orders if it.order.id == key), None) if key is not None else None

    def silent_actions(self) -> frozenset[str]:
        silent, view = super().silent_actions(), self.order()
        if view is None:
            return silent | DECIDING
        from services.orders.confirming import to_review

        works = {"select"} | ({"approve"} if view.order.state is OrderState.WAITING else set())
        works |= set() if view.order.state.ended else {"withdraw"}
        works |= {"review"} if to_review(view.order) else set()
        return (silent | DECIDING) - works

    # Keys

    def _open(self) -> None:
        key = self.order_key()
        if key is None:
            super()._open()
            return
        from screens.dialogs.order import OrderScreen

        self.app.push_screen(OrderScreen(self.shell, self, key))

    def action_approve(self) -> None:
        self._decide("ApproveScreen")

    def action_withdraw(self) -> None:
        self._decide("WithdrawScreen")

    def action_review(self) -> None:
        self._decide("ReviewScreen")

    def _decide(self, name: str) -> None:
        """Open the dialog of that name; where nothing can be written from here, say why."""
        key = self.order_key()
        if key is None:
            return
        from screens.aim import refused
        from screens.dialogs import deciding

        why = refused(self.shell.fleet, read_only=self.shell.read_only)
        if why is not None:
            self.shell.flash(why, error=True)
        else:
            self.app.push_screen(getattr(deciding, name)(self.shell, self, key))
