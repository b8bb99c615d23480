"""What is asked for an action: a line a field. What the server says is wrong stands beside it, and nothing is lost."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import ClassVar

from pydantic import ValidationError
from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from screens.aim import Aim, asked_for, choices, fields_of, prefilled
from screens.dialogs.ahead import ACTS, AheadLines
from screens.dialogs.base import WIDEST, Dialog
from screens.dialogs.plan import PlanScreen
from screens.frame import FrameScreen
from screens.loading import Loader
from screens.shell import Shell
from screens.text import ACCENT, DIM, ERROR, STRONG, line
from screens.widgets.form import Entry, Line
from screens.widgets.lines import Lines
from services.fleet.snapshot import FleetSnapshot
from services.orders.base import Action, Field
from services.orders.desk import Answer
from services.wire.orders import Asked, Plan

FIELD = "fields."
"""What the server's names of fields begin with."""


class PlanEntry(Entry):
    """Enter asks for the plan."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "plan")]


class ChoiceEntry(PlanEntry):
    """One of a few words: space puts the next of them there, or the whole of what was begun."""

    async def _on_key(self, event: events.Key) -> None:
        following = self._following() if event.key == "space" else None
        if following is None:
            await super()._on_key(event)
            return
        event.stop()
        event.prevent_default()
        self.value = following
        self.cursor_position = len(following)

    def _following(self) -> str | None:
        """The word after the one that stands there, the first that begins as it does; ``None``: it is something else,
        and not to be lost."""
        line = self.parent
        known = tuple(line.choices) if isinstance(line, Line) else ()
        if self.value in known:
            return known[(known.index(self.value) + 1) % len(known)]
        return next((it for it in known if it.startswith(self.value)), None)


class OrderFormScreen(Dialog):
    """The fields of one action. It stays under the plan that is made of it, and is found as it was."""

    DEFAULT_CSS = """
    OrderFormScreen {
        #item, #said { height: auto; max-height: 4; }
        #item { margin-bottom: 1; }
        #said { margin: 1 0 0 0; min-height: 2; }
        VerticalScroll { height: auto; scrollbar-size: 1 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,down", "field(1)", "next field"),
        Binding("shift+tab,up", "field(-1)", "last field", show=False),
    ]

    def __init__(self, shell: Shell, beneath: FrameScreen, action: Action, aim: Aim) -> None:
        super().__init__(shell, beneath)
        self._action = action
        self._aim = aim
        self._fields = fields_of(action, aim)
        self._key = secrets.token_hex(16)
        """Of the order, whichever plan of it is handed over in the end: it is carried out once."""
        self._asked: Asked | None = None
        self._maker: Loader[Answer[Plan]] = Loader(self, "plan")
        self._ahead: dict[str, str] = {}
        """What was said against a field before anybody was asked."""
        self._whole = ""
        """What is wrong with no single field."""

    def title_line(self) -> Content:
        group = self._action.scope == "tenants-or-group" and not self._aim.tenants
        return line(f"{self._action.name} · ", "a tier in a region" if group else self._aim.words)

    def body(self) -> Iterable[Widget]:
        given = prefilled(self._action, self._aim, self.shell.fleet)
        yield Lines(id="item", focusable=False)
        with VerticalScroll(can_focus=False):
            for field in self._fields:
                yield Line(
                    field.label,
                    given.get(field.name, ""),
                    "" if field.kind == "store" else self._hint(field),  # an ARN takes the whole line
                    entry=self._entry(field),
                    choices=choices(field, self._aim, self.shell.fleet),
                    id=_id(field),
                )
        if self._action.name in ACTS:
            yield AheadLines(self.shell)
        yield Lines(id="said", focusable=False)

    def _entry(self, field: Field) -> type[Entry]:
        return ChoiceEntry if choices(field, self._aim, self.shell.fleet) else PlanEntry

    def _hint(self, field: Field) -> str:
        known = choices(field, self._aim, self.shell.fleet)
        if field.kind == "record" and len(known) == 1:
            return "the only one"
        hint = field.hint if not known or field.kind == "store" else " ".join(known)
        if field.required or "empty" in hint:
            return hint
        return f"{hint}{'; ' if hint else ''}may be empty"

    def on_mount(self) -> None:
        super().on_mount()
        action = self._action
        whom = f" · {', '.join(self._aim.tenants)}" if len(self._aim.tenants) > 1 else ""
        said = line((action.title, STRONG), (f"{whom} · {action.clause}", DIM))
        self.query_one("#item", Lines).show(said.wrap(self._width))
        empty = next((index for index, it in enumerate(self._fields) if not self._line(it).value), 0)
        self._focus(empty)
        self._look_ahead()

    def fleet_changed(self, fleet: FleetSnapshot) -> None:  # noqa: ARG002 - it is asked for anew
        self._look_ahead()

    @property
    def _width(self) -> int:
        return max(min(self.size.width, WIDEST) - 5, 20)

    def _line(self, field: Field) -> Line:
        return self.query_one(f"#{_id(field)}", Line)

    # What it would come to

    def _look_ahead(self) -> None:
        """Have it told again, from what stands in the fields now."""
        asked = self._ask_of()
        if isinstance(asked, Asked):
            for lines in self.query(AheadLines):
                lines.look(asked)

    @on(AheadLines.Told)
    def _told_ahead(self, event: AheadLines.Told) -> None:
        """Say beside each field what speaks against it; of the one that is being typed not that it is not whole yet."""
        event.stop()
        typing = self._fields[self._at()].name
        for field in self._fields:
            one, wrong = self._line(field), event.wrong.get(field.name, "")
            if field.name == typing and field.name in event.unread:
                wrong = ""
            if wrong or one.wrong == self._ahead.get(field.name):
                one.wrong = wrong
                self._ahead[field.name] = wrong
        self._tell()

    # Keys

    def _focus(self, index: int) -> None:
        entry = self._line(self._fields[index % len(self._fields)]).entry
        self.set_focus(entry)
        entry.cursor_position = len(entry.value)

    def _at(self) -> int:
        return next((index for index, it in enumerate(self._fields) if self._line(it).entry.has_focus), 0)

    def action_field(self, step: int) -> None:
        self._focus(self._at() + step)

    def action_back(self) -> None:
        self._maker.cancel()
        super().action_back()

    @on(events.Resize)
    def _fit(self) -> None:
        for lines in self.query(AheadLines):
            lines.fit(self.size.height, len(self._fields))

    @on(events.DescendantFocus)
    @on(events.Resize)
    def _tell(self) -> None:
        """Say what the field in which the cursor stands takes, or what is wrong with it."""
        if not self.is_mounted or self._maker.running:
            return
        field = self._fields[self._at()]
        one = self._line(field)
        wrong, known = one.wrong or self._whole, choices(field, self._aim, self.shell.fleet)
        if wrong:
            self._say(wrong, ERROR)
        else:
            completes = "; space takes the next, → completes" if len(known) > 1 else ""
            self._say(f"{field.label}: {self._hint(field) or 'as it is to be recorded'}{completes}", DIM)

    def _say(self, text: str, style: str) -> None:
        wrapped = [part for one in text.split("\n") for part in line((one, style)).wrap(self._width)]
        self.query_one("#said", Lines).show(wrapped)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        """What was wrong with it was wrong with what stood there before."""
        event.stop()
        one = event.input.parent
        if isinstance(one, Line) and one.wrong:
            one.wrong = ""
            self._tell()
        self._look_ahead()

    def _ask_of(self) -> Asked | ValidationError:
        """What the fields ask for, or why that can be asked of nobody."""
        given = {field.name: value for field in self._fields if (value := self._line(field).value)}
        tenants = asked_for(self._action, self._aim)
        try:
            return Asked(key=self._key, action=self._action.name, tenants=tenants, fields=given)
        except ValidationError as error:
            return error

    @on(Input.Submitted)
    def _ask(self, event: Input.Submitted) -> None:
        event.stop()
        if self._maker.running:
            return
        asked = self._ask_of()
        if isinstance(asked, ValidationError):
            first = asked.errors(include_url=False, include_input=False)[0]
            self._refused([(".".join(map(str, first["loc"])), first["msg"])], "")
            return
        self._asked, self._whole = asked, ""
        for field in self._fields:
            self._line(field).wrong = ""
        self._say("Asking the internal API for the plan …", ACCENT)
        desk = self.shell.desk
        self._maker.start(lambda _publish, cancel: desk.plan(asked, cancel))

    # What came of it

    @on(Loader.Loaded)
    def _planned(self, event: Loader.Loaded) -> None:
        event.stop()
        if not event.current or self._asked is None:
            return
        answer: Answer[Plan] = event.value
        if answer.value is None:
            self._refused([(part.where, part.what) for part in answer.parts], answer.error or "no answer")
            return
        self._tell()
        screen = PlanScreen(self.shell, self.beneath, self._asked, self._action.title, answer.value)
        self.app.push_screen(screen)

    @on(Loader.Failed)
    def _failed(self, event: Loader.Failed) -> None:
        event.stop()
        if event.current:
            self._refused([], f"{type(event.error).__name__}: {event.error}")

    def _refused(self, parts: list[tuple[str, str]], whole: str) -> None:
        """Put what is wrong beside the fields, and the cursor into the first of them."""
        named = {field.name: index for index, field in enumerate(self._fields)}
        wrong = {where.removeprefix(FIELD): what for where, what in reversed(parts)}
        elsewhere = [what for where, what in parts if where.removeprefix(FIELD) not in named and what != whole]
        self._whole = "\n".join([*([whole] if whole and not set(wrong) & set(named) else []), *elsewhere])
        for name, index in named.items():
            self._line(self._fields[index]).wrong = wrong.get(name, "")
        first = min((index for name, index in named.items() if name in wrong), default=None)
        if first is not None:
            self._focus(first)
        self._tell()


def _id(field: Field) -> str:
    return f"field-{field.name.replace('_', '-')}"
