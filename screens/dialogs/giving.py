"""The lines of a confirmation: what has to be typed to the letter, and what may be said with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from screens.notes import ENDS, REASON, TICKET
from screens.widgets.form import Entry, Line, TypedEntry
from services.orders.confirming import Need, Needed

NEEDS: Final = (Need.TENANT, Need.TENANTS, Need.STORES, Need.TICKET)
_LABELS: Final = {ENDS: "Begun by", TICKET: "Ticket", REASON: "Reason"}


@dataclass(frozen=True, slots=True)
class Given:
    """What was given with a confirmation."""

    needs: Mapping[Need, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    """By the name of the note; without those that are empty."""


class UnsaidError(ValueError):
    """Something that was said cannot be kept, or is missing; ``name`` is the note that it is about."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(reason)
        self.name = name


class NoteEntry(Entry):
    """May be pasted into; Enter is for what the lines are part of."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "done")]


class Giving(Vertical):
    """Lines that are shown as a plan asks for them, and as somebody wants to say something."""

    DEFAULT_CSS = """
    Giving {
        height: auto;
        Line { display: none; }
    }
    """

    def __init__(self, notes: Sequence[str], said: Mapping[str, str]) -> None:
        """``notes``: what may be said, in the order of the lines; ``said``: what stands in them at first."""
        super().__init__(id="giving")
        self._notes = tuple(notes)
        self._said = said
        self._typed = False
        """Whether there is a line that has to be typed to the letter."""

    def compose(self) -> ComposeResult:
        for need in NEEDS:
            yield Line(need.value.title(), entry=TypedEntry, id=f"need-{need}")
        for name in self._notes:
            yield Line(_LABELS[name], self._said.get(name, ""), entry=NoteEntry, id=f"note-{name}")

    def ask(self, needed: Sequence[Needed], notes: Mapping[str, str]) -> None:
        """Show the lines of what is needed, and those of the notes that are named, each with its hint."""
        wanted = {one.need: one.told for one in needed if one.typed}
        self._typed = bool(wanted)
        for need in NEEDS:
            line = self.query_one(f"#need-{need}", Line)
            line.display = need in wanted
            line.hint = wanted.get(need, "")
        for name in self._notes:
            line = self.query_one(f"#note-{name}", Line)
            line.display = name in notes
            line.hint = notes.get(name, "")
            line.wrong = ""

    @property
    def entries(self) -> list[Entry]:
        """Those that are shown, from above."""
        return [line.entry for line in self.query(Line) if line.display]

    @property
    def typed(self) -> bool:
        """Whether something has to be typed to the letter."""
        return self._typed

    def need(self, need: Need) -> Line:
        return self.query_one(f"#need-{need}", Line)

    def note(self, name: str) -> Line:
        return self.query_one(f"#note-{name}", Line)

    @property
    def said(self) -> dict[str, str]:
        """What stands in the lines of the notes, shown or not."""
        return {name: value for name in self._notes if (value := self.note(name).value)}

    @property
    def given(self) -> Given:
        """What stands in the lines that are shown."""
        needs = {need: line.value for need in NEEDS if (line := self.need(need)).display}
        return Given(needs, {name: value for name, value in self.said.items() if self.note(name).display})
