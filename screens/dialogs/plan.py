"""The plan of what is asked: made by the server, shown, saved, and handed over once it is confirmed."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from screens.dialogs.confirming import ConfirmScreen, Stage, plan_of
from screens.dialogs.order import OrderScreen
from screens.frame import FrameScreen
from screens.shell import Shell
from screens.text import DIM, ERROR, line
from services.orders.confirming import Need, Needed, needed
from services.orders.desk import Answer
from services.orders.saying import plan_title
from services.text import clean
from services.wire.orders import Asked, OrderRecord, OrderRequest, Plan

NAMES = 99
"""Files of one name before the digest's end that are tried."""


class PlanScreen(ConfirmScreen):
    """What an action would do. ``r`` has it made anew, ``ctrl+s`` writes it for ``tenure apply``."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "save", "save")]

    def __init__(self, shell: Shell, beneath: FrameScreen, asked: Asked, title: str, plan: Plan | None = None) -> None:
        """``plan``: it was made already."""
        super().__init__(shell, beneath)
        self._asked = asked
        self._title = title
        self.plan = plan

    def title_line(self) -> Content:
        if self.plan is None:
            return line("plan · ", self._title)
        return line(plan_title(self.plan))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "save":
            return self.plan is not None
        return super().check_action(action, parameters)

    def ask(self, cancel: Event) -> Answer[Plan]:
        return self.shell.desk.plan(self._asked, cancel)

    def take(self, value: Plan | OrderRecord) -> str | None:
        self.plan = plan_of(value)
        return None

    def needed(self, plan: Plan) -> tuple[Needed, ...]:
        return needed(plan)

    def send(self, plan: Plan, given: dict[Need, str], cancel: Event) -> Answer[OrderRecord]:
        return self.shell.desk.submit(OrderRequest(plan=plan, ticket=given.get(Need.TICKET)), cancel)

    def handed_over(self, order: OrderRecord) -> None:
        OrderScreen.open_instead(self, order)

    def action_save(self) -> None:
        """Write the plan as ``tenure plan -o`` does, into a file that is not there yet."""
        if self.plan is None:
            return
        written = save(self.plan, Path.cwd())
        if isinstance(written, Path):
            self.show(self.stage, f"Saved: {written.name}. tenure apply {written.name} hands it over.", DIM)
        else:
            self.show(self.stage, written, ERROR)


def save(plan: Plan, folder: Path) -> Path | str:
    """Writes a plan as JSON under a name of its own, over nothing; the file, or why it was not written."""
    name = f"{clean(plan.asked.action)}-{plan.digest[:12]}"
    text = plan.model_dump_json(indent=2, ensure_ascii=True) + "\n"
    for number in range(1, NAMES + 1):
        path = folder / (f"{name}.json" if number == 1 else f"{name}-{number}.json")
        try:
            with path.open("x", encoding="ascii") as file:
                file.write(text)
        except FileExistsError:
            continue
        except OSError as error:
            return f"Not saved: {path.name}: {error.strerror or error}"
        return path
    return f"Not saved: there are {NAMES} files of {name} already."


__all__ = ["PlanScreen", "Stage", "save"]
