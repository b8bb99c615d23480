"""A screen from which something can be done: an action for the tenant, or the record, in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from screens.commands import Commands
from screens.frame import FrameScreen
from screens.shell import Shell

if TYPE_CHECKING:
    from screens.aim import Aim
    from services.orders.base import Action


class ActingScreen(FrameScreen):
    """Subclasses say whom an action is for. What it takes is imported when somebody first acts."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("full_stop", "actions", "actions")]

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.commands = Commands(shell, {"sign-in": self.sign_in}, do=self.do)

    def aim(self) -> Aim:
        """Whom and what an action would be for."""
        from screens.aim import Aim

        return Aim()

    def action_actions(self) -> None:
        """Open the list of the actions that fit."""
        from screens.aim import fitting, refused
        from screens.dialogs.actions import ActionsScreen

        aim, fleet = self.aim(), self.shell.fleet
        why = refused(fleet, read_only=self.shell.read_only)
        found = fitting(aim, fleet)
        if why is not None:
            self.shell.flash(why, error=True)
        elif not found:
            self.shell.flash(f"There is nothing to be done about {aim.words}.")
        else:
            self.app.push_screen(ActionsScreen(self.shell, self, found, aim))

    def action_order(self, name: str) -> None:
        """Ask for an action by its key."""
        self.do(name, None)

    def do(self, name: str, tenants: tuple[str, ...] | None) -> None:
        """Ask for an action by its name; ``tenants``: for whom, ``None``: for what is in sight."""
        from screens.aim import Aim
        from services.orders.actions import ACTIONS

        begin(self.shell, self, ACTIONS[name], self.aim() if tenants is None else Aim(tenants))


def begin(shell: Shell, beneath: FrameScreen, action: Action, aim: Aim) -> None:
    """Open the form of an action, or its plan where nothing is asked; where it cannot be, say why."""
    from screens.aim import asked_for, fields_of, refused, unfit

    why = refused(shell.fleet, read_only=shell.read_only) or unfit(action, aim, shell.fleet)
    if why is not None:
        shell.flash(why, error=True)
    elif fields_of(action, aim):
        from screens.dialogs.order_form import OrderFormScreen

        beneath.app.push_screen(OrderFormScreen(shell, beneath, action, aim))
    else:
        import secrets

        from screens.dialogs.plan import PlanScreen
        from services.wire.orders import Asked

        asked = Asked(key=secrets.token_hex(16), action=action.name, tenants=asked_for(action, aim))
        beneath.app.push_screen(PlanScreen(shell, beneath, asked, action.title))
