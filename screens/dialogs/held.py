"""A plan that was not taken on: why, and the order in its way, which can be looked at from here."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from screens.dialogs.confirmable import Confirmable, Stage
from screens.dialogs.refusals import Refused, after_a_look
from screens.frame import FrameScreen
from screens.shell import Shell
from screens.text import DIM
from screens.widgets.lines import Lines


class Held(Confirmable):
    """While another order is in its way nothing can be confirmed: it would be refused again."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("o", "other", "that order")]

    def __init__(self, shell: Shell, beneath: FrameScreen) -> None:
        super().__init__(shell, beneath)
        self.changed: tuple[str, ...] = ()
        """What the plan was made from and is no longer so."""
        self._in_the_way: str | None = None
        """The key of the order for which it was refused."""

    def show(self, stage: Stage, said: str = "", style: str = DIM) -> None:
        """Draw it at a stage, with a sentence."""
        raise NotImplementedError

    def take_refusal(self, refused: Refused) -> None:
        """Show what becomes of it."""
        self.changed, self._in_the_way = refused.changed, refused.order
        self.show(refused.stage, refused.said, refused.style)
        if refused.changed:
            self.query_one("#page", Lines).scroll_home(animate=False)

    def action_other(self) -> None:
        """Look at the order in the way; once that has ended, this plan may be confirmed."""
        if self._in_the_way is None:
            return
        from screens.dialogs.order import OrderScreen

        other = OrderScreen(self.shell, self.beneath, self._in_the_way)

        def looked(_: object) -> None:
            after = after_a_look(other.known.order, self.anew)
            if after is not None and self.stage is Stage.HELD:
                self.take_refusal(after)

        self.app.push_screen(other, looked)
