"""The plan of what is asked: made by the server, shown, saved, and handed over once it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import ClassVar, cast

from textual.binding import Binding, BindingType
from textual.content import Content

from screens.dialogs.breaking import alone_rows, begun_by
from screens.dialogs.confirmable import Sending, Stage, plan_of
from screens.dialogs.confirming import ConfirmScreen
from screens.dialogs.giving import Given
from screens.dialogs.order import OrderScreen
from screens.dialogs.order_page import plan_page
from screens.frame import FrameScreen
from screens.notes import ENDS, REASON, TICKET
from screens.shell import Shell
from screens.text import DIM, ERROR, line
from services.orders.confirming import Need, Needed, may_break_glass, needed
from services.orders.desk import Answer
from services.orders.saying import plan_title
from services.text import clean
from services.wire.orders import Asked, OrderRecord, OrderRequest, Plan
from services.wire.registry import Role

NAMES = 99
"""Files of one name before the digest's end that are tried."""


class PlanScreen(ConfirmScreen):
    """What an action would do. ``r`` has it made anew, ``ctrl+s`` writes it for ``tenure apply``."""

    DEFAULT_CSS = """
    PlanScreen.-alone #box { border: round $status-breached; border-title-color: $status-breached; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "save"),
        Binding("B", "alone", "break glass"),
    ]
    notes: ClassVar[tuple[str, ...]] = (ENDS, TICKET, REASON)

    def __init__(self, shell: Shell, beneath: FrameScreen, asked: Asked, title: str, plan: Plan | None = None) -> None:
        """``plan``: it was made already."""
        super().__init__(shell, beneath)
        self._asked = asked
        self._title = title
        self.plan = plan
        self.alone = False
        """Whether it is to do without the second person: never before somebody says so."""

    def title_line(self) -> Content:
        if self.plan is None:
            return line("plan · ", self._title)
        return line("BREAK-GLASS · " if self.alone else "", plan_title(self.plan))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "save":
            return self.plan is not None
        if action == "alone":
            return self.stage is Stage.SHOWN and self.plan is not None and self.plan.approval
        return super().check_action(action, parameters)

    def ask(self, cancel: Event) -> Answer[Plan]:
        return self.shell.desk.plan(self._asked, cancel)

    def take(self, value: Plan | OrderRecord) -> str | None:
        self.plan = plan_of(value)
        self._do_alone(self.alone and self.plan.approval)
        return None

    def needed(self, plan: Plan) -> tuple[Needed, ...]:
        return needed(plan)

    def does(self) -> str:
        if self.alone:
            return "break the glass"
        return "hand over, to wait" if self.plan is not None and self.plan.approval else super().does()

    def page(self, width: int) -> list[Content]:
        if self.plan is None:
            return []
        above = alone_rows(self.plan, self._role, read_only=self.shell.read_only, alone=self.alone)
        return plan_page(self.plan, width, self.changed, above, without="Confirm" if self.alone else None)

    # What is said with it

    @property
    def _about(self) -> tuple[str, tuple[str, ...]]:
        return self._asked.action, self._asked.tenants

    def said_before(self) -> Mapping[str, str]:
        return self.shell.notes.for_order(self._about)

    def note_hints(self, plan: Plan) -> Mapping[str, str]:
        hints = {TICKET: "may be empty; for the audit log", REASON: "may be empty; for the audit log"}
        kept = self.shell.notes.ticket
        if kept and self.giving.note(TICKET).value == kept:
            hints[TICKET] = "that of your last order; may be empty"
        if any(one.need is Need.TICKET for one in needed(plan)):
            del hints[TICKET]
        if self.alone:
            return {ENDS: "30m, 2h; at most 24h", **hints, REASON: "why it cannot wait"}
        return hints

    def has_to_say(self) -> bool:
        return self.alone

    def sending_of(self, plan: Plan, given: Given) -> Sending:
        until = begun_by(given.said, self._zone, self.shell.now()) if self.alone else None
        ticket = given.needs.get(Need.TICKET) or given.said.get(TICKET)
        request = OrderRequest(plan=plan, ticket=ticket, reason=given.said.get(REASON), break_glass_until=until)
        desk = self.shell.desk
        return lambda cancel: desk.submit(request, cancel)

    def left(self, said: Mapping[str, str]) -> None:
        self.shell.notes.left(self._about, said)

    def handed_over(self, order: OrderRecord) -> None:
        self.shell.notes.handed_over(self._about, self.giving.said)
        OrderScreen.open_instead(self, order)

    # Without the second person

    @property
    def _role(self) -> Role | None:
        return cast("Role | None", self.shell.fleet.identity.role)

    @property
    def _zone(self) -> str:
        """Whose midnight begins a day that is typed."""
        policy = self.shell.fleet.policy
        return policy.default_zone if policy is not None else "UTC"

    def action_alone(self) -> None:
        """Do without the second person, or with one after all."""
        if self.plan is None:
            return
        why = may_break_glass(self.plan, self._role, read_only=self.shell.read_only)
        if why is not None:
            self.show(self.stage, f"Not without the second person: {why}.", ERROR)
            return
        self._do_alone(not self.alone)
        self.show(self.stage)
        if self.alone:
            self.set_focus(self.giving.note(ENDS).entry)

    def _do_alone(self, alone: bool) -> None:
        self.alone = alone
        self.set_class(alone, "-alone")

    # The file

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
