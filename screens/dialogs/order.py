"""An order: how far it is, step by step. It may be left at any time; the worker goes on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from screens.dialogs.base import WIDEST, Dialog
from screens.dialogs.order_page import WARNING, end_words, going_words, order_page, review_words, waiting_words
from screens.following import Followed, follow
from screens.frame import FrameScreen
from screens.loading import Loader
from screens.shell import Shell
from screens.text import ACCENT, DIM, ERROR, STRONG, line
from screens.widgets.lines import Lines
from screens.widgets.row import Piece, Row
from services.fleet.needs import INTERNAL
from services.model import OrderState
from services.orders.confirming import to_review
from services.orders.saying import order_title
from services.wire.orders import AwsCall, OrderRecord

if TYPE_CHECKING:
    from services.wire.registry import Role


class OrderScreen(Dialog):
    """Follows one order to its end, on a thread that asks for it."""

    DEFAULT_CSS = """
    OrderScreen {
        #page { height: auto; }
        #said { height: auto; max-height: 4; margin-top: 1; }
        #foot { margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,enter", "back", "back", show=False),
        Binding("r", "again", "ask now"),
        Binding("A", "approve", "approve"),
        Binding("C", "withdraw", "take back"),
        Binding("R", "review", "review"),
        Binding("Y", "copy", "copy the command"),
    ]

    def __init__(self, shell: Shell, beneath: FrameScreen, key: str, order: OrderRecord | None = None) -> None:
        """``order``: as it was known last."""
        super().__init__(shell, beneath)
        self.key = key
        self.known = Followed(order, final=order is not None and order.state.ended)
        self._copied = False
        self._follower: Loader[Followed] = Loader(self, "order")

    @classmethod
    def open_instead(cls, dialog: Dialog, order: OrderRecord) -> None:
        """Show an order in place of all dialogs that led to it."""
        app, shell, beneath = dialog.app, dialog.shell, dialog.beneath
        while isinstance(app.screen, Dialog):
            app.pop_screen()
        app.push_screen(cls(shell, beneath, order.id, order))

    @property
    def command(self) -> str:
        """What shows the same in a shell."""
        return f"tenure order {self.key} --follow"

    def title_line(self) -> Content:
        order = self.known.order
        return line("order · ", order_title(order.plan) if order is not None else self.key)

    def body(self) -> Iterable[Widget]:
        yield Lines(id="page")
        yield Lines(id="said", focusable=False)
        yield Row(id="foot")

    def on_mount(self) -> None:
        super().on_mount()
        self.set_focus(self.query_one("#page", Lines))
        self._write()
        self.action_again()

    def on_unmount(self) -> None:
        """Let the thread end."""
        self._follower.cancel()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        order = self.known.order
        if action == "approve":
            return order is not None and order.state is OrderState.WAITING
        if action == "withdraw":
            return order is not None and not order.state.ended and order.taken_back_by is None
        if action == "again":
            return not self.known.final or self.known.trouble is not None
        if action == "review":
            return order is not None and to_review(order)
        return True

    # The thread

    def action_again(self) -> None:
        if self.known.final and self.known.trouble is None:
            return
        desk, key, known = self.shell.desk, self.key, self.known.order
        self._follower.start(lambda publish, cancel: follow(desk, key, known, publish, cancel))

    @on(Loader.Partial)
    @on(Loader.Loaded)
    def _told(self, event: Loader.Partial | Loader.Loaded) -> None:
        event.stop()
        if event.current:
            self._take(event.value)

    @on(Loader.Failed)
    def _failed(self, event: Loader.Failed) -> None:
        event.stop()
        if event.current:
            self._take(Followed(self.known.order, f"{type(event.error).__name__}: {event.error}", final=True))

    def _take(self, known: Followed) -> None:
        before, self.known = self.known.order, known
        self.box.border_title = self.title_line()
        self._write()
        self.refresh_bindings()
        self.beneath.show_keys()
        order = known.order
        if order is not None and order.state.ended and before is not None and not before.state.ended:
            self._look_again(order)

    def _look_again(self, order: OrderRecord) -> None:
        """Ask those sources anew in which it shows."""
        if any(isinstance(step.call, AwsCall) for step in order.plan.steps):
            self.shell.refresh_fleet()
        else:
            views = self.shell.fleet.sources
            self.shell.ask_again(frozenset(it.source for it in views if it.source.service == INTERNAL))

    # What stands in the box

    def ticked(self) -> None:
        self._write()

    @on(events.Resize)
    def _write(self) -> None:
        width = max(min(self.size.width, WIDEST) - 5, 20)
        order = self.known.order
        said = [part for one in self._sentences() for part in one.wrap(width)]
        self.query_one("#said", Lines).show(said)
        page = self.query_one("#page", Lines)
        page.styles.max_height = max(self.size.height - 7 - min(len(said), 4), 1)
        page.show(order_page(order, self.shell.now(), width) if order is not None else [])
        word = ("copied: ", DIM) if self._copied else (" copy: ", DIM)
        self.query_one("#foot", Row).show(
            [Piece(line(("" if self._copied else "Y", f"bold {ACCENT}"), word, self.command))],
        )

    def _sentences(self) -> list[Content]:
        order, trouble = self.known.order, self.known.trouble
        said = []
        if order is None:
            said.append(line(trouble or "Asking the internal API for the order …", (ERROR if trouble else DIM)))
        elif (end := end_words(order)) is not None:
            said.append(line((end, STRONG)))
            if (review := self._review(order)) is not None:
                said.append(line((review, WARNING)))
        else:
            waits = waiting_words(order, self.shell.fleet.identity.user)
            goes_on = going_words(order)
            said.append(line((waits or f"{goes_on}, whether or not this stays open. Esc leaves.", DIM)))
        if order is not None and trouble is not None:
            ending = "r asks again" if self.known.final else "the order goes on all the same"
            said.append(line((f"Not answered: {trouble}; {ending}.", ERROR)))
        return said

    def _review(self, order: OrderRecord) -> str | None:
        identity = self.shell.fleet.identity
        role = cast("Role | None", identity.role)
        return review_words(order, identity.user, role, read_only=self.shell.read_only)

    # Keys

    def action_back(self) -> None:
        order = self.known.order
        super().action_back()
        if order is not None and not order.state.ended:
            self.shell.flash(f"{order_title(order.plan)} goes on in the worker; :orders shows it.")

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self.command)
        self._copied = True
        self._write()

    def action_approve(self) -> None:
        from screens.dialogs.deciding import ApproveScreen

        self.app.push_screen(ApproveScreen(self.shell, self.beneath, self.key))

    def action_withdraw(self) -> None:
        from screens.dialogs.deciding import WithdrawScreen

        self.app.push_screen(WithdrawScreen(self.shell, self.beneath, self.key))

    def action_review(self) -> None:
        from screens.dialogs.deciding import ReviewScreen

        self.app.push_screen(ReviewScreen(self.shell, self.beneath, self.key))
