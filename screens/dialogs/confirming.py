"""A plan in a dialog, and what has to be given before it is handed over: Cancel stands first, and Enter cancels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import ClassVar

from pydantic import ValidationError
from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from screens.aim import refused
from screens.dialogs.base import WIDEST
from screens.dialogs.confirmable import Stage, why_not
from screens.dialogs.giving import Given, Giving, UnsaidError
from screens.dialogs.held import Held
from screens.dialogs.order_page import plan_page
from screens.dialogs.refusals import refused_by
from screens.frame import FrameScreen
from screens.loading import Loader
from screens.shell import Shell
from screens.text import ACCENT, DIM, ERROR, line
from screens.widgets.form import Line, TypedEntry
from screens.widgets.lines import Lines
from screens.widgets.row import Piece, Row
from services.orders.confirming import Need, Needed
from services.orders.desk import Answer
from services.wire.orders import OrderRecord, Plan
from services.words import say_length


class ConfirmScreen(Held):
    """Shows a plan, and hands over what was confirmed. Subclasses say where it comes from and what confirming does."""

    DEFAULT_CSS = """
    ConfirmScreen {
        #page { height: auto; }
        #said { height: auto; max-height: 4; margin-top: 1; display: none; }
        &.-said #said { display: block; }
        #lines { height: auto; }
        #foot { margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "cancel", "cancel"),
        Binding("x", "carry_out", "carry out"),
        Binding("tab", "field(1)", "fields"),
        Binding("shift+tab", "field(-1)", "back to the plan", show=False),
        Binding("r", "again", "make it anew"),
        Binding("q", "cancel", "cancel", show=False),
    ]

    def __init__(self, shell: Shell, beneath: FrameScreen) -> None:
        super().__init__(shell, beneath)
        self._said: tuple[str, str] = ("", DIM)
        self._opened = False
        """Whether somebody wants to say something with it."""
        self._maker: Loader[Answer[Plan] | Answer[OrderRecord]] = Loader(self, "plan")
        self._sender: Loader[Answer[OrderRecord]] = Loader(self, "order")

    def no_plan(self, answer: Answer[Plan] | Answer[OrderRecord]) -> None:
        """There is no plan: ``answer`` says why."""
        self.show(Stage.NONE, why_not(answer), ERROR)

    # The dialog

    def body(self) -> Iterable[Widget]:
        yield Lines(id="page")
        yield Giving(self.notes, self.said_before())
        yield Lines(id="said", focusable=False)
        yield Row(id="foot")

    @property
    def giving(self) -> Giving:
        return self.query_one(Giving)

    def on_mount(self) -> None:
        super().on_mount()
        self.set_focus(self.query_one("#page", Lines))
        if self.plan is None:
            self.begin()
        else:
            self.show(Stage.SHOWN)

    def begin(self) -> None:
        """Ask for the plan."""
        self.changed = ()
        self.show(Stage.MAKING, self.asking)
        self._maker.start(lambda _publish, cancel: self.ask(cancel))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        if action == "carry_out":
            return self.stage is Stage.SHOWN and not self._typed()
        if action == "field":
            return self.stage is Stage.SHOWN
        if action == "other":
            return self.stage is Stage.HELD
        return action != "again" or self.stage in (Stage.NONE, Stage.SHOWN, Stage.STALE, Stage.HELD)

    def show(self, stage: Stage, said: str = "", style: str = DIM) -> None:
        self.stage, self._said = stage, (said, style)
        self.show_lines()
        self.box.border_title = self.title_line()
        self._write()
        self.refresh_bindings()
        self.beneath.show_keys()

    def show_lines(self) -> None:
        """Show the lines that belong to the stage, and keep the focus where it can be."""
        giving, plan = self.giving, self.plan
        if plan is None or self.stage not in (Stage.SHOWN, Stage.SENDING):
            giving.ask((), {})
        else:
            says = self._opened or self.has_to_say() or bool(giving.said)
            giving.ask(self._typed(), self.note_hints(plan) if says else {})
        if self.focused not in giving.entries:
            self.set_focus(self.query_one("#page", Lines))

    def _typed(self) -> tuple[Needed, ...]:
        """What has to be typed."""
        return tuple(one for one in self.needed(self.plan) if one.typed) if self.plan is not None else ()

    @on(events.Resize)
    def _write(self) -> None:
        width = max(min(self.size.width, WIDEST) - 5, 20)
        said, style = self._said
        wrapped = [part for one in said.split("\n") for part in line((one, style)).wrap(width)] if said else []
        self.set_class(bool(wrapped), "-said")
        self.query_one("#said", Lines).show(wrapped)
        page = self.query_one("#page", Lines)
        entries = len(self.giving.entries)
        page.styles.max_height = max(self.size.height - 6 - entries - (min(len(wrapped), 4) + 1 if wrapped else 0), 1)
        page.show(self.page(width))
        self._show_foot()

    def page(self, width: int) -> list[Content]:
        """The lines of the page."""
        return plan_page(self.plan, width, self.changed) if self.plan is not None else []

    def _show_foot(self) -> None:
        typing = isinstance(self.focused, Input)
        cancel = line(("[ Cancel ]", "" if typing else f"bold reverse {ACCENT}"))
        pieces = [
            Piece(cancel),
            *(
                Piece(line((key, f"bold {ACCENT}"), (word, DIM)), rank)
                for key, word, rank in self.ways(typing=typing, to_type=self.giving.typed)
            ),
        ]
        page = self.query_one("#page", Lines)
        limit = page.styles.max_height
        if limit is not None and limit.value < page.virtual_size.height and not typing:
            pieces.append(Piece(line(("j k", f"bold {ACCENT}"), (" the rest of it", DIM)), 2))
        made = self.plan.made_at if self.plan is not None else None
        age = f"made {say_length(max(self.shell.now() - made, timedelta()))} ago" if made is not None else ""
        self.query_one("#foot", Row).show(pieces, [Piece(line((age, DIM)), 3)])

    def ticked(self) -> None:
        self._show_foot()

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _focus_moved(self) -> None:
        self._show_foot()
        self.beneath.show_keys()

    # Keys

    def action_field(self, step: int) -> None:
        if not self._opened:
            self._opened = True
            self.show_lines()
            self._write()
        stops: list[Widget] = [self.query_one("#page", Lines), *self.giving.entries]
        at = stops.index(self.focused) if self.focused in stops else 0
        self.set_focus(stops[(at + step) % len(stops)])

    def action_again(self) -> None:
        self.begin()

    def action_cancel(self) -> None:
        self.action_back()

    def action_back(self) -> None:
        if self.stage is Stage.SENDING:
            self.shell.flash("It may have been taken on all the same: :orders shows it.")
        self._maker.cancel()
        self._sender.cancel()
        self.left(self.giving.said)
        super().action_back()

    def action_carry_out(self) -> None:
        self._hand_over({Need.AGREEMENT: "x"})

    @on(Input.Changed)
    def _changed_in(self, event: Input.Changed) -> None:
        """What was wrong with a line was wrong with what stood there before."""
        event.stop()
        self.show_lines()
        if self.stage is Stage.SHOWN and self._said[0]:
            self._said = ("", DIM)
            self._write()

    @on(Input.Submitted)
    def _typed_in(self, event: Input.Submitted) -> None:
        event.stop()
        if self.stage is not Stage.SHOWN:
            return
        if not self.giving.typed:  # Enter has never carried out what takes x
            self.action_field(1)
            return
        given = self.giving.given.needs
        for one in self._typed():
            if not given[one.need]:
                self._refuse(self.giving.need(one.need), f"Not confirmed: {one.told}.", DIM)
            elif one.lacks(given[one.need]) is not None:
                why = f"Not confirmed: {given[one.need]} is not what is asked: {one.told}."
                self._refuse(self.giving.need(one.need), why)
            else:
                continue
            return
        self._hand_over(given)

    def _refuse(self, at: Line | None, why: str, style: str = ERROR) -> None:
        """Say why it is not handed over, with the cursor where that can be mended."""
        self._said = (why, style)
        self._write()
        if at is not None:
            self.set_focus(at.entry)

    @on(TypedEntry.Refused)
    def _pasted(self, event: TypedEntry.Refused) -> None:
        event.stop()
        self._refuse(None, "Pasting is refused here: type it, so that it is meant.")

    def _hand_over(self, needs: Mapping[Need, str]) -> None:
        plan = self.plan
        if plan is None or self._sender.running:
            return
        why = refused(self.shell.fleet, read_only=self.shell.read_only)
        if why is not None:
            self._refuse(None, why)
            return
        try:
            send = self.sending_of(plan, Given(needs, self.giving.given.said))
        except UnsaidError as error:
            self._unsaid(error.name, str(error))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            self._unsaid(str(first["loc"][0]), first["msg"])
        else:
            self.show(Stage.SENDING, self.sending)
            self._sender.start(lambda _publish, cancel: send(cancel))

    def _unsaid(self, name: str, why: str) -> None:
        at = self.giving.note(name) if name in self.notes else None
        if at is not None:
            at.wrong = why
        self._refuse(at, f"Not handed over: {why}.")

    # What came of it

    @on(Loader.Loaded)
    def _answered(self, event: Loader.Loaded) -> None:
        event.stop()
        if not event.current:
            return
        if event.loader is self._sender:
            self._sent(event.value)
        elif event.value.value is None:
            self.no_plan(event.value)
        else:
            why = self.take(event.value.value)
            if why is None:
                self.show(Stage.SHOWN)
            else:
                self.show(Stage.NONE, why, ERROR)

    @on(Loader.Failed)
    def _failed(self, event: Loader.Failed) -> None:
        event.stop()
        if not event.current:
            return
        said = f"{type(event.error).__name__}: {event.error}"
        if event.loader is self._sender:
            self.show(Stage.SHOWN, f"It is not known whether it was taken on: {said}", ERROR)
        else:
            self.show(Stage.NONE, said, ERROR)

    def _sent(self, answer: Answer[OrderRecord]) -> None:
        if answer.value is not None:
            self.handed_over(answer.value)
            return
        self.take_refusal(refused_by(answer, self.anew))
